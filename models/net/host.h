/* host.h - the network layer of a node: interfaces, addresses, sending,
 * receiving and forwarding IP packets.
 *
 * Data goes down through host_send(), comes up through the three functions that
 * the node was wired with.  A router is a host that forwards.
 *
 * Not modelled: fragmentation and reassembly (RFC 791 s3.2: a packet above the
 * MTU is dropped and, with DF, reported), redirects, multicast. */
#ifndef FIRSTBYTE_MODELS_NET_HOST_H
#define FIRSTBYTE_MODELS_NET_HOST_H

#include "models/link/link.h"
#include "models/packet.h"
#include "route.h"

typedef struct Host Host;
typedef struct Interface Interface;
typedef struct Neighbor Neighbor; /* arp.h */

typedef struct ArpConfig {
    int mode;               /* ArpMode */
    SimTime retrans_time;   /* between requests: 1 s */
    uint32_t mcast_solicit; /* broadcasts before giving up: 3 */
    uint32_t ucast_solicit; /* unicast probes of a stale entry: 3 */
    SimTime base_reachable_time; /* an entry is good for 0.5 to 1.5 times this */
    SimTime delay_first_probe;   /* a stale entry in use is probed after: 5 s */
    SimTime gc_stale_time;       /* an unused entry is forgotten after: 60 s */
    uint32_t queue_packets; /* waiting for one address; the oldest is dropped */
} ArpConfig;
typedef enum ArpMode { ARP_DYNAMIC, ARP_STATIC } ArpMode;
extern const ConfigKey arp_keys[];

typedef struct IpConfig {
    uint32_t ttl;
    bool icmp_errors; /* routers and hosts report what they drop */
    SimTime icmp_ratelimit; /* at most one error to a destination in this time; 0: no limit */
} IpConfig;
extern const ConfigKey ip_keys[];

struct Interface {
    Port port;        /* frames come in here */
    Host *host;
    Link *out;
    IpAddress address;
    MacAddress mac;
    uint8_t prefix_len;     /* 0 to 128; 96 + n for an IPv4 /n */
    uint8_t index;          /* among the host's */
    bool point_to_point;    /* a line to one other host, no switch */
    uint32_t flow_serial;   /* FLOW_ARP / FLOW_ICMP packets sent so far */
    Interface *peer;        /* point to point: the other end (static ARP) */
    Neighbor *neighbors;    /* arp.h */
    struct ArpPeers *peers; /* static ARP behind a switch: who is there; or NULL */
    uint32_t network_index; /* of the interface in its network */
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
    /* Where the host itself could not send PACKET (no route, no answer to ARP),
     * these two are called as for ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE. */
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
    void *tcp, *udp;    /* Tcp *, Udp * of transport/ */
    void *owner;        /* the Node */
    uint32_t flow_serial;   /* of flows that this host opened */
    uint16_t identification; /* of the next IP packet without a flow's own */
    uint16_t interface_count;
    bool forwards;
};

void host_init(Host *host, Sim *sim, uint32_t node, uint32_t name_hash,
               const IpConfig *ip, const ArpConfig *arp, bool forwards);
void host_clear(Host *host); /* neighbours, routes; not what the caller gave */

/* Sends PACKET, whose ip.source may be IP_NONE (the interface's is filled in):
 * ip.destination, protocol, the transport header and the payload are set; this
 * fills in TTL, Ethernet addresses and the rest, resolves, and sends. */
void host_send(Host *host, Packet *packet /* taken */);
/* The address this host would use to reach DESTINATION; IP_NONE: no route. */
IpAddress host_source_for(Host *host, IpAddress destination);
/* The MTU of the way out to DESTINATION; 0: no route. */
uint32_t host_mtu_for(Host *host, IpAddress destination);
bool host_has_address(const Host *host, IpAddress address);
/* Port.receive of every interface of a host. */
void host_receive(Port *port, Packet *packet /* taken */);
/* Reports to its sender that PACKET (not taken) could not go on. */
void host_icmp_error(Host *host, const Packet *packet, uint8_t type,
                     uint8_t code, uint32_t mtu);

#endif
