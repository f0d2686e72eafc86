/* tcp_user.c - the user's calls: RFC 9293 s3.10.1 to s3.10.5 (SEND is in
 * tcp_send.c, STATUS in tcp_info.c), and s3.9.2.2, ICMP. */
#include "tcp_inside.h"

#include <glib.h>
#include <string.h>

/* --- OPEN, s3.10.1 -------------------------------------------------------- */

/* The connection at CONN, in TIME-WAIT, makes room for a new one of ours, whose
 * numbers go on beyond the old ones (MAY-2).  Its user may still read. */
static uint32_t take_over(TcpConn *conn)
{
    Tcb *tcb = conn->parked ? tcp_unpark((TcpParked *)conn) : (Tcb *)conn;
    uint32_t nxt = tcb->snd.nxt;

    tcp_enter(tcb);
    tcp_finish(tcb, TCP_END_CLOSED);
    tcp_user_leave(tcb);
    return nxt + 65535 + 2;
}

static SimTime time_wait_since(const TcpConn *conn)
{
    return conn->parked ? ((const TcpParked *)conn)->since
                        : ((const Tcb *)conn)->work->linger.since;
}

/* Nothing has changed since there was no port for this pair. */
static bool still_no_port(const Tcp *tcp, IpAddress local, IpAddress address,
                          uint16_t port)
{
    const TcpNoPort *none = tcp->no_port;

    return none != NULL && !tcp->config->tw_reuse && none->port == port &&
           none->freed == tcp->freed && ip_equal(none->local, local) &&
           ip_equal(none->remote, address);
}

/* An ephemeral port that makes a new pair with ADDRESS:PORT (RFC 6056 s3.3.1);
 * 0: none.  *OLD is the connection in TIME-WAIT that it takes over, or NULL. */
static uint16_t choose_port(Tcp *tcp, IpAddress local, IpAddress address,
                            uint16_t port, TcpConn **old)
{
    const TcpConfig *config = tcp->config;
    uint32_t n = config->port_last >= config->port_first
                     ? config->port_last - config->port_first + 1
                     : 0;

    if (still_no_port(tcp, local, address, port)) {
        tcp->next_port = (uint16_t)(tcp->next_port + n); /* as if it looked */
        return 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint16_t try = (uint16_t)(config->port_first + tcp->next_port++ % n);
        TcpConn *conn = tcp_demux_find(tcp, local, address, try, port);

        *old = conn;
        if (conn == NULL)
            return try;
        if (conn->state == TCP_TIME_WAIT && config->tw_reuse &&
            tcp->sim->now - time_wait_since(conn) > config->tw_reuse_delay)
            return try;
    }
    if (tcp->no_port == NULL)
        tcp->no_port = g_new(TcpNoPort, 1);
    *tcp->no_port = (TcpNoPort){local, address, port, tcp->freed};
    return 0;
}

static Tcb *refuse(const Tcp *tcp, TcpEnd why, TcpEnd *end)
{
    tcp_tell_refused(tcp, why);
    if (end != NULL)
        *end = why;
    return NULL;
}

/* A connection to ADDRESS:PORT that has sent nothing yet. */
static Tcb *opener(Tcp *tcp, IpAddress address, uint16_t port,
                   uint16_t source_port, const TcpConfig *settings,
                   const TcpUser *vtable, void *user, TcpEnd *end)
{
    static const TcpUser nobody;
    IpAddress local = host_source_for(tcp->host, address); /* MUST-44 */
    TcpConn *old = NULL;
    uint32_t iss = 0;
    Tcb *tcb;

    if (ip_is_none(local) || ip_is_broadcast_or_multicast(address))
        return refuse(tcp, TCP_END_UNREACHABLE, end); /* MUST-46 */
    if (source_port == 0)
        source_port = choose_port(tcp, local, address, port, &old);
    else
        old = tcp_demux_find(tcp, local, address, source_port, port);
    if (source_port == 0 || (old != NULL && old->state != TCP_TIME_WAIT))
        return refuse(tcp, TCP_END_NO_PORT, end);
    if (old != NULL)
        iss = take_over(old);
    tcb = tcp_tcb_new(tcp, local, address, source_port, port);
    if (settings != NULL)
        *tcp_own_settings(tcb) = *settings;
    tcb->conn.opener = true;
    tcb->conn.flow = (FlowId){tcp->host->name_hash, ++tcp->host->flow_serial};
    tcb->vtable = vtable != NULL ? vtable : &nobody;
    tcb->user = user;
    tcb->iss = old != NULL ? iss : tcp_choose_iss(tcp, &tcb->conn);
    tcb->snd.una = tcb->iss;
    tcb->snd.nxt = tcb->snd.end = tcb->iss + 1;
    tcp_window_syn(tcb);
    return tcb;
}

static void send_first_syn(Tcb *tcb)
{
    tcp_enter(tcb);
    tcp_set_state(tcb, TCP_SYN_SENT);
    tcb->rto = tcp_first_syn_timeout(tcp_config(tcb));
    tcp_arm_syn(tcb);
    tcp_send_syn(tcb, 0, false, 0);
    tcp_user_leave(tcb);
}

Tcb *tcp_connect_set(Tcp *tcp, IpAddress address, uint16_t port,
                     uint16_t source_port, const TcpConfig *settings,
                     const TcpUser *vtable, void *user, TcpEnd *end)
{
    Tcb *tcb =
        opener(tcp, address, port, source_port, settings, vtable, user, end);

    if (tcb != NULL)
        send_first_syn(tcb);
    return tcb;
}

Tcb *tcp_connect(Tcp *tcp, IpAddress address, uint16_t port,
                 uint16_t source_port, const TcpUser *vtable, void *user,
                 TcpEnd *end)
{
    return tcp_connect_set(tcp, address, port, source_port, NULL, vtable, user,
                           end);
}

Tcb *tcp_connect_fast(Tcp *tcp, IpAddress address, uint16_t port,
                      uint16_t source_port, const TcpConfig *settings,
                      const Slice *text, uint32_t *taken, const TcpUser *vtable,
                      void *user, TcpEnd *end)
{
    Tcb *tcb =
        opener(tcp, address, port, source_port, settings, vtable, user, end);

    *taken = 0;
    if (tcb == NULL)
        return NULL;
    *taken = tcp_fast_open_begin(tcb, text->len);
    if (*taken > 0)
        tcp_write_syn(tcb, slice_part(text, 0, *taken));
    send_first_syn(tcb);
    return tcb;
}

/* --- RECEIVE, s3.10.3 ----------------------------------------------------- */

static void inbox_drop_first(Tcb *tcb)
{
    TcpWork *work = tcb->work;
    TcpChunk *chunk = work->inbox;

    work->inbox = chunk->next;
    if (work->inbox == NULL)
        work->last_inbox = NULL;
    tcb->rcv.memory -= chunk->seq;
    slice_clear(&chunk->text);
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_CHUNK, sizeof *chunk), chunk);
}

bool tcp_read(Tcb *tcb, Slice *piece)
{
    TcpChunk *chunk = tcb->work->inbox;

    if (chunk == NULL)
        return false;
    tcp_enter(tcb);
    *piece = chunk->text;
    chunk->text = (Slice){0};
    inbox_drop_first(tcb);
    tcb->rcv.queued -= piece->len;
    if (tcb->work->urgent != NULL)
        tcp_urgent_check(tcb);
    tcp_window_read(tcb);
    tcp_user_leave(tcb);
    return true;
}

/* Copies LEN bytes of CHUNK's text. */
static void copy_text(const TcpChunk *chunk, uint8_t *to, uint32_t len)
{
    const uint8_t *from = slice_data(&chunk->text);

    if (from != NULL)
        memcpy(to, from, len);
    else
        memset(to, 0, len);
}

static uint32_t peek(const Tcb *tcb, uint8_t *to, uint32_t len)
{
    uint32_t done = 0;

    for (const TcpChunk *c = tcb->work->inbox; c != NULL && done < len;
         c = c->next) {
        uint32_t part = MIN(len - done, c->text.len);

        copy_text(c, to + done, part);
        done += part;
    }
    return done;
}

uint32_t tcp_copy(Tcb *tcb, void *bytes, uint32_t len, bool stays)
{
    uint32_t done = peek(tcb, bytes, len), left = done;

    if (stays || done == 0)
        return done;
    tcp_enter(tcb);
    while (left > 0) {
        Slice *text = &tcb->work->inbox->text;
        uint32_t part = MIN(left, text->len);

        text->offset += part;
        text->len -= part;
        left -= part;
        if (text->len == 0)
            inbox_drop_first(tcb);
    }
    tcb->rcv.queued -= done;
    tcp_window_read(tcb);
    tcp_user_leave(tcb);
    return done;
}

bool tcp_peer_closed(const Tcb *tcb) { return tcb->fin_received; }

bool tcp_at_end(const Tcb *tcb)
{
    return tcb->fin_received && tcb->work->inbox == NULL;
}

/* --- CLOSE and ABORT, s3.10.4 and s3.10.5 --------------------------------- */

/* The user sends no more: FIN follows what was written. */
static void close_ours(Tcb *tcb)
{
    switch (tcp_state(tcb)) {
    case TCP_SYN_SENT:
        tcp_finish(tcb, TCP_END_ABORTED);
        return;
    case TCP_SYN_RECEIVED: /* queued until ESTABLISHED */
        if (!tcb->fast_open) {
            tcb->fin_wanted = true;
            return;
        }
        tcp_set_state(tcb, TCP_FIN_WAIT_1);
        break;
    case TCP_ESTABLISHED:
        tcp_set_state(tcb, TCP_FIN_WAIT_1);
        break;
    case TCP_CLOSE_WAIT:
        tcp_set_state(tcb, TCP_LAST_ACK);
        break;
    case TCP_FIN_WAIT_1: /* closed already */
    case TCP_FIN_WAIT_2:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT:
    case TCP_CLOSED:
        return;
    case TCP_LISTEN:
    case TCP_STATES:
        g_assert_not_reached();
    }
    tcb->fin_wanted = true;
    tcp_output(tcb);
}

void tcp_shutdown(Tcb *tcb)
{
    tcp_enter(tcb);
    close_ours(tcb);
    tcp_user_leave(tcb);
}

static void abort_ours(Tcb *tcb)
{
    TcpState state = tcp_state(tcb);

    if (state == TCP_CLOSED)
        return;
    if (state == TCP_SYN_RECEIVED || state == TCP_ESTABLISHED ||
        state == TCP_FIN_WAIT_1 || state == TCP_FIN_WAIT_2 ||
        state == TCP_CLOSE_WAIT)
        tcp_send_reset(tcb);
    if (tcp_state(tcb) != TCP_CLOSED)
        tcp_finish(tcb, TCP_END_ABORTED);
}

/* Half-duplex: MAY-1. */
void tcp_close(Tcb *tcb)
{
    bool unread = tcb->work->inbox != NULL;

    tcp_enter(tcb);
    tcp_detach(tcb);
    tcp_purge_inbox(tcb);
    if (unread) /* RFC 9293 s3.6.1, SHLD-3: the peer must hear of the loss */
        abort_ours(tcb);
    else
        close_ours(tcb);
    if (tcp_state(tcb) == TCP_FIN_WAIT_2)
        tcp_fin_wait_2_start(tcb);
    tcp_user_leave(tcb);
}

void tcp_abort(Tcb *tcb)
{
    tcp_enter(tcb);
    tcp_detach(tcb);
    tcp_purge_inbox(tcb);
    abort_ours(tcb);
    tcp_user_leave(tcb);
}

/* --- keepalive, s3.8.4 -----------------------------------------------------
 */

void tcp_set_keepalive(Tcb *tcb, SimTime idle)
{
    TcpState state = tcp_state(tcb);

    tcp_enter(tcb);
    tcp_own_settings(tcb)->keepalive_idle = idle;
    if (state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT) {
        deadline_off(&tcb->work->linger);
        tcp_keepalive_start(tcb);
    }
    tcp_user_leave(tcb);
}

/* --- ICMP, s3.9.2.2: MUST-54 ---------------------------------------------- */

/* SHLD-6: nothing larger than MTU passes: the segments in flight are cut (RFC
 * 1191 s6.4), and the oldest goes out again. */
static void path_mtu(Tcb *tcb, uint32_t mtu)
{
    uint32_t mss = MAX(mtu, 68 + 40) - IPV4_HEADER_LEN - TCP_HEADER_LEN;

    if (mss >= tcb->mss || tcb->work->sent == NULL)
        return;
    tcb->mss = (uint16_t)mss;
    if (tcp_state(tcb) == TCP_SYN_SENT) { /* the text of the SYN was too much */
        tcp_send_syn(tcb, REPEAT_SYN_TEXT, true, 0);
        return;
    }
    tcp_cut_flight(tcb);
    tcp_output(tcb);
}

static bool is_hard(const TcpConfig *config, uint8_t code)
{
    switch (code) {
    case ICMP_PROTOCOL_UNREACHABLE:
    case ICMP_PORT_UNREACHABLE:
        return true;
    case ICMP_NETWORK_PROHIBITED:
    case ICMP_HOST_PROHIBITED:
    case ICMP_PROHIBITED:
        return config->icmp_prohibited;
    default:
        return false;
    }
}

static void unreachable(Tcb *tcb, uint8_t code)
{
    TcpState state = tcp_state(tcb);
    const TcpConfig *config = tcp_config(tcb);

    /* MUST-56: soft errors end nothing, but the user of an opening connection
     * need not wait.  RFC 5927 s6.1, Linux: nor do hard ones, once it is open.
     */
    if (state != TCP_SYN_SENT && state != TCP_SYN_RECEIVED)
        tcb->soft_error = true; /* SHLD-25 */
    else if (is_hard(config, code) && config->icmp_hard)
        tcp_finish(tcb, TCP_END_REFUSED); /* SHLD-26 */
    else if (config->icmp_ends_open)
        tcp_finish(tcb, TCP_END_UNREACHABLE);
    else
        tcb->soft_error = true;
}

void tcp_error(Host *host, const Packet *quoted, uint8_t type, uint8_t code,
               uint32_t mtu)
{
    const TcpHeader *header = &quoted->tcp;
    TcpConn *conn =
        tcp_demux_find(host->tcp, quoted->ip.source, quoted->ip.destination,
                       header->source_port, header->destination_port);
    Tcb *tcb;

    /* Time exceeded, parameter problems and the like end nothing (MUST-55,
     * MUST-56). */
    if (conn == NULL || conn->state == TCP_TIME_WAIT ||
        type != ICMP_UNREACHABLE)
        return;
    tcb = conn->parked ? tcp_unpark((TcpParked *)conn) : (Tcb *)conn;
    tcp_enter(tcb);
    /* Only for what is in flight (RFC 5927 s4.1). */
    if (seq_in_window(header->seq, tcb->snd.una, tcb->snd.nxt - tcb->snd.una)) {
        if (code == ICMP_FRAGMENTATION_NEEDED)
            path_mtu(tcb, mtu);
        else
            unreachable(tcb, code);
    } else {
        tcb->conn.tcp->stray_errors++;
    }
    tcp_leave(tcb);
}
