/* sim.h - a simulation: the clock, the queue of pending events, the records and
 * the memory of one run.
 *
 * A Sim is a value: any number of them live side by side, each used by one
 * thread at a time.  An Event is a field of what it wakes, so scheduling
 * allocates nothing and cancelling is immediate.  Order: earlier time first; at
 * equal times, the event scheduled first.  This is the whole determinism
 * contract of the engine.  Knows no network. */
#ifndef FIRSTBYTE_SIM_SIM_H
#define FIRSTBYTE_SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>

#include "equeue.h"
#include "record.h"
#include "simtime.h"
#include "slab.h"

enum { SIM_SLABS = 32 };

typedef struct Sim Sim;

struct Sim {
    SimTime now;
    uint64_t wanted;  /* union of the observers' wants */
    uint64_t cause;   /* id of what woke and is running; 0: nobody's */
    uint64_t last_id; /* ids given out so far */
    EventQueue queue;
    Observer *observers; /* heard in the order in which they were added */
    uint64_t seed; /* with `replication`, what random streams start from */
    uint32_t replication; /* number of the run within its point, from 0 */
    bool stopped;
    uint64_t events;       /* run so far */
    uint64_t least_order;  /* of an event that may still run at `now` */
    Slab slabs[SIM_SLABS]; /* the models' objects; models/memory.h says which */
};

#define sim_container_of(pointer, type, member)                                \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* A Sim at time 0 in memory of the caller's; sim_clear() asserts that every
 * slab is empty again and releases what the Sim allocated. */
void sim_init(Sim *sim, uint64_t seed, uint32_t replication);
void sim_clear(Sim *sim);
/* Runs events until none is pending, sim_stop() was called, or the next is
 * later than UNTIL; then the clock is at the last event run (never moved to
 * UNTIL). */
void sim_run(Sim *sim, SimTime until);
/* Runs the earliest event; false when none is pending. */
bool sim_step(Sim *sim);
/* sim_run() returns after the event that calls this. */
void sim_stop(Sim *sim);

/* No event is pending: nothing will happen any more. */
static inline bool sim_is_over(const Sim *sim)
{
    return equeue_len(&sim->queue) == 0;
}

static inline SimTime sim_now(const Sim *sim) { return sim->now; }

static inline void event_init(Event *event, EventFunc *run)
{
    *event = (Event){.run = run};
}
static inline bool event_pending(const Event *event)
{
    return equeue_holds(event);
}
/* Schedules EVENT at AT (>= now); moves it if it is pending. */
static inline void event_schedule_at(Sim *sim, Event *event, SimTime at)
{
    equeue_put(&sim->queue, event, at);
}
/* The same, DELAY (>= 0) from now. */
static inline void event_schedule(Sim *sim, Event *event, SimTime delay)
{
    equeue_put(&sim->queue, event, sim->now + delay);
}
/* It will not run; no-op when not pending. */
static inline void event_cancel(Sim *sim, Event *event)
{
    if (equeue_holds(event))
        equeue_remove(&sim->queue, event);
}

/* --- records -------------------------------------------------------------- */

/* OBSERVER (the caller's memory) hears the kinds it wants from now on. */
void sim_observe(Sim *sim, Observer *observer);
/* It hears no more; to be called before its memory goes. */
void sim_unobserve(Sim *sim, Observer *observer);
static inline bool sim_wants(const Sim *sim, unsigned kind)
{
    return (sim->wanted >> kind & 1) != 0;
}
/* Hands RECORD, its `at` and `cause` filled in here, to those who want it. */
void sim_tell(Sim *sim, Record *record);

/* --- causes --------------------------------------------------------------- */

/* A fresh id, for something that begins to wait now (a packet). */
static inline uint64_t sim_new_id(Sim *sim) { return ++sim->last_id; }
/* What was left waiting at SINCE because of PARENT wakes now: it is given an
 * id, becomes the current cause, and REC_CAUSE is told.  WHAT is static text.
 * Deadlines and parked requests keep only (cause when armed, time when armed)
 * and call this when they fire: ids cost nothing where nothing fires. */
uint64_t sim_wake(Sim *sim, uint64_t parent, SimTime since, const char *what);

/* --- memory --------------------------------------------------------------- */

/* The slab number KIND of this simulation, for objects of SIZE bytes. */
static inline Slab *sim_slab(Sim *sim, unsigned kind, size_t size)
{
    Slab *slab = &sim->slabs[kind];

    if (slab->size == 0)
        slab_init(slab, size);
    return slab;
}

#endif
