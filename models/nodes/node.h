/* node.h - a node: a host plus what it runs; or a switch.
 *
 * A client's stub and browser are made when they are first used: a hundred
 * thousand idle clients cost no browser each. */
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

/* What the clients of one [node ...] group have in common. */
typedef struct ClientConfig {
    const DnsConfig *dns;
    const BrowserConfig *browser;
    IpAddress resolver; /* IP_NONE: only the hosts file knows names */
    DnsHosts *hosts;    /* the names of the topology's nodes, for a Node */
    const struct Network *network;
} ClientConfig;

typedef struct Node {
    Host host;       /* of a switch: only `sim` and `node` are used */
    uint8_t kind;    /* NodeKind */
    uint32_t group;  /* index of its [node ...] group in the topology */
    uint32_t member; /* number in the group, from 1; 0: the group is one node */
    const ClientConfig *client; /* of a client, else NULL; the network's */
    /* What runs on it, by its kind; NULL where it does not. */
    union {
        struct { /* NODE_CLIENT: through node_browser() */
            DnsStub *stub;
            Browser *browser;
        };
        DnsResolver *resolver; /* NODE_RESOLVER */
        struct {               /* NODE_SERVER */
            DnsAuthority *authority;
            HttpServer *http;
        };
        Switch *ethernet_switch; /* NODE_SWITCH */
    };
} Node;

/* The browser of NODE; NULL when NODE is not a client. */
Browser *node_browser(Node *node);
/* Ends what runs on NODE: every connection, without a word to anybody. */
void node_stop(Node *node);

#endif
