/* packet.c - packets: made, told, dropped, and their bytes; see packet.h. */
#include "packet.h"

#include <string.h>

/* --- life ----------------------------------------------------------------- */

static void tell_cause(Sim *sim, uint64_t id)
{
    CauseTold told = {id, sim->cause, sim->now, "packet"};
    Record record = {
        .kind = REC_CAUSE, .id = id, .node = RECORD_NO_NODE, .what = &told};

    sim_tell(sim, &record);
}

/* 64 bytes at a time: compilers write these out, but turn all at once into a
 * string instruction that takes longer to begin than these stores together. */
static inline void zero(Packet *packet)
{
    enum { PIECE = 64, PIECES = sizeof(Packet) / PIECE };
    char *bytes = (char *)packet;

    for (unsigned i = 0; i < PIECES; i++)
        memset(bytes + i * PIECE, 0, PIECE);
    memset(bytes + PIECES * PIECE, 0, sizeof *packet % PIECE);
}

Packet *packet_new(Sim *sim)
{
    Packet *packet = slab_alloc(sim_slab(sim, SLAB_PACKET, sizeof(Packet)));

    zero(packet);
    packet->id = sim_new_id(sim);
    if (sim_wants(sim, REC_CAUSE))
        tell_cause(sim, packet->id);
    return packet;
}

void packet_free(Sim *sim, Packet *packet)
{
    slice_clear(&packet->payload);
    slab_free(sim_slab(sim, SLAB_PACKET, sizeof(Packet)), packet);
}

void packet_drop(Sim *sim, uint32_t node, Packet *packet, DropReason reason)
{
    packet_drop_on(sim, NULL, node, packet, reason);
}

void packet_drop_on(Sim *sim, const void *link, uint32_t node, Packet *packet,
                    DropReason reason)
{
    packet_tell(sim, REC_PACKET_DROPPED, node, packet,
                (PacketTold){.packet = packet, .link = link}, reason);
    packet_free(sim, packet);
}

Packet *packet_copy(Sim *sim, const Packet *packet)
{
    Packet *copy = slab_alloc(sim_slab(sim, SLAB_PACKET, sizeof(Packet)));

    *copy = *packet;
    copy->next = NULL;
    copy->payload = slice_part(&packet->payload, 0, packet->payload.len);
    return copy;
}

void packet_tell(Sim *sim, RecordKind kind, uint32_t node, const Packet *packet,
                 PacketTold told, unsigned code)
{
    Record record;

    if (!sim_wants(sim, kind))
        return;
    record = (Record){.kind = (uint16_t)kind,
                      .code = (uint16_t)code,
                      .node = node,
                      .id = packet->id,
                      .stable = packet_stable_id(packet),
                      .len = packet_frame_len(packet),
                      .what = &told};
    sim_tell(sim, &record);
}

/* --- what it is ----------------------------------------------------------- */

/* Bytes of the header that follows the IP header; 0 for an unknown protocol. */
static size_t transport_header_len(const Packet *packet)
{
    switch (packet->ip.protocol) {
    case IP_PROTOCOL_TCP:
        return tcp_header_len(&packet->tcp);
    case IP_PROTOCOL_UDP:
        return UDP_HEADER_LEN;
    case IP_PROTOCOL_ICMP:
        return ICMP_HEADER_LEN;
    default:
        return 0;
    }
}

uint32_t packet_len(const Packet *packet)
{
    if (packet->ethernet.type == ETHERTYPE_ARP)
        return ARP_LEN;
    return IPV4_HEADER_LEN + (uint32_t)transport_header_len(packet) +
           packet->payload.len;
}

uint64_t packet_stable_id(const Packet *packet)
{
    uint64_t x = (uint64_t)packet->flow.opener << 32 | packet->flow.serial;

    /* Each step can be undone, so equal results come of equal numbers or of
     * chance (constants: MurmurHash3's 64-bit finish). */
    x = (x ^ x >> 33) * 0xff51afd7ed558ccdull + packet->number;
    x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ull;
    return x ^ x >> 33;
}

static const char *tcp_class(const Packet *packet)
{
    unsigned flags = packet->tcp.flags;

    if (flags & TCP_RST)
        return flags & TCP_ACK ? "RST,ACK" : "RST";
    if (flags & TCP_SYN)
        return flags & TCP_ACK ? "SYN,ACK" : "SYN";
    if (flags & TCP_FIN)
        return flags & TCP_ACK ? "FIN,ACK" : "FIN";
    if (packet->payload.len > 0)
        return "data";
    return flags & TCP_ACK ? "ACK" : "TCP without flags";
}

static const char *icmp_class(const Packet *packet)
{
    switch (packet->icmp.type) {
    case ICMP_ECHO_REPLY:
        return "ICMP echo reply";
    case ICMP_ECHO:
        return "ICMP echo";
    case ICMP_UNREACHABLE:
        return "ICMP unreachable";
    case ICMP_TIME_EXCEEDED:
        return "ICMP time exceeded";
    default:
        return "ICMP";
    }
}

const char *packet_class(const Packet *packet)
{
    if (packet->ethernet.type == ETHERTYPE_ARP)
        return packet->arp.operation == ARP_REQUEST ? "ARP request"
                                                    : "ARP reply";
    switch (packet->ip.protocol) {
    case IP_PROTOCOL_TCP:
        return tcp_class(packet);
    case IP_PROTOCOL_UDP:
        return "UDP";
    case IP_PROTOCOL_ICMP:
        return icmp_class(packet);
    default:
        return "IP";
    }
}

/* --- to bytes ------------------------------------------------------------- */

const uint8_t *slice_data(const Slice *slice)
{
    const uint8_t *data = NULL;

    if (slice->bytes != NULL)
        data = g_bytes_get_data(slice->bytes, NULL);
    return data != NULL ? data + slice->offset : NULL;
}

static void emit_payload(const Slice *payload, uint8_t *bytes)
{
    const uint8_t *data = slice_data(payload);

    if (data != NULL)
        memcpy(bytes, data, payload->len);
    else
        memset(bytes, 0, payload->len);
}

/* The LEN bytes after the IP header. */
static void emit_transport(const Packet *packet, uint8_t *bytes, size_t len)
{
    emit_payload(&packet->payload, bytes + transport_header_len(packet));
    switch (packet->ip.protocol) {
    case IP_PROTOCOL_TCP:
        tcp_emit(&packet->tcp, packet->ip.source, packet->ip.destination, bytes,
                 len);
        break;
    case IP_PROTOCOL_UDP:
        udp_emit(&packet->udp, packet->ip.source, packet->ip.destination, bytes,
                 len);
        break;
    case IP_PROTOCOL_ICMP:
        icmp_emit(&packet->icmp, bytes, len);
        break;
    }
}

size_t packet_emit(const Packet *packet, bool from_ip, uint8_t *bytes,
                   size_t size)
{
    size_t len = packet_len(packet);
    size_t before = from_ip ? 0 : ETHERNET_HEADER_LEN;

    if (before + len > size)
        return 0;
    if (!from_ip)
        ethernet_emit(&packet->ethernet, bytes);
    bytes += before;
    if (packet->ethernet.type == ETHERTYPE_ARP) {
        arp_emit(&packet->arp, bytes);
    } else {
        ipv4_emit(&packet->ip, len - IPV4_HEADER_LEN, bytes);
        emit_transport(packet, bytes + IPV4_HEADER_LEN, len - IPV4_HEADER_LEN);
    }
    return before + len;
}

/* --- from bytes ----------------------------------------------------------- */

/* The transport header of the LEN bytes at BYTES, IP being set already, and
 * where the payload is.  NULL, or what is wrong. */
static const char *parse_transport(Packet *packet, const uint8_t *bytes,
                                   size_t len, size_t *offset,
                                   size_t *payload_len)
{
    const IpHeader *ip = &packet->ip;

    *offset = 0;
    *payload_len = len;
    switch (ip->protocol) {
    case IP_PROTOCOL_TCP:
        if (!tcp_parse(bytes, len, ip->source, ip->destination, &packet->tcp,
                       offset))
            return "not a TCP segment, or its checksum fails";
        *payload_len = len - *offset;
        return NULL;
    case IP_PROTOCOL_UDP:
        *offset = UDP_HEADER_LEN;
        if (!udp_parse(bytes, len, ip->source, ip->destination, &packet->udp,
                       payload_len))
            return "not a UDP datagram, or its checksum fails";
        return NULL;
    case IP_PROTOCOL_ICMP:
        if (!icmp_parse(bytes, len, &packet->icmp))
            return "not an ICMP message, or its checksum fails";
        *offset = ICMP_HEADER_LEN;
        *payload_len = len - *offset;
        return NULL;
    default:
        return NULL;
    }
}

static const char *parse_ip(Packet *packet, const uint8_t *bytes, size_t len)
{
    size_t header_len, total_len, offset, payload_len;
    const char *why;

    if (!ipv4_parse(bytes, len, &packet->ip, &header_len, &total_len))
        return "not an IPv4 packet, or its header checksum fails";
    if (packet->ip.more_fragments || packet->ip.fragment != 0)
        return "a fragment of an IPv4 packet";
    why = parse_transport(packet, bytes + header_len, total_len - header_len,
                          &offset, &payload_len);
    if (why == NULL && payload_len > 0) {
        packet->payload.bytes =
            g_bytes_new(bytes + header_len + offset, payload_len);
        packet->payload.len = (uint32_t)payload_len;
    }
    return why;
}

static const char *parse_frame(Packet *packet, bool from_ip,
                               const uint8_t *bytes, size_t len)
{
    if (from_ip) {
        packet->ethernet.type = ETHERTYPE_IPV4;
        return parse_ip(packet, bytes, len);
    }
    if (!ethernet_parse(bytes, len, &packet->ethernet))
        return "not an Ethernet II frame";
    bytes += ETHERNET_HEADER_LEN;
    len -= ETHERNET_HEADER_LEN;
    if (packet->ethernet.type == ETHERTYPE_IPV4)
        return parse_ip(packet, bytes, len);
    if (packet->ethernet.type != ETHERTYPE_ARP)
        return "neither IPv4 nor ARP";
    return arp_parse(bytes, len, &packet->arp) ? NULL : "not an ARP message";
}

Packet *packet_parse(Sim *sim, bool from_ip, const uint8_t *bytes, size_t len,
                     const char **why)
{
    Packet parsed = {0}, *packet;
    const char *wrong = parse_frame(&parsed, from_ip, bytes, len);

    if (wrong != NULL) {
        if (why != NULL)
            *why = wrong;
        return NULL;
    }
    packet = packet_new(sim);
    parsed.id = packet->id;
    *packet = parsed;
    return packet;
}

bool packet_parse_quoted(const uint8_t *bytes, size_t len, Packet *quoted)
{
    Packet parsed = {.ethernet.type = ETHERTYPE_IPV4};
    size_t header_len, left;
    const uint8_t *rest;

    if (!ipv4_parse_quoted(bytes, len, &parsed.ip, &header_len))
        return false;
    rest = bytes + header_len;
    left = len - header_len;
    if (left < TCP_QUOTED_LEN)
        return false;
    if (parsed.ip.protocol == IP_PROTOCOL_TCP)
        tcp_parse_quoted(rest, left, &parsed.tcp);
    else if (parsed.ip.protocol == IP_PROTOCOL_UDP)
        udp_parse_quoted(rest, left, &parsed.udp);
    else if (parsed.ip.protocol == IP_PROTOCOL_ICMP)
        icmp_parse_quoted(rest, left, &parsed.icmp);
    *quoted = parsed;
    return true;
}
