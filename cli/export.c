/* export.c - firstbyte export: the tables of a results folder for other
 * programs, as CSV or JSON. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "experiments/csv.h"
#include "experiments/json_text.h"
#include "experiments/store.h"
#include "experiments/store_query.h"

/* --- CSV into JSON -------------------------------------------------------- */

/* Numbers become numbers, an empty field null; units are words, though some
 * of them are called 1. */
static void write_object(const GPtrArray *heads, const GPtrArray *fields,
                         GString *line)
{
    for (guint i = 0; i < heads->len && i < fields->len; i++) {
        const char *head = g_ptr_array_index(heads, i);
        const char *field = g_ptr_array_index(fields, i);

        g_string_append_c(line, i == 0 ? '{' : ',');
        json_add_string(line, head);
        g_string_append_c(line, ':');
        if (field[0] == '\0')
            g_string_append(line, "null");
        else if (json_is_number(field) && strcmp(head, "unit") != 0)
            g_string_append(line, field);
        else
            json_add_string(line, field);
    }
    g_string_append_c(line, '}');
}

/* The records of CSV, the first of which names the fields, as an array of
 * objects, one a line. */
static void json_of_csv(FILE *csv, FILE *out)
{
    GPtrArray *heads = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
    GString *line = g_string_new(NULL);
    const char *before = "[\n";

    csv_read(csv, heads);
    while (csv_read(csv, fields)) {
        g_string_assign(line, before);
        write_object(heads, fields, line);
        fputs(line->str, out);
        before = ",\n";
    }
    fputs(before[0] == '[' ? "[]\n" : "\n]\n", out);
    g_string_free(line, TRUE);
    g_ptr_array_unref(heads);
    g_ptr_array_unref(fields);
}

/* --- the tables ----------------------------------------------------------- */

typedef bool (*WriteTable)(const Store *store, const PointSummary *summaries,
                           FILE *out, GError **error);

static bool write_json(const Store *store, const PointSummary *summaries,
                       WriteTable write, FILE *out, GError **error)
{
    FILE *csv = tmpfile();
    bool good;

    if (csv == NULL) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                    "a temporary file cannot be made: %s", g_strerror(errno));
        return false;
    }
    good = write(store, summaries, csv, error);
    if (good) {
        rewind(csv);
        json_of_csv(csv, out);
    }
    fclose(csv);
    return good;
}

static bool write_table(const Store *store, const PointSummary *summaries,
                        const char *table, bool json, GError **error)
{
    WriteTable write = strcmp(table, "samples") == 0  ? store_samples_csv
                       : strcmp(table, "series") == 0 ? store_series_csv
                                                      : store_summary_csv;

    return json ? write_json(store, summaries, write, stdout, error)
                : write(store, summaries, stdout, error);
}

/* Summaries are made from the runs that are there, also where the folder is
 * unfinished and has no summary.csv. */
static bool export_summary(Store *store, const Plan *plan, const char *table,
                           bool json, GError **error)
{
    PointSummary *summaries = g_new(PointSummary, plan->points);
    bool good;

    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&summaries[i], plan);
    good = store_summaries(store, summaries, error) &&
           write_table(store, summaries, table, json, error);
    for (unsigned i = 0; i < plan->points; i++)
        summary_clear(&summaries[i]);
    g_free(summaries);
    return good;
}

/* TABLE is there to be exported. */
static bool check_table(const Store *store, const Plan *plan,
                        const char *folder, const char *table, GError **error)
{
    if (strcmp(table, "samples") == 0 && !store_has_samples(store))
        g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                    "%s: no samples were kept; `firstbyte run --samples` "
                    "keeps them",
                    folder);
    else if (strcmp(table, "series") == 0 && plan->series == NULL)
        g_set_error(error, STORE_ERROR, STORE_ERROR_READ,
                    "%s: the experiment samples nothing in time; [measure] "
                    "sample would",
                    folder);
    else
        return true;
    return false;
}

static int export_table(const char *folder, const char *table, bool json)
{
    static const char runs[] = "SELECT * FROM results";
    GError *error = NULL;
    Plan *plan = NULL;
    Store *store;
    bool good;

    if (strcmp(table, "runs") == 0) {
        good = store_query(folder, runs,
                           json ? STORE_FORMAT_JSON : STORE_FORMAT_CSV, stdout,
                           &error);
        return good ? CLI_DONE : cli_complain(error, CLI_WRONG);
    }
    store = store_open(folder, &plan, &error);
    if (store == NULL)
        return cli_complain(error, CLI_WRONG);
    good = store_is_as_run(store, &error) &&
           check_table(store, plan, folder, table, &error) &&
           export_summary(store, plan, table, json, &error);
    store_free(store);
    plan_free(plan);
    return good ? CLI_DONE : cli_complain(error, CLI_WRONG);
}

int cli_export(int argc, char **argv)
{
    static const char *const tables[] = {"summary", "runs", "samples", "series",
                                         NULL};
    gboolean csv = FALSE, json = FALSE;
    const GOptionEntry entries[] = {
        {"csv", 0, 0, G_OPTION_ARG_NONE, &csv,
         "Comma-separated values (as without an option)", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "An array of objects", NULL},
        G_OPTION_ENTRY_NULL,
    };
    const char *table;

    if (!cli_options("export", entries, &argc, &argv, 1, 2))
        return CLI_WRONG;
    table = argc > 2 ? argv[2] : tables[0];
    if (!g_strv_contains(tables, table)) {
        fprintf(stderr,
                "firstbyte: export: there is no table \"%s\"; summary, runs, "
                "samples or series would be right\n",
                table);
        return CLI_WRONG;
    }
    if (csv && json) {
        fprintf(stderr, "firstbyte: export: --csv and --json; one of them "
                        "would be right\n");
        return CLI_WRONG;
    }
    return export_table(argv[1], table, json);
}
