/* tcp_info.c - STATUS, RFC 9293 s3.10.6: what may be known of a connection. */
#include "tcp_inside.h"

#include <glib.h>

static void info_of_loss(const Tcb *tcb, TcpInfo *info)
{
    const TcpRecovery *r = tcb->work->recovery;

    info->ca_state = tcp_ca_state(tcb);
    info->in_flight = tcb->out;
    info->reordering = TCP_DUP_THRESH;
    info->delivered = tcb->delivered;
    info->delivered_ce = r != NULL ? r->delivered_ce : 0;
    info->retransmissions = tcb->repeats;
    info->retransmits = tcb->tries; /* SHLD-9 */
    info->backoff = tcb->backoff;
    info->probes = tcb->probes;
    info->soft_error = tcb->soft_error; /* MUST-47, SHLD-20 */
    if (r != NULL) {
        info->sacked = r->sacked;
        info->lost = r->lost;
        info->retrans_out = r->again;
        info->reordering = r->reordering;
        info->reord_seen = r->reord_seen;
        info->dsack_dups = r->dsack_dups;
    }
}

static void info_of_time(const Tcb *tcb, TcpInfo *info)
{
    bool kernel = tcp_config(tcb)->rto_rule == TCP_RTO_LINUX;

    info->srtt = (tcb->srtt8 >> 3) * SIM_US;
    info->rttvar = ((kernel ? tcb->rttvar4 : tcb->mdev4) >> 2) * SIM_US;
    info->rto = tcb->rto;
    info->min_rtt = tcb->min_rtt * SIM_US;
    info->ato = tcb->ato_ms * SIM_MS;
    info->rwnd_limited = tcp_waited(tcb, TCP_RWND_LIMITED);
    info->sndbuf_limited = tcp_waited(tcb, TCP_SNDBUF_LIMITED);
    info->busy =
        tcp_waited(tcb, TCP_BUSY) + info->rwnd_limited + info->sndbuf_limited;
    info->last_data_sent = tcb->sent_at;
    info->last_data_received = tcb->data_at;
}

void tcp_info(const Tcb *tcb, TcpInfo *info)
{
    const TcpConn *conn = &tcb->conn;

    *info = (TcpInfo){.state = tcp_state(tcb),
                      .local = conn->local,
                      .remote = conn->remote,
                      .local_port = conn->local_port,
                      .remote_port = conn->remote_port,
                      .options = conn->options & (uint8_t)~CONN_ECN,
                      .ecn = tcp_ecn(tcb),
                      .ecn_seen = tcb->ecn_seen,
                      .snd_scale = tcb->snd_scale,
                      .rcv_scale = tcb->rcv_scale,
                      .cwnd = tcb->cwnd,
                      .ssthresh = tcb->ssthresh,
                      .snd_mss = tcb->mss != 0 ? tcp_full(tcb) : 0,
                      .rcv_mss = tcb->rcv_mss,
                      .advmss = tcp_our_mss(tcb),
                      .pmtu = host_mtu_for(conn->tcp->host, conn->remote),
                      .unsent = tcb->snd.end - tcb->snd.nxt,
                      .unread = tcb->rcv.queued,
                      .snd_wnd = tcb->snd.wnd,
                      .rcv_wnd = rcv_wnd(tcb),
                      .syn_text = tcb->syn_text_taken,
                      .flow = conn->flow};
    if (tcb->tally != NULL) {
        info->bytes_acked = tcb->tally->bytes_acked;
        info->bytes_received = tcb->tally->bytes_received;
    }
    if (tcb->fin_sent) /* SND.NXT counts the FIN */
        info->unsent = 0;
    info_of_loss(tcb, info);
    info_of_time(tcb, info);
}

uint32_t tcp_unread(const Tcb *tcb) { return tcb->rcv.queued; }

uint32_t tcp_unacknowledged(const Tcb *tcb)
{
    uint32_t first = seq_max(tcb->snd.una, tcb->iss + 1); /* not the SYN */

    return seq_lt(first, tcb->snd.end) ? tcb->snd.end - first : 0;
}

const TcpConfig *tcp_settings(const Tcp *tcp) { return tcp->config; }

uint64_t tcp_stray_errors(const Tcp *tcp) { return tcp->stray_errors; }

uint32_t tcp_count(const Tcp *tcp, TcpState state)
{
    uint32_t n = tcp->counts[state];

    if (state == TCP_LISTEN)
        for (const TcpListener *l = tcp->listeners; l != NULL; l = l->next)
            n++;
    return n;
}

void tcp_each(const Tcp *tcp,
              void (*each)(const TcpConnection *connection, void *data),
              void *data)
{
    for (uint32_t i = 0; tcp->slots != NULL && i <= tcp->mask; i++) {
        const TcpConn *conn = tcp->slots[i].conn;

        if (conn != NULL)
            each(&(TcpConnection){.state = (TcpState)conn->state,
                                  .local = conn->local,
                                  .remote = conn->remote,
                                  .local_port = conn->local_port,
                                  .remote_port = conn->remote_port},
                 data);
    }
}

uint64_t tcp_bytes_received(const Tcp *tcp) { return tcp->received; }

static bool opened_before(const TcpConn *a, const TcpConn *b)
{
    if (a->flow.serial != b->flow.serial)
        return a->flow.serial < b->flow.serial;
    return a->flow.opener < b->flow.opener;
}

const Tcb *tcp_first(const Tcp *tcp, uint16_t port)
{
    const TcpConn *first = NULL;

    for (uint32_t i = 0; tcp->slots != NULL && i <= tcp->mask; i++) {
        const TcpConn *conn = tcp->slots[i].conn;

        if (conn == NULL || conn->parked ||
            (port != 0 && conn->local_port != port &&
             conn->remote_port != port))
            continue;
        if (first == NULL || opened_before(conn, first))
            first = conn;
    }
    return (const Tcb *)first; /* which begins with it */
}
