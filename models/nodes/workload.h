/* workload.h - what users do: connections, fetches and pages, as they arrive.
 *
 * A workload starts items on a node, or on the members of a group in turn.
 * connect: a new TCP connection, closed as soon as it is established; fetch:
 * one URL with an empty cache; page: a URL in a browser, with all that it
 * refers to; send: so many bytes over a TCP connection, in lengths without
 * content, which an application of the workload's reads at the other end at
 * once: done when the last one was read.  Each item tells REC_WORK_STARTED and
 * REC_WORK_DONE, exactly one of each.
 *
 * Arrivals come from the random stream (workload's name, "arrivals"), so that
 * no other draw moves them: two points of a sweep see the same arrivals. */
#ifndef FIRSTBYTE_MODELS_NODES_WORKLOAD_H
#define FIRSTBYTE_MODELS_NODES_WORKLOAD_H

#include "network.h"
#include "sim/rng.h"

typedef enum WorkloadKind {
    WORKLOAD_CONNECT,
    WORKLOAD_FETCH,
    WORKLOAD_PAGE,
    WORKLOAD_SEND
} WorkloadKind;

typedef enum ArrivalKind {
    ARRIVE_ONCE,
    ARRIVE_EVERY,
    ARRIVE_POISSON
} ArrivalKind;

typedef struct Arrivals {
    ArrivalKind kind;
    SimTime gap; /* EVERY: between two; POISSON: on average */
} Arrivals;

typedef struct WorkloadConfig {
    int kind;   /* WorkloadKind */
    char *node; /* who does it: a node, or a group of nodes */
    char *to;   /* connect: NODE:PORT or ADDRESS:PORT; send: NODE:PORT; else a
                   URL */
    uint64_t bytes; /* send: of each item */
    Arrivals arrivals;
    uint32_t count; /* items in all */
    SimTime start;  /* ONCE: of all items; EVERY: of the first; POISSON: of the
                       first gap */
} WorkloadConfig;

extern const ConfigKey workload_keys[];

typedef struct Workload Workload;

/* Checks CONFIG of [workload NAME] against the nodes of NETWORK.  NULL, with
 * the reason in *WHY (g_free), when it cannot run there.  NAME and CONFIG stay
 * the caller's. */
Workload *workload_new(Network *network, const char *name,
                       const WorkloadConfig *config, char **why);
/* Schedules the first item. */
void workload_start(Workload *workload);
/* Items not done are forgotten without an outcome.  Call it after
 * network_free(), which may still give some of them one. */
void workload_free(Workload *workload);

#endif
