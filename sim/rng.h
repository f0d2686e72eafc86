/* rng.h - random numbers with names.
 *
 * Every consumer has its own counter-based stream: Philox4x32-10 (Salmon et
 * al., SC 2011; Random123), keyed by hash(seed, consumer's name, purpose), its
 * counter (replication, draw).  Adding a consumer or a draw moves nobody
 * else's.  Draws that become times are integer code of our own, so that they
 * are the same on every machine and with every compiler. */
#ifndef FIRSTBYTE_SIM_RNG_H
#define FIRSTBYTE_SIM_RNG_H

#include "sim.h"

typedef uint64_t StreamKey;

typedef struct Stream {
    StreamKey key;
    uint64_t draw; /* blocks of four words used so far */
    uint32_t replication;
    uint32_t left;     /* words of `block` not handed out yet */
    uint32_t block[4]; /* handed out from the end */
} Stream;

/* A 64-bit hash of LEN bytes, continued from HASH (start with 0): stable over
 * versions, machines and compilers, because random streams and fingerprints are
 * made of it. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len);
uint64_t hash_text(uint64_t hash, const char *text);

/* The key of CONSUMER ("link home -> isp") and PURPOSE ("loss"). */
StreamKey stream_key(uint64_t seed, const char *consumer, const char *purpose);
/* The four words at COUNTER of the stream KEY: for draws that are looked up by
 * the identity of what they decide, not taken in turn. */
void philox(StreamKey key, const uint32_t counter[4], uint32_t words[4]);

void stream_init(Stream *stream, const Sim *sim, const char *consumer,
                 const char *purpose);
uint32_t stream_u32(Stream *stream);
uint64_t stream_u64(Stream *stream);
/* Uniform in [0, BOUND), BOUND > 0, without bias (Lemire 2019). */
uint64_t stream_below(Stream *stream, uint64_t bound);
/* True with the chance FRACTION / 2^32 (probability_u32()). */
static inline bool stream_chance(Stream *stream, uint64_t threshold)
{
    return stream_u32(stream) < threshold;
}
/* P (0 to 1) as a threshold in 0 .. 2^32 that a 32-bit word is below. */
static inline uint64_t probability_u32(double p)
{
    return p <= 0   ? 0
           : p >= 1 ? (uint64_t)1 << 32
                    : (uint64_t)(p * 4294967296.0 + 0.5);
}
/* Times (>= 0), all integer code, two words or four each, rounded to the
 * nearest ns; one that does not fit is SIM_NEVER.  Exponential: within 2^-54 of
 * the mean. Uniform: both ends included, without bias.  Normal: within 4e-9 of
 * a deviation; what would lie below 0 is 0. */
SimTime stream_exponential(Stream *stream, SimTime mean);
SimTime stream_uniform(Stream *stream, SimTime low, SimTime high);
SimTime stream_normal(Stream *stream, SimTime mean, SimTime deviation);
/* Two independent deviates of the standard normal distribution, in 2^-32, of
 * four words; within 4e-9. */
void stream_normal_pair(Stream *stream, int64_t deviates[2]);

#endif
