/* workload.h - what users do: connections, fetches and pages, as they arrive.
 *
 * A workload starts items on a node, or on the members of a group in turn.
 * connect: a new TCP connection, closed as soon as it is established; fetch:
 * one URL with an empty cache; page: a URL in a browser, with all that it
 * refers to; send: so many bytes over a TCP connection, in lengths without
 * content, which an application of the workload's reads at the other end at
 * once: done when the last one was read.  Each item tells REC_WORK_STARTED and
 * REC_WORK_DONE, exactly one of each.  flood: a SYN from an address that does
 * not answer; datagram: a UDP datagram that is not answered; nobody waits for
 * these two, so they tell neither.
 *
 * What arrives is a session: one item, or several one after another with a time
 * to think between them, all of it on one node, whose browser's connections and
 * cache it uses.  With `users` there are so many people who do session after
 * session, and think before each.
 *
 * Arrivals come from the random stream (workload's name, "arrivals"), so that
 * no other draw moves them: two points of a sweep see the same arrivals; the
 * times to think of session N, or of user N, from a stream of their own.
 *
 * Not modelled: users who give up waiting, or have several pages open (those of
 * one node share its browser); a mix of pages by chance. */
#ifndef FIRSTBYTE_MODELS_NODES_WORKLOAD_H
#define FIRSTBYTE_MODELS_NODES_WORKLOAD_H

#include "arrival_trace.h"
#include "network.h"
#include "sim/rng.h"

typedef enum WorkloadKind {
    WORKLOAD_CONNECT,
    WORKLOAD_FETCH,
    WORKLOAD_PAGE,
    WORKLOAD_SEND,
    WORKLOAD_FLOOD,
    WORKLOAD_DATAGRAM
} WorkloadKind;

typedef enum DatagramSizes { SIZES_CONSTANT, SIZES_EXPONENTIAL } DatagramSizes;

typedef enum ArrivalKind {
    ARRIVE_ONCE,
    ARRIVE_EVERY,
    ARRIVE_POISSON,
    ARRIVE_USERS,
    ARRIVE_TRACE
} ArrivalKind;

typedef struct Arrivals {
    ArrivalKind kind;
    SimTime gap;      /* EVERY: between two; POISSON: on average; else 0 */
    uint32_t users;   /* USERS: how many, from 1 */
    const char *file; /* TRACE: as written, interned */
} Arrivals;

typedef struct Think {
    bool exponential;
    SimTime time; /* or its mean */
} Think;

typedef struct IpPrefix {
    IpAddress address; /* its first */
    uint8_t len;       /* 96 + n for an IPv4 /n */
} IpPrefix;

typedef struct WorkloadConfig {
    int kind;   /* WorkloadKind */
    char *node; /* who does it: a node, or a group of nodes */
    char *to;   /* connect, flood: NODE:PORT or ADDRESS:PORT; send, datagram:
                   NODE:PORT; else URLs */
    uint64_t bytes; /* send: of each item; datagram: with its headers */
    int sizes;      /* datagram: DatagramSizes */
    Arrivals arrivals;
    uint32_t count; /* sessions in all; 0: workload_sessions() knows */
    SimTime start;  /* ONCE: of all items; EVERY: of the first; POISSON: of the
                       first gap; USERS: of the first thinking; TRACE: 0 s of
                       the file */
    SimTime until;  /* no item begins then or later; 0: never mind */
    uint32_t pages; /* items of a session; 0: as many as `to` has URLs */
    Think think;    /* between two items; before each, with USERS */
    IpPrefix spoof; /* flood: where it says that it comes from */
    /* TRACE: the file's content, the caller's; no key. */
    const ArrivalTrace *trace;
} WorkloadConfig;

extern const ConfigKey workload_keys[];

/* Sessions that a run has when nothing stops it before; UINT32_MAX: there is no
 * end to them. */
uint32_t workload_sessions(const WorkloadConfig *config);

typedef struct Workload Workload;

/* What is wrong with a workload: at which key of its group, and in words. */
typedef struct WorkloadFault {
    const char *key; /* static */
    char *text;      /* g_free */
} WorkloadFault;

/* Checks CONFIG of [workload NAME] against the nodes of NETWORK.  NULL, with
 * the reason in *FAULT (which may be NULL), when it cannot run there.  NAME and
 * CONFIG stay the caller's. */
Workload *workload_new(Network *network, const char *name,
                       const WorkloadConfig *config, WorkloadFault *fault);
/* Schedules the first item. */
void workload_start(Workload *workload);
/* Whether random numbers have decided when or what. */
bool workload_drew(const Workload *workload);
/* Items not done are forgotten without an outcome.  Call it after
 * network_free(), which may still give some of them one. */
void workload_free(Workload *workload);

#endif
