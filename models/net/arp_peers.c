/* arp_peers.c - the addresses of one segment, for static ARP; see arp.h.  Open
 * addressing, never more than half full. */
#include "arp.h"

typedef struct Peer {
    IpAddress ip; /* IP_NONE: the slot is free */
    MacAddress mac;
} Peer;

struct ArpPeers {
    Peer *slots;
    size_t count, mask;
};

static Peer *slot_of(const ArpPeers *peers, IpAddress ip)
{
    size_t at = (ip.lo ^ ip.hi) * 0x9e3779b97f4a7c15u >> 32 & peers->mask;

    while (!ip_is_none(peers->slots[at].ip) &&
           !ip_equal(peers->slots[at].ip, ip))
        at = (at + 1) & peers->mask;
    return &peers->slots[at];
}

ArpPeers *arp_peers_new(void)
{
    ArpPeers *peers = g_new0(ArpPeers, 1);

    peers->mask = 7;
    peers->slots = g_new0(Peer, peers->mask + 1);
    return peers;
}

void arp_peers_free(ArpPeers *peers)
{
    g_free(peers->slots);
    g_free(peers);
}

void arp_peers_add(ArpPeers *peers, IpAddress ip, MacAddress mac)
{
    if (2 * peers->count > peers->mask) {
        Peer *old = peers->slots;
        size_t len = peers->mask + 1;

        peers->mask = 2 * len - 1;
        peers->slots = g_new0(Peer, 2 * len);
        for (size_t i = 0; i < len; i++)
            if (!ip_is_none(old[i].ip))
                *slot_of(peers, old[i].ip) = old[i];
        g_free(old);
    }
    if (ip_is_none(slot_of(peers, ip)->ip))
        peers->count++;
    *slot_of(peers, ip) = (Peer){ip, mac};
}

MacAddress arp_peers_find(const ArpPeers *peers, IpAddress ip)
{
    return slot_of(peers, ip)->mac;
}
