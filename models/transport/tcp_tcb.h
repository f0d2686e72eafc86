/* tcp_tcb.h - the inside of TCP: the transmission control block (RFC 9293
 * s3.3.1) and what belongs to it.  tcp_inside.h has the functions.
 *
 * Names are the RFC's: SND.UNA is `tcb->snd.una`, SEG.ACK is `seg->ack`.  Every
 * way into a connection (a segment, a timer, a user's call) is a tcp_enter()
 * ... tcp_leave() pair; the outermost tcp_leave() calls the user, and then
 * frees the connection, parks it or sees to its one event.  Between the two a
 * Tcb stays where it is whatever happens to it.
 *
 * Deadlines are fields.  One event for each connection wakes at the earliest; a
 * deadline that is moved later does not touch the queue. */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_TCB_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_TCB_H

#include <glib.h>

#include "tcp.h"
#include "tcp_seq.h"

/* --- what is kept of a connection ----------------------------------------- */

/* The beginning of a connection, whole or parked. */
typedef struct TcpConn {
    Event wake;
    Tcp *tcp;
    IpAddress local, remote;
    uint16_t local_port, remote_port;
    FlowId flow;
    uint32_t number;    /* packets sent, with PACKET_OF_OPENER at the opener */
    uint32_t ts_offset; /* our timestamps' clock is so far ahead, in ms */
    uint8_t state;      /* TcpState; written by tcp_set_state() alone */
    bool parked;        /* this is a TcpParked */
    bool opener;        /* this side called connect() */
    uint8_t options;    /* agreed on: TCP_OPT_WSCALE | SACK_OK | TIMESTAMPS,
                               CONN_ECN */
} TcpConn;
enum { CONN_ECN = 1 << 7 };

/* A time at which something is to be done, SIM_NEVER: nothing; and since when
 * and because of what it waits. */
typedef struct Deadline {
    SimTime at, since;
    uint64_t cause;
} Deadline;

/* What the user has written and the peer has not acknowledged, in order. */
typedef struct TcpChunk {
    struct TcpChunk *next;
    Slice text;    /* owned */
    uint32_t seq;  /* of its first byte (of what was received: the memory that
                      it costs) */
    uint8_t flags; /* CHUNK_* */
} TcpChunk;
enum {
    CHUNK_PUSH = 1, /* PSH goes with its last byte (RFC 9293 s3.9.1.2) */
    CHUNK_ENDS = 2, /* a piece of the queue ends here: see tcp_send.c */
    CHUNK_EOR = 4,  /* ... and nothing may be added to it: TCP_WRITE_EOR */
};

/* A segment in flight, in order of sequence numbers. */
typedef struct TcpSent {
    struct TcpSent *next;
    struct TcpSent *earlier, *later; /* by when they were sent last, while
                                        SENT_LISTED: see tcp_scoreboard.c */
    SimTime at;                      /* when it was last sent */
    uint64_t id;                     /* of the packet that carried it last */
    uint32_t seq, end;               /* END - SEQ counts the FIN */
    uint16_t flags;                  /* SENT_* */
    bool rated;                      /* it is a TcpRated: tcp_rate.h */
} TcpSent;
enum {
    SENT_FIN = 1,
    SENT_SACKED = 2, /* the peer has it (RFC 2018) */
    SENT_LOST = 4,   /* taken for lost */
    SENT_AGAIN = 8,  /* sent again since it was taken for lost, and in flight */
    SENT_EVER_AGAIN = 16, /* more than one of it were sent: Karn */
    SENT_PUSH = 32,       /* with PSH */
    SENT_ENDS = 64,       /* the last segment of its burst */
    SENT_LISTED = 128,    /* RACK looks at it */
    SENT_PUSH_ONCE = 256, /* ends a burst of two or more when sent again */
};

/* A segment received out of order. */
typedef struct TcpHeld {
    struct TcpHeld *next; /* in order of sequence numbers, never overlapping */
    Slice text;           /* owned */
    uint32_t seq, end;    /* END - SEQ counts the FIN */
    bool fin;
} TcpHeld;

/* What a receiver knows of holes: allocated when the first one appears. */
typedef struct TcpHoles {
    TcpHeld *first;
    TcpHeld *last;
    uint8_t sack_count;
    bool dsack; /* the next ACK reports `duplicate` (RFC 2883) */
    TcpSackBlock duplicate;
    TcpSackBlock sack[TCP_SACK_BLOCKS_MAX]; /* the latest first */
    /* ACKs that wait for each other, see tcp_delack.c. */
    uint32_t prompt_nxt; /* RCV.NXT of those that did not wait */
    uint8_t prompt;      /* how many of them */
    uint8_t waiting;     /* how many wait for the next one */
} TcpHoles;

/* What a receiver knows of how fast its user reads: see tcp_window.c.
 * Allocated when the first text comes. */
typedef struct TcpTuning {
    SimTime at;       /* when the round trip that is measured began */
    uint32_t seq;     /* ... and what had been read by then */
    uint32_t space;   /* most bytes read in one */
    uint32_t rtt8;    /* the round trip, in us/8; 0: not known */
    uint32_t echo;    /* the last timestamp echoed */
    SimTime rtt_at;   /* without timestamps: when a window was offered */
    uint32_t rtt_seq; /* ... up to here */
} TcpTuning;

/* What a connection has carried: allocated with the first text. */
typedef struct TcpTally {
    uint64_t bytes_acked, bytes_received;
    uint32_t spent[3]; /* ms: see TcpWaits, from TCP_BUSY on */
} TcpTally;

/* What a sender knows of losses: allocated at the first sign of one.  The
 * counts are of segments in flight. */
typedef struct TcpRecovery {
    uint32_t sacked; /* SENT_SACKED; without SACK: duplicate ACKs */
    uint32_t lost;   /* SENT_LOST */
    uint32_t again;  /* SENT_AGAIN */
    uint32_t high;   /* RFC 6582 "recover", RFC 6675 RecoveryPoint */
    uint32_t fack;   /* end of the highest that was reported, while `sacked` */
    uint32_t newly_lost; /* by the ACK that is being worked on */

    /* tcp_scoreboard.c: where to begin looking */
    TcpSent *earliest, *latest; /* SENT_LISTED ones, while `listing` */
    TcpSent *resend;            /* none before it waits to be sent again */
    TcpSent *sack_from;         /* the last one that was reported */
    TcpSent *judged;            /* RFC 6675: none before it is to be judged */
    uint32_t beyond;            /* reported ones from `judged` on */
    TcpSackBlock seen[TCP_SACK_BLOCKS_MAX]; /* the blocks worked on last */

    /* RACK (RFC 8985 s5.3, s6.2) */
    uint32_t reord_seen;  /* times that reordering was noticed */
    uint32_t dsack_round; /* RACK.dsack_round, while `dsack_waits` */
    uint32_t dsack_dups;  /* segments that the peer reported as duplicates */
    uint16_t reordering;  /* in segments: the most seen, at least dup_thresh */
    uint8_t reo_steps;    /* RACK.reo_wnd_mult */
    uint8_t reo_persist;  /* RACK.reo_wnd_persist */

    /* tcp_reduction.c: RFC 6937 */
    uint32_t prior_cwnd, prr_delivered, prr_out;
    uint32_t delivered_ce; /* segments, by ACKs with ECE */

    /* tcp_undo.c */
    uint32_t undo_una; /* SND.UNA when the window was reduced, while `undo` */
    int32_t undo_repeats;    /* repetitions not known to be superfluous; -1:
                                none was sent yet */
    uint32_t prior_ssthresh; /* 0: not to be restored */
    uint32_t repeat_stamp;   /* timestamp of the first one, while `stamped` */

    uint32_t tlp_high; /* RFC 8985 s7: TLP.end_seq, while `tlp` */
    uint8_t ca_state;  /* TcpSender */
    bool listing : 1;
    bool advanced : 1; /* RACK knows of a segment sent later than before */
    bool dsack_seen : 1, dsack_waits : 1;
    bool undo : 1, stamped : 1;
    bool tlp : 1;        /* a tail loss probe is out */
    bool tlp_repeat : 1; /* ... and it repeated a segment */
    bool frto : 1;       /* RFC 5682: is the time-out spurious? */
} TcpRecovery;

/* What a sender waits for: Linux's tcp_chrono. */
typedef enum TcpWaits {
    TCP_IDLE,
    TCP_BUSY,           /* for acknowledgments, or for congestion */
    TCP_RWND_LIMITED,   /* for the peer's window */
    TCP_SNDBUF_LIMITED, /* for the user, whom our buffer keeps from writing */
} TcpWaits;

/* Up to where text is urgent (RFC 9293 s3.3.1): while some is. */
typedef struct TcpUrgent {
    uint32_t snd_up, rcv_up; /* SND.UP and RCV.UP, the byte after it */
    bool sends, hears;       /* which of them hold */
} TcpUrgent;

typedef enum RexmitKind {
    REXMIT_TIMEOUT, /* RFC 6298; in SYN-SENT and SYN-RECEIVED the SYN's */
    REXMIT_PROBE,   /* tail loss probe, RFC 8985 s7 */
    REXMIT_REORDER, /* RACK's reordering timer, RFC 8985 s6.3 */
    REXMIT_PERSIST, /* zero-window probe, RFC 9293 s3.8.6.1 */
} RexmitKind;

/* What a connection has under way: allocated when something begins, freed when
 * nothing is left, so that a connection at rest is small. */
typedef struct TcpWork {
    Deadline rexmit; /* RexmitKind below */
    Deadline delack;
    Deadline linger;       /* TIME-WAIT, FIN-WAIT-2 without a user, keepalive */
    Deadline pace;         /* the next burst may leave: tcp_pacing.c */
    SimTime depart;        /* ... and not before this */
    SimTime stamp;         /* first repetition since the last progress (R2) */
    SimTime opened_at;     /* until ESTABLISHED: connect(), or the SYN came */
    uint64_t syn_id;       /* until ESTABLISHED: packet that carried the SYN */
    TcpListener *listener; /* until ESTABLISHED: that it came from */
    TcpChunk *text, *last_text; /* written and not acknowledged */
    TcpChunk *next_text;        /* the one with SND.NXT in it, or NULL */
    uint32_t tail;   /* first byte of the queue's last piece, see tcp_send.c */
    uint32_t pushed; /* after the last byte that got PSH */
    uint32_t waits_since; /* ms on our clock */
    uint8_t waits;        /* TcpWaits */
    uint32_t pieces;      /* of the queue and bursts in flight: what memory they
                             cost beside the text */
    TcpSent *sent, *last_sent;
    uint64_t rack_id; /* of the segment sent last of those delivered: ids are
                         given in order of time.  RFC 8985 s5.3 */
    SimTime rack_rtt; /* RACK.rtt; 0: none yet */
    TcpChunk *inbox, *last_inbox; /* received in order and not read */
    TcpHoles *holes;              /* NULL: none yet */
    TcpUrgent *urgent;            /* NULL: nothing is */
    TcpRecovery *recovery;        /* NULL: no loss yet */
} TcpWork;
/* Nothing under way. */
extern const TcpWork tcp_no_work;

struct Tcb {
    TcpConn conn;
    const TcpUser *vtable; /* NULL: nobody's (any more) */
    void *user;
    TcpWork *work; /* never NULL: tcp_no_work, or owned; begun by tcp_work() */
    const TcpConfig *config; /* the host's, or its own: tcp_own_settings() */
    TcpTuning *tuning;       /* NULL: none yet */
    TcpTally *tally;         /* NULL: no text yet; begun by tcp_tally() */
    void *cc; /* what its congestion control knows, or NULL: see TcpCc */

    struct {
        uint32_t una, nxt, wnd, wl1, wl2; /* wnd in bytes, scaled: REC-1 */
        uint32_t
            max_wnd;    /* the largest the peer has offered: RFC 5961 s5, SWS */
        uint32_t end;   /* after the last byte the user wrote */
        uint32_t small; /* end of the last segment sent below the MSS (Nagle) */
        uint32_t buffer; /* bytes of the send buffer, which may grow */
    } snd;
    struct {
        uint32_t nxt;
        uint32_t right;  /* RCV.NXT + RCV.WND as last told */
        uint32_t told;   /* RCV.NXT as last told */
        uint32_t limit;  /* the window is not opened beyond it; it grows */
        uint32_t clamp;  /* ... up to this */
        uint32_t queued; /* bytes in order that the user has not read */
        uint32_t buffer; /* bytes; it grows too */
        uint32_t memory; /* of the buffer, that what has come costs */
    } rcv;
    uint32_t iss, irs;
    uint32_t ts_recent; /* RFC 7323 s4.3 */
    uint16_t mss;       /* of a segment that we send, without options */
    uint16_t rcv_mss;   /* largest segment lately received */
    uint8_t snd_scale, rcv_scale;
    uint8_t ratio; /* of the receive buffer that may be offered, in 1/256 */

    /* RFC 6298, in us: see tcp_rtt.c */
    uint32_t srtt8, mdev4, rttvar4, mdev_max4, rtt_seq, min_rtt;
    SimTime rto; /* backed off */

    uint32_t cwnd, ssthresh, cwnd_part; /* segments; see tcp_cc_*.c */
    uint32_t out;      /* segments in flight, lost and sacked ones too */
    uint32_t most_out; /* in the last window, RFC 7661 in spirit */
    uint32_t most_out_seq;
    uint32_t repeats;   /* segments sent again, all kinds */
    uint32_t delivered; /* segments that the peer is known to have */

    uint8_t congestion; /* TcpCongestion: the key's when it was ESTABLISHED */
    uint8_t rexmit_kind;
    uint8_t syns;        /* SYNs (or SYN,ACKs) sent */
    uint8_t tries;       /* time-outs since the last progress */
    uint8_t backoff;     /* doublings */
    uint8_t probes;      /* zero-window or keepalive probes unanswered */
    uint8_t quick;       /* ACKs to send at once */
    uint8_t unacked;     /* segments with text received since the last ACK */
    uint8_t interactive; /* replies sent soon after data: "pingpong" */
    uint8_t ato_ms;      /* delay of the next delayed ACK */
    uint8_t busy;        /* tcp_enter() without its tcp_leave() */

    bool fin_wanted : 1; /* the user has closed; FIN follows the text */
    bool fin_sent : 1;
    bool fin_received : 1;
    bool writable_due : 1; /* tcp_write() took less than asked */
    bool cwnd_limited : 1;
    bool paced : 1;   /* see tcp_pacing.c */
    bool rated : 1;   /* what it sends is sampled: see tcp_rate.h */
    bool ack_due : 1; /* something was received and not acknowledged */
    bool ack_now : 1;
    bool ack_pushed : 1;  /* ... and what came had PSH, or was small: the */
    bool ack_pushed2 : 1; /* ACK goes when the user has read; it came twice */
    bool cork : 1;        /* tcp_cork() */
    bool push_now : 1;    /* what is queued need not wait: tcp_no_delay() */
    bool linger_long : 1; /* FIN-WAIT-2 first stage, see tcp_timer.c */
    bool soft_error : 1;  /* ICMP says the peer is not reachable */
    bool echo_seen : 1;   /* before any text: see tcp_note_echo() */
    bool tell_opened : 1, tell_readable : 1, tell_writable : 1, tell_gone : 1;
    bool tell_accept : 1, tell_urgent : 1;
    bool user_timeout_due : 1; /* told in the next segment without text */
    bool fast_open : 1; /* its user has it, but its SYN,ACK is not acknowledged:
                           tcp_fastopen.c */
    bool fo_option : 1; /* our SYN or SYN,ACK has the Fast Open option... */
    bool fo_experiment : 1;  /* ... in its experimental form */
    bool syn_text : 1;       /* our SYN carried text */
    bool syn_text_taken : 1; /* it was acknowledged, or the peer's was taken */
    bool ecn_echo : 1; /* ACKs have ECE until the peer sends CWR: tcp_ecn.c */
    bool ecn_cwr : 1;  /* the next new text has CWR */
    bool ecn_seen : 1; /* a segment came with ECT or CE */
    uint8_t end;       /* TcpEnd, with tell_gone */

    SimTime heard_at;     /* the last segment */
    SimTime data_at;      /* the last text received */
    SimTime sent_at;      /* the last text (or SYN) sent */
    SimTime opened_at;    /* ESTABLISHED */
    SimTime challenge_at; /* the last ACK that is rate limited */
};

/* A half-open or TIME-WAIT connection at rest: what restores a whole one. */
typedef struct TcpParked {
    TcpConn conn;
    SimTime since;  /* of the deadline (SYN-ACK's, or TIME-WAIT's), which is  */
    uint64_t cause; /* conn.wake's */
    TcpListener *listener;
    uint64_t syn_id;
    SimTime at; /* SYN-ACK: last sent; TIME-WAIT: the last rate-limited ACK */
    uint32_t snd_nxt, snd_wnd, rcv_nxt, rcv_right, ts_recent;
    uint16_t mss;
    uint8_t snd_scale, rcv_scale;
    uint8_t tries, repeats;
} TcpParked;

struct TcpListener {
    TcpListener *next;
    Tcp *tcp;
    TcpAccept *accept;
    void *data;
    const TcpConfig *config; /* its connections begin with these settings */
    uint32_t backlog, half_open;
    SimTime cookies_until;   /* an ACK may bring a SYN cookie back */
    bool full;               /* more wait to be accepted than may */
    uint32_t fast_open;      /* children with Tcb.fast_open */
    GQueue fast_open_resets; /* of SimTime *: when each gives its place free */
    uint16_t port;
};

typedef struct TcpFastOpen TcpFastOpen; /* tcp_fastopen.c */

typedef struct TcpSlot {
    TcpConn *conn; /* NULL: free */
    uint32_t hash;
} TcpSlot;

/* Towards whom choose_port() found no port, and when: a client that is out of
 * ports tries again and again, and need not look at all of them each time. */
typedef struct TcpNoPort {
    IpAddress local, remote;
    uint16_t port;
    uint32_t freed; /* tcp->freed at that time */
} TcpNoPort;

struct Tcp {
    Host *host;
    Sim *sim;
    const TcpConfig *config;
    TcpSlot *slots; /* open addressing, linear probing; see tcp_demux.c */
    uint32_t mask, used;
    TcpListener *listeners;
    TcpFastOpen *fast_open; /* what is known of servers; NULL: nothing yet */
    uint64_t secret;        /* RFC 6528 s3 */
    SimTime phase;          /* of the timer wheel */
    uint16_t next_port;
    uint32_t counts[TCP_STATES];
    uint32_t freed;     /* connections that gave their ports back so far */
    TcpNoPort *no_port; /* NULL: there always was one */
    uint64_t stray_errors; /* see tcp_stray_errors() */
    uint64_t received;     /* see tcp_bytes_received() */
};

/* A segment that has arrived, with the RFC's names. */
typedef struct TcpSegment {
    const TcpHeader *header;
    Packet *packet; /* its payload may be taken */
    uint32_t seq, ack;
    uint32_t len;   /* SEG.LEN: text, SYN and FIN */
    uint32_t text;  /* bytes of text */
    uint32_t skip;  /* bytes of the payload before the text that is left */
    uint32_t wnd;   /* scaled */
    uint16_t flags; /* TCP_SYN ... */
    uint8_t reason; /* DropReason, if it is dropped */
    bool repeat;    /* acceptable, but all of it came before: accept_repeats */
    SimTime idle;   /* how long the connection has not heard anything */
    uint32_t old_nxt; /* SND.NXT of the TIME-WAIT that this SYN ended, or 0 */
} TcpSegment;

/* What an ACK says, as far as it is known: tcp_acked(). */
typedef struct TcpAck {
    const TcpSegment *seg;
    uint32_t una;        /* SND.UNA before it */
    uint32_t fack;       /* the highest that was reported before it */
    uint32_t cleaned;    /* segments that it acknowledges cumulatively */
    uint32_t delivered;  /* ... or for the first time in any way */
    uint32_t low;        /* the lowest number that came out of order, with
                            `disorder` */
    SimTime first, last; /* when the first and the last of those were
                            sent that it acknowledges: SIM_NEVER: no
                            sample */
    SimTime sack_first, sack_last; /* the same of those that it reports */
    bool advanced;                 /* SND.UNA moves */
    bool duplicate;                /* RFC 5681 s2 */
    bool sacked;                   /* it reports something new */
    bool dsack;       /* ... a duplicate that we caused (RFC 2883) */
    bool dsack_probe; /* ... by a tail loss probe */
    bool disorder;
    bool repeated_acked; /* something was sent more than once */
    bool original;       /* something sent once, before the time-out */
    bool lost_again;     /* a retransmission is taken for lost */
    bool ece;            /* congestion was met (RFC 3168) */
    bool restart_timer;  /* there is progress */
    uint8_t next;        /* TcpNext */
} TcpAck;
/* What is to be sent because of an ACK, beside new text as the window allows.
 */
typedef enum TcpNext {
    SEND_NOTHING, /* no repetition */
    SEND_LOST,    /* what is lost */
    SEND_NEW,     /* RFC 5682: new text first */
} TcpNext;

typedef enum Verdict {
    NEXT,  /* the next step looks at it */
    DONE,  /* it has done its work */
    DROP,  /* not acceptable: dropped, and told */
    AGAIN, /* the connection is gone: look for another one (MAY-2) */
} Verdict;

/* --- small questions ------------------------------------------------------ */

static inline Sim *tcp_sim(const Tcb *tcb) { return tcb->conn.tcp->sim; }
static inline const TcpConfig *tcp_config(const Tcb *tcb)
{
    return tcb->config;
}
static inline TcpState tcp_state(const Tcb *tcb)
{
    return (TcpState)tcb->conn.state;
}
/* RCV.WND. */
static inline uint32_t rcv_wnd(const Tcb *tcb)
{
    return tcb->rcv.right - tcb->rcv.nxt;
}
static inline bool tcp_has(const Tcb *tcb, uint8_t option)
{
    return (tcb->conn.options & option) != 0;
}
static inline bool tcp_ecn(const Tcb *tcb) { return tcp_has(tcb, CONN_ECN); }
static inline bool tcp_synchronized(TcpState state)
{
    return state >= TCP_ESTABLISHED;
}
static inline TcpSender tcp_ca_state(const Tcb *tcb)
{
    const TcpRecovery *r = tcb->work->recovery;

    return r != NULL ? (TcpSender)r->ca_state : TCP_SENDER_OPEN;
}
/* The window is being reduced: it does not grow meanwhile. */
static inline bool tcp_in_reduction(const Tcb *tcb)
{
    TcpSender state = tcp_ca_state(tcb);

    return state == TCP_SENDER_CWR || state == TCP_SENDER_RECOVERY;
}
/* Segments thought to be in the network: RFC 6675 "pipe".  Without limited
 * transmit (RFC 3042) what was reported counts until recovery begins. */
static inline uint32_t tcp_pipe(const Tcb *tcb)
{
    const TcpRecovery *r = tcb->work->recovery;

    if (r == NULL || (r->ca_state == TCP_SENDER_DISORDER &&
                      !tcp_config(tcb)->limited_transmit))
        return tcb->out;
    return tcb->out - r->sacked - r->lost + r->again;
}
static inline bool deadline_on(const Deadline *deadline)
{
    return deadline->at != SIM_NEVER;
}
static inline void deadline_off(Deadline *deadline)
{
    if (deadline_on(deadline)) /* one of tcp_no_work is not written to */
        deadline->at = SIM_NEVER;
}

static inline bool tcp_has_timestamps(const Tcb *tcb, const TcpSegment *seg)
{
    return tcp_has(tcb, TCP_OPT_TIMESTAMPS) &&
           (seg->header->options & TCP_OPT_TIMESTAMPS);
}

#endif
