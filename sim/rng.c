/* rng.c - Philox streams, hashes and draws; see rng.h.
 *
 * Everything here is integer arithmetic.  The logarithm and the cosine are
 * series in fixed point ("Q57": 57 bits after the point), so that a draw is the
 * same number with every compiler, optimisation and machine. */
#include "rng.h"

#include <glib.h>
#include <string.h>

#include <Random123/philox.h>

typedef unsigned __int128 Wide;

/* --- hashes --------------------------------------------------------------- */

/* The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; constants:
 * Stafford's Mix13): a bijection in which every bit in moves every bit out. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* The first LEN (at most 8) bytes as a number, the first byte lowest. */
static uint64_t little_endian(const uint8_t *bytes, size_t len)
{
    uint64_t word = 0;

    memcpy(&word, bytes, len);
    return GUINT64_FROM_LE(word);
}

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    size_t rest = len;

    /* The length goes in first: "ab" then "c" is not "a" then "bc". */
    hash = mix(hash + 0x9e3779b97f4a7c15u + len);
    for (; rest >= 8; rest -= 8, at += 8)
        hash = mix(hash ^ little_endian(at, 8)) + 0x9e3779b97f4a7c15u;
    return rest != 0 ? mix(hash ^ little_endian(at, rest)) : hash;
}

uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text));
}

/* --- streams -------------------------------------------------------------- */

StreamKey stream_key(uint64_t seed, const char *consumer, const char *purpose)
{
    return hash_text(hash_text(mix(seed), consumer), purpose);
}

void philox(StreamKey key, const uint32_t counter[4], uint32_t words[4])
{
    philox4x32_key_t k = {{(uint32_t)key, (uint32_t)(key >> 32)}};
    philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};

    c = philox4x32_R(10, c, k);
    memcpy(words, c.v, sizeof c.v);
}

void stream_init(Stream *stream, const Sim *sim, const char *consumer,
                 const char *purpose)
{
    *stream = (Stream){.key = stream_key(sim->seed, consumer, purpose),
                       .replication = sim->replication};
}

static void next_block(Stream *stream)
{
    uint32_t counter[4] = {(uint32_t)stream->draw,
                           (uint32_t)(stream->draw >> 32), stream->replication,
                           0};

    philox(stream->key, counter, stream->block);
    stream->draw++;
    stream->left = 4;
}

uint32_t stream_u32(Stream *stream)
{
    if (stream->left == 0)
        next_block(stream);
    return stream->block[--stream->left];
}

uint64_t stream_u64(Stream *stream)
{
    uint64_t high = stream_u32(stream);

    return high << 32 | stream_u32(stream);
}

uint64_t stream_below(Stream *stream, uint64_t bound)
{
    Wide product = (Wide)stream_u64(stream) * bound;

    g_assert(bound > 0);
    /* The 2^64 mod BOUND smallest low halves would be one too many. */
    if ((uint64_t)product < bound) {
        uint64_t spare = -bound % bound;

        while ((uint64_t)product < spare)
            product = (Wide)stream_u64(stream) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* --- functions in fixed point --------------------------------------------- */

static uint64_t high_half(uint64_t a, uint64_t b)
{
    return (uint64_t)((Wide)a * b >> 64);
}

/* 2 atanh(z) in Q57 of z < 0.172 in Q64: z times the sum of w^k / (2k + 1),
 * w = z^2; what comes after the eleventh term is less than 2^-60. */
static uint64_t twice_atanh(uint64_t z)
{
    static const uint64_t term[] = {
        /* 1 / (2k + 1) in Q62 */
        0x4000000000000000, 0x1555555555555555, 0x0ccccccccccccccd,
        0x0924924924924925, 0x071c71c71c71c71c, 0x05d1745d1745d174,
        0x04ec4ec4ec4ec4ec, 0x0444444444444444, 0x03c3c3c3c3c3c3c4,
        0x035e50d79435e50d, 0x030c30c30c30c30c};
    uint64_t w = high_half(z, z), sum = 0;

    for (unsigned k = G_N_ELEMENTS(term); k-- > 0;)
        sum = term[k] + high_half(sum, w);
    return high_half(z, sum) >> 4;
}

/* -ln(x / 2^64) in Q57, x > 0; within 2^-55 of the truth. */
static uint64_t minus_log(uint64_t x)
{
    const uint64_t ln2 = 0x162e42fefa39ef3;    /* Q57 */
    const uint64_t root2 = 0xb504f333f9de6484; /* Q63 */
    const Wide one = (Wide)1 << 63, two = (Wide)1 << 64;
    unsigned zeros = (unsigned)__builtin_clzll(x);
    uint64_t m = x << zeros; /* Q63: 1 <= m < 2 */

    /* ln(m) = 2 atanh((m - 1) / (m + 1)), for m or for m / 2, whichever is
     * nearer to 1. */
    if (m > root2)
        return zeros * ln2 +
               twice_atanh((uint64_t)(((two - m) << 64) / (two + m)));
    return (zeros + 1) * ln2 -
           twice_atanh((uint64_t)(((m - one) << 64) / (m + one)));
}

/* cos(pi/2 * t) in Q62 of t in Q64; within 2^-58. */
static uint64_t cosine(uint64_t t)
{
    static const uint64_t term[] = {
        /* (pi/2)^2k / (2k)! in Q62 */
        0x4000000000000000, 0x4ef4f326f9177969, 0x103c1f081b5ac3b3,
        0x0155d3c7e3cbffa0, 0x000f0fa83448dd5d, 0x000069b47ca8812a,
        0x000001f9d38a3764, 0x00000006db893d13, 0x00000000120c62c3,
        0x000000000025418b, 0x0000000000003dee, 0x0000000000000055};
    uint64_t w = high_half(t, t), sum = 0;

    for (unsigned k = G_N_ELEMENTS(term); k-- > 0;)
        sum = term[k] - high_half(sum, w);
    return (int64_t)sum > 0 ? sum : 0; /* the last bits, at t near 1 */
}

/* The root of x, rounded down, bit by bit. */
static uint64_t root(uint64_t x)
{
    uint64_t result = 0;

    for (uint64_t bit = (uint64_t)1 << 62; bit != 0; bit >>= 2) {
        uint64_t trial = result + bit;

        result >>= 1;
        if (x >= trial) {
            x -= trial;
            result += bit;
        }
    }
    return result;
}

/* TIME times FACTOR / 2^SHIFT, rounded to the nearest nanosecond. */
static SimTime scaled(SimTime time, uint64_t factor, unsigned shift)
{
    Wide product = (Wide)(uint64_t)time * factor + ((Wide)1 << (shift - 1));

    product >>= shift;
    return product < SIM_NEVER ? (SimTime)product : SIM_NEVER;
}

/* --- times ---------------------------------------------------------------- */

SimTime stream_exponential(Stream *stream, SimTime mean)
{
    uint64_t x = stream_u64(stream);

    g_assert(mean >= 0);
    return scaled(mean, minus_log(x | (x == 0)), 57);
}

SimTime stream_uniform(Stream *stream, SimTime low, SimTime high)
{
    g_assert(low <= high);
    return low + (SimTime)stream_below(stream, (uint64_t)(high - low) + 1);
}

/* The product of RADIUS in Q28 and a COSINE in Q62, in Q32. */
static int64_t side(uint64_t radius, uint64_t cosine, bool negative)
{
    int64_t length = (int64_t)((Wide)radius * cosine >> 58);

    return negative ? -length : length;
}

void stream_normal_pair(Stream *stream, int64_t deviates[2])
{
    uint64_t x = stream_u64(stream), direction = stream_u64(stream);
    uint64_t radius = root(minus_log(x | (x == 0)));
    uint64_t quarter = direction << 2 | 2; /* its middle, never 0 */

    deviates[0] = side(radius, cosine(quarter), direction >> 63);
    deviates[1] = side(radius, cosine(-quarter), direction >> 62 & 1);
}

/* Box and Muller (1958): a radius of sqrt(-2 ln u), a direction, and of the
 * point there one coordinate.  By symmetry a quarter turn and a sign will do.
 */
SimTime stream_normal(Stream *stream, SimTime mean, SimTime deviation)
{
    uint64_t x = stream_u64(stream), direction = stream_u64(stream);
    /* -ln u in Q57 is -2 ln u in Q56, whose root is in Q28: below 9.5. */
    uint64_t radius = root(minus_log(x | (x == 0)));
    uint64_t deviate = /* Q60 */
        (uint64_t)((Wide)radius * cosine(direction << 1) >> 30);
    SimTime away;

    g_assert(mean >= 0 && deviation >= 0);
    away = scaled(deviation, deviate, 60);
    if ((direction >> 63) != 0)
        return away < mean ? mean - away : 0;
    return away < SIM_NEVER - mean ? mean + away : SIM_NEVER;
}
