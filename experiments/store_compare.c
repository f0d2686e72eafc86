/* store_compare.c - whether a run is what was recorded, bit for bit. */
#include "store_internal.h"

#include <string.h>

static const char *lossy_word(bool lossy)
{
    return lossy ? "lossy" : "not lossy";
}

static const char *random_word(bool random)
{
    return random ? "random" : "not random";
}

static char *run_difference(Store *store, const RunResult *result)
{
    sqlite3_stmt *row = store->find_run;
    const char *was;
    char *why = NULL;

    if (!store_seek(row, result->point, result->replication))
        return g_strdup("it was not recorded");
    was = (const char *)sqlite3_column_text(row, RUN_FINGERPRINT);
    if (g_strcmp0(was, result->fingerprint) != 0)
        why = g_strdup_printf("the fingerprint was %s, is %s", was,
                              result->fingerprint);
    else if (sqlite3_column_int64(row, RUN_RECORDS) !=
                 (sqlite3_int64)result->records ||
             sqlite3_column_int64(row, RUN_ENDED) != result->ended ||
             (sqlite3_column_int(row, RUN_LOSSY) != 0) != result->lossy ||
             (sqlite3_column_int(row, RUN_RANDOM) != 0) != result->random)
        why = g_strdup_printf(
            "the fingerprint is the same, but it had %" G_GINT64_FORMAT
            " records, ended at %" G_GINT64_FORMAT
            " ns and was %s, %s; now %" G_GUINT64_FORMAT ", %" G_GINT64_FORMAT
            " ns, %s, %s",
            (gint64)sqlite3_column_int64(row, RUN_RECORDS),
            (gint64)sqlite3_column_int64(row, RUN_ENDED),
            lossy_word(sqlite3_column_int(row, RUN_LOSSY) != 0),
            random_word(sqlite3_column_int(row, RUN_RANDOM) != 0),
            result->records, result->ended, lossy_word(result->lossy),
            random_word(result->random));
    return why;
}

/* --- samples -------------------------------------------------------------- */

static char *samples_difference(Store *store, const RunResult *result)
{
    sqlite3_stmt *row = store->find_samples;
    GBytes *is = store_samples_to_bytes(result->samples);
    gsize len;
    const void *data = g_bytes_get_data(is, &len);
    bool same =
        store_seek(row, result->point, result->replication) &&
        (gsize)sqlite3_column_bytes(row, 0) == len &&
        (len == 0 || memcmp(sqlite3_column_blob(row, 0), data, len) == 0);

    sqlite3_reset(row);
    g_bytes_unref(is);
    return same ? NULL : g_strdup("its samples are not what they were");
}

char *store_difference(Store *store, const RunResult *result)
{
    char *why = run_difference(store, result);

    if (why == NULL)
        why = store_metrics_difference(store, store->find_run, result);
    sqlite3_reset(store->find_run);
    if (why == NULL)
        why = store_series_difference(store, result);
    if (why == NULL)
        why = store_steady_difference(store, result);
    if (why == NULL && store->samples && result->samples != NULL)
        why = samples_difference(store, result);
    return why;
}
