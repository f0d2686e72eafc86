/* check_steady.c - where a warm-up ends, and intervals from one long run:
 * held against processes whose mean is known exactly. */
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_cdf.h>

#include "experiments/batch_means.h"
#include "experiments/mser.h"
#include "sim/rng.h"
#include "tests/run_tests.h"
#include <check.h>

/* Always the same numbers: whether an interval covers is chance. */
static Stream fixed_stream(const char *name, uint32_t replication)
{
    Stream stream;
    Sim sim;

    sim_init(&sim, 7, replication);
    stream_init(&stream, &sim, "test", name);
    sim_clear(&sim);
    return stream;
}

static double uniform(Stream *stream)
{
    return ((double)(stream_u64(stream) >> 11) + 0.5) * 0x1p-53;
}

static double normal(Stream *stream)
{
    return gsl_cdf_ugaussian_Pinv(uniform(stream));
}

/* --- MSER-5 --------------------------------------------------------------- */

/* MSER-5 as it is printed: every cut, two sums each. */
static size_t mser5_by_formula(const double *values, size_t n)
{
    size_t k = n / 5, best = 0;
    double least = INFINITY;

    for (size_t d = 0; d + 5 <= k; d++) {
        double mean = 0, sum = 0;

        for (size_t j = d; j < k; j++)
            for (size_t i = 0; i < 5; i++)
                mean += values[5 * j + i] / 5 / (double)(k - d);
        for (size_t j = d; j < k; j++) {
            double z = 0;

            for (size_t i = 0; i < 5; i++)
                z += values[5 * j + i] / 5;
            sum += (z - mean) * (z - mean);
        }
        sum /= (double)(k - d) * (double)(k - d);
        if (sum < least) {
            least = sum;
            best = d;
        }
    }
    return best * 5;
}

START_TEST(the_cut_is_the_formulas)
{
    unsigned told = 0;

    for (uint32_t r = 0; r < 200; r++) {
        Stream stream = fixed_stream("mser", r);
        double values[300], last = 20;
        size_t cut, wanted;
        bool good;

        for (unsigned i = 0; i < 300; i++)
            values[i] = last = 0.95 * last + normal(&stream);
        good = mser5(values, 300, &cut);
        wanted = mser5_by_formula(values, 300);
        ck_assert(good == (wanted <= 150));
        ck_assert_uint_eq(cut, good ? wanted : 150);
        told += good;
    }
    ck_assert_uint_gt(told, 100);
    ck_assert_uint_lt(told, 200);
}
END_TEST

START_TEST(a_transient_is_cut_off_where_it_ends)
{
    Stream stream = fixed_stream("step", 0);
    double values[1000];
    size_t cut;

    for (unsigned i = 0; i < 1000; i++)
        values[i] = (i < 200 ? 10 : 0) + 0.01 * uniform(&stream);
    ck_assert(mser5(values, 1000, &cut));
    /* To within the means that the noise itself may cost. */
    ck_assert_uint_ge(cut, 200);
    ck_assert_uint_le(cut, 300);
    for (unsigned i = 0; i < 1000; i++)
        values[i] = i < 203 ? 1 : 0;
    ck_assert(mser5(values, 1000, &cut));
    ck_assert_uint_eq(cut, 205);
}
END_TEST

START_TEST(what_never_settles_is_told)
{
    double values[1000];
    size_t cut;

    for (unsigned i = 0; i < 1000; i++)
        values[i] = i;
    ck_assert(!mser5(values, 1000, &cut));
    ck_assert_uint_eq(cut, 500);
    for (unsigned i = 0; i < 1000; i++)
        values[i] = i < 700 ? 1 : 0;
    ck_assert(!mser5(values, 1000, &cut));
    ck_assert(!mser5(values, MSER_LEAST - 1, &cut));
}
END_TEST

/* x[i] = 0.9 x[i-1] + noise from 100 on: its mean over all is far off, 1 / (1 -
 * 0.9) / n * 100; without the warm-up it is not. */
START_TEST(the_bias_of_the_beginning_goes)
{
    double with = 0, without = 0;

    for (uint32_t r = 0; r < 100; r++) {
        Stream stream = fixed_stream("bias", r);
        double values[2000], last = 100, sum = 0, rest = 0;
        size_t cut;

        for (unsigned i = 0; i < 2000; i++)
            values[i] = last = 0.9 * last + normal(&stream);
        ck_assert(mser5(values, 2000, &cut));
        for (unsigned i = 0; i < 2000; i++) {
            sum += values[i];
            rest += i >= cut ? values[i] : 0;
        }
        with += sum / 2000 / 100;
        without += rest / (double)(2000 - cut) / 100;
    }
    /* The standard error of both is 10 / sqrt(2000 * 100) = 0.022. */
    ck_assert_double_eq_tol(with, 0.45, 0.1);
    ck_assert_double_eq_tol(without, 0, 0.1);
}
END_TEST

/* --- batch means ---------------------------------------------------------- */

/* Von Neumann's ratio of 1, 2, 3, 4: (1 + 1 + 1) / 5 = 0.6. */
START_TEST(the_ratio_is_von_neumanns)
{
    static const double up[] = {1, 2, 3, 4}, turns[] = {1, -1, 1, -1};

    ck_assert_double_eq_tol(von_neumann_z(up, 4), 0.7 * sqrt(15.0 / 2), 1e-12);
    ck_assert_double_eq_tol(von_neumann_z(turns, 4), -0.5 * sqrt(15.0 / 2),
                            1e-12);
}
END_TEST

START_TEST(batches_are_means_of_their_observations)
{
    double values[203];
    BatchMeans batches;

    for (unsigned i = 0; i < 203; i++)
        values[i] = i % 2 == 0 ? 1 : -1;
    values[202] = 1;
    batches = batch_means(values, 203);
    ck_assert(batches.separate);
    ck_assert_uint_eq(batches.size, 4);
    ck_assert_uint_eq(batches.means->len, 50);
    for (unsigned i = 0; i < 50; i++)
        ck_assert_double_eq(g_array_index(batches.means, double, i), 0);
    batch_means_clear(&batches);
    for (unsigned i = 0; i < 203; i++)
        values[i] = i;
    batches = batch_means(values, 203);
    ck_assert(!batches.separate);
    ck_assert_double_gt(batches.correlation, 0.8);
    /* The last four. */
    ck_assert_double_eq(g_array_index(batches.means, double, 49), 200.5);
    batch_means_clear(&batches);
    batches = batch_means(values, 2 * BATCHES_LEAST - 1);
    ck_assert_uint_eq(batches.means->len, 0);
    ck_assert(!batches.separate);
    batch_means_clear(&batches);
}
END_TEST

typedef struct Coverage {
    unsigned tried, separate, covered;
} Coverage;

/* Whether the 95 % interval from VALUES holds MEAN. */
static void cover(Coverage *coverage, const double *values, size_t n,
                  double mean)
{
    BatchMeans batches = batch_means(values, n);
    double sum = 0, squares = 0, count = batches.means->len, half;

    coverage->tried++;
    if (batches.separate) {
        for (unsigned i = 0; i < batches.means->len; i++)
            sum += g_array_index(batches.means, double, i);
        for (unsigned i = 0; i < batches.means->len; i++)
            squares +=
                pow(g_array_index(batches.means, double, i) - sum / count, 2);
        half = gsl_cdf_tdist_Pinv(0.975, count - 1) *
               sqrt(squares / (count - 1) / count);
        coverage->separate++;
        coverage->covered += fabs(sum / count - mean) <= half;
    }
    batch_means_clear(&batches);
}

static void ck_assert_covers(const Coverage *coverage)
{
    double share = (double)coverage->covered / coverage->separate;

    printf("%u of %u separate, of these %.1f %% cover\n", coverage->separate,
           coverage->tried, 100 * share);
    ck_assert_uint_ge(coverage->separate, coverage->tried * 95 / 100);
    ck_assert_double_ge(share, 0.93);
    ck_assert_double_le(share, 0.97);
}

/* x[i] = phi x[i-1] + noise: the mean is 0. */
START_TEST(an_autoregressive_process_is_covered)
{
    static const double phis[] = {0, 0.5, 0.9, -0.5};
    double phi = phis[_i];
    unsigned n = phi > 0.5 ? 16384 : 4096;
    double *values = g_new(double, n);
    Coverage coverage = {0};

    for (uint32_t r = 0; r < 1000; r++) {
        Stream stream = fixed_stream("ar", r);
        double last = normal(&stream) / sqrt(1 - phi * phi);

        for (unsigned i = 0; i < n; i++)
            values[i] = last = phi * last + normal(&stream);
        cover(&coverage, values, n, 0);
    }
    ck_assert_covers(&coverage);
    g_free(values);
}
END_TEST

/* Waiting at a server that takes 1 (D) or 1 on average (M) when customers come
 * at random at RHO a unit: Lindley's recurrence (1952); the mean by Pollaczek
 * and Khinchine. */
START_TEST(a_queue_is_covered)
{
    bool constant = _i == 0;
    double rho = 0.5, mean = rho / (1 - rho) / (constant ? 2 : 1);
    enum { COUNT = 16384, WARM_UP = 1000 };
    double *values = g_new(double, COUNT);
    Coverage coverage = {0};

    for (uint32_t r = 0; r < 1000; r++) {
        Stream stream = fixed_stream("queue", r);
        double wait = 0;

        for (int i = -WARM_UP; i < COUNT; i++) {
            double service = constant ? 1 : -log(uniform(&stream));

            if (i >= 0)
                values[i] = wait;
            wait = fmax(0, wait + service + log(uniform(&stream)) / rho);
        }
        cover(&coverage, values, COUNT, mean);
    }
    ck_assert_covers(&coverage);
    g_free(values);
}
END_TEST

int main(void)
{
    TCase *warm_up = tcase_create("warm-up");
    TCase *batches = tcase_create("batches");

    tcase_add_test(warm_up, the_cut_is_the_formulas);
    tcase_add_test(warm_up, a_transient_is_cut_off_where_it_ends);
    tcase_add_test(warm_up, what_never_settles_is_told);
    tcase_add_test(warm_up, the_bias_of_the_beginning_goes);
    tcase_set_timeout(batches, 300);
    tcase_add_test(batches, the_ratio_is_von_neumanns);
    tcase_add_test(batches, batches_are_means_of_their_observations);
    tcase_add_loop_test(batches, an_autoregressive_process_is_covered, 0, 4);
    tcase_add_loop_test(batches, a_queue_is_covered, 0, 2);
    return run_tests("steady", warm_up, batches, NULL);
}
