/* stage.h - one real host with TCP, a user, and a peer that is a script.
 *
 * The host under test has one interface and static ARP.  Its peer is no host: a
 * port that catches what comes, and a function that puts a segment on the wire.
 * Both ways a packet goes through its bytes (packet_emit(), packet_parse()), so
 * checksums and options are real.  The line takes no time.
 *
 * Promises: stage_clear() ends everything and sim_clear() asserts that no
 * packet, connection or event is left. */
#ifndef FIRSTBYTE_TESTS_TCP_STAGE_H
#define FIRSTBYTE_TESTS_TCP_STAGE_H

#include "models/transport/tcp.h"

enum {
    STAGE_LOCAL_PORT = 80,
    STAGE_PEER_PORT = 40000,
};

/* A segment that the host under test has sent. */
typedef struct Caught {
    SimTime at;
    TcpHeader header;
    uint32_t len; /* bytes of text */
    uint8_t ecn;  /* of the IP header */
} Caught;

typedef struct Stage {
    Sim sim;
    IpConfig ip;
    ArpConfig arp;
    LinkConfig line;
    TcpConfig tcp_config; /* set before stage_raise() */
    Host host;
    Interface interface, peer;
    Port trap; /* at the peer's end */
    Link out;
    Tcp *tcp;
    TcpListener *listener;
    GQueue caught;    /* of Caught *, oldest first */
    uint8_t peer_ecn; /* of the IP header of what is injected */
    uint32_t iss;     /* sequence number of the last SYN caught */
    char *fault;      /* the first thing sent that no peer could understand */

    /* The user's view. */
    Tcb *tcb; /* NULL: none, or dead to the user */
    bool opened, accepted, gone;
    TcpEnd end;
    uint32_t written, read; /* bytes; number N of a stream is stage_byte(N) */

    /* The observer's view: the state that a record told last. */
    Observer observer;
    TcpState told_state;
    bool told;
} Stage;

/* Defaults of a TcpConfig, a line and so on; nothing runs yet. */
void stage_init(Stage *stage);
/* Chooses a profile's defaults, or sets one key as a user would.  False and
 * *WHY (g_free) when there is no such key or value. */
bool stage_set(Stage *stage, const char *key, const char *value, char **why);
/* Wires the host.  ISS is the one of every connection it opens. */
void stage_raise(Stage *stage, uint32_t iss);
void stage_clear(Stage *stage);

/* The peer sends HEADER (ports are filled in) with LEN bytes of its stream,
 * whose byte 0 has the sequence number FIRST. */
void stage_inject(Stage *stage, const TcpHeader *header, uint32_t len,
                  uint32_t first);
/* Everything happens that is due until DELAY from now. */
void stage_wait(Stage *stage, SimTime delay);

void stage_listen(Stage *stage);
bool stage_connect(Stage *stage);
/* The user writes LEN bytes and opens with the first of them. */
bool stage_connect_fast(Stage *stage, uint32_t len);
/* The user writes LEN bytes; how many the send buffer took. */
uint32_t stage_write(Stage *stage, uint32_t len, unsigned flags);
/* Reads all there is: how many bytes.  A wrong byte is a fault. */
uint32_t stage_read(Stage *stage);
/* Connections in any state but CLOSED and LISTEN. */
uint32_t stage_connections(const Stage *stage);

/* Byte number N of either side's stream: a pattern that no shift maps to itself
 * within 2^16. */
static inline uint8_t stage_byte(uint32_t n) { return (uint8_t)(n ^ n >> 8); }

#endif
