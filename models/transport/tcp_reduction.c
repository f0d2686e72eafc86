/* tcp_reduction.c - how the window becomes ssthresh: proportional rate
 * reduction (RFC 6937, as its revision draft-ietf-tcpm-prr-rfc6937bis and Linux
 * 6.18 have it), or at once. */
#include "tcp_inside.h"

#include <glib.h>

/* The reduction begins: for fast recovery and CWR alike. */
void tcp_reduction_begin(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;

    tcb->ecn_cwr = tcp_ecn(tcb);
    r->high = tcb->snd.nxt;
    r->tlp = false;
    r->prior_cwnd = tcb->cwnd;
    r->prr_delivered = r->prr_out = 0;
    tcb->ssthresh = tcp_cc(tcb)->ssthresh(tcb);
    tcb->cwnd_part = 0;
    if (!tcp_config(tcb)->prr && !tcb->rated)
        tcb->cwnd = tcb->ssthresh;
    tcp_cc_event(tcb, TCP_CC_REDUCED);
}

/* RFC 6937 s3: one ACK, or the timer, says that DELIVERED segments have
 * arrived.  Below ssthresh the slow start bound holds while nothing more is
 * lost (safeACK), else packet conservation. */
void tcp_reduce(Tcb *tcb, uint32_t delivered, bool advanced)
{
    TcpRecovery *r = tcb->work->recovery;
    int64_t pipe = tcp_pipe(tcb), room = tcb->ssthresh - pipe, send;

    if (!tcp_config(tcb)->prr || delivered == 0 || r->prior_cwnd == 0 ||
        tcb->rated)
        return;
    r->prr_delivered += delivered;
    if (room < 0) {
        uint64_t share = (uint64_t)tcb->ssthresh * r->prr_delivered;

        send =
            (int64_t)((share + r->prior_cwnd - 1) / r->prior_cwnd) - r->prr_out;
    } else {
        send = MAX((int64_t)r->prr_delivered - r->prr_out, delivered);
        if (advanced && r->newly_lost == 0)
            send++;
        send = MIN(send, room);
    }
    /* The first repetition goes out whatever the pipe holds. */
    send = MAX(send, r->prr_out == 0);
    tcb->cwnd = (uint32_t)(pipe + send);
}

void tcp_reduction_end(Tcb *tcb)
{
    const TcpRecovery *r = tcb->work->recovery;

    if (tcb->ssthresh < UINT32_MAX &&
        (r->undo || r->ca_state == TCP_SENDER_CWR))
        tcb->cwnd = tcb->ssthresh;
    tcp_cc_event(tcb, TCP_CC_RECOVERED);
}

void tcp_enter_cwr(Tcb *tcb)
{
    TcpRecovery *r = tcp_recovery(tcb);
    uint32_t cwnd = tcb->cwnd;

    r->prior_ssthresh = 0;
    if (r->ca_state >= TCP_SENDER_CWR)
        return;
    r->undo = false;
    tcp_reduction_begin(tcb);
    r->ca_state = TCP_SENDER_CWR;
    tcp_tell_recovery(tcb, RECOVERY_ECN, cwnd);
}
