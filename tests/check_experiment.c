/* check_experiment.c - experiments: what a file may say, runs on one thread and
 * two, results folders, and the sweep against the exact theory. */
#include <check.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <glib/gstdio.h>
#include <gsl/gsl_cdf.h>
#include <sqlite3.h>

#include "experiments/experiment.h"
#include "experiments/plot.h"
#include "experiments/store.h"
#include "experiments/syn_path.h"

/* --- fixture: a folder of its own, and an experiment to vary ------------------- */

static char *folder; /* of this test, which Check runs in a process of its own */

static const char *const lines[] = {
    "[experiment]",
    "title = A test",
    "[node client]",
    "kind = client",
    "[node web]",
    "kind = server",
    "http = yes",
    "[link client -- web]",
    "rate = unlimited",
    "delay = 10 ms",
    "[arp]",
    "mode = static",
    "[workload connects]",
    "kind = connect",
    "node = client",
    "to = web:80",
    "arrivals = poisson 20 /s",
    "count = 50",
    "[sweep]",
    "link client -- web.loss = 0 %, 20 %",
    "tcp.profile = linux, rfc",
    "[replicate]",
    "min = 3",
    "max = 9",
    "until = halfwidth(mean(tcp.handshake.latency)) < 20 % at 95 %",
    "rare = 2",
    "[plot latency]",
    "metric = tcp.handshake.latency",
    "x = link client -- web.loss",
    "y = mean, p99",
    "series = tcp.profile",
    "theory = syn-backoff",
    "[expect]",
    "lossless = mean(tcp.handshake.latency) is 20 ms where link client -- "
    "web.loss is 0 %",
    NULL};

static void make_folder(void)
{
    folder = g_dir_make_tmp("firstbyte-XXXXXX", NULL);
    ck_assert_ptr_nonnull(folder);
}

static void remove_tree(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        char *child = g_build_filename(path, name, NULL);

        remove_tree(child);
        g_free(child);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_remove(path);
}

static void drop_folder(void)
{
    remove_tree(folder);
    g_free(folder);
}

static char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

/* Writes the experiment with its line LINE (from 1; 0: none) replaced by TEXT. */
static char *write_experiment(int line, const char *text)
{
    GString *whole = g_string_new(NULL);
    char *file = in_folder("test.ini");

    for (int i = 0; lines[i] != NULL; i++)
        g_string_append_printf(whole, "%s\n", i + 1 == line ? text : lines[i]);
    ck_assert(g_file_set_contents(file, whole->str, -1, NULL));
    g_string_free(whole, TRUE);
    return file;
}

static Plan *read_plan(int line, const char *text)
{
    char *file = write_experiment(line, text);
    GError *error = NULL;
    Plan *plan = plan_read(file, NULL, &error);

    ck_assert_msg(plan != NULL, "%s", error != NULL ? error->message : "");
    g_free(file);
    return plan;
}

/* --- what a file may say ---------------------------------------------------------- */

START_TEST(the_last_axis_varies_fastest)
{
    Plan *plan = read_plan(0, NULL);
    static const char *const texts[] = {
        "link client -- web.loss = 0 %, tcp.profile = linux",
        "link client -- web.loss = 0 %, tcp.profile = rfc",
        "link client -- web.loss = 20 %, tcp.profile = linux",
        "link client -- web.loss = 20 %, tcp.profile = rfc"};

    ck_assert_uint_eq(plan->points, 4);
    for (unsigned i = 0; i < plan->points; i++) {
        char *text = plan_point_text(plan, i);

        ck_assert_str_eq(text, texts[i]);
        g_free(text);
    }
    plan_free(plan);
}
END_TEST

START_TEST(a_file_without_a_sweep_has_one_point)
{
    char *file = in_folder("one.ini");
    Plan *plan;

    ck_assert(g_file_set_contents(
        file,
        "[experiment]\ntopology = direct.ini\n[workload w]\nkind = connect\n"
        "node = client\nto = web:80\n",
        -1, NULL));
    plan = plan_read(file, NULL, NULL);
    ck_assert_ptr_nonnull(plan);
    ck_assert_uint_eq(plan->points, 1);
    plan_free(plan);
    g_free(file);
}
END_TEST

/* Line of the experiment, what is put there, what the message must hold. */
static const struct {
    int line;
    const char *text, *message;
} mistakes[] = {
    {2, "titel = A test", "test.ini:2: [experiment] titel: "},
    {2, "topology = nowhere.ini", "nowhere.ini"},
    {14, "kind = conect", "test.ini:14: [workload connects] kind: "},
    {15, "node = nobody", "no node is called \"nobody\""},
    {15, "node = web", NULL}, /* a server may connect as well */
    {16, "to = web", "names no port"},
    {16, "to = web:0", "names no port"},
    {16, "to = web:http", "names no port"},
    {16, "to = nobody:80", "no node is called \"nobody\""},
    {17, "arrivals = often", "is no way to arrive"},
    {17, "arrivals = poisson 10", "test.ini:17: [workload connects] arrivals: "},
    {17, "arrivals = every 0 s", "is no gap between arrivals"},
    {18, "count = 0", "test.ini:18: [workload connects] count: "},
    {20, "link client -- web.los = 0 %", "test.ini:20: [sweep] "},
    {20, "link client -- nobody.loss = 0 %", "nobody"},
    {20, "link client -- web.loss = 0 %, 130 %", "test.ini:20: [sweep] "},
    {20, "link client -- web.loss = 0 %, 5", "test.ini:20: [sweep] "},
    {20, "nonsense = 1", "it is not a group, a dot and a key"},
    {20, "replicate.seed = 1, 2", "nothing called [replicate] can be swept"},
    {21, "tcp.profile = linux, bsd", "test.ini:21: [sweep] tcp.profile: "},
    {23, "min = 10", "less than min"},
    {24, "max = many", "test.ini:24: [replicate] max: "},
    {25, "until = soon", "is no stopping rule"},
    {25, "until = halfwidth(mean(tcp.latency)) < 5 % at 95 %",
     "there is no metric \"tcp.latency\""},
    {25, "until = halfwidth(mean(tcp.handshake.latency)) < 5 % at 100 %",
     "the level between"},
    {25, "until = halfwidth(mean(tcp.handshake.latency)) < 5 at 95 %",
     "test.ini:25: [replicate] until: "},
    {28, "metric = tcp.latency", "no such metric"},
    {29, "x = tcp.rto_min", "is no axis of the [sweep]"},
    {30, "y = mean, p98", "is no statistic"},
    {31, "series = tcp.rto_min", "is no axis of the [sweep]"},
    {32, "theory = guess", "test.ini:32: [plot latency] theory: "},
    {34, "lossless = 20 ms", "is no expectation"},
    {34, "lossless = mode(tcp.handshake.latency) is 20 ms", "is no statistic"},
    {34, "lossless = mean(tcp.latency) is 20 ms", "there is no metric"},
    {34, "lossless = mean(tcp.handshake.latency) is 20", "test.ini:34: [expect] "},
    {34, "lossless = mean(tcp.handshake.latency) is 20 ms where tcp.profile is "
         "bsd",
     "test.ini:34: [expect] lossless: "},
    {34, "lossless = mean(tcp.handshake.latency) is 20 ms where "
         "tcp.rto_min is 1 s",
     "is no axis of the [sweep]"},
    {34, "lossless = mean(tcp.handshake.latency) is 20 ms where "
         "link client -- web.loss is 3 %",
     "is not among the values"},
    {34, "lossless = p99(tcp.handshake.latency) is theory",
     "there is a theory of mean(tcp.handshake.latency) and"},
};

START_TEST(every_mistake_is_named)
{
    char *file = write_experiment(mistakes[_i].line, mistakes[_i].text);
    GError *error = NULL;
    Plan *plan = plan_read(file, NULL, &error);

    if (mistakes[_i].message == NULL) {
        ck_assert_ptr_nonnull(plan);
    } else {
        ck_assert_msg(plan == NULL, "accepted: %s", mistakes[_i].text);
        ck_assert_msg(strstr(error->message, mistakes[_i].message) != NULL,
                      "\"%s\" draws \"%s\", not \"%s\"", mistakes[_i].text,
                      error->message, mistakes[_i].message);
        g_error_free(error);
    }
    plan_free(plan);
    g_free(file);
}
END_TEST

START_TEST(without_a_workload_there_is_nothing_to_do)
{
    char *file = in_folder("none.ini");
    GError *error = NULL;

    ck_assert(g_file_set_contents(file, "[experiment]\ntopology = direct.ini\n",
                                  -1, NULL));
    ck_assert_ptr_null(plan_read(file, NULL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "no [workload NAME]"));
    g_error_free(error);
    g_free(file);
}
END_TEST

/* --- runs ---------------------------------------------------------------------------- */

static bool run_into(const Plan *plan, const char *name, unsigned threads,
                     bool force, GString *report, GError **error)
{
    char *path = in_folder(name);
    ExperimentOptions options = {.folder = path,
                                 .threads = threads,
                                 .samples = true,
                                 .force = force};
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
    static const char *const tables[] = {
        "meta",  "file", "metric", "axis", "point", "point_value",
        "run", "value", "sample"};
    char *path = in_folder(name);
    char *file = g_build_filename(path, "results.sqlite", NULL);
    GString *text = g_string_new(NULL);
    sqlite3 *db;

    ck_assert_int_eq(sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++) {
        char *sql = g_strdup_printf("SELECT * FROM %s", tables[i]);
        sqlite3_stmt *rows;

        ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
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
    ck_assert_str_eq(why, "tcp.handshake.latency is not what it was");
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
    Plan *plan = read_plan(34, "low = mean(tcp.handshake.latency) < 15 ms where "
                               "link client -- web.loss is 0 %");
    GString *report = g_string_new(NULL);

    ck_assert(run_into(plan, "results", 2, false, report, NULL));
    ck_assert_str_eq(
        report->str,
        "expect low: does not hold at link client -- web.loss = 0 %, "
        "tcp.profile = linux: it is 20 ms, expected 15 ms\n"
        "expect low: does not hold at link client -- web.loss = 0 %, "
        "tcp.profile = rfc: it is 20 ms, expected 15 ms\n");
    g_string_free(report, TRUE);
    plan_free(plan);
}
END_TEST

/* --- the results folder ------------------------------------------------------------- */

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
    ExperimentOptions options = {.folder = path, .threads = 1, .data = &calls,
                                 .stop = stop_after_some};
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

    plan->replicate.until.on = false;
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

/* --- plots ---------------------------------------------------------------------------- */

START_TEST(theory_is_drawn_only_where_it_holds)
{
    Plan *plan = read_plan(0, NULL);
    PointSummary *summaries = g_new(PointSummary, plan->points);
    char *script;

    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&summaries[i]);
    script = plot_script(plan, g_ptr_array_index(plan->plots, 0), summaries);
    ck_assert_ptr_nonnull(strstr(script, "line: exact theory"));
    g_free(script);
    plan_free(plan);
    plan = read_plan(12, "mode = dynamic");
    script = plot_script(plan, g_ptr_array_index(plan->plots, 0), summaries);
    ck_assert_ptr_nonnull(strstr(script, "no theory drawn: ARP asks"));
    ck_assert_ptr_null(strstr(script, "line: exact theory"));
    g_free(script);
    g_free(summaries);
    plan_free(plan);
}
END_TEST

/* --- the truth -------------------------------------------------------------------------- */

/* TIME-WAIT's population is rate times duration: 10 a second for 240 s. */
START_TEST(time_wait_holds_rate_times_duration)
{
    char *file = write_experiment(17, "arrivals = every 100 ms");
    char *sets[] = {"workload connects.count = 100000",
                    "tcp.time_wait = 30 s", "measure.from = 40 s",
                    "measure.until = 50 s", NULL};
    Plan *plan = plan_read(file, sets, NULL);
    PlanPoint *point = plan_point_new(plan, 1, NULL); /* rfc, no loss */
    RunResult *result = run_once(plan, point, 0, false);

    ck_assert_double_eq_tol(
        metric_mean(&result->metrics[METRIC_TIME_WAIT_POPULATION]), 300, 1e-9);
    ck_assert_uint_eq(result->failures[METRIC_HANDSHAKE_LATENCY], 0);
    run_result_free(result);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
}
END_TEST

enum { RUNS = 40 };

/* What RUNS replications of a point gave. */
typedef struct Sampled {
    double n, first, mean, deviation; /* over replications' means: the latter */
} Sampled;

static Sampled sample(const Plan *plan, const PlanPoint *point)
{
    double sum = 0, squares = 0;
    Sampled s = {0};

    for (uint32_t r = 0; r < RUNS; r++) {
        RunResult *result = run_once(plan, point, r, true);
        double mean = metric_mean(&result->metrics[METRIC_HANDSHAKE_LATENCY]);

        for (unsigned i = 0; i < result->samples->len; i++) {
            const MeasureSample *one =
                &g_array_index(result->samples, MeasureSample, i);

            if (one->metric != METRIC_HANDSHAKE_LATENCY)
                continue;
            s.n++;
            s.first += one->value <= 420 * SIM_MS;
        }
        sum += mean;
        squares += mean * mean;
        run_result_free(result);
    }
    s.mean = sum / RUNS;
    s.deviation = sqrt((squares - sum * sum / RUNS) / (RUNS - 1));
    return s;
}

/* Both profiles, RTT 20 ms, static ARP: in every cell the share of handshakes
 * without a time-out is binomial, at level 0.001, and the mean has |z| < 3.3; over
 * a profile's six lossy cells the sum of z^2 is below the 0.999 quantile of
 * chi-squared.  (t of 39 degrees for z: a little wider; taken into account.) */
START_TEST(a_sweep_agrees_with_the_theory)
{
    Plan *plan =
        read_plan(20, "link client -- web.loss = 0 %, 1 %, 2 %, 5 %, 10 %, "
                      "20 %, 30 %");
    double chi = 0;

    for (unsigned loss = 0; loss < 7; loss++) {
        unsigned number = 2 * loss + (unsigned)_i;
        PlanPoint *point = plan_point_new(plan, number, NULL);
        char *why = NULL;
        SynTheory *theory;
        double error, z;
        Sampled s;

        point->workloads[0].config.count = 200;
        theory = syn_path_theory(point, 0, &why);
        ck_assert_msg(theory != NULL, "%s", why);
        s = sample(plan, point);
        if (loss == 0) {
            ck_assert_double_eq_tol(s.mean, theory->mean, 1);
        } else {
            double share = syn_theory_cdf(theory, 420 * SIM_MS);

            error = sqrt(s.n * share * (1 - share));
            ck_assert_msg(fabs(s.first - s.n * share) < 3.3 * error + 0.5,
                          "first try, point %u: %g of %g, expected %g", number,
                          s.first, s.n, s.n * share);
            z = (s.mean - theory->mean) / (s.deviation / sqrt(RUNS));
            ck_assert_msg(fabs(z) < gsl_cdf_tdist_Pinv(0.9995, RUNS - 1),
                          "mean, point %u: %g ms, expected %g ms, z = %g",
                          number, s.mean / 1e6, theory->mean / 1e6, z);
            chi += z * z;
        }
        syn_theory_free(theory);
        plan_point_free(point);
    }
    /* A squared t of 39 degrees is 39/37 times a squared z on average. */
    ck_assert_double_lt(chi, gsl_cdf_chisq_Pinv(0.999, 6) * 39 / 37);
    plan_free(plan);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experiment");
    TCase *tcase = tcase_create("experiment");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, the_last_axis_varies_fastest);
    tcase_add_test(tcase, a_file_without_a_sweep_has_one_point);
    tcase_add_loop_test(tcase, every_mistake_is_named, 0,
                        G_N_ELEMENTS(mistakes));
    tcase_add_test(tcase, without_a_workload_there_is_nothing_to_do);
    tcase_add_test(tcase, the_number_of_threads_changes_nothing);
    tcase_add_test(tcase, what_is_recorded_runs_again);
    tcase_add_test(tcase, a_changed_value_is_found);
    tcase_add_test(tcase, expectations_are_held_against_what_came_out);
    tcase_add_test(tcase, another_folder_is_refused_and_left_alone);
    tcase_add_test(tcase,
                   results_of_another_experiment_are_replaced_only_by_force);
    tcase_add_test(tcase, stopped_early_it_leaves_what_was_done);
    tcase_add_test(tcase, a_full_disk_is_said_and_harms_nothing);
    tcase_add_test(tcase, theory_is_drawn_only_where_it_holds);
    tcase_add_test(tcase, time_wait_holds_rate_times_duration);
    tcase_add_loop_test(tcase, a_sweep_agrees_with_the_theory, 0, 2);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
