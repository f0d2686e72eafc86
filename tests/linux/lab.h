/* lab.h - two hosts with TCP and a line between them, as the kernel was
 * measured: a client (end 0) and a server (end 1), 10.1 ms one way.
 *
 * Before a packet reaches an end it passes that end's tap, which writes it down
 * and may lose it.  The measured hosts were two namespaces of one machine and
 * shared its jiffies: both ends have the same clock phase, another one in each
 * replication, unless `two_clocks` is set.
 *
 * Promises: lab_clear() ends everything; sim_clear() asserts that no packet,
 * connection or event is left. */
#ifndef FIRSTBYTE_TESTS_LINUX_LAB_H
#define FIRSTBYTE_TESTS_LINUX_LAB_H

#include "models/transport/tcp.h"

enum { LAB_PORT = 80, CLIENT = 0, SERVER = 1 };

/* A packet that came to a tap, lost there or not. */
typedef struct Crossing {
    SimTime sent, delivered;
    uint32_t len; /* bytes of text */
    uint16_t flags;
    uint16_t window;
    uint8_t from; /* CLIENT, SERVER */
    bool arp, lost;
} Crossing;

typedef struct Lab Lab;

typedef struct LabEnd {
    Lab *lab;
    Port tap; /* what comes to this end passes here */
    Host host;
    Interface interface;
    Link out;
    LinkConfig line; /* of `out`, with `own_line`; otherwise the lab's */
    bool own_line;
    TcpConfig config;
    Tcp *tcp;
    uint8_t number;

    /* Its user. */
    Tcb *tcb;       /* NULL: none, or dead to the user */
    bool deaf;      /* does not read */
    bool closes;    /* closes when the peer's FIN has come */
    uint32_t reply; /* bytes that answer whatever is read */
    bool opened, gone;
    SimTime opened_at, gone_at;
    TcpEnd how;

    SimTime closed_at; /* its last connection became CLOSED */
} LabEnd;

struct Lab {
    Sim sim;
    IpConfig ip;
    ArpConfig arp;
    LinkConfig line;
    LabEnd ends[2];
    TcpListener *listener;
    Observer observer;
    bool two_clocks; /* each end has a clock phase of its own */
    GArray *log;     /* of Crossing */
    /* Is PACKET, sent by FROM, lost?  NULL: nothing is. */
    bool (*loses)(Lab *lab, int from, const Packet *packet);
    bool keep_fin; /* `fin` gets a copy of the next FIN that the server sends */
    Packet *fin;
};

/* A lab in replication NUMBER with the profile `linux`; settings may be
 * changed until lab_raise(). */
void lab_init(Lab *lab, uint32_t number);
void lab_raise(Lab *lab);
void lab_clear(Lab *lab);

/* Everything happens that is due until DELAY from now. */
void lab_run(Lab *lab, SimTime delay);
/* Everything happens. */
void lab_run_out(Lab *lab);
/* The server listens, the client connects. */
void lab_connect(Lab *lab);
/* ... and COUNT requests of 100 bytes are answered, one after the other. */
void lab_exchange(Lab *lab, unsigned count);
void lab_write(Lab *lab, int end, uint32_t len);
/* Gives the kept FIN to the client once more. */
void lab_repeat_fin(Lab *lab);
void lab_forget_log(Lab *lab);
/* The packet number INDEX (negative: from the end) in the log that FROM sent
 * and that has one of FLAGS (0: any). */
const Crossing *lab_find(const Lab *lab, int from, uint16_t flags, int index);

/* For `loses`. */
bool lab_loses_all(Lab *lab, int from, const Packet *packet);
bool lab_loses_servers(Lab *lab, int from, const Packet *packet);
/* Whatever the client sends but its SYN. */
bool lab_loses_clients_acks(Lab *lab, int from, const Packet *packet);

#endif
