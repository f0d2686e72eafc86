/* siphash.c - see siphash.h; names are the paper's (section 2). */
#include "siphash.h"

static uint64_t rotl(uint64_t x, unsigned n) { return x << n | x >> (64 - n); }

/* SipRound, figure 2.1. */
static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotl(v[1], 13) ^ v[0];
    v[3] = rotl(v[3], 16) ^ v[2];
    v[0] = rotl(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotl(v[1], 17) ^ v[2];
    v[3] = rotl(v[3], 21) ^ v[0];
    v[2] = rotl(v[2], 32);
}

/* c = 2 rounds for each word of the message. */
static void compress(uint64_t v[4], uint64_t m)
{
    v[3] ^= m;
    sip_round(v);
    sip_round(v);
    v[0] ^= m;
}

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t len)
{
    const uint8_t *b = bytes;
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
                     key[0] ^ 0x6c7967656e657261u,
                     key[1] ^ 0x7465646279746573u};
    uint64_t m = 0;

    for (size_t i = 0; i < len; i++) {
        m |= (uint64_t)b[i] << 8 * (i % 8);
        if (i % 8 == 7) {
            compress(v, m);
            m = 0;
        }
    }
    compress(v, m | (uint64_t)len << 56); /* the length modulo 256 goes last */
    v[2] ^= 0xff;
    for (int d = 0; d < 4; d++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
