/* host.c - sending, receiving and forwarding IP packets; see host.h. */
#include "host.h"

#include <stdio.h>

#include "arp.h"
#include "sim/wheel.h"

enum { HEADERS_MAX = 20 + 60 }; /* IPv4 and TCP with options */

static uint64_t draw_clock(const Sim *sim, uint32_t name_hash)
{
    uint32_t counter[4] = {sim->replication, 0, 0, 0}, words[4];
    char consumer[32];

    snprintf(consumer, sizeof consumer, "clock %08x", name_hash);
    philox(stream_key(sim->seed, consumer, "phase"), counter, words);
    return (uint64_t)words[0] << 32 | words[1];
}

void host_init(Host *host, Sim *sim, uint32_t node, uint32_t name_hash,
               const IpConfig *ip, const ArpConfig *arp, bool forwards)
{
    *host = (Host){.sim = sim,
                   .node = node,
                   .name_hash = name_hash,
                   .ip = ip,
                   .arp = arp,
                   .clock = draw_clock(sim, name_hash),
                   .forwards = forwards};
}

void host_clear(Host *host)
{
    for (uint32_t i = 0; i < host->interface_count; i++)
        arp_clear(&host->interfaces[i]);
    arp_collector_free(host);
    route_clear(&host->routes);
    g_free(host->icmp_limit);
    host->icmp_limit = NULL;
}

void interface_init(Interface *interface, Host *host, uint32_t index,
                    IpAddress address, uint8_t prefix_len, MacAddress mac)
{
    *interface = (Interface){.port = {host_receive},
                             .host = host,
                             .index = index,
                             .address = address,
                             .prefix_len = prefix_len,
                             .mac = mac};
}

bool host_has_address(const Host *host, IpAddress address)
{
    if (host->forwards) {
        /* It may have very many: its route there leads to the interface. */
        const Route *route = route_find(&host->routes, address);

        return route != NULL &&
               ip_equal(host->interfaces[route->interface].address, address);
    }
    for (uint32_t i = 0; i < host->interface_count; i++)
        if (ip_equal(host->interfaces[i].address, address))
            return true;
    return false;
}

IpAddress host_source_for(const Host *host, IpAddress destination)
{
    const Route *route = route_find(&host->routes, destination);

    return route != NULL ? host->interfaces[route->interface].address : IP_NONE;
}

uint32_t host_mtu_for(const Host *host, IpAddress destination)
{
    const Route *route = route_find(&host->routes, destination);

    return route != NULL ? host->interfaces[route->interface].out->config->mtu
                         : 0;
}

SimTime host_clock_phase(const Host *host, SimTime jiffy)
{
    return (SimTime)(host->clock % ((uint64_t)jiffy * WHEEL_PHASES));
}

/* --- telling -------------------------------------------------------------- */

static inline void tell(Host *host, RecordKind kind, const Packet *packet,
                        const Interface *interface)
{
    if (sim_wants(host->sim, kind))
        packet_tell(host->sim, kind, host->node, packet,
                    (PacketTold){packet, interface, 0, NULL}, 0);
}

void host_report(Host *host, const Packet *packet, uint8_t type, uint8_t code,
                 uint32_t mtu)
{
    const HostUpper *upper = host->upper;

    if (upper == NULL)
        return;
    if (packet->ip.protocol == IP_PROTOCOL_TCP && upper->tcp_error != NULL)
        upper->tcp_error(host, packet, type, code, mtu);
    else if (packet->ip.protocol == IP_PROTOCOL_UDP && upper->udp_error != NULL)
        upper->udp_error(host, packet, type, code, mtu);
}

void host_undeliverable(Host *host, const Packet *packet, uint8_t code,
                        uint32_t mtu)
{
    if (host_has_address(host, packet->ip.source))
        host_report(host, packet, ICMP_UNREACHABLE, code, mtu);
    else
        host_icmp_error(host, packet, ICMP_UNREACHABLE, code, mtu);
}

static void refuse(Host *host, Packet *packet /* taken */, DropReason reason,
                   uint8_t code, uint32_t mtu)
{
    host_undeliverable(host, packet, code, mtu);
    packet_drop(host->sim, host->node, packet, reason);
}

/* --- the way down --------------------------------------------------------- */

void interface_send(Interface *interface, Packet *packet /* taken */)
{
    Host *host = interface->host;

    if (sim_wants(host->sim, REC_PACKET_SENT))
        packet_tell(host->sim, REC_PACKET_SENT, host->node, packet,
                    (PacketTold){packet, interface, link_wait(interface->out),
                                 interface->out},
                    0);
    link_send(interface->out, packet);
}

static inline bool too_big(const Packet *packet, uint32_t mtu)
{
    /* Most are small enough whatever their options are. */
    return packet->payload.len + HEADERS_MAX > mtu && packet_len(packet) > mtu;
}

/* Dresses PACKET for the line that ROUTE names, and sends it. */
static void transmit(Host *host, const Route *route, Packet *packet /* taken */)
{
    Interface *interface = &host->interfaces[route->interface];
    uint32_t mtu = interface->out->config->mtu;

    if (too_big(packet, mtu)) {
        /* Without DF a real router would cut it up, which is not modelled: it
         * is dropped, and nobody is told (RFC 1191 s4 speaks of DF only). */
        if (packet->ip.dont_fragment)
            host_undeliverable(host, packet, ICMP_FRAGMENTATION_NEEDED, mtu);
        packet_drop(host->sim, host->node, packet, DROP_TOO_BIG);
        return;
    }
    packet->ethernet.source = interface->mac;
    packet->ethernet.type = ETHERTYPE_IPV4;
    if (interface->point_to_point && host->arp->mode == ARP_STATIC) {
        packet->ethernet.destination = interface->peer->mac;
        interface_send(interface, packet);
        return;
    }
    arp_send(interface,
             ip_is_none(route->next_hop) ? packet->ip.destination
                                         : route->next_hop,
             packet);
}

void host_send(Host *host, Packet *packet /* taken */)
{
    const Route *route = route_find(&host->routes, packet->ip.destination);
    IpHeader *ip = &packet->ip;
    IpAddress own;

    packet->ethernet = (EthernetHeader){.type = ETHERTYPE_IPV4};
    ip->ttl = (uint8_t)host->ip->ttl;
    ip->identification = host->identification++;
    ip->fragment = 0;
    ip->more_fragments = false;
    if (route == NULL) {
        host_report(host, packet, ICMP_UNREACHABLE, ICMP_NET_UNREACHABLE, 0);
        packet_drop(host->sim, host->node, packet, DROP_NO_ROUTE);
        return;
    }
    own = host->interfaces[route->interface].address;
    if (ip_is_none(ip->source))
        ip->source = own;
    if (ip_equal(ip->destination, own)) {
        refuse(host, packet, DROP_NO_ROUTE, ICMP_HOST_UNREACHABLE, 0);
        return;
    }
    transmit(host, route, packet);
}

/* --- the way up ----------------------------------------------------------- */

static void deliver(Interface *interface, Packet *packet /* taken */)
{
    Host *host = interface->host;
    const HostUpper *upper = host->upper;

    tell(host, REC_PACKET_DELIVERED, packet, interface);
    if (packet->ip.protocol == IP_PROTOCOL_TCP && upper != NULL &&
        upper->tcp != NULL) {
        upper->tcp(host, packet);
    } else if (packet->ip.protocol == IP_PROTOCOL_UDP && upper != NULL &&
               upper->udp != NULL) {
        upper->udp(host, packet);
    } else if (packet->ip.protocol == IP_PROTOCOL_ICMP) {
        icmp_receive(host, packet);
    } else {
        host_icmp_error(host, packet, ICMP_UNREACHABLE,
                        ICMP_PROTOCOL_UNREACHABLE, 0);
        packet_drop(host->sim, host->node, packet, DROP_NO_PROTOCOL);
    }
}

/* RFC 1812 s5.2.1: to this router, or one hop further. */
static void forward(Interface *interface, Packet *packet /* taken */)
{
    Host *host = interface->host;
    const Route *route = route_find(&host->routes, packet->ip.destination);

    if (route == NULL) {
        refuse(host, packet, DROP_NO_ROUTE, ICMP_NET_UNREACHABLE, 0);
        return;
    }
    if (ip_equal(host->interfaces[route->interface].address,
                 packet->ip.destination)) {
        deliver(interface, packet);
        return;
    }
    if (packet->ip.ttl <= 1) {
        host_icmp_error(host, packet, ICMP_TIME_EXCEEDED, 0, 0);
        packet_drop(host->sim, host->node, packet, DROP_TTL);
        return;
    }
    packet->ip.ttl--;
    tell(host, REC_PACKET_FORWARDED, packet,
         &host->interfaces[route->interface]);
    transmit(host, route, packet);
}

void host_receive(Port *port, Packet *packet /* taken */)
{
    Interface *interface = sim_container_of(port, Interface, port);
    Host *host = interface->host;
    MacAddress to = packet->ethernet.destination;
    bool broadcast = mac_equal(to, MAC_BROADCAST);

    tell(host, REC_PACKET_RECEIVED, packet, interface);
    if (!mac_equal(to, interface->mac) && !broadcast)
        packet_drop(host->sim, host->node, packet, DROP_NOT_FOR_US);
    else if (packet->ethernet.type == ETHERTYPE_ARP)
        arp_receive(interface, packet);
    else if (packet->ethernet.type != ETHERTYPE_IPV4)
        packet_drop(host->sim, host->node, packet, DROP_NO_PROTOCOL);
    else if (ip_equal(packet->ip.destination, interface->address))
        deliver(interface, packet); /* to one host alone: RFC 9293 MUST-57 */
    else if (host->forwards && !broadcast)
        forward(interface, packet);
    else if (!broadcast && host_has_address(host, packet->ip.destination))
        deliver(interface, packet);
    else
        packet_drop(host->sim, host->node, packet, DROP_NOT_FOR_US);
}
