/* icmp.c - errors reported and received, echoes answered (RFC 792, 1122 s3.2.2,
 * 1812 s4.3); see host.h. */
#include "host.h"

enum {
    QUOTE_BYTES = 8, /* of the transport header: RFC 792 */
    LIMIT_SLOTS = 64,
    TOS_CONTROL = 0xc0, /* internetwork control: RFC 1812 s4.3.2.5 */
};

/* Who was sent an error, and when: direct mapped, so two destinations may share
 * a slot; the newer one then forgets the older, which errs on the side of
 * telling. */
typedef struct IcmpLimit {
    struct {
        IpAddress destination;
        SimTime sent;
    } slots[LIMIT_SLOTS];
} IcmpLimit;

static bool is_error(uint8_t type)
{
    return type != ICMP_ECHO && type != ICMP_ECHO_REPLY;
}

/* RFC 1122 s3.2.2: never about these. */
static bool may_be_reported(const Packet *packet)
{
    return packet->ethernet.type == ETHERTYPE_IPV4 &&
           !mac_equal(packet->ethernet.destination, MAC_BROADCAST) &&
           packet->ip.fragment == 0 && !ip_is_none(packet->ip.source) &&
           !ip_is_broadcast_or_multicast(packet->ip.source) &&
           !ip_is_broadcast_or_multicast(packet->ip.destination) &&
           !(packet->ip.protocol == IP_PROTOCOL_ICMP &&
             is_error(packet->icmp.type));
}

static bool within_limit(Host *host, IpAddress destination)
{
    uint64_t hash = (destination.lo ^ destination.hi) * 0x9e3779b97f4a7c15u;
    unsigned at = hash >> 58; /* 6 bits: LIMIT_SLOTS */
    SimTime now = host->sim->now;

    if (host->ip->icmp_ratelimit == 0)
        return true;
    if (host->icmp_limit == NULL)
        host->icmp_limit = g_new0(IcmpLimit, 1);
    if (ip_equal(host->icmp_limit->slots[at].destination, destination) &&
        now - host->icmp_limit->slots[at].sent < host->ip->icmp_ratelimit)
        return false;
    host->icmp_limit->slots[at].destination = destination;
    host->icmp_limit->slots[at].sent = now;
    return true;
}

/* The bytes of PACKET that an error quotes: the IP header and 8 more. */
static Slice quote(const Packet *packet)
{
    size_t len = packet_len(packet);
    size_t quoted = MIN(len, IPV4_HEADER_LEN + QUOTE_BYTES);
    uint8_t *bytes = g_malloc(len);
    Slice slice;

    g_assert(packet_emit(packet, true, bytes, len) == len);
    slice = (Slice){g_bytes_new(bytes, quoted), 0, (uint32_t)quoted};
    g_free(bytes);
    return slice;
}

/* A message of this host, which is a flow of the interface it leaves by. */
static Packet *message_new(Host *host, IpAddress destination, IcmpHeader icmp)
{
    const Route *route = route_find(&host->routes, destination);
    Interface *interface =
        &host->interfaces[route != NULL ? route->interface : 0];
    Packet *packet = packet_new(host->sim);

    packet->flow = (FlowId){host->name_hash, FLOW_ICMP | interface->index};
    packet->number = PACKET_OF_OPENER | ++interface->flow_serial;
    packet->ip =
        (IpHeader){.destination = destination, .protocol = IP_PROTOCOL_ICMP};
    packet->icmp = icmp;
    return packet;
}

void host_icmp_error(Host *host, const Packet *packet, uint8_t type,
                     uint8_t code, uint32_t mtu)
{
    Packet *error;

    if (!host->ip->icmp_errors || !may_be_reported(packet) ||
        !within_limit(host, packet->ip.source))
        return;
    error = message_new(host, packet->ip.source,
                        (IcmpHeader){.type = type, .code = code, .rest = mtu});
    error->ip.tos = TOS_CONTROL;
    error->payload = quote(packet);
    host_send(host, error);
}

static void answer_echo(Host *host, Packet *packet /* taken */)
{
    Packet *reply = message_new(
        host, packet->ip.source,
        (IcmpHeader){.type = ICMP_ECHO_REPLY, .rest = packet->icmp.rest});

    /* RFC 1122 s3.2.2.6: from the address that was asked, the data returned. */
    reply->ip.source = packet->ip.destination;
    reply->payload = slice_part(&packet->payload, 0, packet->payload.len);
    packet_free(host->sim, packet);
    host_send(host, reply);
}

static void hear_error(Host *host, Packet *packet /* taken */)
{
    const uint8_t *bytes = slice_data(&packet->payload);
    uint32_t mtu = packet->icmp.type == ICMP_UNREACHABLE &&
                           packet->icmp.code == ICMP_FRAGMENTATION_NEEDED
                       ? packet->icmp.rest & 0xffff
                       : 0;
    Packet quoted;

    if (bytes == NULL ||
        !packet_parse_quoted(bytes, packet->payload.len, &quoted)) {
        packet_drop(host->sim, host->node, packet, DROP_MALFORMED);
        return;
    }
    if (host_has_address(host, quoted.ip.source))
        host_report(host, &quoted, packet->icmp.type, packet->icmp.code, mtu);
    packet_free(host->sim, packet);
}

void icmp_receive(Host *host, Packet *packet /* taken */)
{
    switch (packet->icmp.type) {
    case ICMP_ECHO:
        answer_echo(host, packet);
        break;
    case ICMP_UNREACHABLE:
    case ICMP_TIME_EXCEEDED:
        hear_error(host, packet);
        break;
    default: /* RFC 1122 s3.2.2: unknown types are discarded silently. */
        packet_free(host->sim, packet);
    }
}
