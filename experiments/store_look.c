/* store_look.c - what a folder holds before the first run: nothing, results
 * that may be replaced or gone on from, or something else. */
#include "store_internal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "build.h"
#include "plan_files.h"

bool store_refuse(const char *folder, GError **error, const char *format, ...)
{
    va_list arguments;
    char *why;

    va_start(arguments, format);
    why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, STORE_ERROR, STORE_ERROR_REFUSED, "%s: %s", folder, why);
    g_free(why);
    return false;
}

/* --- without the lock ----------------------------------------------------- */

static bool is_empty(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    bool empty = dir != NULL && g_dir_read_name(dir) == NULL;

    if (dir != NULL)
        g_dir_close(dir);
    return empty;
}

static bool has_file(const char *folder, const char *name)
{
    char *file = g_build_filename(folder, name, NULL);
    bool there = g_file_test(file, G_FILE_TEST_EXISTS);

    g_free(file);
    return there;
}

bool store_is_there(const char *folder)
{
    return has_file(folder, "results.sqlite") &&
           has_file(folder, STORE_EXPERIMENT_NAME);
}

bool store_may_use(const char *folder, GError **error)
{
    if (!g_file_test(folder, G_FILE_TEST_EXISTS))
        return true;
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return store_refuse(
            folder, error,
            "exists and is no folder; another -o would be right");
    if (is_empty(folder) || has_file(folder, "results.sqlite") ||
        has_file(folder, STORE_LOCK_NAME))
        return true;
    return store_refuse(
        folder, error,
        "exists and is not a results folder; another -o would be "
        "right");
}

bool store_make_folder(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) == 0)
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE, "%s: cannot write: %s",
                folder, g_strerror(errno));
    return false;
}

void store_remove_results(const char *folder)
{
    static const char *const names[] = {"results.sqlite",
                                        "results.sqlite-journal", "summary.csv",
                                        "samples.csv", "series.csv"};

    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        char *file = g_build_filename(folder, names[i], NULL);

        g_unlink(file);
        g_free(file);
    }
}

/* --- what the database says ----------------------------------------------- */

/* The first column of SQL's first row; NULL: there is none. */
static char *ask(const Store *store, const char *sql, const char *parameter)
{
    sqlite3_stmt *statement = NULL;
    char *text = NULL;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK) {
        if (parameter != NULL)
            store_bind_text(statement, 1, parameter);
        if (sqlite3_step(statement) == SQLITE_ROW)
            text = g_strdup((const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    return text;
}

char *store_meta(const Store *store, const char *key)
{
    return ask(store, "SELECT value FROM meta WHERE key = ?", key);
}

char *store_build(const Store *store, const char *key)
{
    return ask(store, "SELECT value FROM build WHERE key = ?", key);
}

static int64_t ask_number(const Store *store, const char *sql)
{
    char *text = ask(store, sql, NULL);
    int64_t number = text != NULL ? g_ascii_strtoll(text, NULL, 10) : -1;

    g_free(text);
    return number;
}

int64_t store_schema(const Store *store)
{
    return ask_number(store, "PRAGMA user_version");
}

bool store_meta_is(const Store *store, const char *key, const char *value)
{
    char *recorded = store_meta(store, key);
    bool same = g_strcmp0(recorded, value) == 0;

    g_free(recorded);
    return same;
}

/* --- whether it may be gone on from --------------------------------------- */

static bool cannot_resume(const Store *store, GError **error, const char *what,
                          const char *was, const char *is)
{
    return store_refuse(
        store->folder, error,
        "cannot be resumed: %s \"%s\" there, \"%s\" here; runs of "
        "the two must not be mixed: another -o, or --force to begin "
        "again, would be right",
        what, was, is);
}

/* The first line in which the experiment there and TEXT, here, differ. */
static bool other_experiment(const Store *store, const char *text,
                             GError **error)
{
    char *path = g_build_filename(store->folder, STORE_EXPERIMENT_NAME, NULL);
    char *there = NULL, *group = g_strdup("");
    char **was, **is = g_strsplit(text, "\n", -1);
    unsigned i = 0;

    g_file_get_contents(path, &there, NULL, NULL);
    was = g_strsplit(store_text_after_heading(there != NULL ? there : ""), "\n",
                     -1);
    while (was[i] != NULL && is[i] != NULL && strcmp(was[i], is[i]) == 0) {
        if (is[i][0] == '[') {
            g_free(group);
            group = g_strdup(is[i]);
        }
        i++;
    }
    if (was[i] == NULL && is[i] == NULL)
        store_refuse(
            store->folder, error,
            "cannot be resumed: its experiment.ini is not what was run");
    else
        cannot_resume(store, error, group, was[i] != NULL ? was[i] : "",
                      is[i] != NULL ? is[i] : "");
    g_strfreev(was);
    g_strfreev(is);
    g_free(there);
    g_free(group);
    g_free(path);
    return false;
}

static bool same_files(const Store *store, GError **error)
{
    const TopologyFile *file;
    bool same = true;

    for (unsigned i = 0; same && (file = plan_file_at(store->plan, i)) != NULL;
         i++) {
        char *name = plan_file_copy(file->name);
        char *is = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file->bytes);
        char *was = ask(store, "SELECT sha256 FROM file WHERE name = ?", name);

        if (g_strcmp0(was, is) != 0)
            same = cannot_resume(store, error, name,
                                 was != NULL ? was : "nothing", is);
        g_free(was);
        g_free(is);
        g_free(name);
    }
    return same;
}

static bool may_resume(const Store *store, const char *text, const char *digest,
                       GError **error)
{
    char *version = store_meta(store, "version");
    bool good = false;

    if (g_strcmp0(version, build_version()) != 0)
        cannot_resume(store, error, "firstbyte is",
                      version != NULL ? version : "", build_version());
    else if (!store_meta_is(store, "experiment", digest))
        other_experiment(store, text, error);
    else if (store->samples && !store_meta_is(store, "samples", "yes"))
        store_refuse(
            store->folder, error,
            "cannot be resumed with --samples: the runs that are there were "
            "made without; leave it out, or --force to begin again");
    else
        good = same_files(store, error);
    g_free(version);
    return good;
}

/* --- the decision --------------------------------------------------------- */

/* Results that are not to be gone on from. */
static StoreFound may_replace(const Store *store, const char *digest,
                              bool current, const StoreOptions *options,
                              GError **error)
{
    int64_t runs = ask_number(store, "SELECT count(*) FROM run");

    if (options->force)
        return STORE_FOUND_OLD;
    if (!store_meta_is(store, "experiment", digest))
        store_refuse(
            store->folder, error,
            "holds the results of another experiment; another -o would be "
            "right, or --force to replace them");
    else if (current && !store_meta_is(store, "whole", "yes") && runs > 0)
        store_refuse(
            store->folder, error,
            "holds %" G_GINT64_FORMAT " runs of this experiment, which is "
            "not finished; --resume to go on, or --force to begin again, "
            "would be right",
            runs);
    else
        return STORE_FOUND_OLD;
    return STORE_FOUND_REFUSED;
}

StoreFound store_look(const Store *store, const char *text, const char *digest,
                      const StoreOptions *options, GError **error)
{
    int64_t tables = ask_number(store, "SELECT count(*) FROM sqlite_schema");
    int64_t schema = store_schema(store);

    /* Killed before the tables were there. */
    if (tables == 0)
        return STORE_FOUND_NOTHING;
    if (tables < 0 ||
        ask_number(store, "PRAGMA application_id") != STORE_APPLICATION) {
        store_refuse(
            store->folder, error,
            "its results.sqlite is none of firstbyte, or damaged (%s); "
            "another -o would be right",
            sqlite3_errmsg(store->db));
        return STORE_FOUND_REFUSED;
    }
    if (!options->resume)
        return may_replace(store, digest, schema == STORE_SCHEMA, options,
                           error);
    if (schema != STORE_SCHEMA) {
        store_refuse(
            store->folder, error,
            "cannot be resumed: its database has schema %d, this version "
            "writes %d",
            (int)schema, STORE_SCHEMA);
        return STORE_FOUND_REFUSED;
    }
    return may_resume(store, text, digest, error) ? STORE_FOUND_RESUMED
                                                  : STORE_FOUND_REFUSED;
}
