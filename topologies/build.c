/* build.c - the nodes and links of one run, from a topology; see topology.h. */
#include "parts.h"

#include <stdio.h>

#include "models/net/arp.h"
#include "models/transport/tcp.h"
#include "models/transport/udp.h"
#include "sim/rng.h"

static const SimTime SWITCH_AGEING = 300 * SIM_S; /* IEEE 802.1D table 7-5 */

/* --- hosts and switches --------------------------------------------------- */

/* The members of a group are told apart without a chance of collision. */
static uint32_t name_hash(const NetworkGroup *group, uint32_t member)
{
    return (uint32_t)hash_text(0, group->name) + member;
}

static void build_node(Network *network, uint32_t index)
{
    const Topology *topology = network->topology;
    const PlannedNode *planned = &topology->nodes[index];
    const NodeGroup *group = &topology->groups[planned->group];
    const NetworkGroup *names = &topology->names[planned->group];
    Node *node = &network->nodes[index];
    Host *host = &node->host;

    node->kind = (uint8_t)group->keys.kind;
    node->group = planned->group;
    node->member = names->numbered ? index - names->first + 1 : 0;
    host_init(host, network->sim, index, name_hash(names, node->member),
              group->settings[SETTINGS_IP], group->settings[SETTINGS_ARP],
              node->kind == NODE_ROUTER);
    host->owner = node;
    if (node->kind == NODE_SWITCH) {
        node->ethernet_switch = switch_new(
            network->sim, index, planned->interface_count, SWITCH_AGEING);
        return;
    }
    host->interfaces = &network->interfaces[planned->first_interface];
    host->interface_count = planned->interface_count;
    for (uint32_t i = 0; i < planned->interface_count; i++) {
        uint32_t at = planned->first_interface + i;
        const PlannedInterface *interface = &topology->interfaces[at];

        /* A locally administered address (IEEE 802 s8.4). */
        interface_init(&host->interfaces[i], host, i, interface->address,
                       planned_prefix_len(topology, interface),
                       (MacAddress){0x020000000000 | (at + 1)});
        host->interfaces[i].network_index = at;
    }
}

/* --- lines ---------------------------------------------------------------- */

static Port *port_of(const Network *network, const Line *line, unsigned side)
{
    const Topology *topology = network->topology;
    const Node *node = &network->nodes[line->node[side]];

    if (node->kind != NODE_SWITCH)
        return &network->interfaces[line->interface[side]].port;
    return switch_port(node->ethernet_switch,
                       line->interface[side] -
                           topology->nodes[line->node[side]].first_interface);
}

/* Both directions of line INDEX. */
static void build_line(Network *network, uint32_t index)
{
    const Topology *topology = network->topology;
    const Line *line = &topology->lines[index];
    bool direct = network->nodes[line->node[0]].kind != NODE_SWITCH &&
                  network->nodes[line->node[1]].kind != NODE_SWITCH;

    for (unsigned side = 0; side < 2; side++) {
        uint32_t from = line->node[side], to = line->node[!side];
        Interface *interface = &network->interfaces[line->interface[side]];
        Link *link = &network->links[2 * index + side];
        char from_name[NODE_NAME_MAX], to_name[NODE_NAME_MAX];
        char name[2 * NODE_NAME_MAX + 8];

        snprintf(name, sizeof name, "%s -> %s",
                 network_node_name(network, from, from_name),
                 network_node_name(network, to, to_name));
        link_init(link, network->sim,
                  &topology->line_groups[line->group].config[side], name, from,
                  port_of(network, line, !side), to);
        if (network->nodes[from].kind == NODE_SWITCH) {
            switch_connect(network->nodes[from].ethernet_switch,
                           line->interface[side] -
                               topology->nodes[from].first_interface,
                           link);
            continue;
        }
        interface->out = link;
        interface->point_to_point = direct;
        if (direct)
            interface->peer = &network->interfaces[line->interface[!side]];
    }
}

/* --- static ARP behind switches ------------------------------------------- */

static bool wants_peers(const Network *network, const Segment *segment)
{
    const Topology *topology = network->topology;

    for (uint32_t i = 0; segment->switched && i < segment->count; i++)
        if (network
                ->interfaces[topology->segment_interfaces[segment->first + i]]
                .host->arp->mode == ARP_STATIC)
            return true;
    return false;
}

static void build_peers(Network *network)
{
    const Topology *topology = network->topology;

    network->segment_count = topology->segment_count;
    network->segments = g_new0(struct ArpPeers *, topology->segment_count);
    for (uint32_t i = 0; i < topology->segment_count; i++) {
        const Segment *segment = &topology->segments[i];
        const uint32_t *list = &topology->segment_interfaces[segment->first];

        if (!wants_peers(network, segment))
            continue;
        network->segments[i] = arp_peers_new();
        for (uint32_t j = 0; j < segment->count; j++) {
            Interface *interface = &network->interfaces[list[j]];

            arp_peers_add(network->segments[i], interface->address,
                          interface->mac);
            interface->peers = network->segments[i];
        }
    }
}

/* --- what runs on the nodes ----------------------------------------------- */

static const HostUpper upper = {tcp_receive, udp_receive, tcp_error, udp_error};

static void start_resolver(Network *network, Node *node, const NodeGroup *group)
{
    IpAddress *roots = g_new(IpAddress, group->root_count);

    for (unsigned i = 0; i < group->root_count; i++)
        roots[i] =
            routes_address(network->topology, node->host.node, group->roots[i]);
    node->resolver = dns_resolver_new(
        &node->host, group->settings[SETTINGS_DNS], roots, group->root_count);
    g_free(roots);
}

static IpAddress find_node(const void *client, const char *name)
{
    const Node *node = client;

    return network_address(node->client->network, node, name);
}

/* One for the whole group, filled in by its first client. */
static const ClientConfig *client_config(Network *network, const Node *node,
                                         const NodeGroup *group)
{
    ClientConfig *client = &network->clients[node->group];

    if (client->dns == NULL)
        *client = (ClientConfig){
            group->settings[SETTINGS_DNS], group->settings[SETTINGS_BROWSER],
            group->resolver != UINT32_MAX
                ? routes_address(network->topology, node->host.node,
                                 group->resolver)
                : IP_NONE,
            find_node, network};
    return client;
}

static void start_services(Network *network, Node *node)
{
    const NodeGroup *group = &network->topology->groups[node->group];
    Host *host = &node->host;

    if (node->kind == NODE_ROUTER || node->kind == NODE_SWITCH)
        return;
    host->upper = &upper;
    tcp_new(host, group->settings[SETTINGS_TCP]);
    if (node->kind == NODE_CLIENT)
        node->client = client_config(network, node, group);
    if (node->kind == NODE_RESOLVER)
        start_resolver(network, node, group);
    if (group->zone_count != 0)
        node->authority = dns_authority_new(
            host, group->settings[SETTINGS_DNS],
            (const DnsZone *const *)group->zones, group->zone_count);
    if (group->site != NULL)
        node->http =
            http_server_new(host, (uint16_t)group->keys.port, group->site,
                            group->settings[SETTINGS_HTTP]);
}

/* --- whole ---------------------------------------------------------------- */

Network *network_build(Sim *sim, const Topology *topology)
{
    Network *network = g_new0(Network, 1);

    *network = (Network){
        .sim = sim,
        .topology = topology,
        .groups = topology->names,
        .group_count = topology->group_count,
        .nodes = g_new0(Node, topology->node_count),
        .node_count = topology->node_count,
        .interfaces = g_new0(Interface, topology->interface_count),
        .interface_count = topology->interface_count,
        .links = g_new0(Link, 2 * (size_t)topology->line_count),
        .link_count = 2 * topology->line_count,
        .clients = g_new0(ClientConfig, topology->group_count),
        .address_from = routes_address,
    };
    for (uint32_t i = 0; i < network->node_count; i++)
        build_node(network, i);
    for (uint32_t i = 0; i < topology->line_count; i++)
        build_line(network, i);
    build_peers(network);
    routes_build(network);
    for (uint32_t i = 0; i < network->node_count; i++)
        start_services(network, &network->nodes[i]);
    return network;
}

/* Nothing of the models may be left: what is, was lost on the way. */
static void assert_nothing_left(const Sim *sim)
{
    for (unsigned kind = SLAB_PACKET; kind < SLAB_WORKLOAD_ITEM; kind++)
        g_assert(sim->slabs[kind].live == 0);
}

void network_free(Network *network)
{
    for (uint32_t i = 0; i < network->node_count; i++)
        node_stop(&network->nodes[i]);
    for (uint32_t i = 0; i < network->node_count; i++) {
        host_clear(&network->nodes[i].host);
        if (network->nodes[i].kind == NODE_SWITCH)
            switch_free(network->nodes[i].ethernet_switch);
    }
    for (uint32_t i = 0; i < network->link_count; i++)
        link_clear(&network->links[i]);
    for (uint32_t i = 0; i < network->segment_count; i++)
        if (network->segments[i] != NULL)
            arp_peers_free(network->segments[i]);
    assert_nothing_left(network->sim);
    g_free(network->segments);
    g_free(network->clients);
    g_free(network->nodes);
    g_free(network->interfaces);
    g_free(network->links);
    g_free(network);
}
