/* timeline.h - follows a delay back to its causes.
 *
 * Listens to the ids that are given out and to the packets that are sent, and
 * keeps for each id its parent, its birth and what it was.  From any moment it
 * can then walk back to the user's key press; the walk's spans touch each
 * other, so they add up to the whole delay. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_TIMELINE_H
#define FIRSTBYTE_MODELS_OBSERVERS_TIMELINE_H

#include "models/nodes/network.h"

/* Where the time went. */
typedef enum SpanKind {
    SPAN_DNS,      /* queries and answers on their way, the resolver's work */
    SPAN_ARP,      /* packets that waited for an address */
    SPAN_CONNECT,  /* SYN, and the SYN-ACK or reset that answers it */
    SPAN_REQUEST,  /* segments with data from the side that opened */
    SPAN_WAITING,  /* the server thinks; a request waits for a connection */
    SPAN_TRANSFER, /* segments with data from the other side, and their ACKs */
    SPAN_TIMERS,   /* a time-out ran because something was lost or held back */
    SPAN_OTHER,    /* ICMP; nobody's: the user */
    SPAN_KINDS
} SpanKind;
extern const Word span_kinds[SPAN_KINDS];

typedef struct Span {
    SpanKind kind;
    SimTime from, to;
    uint64_t id;      /* of what ran during it */
    const char *what; /* "SYN", "rto": static text */
} Span;

typedef struct Timeline Timeline;

/* Begins to listen to NETWORK's records. */
Timeline *timeline_new(const Network *network);
void timeline_free(Timeline *timeline);
/* The spans that end at UNTIL with the id CAUSE, latest first, back to FROM: an
 * array of Span.  The caller frees it. */
GArray *timeline_walk(const Timeline *timeline, uint64_t cause, SimTime from,
                      SimTime until);
/* Adds the spans of WALK up by kind. */
void timeline_sum(const GArray *walk, SimTime sums[SPAN_KINDS]);

#endif
