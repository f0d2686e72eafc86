/* store_read.c - what a results folder says: to go on from it, to draw it
 * again, to compare. */
#include "store_internal.h"

#include <string.h>

#include "estimate.h"
#include "plan_select.h"

static bool read_fail(const Store *store, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                "%s/results.sqlite: cannot be read: %s", store->folder,
                sqlite3_errmsg(store->db));
    return false;
}

/* --- opening -------------------------------------------------------------- */

/* What a process that was killed left half written is put back; needs to write
 * there. */
static void roll_back(Store *store)
{
    char *file = g_build_filename(store->folder, "results.sqlite", NULL);
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
        sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL,
                     NULL);
    sqlite3_close(db);
    g_free(file);
}

/* The store's numbers of metrics, which another version may have counted
 * otherwise, as ours; METRIC_NONE for those that we do not know. */
static bool read_metrics(Store *store)
{
    sqlite3_stmt *rows = store_prepare(
        store, "SELECT metric, name FROM metric ORDER BY metric", NULL);
    int step = SQLITE_ERROR;

    while (rows != NULL && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        unsigned number = (unsigned)sqlite3_column_int(rows, 0);
        const char *name = (const char *)sqlite3_column_text(rows, 1);
        MetricId none = METRIC_NONE, id;

        id = plan_metric_id(store->plan, name != NULL ? name : "");

        while (store->metrics->len <= number && number < 10000)
            g_array_append_val(store->metrics, none);
        if (number < store->metrics->len)
            g_array_index(store->metrics, MetricId, number) = id;
    }
    sqlite3_finalize(rows);
    return step == SQLITE_DONE;
}

bool store_prepare_finds(Store *store)
{
    store->metrics = g_array_new(FALSE, FALSE, sizeof(MetricId));
    store->find_run =
        store_prepare(store, "SELECT * FROM run WHERE " STORE_BY_RUN_KEY, NULL);
    store->find_samples = store_prepare(
        store, "SELECT samples FROM sample WHERE point = ? AND replication = ?",
        NULL);
    if (store->find_run == NULL || store->find_samples == NULL ||
        !read_metrics(store))
        return false;
    store_metrics_find(store);
    return true;
}

static bool read_fail_open(const Store *store, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                "%s: not a results folder of firstbyte, or damaged: %s",
                store->folder, sqlite3_errmsg(store->db));
    return false;
}

static bool check_database(Store *store, GError **error)
{
    store->version = store_meta(store, "version");
    if (store->version == NULL &&
        sqlite3_extended_errcode(store->db) == SQLITE_READONLY_ROLLBACK) {
        roll_back(store);
        store->version = store_meta(store, "version");
    }
    store->samples = store_meta_is(store, "samples", "yes");
    return store->version != NULL || read_fail_open(store, error);
}

Store *store_open_to_read(const char *folder, GError **error)
{
    Store *store = g_new0(Store, 1);

    store->folder = g_strdup(folder);
    store->lock = -1;
    if (!store_is_there(folder))
        g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                    "%s: not a results folder of firstbyte", folder);
    else if (store_open_database(store, SQLITE_OPEN_READONLY, error) &&
             check_database(store, error))
        return store;
    store_free(store);
    return NULL;
}

static bool check_schema(const Store *store, GError **error)
{
    int64_t schema = store_schema(store);

    if (schema == STORE_SCHEMA)
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                "%s: its database has schema %d, this version reads %d; "
                "firstbyte %s, which wrote it, or `firstbyte query` would be "
                "right",
                store->folder, (int)schema, STORE_SCHEMA, store->version);
    return false;
}

Store *store_open(const char *folder, Plan **plan, GError **error)
{
    Store *store = store_open_to_read(folder, error);
    char *file = g_build_filename(folder, STORE_EXPERIMENT_NAME, NULL);

    *plan = NULL;
    if (store != NULL && check_schema(store, error))
        *plan = plan_read(file, NULL, error);
    g_free(file);
    if (*plan != NULL) {
        store->plan = *plan; /* whose metrics the runs have */
        if (!store_prepare_finds(store)) {
            read_fail_open(store, error);
            plan_free(*plan);
            *plan = NULL;
        }
    }
    if (*plan == NULL) {
        if (store != NULL)
            store_free(store);
        return NULL;
    }
    return store;
}

const char *store_version(const Store *store) { return store->version; }

bool store_is_whole(const Store *store)
{
    return store_meta_is(store, "whole", "yes");
}

bool store_has_samples(const Store *store) { return store->samples; }

/* --- runs ----------------------------------------------------------------- */

unsigned *store_replications(Store *store, GError **error)
{
    unsigned *counts = g_new0(unsigned, store->plan->points);
    sqlite3_stmt *statement = store_prepare(
        store, "SELECT point, count(*) FROM run GROUP BY point", error);
    int step = SQLITE_ERROR;

    while (statement != NULL &&
           (step = sqlite3_step(statement)) == SQLITE_ROW) {
        sqlite3_int64 point = sqlite3_column_int64(statement, 0);

        if (point >= 0 && point < store->plan->points)
            counts[point] = (unsigned)sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    if (step == SQLITE_DONE)
        return counts;
    if (statement != NULL)
        read_fail(store, error);
    g_free(counts);
    return NULL;
}

bool store_point_is_done(const Store *store, unsigned point)
{
    sqlite3_stmt *row =
        store_prepare(store, "SELECT 1 FROM point WHERE point = ?", NULL);
    bool done;

    if (row == NULL)
        return false;
    sqlite3_bind_int64(row, 1, point);
    done = sqlite3_step(row) == SQLITE_ROW;
    sqlite3_finalize(row);
    return done;
}

bool store_seek(sqlite3_stmt *statement, unsigned point, uint32_t replication)
{
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, point);
    sqlite3_bind_int64(statement, 2, replication);
    return sqlite3_step(statement) == SQLITE_ROW;
}

MetricId store_metric(const Store *store, int number)
{
    return number >= 0 && (guint)number < store->metrics->len
               ? g_array_index(store->metrics, MetricId, number)
               : METRIC_NONE;
}

RunResult *store_recorded(Store *store, unsigned point, uint32_t replication)
{
    sqlite3_stmt *row = store->find_run;
    RunResult *result;
    bool good;

    if (row == NULL || !store_seek(row, point, replication))
        return NULL;
    result = run_result_new(point, replication, store->metric_count);
    result->recorded = true;
    g_strlcpy(result->fingerprint,
              (const char *)sqlite3_column_text(row, RUN_FINGERPRINT),
              sizeof result->fingerprint);
    result->records = (uint64_t)sqlite3_column_int64(row, RUN_RECORDS);
    result->ended = sqlite3_column_int64(row, RUN_ENDED);
    result->lossy = sqlite3_column_int(row, RUN_LOSSY) != 0;
    result->random = sqlite3_column_int(row, RUN_RANDOM) != 0;
    good = store_metrics_read(store, row, result);
    sqlite3_reset(row);
    if (good && store_steady_read(store, result))
        return result;
    run_result_free(result);
    return NULL;
}

/* --- summaries ------------------------------------------------------------ */

static bool read_flags(sqlite3_stmt *rows, unsigned number,
                       PointSummary *summary)
{
    int step;

    sqlite3_bind_int64(rows, 1, number);
    step = sqlite3_step(rows);
    if (step == SQLITE_ROW)
        summary->converged = sqlite3_column_int(rows, 0) != 0;
    sqlite3_reset(rows);
    return step == SQLITE_ROW || step == SQLITE_DONE;
}

/* Adds the RUNS runs of point NUMBER to SUMMARY, as when they were made. */
static bool read_point(Store *store, unsigned number, unsigned runs,
                       PointSummary *summary, GError **error)
{
    GHashTable *seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool good = true;

    for (unsigned i = 0; good && i < runs; i++) {
        RunResult *result = store_recorded(store, number, i);

        good = result != NULL;
        if (!good) {
            g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                        "%s/results.sqlite: run %u of point %u is missing or "
                        "damaged",
                        store->folder, i, number);
            break;
        }
        summary->lossy |= result->lossy;
        summary->random |= result->random;
        summary->same += !g_hash_table_add(seen, g_strdup(result->fingerprint));
        summary_add(summary, result->metrics, result->failures, result->steady);
        run_result_free(result);
    }
    g_hash_table_unref(seen);
    return good;
}

bool store_summaries(Store *store, PointSummary *summaries, GError **error)
{
    unsigned *runs = store_replications(store, error);
    sqlite3_stmt *flags =
        runs == NULL
            ? NULL
            : store_prepare(
                  store, "SELECT converged FROM point WHERE point = ?", error);
    bool good = flags != NULL;

    for (unsigned i = 0; good && i < store->plan->points; i++) {
        good = read_point(store, i, runs[i], &summaries[i], error) &&
               (read_flags(flags, i, &summaries[i]) || read_fail(store, error));
        if (good && runs[i] > 0)
            estimate_settle(store->plan, summaries, i);
    }
    sqlite3_finalize(flags);
    g_free(runs);
    return good;
}
