/* store_series.c - time series in the results: two tables, and series.csv.
 *
 * Values are stored as numbers of their base unit one behind the other, without
 * their times, which follow from `every` and `first`: eight bytes a sample. */
#include "store_internal.h"

#include <math.h>
#include <string.h>

#include "csv.h"
#include "units.h"

/* --- writing -------------------------------------------------------------- */

bool store_series_add_keys(const Store *store, GError **error)
{
    const SeriesPlan *plan = store->plan->series;
    sqlite3_stmt *statement;
    bool good;

    if (plan == NULL)
        return true;
    statement = store_prepare_insert(store, "series", error);
    good = statement != NULL;
    for (unsigned i = 0; good && i < plan->keys->len; i++) {
        const SelectKey *key = series_key(plan, i);

        sqlite3_bind_int(statement, 1, (int)i);
        sqlite3_bind_text(statement, 2, key->name, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(statement, 3, quantity_kind_name(key->word->unit), -1,
                          SQLITE_TRANSIENT);
        sqlite3_bind_text(statement, 4, key->word->sentence, -1,
                          SQLITE_TRANSIENT);
        sqlite3_bind_int64(statement, 5, plan->every);
        sqlite3_bind_int64(statement, 6, plan_sample_time(store->plan, 0));
        good = store_step(store, statement, error);
    }
    sqlite3_finalize(statement);
    return good;
}

GBytes *store_doubles_to_bytes(const GArray *values)
{
    guint64 *words = g_new(guint64, values->len + 1);

    for (unsigned i = 0; i < values->len; i++) {
        guint64 word;

        memcpy(&word, &g_array_index(values, double, i), sizeof word);
        words[i] = GUINT64_TO_LE(word);
    }
    return g_bytes_new_take(words, values->len * sizeof *words);
}

GArray *store_doubles_from_bytes(const void *bytes, int len)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));

    for (int at = 0; at + (int)sizeof(guint64) <= len;
         at += (int)sizeof(guint64)) {
        guint64 word;
        double value;

        memcpy(&word, (const char *)bytes + at, sizeof word);
        word = GUINT64_FROM_LE(word);
        memcpy(&value, &word, sizeof value);
        g_array_append_val(values, value);
    }
    return values;
}

bool store_series_add(Store *store, const RunResult *result, GError **error)
{
    bool good = true;

    if (result->series == NULL)
        return true;
    if (store->add_series == NULL)
        store->add_series = store_prepare_insert(store, "series_sample", error);
    if (store->add_series == NULL)
        return false;
    for (unsigned i = 0; good && i < result->series->len; i++) {
        GBytes *bytes =
            store_doubles_to_bytes(g_ptr_array_index(result->series, i));

        sqlite3_bind_int64(store->add_series, 1, result->point);
        sqlite3_bind_int64(store->add_series, 2, result->replication);
        sqlite3_bind_int(store->add_series, 3, (int)i);
        sqlite3_bind_blob64(store->add_series, 4, g_bytes_get_data(bytes, NULL),
                            g_bytes_get_size(bytes), SQLITE_TRANSIENT);
        good = store_step(store, store->add_series, error);
        g_bytes_unref(bytes);
    }
    return good;
}

/* --- reading -------------------------------------------------------------- */

GPtrArray *store_series(const Store *store, unsigned point, unsigned series,
                        GError **error)
{
    GPtrArray *runs =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    sqlite3_stmt *rows = store_prepare(
        store,
        "SELECT samples FROM series_sample WHERE point = ? AND series = ? "
        "ORDER BY replication",
        error);

    if (rows == NULL) {
        g_ptr_array_unref(runs);
        return NULL;
    }
    sqlite3_bind_int64(rows, 1, point);
    sqlite3_bind_int64(rows, 2, series);
    while (sqlite3_step(rows) == SQLITE_ROW)
        g_ptr_array_add(
            runs, store_doubles_from_bytes(sqlite3_column_blob(rows, 0),
                                           sqlite3_column_bytes(rows, 0)));
    sqlite3_finalize(rows);
    return runs;
}

GPtrArray *store_fingerprints(Store *store, unsigned point, GError **error)
{
    sqlite3_stmt *rows = store_prepare(
        store,
        "SELECT fingerprint FROM run WHERE point = ? ORDER BY replication",
        error);
    GPtrArray *fingerprints;

    if (rows == NULL)
        return NULL;
    fingerprints = g_ptr_array_new_with_free_func(g_free);
    sqlite3_bind_int64(rows, 1, point);
    while (sqlite3_step(rows) == SQLITE_ROW)
        g_ptr_array_add(fingerprints,
                        g_strdup((const char *)sqlite3_column_text(rows, 0)));
    sqlite3_finalize(rows);
    return fingerprints;
}

static bool same_series(sqlite3_stmt *find, const RunResult *result, unsigned i)
{
    GBytes *bytes =
        store_doubles_to_bytes(g_ptr_array_index(result->series, i));
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    bool same;

    sqlite3_bind_int64(find, 1, result->point);
    sqlite3_bind_int64(find, 2, result->replication);
    sqlite3_bind_int(find, 3, (int)i);
    same = sqlite3_step(find) == SQLITE_ROW &&
           (gsize)sqlite3_column_bytes(find, 0) == len &&
           (len == 0 || memcmp(sqlite3_column_blob(find, 0), data, len) == 0);
    sqlite3_reset(find);
    g_bytes_unref(bytes);
    return same;
}

char *store_series_difference(const Store *store, const RunResult *result)
{
    sqlite3_stmt *find;
    char *why = NULL;

    if (result->series == NULL)
        return NULL;
    find = store_prepare(store,
                         "SELECT samples FROM series_sample WHERE point = ? "
                         "AND replication = ? AND series = ?",
                         NULL);
    if (find == NULL)
        return g_strdup("the database has no time series");
    for (unsigned i = 0; why == NULL && i < result->series->len; i++)
        if (!same_series(find, result, i))
            why = g_strdup_printf("the time series of %s is not what it was",
                                  series_key(store->plan->series, i)->name);
    sqlite3_finalize(find);
    return why;
}

/* --- series.csv ----------------------------------------------------------- */

static void add_run(GString *csv, const Store *store, sqlite3_stmt *row)
{
    const Plan *plan = store->plan;
    unsigned number = (unsigned)sqlite3_column_int64(row, 0);
    const SelectKey *key =
        series_key(plan->series, (unsigned)sqlite3_column_int(row, 2));
    GArray *values = store_doubles_from_bytes(sqlite3_column_blob(row, 3),
                                              sqlite3_column_bytes(row, 3));

    for (unsigned i = 0; i < values->len; i++) {
        SimTime at = plan_sample_time(plan, i);

        store_csv_point(csv, plan, number);
        csv_add_field(csv, key->name);
        g_string_append_printf(csv, ",%s,%" G_GINT64_FORMAT,
                               unit_name(key->word->unit),
                               (gint64)sqlite3_column_int64(row, 1));
        store_csv_number(csv, (double)at / unit_scale(QUANTITY_TIME));
        store_csv_number(csv, g_array_index(values, double, i) /
                                  unit_scale(key->word->unit));
        g_string_append_c(csv, '\n');
    }
    g_array_unref(values);
}

bool store_series_csv(const Store *store, const PointSummary *summaries,
                      FILE *out, GError **error)
{
    return store_rows_csv(store,
                          "SELECT point, replication, series, samples FROM "
                          "series_sample ORDER BY point, replication, series",
                          "series,unit,replication,time_ms,value", add_run, out,
                          error);
}
