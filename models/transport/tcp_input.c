/* tcp_input.c - SEGMENT ARRIVES: RFC 9293 s3.10.7, in its order.
 *
 * closed_, listen_, syn_sent_ and tcp_other_segment_arrives() are 3.10.7.1 to
 * .4; the last one, with its eight steps, has a file of its own, tcp_steps.c.
 */
#include "tcp_inside.h"

#include <glib.h>

static void segment_init(TcpSegment *seg, Packet *packet)
{
    const TcpHeader *header = &packet->tcp;

    *seg = (TcpSegment){.header = header,
                        .packet = packet,
                        .seq = header->seq,
                        .ack = header->ack,
                        .text = packet->payload.len,
                        .wnd = header->window, /* MUST-1: unsigned */
                        .flags = header->flags};
    seg->len = seg->text + ((seg->flags & TCP_SYN) != 0) +
               ((seg->flags & TCP_FIN) != 0);
}

static void sample(Tcb *tcb, SimTime rtt) { tcp_rtt_sample(tcb, rtt, rtt); }

static void start_sending(Tcb *tcb)
{
    tcb->most_out_seq = tcb->snd.nxt;
    tcb->snd.small = tcb->snd.una;
    tcb->opened_at = tcb->data_at = tcp_sim(tcb)->now;
    tcp_window_opened(tcb);
    tcp_send_buffer_grow(tcb);
}

void tcp_establish(Tcb *tcb, const TcpSegment *seg)
{
    const TcpConfig *config = tcp_config(tcb);
    SimTime now = tcp_sim(tcb)->now;
    bool fast = tcb->fast_open; /* its user has it already */
    bool passive = tcp_state(tcb) == TCP_SYN_RECEIVED &&
                   tcb->work->listener != NULL && !fast;

    if (fast) {
        if (tcb->tries == 0 && seg->ack == tcb->snd.una)
            sample(tcb, now - tcb->work->opened_at);
    } else if (tcb->tries == 0) /* Karn: only a SYN sent once tells the time */
        sample(tcb, now - tcb->sent_at);
    else if (!passive && tcp_has_timestamps(tcb, seg))
        sample(tcb, (tcp_ts_now(tcb) - seg->header->ts_ecr) * SIM_MS);
    tcp_rtt_start(tcb);
    /* RFC 5681 s3.1: one segment if the SYN was lost; Linux: lost twice. */
    tcb->cwnd = tcb->repeats > (config->rto_rule == TCP_RTO_LINUX)
                    ? 1
                    : config->initial_window;
    if (config->initial_ssthresh > 0)
        tcb->ssthresh = config->initial_ssthresh;
    tcp_cc_start(tcb);
    tcb->tries = tcb->backoff = 0;
    tcb->delivered++; /* the SYN */
    tcp_progress(tcb);
    if (!fast)
        start_sending(tcb);
    tcp_set_state(tcb, TCP_ESTABLISHED);
    tcb->fast_open = false;
    if (passive)
        tcb->tell_accept = true;
    else if (!fast)
        tcb->tell_opened = tcb->vtable != NULL;
    if (tcb->conn.opener)
        tcp_tell_opened(tcb);
    /* Once more: a listener may have forgotten what the SYN said. */
    tcb->user_timeout_due =
        tcb->conn.opener && config->user_timeout_option != TCP_USER_TIMEOUT_NO;
}

/* Third of 3.10.7.2, fourth of 3.10.7.3: <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>.
 * A listener does not keep the text that came with the SYN without Fast Open,
 * and a FIN there is not kept by anybody: the peer will send it again. */
static void enter_syn_received(Tcb *tcb, const TcpSegment *seg)
{
    tcp_agree(tcb, seg->header);
    tcp_ecn_agree(tcb, seg);
    tcp_window_start(tcb);
    if (tcb->fast_open)
        tcp_fast_open_take(tcb, seg);
    tcb->rcv.right = tcb->rcv.told = tcb->rcv.nxt;
    tcb->snd.una = tcb->iss;
    if (!tcb->conn.opener)
        tcb->snd.nxt = tcb->snd.end = tcb->iss + 1;
    /* Counted from our SYN: it is for text. */
    tcb->snd.wnd = tcb->snd.max_wnd = seg->wnd + tcb->fast_open;
    tcb->snd.wl1 = seg->seq;
    tcb->snd.wl2 = tcb->iss;
    tcb->tries = 0;
    tcb->rto = tcp_config(tcb)->rto_initial;
    if (tcb->fast_open) {
        tcb->cwnd = tcp_config(tcb)->initial_window;
        start_sending(tcb);
    }
    tcp_set_state(tcb, TCP_SYN_RECEIVED);
    tcp_send_syn(tcb, 0, false, 0);
    if (tcp_state(tcb) == TCP_SYN_RECEIVED)
        tcp_arm(tcb, &tcp_work(tcb)->rexmit, tcp_syn_ack_wait(tcb));
}

/* --- 3.10.7.1 ------------------------------------------------------------- */

static Verdict closed_segment_arrives(Tcp *tcp, const TcpSegment *seg)
{
    if (seg->flags & TCP_RST)
        return DROP;
    tcp_reset_for(tcp, seg->packet);
    return DROP;
}

/* --- 3.10.7.2 ------------------------------------------------------------- */

/* An ACK belongs to no connection, unless it brings a cookie of ours back. */
static Verdict listen_ack_arrives(TcpListener *listener, TcpSegment *seg)
{
    if (listener->full && listener->cookies_until > listener->tcp->sim->now) {
        seg->reason = DROP_TCP_ACCEPT_QUEUE;
        return DROP;
    }
    if (tcp_cookie_open(listener, seg))
        return AGAIN; /* there is a connection now */
    return tcp_reset_it(listener->tcp, seg);
}

static Verdict listen_segment_arrives(TcpListener *listener, TcpSegment *seg)
{
    Tcp *tcp = listener->tcp;
    Tcb *tcb;

    if (seg->flags & TCP_RST) /* first */
        return DROP;
    if (seg->flags & TCP_ACK) /* second */
        return listen_ack_arrives(listener, seg);
    if (!(seg->flags & TCP_SYN)) /* fourth */
        return DROP;
    if (seg->flags & TCP_FIN && listener->config->syn_fin != TCP_SYN_FIN_TAKEN)
        return DROP;
    if (tcp_cookie_due(listener) && !listener->full) {
        tcp_cookie_answer(listener, seg);
        return DONE;
    }
    if (listener->half_open >= listener->backlog || listener->full) {
        seg->reason = listener->full ? DROP_TCP_ACCEPT_QUEUE : DROP_TCP_BACKLOG;
        return DROP;
    }
    tcb = tcp_child_new(listener, seg);
    if (listener->config->fast_open_server)
        tcp_fast_open_syn(tcb, seg);
    if (!tcb->fast_open)
        listener->half_open++;
    tcp_enter(tcb);
    tcb->irs = seg->seq;
    tcb->rcv.nxt = seg->seq + 1;
    tcb->iss = seg->old_nxt != 0 ? seg->old_nxt + 65535 + 2
                                 : tcp_choose_iss(tcp, &tcb->conn);
    enter_syn_received(tcb, seg);
    tcp_leave(tcb);
    return DONE;
}

/* --- 3.10.7.3 ------------------------------------------------------------- */

/* The text that came with a SYN which met ours waits for ESTABLISHED. */
static void hold_syn_text(Tcb *tcb, TcpSegment *seg)
{
    if (seg->text == 0 || !tcp_config(tcb)->syn_ack_text ||
        tcp_state(tcb) != TCP_SYN_RECEIVED)
        return;
    seg->seq++;
    seg->len--;
    seg->flags &= (uint16_t)~TCP_SYN;
    seg->flags &= (uint16_t)~TCP_FIN;
    seg->text = MIN(seg->text, rcv_wnd(tcb));
    tcp_hold(tcb, seg);
    tcb->ack_due = tcb->ack_now = false; /* the SYN,ACK has gone already */
}

/* Its timestamp echoes none of our SYNs. */
static bool echo_is_wrong(const Tcb *tcb, const TcpSegment *seg)
{
    const TcpConfig *config = tcp_config(tcb);
    uint32_t now = tcp_ts_now(tcb), ecr = seg->header->ts_ecr;
    uint32_t since =
        (uint32_t)((tcp_sim(tcb)->now - tcb->work->opened_at) / SIM_MS) + 1;

    return config->syn_ack_echo && config->timestamps &&
           (seg->header->options & TCP_OPT_TIMESTAMPS) && ecr != 0 &&
           now - ecr > since;
}

/* The SYN,ACK has opened the connection: its ACK, on text if there is some.
 * Text and FIN in it are worked on (RFC 9293 s3.10.7.3, fourth), by linux only
 * with Fast Open. */
static void opened(Tcb *tcb, TcpSegment *seg)
{
    bool fast = tcb->fo_option || tcb->syn_text;

    tcb->ack_due = tcb->ack_now = true;
    if (tcb->snd.nxt != tcb->snd.end) { /* a reply to the SYN,ACK, as it were */
        tcp_quick(tcb);
        tcb->data_at = tcp_sim(tcb)->now;
    }
    if (fast)
        tcp_fast_open_answered(tcb, seg);
    if (seg->len > 1 && tcb->out == 0 &&
        (fast || tcp_config(tcb)->syn_ack_text))
        tcp_rest_of_segment(tcb, seg);
    tcp_output(tcb);
    tcp_ack_check(tcb);
}

static Verdict syn_sent_segment_arrives(Tcb *tcb, TcpSegment *seg)
{
    bool ack = (seg->flags & TCP_ACK) != 0;

    /* first: the ACK bit */
    if (ack && (seq_leq(seg->ack, tcb->iss) || seq_lt(tcb->snd.nxt, seg->ack) ||
                echo_is_wrong(tcb, seg)))
        return tcp_reset_it(tcb->conn.tcp, seg);
    /* second: the RST bit; acceptable only with an ACK (RFC 5961 s3.2) */
    if (seg->flags & TCP_RST) {
        if (ack)
            tcp_finish(tcb, TCP_END_REFUSED);
        return ack ? DONE : DROP;
    }
    /* fourth: the SYN bit; fifth: without it nothing is done */
    if (!(seg->flags & TCP_SYN))
        return DROP;
    tcb->irs = seg->seq;
    tcb->rcv.nxt = seg->seq + 1;
    if (!ack) { /* simultaneous open, figure 7: MUST-10 */
        enter_syn_received(tcb, seg);
        hold_syn_text(tcb, seg);
        return DONE;
    }
    tcp_agree(tcb, seg->header);
    tcp_ecn_agree(tcb, seg);
    tcb->rcv.right = tcb->rcv.told = tcb->rcv.nxt;
    tcp_syn_acked(tcb, seg);
    tcb->snd.wnd = tcb->snd.max_wnd = seg->wnd;
    tcb->snd.wl1 = seg->seq;
    tcb->snd.wl2 = seg->ack;
    tcp_establish(tcb, seg);
    opened(tcb, seg);
    return DONE;
}

/* --- the door ------------------------------------------------------------- */

static Verdict connection_segment_arrives(TcpConn *conn, TcpSegment *seg)
{
    Tcb *tcb = conn->parked ? tcp_unpark((TcpParked *)conn) : (Tcb *)conn;
    Verdict verdict;

    tcp_enter(tcb);
    seg->idle = tcp_sim(tcb)->now - tcb->heard_at;
    tcb->heard_at = tcp_sim(tcb)->now;
    if (!(seg->flags & TCP_SYN))
        seg->wnd = (uint32_t)seg->header->window << tcb->snd_scale;
    if (seg->header->options & TCP_OPT_USER_TIMEOUT)
        tcp_heed_user_timeout(tcb, seg->header);
    verdict = tcp_state(tcb) == TCP_SYN_SENT
                  ? syn_sent_segment_arrives(tcb, seg)
                  : tcp_other_segment_arrives(tcb, seg);
    tcp_leave(tcb);
    return verdict;
}

static bool is_syn_fin_dropped(const Tcp *tcp, const TcpSegment *seg)
{
    return (seg->flags & (TCP_SYN | TCP_FIN)) == (TCP_SYN | TCP_FIN) &&
           tcp->config->syn_fin == TCP_SYN_FIN_DROPPED;
}

void tcp_receive(Host *host, Packet *packet /* taken */)
{
    Tcp *tcp = host->tcp;
    const TcpHeader *header = &packet->tcp;
    Verdict verdict;
    TcpSegment seg;

    segment_init(&seg, packet);
    seg.reason = DROP_TCP_UNACCEPTABLE;
    do {
        TcpListener *listener;
        TcpConn *conn =
            tcp_demux_find(tcp, packet->ip.destination, packet->ip.source,
                           header->destination_port, header->source_port);

        /* A connection has one peer: MUST-63. */
        if (ip_is_broadcast_or_multicast(packet->ip.source) ||
            is_syn_fin_dropped(tcp, &seg)) {
            verdict = DROP;
        } else if (conn != NULL) {
            verdict = connection_segment_arrives(conn, &seg);
        } else if ((listener = tcp_listener(tcp, header->destination_port)) !=
                   NULL) {
            verdict = listen_segment_arrives(listener, &seg);
        } else {
            seg.reason = DROP_TCP_NO_CONNECTION;
            verdict = closed_segment_arrives(tcp, &seg);
        }
    } while (verdict == AGAIN);
    if (verdict == DROP)
        packet_drop(tcp->sim, host->node, packet, seg.reason);
    else
        packet_free(tcp->sim, packet);
}
