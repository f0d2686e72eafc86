/* tcp.h - TCP (RFC 9293) as its users see it: connections of a host.
 *
 * A user is a const struct of functions and a pointer.  It is called when
 * something has happened, from inside the event that caused it, and may call
 * anything here, closing included.  After `gone` was called, or after the user
 * called tcp_close() or tcp_abort(), its Tcb pointer is dead to it.
 *
 * Not modelled: see the list at the end of tcp_inside.h. */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_H

#include "models/net/host.h"
#include "tcp_config.h"

typedef struct Tcp Tcp; /* TCP of one host: connections, listeners, ports */
typedef struct Tcb Tcb; /* one connection, RFC 9293 s3.3.1 */
typedef struct TcpListener TcpListener;

typedef enum TcpState { /* RFC 9293 s3.3.2 */
                        TCP_CLOSED,
                        TCP_LISTEN,
                        TCP_SYN_SENT,
                        TCP_SYN_RECEIVED,
                        TCP_ESTABLISHED,
                        TCP_FIN_WAIT_1,
                        TCP_FIN_WAIT_2,
                        TCP_CLOSE_WAIT,
                        TCP_CLOSING,
                        TCP_LAST_ACK,
                        TCP_TIME_WAIT,
                        TCP_STATES
} TcpState;

/* How a connection ended. */
typedef enum TcpEnd {
    TCP_END_CLOSED,  /* both sides closed in order */
    TCP_END_REFUSED, /* a reset answered our SYN */
    TCP_END_RESET,
    TCP_END_TIMED_OUT,   /* too many retransmissions */
    TCP_END_UNREACHABLE, /* no route, no ARP answer, ICMP */
    TCP_END_ABORTED,     /* by our own user */
    TCP_END_NO_PORT,     /* no local port left */
    TCP_ENDS
} TcpEnd;

/* How the sender thinks of the network, by Linux's names
 * (include/uapi/linux/tcp.h). */
typedef enum TcpSender {
    TCP_SENDER_OPEN,
    TCP_SENDER_DISORDER, /* something arrived out of order */
    TCP_SENDER_CWR,      /* the window is being reduced without a loss */
    TCP_SENDER_RECOVERY, /* fast recovery */
    TCP_SENDER_LOSS      /* after a retransmission time-out */
} TcpSender;

typedef struct TcpUser {
    /* connect() has succeeded (opener only). */
    void (*opened)(Tcb *tcb, void *user);
    /* Data or the end of the stream may be read: tcp_read(). */
    void (*readable)(Tcb *tcb, void *user);
    /* The send buffer has room again after tcp_write() took less than asked. */
    void (*writable)(Tcb *tcb, void *user);
    /* The connection is over for its user, who may not use TCB after this; but
     * within, to read what has come, and to ask. */
    void (*gone)(Tcb *tcb, void *user, TcpEnd end);
    /* The peer says that there is urgent text: tcp_urgent_left(). */
    void (*urgent)(Tcb *tcb, void *user);
} TcpUser; /* any of them may be NULL */

/* TCP for HOST: sets host->tcp.  CONFIG stays the caller's. */
Tcp *tcp_new(Host *host, const TcpConfig *config);
/* Ends every connection without a word to anybody, and frees TCP. */
void tcp_free(Tcp *tcp);

/* OPEN, active (s3.10.1).  SOURCE_PORT 0: an ephemeral one.  NULL, with the
 * reason in *END, when it cannot even begin (no port, no route). */
Tcb *tcp_connect(Tcp *tcp, IpAddress address, uint16_t port,
                 uint16_t source_port, const TcpUser *vtable, void *user,
                 TcpEnd *end);
/* The same with SETTINGS of its own from the first segment on; NULL: the
 * host's. */
Tcb *tcp_connect_set(Tcp *tcp, IpAddress address, uint16_t port,
                     uint16_t source_port, const TcpConfig *settings,
                     const TcpUser *vtable, void *user, TcpEnd *end);
/* OPEN, active, with Fast Open (RFC 7413): when a cookie of ADDRESS is known,
 * as much of TEXT as fits goes in the SYN, otherwise the SYN asks for one.
 * *TAKEN: how many bytes went; the rest is for tcp_write(). */
Tcb *tcp_connect_fast(Tcp *tcp, IpAddress address, uint16_t port,
                      uint16_t source_port, const TcpConfig *settings,
                      const Slice *text, uint32_t *taken, const TcpUser *vtable,
                      void *user, TcpEnd *end);
/* Whether it would take text now. */
bool tcp_fast_open_ready(const Tcp *tcp, const TcpConfig *settings,
                         IpAddress address);
/* Forgets every server's cookie. */
void tcp_fast_open_forget(Tcp *tcp);
/* OPEN, passive.  A connection that becomes ESTABLISHED is handed to ACCEPT,
 * which says who its user is (*VTABLE, *USER); one that Fast Open opens already
 * in SYN-RECEIVED.  BACKLOG: most connections that
 * are half open at once; 0: the configured number.  NULL: the port is taken. */
typedef void TcpAccept(TcpListener *listener, void *data, Tcb *tcb,
                       const TcpUser **vtable, void **user);
TcpListener *tcp_listen(Tcp *tcp, uint16_t port, unsigned backlog,
                        TcpAccept *accept, void *data);
void tcp_unlisten(TcpListener *listener);
/* FULL: more connections wait for LISTENER's user than may.  SYNs are dropped
 * then, and what would complete a handshake is not heard. */
void tcp_listener_full(TcpListener *listener, bool full);

/* SEND (s3.10.2): takes a reference to as much of DATA as the send buffer has
 * room for, and says how many bytes. */
enum {
    TCP_WRITE_MORE = 1, /* another write follows at once: no push at the end */
    TCP_WRITE_EOR = 2,  /* no segment holds this write's end and the next's
                           beginning */
    TCP_WRITE_URGENT = 4, /* it is urgent: s3.8.5 */
};
uint32_t tcp_write(Tcb *tcb, const Slice *data, unsigned flags);
/* While ON, only full segments are sent (Linux TCP_CORK); but what has waited
 * for a retransmission time-out with nothing in flight goes all the same. */
void tcp_cork(Tcb *tcb, bool on);
/* Turns Nagle's algorithm off (MUST-17), which also sends what is queued now;
 * or on again. */
void tcp_no_delay(Tcb *tcb, bool off);
/* There is room for a user who was refused: a third of the buffer is free, and
 * what is not sent below half of notsent_lowat. */
bool tcp_writable(const Tcb *tcb);
/* RECEIVE (s3.10.3): hands over the next piece that arrived in order (*PIECE is
 * the caller's) and opens the window.  false when there is none. */
bool tcp_read(Tcb *tcb, Slice *piece);
/* The same as bytes: copies up to LEN of them to BYTES and says how many; PEEK:
 * they stay, and the window too.  What came without content is zeros. */
uint32_t tcp_copy(Tcb *tcb, void *bytes, uint32_t len, bool peek);
/* Bytes that may be read now. */
uint32_t tcp_unread(const Tcb *tcb);
/* Bytes written and not acknowledged. */
uint32_t tcp_unacknowledged(const Tcb *tcb);
/* The peer's FIN has come, behind whatever is still to be read. */
bool tcp_peer_closed(const Tcb *tcb);
/* Bytes up to the end of the peer's urgent text, counted from the next one to
 * read, arrived or not; 0: there is none (MUST-33). */
uint32_t tcp_urgent_left(const Tcb *tcb);
/* Everything that the peer sent before its FIN was read. */
bool tcp_at_end(const Tcb *tcb);
/* The peer's FIN has come, whether all before it was read or not. */
bool tcp_peer_closed(const Tcb *tcb);
/* CLOSE (s3.10.4) for a user that still wants to read: shutdown(SHUT_WR). */
void tcp_shutdown(Tcb *tcb);
/* CLOSE for a user that goes away: close().  With unread data, or more
 * arriving, the peer is reset as Linux does. */
void tcp_close(Tcb *tcb);
/* ABORT (s3.10.5). */
void tcp_abort(Tcb *tcb);

/* STATUS (s3.10.6).  Counts are of segments unless they say bytes. */
typedef struct TcpInfo {
    TcpState state;
    TcpSender ca_state;
    IpAddress local, remote;
    uint16_t local_port, remote_port;
    uint8_t options;                    /* agreed on: TCP_OPT_* of wire/tcp.h */
    uint8_t snd_scale, rcv_scale;       /* window shifts */
    SimTime srtt, rttvar, rto, min_rtt; /* rto as backed off */
    SimTime ato;                        /* delay of the next delayed ACK */
    uint32_t cwnd, ssthresh;            /* ssthresh UINT32_MAX: none yet */
    uint32_t snd_mss;
    uint32_t rcv_mss;   /* the largest lately received */
    uint32_t advmss;    /* of a segment to us, as announced, without options */
    uint32_t pmtu;      /* of the way out, bytes */
    uint32_t in_flight; /* sent and not acknowledged cumulatively */
    uint32_t sacked;    /* ... of these: reported as received */
    uint32_t lost;      /* ... taken for lost */
    uint32_t retransmits;      /* time-outs in a row without progress */
    uint32_t retrans_out;      /* sent again, and that is in flight */
    uint32_t reordering;       /* how far segments have overtaken each other */
    uint32_t reord_seen;       /* times that reordering was noticed */
    uint32_t dsack_dups;       /* reported to have arrived more than once */
    uint32_t delivered;        /* known to have arrived, the SYN too */
    uint32_t delivered_ce;     /* ... told by ACKs with ECE */
    uint32_t probes;           /* unanswered, zero window or keepalive */
    uint32_t backoff;          /* doublings of the RTO, or of the probes' */
    uint64_t retransmissions;  /* sent again, all kinds, ever */
    uint32_t unsent;           /* bytes written and never sent */
    uint32_t unread;           /* bytes received in order and not read */
    uint32_t snd_wnd, rcv_wnd; /* bytes */
    SimTime last_data_sent, last_data_received; /* when */
    /* How long there was something to send, or unacknowledged; and how long of
     * this the peer's window, or our send buffer, was what held it up. */
    SimTime busy, rwnd_limited, sndbuf_limited;
    uint64_t bytes_acked, bytes_received;
    bool soft_error;    /* ICMP has said that the peer is not reachable */
    bool ecn, ecn_seen; /* agreed on; a segment came with ECT or CE */
    bool syn_text; /* Fast Open: text in the SYN was taken, whoever's it was */
    FlowId flow;
} TcpInfo;
void tcp_info(const Tcb *tcb, TcpInfo *info);
/* The settings that TCP goes by: those it was made with. */
const TcpConfig *tcp_settings(const Tcp *tcp);
/* Settings of TCB's (R2 among them: MUST-21), or of LISTENER and the
 * connections it will accept, alone: a copy of the host's at first, there to be
 * changed. */
TcpConfig *tcp_own_settings(Tcb *tcb);
TcpConfig *tcp_listener_settings(TcpListener *listener);
/* Probes after IDLE without a segment, counted from now; 0: none (MUST-24). */
void tcp_set_keepalive(Tcb *tcb, SimTime idle);
/* Bytes that may wait for the user of TCB: `receive_buffer`, rounded up to
 * whole segments once it is open where `window_rule` says so. */
uint32_t tcp_receive_buffer(const Tcb *tcb);
/* ICMP errors ignored because they quote nothing in flight (RFC 5927 s4.1). */
uint64_t tcp_stray_errors(const Tcp *tcp);
/* A connection in any state, TIME-WAIT too, has PORT at this end. */
bool tcp_has_port(const Tcp *tcp, uint16_t port);
/* Connections of TCP in STATE, parked ones too. */
uint32_t tcp_count(const Tcp *tcp, TcpState state);
/* Bytes of text that TCP has taken in order, of all connections ever. */
uint64_t tcp_bytes_received(const Tcp *tcp);
/* The whole connection (not parked) of TCP, with PORT at either end (0: any),
 * that was opened first: by its opener's count; NULL: there is none. */
const Tcb *tcp_first(const Tcp *tcp, uint16_t port);
/* Calls EACH for every connection of TCP, parked ones too, in no order that
 * means anything (but the same in the same run). */
typedef struct TcpConnection {
    TcpState state;
    IpAddress local, remote;
    uint16_t local_port, remote_port;
} TcpConnection;
void tcp_each(const Tcp *tcp,
              void (*each)(const TcpConnection *connection, void *data),
              void *data);
const char *tcp_state_name(TcpState state); /* "SYN-SENT" */
const char *tcp_end_name(TcpEnd end);       /* "timed out" */

/* For HostUpper. */
void tcp_receive(Host *host, Packet *packet /* taken */);
void tcp_error(Host *host, const Packet *quoted, uint8_t type, uint8_t code,
               uint32_t mtu);

#endif
