/* workload_parts.h - what the files of a workload know of each other. */
#ifndef FIRSTBYTE_MODELS_NODES_WORKLOAD_PARTS_H
#define FIRSTBYTE_MODELS_NODES_WORKLOAD_PARTS_H

#include "workload.h"

/* Of an item of kind send. */
typedef struct SendItem {
    Tcb *from;         /* who sends, NULL: over */
    Tcb *to;           /* who reads, NULL: not yet, or over */
    uint64_t to_write; /* bytes that TCP has not taken yet */
    uint64_t to_read;  /* bytes that the other end has not read yet */
    SimTime opened;    /* ESTABLISHED at the sender */
    bool over;         /* it has had its outcome */
} SendItem;

typedef struct Item {
    struct Item *next, *previous; /* among those without an outcome */
    Workload *workload;
    SimTime begun;
    uint32_t number;
    uint32_t node; /* index, for records */
    SendItem send;
} Item;

struct Workload {
    Sim *sim;
    const char *name;
    const WorkloadConfig *config;
    Node **nodes; /* that take the items in turn */
    unsigned node_count;
    IpAddress address; /* connect */
    uint16_t port;
    Stream stream;
    Event arrival;
    uint32_t begun;
    Item *items;
};

void item_free(Item *item);
/* GOODPUT: bit/s, 0: none. */
void item_tell_done(const Item *item, bool failed, const char *why,
                    uint64_t goodput);

/* workload_send.c */
/* WORKLOAD's items will be read at NODE's port.  False with the reason in *WHY
 * (g_free). */
bool send_listen(Workload *workload, Node *node, char **why);
void send_begin(Item *item, Tcp *tcp);

#endif
