/* workload.c - a workload, and its sessions as they arrive; see workload.h. */
#include "workload_parts.h"

#include "models/transport/tcp.h"

/* --- arrivals ------------------------------------------------------------- */

/* When the next session begins, the last having begun at NOW. */
static SimTime next_at(Workload *workload, SimTime now)
{
    const WorkloadConfig *config = workload->config;
    const Arrivals *arrivals = &config->arrivals;

    switch (arrivals->kind) {
    case ARRIVE_ONCE:
    case ARRIVE_USERS:
        return now;
    case ARRIVE_EVERY:
        return now + arrivals->gap;
    case ARRIVE_POISSON:
        return now + stream_exponential(&workload->gaps, arrivals->gap);
    case ARRIVE_TRACE:
        return config->start + config->trace->lines[workload->begun].at;
    }
    g_assert_not_reached();
}

static void begin_session(Workload *workload)
{
    const WorkloadConfig *config = workload->config;
    uint32_t number = workload->begun++;
    Node *node = workload->nodes[number % workload->node_count];
    const Arrival *arrival = config->arrivals.kind == ARRIVE_TRACE
                                 ? &config->trace->lines[number]
                                 : NULL;

    if (config->kind == WORKLOAD_FLOOD)
        flood_send(workload, node);
    else if (config->kind == WORKLOAD_DATAGRAM)
        datagram_send(workload, number % workload->node_count);
    else if (workload->pages > 1 || config->arrivals.kind == ARRIVE_USERS)
        session_start(workload, number, arrival);
    else
        item_begin(workload, node, NULL, arrival, 0);
}

static void schedule(Workload *workload, SimTime at)
{
    SimTime until = workload->config->until;

    if (until == 0 || at < until)
        event_schedule_at(workload->sim, &workload->arrival, at);
}

static void arrival_runs(Sim *sim, Event *event)
{
    Workload *workload = sim_container_of(event, Workload, arrival);

    sim->cause = 0;
    begin_session(workload);
    if (workload->begun < workload->in_all)
        schedule(workload, next_at(workload, sim_now(sim)));
}

/* All the users sit down together, and think. */
static void users_start(Workload *workload)
{
    uint32_t users = MIN(workload->config->arrivals.users, workload->in_all);

    while (workload->begun < users)
        begin_session(workload);
}

void workload_start(Workload *workload)
{
    const WorkloadConfig *config = workload->config;

    switch (config->arrivals.kind) {
    case ARRIVE_USERS:
        users_start(workload);
        break;
    case ARRIVE_POISSON:
    case ARRIVE_TRACE:
        schedule(workload, next_at(workload, config->start));
        break;
    case ARRIVE_ONCE:
    case ARRIVE_EVERY:
        schedule(workload, config->start);
        break;
    }
}

/* --- a workload ----------------------------------------------------------- */

Workload *workload_new(Network *network, const char *name,
                       const WorkloadConfig *config, WorkloadFault *fault)
{
    Workload *workload = g_new0(Workload, 1);
    Sim *sim = network->sim;

    workload->sim = sim;
    workload->name = name;
    workload->config = config;
    workload->in_all = workload_sessions(config);
    event_init(&workload->arrival, arrival_runs);
    stream_init(&workload->gaps, sim, name, "arrivals");
    stream_init(&workload->spoofed, sim, name, "spoofed");
    stream_init(&workload->sizes, sim, name, "sizes");
    workload->thinking = stream_key(sim->seed, name, "thinking");
    if (workload_find(workload, network, fault))
        return workload;
    workload_free(workload);
    return NULL;
}

void workload_free(Workload *workload)
{
    while (workload->items != NULL)
        item_free(workload->items);
    while (workload->sessions != NULL)
        session_free(workload->sessions);
    event_cancel(workload->sim, &workload->arrival);
    g_strfreev(workload->urls);
    g_free(workload->sockets);
    g_free(workload->nodes);
    g_free(workload);
}

bool workload_drew(const Workload *workload)
{
    return workload->gaps.draw > 0 || workload->spoofed.draw > 0;
}
