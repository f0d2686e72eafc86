/* network.h - the nodes and links of one run, built from a topology. */
#ifndef FIRSTBYTE_MODELS_NODES_NETWORK_H
#define FIRSTBYTE_MODELS_NODES_NETWORK_H

#include "node.h"

struct Topology;

/* The nodes of one [node ...] group, which stand together. */
typedef struct NetworkGroup {
    const char *name;
    uint32_t first, count; /* in Network.nodes */
    bool numbered;         /* they are called NAME.1, NAME.2 ... */
} NetworkGroup;

typedef struct Network {
    Sim *sim;
    const struct Topology *topology; /* what it was built from; not owned */
    const NetworkGroup *groups;      /* the topology's */
    uint32_t group_count;
    Node *nodes;
    uint32_t node_count;
    Interface *interfaces; /* of all nodes, each node's together */
    uint32_t interface_count;
    Link *links; /* two for each line: 2 i is a -> b, 2 i + 1 is b -> a */
    uint32_t link_count;
    struct ArpPeers **segments; /* with static ARP, who is behind each switch */
    uint32_t segment_count;
    ClientConfig *clients; /* one a group, filled in where it has clients */
    /* The address by which node FROM (an index) reaches node TO. */
    IpAddress (*address_from)(const struct Topology *topology, uint32_t from,
                              uint32_t to);
} Network;

/* The node called NAME ("client.7"), or NULL. */
Node *network_node(const Network *network, const char *name);
/* The direction from node FROM to node TO, named like that, of the first line
 * between them; NULL when there is none. */
const Link *network_link(const Network *network, const char *from,
                         const char *to);
/* TEXT gets the name of node INDEX. */
enum { NODE_NAME_MAX = 96 };
const char *network_node_name(const Network *network, uint32_t index,
                              char text[NODE_NAME_MAX]);
/* Host names of the topology's nodes to addresses: "web" -> the address by
 * which FROM reaches it; FROM NULL: its first.  IP_NONE when there is no such
 * node, or it has no address. */
IpAddress network_address(const Network *network, const Node *from,
                          const char *name);
/* The same without a network: the index of the node called NAME among GROUPS,
 * or UINT32_MAX; the name of node INDEX. */
uint32_t network_group_find(const NetworkGroup *groups, uint32_t count,
                            const char *name);
const char *network_group_name(const NetworkGroup *groups, uint32_t count,
                               uint32_t index, char text[NODE_NAME_MAX]);

#endif
