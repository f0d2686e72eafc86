/* pair.h - two hosts with TCP on one line, for tests: real hosts and links, and
 * between each link and its host a port that may drop, repeat or delay what
 * passes. */
#ifndef FIRSTBYTE_TESTS_PAIR_H
#define FIRSTBYTE_TESTS_PAIR_H

#include "models/transport/tcp.h"
#include "sim/rng.h"

enum { CLIENT, SERVER, SIDES };
enum { PAIR_PORT = 80 };

typedef struct Pair Pair;

/* What a user of one side does, and what became of it. */
typedef struct User {
    Pair *pair;
    Tcb *tcb;          /* NULL: not yet, or gone */
    uint32_t to_send;  /* bytes that it will write ... */
    uint32_t sent;     /* ... and has written */
    uint32_t received; /* bytes read, every one checked */
    bool synthetic;    /* writes lengths, no content */
    bool lazy;         /* does not read by itself */
    bool keep_open;    /* does not close when it has sent all and read all */
    bool close_first;  /* closes its side as soon as all is written */
    bool opened, accepted, gone, at_end;
    TcpEnd end;
} User;

/* A port in front of a host's own. */
typedef struct Mangler {
    Port port;
    Pair *pair;
    Port *to;
    double drop, repeat, delay; /* chances */
    SimTime longest;            /* of a delay */
    uint32_t drop_nth;          /* drops the packet with text of this number */
    uint32_t drop_flags;        /* drops the next packet with all these flags */
    uint32_t largest;           /* drops what is longer, bytes; 0: nothing */
    uint32_t packets, with_text; /* seen so far */
} Mangler;

struct Pair {
    Sim sim;
    Host hosts[SIDES];
    Interface interfaces[SIDES];
    LinkConfig line;
    Link links[SIDES]; /* [CLIENT] leads to the client */
    IpConfig ip;
    ArpConfig arp;
    TcpConfig config[SIDES];
    Tcp *tcp[SIDES];
    Mangler manglers[SIDES]; /* [CLIENT] stands before the client */
    User users[SIDES];
    TcpListener *listener;
    Stream chance;
    Observer observer;
    GString *moves; /* "c SYN-SENT, s SYN-RECEIVED, ..." */
    uint32_t segments, repeats;
    uint32_t why[16]; /* repeats by reason */
    uint32_t unnamed; /* repeats that did not say of which packet */
};

/* PROFILE on both sides; 10 ms each way, no loss, no limit of rate.  Settings
 * may be changed between pair_init() and pair_start(). */
void pair_init(Pair *pair, TcpProfile profile, uint64_t seed);
void pair_start(Pair *pair);
/* The server listens, the client connects. */
void pair_connect(Pair *pair);
/* The one; the other, with the client's text (tcp_connect_fast()). */
void pair_listen(Pair *pair);
void pair_connect_fast(Pair *pair);
/* Runs until nothing is pending, and asserts that no connection is left. */
void pair_finish(Pair *pair);
/* Asserts that these many octets have come to the other side, to their end. */
void pair_check_whole(const Pair *pair, uint32_t from_client,
                      uint32_t from_server);
/* Ends TCP, and asserts that nothing is left in memory. */
void pair_clear(Pair *pair);
IpAddress pair_address(unsigned side);
/* Reads all that SIDE's user has not read yet. */
void pair_read(Pair *pair, unsigned side);
extern const TcpUser pair_user;

#endif
