/* random.h - random headers for tests, and known bytes from their text.
 *
 * The seed is printed, and may be given: FIRSTBYTE_TEST_SEED=7 make check. */
#ifndef FIRSTBYTE_TESTS_RANDOM_H
#define FIRSTBYTE_TESTS_RANDOM_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <glib.h>
#include <string.h>

#include "models/wire/tcp.h"
#include "sim/rng.h"

/* Writes what TEXT says in hexadecimal digits; how many bytes. */
static inline size_t from_hex(const char *text, uint8_t *bytes)
{
    size_t len = strlen(text) / 2;

    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                             g_ascii_xdigit_value(text[2 * i + 1]));
    return len;
}

/* A stream for the test NAME. */
static inline Stream random_stream(const char *name)
{
    const char *given = getenv("FIRSTBYTE_TEST_SEED");
    uint64_t seed =
        given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    Sim sim;
    Stream stream;

    printf("%s: FIRSTBYTE_TEST_SEED=%llu\n", name, (unsigned long long)seed);
    sim_init(&sim, seed, 0);
    stream_init(&stream, &sim, "test", name);
    sim_clear(&sim);
    return stream;
}

static inline void random_bytes(Stream *stream, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)stream_u32(stream);
}

static inline MacAddress random_mac(Stream *stream)
{
    return (MacAddress){stream_u64(stream) >> 16};
}

/* Any header; one in three or so has more options than 40 bytes hold. */
static inline TcpHeader random_tcp(Stream *stream)
{
    TcpHeader header = {
        .source_port = (uint16_t)stream_u32(stream),
        .destination_port = (uint16_t)stream_u32(stream),
        .seq = stream_u32(stream),
        .ack = stream_u32(stream),
        .flags = (uint16_t)stream_below(stream, 256),
        .window = (uint16_t)stream_u32(stream),
        .urgent = (uint16_t)stream_u32(stream),
        .options = (uint8_t)stream_below(stream, 16),
        .sack_count = (uint8_t)stream_below(stream, TCP_SACK_BLOCKS_MAX + 1)};

    if (header.options & TCP_OPT_MSS)
        header.mss = (uint16_t)stream_u32(stream);
    if (header.options & TCP_OPT_WSCALE)
        header.wscale = (uint8_t)stream_u32(stream);
    if (header.options & TCP_OPT_TIMESTAMPS) {
        header.ts_val = stream_u32(stream);
        header.ts_ecr = stream_u32(stream);
    }
    for (unsigned i = 0; i < header.sack_count; i++)
        header.sack[i] = (TcpSackBlock){stream_u32(stream), stream_u32(stream)};
    if (header.flags & TCP_SYN && stream_below(stream, 2) == 0) {
        header.options |= TCP_OPT_FAST_OPEN;
        if (stream_below(stream, 2) == 0)
            header.options |= TCP_OPT_FAST_OPEN_EXP;
        header.cookie_len = (uint8_t)(2 * stream_below(stream, 8));
        if (header.cookie_len != 0)
            header.cookie_len += 2; /* 0, 4, 6, ... 16 */
        random_bytes(stream, header.cookie, header.cookie_len);
    }
    return header;
}

#endif
