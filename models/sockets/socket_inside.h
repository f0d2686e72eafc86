/* socket_inside.h - the inside of a socket, for the files of this room. */
#ifndef FIRSTBYTE_MODELS_SOCKETS_SOCKET_INSIDE_H
#define FIRSTBYTE_MODELS_SOCKETS_SOCKET_INSIDE_H

#include <glib.h>

#include "sockets.h"

typedef enum SocketPhase {
    PHASE_FRESH, /* neither connected nor listening */
    PHASE_LISTENING,
    PHASE_DEFERRED,   /* connect() waits for text to send with the SYN */
    PHASE_CONNECTING, /* connect() is under way */
    PHASE_CONNECTED,  /* had a connection; it may be over: `tcb` is NULL */
} SocketPhase;

struct Socket {
    Socket *next; /* of the host's */
    Sockets *sockets;
    SocketPhase phase;
    SocketAddress local, remote;
    Tcb *tcb;              /* NULL: none, or dead to us */
    TcpListener *listener; /* LISTENING */
    GQueue waiting;        /* of Socket *: to be accepted */
    unsigned backlog;
    TcpConfig *settings; /* before there is a connection; owned, or NULL */
    GByteArray *left;    /* received and not read when it was over, or NULL */
    TcpInfo last;        /* of a connection that is over */
    int error;           /* SO_ERROR: a positive errno, or 0 */
    SimTime linger;      /* -1: off */
    SimTime receive_timeout, send_timeout; /* 0: none */
    uint64_t news; /* how often something has happened */
    uint64_t unsent_low_water;
    bool bound, reuse_address, nonblocking;
    bool told_open; /* connect() has returned 0 */
    bool shut_receiving, shut_sending;
    bool got_fin;           /* the peer will send no more */
    SimTime keepalive_idle; /* with `keepalive` */
    bool corked, keepalive;
    bool fast_open;         /* SOCKET_FAST_OPEN, under `fast_open_sends` */
    bool fast_open_connect; /* SOCKET_FAST_OPEN_CONNECT */
};

struct Sockets {
    Host *host;
    const SocketRules *rules;
    Socket *first;
    bool fast_open_refused; /* sockets_allow_fast_open() */
    Observer observer;      /* while a close() waits: of its state */
    unsigned closing;       /* how many do */
    Event look;             /* at pending calls, once this event is over */
    SocketCall *calls;      /* pending, in the order in which they began */
};

/* socket.c */
static inline Sim *socket_sim(const Socket *socket)
{
    return socket->sockets->host->sim;
}
static inline Tcp *socket_tcp(const Socket *socket)
{
    return socket->sockets->host->tcp;
}
extern const TcpUser socket_user; /* of every connection of a socket */
/* Bytes that may be read. */
uint32_t socket_unread(const Socket *socket);
/* TCB is SOCKET's connection from now on. */
void socket_take(Socket *socket, Tcb *tcb);
/* The error that is pending, negated, which is then no more; 0: none. */
int socket_take_error(Socket *socket);
/* Frees the memory of SOCKET. */
void socket_drop(Socket *socket);

/* Beside SocketFlag: the send waits, so that what does not go with the SYN may
 * be queued at once, to go with the handshake's last ACK. */
enum { SOCKET_QUEUE_ALL = 1 << 16 };

/* socket_open.c: connects to TO with the LEN bytes of TEXT (NULL: none).  How
 * many went with the SYN, or -EINPROGRESS. */
int64_t socket_open_fast(Socket *socket, SocketAddress to, const Slice *text);

/* socket_call.c: something has changed; pending calls are looked at. */
void socket_changed(Sockets *sockets);
void socket_calls_init(Sockets *sockets);

#endif
