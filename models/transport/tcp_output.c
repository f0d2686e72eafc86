/* tcp_output.c - segments are made and sent here, and nowhere else.
 *
 * What may be sent: RFC 9293 s3.8.6.2.1 (sender's silly window avoidance),
 * s3.7.4 (Nagle), RFC 5681 s3.1 (congestion window), RFC 6675 s5 (pipe). */
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
    packet->ip.source = conn->local;
    packet->ip.destination = conn->remote;
    packet->ip.protocol = IP_PROTOCOL_TCP;
    packet->tcp.source_port = conn->local_port;
    packet->tcp.destination_port = conn->remote_port;
    packet->tcp.flags = flags;
    packet->tcp.seq = seq;
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
    if (tcb->work->holes != NULL && !syn)
        tcp_put_sack(tcb, header);
    tcb->ack_due = tcb->ack_now = false;
    tcb->unacked = 0;
    deadline_off(&tcb->work->delack);
    if (tcb->quick > 0)
        tcb->quick--;
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
    }
    if (!(header->flags & TCP_SYN) && tcp_has(tcb, TCP_OPT_TIMESTAMPS))
        put_timestamps(tcb, header);
    tcp_tell_sent(tcb, packet, again, why, timer);
    host_send(tcb->conn.tcp->host, packet);
}

void tcp_send_syn(Tcb *tcb, TcpRepeatWhy why, bool repeated, SimTime timer)
{
    bool answers = tcp_state(tcb) == TCP_SYN_RECEIVED;
    Packet *packet =
        segment_new(tcb, answers ? TCP_SYN | TCP_ACK : TCP_SYN, tcb->iss);

    tcp_offer(tcb, &packet->tcp);
    if (!answers)
        packet->tcp.window = (uint16_t)MIN(tcp_select_window(tcb), 65535);
    if (repeated) {
        packet->repeats = tcb->last_id;
        tcb->repeats++;
    }
    tcb->syns++;
    tcb->last_id = packet->id;
    tcb->sent_at = tcp_sim(tcb)->now;
    send_segment(tcb, packet, repeated, why, timer);
}

void tcp_send_ack(Tcb *tcb)
{
    Packet *packet = segment_new(tcb, TCP_ACK, tcb->snd.nxt);

    send_segment(tcb, packet, false, 0, 0);
}

void tcp_challenge(Tcb *tcb)
{
    SimTime now = tcp_sim(tcb)->now;

    if (tcb->challenge_at != SIM_NEVER &&
        now - tcb->challenge_at < tcp_config(tcb)->challenge_ack_interval)
        return;
    tcb->challenge_at = now;
    tcp_send_ack(tcb);
}

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

/* The chunk that the byte SEQ is in. */
static TcpChunk *chunk_at(const Tcb *tcb, uint32_t seq)
{
    TcpChunk *chunk = tcb->work->next_text;

    if (chunk == NULL || seq_lt(seq, chunk->seq))
        chunk = tcb->work->text;
    while (seq_leq(chunk->seq + chunk->text.len, seq))
        chunk = chunk->next;
    return chunk;
}

/* Puts the LEN bytes from SEQ on into PACKET, with PSH when a write ends there
 * (RFC 9293 s3.9.1.2, MUST-61). */
static void put_text(Tcb *tcb, Packet *packet, uint32_t seq, uint32_t len)
{
    TcpChunk *chunk = chunk_at(tcb, seq);
    uint32_t offset = seq - chunk->seq;

    if (offset + len <= chunk->text.len)
        packet->payload = slice_part(&chunk->text, offset, len);
    else
        packet->payload = gather(chunk, offset, len);
    while (seq_lt(chunk->seq + chunk->text.len, seq + len))
        chunk = chunk->next;
    if (chunk->push && chunk->seq + chunk->text.len == seq + len)
        packet->tcp.flags |= TCP_PSH;
    if (seq == tcb->snd.nxt)
        tcb->work->next_text = chunk;
}

static TcpSent *sent_new(Tcb *tcb, uint32_t seq, uint32_t end)
{
    Sim *sim = tcp_sim(tcb);
    TcpSent *sent = slab_alloc(sim_slab(sim, SLAB_TCP_SENT, sizeof *sent));

    *sent = (TcpSent){.at = sim->now, .seq = seq, .end = end};
    return sent;
}

/* Sends LEN bytes from SND.NXT on, then FIN if FIN. */
static void send_text(Tcb *tcb, uint32_t len, bool fin)
{
    uint32_t seq = tcb->snd.nxt;
    Packet *packet = segment_new(tcb, TCP_ACK | (fin ? TCP_FIN : 0), seq);
    TcpSent *sent = sent_new(tcb, seq, seq + len + fin);
    TcpWork *work = tcp_work(tcb);

    if (len > 0)
        put_text(tcb, packet, seq, len);
    if (tcb->out == 0)
        tcp_cc_event(tcb, TCP_CC_RESTART);
    sent->id = packet->id;
    sent->flags = fin ? SENT_FIN : 0;
    if (work->last_sent != NULL)
        work->last_sent->next = sent;
    else
        work->sent = sent;
    work->last_sent = sent;
    tcb->out++;
    if (len > 0 && len < tcp_full(tcb))
        tcb->snd.small = seq + len;
    tcb->snd.nxt = sent->end;
    tcb->fin_sent |= fin;
    if (len > 0)
        tcp_text_sent(tcb);
    send_segment(tcb, packet, false, 0, 0);
}

/* --- what may be sent ----------------------------------------------------- */

/* Bytes from SND.NXT on that the peer's window has room for; none when it has
 * shrunk to the left of SND.NXT (MUST-34). */
static uint32_t usable_window(const Tcb *tcb)
{
    uint32_t right = tcb->snd.una + tcb->snd.wnd;

    return seq_lt(tcb->snd.nxt, right) ? right - tcb->snd.nxt : 0;
}

/* A segment below the MSS waits: RFC 9293 s3.8.6.2.1 (MUST-38), s3.7.4 (SHLD-7,
 * MUST-17). */
static bool too_small(const Tcb *tcb, uint32_t len, uint32_t unsent, bool fin)
{
    if (len <
        unsent) /* the window cuts it: worth while from half the largest on */
        return len < (tcb->snd.max_wnd + 1) / 2;
    if (fin)
        return false;
    if (!tcb->work->last_text->push) /* the user writes more at once */
        return true;
    return tcp_config(tcb)->nagle && tcb->out > 0 &&
           seq_lt(tcb->snd.una, tcb->snd.small);
}

/* The next segment that the peer's window allows: *LEN bytes, then FIN if *FIN;
 * false when there is none. */
static bool next_segment(const Tcb *tcb, uint32_t *len, bool *fin)
{
    uint32_t unsent = tcb->fin_sent ? 0 : tcb->snd.end - tcb->snd.nxt;
    uint32_t window = usable_window(tcb);

    *fin = tcb->fin_wanted && !tcb->fin_sent;
    if (unsent == 0 && !*fin)
        return false;
    *len = MIN(MIN(unsent, tcp_full(tcb)), window);
    *fin = *fin && *len == unsent && window > *len;
    if (*len == 0)
        return *fin;
    return *len == tcp_full(tcb) || !too_small(tcb, *len, unsent, *fin);
}

/* Whether the window was used, or only the user had nothing to say (RFC 7661 in
 * the simple form of Linux's tcp_cwnd_validate()). */
static void note_use(Tcb *tcb, bool limited)
{
    if (!seq_lt(tcb->snd.una, tcb->most_out_seq) || limited ||
        (!tcb->cwnd_limited && tcb->out > tcb->most_out)) {
        tcb->cwnd_limited = limited;
        tcb->most_out = tcb->out;
        tcb->most_out_seq = tcb->snd.nxt;
    }
}

/* Nothing was sent for an RTO: the window no longer fits the path (RFC 5681
 * s4.1); halved for each RTO, not below the restart window. */
static void restart_idle(Tcb *tcb)
{
    SimTime idle = tcp_sim(tcb)->now - tcb->sent_at;
    uint32_t least = MIN(tcp_config(tcb)->initial_window, tcb->cwnd);

    if (!tcp_config(tcb)->idle_restart || tcb->out > 0 || idle <= tcb->rto)
        return;
    /* What the window was is remembered: RFC 2861 s3. */
    tcb->ssthresh = MAX(tcb->ssthresh, tcb->cwnd / 2 + tcb->cwnd / 4);
    while ((idle -= tcb->rto) > 0 && tcb->cwnd > least)
        tcb->cwnd /= 2;
    tcb->cwnd = MAX(tcb->cwnd, least);
}

static bool may_send(const Tcb *tcb)
{
    TcpState state = tcp_state(tcb);

    return state == TCP_ESTABLISHED || state == TCP_FIN_WAIT_1 ||
           state == TCP_CLOSE_WAIT || state == TCP_CLOSING ||
           state == TCP_LAST_ACK;
}

void tcp_output(Tcb *tcb)
{
    uint32_t len, before = tcb->out;
    bool fin, limited = false, sent = false;

    if (!may_send(tcb) || (tcb->work->text == NULL && !tcb->fin_wanted))
        return;
    if (tcb->out == 0)
        restart_idle(tcb);
    tcp_retransmit_lost(tcb);
    while (may_send(tcb) && next_segment(tcb, &len, &fin)) {
        limited = tcp_pipe(tcb) >= tcb->cwnd;
        if (limited)
            break;
        send_text(tcb, len, fin);
        sent = true;
    }
    if (!may_send(tcb))
        return;
    if (sent || limited)
        note_use(tcb, limited || tcp_pipe(tcb) >= tcb->cwnd);
    if (sent)
        tcp_sent_rexmit(tcb, before == 0);
    tcp_check_persist(tcb);
}

bool tcp_send_one_more(Tcb *tcb)
{
    uint32_t unsent = tcb->fin_sent ? 0 : tcb->snd.end - tcb->snd.nxt;
    uint32_t window = usable_window(tcb);
    uint32_t len = MIN(MIN(unsent, tcp_full(tcb)), window);
    bool fin =
        tcb->fin_wanted && !tcb->fin_sent && len == unsent && window > len;

    if (!may_send(tcb) || (len == 0 && !fin))
        return false;
    send_text(tcb, len, fin);
    return true;
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
    sent->flags &= (uint8_t)~SENT_FIN;
    if (tcb->work->last_sent == sent)
        tcb->work->last_sent = rest;
    tcb->out++;
    if (tcb->work->recovery != NULL) {
        tcb->work->recovery->sacked += (sent->flags & SENT_SACKED) != 0;
        tcb->work->recovery->lost += (sent->flags & SENT_LOST) != 0;
        tcb->work->recovery->again += (sent->flags & SENT_AGAIN) != 0;
    }
}

void tcp_retransmit(Tcb *tcb, TcpSent *sent, TcpRepeatWhy why, SimTime timer)
{
    bool fin = (sent->flags & SENT_FIN) != 0;
    uint32_t len = sent->end - sent->seq - fin;
    Packet *packet;

    if (len > tcp_full(tcb)) {
        split(tcb, sent, tcp_full(tcb));
        fin = false;
        len = sent->end - sent->seq;
    }
    packet = segment_new(tcb, TCP_ACK | (fin ? TCP_FIN : 0), sent->seq);
    if (len > 0)
        put_text(tcb, packet, sent->seq, len);
    packet->repeats = sent->id;
    sent->id = packet->id;
    sent->at = tcp_sim(tcb)->now;
    if ((sent->flags & SENT_LOST) && !(sent->flags & SENT_AGAIN)) {
        sent->flags |= SENT_AGAIN;
        tcb->work->recovery->again++;
    }
    sent->flags |= SENT_EVER_AGAIN;
    tcb->repeats++;
    send_segment(tcb, packet, true, why, timer);
}
