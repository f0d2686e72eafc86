/* workload_flood.c - SYNs from addresses that do not answer (RFC 4987 s2.2).
 *
 * Address, port and sequence number of each are drawn from the stream
 * (workload's name, "spoofed"): at a point of a sweep with another rate the
 * same SYNs come at other times. */
#include "workload_parts.h"

enum {
    FIRST_PORT = 1024, /* of those that a user's program has */
    PORTS = 65536 - FIRST_PORT,
    IP_AND_TCP = 40, /* bytes of headers without options */
};

bool flood_check(const Workload *workload, const Network *network,
                 WorkloadFault *fault)
{
    const IpPrefix *spoof = &workload->config->spoof;

    for (uint32_t i = 0; i < network->interface_count; i++) {
        IpAddress address = network->interfaces[i].address;
        char text[IP_TEXT_MAX];

        if (!ip_is_none(address) &&
            ip_equal(ip_mask(address, spoof->len), spoof->address))
            return workload_fault(
                fault, "spoof",
                g_strdup_printf("%s is a node's address, which would answer; a "
                                "prefix that nobody has would be right",
                                ip_to_text(address, text)));
    }
    return true;
}

static IpAddress draw_address(Workload *workload)
{
    const IpPrefix *spoof = &workload->config->spoof;
    uint64_t size = (uint64_t)1 << (128 - spoof->len); /* 2^32 at most */

    return ip_from_v4(ip_to_v4(spoof->address) +
                      (uint32_t)stream_below(&workload->spoofed, size));
}

void flood_send(Workload *workload, Node *node)
{
    Host *host = &node->host;
    Stream *stream = &workload->spoofed;
    Packet *packet = packet_new(workload->sim);
    uint32_t mtu = host_mtu_for(host, workload->address);

    workload->items_begun++;
    packet->flow = (FlowId){host->name_hash, ++host->flow_serial};
    packet->number = PACKET_OF_OPENER | 1;
    packet->ip = (IpHeader){.source = draw_address(workload),
                            .destination = workload->address,
                            .protocol = IP_PROTOCOL_TCP,
                            .dont_fragment = true};
    packet->tcp = (TcpHeader){
        .source_port = (uint16_t)(FIRST_PORT + stream_below(stream, PORTS)),
        .destination_port = workload->port,
        .seq = stream_u32(stream),
        .flags = TCP_SYN,
        .window = UINT16_MAX,
        .options = TCP_OPT_MSS,
        .mss = (uint16_t)(CLAMP(mtu, 576, UINT16_MAX) - IP_AND_TCP)};
    host_send(host, packet);
}
