/* heap.h - what hold.c needs of sim.h, over a plain 4-ary heap: the measure
 * that the engine's own queue is compared with.
 *
 * The heap is of records (time, order, event), so that sifting looks at no
 * event but writes each one's place, which cancelling and moving need. */
#ifndef FIRSTBYTE_TESTS_BENCH_HEAP_H
#define FIRSTBYTE_TESTS_BENCH_HEAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/simtime.h"

typedef struct Sim Sim;
typedef struct Event Event;
typedef void EventFunc(Sim *sim, Event *event);

struct Event {
    size_t place; /* index in the heap; 0 when not pending */
    EventFunc *run;
};

typedef struct HeapRecord {
    SimTime at;
    uint64_t order;
    Event *event;
} HeapRecord;

struct Sim {
    SimTime now;
    bool stopped;
    uint64_t order;
    size_t len, cap;
    HeapRecord *heap; /* root at 1; the children of i are 4i-2 .. 4i+1 */
};

static inline bool heap_before(const HeapRecord *a, const HeapRecord *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static inline void heap_set(Sim *sim, size_t hole, HeapRecord record)
{
    sim->heap[hole] = record;
    record.event->place = hole;
}

static inline void heap_up(Sim *sim, size_t hole, HeapRecord record)
{
    for (size_t parent; hole > 1; hole = parent) {
        parent = (hole + 2) / 4;
        if (!heap_before(&record, &sim->heap[parent]))
            break;
        heap_set(sim, hole, sim->heap[parent]);
    }
    heap_set(sim, hole, record);
}

static inline void heap_down(Sim *sim, size_t hole, HeapRecord record)
{
    for (size_t child; (child = 4 * hole - 2) <= sim->len;) {
        size_t best = child, end = child + 4;

        if (end > sim->len + 1)
            end = sim->len + 1;
        while (++child < end)
            if (heap_before(&sim->heap[child], &sim->heap[best]))
                best = child;
        if (!heap_before(&sim->heap[best], &record))
            break;
        heap_set(sim, hole, sim->heap[best]);
        hole = best;
    }
    heap_set(sim, hole, record);
}

static inline void event_cancel(Sim *sim, Event *event)
{
    size_t hole = event->place;
    HeapRecord last;

    if (hole == 0)
        return;
    last = sim->heap[sim->len--];
    event->place = 0;
    if (last.event == event)
        return;
    if (hole > 1 && heap_before(&last, &sim->heap[(hole + 2) / 4]))
        heap_up(sim, hole, last);
    else
        heap_down(sim, hole, last);
}

static inline void event_schedule(Sim *sim, Event *event, SimTime delay)
{
    HeapRecord record = {sim->now + delay, sim->order++, event};
    size_t hole = event->place;

    if (hole == 0) {
        if (sim->len + 1 >= sim->cap) {
            sim->cap = sim->cap != 0 ? 2 * sim->cap : 64;
            sim->heap = realloc(sim->heap, sim->cap * sizeof *sim->heap);
        }
        heap_up(sim, ++sim->len, record);
    } else if (hole > 1 && heap_before(&record, &sim->heap[(hole + 2) / 4])) {
        heap_up(sim, hole, record);
    } else {
        heap_down(sim, hole, record);
    }
}

static inline void event_init(Event *event, EventFunc *run)
{
    *event = (Event){.run = run};
}

static inline void sim_init(Sim *sim, uint64_t seed, uint32_t replication)
{
    (void)seed;
    (void)replication;
    *sim = (Sim){0};
}

static inline void sim_clear(Sim *sim) { free(sim->heap); }
static inline SimTime sim_now(const Sim *sim) { return sim->now; }
static inline void sim_stop(Sim *sim) { sim->stopped = true; }

static inline void sim_run(Sim *sim, SimTime until)
{
    sim->stopped = false;
    while (!sim->stopped && sim->len != 0 && sim->heap[1].at <= until) {
        Event *event = sim->heap[1].event;

        sim->now = sim->heap[1].at;
        event_cancel(sim, event);
        event->run(sim, event);
    }
}

#endif
