/* workload_session.c - a user who does one thing after another, and thinks
 * between them. */
#include "workload_parts.h"

static SimTime think(Session *session)
{
    const Think *config = &session->workload->config->think;

    return config->exponential
               ? stream_exponential(&session->thinking, config->time)
               : config->time;
}

/* The next item begins after thinking, in an event of its own: whoever told the
 * outcome of the last is in the middle of something. */
static void schedule(Session *session, SimTime after)
{
    Sim *sim = session->workload->sim;

    event_schedule_at(sim, &session->wakes, after + think(session));
}

static void wakes(Sim *sim, Event *event)
{
    Session *session = sim_container_of(event, Session, wakes);
    Workload *workload = session->workload;

    sim->cause = 0; /* a user's own will */
    if (!workload_is_open(workload)) {
        session_free(session);
        return;
    }
    item_begin(workload, session->node, session, session->arrival,
               session->page++);
}

void session_start(Workload *workload, uint32_t number, const Arrival *arrival)
{
    const WorkloadConfig *config = workload->config;
    Session *session = slab_alloc(
        sim_slab(workload->sim, SLAB_WORKLOAD_SESSION, sizeof *session));

    *session = (Session){.next = workload->sessions,
                         .workload = workload,
                         .node = workload->nodes[number % workload->node_count],
                         .arrival = arrival};
    if (session->next != NULL)
        session->next->previous = session;
    workload->sessions = session;
    event_init(&session->wakes, wakes);
    session->thinking = (Stream){
        .key = hash_bytes(workload->thinking,
                          &(uint32_t){GUINT32_TO_LE(number)}, sizeof number),
        .replication = workload->sim->replication};
    if (config->arrivals.kind == ARRIVE_USERS)
        schedule(session, config->start);
    else
        item_begin(workload, session->node, session, arrival, session->page++);
}

void session_goes_on(Session *session)
{
    Workload *workload = session->workload;

    if (session->page == workload->pages) {
        if (workload->config->arrivals.kind != ARRIVE_USERS ||
            workload->begun == workload->in_all) {
            session_free(session);
            return;
        }
        workload->begun++;
        session->page = 0;
    }
    schedule(session, sim_now(workload->sim));
}

void session_free(Session *session)
{
    Workload *workload = session->workload;

    event_cancel(workload->sim, &session->wakes);
    if (session->previous != NULL)
        session->previous->next = session->next;
    else
        workload->sessions = session->next;
    if (session->next != NULL)
        session->next->previous = session->previous;
    slab_free(sim_slab(workload->sim, SLAB_WORKLOAD_SESSION, sizeof *session),
              session);
}
