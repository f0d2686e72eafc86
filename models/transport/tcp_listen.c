/* tcp_listen.c - listeners: OPEN, passive (RFC 9293 s3.10.1), and the two
 * queues of each, of the half-open connections and of those that its user has
 * not accepted yet. */
#include "tcp_inside.h"

#include <glib.h>

void tcp_listener_free(TcpListener *listener)
{
    Tcp *tcp = listener->tcp;

    g_queue_clear_full(&listener->fast_open_resets, g_free);
    tcp_settings_free(tcp, listener->config);
    slab_free(sim_slab(tcp->sim, SLAB_TCP_LISTENER, sizeof *listener),
              listener);
}

/* No connection is in the way of it, nor it in theirs: MUST-41, MUST-42. */
TcpListener *tcp_listen(Tcp *tcp, uint16_t port, unsigned backlog,
                        TcpAccept *accept, void *data)
{
    TcpListener *listener;

    if (port == 0 || tcp_listener(tcp, port) != NULL)
        return NULL;
    listener =
        slab_alloc(sim_slab(tcp->sim, SLAB_TCP_LISTENER, sizeof *listener));
    *listener =
        (TcpListener){.next = tcp->listeners,
                      .tcp = tcp,
                      .accept = accept,
                      .data = data,
                      .config = tcp->config,
                      .backlog = backlog != 0 ? backlog : tcp->config->backlog,
                      .port = port};
    tcp->listeners = listener;
    return listener;
}

static const TcpListener *listener_of(const TcpConn *conn)
{
    return conn->parked ? ((const TcpParked *)conn)->listener
                        : ((const Tcb *)conn)->work->listener;
}

/* Half-open children of LISTENER go without a word, as Linux's do. */
static void forget_children(TcpListener *listener)
{
    Tcp *tcp = listener->tcp;

    for (uint32_t i = 0; listener->half_open > 0 && i <= tcp->mask;) {
        TcpConn *conn = tcp->slots[i].conn;
        Tcb *tcb;

        if (conn == NULL || listener_of(conn) != listener) {
            i++;
            continue;
        }
        tcb = conn->parked ? tcp_unpark((TcpParked *)conn) : (Tcb *)conn;
        tcp_enter(tcb);
        tcp_finish(tcb, TCP_END_ABORTED);
        tcp_leave(
            tcb); /* another one may have moved to this slot: look again */
    }
}

void tcp_unlisten(TcpListener *listener)
{
    Tcp *tcp = listener->tcp;
    TcpListener **at = &tcp->listeners;

    tcp_fast_open_unlisten(listener); /* these have users of their own */
    forget_children(listener);
    while (*at != listener)
        at = &(*at)->next;
    *at = listener->next;
    tcp_listener_free(listener);
}

void tcp_listener_full(TcpListener *listener, bool full)
{
    listener->full = full;
}

Tcb *tcp_child_new(TcpListener *listener, const TcpSegment *seg)
{
    const IpHeader *ip = &seg->packet->ip;
    Tcb *tcb =
        tcp_tcb_new(listener->tcp, ip->destination, ip->source,
                    seg->header->destination_port, seg->header->source_port);

    tcb->conn.flow = seg->packet->flow;
    tcb->conn.state = TCP_LISTEN; /* a child of the listener begins as it is */
    tcp_work(tcb)->listener = listener;
    tcp_inherit_settings(tcb, listener);
    return tcb;
}

bool tcp_is_not_heard(const Tcb *tcb)
{
    const TcpListener *listener = tcb->work->listener;

    return listener != NULL && listener->full && !tcb->fast_open;
}
