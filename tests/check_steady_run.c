/* check_steady_run.c - steady runs: what is left out, what is kept, and that a
 * results folder has all of it. */
#include <math.h>

#include "experiments/executor.h"
#include "experiments/experiment.h"
#include "experiments/run_bytes.h"
#include "experiments/store.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

/* TIME-WAIT lasts 240 s, and nothing else takes long: with R connections a
 * second there are t R of them until t = 240 s, and 240 R from then on. */
static const char text[] = "[experiment]\ntitle = A test\n"
                           "[node a]\nkind = client\n"
                           "[node b]\nkind = server\nhttp = yes\n"
                           "[link a -- b]\nrate = unlimited\ndelay = 10 ms\n"
                           "[arp]\nmode = static\n"
                           "[tcp]\nprofile = rfc\n"
                           "[workload w]\nkind = connect\nnode = a\n"
                           "to = b:80\narrivals = poisson 4 /s\n"
                           "count = 1000000\n"
                           "[replicate]\nmin = 1\n";
#define EXPECT "[expect]\nx = mean(tcp.time_wait.population) < 1000000\n"

START_TEST(a_warm_up_ends_when_time_wait_is_full)
{
    Plan *plan;
    RunResult *result = run_of_text(text,
                                    "[run]\nkind = steady\nwarmup = mser-5\n"
                                    "duration = 3000 s\n" EXPECT,
                                    &plan);

    ck_assert(result->steady->settled);
    ck_assert_int_ge(result->steady->warmup, 220 * SIM_S);
    ck_assert_int_le(result->steady->warmup, 600 * SIM_S);
    /* The population is Poisson's with the mean 960; its own standard error is
     * about sqrt(960 * 240 / 2700) = 9.2. */
    ck_assert_double_eq_tol(
        metric_mean(&result->metrics[METRIC_TIME_WAIT_POPULATION]), 960, 30);
    /* Measured from the warm-up's end: that many ns. */
    ck_assert_uint_eq(result->metrics[METRIC_TIME_WAIT_POPULATION].count,
                      (uint64_t)(3000 * SIM_S - result->steady->warmup));
    run_result_free(result);
    plan_free(plan);
}
END_TEST

START_TEST(what_has_not_settled_by_half_time_is_told)
{
    Plan *plan;
    RunResult *result = run_of_text(text,
                                    "[run]\nkind = steady\nwarmup = mser-5\n"
                                    "duration = 400 s\n" EXPECT,
                                    &plan);

    ck_assert(!result->steady->settled);
    ck_assert_int_eq(result->steady->warmup, 200 * SIM_S);
    ck_assert(!steady_is_good(result->steady));
    run_result_free(result);
    plan_free(plan);
}
END_TEST

/* Left out is left out, however it is asked for. */
START_TEST(a_fixed_warm_up_is_a_window)
{
    Plan *plan, *window_plan;
    RunResult *result = run_of_text(
        text, "[run]\nkind = steady\nwarmup = 300 s\nduration = 500 s\n" EXPECT,
        &plan);
    RunResult *window = run_of_text(
        text, "[measure]\nfrom = 300 s\nuntil = 500 s\n" EXPECT, &window_plan);

    ck_assert_str_eq(result->fingerprint, window->fingerprint);
    ck_assert_ptr_null(window->steady);
    for (MetricId id = 0; id < METRICS; id++) {
        GBytes *a = metric_to_bytes(&result->metrics[id]);
        GBytes *b = metric_to_bytes(&window->metrics[id]);

        ck_assert_msg(g_bytes_equal(a, b), "%s", metric_keys[id].name);
        g_bytes_unref(a);
        g_bytes_unref(b);
    }
    run_result_free(result);
    run_result_free(window);
    plan_free(plan);
    plan_free(window_plan);
}
END_TEST

/* Batches cut the measured time into equal parts: their mean is the whole's. */
START_TEST(batches_are_of_what_is_measured)
{
    Plan *plan;
    RunResult *result = run_of_text(
        text,
        "[run]\nkind = steady\nwarmup = 300 s\nduration = 2300 s\n" EXPECT,
        &plan);
    const BatchMeans *batches =
        steady_batches(result->steady, METRIC_TIME_WAIT_POPULATION);
    double sum = 0;

    ck_assert_ptr_nonnull(batches);
    ck_assert_uint_eq(batches->means->len * batches->size, STEADY_PIECES);
    for (unsigned i = 0; i < batches->means->len; i++)
        sum += g_array_index(batches->means, double, i);
    ck_assert_double_eq_tol(
        sum / batches->means->len,
        metric_mean(&result->metrics[METRIC_TIME_WAIT_POPULATION]), 1e-6);
    ck_assert_ptr_null(steady_batches(result->steady, METRIC_DROPS));
    run_result_free(result);
    plan_free(plan);
}
END_TEST

/* Time has no less than a nanosecond: pieces are fewer, not without length. */
START_TEST(a_run_shorter_than_its_pieces_has_fewer)
{
    static const char brief[] =
        "[experiment]\ntitle = A test\n[node a]\nkind = client\n"
        "[node b]\nkind = server\nhttp = yes\n[arp]\nmode = static\n"
        "[link a -- b]\nrate = unlimited\ndelay = 10 ns\n"
        "[workload w]\nkind = connect\nnode = a\nto = b:80\n"
        "arrivals = every 100 ns\n[run]\nkind = steady\nwarmup = 0 s\n"
        "duration = 2 us\n[replicate]\nmin = 1\n"
        "[expect]\nx = mean(tcp.established.population) < 9\n";
    Plan *plan;
    RunResult *result = run_of_text(brief, "", &plan);
    const BatchMeans *batches =
        steady_batches(result->steady, METRIC_ESTABLISHED_POPULATION);

    ck_assert_ptr_nonnull(batches);
    ck_assert_uint_le(batches->means->len * batches->size, 2000);
    ck_assert_uint_gt(batches->means->len * batches->size, 1900);
    for (unsigned i = 0; i < batches->means->len; i++)
        ck_assert(isfinite(g_array_index(batches->means, double, i)));
    ck_assert(isfinite(batches->correlation));
    run_result_free(result);
    plan_free(plan);
}
END_TEST

START_TEST(results_have_the_batches_and_verify_compares_them)
{
    char *why, *path = in_folder("results");
    Plan *plan = plan_of_text(text,
                              "[run]\nkind = steady\nwarmup = mser-5\n"
                              "duration = 1500 s\n" EXPECT,
                              &why),
         *again;
    ExperimentOptions options = {.folder = path, .threads = 1};
    PlanPoint *point = plan_point_new(plan, 0, NULL);
    const MetricSummary *was, *is;
    Experiment experiment;
    PointSummary read;
    RunResult *result;
    Store *store;

    ck_assert(experiment_run(&experiment, plan, &options, NULL));
    store = store_open(path, &again, NULL);
    ck_assert_ptr_nonnull(store);
    summary_init(&read, NULL);
    ck_assert(store_summaries(store, &read, NULL));
    was = &experiment.summaries[0].metrics[METRIC_TIME_WAIT_POPULATION];
    is = &read.metrics[METRIC_TIME_WAIT_POPULATION];
    ck_assert(is->batches);
    ck_assert_uint_ge(is->replications, BATCHES_LEAST);
    ck_assert_uint_eq(is->replications, was->replications);
    ck_assert(is->mean == was->mean && is->m2 == was->m2);
    result = run_once(plan, point, 0, false);
    ck_assert_ptr_null(store_difference(store, result));
    g_array_index(
        g_array_index(result->steady->metrics, SteadyMetric, 0).batches.means,
        double, 3)++;
    why = store_difference(store, result);
    ck_assert_str_eq(
        why, "the batches of tcp.time_wait.population are not what they were");
    g_free(why);
    run_result_free(result);
    plan_point_free(point);
    summary_clear(&read);
    experiment_clear(&experiment);
    store_free(store);
    plan_free(again);
    plan_free(plan);
    g_free(path);
}
END_TEST

START_TEST(batches_survive_the_way_to_another_process)
{
    Plan *plan;
    RunResult *result = run_of_text(text,
                                    "[run]\nkind = steady\nwarmup = 250 s\n"
                                    "duration = 500 s\n" EXPECT,
                                    &plan),
              *again;
    GByteArray *bytes = run_result_to_bytes(result), *twice;

    again = run_result_from_bytes(bytes->data, bytes->len);
    ck_assert_ptr_nonnull(again);
    ck_assert_int_eq(again->steady->warmup, 250 * SIM_S);
    ck_assert_uint_eq(again->steady->metrics->len,
                      result->steady->metrics->len);
    twice = run_result_to_bytes(again);
    ck_assert_uint_eq(twice->len, bytes->len);
    ck_assert_mem_eq(twice->data, bytes->data, bytes->len);
    for (unsigned len = 0; len < bytes->len; len += 7)
        ck_assert_ptr_null(run_result_from_bytes(bytes->data, len));
    g_byte_array_unref(bytes);
    g_byte_array_unref(twice);
    run_result_free(result);
    run_result_free(again);
    plan_free(plan);
}
END_TEST

static const struct {
    const char *more, *message;
} mistakes[] = {
    {"[run]\nkind = steady\n" EXPECT,
     "23: [run] duration: a steady run has no end of its own; a time would be "
     "right"},
    {"[run]\nwarmup = 3 s\n",
     "24: [run] warmup: a terminating run has none; [measure] from, or kind = "
     "steady, would be right"},
    {"[run]\nduration = 3 s\n",
     "24: [run] duration: a terminating run has its own; [measure] until, or "
     "kind = steady, would be right"},
    {"[run]\nkind = steady\nduration = 3 s\nwarmup = 3 s\n" EXPECT,
     "26: [run] warmup: nothing is left of the duration; a shorter one would "
     "be right"},
    {"[run]\nkind = steady\nduration = 3 s\nwarmup = mser\n" EXPECT,
     "26: [run] warmup: \"mser\" is no warm-up; a time such as 10 s, or "
     "mser-5, would be right"},
    {"[run]\nkind = steady\nduration = 3 s\n[measure]\nfrom = 1 s\n" EXPECT,
     "27: [measure] from: a steady run is measured after its [run] warmup"},
    {"[run]\nkind = steady\nduration = 3 s\n[measure]\nuntil = 1 s\n" EXPECT,
     "27: [measure] until: a steady run is measured to the end of its [run] "
     "duration"},
    {"[run]\nkind = steady\nduration = 3 s\n[expect]\nx = mean(drops) < 1\n",
     "24: [run] kind: a steady run needs a metric to look at; a [plot] or "
     "[expect] of one that is no count would be right"},
};

START_TEST(a_mistake_is_told_where_it_is)
{
    char *why, *wanted;
    Plan *plan = plan_of_text(text, mistakes[_i].more, &why);

    ck_assert_ptr_null(plan);
    wanted = g_strdup_printf("text.ini:%s", mistakes[_i].message);
    ck_assert_msg(strstr(why, wanted) != NULL, "%s\nis not\n%s", why, wanted);
    g_free(wanted);
    g_free(why);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("steady runs");

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_folder, drop_folder);
    tcase_add_test(tests, a_warm_up_ends_when_time_wait_is_full);
    tcase_add_test(tests, what_has_not_settled_by_half_time_is_told);
    tcase_add_test(tests, a_fixed_warm_up_is_a_window);
    tcase_add_test(tests, batches_are_of_what_is_measured);
    tcase_add_test(tests, a_run_shorter_than_its_pieces_has_fewer);
    tcase_add_test(tests, results_have_the_batches_and_verify_compares_them);
    tcase_add_test(tests, batches_survive_the_way_to_another_process);
    tcase_add_loop_test(tests, a_mistake_is_told_where_it_is, 0,
                        G_N_ELEMENTS(mistakes));
    return run_tests("steady runs", tests, NULL);
}
