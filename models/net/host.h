/* host.h - the network layer of a node: interfaces, addresses, sending,
 * receiving and forwarding IP packets.
 *
 * Data goes down through host_send(), comes up through the three functions that
 * the node was wired with.  A router is a host that forwards.
 *
 * Who could not be reached is reported to TCP and UDP: by ICMP, or, where this
 * host itself could not send (no route, no answer to ARP, too big), at once.
 *
 * Not modelled: packets of a host to itself (dropped as without a route);
 * fragmentation and reassembly (RFC 791 s3.2: a packet above the
 * MTU is dropped and, with DF, reported), redirects, multicast. */
#ifndef FIRSTBYTE_MODELS_NET_HOST_H
#define FIRSTBYTE_MODELS_NET_HOST_H

#include "models/link/link.h"
#include "models/packet.h"
#include "route.h"

typedef struct Host Host;
typedef struct Interface Interface;
typedef struct Neighbor Neighbor; /* arp.h */

/* The neighbours of an interface, hashed by address; one chain, and no memory,
 * until there are several. */
typedef struct NeighborTable {
    union {
        Neighbor *one;   /* bits == 0 */
        Neighbor **many; /* 1 << bits chains */
    };
    uint32_t count;
    uint8_t bits;
} NeighborTable;

typedef enum ArpMode { ARP_DYNAMIC, ARP_STATIC } ArpMode;
typedef enum ArpTimers { ARP_TIMERS_WHEEL, ARP_TIMERS_EXACT } ArpTimers;

typedef struct ArpConfig {
    int mode;      /* ArpMode */
    int timers;    /* ArpTimers: the kernel's wheel (sim/wheel.h), or not */
    SimTime jiffy; /* of the wheel */
    SimTime retrans_time;        /* between requests: 1 s */
    uint32_t mcast_solicit;      /* broadcasts before giving up: 3 */
    uint32_t ucast_solicit;      /* unicast probes of a stale entry: 3 */
    SimTime base_reachable_time; /* an entry is good for 0.5 to 1.5 of this */
    SimTime delay_first_probe;   /* a stale entry in use is probed after: 5 s */
    SimTime gc_stale_time;  /* an unused entry may be forgotten after: 60 s */
    uint32_t gc_thresh1;    /* ... by a host that has this many: 128 */
    uint32_t queue_packets; /* waiting for one address; the oldest is dropped */
} ArpConfig;
extern const ConfigKey arp_keys[];

typedef struct IpConfig {
    uint32_t ttl;
    bool icmp_errors;       /* routers and hosts report what they drop */
    SimTime icmp_ratelimit; /* at most one error to a destination in this time;
                               0: no limit */
} IpConfig;
extern const ConfigKey ip_keys[];

struct Interface {
    Port port; /* frames come in here */
    Host *host;
    Link *out;
    IpAddress address;
    MacAddress mac;
    uint8_t prefix_len;         /* 0 to 128; 96 + n for an IPv4 /n */
    bool point_to_point;        /* a line to one other host, no switch */
    uint32_t index;             /* among the host's */
    uint32_t flow_serial;       /* FLOW_ARP / FLOW_ICMP packets sent so far */
    uint32_t network_index;     /* of the interface in its network */
    union {                     /* for static ARP: who is there */
        Interface *peer;        /* point to point: the other end */
        struct ArpPeers *peers; /* behind a switch; or NULL */
    };
    NeighborTable neighbors; /* arp.h */
};

/* What the upper layers are: functions given when the node is wired. */
typedef struct HostUpper {
    void (*tcp)(Host *host, Packet *packet /* taken */);
    void (*udp)(Host *host, Packet *packet /* taken */);
    /* An ICMP error for a packet that this host sent: QUOTED holds its headers
     * (IP, ports, sequence number), MTU the next hop's or 0. */
    void (*tcp_error)(Host *host, const Packet *quoted, uint8_t type,
                      uint8_t code, uint32_t mtu);
    void (*udp_error)(Host *host, const Packet *quoted, uint8_t type,
                      uint8_t code, uint32_t mtu);
    /* Where the host itself could not send a packet, these two are called as
     * for ICMP_UNREACHABLE with ICMP_NET_UNREACHABLE (no route),
     * ICMP_HOST_UNREACHABLE (no answer to ARP), ICMP_FRAGMENTATION_NEEDED. */
} HostUpper;

struct Host {
    Sim *sim;
    uint32_t node;      /* index, for records */
    uint32_t name_hash; /* FlowId.opener */
    Interface *interfaces;
    RouteTable routes;
    const IpConfig *ip;
    const ArpConfig *arp;
    const HostUpper *upper; /* NULL entries: the protocol is not there */
    void *tcp, *udp;        /* Tcp *, Udp * of transport/ */
    void *owner;            /* the Node */
    struct IcmpLimit
        *icmp_limit; /* icmp.c: who was sent an error when; or NULL */
    struct ArpCollector *arp_collector; /* arp_table.c; or NULL */
    uint64_t clock;                     /* what host_clock_phase() is made of */
    uint32_t flow_serial;               /* of flows that this host opened */
    uint32_t interface_count;
    uint32_t neighbor_count; /* of all interfaces */
    uint16_t identification; /* of the next IP packet */
    bool forwards;
};

/* Everything 0 but what is given: the caller sets `interfaces`,
 * `interface_count`, `upper`, `owner` and adds the routes. */
void host_init(Host *host, Sim *sim, uint32_t node, uint32_t name_hash,
               const IpConfig *ip, const ArpConfig *arp, bool forwards);
void host_clear(Host *host); /* neighbours, routes; not what the caller gave */
/* Interface number INDEX of HOST's; its line (OUT, PEER, ...) is the caller's
 * to set.  `port.receive` becomes host_receive(). */
void interface_init(Interface *interface, Host *host, uint32_t index,
                    IpAddress address, uint8_t prefix_len, MacAddress mac);

/* Sends PACKET, whose ip.source may be IP_NONE (the interface's is filled in):
 * ip.destination, protocol, DF, TOS, the transport header and the payload are
 * set; this fills in the rest of the IP header (TTL, identification) and the
 * Ethernet header, resolves, and sends.  Where that cannot be done at once (no
 * route, too big), tcp_error or udp_error is called before this returns. */
void host_send(Host *host, Packet *packet /* taken */);
/* The address this host would use to reach DESTINATION; IP_NONE: no route. */
IpAddress host_source_for(const Host *host, IpAddress destination);
/* The MTU of the way out to DESTINATION; 0: no route. */
uint32_t host_mtu_for(const Host *host, IpAddress destination);
bool host_has_address(const Host *host, IpAddress address);
/* How far HOST's jiffies were when the simulation began (sim/wheel.h): uniform,
 * drawn from the host's own stream, the same at each call. */
SimTime host_clock_phase(const Host *host, SimTime jiffy);

/* --- between the files of this room --------------------------------------- */

/* Port.receive of every interface of a host. */
void host_receive(Port *port, Packet *packet /* taken */);
/* Hands PACKET, its Ethernet header filled in, to INTERFACE's link. */
void interface_send(Interface *interface, Packet *packet /* taken */);
/* PACKET (not taken) could not be sent on: tells TCP or UDP when it is this
 * host's own, else its sender, by ICMP_UNREACHABLE with CODE. */
void host_undeliverable(Host *host, const Packet *packet, uint8_t code,
                        uint32_t mtu);
/* Tells TCP or UDP that PACKET, which this host sent, was not delivered. */
void host_report(Host *host, const Packet *packet, uint8_t type, uint8_t code,
                 uint32_t mtu);

/* --- icmp.c --------------------------------------------------------------- */

/* Reports to its sender that PACKET (not taken) could not go on, unless RFC
 * 1122 s3.2.2 forbids it, the rate limit does, or `icmp_errors` is off. */
void host_icmp_error(Host *host, const Packet *packet, uint8_t type,
                     uint8_t code, uint32_t mtu);
void icmp_receive(Host *host, Packet *packet /* taken */);

#endif
