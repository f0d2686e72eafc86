/* tcp_undo.c - a reduction of the window is taken back when it proves
 * unfounded: every repetition was reported as a duplicate (D-SACK, RFC 3708),
 * or the peer's timestamp shows that it answers what was sent before the first
 * repetition (Eifel: RFC 3522, RFC 4015).  The rules are Linux's
 * (net/ipv4/tcp_input.c tcp_may_undo(), tcp_packet_delayed()). */
#include "tcp_inside.h"

#include <glib.h>

enum { MOST_PERSIST = 16 };

/* What of the flight was sent more than once? */
static bool repeats_are_out(const Tcb *tcb, const TcpRecovery *r)
{
    const TcpSent *first = tcb->work->sent;

    return r->again > 0 || (first != NULL && first->flags & SENT_EVER_AGAIN);
}

void tcp_undo_forget_stamp(const Tcb *tcb, TcpRecovery *r)
{
    if (!repeats_are_out(tcb, r))
        r->stamped = false;
}

void tcp_undo_begin(Tcb *tcb, TcpRecovery *r)
{
    r->undo = true;
    r->undo_una = tcb->snd.una;
    r->undo_repeats = (int32_t)r->again + (r->tlp && r->tlp_repeat);
    if (r->undo_repeats == 0)
        r->undo_repeats = -1;
}

void tcp_undo_repeated(const Tcb *tcb, TcpRecovery *r)
{
    if (!r->stamped) {
        r->stamped = true;
        r->repeat_stamp = tcp_ts_now(tcb);
    }
    r->undo_repeats = MAX(r->undo_repeats, 0) + 1;
}

void tcp_undo_duplicate(TcpRecovery *r, uint32_t end, uint32_t segments)
{
    if (r->undo && r->undo_repeats > 0 && seq_lt(r->undo_una, end))
        r->undo_repeats = MAX(r->undo_repeats - (int32_t)segments, 0);
}

/* Without SACK it stays as it is until something above `high` is acknowledged:
 * RFC 6582 s3.2 step 1 and s4.1. */
static bool held_back(Tcb *tcb, TcpRecovery *r)
{
    if (tcb->snd.una != r->high || tcp_has(tcb, TCP_OPT_SACK_OK))
        return false;
    tcp_undo_forget_stamp(tcb, r);
    return true;
}

/* SEG was sent before the first repetition arrived. */
static bool delayed(const Tcb *tcb, const TcpRecovery *r, const TcpSegment *seg)
{
    if (!tcp_config(tcb)->undo_timestamps)
        return false;
    if (r->stamped)
        return tcp_has_timestamps(tcb, seg) && seg->header->ts_ecr != 0 &&
               seq_lt(seg->header->ts_ecr, r->repeat_stamp);
    return tcp_has(tcb, TCP_OPT_SACK_OK) || seq_lt(tcb->snd.una, r->high);
}

static bool superfluous(const Tcb *tcb, const TcpRecovery *r)
{
    return tcp_config(tcb)->undo_dsack && r->undo && r->undo_repeats == 0;
}

/* Why the reduction may be taken back; RECOVERY_OVER: it may not. */
static TcpRecoveryStep unfounded(const Tcb *tcb, const TcpRecovery *r,
                                 const TcpSegment *seg)
{
    if (superfluous(tcb, r))
        return RECOVERY_UNDO_DSACK;
    return r->undo && delayed(tcb, r, seg) ? RECOVERY_UNDO_ECHO : RECOVERY_OVER;
}

/* UNMARK: what was taken for lost is not. */
static void take_back(Tcb *tcb, TcpRecovery *r, bool unmark,
                      TcpRecoveryStep why)
{
    const TcpCc *cc = tcp_cc(tcb);
    uint32_t cwnd = tcb->cwnd;

    if (unmark)
        tcp_unmark_lost(tcb, r);
    if (r->prior_ssthresh != 0) {
        tcb->cwnd = cc->undo != NULL ? cc->undo(tcb, r->prior_cwnd)
                                     : MAX(tcb->cwnd, r->prior_cwnd);
        tcb->ssthresh = MAX(tcb->ssthresh, r->prior_ssthresh);
    }
    r->undo = false;
    r->advanced = true; /* losses are looked for again */
    tcp_tell_recovery(tcb, why, cwnd);
}

bool tcp_undo_recovery(Tcb *tcb, const TcpSegment *seg)
{
    TcpRecovery *r = tcb->work->recovery;
    TcpRecoveryStep why = unfounded(tcb, r, seg);

    if (why != RECOVERY_OVER)
        take_back(tcb, r, false, why);
    else if (r->reo_persist > 0)
        r->reo_persist--;
    if (held_back(tcb, r))
        return true;
    r->ca_state = TCP_SENDER_OPEN;
    if (why == RECOVERY_OVER)
        tcp_tell_recovery(tcb, RECOVERY_OVER, tcb->cwnd);
    return false;
}

bool tcp_undo_by_dsack(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;

    if (!superfluous(tcb, r))
        return false;
    r->reo_persist = (uint8_t)MIN(r->reo_persist + 1, MOST_PERSIST);
    take_back(tcb, r, false, RECOVERY_UNDO_DSACK);
    return true;
}

bool tcp_undo_partial(Tcb *tcb, const TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;

    if (!r->undo || !delayed(tcb, r, ack->seg))
        return false;
    /* The hole was filled by a segment that was late: reordering. */
    tcp_reordered(tcb, r, ack->una);
    if (r->again > 0)
        return true;
    tcp_undo_forget_stamp(tcb, r);
    take_back(tcb, r, true, RECOVERY_UNDO_ECHO);
    tcp_keep_open(tcb);
    return false;
}

bool tcp_undo_loss(Tcb *tcb, const TcpSegment *seg, bool frto)
{
    TcpRecovery *r = tcb->work->recovery;
    TcpRecoveryStep why = frto ? RECOVERY_UNDO_FRTO : unfounded(tcb, r, seg);

    if (why == RECOVERY_OVER)
        return false;
    take_back(tcb, r, true, why);
    tcb->tries = 0;
    if (!held_back(tcb, r) && (frto || tcp_has(tcb, TCP_OPT_SACK_OK)))
        r->ca_state = TCP_SENDER_OPEN;
    return true;
}
