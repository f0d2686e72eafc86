/* socket_open.c - bind(), listen(), accept(), connect(). */
#include "socket_inside.h"

/* --- bind ----------------------------------------------------------------- */

/* PORT is somebody else's, and may not be shared. */
static bool port_is_taken(const Socket *socket, uint16_t port)
{
    for (const Socket *s = socket->sockets->first; s != NULL; s = s->next)
        if (s != socket && s->bound && s->local.port == port &&
            !(s->reuse_address && socket->reuse_address &&
              s->phase != PHASE_LISTENING))
            return true;
    /* Connections that nobody holds any more, TIME-WAIT (measured:
     * tests/linux/states/time_wait_reconnect.json). */
    return !socket->reuse_address && tcp_has_port(socket_tcp(socket), port);
}

/* The first ephemeral port that nobody has; 0: none. */
static uint16_t free_port(const Socket *socket)
{
    const TcpConfig *config = tcp_settings(socket_tcp(socket));

    for (uint32_t p = config->port_first; p <= config->port_last; p++)
        if (!port_is_taken(socket, (uint16_t)p))
            return (uint16_t)p;
    return 0;
}

int socket_bind(Socket *socket, SocketAddress address)
{
    if (socket->bound || socket->phase != PHASE_FRESH)
        return -EINVAL;
    if (!ip_is_none(address.ip) &&
        !host_has_address(socket->sockets->host, address.ip))
        return -EADDRNOTAVAIL;
    if (address.port == 0)
        address.port = free_port(socket);
    if (address.port == 0 || port_is_taken(socket, address.port))
        return -EADDRINUSE;
    socket->local = address;
    socket->bound = true;
    return 0;
}

/* --- listen and accept ---------------------------------------------------- */

static void tell_if_full(Socket *socket)
{
    tcp_listener_full(socket->listener,
                      socket->waiting.length > socket->backlog);
}

/* A connection is ESTABLISHED: it waits to be accepted. */
static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    Socket *socket = data, *child = socket_new(socket->sockets);

    child->phase = PHASE_CONNECTED;
    child->told_open = true;
    child->reuse_address = socket->reuse_address;
    child->linger = socket->linger;
    child->keepalive = socket->keepalive;
    child->keepalive_idle = socket->keepalive_idle;
    child->corked = socket->corked;
    child->receive_timeout = socket->receive_timeout;
    child->send_timeout = socket->send_timeout;
    socket_take(child, tcb);
    *vtable = &socket_user;
    *user = child;
    g_queue_push_tail(&socket->waiting, child);
    tell_if_full(socket);
    socket->news++;
    socket_changed(socket->sockets);
}

int socket_listen(Socket *socket, unsigned backlog)
{
    unsigned half_open = 0;

    if (socket->phase == PHASE_LISTENING) {
        socket->backlog = backlog;
        tell_if_full(socket);
        return 0;
    }
    if (socket->phase != PHASE_FRESH)
        return -EINVAL;
    if (!socket->bound) {
        int result = socket_bind(socket, (SocketAddress){IP_NONE, 0});

        if (result < 0)
            return result;
    }
    if (socket->sockets->rules->backlog_of_half_open)
        half_open = MAX(backlog, 1);
    socket->listener = tcp_listen(socket_tcp(socket), socket->local.port,
                                  half_open, accepted, socket);
    if (socket->listener == NULL)
        return -EADDRINUSE;
    if (socket->settings != NULL)
        *tcp_listener_settings(socket->listener) = *socket->settings;
    socket->backlog = backlog;
    socket->phase = PHASE_LISTENING;
    return 0;
}

int socket_accept(Socket *socket, Socket **accepted, SocketAddress *peer)
{
    if (socket->phase != PHASE_LISTENING)
        return -EINVAL;
    if (socket->waiting.length == 0)
        return -EAGAIN;
    *accepted = g_queue_pop_head(&socket->waiting);
    tell_if_full(socket);
    *peer = (*accepted)->remote;
    return 0;
}

/* --- connect -------------------------------------------------------------- */

static int connect_error(TcpEnd end)
{
    return end == TCP_END_NO_PORT ? -EADDRNOTAVAIL : -ENETUNREACH;
}

/* The connection TCB (NULL: because of END) is under way. */
static int begun(Socket *socket, Tcb *tcb, TcpEnd end)
{
    if (tcb == NULL)
        return connect_error(end);
    socket->phase = PHASE_CONNECTING;
    socket->error = 0;
    socket->told_open = false;
    socket->got_fin = socket->shut_receiving = socket->shut_sending = false;
    socket_take(socket, tcb);
    return -EINPROGRESS;
}

int64_t socket_open_fast(Socket *socket, SocketAddress to, const Slice *text)
{
    static const Slice nothing;
    TcpEnd end = TCP_END_CLOSED;
    uint32_t taken = 0;
    Tcb *tcb =
        tcp_connect_fast(socket_tcp(socket), to.ip, to.port, socket->local.port,
                         socket->settings, text != NULL ? text : &nothing,
                         &taken, &socket_user, socket, &end);
    int result = begun(socket, tcb, end);

    return taken > 0 ? (int64_t)taken : result;
}

static int begin(Socket *socket, SocketAddress to)
{
    TcpEnd end = TCP_END_CLOSED;
    Tcb *tcb;

    if (to.port == 0 || ip_is_none(to.ip))
        return -ECONNREFUSED;
    if (socket->fast_open_connect) {
        if (!tcp_fast_open_ready(socket_tcp(socket), socket->settings, to.ip))
            return (int)socket_open_fast(socket, to, NULL);
        socket->remote = to;
        socket->phase = PHASE_DEFERRED;
        return 0;
    }
    tcb =
        tcp_connect_set(socket_tcp(socket), to.ip, to.port, socket->local.port,
                        socket->settings, &socket_user, socket, &end);
    return begun(socket, tcb, end);
}

int socket_connect(Socket *socket, SocketAddress to)
{
    switch (socket->phase) {
    case PHASE_FRESH:
        if (socket->error != 0)
            return socket_take_error(socket);
        return begin(socket, to);
    case PHASE_LISTENING:
    case PHASE_DEFERRED:
        return -EISCONN;
    case PHASE_CONNECTING:
        return -EALREADY;
    case PHASE_CONNECTED:
        if (socket->told_open)
            return -EISCONN;
        socket->told_open = true;
        return socket_take_error(socket);
    }
    g_assert_not_reached();
}
