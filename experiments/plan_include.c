/* plan_include.c - see plan_include.h. */
#include "plan_include.h"

#include <string.h>

/* The files that are being read, from the first to the present one. */
typedef struct Chain {
    const struct Chain *by; /* who includes this one; NULL: nobody */
    const char *file;       /* as named */
    char *path;             /* absolute, without "..": what is compared */
} Chain;

static bool read_file(Config *config, const char *file, char **sets,
                      const Chain *by, GError **error);

/* "a.ini includes b.ini includes a.ini". */
static char *chain_text(const Chain *chain, const char *file)
{
    GString *text = g_string_new(file);

    for (; chain != NULL; chain = chain->by) {
        g_string_prepend(text, " includes ");
        g_string_prepend(text, chain->file);
        if (strcmp(chain->file, file) == 0)
            break;
    }
    return g_string_free(text, FALSE);
}

static const Chain *find_in_chain(const Chain *chain, const char *path)
{
    while (chain != NULL && strcmp(chain->path, path) != 0)
        chain = chain->by;
    return chain;
}

static bool fail_include(const ConfigEntry *entry, GError **error,
                         char *message /* taken */)
{
    config_fail(error, CONFIG_ERROR_FILE, entry->origin, "experiment",
                "include", "%s", message);
    g_free(message);
    return false;
}

/* NAME, beside the file that ENTRY stands in. */
static char *path_beside(const ConfigEntry *entry, const char *name)
{
    char *folder, *path;

    if (g_path_is_absolute(name) || strcmp(entry->origin.file, "--set") == 0)
        return g_strdup(name);
    folder = g_path_get_dirname(entry->origin.file);
    path = strcmp(folder, ".") == 0 ? g_strdup(name)
                                    : g_build_filename(folder, name, NULL);
    g_free(folder);
    return path;
}

/* Lays the file NAME, which ENTRY names, over CONFIG. */
static bool include(Config *config, const ConfigEntry *entry, const char *name,
                    const Chain *chain, GError **error)
{
    char *file = path_beside(entry, name);
    char *path = g_canonicalize_filename(file, NULL);
    const Chain *twin = find_in_chain(chain, path);
    Config *included;
    bool good = false;

    if (*name == '\0') {
        fail_include(entry, error,
                     g_strdup("the name of a file is missing; write FILE, "
                              "FILE"));
    } else if (twin != NULL) {
        char *text = chain_text(chain, twin->file);

        fail_include(
            entry, error,
            g_strdup_printf("%s, in a circle; leave out one of them", text));
        g_free(text);
    } else if (!g_file_test(file, G_FILE_TEST_IS_REGULAR)) {
        fail_include(entry, error,
                     g_strdup_printf("there is no file %s; write the name of "
                                     "an experiment file, as seen from %s",
                                     file, entry->origin.file));
    } else {
        included = config_new();
        good = read_file(included, file, NULL, chain, error);
        config_merge(config, included);
        config_free(included);
    }
    g_free(file);
    g_free(path);
    return good;
}

static bool include_all(Config *config, const ConfigEntry *entry,
                        const Chain *chain, GError **error)
{
    char **names = g_strsplit(entry->value, ",", -1);
    bool good = true;

    for (char **name = names; *name != NULL; name++)
        good &= include(config, entry, g_strstrip(*name), chain, error);
    g_strfreev(names);
    return good;
}

static bool apply_sets(Config *config, char **sets, GError **error)
{
    bool good = true;

    for (int i = 0; sets != NULL && sets[i] != NULL; i++)
        good &=
            config_set(config, sets[i], (ConfigOrigin){"--set", i + 1}, error);
    return good;
}

/* Lays FILE, over what it includes, over CONFIG. */
static bool read_file(Config *config, const char *file, char **sets,
                      const Chain *by, GError **error)
{
    Chain chain = {by, file, g_canonicalize_filename(file, NULL)};
    Config *own = config_new();
    bool good = config_read(own, file, error);
    const ConfigGroup *group;
    const ConfigEntry *entry;

    if (own->files->len > 0) /* it could be opened */
        good &= apply_sets(own, sets, error);
    group = config_find(own, "experiment", "");
    entry = group != NULL ? config_entry(group, "include") : NULL;
    if (entry != NULL && *entry->value != '\0' && !entry->wrong)
        good &= include_all(config, entry, &chain, error);
    config_merge(config, own);
    config_free(own);
    g_free(chain.path);
    return good;
}

bool plan_include_read(Config *config, const char *file, char **sets,
                       GError **error)
{
    return read_file(config, file, sets, NULL, error);
}
