/* app_net.h - a small network for tests of applications: hosts around a router,
 * each with UDP (and TCP, if it is wired for it), static ARP, and a line of its
 * own that can be cut. */
#ifndef FIRSTBYTE_TESTS_APP_NET_H
#define FIRSTBYTE_TESTS_APP_NET_H

#include "models/net/host.h"
#include "models/transport/tcp.h"
#include "models/transport/udp.h"

enum { APP_NET_HOSTS = 8 };

typedef struct AppNet {
    Sim sim;
    unsigned count;
    Host hosts[APP_NET_HOSTS], router;
    Interface leaves[APP_NET_HOSTS], ports[APP_NET_HOSTS];
    Link up[APP_NET_HOSTS], down[APP_NET_HOSTS];
    LinkConfig lines[APP_NET_HOSTS]; /* of host I, both directions */
    IpConfig ip;
    ArpConfig arp;
    TcpConfig tcp;
    GString *told; /* one line for each record that was watched */
    Observer observer;
} AppNet;

/* COUNT hosts with the addresses of ADDRESSES (dotted quads), each DELAY from
 * the router; UPPER is what the hosts are wired with. */
void app_net_init(AppNet *net, const char *const *addresses, unsigned count,
                  SimTime delay, const HostUpper *upper);
/* Frees the network; what ran on it is the caller's to free before.  Asserts
 * that nothing leaked. */
void app_net_clear(AppNet *net);
/* Packets to and from host INDEX are lost, or no more. */
void app_net_cut(AppNet *net, unsigned index, bool cut);
/* Notes the records of WANTS (bit K: kind K) in net->told, a line each:
 * "KIND node what". */
void app_net_watch(AppNet *net, uint64_t wants);

#endif
