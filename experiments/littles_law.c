/* littles_law.c - rate times duration, summed over workloads. */
#include "littles_law.h"

#include <math.h>

/* How long TIME-WAIT lasts on average, ns. */
static double duration(const TcpConfig *config)
{
    SimTime jiffies = (config->time_wait + config->jiffy - 1) / config->jiffy;
    unsigned shift = 0;

    if (config->timers == TCP_TIMERS_EXACT)
        return (double)config->time_wait;
    while (jiffies >= (SimTime)63 << shift)
        shift += 3;
    return ((double)jiffies + (double)((SimTime)1 << shift) / 2) *
           (double)config->jiffy;
}

static const char *check_workload(const Plan *plan,
                                  const WorkloadConfig *config, double lasts)
{
    double from = (double)plan_from(plan), until = (double)plan_until(plan);
    double gap = (double)config->arrivals.gap, start = (double)config->start;
    /* A connection is opened and closed before TIME-WAIT begins, and the wheel
     * may be late by more than half a step: room for both. */
    double full = start + 1.1 * lasts;

    if (config->kind != WORKLOAD_CONNECT)
        return "a workload does more than connect";
    if (config->arrivals.gap == 0)
        return "a workload's connections do not come at a rate";
    if (config->pages > 1)
        return "a workload has sessions of several connections";
    if (config->until != 0 && config->until < until)
        return "measuring goes on after the last connection";
    if (from < full)
        return "measuring begins before TIME-WAIT is full";
    if (until > start + 0.9 * gap * (workload_sessions(config) - 1.0))
        return "measuring goes on after the last connection";
    return NULL;
}

static const char *add_workload(const Plan *plan, const Network *network,
                                const WorkloadConfig *config, double *mean)
{
    const Node *node = network_node(network, config->node);
    const char *why;
    double lasts;

    if (node == NULL)
        return "several nodes take turns";
    lasts = duration(tcp_settings(node->host.tcp));
    why = check_workload(plan, config, lasts);
    if (why == NULL)
        *mean += lasts / (double)config->arrivals.gap;
    return why;
}

static const char *check_lines(const Network *network)
{
    for (uint32_t i = 0; i < network->link_count; i++) {
        const LinkConfig *config = network->links[i].config;

        if (config->loss_threshold > 0 || config->noise.on ||
            config->burst.on || config->rule_count > 0)
            return "packets may be lost, and TIME-WAIT begins again";
        if (config->tarries)
            return "packets may come late or twice";
    }
    return NULL;
}

double littles_law_time_wait(const Plan *plan, const PlanPoint *point,
                             char **why)
{
    const char *reason;
    Network *network;
    double mean = 0;
    Sim sim;

    sim_init(&sim, 0, 0);
    network = network_build(&sim, point->topology);
    reason = check_lines(network);
    for (unsigned i = 0; reason == NULL && i < point->workload_count; i++)
        reason =
            add_workload(plan, network, &point->workloads[i].config, &mean);
    network_free(network);
    sim_clear(&sim);
    if (reason == NULL)
        return mean;
    *why = g_strdup(reason);
    return NAN;
}
