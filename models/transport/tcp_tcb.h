/* tcp_tcb.h - the inside of TCP: the transmission control block (RFC 9293
 * s3.3.1) and what the files of this room call of each other.
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
    uint8_t options;    /* agreed on: TCP_OPT_WSCALE | SACK_OK | TIMESTAMPS */
} TcpConn;

/* A time at which something is to be done, SIM_NEVER: nothing; and since when
 * and because of what it waits. */
typedef struct Deadline {
    SimTime at, since;
    uint64_t cause;
} Deadline;

/* What the user has written and the peer has not acknowledged, in order. */
typedef struct TcpChunk {
    struct TcpChunk *next;
    Slice text;   /* owned */
    uint32_t seq; /* of its first byte (of what was received: not used) */
    bool push;    /* a write ended here (RFC 9293 s3.9.1.2) */
} TcpChunk;

/* A segment in flight, in order of sequence numbers. */
typedef struct TcpSent {
    struct TcpSent *next;
    SimTime at;        /* when it was last sent */
    uint64_t id;       /* of the packet that carried it last */
    uint32_t seq, end; /* END - SEQ counts the FIN */
    uint8_t flags;     /* SENT_* */
} TcpSent;
enum {
    SENT_FIN = 1,
    SENT_SACKED = 2, /* the peer has it (RFC 2018) */
    SENT_LOST = 4,   /* taken for lost */
    SENT_AGAIN = 8,  /* sent again since it was taken for lost, and in flight */
    SENT_EVER_AGAIN = 16, /* more than one of it were sent: Karn */
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
    uint32_t bytes; /* held */
    uint8_t sack_count;
    bool dsack; /* the next ACK reports `duplicate` (RFC 2883) */
    TcpSackBlock duplicate;
    TcpSackBlock sack[TCP_SACK_BLOCKS_MAX]; /* the latest first */
} TcpHoles;

/* What a sender knows of losses: allocated at the first sign of one. */
typedef struct TcpRecovery {
    uint32_t high;     /* RFC 6582 "recover", RFC 6675 RecoveryPoint */
    uint32_t tlp_high; /* RFC 8985 s7: TLP.end_seq, while `tlp` */
    uint32_t sacked;   /* segments SENT_SACKED; without SACK: duplicate ACKs */
    uint32_t lost;     /* segments with SENT_LOST */
    uint32_t again;    /* segments with SENT_AGAIN */
    uint8_t phase;     /* RecoveryPhase */
    bool tlp;          /* a tail loss probe is out */
    bool tlp_repeat;   /* ... and it repeated a segment */
} TcpRecovery;
typedef enum RecoveryPhase {
    PHASE_OPEN,
    PHASE_FAST, /* fast recovery */
    PHASE_LOSS, /* after a time-out */
} RecoveryPhase;

typedef enum RexmitKind {
    REXMIT_TIMEOUT, /* RFC 6298; in SYN-SENT and SYN-RECEIVED the SYN's */
    REXMIT_PROBE,   /* tail loss probe, RFC 8985 s7 */
    REXMIT_PERSIST, /* zero-window probe, RFC 9293 s3.8.6.1 */
} RexmitKind;

/* What a connection has under way: allocated when something begins, freed when
 * nothing is left, so that a connection at rest is small. */
typedef struct TcpWork {
    Deadline rexmit; /* RexmitKind below */
    Deadline delack;
    Deadline linger;       /* TIME-WAIT, FIN-WAIT-2 without a user, keepalive */
    SimTime stamp;         /* first repetition since the last progress (R2) */
    SimTime opened_at;     /* until ESTABLISHED: connect(), or the SYN came */
    TcpListener *listener; /* until ESTABLISHED: that it came from */
    TcpChunk *text, *last_text; /* written and not acknowledged */
    TcpChunk *next_text;        /* the one with SND.NXT in it, or NULL */
    TcpSent *sent, *last_sent;
    TcpChunk *inbox, *last_inbox; /* received in order and not read */
    TcpHoles *holes;              /* NULL: none yet */
    TcpRecovery *recovery;        /* NULL: no loss yet */
} TcpWork;
/* Nothing under way. */
extern const TcpWork tcp_no_work;

typedef struct TcpCc TcpCc;

struct Tcb {
    TcpConn conn;
    const TcpUser *vtable; /* NULL: nobody's (any more) */
    void *user;
    TcpWork *work; /* never NULL: tcp_no_work, or owned; begun by tcp_work() */

    struct {
        uint32_t una, nxt, wnd, wl1, wl2; /* wnd in bytes, scaled */
        uint32_t
            max_wnd;    /* the largest the peer has offered: RFC 5961 s5, SWS */
        uint32_t end;   /* after the last byte the user wrote */
        uint32_t small; /* end of the last segment sent below the MSS (Nagle) */
    } snd;
    struct {
        uint32_t nxt;
        uint32_t right;  /* RCV.NXT + RCV.WND as last told */
        uint32_t told;   /* RCV.NXT as last told */
        uint32_t limit;  /* the window is not opened beyond it; it grows */
        uint32_t clamp;  /* ... up to this */
        uint32_t queued; /* bytes in order that the user has not read */
    } rcv;
    uint32_t iss, irs;
    uint32_t ts_recent; /* RFC 7323 s4.3 */
    uint16_t mss;       /* of a segment that we send, without options */
    uint16_t rcv_mss;   /* largest segment lately received */
    uint8_t snd_scale, rcv_scale;

    /* RFC 6298, in us: see tcp_rtt.c */
    uint32_t srtt8, mdev4, rttvar4, mdev_max4, rtt_seq, min_rtt;
    SimTime rto; /* backed off */

    uint32_t cwnd, ssthresh, cwnd_part; /* segments; see tcp_cc_*.c */
    uint32_t out;      /* segments in flight, lost and sacked ones too */
    uint32_t most_out; /* in the last window, RFC 7661 in spirit */
    uint32_t most_out_seq;
    uint32_t repeats; /* segments sent again, all kinds */

    uint8_t rexmit_kind;
    uint8_t syns;        /* SYNs (or SYN,ACKs) sent */
    uint8_t tries;       /* time-outs since the last progress */
    uint8_t backoff;     /* doublings */
    uint8_t probes;      /* zero-window or keepalive probes unanswered */
    uint8_t quick;       /* ACKs to send at once */
    uint8_t interactive; /* replies sent soon after data: "pingpong" */
    uint8_t ato_ms;      /* delay of the next delayed ACK */
    uint8_t busy;        /* tcp_enter() without its tcp_leave() */

    bool fin_wanted : 1; /* the user has closed; FIN follows the text */
    bool fin_sent : 1;
    bool fin_received : 1;
    bool writable_due : 1; /* tcp_write() took less than asked */
    bool cwnd_limited : 1;
    bool ack_due : 1; /* something was received and not acknowledged */
    bool ack_now : 1;
    bool linger_long : 1; /* FIN-WAIT-2 first stage, see tcp_timer.c */
    bool soft_error : 1;  /* ICMP says the peer is not reachable */
    bool tell_opened : 1, tell_readable : 1, tell_writable : 1, tell_gone : 1;
    bool tell_accept : 1;
    uint8_t end; /* TcpEnd, with tell_gone */

    uint64_t last_id;     /* packet that carried the SYN, or was sent last */
    SimTime heard_at;     /* the last segment */
    SimTime data_at;      /* the last text received */
    SimTime sent_at;      /* the last text (or SYN) sent */
    SimTime challenge_at; /* the last ACK that is rate limited */
    SimTime space_at;     /* receive window: the round trip being measured */
    uint32_t space_seq, space;
    uint64_t bytes_acked, bytes_received;
};

/* A half-open or TIME-WAIT connection at rest: what restores a whole one. */
typedef struct TcpParked {
    TcpConn conn;
    SimTime since;  /* of the deadline (SYN-ACK's, or TIME-WAIT's), which is  */
    uint64_t cause; /* conn.wake's */
    TcpListener *listener;
    uint64_t last_id;
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
    uint32_t backlog, half_open;
    uint16_t port;
};

typedef struct TcpSlot {
    TcpConn *conn; /* NULL: free */
    uint32_t hash;
} TcpSlot;

struct Tcp {
    Host *host;
    Sim *sim;
    const TcpConfig *config;
    TcpSlot *slots; /* open addressing, linear probing; see tcp_demux.c */
    uint32_t mask, used;
    TcpListener *listeners;
    uint64_t secret; /* RFC 6528 s3 */
    SimTime phase;   /* of the timer wheel */
    uint16_t next_port;
    uint32_t counts[TCP_STATES];
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
    uint32_t old_nxt; /* SND.NXT of the TIME-WAIT that this SYN ended, or 0 */
} TcpSegment;

typedef enum Verdict {
    NEXT,  /* the next step looks at it */
    DONE,  /* it has done its work */
    DROP,  /* not acceptable: dropped, and told */
    AGAIN, /* the connection is gone: look for another one (MAY-2) */
} Verdict;

struct TcpCc {
    const char *name;
    /* SEGMENTS were acknowledged, not during recovery. */
    void (*acked)(Tcb *tcb, uint32_t segments);
    /* The slow start threshold after a loss, in segments. */
    uint32_t (*ssthresh)(const Tcb *tcb);
};
extern const TcpCc tcp_cc_newreno;
const TcpCc *tcp_cc(const Tcb *tcb);

/* --- small questions ------------------------------------------------------ */

static inline Sim *tcp_sim(const Tcb *tcb) { return tcb->conn.tcp->sim; }
static inline const TcpConfig *tcp_config(const Tcb *tcb)
{
    return tcb->conn.tcp->config;
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
static inline bool tcp_synchronized(TcpState state)
{
    return state >= TCP_ESTABLISHED;
}
static inline unsigned tcp_phase(const Tcb *tcb)
{
    return tcb->work->recovery != NULL ? tcb->work->recovery->phase
                                       : PHASE_OPEN;
}
/* Segments thought to be in the network: RFC 6675 "pipe". */
static inline uint32_t tcp_pipe(const Tcb *tcb)
{
    const TcpRecovery *r = tcb->work->recovery;

    return r == NULL ? tcb->out : tcb->out - r->sacked - r->lost + r->again;
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

/* --- the files of this room ----------------------------------------------- */

/* tcp_conn.c: being entered, left, born and freed */
/* A Tcb with nothing in it but its event. */
Tcb *tcp_tcb_alloc(Tcp *tcp);
/* The same for these addresses and ports, found by tcp_demux_find(). */
Tcb *tcp_tcb_new(Tcp *tcp, IpAddress local, IpAddress remote,
                 uint16_t local_port, uint16_t remote_port);
TcpWork *tcp_work_new(Tcb *tcb);
/* TCB's work, to be written to. */
static inline TcpWork *tcp_work(Tcb *tcb)
{
    return tcb->work != &tcp_no_work ? tcb->work : tcp_work_new(tcb);
}
/* There has been progress: R2 counts from the next repetition. */
static inline void tcp_progress(Tcb *tcb)
{
    if (tcb->work->stamp != SIM_NEVER)
        tcb->work->stamp = SIM_NEVER;
}
void tcp_enter(Tcb *tcb);
void tcp_leave(Tcb *tcb);
/* The end of a user's own call: does not call the user. */
void tcp_user_leave(Tcb *tcb);
/* Frees the memory of TCB, which is not in the table any more. */
void tcp_tcb_free(Tcb *tcb);
/* The connection is over: for its user with END, and for the network. */
void tcp_finish(Tcb *tcb, TcpEnd end);
/* The user is told when it is left. */
void tcp_detach(Tcb *tcb);
void tcp_purge_inbox(Tcb *tcb);

/* tcp_demux.c */
TcpConn *tcp_demux_find(const Tcp *tcp, IpAddress local, IpAddress remote,
                        uint16_t local_port, uint16_t remote_port);
void tcp_demux_add(Tcp *tcp, TcpConn *conn);
void tcp_demux_remove(Tcp *tcp, const TcpConn *conn);
/* CONN, which has the addresses and ports of OLD, takes its place. */
void tcp_demux_replace(Tcp *tcp, const TcpConn *old, TcpConn *conn);
TcpListener *tcp_listener(const Tcp *tcp, uint16_t port);

/* tcp_state.c */
void tcp_set_state(Tcb *tcb, TcpState to);

/* tcp_park.c */
bool tcp_parkable(const Tcb *tcb);
void tcp_park(Tcb *tcb /* taken */);
Tcb *tcp_unpark(TcpParked *parked /* taken */);
void tcp_parked_free(TcpParked *parked);

/* tcp_options.c: what the two sides agree on */
uint32_t tcp_choose_iss(const Tcp *tcp, const TcpConn *conn);
uint32_t tcp_ts_offset(const Tcp *tcp, const TcpConn *conn);
uint32_t tcp_ts_now(const Tcb *tcb);
/* The MSS that we announce: what fits the MTU of the way out (MUST-67). */
uint32_t tcp_our_mss(const Tcb *tcb);
void tcp_offer(const Tcb *tcb, TcpHeader *header);
void tcp_agree(Tcb *tcb, const TcpHeader *syn);
/* Bytes of text in a full segment. */
uint32_t tcp_full(const Tcb *tcb);

/* tcp_input.c */
/* 3.10.7.4 */
Verdict tcp_other_segment_arrives(Tcb *tcb, TcpSegment *seg);
/* The handshake is complete: SEG acknowledges our SYN. */
void tcp_establish(Tcb *tcb, const TcpSegment *seg);

/* tcp_ack.c: the fifth step's work */
/* SEG.ACK, which is acceptable, acknowledges something or repeats itself. */
void tcp_acked(Tcb *tcb, const TcpSegment *seg);

/* tcp_output.c */
/* Sends what may be sent now. */
void tcp_output(Tcb *tcb);
void tcp_send_syn(Tcb *tcb, TcpRepeatWhy why, bool repeated, SimTime timer);
/* An ACK now; clears the delayed one. */
void tcp_send_ack(Tcb *tcb);
/* The same, at most once in challenge_ack_interval (RFC 5961 s7). */
void tcp_challenge(Tcb *tcb);
/* <SEQ=SND.UNA-1><ACK>: keepalive and zero-window probes. */
void tcp_send_probe(Tcb *tcb);
void tcp_send_reset(Tcb *tcb);
/* Sends SENT again. */
void tcp_retransmit(Tcb *tcb, TcpSent *sent, TcpRepeatWhy why, SimTime timer);
/* One segment beyond the window that congestion allows; false: there is none.
 */
bool tcp_send_one_more(Tcb *tcb);
/* The answer to a segment without a connection (RFC 9293 s3.10.7.1). */
void tcp_reset_for(Tcp *tcp, const Packet *packet);
/* The same for SEG, which is dropped. */
static inline Verdict tcp_reset_it(Tcp *tcp, const TcpSegment *seg)
{
    tcp_reset_for(tcp, seg->packet);
    return DROP;
}

/* tcp_timer.c */
void tcp_arm(Tcb *tcb, Deadline *deadline, SimTime delay);
void tcp_fire_due(Tcb *tcb);
/* Restarts the retransmission timer after text was sent or acknowledged; OFF
 * when nothing is in flight. */
void tcp_rearm_rexmit(Tcb *tcb);
/* The same after new text was sent; FIRST: nothing was in flight before. */
void tcp_sent_rexmit(Tcb *tcb, bool first);
/* How long the SYN,ACK timer runs: doubled for each time that it fired. */
SimTime tcp_syn_ack_wait(const Tcb *tcb);
/* Arms the zero-window probe if text waits and nothing is in flight. */
void tcp_check_persist(Tcb *tcb);
void tcp_keepalive_start(Tcb *tcb);
void tcp_fin_wait_2_start(Tcb *tcb);

/* tcp_delack.c */
void tcp_text_received(Tcb *tcb, uint32_t len);
void tcp_text_sent(Tcb *tcb);
void tcp_quick(Tcb *tcb);
/* After a segment was worked on: an ACK now, later or not at all. */
void tcp_ack_check(Tcb *tcb);
void tcp_delack_fires(Tcb *tcb);

/* tcp_window.c: RCV.WND */
/* RCV.WND to offer now (never moves the right edge back). */
uint32_t tcp_select_window(Tcb *tcb);
void tcp_window_start(Tcb *tcb);
/* The window of our SYN, before the peer's MSS is known. */
void tcp_window_syn(Tcb *tcb);
void tcp_window_received(Tcb *tcb, uint32_t len);
void tcp_window_read(Tcb *tcb);

/* tcp_rtt.c */
void tcp_rtt_sample(Tcb *tcb, SimTime rtt);
void tcp_rtt_start(Tcb *tcb);

/* tcp_reass.c */
/* The text and FIN of SEG, which begins after RCV.NXT, are kept. */
void tcp_hold(Tcb *tcb, TcpSegment *seg);
/* Moves what has become in order to the inbox; true when FIN was reached. */
bool tcp_release(Tcb *tcb);
void tcp_dsack(Tcb *tcb, uint32_t left, uint32_t right);
void tcp_put_sack(Tcb *tcb, TcpHeader *header);
void tcp_holes_free(Tcb *tcb);
void tcp_inbox_add(Tcb *tcb, Slice text /* taken */);

/* tcp_recovery.c */
TcpRecovery *tcp_recovery(Tcb *tcb);
void tcp_recovery_free(Tcb *tcb);
/* Marks what SEG's SACK blocks report; true when something new was. */
bool tcp_sack_received(Tcb *tcb, const TcpSegment *seg, bool *dsack);
/* After an ACK: ADVANCED when it acknowledged new data in SEGMENTS, DUPLICATE
 * when it counts as one (RFC 5681 s2). */
void tcp_recover(Tcb *tcb, uint32_t segments, bool advanced, bool duplicate);
void tcp_enter_loss(Tcb *tcb);
void tcp_probe_acked(Tcb *tcb, const TcpSegment *seg, bool progress,
                     bool dsack);
/* Marks as lost what is larger than a full segment now. */
void tcp_cut_flight(Tcb *tcb);
/* Retransmits what is marked lost, as far as the window allows. */
void tcp_retransmit_lost(Tcb *tcb);

/* tcp_tell.c */
void tcp_tell_opened(const Tcb *tcb);
void tcp_tell_end(const Tcb *tcb, TcpEnd end);
void tcp_tell_sent(const Tcb *tcb, const Packet *packet, bool again,
                   TcpRepeatWhy why, SimTime timer);

/* Not modelled:
 * - urgent data (RFC 9293 s3.8.5; RFC 6093 advises against it): in line, no
 * mark
 * - fragmentation below TCP; RFC 4821 path MTU probing
 * - security and compartment (RFC 9293 appendix A.1)
 * - ECN (RFC 3168), Fast Open (RFC 7413), SYN cookies (RFC 4987 s3.6)
 * - user time-out option (RFC 5482), TCP-AO (RFC 5925)
 * - CUBIC, RACK's reordering window, PRR, F-RTO, undo (RFC 9438, 8985 s6, 6937,
 *   5682): recovery is RFC 6675 with SACK, RFC 6582 without, in both profiles
 * - Linux's bursts (segmentation offload, autocorking), its global memory
 * limits */
#endif
