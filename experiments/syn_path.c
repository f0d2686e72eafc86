/* syn_path.c - follows the routes of a point's network from its client to its
 * server and back, and asks the theory about what it found. */
#include "syn_path.h"

#include <string.h>

#include "way.h"

/* A handshake's segment as TCP with the options of both ends would send it. */
static void segment_of(const TcpConfig *a, const TcpConfig *b, Packet *packet)
{
    *packet = (Packet){.ethernet.type = ETHERTYPE_IPV4};
    packet->ip.protocol = IP_PROTOCOL_TCP;
    packet->tcp.flags = TCP_SYN;
    packet->tcp.options = TCP_OPT_MSS;
    if (a->window_scaling && b->window_scaling)
        packet->tcp.options |= TCP_OPT_WSCALE;
    if (a->sack && b->sack)
        packet->tcp.options |= TCP_OPT_SACK_OK;
    if (a->timestamps && b->timestamps)
        packet->tcp.options |= TCP_OPT_TIMESTAMPS;
}

/* Connections a second that WORKLOAD begins; 0: one; 1e12: several at one
 * time, or at times that are not looked at. */
static double connection_rate(const WorkloadConfig *workload)
{
    if (workload->arrivals.gap > 0 && workload->pages <= 1)
        return 1e9 / (double)workload->arrivals.gap;
    return workload_sessions(workload) > 1 || workload->pages > 1 ? 1e12 : 0;
}

static const char *phases_are_uniform(const TcpConfig *config,
                                      const WorkloadConfig *workload)
{
    if (config->timers == TCP_TIMERS_EXACT || config->clock_phase ||
        workload->arrivals.kind == ARRIVE_POISSON)
        return NULL;
    return "connections begin at fixed times of a clock without a phase";
}

static const char *find_path(const Network *network,
                             const WorkloadConfig *workload, SynPath *path,
                             const TcpConfig **client, const TcpConfig **server)
{
    Node *node = network_node(network, workload->node);
    double rate = connection_rate(workload);
    Packet packet = {0};
    Way there = {.packet = &packet}, back = there;
    IpAddress target;
    Host *end;
    const char *why;

    if (node == NULL)
        return "several nodes connect";
    target = way_target(network, node, workload->to);
    *client = tcp_settings(node->host.tcp);
    segment_of(*client, *client, &packet);
    why = way_follow(network, &node->host, target, &there, &end);
    if (why != NULL)
        return why;
    if (end->tcp == NULL)
        return "there is no TCP at the other end";
    *server = tcp_settings(end->tcp);
    segment_of(*client, *server, &packet);
    why = way_follow(network, end, host_source_for(&node->host, target), &back,
                     &end);
    *path = (SynPath){there.delay, back.delay, there.arrives, back.arrives};
    /* A connection sends at most five small packets each way without loss. */
    if (why == NULL &&
        5 * rate * (double)MAX(there.slowest, back.slowest) > 0.01 * 1e9)
        why = "a line is busy for more than 1 % of the time, so packets queue";
    return why != NULL ? why : phases_are_uniform(*client, workload);
}

static SynTheory *theory_in(const Network *network,
                            const WorkloadConfig *workload, unsigned phases,
                            const char **why)
{
    const TcpConfig *client, *server;
    SynTheory *theory = NULL;
    SynPath path;

    *why = find_path(network, workload, &path, &client, &server);
    if (*why == NULL) {
        theory = syn_theory_new(client, server, &path, phases);
        *why = theory == NULL ? "no handshake can succeed" : NULL;
    }
    return theory;
}

SynTheory *syn_path_theory(const PlanPoint *point, unsigned phases, char **why)
{
    const char *reason = NULL;
    SynTheory *theory = NULL;

    if (point->workload_count != 1) {
        reason = "there is more than one workload";
    } else if (point->workloads[0].config.kind != WORKLOAD_CONNECT) {
        reason = "the workload is not of kind connect";
    } else {
        Network *network;
        Sim sim;

        sim_init(&sim, 0, 0);
        network = network_build(&sim, point->topology);
        theory =
            theory_in(network, &point->workloads[0].config, phases, &reason);
        network_free(network);
        sim_clear(&sim);
    }
    if (theory == NULL)
        *why = g_strdup(reason);
    return theory;
}
