/* har_internal.h - what a browser did, as har.c hears it: har_write() and
 * waterfall.c make files of it. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_HAR_INTERNAL_H
#define FIRSTBYTE_MODELS_OBSERVERS_HAR_INTERNAL_H

#include "har.h"

typedef struct HarEntry {
    uint64_t exchange;
    char *method, *url, *type;
    guint page; /* number of the visit, from 0 */
    int status;
    uint64_t bytes;
    SimTime begun, sent, first_byte, done; /* SIM_NEVER: did not happen */
    SimTime dns, connect;                  /* -1: none was needed */
} HarEntry;

/* A visit of a page. */
typedef struct HarVisit {
    char *url;
    SimTime started, parsed, complete; /* SIM_NEVER: did not happen */
} HarVisit;

struct Har {
    Observer observer;
    uint32_t node;        /* RECORD_NO_NODE: the first that is heard of */
    GPtrArray *entries;   /* of HarEntry *, in the order of their requests */
    GHashTable *connects; /* Tcb -> latency, until the first request on it */
    SimTime dns_from, dns_latency; /* the last look-up; -1: used or none */
    GArray *visits;                /* of HarVisit */
};

#endif
