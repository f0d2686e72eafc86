/* tcp_seq.h - comparing sequence numbers (RFC 9293 s3.4): modulo 2^32, true for
 * numbers less than 2^31 apart.  They are compared here and nowhere else. */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_SEQ_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_SEQ_H

#include <stdbool.h>
#include <stdint.h>

static inline bool seq_lt(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}
static inline bool seq_leq(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) <= 0;
}
static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
    return seq_lt(a, b) ? b : a;
}
static inline uint32_t seq_min(uint32_t a, uint32_t b)
{
    return seq_lt(a, b) ? a : b;
}
/* SEQ is one of the LEN numbers from LEFT on. */
static inline bool seq_in_window(uint32_t seq, uint32_t left, uint32_t len)
{
    return seq - left < len;
}

#endif
