/* store.c - writes the runs of an experiment into SQLite. */
#include "store_internal.h"

#include <string.h>

GQuark store_error_quark(void)
{
    return g_quark_from_static_string("firstbyte-store-error");
}

/* What a killed process or a full disk may lose. */
enum { RUNS_TOGETHER = 1000, TOGETHER_USEC = G_USEC_PER_SEC };
/* How long a commit waits for somebody who reads; then it is tried again with
 * the next. */
enum { READER_MSEC = 1000, LAST_READER_MSEC = 60000 };

/* --- statements ----------------------------------------------------------- */

bool store_fail(const Store *store, const char *what, GError **error)
{
    int number = sqlite3_system_errno(store->db);
    const char *message = sqlite3_errmsg(store->db);
    bool full = (sqlite3_errcode(store->db) & 0xff) == SQLITE_FULL;

    g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                "%s/results.sqlite: %s: %s%s%s", store->folder, what, message,
                number != 0 && !full ? ": " : "",
                number != 0 && !full ? g_strerror(number) : "");
    return false;
}

bool store_execute(const Store *store, const char *sql, GError **error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           store_fail(store, "cannot write", error);
}

sqlite3_stmt *store_prepare(const Store *store, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        store_fail(store, "cannot prepare", error);
    return statement;
}

sqlite3_stmt *store_prepare_insert(const Store *store, const char *table,
                                   GError **error)
{
    char *sql = store_insert_sql(store->plan, table);
    sqlite3_stmt *statement = store_prepare(store, sql, error);

    g_free(sql);
    return statement;
}

bool store_step(const Store *store, sqlite3_stmt *statement, GError **error)
{
    bool good = sqlite3_step(statement) == SQLITE_DONE;

    if (!good)
        store_fail(store, "cannot write", error);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return good;
}

void store_bind_text(sqlite3_stmt *statement, int column, const char *text)
{
    sqlite3_bind_text(statement, column, text, -1, SQLITE_TRANSIENT);
}

bool store_open_database(Store *store, int flags, GError **error)
{
    char *file = g_build_filename(store->folder, "results.sqlite", NULL);
    bool good = sqlite3_open_v2(file, &store->db, flags | SQLITE_OPEN_NOMUTEX,
                                NULL) == SQLITE_OK ||
                store_fail(store, "cannot open", error);

    sqlite3_busy_timeout(store->db, READER_MSEC);
    g_free(file);
    return good;
}

/* --- transactions --------------------------------------------------------- */

bool store_begin(Store *store, GError **error)
{
    store->uncommitted = 0;
    store->begun = g_get_monotonic_time();
    return store_execute(store, "BEGIN", error);
}

/* The folder is no longer what its name says: removed or renamed. */
static bool has_moved(const Store *store)
{
    int moved = 0;

    return sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED,
                                &moved) == SQLITE_OK &&
           moved != 0;
}

/* True as well when a reader was in the way: the transaction then goes on. */
static bool commit(Store *store, GError **error)
{
    if (has_moved(store)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                    "%s/results.sqlite: cannot write: the file was removed or "
                    "renamed while runs were made",
                    store->folder);
        return false;
    }
    switch (sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL)) {
    case SQLITE_OK:
        return store_begin(store, error);
    case SQLITE_BUSY:
        store->begun = g_get_monotonic_time();
        return true;
    default:
        return store_fail(store, "cannot write", error);
    }
}

bool store_tick(Store *store, GError **error)
{
    if (store->uncommitted == 0 ||
        (store->uncommitted < RUNS_TOGETHER &&
         g_get_monotonic_time() - store->begun < TOGETHER_USEC))
        return true;
    return commit(store, error);
}

/* --- adding --------------------------------------------------------------- */

GBytes *store_samples_to_bytes(const GArray *samples)
{
    gsize len = (gsize)samples->len * 2;
    gint64 *pairs = g_new(gint64, len + 1);

    for (unsigned i = 0; i < samples->len; i++) {
        const MeasureSample *sample = &g_array_index(samples, MeasureSample, i);

        pairs[2 * i] = GINT64_TO_LE((gint64)sample->metric);
        pairs[2 * i + 1] = GINT64_TO_LE(sample->value);
    }
    return g_bytes_new_take(pairs, len * sizeof *pairs);
}

static bool add_samples(const Store *store, const RunResult *result,
                        GError **error)
{
    GBytes *bytes = store_samples_to_bytes(result->samples);
    bool good;

    sqlite3_bind_int64(store->add_sample, 1, result->point);
    sqlite3_bind_int64(store->add_sample, 2, result->replication);
    sqlite3_bind_blob64(store->add_sample, 3, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), SQLITE_STATIC);
    good = store_step(store, store->add_sample, error);
    g_bytes_unref(bytes);
    return good;
}

static bool add_clock(const Store *store, const RunResult *result,
                      GError **error)
{
    sqlite3_bind_int64(store->add_clock, 1,
                       store_run_key(result->point, result->replication));
    sqlite3_bind_int64(store->add_clock, 2, result->point);
    sqlite3_bind_int64(store->add_clock, 3, result->replication);
    sqlite3_bind_double(store->add_clock, 4, result->seconds);
    sqlite3_bind_int64(store->add_clock, 5, (sqlite3_int64)result->events);
    return store_step(store, store->add_clock, error);
}

static bool add_run(Store *store, const RunResult *result, GError **error)
{
    sqlite3_stmt *row = store->add_run;

    sqlite3_bind_int64(row, RUN_KEY + 1,
                       store_run_key(result->point, result->replication));
    sqlite3_bind_int64(row, RUN_POINT + 1, result->point);
    sqlite3_bind_int64(row, RUN_REPLICATION + 1, result->replication);
    sqlite3_bind_text(row, RUN_FINGERPRINT + 1, result->fingerprint, -1,
                      SQLITE_STATIC);
    sqlite3_bind_int64(row, RUN_RECORDS + 1, (sqlite3_int64)result->records);
    sqlite3_bind_int64(row, RUN_ENDED + 1, result->ended);
    sqlite3_bind_int(row, RUN_LOSSY + 1, result->lossy);
    sqlite3_bind_int(row, RUN_RANDOM + 1, result->random);
    store_metrics_bind(store, result);
    return store_step(store, row, error);
}

bool store_add_run(Store *store, const RunResult *result, GError **error)
{
    if (result->recorded)
        return true;
    if (store->uncommitted++ == 0)
        store->begun = g_get_monotonic_time();
    return add_run(store, result, error) && add_clock(store, result, error) &&
           store_series_add(store, result, error) &&
           store_steady_add(store, result, error) &&
           (result->samples == NULL || add_samples(store, result, error)) &&
           store_tick(store, error);
}

/* Point NUMBER is there already: it was done before. */
static bool has_point(const Store *store, unsigned number)
{
    bool found;

    sqlite3_bind_int64(store->find_point, 1, number);
    found = sqlite3_step(store->find_point) == SQLITE_ROW;
    sqlite3_reset(store->find_point);
    return found;
}

bool store_add_point(Store *store, const PlanPoint *point,
                     const PointSummary *summary, GError **error)
{
    Config *config;
    char *text;
    bool good;

    if (has_point(store, point->number))
        return true;
    config = plan_point_effective(store->plan, point);
    store_rename_files(config);
    text = config_to_text(config);
    sqlite3_bind_int64(store->add_point, 1, point->number);
    store_bind_text(store->add_point, 2, text);
    sqlite3_bind_int64(store->add_point, 3, summary->replications);
    sqlite3_bind_int(store->add_point, 4, summary->lossy);
    sqlite3_bind_int(store->add_point, 5, summary->converged);
    good = store_step(store, store->add_point, error);
    store->uncommitted++;
    g_free(text);
    config_free(config);
    return good;
}

bool store_finish(Store *store, const PointSummary *summaries, bool whole,
                  GError **error)
{
    /* What is known is safe before the tables are written. */
    if (store->uncommitted > 0 && !commit(store, error))
        return false;
    if (!store_write_csv(store, "summary.csv", store_summary_csv, summaries,
                         error) ||
        (store->samples && !store_write_csv(store, "samples.csv",
                                            store_samples_csv, NULL, error)) ||
        (store->plan->series != NULL &&
         !store_write_csv(store, "series.csv", store_series_csv, NULL,
                          error)) ||
        !store_execute(store, store_index_sql, error) ||
        (whole && !store_set_meta(store, "whole", "yes", error)))
        return false;
    sqlite3_busy_timeout(store->db, LAST_READER_MSEC);
    return store_execute(store, "COMMIT", error);
}

void store_free(Store *store)
{
    sqlite3_stmt *const statements[] = {store->add_run,   store->add_sample,
                                        store->add_clock, store->add_series,
                                        store->add_point, store->find_point,
                                        store->find_run,  store->find_samples};

    for (unsigned i = 0; i < G_N_ELEMENTS(statements); i++)
        sqlite3_finalize(statements[i]);
    sqlite3_close(store->db);
    store_lock_drop(store->lock, store->folder);
    g_free(store->columns);
    g_free(store->totals);
    if (store->metrics != NULL)
        g_array_free(store->metrics, TRUE);
    if (store->histograms != NULL)
        g_byte_array_unref(store->histograms);
    g_free(store->version);
    g_free(store->folder);
    g_free(store);
}
