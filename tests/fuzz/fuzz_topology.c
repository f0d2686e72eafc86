/* fuzz_topology.c - any bytes as a topology file: refused with a reason, or
 * read to a topology whose effective configuration reads back to the same, and
 * from which a network is built and freed with nothing left. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "topologies/topology.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What would read the machine's own files, or take a long time. */
static bool is_allowed(const ConfigGroup *group)
{
    for (guint i = 0; i < group->entries->len; i++) {
        const ConfigEntry *entry = g_ptr_array_index(group->entries, i);

        if ((strcmp(entry->key, "zones") == 0 &&
             (!g_str_has_prefix(entry->value, "zones/") ||
              strstr(entry->value, "..") != NULL ||
              strchr(entry->value, ',') != NULL)) ||
            (strcmp(entry->key, "site") == 0 &&
             strcmp(entry->value, "sites/www.example.com") != 0) ||
            (strcmp(entry->key, "count") == 0 && strlen(entry->value) > 3))
            return false;
    }
    return true;
}

static char *effective_text(const Topology *topology)
{
    Config *config = config_new();
    char *text;

    topology_effective(topology, config);
    text = config_to_text(config);
    config_free(config);
    return text;
}

static void read_back(const Topology *topology)
{
    char *text = effective_text(topology), *again_text;
    Config *config = config_new();
    Topology *again = NULL;
    GError *error = NULL;

    if (config_read_text(config, text, strlen(text), "effective", &error))
        again = topology_new(config, NULL, &error);
    if (again == NULL)
        g_error("%s", error->message);
    again_text = effective_text(again);
    g_assert_cmpstr(text, ==, again_text);
    topology_free(again);
    config_free(config);
    g_free(text);
    g_free(again_text);
}

static void build(const Topology *topology)
{
    char name[NODE_NAME_MAX];
    Network *network;
    Sim sim;

    sim_init(&sim, 1, 0);
    network = network_build(&sim, topology);
    for (uint32_t i = 0; i < network->node_count; i++) {
        network_node_name(network, i, name);
        g_assert(network_node(network, name) == &network->nodes[i]);
        g_assert(network->nodes[i].kind == NODE_SWITCH ||
                 !ip_is_none(network_address(network, NULL, name)));
    }
    network_free(network);
    sim_clear(&sim);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    Config *config = config_new();
    Topology *topology = NULL;
    GError *error = NULL;
    bool allowed = true;

    if (config_read_text(config, (const char *)bytes, len, "t.ini", &error)) {
        for (guint i = 0; i < config->groups->len; i++)
            allowed =
                allowed && is_allowed(g_ptr_array_index(config->groups, i));
        if (allowed)
            topology = topology_new(config, NULL, &error);
    }
    if (topology != NULL) {
        read_back(topology);
        build(topology);
        topology_free(topology);
    } else if (allowed) {
        g_assert(error->message[0] != '\0');
    }
    g_clear_error(&error);
    config_free(config);
    return 0;
}
