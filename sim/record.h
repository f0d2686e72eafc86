/* record.h - what happens in a run, told by models and heard by observers.
 *
 * Models tell, observers listen: a model states a fact where it happens and
 * never formats it.  A record that no observer wants costs one branch.  The
 * kinds are the models' own vocabulary (models/tell.h); this file knows only
 * that there are fewer than 64 of them and that kind 0 is REC_CAUSE. */
#ifndef FIRSTBYTE_SIM_RECORD_H
#define FIRSTBYTE_SIM_RECORD_H

#include "simtime.h"

typedef struct Observer Observer;
typedef struct Record Record;

enum {
    REC_CAUSE = 0, /* an id was given out; what: CauseTold */
    RECORD_KINDS_MAX = 64,
    RECORD_NO_NODE = UINT32_MAX,
};

struct Record {
    SimTime at;       /* when it happened */
    uint64_t cause;   /* id of what woke and did it; 0: the user */
    uint64_t id;      /* id of what the record is about (a packet), or 0 */
    uint64_t stable;  /* an identity of the same thing that does not depend on
                         the order of ids (flow and number); for fingerprints */
    uint32_t node;    /* index of the node where it happened */
    uint32_t len;     /* bytes, where the kind has a length */
    uint16_t kind;    /* of the models' vocabulary */
    uint16_t code;    /* reason, state... : meaning given by the kind */
    const void *what; /* the kind's own struct; valid during the call only */
};

/* REC_CAUSE: something that waited was given ID because of PARENT. */
typedef struct CauseTold {
    uint64_t id, parent;
    SimTime since;    /* when the waiting began */
    const char *what; /* "rto", "delayed ack", "arp reply": static text */
} CauseTold;

struct Observer {
    Observer *next;
    uint64_t wants; /* bit K: records of kind K */
    void (*hear)(Observer *observer, const Record *record);
};

#endif
