/* node.h - a node: a host plus what it runs; or a switch. */
#ifndef FIRSTBYTE_MODELS_NODES_NODE_H
#define FIRSTBYTE_MODELS_NODES_NODE_H

#include "models/app/browser.h"
#include "models/link/switch.h"

typedef enum NodeKind {
    NODE_CLIENT,   /* TCP, UDP, stub, browser */
    NODE_RESOLVER, /* UDP, recursive resolver */
    NODE_ROUTER,   /* forwards */
    NODE_SERVER,   /* TCP, UDP; authoritative DNS and/or HTTP, as configured */
    NODE_SWITCH,   /* Ethernet, no address */
    NODE_KINDS
} NodeKind;

typedef struct Node {
    Host host; /* of a switch: only `sim` and `node` are used */
    uint8_t kind;         /* NodeKind */
    uint32_t group;       /* index of its [node ...] group in the topology */
    uint32_t member;      /* number in the group, from 1; 0: the group is one node */
    /* What runs on it; NULL where it does not. */
    DnsStub *stub;
    Browser *browser;
    DnsResolver *resolver;
    DnsAuthority *authority;
    HttpServer *http;
    Switch *ethernet_switch;
} Node;

#endif
