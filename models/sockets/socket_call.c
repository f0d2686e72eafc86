/* socket_call.c - calls that take time: begun, looked at again whenever a
 * socket has changed, ended by what they wait for or by their timer. */
#include "socket_inside.h"

/* --- close() hears of its FIN's acknowledgment ---------------------------- */

static void look(Sim *sim, Event *event)
{
    socket_changed(sim_container_of(event, Sockets, look));
}

static void hear_state(Observer *observer, const Record *record)
{
    Sockets *sockets = sim_container_of(observer, Sockets, observer);

    event_schedule(sockets->host->sim, &sockets->look, 0);
}

void socket_calls_init(Sockets *sockets)
{
    event_init(&sockets->look, look);
    sockets->observer =
        (Observer){.wants = (uint64_t)1 << REC_TCP_STATE, .hear = hear_state};
}

static void listen_for(Sockets *sockets, int one)
{
    Sim *sim = sockets->host->sim;

    if (sockets->closing == 0)
        sim_observe(sim, &sockets->observer);
    sockets->closing += (unsigned)one;
    if (sockets->closing == 0) {
        sim_unobserve(sim, &sockets->observer);
        event_cancel(sim, &sockets->look);
    }
}

/* --- begun and ended ------------------------------------------------------ */

/* Takes CALL out of the list of those that are pending. */
static void unlink_call(SocketCall *call)
{
    SocketCall **at = &call->sockets->calls;

    while (*at != call)
        at = &(*at)->next;
    *at = call->next;
    call->next = NULL;
    call->pending = false;
    if (call->kind == SOCKET_CALL_CLOSE)
        listen_for(call->sockets, -1);
    event_cancel(call->sockets->host->sim, &call->timer);
}

static void end(SocketCall *call, int64_t result)
{
    unlink_call(call);
    call->result = result;
    if (call->done != NULL)
        call->done(call);
}

/* --- what each kind does when it is looked at ----------------------------- */

/* A call that is not over. */
#define WAITS INT64_MIN

static int64_t try_connect(SocketCall *call)
{
    Socket *socket = call->socket;
    int64_t result;

    if (!call->pending)
        result = socket_connect(socket, call->address);
    else if (socket->phase == PHASE_CONNECTING)
        return WAITS;
    else if (socket->phase == PHASE_FRESH)
        return socket_take_error(socket);
    else
        result = socket_connect(socket, call->address);
    return result == -EINPROGRESS ? WAITS : result;
}

static bool may_wait(const SocketCall *call)
{
    const Socket *socket = call->socket;

    switch (call->kind) {
    case SOCKET_CALL_POLL:
        return true;
    case SOCKET_CALL_CLOSE:
        return socket->linger > 0 && !socket->nonblocking;
    case SOCKET_CALL_ACCEPT:
    case SOCKET_CALL_CONNECT:
    case SOCKET_CALL_SEND:
    case SOCKET_CALL_RECEIVE:
        break;
    }
    return !socket->nonblocking && !(call->flags & SOCKET_DONTWAIT);
}

/* All of the text, or what was sent before an error. */
static int64_t try_send(SocketCall *call)
{
    int flags = may_wait(call) ? SOCKET_QUEUE_ALL : 0;
    const uint8_t *text = call->text;
    int64_t sent;

    do {
        sent = socket_send(
            call->socket, text != NULL ? text + call->moved : NULL,
            call->len - call->moved, call->flags | flags, &call->address);
        if (sent > 0)
            call->moved += (size_t)sent;
        /* What it opens is open: the rest is sent as usual. */
        call->flags &= ~SOCKET_FASTOPEN;
        if (sent > 0 && call->socket->phase == PHASE_CONNECTING &&
            !call->socket->fast_open)
            sent = -EINPROGRESS;
    } while (sent > 0 && call->moved < call->len);
    if (sent == -EAGAIN || sent == -EINPROGRESS)
        return WAITS;
    /* A connection that was not made has sent nothing. */
    if (sent < 0 && call->socket->phase == PHASE_FRESH)
        return sent;
    return call->moved > 0 ? (int64_t)call->moved : sent;
}

static int64_t try_receive(SocketCall *call)
{
    int64_t came;

    do {
        uint8_t *bytes = call->bytes;

        came = socket_receive(call->socket,
                              bytes != NULL ? bytes + call->moved : NULL,
                              call->len - call->moved, call->flags);
        if (came > 0)
            call->moved += (size_t)came;
    } while (came > 0 && call->flags & SOCKET_WAITALL &&
             !(call->flags & SOCKET_PEEK) && call->moved < call->len);
    if (came == -EAGAIN)
        return WAITS;
    return call->moved > 0 ? (int64_t)call->moved : came;
}

static uint64_t all_news(const SocketCall *call)
{
    uint64_t news = 0;

    for (unsigned i = 0; i < call->poll_count; i++)
        if (call->polls[i].socket != NULL)
            news += call->polls[i].socket->news;
    return news;
}

static int64_t try_poll(SocketCall *call)
{
    int64_t found = 0;

    if (call->changes && all_news(call) == call->news)
        return call->timeout == 0 ? 0 : WAITS;

    for (unsigned i = 0; i < call->poll_count; i++) {
        SocketPoll *poll = &call->polls[i];

        poll->found = 0;
        if (poll->socket == NULL)
            continue;
        poll->found = socket_events(poll->socket) &
                      (poll->wanted | SOCKET_ERR | SOCKET_HUP);
        found += poll->found != 0;
    }
    return found > 0 || call->timeout == 0 ? found : WAITS;
}

/* close() waits until the peer has acknowledged our FIN. */
static int64_t try_close(SocketCall *call)
{
    Socket *socket = call->socket;
    bool waits = false;

    if (socket->tcb != NULL) {
        TcpInfo info;

        tcp_info(socket->tcb, &info);
        waits = info.state == TCP_FIN_WAIT_1 || info.state == TCP_CLOSING ||
                info.state == TCP_LAST_ACK;
    }
    if (waits)
        return WAITS;
    call->socket = NULL;
    socket_close(socket);
    return 0;
}

static int64_t try(SocketCall *call)
{
    switch (call->kind) {
    case SOCKET_CALL_ACCEPT: {
        int result =
            socket_accept(call->socket, &call->accepted, &call->address);

        return result == -EAGAIN ? WAITS : result;
    }
    case SOCKET_CALL_CONNECT:
        return try_connect(call);
    case SOCKET_CALL_SEND:
        return try_send(call);
    case SOCKET_CALL_RECEIVE:
        return try_receive(call);
    case SOCKET_CALL_POLL:
        return try_poll(call);
    case SOCKET_CALL_CLOSE:
        return try_close(call);
    }
    g_assert_not_reached();
}

void socket_changed(Sockets *sockets)
{
    SocketCall *call = sockets->calls;

    while (call != NULL) {
        int64_t result = try(call);

        if (result == WAITS) {
            call = call->next;
        } else {
            end(call, result);
            call = sockets->calls; /* `done` may have changed the list */
        }
    }
}

/* --- time ----------------------------------------------------------------- */

/* How long CALL may wait; SIM_NEVER: for ever. */
static SimTime patience(const SocketCall *call)
{
    const Socket *socket = call->socket;
    SimTime timeout = 0;

    switch (call->kind) {
    case SOCKET_CALL_POLL:
        return call->timeout;
    case SOCKET_CALL_CLOSE:
        return socket->linger;
    case SOCKET_CALL_ACCEPT:
    case SOCKET_CALL_RECEIVE:
        timeout = socket->receive_timeout;
        break;
    case SOCKET_CALL_CONNECT:
    case SOCKET_CALL_SEND:
        timeout = socket->send_timeout;
        break;
    }
    return timeout > 0 ? timeout : SIM_NEVER;
}

static void times_out(Sim *sim, Event *event)
{
    SocketCall *call = sim_container_of(event, SocketCall, timer);

    if (call->kind == SOCKET_CALL_POLL) {
        end(call, 0);
    } else if (call->kind == SOCKET_CALL_CLOSE) {
        socket_close(call->socket);
        end(call, 0);
    } else if (call->kind == SOCKET_CALL_CONNECT) {
        end(call, -EINPROGRESS);
    } else {
        end(call, call->moved > 0 ? (int64_t)call->moved : -EAGAIN);
    }
}

SimTime socket_call_ends(const SocketCall *call)
{
    return call->pending && event_pending(&call->timer) ? call->timer.at
                                                        : SIM_NEVER;
}

/* --- begin and give up ---------------------------------------------------- */

/* What a call that may not wait returns instead; BEGAN: of a send, it opened
 * the connection. */
static int64_t refuse(const SocketCall *call, bool began)
{
    if (call->kind == SOCKET_CALL_CONNECT || (began && call->moved == 0))
        return -EINPROGRESS;
    return call->moved > 0 ? (int64_t)call->moved : -EAGAIN;
}

/* close(): the FIN goes out first, or the reset at once. */
static void begin_close(Socket *socket)
{
    if (socket_unread(socket) == 0)
        tcp_shutdown(socket->tcb);
}

bool socket_call_begin(SocketCall *call, Sockets *sockets)
{
    SocketCall **last = &sockets->calls;
    SocketPhase phase;
    SimTime wait;

    call->sockets = sockets;
    call->moved = 0;
    call->news = all_news(call);
    call->pending = false;
    call->next = NULL;
    event_init(&call->timer, times_out);
    if (call->kind == SOCKET_CALL_CLOSE && call->socket->tcb != NULL &&
        may_wait(call))
        begin_close(call->socket);
    else if (call->kind == SOCKET_CALL_CLOSE) {
        socket_close(call->socket);
        call->result = 0;
        return true;
    }
    phase = call->socket != NULL ? call->socket->phase : PHASE_FRESH;
    call->result = try(call);
    if (call->result != WAITS)
        return true;
    if (!may_wait(call)) {
        call->result = refuse(call, call->kind == SOCKET_CALL_SEND &&
                                        phase != call->socket->phase);
        return true;
    }
    while (*last != NULL)
        last = &(*last)->next;
    *last = call;
    call->pending = true;
    if (call->kind == SOCKET_CALL_CLOSE)
        listen_for(sockets, 1);
    wait = patience(call);
    if (wait != SIM_NEVER)
        event_schedule(sockets->host->sim, &call->timer, wait);
    return false;
}

void socket_call_cancel(SocketCall *call)
{
    if (call->pending)
        unlink_call(call);
}
