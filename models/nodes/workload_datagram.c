/* workload_datagram.c - datagrams that nobody answers: traffic for a queue.
 *
 * Their lengths are drawn from the stream (workload's name, "sizes"): at a
 * point of a sweep with another rate the same datagrams come at other times. */
#include "workload_parts.h"

#include "models/transport/udp.h"

enum { IP_AND_UDP = IPV4_HEADER_LEN + UDP_HEADER_LEN };

static void ignore(UdpSocket *socket, void *user, const Packet *packet) {}

static const UdpUser sender = {.received = ignore};

/* USER is the Host that reads. */
static void received(UdpSocket *socket, void *user, const Packet *packet)
{
    const Host *host = user;

    if (packet->timed && sim_wants(host->sim, REC_DATAGRAM_READ))
        packet_tell(host->sim, REC_DATAGRAM_READ, host->node, packet,
                    (PacketTold){.packet = packet}, 0);
}

static const UdpUser reader = {.received = received};

static bool check_bytes(const Workload *workload, WorkloadFault *fault)
{
    const WorkloadConfig *config = workload->config;

    for (unsigned i = 0; i < workload->node_count; i++) {
        uint32_t most =
            host_mtu_for(&workload->nodes[i]->host, workload->address);

        if (most != 0 && (config->bytes < IP_AND_UDP || config->bytes > most))
            return workload_fault(
                fault, "bytes",
                g_strdup_printf("a datagram from \"%s\" has from %u to %u "
                                "bytes, its headers among them",
                                config->node, IP_AND_UDP, most));
    }
    return true;
}

bool datagram_open(Workload *workload, Node *to, WorkloadFault *fault)
{
    workload->sockets = g_new0(UdpSocket *, workload->node_count);
    for (unsigned i = 0; i < workload->node_count; i++)
        workload->sockets[i] =
            udp_open(udp_of(&workload->nodes[i]->host), 0, &sender, NULL);
    if (to == NULL || to->host.upper == NULL || to->host.upper->udp == NULL)
        return workload_fault(
            fault, "to",
            g_strdup_printf("\"%s\": datagrams are read at a node of the "
                            "network that has UDP",
                            workload->config->to));
    if (udp_open(udp_of(&to->host), workload->port, &reader, &to->host) == NULL)
        return workload_fault(
            fault, "to",
            g_strdup_printf("\"%s\": something else has that port; name one "
                            "that is free",
                            workload->config->to));
    return check_bytes(workload, fault);
}

/* Of the next datagram, as IP counts them. */
static uint32_t draw_bytes(Workload *workload, uint32_t most)
{
    const WorkloadConfig *config = workload->config;
    SimTime fine; /* in 1024ths, so that rounding is no bias */

    if (config->sizes == SIZES_CONSTANT)
        return (uint32_t)config->bytes;
    fine = stream_exponential(&workload->sizes, (SimTime)config->bytes * 1024);
    return (uint32_t)CLAMP((fine + 512) / 1024, IP_AND_UDP, (SimTime)most);
}

void datagram_send(Workload *workload, unsigned node)
{
    uint32_t most =
        host_mtu_for(&workload->nodes[node]->host, workload->address);
    Slice payload = {.len = draw_bytes(workload, most) - IP_AND_UDP};

    workload->items_begun++;
    if (workload->sockets[node] != NULL)
        udp_send_timed(workload->sockets[node], workload->address,
                       workload->port, payload);
}
