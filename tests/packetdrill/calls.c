/* calls.c - the socket calls: numbers and structs of the system's on one side,
 * models/sockets on the other. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "adapter.h"

/* Where an active open comes from when nothing has said who the host is. */
#define DEFAULT_ADDRESS ip_from_v4(0xc0a80001) /* 192.168.0.1 */

/* --- to and from the system's --------------------------------------------- */

static int fail(int error)
{
    errno = error;
    return -1;
}

/* RESULT as of models/sockets. */
static int plain(int64_t result)
{
    return result >= 0 ? (int)result : fail((int)-result);
}

static bool address_from(const struct sockaddr *from, socklen_t len,
                         SocketAddress *address)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)(void *)from;

    if (from == NULL || len < sizeof *in || in->sin_family != AF_INET)
        return false;
    address->port = ntohs(in->sin_port);
    address->ip = in->sin_addr.s_addr == INADDR_ANY
                      ? IP_NONE
                      : ip_from_v4(ntohl(in->sin_addr.s_addr));
    return true;
}

static void address_to(SocketAddress address, struct sockaddr *to,
                       socklen_t *len)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons(address.port)};

    if (to == NULL || len == NULL)
        return;
    in.sin_addr.s_addr = htonl(ip_to_v4(address.ip));
    memcpy(to, &in, MIN(*len, sizeof in));
    *len = sizeof in;
}

static int flags_from(int flags)
{
    static const struct {
        int theirs, ours;
    } table[] = {
        {MSG_PEEK, SOCKET_PEEK},       {MSG_DONTWAIT, SOCKET_DONTWAIT},
        {MSG_WAITALL, SOCKET_WAITALL}, {MSG_MORE, SOCKET_MORE},
        {MSG_EOR, SOCKET_EOR},         {MSG_FASTOPEN, SOCKET_FASTOPEN},
    };
    int ours = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(table); i++)
        if (flags & table[i].theirs)
            ours |= table[i].ours;
    return ours;
}

/* The socket of FD, inside; NULL with errno, outside again. */
static Socket *enter(Adapter *adapter, int fd)
{
    Socket *socket;

    adapter_enter(adapter);
    settings_read(adapter);
    socket = adapter_socket(adapter, fd);
    if (socket == NULL) {
        adapter_leave(adapter);
        errno = EBADF;
    }
    return socket;
}

/* A call that the driver made is over: what it set off happens. */
static int leave(Adapter *adapter, int64_t result)
{
    int saved;

    if (pthread_equal(pthread_self(), adapter->driver))
        adapter_settle(adapter);
    saved = plain(result) < 0 ? errno : 0;
    adapter_leave(adapter);
    errno = saved;
    return (int)(result >= 0 ? result : -1);
}

/* The same for a call that may take time. */
static int64_t leave_call(Adapter *adapter, SocketCall *call)
{
    int64_t result = adapter_call(adapter, call);
    int saved = errno;

    adapter_leave(adapter);
    errno = saved;
    return result;
}

/* --- open and close ------------------------------------------------------- */

static int call_socket(void *user, int domain, int type, int protocol)
{
    Adapter *adapter = user;
    Socket *socket;
    int fd;

    if (domain != AF_INET)
        return fail(EAFNOSUPPORT);
    if ((type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != SOCK_STREAM ||
        (protocol != 0 && protocol != IPPROTO_TCP))
        return fail(EPROTONOSUPPORT);
    adapter_enter(adapter);
    settings_read(adapter);
    socket = socket_new(adapter->sockets);
    socket_set_nonblocking(socket, (type & SOCK_NONBLOCK) != 0);
    fd = adapter_add(adapter, socket);
    if (fd < 0)
        socket_close(socket);
    adapter_leave(adapter);
    return fd;
}

static int call_bind(void *user, int fd, const struct sockaddr *from,
                     socklen_t len)
{
    Adapter *adapter = user;
    Socket *socket = enter(adapter, fd);
    SocketAddress address;

    if (socket == NULL)
        return -1;
    if (!address_from(from, len, &address))
        return leave(adapter, -EINVAL);
    if (ip_is_none(adapter->edge.address) && !ip_is_none(address.ip))
        edge_set_address(&adapter->edge, address.ip);
    return leave(adapter, socket_bind(socket, address));
}

static int call_listen(void *user, int fd, int backlog)
{
    Adapter *adapter = user;
    Socket *socket = enter(adapter, fd);

    if (socket == NULL)
        return -1;
    return leave(adapter, socket_listen(socket, (unsigned)MAX(backlog, 0)));
}

static int call_accept(void *user, int fd, struct sockaddr *to, socklen_t *len)
{
    Adapter *adapter = user;
    SocketCall call = {.kind = SOCKET_CALL_ACCEPT,
                       .socket = enter(adapter, fd)};

    if (call.socket == NULL)
        return -1;
    if (adapter_call(adapter, &call) == 0) {
        address_to(call.address, to, len);
        call.result = adapter_add(adapter, call.accepted);
        adapter_leave(adapter);
        return (int)call.result;
    }
    adapter_leave(adapter);
    return fail((int)-call.result);
}

static int call_connect(void *user, int fd, const struct sockaddr *to,
                        socklen_t len)
{
    Adapter *adapter = user;
    SocketCall call = {.kind = SOCKET_CALL_CONNECT,
                       .socket = enter(adapter, fd)};

    if (call.socket == NULL)
        return -1;
    if (!address_from(to, len, &call.address))
        return leave(adapter, -EINVAL);
    if (ip_is_none(adapter->edge.address))
        edge_set_address(&adapter->edge, DEFAULT_ADDRESS);
    return (int)leave_call(adapter, &call);
}

static int call_shutdown(void *user, int fd, int how)
{
    Adapter *adapter = user;
    Socket *socket = enter(adapter, fd);

    if (socket == NULL)
        return -1;
    return leave(
        adapter,
        how == SHUT_RD || how == SHUT_WR || how == SHUT_RDWR
            ? socket_shutdown(socket, how == SHUT_RD   ? SOCKET_SHUT_RECEIVING
                                      : how == SHUT_WR ? SOCKET_SHUT_SENDING
                                                       : SOCKET_SHUT_BOTH)
            : -EINVAL);
}

static int call_close(void *user, int fd)
{
    Adapter *adapter = user;
    SocketCall call = {.kind = SOCKET_CALL_CLOSE, .socket = enter(adapter, fd)};

    if (call.socket == NULL)
        return -1;
    g_ptr_array_index(adapter->files, (unsigned)fd) = NULL;
    close(fd);
    return (int)leave_call(adapter, &call);
}

/* --- receive -------------------------------------------------------------- */

static ssize_t receive(Adapter *adapter, int fd, void *bytes, size_t len,
                       int flags)
{
    SocketCall call = {.kind = SOCKET_CALL_RECEIVE,
                       .socket = enter(adapter, fd),
                       .bytes = bytes,
                       .len = len,
                       .flags = flags_from(flags)};

    return call.socket == NULL ? -1 : leave_call(adapter, &call);
}

static size_t iov_len(const struct iovec *iov, size_t count)
{
    size_t len = 0;

    for (size_t i = 0; i < count; i++)
        len += iov[i].iov_len;
    return len;
}

/* Where a part has no address nothing can be put: as if there were no buffer at
 * all (EFAULT when anything is to be copied). */
static bool iov_is_good(const struct iovec *iov, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (iov[i].iov_base == NULL && iov[i].iov_len > 0)
            return false;
    return true;
}

static ssize_t receive_parts(Adapter *adapter, int fd, const struct iovec *iov,
                             size_t count, int flags)
{
    size_t len = iov_len(iov, count), done = 0;
    g_autofree uint8_t *bytes =
        iov_is_good(iov, count) && len > 0 ? g_malloc(len) : NULL;
    ssize_t result = receive(adapter, fd, bytes, len, flags);

    for (size_t i = 0; result > 0 && i < count; i++) {
        size_t part = MIN(iov[i].iov_len, (size_t)result - done);

        memcpy(iov[i].iov_base, bytes + done, part);
        done += part;
        if (done == (size_t)result)
            break;
    }
    return result;
}

static ssize_t call_read(void *user, int fd, void *bytes, size_t len)
{
    return receive(user, fd, bytes, len, 0);
}

static ssize_t call_readv(void *user, int fd, const struct iovec *iov,
                          int count)
{
    if (count < 0)
        return fail(EINVAL);
    return receive_parts(user, fd, iov, (size_t)count, 0);
}

static ssize_t call_recv(void *user, int fd, void *bytes, size_t len, int flags)
{
    return receive(user, fd, bytes, len, flags);
}

static ssize_t call_recvfrom(void *user, int fd, void *bytes, size_t len,
                             int flags, struct sockaddr *from,
                             socklen_t *from_len)
{
    if (from_len != NULL) /* a stream's text has no sender */
        *from_len = 0;
    return receive(user, fd, bytes, len, flags);
}

static ssize_t call_recvmsg(void *user, int fd, struct msghdr *message,
                            int flags)
{
    message->msg_namelen = 0;
    message->msg_controllen = 0;
    message->msg_flags = 0;
    return receive_parts(user, fd, message->msg_iov, message->msg_iovlen,
                         flags);
}

/* --- send ----------------------------------------------------------------- */

static ssize_t send_to(Adapter *adapter, int fd, const void *bytes, size_t len,
                       int flags, const struct sockaddr *to, socklen_t to_len)
{
    SocketCall call = {.kind = SOCKET_CALL_SEND,
                       .socket = enter(adapter, fd),
                       .text = bytes,
                       .len = len,
                       .flags = flags_from(flags)};

    if (call.socket == NULL)
        return -1;
    if (to != NULL && to->sa_family != AF_UNSPEC &&
        !address_from(to, to_len, &call.address))
        return leave(adapter, -EINVAL);
    if (to != NULL && ip_is_none(adapter->edge.address))
        edge_set_address(&adapter->edge, DEFAULT_ADDRESS);
    return leave_call(adapter, &call);
}

static ssize_t send_parts(Adapter *adapter, int fd, const struct iovec *iov,
                          size_t count, int flags, const struct sockaddr *to,
                          socklen_t to_len)
{
    size_t len = iov_len(iov, count), done = 0;
    g_autofree uint8_t *bytes =
        iov_is_good(iov, count) && len > 0 ? g_malloc(len) : NULL;

    for (size_t i = 0; bytes != NULL && i < count; i++) {
        if (iov[i].iov_len > 0)
            memcpy(bytes + done, iov[i].iov_base, iov[i].iov_len);
        done += iov[i].iov_len;
    }
    return send_to(adapter, fd, bytes, len, flags, to, to_len);
}

static ssize_t call_write(void *user, int fd, const void *bytes, size_t len)
{
    return send_to(user, fd, bytes, len, 0, NULL, 0);
}

static ssize_t call_writev(void *user, int fd, const struct iovec *iov,
                           int count)
{
    if (count < 0)
        return fail(EINVAL);
    return send_parts(user, fd, iov, (size_t)count, 0, NULL, 0);
}

static ssize_t call_send(void *user, int fd, const void *bytes, size_t len,
                         int flags)
{
    return send_to(user, fd, bytes, len, flags, NULL, 0);
}

static ssize_t call_sendto(void *user, int fd, const void *bytes, size_t len,
                           int flags, const struct sockaddr *to,
                           socklen_t to_len)
{
    return send_to(user, fd, bytes, len, flags, to, to_len);
}

static ssize_t call_sendmsg(void *user, int fd, const struct msghdr *message,
                            int flags)
{
    return send_parts(user, fd, message->msg_iov, message->msg_iovlen, flags,
                      message->msg_name, message->msg_namelen);
}

/* --- the rest ------------------------------------------------------------- */

static int call_fcntl(void *user, int fd, int command, ...)
{
    Adapter *adapter = user;
    Socket *socket = enter(adapter, fd);
    va_list arguments;
    int flags;

    if (socket == NULL)
        return -1;
    if (command == F_GETFL)
        return leave(adapter,
                     O_RDWR | (socket_nonblocking(socket) ? O_NONBLOCK : 0));
    if (command != F_SETFL)
        return leave(adapter, -EINVAL);
    va_start(arguments, command);
    flags = va_arg(arguments, int);
    va_end(arguments);
    socket_set_nonblocking(socket, (flags & O_NONBLOCK) != 0);
    return leave(adapter, 0);
}

static int call_ioctl(void *user, int fd, unsigned long request, ...)
{
    Adapter *adapter = user;
    Socket *socket = enter(adapter, fd);
    int64_t value = 0;
    int result, *to;
    va_list arguments;

    if (socket == NULL)
        return -1;
    va_start(arguments, request);
    to = va_arg(arguments, int *);
    va_end(arguments);
    if (request == SIOCINQ)
        result = socket_get(socket, SOCKET_UNREAD, &value);
    else if (request == SIOCOUTQ)
        result = socket_get(socket, SOCKET_UNACKED, &value);
    else if (request == SIOCOUTQNSD)
        result = socket_get(socket, SOCKET_UNSENT, &value);
    else
        result = -ENOTTY;
    if (result == 0)
        *to = (int)value;
    return leave(adapter, result);
}

static int call_getsockopt(void *user, int fd, int level, int name, void *value,
                           socklen_t *len)
{
    Adapter *adapter = user;
    Socket *socket = enter(adapter, fd);

    if (socket == NULL)
        return -1;
    return leave(adapter,
                 options_get(adapter, socket, level, name, value, len));
}

static int call_setsockopt(void *user, int fd, int level, int name,
                           const void *value, socklen_t len)
{
    Adapter *adapter = user;
    Socket *socket = enter(adapter, fd);

    if (socket == NULL)
        return -1;
    return leave(adapter,
                 options_set(adapter, socket, level, name, value, len));
}

void calls_fill(PacketdrillOps *ops)
{
    ops->socket = call_socket;
    ops->bind = call_bind;
    ops->listen = call_listen;
    ops->accept = call_accept;
    ops->connect = call_connect;
    ops->read = call_read;
    ops->readv = call_readv;
    ops->recv = call_recv;
    ops->recvfrom = call_recvfrom;
    ops->recvmsg = call_recvmsg;
    ops->write = call_write;
    ops->writev = call_writev;
    ops->send = call_send;
    ops->sendto = call_sendto;
    ops->sendmsg = call_sendmsg;
    ops->fcntl = call_fcntl;
    ops->ioctl = call_ioctl;
    ops->close = call_close;
    ops->shutdown = call_shutdown;
    ops->getsockopt = call_getsockopt;
    ops->setsockopt = call_setsockopt;
    ops->poll = poll_call;
}
