/* way.h - what a packet meets on its way through a network, for those who work
 * out what must come of it instead of simulating it. */
#ifndef FIRSTBYTE_EXPERIMENTS_WAY_H
#define FIRSTBYTE_EXPERIMENTS_WAY_H

#include "models/nodes/network.h"

typedef struct Way {
    const Packet *packet; /* that is asked about; the caller's */
    SimTime delay;        /* of all lines, with the time to send it on each */
    SimTime slowest;      /* the longest time that it occupies a line */
    double arrives;       /* the chance that no line loses it */
    uint32_t mtu;         /* the least of all lines, bytes */
} Way;

/* Follows the routes from FROM to ADDRESS and fills WAY, of which `packet` is
 * given; *END gets the host there.  What bars a theory, or NULL: noise, losses
 * in bursts, scripted drops, jitter, detours, packets that come twice, ARP that
 * asks, a switch, no route. */
const char *way_follow(const Network *network, Host *from, IpAddress address,
                       Way *way, Host **end);
/* The address in "web:80", as FROM sees it. */
IpAddress way_target(const Network *network, const Node *from, const char *to);

#endif
