/* files.c - finding files that a user or a config file names: as given, beside
 * the file that names them, installed, in the source tree, inside the program.
 */
#include "parts.h"

#include <gio/gio.h>
#include <string.h>

#include "topologies/embedded.h"

#define RESOURCE_SCHEME "resource:"
#define RESOURCE_ROOT "resource:/firstbyte/topologies"

/* Where FILE may be, best first: NULL-ended (g_strfreev). */
static char **places(const char *file, const char *beside)
{
    GPtrArray *list = g_ptr_array_new();

    if (beside != NULL && !g_path_is_absolute(file)) {
        char *folder = g_path_get_dirname(beside);

        if (strcmp(folder, ".") != 0)
            g_ptr_array_add(list, g_build_filename(folder, file, NULL));
        g_free(folder);
    }
    g_ptr_array_add(list, g_strdup(file));
    if (!g_path_is_absolute(file)) {
        g_ptr_array_add(list, g_build_filename(FIRSTBYTE_DATADIR, "topologies",
                                               file, NULL));
        g_ptr_array_add(
            list, g_build_filename(FIRSTBYTE_SRCDIR, "topologies", file, NULL));
        g_ptr_array_add(list, g_build_filename(RESOURCE_ROOT, file, NULL));
    }
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(list, FALSE);
}

static bool is_resource(const char *path)
{
    return g_str_has_prefix(path, RESOURCE_SCHEME);
}

static bool exists(const char *path)
{
    if (is_resource(path))
        return g_resource_get_info(
            embedded_get_resource(), path + strlen(RESOURCE_SCHEME),
            G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static GBytes *read_path(const char *path, GError **error)
{
    GError *why = NULL;
    char *content;
    gsize len;

    if (is_resource(path))
        return g_resource_lookup_data(embedded_get_resource(),
                                      path + strlen(RESOURCE_SCHEME),
                                      G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
                    "%s: is a directory; name a file", path);
        return NULL;
    }
    if (g_file_get_contents(path, &content, &len, &why))
        return g_bytes_new_take(content, len);
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s", why->message);
    g_error_free(why);
    return NULL;
}

static void fail_missing(const char *file, const char *what, GError **error)
{
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
                "%s: no such %s, here or among the shipped topologies", file,
                what);
}

GBytes *topology_find_file(const char *file, const char *beside, char **path,
                           GError **error)
{
    char **list = places(file, beside);
    GBytes *bytes = NULL;
    bool found = false;

    *path = NULL;
    if (*file == '\0') {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
                    "the name of a file is missing");
        g_strfreev(list);
        return NULL;
    }
    for (char **place = list; *place != NULL && !found; place++) {
        found = exists(*place);
        if (found)
            bytes = read_path(*place, error);
        if (bytes != NULL)
            *path = g_strdup(*place);
    }
    if (!found)
        fail_missing(file, "file", error);
    g_strfreev(list);
    return bytes;
}

bool topology_read_config(Config *config, const char *file, const char *beside,
                          GError **error)
{
    char *path;
    GBytes *bytes = topology_find_file(file, beside, &path, error);
    const char *text;
    bool good;
    gsize len;

    if (bytes == NULL)
        return false;
    text = g_bytes_get_data(bytes, &len);
    good = config_read_text(config, text != NULL ? text : "", len, path, error);
    g_bytes_unref(bytes);
    g_free(path);
    return good;
}

/* --- folders -------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    char **children;

    if (!is_resource(path))
        return g_file_test(path, G_FILE_TEST_IS_DIR);
    children = g_resource_enumerate_children(
        embedded_get_resource(), path + strlen(RESOURCE_SCHEME),
        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_strfreev(children);
    return children != NULL;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in the folder PATH, in the order of their bytes; without hidden
 * ones. Folders in a resource end with '/'. */
static GPtrArray *names_in(const char *path, GError **error)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    GDir *dir;

    if (is_resource(path)) {
        char **children = g_resource_enumerate_children(
            embedded_get_resource(), path + strlen(RESOURCE_SCHEME),
            G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

        for (char **child = children; child != NULL && *child != NULL; child++)
            g_ptr_array_add(names, *child);
        g_free(children);
    } else {
        dir = g_dir_open(path, 0, error);
        if (dir == NULL) {
            g_ptr_array_free(names, TRUE);
            return NULL;
        }
        while ((name = g_dir_read_name(dir)) != NULL)
            if (*name != '.')
                g_ptr_array_add(names, g_strdup(name));
        g_dir_close(dir);
    }
    g_ptr_array_sort(names, by_name);
    return names;
}

enum { DEPTH_MAX = 32 }; /* a link that leads back would go on for ever */

static bool walk(const char *folder, const char *prefix, unsigned depth,
                 EachFile *each, void *data, GError **error)
{
    GPtrArray *names = names_in(folder, error);
    bool good = names != NULL;

    if (good && depth > DEPTH_MAX) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
                    "%s: folders inside folders without end", folder);
        good = false;
    }
    for (guint i = 0; good && i < names->len; i++) {
        char *name = g_strdup(names->pdata[i]);
        size_t len = strlen(name);
        char *path, *where;

        if (len != 0 && name[len - 1] == '/')
            name[len - 1] = '\0';
        path = g_strconcat(prefix, "/", name, NULL);
        where = g_build_filename(folder, name, NULL);
        if (is_folder(where)) {
            good = walk(where, path, depth + 1, each, data, error);
        } else {
            GBytes *bytes = read_path(where, error);

            good = bytes != NULL;
            if (good) {
                each(data, path, where, bytes);
                g_bytes_unref(bytes);
            }
        }
        g_free(name);
        g_free(path);
        g_free(where);
    }
    if (names != NULL)
        g_ptr_array_free(names, TRUE);
    return good;
}

bool files_each(const char *folder, const char *beside, EachFile *each,
                void *data, GError **error)
{
    char **list = places(folder, beside);
    bool found = false, good = false;

    for (char **place = list; *place != NULL && !found; place++) {
        found = is_folder(*place);
        if (found)
            good = walk(*place, "", 0, each, data, error);
    }
    if (!found)
        fail_missing(folder, "folder", error);
    g_strfreev(list);
    return good;
}
