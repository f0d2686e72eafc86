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
    TcpRecovery *r = tcb->work->recovery;

    if (r != NULL) {
        r->sacked -= (sent->flags & SENT_SACKED) != 0;
        r->lost -= (sent->flags & SENT_LOST) != 0;
        r->again -= (sent->flags & SENT_AGAIN) != 0;
    }
    tcb->out--;
    tcb->work->pieces -= (sent->flags & SENT_ENDS) != 0;
    tcb->work->sent = sent->next;
    if (tcb->work->sent == NULL)
        tcb->work->last_sent = NULL;
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_SENT, sizeof *sent), sent);
}

/* Takes what SND.UNA covers off the list of what is in flight: how many
 * segments. *RTT is the time since the first of them was sent, *LAST since the
 * last one was; 0 when one of them was sent more than once (Karn: RFC 6298 s3).
 */
static uint32_t clean_sent(Tcb *tcb, SimTime *rtt, SimTime *last)
{
    SimTime now = tcp_sim(tcb)->now;
    uint32_t segments = 0;
    bool again = false;
    TcpSent *sent;

    *rtt = *last = 0;
    while ((sent = tcb->work->sent) != NULL &&
           seq_leq(sent->end, tcb->snd.una)) {
        if (segments++ == 0)
            *rtt = now - sent->at;
        *last = now - sent->at;
        again |= (sent->flags & SENT_EVER_AGAIN) != 0;
        forget(tcb, sent);
    }
    /* An ACK into the middle of a segment: its rest is what is in flight. */
    if (sent != NULL && seq_lt(sent->seq, tcb->snd.una))
        sent->seq = tcb->snd.una;
    if (again)
        *rtt = *last = 0;
    return segments;
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

/* SND.UNA moves to SEG.ACK: how many segments that acknowledges. */
static uint32_t advance(Tcb *tcb, const TcpSegment *seg)
{
    uint32_t bytes = seg->ack - tcb->snd.una;
    const TcpCc *cc = tcp_cc(tcb);
    uint32_t segments;
    SimTime rtt, last;

    tcb->bytes_acked += bytes - (tcb->fin_sent && seg->ack == tcb->snd.nxt);
    tcb->snd.una = seg->ack;
    segments = clean_sent(tcb, &rtt, &last);
    free_text(tcb);
    if (rtt == 0)
        rtt = last = rtt_from_echo(tcb, seg);
    if (rtt > 0)
        tcp_rtt_sample(tcb, rtt);
    if (last > 0 && cc->sample != NULL)
        cc->sample(tcb, last, segments);
    tcb->tries = 0;
    tcp_progress(tcb);
    tcb->soft_error = false;
    return segments;
}

/* A user that was told "no room" hears when a third of the buffer is free. */
static void tell_writable(Tcb *tcb)
{
    if (tcb->writable_due &&
        tcb->snd.end - tcb->snd.una <= tcp_config(tcb)->send_buffer / 3 * 2) {
        tcb->writable_due = false;
        tcb->tell_writable = tcb->vtable != NULL;
    }
}

/* RFC 5681 s3.1; a window that is not used does not grow. */
static void grow(Tcb *tcb, uint32_t segments)
{
    bool slow_start = tcb->cwnd < tcb->ssthresh;

    if (segments == 0 || tcp_phase(tcb) == PHASE_FAST)
        return;
    if (tcb->cwnd_limited || (slow_start && tcb->cwnd < 2 * tcb->most_out))
        tcp_cc(tcb)->acked(tcb, segments);
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

void tcp_acked(Tcb *tcb, const TcpSegment *seg)
{
    uint32_t wnd = tcb->snd.wnd, una = tcb->snd.una;
    uint32_t segments = 0;
    bool advanced = seq_lt(una, seg->ack);
    bool dsack, sacked, duplicate;

    if (advanced)
        segments = advance(tcb, seg);
    if (seq_leq(una, seg->ack))
        update_window(tcb, seg);
    sacked = tcp_sack_received(tcb, seg, &dsack);
    duplicate = !advanced && seg->ack == una && seg->len == 0 && tcb->out > 0 &&
                wnd == tcb->snd.wnd; /* RFC 5681 s2 */
    tcp_probe_acked(tcb, seg, advanced || sacked || !duplicate, dsack);
    tcp_recover(tcb, segments, advanced, duplicate);
    if (advanced) {
        grow(tcb, segments);
        tell_writable(tcb);
        tcp_rearm_rexmit(tcb);
    }
    persist_answered(tcb);
}
