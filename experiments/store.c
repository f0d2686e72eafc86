/* store.c - writes the runs of an experiment into SQLite. */
#include "store_internal.h"

#include <string.h>

#include "build.h"

GQuark store_error_quark(void)
{
    return g_quark_from_static_string("firstbyte-store-error");
}

static const char schema[] =
    "PRAGMA application_id = 1717729652;"
    "PRAGMA user_version = 1;"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE file(name TEXT PRIMARY KEY, sha256 TEXT, bytes INTEGER)"
    " WITHOUT ROWID;"
    "CREATE TABLE metric(metric INTEGER PRIMARY KEY, name TEXT, unit TEXT,"
    " sentence TEXT, source TEXT);"
    "CREATE TABLE axis(axis INTEGER PRIMARY KEY, target TEXT);"
    "CREATE TABLE point(point INTEGER PRIMARY KEY, config TEXT,"
    " replications INTEGER, lossy INTEGER, converged INTEGER);"
    "CREATE TABLE point_value(point INTEGER, axis INTEGER, value TEXT,"
    " PRIMARY KEY(point, axis)) WITHOUT ROWID;"
    "CREATE TABLE run(point INTEGER, replication INTEGER, fingerprint TEXT,"
    " records INTEGER, ended INTEGER, PRIMARY KEY(point, replication))"
    " WITHOUT ROWID;"
    "CREATE TABLE value(point INTEGER, replication INTEGER, metric INTEGER,"
    " count INTEGER, failures INTEGER, mean REAL, variance REAL, min INTEGER,"
    " max INTEGER, p50 INTEGER, p90 INTEGER, p99 INTEGER, histogram BLOB,"
    " PRIMARY KEY(point, replication, metric)) WITHOUT ROWID;"
    "CREATE TABLE sample(point INTEGER, replication INTEGER, samples BLOB,"
    " PRIMARY KEY(point, replication)) WITHOUT ROWID;"
    "CREATE TABLE series(series INTEGER PRIMARY KEY, name TEXT, unit TEXT,"
    " sentence TEXT, every INTEGER, first INTEGER);"
    "CREATE TABLE series_sample(point INTEGER, replication INTEGER,"
    " series INTEGER, samples BLOB, PRIMARY KEY(point, replication, series))"
    " WITHOUT ROWID;"
    "CREATE TABLE clock(point INTEGER, replication INTEGER, seconds REAL,"
    " events INTEGER, PRIMARY KEY(point, replication)) WITHOUT ROWID;"
    "CREATE TABLE build(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;";

/* Runs in a transaction, at most: what a crash may lose. */
enum { RUNS_TOGETHER = 32 };

/* Sets ERROR to what the database says about WHAT.  Returns false. */
static bool fail(const Store *store, const char *what, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                "%s/results.sqlite: %s: %s", store->folder, what,
                sqlite3_errmsg(store->db));
    return false;
}

static bool execute(const Store *store, const char *sql, GError **error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           fail(store, "cannot write", error);
}

sqlite3_stmt *store_prepare(const Store *store, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail(store, "cannot prepare", error);
    return statement;
}

bool store_step(const Store *store, sqlite3_stmt *statement, GError **error)
{
    bool good = sqlite3_step(statement) == SQLITE_DONE;

    if (!good)
        fail(store, "cannot write", error);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return good;
}

/* --- creating ------------------------------------------------------------- */

static void bind_text(sqlite3_stmt *statement, int column, const char *text)
{
    sqlite3_bind_text(statement, column, text, -1, SQLITE_TRANSIENT);
}

/* One row of key and value into TABLE. */
static bool add_pair(const Store *store, const char *table, const char *key,
                     const char *value, GError **error)
{
    char *sql =
        g_strdup_printf("INSERT OR REPLACE INTO %s VALUES(?, ?)", table);
    sqlite3_stmt *statement = store_prepare(store, sql, error);
    bool good = statement != NULL;

    g_free(sql);
    if (good) {
        bind_text(statement, 1, key);
        bind_text(statement, 2, value);
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

static bool add_metrics(const Store *store, GError **error)
{
    sqlite3_stmt *statement =
        store_prepare(store, "INSERT INTO metric VALUES(?, ?, ?, ?, ?)", error);
    bool good = statement != NULL;

    for (int id = 0; good && id < METRICS; id++) {
        const MetricKey *key = &metric_keys[id];

        sqlite3_bind_int(statement, 1, id);
        bind_text(statement, 2, key->name);
        bind_text(statement, 3, quantity_kind_name(key->unit));
        bind_text(statement, 4, key->sentence);
        bind_text(statement, 5, key->source);
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

static bool add_axes(const Store *store, GError **error)
{
    sqlite3_stmt *statement =
        store_prepare(store, "INSERT INTO axis VALUES(?, ?)", error);
    bool good = statement != NULL;

    for (unsigned i = 0; good && i < store->plan->axes->len; i++) {
        sqlite3_bind_int(statement, 1, (int)i);
        bind_text(statement, 2, plan_axis(store->plan, i)->target);
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

static bool add_meta(const Store *store, const char *digest, GError **error)
{
    const char *title = store->plan->experiment.title;
    char *seed =
        g_strdup_printf("%" G_GUINT64_FORMAT, store->plan->replicate.seed);
    bool good = add_pair(store, "meta", "schema", "1", error) &&
                add_pair(store, "meta", "version", build_version(), error) &&
                add_pair(store, "meta", "title", title ? title : "", error) &&
                add_pair(store, "meta", "seed", seed, error) &&
                add_pair(store, "meta", "experiment", digest, error);

    g_free(seed);
    return good;
}

static bool add_build(const Store *store, unsigned threads, GError **error)
{
    GDateTime *now = g_date_time_new_now_utc();
    char *when = g_date_time_format_iso8601(now);
    char *count = g_strdup_printf("%u", threads);
    bool good = add_pair(store, "build", "compiler", __VERSION__, error) &&
                add_pair(store, "build", "threads", count, error) &&
                add_pair(store, "build", "begun", when, error);

    g_free(count);
    g_free(when);
    g_date_time_unref(now);
    return good;
}

static bool prepare_all(Store *store, GError **error)
{
    return (store->add_run = store_prepare(
                store, "INSERT INTO run VALUES(?, ?, ?, ?, ?)", error)) &&
           (store->add_value = store_prepare(
                store,
                "INSERT INTO value VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                "?)",
                error)) &&
           (store->add_sample = store_prepare(
                store, "INSERT INTO sample VALUES(?, ?, ?)", error)) &&
           (store->add_clock = store_prepare(
                store, "INSERT INTO clock VALUES(?, ?, ?, ?)", error));
}

static bool open_database(Store *store, int flags, GError **error)
{
    char *file = g_build_filename(store->folder, "results.sqlite", NULL);
    bool good = sqlite3_open_v2(file, &store->db, flags, NULL) == SQLITE_OK ||
                fail(store, "cannot open", error);

    g_free(file);
    return good;
}

static bool fill_new(Store *store, const char *text, const char *digest,
                     unsigned threads, GError **error)
{
    return store_write_files(store, text, error) &&
           open_database(store, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                         error) &&
           execute(store, "BEGIN", error) && execute(store, schema, error) &&
           add_meta(store, digest, error) && add_build(store, threads, error) &&
           add_metrics(store, error) && add_axes(store, error) &&
           store_series_add_keys(store, error) &&
           store_add_file_rows(store, error) &&
           execute(store, "COMMIT", error) && execute(store, "BEGIN", error) &&
           prepare_all(store, error);
}

Store *store_create(const char *folder, const Plan *plan, unsigned threads,
                    bool samples, bool force, GError **error)
{
    Store *store = g_new0(Store, 1);
    char *text = store_experiment_text(plan);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    bool good;

    store->folder = g_strdup(folder);
    store->plan = plan;
    store->samples = samples;
    good = store_check_folder(folder, digest, force, error) &&
           fill_new(store, text, digest, threads, error);
    g_free(text);
    g_free(digest);
    if (good)
        return store;
    store_free(store);
    return NULL;
}

/* --- adding --------------------------------------------------------------- */

static bool add_value(const Store *store, const RunResult *result, int id,
                      GError **error)
{
    const Metric *metric = &result->metrics[id];
    sqlite3_stmt *statement = store->add_value;
    GBytes *histogram = metric_to_bytes(metric);
    bool good;

    sqlite3_bind_int64(statement, 1, result->point);
    sqlite3_bind_int64(statement, 2, result->replication);
    sqlite3_bind_int(statement, 3, id);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)metric->count);
    sqlite3_bind_int64(statement, 5, (sqlite3_int64)result->failures[id]);
    if (metric->count > 0) {
        sqlite3_bind_double(statement, 6, metric_mean(metric));
        sqlite3_bind_double(statement, 7, metric_variance(metric));
        sqlite3_bind_int64(statement, 8, metric->min);
        sqlite3_bind_int64(statement, 9, metric->max);
        sqlite3_bind_int64(statement, 10, metric_quantile(metric, 0.5));
        sqlite3_bind_int64(statement, 11, metric_quantile(metric, 0.9));
        sqlite3_bind_int64(statement, 12, metric_quantile(metric, 0.99));
    }
    sqlite3_bind_blob(statement, 13, g_bytes_get_data(histogram, NULL),
                      (int)g_bytes_get_size(histogram), SQLITE_TRANSIENT);
    good = store_step(store, statement, error);
    g_bytes_unref(histogram);
    return good;
}

/* The samples of RESULT as one blob of little-endian pairs. */
static bool add_samples(const Store *store, const RunResult *result,
                        GError **error)
{
    gsize len = (gsize)result->samples->len * 2;
    gint64 *pairs = g_new(gint64, len + 1);

    for (unsigned i = 0; i < result->samples->len; i++) {
        const MeasureSample *sample =
            &g_array_index(result->samples, MeasureSample, i);

        pairs[2 * i] = GINT64_TO_LE((gint64)sample->metric);
        pairs[2 * i + 1] = GINT64_TO_LE(sample->value);
    }
    sqlite3_bind_int64(store->add_sample, 1, result->point);
    sqlite3_bind_int64(store->add_sample, 2, result->replication);
    sqlite3_bind_blob64(store->add_sample, 3, pairs, len * sizeof *pairs,
                        g_free);
    return store_step(store, store->add_sample, error);
}

static bool add_clock(const Store *store, const RunResult *result,
                      GError **error)
{
    sqlite3_bind_int64(store->add_clock, 1, result->point);
    sqlite3_bind_int64(store->add_clock, 2, result->replication);
    sqlite3_bind_double(store->add_clock, 3, result->seconds);
    sqlite3_bind_int64(store->add_clock, 4, (sqlite3_int64)result->events);
    return store_step(store, store->add_clock, error);
}

bool store_add_run(Store *store, const RunResult *result, GError **error)
{
    bool good;

    sqlite3_bind_int64(store->add_run, 1, result->point);
    sqlite3_bind_int64(store->add_run, 2, result->replication);
    bind_text(store->add_run, 3, result->fingerprint);
    sqlite3_bind_int64(store->add_run, 4, (sqlite3_int64)result->records);
    sqlite3_bind_int64(store->add_run, 5, result->ended);
    good = store_step(store, store->add_run, error) &&
           add_clock(store, result, error) &&
           store_series_add(store, result, error) &&
           (result->samples == NULL || add_samples(store, result, error));
    for (int id = 0; good && id < METRICS; id++)
        if (result->metrics[id].count > 0 || result->failures[id] > 0)
            good = add_value(store, result, id, error);
    if (good && ++store->uncommitted >= RUNS_TOGETHER) {
        store->uncommitted = 0;
        good = execute(store, "COMMIT; BEGIN", error);
    }
    return good;
}

static bool add_point_values(const Store *store, unsigned number,
                             GError **error)
{
    sqlite3_stmt *statement =
        store_prepare(store, "INSERT INTO point_value VALUES(?, ?, ?)", error);
    bool good = statement != NULL;

    for (unsigned i = 0; good && i < store->plan->axes->len; i++) {
        sqlite3_bind_int64(statement, 1, number);
        sqlite3_bind_int(statement, 2, (int)i);
        bind_text(statement, 3, plan_value(store->plan, number, i));
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

bool store_add_point(Store *store, const PlanPoint *point,
                     const PointSummary *summary, GError **error)
{
    sqlite3_stmt *statement =
        store_prepare(store, "INSERT INTO point VALUES(?, ?, ?, ?, ?)", error);
    Config *config;
    char *text;
    bool good;

    if (statement == NULL)
        return false;
    config = plan_point_effective(store->plan, point);
    store_rename_files(config);
    text = config_to_text(config);
    sqlite3_bind_int64(statement, 1, point->number);
    bind_text(statement, 2, text);
    sqlite3_bind_int64(statement, 3, summary->replications);
    sqlite3_bind_int(statement, 4, summary->lossy);
    sqlite3_bind_int(statement, 5, summary->converged);
    good = store_step(store, statement, error) &&
           add_point_values(store, point->number, error);
    sqlite3_finalize(statement);
    g_free(text);
    config_free(config);
    return good;
}

bool store_finish(Store *store, const PointSummary *summaries, GError **error)
{
    return execute(store, "COMMIT; BEGIN", error) &&
           store_write_summary(store, summaries, error) &&
           (!store->samples || store_write_samples(store, error)) &&
           store_write_series(store, error) && execute(store, "COMMIT", error);
}

/* --- reading -------------------------------------------------------------- */

static bool check_database(Store *store, GError **error)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(
                    store->db, "SELECT value FROM meta WHERE key = 'version'",
                    -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;

    if (good)
        store->version =
            g_strdup((const char *)sqlite3_column_text(statement, 0));
    else
        g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                    "%s: not a results folder of firstbyte, or damaged: %s",
                    store->folder, sqlite3_errmsg(store->db));
    sqlite3_finalize(statement);
    return good;
}

Store *store_open(const char *folder, Plan **plan, GError **error)
{
    Store *store = g_new0(Store, 1);
    char *file = g_build_filename(folder, "experiment.ini", NULL);

    store->folder = g_strdup(folder);
    *plan = NULL;
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR) ||
        !g_file_test(file, G_FILE_TEST_IS_REGULAR))
        g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                    "%s: not a results folder of firstbyte", folder);
    else if (open_database(store, SQLITE_OPEN_READONLY, error) &&
             check_database(store, error))
        *plan = plan_read(file, NULL, error);
    g_free(file);
    store->plan = *plan;
    if (*plan != NULL)
        return store;
    store_free(store);
    return NULL;
}

const char *store_version(const Store *store) { return store->version; }

void store_free(Store *store)
{
    sqlite3_finalize(store->add_run);
    sqlite3_finalize(store->add_value);
    sqlite3_finalize(store->add_sample);
    sqlite3_finalize(store->add_clock);
    sqlite3_finalize(store->add_series);
    sqlite3_finalize(store->find_run);
    sqlite3_finalize(store->find_value);
    sqlite3_close(store->db);
    g_free(store->version);
    g_free(store->folder);
    g_free(store);
}
