/* store_csv.c - the results as text: summary.csv and samples.csv.  Times are in
 * milliseconds, other values in the base unit that the column `unit` names. */
#include "store_internal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "csv.h"
#include "estimate.h"
#include "units.h"
#include "plan_select.h"

void store_csv_number(GString *csv, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_c(csv, ',');
    if (isfinite(value))
        g_string_append(csv, g_ascii_formatd(text, sizeof text, "%.9g", value));
}

void store_csv_axes(GString *csv, const Plan *plan)
{
    for (unsigned i = 0; i < plan->axes->len; i++) {
        csv_add_field(csv, plan_axis(plan, i)->target);
        g_string_append_c(csv, ',');
    }
}

void store_csv_point(GString *csv, const Plan *plan, unsigned number)
{
    for (unsigned i = 0; i < plan->axes->len; i++) {
        csv_add_field(csv, plan_value(plan, number, i));
        g_string_append_c(csv, ',');
    }
}

static Estimate estimate_by(const Store *store, const PointSummary *summaries,
                            unsigned number, MetricId id, EstimandKind kind,
                            double p)
{
    Estimand estimand = {.kind = kind, .p = p, .metric = id};

    return estimate_of(store->plan, summaries, number, &estimand);
}

/* The columns after `converged`: intervals of the quantiles, and the share of
 * failures with its own. */
static void add_intervals(GString *csv, const Store *store,
                          const PointSummary *summaries, unsigned number,
                          MetricId id)
{
    const MetricKey *key = plan_metric_key(store->plan, id);
    double scale = unit_scale(key->unit);
    Estimate estimate;

    for (unsigned i = 0; i < ESTIMATE_QUANTILES; i++) {
        estimate = estimate_by(store, summaries, number, id, ESTIMAND_QUANTILE,
                               estimate_quantiles[i]);
        store_csv_number(csv, estimate.low / scale);
        store_csv_number(csv, estimate.high / scale);
    }
    estimate = estimate_by(store, summaries, number, id, ESTIMAND_FAILURES, 0);
    store_csv_number(csv, estimate.value);
    store_csv_number(csv, estimate.low);
    store_csv_number(csv, estimate.high);
}

static void add_summary(GString *csv, const Store *store,
                        const PointSummary *summaries, unsigned number,
                        MetricId id)
{
    Estimate estimate =
        estimate_by(store, summaries, number, id, ESTIMAND_MEAN, 0);
    const MetricKey *key = plan_metric_key(store->plan, id);
    double scale = unit_scale(key->unit);

    store_csv_point(csv, store->plan, number);
    csv_add_field(csv, key->name);
    g_string_append_printf(csv,
                           ",%s,%u,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT,
                           unit_name(key->unit), summaries[number].replications,
                           estimate.n, estimate.failures);
    store_csv_number(csv, estimate.value / scale);
    store_csv_number(csv, estimate.low / scale);
    store_csv_number(csv, estimate.high / scale);
    for (unsigned i = 0; i < ESTIMATE_QUANTILES; i++) {
        estimate = estimate_by(store, summaries, number, id, ESTIMAND_QUANTILE,
                               estimate_quantiles[i]);
        store_csv_number(csv, estimate.value / scale);
    }
    estimate = estimate_by(store, summaries, number, id, ESTIMAND_MIN, 0);
    store_csv_number(csv, estimate.value / scale);
    estimate = estimate_by(store, summaries, number, id, ESTIMAND_MAX, 0);
    store_csv_number(csv, estimate.value / scale);
    g_string_append_printf(
        csv, ",%s",
        summary_convergence(store->plan, summaries[number].converged));
    add_intervals(csv, store, summaries, number, id);
    g_string_append_c(csv, '\n');
}

bool store_summary_csv(const Store *store, const PointSummary *summaries,
                       FILE *out, GError **error)
{
    const Plan *plan = store->plan;
    GString *csv = g_string_new(NULL);

    store_csv_axes(csv, plan);
    g_string_append(csv, "metric,unit,replications,n,failures,mean,ci_low,"
                         "ci_high,p50,p90,p99,min,max,converged,p50_low,"
                         "p50_high,p90_low,p90_high,p99_low,p99_high,failed,"
                         "failed_low,failed_high\n");
    for (unsigned i = 0; i < plan->points; i++) {
        for (MetricId id = 0; id < plan_metrics(plan); id++) {
            const MetricSummary *summary = &summaries[i].metrics[id];

            if (summary->pooled.count > 0 || summary->failures > 0)
                add_summary(csv, store, summaries, i, id);
        }
        fwrite(csv->str, 1, csv->len, out);
        g_string_truncate(csv, 0);
    }
    g_string_free(csv, TRUE);
    return true;
}

static void add_samples(GString *csv, const Store *store, sqlite3_stmt *row)
{
    const Plan *plan = store->plan;
    unsigned number = (unsigned)sqlite3_column_int64(row, 0);
    sqlite3_int64 replication = sqlite3_column_int64(row, 1);
    const gint64 *pairs = sqlite3_column_blob(row, 2);
    unsigned count =
        (unsigned)sqlite3_column_bytes(row, 2) / (2 * sizeof *pairs);

    for (unsigned i = 0; i < count; i++) {
        gint64 pair[2];
        const MetricKey *key;
        MetricId id;

        memcpy(pair, pairs + 2 * i, sizeof pair);
        id = store_metric(store, (int)GINT64_FROM_LE(pair[0]));
        if (id == METRIC_NONE)
            continue; /* of another version */
        key = plan_metric_key(plan, id);
        store_csv_point(csv, plan, number);
        csv_add_field(csv, key->name);
        g_string_append_printf(csv, ",%" G_GINT64_FORMAT, (gint64)replication);
        store_csv_number(csv, (double)GINT64_FROM_LE(pair[1]) /
                                  unit_scale(key->unit));
        g_string_append_c(csv, '\n');
    }
}

bool store_rows_csv(const Store *store, const char *sql, const char *heads,
                    StoreRowFunc add, FILE *out, GError **error)
{
    sqlite3_stmt *rows = store_prepare(store, sql, error);
    GString *csv = g_string_new(NULL);
    int step = SQLITE_ERROR;

    store_csv_axes(csv, store->plan);
    g_string_append_printf(csv, "%s\n", heads);
    while (rows != NULL) {
        fwrite(csv->str, 1, csv->len, out);
        g_string_truncate(csv, 0);
        step = sqlite3_step(rows);
        if (step != SQLITE_ROW)
            break;
        add(csv, store, rows);
    }
    if (rows != NULL && step != SQLITE_DONE)
        store_fail(store, "cannot be read", error);
    sqlite3_finalize(rows);
    g_string_free(csv, TRUE);
    return step == SQLITE_DONE;
}

bool store_samples_csv(const Store *store, const PointSummary *summaries,
                       FILE *out, GError **error)
{
    return store_rows_csv(store,
                          "SELECT point, replication, samples FROM sample "
                          "ORDER BY point, replication",
                          "metric,replication,value", add_samples, out, error);
}

bool store_write_csv(const Store *store, const char *name, StoreCsvFunc write,
                     const PointSummary *summaries, GError **error)
{
    char *path = g_build_filename(store->folder, name, NULL);
    FILE *file = fopen(path, "w");
    bool good = file != NULL && write(store, summaries, file, error);
    bool said = file != NULL && !good;

    if (good && ferror(file))
        good = false;
    if (file != NULL && fclose(file) != 0)
        good = false;
    if (!good && !said)
        g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                    "%s: cannot write: %s", path, g_strerror(errno));
    g_free(path);
    return good;
}
