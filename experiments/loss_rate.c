/* loss_rate.c - the formulas, and what they need to know of a point. */
#include "loss_rate.h"

#include <math.h>

#include "way.h"

/* --- the formulas --------------------------------------------------------- */

double loss_rate_padhye(const LossPath *path)
{
    double p = path->loss, b = path->per_ack;
    double round_trips = path->rtt * sqrt(2 * b * p / 3);
    double timeouts =
        path->timeout * fmin(1, 3 * sqrt(3 * b * p / 8)) * p * (1 + 32 * p * p);

    return fmin(path->window / path->rtt, 1 / (round_trips + timeouts));
}

double loss_rate_cubic(const LossPath *path)
{
    static const double C = 0.4, beta = 0.7;
    double p = path->loss;
    double cubic = pow(C * (3 + beta) / (4 * (1 - beta)), 0.25) *
                   pow(path->rtt, 0.75) / pow(p, 0.75);
    /* alpha_cubic = 3 (1 - beta) / (1 + beta) makes of the average window of
     * AIMD(alpha, beta) that of Reno. */
    double alpha = 3 * (1 - beta) / (1 + beta);
    double friendly = sqrt(alpha * (1 + beta) / (2 * (1 - beta) * p));

    return fmin(fmax(cubic, friendly), path->window) / path->rtt;
}

/* --- a point -------------------------------------------------------------- */

/* Bytes of user data in a segment, and of its headers. */
enum { HEADERS = 40, TIMESTAMPS = 12 };

static uint32_t segment_bytes(const TcpConfig *from, const TcpConfig *to,
                              uint32_t mtu)
{
    uint32_t mss = to->mss != 0 ? MIN(to->mss, mtu - HEADERS) : mtu - HEADERS;

    return mss - (from->timestamps && to->timestamps ? TIMESTAMPS : 0);
}

/* RFC 6298 with a variance that has died down, or Linux's rule. */
static double first_timeout(const TcpConfig *config, double rtt)
{
    double least = (double)config->rto_min / 1e9;

    return config->rto_rule == TCP_RTO_LINUX ? rtt + least : fmax(least, rtt);
}

static const char *formula_of(const TcpConfig *config, PlotTheory theory,
                              const LossPath *path, double *rate)
{
    TcpCongestion congestion = (TcpCongestion)config->congestion;

    switch (theory == THEORY_PADHYE ? TCP_CC_NEWRENO : congestion) {
    case TCP_CC_NEWRENO:
        *rate = loss_rate_padhye(path);
        return NULL;
    case TCP_CC_CUBIC:
        *rate = loss_rate_cubic(path);
        return NULL;
    case TCP_CC_BBR:
        break;
    }
    return "there is no formula for this congestion control";
}

/* Transfers of WORKLOAD one after another, each on its own. */
static bool one_at_a_time(const WorkloadConfig *workload)
{
    return workload_sessions(workload) == 1 && workload->pages <= 1 &&
           workload->arrivals.kind != ARRIVE_TRACE;
}

static const char *goodput_in(const Network *network,
                              const WorkloadConfig *workload, PlotTheory theory,
                              double *bits)
{
    Node *node = network_node(network, workload->node);
    Packet text = {.ethernet.type = ETHERTYPE_IPV4}, ack;
    Way there = {.packet = &text}, back = {.packet = &ack};
    const TcpConfig *from, *to;
    uint32_t bytes;
    IpAddress target;
    LossPath path;
    const char *why;
    double rate;
    Host *end;

    if (node == NULL)
        return "several nodes send";
    target = way_target(network, node, workload->to);
    if (!one_at_a_time(workload))
        return "there is more than one transfer";
    text.ip.protocol = IP_PROTOCOL_TCP;
    ack = text;
    from = tcp_settings(node->host.tcp);
    why = way_follow(network, &node->host, target, &there, &end);
    if (why != NULL)
        return why;
    to = tcp_settings(end->tcp);
    bytes = segment_bytes(from, to, there.mtu);
    text.payload.len = bytes;
    way_follow(network, &node->host, target, &there, &end);
    why = way_follow(network, end, host_source_for(&node->host, target), &back,
                     &end);
    if (why != NULL)
        return why;
    if (there.arrives == 1)
        return "nothing is lost";
    path.loss = 1 - there.arrives;
    path.rtt = (double)(there.delay + back.delay) / 1e9;
    path.timeout = first_timeout(from, path.rtt);
    path.window = (double)MIN(from->send_buffer, to->receive_buffer) / bytes;
    path.per_ack = 1; /* ours counts segments, not ACKs */
    why = formula_of(from, theory, &path, &rate);
    if (why == NULL && rate * (double)there.slowest > 0.5 * 1e9)
        why = "a line is half full, so packets queue";
    *bits = rate * bytes * 8;
    return why;
}

double loss_rate_goodput(const PlanPoint *point, PlotTheory theory, char **why)
{
    const char *reason;
    Network *network;
    double bits = NAN;
    Sim sim;

    sim_init(&sim, 0, 0);
    network = network_build(&sim, point->topology);
    if (point->workload_count != 1)
        reason = "there is more than one workload";
    else if (point->workloads[0].config.kind != WORKLOAD_SEND)
        reason = "the workload is not of kind send";
    else
        reason =
            goodput_in(network, &point->workloads[0].config, theory, &bits);
    network_free(network);
    sim_clear(&sim);
    if (reason == NULL)
        return bits;
    *why = g_strdup(reason);
    return NAN;
}
