/* equeue.h - the pending events of a simulation, in total order.
 *
 * Order: earlier time first; at equal times, the event scheduled first.  An
 * event is a field of what it wakes: putting one in allocates nothing, except a
 * table when delays of a new magnitude come up.
 *
 * Promises: equeue_put() and equeue_remove() take constant time; until it is
 * taken an event is moved at most once for each of EQUEUE_LEVELS, whatever the
 * delays are, and far ones are not touched while near ones come and go.  There
 * is nothing to tune, and so nothing that can be tuned wrongly.  How: equeue.c.
 */
#ifndef FIRSTBYTE_SIM_EQUEUE_H
#define FIRSTBYTE_SIM_EQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simtime.h"

typedef struct Event Event;
struct Sim;
typedef void EventFunc(struct Sim *sim, Event *event);

/* A ring of events and the slot they are in; the queue's own. */
typedef struct EventLink {
    struct EventLink *next, *prev;
} EventLink;

struct Event {
    EventLink place; /* the queue's own; next is NULL when not pending */
    SimTime at;      /* when it runs, while pending; >= 0 */
    uint64_t order;  /* of scheduling, 64 bits that never wrap: sim_run() holds
                        the queue to it at equal times */
    EventFunc *run;
};

enum {
    EQUEUE_BITS = 8, /* of the time that one level tells apart */
    EQUEUE_LEVELS = (64 + EQUEUE_BITS - 1) / EQUEUE_BITS,
};

typedef struct EventQueue {
    uint64_t base;   /* no pending event is earlier */
    uint64_t order;  /* of the next event scheduled */
    size_t len;      /* events pending */
    uint64_t moves;  /* events moved to a lower level so far; to be measured */
    uint32_t levels; /* bit L: level L may hold events */
    struct EventLevel *level[EQUEUE_LEVELS]; /* NULL until used; owned */
} EventQueue;

void equeue_init(EventQueue *queue);
/* The events themselves are their owners'; they are forgotten, not touched. */
void equeue_clear(EventQueue *queue);
static inline bool equeue_holds(const Event *event)
{
    return event->place.next != NULL;
}
/* Puts EVENT in at AT; one that is pending moves, and counts as scheduled now.
 */
void equeue_put(EventQueue *queue, Event *event, SimTime at);
/* The earliest event, left in; NULL when there is none. */
Event *equeue_first(EventQueue *queue);
/* The earliest event, taken out; NULL when there is none, or it is later than
 * UNTIL (then it stays). */
Event *equeue_take(EventQueue *queue, SimTime until);
/* How many are pending. */
static inline size_t equeue_len(const EventQueue *queue) { return queue->len; }

/* EVENT must be pending. */
static inline void equeue_remove(EventQueue *queue, Event *event)
{
    event->place.prev->next = event->place.next;
    event->place.next->prev = event->place.prev;
    event->place.next = NULL;
    queue->len--;
}

#endif
