/* edge.h - a host of a simulation whose only line ends outside it, in bytes.
 *
 * What the host sends comes out as raw IP packets, each with its time; raw IP
 * packets may be given to it at any time.  Both ways go through the wire codec
 * (packet_emit(), packet_parse()).  The line takes no time and loses nothing:
 * whatever happens to a packet outside is the business of whoever is there, a
 * device, a test, another simulator.
 *
 * The clock is the simulation's, and moves when it is told to: edge_run_until()
 * and edge_step().  Deterministic: the same calls give the same packets at the
 * same times. */
#ifndef FIRSTBYTE_MODELS_SOCKETS_EDGE_H
#define FIRSTBYTE_MODELS_SOCKETS_EDGE_H

#include "models/transport/tcp.h"

typedef struct Edge Edge;

/* Hears of the LEN bytes of an IP packet that the host has sent at AT; BYTES is
 * valid during the call. */
typedef void EdgeSent(Edge *edge, const uint8_t *bytes, size_t len, SimTime at);

struct Edge {
    Sim *sim;
    Host host; /* with TCP: host.tcp */
    EdgeSent *sent;
    void *data; /* the caller's */

    /* Settings: may be changed between edge_init() and edge_raise(). */
    IpConfig ip;
    LinkConfig line; /* `mtu` matters; no delay, no rate, no loss */
    TcpConfig tcp;
    IpAddress address; /* IP_NONE: of the first packet that comes in */

    /* Inside. */
    ArpConfig arp;
    Interface interface, outside;
    Link out;
    Port tap;
    uint8_t *buffer; /* for one packet */
    bool raised;
};

/* A host with the defaults of PROFILE; nothing runs yet. */
void edge_init(Edge *edge, Sim *sim, TcpProfile profile, EdgeSent *sent,
               void *data);
/* Wires it. */
void edge_raise(Edge *edge);
/* Ends its connections without a word, and frees what it holds. */
void edge_clear(Edge *edge);
/* The address of the host from now on; for those that are opened later. */
void edge_set_address(Edge *edge, IpAddress address);

/* An IP packet of LEN bytes comes in now.  False, with the reason in *WHY
 * (static text) if WHY is not NULL, when it is none that this program knows: it
 * is then as if it had been damaged on the line. */
bool edge_receive(Edge *edge, const uint8_t *bytes, size_t len,
                  const char **why);

/* Everything happens that is due until UNTIL, and the clock is there; or it
 * stops where sim_stop() was called: false. */
bool edge_run_until(Edge *edge, SimTime until);
/* The earliest event happens, if it is not later than UNTIL: false then. */
bool edge_step(Edge *edge, SimTime until);

#endif
