/* check_outcomes.c - whatever goes wrong ends in an outcome that is counted. */
#include "experiments/run.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

static const char text[] = "[experiment]\ntopology = home.ini\n"
                           "[workload w]\nnode = laptop\n"
                           "kind = connect\nto = web:80\n"
                           "arrivals = every 10 min\ncount = 3\n";

/* What is set, and the total that counts the three failures that follow. */
static const struct {
    const char *sets[3];
    MetricId total;
} outcomes[] = {
    {{"workload w.to = web:81"}, METRIC_FAILURES_REFUSED},
    /* ARP finds nobody on the line: the router says so, by ICMP. */
    {{"link home -- isp.loss = 100 %"}, METRIC_FAILURES_UNREACHABLE},
    {{"link home -- isp.drop = SYN 1-1000"}, METRIC_FAILURES_TIMED_OUT},
    /* The first has the one port that there is, and keeps it in TIME-WAIT. */
    {{"tcp.port_first = 60999", "workload w.arrivals = every 1 s",
      "workload w.count = 4"},
     METRIC_FAILURES_NO_PORT},
    {{"workload w.kind = fetch", "workload w.to = http://nowhere.example/"},
     METRIC_DNS_NO_SUCH_NAME},
    {{"workload w.kind = fetch", "workload w.to = http://www.example.com/",
      "link home -- isp.loss = 100 %"},
     METRIC_DNS_NO_ANSWER},
};

static RunResult *play(const char *const *sets)
{
    char *file = in_folder("outcomes.ini");
    const char *all[4] = {sets[0], sets[1], sets[2], NULL};
    GError *error = NULL;
    PlanPoint *point;
    RunResult *result;
    Plan *plan;

    ck_assert(g_file_set_contents(file, text, -1, NULL));
    plan = plan_read(file, (char **)all, &error);
    ck_assert_msg(plan != NULL, "%s", error != NULL ? error->message : "");
    point = plan_point_new(plan, 0, NULL);
    result = run_once(plan, point, 0, false);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
    return result;
}

START_TEST(what_goes_wrong_is_counted_by_its_reason)
{
    RunResult *result = play(outcomes[_i].sets);

    ck_assert_uint_eq(result->failures[METRIC_WORK_LATENCY], 3);
    ck_assert_int_eq(result->metrics[outcomes[_i].total].max, 3);
    run_result_free(result);
}
END_TEST

/* No router knows a way to addresses that nobody has: each SYN is answered once
 * at least. */
START_TEST(what_has_no_way_is_counted)
{
    /* Before the switch has forgotten where who is, and asks all hosts. */
    static const char *const sets[3] = {"workload w.kind = flood",
                                        "tcp.synack_retries = 1",
                                        "workload w.arrivals = every 10 s"};
    RunResult *result = play(sets);

    ck_assert_int_ge(result->metrics[METRIC_DROPS_NO_ROUTE].max, 3);
    ck_assert_int_eq(result->metrics[METRIC_DROPS_OTHER].max, 0);
    run_result_free(result);
}
END_TEST

/* The second of three begins at 10 min and is under way when the measurement
 * ends: it has neither succeeded nor failed, which is counted. */
static const struct {
    const char *sets[4];
    unsigned handshakes, pages, failures;
} cut_short[] = {
    {{"link home -- isp.drop = SYN 1-1000", "measure.until = 601 s"}, 1, 0, 1},
    /* What began before the window ends in it no less. */
    {{"link home -- isp.drop = SYN 1-1000", "measure.until = 602 s",
      "measure.from = 601 s"},
     1,
     0,
     0},
    {{"workload w.kind = page", "workload w.to = http://www.example.com/",
      "measure.until = 600001 ms"},
     0,
     1,
     0},
};

START_TEST(what_has_not_ended_is_counted)
{
    RunResult *result = play(cut_short[_i].sets);
    const Metric *metrics = result->metrics;

    ck_assert_int_eq(metrics[METRIC_WORK_UNFINISHED].max, 1);
    ck_assert_int_eq(metrics[METRIC_HANDSHAKE_UNFINISHED].max,
                     cut_short[_i].handshakes);
    ck_assert_int_eq(metrics[METRIC_PAGE_UNFINISHED].max, cut_short[_i].pages);
    ck_assert_uint_eq(result->failures[METRIC_WORK_LATENCY],
                      cut_short[_i].failures);
    run_result_free(result);
}
END_TEST

/* Nothing goes wrong, and nothing is counted. */
START_TEST(what_goes_well_is_not)
{
    static const char *const none[3] = {NULL};
    static const MetricId totals[] = {
        METRIC_FAILURES_REFUSED,     METRIC_FAILURES_RESET,
        METRIC_FAILURES_TIMED_OUT,   METRIC_FAILURES_UNREACHABLE,
        METRIC_FAILURES_NO_PORT,     METRIC_DNS_NO_SUCH_NAME,
        METRIC_DNS_NO_ANSWER,        METRIC_DROPS_NO_ROUTE,
        METRIC_HANDSHAKE_UNFINISHED, METRIC_PAGE_UNFINISHED,
        METRIC_WORK_UNFINISHED,
    };
    RunResult *result = play(none);

    ck_assert_uint_eq(result->failures[METRIC_WORK_LATENCY], 0);
    ck_assert_uint_eq(result->metrics[METRIC_WORK_LATENCY].count, 3);
    for (unsigned i = 0; i < G_N_ELEMENTS(totals); i++)
        ck_assert_int_eq(result->metrics[totals[i]].max, 0);
    run_result_free(result);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("outcomes");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_folder, drop_folder);
    tcase_add_loop_test(tests, what_goes_wrong_is_counted_by_its_reason, 0,
                        G_N_ELEMENTS(outcomes));
    tcase_add_loop_test(tests, what_has_not_ended_is_counted, 0,
                        G_N_ELEMENTS(cut_short));
    tcase_add_test(tests, what_has_no_way_is_counted);
    tcase_add_test(tests, what_goes_well_is_not);
    return run_tests("outcomes", tests, NULL);
}
