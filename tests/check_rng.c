/* check_rng.c - random streams: Philox is Philox, streams keep apart, draws
 * follow their distributions, and the values are the same for ever. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <gsl/gsl_cdf.h>

#include "sim/rng.h"
#include "sim/siphash.h"
#include "tests/run_tests.h"

enum { DRAWS = 200000 };

static Stream stream_named(const char *consumer, const char *purpose)
{
    Sim sim;
    Stream stream;

    sim_init(&sim, 1, 0);
    stream_init(&stream, &sim, consumer, purpose);
    sim_clear(&sim);
    return stream;
}

/* The vectors that Random123 publishes (tests/kat_vectors, philox4x32 10). */
START_TEST(philox_gives_the_published_vectors)
{
    static const struct {
        uint32_t counter[4];
        StreamKey key;
        uint32_t words[4];
    } vector[] = {
        {{0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
         UINT64_MAX,
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         0x299f31d0a4093822,
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    uint32_t words[4];

    philox(vector[_i].key, vector[_i].counter, words);
    ck_assert_mem_eq(words, vector[_i].words, sizeof words);
}
END_TEST

/* Whoever changes one of these changes every recorded result. */
START_TEST(draws_are_the_same_for_ever)
{
    Stream stream = stream_named("link home -> isp", "loss");

    ck_assert_uint_eq(hash_text(0, "firstbyte"), 0xa31bb53e19802343);
    ck_assert_uint_eq(stream.key, 0xce4822db1fb223dd);
    ck_assert_int_eq(stream_exponential(&stream, SIM_S), 1044771731);
    ck_assert_int_eq(stream_exponential(&stream, SIM_S), 746406384);
    ck_assert_int_eq(stream_uniform(&stream, SIM_US, SIM_S), 748576397);
    ck_assert_int_eq(stream_normal(&stream, SIM_S, SIM_MS), 998690330);
    ck_assert_int_eq(stream_normal(&stream, SIM_S, SIM_MS), 999532001);
    ck_assert_uint_eq(stream_u64(&stream), 0x92e62ed1946187af);
    ck_assert_uint_eq(stream_below(&stream, 1000000007), 884872142);
}
END_TEST

START_TEST(a_bit_of_the_input_moves_half_of_the_hash)
{
    uint8_t bytes[21] = "the quick brown fox.";
    double turned = 0;

    for (unsigned bit = 0; bit < 8 * sizeof bytes; bit++) {
        uint64_t before = hash_bytes(7, bytes, sizeof bytes);

        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        turned +=
            __builtin_popcountll(before ^ hash_bytes(7, bytes, sizeof bytes));
    }
    turned /= 8 * sizeof bytes;
    /* 64 fair coins, 168 times: deviation 4 / sqrt(168) = 0.31. */
    ck_assert_double_eq_tol(turned, 32, 1.25);
}
END_TEST

START_TEST(hashes_tell_where_one_text_ends)
{
    ck_assert_uint_ne(hash_text(hash_text(0, "ab"), "c"),
                      hash_text(hash_text(0, "a"), "bc"));
    ck_assert_uint_ne(hash_bytes(0, "\0\0", 2), hash_bytes(0, "\0\0\0", 3));
    ck_assert_uint_ne(hash_text(0, ""), hash_text(hash_text(0, ""), ""));
    ck_assert_uint_ne(stream_key(1, "a", "b"), stream_key(1, "b", "a"));
    ck_assert_uint_ne(stream_key(1, "a", "b"), stream_key(2, "a", "b"));
}
END_TEST

START_TEST(streams_keep_apart)
{
    Stream one = stream_named("client", "arrivals"), again = one;
    Stream other = stream_named("client", "think"), next = one;
    unsigned same_other = 0, same_next = 0;

    next.replication = 1;
    for (int i = 0; i < 1000; i++) {
        uint32_t word = stream_u32(&one);

        ck_assert_uint_eq(word, stream_u32(&again));
        same_other += word == stream_u32(&other);
        same_next += word == stream_u32(&next);
    }
    /* Of 1000 pairs of words fewer than one in four million is equal. */
    ck_assert_uint_le(same_other, 1);
    ck_assert_uint_le(same_next, 1);
}
END_TEST

START_TEST(bounded_draws_fill_their_range_evenly)
{
    Stream stream = stream_named("test", "below");
    uint64_t bound = (uint64_t[]){1, 2, 7, 100}[_i];
    unsigned seen[100] = {0};
    double chi2 = 0, due = (double)DRAWS / (double)bound;

    for (int i = 0; i < DRAWS; i++) {
        uint64_t draw = stream_below(&stream, bound);

        ck_assert_uint_lt(draw, bound);
        seen[draw]++;
    }
    for (uint64_t i = 0; i < bound; i++)
        chi2 += (seen[i] - due) * (seen[i] - due) / due;
    if (bound > 1)
        ck_assert_double_lt(chi2, gsl_cdf_chisq_Pinv(0.999, (double)bound - 1));
}
END_TEST

/* Of 2^64 words, a product with 3 * 2^62 takes every third value twice. */
START_TEST(huge_bounds_are_not_biased)
{
    Stream stream = stream_named("test", "huge");
    const uint64_t bound = (uint64_t)3 << 62;
    unsigned third[3] = {0};

    for (int i = 0; i < DRAWS; i++)
        third[stream_below(&stream, bound) % 3]++;
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq_tol(third[i], DRAWS / 3.0,
                                3.3 * sqrt(DRAWS * 2 / 9.0));
}
END_TEST

START_TEST(chances_are_thresholds)
{
    Stream stream = stream_named("test", "chance");
    double p = (double[]){0, 1e-3, 0.3, 1}[_i], hits = 0;
    uint64_t threshold = probability_u32(p);

    for (int i = 0; i < DRAWS; i++)
        hits += stream_chance(&stream, threshold);
    ck_assert_double_le(fabs(hits - p * DRAWS),
                        3.3 * sqrt(DRAWS * p * (1 - p)));
}
END_TEST

/* --- distributions -------------------------------------------------------- */

static const double mean = 1e9, deviation = 1e8, low = 2e8, high = 7e8;

static SimTime draw_of(int distribution, Stream *stream)
{
    switch (distribution) {
    case 0:
        return stream_exponential(stream, (SimTime)mean);
    case 1:
        return stream_uniform(stream, (SimTime)low, (SimTime)high);
    default:
        return stream_normal(stream, (SimTime)mean, (SimTime)deviation);
    }
}

static double cdf_of(int distribution, double x)
{
    switch (distribution) {
    case 0:
        return gsl_cdf_exponential_P(x, mean);
    case 1:
        return gsl_cdf_flat_P(x, low, high);
    default:
        return gsl_cdf_gaussian_P(x - mean, deviation);
    }
}

static int by_value(const void *a, const void *b)
{
    SimTime x = *(const SimTime *)a, y = *(const SimTime *)b;

    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov: sqrt(n) D exceeds 1.95 once in a thousand streams. */
START_TEST(draws_follow_their_distribution)
{
    Stream stream = stream_named("test", "distribution");
    SimTime *draws = g_new(SimTime, DRAWS);
    double distance = 0;

    for (int i = 0; i < DRAWS; i++)
        draws[i] = draw_of(_i, &stream);
    qsort(draws, DRAWS, sizeof *draws, by_value);
    for (int i = 0; i < DRAWS; i++) {
        double p = cdf_of(_i, (double)draws[i]);

        distance = MAX(distance, fabs(p - (double)i / DRAWS));
        distance = MAX(distance, fabs(p - (double)(i + 1) / DRAWS));
    }
    ck_assert_double_lt(distance * sqrt(DRAWS), 1.95);
    g_free(draws);
}
END_TEST

START_TEST(draws_have_their_mean_and_variance)
{
    static const struct {
        double mean, deviation, kurtosis;
    } truth[] = {
        {1e9, 1e9, 9}, {4.5e8, 5e8 / 3.4641016151377546, 1.8}, {1e9, 1e8, 3}};
    Stream stream = stream_named("test", "moments");
    double sum = 0, squares = 0, variance = truth[_i].deviation;

    variance *= variance;
    for (int i = 0; i < DRAWS; i++) {
        double x = (double)draw_of(_i, &stream) - truth[_i].mean;

        sum += x;
        squares += x * x;
    }
    ck_assert_double_lt(fabs(sum / DRAWS),
                        3.3 * truth[_i].deviation / sqrt(DRAWS));
    ck_assert_double_lt(fabs(squares / DRAWS / variance - 1),
                        3.3 * sqrt((truth[_i].kurtosis - 1) / DRAWS));
}
END_TEST

/* The same words, through the C library's functions in long double. */
START_TEST(fixed_point_is_as_exact_as_it_says)
{
    Stream stream = stream_named("test", "exact"), copy = stream;
    const SimTime scale = (SimTime)1e15; /* so that a ns is 1e-15 of it */

    for (int i = 0; i < 20000; i++) {
        long double u = (long double)stream_u64(&copy) / 0x1p64L;
        long double truth = -logl(u) * scale;

        ck_assert(
            fabsl((long double)stream_exponential(&stream, scale) - truth) < 1);
    }
    for (int i = 0; i < 20000; i++) {
        long double u = (long double)stream_u64(&copy) / 0x1p64L;
        uint64_t v = stream_u64(&copy);
        long double turn = (long double)(v << 1) / 0x1p64L;
        long double z = sqrtl(-2 * logl(u)) * cosl(turn * acosl(-1) / 2);

        z = 20 + (v >> 63 != 0 ? -z : z);
        ck_assert(fabsl((long double)stream_normal(&stream, 20 * scale, scale) /
                            scale -
                        z) < 4e-9L);
    }
}
END_TEST

/* Box and Muller in long double from the same words; and the two deviates have
 * nothing to do with each other. */
START_TEST(pairs_of_deviates_are_as_exact_as_they_say)
{
    Stream stream = stream_named("test", "pairs"), same = stream;
    double product = 0, squares = 0;

    for (int i = 0; i < DRAWS; i++) {
        int64_t pair[2];
        long double u, turn, r;

        stream_normal_pair(&stream, pair);
        u = (long double)stream_u64(&same) / 18446744073709551616.0L;
        turn = (long double)(stream_u64(&same) << 2 | 2) /
               18446744073709551616.0L * acosl(-1) / 2;
        r = sqrtl(-2 * logl(u));
        ck_assert(fabsl(fabsl((long double)pair[0] / 4294967296.0L) -
                        r * cosl(turn)) < 4e-9L);
        ck_assert(fabsl(fabsl((long double)pair[1] / 4294967296.0L) -
                        r * sinl(turn)) < 4e-9L);
        product += (double)pair[0] * (double)pair[1] / ldexp(1, 64);
        squares += (double)pair[1] * (double)pair[1] / ldexp(1, 64);
    }
    /* Deviations of the means: 1 and sqrt 2 over the root of how many. */
    ck_assert_double_eq_tol(product / DRAWS, 0, 4 / sqrt(DRAWS));
    ck_assert_double_eq_tol(squares / DRAWS, 1, 4 * sqrt(2. / DRAWS));
}
END_TEST

START_TEST(times_stay_within_their_limits)
{
    Stream stream = stream_named("test", "limits");
    unsigned zeros = 0;

    for (int i = 0; i < 10000; i++) {
        zeros += stream_normal(&stream, SIM_MS, SIM_S) == 0;
        ck_assert_int_ge(stream_normal(&stream, SIM_MS, SIM_S), 0);
        ck_assert_int_ge(stream_normal(&stream, SIM_NEVER, SIM_NEVER), 0);
        ck_assert_int_ge(stream_exponential(&stream, SIM_NEVER), 0);
        ck_assert_int_eq(stream_exponential(&stream, 0), 0);
        ck_assert_int_eq(stream_normal(&stream, SIM_S, 0), SIM_S);
        ck_assert_int_eq(stream_uniform(&stream, SIM_S, SIM_S), SIM_S);
    }
    ck_assert_uint_gt(zeros, 4700);
    ck_assert_uint_lt(zeros, 5300);
}
END_TEST

/* Key 00 01 ... 0f, message 00 01 ...: appendix A of the paper (15 bytes), and
 * what its authors' reference program prints for the other lengths. */
START_TEST(siphash_gives_the_published_vectors)
{
    static const struct {
        size_t len;
        uint64_t hash;
    } vector[] = {{0, 0x726fdb47dd0e0e31},
                  {1, 0x74f839c593dc67fd},
                  {7, 0xab0200f58b01d137},
                  {8, 0x93f5f5799a932462},
                  {15, 0xa129ca6149be45e5}};
    static const uint64_t key[2] = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    uint8_t message[16];

    for (unsigned i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)i;
    for (unsigned i = 0; i < G_N_ELEMENTS(vector); i++)
        ck_assert_uint_eq(siphash(key, message, vector[i].len), vector[i].hash);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("rng");

    tcase_add_loop_test(tcase, philox_gives_the_published_vectors, 0, 3);
    tcase_add_test(tcase, siphash_gives_the_published_vectors);
    tcase_add_test(tcase, draws_are_the_same_for_ever);
    tcase_add_test(tcase, a_bit_of_the_input_moves_half_of_the_hash);
    tcase_add_test(tcase, hashes_tell_where_one_text_ends);
    tcase_add_test(tcase, streams_keep_apart);
    tcase_add_loop_test(tcase, bounded_draws_fill_their_range_evenly, 0, 4);
    tcase_add_test(tcase, huge_bounds_are_not_biased);
    tcase_add_loop_test(tcase, chances_are_thresholds, 0, 4);
    tcase_add_loop_test(tcase, draws_follow_their_distribution, 0, 3);
    tcase_add_loop_test(tcase, draws_have_their_mean_and_variance, 0, 3);
    tcase_add_test(tcase, fixed_point_is_as_exact_as_it_says);
    tcase_add_test(tcase, pairs_of_deviates_are_as_exact_as_they_say);
    tcase_add_test(tcase, times_stay_within_their_limits);
    return run_tests("rng", tcase, NULL);
}
