/* plan_files.c - the files that a plan was read from, and where results keep
 * them. */
#include "plan_files.h"

#include <string.h>

#include "plan_workload.h"

static const char copies[] = "files/";

const TopologyFile *plan_file_at(const Plan *plan, unsigned index)
{
    unsigned count;
    const TopologyFile *files = topology_files(plan->topology, &count);

    return index < count ? &files[index] : plan_trace_file(plan, index - count);
}

char *plan_file_copy(const char *name)
{
    char **parts;
    GString *copy;

    if (g_str_has_prefix(name, copies))
        return g_strdup(name);
    parts = g_strsplit(name, "/", -1);
    copy = g_string_new("files");
    for (unsigned i = 0; parts[i] != NULL; i++) {
        if (parts[i][0] == '\0' || strcmp(parts[i], ".") == 0)
            continue;
        g_string_append_printf(copy, "/%s",
                               strcmp(parts[i], "..") == 0 ? "up" : parts[i]);
    }
    g_strfreev(parts);
    return g_string_free(copy, FALSE);
}

bool plan_files_check(const Plan *plan, GError **error)
{
    GHashTable *by_copy =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const TopologyFile *file;
    bool good = true;

    for (unsigned i = 0; (file = plan_file_at(plan, i)) != NULL; i++) {
        char *copy = plan_file_copy(file->name);
        const TopologyFile *other = g_hash_table_lookup(by_copy, copy);

        if (other == NULL) {
            g_hash_table_insert(by_copy, copy, (gpointer)file);
            continue;
        }
        if (!g_bytes_equal(other->bytes, file->bytes))
            good = config_fail(
                error, CONFIG_ERROR_FILE, (ConfigOrigin){plan->file, 0}, NULL,
                NULL,
                "%s and %s are two files, and the results would keep both as "
                "%s; another name for one of them would be right",
                other->path, file->path, copy);
        g_free(copy);
    }
    g_hash_table_unref(by_copy);
    return good;
}
