/* tcp_recovery.c - what was lost, and how it is made good.
 *
 * With SACK: RFC 6675 (scoreboard, pipe).  Without: RFC 6582 (NewReno), where
 * each duplicate ACK stands for a segment that has left the network.  After a
 * time-out: RFC 5681 s3.1, everything not reported is lost and sent again in
 * slow start. */
#include "tcp_inside.h"

#include <glib.h>

enum { DUP_THRESH = 3 }; /* RFC 5681 s3.2, RFC 6675 s2 */

TcpRecovery *tcp_recovery(Tcb *tcb)
{
    TcpWork *work = tcp_work(tcb);

    if (work->recovery == NULL) {
        work->recovery = slab_alloc(
            sim_slab(tcp_sim(tcb), SLAB_TCP_RECOVERY, sizeof(TcpRecovery)));
        *work->recovery = (TcpRecovery){0};
    }
    return work->recovery;
}

void tcp_recovery_free(Tcb *tcb)
{
    if (tcb->work->recovery == NULL)
        return;
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_RECOVERY, sizeof(TcpRecovery)),
              tcb->work->recovery);
    tcb->work->recovery = NULL;
}

/* --- the scoreboard ------------------------------------------------------- */

static void mark_lost(TcpRecovery *r, TcpSent *sent)
{
    if (sent->flags & (SENT_LOST | SENT_SACKED))
        return;
    sent->flags |= SENT_LOST;
    r->lost++;
}

static void mark_sacked(TcpRecovery *r, TcpSent *sent)
{
    if (sent->flags & SENT_LOST)
        r->lost--;
    if (sent->flags & SENT_AGAIN)
        r->again--;
    sent->flags &= (uint8_t) ~(SENT_LOST | SENT_AGAIN);
    sent->flags |= SENT_SACKED;
    r->sacked++;
}

/* Block 0 reports a duplicate: RFC 2883 s4. */
static bool is_dsack(const TcpSegment *seg)
{
    const TcpSackBlock *b = seg->header->sack;

    if (seg->header->sack_count == 0)
        return false;
    return seq_lt(b[0].left, seg->ack) ||
           (seg->header->sack_count > 1 && seq_leq(b[1].left, b[0].left) &&
            seq_leq(b[0].right, b[1].right));
}

bool tcp_sack_received(Tcb *tcb, const TcpSegment *seg, bool *dsack)
{
    const TcpHeader *header = seg->header;
    bool found = false;

    *dsack = false;
    if (header->sack_count == 0 || !tcp_has(tcb, TCP_OPT_SACK_OK))
        return false;
    *dsack = is_dsack(seg);
    for (unsigned i = *dsack; i < header->sack_count; i++) {
        TcpSackBlock b = header->sack[i];

        /* Only what is in flight can be reported. */
        if (!seq_lt(b.left, b.right) || seq_lt(b.left, tcb->snd.una) ||
            seq_lt(tcb->snd.nxt, b.right))
            continue;
        for (TcpSent *s = tcb->work->sent; s != NULL && seq_lt(s->seq, b.right);
             s = s->next)
            if (seq_leq(b.left, s->seq) && seq_leq(s->end, b.right) &&
                !(s->flags & SENT_SACKED)) {
                mark_sacked(tcp_recovery(tcb), s);
                found = true;
            }
    }
    return found;
}

/* RFC 6675 IsLost(): DupThresh segments beyond it were reported. */
static bool update_lost(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;
    uint32_t beyond = r->sacked;

    for (TcpSent *s = tcb->work->sent; s != NULL && beyond >= DUP_THRESH;
         s = s->next) {
        if (s->flags & SENT_SACKED)
            beyond--;
        else
            mark_lost(r, s);
    }
    return r->lost > 0;
}

/* --- phases --------------------------------------------------------------- */

static void enter_fast(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;
    uint32_t cwnd = tcb->cwnd;

    r->high = tcb->snd.nxt;
    r->phase = PHASE_FAST;
    r->tlp = false;
    tcb->ssthresh = tcp_cc(tcb)->ssthresh(tcb);
    tcb->cwnd = tcb->ssthresh;
    tcb->cwnd_part = 0;
    tcp_tell_recovery(tcb, RECOVERY_DUPLICATES, cwnd);
    /* The first goes out whatever the pipe holds (RFC 6675 s5, 4.3). */
    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next)
        if ((s->flags & (SENT_LOST | SENT_AGAIN)) == SENT_LOST) {
            tcp_retransmit(tcb, s, REPEAT_FAST, 0);
            break;
        }
}

void tcp_enter_loss(Tcb *tcb)
{
    TcpRecovery *r = tcp_recovery(tcb);
    uint32_t cwnd = tcb->cwnd;

    /* One reduction for a window, however often its timer fires (s3.1, eq. 4).
     */
    if (r->phase != PHASE_LOSS || seq_leq(r->high, tcb->snd.una))
        tcb->ssthresh = tcp_cc(tcb)->ssthresh(tcb);
    tcb->cwnd = 1;
    tcb->cwnd_part = 0;
    r->phase = PHASE_LOSS;
    r->high = tcb->snd.nxt;
    r->tlp = false;
    r->again = 0;
    if (!tcp_has(tcb, TCP_OPT_SACK_OK))
        r->sacked = 0;
    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next) {
        s->flags &= (uint8_t)~SENT_AGAIN;
        mark_lost(r, s);
    }
    tcp_cc_event(tcb, TCP_CC_LOSS);
    tcp_tell_recovery(tcb, RECOVERY_TIMEOUT, cwnd);
}

/* RFC 6582 s3.2, RFC 6675 s5: everything sent before the loss has arrived.
 * After fast recovery the window is ssthresh already. */
static void leave(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;

    r->phase = PHASE_OPEN;
    if (!tcp_has(tcb, TCP_OPT_SACK_OK))
        r->sacked = 0;
    tcp_tell_recovery(tcb, RECOVERY_OVER, tcb->cwnd);
}

/* Without SACK: a duplicate ACK says that one more segment has arrived; a
 * partial ACK, that the one at its front is lost too (RFC 6582 s3.2, 3 and 5).
 */
static void guess(Tcb *tcb, uint32_t segments, bool advanced, bool duplicate)
{
    TcpRecovery *r = tcb->work->recovery;

    if (advanced && r->sacked > 0)
        r->sacked -= MIN(r->sacked, MAX(segments, 1) - 1);
    if (duplicate && r->sacked + r->lost < tcb->out)
        r->sacked++;
    if (tcb->work->sent != NULL &&
        (r->sacked >= DUP_THRESH ||
         (advanced && r->phase == PHASE_FAST && seq_lt(tcb->snd.una, r->high))))
        mark_lost(r, tcb->work->sent);
    if (r->sacked + r->lost > tcb->out)
        r->sacked = tcb->out - r->lost;
}

void tcp_recover(Tcb *tcb, uint32_t segments, bool advanced, bool duplicate)
{
    TcpRecovery *r = tcb->work->recovery;
    bool sack = tcp_has(tcb, TCP_OPT_SACK_OK);

    if (r == NULL && (!duplicate || sack))
        return;
    r = tcp_recovery(tcb);
    if (r->phase != PHASE_OPEN && seq_leq(r->high, tcb->snd.una))
        leave(tcb);
    if (!sack)
        guess(tcb, segments, advanced, duplicate);
    else if (r->sacked > 0)
        update_lost(tcb);
    if (r->phase == PHASE_OPEN && r->lost > 0)
        enter_fast(tcb);
}

void tcp_retransmit_lost(Tcb *tcb)
{
    TcpRecovery *r = tcb->work->recovery;

    if (r == NULL || r->lost == r->again)
        return;
    for (TcpSent *s = tcb->work->sent; s != NULL && r->lost > r->again;
         s = s->next)
        if ((s->flags & (SENT_LOST | SENT_AGAIN)) == SENT_LOST) {
            if (tcp_pipe(tcb) >= tcb->cwnd)
                return;
            tcp_retransmit(tcb, s, REPEAT_RECOVERY, 0);
        }
}

/* RFC 8985 s7.4: a probe that repeated a segment and was acknowledged without a
 * report of a duplicate has made good a loss, which reduces the window. */
void tcp_probe_acked(Tcb *tcb, const TcpSegment *seg, bool progress, bool dsack)
{
    TcpRecovery *r = tcb->work->recovery;
    uint32_t cwnd = tcb->cwnd;

    if (r == NULL || !r->tlp || seq_lt(seg->ack, r->tlp_high))
        return;
    if (!r->tlp_repeat || dsack) {
        r->tlp = false;
    } else if (seq_lt(r->tlp_high, seg->ack)) {
        r->tlp = false;
        if (r->phase == PHASE_OPEN) {
            tcb->ssthresh = tcp_cc(tcb)->ssthresh(tcb);
            tcb->cwnd = tcb->ssthresh;
            tcp_tell_recovery(tcb, RECOVERY_PROBE_REPAIR, cwnd);
        }
    } else if (!progress) {
        r->tlp = false; /* both arrived */
    }
}

/* The path passes less than was thought: what is too large is sent again. */
void tcp_cut_flight(Tcb *tcb)
{
    TcpRecovery *r = tcp_recovery(tcb);

    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next)
        if (s->end - s->seq > tcp_full(tcb) + ((s->flags & SENT_FIN) != 0)) {
            if (s->flags & SENT_AGAIN)
                r->again--;
            s->flags &= (uint8_t)~SENT_AGAIN;
            mark_lost(r, s);
        }
}
