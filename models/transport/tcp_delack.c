/* tcp_delack.c - when an acknowledgment is sent (RFC 9293 s3.8.6.3, RFC 5681
 * s4.2).
 *
 * rule fixed: at once for every ack_every-th full segment, otherwise within
 * delayed_ack.  rule adaptive, as Linux does (net/ipv4/tcp_input.c
 * tcp_event_data_recv(), __tcp_ack_snd_check(); measured in linux/states
 * delayed_ack.json): the first segments are acknowledged at once ("quick"); a
 * connection on which replies follow data soon ("pingpong") delays, in the hope
 * of a reply to ride on, until a delayed ACK fires in vain. */
#include "tcp_inside.h"

#include <glib.h>

#define ATO_MAX (200 * SIM_MS) /* Linux's TCP_DELACK_MAX */
#define PINGPONG 1             /* tcp_pingpong_thresh */

enum {                    /* of SACK compression */
       PROMPT = 3,        /* TCP_FASTRETRANS_THRESH */
       MOST_WAITING = 44, /* tcp_comp_sack_nr */
       WAIT_SHARE = 20,   /* of a round trip */
};

static bool adaptive(const Tcb *tcb)
{
    return tcp_config(tcb)->delayed_ack_rule == TCP_DELACK_ADAPTIVE;
}

static bool quick_mode(const Tcb *tcb)
{
    return tcb->quick > 0 && tcb->interactive < PINGPONG;
}

/* As many quick ACKs as half the window has segments, at most quick_acks. */
static void more_quick(Tcb *tcb)
{
    uint32_t n = (tcb->rcv.right - tcb->rcv.told) / (2 * MAX(tcb->rcv_mss, 1));
    uint32_t most = tcp_config(tcb)->quick_acks;

    n = MIN(MAX(n, 2), MIN(most, 255));
    tcb->quick = MAX(tcb->quick, (uint8_t)n);
}

/* Something is wrong at the peer: it shall hear of us without delay. */
void tcp_quick(Tcb *tcb)
{
    if (!adaptive(tcb))
        return;
    more_quick(tcb);
    tcb->interactive = 0;
    tcb->ato_ms = (uint8_t)(tcp_config(tcb)->delayed_ack / SIM_MS);
}

/* Linux's tcp_measure_rcv_mss(): how long a full segment is.  One that is
 * pushed, or shorter, may be the last for a while: its ACK shall not wait for
 * another one when the user has read it. */
void tcp_measure_received(Tcb *tcb, const TcpSegment *seg)
{
    if (seg->text >= tcb->rcv_mss) {
        if (seg->text > tcb->rcv_mss) {
            uint32_t ours = tcp_our_mss(tcb);

            tcp_measure_segment(tcb, seg->text);
            tcb->rcv_mss = (uint16_t)MIN(seg->text, ours);
        }
        tcb->ack_pushed |= (seg->flags & TCP_PSH) != 0;
    } else {
        tcb->ack_pushed2 |= tcb->ack_pushed;
        tcb->ack_pushed = true;
    }
}

void tcp_text_received(Tcb *tcb, const TcpSegment *seg)
{
    SimTime now = tcp_sim(tcb)->now, gap = now - tcb->data_at;
    SimTime least = tcp_config(tcb)->delayed_ack;
    SimTime ato = tcb->ato_ms * SIM_MS;

    tcb->ack_due = true;
    tcb->unacked += tcb->unacked < UINT8_MAX;
    tcp_measure_received(tcb, seg);
    if (!adaptive(tcb)) {
        tcp_window_received(tcb, seg->text);
        return;
    }
    if (ato == 0) {
        more_quick(tcb);
        ato = least;
    } else if (gap <= least / 2) {
        ato = ato / 2 + least / 2;
    } else if (gap < ato) {
        ato = MIN(ato / 2 + gap, tcb->rto);
    } else if (gap > tcb->rto) {
        more_quick(tcb);
    }
    tcb->ato_ms = (uint8_t)(MIN(ato, ATO_MAX) / SIM_MS);
    tcb->data_at = now;
    tcp_window_received(tcb, seg->text);
}

/* A reply soon after data: the connection is interactive. */
void tcp_text_sent(Tcb *tcb)
{
    SimTime now = tcp_sim(tcb)->now;

    tcb->sent_at = now;
    if (adaptive(tcb) && now - tcb->data_at < tcb->ato_ms * SIM_MS &&
        tcb->interactive < UINT8_MAX)
        tcb->interactive++;
}

/* How long the ACK may wait. */
static SimTime delay(const Tcb *tcb)
{
    SimTime least = tcp_config(tcb)->delayed_ack;
    SimTime ato = tcb->ato_ms * SIM_MS;
    SimTime most = MAX((SimTime)(tcb->srtt8 >> 3) * SIM_US, least);

    if (!adaptive(tcb))
        return least; /* MUST-40: below 500 ms; tcp_keys[] says so */
    if (ato > least)  /* before any text came it is 0: at the next jiffy */
        ato = MIN(ato, most);
    return MIN(ato, ATO_MAX);
}

/* SHLD-18 */
static void send_later(Tcb *tcb)
{
    Deadline was = tcb->work->delack;

    tcp_arm(tcb, &tcp_work(tcb)->delack, delay(tcb));
    if (was.at < tcb->work->delack.at)
        tcb->work->delack = was;
}

/* SHLD-19: at least every second full segment. */
static bool enough(const Tcb *tcb)
{
    uint32_t bytes = tcb->rcv.nxt - tcb->rcv.told;
    uint32_t every = tcp_config(tcb)->ack_every;

    if (tcp_config(tcb)->ack_unit == TCP_ACK_SEGMENTS)
        return tcb->unacked >= every;
    return bytes > (every - 1) * (uint32_t)tcb->rcv_mss;
}

bool tcp_read_calls_for_ack(const Tcb *tcb)
{
    bool pushed =
        tcb->ack_pushed2 || (tcb->ack_pushed && tcb->interactive < PINGPONG);

    return adaptive(tcb) && tcb->ack_due &&
           (enough(tcb) || (pushed && tcb->rcv.memory == 0));
}

/* --- beyond a hole -------------------------------------------------------- */

bool tcp_sacks_wait(const Tcb *tcb)
{
    return tcp_config(tcb)->sack_delay > 0 && tcp_has(tcb, TCP_OPT_SACK_OK);
}

/* Linux's SACK compression (__tcp_ack_snd_check()): three ACKs go out at once,
 * as many as a fast retransmission may need; later ones, while nothing comes
 * in order, wait for each other. */
static void report_hole(Tcb *tcb)
{
    TcpHoles *h = tcb->work->holes;
    TcpWork *work = tcb->work;
    SimTime now = tcp_sim(tcb)->now;
    uint64_t rtt = tcb->tuning != NULL ? tcb->tuning->rtt8 : 0;
    SimTime at;

    if (h->prompt_nxt != tcb->rcv.nxt) {
        h->prompt_nxt = tcb->rcv.nxt;
        h->prompt = 0;
    }
    if (h->prompt < PROMPT || h->waiting >= MOST_WAITING) {
        h->prompt += h->prompt < PROMPT;
        tcp_send_ack(tcb);
        return;
    }
    if (tcb->srtt8 != 0)
        rtt = MIN(rtt, tcb->srtt8);
    at = now + MIN(tcp_config(tcb)->sack_delay,
                   (SimTime)rtt * SIM_US / 8 / WAIT_SHARE);
    if (h->waiting++ == 0 && at < work->delack.at)
        work->delack = (Deadline){at, now, tcp_sim(tcb)->cause};
}

void tcp_ack_check(Tcb *tcb)
{
    if (!tcb->ack_due &&
        !tcb->ack_now) /* once for all of it: MUST-58, MUST-59 */
        return;
    /* When the window would be smaller, the user's reading sends the ACK. */
    if (tcb->ack_now || quick_mode(tcb) ||
        (enough(tcb) && !(adaptive(tcb) && tcb->rcv.queued > 0 &&
                          tcp_window_would_shrink(tcb))))
        tcp_send_ack(tcb);
    else if (tcb->work->holes != NULL && tcb->work->holes->first != NULL)
        report_hole(tcb);
    else
        send_later(tcb);
}

void tcp_delack_fires(Tcb *tcb)
{
    bool waited = tcb->work->holes != NULL && tcb->work->holes->waiting > 0;

    if (adaptive(tcb) && !waited) {
        if (tcb->interactive >= PINGPONG) { /* no reply came to ride on */
            tcb->interactive = 0;
            tcb->ato_ms = (uint8_t)(tcp_config(tcb)->delayed_ack / SIM_MS);
        } else {
            SimTime ato = MIN(2 * tcb->ato_ms * SIM_MS, tcb->rto);

            tcb->ato_ms = (uint8_t)(MIN(ato, ATO_MAX) / SIM_MS);
        }
    }
    if (tcb->ack_due)
        tcp_send_ack(tcb);
}
