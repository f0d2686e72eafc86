/* tcp_output.c - segments are made and sent here, and nowhere else.
 *
 * What may be sent, and when: tcp_burst.c. */
#include "tcp_inside.h"

#include <glib.h>
#include <string.h>

/* --- one segment ---------------------------------------------------------- */

/* A packet of this connection from SEQ on; ACK and window are filled in when it
 * is sent. */
static Packet *segment_new(Tcb *tcb, uint16_t flags, uint32_t seq)
{
    TcpConn *conn = &tcb->conn;
    Packet *packet = packet_new(conn->tcp->sim);

    packet->flow = conn->flow;
    packet->number =
        ++conn->number | (conn->opener ? (uint32_t)PACKET_OF_OPENER : 0);
    packet->ip.source = conn->local; /* MUST-45 */
    packet->ip.destination = conn->remote;
    packet->ip.protocol = IP_PROTOCOL_TCP;
    packet->ip.tos = tcp_config(tcb)->tos; /* MUST-48, SHLD-21, SHLD-22 */
    packet->ip.dont_fragment = tcp_config(tcb)->path_mtu_discovery;
    packet->tcp.source_port = conn->local_port;
    packet->tcp.destination_port = conn->remote_port;
    packet->tcp.flags = flags;
    packet->tcp.seq = seq;
    packet->tcp.bsd_order =
        tcp_config(tcb)->option_order == TCP_OPTIONS_FREEBSD;
    return packet;
}

/* What an acknowledgment says, and what it settles. */
static void put_ack(Tcb *tcb, TcpHeader *header)
{
    uint32_t window = tcp_select_window(tcb);
    bool syn = (header->flags & TCP_SYN) != 0;

    tcb->rcv.right = tcb->rcv.nxt + window;
    tcb->rcv.told = tcb->rcv.nxt; /* RFC 7323 Last.ACK.sent */
    header->ack = tcb->rcv.nxt;
    header->window =
        (uint16_t)MIN(syn ? window : window >> tcb->rcv_scale, 65535);
    if (header->flags & TCP_RST && !tcp_config(tcb)->reset_window)
        header->window = 0;
    if (tcb->work->holes != NULL && !syn) {
        tcb->work->holes->waiting = 0;
        tcp_put_sack(tcb, header);
    }
    if (tcb->quick > 0 && tcb->ack_due)
        tcb->quick--;
    tcb->ack_due = tcb->ack_now = tcb->ack_pushed = tcb->ack_pushed2 = false;
    tcb->unacked = 0;
    deadline_off(&tcb->work->delack);
}

static void put_timestamps(const Tcb *tcb, TcpHeader *header)
{
    header->options |= TCP_OPT_TIMESTAMPS;
    header->ts_val = tcp_ts_now(tcb);
    header->ts_ecr = header->flags & TCP_ACK ? tcb->ts_recent : 0;
}

/* AGAIN: it repeats one, because of WHY, after a timer of TIMER (0: none). */
static void send_segment(Tcb *tcb, Packet *packet /* taken */, bool again,
                         TcpRepeatWhy why, SimTime timer)
{
    TcpHeader *header = &packet->tcp;

    if (header->flags & TCP_ACK) {
        put_ack(tcb, header);
        packet->acks_fin = tcb->fin_received;
        if (tcb->ecn_echo && !(header->flags & (TCP_SYN | TCP_RST)))
            header->flags |= TCP_ECE;
    }
    if (!(header->flags & TCP_SYN) && tcp_has(tcb, TCP_OPT_TIMESTAMPS))
        put_timestamps(tcb, header);
    if (tcb->user_timeout_due && packet->payload.len == 0)
        tcp_put_user_timeout(tcb, header);
    if (tcb->work->urgent != NULL)
        tcp_put_urgent(tcb, header);
    if (again || sim_wants(tcp_sim(tcb), REC_TCP_SEGMENT_SENT))
        tcp_tell_sent(tcb, packet, again, why, timer);
    host_send(tcb->conn.tcp->host, packet);
}

static TcpSent *sent_new(Tcb *tcb, uint32_t seq, uint32_t end)
{
    Sim *sim = tcp_sim(tcb);
    TcpSent *sent;

    if (tcb->rated)
        sent = tcp_rated_new(tcb);
    else
        sent = slab_alloc(sim_slab(sim, SLAB_TCP_SENT, sizeof *sent));
    *sent =
        (TcpSent){.at = sim->now, .seq = seq, .end = end, .rated = tcb->rated};
    return sent;
}

/* SENT, carried by PACKET, is the last segment in flight. */
static void in_flight(Tcb *tcb, TcpSent *sent, const Packet *packet)
{
    TcpWork *work = tcp_work(tcb);

    sent->id = packet->id;
    if (work->last_sent != NULL)
        work->last_sent->next = sent;
    else
        work->sent = sent;
    work->last_sent = sent;
    tcb->out++;
    if (work->recovery != NULL)
        tcp_note_sent(tcb, sent);
    tcb->snd.nxt = sent->end;
}

static void put_text(Tcb *tcb, Packet *packet, uint32_t seq, uint32_t len);

/* All that was written goes with our SYN (RFC 7413 s4.2.1). */
static void put_syn_text(Tcb *tcb, Packet *packet)
{
    TcpSent *sent = sent_new(tcb, tcb->snd.nxt, tcb->snd.end);

    put_text(tcb, packet, sent->seq, sent->end - sent->seq);
    sent->flags = SENT_PUSH | SENT_ENDS; /* should it be sent again */
    in_flight(tcb, sent, packet);
}

void tcp_send_syn(Tcb *tcb, TcpRepeatWhy why, bool repeated, SimTime timer)
{
    bool answers = tcp_state(tcb) != TCP_SYN_SENT;
    Packet *packet =
        segment_new(tcb, answers ? TCP_SYN | TCP_ACK : TCP_SYN, tcb->iss);

    tcp_offer(tcb, &packet->tcp);
    tcp_ecn_offer(tcb, &packet->tcp);
    if (tcb->fo_option && !repeated && answers != tcb->conn.opener)
        tcp_fast_open_put(tcb, &packet->tcp);
    tcp_put_user_timeout(tcb, &packet->tcp);
    if (!answers)
        packet->tcp.window = (uint16_t)MIN(tcp_select_window(tcb), 65535);
    if (tcb->syn_text && !repeated && !answers)
        put_syn_text(tcb, packet);
    if (repeated) {
        packet->repeats = tcb->work->syn_id;
        tcb->repeats++;
    }
    tcb->syns++;
    tcp_work(tcb)->syn_id = packet->id;
    tcb->sent_at = tcp_sim(tcb)->now;
    send_segment(tcb, packet, repeated, why, timer);
}

static void send_ack(Tcb *tcb, bool fin)
{
    Packet *packet =
        segment_new(tcb, fin ? TCP_FIN | TCP_ACK : TCP_ACK, tcb->snd.nxt - fin);

    send_segment(tcb, packet, false, 0, 0);
}

void tcp_send_ack(Tcb *tcb)
{
    send_ack(tcb, tcp_state(tcb) == TCP_CLOSING && tcb->fin_sent &&
                      tcp_config(tcb)->fin_with_acks);
}

void tcp_challenge(Tcb *tcb)
{
    SimTime now = tcp_sim(tcb)->now;

    if (tcb->challenge_at != SIM_NEVER &&
        now - tcb->challenge_at < tcp_config(tcb)->challenge_ack_interval)
        return;
    tcb->challenge_at = now;
    send_ack(tcb, false);
}

/* Without a byte: SHLD-12. */
void tcp_send_probe(Tcb *tcb)
{
    Packet *packet = segment_new(tcb, TCP_ACK, tcb->snd.una - 1);

    send_segment(tcb, packet, false, 0, 0);
}

/* ABORT, and what else ends with <SEQ=SND.NXT><CTL=RST>. */
void tcp_send_reset(Tcb *tcb)
{
    bool ack = tcp_state(tcb) != TCP_SYN_SENT;
    Packet *packet =
        segment_new(tcb, ack ? TCP_RST | TCP_ACK : TCP_RST, tcb->snd.nxt);

    send_segment(tcb, packet, false, 0, 0);
}

/* RFC 9293 s3.10.7.1: a reset that the peer will find acceptable. */
void tcp_reset_for(Tcp *tcp, const Packet *packet)
{
    const TcpHeader *in = &packet->tcp;
    Packet *reset;
    TcpHeader *out;

    if (in->flags & TCP_RST)
        return;
    reset = packet_new(tcp->sim);
    out = &reset->tcp;
    reset->flow = packet->flow;
    reset->number = (packet->number ^ PACKET_OF_OPENER) | PACKET_STATELESS;
    reset->ip.source = packet->ip.destination;
    reset->ip.destination = packet->ip.source;
    reset->ip.protocol = IP_PROTOCOL_TCP;
    reset->ip.dont_fragment = tcp->config->path_mtu_discovery;
    out->source_port = in->destination_port;
    out->destination_port = in->source_port;
    if (in->flags & TCP_ACK) {
        out->seq = in->ack;
        out->flags = TCP_RST;
    } else {
        out->ack = in->seq + packet->payload.len +
                   ((in->flags & TCP_SYN) != 0) + ((in->flags & TCP_FIN) != 0);
        out->flags = TCP_RST | TCP_ACK;
    }
    host_send(tcp->host, reset);
}

/* --- text ----------------------------------------------------------------- */

/* LEN bytes from OFFSET of CHUNK on that lie in several chunks, in one piece: a
 * copy, or a length when none of them has content. */
static Slice gather(const TcpChunk *chunk, uint32_t offset, uint32_t len)
{
    bool real = false;
    uint8_t *bytes;

    for (const TcpChunk *c = chunk; c != NULL; c = c->next)
        real |= c->text.bytes != NULL;
    if (!real)
        return (Slice){.len = len};
    bytes = g_malloc0(len);
    for (uint32_t done = 0; done < len; chunk = chunk->next, offset = 0) {
        uint32_t part = MIN(len - done, chunk->text.len - offset);
        const uint8_t *from = slice_data(&chunk->text);

        if (from != NULL)
            memcpy(bytes + done, from + offset, part);
        done += part;
    }
    return (Slice){g_bytes_new_take(bytes, len), 0, len};
}

TcpChunk *tcp_chunk_at(const Tcb *tcb, uint32_t seq)
{
    TcpChunk *chunk = tcb->work->next_text;

    if (chunk == NULL || seq_lt(seq, chunk->seq))
        chunk = tcb->work->text;
    while (seq_leq(chunk->seq + chunk->text.len, seq))
        chunk = chunk->next;
    return chunk;
}

/* Puts the LEN bytes from SEQ on into PACKET. */
static void put_text(Tcb *tcb, Packet *packet, uint32_t seq, uint32_t len)
{
    TcpChunk *chunk = tcp_chunk_at(tcb, seq);
    uint32_t offset = seq - chunk->seq;

    if (offset + len <= chunk->text.len)
        packet->payload = slice_part(&chunk->text, offset, len);
    else
        packet->payload = gather(chunk, offset, len);
    if (seq != tcb->snd.nxt)
        return;
    while (seq_lt(chunk->seq + chunk->text.len, seq + len))
        chunk = chunk->next;
    tcb->work->next_text = chunk;
}

/* The flags of a segment of text. */
static uint16_t text_flags(uint16_t sent_flags)
{
    const uint16_t push = SENT_PUSH | SENT_PUSH_ONCE;

    return (uint16_t)(TCP_ACK | (sent_flags & SENT_FIN ? TCP_FIN : 0) |
                      (sent_flags & push ? TCP_PSH : 0));
}

void tcp_send_text(Tcb *tcb, uint32_t len, bool fin, uint8_t flags, bool push)
{
    uint32_t seq = tcb->snd.nxt;
    uint8_t sent_flags = (uint8_t)(flags | (fin ? SENT_FIN : 0));
    Packet *packet =
        segment_new(tcb, text_flags(sent_flags) | (push ? TCP_PSH : 0), seq);
    TcpSent *sent = sent_new(tcb, seq, seq + len + fin);

    if (len > 0)
        put_text(tcb, packet, seq, len);
    if (len > 0 && tcp_ecn(tcb))
        tcp_ecn_mark_text(tcb, packet);
    if (tcb->out == 0 && len > 0)
        tcp_cc_event(tcb, TCP_CC_RESTART);
    sent->flags = sent_flags;
    in_flight(tcb, sent, packet);
    tcb->fin_sent |= fin;
    if (len > 0)
        tcp_text_sent(tcb);
    if (tcb->rated)
        tcp_rate_sent(tcb, sent);
    send_segment(tcb, packet, false, 0, 0);
}

/* --- again ---------------------------------------------------------------- */

/* Cuts SENT in two when a segment may no longer be as large (RFC 1191 s6.5). */
static void split(Tcb *tcb, TcpSent *sent, uint32_t len)
{
    TcpSent *rest = sent_new(tcb, sent->seq + len, sent->end);

    rest->at = sent->at;
    rest->id = sent->id;
    rest->flags = sent->flags;
    rest->next = sent->next;
    sent->next = rest;
    sent->end = rest->seq;
    sent->flags &= (uint16_t) ~(SENT_FIN | SENT_PUSH | SENT_ENDS);
    if (tcb->work->last_sent == sent)
        tcb->work->last_sent = rest;
    tcb->out++;
    if (sent->rated && rest->rated)
        tcp_rated_split(sent, rest);
    tcp_note_split(tcb, sent, rest);
}

void tcp_retransmit(Tcb *tcb, TcpSent *sent, TcpRepeatWhy why, SimTime timer)
{
    bool fin = (sent->flags & SENT_FIN) != 0;
    uint32_t len = sent->end - sent->seq - fin;
    Packet *packet;

    if (len > tcp_full(tcb)) {
        split(tcb, sent, tcp_full(tcb));
        len = sent->end - sent->seq;
    }
    packet = segment_new(tcb, text_flags(sent->flags), sent->seq);
    if (len > 0)
        put_text(tcb, packet, sent->seq, len);
    packet->repeats = sent->id;
    sent->id = packet->id;
    sent->flags &= (uint16_t)~SENT_PUSH_ONCE;
    tcp_note_repeat(tcb, sent, why == REPEAT_TAIL_LOSS_PROBE);
    if (tcb->rated)
        tcp_rate_sent(tcb, sent);
    if (len > 0)
        tcp_text_sent(tcb);
    send_segment(tcb, packet, true, why, timer);
    if (tcb->paced)
        tcp_pacing_sent(tcb, len);
}

void tcp_repeat_syn_text(Tcb *tcb)
{
    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next) {
        tcp_mark_lost(tcb, tcp_recovery(tcb), s);
        tcp_retransmit(tcb, s, REPEAT_SYN_TEXT, 0);
        if (tcp_state(tcb) == TCP_CLOSED) /* could not be sent: all is gone */
            return;
    }
    tcp_rearm_rexmit(tcb);
}
