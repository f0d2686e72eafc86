/* socket_transfer.c - send() and recv(). */
#include <string.h>

#include "socket_inside.h"

/* --- send ----------------------------------------------------------------- */

/* Why nothing can be sent, negated; 0: it can. */
static int send_error(Socket *socket)
{
    if (socket->error != 0)
        return socket_take_error(socket);
    if (socket->phase == PHASE_CONNECTING)
        return -EAGAIN;
    if (socket->shut_sending || socket->tcb == NULL)
        return -EPIPE;
    return 0;
}

static int64_t send_text(Socket *socket, const Slice *text, int flags)
{
    uint32_t taken = tcp_write(socket->tcb, text,
                               (flags & SOCKET_MORE ? TCP_WRITE_MORE : 0) |
                                   (flags & SOCKET_EOR ? TCP_WRITE_EOR : 0));

    return taken > 0 ? (int64_t)taken : -EAGAIN;
}

/* All of TEXT: what does not go with the SYN waits for the handshake. */
static int64_t open_with_all(Socket *socket, SocketAddress to,
                             const Slice *text)
{
    int64_t went = socket_open_fast(socket, to, text);
    uint32_t sent = went > 0 ? (uint32_t)went : 0;
    Slice rest;

    if (went < 0 && went != -EINPROGRESS)
        return went;
    rest = slice_part(text, sent, text->len - sent);
    if (rest.len > 0)
        sent += tcp_write(socket->tcb, &rest, 0);
    slice_clear(&rest);
    return sent;
}

/* The first send of a connection that is opened by it. */
static int64_t send_opening(Socket *socket, SocketAddress to, const Slice *text,
                            int flags)
{
    const TcpConfig *settings = tcp_settings(socket_tcp(socket));

    if (!settings->fast_open_client)
        return -EOPNOTSUPP;
    if (socket->phase == PHASE_CONNECTING)
        return -EALREADY;
    if (socket->phase == PHASE_CONNECTED && !socket->told_open) {
        socket->told_open = true;
        return text->len > 0 ? send_text(socket, text, flags) : 0;
    }
    if (socket->phase != PHASE_FRESH && socket->phase != PHASE_DEFERRED)
        return -EISCONN;
    if (to.port == 0 || ip_is_none(to.ip))
        return -EOPNOTSUPP;
    if (socket->error != 0)
        return socket_take_error(socket);
    if (socket->sockets->rules->fast_open_sends || flags & SOCKET_QUEUE_ALL)
        return open_with_all(socket, to, text);
    return socket_open_fast(socket, to, text);
}

int64_t socket_send(Socket *socket, const void *bytes, size_t len, int flags,
                    const SocketAddress *to)
{
    bool opens = flags & SOCKET_FASTOPEN || socket->phase == PHASE_DEFERRED ||
                 (socket->fast_open && socket->phase == PHASE_FRESH &&
                  to != NULL && to->port != 0);
    Slice text = {0};
    int64_t result = 0;

    if (!opens)
        result = send_error(socket);
    if (result != 0 || (len == 0 && !opens))
        return result;
    if (bytes == NULL && len > 0)
        return -EFAULT;
    len = MIN(len, (size_t)INT32_MAX);
    if (len > 0)
        text = (Slice){g_bytes_new(bytes, len), 0, (uint32_t)len};
    if (!opens)
        result = send_text(socket, &text, flags);
    else if (socket->phase == PHASE_DEFERRED)
        result = send_opening(socket, socket->remote, &text, flags);
    else
        result =
            send_opening(socket, to != NULL ? *to : (SocketAddress){IP_NONE, 0},
                         &text, flags);
    slice_clear(&text);
    return result;
}

/* --- receive -------------------------------------------------------------- */

/* From what a connection left that is over. */
static uint32_t read_left(Socket *socket, void *bytes, uint32_t most, bool peek)
{
    uint32_t len = MIN(most, socket->left->len);

    memcpy(bytes, socket->left->data, len);
    if (!peek)
        g_byte_array_remove_range(socket->left, 0, len);
    return len;
}

int64_t socket_receive(Socket *socket, void *bytes, size_t len, int flags)
{
    bool peek = (flags & SOCKET_PEEK) != 0;
    uint32_t most = (uint32_t)MIN(len, (size_t)INT32_MAX);

    if (socket->phase == PHASE_LISTENING)
        return -ENOTCONN;
    if (socket_unread(socket) > 0 && most > 0) {
        if (bytes == NULL)
            return -EFAULT;
        if (socket->tcb == NULL)
            return read_left(socket, bytes, most, peek);
        return tcp_copy(socket->tcb, bytes, most, peek);
    }
    if (socket->error != 0)
        return socket_take_error(socket);
    if (socket->phase == PHASE_FRESH)
        return -ENOTCONN;
    if (most == 0 || socket->shut_receiving)
        return 0;
    if (socket->tcb != NULL)
        socket->got_fin |= tcp_peer_closed(socket->tcb);
    if (socket->got_fin ||
        (socket->tcb == NULL && socket->phase == PHASE_CONNECTED))
        return 0;
    return -EAGAIN;
}
