/* workload_parts.h - what the files of a workload know of each other.
 *
 *   workload_config.c   the keys
 *   workload_check.c    who does it and where to, in a network
 *   workload.c          arrivals, and a workload from its beginning to its end
 *   workload_session.c  several items one after another
 *   workload_item.c     one item, from its beginning to its outcome
 *   workload_send.c     ... of kind send
 *   workload_flood.c    SYNs that nobody waits for
 *   workload_datagram.c datagrams likewise */
#ifndef FIRSTBYTE_MODELS_NODES_WORKLOAD_PARTS_H
#define FIRSTBYTE_MODELS_NODES_WORKLOAD_PARTS_H

#include "workload.h"

/* Of an item of kind send. */
typedef struct SendItem {
    Tcb *from;         /* who sends, NULL: over */
    Tcb *to;           /* who reads, NULL: not yet, or over */
    uint64_t bytes;    /* in all */
    uint64_t to_write; /* bytes that TCP has not taken yet */
    uint64_t to_read;  /* bytes that the other end has not read yet */
    SimTime opened;    /* ESTABLISHED at the sender */
    bool over;         /* it has had its outcome */
} SendItem;

/* One after another, of one arrival or one user. */
typedef struct Session {
    struct Session *next, *previous; /* among those that are not over */
    Workload *workload;
    Node *node;
    const Arrival *arrival; /* of a trace, or NULL */
    Event wakes;            /* the next item begins */
    Stream thinking;
    uint32_t page; /* items begun, of the present session */
} Session;

typedef struct Item {
    struct Item *next, *previous; /* among those without an outcome */
    Workload *workload;
    Session *session; /* that goes on when it is done; NULL: it is alone */
    SimTime begun;
    uint32_t number;
    uint32_t node; /* index, for records */
    SendItem send;
} Item;

struct Workload {
    Sim *sim;
    const char *name;
    const WorkloadConfig *config;
    Node **nodes; /* that take the sessions in turn */
    unsigned node_count;
    char **urls;       /* fetch, page: NULL-ended */
    IpAddress address; /* the others */
    uint16_t port;
    Stream gaps, spoofed; /* draws of arrivals; of what a flood makes up */
    StreamKey thinking;   /* from which each session's stream is made */
    Event arrival;
    uint32_t in_all;            /* sessions; UINT32_MAX: no end */
    uint32_t pages;             /* of each, at least 1 */
    uint32_t begun;             /* sessions */
    uint32_t items_begun;       /* flood: SYNs; datagram: those */
    struct UdpSocket **sockets; /* datagram: of each node, the node's own */
    Stream sizes;               /* ... draws of their lengths */
    Item *items;
    Session *sessions;
};

/* Whether items may still begin. */
static inline bool workload_is_open(const Workload *workload)
{
    SimTime until = workload->config->until;

    return until == 0 || sim_now(workload->sim) < until;
}

/* workload_check.c */
/* Finds the nodes and the target that CONFIG names; false with *FAULT. */
bool workload_find(Workload *workload, Network *network, WorkloadFault *fault);
/* Says that KEY is wrong, taking TEXT; always false. */
bool workload_fault(WorkloadFault *fault, const char *key, char *text);

/* workload_session.c */
/* A session of number NUMBER, with what the line of a trace says, or NULL,
 * begins: now, or with USERS after thinking. */
void session_start(Workload *workload, uint32_t number, const Arrival *arrival);
/* An item of SESSION has its outcome.  It calls nobody back. */
void session_goes_on(Session *session);
void session_free(Session *session);

/* workload_item.c */
/* An item begins on NODE, of SESSION or alone; PAGE: which one of its session,
 * from 0. */
void item_begin(Workload *workload, Node *node, Session *session,
                const Arrival *arrival, uint32_t page);
void item_free(Item *item);
/* GOODPUT: bit/s, 0: none.  Its session, if it has one, goes on. */
void item_tell_done(Item *item, bool failed, const char *why, uint64_t goodput);

/* workload_send.c */
/* WORKLOAD's items will be read at NODE's port.  False with *FAULT. */
bool send_listen(Workload *workload, Node *node, WorkloadFault *fault);
void send_begin(Item *item, Tcp *tcp, uint64_t bytes);

/* workload_flood.c */
bool flood_check(const Workload *workload, const Network *network,
                 WorkloadFault *fault);
/* NODE sends one SYN. */
void flood_send(Workload *workload, Node *node);

/* workload_datagram.c */
/* WORKLOAD's nodes have sockets, and its port at TO is read.  False with
 * *FAULT. */
bool datagram_open(Workload *workload, Node *to, WorkloadFault *fault);
/* Number NODE of WORKLOAD's nodes sends one. */
void datagram_send(Workload *workload, unsigned node);

#endif
