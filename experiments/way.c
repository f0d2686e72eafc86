/* way.c - follows the routes of a network. */
#include "way.h"

#include <string.h>

enum { HOPS_MAX = 64 };

static const char *add_link(const Link *link, Way *way)
{
    const LinkConfig *config = link->config;
    uint32_t bytes = link_counted_bytes(config, way->packet);
    SimTime occupied = simtime_of_bytes(bytes, config->rate);

    if (config->noise.on)
        return "a line has noise";
    if (config->burst.on)
        return "a line loses packets in bursts";
    if (config->rule_count > 0)
        return "a line drops packets by rule";
    if (config->tarries)
        return "packets may come late or twice";
    way->delay += config->delay + occupied;
    way->slowest = MAX(way->slowest, occupied);
    way->arrives *= 1 - (double)config->loss_threshold / 4294967296.0;
    way->mtu = MIN(way->mtu, config->mtu);
    return NULL;
}

const char *way_follow(const Network *network, Host *from, IpAddress address,
                       Way *way, Host **end)
{
    Host *host = from;

    way->delay = way->slowest = 0;
    way->arrives = 1;
    way->mtu = UINT32_MAX;
    for (int hops = 0; hops < HOPS_MAX; hops++) {
        const Route *route;
        const Link *link;
        const char *why;

        *end = host;
        if (host_has_address(host, address))
            return NULL;
        if (host->arp->mode != ARP_STATIC)
            return "ARP asks for addresses ([arp] mode = static would not)";
        route = route_find(&host->routes, address);
        if (route == NULL)
            return "there is no route between client and server";
        link = host->interfaces[route->interface].out;
        why = add_link(link, way);
        if (why != NULL)
            return why;
        if (network->nodes[link->to_node].kind == NODE_SWITCH)
            return "there is a switch on the path";
        host = &network->nodes[link->to_node].host;
    }
    return "there is no route between client and server";
}

IpAddress way_target(const Network *network, const Node *from, const char *to)
{
    char *host = g_strndup(to, (gsize)(strrchr(to, ':') - to));
    IpAddress address = network_address(network, from, host);

    if (ip_is_none(address))
        ip_from_text(host, &address);
    g_free(host);
    return address;
}
