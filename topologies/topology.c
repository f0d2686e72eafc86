/* topology.c - from a Config to a Topology; see topology.h and, for its parts,
 * parts.h. */
#include "parts.h"

#include <string.h>

const char *const topology_group_kinds[] = {
    "topology", "node", "link", "tcp",     "ip",
    "arp",      "dns",  "http", "browser", NULL,
};

static const ConfigKey title_keys[] = {
    {.key = "title",
     .type = CONFIG_TEXT,
     .offset = offsetof(Topology, title),
     .def = "",
     .sentence = "What the network is, in a line.",
     .source = ""},
    {.key = NULL},
};

const ConfigKey *topology_keys(const char *kind)
{
    if (strcmp(kind, "topology") == 0)
        return title_keys;
    if (strcmp(kind, "node") == 0)
        return node_keys;
    if (strcmp(kind, "link") == 0)
        return link_keys;
    for (unsigned i = 0; i < SETTINGS_KINDS; i++)
        if (strcmp(kind, settings_tables[i].kind) == 0)
            return settings_tables[i].keys;
    return NULL;
}

static bool is_one_of(const char *const *words, const char *word)
{
    for (; words != NULL && *words != NULL; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

/* The group's kind is not known here, nor to the caller (FOREIGN). */
static bool fail_kind(const ConfigGroup *group, const char *const *foreign,
                      GError **error)
{
    GPtrArray *kinds = g_ptr_array_new();
    char *text = config_group_text(group);
    const char *near;

    for (const char *const *kind = topology_group_kinds; *kind != NULL; kind++)
        g_ptr_array_add(kinds, (gpointer)*kind);
    for (; foreign != NULL && *foreign != NULL; foreign++)
        g_ptr_array_add(kinds, (gpointer)*foreign);
    g_ptr_array_add(kinds, NULL);
    near = config_did_you_mean(group->kind, (const char *const *)kinds->pdata);
    if (near != NULL)
        config_fail(error, CONFIG_ERROR_NAME, group->origin, text, NULL,
                    "unknown group '%s'; did you mean '%s'?", group->kind,
                    near);
    else
        config_fail(error, CONFIG_ERROR_NAME, group->origin, text, NULL,
                    "unknown group '%s'; there are topology, node, link, tcp, "
                    "ip, arp, dns, http and browser",
                    group->kind);
    g_free(text);
    g_ptr_array_free(kinds, TRUE);
    return false;
}

static bool check_kinds(const Config *config, const char *const *foreign,
                        GError **error)
{
    bool good = true;

    for (guint i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = config->groups->pdata[i];

        if (!is_one_of(topology_group_kinds, group->kind) &&
            !is_one_of(foreign, group->kind))
            good = fail_kind(group, foreign, error);
        if (strcmp(group->kind, "topology") == 0 && *group->name != '\0') {
            char *text = config_group_text(group);

            good =
                config_fail(error, CONFIG_ERROR_NAME, group->origin, text, NULL,
                            "a topology has no name here; write [topology] "
                            "and title = %s",
                            group->name);
            g_free(text);
        }
    }
    return good;
}

static bool read_title(Topology *topology, const Config *config, GError **error)
{
    const ConfigGroup *group = config_find(config, "topology", "");

    return group == NULL || config_apply(title_keys, group, topology, error);
}

static bool check_not_empty(const Topology *topology, const Config *config,
                            GError **error)
{
    const char *file =
        config->files->len != 0 ? config->files->pdata[0] : "topology";

    return topology->group_count != 0 ||
           config_fail(error, CONFIG_ERROR_NAME, (ConfigOrigin){file, 0}, NULL,
                       NULL,
                       "no node; add [node NAME] groups and [link A -- B]");
}

/* What pointed into the Config is not needed once everything was read. */
static void forget_sources(Topology *topology)
{
    for (uint32_t i = 0; i < topology->group_count; i++)
        topology->groups[i].source = NULL;
    for (uint32_t i = 0; i < topology->line_group_count; i++)
        topology->line_groups[i].source = NULL;
}

/* Every group by itself, and what it names in others. */
static bool read_groups(Topology *topology, const Config *config,
                        const char *const *foreign, GError **error)
{
    bool good = check_kinds(config, foreign, error);

    good &= read_title(topology, config, error);
    good &= groups_read(topology, config, error);
    good &= check_not_empty(topology, config, error);
    good &= settings_read(topology, config, error);
    good &= lines_read(topology, config, error);
    return services_read(topology, error) && good;
}

Topology *topology_new(const Config *config, const char *const *foreign,
                       GError **error)
{
    Topology *topology = g_new0(Topology, 1);

    topology->files = g_array_new(FALSE, FALSE, sizeof(TopologyFile));
    if (read_groups(topology, config, foreign, error) &&
        plan_make(topology, error)) {
        paths_find(topology);
        forget_sources(topology);
        return topology;
    }
    topology_free(topology);
    if (error != NULL)
        config_mistakes_sort(*error, config->files);
    return NULL;
}

void topology_free(Topology *topology)
{
    settings_clear(topology);
    plan_clear(topology);
    lines_clear(topology);
    groups_clear(topology);
    for (guint i = 0; i < topology->files->len; i++) {
        TopologyFile *file = &g_array_index(topology->files, TopologyFile, i);

        g_free(file->name);
        g_free(file->path);
        g_bytes_unref(file->bytes);
    }
    g_array_free(topology->files, TRUE);
    g_free(topology->title);
    g_free(topology);
}

const TopologyFile *topology_files(const Topology *topology, unsigned *count)
{
    *count = topology->files->len;
    return (const TopologyFile *)(const void *)topology->files->data;
}

/* --- the effective configuration ------------------------------------------ */

static void write_key(Config *config, const char *kind, const char *name,
                      const ConfigKey *key, const void *from)
{
    char *value = config_format(key, from);

    /* A text that is not set is left out. */
    if (value != NULL && (key->type != CONFIG_TEXT || *value != '\0'))
        config_set_value(config, kind, name, key->key, value,
                         (ConfigOrigin){"effective", 0});
    g_free(value);
}

static void write_keys(Config *config, const char *kind, const char *name,
                       const ConfigKey *keys, const void *from)
{
    for (; keys->key != NULL; keys++)
        write_key(config, kind, name, keys, from);
}

static void write_group(Config *config, const NodeGroup *group,
                        const char *name)
{
    for (const ConfigKey *key = node_keys; key->key != NULL; key++)
        if (node_key_applies(&group->keys, key->key))
            write_key(config, "node", name, key, &group->keys);
}

/* Both directions in one group where they are the same. */
static void write_line(Config *config, const Topology *topology,
                       const LineGroup *group)
{
    const char *a = group->name, *arrow = strstr(group->name, " -- ");
    char *there = g_strdup_printf("%.*s -> %s", (int)(arrow - a), a, arrow + 4);
    char *back = g_strdup_printf("%s -> %.*s", arrow + 4, (int)(arrow - a), a);
    bool same = true;

    for (const ConfigKey *key = link_keys; key->key != NULL; key++) {
        char *one = config_format(key, &group->config[0]);
        char *other = config_format(key, &group->config[1]);

        same = same && g_strcmp0(one, other) == 0;
        g_free(one);
        g_free(other);
    }
    write_keys(config, "link", group->name, link_keys, &group->config[0]);
    if (!same) {
        write_keys(config, "link", there, link_keys, &group->config[0]);
        write_keys(config, "link", back, link_keys, &group->config[1]);
    }
    g_free(there);
    g_free(back);
}

void topology_effective(const Topology *topology, Config *config)
{
    write_keys(config, "topology", "", title_keys, topology);
    for (uint32_t i = 0; i < topology->group_count; i++)
        write_group(config, &topology->groups[i], topology->names[i].name);
    for (uint32_t i = 0; i < topology->line_group_count; i++)
        write_line(config, topology, &topology->line_groups[i]);
    for (unsigned kind = 0; kind < SETTINGS_KINDS; kind++) {
        const SettingsTable *table = &settings_tables[kind];

        write_keys(config, table->kind, "", table->keys,
                   topology->settings[kind]);
        for (uint32_t i = 0; i < topology->group_count; i++)
            if (topology->groups[i].own[kind] != NULL)
                write_keys(config, table->kind, topology->names[i].name,
                           table->keys, topology->groups[i].own[kind]);
    }
}
