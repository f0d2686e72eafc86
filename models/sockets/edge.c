/* edge.c - a host with a line that ends in bytes; see edge.h. */
#include "edge.h"

#include <string.h>

enum {
    PACKET_MAX = 65535,   /* bytes of an IP packet (RFC 791 s3.1) */
    HOST_NODE = 0,        /* index, for records */
    OUTSIDE_NODE = 1,     /* where the line ends */
    HOST_NAME = 1,        /* FlowId.opener of the host */
    OUTSIDE_NAME = 2,     /* ... and of what comes in */
    PREFIX_LEN = 96 + 24, /* of the interface; the route leads anywhere */
};

static const MacAddress host_mac = {0x020000000001};
static const MacAddress outside_mac = {0x020000000002};
static const HostUpper upper = {.tcp = tcp_receive, .tcp_error = tcp_error};

void edge_init(Edge *edge, Sim *sim, TcpProfile profile, EdgeSent *sent,
               void *data)
{
    *edge = (Edge){.sim = sim, .sent = sent, .data = data};
    config_defaults(ip_keys, 0, &edge->ip);
    config_defaults(arp_keys, 0, &edge->arp);
    config_defaults(link_keys, 0, &edge->line);
    config_defaults(tcp_keys, profile, &edge->tcp);
    edge->tcp.profile = profile;
    edge->arp.mode = ARP_STATIC;
    edge->line.rate = 0;
    edge->line.delay = 0;
    edge->line.loss = 0;
    edge->line.queue_packets = 0;
    edge->address = IP_NONE;
}

/* The line's other end: out of the simulation. */
static void tapped(Port *port, Packet *packet /* taken */)
{
    Edge *edge = sim_container_of(port, Edge, tap);
    size_t len = packet_emit(packet, true, edge->buffer, PACKET_MAX);

    packet_free(edge->sim, packet);
    if (len > 0)
        edge->sent(edge, edge->buffer, len, sim_now(edge->sim));
}

void edge_raise(Edge *edge)
{
    Host *host = &edge->host;

    link_config_finish(&edge->line);
    edge->buffer = g_malloc(PACKET_MAX);
    edge->tap.receive = tapped;
    link_init(&edge->out, edge->sim, &edge->line, "host -> outside", HOST_NODE,
              &edge->tap, OUTSIDE_NODE);
    host_init(host, edge->sim, HOST_NODE, HOST_NAME, &edge->ip, &edge->arp,
              false);
    interface_init(&edge->interface, host, 0, edge->address, PREFIX_LEN,
                   host_mac);
    edge->interface.point_to_point = true;
    edge->interface.out = &edge->out;
    edge->interface.peer = &edge->outside;
    edge->outside.mac = outside_mac;
    host->interfaces = &edge->interface;
    host->interface_count = 1;
    host->routes.has_fallback = true;
    host->upper = &upper;
    tcp_new(host, &edge->tcp);
    edge->raised = true;
}

void edge_clear(Edge *edge)
{
    if (edge->raised) {
        tcp_free(edge->host.tcp);
        link_clear(&edge->out);
        host_clear(&edge->host);
        g_free(edge->buffer);
    }
    config_clear_struct(tcp_keys, &edge->tcp);
    *edge = (Edge){0};
}

void edge_set_address(Edge *edge, IpAddress address)
{
    edge->address = edge->interface.address = address;
}

bool edge_receive(Edge *edge, const uint8_t *bytes, size_t len,
                  const char **why)
{
    Packet *packet = packet_parse(edge->sim, true, bytes, len, why);

    if (packet == NULL)
        return false;
    if (ip_is_none(edge->address) &&
        !ip_is_broadcast_or_multicast(packet->ip.destination))
        edge_set_address(edge, packet->ip.destination);
    packet->ethernet.source = outside_mac;
    packet->ethernet.destination = host_mac;
    packet->flow = (FlowId){.opener = OUTSIDE_NAME, .serial = 1};
    packet->number = PACKET_OF_OPENER;
    edge->sim->cause = packet->id;
    host_receive(&edge->interface.port, packet);
    edge->sim->cause = 0;
    return true;
}

static void clock_is_there(Sim *sim, Event *event) {}

bool edge_run_until(Edge *edge, SimTime until)
{
    Event end; /* sim_run() leaves the clock at the last event: one is here */

    event_init(&end, clock_is_there);
    event_schedule_at(edge->sim, &end, until);
    sim_run(edge->sim, until);
    edge->sim->cause = 0;
    if (!event_pending(&end))
        return true;
    event_cancel(edge->sim, &end);
    return false;
}

bool edge_step(Edge *edge, SimTime until)
{
    const Event *first = equeue_first(&edge->sim->queue);

    if (first == NULL || first->at > until)
        return false;
    sim_step(edge->sim);
    edge->sim->cause = 0;
    return true;
}
