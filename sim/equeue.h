/* equeue.h - the pending events of a simulation, in total order.
 *
 * Order: (time, order of scheduling).  An event's `place` is this file's secret,
 * so that queues can be exchanged and measured. */
#ifndef FIRSTBYTE_SIM_EQUEUE_H
#define FIRSTBYTE_SIM_EQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simtime.h"

typedef struct Event Event;
struct Sim;
typedef void EventFunc(struct Sim *sim, Event *event);

struct Event {
    SimTime at;     /* when it runs, while pending */
    uint64_t order; /* order of scheduling, breaks ties; 64 bits never wrap */
    size_t place;   /* the queue's own; 0 when not pending */
    EventFunc *run;
};

typedef struct EventQueue {
    Event **heap; /* 4-ary, root at 1 */
    size_t len, cap;
    uint64_t order; /* of the next event scheduled */
} EventQueue;

void equeue_init(EventQueue *queue);
void equeue_clear(EventQueue *queue);
static inline bool equeue_holds(const Event *event) { return event->place != 0; }
/* Puts EVENT in at AT; one that is pending moves, and counts as scheduled now. */
void equeue_put(EventQueue *queue, Event *event, SimTime at);
/* EVENT must be pending. */
void equeue_remove(EventQueue *queue, Event *event);
/* The earliest event, left in; NULL when there is none. */
Event *equeue_first(EventQueue *queue);
/* The earliest event, taken out; NULL when there is none, or it is later than
 * UNTIL (then it stays). */
Event *equeue_take(EventQueue *queue, SimTime until);
/* How many are pending. */
static inline size_t equeue_len(const EventQueue *queue) { return queue->len; }

#endif
