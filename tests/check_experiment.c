/* check_experiment.c - runs on one thread and on several, results folders, full
 * disks, plots. */
#include <math.h>
#include <signal.h>
#include <sys/resource.h>

#include <sqlite3.h>

#include "experiments/experiment.h"
#include "experiments/plot.h"
#include "experiments/stop_rule.h"
#include "experiments/stopping.h"
#include "experiments/store.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

static bool run_into(const Plan *plan, const char *name, unsigned threads,
                     bool force, GString *report, GError **error)
{
    char *path = in_folder(name);
    ExperimentOptions options = {
        .folder = path, .threads = threads, .samples = true, .force = force};
    Experiment experiment;
    bool good = experiment_run(&experiment, plan, &options, error);

    if (good && report != NULL)
        experiment_expectations(&experiment, report);
    experiment_clear(&experiment);
    g_free(path);
    return good;
}

/* Every row of every table that does not depend on the computer's clock. */
static char *dump(const char *name)
{
    static const char *const tables[] = {"meta", "file",  "metric",
                                         "axis", "point", "point_value",
                                         "run",  "value", "sample"};
    char *path = in_folder(name);
    char *file = g_build_filename(path, "results.sqlite", NULL);
    GString *text = g_string_new(NULL);
    sqlite3 *db;

    ck_assert_int_eq(sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++) {
        char *sql = g_strdup_printf("SELECT * FROM %s", tables[i]);
        sqlite3_stmt *rows;

        ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL),
                         SQLITE_OK);
        while (sqlite3_step(rows) == SQLITE_ROW)
            for (int c = 0; c < sqlite3_column_count(rows); c++) {
                char *hex = g_compute_checksum_for_data(
                    G_CHECKSUM_MD5, sqlite3_column_blob(rows, c),
                    (gsize)sqlite3_column_bytes(rows, c));

                g_string_append_printf(text, "%s %s\n", tables[i], hex);
                g_free(hex);
            }
        sqlite3_finalize(rows);
        g_free(sql);
    }
    sqlite3_close(db);
    g_free(file);
    g_free(path);
    return g_string_free(text, FALSE);
}

static char *contents(const char *name, const char *file)
{
    char *path = g_build_filename(folder, name, file, NULL), *text;

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    g_free(path);
    return text;
}

static void ck_assert_same(char *a /* taken */, char *b /* taken */)
{
    ck_assert_uint_gt(strlen(a), 100);
    ck_assert(strcmp(a, b) == 0);
    g_free(a);
    g_free(b);
}

START_TEST(the_number_of_threads_changes_nothing)
{
    Plan *plan = read_plan(0, NULL);

    ck_assert(run_into(plan, "one", 1, false, NULL, NULL));
    ck_assert(run_into(plan, "two", 2, false, NULL, NULL));
    ck_assert(run_into(plan, "five", 5, false, NULL, NULL));
    ck_assert_same(dump("one"), dump("two"));
    ck_assert_same(dump("one"), dump("five"));
    ck_assert_same(contents("one", "summary.csv"),
                   contents("five", "summary.csv"));
    ck_assert_same(contents("one", "samples.csv"),
                   contents("five", "samples.csv"));
    plan_free(plan);
}
END_TEST

START_TEST(what_is_recorded_runs_again)
{
    Plan *plan = read_plan(0, NULL), *again;
    char *path = in_folder("first"), *was, *is;
    Config *effective;
    Store *store;

    ck_assert(run_into(plan, "first", 2, false, NULL, NULL));
    effective = plan_effective(plan);
    was = config_to_text(effective);
    config_free(effective);
    store = store_open(path, &again, NULL);
    ck_assert_ptr_nonnull(store);
    effective = plan_effective(again);
    is = config_to_text(effective);
    config_free(effective);
    /* The site is read from its copy, everything else is as it was. */
    ck_assert_ptr_nonnull(strstr(is, "site = files/"));
    ck_assert_uint_eq(strlen(is), strlen(was) + strlen("files/"));
    ck_assert(run_into(again, "second", 2, false, NULL, NULL));
    ck_assert_same(dump("first"), dump("second"));
    store_free(store);
    plan_free(again);
    plan_free(plan);
    g_free(was);
    g_free(is);
    g_free(path);
}
END_TEST

START_TEST(a_changed_value_is_found)
{
    Plan *plan = read_plan(0, NULL), *again;
    char *path = in_folder("results"), *why;
    PlanPoint *point;
    RunResult *result;
    Store *store;

    ck_assert(run_into(plan, "results", 2, false, NULL, NULL));
    plan_free(plan);
    store = store_open(path, &again, NULL);
    point = plan_point_new(again, 2, NULL);
    result = run_once(again, point, 1, false);
    ck_assert_ptr_null(store_difference(store, result));
    result->failures[METRIC_HANDSHAKE_LATENCY]++;
    why = store_difference(store, result);
    ck_assert_str_eq(why, "tcp.handshake.latency: failures was 0, is 1");
    g_free(why);
    result->fingerprint[0] ^= 1;
    why = store_difference(store, result);
    ck_assert_ptr_nonnull(strstr(why, "the fingerprint was"));
    g_free(why);
    run_result_free(result);
    plan_point_free(point);
    store_free(store);
    plan_free(again);
    g_free(path);
}
END_TEST

START_TEST(expectations_are_held_against_what_came_out)
{
    Plan *plan =
        read_plan(34, "low = mean(tcp.handshake.latency) < 15 ms where "
                      "link client -- web.loss is 0 %");
    GString *report = g_string_new(NULL);

    ck_assert(run_into(plan, "results", 2, false, report, NULL));
    ck_assert_str_eq(
        report->str,
        "expect low: does not hold at link client -- web.loss = 0 %, "
        "tcp.profile = linux: it is 20 ms, expected < 15 ms\n"
        "expect low: does not hold at link client -- web.loss = 0 %, "
        "tcp.profile = rfc: it is 20 ms, expected < 15 ms\n");
    g_string_free(report, TRUE);
    plan_free(plan);
}
END_TEST

START_TEST(many_failures_are_counted)
{
    char *sets[] = {"sweep.tcp.syn_retries=3, 4", NULL};
    char *file =
        write_experiment(34, "low = mean(tcp.handshake.latency) < 15 ms");
    Plan *plan = plan_read(file, sets, NULL);
    GString *report = g_string_new(NULL);
    unsigned lines = 0;

    ck_assert(run_into(plan, "results", 2, false, report, NULL));
    for (const char *at = report->str; *at != '\0'; at++)
        lines += *at == '\n';
    ck_assert_uint_eq(lines, 5);
    ck_assert(g_str_has_suffix(report->str,
                               "expect low: nor at 4 more of 8 points\n"));
    g_free(file);
    g_string_free(report, TRUE);
    plan_free(plan);
}
END_TEST

/* --- the results folder --------------------------------------------------- */

START_TEST(another_folder_is_refused_and_left_alone)
{
    Plan *plan = read_plan(0, NULL);
    char *file = in_folder("taken");
    GError *error = NULL;

    ck_assert(g_file_set_contents(file, "precious", -1, NULL));
    ck_assert(!run_into(plan, "taken", 1, false, NULL, &error));
    ck_assert(g_error_matches(error, STORE_ERROR, STORE_ERROR_REFUSED));
    g_clear_error(&error);
    /* The test's own folder holds files that are no results. */
    ck_assert(!run_into(plan, ".", 1, true, NULL, &error));
    ck_assert(g_error_matches(error, STORE_ERROR, STORE_ERROR_REFUSED));
    g_clear_error(&error);
    plan_free(plan);
    g_free(file);
}
END_TEST

START_TEST(results_of_another_experiment_are_replaced_only_by_force)
{
    Plan *plan = read_plan(0, NULL), *other;
    GError *error = NULL;

    ck_assert(run_into(plan, "results", 2, false, NULL, NULL));
    ck_assert(run_into(plan, "results", 2, false, NULL, NULL));
    plan_free(plan);
    other = read_plan(18, "count = 20");
    ck_assert(!run_into(other, "results", 2, false, NULL, &error));
    ck_assert(g_error_matches(error, STORE_ERROR, STORE_ERROR_REFUSED));
    g_clear_error(&error);
    ck_assert(run_into(other, "results", 2, true, NULL, NULL));
    plan_free(other);
}
END_TEST

static bool stop_after_some(void *data) { return ++*(unsigned *)data > 6; }

START_TEST(stopped_early_it_leaves_what_was_done)
{
    Plan *plan = read_plan(0, NULL), *again;
    char *path = in_folder("results");
    unsigned calls = 0, *counts, runs = 0;
    ExperimentOptions options = {
        .folder = path, .threads = 1, .data = &calls, .stop = stop_after_some};
    Experiment experiment;
    Store *store;

    ck_assert(experiment_run(&experiment, plan, &options, NULL));
    ck_assert(!experiment.whole);
    experiment_clear(&experiment);
    store = store_open(path, &again, NULL);
    ck_assert_ptr_nonnull(store);
    counts = store_replications(store, NULL);
    for (unsigned i = 0; i < plan->points; i++)
        runs += counts[i];
    ck_assert_uint_ge(runs, 6);
    ck_assert_uint_lt(runs, 12);
    g_free(counts);
    store_free(store);
    plan_free(again);
    plan_free(plan);
    g_free(path);
}
END_TEST

/* A limit on the size of files is the full disk of whoever is not root. */
START_TEST(a_full_disk_is_said_and_harms_nothing)
{
    Plan *plan = read_plan(24, "max = 400");
    struct rlimit limit = {300000, 300000};
    GError *error = NULL;
    Plan *again;
    char *path = in_folder("results");
    unsigned *counts;
    Store *store;

    plan->until->count = 0;
    plan->replicate.min = plan->replicate.max = 400;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert(!run_into(plan, "results", 2, false, NULL, &error));
    ck_assert(g_error_matches(error, STORE_ERROR, STORE_ERROR_WRITE));
    ck_assert_ptr_nonnull(strstr(error->message, "results.sqlite"));
    g_clear_error(&error);
    store = store_open(path, &again, NULL);
    ck_assert_ptr_nonnull(store);
    counts = store_replications(store, NULL);
    ck_assert_ptr_nonnull(counts);
    g_free(counts);
    store_free(store);
    plan_free(again);
    plan_free(plan);
    g_free(path);
}
END_TEST

/* --- plots ---------------------------------------------------------------- */

START_TEST(theory_is_drawn_only_where_it_holds)
{
    Plan *plan = read_plan(0, NULL);
    PointSummary *summaries = g_new(PointSummary, plan->points);
    char *script;

    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&summaries[i], plan);
    script = plot_script(plan, g_ptr_array_index(plan->plots, 0), summaries,
                         NULL, 1);
    ck_assert_ptr_nonnull(strstr(script, "line: exact theory"));
    g_free(script);
    plan_free(plan);
    plan = read_plan(12, "mode = dynamic");
    script = plot_script(plan, g_ptr_array_index(plan->plots, 0), summaries,
                         NULL, 2);
    ck_assert_ptr_nonnull(strstr(script, "no theory drawn: ARP asks"));
    ck_assert_ptr_null(strstr(script, "line: exact theory"));
    g_free(script);
    for (unsigned i = 0; i < plan->points; i++)
        summary_clear(&summaries[i]);
    g_free(summaries);
    plan_free(plan);
}
END_TEST

/* --- estimates ------------------------------------------------------------ */

/* A replication with one sample of latency, and RETRANSMISSIONS in the run. */
static void add_replication(PointSummary *summary, int64_t latency,
                            int64_t retransmissions)
{
    uint64_t failures[METRICS] = {[METRIC_HANDSHAKE_LATENCY] = 1};
    Metric metrics[METRICS];

    for (int id = 0; id < METRICS; id++)
        metric_init(&metrics[id]);
    metric_add(&metrics[METRIC_HANDSHAKE_LATENCY], latency);
    metric_add(&metrics[METRIC_RETRANSMISSIONS], retransmissions);
    summary_add(summary, metrics, failures, NULL);
    for (int id = 0; id < METRICS; id++)
        metric_clear(&metrics[id]);
}

START_TEST(the_interval_of_a_mean_is_students)
{
    PointSummary summary;
    const MetricSummary *metric;

    summary_init(&summary, NULL);
    metric = &summary.metrics[METRIC_HANDSHAKE_LATENCY];
    add_replication(&summary, 1000, 0);
    ck_assert(isinf(summary_half_width(metric, 0.95)));
    add_replication(&summary, 2000, 0);
    add_replication(&summary, 3000, 0);
    ck_assert_double_eq_tol(metric->mean, 2000, 1e-9);
    /* t of 2 degrees at 0.975 is 4.302653; the deviation is 1000. */
    ck_assert_double_eq_tol(summary_half_width(metric, 0.95),
                            4.302653 * 1000 / sqrt(3), 1e-2);
    ck_assert_double_eq_tol(summary_value(metric, STATISTIC_FAILURES), 0.5,
                            1e-12);
    summary_clear(&summary);
}
END_TEST

START_TEST(a_lossy_point_has_to_see_the_rare_event)
{
    Plan *plan = read_plan(23, "min = 2");
    PointSummary *summaries = g_new(PointSummary, plan->points);
    PointSummary *summary = &summaries[0];

    summary_init(summary, plan);
    summary->lossy = true;
    for (int i = 0; i < 50; i++)
        add_replication(summary, 20000, 0);
    ck_assert(!stopping_holds(plan, summaries, 0));
    summary->lossy = false;
    ck_assert(stopping_holds(plan, summaries, 0));
    summary->lossy = true;
    add_replication(summary, 20000, 1);
    ck_assert(!stopping_holds(plan, summaries, 0));
    add_replication(summary, 20000, 1);
    ck_assert(stopping_holds(plan, summaries, 0));
    add_replication(summary, 1020000, 1); /* wide again */
    ck_assert(!stopping_holds(plan, summaries, 0));
    summary_clear(summary);
    g_free(summaries);
    plan_free(plan);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("experiment");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, the_number_of_threads_changes_nothing);
    tcase_add_test(tcase, what_is_recorded_runs_again);
    tcase_add_test(tcase, a_changed_value_is_found);
    tcase_add_test(tcase, expectations_are_held_against_what_came_out);
    tcase_add_test(tcase, many_failures_are_counted);
    tcase_add_test(tcase, another_folder_is_refused_and_left_alone);
    tcase_add_test(tcase,
                   results_of_another_experiment_are_replaced_only_by_force);
    tcase_add_test(tcase, stopped_early_it_leaves_what_was_done);
    tcase_add_test(tcase, a_full_disk_is_said_and_harms_nothing);
    tcase_add_test(tcase, theory_is_drawn_only_where_it_holds);
    tcase_add_test(tcase, the_interval_of_a_mean_is_students);
    tcase_add_test(tcase, a_lossy_point_has_to_see_the_rare_event);
    return run_tests("experiment", tcase, NULL);
}
