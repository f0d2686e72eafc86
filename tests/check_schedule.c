/* check_schedule.c - which runs are made, and when they are enough: the same
 * whoever makes them, in whatever order they come. */
#include <math.h>

#include "experiments/doubts.h"
#include "experiments/schedule.h"
#include "experiments/stop_rule.h"
#include "experiments/stopping.h"
#include "sim/rng.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

enum { POINTS = 4 };
#define UNTIL "until = halfwidth"

/* --- an executor whose runs come back in any order ------------------------ */

typedef struct Shuffled {
    Executor executor; /* first */
    const Plan *plan;
    GPtrArray *waiting; /* of RunResult * */
    Stream order;
    bool alike; /* all runs of a point are the same */
    unsigned made;
} Shuffled;

/* A sample that spreads more at later points. */
static RunResult *make_run(const Shuffled *self, unsigned point,
                           uint32_t replication)
{
    RunResult *result = run_result_new(point, replication, METRICS);
    Stream stream;
    Sim sim;

    sim_init(&sim, 7, replication);
    stream_init(&stream, &sim, "test", "samples");
    result->lossy = result->random = true;
    metric_add(&result->metrics[METRIC_HANDSHAKE_LATENCY],
               1000000 + stream_exponential(
                             &stream, 100000 * (1 + (int)(point * point))));
    metric_add(&result->metrics[METRIC_DROPS_LOST], self->alike ? 0 : 1);
    g_snprintf(result->fingerprint, sizeof result->fingerprint, "%u",
               self->alike ? 0 : replication);
    sim_clear(&sim);
    return result;
}

static void submit(Executor *executor, const PlanPoint *point,
                   uint32_t replication)
{
    Shuffled *self = (Shuffled *)executor;

    self->made++;
    g_ptr_array_add(self->waiting, make_run(self, point->number, replication));
}

static RunResult *take(Executor *executor, uint64_t usec)
{
    Shuffled *self = (Shuffled *)executor;
    unsigned waiting = self->waiting->len;

    return waiting == 0 ? NULL
                        : g_ptr_array_steal_index_fast(
                              self->waiting,
                              (unsigned)stream_below(&self->order, waiting));
}

static void drop(Executor *executor)
{
    g_ptr_array_free(((Shuffled *)executor)->waiting, TRUE);
}

static bool count_run(void *data, const RunResult *result, GError **error)
{
    unsigned *runs = data;

    ck_assert_uint_eq(runs[result->point]++, result->replication);
    return true;
}

/* Runs PLAN with SLOTS runs at once; ORDER: of their coming back.  How many
 * runs were made. */
static unsigned run_plan(const Plan *plan, unsigned slots, unsigned order,
                         bool alike, PointSummary summaries[POINTS])
{
    Shuffled executor = {.executor = {slots, submit, take, drop},
                         .plan = plan,
                         .waiting = g_ptr_array_new_with_free_func(
                             (GDestroyNotify)run_result_free),
                         .alike = alike};
    unsigned runs[POINTS] = {0};
    RunOptions options = {.executor = &executor.executor};
    RunListener listener = {.data = runs, .result = count_run};
    Sim sim;

    sim_init(&sim, order, 0);
    stream_init(&executor.order, &sim, "test", "order");
    ck_assert_uint_eq(plan->points, POINTS);
    for (unsigned i = 0; i < POINTS; i++)
        summary_init(&summaries[i], plan);
    ck_assert(run_all(plan, &options, &listener, summaries, NULL));
    for (unsigned i = 0; i < POINTS; i++)
        ck_assert_uint_eq(runs[i], summaries[i].replications);
    executor_free(&executor.executor);
    sim_clear(&sim);
    return executor.made;
}

static void clear(PointSummary summaries[POINTS])
{
    for (unsigned i = 0; i < POINTS; i++)
        summary_clear(&summaries[i]);
}

static Plan *plan_with(const char *until, uint32_t min, uint32_t max)
{
    Plan *plan = read_plan(25, until);

    plan->replicate.min = min;
    plan->replicate.max = max;
    return plan;
}

/* --- stopping ------------------------------------------------------------- */

#define LATENCY "tcp.handshake.latency"
static const char *const rules[] = {
    UNTIL "(mean(" LATENCY ")) < 2 % at 95 %",
    UNTIL "(p90(" LATENCY ")) < 15 % at 95 %",
    UNTIL "(difference(mean(" LATENCY
          ")) to tcp.profile is linux) < 60 us at 95 %",
    UNTIL "(difference(mean(" LATENCY
          ")) to tcp.profile is rfc) < 20 us at 95 % and "
          "halfwidth(mean(" LATENCY ")) < 1.5 %",
    UNTIL "(difference(mean(" LATENCY ")) to link client -- web.loss is 20 %) "
          "< 100 us at 95 % and halfwidth(difference(p50(" LATENCY
          ")) to tcp.profile is linux) < 40 us",
};

START_TEST(the_order_in_which_runs_come_changes_nothing)
{
    Plan *plan = plan_with(rules[_i], 6, 300);
    PointSummary first[POINTS], other[POINTS];

    run_plan(plan, 1, 0, false, first);
    for (unsigned order = 1; order <= 12; order++) {
        run_plan(plan, 1 + order % 5 * 3, order, false, other);
        for (unsigned i = 0; i < POINTS; i++) {
            ck_assert_uint_eq(first[i].replications, other[i].replications);
            ck_assert_double_eq(
                first[i].metrics[METRIC_HANDSHAKE_LATENCY].mean,
                other[i].metrics[METRIC_HANDSHAKE_LATENCY].mean);
            ck_assert(first[i].converged == other[i].converged);
        }
        clear(other);
    }
    /* The rule had something to decide. */
    ck_assert(first[0].converged);
    ck_assert_uint_gt(MAX(first[0].replications, first[3].replications), 6);
    clear(first);
    plan_free(plan);
}
END_TEST

START_TEST(a_baseline_goes_on_while_it_is_needed)
{
    Plan *plan = plan_with(rules[2], 6, 300);
    PointSummary summaries[POINTS];

    run_plan(plan, 2, 0, false, summaries);
    /* Points 0 and 2 are baselines, of 1 and 3. */
    ck_assert_uint_eq(summaries[0].replications, summaries[1].replications);
    ck_assert_uint_eq(summaries[2].replications, summaries[3].replications);
    ck_assert_uint_ne(summaries[0].replications, summaries[2].replications);
    clear(summaries);
    plan_free(plan);
}
END_TEST

START_TEST(a_rule_that_cannot_hold_ends_at_the_maximum)
{
    Plan *plan = plan_with(UNTIL "(difference(p99.9(" LATENCY
                                 ")) to tcp.profile is linux) < 1 us at 95 %",
                           6, 47);
    PointSummary summaries[POINTS];

    run_plan(plan, 3, 5, false, summaries);
    for (unsigned i = 0; i < POINTS; i++) {
        ck_assert_uint_eq(summaries[i].replications, 47);
        ck_assert(summaries[i].converged == (i % 2 == 0));
    }
    clear(summaries);
    plan_free(plan);
}
END_TEST

START_TEST(hardly_a_run_is_made_for_nothing)
{
    Plan *plan = plan_with(_i < 3 ? rules[_i] : "until = none", 6, 300);
    PointSummary summaries[POINTS];
    unsigned made = run_plan(plan, 1, 0, false, summaries), needed = 0;

    for (unsigned i = 0; i < POINTS; i++)
        needed += summaries[i].replications;
    /* Those of the last point that were on their way when it was done. */
    ck_assert_uint_ge(made, needed);
    ck_assert_uint_le(made, needed + 1);
    clear(summaries);
    plan_free(plan);
}
END_TEST

START_TEST(looks_are_a_batch_apart)
{
    Plan *plan = plan_with(rules[0], 6, 100);

    for (unsigned n = 1; n <= 100; n++)
        ck_assert_msg(stopping_looks(plan, n) ==
                          ((n >= 6 && n <= 20) || n == 22 || n == 24 ||
                           n == 26 || n == 28 || n == 30 || n == 33 ||
                           n == 36 || n == 39 || n == 42 || n == 46 ||
                           n == 50 || n == 55 || n == 60 || n == 66 ||
                           n == 72 || n == 79 || n == 86 || n == 94 ||
                           n == 100),
                      "%u", n);
    plan->replicate.batch = 25;
    ck_assert_uint_eq(stopping_next_look(plan, 0), 6);
    ck_assert_uint_eq(stopping_next_look(plan, 30), 31);
    ck_assert_uint_eq(stopping_next_look(plan, 31), 56);
    ck_assert_uint_eq(stopping_next_look(plan, 99), 100);
    for (unsigned n = 1; n <= 100; n++)
        ck_assert(stopping_looks(plan, n) ==
                  (n == 6 || n == 31 || n == 56 || n == 81 || n == 100));
    plan_free(plan);
}
END_TEST

/* --- what does not vary ----------------------------------------------------
 */

/* Adds RUNS, all with this LATENCY (ns) and so many DROPS, and the same one
 * when ALIKE. */
static void add_alike(PointSummary *summary, unsigned runs, int64_t latency,
                      int64_t drops, bool alike)
{
    for (unsigned i = 0; i < runs; i++) {
        static const uint64_t failures[METRICS] = {0};
        Metric metrics[METRICS] = {0};

        metric_add(&metrics[METRIC_HANDSHAKE_LATENCY], latency);
        metric_add(&metrics[METRIC_DROPS], drops);
        summary->same += alike && summary->replications > 0;
        summary_add(summary, metrics, failures, NULL);
        for (int id = 0; id < METRICS; id++)
            metric_clear(&metrics[id]);
    }
}

/* A rule, and after how many runs that say the same it holds (0: never); their
 * drops; whether they are all the same run. */
static const struct {
    const char *until;
    unsigned least;
    int64_t latency, drops;
    bool alike;
} constant[] = {
    {UNTIL "(mean(drops)) < 5 % at 95 %", 0, 20, 0, false},
    {UNTIL "(mean(drops)) < 5 % at 95 %", 2, 20, 0, true},
    {UNTIL "(count(drops)) < 0.1 at 95 %", 19, 20, 0, false},
    /* Garwood: none in 10 runs, the mean is 0 to 0.3689. */
    {UNTIL "(mean(drops)) < 0.1845 at 95 %", 10, 20, 0, false},
    {UNTIL "(mean(drops)) < 10 % at 95 %", 10, 20, 2, false},
    {UNTIL "(mean(tcp.handshake.latency)) < 5 % at 95 %", 2, 20, 0, false},
    {UNTIL "(mean(tcp.handshake.latency)) < 5 % at 95 %", 0, 0, 0, false},
    {UNTIL "(mean(tcp.handshake.latency)) < 1 us at 95 %", 2, 0, 0, false},
    {UNTIL "(difference(mean(drops)) to tcp.profile is linux) < 5 % at 95 %", 2,
     20, 0, false},
};

START_TEST(what_has_not_varied_yet_is_not_known)
{
    Plan *plan = plan_with(constant[_i].until, 2, 100);
    PointSummary summaries[POINTS];

    for (unsigned i = 0; i < POINTS; i++)
        summary_init(&summaries[i], plan);
    add_alike(&summaries[0], 1, constant[_i].latency, constant[_i].drops,
              constant[_i].alike);
    for (unsigned n = 2; n <= 99; n++) {
        add_alike(&summaries[0], 1, constant[_i].latency, constant[_i].drops,
                  constant[_i].alike);
        ck_assert_msg(stopping_holds(plan, summaries, 0) ==
                          (constant[_i].least > 0 && n >= constant[_i].least),
                      "%s: %u", constant[_i].until, n);
    }
    clear(summaries);
    plan_free(plan);
}
END_TEST

/* --- streams -------------------------------------------------------------- */

START_TEST(streams_are_common_or_independent)
{
    Plan *plan = read_plan(23, "streams = independent");
    PlanPoint *point = plan_point_new(plan, 2, NULL);
    RunResult *own = run_once(plan, point, 0, false), *common;

    ck_assert_int_eq(plan->replicate.streams, STREAMS_INDEPENDENT);
    for (unsigned i = 1; i < POINTS; i++)
        ck_assert_uint_ne(plan_seed(plan, i), plan_seed(plan, i - 1));
    plan->replicate.streams = STREAMS_COMMON;
    for (unsigned i = 0; i < POINTS; i++)
        ck_assert_uint_eq(plan_seed(plan, i), plan->replicate.seed);
    common = run_once(plan, point, 0, false);
    ck_assert_str_ne(own->fingerprint, common->fingerprint);
    run_result_free(own);
    run_result_free(common);
    plan_point_free(point);
    plan_free(plan);
}
END_TEST

/* --- doubts --------------------------------------------------------------- */

START_TEST(runs_that_are_the_same_are_doubted)
{
    Plan *plan = plan_with("until = none", 6, 10);
    PointSummary summaries[POINTS];
    GString *report = g_string_new(NULL);

    run_plan(plan, 2, 0, false, summaries);
    doubts_report(plan, summaries, report);
    ck_assert_str_eq(report->str, "");
    clear(summaries);
    run_plan(plan, 2, 0, true, summaries);
    doubts_report(plan, summaries, report);
    ck_assert_ptr_nonnull(strstr(
        report->str, "doubt at link client -- web.loss = 0 %, tcp.profile = "
                     "linux: 5 of 6 runs are the same as an earlier one"));
    ck_assert_ptr_nonnull(strstr(report->str, "no rare event seen"));
    ck_assert_uint_eq(summaries[0].same, 5);
    clear(summaries);
    g_string_free(report, TRUE);
    plan_free(plan);
}
END_TEST

START_TEST(what_has_not_ended_is_doubted)
{
    Plan *plan = plan_with("until = none", 6, 10);
    uint64_t failures[METRICS] = {[METRIC_HANDSHAKE_LATENCY] = 7};
    GString *report = g_string_new(NULL);
    PointSummary summaries[POINTS];
    Metric metrics[METRICS] = {0};

    for (unsigned i = 0; i < POINTS; i++)
        summary_init(&summaries[i], plan);
    metric_add(&metrics[METRIC_HANDSHAKE_UNFINISHED], 2);
    metric_add(&metrics[METRIC_FAILURES_TIMED_OUT], 7);
    summary_add(&summaries[0], metrics, failures, NULL);
    failures[METRIC_HANDSHAKE_LATENCY] = 0;
    summary_add(&summaries[1], metrics, failures, NULL);
    metric_add_many(&metrics[METRIC_HANDSHAKE_LATENCY], 20000000, 198);
    summary_add(&summaries[2], metrics, failures, NULL);
    doubts_report(plan, summaries, report);
    ck_assert_str_eq(
        report->str,
        "doubt at link client -- web.loss = 0 %, tcp.profile = linux: all 7 "
        "that ended failed: tcp.handshake.latency has no sample (most: "
        "tcp.failures.timed_out)\n"
        "doubt at link client -- web.loss = 0 %, tcp.profile = rfc: none of 2 "
        "ended: tcp.handshake.latency has no sample\n"
        "doubt at link client -- web.loss = 20 %, tcp.profile = linux: 2 of "
        "200 had not ended when the runs did: those are no part of "
        "tcp.handshake.latency, which is of the faster ones only\n");
    /* Some always are under way where it does not begin with the run. */
    plan->measure.from = 1;
    g_string_truncate(report, 0);
    doubts_report(plan, summaries, report);
    ck_assert_ptr_null(strstr(report->str, "2 of 200"));
    for (int id = 0; id < METRICS; id++)
        metric_clear(&metrics[id]);
    clear(summaries);
    g_string_free(report, TRUE);
    plan_free(plan);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("schedule");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, the_order_in_which_runs_come_changes_nothing, 0,
                        G_N_ELEMENTS(rules));
    tcase_add_test(tcase, a_baseline_goes_on_while_it_is_needed);
    tcase_add_test(tcase, a_rule_that_cannot_hold_ends_at_the_maximum);
    tcase_add_loop_test(tcase, hardly_a_run_is_made_for_nothing, 0, 4);
    tcase_add_test(tcase, looks_are_a_batch_apart);
    tcase_add_test(tcase, streams_are_common_or_independent);
    tcase_add_test(tcase, runs_that_are_the_same_are_doubted);
    tcase_add_loop_test(tcase, what_has_not_varied_yet_is_not_known, 0,
                        G_N_ELEMENTS(constant));
    tcase_add_test(tcase, what_has_not_ended_is_doubted);
    return run_tests("schedule", tcase, NULL);
}
