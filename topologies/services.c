/* services.c - what runs on the nodes of a topology: which resolver a client
 * asks, which roots a resolver starts at, zone files and sites; see parts.h. */
#include "parts.h"

#include <string.h>

static bool fail(const ConfigGroup *source, const char *key,
                 const char *message, GError **error)
{
    const ConfigEntry *entry = config_entry(source, key);
    char *text = config_group_text(source);

    config_fail(error, CONFIG_ERROR_VALUE,
                entry != NULL ? entry->origin : source->origin, text, key, "%s",
                message);
    g_free(text);
    return false;
}

/* The single node called NAME, which KEY of GROUP names. */
static bool find_node(const Topology *topology, const NodeGroup *group,
                      const char *key, const char *name, NodeKind kind,
                      uint32_t *node, GError **error)
{
    *node = network_group_find(topology->names, topology->group_count, name);
    if (*node == UINT32_MAX)
        return group_missing(topology, group->source,
                             config_entry(group->source, key), name, error);
    if (planned_kind(topology, *node) != kind &&
        topology->groups[topology->nodes[*node].group].good)
        return fail(group->source, key,
                    kind == NODE_RESOLVER
                        ? "that node is not a resolver; give it kind = resolver"
                        : "that node is not a server; give it kind = server",
                    error);
    return true;
}

/* TEXT split at commas, without blanks around the parts (g_strfreev). */
static char **split_list(const char *text)
{
    char **parts = g_strsplit(text, ",", -1);

    for (char **part = parts; *part != NULL; part++)
        g_strstrip(*part);
    return parts;
}

static bool read_roots(const Topology *topology, NodeGroup *group,
                       GError **error)
{
    char **names;
    bool good = true;

    if (group->keys.roots == NULL)
        return group->keys.kind != NODE_RESOLVER ||
               fail(group->source, "roots",
                    "a resolver starts at root servers; add roots = NODE, NODE",
                    error);
    names = split_list(group->keys.roots);
    group->roots = g_new0(uint32_t, g_strv_length(names));
    for (char **name = names; *name != NULL; name++)
        good &= find_node(topology, group, "roots", *name, NODE_SERVER,
                          &group->roots[group->root_count++], error);
    g_strfreev(names);
    return good;
}

/* Remembers a file that was read. */
static void keep_file(Topology *topology, const char *name, const char *path,
                      GBytes *bytes)
{
    TopologyFile file = {g_strdup(name), g_strdup(path), g_bytes_ref(bytes)};

    for (guint i = 0; i < topology->files->len; i++)
        if (strcmp(g_array_index(topology->files, TopologyFile, i).path,
                   path) == 0 &&
            strcmp(g_array_index(topology->files, TopologyFile, i).name,
                   name) == 0) {
            g_free(file.name);
            g_free(file.path);
            g_bytes_unref(file.bytes);
            return;
        }
    g_array_append_val(topology->files, file);
}

static bool read_zone(Topology *topology, NodeGroup *group,
                      const ConfigEntry *entry, const char *file,
                      GError **error)
{
    char *text = config_group_text(group->source);
    GError *why = NULL;
    char *path = NULL;
    GBytes *bytes = topology_find_file(file, entry->origin.file, &path, &why);
    DnsZone *zone = NULL;

    if (bytes == NULL) {
        config_fail(error, CONFIG_ERROR_FILE, entry->origin, text, "zones",
                    "%s", why->message);
        g_error_free(why);
    } else {
        gsize len;
        const char *data = g_bytes_get_data(bytes, &len);

        zone = dns_zone_read(data, len, path, error);
        if (zone != NULL) {
            group->zones[group->zone_count++] = zone;
            keep_file(topology, file, path, bytes);
        }
        g_bytes_unref(bytes);
    }
    g_free(path);
    g_free(text);
    return zone != NULL;
}

static bool read_zones(Topology *topology, NodeGroup *group, GError **error)
{
    char **files;
    bool good = true;

    if (group->keys.zones == NULL)
        return true;
    files = split_list(group->keys.zones);
    group->zones = g_new0(DnsZone *, g_strv_length(files));
    for (char **file = files; *file != NULL; file++)
        good &= read_zone(topology, group, config_entry(group->source, "zones"),
                          *file, error);
    g_strfreev(files);
    return good;
}

typedef struct SiteReading {
    Topology *topology;
    HttpSite *site;
    const char *folder; /* as written */
} SiteReading;

static void add_page(void *data, const char *path, const char *where,
                     GBytes *bytes)
{
    SiteReading *reading = data;
    char *name = g_strconcat(reading->folder, path, NULL);

    http_site_add(reading->site, path, bytes);
    keep_file(reading->topology, name, where, bytes);
    g_free(name);
}

static bool read_site(Topology *topology, NodeGroup *group, GError **error)
{
    const ConfigEntry *entry = config_entry(group->source, "site");
    SiteReading reading = {topology, NULL, group->keys.site};
    GError *why = NULL;

    if (!group->keys.http && entry != NULL)
        return fail(group->source, "site", "nobody serves it; add http = yes",
                    error);
    if (!group->keys.http)
        return true;
    if (group->keys.site == NULL)
        return fail(group->source, "site", "the folder's name is missing",
                    error);
    group->site = reading.site = http_site_new();
    if (files_each(group->keys.site, entry != NULL ? entry->origin.file : NULL,
                   add_page, &reading, &why))
        return true;
    fail(group->source, "site", why->message, error);
    g_error_free(why);
    return false;
}

bool services_read(Topology *topology, GError **error)
{
    bool good = true;

    for (uint32_t i = 0; i < topology->group_count; i++) {
        NodeGroup *group = &topology->groups[i];

        group->resolver = UINT32_MAX;
        if (group->keys.resolver != NULL)
            good &= find_node(topology, group, "resolver", group->keys.resolver,
                              NODE_RESOLVER, &group->resolver, error);
        good &= read_roots(topology, group, error);
        good &= read_zones(topology, group, error);
        if (group->good)
            good &= read_site(topology, group, error);
    }
    return good;
}

void services_clear(NodeGroup *group)
{
    for (unsigned i = 0; i < group->zone_count; i++)
        dns_zone_free(group->zones[i]);
    if (group->site != NULL)
        http_site_free(group->site);
    g_free(group->zones);
    g_free(group->roots);
}
