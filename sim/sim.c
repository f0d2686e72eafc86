/* sim.c - the loop, the records and the causes of a simulation; see sim.h. */
#include "sim.h"

#include <glib.h>
#include <string.h>

void sim_init(Sim *sim, uint64_t seed, uint32_t replication)
{
    memset(sim, 0, sizeof *sim);
    sim->seed = seed;
    sim->replication = replication;
    equeue_init(&sim->queue);
}

void sim_clear(Sim *sim)
{
    g_assert(equeue_len(&sim->queue) == 0);
    for (unsigned i = 0; i < SIM_SLABS; i++) {
        g_assert(sim->slabs[i].live == 0);
        slab_clear(&sim->slabs[i]);
    }
    equeue_clear(&sim->queue);
}

static void run_event(Sim *sim, Event *event)
{
    /* The total order, held to at every step. */
    g_assert(event->at > sim->now ||
             (event->at == sim->now && event->order >= sim->least_order));
    sim->now = event->at;
    sim->least_order = event->order + 1;
    sim->cause = 0;
    sim->events++;
    event->run(sim, event);
}

void sim_run(Sim *sim, SimTime until)
{
    Event *event;

    sim->stopped = false;
    while (!sim->stopped && (event = equeue_take(&sim->queue, until)) != NULL)
        run_event(sim, event);
    sim->cause = 0;
}

bool sim_step(Sim *sim)
{
    Event *event = equeue_take(&sim->queue, SIM_NEVER);

    if (event != NULL)
        run_event(sim, event);
    return event != NULL;
}

void sim_stop(Sim *sim) { sim->stopped = true; }

void sim_observe(Sim *sim, Observer *observer)
{
    Observer **last = &sim->observers;

    while (*last != NULL)
        last = &(*last)->next;
    observer->next = NULL;
    *last = observer;
    sim->wanted |= observer->wants;
}

void sim_unobserve(Sim *sim, Observer *observer)
{
    sim->wanted = 0;
    for (Observer **link = &sim->observers; *link != NULL;) {
        if (*link == observer) {
            *link = observer->next;
        } else {
            sim->wanted |= (*link)->wants;
            link = &(*link)->next;
        }
    }
}

void sim_tell(Sim *sim, Record *record)
{
    record->at = sim->now;
    record->cause = sim->cause;
    for (Observer *o = sim->observers; o != NULL; o = o->next)
        if (o->wants >> record->kind & 1)
            o->hear(o, record);
}

uint64_t sim_wake(Sim *sim, uint64_t parent, SimTime since, const char *what)
{
    uint64_t id = sim_new_id(sim);

    if (sim_wants(sim, REC_CAUSE)) {
        CauseTold told = {id, parent, since, what};
        Record record = {
            .kind = REC_CAUSE, .id = id, .node = RECORD_NO_NODE, .what = &told};

        sim->cause = parent;
        sim_tell(sim, &record);
    }
    sim->cause = id;
    return id;
}
