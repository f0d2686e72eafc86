/* store_files.c - the experiment as text, and copies of the files that were
 * read. */
#include "store_internal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "plan_files.h"

/* --- names of copies ------------------------------------------------------ */

static const char trace[] = "trace "; /* of a workload's arrivals */

/* "trace a.txt" with the name as it is copied; other arrivals: NULL. */
static char *copy_trace(const char *arrivals)
{
    char *copy, *text;

    if (!g_str_has_prefix(arrivals, trace))
        return NULL;
    copy = plan_file_copy(arrivals + strlen(trace));
    text = g_strconcat(trace, copy, NULL);
    g_free(copy);
    return text;
}

/* The same of a list, as the values of an axis are. */
static char *copy_traces(const char *value)
{
    char **list = g_strsplit(value, ",", -1);
    char *text;

    for (unsigned i = 0; list[i] != NULL; i++) {
        char *copy = copy_trace(g_strstrip(list[i]));

        if (copy != NULL) {
            g_free(list[i]);
            list[i] = copy;
        }
    }
    text = g_strjoinv(", ", list);
    g_strfreev(list);
    return text;
}

/* "arrivals" of a workload, or "workload NAME.arrivals" elsewhere. */
static bool is_arrivals(const ConfigGroup *group, const char *key)
{
    return strcmp(group->kind, "workload") == 0
               ? strcmp(key, "arrivals") == 0
               : g_str_has_prefix(key, "workload ") &&
                     g_str_has_suffix(key, ".arrivals");
}

static void rename_traces(Config *config)
{
    for (unsigned i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);

        for (unsigned e = 0; e < group->entries->len; e++) {
            ConfigEntry *entry = g_ptr_array_index(group->entries, e);
            char *value;

            if (!is_arrivals(group, entry->key))
                continue;
            value = copy_traces(entry->value);
            g_free(entry->value);
            entry->value = value;
        }
    }
}

/* "a.zone, b.zone" with each name as it is copied. */
static char *copy_names(const char *value)
{
    char **names = g_strsplit(value, ",", -1);
    char *text;

    for (unsigned i = 0; names[i] != NULL; i++) {
        char *copy = plan_file_copy(g_strstrip(names[i]));

        g_free(names[i]);
        names[i] = copy;
    }
    text = g_strjoinv(", ", names);
    g_strfreev(names);
    return text;
}

static void rename_services(Config *config)
{
    static const char *const keys[] = {"zones", "site"};

    for (unsigned i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);

        for (unsigned k = 0; k < G_N_ELEMENTS(keys); k++) {
            const ConfigEntry *entry = strcmp(group->kind, "node") == 0
                                           ? config_entry(group, keys[k])
                                           : NULL;
            char *value;

            if (entry == NULL || entry->value[0] == '\0')
                continue;
            value = copy_names(entry->value);
            config_set_value(config, group->kind, group->name, keys[k], value,
                             entry->origin);
            g_free(value);
        }
    }
}

void store_rename_files(Config *config)
{
    rename_services(config);
    rename_traces(config);
}

char *store_experiment_text(const Plan *plan)
{
    Config *config = plan_effective(plan);
    char *text;

    store_rename_files(config);
    text = config_to_text(config);
    config_free(config);
    return text;
}

/* --- writing -------------------------------------------------------------- */

static bool write_fail(const char *file, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE, "%s: cannot write: %s",
                file, g_strerror(errno));
    return false;
}

bool store_write_text(const Store *store, const char *name, const char *text,
                      size_t len, GError **error)
{
    char *path = g_build_filename(store->folder, name, NULL);
    char *folder = g_path_get_dirname(path);
    FILE *file = NULL;
    bool good = g_mkdir_with_parents(folder, 0777) == 0 &&
                (file = g_fopen(path, "wb")) != NULL &&
                fwrite(text, 1, len, file) == len && fflush(file) == 0;

    if (!good)
        write_fail(path, error);
    if (file != NULL && fclose(file) != 0 && good)
        good = write_fail(path, error);
    g_free(folder);
    g_free(path);
    return good;
}

static const char heading[] = "# What was run, every key, the topology "
                              "inlined.  `firstbyte verify` on this\n"
                              "# folder runs it again and compares bit for "
                              "bit; `firstbyte run` takes this\n"
                              "# file like any other.\n\n";

const char *store_text_after_heading(const char *text)
{
    return g_str_has_prefix(text, heading) ? text + strlen(heading) : text;
}

bool store_write_files(const Store *store, const char *text, GError **error)
{
    char *whole = g_strconcat(heading, text, NULL);
    bool good = store_write_text(store, STORE_EXPERIMENT_NAME, whole,
                                 strlen(whole), error);
    const TopologyFile *file;

    for (unsigned i = 0; good && (file = plan_file_at(store->plan, i)) != NULL;
         i++) {
        char *name = plan_file_copy(file->name);
        gsize len;
        const char *bytes = g_bytes_get_data(file->bytes, &len);

        good = store_write_text(store, name, bytes, len, error);
        g_free(name);
    }
    g_free(whole);
    return good;
}

static bool add_file_row(const Store *store, sqlite3_stmt *statement,
                         const TopologyFile *file, GError **error)
{
    char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file->bytes);

    sqlite3_bind_text(statement, 1, plan_file_copy(file->name), -1, g_free);
    sqlite3_bind_text(statement, 2, digest, -1, g_free);
    sqlite3_bind_int64(statement, 3,
                       (sqlite3_int64)g_bytes_get_size(file->bytes));
    return store_step(store, statement, error);
}

bool store_add_file_rows(const Store *store, GError **error)
{
    sqlite3_stmt *statement = store_prepare_insert(store, "file", error);
    /* A file may be read for two reasons: names that have their row. */
    GHashTable *names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool good = statement != NULL;
    const TopologyFile *file;

    for (unsigned i = 0; good && (file = plan_file_at(store->plan, i)) != NULL;
         i++)
        if (g_hash_table_add(names, plan_file_copy(file->name)))
            good = add_file_row(store, statement, file, error);
    g_hash_table_destroy(names);
    sqlite3_finalize(statement);
    return good;
}
