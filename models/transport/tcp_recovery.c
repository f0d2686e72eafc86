/* tcp_recovery.c - what an ACK means for recovery: the states of the sender
 * (TcpSender) and the ways between them.
 *
 * With SACK: RACK (RFC 8985, tcp_rack.c), or RFC 6675 without it.  Without
 * SACK: RFC 6582 (NewReno), where each duplicate ACK stands for a segment that
 * has left the network.  After a time-out: RFC 5681 s3.1, and RFC 5682 (F-RTO)
 * asks whether it was spurious.  What is a matter of choice is Linux's
 * (net/ipv4/tcp_input.c tcp_fastretrans_alert()). */
#include "tcp_inside.h"

#include <glib.h>

static bool has_sack(const Tcb *tcb) { return tcp_has(tcb, TCP_OPT_SACK_OK); }

/* --- without SACK: RFC 6582 ----------------------------------------------- */

/* More arrived out of order than can have: at least one is missing.  So it was
 * reordering. */
static void check_reno(Tcb *tcb, TcpRecovery *r, uint32_t acked)
{
    uint32_t holes = MIN(MAX(r->lost, 1), tcb->out);

    if (r->sacked + holes <= tcb->out)
        return;
    r->sacked = tcb->out - holes;
    r->reordering = (uint16_t)MIN(tcb->out + acked, 300);
    r->reord_seen++;
}

static void add_duplicate(Tcb *tcb, TcpRecovery *r, TcpAck *ack)
{
    uint32_t before = r->sacked;

    if (!ack->duplicate)
        return;
    r->sacked++;
    check_reno(tcb, r, 0);
    ack->delivered += r->sacked - before;
}

void tcp_reno_acked(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;
    uint32_t acked = ack->cleaned;

    /* One was the hole, the rest had been told of by duplicates. */
    ack->delivered += acked > r->sacked + 1 ? acked - r->sacked : 1;
    r->sacked -= MIN(r->sacked, acked - 1);
    check_reno(tcb, r, acked);
}

static uint32_t dup_thresh(const Tcb *tcb, const TcpRecovery *r)
{
    return tcp_config(tcb)->rack ? r->reordering : TCP_DUP_THRESH;
}

/* The third duplicate ACK, or a partial ACK (RFC 6582 s3.2 steps 2 and 3), says
 * that the first segment is lost. */
static void mark_first(Tcb *tcb, TcpRecovery *r, bool advanced)
{
    TcpSent *first = tcb->work->sent;

    if (first->flags & SENT_LOST)
        return;
    if ((r->ca_state < TCP_SENDER_RECOVERY &&
         r->sacked >= dup_thresh(tcb, r)) ||
        (r->ca_state == TCP_SENDER_RECOVERY && advanced))
        tcp_mark_lost(tcb, r, first);
}

/* --- common parts --------------------------------------------------------- */

static void identify_loss(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;

    if (tcb->work->sent == NULL)
        return;
    if (!has_sack(tcb))
        mark_first(tcb, r, ack->advanced);
    else if (tcp_config(tcb)->rack)
        tcp_rack_mark_lost(tcb, ack);
    else if (r->sacked > 0)
        tcp_mark_by_count(tcb, r);
}

void tcp_keep_open(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;
    const TcpSent *first = tcb->work->sent;
    TcpSender state = TCP_SENDER_OPEN;

    if (r->sacked + r->lost + r->again > 0 ||
        (first != NULL && first->flags & SENT_EVER_AGAIN))
        state = TCP_SENDER_DISORDER;
    if (r->ca_state != state) {
        r->ca_state = (uint8_t)state;
        r->high = tcb->snd.nxt;
    }
}

static void try_to_open(Tcb *tcb, const TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;

    tcp_undo_forget_stamp(tcb, r);
    if (ack->ece)
        tcp_enter_cwr(tcb);
    if (r->ca_state != TCP_SENDER_CWR)
        tcp_keep_open(tcb);
}

/* What the window may go back to. */
static uint32_t current_ssthresh(const Tcb *tcb)
{
    return tcp_in_reduction(tcb)
               ? tcb->ssthresh
               : MAX(tcb->ssthresh, tcb->cwnd / 2 + tcb->cwnd / 4);
}

void tcp_enter_recovery(Tcb *tcb, bool ece)
{
    TcpRecovery *r = tcb->work->recovery;
    uint32_t cwnd = tcb->cwnd;

    tcp_undo_forget_stamp(tcb, r);
    r->prior_ssthresh = 0;
    tcp_undo_begin(tcb, r);
    if (!tcp_in_reduction(tcb)) {
        if (!ece)
            r->prior_ssthresh = current_ssthresh(tcb);
        tcp_reduction_begin(tcb);
    }
    r->ca_state = TCP_SENDER_RECOVERY;
    tcp_tell_recovery(tcb,
                      r->sacked >= dup_thresh(tcb, r) ? RECOVERY_DUPLICATES
                                                      : RECOVERY_RACK,
                      cwnd);
}

/* --- the time-out --------------------------------------------------------- */

/* RFC 5681 s3.1, RFC 6675 s5.1: everything not reported is lost; by RFC 8985
 * s6.3 not what was sent less than a round trip ago.  When the first segment
 * was reported the peer has dropped it since: RFC 2018 s8. */
static void mark_all(Tcb *tcb, TcpRecovery *r)
{
    TcpSent *first = tcb->work->sent;
    bool rack = tcp_config(tcb)->rack && tcb->work->rack_rtt > 0;

    if (first->flags & SENT_SACKED)
        tcp_forget_sack(tcb, r);
    else if (!has_sack(tcb))
        r->sacked = 0;
    for (TcpSent *s = first; s != NULL; s = s->next)
        if (s == first || !rack || tcp_rack_timeout(tcb, s, 0) <= 0)
            tcp_mark_lost(tcb, r, s);
    r->resend = first;
}

/* RFC 5681 s3.1, equation 4: one reduction for a window.  Linux counts the one
 * of a fast recovery that the timer ends. */
static bool is_to_reduce(const Tcb *tcb, const TcpRecovery *r)
{
    bool counts = tcp_config(tcb)->rto_rule == TCP_RTO_LINUX;

    return r->ca_state <= TCP_SENDER_DISORDER ||
           seq_leq(r->high, tcb->snd.una) ||
           (r->ca_state == TCP_SENDER_LOSS ? tcb->tries == 0 : !counts);
}

void tcp_enter_loss(Tcb *tcb)
{
    TcpRecovery *r = tcp_recovery(tcb);
    bool fresh = r->ca_state < TCP_SENDER_RECOVERY;
    uint32_t cwnd = tcb->cwnd;

    mark_all(tcb, r);
    if (is_to_reduce(tcb, r)) {
        r->prior_ssthresh = current_ssthresh(tcb);
        r->prior_cwnd = tcb->cwnd;
        tcb->ssthresh = tcp_cc(tcb)->ssthresh(tcb);
        tcp_undo_begin(tcb, r);
    }
    tcp_cc_event(tcb, TCP_CC_LOSS);
    tcb->cwnd = tcp_pipe(tcb) + 1;
    tcb->cwnd_part = 0;
    if (r->ca_state <= TCP_SENDER_DISORDER && r->sacked >= TCP_DUP_THRESH)
        r->reordering = TCP_DUP_THRESH; /* it was taken for too large */
    r->ca_state = TCP_SENDER_LOSS;
    tcb->ecn_cwr = tcp_ecn(tcb);
    r->high = tcb->snd.nxt;
    r->tlp = false;
    r->frto = tcp_config(tcb)->frto && (fresh || tcb->tries > 0); /* step 1 */
    tcp_tell_recovery(tcb, RECOVERY_TIMEOUT, cwnd);
}

/* RFC 5682 s3.1: true when it is known what to do. */
static bool frto(Tcb *tcb, TcpAck *ack, bool recovered)
{
    TcpRecovery *r = tcb->work->recovery;

    /* Step 3.b: what was sent before the time-out, and once, has arrived. */
    if (ack->original && tcp_undo_loss(tcb, ack->seg, true))
        return true;
    if (seq_lt(r->high, tcb->snd.nxt)) {
        if (ack->sacked || ack->duplicate)
            r->frto = false; /* step 3.a: the loss is real */
    } else if (ack->advanced && !recovered) {
        r->high = tcb->snd.nxt;
        if (tcp_may_send_new(tcb)) { /* step 2.b */
            ack->next = SEND_NEW;
            return true;
        }
        r->frto = false;
    }
    return false;
}

static void in_loss(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;
    bool recovered = seq_leq(r->high, tcb->snd.una);

    if (ack->advanced && tcp_undo_loss(tcb, ack->seg, false))
        return;
    if (r->frto && frto(tcb, ack, recovered))
        return;
    if (recovered) {
        tcp_undo_recovery(tcb, ack->seg);
        return;
    }
    if (!has_sack(tcb)) {
        if (seq_lt(r->high, tcb->snd.nxt) && ack->duplicate)
            add_duplicate(tcb, r, ack);
        else if (ack->advanced)
            r->sacked = 0;
    }
    ack->next = SEND_LOST;
}

/* --- an ACK --------------------------------------------------------------- */

static void in_open(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;

    if (!has_sack(tcb)) {
        if (ack->advanced)
            r->sacked = 0;
        add_duplicate(tcb, r, ack);
    }
    if (r->ca_state <= TCP_SENDER_DISORDER)
        tcp_undo_by_dsack(tcb);
    identify_loss(tcb, ack);
    if (r->lost == 0) {
        try_to_open(tcb, ack);
        return;
    }
    tcp_enter_recovery(tcb, ack->ece);
    ack->next = SEND_LOST;
}

static void in_recovery(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;

    if (ack->advanced) {
        if (tcp_undo_partial(tcb, ack))
            return;
    } else if (!has_sack(tcb)) {
        add_duplicate(tcb, r, ack);
    }
    if (tcp_undo_by_dsack(tcb))
        try_to_open(tcb, ack);
    identify_loss(tcb, ack);
    if (r->ca_state != TCP_SENDER_RECOVERY) {
        if (r->lost == 0)
            return;
        tcp_enter_recovery(tcb, ack->ece); /* reordering, and a loss too */
    }
    ack->next = SEND_LOST;
}

/* Everything sent before it began was acknowledged; true: that is all. */
static bool is_over(Tcb *tcb, const TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;

    if (r->ca_state == TCP_SENDER_CWR && tcb->snd.una != r->high) {
        /* CWR itself has arrived by now. */
        tcp_reduction_end(tcb);
        r->ca_state = TCP_SENDER_OPEN;
    } else if (r->ca_state == TCP_SENDER_RECOVERY) {
        if (!has_sack(tcb))
            r->sacked = 0;
        if (tcp_undo_recovery(tcb, ack->seg))
            return true;
        tcp_reduction_end(tcb);
    }
    return false;
}

/* The peer has dropped what it had reported: the timer will see to it, soon. */
static bool reneged(Tcb *tcb, TcpAck *ack)
{
    const TcpSent *first = tcb->work->sent;
    SimTime wait = MAX((SimTime)(tcb->srtt8 >> 4) * SIM_US, 10 * SIM_MS);

    if (!ack->advanced || first == NULL || !(first->flags & SENT_SACKED))
        return false;
    tcp_arm_rto(tcb, wait);
    ack->restart_timer = false;
    return true;
}

void tcp_recover(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;
    bool alert = ack->duplicate || ack->sacked || ack->dsack || ack->ece;

    if (r == NULL && (ack->ece || (ack->duplicate && !has_sack(tcb))))
        r = tcp_recovery(tcb);
    if (r == NULL || (!alert && r->ca_state == TCP_SENDER_OPEN))
        return;
    if (ack->ece)
        r->prior_ssthresh = 0;
    if (reneged(tcb, ack))
        return;
    if (r->ca_state == TCP_SENDER_OPEN)
        r->stamped = false;
    else if (seq_leq(r->high, tcb->snd.una) && is_over(tcb, ack))
        return;
    switch ((TcpSender)r->ca_state) {
    case TCP_SENDER_RECOVERY:
        in_recovery(tcb, ack);
        break;
    case TCP_SENDER_LOSS:
        in_loss(tcb, ack);
        identify_loss(tcb, ack);
        if (r->ca_state == TCP_SENDER_OPEN || ack->lost_again)
            in_open(tcb, ack);
        break;
    case TCP_SENDER_OPEN:
    case TCP_SENDER_DISORDER:
    case TCP_SENDER_CWR:
        in_open(tcb, ack);
        break;
    }
}

/* --- what is lost is sent again ------------------------------------------- */

/* ... even where the peer has taken its window back: SHLD-16, MAY-7. */
void tcp_retransmit_lost(Tcb *tcb, SimTime ran)
{
    TcpRecovery *r = tcb->work->recovery;
    bool first = false;
    uint32_t burst = 0; /* segments that are left of it */
    TcpSent *s = r->resend != NULL ? r->resend : tcb->work->sent;

    for (; s != NULL && r->lost > r->again; s = s->next) {
        TcpRepeatWhy why = REPEAT_RECOVERY;
        bool at_once = false;

        if ((s->flags & (SENT_LOST | SENT_AGAIN | SENT_SACKED)) != SENT_LOST)
            continue;
        if (tcb->paced && tcp_pacing_holds(tcb))
            break;
        if (tcp_in_reduction(tcb) && r->prr_out == 0) {
            why = ran > 0 ? REPEAT_REORDER_TIMER : REPEAT_FAST;
            at_once = !tcp_config(tcb)->prr; /* RFC 6675 s5, 4.3 */
        }
        if (tcp_pipe(tcb) >= tcb->cwnd && !at_once)
            break;
        r->prr_out += tcp_in_reduction(tcb);
        if (burst == 0)
            burst = tcp_burst_again(tcb, s,
                                    tcb->cwnd - MIN(tcb->cwnd, tcp_pipe(tcb)));
        burst--;
        tcp_retransmit(tcb, s, why, ran);
        if (tcp_state(tcb) == TCP_CLOSED)
            return;
        first |= s == tcb->work->sent;
    }
    r->resend = s;
    if (first && (tcb->rexmit_kind != REXMIT_REORDER ||
                  !deadline_on(&tcb->work->rexmit)))
        tcp_arm_rto(tcb, tcb->rto);
}

/* --- the tail loss probe, RFC 8985 s7.4 ----------------------------------- */

/* A probe that repeated a segment and was acknowledged without a report of a
 * duplicate has made good a loss, which reduces the window. */
void tcp_probe_acked(Tcb *tcb, const TcpAck *ack, bool news)
{
    TcpRecovery *r = tcb->work->recovery;
    uint32_t number = ack->seg->ack;

    if (seq_lt(number, r->tlp_high))
        return;
    if (!r->tlp_repeat || ack->dsack_probe) {
        r->tlp = false;
    } else if (seq_lt(r->tlp_high, number)) {
        uint32_t cwnd = tcb->cwnd;

        tcp_reduction_begin(tcb);
        r->ca_state = TCP_SENDER_CWR;
        tcp_reduction_end(tcb);
        tcp_tell_recovery(tcb, RECOVERY_PROBE_REPAIR, cwnd);
        tcp_keep_open(tcb);
    } else if (!news) {
        r->tlp = false; /* both arrived */
    }
}

/* The path passes less than was thought: what is too large is sent again,
 * without a reduction (Linux tcp_simple_retransmit()). */
void tcp_cut_flight(Tcb *tcb)
{
    TcpRecovery *r = tcp_recovery(tcb);

    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next)
        if (s->end - s->seq > tcp_full(tcb) + ((s->flags & SENT_FIN) != 0))
            tcp_mark_lost(tcb, r, s);
    if (r->lost == 0)
        return;
    if (!tcp_has(tcb, TCP_OPT_SACK_OK)) /* what is lost has not arrived */
        r->sacked = MIN(r->sacked, tcb->out - r->lost);
    if (r->ca_state != TCP_SENDER_LOSS) {
        r->high = tcb->snd.nxt;
        tcb->ssthresh = current_ssthresh(tcb);
        r->prior_ssthresh = 0;
        r->undo = r->frto = false;
        r->ca_state = TCP_SENDER_LOSS;
    }
    tcp_retransmit_lost(tcb, 0);
}
