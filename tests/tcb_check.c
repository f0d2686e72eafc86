/* tcb_check.c - see tcb_check.h. */
#include "tests/tcb_check.h"

#include "models/transport/tcp_inside.h"

/* --- receiving ------------------------------------------------------------ */

static void check_inbox(const Tcb *tcb)
{
    const TcpWork *work = tcb->work;
    const TcpChunk *last = NULL;
    uint32_t queued = 0;

    for (const TcpChunk *c = work->inbox; c != NULL; c = c->next) {
        g_assert(c->text.len > 0);
        queued += c->text.len;
        last = c;
    }
    g_assert(work->last_inbox == last);
    g_assert(tcb->rcv.queued == queued);
}

/* What is held lies beyond RCV.NXT, in the window, in order, without overlap.
 */
static void check_holes(const Tcb *tcb)
{
    const TcpHoles *h = tcb->work->holes;
    /* FreeBSD takes what there is room for (then), told or not. */
    bool told = tcp_config(tcb)->window_rule != TCP_WINDOW_FREEBSD;
    uint32_t memory = 0, edge = tcb->rcv.nxt;
    const TcpHeld *last = NULL;

    for (const TcpChunk *c = tcb->work->inbox; c != NULL; c = c->next)
        memory += c->seq;
    if (h == NULL) {
        g_assert(tcb->rcv.memory == memory);
        return;
    }
    for (const TcpHeld *held = h->first; held != NULL; held = held->next) {
        g_assert(seq_lt(held->seq, held->end));
        g_assert(held->end - held->seq == held->text.len + held->fin);
        /* What came with a SYN that met ours waits for ESTABLISHED. */
        g_assert(tcb->fin_received || tcp_state(tcb) == TCP_SYN_RECEIVED ||
                 held != h->first || seq_lt(edge, held->seq));
        g_assert(tcb->fin_received || seq_leq(edge, held->seq));
        g_assert(tcb->fin_received || !told ||
                 seq_leq(held->end, tcb->rcv.right));
        edge = held->end;
        memory += tcp_memory_of(tcb, held->text.len);
        last = held;
    }
    g_assert(h->last == last);
    g_assert(tcb->rcv.memory == memory);
    g_assert(h->sack_count <= TCP_SACK_BLOCKS_MAX);
    for (unsigned i = 0; i < h->sack_count; i++)
        g_assert(seq_lt(h->sack[i].left, h->sack[i].right));
}

static void check_receiver(const Tcb *tcb)
{
    check_inbox(tcb);
    check_holes(tcb);
    if (tcp_state(tcb) < TCP_SYN_RECEIVED)
        return;
    g_assert(seq_leq(tcb->rcv.nxt, tcb->rcv.right));
    g_assert(seq_leq(tcb->rcv.told, tcb->rcv.nxt));
    g_assert(rcv_wnd(tcb) <= (1u << 30) + (1u << 14));
}

/* --- sending -------------------------------------------------------------- */

/* Our SYN is not acknowledged; with Fast Open text may follow it already. */
static bool opens(const Tcb *tcb)
{
    return !tcp_synchronized(tcp_state(tcb)) || tcb->fast_open;
}

/* The text is in one piece from SND.UNA to the last byte written. */
static void check_text(const Tcb *tcb)
{
    const TcpWork *work = tcb->work;
    const TcpChunk *last = NULL;
    bool next_found = work->next_text == NULL;

    for (const TcpChunk *c = work->text; c != NULL; c = c->next) {
        g_assert(c->text.len > 0);
        g_assert(last == NULL || last->seq + last->text.len == c->seq);
        next_found |= c == work->next_text;
        last = c;
    }
    g_assert(work->last_text == last && next_found);
    if (last == NULL)
        return;
    g_assert(last->seq + last->text.len == tcb->snd.end);
    if (!opens(tcb)) {
        g_assert(seq_leq(work->text->seq, tcb->snd.una));
        g_assert(seq_lt(tcb->snd.una, work->text->seq + work->text->text.len));
    }
}

/* Pieces of the queue that are not sent yet, with bursts in flight BURSTS. */
static void check_pieces(const Tcb *tcb, uint32_t bursts)
{
    for (const TcpChunk *c = tcb->work->text; c != NULL; c = c->next) {
        g_assert(c->flags & CHUNK_ENDS || c->next != NULL);
        if (c->flags & CHUNK_ENDS && seq_lt(tcb->snd.nxt, c->seq + c->text.len))
            bursts++;
    }
    g_assert(tcb->work->pieces == bursts);
}

typedef struct Tally {
    uint32_t out, sacked, lost, again, bursts;
} Tally;

/* What is in flight is in one piece from SND.UNA to SND.NXT. */
static Tally check_sent(const Tcb *tcb)
{
    const TcpWork *work = tcb->work;
    const TcpSent *last = NULL;
    uint32_t edge = opens(tcb) ? tcb->iss + 1 : tcb->snd.una;
    Tally tally = {0};

    for (const TcpSent *s = work->sent; s != NULL; s = s->next) {
        g_assert(seq_lt(s->seq, s->end));
        g_assert(s->seq == edge);
        g_assert(s->at <= tcp_sim(tcb)->now);
        g_assert(!(s->flags & SENT_FIN) || s->next == NULL);
        g_assert(!(s->flags & SENT_SACKED) || !(s->flags & SENT_LOST));
        edge = s->end;
        tally.out++;
        tally.sacked += (s->flags & SENT_SACKED) != 0;
        tally.lost += (s->flags & SENT_LOST) != 0;
        tally.again += (s->flags & SENT_AGAIN) != 0;
        tally.bursts += (s->flags & SENT_ENDS) != 0;
        last = s;
    }
    g_assert(work->last_sent == last);
    g_assert(last == NULL || last->end == tcb->snd.nxt);
    g_assert(tally.out == tcb->out);
    check_pieces(tcb, tally.bursts);
    return tally;
}

/* SENT is in flight, not something that was freed. */
static bool in_flight(const Tcb *tcb, const TcpSent *sent)
{
    const TcpSent *s = tcb->work->sent;

    while (s != NULL && s != sent)
        s = s->next;
    return sent == NULL || s != NULL;
}

/* Where the scoreboard goes on looking: nothing was passed over. */
static void check_hints(const Tcb *tcb, const TcpRecovery *r)
{
    uint32_t beyond = 0;

    g_assert(in_flight(tcb, r->resend) && in_flight(tcb, r->judged) &&
             in_flight(tcb, r->sack_from));
    if (r->resend != NULL)
        for (const TcpSent *s = tcb->work->sent; s != r->resend; s = s->next)
            g_assert((s->flags & (SENT_LOST | SENT_AGAIN)) != SENT_LOST);
    if (r->judged == NULL)
        return;
    for (const TcpSent *s = r->judged; s != NULL; s = s->next)
        beyond += (s->flags & SENT_SACKED) != 0;
    g_assert(r->beyond == beyond);
}

/* RACK's list holds what may still be found lost, in order of time. */
static void check_listed(const Tcb *tcb, const TcpRecovery *r)
{
    const TcpSent *before = NULL;
    uint32_t listed = 0;

    if (!r->listing)
        return;
    for (const TcpSent *s = tcb->work->sent; s != NULL; s = s->next) {
        bool wanted = !(s->flags & SENT_SACKED) &&
                      (s->flags & (SENT_LOST | SENT_AGAIN)) != SENT_LOST;

        g_assert(wanted == ((s->flags & SENT_LISTED) != 0));
        listed += wanted;
    }
    for (const TcpSent *s = r->earliest; s != NULL; s = s->later) {
        g_assert(s->flags & SENT_LISTED && s->earlier == before);
        g_assert(before == NULL || before->at <= s->at);
        g_assert(listed-- > 0);
        before = s;
    }
    g_assert(r->latest == before && listed == 0);
}

static void check_recovery(const Tcb *tcb, const Tally *tally)
{
    const TcpRecovery *r = tcb->work->recovery;

    if (r == NULL) {
        g_assert(tally->sacked == 0 && tally->lost == 0 && tally->again == 0);
        return;
    }
    g_assert(r->lost == tally->lost);
    g_assert(r->again == tally->again);
    if (tcp_has(tcb, TCP_OPT_SACK_OK))
        g_assert(r->sacked == tally->sacked);
    else /* duplicate ACKs stand for segments */
        g_assert(tally->sacked == 0);
    g_assert(r->sacked + r->lost <= tcb->out);
    g_assert(r->again <= tcb->out);
    check_hints(tcb, r);
    check_listed(tcb, r);
}

static void check_numbers(const Tcb *tcb)
{
    uint32_t most = tcb->snd.end + tcb->fin_sent;

    g_assert(seq_leq(tcb->snd.una, tcb->snd.nxt));
    g_assert(seq_leq(tcb->snd.nxt, most));
    g_assert(!tcb->fin_sent || (tcb->fin_wanted && tcb->snd.nxt == most));
    g_assert(tcb->snd.wnd <= tcb->snd.max_wnd + tcb->fast_open);
    g_assert(tcb->snd.max_wnd <= 65535u << 14);
}

static void check_sender(const Tcb *tcb)
{
    TcpState state = tcp_state(tcb);
    Tally tally;

    if (state == TCP_CLOSED) {
        g_assert(tcb->work->text == NULL && tcb->work->sent == NULL);
        return;
    }
    check_text(tcb);
    tally = check_sent(tcb);
    check_numbers(tcb);
    check_recovery(tcb, &tally);
    if (!tcp_synchronized(state))
        return;
    if (!opens(tcb))
        g_assert((tcb->out == 0) == (tcb->snd.una == tcb->snd.nxt));
    g_assert(tcb->mss > 0 && tcp_full(tcb) > 0);
    g_assert(tcb->cwnd >= 1 && tcb->ssthresh >= 1);
    g_assert(tcb->rto > 0);
}

/* --- waiting -------------------------------------------------------------- */

static void check_deadline(const Tcb *tcb, const Deadline *deadline)
{
    SimTime now = tcp_sim(tcb)->now;

    if (!deadline_on(deadline))
        return;
    g_assert(deadline->at >= now && deadline->since <= now);
    g_assert(event_pending(&tcb->conn.wake));
    g_assert(tcb->conn.wake.at <= deadline->at);
}

/* A state that only the passing of time can end has its timer. */
static void check_nothing_waits_for_ever(const Tcb *tcb)
{
    const TcpWork *work = tcb->work;
    bool unsent = work->text != NULL || (tcb->fin_wanted && !tcb->fin_sent);

    switch (tcp_state(tcb)) {
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
        g_assert(deadline_on(&work->rexmit));
        break;
    case TCP_ESTABLISHED:
    case TCP_CLOSE_WAIT:
    case TCP_FIN_WAIT_1:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        g_assert((tcb->out == 0 && !unsent) || deadline_on(&work->rexmit) ||
                 (tcb->out == 0 && deadline_on(&work->pace)));
        break;
    case TCP_FIN_WAIT_2:
        g_assert(tcb->vtable != NULL || deadline_on(&work->linger) ||
                 tcp_config(tcb)->fin_timeout == 0); /* for ever */
        break;
    case TCP_TIME_WAIT:
        g_assert(deadline_on(&work->linger));
        g_assert(!deadline_on(&work->rexmit) && !deadline_on(&work->delack) &&
                 !deadline_on(&work->pace));
        break;
    case TCP_CLOSED: /* kept for the user, who has not read all yet */
        g_assert(tcb->vtable != NULL);
        g_assert(!deadline_on(&work->rexmit) && !deadline_on(&work->delack) &&
                 !deadline_on(&work->linger) && !deadline_on(&work->pace));
        break;
    case TCP_LISTEN:
    case TCP_STATES:
        g_assert_not_reached();
    }
}

static void check_user(const Tcb *tcb)
{
    bool tells = tcb->tell_opened || tcb->tell_readable || tcb->tell_writable ||
                 tcb->tell_gone;

    g_assert(tcb->busy == 0);
    g_assert(!tells || tcb->vtable != NULL || tcb->tell_accept);
    if (tells || tcb->tell_accept)
        g_assert(event_pending(&tcb->conn.wake) &&
                 tcb->conn.wake.at <= tcp_sim(tcb)->now);
}

void tcb_check(const Tcb *tcb)
{
    check_receiver(tcb);
    check_sender(tcb);
    check_deadline(tcb, &tcb->work->rexmit);
    check_deadline(tcb, &tcb->work->delack);
    check_deadline(tcb, &tcb->work->linger);
    check_deadline(tcb, &tcb->work->pace);
    check_nothing_waits_for_ever(tcb);
    check_user(tcb);
}

/* --- a host --------------------------------------------------------------- */

static void check_parked(const TcpParked *parked)
{
    g_assert(parked->conn.state == TCP_SYN_RECEIVED ||
             parked->conn.state == TCP_TIME_WAIT);
    g_assert((parked->conn.state == TCP_SYN_RECEIVED) ==
             (parked->listener != NULL));
    g_assert(event_pending(&parked->conn.wake));
    g_assert(seq_leq(parked->rcv_nxt, parked->rcv_right));
}

static const TcpListener *listener_of(const TcpConn *conn)
{
    return conn->parked ? ((const TcpParked *)conn)->listener
                        : ((const Tcb *)conn)->work->listener;
}

static void check_listener(const Tcp *tcp, const TcpListener *listener)
{
    uint32_t half_open = 0, fast_open = 0;

    for (uint32_t i = 0; tcp->slots != NULL && i <= tcp->mask; i++) {
        const TcpConn *conn = tcp->slots[i].conn;

        if (conn == NULL || listener_of(conn) != listener)
            continue;
        if (!conn->parked && ((const Tcb *)conn)->fast_open)
            fast_open++;
        else
            half_open++;
    }
    g_assert(listener->half_open == half_open);
    g_assert(listener->fast_open == fast_open);
}

void tcb_check_all(const Tcp *tcp)
{
    uint32_t counts[TCP_STATES] = {0}, used = 0;

    for (uint32_t i = 0; tcp->slots != NULL && i <= tcp->mask; i++) {
        const TcpConn *conn = tcp->slots[i].conn;

        if (conn == NULL)
            continue;
        used++;
        counts[conn->state]++;
        g_assert(conn->state == TCP_CLOSED ||
                 tcp_demux_find(tcp, conn->local, conn->remote,
                                conn->local_port, conn->remote_port) == conn);
        if (conn->parked)
            check_parked((const TcpParked *)conn);
        else
            tcb_check((const Tcb *)conn);
    }
    g_assert(tcp->used == used);
    g_assert(counts[TCP_LISTEN] == 0);
    for (int s = TCP_SYN_SENT; s < TCP_STATES; s++)
        g_assert(tcp_count(tcp, (TcpState)s) == counts[s]);
    for (const TcpListener *l = tcp->listeners; l != NULL; l = l->next)
        check_listener(tcp, l);
}
