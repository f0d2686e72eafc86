/* socket_transfer.c - send() and recv(). */
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

static int64_t send_fast_open(Socket *socket, const SocketAddress *to)
{
    if (socket->phase == PHASE_CONNECTED)
        return -EISCONN;
    if (to == NULL)
        return -EINVAL;
    return socket_connect(socket, *to);
}

int64_t socket_send(Socket *socket, const void *bytes, size_t len, int flags,
                    const SocketAddress *to)
{
    int result;
    Slice text;
    uint32_t taken;

    if (flags & SOCKET_FASTOPEN)
        return send_fast_open(socket, to);
    result = send_error(socket);
    if (result != 0)
        return result;
    if (len == 0)
        return 0;
    if (bytes == NULL)
        return -EFAULT;
    len = MIN(len, (size_t)INT32_MAX);
    text = (Slice){g_bytes_new(bytes, len), 0, (uint32_t)len};
    taken = tcp_write(socket->tcb, &text,
                      (flags & SOCKET_MORE ? TCP_WRITE_MORE : 0) |
                          (flags & SOCKET_EOR ? TCP_WRITE_EOR : 0));
    slice_clear(&text);
    return taken > 0 ? (int64_t)taken : -EAGAIN;
}

/* --- receive -------------------------------------------------------------- */

int64_t socket_receive(Socket *socket, void *bytes, size_t len, int flags)
{
    bool peek = (flags & SOCKET_PEEK) != 0;
    uint32_t most = (uint32_t)MIN(len, (size_t)INT32_MAX);

    if (socket->phase == PHASE_LISTENING)
        return -ENOTCONN;
    if (socket->tcb != NULL && tcp_unread(socket->tcb) > 0 && most > 0) {
        if (bytes == NULL)
            return -EFAULT;
        return tcp_copy(socket->tcb, bytes, most, peek);
    }
    if (socket->error != 0)
        return socket_take_error(socket);
    if (socket->phase == PHASE_FRESH)
        return -ENOTCONN;
    if (most == 0 || socket->shut_receiving)
        return 0;
    if (socket->tcb != NULL && tcp_at_end(socket->tcb))
        socket->got_fin = true;
    if (socket->got_fin || (socket->tcb == NULL && !socket->closing))
        return 0;
    return -EAGAIN;
}
