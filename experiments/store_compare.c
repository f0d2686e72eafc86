/* store_compare.c - whether a run is what was recorded, bit for bit. */
#include "store_internal.h"

#include <string.h>

static char *run_difference(Store *store, const RunResult *result)
{
    sqlite3_stmt *row = store->find_run;
    const char *was;
    char *why = NULL;

    if (!store_seek(row, result->point, result->replication))
        return g_strdup("it was not recorded");
    was = (const char *)sqlite3_column_text(row, 0);
    if (g_strcmp0(was, result->fingerprint) != 0)
        why = g_strdup_printf("the fingerprint was %s, is %s", was,
                              result->fingerprint);
    else if (sqlite3_column_int64(row, 1) != (sqlite3_int64)result->records ||
             sqlite3_column_int64(row, 2) != result->ended ||
             (sqlite3_column_int(row, 3) != 0) != result->lossy)
        why = g_strdup_printf(
            "the fingerprint is the same, but it had %" G_GINT64_FORMAT
            " records, ended at %" G_GINT64_FORMAT
            " ns and was %s; now %" G_GUINT64_FORMAT ", %" G_GINT64_FORMAT
            " ns, %s",
            (gint64)sqlite3_column_int64(row, 1),
            (gint64)sqlite3_column_int64(row, 2),
            sqlite3_column_int(row, 3) != 0 ? "lossy" : "not lossy",
            result->records, result->ended,
            result->lossy ? "lossy" : "not lossy");
    return why;
}

/* --- metrics -------------------------------------------------------------- */

/* What a row of the table value should say, as store.c writes it. */
typedef struct ValueRow {
    sqlite3_int64 failures, count;
    double real[2];         /* mean, variance */
    sqlite3_int64 whole[5]; /* min, max, p50, p90, p99 */
} ValueRow;
static const char *const real_names[] = {"mean", "variance"};
static const char *const whole_names[] = {"min", "max", "p50", "p90", "p99"};

static ValueRow value_row(const RunResult *result, MetricId id)
{
    const Metric *metric = &result->metrics[id];

    return (ValueRow){(sqlite3_int64)result->failures[id],
                      (sqlite3_int64)metric->count,
                      {metric_mean(metric), metric_variance(metric)},
                      {metric->min, metric->max, metric_quantile(metric, 0.5),
                       metric_quantile(metric, 0.9),
                       metric_quantile(metric, 0.99)}};
}

static char *number_difference(const char *metric, const char *what, gint64 was,
                               gint64 is)
{
    return g_strdup_printf("%s: %s was %" G_GINT64_FORMAT
                           ", is %" G_GINT64_FORMAT,
                           metric, what, was, is);
}

/* The row's numbers, one after the other. */
static char *numbers_difference(sqlite3_stmt *row, const char *name,
                                const ValueRow *is)
{
    if (sqlite3_column_int64(row, 1) != is->failures)
        return number_difference(name, "failures", sqlite3_column_int64(row, 1),
                                 is->failures);
    if (sqlite3_column_int64(row, 3) != is->count)
        return number_difference(name, "count", sqlite3_column_int64(row, 3),
                                 is->count);
    for (int i = 0; is->count > 0 && i < 2; i++) {
        double was = sqlite3_column_double(row, 4 + i);

        if (memcmp(&was, &is->real[i], sizeof was) != 0)
            return g_strdup_printf("%s: %s was %.17g, is %.17g", name,
                                   real_names[i], was, is->real[i]);
    }
    for (int i = 0; is->count > 0 && i < 5; i++)
        if (sqlite3_column_int64(row, 6 + i) != is->whole[i])
            return number_difference(name, whole_names[i],
                                     sqlite3_column_int64(row, 6 + i),
                                     is->whole[i]);
    return NULL;
}

static char *row_difference(sqlite3_stmt *row, const RunResult *result,
                            MetricId id)
{
    const char *name = metric_keys[id].name;
    ValueRow is = value_row(result, id);
    char *why = numbers_difference(row, name, &is);
    GBytes *bytes = metric_to_bytes(&result->metrics[id]);
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);

    if (why == NULL && ((gsize)sqlite3_column_bytes(row, 2) != len ||
                        memcmp(sqlite3_column_blob(row, 2), data, len) != 0))
        why = g_strdup_printf("%s: the numbers are the same, but not the "
                              "histogram",
                              name);
    g_bytes_unref(bytes);
    return why;
}

static char *values_difference(Store *store, const RunResult *result)
{
    sqlite3_stmt *row = store->find_values;
    bool more = store_seek(row, result->point, result->replication);
    bool seen[METRICS] = {false};
    char *why = NULL;

    for (; more && why == NULL; more = sqlite3_step(row) == SQLITE_ROW) {
        MetricId id = store_metric(store, sqlite3_column_int(row, 0));

        if (id == METRICS) {
            why = g_strdup_printf("metric %d of the database is not known to "
                                  "this version",
                                  sqlite3_column_int(row, 0));
        } else {
            seen[id] = true;
            why = row_difference(row, result, id);
        }
    }
    for (MetricId id = 0; why == NULL && id < METRICS; id++)
        if (!seen[id] &&
            (result->metrics[id].count > 0 || result->failures[id] > 0))
            why = g_strdup_printf("%s was not recorded, is there now",
                                  metric_keys[id].name);
    sqlite3_reset(row);
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

    sqlite3_reset(store->find_run);
    if (why == NULL)
        why = values_difference(store, result);
    if (why == NULL)
        why = store_series_difference(store, result);
    if (why == NULL)
        why = store_steady_difference(store, result);
    if (why == NULL && store->samples && result->samples != NULL)
        why = samples_difference(store, result);
    return why;
}
