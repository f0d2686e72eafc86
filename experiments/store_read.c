/* store_read.c - what a results folder says, to draw it again or to compare. */
#include "store_internal.h"

#include <string.h>

static bool read_fail(const Store *store, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                "%s/results.sqlite: cannot be read: %s", store->folder,
                sqlite3_errmsg(store->db));
    return false;
}

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

/* One run's metrics while its rows are read. */
typedef struct ReadRun {
    Metric metrics[METRICS];
    uint64_t failures[METRICS];
} ReadRun;

static void read_run_clear(ReadRun *run)
{
    for (int id = 0; id < METRICS; id++)
        metric_clear(&run->metrics[id]);
    *run = (ReadRun){0};
}

static bool read_value_row(sqlite3_stmt *row, ReadRun *run)
{
    int id = sqlite3_column_int(row, 2);

    if (id < 0 || id >= METRICS)
        return false;
    run->failures[id] = (uint64_t)sqlite3_column_int64(row, 3);
    return metric_from_bytes(&run->metrics[id], sqlite3_column_blob(row, 4),
                             (size_t)sqlite3_column_bytes(row, 4));
}

/* Adds the runs of point NUMBER to SUMMARY, as they were when they were made.
 */
static bool read_point(sqlite3_stmt *rows, unsigned number,
                       PointSummary *summary)
{
    sqlite3_int64 replication = -1;
    ReadRun run = {0};
    bool good = true;
    int step;

    sqlite3_bind_int64(rows, 1, number);
    while (good && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        if (replication >= 0 && sqlite3_column_int64(rows, 1) != replication) {
            summary_add(summary, run.metrics, run.failures);
            read_run_clear(&run);
        }
        replication = sqlite3_column_int64(rows, 1);
        good = read_value_row(rows, &run);
    }
    good = good && step == SQLITE_DONE;
    if (good && replication >= 0)
        summary_add(summary, run.metrics, run.failures);
    read_run_clear(&run);
    sqlite3_reset(rows);
    return good;
}

static bool read_flags(sqlite3_stmt *rows, unsigned number,
                       PointSummary *summary)
{
    int step;

    sqlite3_bind_int64(rows, 1, number);
    step = sqlite3_step(rows);
    if (step == SQLITE_ROW) {
        summary->lossy = sqlite3_column_int(rows, 0) != 0;
        summary->converged = sqlite3_column_int(rows, 1) != 0;
    }
    sqlite3_reset(rows);
    return step == SQLITE_ROW || step == SQLITE_DONE;
}

bool store_summaries(Store *store, PointSummary *summaries, GError **error)
{
    sqlite3_stmt *values = store_prepare(
        store,
        "SELECT point, replication, metric, failures, histogram FROM value "
        "WHERE point = ? ORDER BY replication, metric",
        error);
    sqlite3_stmt *flags =
        values == NULL
            ? NULL
            : store_prepare(
                  store, "SELECT lossy, converged FROM point WHERE point = ?",
                  error);
    bool good = flags != NULL;

    for (unsigned i = 0; good && i < store->plan->points; i++)
        good = (read_point(values, i, &summaries[i]) &&
                read_flags(flags, i, &summaries[i])) ||
               read_fail(store, error);
    sqlite3_finalize(values);
    sqlite3_finalize(flags);
    return good;
}

/* --- comparing ------------------------------------------------------------ */

static bool prepare_finds(Store *store)
{
    if (store->find_run != NULL)
        return true;
    store->find_run =
        store_prepare(store,
                      "SELECT fingerprint, records, ended FROM run WHERE "
                      "point = ? AND replication = ?",
                      NULL);
    store->find_value =
        store_prepare(store,
                      "SELECT failures, histogram FROM value WHERE point = ? "
                      "AND replication = ? AND metric = ?",
                      NULL);
    return store->find_run != NULL && store->find_value != NULL;
}

static char *run_difference(Store *store, const RunResult *result)
{
    char *why = NULL;
    const char *was;

    sqlite3_bind_int64(store->find_run, 1, result->point);
    sqlite3_bind_int64(store->find_run, 2, result->replication);
    if (sqlite3_step(store->find_run) != SQLITE_ROW)
        return g_strdup("it was not recorded");
    was = (const char *)sqlite3_column_text(store->find_run, 0);
    if (g_strcmp0(was, result->fingerprint) != 0)
        why = g_strdup_printf("the fingerprint was %s, is %s", was,
                              result->fingerprint);
    else if (sqlite3_column_int64(store->find_run, 1) !=
                 (sqlite3_int64)result->records ||
             sqlite3_column_int64(store->find_run, 2) != result->ended)
        why = g_strdup("the fingerprint is the same, but not the number of "
                       "records or the end");
    return why;
}

/* The histogram's bytes hold count, extremes, sums and every bucket: that they
 * are equal means that the metrics are, bit for bit. */
static char *value_difference(Store *store, const RunResult *result, int id)
{
    const Metric *metric = &result->metrics[id];
    bool expected = metric->count > 0 || result->failures[id] > 0;
    GBytes *bytes = metric_to_bytes(metric);
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    bool found, same;

    sqlite3_bind_int64(store->find_value, 1, result->point);
    sqlite3_bind_int64(store->find_value, 2, result->replication);
    sqlite3_bind_int(store->find_value, 3, id);
    found = sqlite3_step(store->find_value) == SQLITE_ROW;
    same = found == expected;
    if (found && same)
        same =
            sqlite3_column_int64(store->find_value, 0) ==
                (sqlite3_int64)result->failures[id] &&
            (gsize)sqlite3_column_bytes(store->find_value, 1) == len &&
            memcmp(sqlite3_column_blob(store->find_value, 1), data, len) == 0;
    sqlite3_reset(store->find_value);
    g_bytes_unref(bytes);
    return same
               ? NULL
               : g_strdup_printf("%s is not what it was", metric_keys[id].name);
}

char *store_difference(Store *store, const RunResult *result)
{
    char *why;

    if (!prepare_finds(store))
        return g_strdup("the database has no such tables");
    why = run_difference(store, result);
    sqlite3_reset(store->find_run);
    for (int id = 0; why == NULL && id < METRICS; id++)
        why = value_difference(store, result, id);
    return why != NULL ? why : store_series_difference(store, result);
}
