/* config.c - the ordered groups and entries of a Config, and `--set`. */
#include "config.h"

#include <string.h>

#include "config_text.h"
#include "spelling.h"

/* --- groups --------------------------------------------------------------- */

static void entry_free(ConfigEntry *entry)
{
    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

ConfigGroup *config_group_new(const char *header, ConfigOrigin origin)
{
    ConfigGroup *group = g_new0(ConfigGroup, 1);
    const char *blank = strchr(header, ' ');

    group->kind =
        blank ? g_strndup(header, (gsize)(blank - header)) : g_strdup(header);
    group->name = g_strdup(blank ? blank + 1 : "");
    group->origin = origin;
    group->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    return group;
}

void config_group_free(gpointer data)
{
    ConfigGroup *group = data;

    g_free(group->kind);
    g_free(group->name);
    g_ptr_array_unref(group->entries);
    g_free(group);
}

ConfigEntry *config_group_add(ConfigGroup *group, const char *key,
                              const char *value, ConfigOrigin origin)
{
    ConfigEntry *entry = g_new(ConfigEntry, 1);

    *entry = (ConfigEntry){g_strdup(key), g_strdup(value), origin, false};
    g_ptr_array_add(group->entries, entry);
    return entry;
}

static char *header_of(const char *kind, const char *name)
{
    return *name != '\0' ? g_strconcat(kind, " ", name, NULL) : g_strdup(kind);
}

char *config_group_text(const ConfigGroup *group)
{
    return header_of(group->kind, group->name);
}

void config_add_group(Config *config, ConfigGroup *group)
{
    g_ptr_array_add(config->groups, group);
    g_hash_table_insert(config->index, config_group_text(group), group);
}

/* --- configs -------------------------------------------------------------- */

Config *config_new(void)
{
    Config *config = g_new(Config, 1);

    config->groups = g_ptr_array_new_with_free_func(config_group_free);
    config->files = g_ptr_array_new();
    config->index =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return config;
}

void config_free(Config *config)
{
    if (config == NULL)
        return;
    g_hash_table_unref(config->index);
    g_ptr_array_unref(config->groups);
    g_ptr_array_unref(config->files);
    g_free(config);
}

Config *config_copy(const Config *config)
{
    Config *copy = config_new();

    for (guint i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);
        char *header = config_group_text(group);
        ConfigGroup *twin = config_group_new(header, group->origin);

        for (guint j = 0; j < group->entries->len; j++) {
            const ConfigEntry *entry = g_ptr_array_index(group->entries, j);

            config_group_add(twin, entry->key, entry->value, entry->origin)
                ->wrong = entry->wrong;
        }
        config_add_group(copy, twin);
        g_free(header);
    }
    for (guint i = 0; i < config->files->len; i++)
        g_ptr_array_add(copy->files, g_ptr_array_index(config->files, i));
    return copy;
}

ConfigGroup *config_find(const Config *config, const char *kind,
                         const char *name)
{
    char *header = header_of(kind, name);
    ConfigGroup *group = g_hash_table_lookup(config->index, header);

    g_free(header);
    return group;
}

const ConfigEntry *config_entry(const ConfigGroup *group, const char *key)
{
    for (guint i = 0; i < group->entries->len; i++) {
        const ConfigEntry *entry = g_ptr_array_index(group->entries, i);

        if (strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

char *config_to_text(const Config *config)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);
        char *header = config_group_text(group);

        g_string_append_printf(text, "%s[%s]\n", i > 0 ? "\n" : "", header);
        for (guint j = 0; j < group->entries->len; j++) {
            const ConfigEntry *entry = g_ptr_array_index(group->entries, j);

            g_string_append_printf(text, "%s =%s%s\n", entry->key,
                                   *entry->value != '\0' ? " " : "",
                                   entry->value);
        }
        g_free(header);
    }
    return g_string_free(text, FALSE);
}

/* --- setting one value ---------------------------------------------------- */

static ConfigEntry *set_in_group(ConfigGroup *group, const char *key,
                                 const char *value, ConfigOrigin origin)
{
    ConfigEntry *entry = (ConfigEntry *)config_entry(group, key);

    if (entry == NULL)
        return config_group_add(group, key, value, origin);
    g_free(entry->value);
    entry->value = g_strdup(value);
    entry->origin = origin;
    entry->wrong = false;
    return entry;
}

static bool part_is_good(const char *text, char *(*bad)(const char *text))
{
    char *why = bad(text);

    g_free(why);
    return why == NULL;
}

void config_set_value(Config *config, const char *kind, const char *name,
                      const char *key, const char *value, ConfigOrigin origin)
{
    char *header = header_of(kind, name);
    ConfigGroup *group = g_hash_table_lookup(config->index, header);

    g_assert(part_is_good(header, config_bad_header)); /* or it would not be */
    g_assert(part_is_good(key, config_bad_key));       /* read back */
    g_assert(part_is_good(value, config_bad_value));
    if (group == NULL) {
        group = config_group_new(header, origin);
        config_add_group(config, group);
    }
    set_in_group(group, key, value, origin);
    g_free(header);
}

void config_merge(Config *config, const Config *from)
{
    for (guint i = 0; i < from->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(from->groups, i);
        char *header = config_group_text(group);
        ConfigGroup *into = g_hash_table_lookup(config->index, header);

        if (into == NULL) {
            into = config_group_new(header, group->origin);
            config_add_group(config, into);
        }
        for (guint j = 0; j < group->entries->len; j++) {
            const ConfigEntry *entry = g_ptr_array_index(group->entries, j);

            set_in_group(into, entry->key, entry->value, entry->origin)->wrong =
                entry->wrong;
        }
        g_free(header);
    }
    for (guint i = 0; i < from->files->len; i++)
        g_ptr_array_add(config->files, g_ptr_array_index(from->files, i));
}

/* The dot of TEXT ("GROUP.KEY", collapsed) that separates the two (see
 * config_set()), or NULL. */
static const char *find_dot(const char *text)
{
    const char *dot = strchr(text, '.');
    char *group, *bad;

    while (dot != NULL && g_ascii_isdigit(dot[1]))
        dot = strchr(dot + 1, '.');
    if (dot == NULL || dot[1] == '\0')
        return NULL;
    group = config_collapse(text, (size_t)(dot - text));
    bad = config_bad_header(group);
    if (bad != NULL)
        dot = NULL;
    g_free(group);
    g_free(bad);
    return dot;
}

bool config_target_read(ConfigTarget *target, const char *text)
{
    char *left = config_collapse(text, strlen(text));
    const char *dot = find_dot(left);
    char *header, *name;

    *target = (ConfigTarget){0};
    if (dot != NULL) {
        header = config_collapse(left, (size_t)(dot - left));
        name = strchr(header, ' ');
        target->kind = g_strndup(header, strcspn(header, " "));
        target->name = g_strdup(name != NULL ? name + 1 : "");
        target->key = config_collapse(dot + 1, strlen(dot + 1));
        g_free(header);
    }
    g_free(left);
    if (dot != NULL && part_is_good(target->key, config_bad_key))
        return true;
    config_target_clear(target);
    return false;
}

void config_target_clear(ConfigTarget *target)
{
    g_clear_pointer(&target->kind, g_free);
    g_clear_pointer(&target->name, g_free);
    g_clear_pointer(&target->key, g_free);
}

/* Sets KEY of the group HEADER, which is good, if the others are. */
static bool set_checked(Config *config, const char *header, const char *key,
                        const char *value, ConfigOrigin origin, GError **error)
{
    char *bad = config_bad_key(key);
    bool key_is_good = bad == NULL;
    const char *name = strchr(header, ' ');
    char *kind = g_strndup(header, strcspn(header, " "));

    if (key_is_good)
        bad = config_bad_value(value);
    if (bad == NULL)
        config_set_value(config, kind, name ? name + 1 : "", key, value,
                         origin);
    else
        config_fail(error, CONFIG_ERROR_SYNTAX, origin, header,
                    key_is_good ? key : NULL, "%s", bad);
    g_free(kind);
    if (bad == NULL)
        return true;
    g_free(bad);
    return false;
}

bool config_set(Config *config, const char *assignment, ConfigOrigin origin,
                GError **error)
{
    const char *equals = strchr(assignment, '='), *dot;
    char *left, *header, *key, *value;
    bool done;

    if (!g_utf8_validate(assignment, -1, NULL))
        return config_fail(error, CONFIG_ERROR_SYNTAX, origin, NULL, NULL,
                           "the text is not UTF-8; write it in UTF-8");
    if (equals == NULL)
        return config_fail(
            error, CONFIG_ERROR_SYNTAX, origin, NULL, NULL,
            "\"%s\" has no \"=\"; write GROUP.KEY=VALUE, such as "
            "tcp.profile=rfc",
            assignment);
    left = config_collapse(assignment, (size_t)(equals - assignment));
    dot = find_dot(left);
    if (dot == NULL) {
        config_fail(error, CONFIG_ERROR_SYNTAX, origin, NULL, NULL,
                    "\"%s\" is not a group, a dot and a key; write "
                    "GROUP.KEY=VALUE, such as tcp.profile=rfc",
                    left);
        g_free(left);
        return false;
    }
    header = config_collapse(left, (size_t)(dot - left));
    key = config_collapse(dot + 1, strlen(dot + 1));
    value = g_strstrip(g_strdup(equals + 1));
    done = set_checked(config, header, key, value, origin, error);
    g_free(left);
    g_free(header);
    g_free(key);
    g_free(value);
    return done;
}

/* --- spelling ---------------------------------------------------------------
 */

const char *config_did_you_mean(const char *word, const char *const *words)
{
    return spelling_nearest(word, words);
}
