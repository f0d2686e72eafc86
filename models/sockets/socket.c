/* socket.c - the table of a host's sockets, what TCP tells them, and their
 * end. */
#include "socket_inside.h"

#define KEEPALIVE_IDLE (2 * 3600 * SIM_S) /* RFC 9293 MUST-28 */

const SocketRules socket_rules_linux = {.doubles_buffers = true,
                                        .backlog_of_half_open = true,
                                        .epipe_after_fin = true};
const SocketRules socket_rules_bsd = {.fast_open_sends = true,
                                      .unreachable_is_refused = true};

Sockets *sockets_new(Host *host, const SocketRules *rules)
{
    Sockets *sockets = g_new0(Sockets, 1);

    g_assert(host->tcp != NULL);
    sockets->host = host;
    sockets->rules = rules;
    socket_calls_init(sockets);
    return sockets;
}

void sockets_free(Sockets *sockets)
{
    if (sockets == NULL)
        return;
    while (sockets->calls != NULL)
        socket_call_cancel(sockets->calls);
    while (sockets->first != NULL) {
        Socket *socket = sockets->first;

        /* Those that wait to be accepted are their listener's to close. */
        while (socket->phase != PHASE_LISTENING && socket->next != NULL)
            socket = socket->next;
        socket->linger = 0;
        socket_close(socket);
    }
    g_free(sockets);
}

Socket *socket_new(Sockets *sockets)
{
    SimTime idle = tcp_settings(sockets->host->tcp)->keepalive_idle;
    Socket *socket = g_new0(Socket, 1);

    *socket = (Socket){.next = sockets->first,
                       .sockets = sockets,
                       .linger = -1,
                       .keepalive_idle = idle != 0 ? idle : KEEPALIVE_IDLE};
    g_queue_init(&socket->waiting);
    sockets->first = socket;
    return socket;
}

void socket_drop(Socket *socket)
{
    Socket **at = &socket->sockets->first;

    while (*at != socket)
        at = &(*at)->next;
    *at = socket->next;
    if (socket->left != NULL)
        g_byte_array_unref(socket->left);
    g_free(socket->settings);
    g_free(socket);
}

/* --- what TCP tells ------------------------------------------------------- */

static void tell(Socket *socket)
{
    socket->news++;
    socket_changed(socket->sockets);
}

static void opened(Tcb *tcb, void *user)
{
    Socket *socket = user;

    socket->phase = PHASE_CONNECTED;
    tell(socket);
}

static void readable(Tcb *tcb, void *user)
{
    Socket *socket = user;

    socket->got_fin |= tcp_peer_closed(tcb);
    tell(socket);
}

static void writable(Tcb *tcb, void *user) { tell(user); }

static int error_of(const Socket *socket, TcpEnd end)
{
    bool fin_came = socket->got_fin && !socket->shut_sending;

    switch (end) {
    case TCP_END_REFUSED: /* Fast Open accepts before the handshake's end */
        return socket->phase == PHASE_CONNECTING ? ECONNREFUSED : ECONNRESET;
    case TCP_END_RESET:
        return fin_came && socket->sockets->rules->epipe_after_fin ? EPIPE
                                                                   : ECONNRESET;
    case TCP_END_TIMED_OUT:
        return ETIMEDOUT;
    case TCP_END_UNREACHABLE:
        return EHOSTUNREACH;
    case TCP_END_ABORTED:
        return ECONNABORTED;
    case TCP_END_NO_PORT:
        return EADDRNOTAVAIL;
    case TCP_END_CLOSED:
    case TCP_ENDS:
        break;
    }
    return 0;
}

/* A reset does not take away what came before it. */
static void keep_unread(Socket *socket)
{
    uint32_t len = tcp_unread(socket->tcb);

    if (len == 0)
        return;
    socket->left = g_byte_array_sized_new(len);
    g_byte_array_set_size(socket->left, len);
    tcp_copy(socket->tcb, socket->left->data, len, true);
}

/* TCP forgets the connection; what is left to know of it is kept. */
static void gone(Tcb *tcb, void *user, TcpEnd end)
{
    Socket *socket = user;

    socket->got_fin |= tcp_peer_closed(tcb);
    keep_unread(socket);
    tcp_info(tcb, &socket->last);
    socket->tcb = NULL;
    if (end != TCP_END_CLOSED)
        socket->error = error_of(socket, end);
    if (socket->phase == PHASE_CONNECTING && socket->error != 0)
        socket->phase = PHASE_FRESH; /* connect() may be tried again */
    tell(socket);
}

const TcpUser socket_user = {
    .opened = opened, .readable = readable, .writable = writable, .gone = gone};

void socket_take(Socket *socket, Tcb *tcb)
{
    TcpInfo info;

    tcp_info(tcb, &info);
    socket->tcb = tcb;
    socket->local = (SocketAddress){info.local, info.local_port};
    socket->remote = (SocketAddress){info.remote, info.remote_port};
    socket->bound = true;
    if (socket->corked)
        tcp_cork(tcb, true);
}

int socket_take_error(Socket *socket)
{
    int error = socket->error;

    socket->error = 0;
    return -error;
}

/* --- the end -------------------------------------------------------------- */

static void stop_listening(Socket *socket)
{
    Socket *child;

    while ((child = g_queue_pop_head(&socket->waiting)) != NULL) {
        child->linger = 0; /* nobody will ever read it: reset */
        socket_close(child);
    }
    tcp_unlisten(socket->listener);
    socket->listener = NULL;
    socket->phase = PHASE_FRESH;
}

int socket_shutdown(Socket *socket, SocketShutdown how)
{
    bool receiving = how != SOCKET_SHUT_SENDING;

    if (socket->phase == PHASE_LISTENING) { /* as Linux's inet_shutdown() */
        if (receiving)
            stop_listening(socket);
        return 0;
    }
    if (socket->phase == PHASE_CONNECTING && socket->tcb != NULL) {
        tcp_abort(socket->tcb);
        socket->tcb = NULL;
        socket->phase = PHASE_FRESH;
        return 0;
    }
    if (socket->phase == PHASE_DEFERRED) {
        socket->phase = PHASE_FRESH;
        return 0;
    }
    if (socket->tcb == NULL)
        return -ENOTCONN;
    socket->shut_receiving |= receiving;
    if (how != SOCKET_SHUT_RECEIVING) {
        socket->shut_sending = true;
        tcp_shutdown(socket->tcb);
    }
    socket_changed(socket->sockets);
    return 0;
}

void socket_close(Socket *socket /* taken */)
{
    Tcb *tcb = socket->tcb;

    if (socket->phase == PHASE_LISTENING)
        stop_listening(socket);
    socket->tcb = NULL;
    if (tcb != NULL && socket->linger == 0)
        tcp_abort(tcb);
    else if (tcb != NULL)
        tcp_close(tcb);
    socket_drop(socket);
}

/* --- questions ------------------------------------------------------------ */

static unsigned events_of_connection(const Socket *socket)
{
    bool over = socket->tcb == NULL;
    bool end = socket->got_fin || socket->shut_receiving ||
               (!over && tcp_peer_closed(socket->tcb));
    unsigned events = 0;

    if (end || over || socket_unread(socket) > 0)
        events |= SOCKET_IN;
    if (end || over)
        events |= SOCKET_RDHUP;
    if ((end && socket->shut_sending) || over)
        events |= SOCKET_HUP;
    if (over || socket->shut_sending || tcp_writable(socket->tcb))
        events |= SOCKET_OUT;
    return events;
}

uint32_t socket_unread(const Socket *socket)
{
    if (socket->tcb != NULL)
        return tcp_unread(socket->tcb);
    return socket->left != NULL ? socket->left->len : 0;
}

uint64_t socket_news(const Socket *socket) { return socket->news; }

unsigned socket_events(const Socket *socket)
{
    unsigned events = socket->error != 0 ? SOCKET_ERR : 0;

    switch (socket->phase) {
    case PHASE_FRESH: /* one that failed is at its end, too */
        if (socket->last.remote_port != 0)
            events |= SOCKET_IN | SOCKET_RDHUP;
        return events | SOCKET_OUT | SOCKET_HUP;
    case PHASE_LISTENING:
        return events | (socket->waiting.length > 0 ? SOCKET_IN : 0);
    case PHASE_CONNECTING:
        return events;
    case PHASE_DEFERRED:
        return events | SOCKET_OUT;
    case PHASE_CONNECTED:
        return events | events_of_connection(socket);
    }
    g_assert_not_reached();
}

int socket_name(const Socket *socket, SocketAddress *name)
{
    *name = socket->local;
    return 0;
}

int socket_peer(const Socket *socket, SocketAddress *name)
{
    if (socket->phase != PHASE_CONNECTED || socket->tcb == NULL)
        return -ENOTCONN;
    *name = socket->remote;
    return 0;
}

void socket_set_nonblocking(Socket *socket, bool nonblocking)
{
    socket->nonblocking = nonblocking;
}

bool socket_nonblocking(const Socket *socket) { return socket->nonblocking; }

void socket_info(const Socket *socket, TcpInfo *info)
{
    if (socket->tcb != NULL) {
        tcp_info(socket->tcb, info);
        return;
    }
    *info = socket->last;
    info->state = socket->phase == PHASE_LISTENING ? TCP_LISTEN : TCP_CLOSED;
}
