/* queueing_theory.c - whether a point is such a queue, and what it says. */
#include "queueing_theory.h"

#include <math.h>

#include "plan_select.h"
#include "way.h"

static const char *check_workload(const Plan *plan,
                                  const WorkloadConfig *config,
                                  PlotTheory theory)
{
    bool exponential = config->sizes == SIZES_EXPONENTIAL;

    if (config->kind != WORKLOAD_DATAGRAM)
        return "a workload does not send datagrams";
    if (config->arrivals.kind != ARRIVE_POISSON)
        return "datagrams do not come at random";
    if ((theory == THEORY_MD1 && exponential) ||
        (theory == THEORY_MM1 && !exponential))
        return "datagrams have other lengths than the theory";
    if (plan->run.kind != RUN_STEADY)
        return "the run is not steady";
    if (config->start != 0 || config->until != 0 || config->count != 0)
        return "datagrams do not come all the time";
    return NULL;
}

static const char *check_line(const LinkConfig *config, bool exponential)
{
    if (config->rate == 0)
        return "the line has no rate, so nothing waits";
    if (config->queue_packets != 0 || config->queue_bytes != 0)
        return "the queue has an end";
    if (exponential && config->overhead != OVERHEAD_IP)
        return "the frame's own bytes are not exponential; overhead = ip";
    return NULL;
}

static const char *check_source(const Node *from)
{
    if (from == NULL || from->host.interface_count != 1 ||
        !from->host.interfaces[0].point_to_point)
        return "datagrams do not all leave by the same line";
    return from->host.arp->mode != ARP_STATIC ? "ARP is not static" : NULL;
}

/* The line that the datagrams of CONFIG wait for; NULL, with *WHY, where they
 * cross several, or do not begin at one node. */
static const Link *find_line(const Network *network,
                             const WorkloadConfig *config, const char **why)
{
    const Node *from = network_node(network, config->node);
    IpAddress to = way_target(network, from, config->to);

    *why = check_source(from);
    if (*why != NULL)
        return NULL;
    if (!ip_equal(from->host.interfaces[0].peer->address, to)) {
        *why = "datagrams cross more than one line; there is one of METRIC(A "
               "-> B) alone";
        return NULL;
    }
    return from->host.interfaces[0].out;
}

/* Whether what comes out of a line is what went in, a fixed time later. */
static bool leaves_alone(const LinkConfig *config)
{
    return config->rate == 0 && !config->risky && !config->tarries &&
           config->rule_count == 0;
}

/* Whether the datagrams of CONFIG come to LINE, which is on their way, as they
 * were sent: NULL, or why not. */
static const char *check_way(const Network *network,
                             const WorkloadConfig *config, const Link *line)
{
    enum { HOPS_MAX = 64 };
    const Node *from = network_node(network, config->node);
    IpAddress to = way_target(network, from, config->to);
    const char *source = check_source(from), *why = NULL;
    const Host *host;

    if (source != NULL)
        return source;
    host = &from->host;
    for (int hops = 0; hops < HOPS_MAX && !host_has_address(host, to); hops++) {
        const Route *route = route_find(&host->routes, to);
        const Link *link;

        if (route == NULL)
            break;
        link = host->interfaces[route->interface].out;
        if (link == line)
            return why;
        if (!leaves_alone(link->config))
            why = "a line before it has a rate or loses packets, so they do "
                  "not come at random";
        if (network->nodes[link->to_node].kind == NODE_SWITCH)
            return "there is a switch on the path";
        host = &network->nodes[link->to_node].host;
    }
    return "datagrams do not cross that line";
}

/* The line that SELECTED, of which link.queue.delay is asked, names. */
static const Link *named_line(const Plan *plan, const Network *network,
                              const PlanMetric *selected,
                              const WorkloadConfig *config, const char **why)
{
    SelectTarget target;
    char *wrong;

    if (!select_find(selected->key, network, plan->workloads, &target, &wrong))
        g_assert_not_reached(); /* checked by plan_read() */
    *why = target.links[1] != NULL
               ? "both directions are taken together; A -> B is one"
               : check_way(network, config, target.links[0]);
    return target.links[0];
}

enum { HEADERS = IPV4_HEADER_LEN + UDP_HEADER_LEN };

/* The first two moments of a length X that is exponential of MEAN, but LEAST
 * where that is less and MOST where it is more: as P(X > x) = exp(-x / MEAN)
 * between the two, E X^n = LEAST^n + the integral of n x^(n-1) P(X > x). */
static void cut_moments(double mean, double least, double most, double *first,
                        double *second)
{
    double below = exp(-least / mean), above = exp(-most / mean);

    *first = least + mean * (below - above);
    *second = least * least +
              2 * mean * ((least + mean) * below - (most + mean) * above);
}

/* ns, by Pollaczek and Khinchine. */
static double wait(const LinkConfig *line, const WorkloadConfig *config,
                   const char **why)
{
    Packet packet = {.ethernet.type = ETHERTYPE_IPV4,
                     .ip.protocol = IP_PROTOCOL_UDP,
                     .payload.len = (uint32_t)config->bytes - HEADERS};
    double service =
        (double)simtime_of_bytes(link_counted_bytes(line, &packet), line->rate);
    double square = service * service, rho;

    if (config->sizes == SIZES_EXPONENTIAL) {
        double bytes = (double)config->bytes, ns = service / bytes;
        double first, second;

        cut_moments(bytes, HEADERS, line->mtu, &first, &second);
        service = first * ns;
        square = second * ns * ns;
    }
    rho = service / (double)config->arrivals.gap;
    if (rho < 1)
        return square / (double)config->arrivals.gap / (2 * (1 - rho));
    *why = "more comes than the line can carry: there is no steady state";
    return NAN;
}

double queueing_theory_wait(const Plan *plan, const PlanPoint *point,
                            MetricId metric, PlotTheory theory, char **why)
{
    const PlanMetric *selected = plan_metric_selected(plan, metric);
    const WorkloadConfig *config = &point->workloads[0].config;
    const char *reason = point->workload_count == 1
                             ? check_workload(plan, config, theory)
                             : "there are several workloads";
    const Link *line = NULL;
    double result = NAN;
    Network *network;
    Sim sim;

    sim_init(&sim, 0, 0);
    network = network_build(&sim, point->topology);
    if (reason == NULL)
        line = selected == NULL
                   ? find_line(network, config, &reason)
                   : named_line(plan, network, selected, config, &reason);
    if (reason == NULL)
        reason = check_line(line->config, config->sizes == SIZES_EXPONENTIAL);
    if (reason == NULL)
        result = wait(line->config, config, &reason);
    network_free(network);
    sim_clear(&sim);
    if (reason != NULL)
        *why = g_strdup(reason);
    return result;
}
