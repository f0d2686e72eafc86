/* tcp_steps.c - SEGMENT ARRIVES in every state but CLOSED, LISTEN and SYN-SENT:
 * RFC 9293 s3.10.7.4.
 *
 * The eight steps are the eight functions of steps[], in the RFC's order, with
 * what RFC 5961 and RFC 7323 add to them, and Linux's own ways where the
 * profile asks. */
#include "tcp_inside.h"

#include <glib.h>

/* RFC 7323 s5.5: how long the peer's last timestamp can be compared with. */
#define TS_RECENT_GOOD (24 * 24 * 3600 * SIM_S)

/* RFC 9293 table 6; at RCV.NXT a segment is worked on even when the window is
 * zero, for its ACK and RST (MUST-66). */
static bool acceptable(const Tcb *tcb, const TcpSegment *seg)
{
    uint32_t wnd = tcp_window_taken(tcb);

    if (seg->len == 0)
        return seg->seq == tcb->rcv.nxt ||
               seq_in_window(seg->seq, tcb->rcv.nxt, wnd);
    if (wnd == 0)
        return false;
    return seq_in_window(seg->seq, tcb->rcv.nxt, wnd) ||
           seq_in_window(seg->seq + seg->len - 1, tcb->rcv.nxt, wnd);
}

/* Linux's tcp_sequence(): text or a FIN that has come before is acceptable
 * unless it ends before the last ACK that was sent.  What it acknowledges
 * counts then, and its timestamp is echoed (measured: linux traces 18 and 20).
 */
static bool acceptable_again(const Tcb *tcb, const TcpSegment *seg)
{
    uint32_t end = seg->seq + seg->len;

    return tcp_config(tcb)->accept_repeats && seg->len > 0 &&
           !(seg->flags & (TCP_SYN | TCP_RST)) && seq_leq(tcb->rcv.told, end) &&
           seq_leq(end, tcb->rcv.nxt);
}

/* A segment with nothing new is reported as a duplicate (RFC 2883 s4.1). */
static void report_duplicate(Tcb *tcb, const TcpSegment *seg)
{
    tcp_quick(tcb);
    tcp_dsack(tcb, seg->seq, seq_min(seg->seq + seg->len, tcb->rcv.nxt));
}

/* Cuts off what lies left and right of the window: the rest is worked on. */
static void trim(Tcb *tcb, TcpSegment *seg)
{
    uint32_t right = tcb->rcv.nxt + tcp_window_taken(tcb);
    uint32_t fin = (seg->flags & TCP_FIN) != 0, over;

    if (seq_lt(seg->seq, tcb->rcv.nxt) && !(seg->flags & TCP_SYN)) {
        uint32_t old = MIN(tcb->rcv.nxt - seg->seq, seg->text);

        if (seg->text > 0) {
            tcp_dsack(tcb, seg->seq, tcb->rcv.nxt);
            /* RFC 2883 s4: told at once; Linux waits as with any text. */
            tcb->ack_now |=
                tcp_has(tcb, TCP_OPT_SACK_OK) &&
                tcp_config(tcb)->delayed_ack_rule == TCP_DELACK_FIXED;
        }
        seg->seq += old;
        seg->skip += old;
        seg->text -= old;
    }
    if (seq_leq(seg->seq + seg->text + fin, right))
        return;
    over = seg->seq + seg->text + fin - right;
    tcb->ack_now = true;
    if (fin) {
        seg->flags &= (uint16_t)~TCP_FIN;
        over--;
    }
    seg->text -= MIN(over, seg->text);
}

void tcp_answer(Tcb *tcb, const TcpSegment *seg)
{
    if (seg->len == 0 || seg->flags & TCP_SYN)
        tcp_challenge(tcb);
    else
        tcp_send_ack(tcb);
}

/* An unacceptable segment is answered with an ACK; a duplicate is reported. */
static Verdict answer_unacceptable(Tcb *tcb, const TcpSegment *seg)
{
    if (seg->flags & TCP_RST)
        return DROP;
    if (seg->len > 0 && !(seg->flags & TCP_SYN) &&
        seq_lt(seg->seq, tcb->rcv.nxt))
        report_duplicate(tcb, seg);
    tcp_answer(tcb, seg);
    return DROP;
}

/* In SYN-RECEIVED: the peer's SYN again.  Figure 7 needs its SYN,ACK; a SYN
 * that is repeated draws the SYN,ACK again (linux), or is unacceptable (rfc).
 */
static bool our_syn_again(Tcb *tcb, TcpSegment *seg)
{
    if (tcp_state(tcb) != TCP_SYN_RECEIVED || seg->seq != tcb->irs ||
        (seg->flags & (TCP_SYN | TCP_RST)) != TCP_SYN)
        return false;
    if (seg->flags & TCP_ACK) {
        if (!tcb->conn.opener)
            return false;
        if (tcp_config(tcb)->accept_repeats) { /* its SYN has come twice */
            report_duplicate(tcb, seg);
            tcb->ack_now = true;
        }
        seg->seq++;
        seg->len--;
        seg->flags &= (uint16_t)~TCP_SYN;
        return false;
    }
    if (!tcp_config(tcb)->answer_syn)
        return false;
    tcp_send_syn(tcb, REPEAT_SYN_ACK_ANSWER, true, 0);
    tcp_arm(tcb, &tcp_work(tcb)->rexmit, tcp_syn_ack_wait(tcb));
    return true;
}

/* PAWS (RFC 7323 s5.3): the timestamp is older than the last one, which is
 * itself not too old to tell (s5.5). */
static bool is_old(const Tcb *tcb, const TcpSegment *seg)
{
    return tcp_has_timestamps(tcb, seg) && !(seg->flags & TCP_RST) &&
           seq_lt(seg->header->ts_val, tcb->ts_recent) &&
           seg->idle <= TS_RECENT_GOOD;
}

/* In order, and inside what was offered. */
static bool is_next(const Tcb *tcb, const TcpSegment *seg)
{
    return seg->seq == tcb->rcv.nxt && seg->len <= rcv_wnd(tcb);
}

static Verdict first_check_sequence(Tcb *tcb, TcpSegment *seg)
{
    bool paws = is_old(tcb, seg);
    bool zero = tcp_window_taken(tcb) == 0 && seg->seq == tcb->rcv.nxt;

    if (our_syn_again(tcb, seg))
        return DONE;
    if (tcp_state(tcb) == TCP_TIME_WAIT) {
        Verdict verdict = tcp_time_wait_segment(tcb, seg, paws);

        if (verdict != NEXT)
            return verdict;
    }
    seg->repeat = !paws && acceptable_again(tcb, seg);
    if (paws || (!zero && !seg->repeat && !acceptable(tcb, seg)))
        return answer_unacceptable(tcb, seg);
    /* (R3): what is echoed is the timestamp of the last segment in order */
    if (tcp_has_timestamps(tcb, seg) && seq_leq(seg->seq, tcb->rcv.told) &&
        !(seg->flags & TCP_RST))
        tcb->ts_recent = seg->header->ts_val;
    if (!seg->repeat && !(seg->flags & TCP_RST) && !is_next(tcb, seg))
        trim(tcb, seg);
    return NEXT;
}

static void reset(Tcb *tcb)
{
    if (tcb->fast_open)
        tcp_fast_open_leave(tcb, true);
    tcp_finish(tcb, TCP_END_RESET);
}

/* What text a reset has does not matter: SHLD-2. */
static Verdict second_check_rst(Tcb *tcb, TcpSegment *seg)
{
    TcpState state = tcp_state(tcb);

    if (!(seg->flags & TCP_RST))
        return NEXT;
    /* RFC 5961 s3.2: outside the window it is not heard; in it but not exact,
     * it draws a challenge ACK. */
    if (seg->seq != tcb->rcv.nxt &&
        tcp_config(tcb)->reset_rule == TCP_BLIND_RFC5961) {
        if (seq_in_window(seg->seq, tcb->rcv.nxt, tcp_window_taken(tcb)))
            tcp_challenge(tcb);
        return DROP;
    }
    if (state == TCP_TIME_WAIT && tcp_config(tcb)->rfc1337)
        return DROP;
    if (state == TCP_SYN_RECEIVED && !tcb->fast_open)
        /* A child goes, its listener never moved; an opener was refused
         * (MUST-11). */
        tcp_finish(tcb, TCP_END_REFUSED);
    else if (state == TCP_TIME_WAIT)
        tcp_finish(tcb, TCP_END_CLOSED);
    else
        reset(tcb);
    return DONE;
}

/* Security and compartment: not modelled. */
static Verdict third_check_security(Tcb *tcb, TcpSegment *seg) { return NEXT; }

static Verdict fourth_check_syn(Tcb *tcb, TcpSegment *seg)
{
    if (!(seg->flags & TCP_SYN))
        return NEXT;
    if (tcp_state(tcb) == TCP_SYN_RECEIVED && tcb->work->listener != NULL &&
        !tcb->fast_open) {
        tcp_finish(tcb, TCP_END_RESET); /* back to LISTEN */
        return DONE;
    }
    if (tcp_config(tcb)->syn_rule == TCP_BLIND_RFC5961) {
        tcp_challenge(tcb); /* RFC 5961 s4.2 */
        return DROP;
    }
    tcp_send_reset(tcb); /* RFC 793 */
    tcp_finish(tcb, TCP_END_RESET);
    return DONE;
}

/* The states of step five in which our FIN being acknowledged means a move. */
static Verdict fin_acknowledged(Tcb *tcb)
{
    switch (tcp_state(tcb)) {
    case TCP_FIN_WAIT_1:
        tcp_set_state(tcb, TCP_FIN_WAIT_2);
        return NEXT;
    case TCP_CLOSING:
        tcp_set_state(tcb, TCP_TIME_WAIT);
        return DONE;
    case TCP_LAST_ACK:
        tcp_finish(tcb, TCP_END_CLOSED);
        return DONE;
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
    case TCP_TIME_WAIT:
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_STATES:
        break;
    }
    return NEXT;
}

/* Fast Open: text was in flight before SEG acknowledged our SYN. */
static void text_was_sent(Tcb *tcb, const TcpSegment *seg)
{
    tcp_rearm_rexmit(tcb);
    tcp_acked(tcb, seg);
}

/* Our SYN is acknowledged, after the user has closed a connection that Fast
 * Open had opened (s3.10.4). */
static void handshake_ends(Tcb *tcb)
{
    tcb->fast_open = false;
    tcb->snd.una = tcb->iss + 1;
    tcb->tries = 0;
    tcp_rearm_rexmit(tcb);
}

/* What came with the SYN that met ours waited for ESTABLISHED (s3.10.7.3); what
 * SEG brings of it has come twice. */
static void take_held_text(Tcb *tcb, TcpSegment *seg)
{
    const TcpHoles *h = tcb->work->holes;

    if (h == NULL || h->first == NULL || h->first->seq != tcb->rcv.nxt)
        return;
    tcp_release(tcb);
    tcb->ack_due = true;
    if (seq_lt(seg->seq + seg->text, tcb->rcv.nxt))
        seg->flags &= (uint16_t)~TCP_FIN; /* in the midst of the text */
    trim(tcb, seg);
}

static Verdict fifth_check_ack(Tcb *tcb, TcpSegment *seg)
{
    if (!(seg->flags & TCP_ACK))
        return DROP;
    if (tcp_state(tcb) == TCP_SYN_RECEIVED) {
        if (seq_leq(seg->ack, tcb->snd.una) || seq_lt(tcb->snd.nxt, seg->ack))
            return tcp_reset_it(tcb->conn.tcp, seg);
        if (tcp_is_not_heard(tcb)) {
            seg->reason = DROP_TCP_ACCEPT_QUEUE;
            return DROP;
        }
        tcb->snd.una = tcb->iss + 1;
        tcb->snd.wnd = tcb->snd.max_wnd = seg->wnd;
        tcb->snd.wl1 = seg->seq;
        tcb->snd.wl2 = seg->ack;
        tcp_establish(tcb, seg);
        take_held_text(tcb, seg);
        if (tcb->fin_wanted) /* CLOSE was queued until now: s3.10.4 */
            tcp_set_state(tcb, TCP_FIN_WAIT_1);
        if (tcb->out > 0)
            text_was_sent(tcb, seg);
    } else if (seq_lt(tcb->snd.nxt, seg->ack)) {
        tcp_challenge(tcb);
        return DROP;
    } else if (seq_lt(seg->ack, tcb->snd.una - tcb->snd.max_wnd)) {
        tcp_challenge(tcb); /* MAY-12: RFC 5961 s5.2 */
        return DROP;
    } else {
        if (tcb->fast_open)
            handshake_ends(tcb);
        tcp_acked(tcb, seg);
        if (tcp_state(tcb) == TCP_CLOSED) /* what it sent could not be sent */
            return DONE;
    }
    if (tcb->fin_sent && tcb->snd.una == tcb->snd.nxt)
        return fin_acknowledged(tcb);
    return NEXT;
}

/* After the peer's FIN there is nothing urgent any more. */
static Verdict sixth_check_urg(Tcb *tcb, TcpSegment *seg)
{
    TcpState state = tcp_state(tcb);

    if (seg->flags & TCP_URG &&
        (state == TCP_ESTABLISHED || state == TCP_FIN_WAIT_1 ||
         state == TCP_FIN_WAIT_2))
        tcp_urgent_received(tcb, seg);
    return NEXT;
}

/* Text for a user who has gone: it cannot be delivered (s3.6.1, SHLD-3). */
static bool is_unwanted(const Tcb *tcb, const TcpSegment *seg)
{
    return tcb->vtable == NULL && !tcb->tell_accept && seg->text > 0 &&
           seq_lt(tcb->rcv.nxt, seg->seq + seg->text);
}

static Verdict seventh_process_text(Tcb *tcb, TcpSegment *seg)
{
    TcpState state = tcp_state(tcb);

    if (seg->repeat) {
        report_duplicate(tcb, seg);
        tcb->ack_now = true;
        return DONE;
    }
    if (state != TCP_ESTABLISHED && state != TCP_FIN_WAIT_1 &&
        state != TCP_FIN_WAIT_2)
        return NEXT; /* after the peer's FIN there is none */
    if (is_unwanted(tcb, seg)) {
        tcp_reset_for(tcb->conn.tcp, seg->packet);
        tcp_finish(tcb, TCP_END_ABORTED);
        return DONE;
    }
    if (seg->text > 0)
        tcp_measure_round_trip(tcb, seg);
    if (seg->text > 0 && tcp_ecn(tcb))
        tcp_ecn_received(tcb, seg);
    if (seq_lt(tcb->rcv.nxt, seg->seq)) {
        if (seg->text > 0 || seg->flags & TCP_FIN)
            tcp_hold(tcb, seg);
        return DONE;
    }
    if (seg->text > 0) {
        tcp_tell_taken(tcb, seg, seg->text);
        tcp_inbox_add(tcb,
                      slice_part(&seg->packet->payload, seg->skip, seg->text));
        tcp_text_received(tcb, seg);
    }
    if (tcb->work->holes != NULL && tcb->work->holes->first != NULL) {
        if (tcp_release(tcb))
            seg->flags |= TCP_FIN;
        tcb->ack_due = tcb->ack_now =
            true; /* a hole is filled: RFC 5681 s4.2 */
    }
    return NEXT;
}

static Verdict eighth_check_fin(Tcb *tcb, TcpSegment *seg)
{
    if (!(seg->flags & TCP_FIN) || tcb->fin_received)
        return DONE;
    tcb->rcv.nxt++;
    tcb->rcv.right = seq_max(tcb->rcv.right, tcb->rcv.nxt);
    tcb->fin_received = true;
    tcb->ack_due = true;
    tcb->tell_readable = tcb->vtable != NULL || tcb->tell_accept;
    switch (tcp_state(tcb)) {
    case TCP_ESTABLISHED:
        tcp_set_state(tcb, TCP_CLOSE_WAIT);
        /* Linux waits a little for the user's own FIN: traces 18, 30. */
        tcb->interactive = MAX(tcb->interactive, 1);
        tcb->ack_now |= tcp_config(tcb)->fin_ack_now;
        break;
    case TCP_FIN_WAIT_1: /* our FIN is not acknowledged yet */
        tcp_set_state(tcb, TCP_CLOSING);
        tcb->ack_now = true;
        break;
    case TCP_FIN_WAIT_2:
        tcp_send_ack(tcb);
        tcp_set_state(tcb, TCP_TIME_WAIT);
        break;
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT:
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_STATES:
        g_assert_not_reached(); /* fin_received stood already */
    }
    return DONE;
}

typedef Verdict Step(Tcb *tcb, TcpSegment *seg);
static Step *const steps[] = {first_check_sequence, second_check_rst,
                              third_check_security, fourth_check_syn,
                              fifth_check_ack,      sixth_check_urg,
                              seventh_process_text, eighth_check_fin};

void tcp_rest_of_segment(Tcb *tcb, TcpSegment *seg)
{
    Verdict verdict = NEXT;

    seg->seq++; /* the SYN */
    seg->len--;
    seg->flags &= (uint16_t)~TCP_SYN;
    tcb->rcv.right = tcb->rcv.nxt + tcp_select_window(tcb);
    trim(tcb, seg);
    for (unsigned i = 5; i < G_N_ELEMENTS(steps) && verdict == NEXT; i++)
        verdict = steps[i](tcb, seg);
    tcb->rcv.right = seq_max(tcb->rcv.right, tcb->rcv.nxt);
}

Verdict tcp_other_segment_arrives(Tcb *tcb, TcpSegment *seg)
{
    Verdict verdict = NEXT;

    for (unsigned i = 0; i < G_N_ELEMENTS(steps) && verdict == NEXT; i++)
        verdict = steps[i](tcb, seg);
    if (verdict == DONE && tcp_synchronized(tcp_state(tcb))) {
        tcp_output(tcb);
        tcp_check_space(tcb);
        tcp_ack_check(tcb);
    }
    return verdict;
}
