/* store_metrics.c - the metrics of a run in its row of the table run: a column
 * for a total, and for the others those of run_of_other in store_schema.c. */
#include "store_internal.h"
#include "plan_select.h"

#include <string.h>

/* What each of the columns is, counted from the first. */
enum {
    MEAN,
    VARIANCE,
    WHOLE, /* min, max, p50, p90, p99 */
    WHOLES = 5,
    COUNT = WHOLE + WHOLES,
    FAILURES,
    HISTOGRAM,
    COLUMNS
};

/* SQLite's limit, unless it was built with another. */
G_STATIC_ASSERT(RUN_METRICS + METRICS * COLUMNS <= 2000);

void store_metrics_find(Store *store)
{
    int columns = sqlite3_column_count(store->find_run);

    store->metric_count = plan_metrics(store->plan);
    store->columns = g_new(int, store->metric_count);
    store->totals = g_new(bool, store->metric_count);
    for (MetricId id = 0; id < store->metric_count; id++) {
        store->columns[id] = -1;
        store->totals[id] = plan_metric_is_total(store->plan, id);
    }
    for (int i = 0; i < columns; i++) {
        const char *name = sqlite3_column_name(store->find_run, i);
        const char *next =
            i + 1 < columns ? sqlite3_column_name(store->find_run, i + 1) : "";
        MetricId id = plan_metric_id(store->plan, name);
        size_t len = strlen(name);
        bool total;

        if (id == METRIC_NONE)
            continue;
        total = strncmp(next, name, len) != 0 ||
                strcmp(next + len, ".variance") != 0;
        if (total == store->totals[id])
            store->columns[id] = i;
    }
}

/* --- writing -------------------------------------------------------------- */

static void wholes(const Metric *metric, int64_t *numbers)
{
    numbers[0] = metric->min;
    numbers[1] = metric->max;
    numbers[2] = metric_quantile(metric, 0.5);
    numbers[3] = metric_quantile(metric, 0.9);
    numbers[4] = metric_quantile(metric, 0.99);
}

/* All but the histogram. */
static void bind_other(sqlite3_stmt *row, int at, const Metric *metric,
                       uint64_t failures)
{
    int64_t numbers[WHOLES];

    if (metric->count > 0) {
        sqlite3_bind_double(row, at + MEAN, metric_mean(metric));
        sqlite3_bind_double(row, at + VARIANCE, metric_variance(metric));
        wholes(metric, numbers);
        for (int i = 0; i < WHOLES; i++)
            sqlite3_bind_int64(row, at + WHOLE + i, numbers[i]);
    }
    sqlite3_bind_int64(row, at + COUNT, (sqlite3_int64)metric->count);
    sqlite3_bind_int64(row, at + FAILURES, (sqlite3_int64)failures);
}

static bool is_there(const RunResult *result, MetricId id)
{
    return result->metrics[id].count > 0 || result->failures[id] > 0;
}

/* Binds the histograms, which lie one behind the other: the end of each is in
 * ENDS. */
static void bind_histograms(Store *store, const RunResult *result,
                            const guint *ends)
{
    guint at = 0;

    for (MetricId id = 0; id < store->metric_count; id++) {
        if (store->totals[id] || !is_there(result, id))
            continue;
        sqlite3_bind_blob(store->add_run, store->columns[id] + HISTOGRAM + 1,
                          store->histograms->data + at, (int)(ends[id] - at),
                          SQLITE_STATIC);
        at = ends[id];
    }
}

void store_metrics_bind(Store *store, const RunResult *result)
{
    g_autofree guint *ends = g_new(guint, store->metric_count);

    if (store->histograms == NULL)
        store->histograms = g_byte_array_new();
    g_byte_array_set_size(store->histograms, 0);
    for (MetricId id = 0; id < store->metric_count; id++) {
        const Metric *metric = &result->metrics[id];
        int at = store->columns[id] + 1; /* parameters count from 1 */

        if (!is_there(result, id))
            continue;
        if (store->totals[id]) {
            g_assert(metric->count == 1 && result->failures[id] == 0);
            sqlite3_bind_int64(store->add_run, at, metric->min);
        } else {
            bind_other(store->add_run, at, metric, result->failures[id]);
            metric_append_bytes(metric, store->histograms);
            ends[id] = store->histograms->len;
        }
    }
    bind_histograms(store, result, ends);
}

/* --- reading -------------------------------------------------------------- */

static bool read_total(sqlite3_stmt *row, int at, Metric *metric)
{
    if (sqlite3_column_type(row, at) == SQLITE_NULL)
        return true;
    metric_add(metric, sqlite3_column_int64(row, at));
    return sqlite3_column_type(row, at) == SQLITE_INTEGER;
}

static bool read_other(sqlite3_stmt *row, int at, Metric *metric,
                       uint64_t *failures)
{
    if (sqlite3_column_type(row, at + COUNT) == SQLITE_NULL)
        return true;
    *failures = (uint64_t)sqlite3_column_int64(row, at + FAILURES);
    return metric_from_bytes(metric, sqlite3_column_blob(row, at + HISTOGRAM),
                             (size_t)sqlite3_column_bytes(row, at + HISTOGRAM));
}

bool store_metrics_read(const Store *store, sqlite3_stmt *row,
                        RunResult *result)
{
    bool good = true;

    for (MetricId id = 0; good && id < store->metric_count; id++) {
        int at = store->columns[id];

        if (at >= 0 && store->totals[id])
            good = read_total(row, at, &result->metrics[id]);
        else if (at >= 0)
            good = read_other(row, at, &result->metrics[id],
                              &result->failures[id]);
    }
    return good;
}

/* --- comparing ------------------------------------------------------------ */

static char *number_difference(const char *metric, const char *what, gint64 was,
                               gint64 is)
{
    return g_strdup_printf("%s:%s was %" G_GINT64_FORMAT
                           ", is %" G_GINT64_FORMAT,
                           metric, what, was, is);
}

static char *reals_difference(sqlite3_stmt *row, int at, const char *name,
                              const Metric *metric)
{
    static const char *const names[] = {"mean", "variance"};
    const double reals[] = {metric_mean(metric), metric_variance(metric)};

    for (int i = 0; i < 2; i++) {
        double was = sqlite3_column_double(row, at + MEAN + i);

        if (memcmp(&was, &reals[i], sizeof was) != 0)
            return g_strdup_printf("%s: %s was %.17g, is %.17g", name, names[i],
                                   was, reals[i]);
    }
    return NULL;
}

static char *wholes_difference(sqlite3_stmt *row, int at, const char *name,
                               const Metric *metric)
{
    static const char *const names[] = {" min", " max", " p50", " p90", " p99"};
    int64_t numbers[WHOLES];

    wholes(metric, numbers);
    for (int i = 0; i < WHOLES; i++) {
        gint64 was = sqlite3_column_int64(row, at + WHOLE + i);

        if (was != numbers[i])
            return number_difference(name, names[i], was, numbers[i]);
    }
    return NULL;
}

static char *histogram_difference(sqlite3_stmt *row, int at, const char *name,
                                  const Metric *metric)
{
    GBytes *bytes = metric_to_bytes(metric);
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    bool same =
        (gsize)sqlite3_column_bytes(row, at + HISTOGRAM) == len &&
        memcmp(sqlite3_column_blob(row, at + HISTOGRAM), data, len) == 0;

    g_bytes_unref(bytes);
    return same ? NULL
                : g_strdup_printf("%s: the numbers are the same, but not the "
                                  "histogram",
                                  name);
}

static char *other_difference(sqlite3_stmt *row, int at, const char *name,
                              const Metric *metric, uint64_t failures)
{
    gint64 count = sqlite3_column_int64(row, at + COUNT);
    gint64 failed = sqlite3_column_int64(row, at + FAILURES);
    char *why = NULL;

    if (failed != (gint64)failures)
        return number_difference(name, " failures", failed, (gint64)failures);
    if (count != (gint64)metric->count)
        return number_difference(name, " count", count, (gint64)metric->count);
    if (count > 0)
        why = reals_difference(row, at, name, metric);
    if (count > 0 && why == NULL)
        why = wholes_difference(row, at, name, metric);
    return why != NULL ? why : histogram_difference(row, at, name, metric);
}

/* Whether ROW has something of metric ID. */
static bool is_recorded(const Store *store, sqlite3_stmt *row, MetricId id)
{
    int at = store->columns[id];

    return at >= 0 &&
           sqlite3_column_type(row, store->totals[id] ? at : at + COUNT) !=
               SQLITE_NULL;
}

static char *metric_difference(const Store *store, sqlite3_stmt *row,
                               const RunResult *result, MetricId id)
{
    const Metric *metric = &result->metrics[id];
    const char *name = plan_metric_key(store->plan, id)->name;
    int at = store->columns[id];

    if (!is_recorded(store, row, id))
        return is_there(result, id)
                   ? g_strdup_printf("%s was not recorded, is there now", name)
                   : NULL;
    if (!is_there(result, id))
        return g_strdup_printf("%s was recorded, is not there now", name);
    if (!store->totals[id])
        return other_difference(row, at, name, metric, result->failures[id]);
    return sqlite3_column_int64(row, at) == metric->min
               ? NULL
               : number_difference(name, "", sqlite3_column_int64(row, at),
                                   metric->min);
}

/* A column of a metric that this version does not know, or knows as of another
 * kind, and that is not empty in ROW; NULL: there is none. */
static const char *unknown_column(const Store *store, sqlite3_stmt *row)
{
    int columns = sqlite3_column_count(row);
    bool *known = g_new0(bool, columns);
    const char *name = NULL;

    for (MetricId id = 0; id < store->metric_count; id++)
        for (int i = 0; store->columns[id] >= 0 && i < COLUMNS; i++)
            if (i == 0 || !store->totals[id])
                known[store->columns[id] + i] = true;
    for (int i = RUN_METRICS; name == NULL && i < columns; i++)
        if (!known[i] && sqlite3_column_type(row, i) != SQLITE_NULL)
            name = sqlite3_column_name(row, i);
    g_free(known);
    return name;
}

char *store_metrics_difference(const Store *store, sqlite3_stmt *row,
                               const RunResult *result)
{
    const char *unknown = unknown_column(store, row);
    char *why = NULL;

    if (unknown != NULL)
        return g_strdup_printf("%s of the database is not known to this "
                               "version",
                               unknown);
    for (MetricId id = 0; why == NULL && id < store->metric_count; id++)
        why = metric_difference(store, row, result, id);
    return why;
}
