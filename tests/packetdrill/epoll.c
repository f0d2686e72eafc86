/* epoll.c - poll(), epoll_create(), epoll_ctl(), epoll_wait() over our sockets.
 */
#define _GNU_SOURCE /* POLLRDHUP */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "adapter.h"

/* --- poll ----------------------------------------------------------------- */

static const struct {
    short theirs;
    unsigned ours;
} poll_bits[] = {{POLLIN, SOCKET_IN},      {POLLRDNORM, SOCKET_IN},
                 {POLLPRI, SOCKET_PRI},    {POLLOUT, SOCKET_OUT},
                 {POLLWRNORM, SOCKET_OUT}, {POLLERR, SOCKET_ERR},
                 {POLLHUP, SOCKET_HUP},    {POLLRDHUP, SOCKET_RDHUP}};

static unsigned poll_from(short theirs)
{
    unsigned ours = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(poll_bits); i++)
        if (theirs & poll_bits[i].theirs)
            ours |= poll_bits[i].ours;
    return ours;
}

static short poll_to(unsigned ours, short wanted)
{
    short theirs = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(poll_bits); i++)
        if (ours & poll_bits[i].ours)
            theirs |= poll_bits[i].theirs;
    return theirs & (wanted | POLLERR | POLLHUP);
}

int poll_call(void *user, struct pollfd *fds, nfds_t count, int timeout)
{
    Adapter *adapter = user;
    g_autofree SocketPoll *polls = g_new0(SocketPoll, count + 1);
    SocketCall call = {.kind = SOCKET_CALL_POLL,
                       .polls = polls,
                       .poll_count = (unsigned)count,
                       .timeout = timeout < 0 ? SIM_NEVER : timeout * SIM_MS};
    int64_t result;

    adapter_enter(adapter);
    for (nfds_t i = 0; i < count; i++)
        polls[i] = (SocketPoll){.socket = adapter_socket(adapter, fds[i].fd),
                                .wanted = poll_from(fds[i].events)};
    result = adapter_call(adapter, &call);
    for (nfds_t i = 0; i < count; i++)
        fds[i].revents = poll_to(polls[i].found, fds[i].events);
    adapter_leave(adapter);
    return (int)result;
}

/* --- epoll ---------------------------------------------------------------- */

/* One socket that is waited for. */
typedef struct Interest {
    int fd;
    struct epoll_event event;
    uint64_t seen; /* EPOLLET: what was told of */
    bool fresh;    /* nothing was told since it was asked for */
} Interest;

/* What an epoll descriptor waits for: an array of Interest. */
static GArray *interests(const Adapter *adapter, int epfd)
{
    return g_hash_table_lookup(adapter->epolls, GINT_TO_POINTER(epfd));
}

static Interest *find(GArray *all, int fd)
{
    for (unsigned i = 0; i < all->len; i++)
        if (g_array_index(all, Interest, i).fd == fd)
            return &g_array_index(all, Interest, i);
    return NULL;
}

int epoll_new(void *user, int size)
{
    Adapter *adapter = user;
    int fd;

    if (size <= 0) {
        errno = EINVAL;
        return -1;
    }
    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return -1;
    adapter_enter(adapter);
    g_hash_table_insert(adapter->epolls, GINT_TO_POINTER(fd),
                        g_array_new(FALSE, FALSE, sizeof(Interest)));
    adapter_leave(adapter);
    return fd;
}

static int control(Adapter *adapter, int epfd, int op, int fd,
                   const struct epoll_event *event)
{
    GArray *all = interests(adapter, epfd);
    Interest *old;

    if (all == NULL || adapter_socket(adapter, fd) == NULL)
        return -EBADF;
    old = find(all, fd);
    if (op == EPOLL_CTL_ADD && old != NULL)
        return -EEXIST;
    if (op != EPOLL_CTL_ADD && old == NULL)
        return -ENOENT;
    if (op == EPOLL_CTL_DEL) {
        g_array_remove_index(
            all, (unsigned)(old - &g_array_index(all, Interest, 0)));
        return 0;
    }
    if (op == EPOLL_CTL_MOD)
        *old = (Interest){fd, *event, 0, true};
    else if (op == EPOLL_CTL_ADD)
        g_array_append_vals(all, &(Interest){fd, *event, 0, true}, 1);
    else
        return -EINVAL;
    return 0;
}

int epoll_control(void *user, int epfd, int op, int fd,
                  struct epoll_event *event)
{
    Adapter *adapter = user;
    int result;

    adapter_enter(adapter);
    result = control(adapter, epfd, op, fd, event);
    adapter_leave(adapter);
    if (result < 0)
        errno = -result;
    return result < 0 ? -1 : 0;
}

/* The bits of EPOLL* are those of POLL*. */
static uint32_t ready(const Adapter *adapter, Interest *interest)
{
    const Socket *socket = adapter_socket(adapter, interest->fd);
    uint32_t events;

    if (socket == NULL)
        return 0;
    events = (uint16_t)poll_to(socket_events(socket),
                               (short)(interest->event.events & 0xffff));
    if (events != 0 && interest->event.events & EPOLLET) {
        if (!interest->fresh && interest->seen == socket_news(socket))
            return 0;
        interest->fresh = false;
        interest->seen = socket_news(socket);
    }
    return events;
}

static int collect(const Adapter *adapter, GArray *all,
                   struct epoll_event *events, int most)
{
    int found = 0;

    for (unsigned i = 0; i < all->len && found < most; i++) {
        Interest *interest = &g_array_index(all, Interest, i);
        uint32_t bits = ready(adapter, interest);

        if (bits == 0)
            continue;
        events[found] = interest->event;
        events[found++].events = bits;
        if (interest->event.events & EPOLLONESHOT)
            interest->event.events &= EPOLLET | EPOLLONESHOT;
    }
    return found;
}

/* Waits as poll() does, until something is ready or the time is over. */
static int wait_for(Adapter *adapter, GArray *all, struct epoll_event *events,
                    int most, int timeout_ms)
{
    SimTime end = timeout_ms < 0 ? SIM_NEVER
                                 : sim_now(&adapter->sim) + timeout_ms * SIM_MS;
    int found = collect(adapter, all, events, most);

    while (found == 0 && sim_now(&adapter->sim) < end) {
        g_autofree SocketPoll *polls = g_new0(SocketPoll, all->len + 1);
        SocketCall call = {.kind = SOCKET_CALL_POLL,
                           .polls = polls,
                           .poll_count = all->len,
                           .changes = true,
                           .timeout = end == SIM_NEVER
                                          ? SIM_NEVER
                                          : end - sim_now(&adapter->sim)};

        for (unsigned i = 0; i < all->len; i++) {
            const Interest *interest = &g_array_index(all, Interest, i);

            polls[i] = (SocketPoll){
                .socket = adapter_socket(adapter, interest->fd),
                .wanted = poll_from((short)interest->event.events)};
        }
        if (adapter_call(adapter, &call) < 0)
            return -1;
        found = collect(adapter, all, events, most);
    }
    return found;
}

int epoll_await(void *user, int epfd, struct epoll_event *events, int most,
                int timeout_ms)
{
    Adapter *adapter = user;
    GArray *all;
    int result;

    adapter_enter(adapter);
    all = interests(adapter, epfd);
    if (all == NULL || most <= 0) {
        errno = all == NULL ? EBADF : EINVAL;
        result = -1;
    } else {
        result = wait_for(adapter, all, events, most, timeout_ms);
    }
    adapter_leave(adapter);
    return result;
}
