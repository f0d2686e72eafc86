/* store_recall.c - a run that was recorded, with all that was recorded of it.
 */
#include "store_internal.h"

#include <string.h>

/* The first row of SQL for this run, or NULL; the caller finalizes it. */
static sqlite3_stmt *row_of(const Store *store, const char *sql,
                            const RunResult *result)
{
    sqlite3_stmt *row = store_prepare(store, sql, NULL);

    if (row == NULL || store_seek(row, result->point, result->replication))
        return row;
    sqlite3_finalize(row);
    return NULL;
}

/* The reverse of store_samples_to_bytes(). */
static GArray *samples_from_bytes(const void *bytes, int len)
{
    GArray *samples = g_array_new(FALSE, FALSE, sizeof(MeasureSample));
    gint64 pair[2];

    for (int at = 0; at + (int)sizeof pair <= len; at += (int)sizeof pair) {
        MeasureSample sample = {0};

        memcpy(pair, (const char *)bytes + at, sizeof pair);
        sample.metric = (uint16_t)GINT64_FROM_LE(pair[0]);
        sample.value = GINT64_FROM_LE(pair[1]);
        g_array_append_val(samples, sample);
    }
    return samples;
}

static void recall_samples(const Store *store, RunResult *result)
{
    sqlite3_stmt *row = row_of(
        store, "SELECT samples FROM sample WHERE point = ? AND replication = ?",
        result);

    if (row == NULL)
        return;
    result->samples = samples_from_bytes(sqlite3_column_blob(row, 0),
                                         sqlite3_column_bytes(row, 0));
    sqlite3_finalize(row);
}

static void recall_series(const Store *store, RunResult *result)
{
    sqlite3_stmt *row =
        row_of(store,
               "SELECT samples FROM series_sample WHERE point = ? AND "
               "replication = ? ORDER BY series",
               result);

    if (row == NULL)
        return;
    result->series =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    do
        g_ptr_array_add(result->series,
                        store_doubles_from_bytes(sqlite3_column_blob(row, 0),
                                                 sqlite3_column_bytes(row, 0)));
    while (sqlite3_step(row) == SQLITE_ROW);
    sqlite3_finalize(row);
}

static void recall_clock(const Store *store, RunResult *result)
{
    sqlite3_stmt *row = row_of(
        store, "SELECT seconds, events FROM clock WHERE " STORE_BY_RUN_KEY,
        result);

    if (row == NULL)
        return;
    result->seconds = sqlite3_column_double(row, 0);
    result->events = (uint64_t)sqlite3_column_int64(row, 1);
    sqlite3_finalize(row);
}

RunResult *store_recalled(Store *store, unsigned point, uint32_t replication)
{
    RunResult *result = store_recorded(store, point, replication);

    if (result == NULL)
        return NULL;
    result->recorded = false;
    recall_samples(store, result);
    recall_series(store, result);
    recall_clock(store, result);
    return result;
}
