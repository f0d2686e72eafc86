/* settings.c - the groups that hold settings: [tcp] for all nodes, [tcp web]
 * for those of one group; see parts.h.
 *
 * What a node gets: the defaults (of its profile, where the kind has one), then
 * the general group's keys, then those of its own. */
#include "parts.h"

#include <string.h>

const SettingsTable settings_tables[SETTINGS_KINDS] = {
    [SETTINGS_TCP] = {"tcp", tcp_keys, sizeof(TcpConfig)},
    [SETTINGS_IP] = {"ip", ip_keys, sizeof(IpConfig)},
    [SETTINGS_ARP] = {"arp", arp_keys, sizeof(ArpConfig)},
    [SETTINGS_DNS] = {"dns", dns_keys, sizeof(DnsConfig)},
    [SETTINGS_HTTP] = {"http", http_keys, sizeof(HttpConfig)},
    [SETTINGS_BROWSER] = {"browser", browser_keys, sizeof(BrowserConfig)},
};

/* The column of defaults that GENERAL and OWN (both may be NULL) choose by the
 * key `profile`, whose choices are the columns in order. */
static bool read_profile(const SettingsTable *table, const ConfigGroup *general,
                         const ConfigGroup *own, unsigned *column,
                         GError **error)
{
    const ConfigKey *key = config_key(table->keys, "profile");
    const ConfigEntry *entry = NULL;
    const ConfigGroup *from = own;
    void *settings;
    bool good = true;

    *column = 0;
    if (key == NULL)
        return true;
    if (own != NULL)
        entry = config_entry(own, "profile");
    if (entry == NULL && general != NULL) {
        from = general;
        entry = config_entry(general, "profile");
    }
    if (entry == NULL)
        return true;
    settings = g_malloc0(table->size);
    config_defaults(table->keys, 0, settings);
    {
        char *text = config_group_text(from);

        good = config_apply_one(table->keys, text, entry, settings, error);
        g_free(text);
    }
    if (good)
        *column = (unsigned)*(int *)((char *)settings + key->offset);
    config_clear_struct(table->keys, settings);
    g_free(settings);
    return good;
}

static void *settings_new(const SettingsTable *table,
                          const ConfigGroup *general, const ConfigGroup *own,
                          GError **error)
{
    void *settings = g_malloc0(table->size);
    unsigned column;
    bool good = read_profile(table, general, own, &column, error);

    config_defaults(table->keys, column, settings);
    if (general != NULL)
        good &= config_apply(table->keys, general, settings, error);
    if (own != NULL)
        good &= config_apply(table->keys, own, settings, error);
    if (good)
        return settings;
    config_clear_struct(table->keys, settings);
    g_free(settings);
    return NULL;
}

static void settings_free(const SettingsTable *table, void *settings)
{
    if (settings == NULL)
        return;
    config_clear_struct(table->keys, settings);
    g_free(settings);
}

static bool read_own(Topology *topology, SettingsKind kind,
                     const ConfigGroup *general, const ConfigGroup *own,
                     GError **error)
{
    uint32_t index = group_find(topology, own->name);

    if (index == UINT32_MAX)
        return group_missing(topology, own, NULL, own->name, error);
    topology->groups[index].own[kind] =
        settings_new(&settings_tables[kind], general, own, error);
    return topology->groups[index].own[kind] != NULL;
}

bool settings_read(Topology *topology, const Config *config, GError **error)
{
    bool good = true;

    for (unsigned kind = 0; kind < SETTINGS_KINDS; kind++) {
        const SettingsTable *table = &settings_tables[kind];
        const ConfigGroup *general = config_find(config, table->kind, "");

        topology->settings[kind] = settings_new(table, general, NULL, error);
        good &= topology->settings[kind] != NULL;
        for (guint i = 0; i < config->groups->len; i++) {
            const ConfigGroup *own = config->groups->pdata[i];

            if (strcmp(own->kind, table->kind) == 0 && *own->name != '\0')
                good &= read_own(topology, kind, general, own, error);
        }
        for (uint32_t i = 0; i < topology->group_count; i++) {
            NodeGroup *group = &topology->groups[i];

            group->settings[kind] = group->own[kind] != NULL
                                        ? group->own[kind]
                                        : topology->settings[kind];
        }
    }
    return good;
}

void settings_clear(Topology *topology)
{
    for (unsigned kind = 0; kind < SETTINGS_KINDS; kind++) {
        const SettingsTable *table = &settings_tables[kind];

        for (uint32_t i = 0; i < topology->group_count; i++)
            settings_free(table, topology->groups[i].own[kind]);
        settings_free(table, topology->settings[kind]);
    }
}
