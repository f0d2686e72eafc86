/* late.h - packets that arrive later than the line alone would have them, in
 * the order in which they are due: jitter, and the copies of packets that come
 * twice.
 *
 * What a line's FIFO has brought to the far end is kept here for as long as it
 * is late; a heap, so that packets may overtake each other at a cost that grows
 * with the logarithm of how many are late.  At equal times, the first put in is
 * the first out. */
#ifndef FIRSTBYTE_MODELS_LINK_LATE_H
#define FIRSTBYTE_MODELS_LINK_LATE_H

#include "models/packet.h"

typedef struct Late {
    Event event;    /* the first is due; its `run` is the link's */
    Packet **heap;  /* owned, by Packet.at and Packet.starts (order put in) */
    uint32_t count; /* packets in it */
    uint32_t room;
    SimTime last;  /* when the last one that keeps its place is due */
    SimTime order; /* packets put in so far */
} Late;

void late_init(Late *late, EventFunc *run);
/* PACKET is due DELAY from now; if IN_ORDER, not before the last one that was
 * put in so. */
void late_put(Late *late, Sim *sim, Packet *packet /* taken */, SimTime delay,
              bool in_order);
/* The first packet, which is the caller's now; NULL: there is none.  Sees to
 * the event. */
Packet *late_take(Late *late, Sim *sim);
/* Frees the memory; no packet may be left. */
void late_clear(Late *late, Sim *sim);

#endif
