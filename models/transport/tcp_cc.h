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
    TCP_CC_RESTART,  /* the first text after a rest: nothing was in flight */
    TCP_CC_REDUCED,  /* fast recovery or CWR begins; ssthresh() was asked */
    TCP_CC_LOSS,     /* a retransmission time-out; ssthresh() was asked */
    TCP_CC_RECOVERED /* recovery is over */
} TcpCcEvent;

typedef struct TcpCc {
    const char *name;
    /* SEGMENTS were acknowledged cumulatively, the window was in use, and
     * neither fast recovery nor CWR is under way: the window may grow. */
    void (*acked)(Tcb *tcb, uint32_t segments);
    /* The slow start threshold after a loss, in segments. */
    uint32_t (*ssthresh)(Tcb *tcb);
    /* The window to go back to when a reduction proves unfounded, given
     * the one before it; NULL: the larger of it and the current one. */
    uint32_t (*undo)(const Tcb *tcb, uint32_t prior_cwnd);
    /* A round trip took RTT, for ACKED segments (every ACK that times one);
     * NULL: does not matter. */
    void (*sample)(Tcb *tcb, SimTime rtt, uint32_t acked);
    void (*event)(Tcb *tcb, TcpCcEvent event); /* NULL: does not matter */
} TcpCc;

extern const TcpCc tcp_cc_newreno;

const TcpCc *tcp_cc(const Tcb *tcb);
static inline void tcp_cc_event(Tcb *tcb, TcpCcEvent event)
{
    const TcpCc *cc = tcp_cc(tcb);

    if (cc->event != NULL)
        cc->event(tcb, event);
}
/* tcb->cc: TCP_CC_BYTES, allocated all zero when there is none. */
enum { TCP_CC_BYTES = 192 };
void *tcp_cc_memory(Tcb *tcb);
void tcp_cc_free(Tcb *tcb);

#endif
