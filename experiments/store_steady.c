/* store_steady.c - steady runs in the results: where each warm-up ended, and
 * the batches' means. */
#include "store_internal.h"
#include "plan_select.h"

#include <string.h>

static void bind_run(sqlite3_stmt *statement, const RunResult *result)
{
    sqlite3_bind_int64(statement, 1, result->point);
    sqlite3_bind_int64(statement, 2, result->replication);
}

static bool add_batches(const Store *store, const RunResult *result,
                        GError **error)
{
    sqlite3_stmt *statement = store_prepare_insert(store, "batch", error);
    bool good = statement != NULL;

    for (unsigned i = 0; good && i < result->steady->metrics->len; i++) {
        const SteadyMetric *metric =
            &g_array_index(result->steady->metrics, SteadyMetric, i);
        GBytes *means = store_doubles_to_bytes(metric->batches.means);

        bind_run(statement, result);
        sqlite3_bind_int(statement, 3, (int)metric->metric);
        sqlite3_bind_int64(statement, 4, metric->batches.size);
        sqlite3_bind_int(statement, 5, metric->batches.separate);
        sqlite3_bind_double(statement, 6, metric->batches.correlation);
        sqlite3_bind_blob64(statement, 7, g_bytes_get_data(means, NULL),
                            g_bytes_get_size(means), SQLITE_TRANSIENT);
        good = store_step(store, statement, error);
        g_bytes_unref(means);
    }
    sqlite3_finalize(statement);
    return good;
}

bool store_steady_add(const Store *store, const RunResult *result,
                      GError **error)
{
    sqlite3_stmt *statement;
    bool good;

    if (result->steady == NULL)
        return true;
    statement = store_prepare_insert(store, "steady", error);
    if (statement == NULL)
        return false;
    bind_run(statement, result);
    sqlite3_bind_int64(statement, 3, result->steady->warmup);
    sqlite3_bind_int(statement, 4, result->steady->settled);
    good = store_step(store, statement, error);
    sqlite3_finalize(statement);
    return good && add_batches(store, result, error);
}

static void read_batches(const Store *store, RunResult *result)
{
    sqlite3_stmt *rows = store_prepare(
        store,
        "SELECT metric, size, separate, correlation, means FROM batch "
        "WHERE point = ? AND replication = ? ORDER BY metric",
        NULL);

    bind_run(rows, result);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        SteadyMetric metric = {
            .metric = store_metric(store, sqlite3_column_int(rows, 0)),
            .batches = {.size = (unsigned)sqlite3_column_int64(rows, 1),
                        .separate = sqlite3_column_int(rows, 2) != 0,
                        .correlation = sqlite3_column_double(rows, 3)}};

        if (metric.metric == METRIC_NONE)
            continue;
        metric.batches.means = store_doubles_from_bytes(
            sqlite3_column_blob(rows, 4), sqlite3_column_bytes(rows, 4));
        steady_add(result->steady, metric);
    }
    sqlite3_finalize(rows);
}

bool store_steady_read(const Store *store, RunResult *result)
{
    sqlite3_stmt *row;
    bool found;

    if (store->plan == NULL || store->plan->run.kind != RUN_STEADY)
        return true;
    row = store_prepare(store,
                        "SELECT warmup, settled FROM steady WHERE point = ? "
                        "AND replication = ?",
                        NULL);
    if (row == NULL)
        return false;
    bind_run(row, result);
    found = sqlite3_step(row) == SQLITE_ROW;
    if (found)
        result->steady = steady_empty(sqlite3_column_int64(row, 0),
                                      sqlite3_column_int(row, 1) != 0);
    sqlite3_finalize(row);
    if (found)
        read_batches(store, result);
    return found;
}

static bool same_batches(const BatchMeans *a, const BatchMeans *b)
{
    return a->size == b->size && a->separate == b->separate &&
           a->correlation == b->correlation && a->means->len == b->means->len &&
           (a->means->len == 0 || memcmp(a->means->data, b->means->data,
                                         a->means->len * sizeof(double)) == 0);
}

char *store_steady_difference(const Store *store, const RunResult *result)
{
    RunResult was = {.point = result->point,
                     .replication = result->replication};
    char *why = NULL;

    if (result->steady == NULL)
        return NULL;
    if (!store_steady_read(store, &was))
        return g_strdup("its warm-up was not recorded");
    if (was.steady->warmup != result->steady->warmup ||
        was.steady->settled != result->steady->settled ||
        was.steady->metrics->len != result->steady->metrics->len)
        why = g_strdup("its warm-up is not what it was");
    for (unsigned i = 0; why == NULL && i < was.steady->metrics->len; i++) {
        const SteadyMetric *a =
            &g_array_index(was.steady->metrics, SteadyMetric, i);
        const SteadyMetric *b =
            &g_array_index(result->steady->metrics, SteadyMetric, i);

        if (a->metric != b->metric || !same_batches(&a->batches, &b->batches))
            why =
                g_strdup_printf("the batches of %s are not what they were",
                                plan_metric_key(store->plan, b->metric)->name);
    }
    steady_free(was.steady);
    return why;
}
