/* check_series.c - time series: what is read, when, and that reading it changes
 * nothing.  A packet of 1500 bytes takes 1 ms on the line, and a crossing 10 ms
 * more: what waits, and how long, is arithmetic. */
#include <math.h>

#include "experiments/executor.h"
#include "experiments/experiment.h"
#include "experiments/series_mean.h"
#include "experiments/store.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

static const char text[] = "[experiment]\ntitle = A test\n"
                           "[node a]\nkind = client\n"
                           "[node b]\nkind = server\nhttp = yes\n"
                           "[link a -- b]\nrate = 12 Mbit/s\ndelay = 10 ms\n"
                           "overhead = ip\nqueue = droptail 1000 packets\n"
                           "[arp]\nmode = static\n"
                           "[tcp]\nprofile = rfc\n"
                           "[replicate]\nmin = 2\n"
                           "[workload w]\nnode = a\n";

static const GArray *values_of(const RunResult *result, unsigned series)
{
    return g_ptr_array_index(result->series, series);
}

static double value_of(const RunResult *result, unsigned series, unsigned i)
{
    ck_assert_uint_lt(i, values_of(result, series)->len);
    return g_array_index(values_of(result, series), double, i);
}

#define SEND "kind = send\nto = b:5001\n"

/* SYN and SYN-ACK of 60 bytes cross in 10.04 ms each.  At 20.08 ms an ACK of 52
 * bytes goes, and behind it ten segments of 1500: the first is being sent from
 * 20.1147 to 21.1147 ms. */
START_TEST(a_queue_is_what_waits)
{
    Plan *plan;
    RunResult *result =
        run_of_text(text,
                    SEND "bytes = 14480 B\n[measure]\n"
                         "sample = link.queue.packets(a -> b), "
                         "link.queue.bytes(a->b),link.queue.wait( a -> b ), "
                         "link.utilisation(a -> b) every 1 ms\n",
                    &plan);

    ck_assert_double_eq(value_of(result, 0, 20), 0);
    for (unsigned ms = 21; ms <= 30; ms++) {
        ck_assert_double_eq(value_of(result, 0, ms), 30 - ms);
        ck_assert_double_eq(value_of(result, 1, ms), 1500.0 * (30 - ms));
        ck_assert_double_eq_tol(value_of(result, 2, ms),
                                1e6 * (30 - ms) + 114667, 1);
        if (ms > 21)
            ck_assert_double_eq(value_of(result, 3, ms), 1);
    }
    ck_assert_double_nan(value_of(result, 3, 0));
    ck_assert_double_eq_tol(value_of(result, 3, 1), 0.04, 1e-6);
    ck_assert_double_eq(value_of(result, 3, 2), 0);
    ck_assert_double_eq_tol(value_of(result, 3, 21), 0.92, 1e-6);
    ck_assert_double_eq_tol(value_of(result, 3, 31), 0.114667, 1e-6);
    run_result_free(result);
    plan_free(plan);
}
END_TEST

/* The first round trip measured is the SYN's, 20.08 ms: SRTT is that, RTO three
 * times as much, but a second at least; RFC 6298 s2. */
START_TEST(windows_and_timers_are_a_connections)
{
    Plan *plan;
    RunResult *result = run_of_text(
        text,
        SEND "bytes = 14480 B\n[measure]\n"
             "sample = tcp.cwnd(a), tcp.in_flight(a:5001), tcp.srtt(a), "
             "tcp.rttvar(a), tcp.rto(a), tcp.ssthresh(a), "
             "tcp.cwnd(a:80) every 1 ms\n",
        &plan);

    ck_assert_double_eq(value_of(result, 0, 21), 10);
    ck_assert_double_eq(value_of(result, 1, 21), 10);
    ck_assert_double_eq(value_of(result, 2, 21), 20080000);
    ck_assert_double_eq(value_of(result, 3, 21), 10040000);
    ck_assert_double_eq(value_of(result, 4, 21), 1e9);
    ck_assert_double_nan(value_of(result, 5, 21));
    ck_assert_double_nan(value_of(result, 6, 21));
    /* The first segment arrives at 31.1147 ms, its ACK at 41.1494 ms at the
     * earliest, the second's a millisecond later. */
    ck_assert_double_eq(value_of(result, 0, 41), 10);
    ck_assert_double_eq(value_of(result, 1, 41), 10);
    ck_assert_double_eq(value_of(result, 0, 43), 11);
    run_result_free(result);
    plan_free(plan);
}
END_TEST

/* What was received is what was sent, however it is cut; and a counter's
 * intervals add up to its total. */
START_TEST(intervals_add_up)
{
    Plan *plan;
    RunResult *result = run_of_text(
        text,
        SEND "bytes = 500 kB\n[link a -> b]\nloss = 5 %\n[measure]\n"
             "sample = tcp.goodput(b), drops.lost, tcp.goodput every 7 ms\n",
        &plan);
    double bits = 0, drops = 0;

    ck_assert_double_nan(value_of(result, 0, 0));
    for (unsigned i = 1; i < values_of(result, 0)->len; i++) {
        bits += value_of(result, 0, i) * 7e-3;
        drops += value_of(result, 1, i);
        ck_assert_double_eq(value_of(result, 0, i), value_of(result, 2, i));
    }
    ck_assert_double_eq_tol(bits, 500e3 * 8, 1e-3);
    ck_assert_double_gt(drops, 0);
    ck_assert_double_eq(drops,
                        metric_mean(&result->metrics[METRIC_DROPS_LOST]));
    run_result_free(result);
    plan_free(plan);
}
END_TEST

/* A connection each second; TIME-WAIT begins two crossings after the handshake
 * and lasts 240 s (2 MSL).  Weighted by time, the population's mean is the
 * series' where nothing changes in between. */
START_TEST(connections_are_counted_in_each_state)
{
    Plan *plan;
    RunResult *result = run_of_text(
        text,
        "kind = connect\nto = b:80\narrivals = every 1 s\ncount = 400\n"
        "[measure]\nfrom = 500 ms\nuntil = 500 s\n"
        "sample = tcp.connections.time_wait(a), "
        "tcp.connections.time_wait, tcp.connections.time_wait(b), "
        "tcp.time_wait.population every 500 ms\n",
        &plan);

    /* At 500 ms, 1.5 s ... : 1, 2 ...; the first ends at 240.06 s. */
    ck_assert_int_eq(series_time(plan->series, plan->measure.from, 0),
                     500 * SIM_MS);
    ck_assert_double_eq(value_of(result, 0, 0), 1);
    ck_assert_double_eq(value_of(result, 0, 20), 11);
    ck_assert_double_eq(value_of(result, 0, 478), 240);
    ck_assert_double_eq(value_of(result, 0, 600), 240);
    for (unsigned i = 0; i < values_of(result, 0)->len; i++) {
        ck_assert_double_eq(value_of(result, 0, i), value_of(result, 1, i));
        ck_assert_double_eq(value_of(result, 2, i), 0);
    }
    /* From 500 ms to 1 s there was one. */
    ck_assert_double_nan(value_of(result, 3, 0));
    ck_assert_double_eq(value_of(result, 3, 1), 1);
    /* The run is sampled to its end, which is said. */
    ck_assert_uint_eq(values_of(result, 0)->len, 1000);
    run_result_free(result);
    plan_free(plan);
}
END_TEST

START_TEST(sampling_changes_nothing)
{
    static const char run[] =
        SEND "bytes = 300 kB\ncount = 3\narrivals = poisson 5 /s\n"
             "[link a -> b]\nloss = 3 %\njitter = 5 ms\n";
    static const char samples[] =
        "[measure]\nsample = tcp.cwnd(a), link.queue.bytes(a -> b), "
        "tcp.connections.established, drops, work.latency every 100 us\n";
    char *both = g_strconcat(run, samples, NULL);
    Plan *plan, *sampled_plan;
    RunResult *result = run_of_text(text, run, &plan);
    RunResult *sampled = run_of_text(text, both, &sampled_plan);

    ck_assert_ptr_null(result->series);
    ck_assert_uint_gt(values_of(sampled, 0)->len, 1000);
    ck_assert_str_eq(result->fingerprint, sampled->fingerprint);
    ck_assert_uint_eq(result->records, sampled->records);
    ck_assert_uint_eq(result->events, sampled->events);
    ck_assert_int_eq(result->ended, sampled->ended);
    for (MetricId id = 0; id < METRICS; id++) {
        ck_assert_uint_eq(result->metrics[id].count,
                          sampled->metrics[id].count);
        ck_assert(result->metrics[id].sum == sampled->metrics[id].sum);
    }
    g_free(both);
    run_result_free(result);
    run_result_free(sampled);
    plan_free(plan);
    plan_free(sampled_plan);
}
END_TEST

START_TEST(results_have_every_value_and_verify_compares_them)
{
    char *why, *path = in_folder("results");
    Plan *plan = plan_of_text(text,
                              SEND "bytes = 100 kB\n[measure]\n"
                                   "sample = tcp.cwnd(a), drops every 5 ms\n",
                              &why);
    ExperimentOptions options = {.folder = path, .threads = 2};
    PlanPoint *point = plan_point_new(plan, 0, NULL);
    Experiment experiment;
    RunResult *result;
    GPtrArray *runs;
    Store *store;
    Plan *again;

    ck_assert(experiment_run(&experiment, plan, &options, NULL));
    experiment_clear(&experiment);
    store = store_open(path, &again, NULL);
    ck_assert_ptr_nonnull(store);
    result = run_once(plan, point, 1, false);
    ck_assert_ptr_null(store_difference(store, result));
    runs = store_series(store, 0, 0, NULL);
    ck_assert_uint_eq(runs->len, 2);
    ck_assert_mem_eq(((GArray *)runs->pdata[1])->data,
                     values_of(result, 0)->data,
                     values_of(result, 0)->len * sizeof(double));
    g_array_index((GArray *)g_ptr_array_index(result->series, 0), double, 3)++;
    why = store_difference(store, result);
    ck_assert_str_eq(why, "the time series of tcp.cwnd(a) is not what it was");
    g_free(why);
    g_ptr_array_unref(runs);
    run_result_free(result);
    plan_point_free(point);
    store_free(store);
    plan_free(again);
    plan_free(plan);
    g_free(path);
}
END_TEST

/* Student's t at 95 %: 12.706 for one degree of freedom, 4.303 for two
 * (Fisher's table). */
START_TEST(a_mean_is_of_the_runs_that_have_a_value)
{
    static const double values[3][2] = {{1, 5}, {2, NAN}, {6, 7}};
    GPtrArray *runs =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    const SeriesMoment *moment;
    GArray *moments;

    for (unsigned i = 0; i < 3; i++) {
        GArray *run = g_array_new(FALSE, FALSE, sizeof(double));

        g_array_append_vals(run, values[i], 2);
        if (i == 0)
            g_array_append_val(run, values[0][0]);
        g_ptr_array_add(runs, run);
    }
    moments = series_mean(runs, 0.95);
    ck_assert_uint_eq(moments->len, 3);
    moment = &g_array_index(moments, SeriesMoment, 0);
    ck_assert_uint_eq(moment->runs, 3);
    ck_assert_double_eq_tol(moment->mean, 3, 1e-12);
    ck_assert_double_eq_tol(moment->half, 4.303 * sqrt(7.0 / 3), 1e-3);
    moment = &g_array_index(moments, SeriesMoment, 1);
    ck_assert_double_eq_tol(moment->mean, 6, 1e-12);
    ck_assert_double_eq_tol(moment->half, 12.706, 1e-3);
    moment = &g_array_index(moments, SeriesMoment, 2);
    ck_assert_double_eq(moment->mean, 1);
    ck_assert_double_infinite(moment->half);
    g_array_unref(moments);
    g_ptr_array_unref(runs);
}
END_TEST

/* What is wrong with a value of `sample`, after "FILE:18: [measure] sample: ".
 */
static const struct {
    const char *sample, *message;
} mistakes[] = {
    {"drops", "\"drops\" does not say how often; write NAME, NAME... every "
              "100 ms"},
    {"drop every 1 s", "there is no metric or gauge \"drop\"; firstbyte "
                       "describe metrics lists them"},
    {"tcp.cwnd every 1 s", "tcp.cwnd of what? write tcp.cwnd(NODE)"},
    {"link.utilisation every 1 s",
     "link.utilisation of what? write link.utilisation(NODE -> NODE)"},
    {"drops.lost(a) every 1 s",
     "drops.lost: there is no \"a\" that it can be of; a line such as (isp -> "
     "home) or (isp -- home) would be right"},
    {"tcp.cwnd(c) every 1 s", "no node is called \"c\""},
    {"tcp.cwnd(a:http) every 1 s", "\"a:http\" is no NODE or NODE:PORT"},
    {"tcp.goodput(a:80) every 1 s",
     "\"a:80\" is no node; a name alone would be right"},
    {"link.queue.bytes(a -- b) every 1 s",
     "\"a -- b\" is no direction of a line; name its ends, such as (home -> "
     "isp)"},
    {"tcp.cwnd(a every 1 s", "\"tcp.cwnd(a\" is nothing that can be measured; "
                             "write NAME or NAME(NODE), "
                             "NAME(NODE -> NODE)"},
    {"tcp.cwnd(a), tcp.cwnd( a ) every 1 s",
     "tcp.cwnd(a) stands there twice; once would be right"},
    {"drops every 1 ns", "every 1 ns: samples are at least 1 us apart"},
    {"drops every 1", "\"1\" has no unit; write a time such as 20 ms (units: "
                      "ns, us, ms, s, min, h)"},
};

START_TEST(a_mistake_is_told_where_it_is)
{
    char *more = g_strdup_printf("kind = connect\nto = b:80\n[measure]\n"
                                 "sample = %s\n",
                                 mistakes[_i].sample);
    char *why, *wanted;
    Plan *plan = plan_of_text(text, more, &why);

    ck_assert_ptr_null(plan);
    wanted = g_strdup_printf("text.ini:24: [measure] sample: %s",
                             mistakes[_i].message);
    ck_assert_msg(g_str_has_suffix(why, wanted), "%s\nis not\n%s", why, wanted);
    g_free(wanted);
    g_free(why);
    g_free(more);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("series");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_folder, drop_folder);
    tcase_add_test(tests, a_queue_is_what_waits);
    tcase_add_test(tests, windows_and_timers_are_a_connections);
    tcase_add_test(tests, intervals_add_up);
    tcase_add_test(tests, connections_are_counted_in_each_state);
    tcase_add_test(tests, sampling_changes_nothing);
    tcase_add_test(tests, results_have_every_value_and_verify_compares_them);
    tcase_add_test(tests, a_mean_is_of_the_runs_that_have_a_value);
    tcase_add_loop_test(tests, a_mistake_is_told_where_it_is, 0,
                        G_N_ELEMENTS(mistakes));
    return run_tests("series", tests, NULL);
}
