/* check_select.c - metrics of one line, node or workload, and gauges as
 * metrics: against what the whole is, and against theory. */
#include <math.h>

#include "experiments/experiment.h"
#include "experiments/queueing_theory.h"
#include "experiments/run_bytes.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

/* Datagrams of 1 ms behind a router that keeps none waiting. */
static const char queue[] = "[experiment]\ntitle = A test\n"
                            "[arp]\nmode = static\n"
                            "[node c]\nkind = client\n"
                            "[node r]\nkind = router\n"
                            "[node s]\nkind = server\n"
                            "[link c -- r]\nrate = unlimited\ndelay = 1 ms\n"
                            "[link r -- s]\nrate = 1 Mbit/s\ndelay = 1 ms\n"
                            "overhead = ip\nqueue = none\n"
                            "[workload w]\nkind = datagram\nnode = c\n"
                            "to = s:9\nbytes = 125 B\n"
                            "arrivals = poisson 800 /s\n"
                            "[run]\nkind = steady\nwarmup = 5 s\n"
                            "duration = 40 s\n"
                            "[replicate]\nmin = 12\nmax = 12\n"
                            "[measure]\nsample = link.utilisation(r -> s) "
                            "every 50 ms\n";

/* Two workloads to two servers, 10 ms and 40 ms away. */
static const char two[] = "[experiment]\ntitle = A test\n"
                          "[arp]\nmode = static\n"
                          "[node c]\nkind = client\ncount = 2\n"
                          "[node r]\nkind = router\n"
                          "[node near]\nkind = server\nhttp = yes\n"
                          "[node far]\nkind = server\nhttp = yes\n"
                          "[link c -- r]\nrate = unlimited\ndelay = 1 ms\n"
                          "[link r -- near]\nrate = unlimited\ndelay = 4 ms\n"
                          "[link r -- far]\nrate = unlimited\ndelay = 19 ms\n"
                          "[workload a]\nkind = connect\nnode = c.1\n"
                          "to = near:80\narrivals = every 1 s\ncount = 5\n"
                          "[workload b]\nkind = connect\nnode = c.2\n"
                          "to = far:80\narrivals = every 1 s\ncount = 5\n"
                          "[replicate]\nmin = 1\nmax = 1\nuntil = none\n";

/* Runs the experiment BASE and MORE, all of whose expectations hold. */
static void ck_assert_holds(const char *base, const char *more)
{
    char *why, *results = in_folder("results");
    Plan *plan = plan_of_text(base, more, &why);
    ExperimentOptions options = {
        .folder = results, .threads = 1, .force = true};
    GString *report = g_string_new(NULL);
    Experiment experiment;

    ck_assert_msg(plan != NULL, "%s", why);
    ck_assert(experiment_run(&experiment, plan, &options, NULL));
    ck_assert_msg(experiment_expectations(&experiment, report), "%s",
                  report->str);
    experiment_clear(&experiment);
    plan_free(plan);
    g_string_free(report, TRUE);
    g_free(results);
}

/* M/D/1 at 0.8: 0.8 / (2 (1 - 0.8)) services of 1 ms; the mean of the two
 * lines' packets is half of that.  A line is busy for a share of rho. */
START_TEST(a_queue_behind_a_router_is_alone)
{
    ck_assert_holds(
        queue, "[expect]\n"
               "theory = mean(link.queue.delay(r -> s)) is theory +- 4 se\n"
               "formula = mean(link.queue.delay(r -> s)) is 2 ms +- 4 se\n"
               "close = mean(link.queue.delay(r -> s)) is 2 ms +- 5 %\n"
               "first = max(link.queue.delay(c -> r)) is 0 s\n"
               "pooled = mean(link.queue.delay) < 1.2 ms\n"
               "busy = mean(link.utilisation(r -> s)) is 80 % +- 4 se\n"
               "good = mean(link.utilisation(r -> s)) is 0.8 +- 0.01\n"
               "least = min(link.utilisation(r -> s)) > 10 %\n"
               "most = max(link.utilisation(r -> s)) < 100.001 %\n");
}
END_TEST

/* A round trip is 10 ms, or 40 ms: a SYN and its answer, of no length. */
START_TEST(workloads_nodes_and_lines_are_apart)
{
    ck_assert_holds(two, "[link r -> far]\ndrop = SYN 1\n"
                         "[expect]\n"
                         "a = max(work.latency(a)) is 10 ms\n"
                         "b = min(work.latency(b)) is 40 ms\n"
                         "b2 = max(work.latency(b)) > 1 s\n"
                         "n = count(work.latency) is 10\n"
                         "na = count(work.latency( a )) is 5\n"
                         "c1 = mean(tcp.handshake.latency(c.1)) is 10 ms\n"
                         "c = count(tcp.handshake.latency(c)) is 10\n"
                         "s = count(tcp.handshake.latency(near)) is 0\n"
                         "again = mean(tcp.retransmissions(c.2)) is 1\n"
                         "none = mean(tcp.retransmissions(c.1)) is 0\n"
                         "rule = mean(drops.by_rule(r -> far)) is 1\n"
                         "other = mean(drops.by_rule(r -> near)) is 0\n"
                         "back = mean(drops.by_rule(far -> r)) is 0\n"
                         "both = mean(drops(far -- r)) is 1\n"
                         "node = mean(drops(r)) is 0\n"
                         "sent = mean(link.packets(r -> far)) is 21\n");
}
END_TEST

/* What hosts have together is the sum of what each has. */
START_TEST(parts_make_the_whole)
{
    static const char *const of[] = {"c.1", "c.2", "near", "far"};
    GString *more = g_string_new("[measure]\nuntil = 40 s\n[expect]\n");
    Plan *plan;
    RunResult *result;
    double sum[2] = {0};

    for (unsigned i = 0; i < G_N_ELEMENTS(of); i++)
        g_string_append_printf(more,
                               "p%u = mean(tcp.time_wait.population(%s)) > -1\n"
                               "r%u = mean(tcp.retransmissions(%s)) > -1\n",
                               i, of[i], i, of[i]);
    g_string_append(more, "[link r -> near]\nloss = 20 %\n");
    result = run_of_text(two, more->str, &plan);
    for (unsigned i = 0; i < G_N_ELEMENTS(of); i++)
        for (unsigned j = 0; j < 2; j++)
            sum[j] += metric_mean(&result->metrics[METRICS + 2 * i + j]);
    ck_assert_double_gt(sum[0], 1);
    ck_assert_double_gt(sum[1], 0);
    ck_assert_double_eq_tol(
        sum[0], metric_mean(&result->metrics[METRIC_TIME_WAIT_POPULATION]),
        1e-9);
    ck_assert_double_eq(sum[1],
                        metric_mean(&result->metrics[METRIC_RETRANSMISSIONS]));
    run_result_free(result);
    plan_free(plan);
    g_string_free(more, TRUE);
}
END_TEST

/* The samples of a gauge are its values, in the same unit or parts of 10^9. */
START_TEST(a_gauge_is_what_its_series_is)
{
    Plan *plan;
    RunResult *result = run_of_text(
        queue, "[expect]\nx = mean(link.utilisation(r -> s)) < 1\n", &plan);
    const Metric *metric = &result->metrics[METRICS];
    const GArray *values = g_ptr_array_index(result->series, 0);
    double sum = 0;

    /* From 5 s to 40 s: the last of the warm-up is left out. */
    ck_assert_uint_eq(metric->count, 700);
    for (unsigned i = values->len - 700; i < values->len; i++)
        sum += g_array_index(values, double, i);
    ck_assert_double_eq_tol(metric_mean(metric) * 1e-9, sum / 700, 1e-9);
    run_result_free(result);
    plan_free(plan);
}
END_TEST

START_TEST(a_result_of_parts_survives_as_bytes)
{
    Plan *plan;
    RunResult *result = run_of_text(
        queue, "[expect]\nx = mean(link.queue.delay(r -> s)) < 1 h\n", &plan);
    GByteArray *bytes = run_result_to_bytes(result), *twice;
    RunResult *again = run_result_from_bytes(bytes->data, bytes->len);

    ck_assert_ptr_nonnull(again);
    ck_assert_uint_eq(again->metric_count, METRICS + 1);
    twice = run_result_to_bytes(again);
    ck_assert_uint_eq(twice->len, bytes->len);
    ck_assert_mem_eq(twice->data, bytes->data, bytes->len);
    for (guint len = 0; len < bytes->len; len += 97)
        ck_assert_ptr_null(run_result_from_bytes(bytes->data, len));
    run_result_free(again);
    run_result_free(result);
    g_byte_array_unref(bytes);
    g_byte_array_unref(twice);
    plan_free(plan);
}
END_TEST

static const struct {
    const char *more, *why;
} no_theory[] = {
    {"[link c -> r]\nrate = 10 Mbit/s\n[expect]\n"
     "x = mean(link.queue.delay(r -> s)) is theory\n",
     "a line before it has a rate"},
    {"[link c -> r]\nloss = 1 %\n[expect]\n"
     "x = mean(link.queue.delay(r -> s)) is theory\n",
     "a line before it has a rate or loses"},
    {"[expect]\nx = mean(link.queue.delay(s -> r)) is theory\n",
     "datagrams do not cross that line"},
    {"[expect]\nx = mean(link.queue.delay(r -- s)) is theory\n",
     "both directions are taken together"},
    {"[expect]\nx = mean(link.queue.delay(c -> r)) is theory\n",
     "the line has no rate"},
};

/* A first queue makes what comes to the second no Poisson process. */
START_TEST(theory_holds_only_of_what_comes_at_random)
{
    char *why = NULL;
    Plan *plan = plan_of_text(queue, no_theory[_i].more, &why);
    PlanPoint *point;

    ck_assert_msg(plan != NULL, "%s", why);
    point = plan_point_new(plan, 0, NULL);
    ck_assert_double_nan(
        queueing_theory_wait(plan, point, METRICS, THEORY_NONE, &why));
    ck_assert_msg(g_str_has_prefix(why, no_theory[_i].why), "%s", why);
    g_free(why);
    plan_point_free(point);
    plan_free(plan);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("select");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_add_test(tcase, a_queue_behind_a_router_is_alone);
    tcase_add_test(tcase, workloads_nodes_and_lines_are_apart);
    tcase_add_test(tcase, parts_make_the_whole);
    tcase_add_test(tcase, a_gauge_is_what_its_series_is);
    tcase_add_test(tcase, a_result_of_parts_survives_as_bytes);
    tcase_add_loop_test(tcase, theory_holds_only_of_what_comes_at_random, 0,
                        G_N_ELEMENTS(no_theory));
    return run_tests("select", tcase, NULL);
}
