/* tcp_ack.c - what an acknowledgment does at the sender (RFC 9293 s3.10.7.4
 * fifth, RFC 5681, RFC 6298 s5). */
#include "tcp_inside.h"

#include <glib.h>

/* SND.WND is taken from a segment that is not older than the last one that set
 * it.  The window of a SYN is not scaled, every other one is (RFC 7323 s2.2).
 */
static void update_window(Tcb *tcb, const TcpSegment *seg)
{
    if (seq_lt(tcb->snd.wl1, seg->seq) ||
        (tcb->snd.wl1 == seg->seq && seq_leq(tcb->snd.wl2, seg->ack))) {
        tcb->snd.wnd = seg->wnd;
        tcb->snd.wl1 = seg->seq;
        tcb->snd.wl2 = seg->ack;
        tcb->snd.max_wnd = MAX(tcb->snd.max_wnd, seg->wnd);
    }
}

/* Chunks whose last byte is acknowledged. */
static void free_text(Tcb *tcb)
{
    Slab *slab = sim_slab(tcp_sim(tcb), SLAB_TCP_CHUNK, sizeof(TcpChunk));
    TcpChunk *chunk;

    while ((chunk = tcb->work->text) != NULL &&
           seq_leq(chunk->seq + chunk->text.len, tcb->snd.una)) {
        tcb->work->text = chunk->next;
        if (tcb->work->next_text == chunk)
            tcb->work->next_text = NULL;
        if (tcb->work->text == NULL)
            tcb->work->last_text = NULL;
        slice_clear(&chunk->text);
        slab_free(slab, chunk);
    }
}

static void forget(Tcb *tcb, TcpSent *sent)
{
    if (tcb->work->recovery != NULL)
        tcp_forget_sent(tcb->work->recovery, sent);
    tcb->out--;
    tcb->work->pieces -= (sent->flags & SENT_ENDS) != 0;
    tcb->work->sent = sent->next;
    if (tcb->work->sent == NULL)
        tcb->work->last_sent = NULL;
    if (sent->rated)
        tcp_rated_free(tcb, sent);
    else
        slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_SENT, sizeof *sent), sent);
}

/* The echo is older than the repetition SENT: the original has arrived. */
static bool is_of_original(const Tcb *tcb, const TcpSegment *seg,
                           const TcpSent *sent)
{
    return tcp_has_timestamps(tcb, seg) && seg->header->ts_ecr != 0 &&
           seq_lt(seg->header->ts_ecr, tcp_ts_at(tcb, sent->at));
}

/* SENT is acknowledged, of a flight in which something was lost or late. */
static void look_at(Tcb *tcb, TcpAck *ack, const TcpSent *sent)
{
    bool again = (sent->flags & SENT_EVER_AGAIN) != 0;
    bool sacked = (sent->flags & SENT_SACKED) != 0;

    if (again) {
        ack->repeated_acked = true;
    } else if (!sacked) {
        if (ack->first == SIM_NEVER)
            ack->first = sent->at;
        ack->last = sent->at;
        tcp_note_disorder(ack, sent->seq);
        ack->original |= seq_leq(sent->end, tcb->work->recovery->high);
    }
    if (sacked || !tcp_has(tcb, TCP_OPT_SACK_OK))
        return;
    ack->delivered++;
    if (!again || !is_of_original(tcb, ack->seg, sent))
        tcp_rack_advance(tcb, sent);
}

/* Takes what SND.UNA covers off the list of what is in flight.  While nothing
 * was ever lost the last of it is all that RACK needs to know. */
static void clean_sent(Tcb *tcb, TcpAck *ack)
{
    TcpWork *work = tcb->work;
    uint32_t una = tcb->snd.una;
    TcpSent *sent;

    while ((sent = work->sent) != NULL && seq_leq(sent->end, una)) {
        if (work->recovery != NULL) {
            look_at(tcb, ack, sent);
        } else {
            if (ack->cleaned == 0)
                ack->first = sent->at;
            ack->last = sent->at;
            work->rack_id = sent->id;
        }
        if (tcb->rated && !(sent->flags & SENT_SACKED))
            tcp_rate_delivered(tcb, sent);
        ack->cleaned++;
        forget(tcb, sent);
    }
    /* An ACK into the middle of a segment: its rest is what is in flight. */
    if (sent != NULL && seq_lt(sent->seq, una))
        sent->seq = una;
    if (work->recovery == NULL) {
        ack->delivered = ack->cleaned;
        if (ack->cleaned > 0)
            work->rack_rtt = tcp_sim(tcb)->now - ack->last;
    }
}

/* A sample from the echoed timestamp, which is in ms (RFC 7323 s4.1). */
static SimTime rtt_from_echo(const Tcb *tcb, const TcpSegment *seg)
{
    uint32_t ms;

    if (!(seg->header->options & TCP_OPT_TIMESTAMPS) ||
        !tcp_has(tcb, TCP_OPT_TIMESTAMPS) || seg->header->ts_ecr == 0)
        return 0;
    ms = tcp_ts_now(tcb) - seg->header->ts_ecr;
    return ms < INT32_MAX ? MAX(ms, 1) * SIM_MS : 0;
}

/* RFC 6298 s3, s4; by Linux's rule what is reported counts too.  LAST is for
 * congestion control. */
static bool sample(Tcb *tcb, const TcpAck *ack)
{
    const TcpCc *cc = tcp_cc(tcb);
    SimTime now = tcp_sim(tcb)->now, rtt = 0, last = 0;
    bool linux_rule = tcp_config(tcb)->rto_rule == TCP_RTO_LINUX;

    if (ack->first != SIM_NEVER && !ack->repeated_acked) {
        rtt = now - ack->first;
        last = now - ack->last;
    }
    if (ack->sack_first != SIM_NEVER && linux_rule) {
        rtt = rtt > 0 ? rtt : now - ack->sack_first;
        last = now - ack->sack_last;
    }
    if (rtt == 0 && ack->cleaned > 0)
        rtt = last = rtt_from_echo(tcb, ack->seg);
    if (rtt > 0)
        tcp_rtt_sample(tcb, rtt, last);
    if (last > 0 && cc->sample != NULL)
        cc->sample(tcb, last, ack->cleaned);
    return rtt > 0;
}

/* SND.UNA moves to SEG.ACK. */
static void advance(Tcb *tcb, TcpAck *ack)
{
    tcb->tries = 0;
    tcp_progress(tcb);
    tcb->soft_error = false;
    clean_sent(tcb, ack);
    if (tcb->work->text != NULL)
        free_text(tcb);
}

/* What was acknowledged and reported, with time in it. */
static void account(Tcb *tcb, TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;
    const TcpSent *first = tcb->work->sent;
    bool sampled = sample(tcb, ack);

    if (ack->cleaned > 0) {
        ack->restart_timer = true;
        if (r == NULL)
            return;
        if (!tcp_has(tcb, TCP_OPT_SACK_OK)) {
            tcp_reno_acked(tcb, ack);
            ack->original &= !ack->repeated_acked;
        } else if (ack->disorder && seq_lt(ack->low, ack->fack)) {
            tcp_reordered(tcb, r, ack->low);
        }
    } else if (sampled && first != NULL && ack->sack_first != SIM_NEVER &&
               ack->sack_first < first->at) {
        /* The first one was sent after what is reported. */
        ack->restart_timer = true;
    }
}

void tcp_syn_acked(Tcb *tcb, const TcpSegment *seg)
{
    TcpAck ack = {.seg = seg};

    tcb->snd.una = seg->ack;
    if (!tcb->syn_text)
        return;
    tcp_tally(tcb)->bytes_acked += seg->ack - (tcb->iss + 1);
    clean_sent(tcb, &ack); /* one packet carried both: the SYN counts */
    free_text(tcb);
}

/* RFC 5681 s3.1; a window that is not used does not grow. */
static void grow(Tcb *tcb, const TcpAck *ack)
{
    const TcpRecovery *r = tcb->work->recovery;
    bool slow_start = tcb->cwnd < tcb->ssthresh;

    /* Where segments are often out of order reports count as well. */
    if (ack->delivered == 0 ||
        (ack->cleaned == 0 && (r == NULL || r->reordering <= TCP_DUP_THRESH)))
        return;
    if (tcb->cwnd_limited || (slow_start && tcb->cwnd < 2 * tcb->most_out))
        tcp_cc(tcb)->acked(tcb, ack->delivered);
}

/* The probes were answered: the window is open, or still shut (s3.8.6.1). */
static void persist_answered(Tcb *tcb)
{
    tcb->probes = 0;
    if (tcb->rexmit_kind != REXMIT_PERSIST || !deadline_on(&tcb->work->rexmit))
        return;
    deadline_off(&tcb->work->rexmit);
    if (tcb->work->text != NULL &&
        seq_lt(tcb->snd.nxt, tcb->snd.una + tcb->snd.wnd))
        tcb->backoff = 0;
    /* tcp_output() sends, or arms it again. */
}

/* Sends what the ACK says is lost. */
static void repair(Tcb *tcb, const TcpAck *ack)
{
    TcpRecovery *r = tcb->work->recovery;

    if (ack->next == SEND_NEW) {
        tcp_output(tcb);
        r = tcb->work->recovery;
        if (r == NULL || seq_lt(r->high, tcb->snd.nxt))
            return;
        r->frto = false;
    }
    if (ack->next != SEND_NOTHING)
        tcp_retransmit_lost(tcb, 0);
}

/* What recovery makes of the ACK, and the window. */
static void react(Tcb *tcb, TcpAck *ack, bool news)
{
    TcpRecovery *r = tcb->work->recovery;

    if (r != NULL) {
        tcp_rack_update_window(tcb);
        if (r->tlp)
            tcp_probe_acked(tcb, ack, news || ack->sacked);
    }
    tcp_recover(tcb, ack);
    if (ack->restart_timer)
        tcp_rearm_rexmit(tcb);
    tcb->delivered += ack->delivered;
    if (ack->ece)
        tcp_recovery(tcb)->delivered_ce += ack->delivered;
    if (tcb->rated) {
        tcp_rate_end(tcb);
        tcp_cc(tcb)->control(tcb);
    } else if (tcp_in_reduction(tcb)) {
        tcp_reduce(tcb, ack->delivered, ack->advanced);
    } else {
        grow(tcb, ack);
    }
    repair(tcb, ack);
}

/* An ACK that is older than another one reports what it knew: it was
 * reordered. */
static void old_ack(Tcb *tcb, TcpAck *ack)
{
    if (ack->seg->header->sack_count == 0 || !tcp_has(tcb, TCP_OPT_SACK_OK))
        return;
    tcp_sack_received(tcb, ack);
    tcp_recover(tcb, ack);
    tcb->delivered += ack->delivered;
    repair(tcb, ack);
}

static void work_on_ack(Tcb *tcb, const TcpSegment *seg)
{
    uint32_t wnd = tcb->snd.wnd, bytes = seg->ack - tcb->snd.una;
    TcpRecovery *r = tcb->work->recovery;
    TcpAck ack = {.seg = seg,
                  .una = tcb->snd.una,
                  .fack = tcb->snd.una,
                  .first = SIM_NEVER,
                  .sack_first = SIM_NEVER,
                  .advanced = seq_lt(tcb->snd.una, seg->ack)};
    bool news;

    if (r != NULL) {
        r->newly_lost = 0;
        if (r->sacked > 0)
            ack.fack = r->fack;
    }
    if (tcb->rated) {
        tcp_rate_check(tcb);
        tcp_rate_begin(tcb);
    }
    if (seq_lt(seg->ack, ack.una)) {
        old_ack(tcb, &ack);
        return;
    }
    if (ack.advanced) {
        bytes -= tcb->fin_sent && seg->ack == tcb->snd.nxt;
        if (bytes > 0)
            tcp_tally(tcb)->bytes_acked += bytes;
        tcb->snd.una = seg->ack;
    }
    update_window(tcb, seg);
    if (seg->len == 0 && wnd != tcb->snd.wnd)
        tcp_note_echo(tcb, seg);
    if (seg->header->sack_count > 0 && tcp_has(tcb, TCP_OPT_SACK_OK))
        tcp_sack_received(tcb, &ack);
    ack.ece = (seg->flags & (TCP_ECE | TCP_SYN)) == TCP_ECE && tcp_ecn(tcb);
    news = ack.advanced || seg->len > 0 || wnd != tcb->snd.wnd;
    ack.duplicate = !news && !ack.dsack && tcb->out > 0; /* RFC 5681 s2 */
    if (ack.advanced)
        advance(tcb, &ack);
    if (ack.advanced || ack.sacked)
        account(tcb, &ack);
    react(tcb, &ack, news);
    if (ack.advanced && tcb->out == 0)
        tcp_waits_stop(tcb, TCP_BUSY);
    persist_answered(tcb);
}

/* Nothing is in flight, and nothing is left of what was: SEG can tell of the
 * window only. */
static bool is_at_rest(const Tcb *tcb, const TcpSegment *seg)
{
    return tcb->out == 0 && seg->ack == tcb->snd.una &&
           tcb->work->recovery == NULL && !tcb->rated &&
           !(seg->flags & TCP_ECE);
}

void tcp_acked(Tcb *tcb, const TcpSegment *seg)
{
    if (is_at_rest(tcb, seg)) {
        update_window(tcb, seg);
        persist_answered(tcb);
    } else {
        work_on_ack(tcb, seg);
    }
}
