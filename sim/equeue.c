/* equeue.c - a 4-ary heap of events that know their place; see equeue.h. */
#include "equeue.h"

#include <glib.h>

static bool before(const Event *a, const Event *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void settle(EventQueue *queue, size_t hole, Event *event)
{
    queue->heap[hole] = event;
    event->place = hole;
}

/* The children of i are 4i-2 .. 4i+1, its parent (i+2)/4. */
static void move_up(EventQueue *queue, size_t hole, Event *event)
{
    while (hole > 1) {
        size_t parent = (hole + 2) / 4;

        if (!before(event, queue->heap[parent]))
            break;
        settle(queue, hole, queue->heap[parent]);
        hole = parent;
    }
    settle(queue, hole, event);
}

static void move_down(EventQueue *queue, size_t hole, Event *event)
{
    for (;;) {
        size_t child = 4 * hole - 2, end = MIN(child + 4, queue->len + 1);
        size_t best = child;

        if (child > queue->len)
            break;
        while (++child < end)
            if (before(queue->heap[child], queue->heap[best]))
                best = child;
        if (!before(queue->heap[best], event))
            break;
        settle(queue, hole, queue->heap[best]);
        hole = best;
    }
    settle(queue, hole, event);
}

void equeue_init(EventQueue *queue) { *queue = (EventQueue){0}; }

void equeue_clear(EventQueue *queue)
{
    g_free(queue->heap);
    *queue = (EventQueue){0};
}

void equeue_put(EventQueue *queue, Event *event, SimTime at)
{
    if (event->place != 0)
        equeue_remove(queue, event);
    if (queue->len + 1 >= queue->cap) {
        queue->cap = MAX(queue->cap * 2, 64);
        queue->heap = g_renew(Event *, queue->heap, queue->cap);
    }
    event->at = at;
    event->order = queue->order++;
    move_up(queue, ++queue->len, event);
}

void equeue_remove(EventQueue *queue, Event *event)
{
    size_t hole = event->place;
    Event *last = queue->heap[queue->len--];

    event->place = 0;
    if (last == event)
        return;
    if (hole > 1 && before(last, queue->heap[(hole + 2) / 4]))
        move_up(queue, hole, last);
    else
        move_down(queue, hole, last);
}

Event *equeue_first(EventQueue *queue)
{
    return queue->len != 0 ? queue->heap[1] : NULL;
}

Event *equeue_take(EventQueue *queue, SimTime until)
{
    Event *first = equeue_first(queue);

    if (first == NULL || first->at > until)
        return NULL;
    equeue_remove(queue, first);
    return first;
}
