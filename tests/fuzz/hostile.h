/* hostile.h - one real host with TCP, and everybody around it hostile: peers
 * that obey nothing, a user who calls anything at any time, a network that
 * reports any error.
 *
 * What happens is read from a string of bytes, so that a fuzzer can grow it and
 * a finding is a file.  Segments have right checksums; their numbers are drawn
 * from around every edge that the connection has, their flags, windows, lengths
 * and options from what is usual and what is not, their option bytes sometimes
 * at random.  Any setting of [tcp] may be at the end of its range.
 *
 * Promises: after each step tcb_check_all() holds, and the host has kept to
 * what can be seen from outside: text is what was written, within the window
 * that the peer offered; the user reads what was sent, once, in order; states
 * move as RFC 9293 has it.  In the end users go away and peers are silent, and
 * every connection must end by itself; sim_clear() asserts that nothing is
 * left.  A broken promise is a failed assertion. */
#ifndef FIRSTBYTE_TESTS_FUZZ_HOSTILE_H
#define FIRSTBYTE_TESTS_FUZZ_HOSTILE_H

#include <stdio.h>

#include "models/transport/tcp.h"

enum {
    HOSTILE_PEERS = 4, /* pairs of ports */
    HOSTILE_USERS = 8, /* connections that users hold at once */
    HOSTILE_LOCAL_PORT = 80,
    HOSTILE_PEER_PORT = 40000, /* of peer 0 */
    HOSTILE_STEPS_MAX = 600,
};

/* What was tried, summed over runs. */
typedef struct HostileTally {
    uint64_t runs, steps, segments, sent, ended;
    /* Segments that arrived in each state, by the eight combinations of SYN,
     * RST and ACK. */
    uint64_t arrived[TCP_STATES][8];
    uint64_t moves[TCP_STATES][TCP_STATES];
} HostileTally;

/* Lets happen what the LEN bytes at BYTES say.  TALLY, STORY: or NULL; STORY is
 * told each step. */
void hostile_run(const uint8_t *bytes, size_t len, HostileTally *tally,
                 FILE *story);

/* --- between the two files ------------------------------------------------ */

typedef struct Hostile Hostile;

/* One pair of ports: what was seen of its latest connection. */
typedef struct HostilePeer {
    uint16_t port;
    uint8_t state;    /* TcpState, as told */
    uint32_t irs;     /* the peer's text byte 0 has the number irs + 1 */
    uint32_t iss;     /* of the last SYN seen */
    uint32_t written; /* bytes that our user wrote */
    uint32_t edge;    /* right edge of the widest window offered */
    bool has_edge;
    TcpHeader last; /* the last segment seen */
} HostilePeer;

typedef struct HostileUser {
    Hostile *hostile;
    HostilePeer *peer;
    Tcb *tcb; /* NULL: a free place */
    uint32_t read;
    uint8_t mood; /* what it does when it is called: bits of MOOD_* */
} HostileUser;

/* The bytes that decide. */
typedef struct Choices {
    const uint8_t *bytes;
    size_t left;
} Choices;

struct Hostile {
    Sim sim;
    IpConfig ip;
    ArpConfig arp;
    LinkConfig line;
    TcpConfig config;
    Host host;
    Interface interface, far_end;
    Port trap; /* at the peers' end */
    Link out;
    Tcp *tcp;
    TcpListener *listener;
    Observer observer;
    Choices choices;
    HostilePeer peers[HOSTILE_PEERS];
    HostileUser users[HOSTILE_USERS];
    bool calm; /* peers mostly go on with what there is: long connections */
    HostileTally *tally;
    FILE *story;
};

/* A number below BOUND (at most 2^32); 0 when no bytes are left. */
uint32_t choose(Hostile *hostile, uint64_t bound);
/* One step: a segment, an ICMP error, a user's call, or time. */
void hostile_step(Hostile *hostile);
/* Everything happens that is due until DELAY from now. */
void hostile_wait(Hostile *hostile, SimTime delay);
/* The connection of PEER, whole or parked, or NULL. */
const struct TcpConn *hostile_conn(const Hostile *hostile,
                                   const HostilePeer *peer);
/* Byte number N of any stream. */
static inline uint8_t hostile_byte(uint32_t n) { return (uint8_t)(n ^ n >> 8); }
/* LEN bytes of a stream from byte FIRST on. */
Slice hostile_text(uint32_t first, uint32_t len);
extern const TcpUser hostile_user;
HostileUser *hostile_free_user(Hostile *hostile, HostilePeer *peer);
void hostile_read(HostileUser *user);
void hostile_listen(Hostile *hostile);
IpAddress hostile_address(bool peer);
#define hostile_tell(hostile, ...)                                             \
    ((hostile)->story != NULL ? (void)fprintf((hostile)->story, __VA_ARGS__)   \
                              : (void)0)

enum {
    MOOD_READS = 1,
    MOOD_WRITES = 2,
    MOOD_SHUTS = 4,
    MOOD_CLOSES = 8, /* when it is called for the second time of a kind */
    MOOD_ABORTS = 16,
    MOODS = 32
};

#endif
