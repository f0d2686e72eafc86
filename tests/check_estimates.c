/* check_estimates.c - estimates and their intervals, against published examples
 * and tables; how often intervals hold the truth is coverage.c's. */
#include <math.h>

#include "experiments/estimate.h"
#include "experiments/resample.h"
#include "experiments/stop_rule.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

#define ID METRIC_WORK_LATENCY

static Plan *plan;
static PointSummary *summaries;

static void set_up(void)
{
    make_folder();
    plan = read_plan(0, NULL);
    summaries = g_new(PointSummary, plan->points);
    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&summaries[i], plan);
}

static void tear_down(void)
{
    for (unsigned i = 0; i < plan->points; i++)
        summary_clear(&summaries[i]);
    g_free(summaries);
    plan_free(plan);
    drop_folder();
}

/* The next replication of POINT: COUNT samples and FAILURES. */
static void add(unsigned point, const int64_t *samples, unsigned count,
                uint64_t failures)
{
    uint64_t failed[METRICS] = {[ID] = failures};
    Metric metrics[METRICS] = {0};

    for (unsigned i = 0; i < count; i++)
        metric_add(&metrics[ID], samples[i]);
    summary_add(&summaries[point], metrics, failed, NULL);
    metric_clear(&metrics[ID]);
}

static Estimate estimate(unsigned point, const char *text)
{
    Estimand estimand;
    char *why = NULL;

    ck_assert_msg(estimand_parse(&estimand, plan, text, &why), "%s", why);
    return estimate_of(plan, summaries, point, &estimand);
}

static void ck_assert_interval(Estimate estimate, double value, double low,
                               double high, double within)
{
    ck_assert_double_eq_tol(estimate.value, value, within);
    ck_assert_double_eq_tol(estimate.low, low, within);
    ck_assert_double_eq_tol(estimate.high, high, within);
}

/* --- means and differences ------------------------------------------------ */

/* Hours of sleep gained, in tenths, with each of two drugs (Student, "The
 * Probable Error of a Mean", Biometrika 6 (1908) p. 20; R's `sleep`). */
static const int64_t drug1[] = {7, -16, -2, -12, -1, 34, 37, 8, 0, 20};
static const int64_t drug2[] = {19, 8, 11, 1, -1, 44, 55, 16, 46, 34};

START_TEST(students_own_example)
{
    Estimate difference;

    for (unsigned i = 0; i < 10; i++) {
        add(0, &drug1[i], 1, 0);
        add(1, &drug2[i], 1, 0);
    }
    /* R: t.test(extra[group == 1]), t.test(..., paired = TRUE) */
    ck_assert_interval(estimate(0, "mean(work.latency)"), 7.5, -5.297804,
                       20.297804, 1e-5);
    difference =
        estimate(0, "difference(mean(work.latency)) to tcp.profile is rfc");
    ck_assert_interval(difference, -15.8, -24.598858, -7.001142, 1e-5);
    ck_assert_uint_eq(difference.replications, 10);
    ck_assert_str_eq(difference.method, "paired t over replications");
    /* The baseline differs from itself by nothing. */
    ck_assert_interval(
        estimate(1, "difference(mean(work.latency)) to tcp.profile is rfc"), 0,
        0, 0, 1e-12);
}
END_TEST

START_TEST(a_difference_uses_what_both_have)
{
    for (unsigned i = 0; i < 10; i++) {
        add(0, &drug1[i], i != 3, 1);
        add(1, &drug2[i], 1, 0);
    }
    add(1, &drug2[0], 1, 0);
    ck_assert_uint_eq(
        estimate(0, "difference(mean(work.latency)) to tcp.profile is rfc")
            .replications,
        9);
    ck_assert_double_eq_tol(
        estimate(0, "difference(count(work.latency)) to tcp.profile is rfc")
            .value,
        -0.1, 1e-12);
}
END_TEST

START_TEST(counts_are_per_replication)
{
    static const int64_t samples[4] = {1, 2, 3, 4};

    add(0, samples, 4, 0);
    add(0, samples, 0, 0);
    add(0, samples, 2, 0);
    /* Mean 2, deviation 2, t of 2 degrees 4.302653. */
    ck_assert_interval(estimate(0, "count(work.latency)"), 2,
                       2 - 4.302653 * 2 / sqrt(3), 2 + 4.302653 * 2 / sqrt(3),
                       1e-5);
}
END_TEST

/* --- failures ------------------------------------------------------------- */

/* Of R. G. Newcombe, "Two-sided confidence intervals for the single
 * proportion", Statistics in Medicine 17 (1998) 857-872, table I, method 3. */
static const struct {
    unsigned failed, of;
    double low, high;
} newcombe[] = {
    {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611},
    {1, 29, 0.0061, 0.1718},   {29, 29, 0.8830, 1},
};

START_TEST(a_share_of_single_items_is_wilsons)
{
    static const int64_t sample = 1;

    for (unsigned i = 0; i < newcombe[_i].of; i++)
        add(0, &sample, i >= newcombe[_i].failed, i < newcombe[_i].failed);
    ck_assert_interval(estimate(0, "failures(work.latency)"),
                       (double)newcombe[_i].failed / newcombe[_i].of,
                       newcombe[_i].low, newcombe[_i].high, 5e-5);
}
END_TEST

START_TEST(items_that_fail_together_count_as_fewer)
{
    static const int64_t samples[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    Estimate together, apart;

    for (unsigned i = 0; i < 40; i++) {
        add(0, samples, i < 10 ? 0 : 10, i < 10 ? 10 : 0);
        add(1, samples, i % 2 == 0 ? 7 : 8, i % 2 == 0 ? 3 : 2);
    }
    together = estimate(0, "failures(work.latency)");
    apart = estimate(1, "failures(work.latency)");
    ck_assert_double_eq_tol(together.value, 0.25, 1e-12);
    ck_assert_double_eq_tol(apart.value, 0.25, 1e-12);
    /* All of a replication or none: as 40 items, of 39 degrees of freedom. */
    ck_assert_double_eq_tol(together.high - together.low, 0.27, 0.01);
    /* As 400 items, not as more, however alike the replications are. */
    ck_assert_double_eq_tol(apart.high - apart.low, 0.087, 0.003);
}
END_TEST

START_TEST(none_or_all_failed_is_no_certainty)
{
    static const int64_t samples[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    Estimate none, all, difference;

    for (unsigned i = 0; i < 20; i++) {
        add(0, samples, 10, 0);
        add(1, samples, 0, 10);
    }
    none = estimate(0, "failures(work.latency)");
    all = estimate(1, "failures(work.latency)");
    difference = estimate(
        1, "difference(failures(work.latency)) to tcp.profile is linux");
    ck_assert_interval(none, 0, 0, 0.1611, 5e-5); /* of 20 items */
    ck_assert_interval(all, 1, 0.8389, 1, 5e-5);
    ck_assert_double_eq_tol(difference.value, 1, 1e-12);
    ck_assert_double_eq_tol(difference.low, 1 - 0.1611 * sqrt(2), 1e-4);
    /* Nor is the standard error 0: 1.96 of them are half the interval. */
    ck_assert_double_eq_tol(none.error, 0.1611 / 2 / 1.959964, 5e-5);
    ck_assert_double_eq_tol(all.error, 0.1611 / 2 / 1.959964, 5e-5);
}
END_TEST

START_TEST(a_difference_of_shares_has_a_standard_error)
{
    static const int64_t sample = 1;
    const char *text =
        "difference(failures(work.latency)) to tcp.profile is rfc";
    Estimate difference;

    /* 36 and 34 of 50: the 34 are among the 36. */
    for (unsigned i = 0; i < 50; i++) {
        add(0, &sample, i >= 36, i < 36);
        add(1, &sample, i >= 34, i < 34);
    }
    difference = estimate(0, text);
    ck_assert_double_eq_tol(difference.value, 0.04, 1e-12);
    ck_assert_double_eq_tol(difference.error,
                            (difference.high - difference.low) / 2 / 1.959964,
                            1e-6);
    ck_assert_double_lt(difference.error, 0.1);
    /* What is compared with itself differs by nothing, surely. */
    ck_assert_double_eq(estimate(1, text).error, 0);
}
END_TEST

/* --- quantiles ------------------------------------------------------------ */

/* Which of N sorted samples are the ends of a 95 % interval of the quantile P;
 * 0: none. Medians: W. J. Dixon, F. J. Massey, "Introduction to Statistical
 * Analysis", table A-25. */
static const struct {
    unsigned n;
    double p;
    unsigned low, high;
} ranks[] = {
    {5, 0.5, 0, 0},
    {6, 0.5, 1, 6},
    {10, 0.5, 2, 9},
    {20, 0.5, 6, 15},
    {25, 0.5, 8, 18},
    {50, 0.5, 18, 33},
    {100, 0.5, 40, 61},
    /* No sample of 20 is above the 99th percentile with enough certainty:
     * 0.99^20 = 0.82; but the 19th is below it: 1 - 0.983. */
    {20, 0.99, 19, 0},
};

START_TEST(single_samples_give_order_statistics)
{
    unsigned n = ranks[_i].n;
    char text[32];
    Estimate got;

    for (unsigned i = 0; i < n; i++) {
        int64_t sample = 1 + (i * 37) % n; /* 1 .. n in some order */

        ck_assert_uint_ne(n % 37, 0);
        add(0, &sample, 1, 0);
    }
    g_snprintf(text, sizeof text, "p%g(work.latency)", 100 * ranks[_i].p);
    got = estimate(0, text);
    ck_assert_double_eq(got.low,
                        ranks[_i].low == 0 ? -INFINITY : ranks[_i].low);
    ck_assert_double_eq(got.high,
                        ranks[_i].high == 0 ? INFINITY : ranks[_i].high);
}
END_TEST

START_TEST(equal_samples_leave_no_doubt)
{
    static const int64_t samples[2] = {20000000, 20000000};

    for (unsigned i = 0; i < 20; i++)
        add(0, samples, 2, 0);
    ck_assert_interval(estimate(0, "p50(work.latency)"), 20e6, 20e6, 20e6,
                       1e-12);
    ck_assert_str_eq(estimate(0, "p50(work.latency)").method,
                     "replications resampled");
    /* But of 40 samples none need be above the 99.9th percentile. */
    ck_assert(isinf(estimate(0, "p99.9(work.latency)").high));
}
END_TEST

START_TEST(five_replications_bound_no_quantile)
{
    static const int64_t samples[2] = {1, 5};

    for (unsigned i = 0; i < 5; i++)
        add(0, samples, 2, 0);
    ck_assert(isinf(estimate(0, "p50(work.latency)").low));
    ck_assert(isinf(
        estimate_half_width(&(Estimate){.low = -INFINITY, .high = INFINITY})));
    add(0, samples, 2, 0);
    ck_assert(isfinite(estimate(0, "p50(work.latency)").low));
}
END_TEST

START_TEST(a_quantile_is_where_the_resamples_are)
{
    /* Each replication has one of 40 values twice: the interval of the median
     * is about that of 40 single samples, ranks 14 to 27. */
    for (unsigned i = 0; i < 40; i++) {
        int64_t sample = 40 + (i * 37) % 40;
        int64_t samples[2] = {sample, sample};

        add(0, samples, 2, 0);
    }
    ck_assert_interval(estimate(0, "p50(work.latency)"), 59, 53, 66, 1.01);
}
END_TEST

START_TEST(quantiles_of_a_pair_are_resampled_together)
{
    Estimate difference;

    /* However far the replications are apart, one is 20 above the other. */
    for (unsigned i = 0; i < 40; i++) {
        int64_t level = 1000 * (i * 37 % 40), samples[2], more[2];

        for (unsigned j = 0; j < 2; j++) {
            samples[j] = level / 1000 + 30;
            more[j] = samples[j] + 20;
        }
        add(0, samples, 2, 0);
        add(1, more, 2, 0);
    }
    difference =
        estimate(1, "difference(p50(work.latency)) to tcp.profile is linux");
    ck_assert_interval(difference, 20, 20, 20, 1e-9);
    ck_assert_double_gt(
        estimate_half_width(&(Estimate[]){estimate(1, "p50(work.latency)")}[0]),
        4);
}
END_TEST

START_TEST(a_difference_of_quantiles_is_of_what_both_have)
{
    Estimate common, difference;
    const char *text = "difference(p50(work.latency)) to tcp.profile is linux";

    for (unsigned i = 0; i < 20; i++) {
        int64_t samples[2] = {i + 30, i + 30}, more[2] = {i + 50, i + 50};

        add(0, samples, 2, 0);
        add(1, more, 2, 0);
    }
    common = estimate(1, text);
    /* The point goes on without its baseline, and to other values. */
    for (unsigned i = 0; i < 200; i++) {
        int64_t far[2] = {100, 100};

        add(1, far, 2, 0);
    }
    difference = estimate(1, text);
    ck_assert_double_eq(estimate(1, "p50(work.latency)").value, 100);
    ck_assert_double_eq(common.value, 20);
    ck_assert_double_eq(difference.value, 20);
    ck_assert_double_eq(difference.low, common.low);
    ck_assert_double_eq(difference.high, common.high);
    ck_assert_uint_eq(difference.replications, 20);
    ck_assert_uint_eq(difference.n, 40);
}
END_TEST

START_TEST(a_bucket_has_ends_and_a_middle)
{
    for (int64_t sample = -5000; sample <= 5000; sample++) {
        int32_t bucket = metric_bucket(sample);

        ck_assert_int_le(metric_bucket_low(bucket), sample);
        ck_assert_int_ge(metric_bucket_high(bucket), sample);
        ck_assert_int_eq(metric_bucket(metric_bucket_low(bucket)), bucket);
        ck_assert_int_eq(metric_bucket(metric_bucket_high(bucket)), bucket);
        ck_assert_int_eq(metric_bucket(metric_bucket_middle(bucket)), bucket);
    }
    ck_assert_int_eq(metric_bucket_high(metric_bucket(INT64_MAX)), INT64_MAX);
}
END_TEST

/* --- points that are settled ---------------------------------------------- */

START_TEST(estimates_outlive_the_histories)
{
    static const char *const texts[] = {
        "mean(work.latency)",
        "p50(work.latency)",
        "p90(work.latency)",
        "failures(work.latency)",
        "p10(work.latency)",
        "difference(p50(work.latency)) to tcp.profile is rfc",
        "difference(mean(work.latency)) to link client -- web.loss is 0 %"};
    Estimate was[G_N_ELEMENTS(texts)];

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        Estimand estimand;
        char *why;

        ck_assert(estimand_parse(&estimand, plan, texts[i], &why));
        estimand_want(plan, &estimand);
    }
    for (unsigned p = 0; p < plan->points; p++)
        for (unsigned i = 0; i < 30; i++) {
            int64_t samples[2] = {i * (p + 3), i + 70};

            add(p, samples, 2, i % 7);
        }
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        was[i] = estimate(2, texts[i]);
    estimate_settle(plan, summaries, 2);
    /* Its baselines, points 3 and 0, are not settled. */
    ck_assert_ptr_nonnull(summaries[2].metrics[ID].history);
    estimate_settle(plan, summaries, 3);
    ck_assert_ptr_nonnull(summaries[2].metrics[ID].history);
    estimate_settle(plan, summaries, 0);
    ck_assert_ptr_null(summaries[2].metrics[ID].history);
    estimate_settle(plan, summaries, 1);
    for (unsigned p = 0; p < plan->points; p++)
        ck_assert_ptr_null(summaries[p].metrics[ID].history);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        Estimate is = estimate(2, texts[i]);

        ck_assert_double_eq(is.value, was[i].value);
        ck_assert_double_eq(is.low, was[i].low);
        ck_assert_double_eq(is.high, was[i].high);
        ck_assert_double_lt(is.low, is.high);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("estimates");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, students_own_example);
    tcase_add_test(tcase, a_difference_uses_what_both_have);
    tcase_add_test(tcase, counts_are_per_replication);
    tcase_add_loop_test(tcase, a_share_of_single_items_is_wilsons, 0,
                        G_N_ELEMENTS(newcombe));
    tcase_add_test(tcase, items_that_fail_together_count_as_fewer);
    tcase_add_test(tcase, none_or_all_failed_is_no_certainty);
    tcase_add_test(tcase, a_difference_of_shares_has_a_standard_error);
    tcase_add_loop_test(tcase, single_samples_give_order_statistics, 0,
                        G_N_ELEMENTS(ranks));
    tcase_add_test(tcase, equal_samples_leave_no_doubt);
    tcase_add_test(tcase, five_replications_bound_no_quantile);
    tcase_add_test(tcase, a_quantile_is_where_the_resamples_are);
    tcase_add_test(tcase, quantiles_of_a_pair_are_resampled_together);
    tcase_add_test(tcase, a_difference_of_quantiles_is_of_what_both_have);
    tcase_add_test(tcase, a_bucket_has_ends_and_a_middle);
    tcase_add_test(tcase, estimates_outlive_the_histories);
    return run_tests("estimates", tcase, NULL);
}
