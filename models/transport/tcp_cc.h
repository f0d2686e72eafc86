/* tcp_cc.h - congestion control: one table of functions for each algorithm.
 *
 * What was lost is found, and made good, by tcp_recovery.c whatever the
 * algorithm; an algorithm says how large the window is.  Windows are counted in
 * segments (tcb->cwnd, tcb->ssthresh), as Linux does.
 *
 * What an algorithm has to remember hangs on tcb->cc, allocated by itself when
 * it first needs it (tcp_cc_memory()), so that a connection at rest is small.
 */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_CC_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_CC_H

#include "tcp_tcb.h"

/* What has happened to the connection, beside ACKs. */
typedef enum TcpCcEvent {
    TCP_CC_START,    /* it is ESTABLISHED */
    TCP_CC_RESTART,  /* text is sent while nothing is in flight; tcb->sent_at
                        is still that of the text before */
    TCP_CC_REDUCED,  /* fast recovery or CWR begins; ssthresh() was asked */
    TCP_CC_LOSS,     /* a retransmission time-out, every one; ssthresh() was
                        asked unless the window had been reduced already */
    TCP_CC_RECOVERED /* recovery is over */
} TcpCcEvent;

typedef struct TcpCc {
    const char *name;
    uint32_t memory; /* bytes of tcb->cc */
    uint32_t slab;   /* SlabKind, for that many bytes */
    /* SEGMENTS were acknowledged cumulatively, the window was in use, and
     * neither fast recovery nor CWR is under way: the window may grow. */
    void (*acked)(Tcb *tcb, uint32_t segments);
    /* The slow start threshold after a loss, in segments. */
    uint32_t (*ssthresh)(Tcb *tcb);
    /* The window to go back to when a reduction proves unfounded, given
     * the one before it; NULL: the larger of it and the current one. */
    uint32_t (*undo)(const Tcb *tcb, uint32_t prior_cwnd);
    /* The last segment that was acknowledged took RTT, which was not sent
     * twice; SND.UNA has moved, the window has not grown yet.  NULL: does not
     * matter. */
    void (*sample)(Tcb *tcb, SimTime rtt, uint32_t acked);
    void (*event)(Tcb *tcb, TcpCcEvent event); /* NULL: does not matter */
    /* Bytes a second at which text is to leave; NULL: not paced by itself. */
    uint64_t (*rate)(const Tcb *tcb);
    /* An algorithm with a model of the path, whose memory begins with a TcpRate
     * (tcp_rate.h): after every ACK it sets the window itself, in recovery too;
     * acked() and sample() are not called, PRR does nothing. */
    void (*control)(Tcb *tcb);
    /* For the same: SENT, which is a TcpRated, is taken for lost. */
    void (*lost)(Tcb *tcb, const TcpSent *sent);
} TcpCc;

extern const TcpCc tcp_cc_newreno, tcp_cc_cubic, tcp_cc_bbr;

/* That of the key `congestion` when the connection was ESTABLISHED. */
const TcpCc *tcp_cc(const Tcb *tcb);
void tcp_cc_start(Tcb *tcb);
static inline void tcp_cc_event(Tcb *tcb, TcpCcEvent event)
{
    const TcpCc *cc = tcp_cc(tcb);

    if (cc->event != NULL)
        cc->event(tcb, event);
}
/* tcb->cc, allocated all zero when there is none. */
void *tcp_cc_memory(Tcb *tcb);
void tcp_cc_free(Tcb *tcb);

/* --- for the algorithms --------------------------------------------------- */

/* RFC 5681 s3.1: opens the window by SEGMENTS (slow_start_step at most), not
 * beyond ssthresh.  How many of them are left for congestion avoidance. */
uint32_t tcp_slow_start(Tcb *tcb, uint32_t segments);
/* SEGMENTS more were acknowledged: opens the window by one for every COUNT. */
void tcp_grow_every(Tcb *tcb, uint32_t count, uint32_t segments);

/* HyStart, as tcp_cc_hystart.c has it. */
typedef struct HyStart {
    uint32_t round_end; /* the round is over when this is acknowledged */
    uint32_t round_at;  /* when it began, us */
    uint32_t train_at;  /* the last ACK of its train, us */
    uint32_t round_rtt; /* least in the round, us; UINT32_MAX: none yet */
    uint32_t least_rtt; /* of the connection, us; 0: none yet */
    uint8_t samples;    /* in the round */
    bool began, found;
} HyStart;
/* A new round, and connection, begins. */
void hystart_begin(Tcb *tcb, HyStart *hystart);
/* A round trip took RTT us in slow start: leaves it (ssthresh = cwnd) when the
 * path seems to be full. */
void hystart_sample(Tcb *tcb, HyStart *hystart, uint32_t rtt);

#endif
