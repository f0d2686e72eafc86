/* shipped.c - finds and lists the experiments that come with the program. */
#include "shipped.h"

#include "sim/config.h"

static const char *const rooms[] = {FIRSTBYTE_DATADIR "/experiments",
                                    FIRSTBYTE_SRCDIR "/experiments"};

/* FOLDER/NAME/NAME.ini, or NULL when it is not there. */
static char *file_in(const char *folder, const char *name)
{
    char *leaf = g_strconcat(name, ".ini", NULL);
    char *file = g_build_filename(folder, name, leaf, NULL);

    g_free(leaf);
    if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
        return file;
    g_free(file);
    return NULL;
}

static char *file_in_rooms(const char *name)
{
    char *file = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(rooms) && file == NULL; i++)
        file = file_in(rooms[i], name);
    return file;
}

/* The last part of PATH without ".ini". */
static char *name_of(const char *path)
{
    char *name = g_path_get_basename(path);

    if (g_str_has_suffix(name, ".ini"))
        name[strlen(name) - strlen(".ini")] = '\0';
    return name;
}

static void fail_missing(const char *path, const char *name, GError **error)
{
    GPtrArray *list = shipped_list();
    const char **names = g_new0(const char *, list->len + 1);
    const char *near;

    for (guint i = 0; i < list->len; i++)
        names[i] = ((ShippedExperiment *)g_ptr_array_index(list, i))->name;
    near = config_did_you_mean(name, names);
    if (near != NULL)
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
                    "%s: no such file or shipped experiment; did you mean "
                    "\"%s\"?",
                    path, near);
    else
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
                    "%s: no such file or shipped experiment; firstbyte "
                    "describe experiments lists those that there are",
                    path);
    g_free(names);
    g_ptr_array_unref(list);
}

char *shipped_find(const char *name, GError **error)
{
    char *bare, *file = NULL;

    if (g_file_test(name, G_FILE_TEST_EXISTS) &&
        !g_file_test(name, G_FILE_TEST_IS_DIR))
        return g_strdup(name);
    bare = name_of(name);
    if (g_file_test(name, G_FILE_TEST_IS_DIR)) {
        char *above = g_path_get_dirname(name);

        file = file_in(above, bare);
        g_free(above);
    }
    if (file == NULL && strchr(name, G_DIR_SEPARATOR) == NULL)
        file = file_in_rooms(bare);
    if (file == NULL)
        fail_missing(name, bare, error);
    g_free(bare);
    return file;
}

/* --- the list ------------------------------------------------------------- */

static void experiment_free(gpointer data)
{
    ShippedExperiment *experiment = data;

    g_free(experiment->name);
    g_free(experiment->file);
    g_free(experiment->title);
    g_free(experiment->question);
    g_free(experiment);
}

static char *value_of(const ConfigGroup *group, const char *key)
{
    const ConfigEntry *entry = group != NULL ? config_entry(group, key) : NULL;

    return g_strdup(entry != NULL ? entry->value : "");
}

static void add_experiment(GPtrArray *list, const char *name)
{
    ShippedExperiment *experiment;
    Config *config = config_new();
    char *file = file_in_rooms(name);

    if (file != NULL && config_read(config, file, NULL)) {
        const ConfigGroup *group = config_find(config, "experiment", "");

        experiment = g_new0(ShippedExperiment, 1);
        experiment->name = g_strdup(name);
        experiment->file = g_strdup(file);
        experiment->title = value_of(group, "title");
        experiment->question = value_of(group, "question");
        g_ptr_array_add(list, experiment);
    }
    g_free(file);
    config_free(config);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const ShippedExperiment *const *one = a, *const *other = b;

    return strcmp((*one)->name, (*other)->name);
}

static bool has(const GPtrArray *list, const char *name)
{
    for (guint i = 0; i < list->len; i++)
        if (strcmp(((ShippedExperiment *)g_ptr_array_index(list, i))->name,
                   name) == 0)
            return true;
    return false;
}

GPtrArray *shipped_list(void)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(experiment_free);

    for (size_t i = 0; i < G_N_ELEMENTS(rooms); i++) {
        GDir *dir = g_dir_open(rooms[i], 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
            if (!has(list, name))
                add_experiment(list, name);
        if (dir != NULL)
            g_dir_close(dir);
    }
    g_ptr_array_sort(list, by_name);
    return list;
}
