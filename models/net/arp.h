/* arp.h - who on the line has which MAC address (RFC 826), kept as Linux keeps
 * it: neighbour unreachability detection (RFC 4861 s7.3.2) applied to IPv4.
 *
 * INCOMPLETE: asked by broadcast; packets wait.  REACHABLE: answered not long
 * ago.  STALE: known, unused for a while.  DELAY: stale, but used again; if
 * nothing confirms it in time, PROBE: asked by unicast.  A request answered
 * tells both sides about each other.  A host that knows fewer than gc_thresh1
 * addresses forgets none; from there on those that were not used for
 * gc_stale_time go, at its next round, as in Linux's neigh_periodic_work().
 * With `mode = static` every address is known from the topology and none of
 * this takes place.
 *
 * Not modelled: gratuitous and proxy ARP, address conflict detection (RFC
 * 5227); confirmation by the transport's progress; Linux's gc_thresh2 and
 * gc_thresh3 (a table of more than 512 addresses is cleared sooner, one of 1024
 * takes no more). */
#ifndef FIRSTBYTE_MODELS_NET_ARP_H
#define FIRSTBYTE_MODELS_NET_ARP_H

#include "host.h"

typedef enum NeighborState {
    NEIGHBOR_INCOMPLETE,
    NEIGHBOR_REACHABLE,
    NEIGHBOR_STALE,
    NEIGHBOR_DELAY,
    NEIGHBOR_PROBE,
} NeighborState;

struct Neighbor {
    Event timer; /* the end of the state; STALE has none */
    IpAddress ip;
    uint64_t mac : 48;    /* MacAddress.value; unknown while INCOMPLETE */
    uint64_t state : 3;   /* NeighborState */
    uint64_t asked : 5;   /* requests sent in this state */
    uint64_t waiting : 8; /* packets in the queue */
    Neighbor *next;       /* in its chain */
    Interface *interface;
    Packet *last; /* of the waiting packets, a ring: last->next is the first */
    /* REACHABLE, STALE: when a packet was last sent to it.  Else: when the wait
     * that `timer` ends began. */
    SimTime since;
    uint64_t request; /* id of the last request sent, or 0 */
};

/* Sends PACKET to NEXT_HOP when its address is known, maybe after asking. */
void arp_send(Interface *interface, IpAddress next_hop,
              Packet *packet /* taken */);
void arp_receive(Interface *interface, Packet *packet /* taken */);
/* Forgets every neighbour and drops what waits. */
void arp_clear(Interface *interface);
/* The neighbour with address IP, NULL when it is not known. */
Neighbor *arp_find(const Interface *interface, IpAddress ip);

/* --- between the files of this room: arp_table.c -------------------------- */

/* A neighbour at IP that nothing is known of yet, INCOMPLETE; TIMER is what its
 * timer runs. */
Neighbor *neighbor_new(Interface *interface, IpAddress ip, EventFunc *timer);
void neighbor_free(Neighbor *neighbor); /* its queue is empty */
/* The host's rounds are over; with arp_clear() of each interface. */
void arp_collector_free(Host *host);

/* Static ARP behind a switch: the addresses of everybody on one segment. */
typedef struct ArpPeers ArpPeers;
ArpPeers *arp_peers_new(void);
void arp_peers_free(ArpPeers *peers);
void arp_peers_add(ArpPeers *peers, IpAddress ip, MacAddress mac);
/* MAC_NONE when nobody has IP. */
MacAddress arp_peers_find(const ArpPeers *peers, IpAddress ip);

#endif
