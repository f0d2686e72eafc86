/* sockets.h - the socket calls onto a host of the simulator.
 *
 * What POSIX says of socket(), bind(), listen(), accept(), connect(), send(),
 * recv(), shutdown(), close(), poll() and the options, for programs (a test, a
 * device, another simulator) that drive a host from outside.  Bytes are real.
 *
 * No call waits.  Each returns at once what POSIX has a non-blocking socket
 * return: the result, or a negated errno (-EAGAIN, -EINPROGRESS...).  A call
 * that may take time is a SocketCall: it is begun, goes on while the simulation
 * runs, and says when it is done.  How and when the simulation runs is the
 * driver's business (edge.h has one way).
 *
 * Where systems differ, SocketRules says what is done; one table for each.
 *
 * Ownership: a Socket is the caller's until socket_close(); its connection may
 * outlive it, as TCP has it.
 *
 * Not modelled: UDP; several listeners on one port, listening on one address of
 * several; SO_REUSEPORT; ancillary data; the error queue; signals. */
#ifndef FIRSTBYTE_MODELS_SOCKETS_SOCKETS_H
#define FIRSTBYTE_MODELS_SOCKETS_SOCKETS_H

#include <errno.h>

#include "models/transport/tcp.h"

typedef struct Sockets Sockets; /* of one host */
typedef struct Socket Socket;

typedef struct SocketAddress {
    IpAddress ip; /* IP_NONE: any */
    uint16_t port;
} SocketAddress;

/* What systems do not agree on. */
typedef struct SocketRules {
    /* SO_SNDBUF and SO_RCVBUF are kept doubled, and read so: half is for the
     * bookkeeping (Linux socket(7)). */
    bool doubles_buffers;
    /* A reset after the peer's FIN is EPIPE, not ECONNRESET (Linux
     * tcp_reset()). */
    bool epipe_after_fin;
    /* The backlog also limits the half-open connections (Linux). */
    bool backlog_of_half_open;
    /* SOCKET_FAST_OPEN on a fresh socket has a send with an address open the
     * connection, and take all of the text at once (FreeBSD); otherwise it is a
     * listener's (Linux). */
    bool fast_open_sends;
    /* Whatever was not reachable, a connection that could not be opened was
     * refused (FreeBSD tcp_ctlinput()). */
    bool unreachable_is_refused;
} SocketRules;
extern const SocketRules socket_rules_linux, socket_rules_bsd;

/* The sockets of HOST, which has TCP; there is one such table for a host. */
Sockets *sockets_new(Host *host, const SocketRules *rules);
/* Closes what is open, without a word to anybody, and ends pending calls. */
void sockets_free(Sockets *sockets);

/* --- the calls ------------------------------------------------------------ */

Socket *socket_new(Sockets *sockets);
/* Port 0: an ephemeral one.  EADDRINUSE, EADDRNOTAVAIL, EINVAL (bound). */
int socket_bind(Socket *socket, SocketAddress address);
/* At most BACKLOG + 1 connections wait to be accepted, as Linux counts. */
int socket_listen(Socket *socket, unsigned backlog);
/* *ACCEPTED is the caller's; *PEER its peer, though it may be over already.
 * EAGAIN, EINVAL (not listening). */
int socket_accept(Socket *socket, Socket **accepted, SocketAddress *peer);
/* EINPROGRESS when it has begun; then EALREADY until it is open, which the
 * first call after that tells with 0 and every later one with EISCONN. */
int socket_connect(Socket *socket, SocketAddress to);

typedef enum SocketFlag { /* of send and receive: MSG_* */
                          SOCKET_PEEK = 1,
                          SOCKET_DONTWAIT = 2,
                          SOCKET_WAITALL = 4,
                          SOCKET_MORE = 8,
                          SOCKET_EOR = 16,
                          SOCKET_FASTOPEN = 32,
} SocketFlag;

/* How many bytes were taken, EAGAIN when none.  With SOCKET_FASTOPEN it
 * connects to TO, with what text there is room for in the SYN: how much that
 * was, or EINPROGRESS when it has to wait for the handshake; EOPNOTSUPP where
 * TCP does no Fast Open. */
int64_t socket_send(Socket *socket, const void *bytes, size_t len, int flags,
                    const SocketAddress *to);
/* How many bytes there were; 0 at the end of the stream. */
int64_t socket_receive(Socket *socket, void *bytes, size_t len, int flags);

typedef enum SocketShutdown {
    SOCKET_SHUT_RECEIVING,
    SOCKET_SHUT_SENDING,
    SOCKET_SHUT_BOTH
} SocketShutdown;
int socket_shutdown(Socket *socket, SocketShutdown how);
/* SOCKET (taken) is its user's no more.  What was sent goes on to its end,
 * unless `linger` is 0 s: then the connection is reset. */
void socket_close(Socket *socket /* taken */);

typedef enum SocketEvent { /* poll(): the bits of POLL* */
                           SOCKET_IN = 1,
                           SOCKET_PRI = 2,
                           SOCKET_OUT = 4,
                           SOCKET_ERR = 8,
                           SOCKET_HUP = 16,
                           SOCKET_RDHUP = 32,
} SocketEvent;
/* What is true of SOCKET now: bits of SocketEvent. */
unsigned socket_events(const Socket *socket);

/* How often something has happened to SOCKET that could change them: for
 * edge-triggered waiting. */
uint64_t socket_news(const Socket *socket);

/* ENOTCONN for the peer's of a socket without one. */
int socket_name(const Socket *socket, SocketAddress *name);
int socket_peer(const Socket *socket, SocketAddress *name);
/* Whether it was made non-blocking, for those who ask: SocketCall does. */
void socket_set_nonblocking(Socket *socket, bool nonblocking);
bool socket_nonblocking(const Socket *socket);

/* --- options -------------------------------------------------------------- */

/* Times are in nanoseconds, sizes in bytes, yes and no 1 and 0. */
typedef enum SocketOption {
    SOCKET_REUSE_ADDRESS,
    SOCKET_SEND_BUFFER,
    SOCKET_RECEIVE_BUFFER,
    SOCKET_ERROR, /* reading it takes it away; read only, a positive errno */
    SOCKET_KEEPALIVE,
    SOCKET_LINGER, /* -1: off */
    SOCKET_RECEIVE_TIMEOUT,
    SOCKET_SEND_TIMEOUT, /* 0: none */
    SOCKET_NODELAY,
    SOCKET_MAXSEG,
    SOCKET_CORK,
    SOCKET_NOTSENT_LOW_WATER, /* 0: none */
    SOCKET_TOS,
    SOCKET_PATH_MTU_DISCOVERY,
    SOCKET_KEEPALIVE_IDLE,
    SOCKET_KEEPALIVE_INTERVAL,
    SOCKET_KEEPALIVE_COUNT,
    SOCKET_SYN_COUNT,
    SOCKET_USER_TIMEOUT, /* 0: none */
    SOCKET_FAST_OPEN, /* of a listener: most that wait for the handshake's end;
                         see also SocketRules */
    SOCKET_FAST_OPEN_CONNECT, /* connect() leaves the SYN to the first send,
                                 where that may have text */
    SOCKET_FIN_TIMEOUT,       /* TCP_LINGER2 */
    SOCKET_UNREAD,            /* bytes (SIOCINQ); read only */
    SOCKET_UNACKED,           /* bytes (SIOCOUTQ); read only */
    SOCKET_UNSENT,            /* bytes (SIOCOUTQNSD); read only */
    SOCKET_LISTENING,         /* SO_ACCEPTCONN; read only */
    SOCKET_OPTIONS
} SocketOption;

/* EINVAL when VALUE is out of range, ENOPROTOOPT for one that cannot be set. */
int socket_set(Socket *socket, SocketOption option, int64_t value);
int socket_get(Socket *socket, SocketOption option, int64_t *value);
/* What makes the cookies of a listener's Fast Open: one key of 16 bytes, or
 * two, the second of which only reads.  EINVAL otherwise. */
int socket_set_fast_open_key(Socket *socket, const uint8_t *key, size_t len);
/* Whether SOCKET_FAST_OPEN turns it on for a listener; otherwise only the key
 * fast_open_server does.  At first: yes. */
void sockets_allow_fast_open(Sockets *sockets, bool allow);
/* What TCP knows of the connection; when it is over, what it knew at the end.
 * A socket that has never had one is in CLOSED, or in LISTEN. */
void socket_info(const Socket *socket, TcpInfo *info);
/* Settings of SOCKET's alone; for what has no option here. */
TcpConfig *socket_settings(Socket *socket);

/* --- calls that take time ------------------------------------------------- */

typedef enum SocketCallKind {
    SOCKET_CALL_ACCEPT,
    SOCKET_CALL_CONNECT,
    SOCKET_CALL_SEND,
    SOCKET_CALL_RECEIVE,
    SOCKET_CALL_POLL,
    SOCKET_CALL_CLOSE, /* lingers, when `linger` says so */
} SocketCallKind;

/* One of poll()'s. */
typedef struct SocketPoll {
    Socket *socket; /* NULL: ignored */
    unsigned wanted, found;
} SocketPoll;

/* A call under way.  The caller's memory, which stays where it is until `done`
 * was called; fill in what the kind needs, the rest zero. */
typedef struct SocketCall SocketCall;
struct SocketCall {
    SocketCallKind kind;
    Socket *socket;
    SocketAddress address; /* connect, opening send; accept: of the peer */
    void *bytes;           /* receive */
    const void *text;      /* send */
    size_t len;
    int flags;         /* SocketFlag */
    SocketPoll *polls; /* poll */
    unsigned poll_count;
    SimTime timeout; /* poll; SIM_NEVER: none, 0: at once */
    bool changes;    /* poll: what is true already does not end it, only news */
    /* It is over; RESULT as of the plain call.  Not called when
     * socket_call_begin() says that it was over at once.  NULL: not told. */
    void (*done)(SocketCall *call);
    void *data; /* the caller's */

    int64_t result;
    Socket *accepted; /* accept: the caller's */
    bool pending;

    /* Inside. */
    SocketCall *next;
    Sockets *sockets;
    size_t moved;  /* bytes so far */
    uint64_t news; /* poll: of all its sockets, when it began */
    Event timer;
};

/* Begins CALL.  True: it is over, at once, and `result` is there.  False: it is
 * pending, and goes on while the simulation runs. */
bool socket_call_begin(SocketCall *call, Sockets *sockets);
/* Whether CALL, pending, will end by itself: when; SIM_NEVER: not. */
SimTime socket_call_ends(const SocketCall *call);
/* Gives CALL up, without calling `done`; no-op when it is not pending. */
void socket_call_cancel(SocketCall *call);

#endif
