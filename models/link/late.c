/* late.c - a heap of packets by when they are due; see late.h. */
#include "late.h"

void late_init(Late *late, EventFunc *run)
{
    *late = (Late){0};
    event_init(&late->event, run);
}

void late_clear(Late *late, Sim *sim)
{
    g_assert(late->count == 0);
    event_cancel(sim, &late->event);
    g_free(late->heap);
    late->heap = NULL;
}

static bool before(const Packet *a, const Packet *b)
{
    return a->at != b->at ? a->at < b->at : a->starts < b->starts;
}

/* PACKET's place is at I or above. */
static void rise(Late *late, uint32_t i, Packet *packet)
{
    while (i > 0 && before(packet, late->heap[(i - 1) / 2])) {
        late->heap[i] = late->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    late->heap[i] = packet;
}

/* PACKET's place is at the top or below. */
static void sink(Late *late, Packet *packet)
{
    uint32_t i = 0, child;

    while ((child = 2 * i + 1) < late->count) {
        if (child + 1 < late->count &&
            before(late->heap[child + 1], late->heap[child]))
            child++;
        if (!before(late->heap[child], packet))
            break;
        late->heap[i] = late->heap[child];
        i = child;
    }
    late->heap[i] = packet;
}

void late_put(Late *late, Sim *sim, Packet *packet /* taken */, SimTime delay,
              bool in_order)
{
    if (late->count == late->room) {
        late->room = MAX(2 * late->room, 16);
        late->heap = g_renew(Packet *, late->heap, late->room);
    }
    packet->at = sim_now(sim) + delay;
    if (in_order)
        packet->at = late->last = MAX(packet->at, late->last);
    packet->starts = late->order++;
    rise(late, late->count++, packet);
    event_schedule_at(sim, &late->event, late->heap[0]->at);
}

Packet *late_take(Late *late, Sim *sim)
{
    Packet *packet;

    if (late->count == 0)
        return NULL;
    packet = late->heap[0];
    if (--late->count > 0) {
        sink(late, late->heap[late->count]);
        event_schedule_at(sim, &late->event, late->heap[0]->at);
    }
    return packet;
}
