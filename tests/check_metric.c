/* check_metric.c - metrics against sorted arrays and long double sums; merging
 * and the compact form. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/metric.h"
#include "sim/rng.h"
#include "tests/run_tests.h"

enum { SAMPLES = 20000 };

typedef enum Shape { LATENCIES, WIDE, SIGNED, SMALL, ONE, SHAPES } Shape;

/* Samples of very different kinds, the same in every run. */
static int64_t *samples_of(Shape shape)
{
    Sim sim;
    Stream stream;
    int64_t *samples = g_new(int64_t, SAMPLES);

    sim_init(&sim, 1, (uint32_t)shape);
    stream_init(&stream, &sim, "check_metric", "samples");
    sim_clear(&sim);
    for (int i = 0; i < SAMPLES; i++) {
        uint64_t word = stream_u64(&stream);

        switch (shape) {
        case LATENCIES:
            samples[i] = 20 * SIM_MS + stream_exponential(&stream, SIM_MS);
            break;
        case WIDE: /* every magnitude */
            samples[i] = (int64_t)(word >> 1 >> stream_below(&stream, 62));
            break;
        case SIGNED:
            samples[i] = (int64_t)word >> 1 >> stream_below(&stream, 62);
            break;
        case SMALL:
            samples[i] = (int64_t)(word % 11);
            break;
        default:
            samples[i] = 20040000;
        }
    }
    return samples;
}

static void fill(Metric *metric, const int64_t *samples, int count)
{
    metric_init(metric);
    for (int i = 0; i < count; i++)
        metric_add(metric, samples[i]);
}

static bool same(const Metric *a, const Metric *b)
{
    GBytes *of_a = metric_to_bytes(a), *of_b = metric_to_bytes(b);
    bool equal = g_bytes_equal(of_a, of_b);

    g_bytes_unref(of_a);
    g_bytes_unref(of_b);
    return equal;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

START_TEST(quantiles_are_within_one_percent)
{
    static const double ps[] = {0,   1e-9, 0.001, 0.01, 0.05,  0.25,
                                0.5, 0.75, 0.9,   0.99, 0.999, 1};
    int64_t *samples = samples_of((Shape)_i);
    Metric metric;

    fill(&metric, samples, SAMPLES);
    qsort(samples, SAMPLES, sizeof *samples, by_value);
    for (unsigned i = 0; i < G_N_ELEMENTS(ps); i++) {
        int rank = MAX(1, (int)ceil(ps[i] * SAMPLES - 1e-6));
        double truth = (double)samples[rank - 1];

        ck_assert_double_le(
            fabs((double)metric_quantile(&metric, ps[i]) - truth),
            fabs(truth) / 128);
    }
    ck_assert_int_eq(metric_quantile(&metric, 0), samples[0]);
    ck_assert_int_eq(metric_quantile(&metric, 1), samples[SAMPLES - 1]);
    metric_clear(&metric);
    g_free(samples);
}
END_TEST

START_TEST(small_values_are_exact)
{
    Metric metric;

    metric_init(&metric);
    for (int64_t i = -127; i <= 127; i++)
        metric_add(&metric, i);
    for (int rank = 1; rank <= 255; rank++)
        ck_assert_int_eq(metric_quantile(&metric, rank / 255.0), rank - 128);
    metric_clear(&metric);
}
END_TEST

/* Each bucket is where metric_quantile() finds the last of its samples. */
START_TEST(walking_over_the_buckets_meets_every_sample)
{
    int64_t *samples = samples_of((Shape)_i), sample, before = INT64_MIN;
    uint64_t count, sum = 0;
    int32_t bucket = 0;
    Metric metric;

    fill(&metric, samples, SAMPLES);
    while (metric_next(&metric, &bucket, &sample, &count)) {
        ck_assert_uint_gt(count, 0);
        ck_assert_int_gt(sample, before);
        before = sample;
        sum += count;
        if (sum > 1 && sum < SAMPLES)
            ck_assert_int_eq(metric_quantile(&metric, (double)sum / SAMPLES),
                             sample);
    }
    ck_assert_uint_eq(sum, SAMPLES);
    metric_clear(&metric);
    bucket = 0;
    ck_assert(!metric_next(&metric, &bucket, &sample, &count));
    g_free(samples);
}
END_TEST

START_TEST(mean_and_variance_are_exact)
{
    int64_t *samples = samples_of((Shape)_i);
    long double mean = 0, variance = 0;
    Metric metric;

    fill(&metric, samples, SAMPLES);
    for (int i = 0; i < SAMPLES; i++)
        mean += (long double)samples[i] / SAMPLES;
    for (int i = 0; i < SAMPLES; i++)
        variance += (samples[i] - mean) * (samples[i] - mean) / (SAMPLES - 1);
    ck_assert_double_le(fabs(metric_mean(&metric) - (double)mean),
                        1e-12 * fabs((double)mean));
    /* WIDE and SIGNED leave the range in which the variance is promised. */
    if (_i != WIDE && _i != SIGNED)
        ck_assert_double_le(fabs(metric_variance(&metric) - (double)variance),
                            1e-9 * (double)variance);
    metric_clear(&metric);
    g_free(samples);
}
END_TEST

/* A constant far from zero: where sums of doubles would cancel to nonsense. */
START_TEST(variance_survives_a_great_mean)
{
    Metric metric;

    metric_init(&metric);
    metric_add_many(&metric, INT64_MAX - 2, 1000);
    metric_add_many(&metric, INT64_MAX - 4, 1000);
    ck_assert_double_eq_tol(metric_variance(&metric), 2000.0 / 1999, 1e-12);
    metric_clear(&metric);
    metric_add_many(&metric, INT64_MIN, 3);
    ck_assert_double_eq(metric_variance(&metric), 0);
    ck_assert_double_eq(metric_mean(&metric), (double)INT64_MIN);
    ck_assert_int_eq(metric_quantile(&metric, 0.5), INT64_MIN);
    metric_clear(&metric);
}
END_TEST

START_TEST(an_empty_metric_owns_nothing)
{
    Metric metric, other;

    metric_init(&metric);
    metric_init(&other);
    metric_merge(&metric, &other);
    metric_add_many(&metric, 5, 0);
    ck_assert_ptr_null(metric.buckets);
    ck_assert_double_eq(metric_mean(&metric), 0);
    ck_assert_double_eq(metric_variance(&metric), 0);
    ck_assert_int_eq(metric_quantile(&metric, 0.5), 0);
}
END_TEST

START_TEST(weights_are_repetitions)
{
    Metric one, many;

    metric_init(&one);
    metric_init(&many);
    for (int i = 0; i < 1000; i++)
        metric_add(&one, i % 10 == 0 ? -70000 : 123456789);
    metric_add_many(&many, 123456789, 900);
    metric_add_many(&many, -70000, 100);
    ck_assert(same(&one, &many));
    metric_clear(&one);
    metric_clear(&many);
}
END_TEST

START_TEST(merging_does_not_depend_on_order_or_grouping)
{
    int64_t *samples = samples_of((Shape)_i);
    Metric whole, part[7], forth, back;

    fill(&whole, samples, SAMPLES);
    metric_init(&forth);
    metric_init(&back);
    for (int i = 0; i < 7; i++)
        metric_init(&part[i]);
    for (int i = 0; i < SAMPLES; i++)
        metric_add(&part[(i * i) % 7], samples[i]);
    for (int i = 0; i < 7; i++) {
        metric_merge(&forth, &part[i]);
        metric_merge(&back, &part[6 - i]);
    }
    ck_assert(same(&whole, &forth));
    ck_assert(same(&whole, &back));
    ck_assert(metric_mean(&whole) == metric_mean(&back));
    ck_assert(metric_variance(&whole) == metric_variance(&back));
    for (int i = 0; i < 7; i++)
        metric_clear(&part[i]);
    metric_clear(&whole);
    metric_clear(&forth);
    metric_clear(&back);
    g_free(samples);
}
END_TEST

START_TEST(bytes_give_the_metric_back)
{
    int64_t *samples = samples_of((Shape)_i);
    Metric metric, copy;

    for (int count = 0; count <= SAMPLES; count = count * 3 + 1) {
        GBytes *bytes;
        gsize len;
        const uint8_t *data;

        fill(&metric, samples, count);
        bytes = metric_to_bytes(&metric);
        data = g_bytes_get_data(bytes, &len);
        ck_assert(metric_from_bytes(&copy, data, len));
        ck_assert(same(&metric, &copy));
        ck_assert(metric_variance(&metric) == metric_variance(&copy));
        metric_clear(&copy);
        for (gsize cut = 0; cut < len; cut += 1 + len / 50) {
            ck_assert(!metric_from_bytes(&copy, data, cut));
            ck_assert_uint_eq(copy.count, 0);
            ck_assert_ptr_null(copy.buckets);
        }
        g_bytes_unref(bytes);
        metric_clear(&metric);
    }
    g_free(samples);
}
END_TEST

START_TEST(bytes_that_contradict_themselves_are_refused)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool good;
    } cases[] = {
        {"\1\0", 2, true},
        {"\2\0", 2, false},                         /* version */
        {"\1\0\0", 3, false},                       /* something after it */
        {"\1\1\6\6\6\11\6\1", 8, true},             /* one sample, 3 */
        {"\1\1\6\6\6\11\6\2", 8, false},            /* counts disagree */
        {"\1\1\6\6\10\11\6\1", 8, false},           /* a sum beyond max */
        {"\1\1\6\4\6\11\6\1", 8, false},            /* max below min */
        {"\1\1\6\6\6\11\4\1", 8, false},            /* bucket below min */
        {"\1\2\6\10\16\31\6\1\1\1", 10, true},      /* 3 and 4 */
        {"\1\2\6\10\16\31\6\1\0\1", 10, false},     /* a bucket twice */
        {"\1\2\6\12\20\42\6\1\1\1", 10, false},     /* max has no bucket */
        {"\1\2\6\10\16\31\6\1\2\1", 10, false},     /* bucket beyond max */
        {"\1\2\6\10\16\31\6\1\201\0\1", 11, false}, /* 1 written longer */
        {"\1\1\6\6\6\11\6\0", 8, false},            /* an empty bucket */
    };
    Metric metric;

    ck_assert_int_eq(metric_from_bytes(&metric,
                                       (const uint8_t *)cases[_i].bytes,
                                       cases[_i].len),
                     cases[_i].good);
    metric_clear(&metric);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("metric");

    tcase_add_loop_test(tcase, quantiles_are_within_one_percent, 0, SHAPES);
    tcase_add_test(tcase, small_values_are_exact);
    tcase_add_loop_test(tcase, walking_over_the_buckets_meets_every_sample, 0,
                        SHAPES);
    tcase_add_loop_test(tcase, mean_and_variance_are_exact, 0, SHAPES);
    tcase_add_test(tcase, variance_survives_a_great_mean);
    tcase_add_test(tcase, an_empty_metric_owns_nothing);
    tcase_add_test(tcase, weights_are_repetitions);
    tcase_add_loop_test(tcase, merging_does_not_depend_on_order_or_grouping, 0,
                        SHAPES);
    tcase_add_loop_test(tcase, bytes_give_the_metric_back, 0, SHAPES);
    tcase_add_loop_test(tcase, bytes_that_contradict_themselves_are_refused, 0,
                        14);
    return run_tests("metric", tcase, NULL);
}
