/* store_check.c - whether the files of a results folder are what the database
 * says that they were. */
#include "store_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plot.h"

static void add(GPtrArray *differences, char *why /* taken */)
{
    g_ptr_array_add(differences, why);
}

/* --- what was read -------------------------------------------------------- */

/* TEXT's or FILE's SHA-256, hexadecimal; NULL: it cannot be read. */
static char *digest_of(const Store *store, const char *name)
{
    char *path = g_build_filename(store->folder, name, NULL);
    char *text = NULL, *digest = NULL;
    gsize len;

    if (g_file_get_contents(path, &text, &len, NULL))
        digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                             (const guchar *)text, len);
    g_free(text);
    g_free(path);
    return digest;
}

static bool is_as_run(const Store *store)
{
    char *path = g_build_filename(store->folder, STORE_EXPERIMENT_NAME, NULL);
    char *text = NULL, *digest;
    bool same = true;

    if (g_file_get_contents(path, &text, NULL, NULL)) {
        digest = g_compute_checksum_for_string(
            G_CHECKSUM_SHA256, store_text_after_heading(text), -1);
        same = store_meta_is(store, "experiment", digest);
        g_free(digest);
    }
    g_free(text);
    g_free(path);
    return same;
}

bool store_is_as_run(const Store *store, GError **error)
{
    if (is_as_run(store))
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                "%s/%s is not what was run: what is recorded would be told of "
                "other values; the file as it was, or `firstbyte query`, would "
                "be right",
                store->folder, STORE_EXPERIMENT_NAME);
    return false;
}

static void check_experiment(const Store *store, GPtrArray *differences)
{
    if (!is_as_run(store))
        add(differences, g_strdup("experiment.ini is not what was run: its "
                                  "SHA-256 is another"));
}

static bool check_files(const Store *store, GPtrArray *differences,
                        GError **error)
{
    sqlite3_stmt *rows = store_prepare(
        store, "SELECT name, sha256 FROM file ORDER BY name", error);
    int step = SQLITE_ERROR;

    while (rows != NULL && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        char *digest = digest_of(store, name);

        if (digest == NULL)
            add(differences, g_strdup_printf("%s is missing", name));
        else if (g_strcmp0(digest,
                           (const char *)sqlite3_column_text(rows, 1)) != 0)
            add(differences, g_strdup_printf("%s is not what was read: its "
                                             "SHA-256 is another",
                                             name));
        g_free(digest);
    }
    sqlite3_finalize(rows);
    return step == SQLITE_DONE;
}

/* Each point's row counts its runs, which are numbered without a gap. */
static bool check_points(const Store *store, GPtrArray *differences,
                         GError **error)
{
    sqlite3_stmt *rows = store_prepare(
        store,
        "SELECT r.point, count(*), max(r.replication) + 1, p.replications "
        "FROM run r LEFT JOIN point p ON p.point = r.point GROUP BY r.point",
        error);
    int step = SQLITE_ERROR;

    while (rows != NULL && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        int64_t runs = sqlite3_column_int64(rows, 1);

        if (runs != sqlite3_column_int64(rows, 2) ||
            (sqlite3_column_type(rows, 3) != SQLITE_NULL &&
             runs != sqlite3_column_int64(rows, 3)))
            add(differences,
                g_strdup_printf("point %d: %" G_GINT64_FORMAT
                                " runs are recorded, but they are not all "
                                "that were made",
                                sqlite3_column_int(rows, 0), runs));
    }
    sqlite3_finalize(rows);
    return step == SQLITE_DONE;
}

/* --- what was written ----------------------------------------------------- */

/* The first line in which A and B differ, from 1; 0: none. */
static unsigned other_line(FILE *a, FILE *b)
{
    unsigned line = 1;

    while (true) {
        int c = getc(a), d = getc(b);

        if (c != d)
            return line;
        if (c == EOF)
            return 0;
        line += c == '\n';
    }
}

/* NAME is what WRITE makes of the runs; it need not be there. */
static bool check_csv(const Store *store, const char *name, StoreCsvFunc write,
                      const PointSummary *summaries, GPtrArray *differences,
                      GError **error)
{
    char *path = g_build_filename(store->folder, name, NULL);
    FILE *was = fopen(path, "r"), *is = was != NULL ? tmpfile() : NULL;
    bool good = is == NULL || write(store, summaries, is, error);
    unsigned line;

    if (was != NULL &&
        (is == NULL || (good && (fflush(is) != 0 || ferror(is))))) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                    "%s cannot be compared: a temporary file: %s", name,
                    g_strerror(errno));
        good = false;
    }
    if (good && is != NULL) {
        rewind(is);
        line = other_line(was, is);
        if (line != 0)
            add(differences,
                g_strdup_printf("%s is not what the runs give, from line %u on",
                                name, line));
    }
    if (is != NULL)
        fclose(is);
    if (was != NULL)
        fclose(was);
    g_free(path);
    return good;
}

/* Runs that cannot be read are a difference as well. */
static void check_tables(Store *store, GPtrArray *differences)
{
    GError *error = NULL;
    unsigned points = store->plan->points;
    PointSummary *summaries = g_new(PointSummary, points);

    for (unsigned i = 0; i < points; i++)
        summary_init(&summaries[i], store->plan);
    if (!store_summaries(store, summaries, &error) ||
        !check_csv(store, "summary.csv", store_summary_csv, summaries,
                   differences, &error) ||
        !check_csv(store, "samples.csv", store_samples_csv, NULL, differences,
                   &error) ||
        !check_csv(store, "series.csv", store_series_csv, NULL, differences,
                   &error) ||
        !plot_differences(store->plan, summaries, store->folder, differences,
                          &error)) {
        add(differences, g_strdup(error->message));
        g_error_free(error);
    }
    for (unsigned i = 0; i < points; i++)
        summary_clear(&summaries[i]);
    g_free(summaries);
}

bool store_file_differences(Store *store, GPtrArray *differences,
                            GError **error)
{
    check_experiment(store, differences);
    if (!check_files(store, differences, error) ||
        !check_points(store, differences, error))
        return false;
    /* Of an unfinished folder they are older than its runs. */
    if (store_is_whole(store))
        check_tables(store, differences);
    return true;
}
