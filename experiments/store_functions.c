/* store_functions.c - SQL functions of histograms; see store_query.h. */
#include "store_functions.h"

#include <string.h>

#include "sim/metric.h"

/* Reads ARGUMENT, a histogram or the whole number that is one sample; false: a
 * result was set, NULL or an error. */
static bool read_metric(sqlite3_context *context, sqlite3_value *argument,
                        const char *name, Metric *metric)
{
    int len = sqlite3_value_bytes(argument);
    char *message;

    if (sqlite3_value_type(argument) == SQLITE_NULL)
        return false;
    if (sqlite3_value_type(argument) == SQLITE_INTEGER) {
        metric_init(metric);
        metric_add(metric, sqlite3_value_int64(argument));
        return true;
    }
    if (sqlite3_value_type(argument) == SQLITE_BLOB &&
        metric_from_bytes(metric, sqlite3_value_blob(argument), (size_t)len))
        return true;
    message = g_strdup_printf("%s(): this is no histogram; the column "
                              "histogram, or merge() of it, would be",
                              name);
    sqlite3_result_error(context, message, -1);
    g_free(message);
    return false;
}

static void quantile(sqlite3_context *context, int count, sqlite3_value **args)
{
    double p = sqlite3_value_double(args[1]);
    Metric metric;

    if (!read_metric(context, args[0], "quantile", &metric))
        return;
    if (sqlite3_value_numeric_type(args[1]) == SQLITE_NULL ||
        sqlite3_value_numeric_type(args[1]) == SQLITE_TEXT || p < 0 || p > 1)
        sqlite3_result_error(context,
                             "quantile(): the second argument is no share; a "
                             "number from 0 to 1 would be",
                             -1);
    else if (metric.count > 0)
        sqlite3_result_int64(context, metric_quantile(&metric, p));
    metric_clear(&metric);
}

/* --- metric_...() --------------------------------------------------------- */

static void give_count(sqlite3_context *context, const Metric *metric)
{
    sqlite3_result_int64(context, (sqlite3_int64)metric->count);
}
static void give_mean(sqlite3_context *context, const Metric *metric)
{
    sqlite3_result_double(context, metric_mean(metric));
}
static void give_variance(sqlite3_context *context, const Metric *metric)
{
    sqlite3_result_double(context, metric_variance(metric));
}
static void give_min(sqlite3_context *context, const Metric *metric)
{
    sqlite3_result_int64(context, metric->min);
}
static void give_max(sqlite3_context *context, const Metric *metric)
{
    sqlite3_result_int64(context, metric->max);
}

typedef struct Giver {
    const char *name;
    void (*give)(sqlite3_context *context, const Metric *metric);
} Giver;
static const Giver givers[] = {
    {"metric_count", give_count},       {"metric_mean", give_mean},
    {"metric_variance", give_variance}, {"metric_min", give_min},
    {"metric_max", give_max},
};

static void give(sqlite3_context *context, int count, sqlite3_value **args)
{
    const Giver *giver = sqlite3_user_data(context);
    Metric metric;

    if (!read_metric(context, args[0], giver->name, &metric))
        return;
    if (metric.count > 0)
        giver->give(context, &metric);
    metric_clear(&metric);
}

/* --- merge() -------------------------------------------------------------- */

/* SQLite's memory begins as zeros, which is a Metric without samples. */
static void merge_step(sqlite3_context *context, int count,
                       sqlite3_value **args)
{
    Metric *all = sqlite3_aggregate_context(context, sizeof *all);
    Metric one, sum;

    if (all == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (!read_metric(context, args[0], "merge", &one))
        return;
    memcpy(&sum, all, sizeof sum); /* theirs is not aligned for __int128 */
    metric_merge(&sum, &one);
    memcpy(all, &sum, sizeof sum);
    metric_clear(&one);
}

static void merge_final(sqlite3_context *context)
{
    void *all = sqlite3_aggregate_context(context, 0);
    Metric sum;
    GBytes *bytes;

    if (all == NULL)
        return;
    memcpy(&sum, all, sizeof sum);
    if (sum.count > 0) {
        bytes = metric_to_bytes(&sum);
        sqlite3_result_blob64(context, g_bytes_get_data(bytes, NULL),
                              g_bytes_get_size(bytes), SQLITE_TRANSIENT);
        g_bytes_unref(bytes);
    }
    metric_clear(&sum);
}

bool store_add_functions(sqlite3 *db)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    bool good = sqlite3_create_function(db, "quantile", 2, flags, NULL,
                                        quantile, NULL, NULL) == SQLITE_OK &&
                sqlite3_create_function(db, "merge", 1, flags, NULL, NULL,
                                        merge_step, merge_final) == SQLITE_OK;

    for (unsigned i = 0; good && i < G_N_ELEMENTS(givers); i++)
        good = sqlite3_create_function(db, givers[i].name, 1, flags,
                                       (void *)&givers[i], give, NULL,
                                       NULL) == SQLITE_OK;
    return good;
}
