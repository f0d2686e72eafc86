/* network.h - the nodes and links of one run, built from a topology. */
#ifndef FIRSTBYTE_MODELS_NODES_NETWORK_H
#define FIRSTBYTE_MODELS_NODES_NETWORK_H

#include "node.h"

struct Topology;

typedef struct Network {
    Sim *sim;
    const struct Topology *topology; /* what it was built from; not owned */
    Node *nodes;
    uint32_t node_count;
    Interface *interfaces; /* of all nodes, each node's together */
    uint32_t interface_count;
    Link *links; /* two for each line: 2 i is a -> b, 2 i + 1 is b -> a */
    uint32_t link_count;
} Network;

/* The node called NAME ("client.7"), or NULL. */
Node *network_node(const Network *network, const char *name);
/* TEXT gets the name of node INDEX. */
enum { NODE_NAME_MAX = 96 };
const char *network_node_name(const Network *network, uint32_t index,
                              char text[NODE_NAME_MAX]);
/* Host names of the topology's nodes to addresses: "web" -> its first address.
 * IP_NONE when there is no such node. */
IpAddress network_address(const Network *network, const char *name);

#endif
