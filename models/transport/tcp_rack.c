/* tcp_rack.c - what is lost, told from time (RFC 8985 s6): a segment is lost
 * when one that was sent later has arrived, and longer ago than reordering
 * explains.  Names are the RFC's; numbers, where it leaves a choice, Linux's
 * (net/ipv4/tcp_recovery.c). */
#include "tcp_inside.h"

#include <glib.h>

enum {
    PERSIST = 16,     /* recoveries for which a larger window is kept, s6.2 */
    MOST_STEPS = 255, /* of the reordering window */
    TIMER_LEAST_MS =
        2 /* added to the reordering timer: Linux TCP_TIMEOUT_MIN */
};

void tcp_rack_advance(Tcb *tcb, const TcpSent *sent)
{
    SimTime rtt = tcp_sim(tcb)->now - sent->at;
    TcpWork *work = tcb->work;

    /* Too soon for an ACK of the repetition: it is one of the original. */
    if (sent->flags & SENT_EVER_AGAIN && rtt < tcb->min_rtt * SIM_US)
        return;
    if (work->recovery != NULL)
        work->recovery->advanced = true;
    work->rack_id = MAX(work->rack_id, sent->id);
    work->rack_rtt = MAX(rtt, 1);
}

/* s6.2 step 4: min_RTT / 4 for each time that a repetition proved superfluous;
 * none before reordering was seen, once there is reason to act. */
static SimTime reo_wnd(const Tcb *tcb, const TcpRecovery *r)
{
    if (r->reord_seen == 0 &&
        (r->ca_state >= TCP_SENDER_RECOVERY || r->sacked >= r->reordering))
        return 0;
    return (SimTime)MIN((uint64_t)(tcb->min_rtt >> 2) * r->reo_steps,
                        tcb->srtt8 >> 3) *
           SIM_US;
}

SimTime tcp_rack_timeout(const Tcb *tcb, const TcpSent *sent, SimTime wnd)
{
    const TcpWork *work = tcb->work;
    SimTime rtt = work->rack_rtt;

    return rtt + wnd - (tcp_sim(tcb)->now - sent->at);
}

/* s6.2 step 5.  How long the latest of those has still to wait that are not
 * lost yet; 0: none. */
static SimTime detect_loss(Tcb *tcb, TcpRecovery *r, bool *again)
{
    const TcpWork *work = tcb->work;
    SimTime wnd = reo_wnd(tcb, r), longest = 0;

    for (TcpSent *next, *s = tcp_earliest(tcb, r); s != NULL; s = next) {
        SimTime left = tcp_rack_timeout(tcb, s, wnd);

        next = s->later;
        if (s->id >= work->rack_id) /* not sent before it: s5.1 */
            break;
        if (left <= 0)
            *again |= tcp_mark_lost(tcb, r, s);
        else
            longest = MAX(longest, left);
    }
    return longest;
}

void tcp_rack_mark_lost(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;
    SimTime wait;

    if (!r->advanced)
        return;
    r->advanced = false;
    wait = detect_loss(tcb, r, &ack->lost_again);
    if (wait > 0) {
        tcp_arm_reorder(tcb, wait + TIMER_LEAST_MS * SIM_MS);
        ack->restart_timer = false;
    }
}

void tcp_rack_timer(Tcb *tcb, SimTime ran)
{
    TcpRecovery *r = tcb->work->recovery;
    uint32_t before = tcp_pipe(tcb);
    bool again = false;

    r->newly_lost = 0;
    detect_loss(tcb, r, &again);
    if (tcp_pipe(tcb) != before) {
        if (r->ca_state != TCP_SENDER_RECOVERY) {
            tcp_enter_recovery(tcb, false);
            tcp_reduce(tcb, 1, false);
        }
        tcp_retransmit_lost(tcb, ran);
    }
    if (tcp_state(tcb) != TCP_CLOSED && !deadline_on(&tcb->work->rexmit))
        tcp_arm_rto(tcb, tcp_rto_left(tcb));
}

/* s6.2 step 4: the window grows by one step in each round trip in which a
 * duplicate was reported, and shrinks after 16 recoveries without one. */
void tcp_rack_update_window(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;

    if (r->dsack_waits && seq_leq(r->dsack_round, tcb->snd.una))
        r->dsack_waits = false;
    if (r->dsack_waits) {
        r->dsack_seen = false;
    } else if (r->dsack_seen) {
        r->dsack_seen = false;
        r->dsack_waits = true;
        r->dsack_round = tcb->snd.nxt;
        r->reo_persist = PERSIST;
        r->reo_steps += r->reo_steps < MOST_STEPS;
    } else if (r->reo_persist == 0) {
        r->reo_steps = 1;
    }
}
