/* adapter.c - the shared object's entry: a simulation with one host, made when
 * packetdrill asks for it, and the table of calls onto it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "adapter.h"

Adapter *the_adapter;

/* --- descriptors ---------------------------------------------------------- */

Socket *adapter_socket(const Adapter *adapter, int fd)
{
    return fd >= 0 && (unsigned)fd < adapter->files->len
               ? g_ptr_array_index(adapter->files, (unsigned)fd)
               : NULL;
}

/* packetdrill closes what a script leaves open with close(2): the numbers are
 * the process's own. */
int adapter_add(Adapter *adapter, Socket *socket)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return -1;
    if ((unsigned)fd >= adapter->files->len)
        g_ptr_array_set_size(adapter->files, fd + 1);
    g_ptr_array_index(adapter->files, (unsigned)fd) = socket;
    return fd;
}

/* --- the simulation ------------------------------------------------------- */

static void sent(Edge *edge, const uint8_t *bytes, size_t len, SimTime at)
{
    Adapter *adapter = edge->data;
    SentPacket *packet = g_malloc(sizeof *packet + len);

    packet->at = at;
    packet->len = len;
    memcpy(packet->bytes, bytes, len);
    g_queue_push_tail(&adapter->sent, packet);
}

/* The profile that FLAGS names; that of Linux when they name none. */
static TcpProfile profile_of(const char *flags)
{
    const ConfigKey *key = config_key(tcp_keys, "profile");
    TcpConfig config = {0};
    char *why = NULL;

    if (flags == NULL || *flags == '\0')
        return TCP_PROFILE_LINUX;
    if (!config_parse(key, flags, &config, &why)) {
        fprintf(stderr, "firstbyte: --so_flags=%s: %s\n", flags, why);
        exit(EXIT_FAILURE);
    }
    return (TcpProfile)config.profile;
}

static void raise_host(Adapter *adapter, TcpProfile profile)
{
    const char *mtu = getenv("PD_MTU");
    bool doubles = profile == TCP_PROFILE_LINUX;

    sim_init(&adapter->sim, 1, 0);
    edge_init(&adapter->edge, &adapter->sim, profile, sent, adapter);
    if (mtu != NULL && atoi(mtu) >= 68)
        adapter->edge.line.mtu = (uint64_t)atoi(mtu);
    /* A script's times are those of its own packets; rounding to jiffies would
     * only blur them. */
    adapter->edge.tcp.timers = TCP_TIMERS_EXACT;
    edge_raise(&adapter->edge);
    adapter->sockets = sockets_new(
        &adapter->edge.host, doubles ? &socket_rules_linux : &socket_rules_bsd);
}

static void adapter_free(void *user)
{
    Adapter *adapter = user;

    the_adapter = NULL;
    sockets_free(adapter->sockets);
    sim_unobserve(&adapter->sim, &adapter->observer);
    edge_clear(&adapter->edge);
    sim_clear(&adapter->sim); /* asserts that nothing is left */
    g_queue_clear_full(&adapter->sent, g_free);
    g_ptr_array_free(adapter->files, TRUE);
    g_hash_table_destroy(adapter->epolls);
    g_free(adapter->state_file);
    g_free(adapter->counter_file);
    g_free(adapter->settings_file);
    pthread_cond_destroy(&adapter->over);
    pthread_cond_destroy(&adapter->baton);
    pthread_mutex_destroy(&adapter->lock);
    g_free(adapter);
}

/* --- the entry ------------------------------------------------------------ */

static int no_pipe(void *user, int fds[2])
{
    errno = ENOSYS;
    return -1;
}

static ssize_t no_splice(void *user, int from, loff_t *from_offset, int to,
                         loff_t *to_offset, size_t len, unsigned flags)
{
    errno = ENOSYS;
    return -1;
}

PacketdrillInit packetdrill_interface_init;

void packetdrill_interface_init(const char *flags, PacketdrillOps *ops)
{
    Adapter *adapter = g_new0(Adapter, 1);

    pthread_mutex_init(&adapter->lock, NULL);
    pthread_cond_init(&adapter->over, NULL);
    pthread_cond_init(&adapter->baton, NULL);
    adapter->driver = pthread_self();
    adapter->driver_id = (int)syscall(SYS_gettid);
    adapter->files = g_ptr_array_new();
    adapter->epolls =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    adapter->state_file = g_strdup(getenv("PD_STATE_FILE"));
    adapter->counter_file = g_strdup(getenv("PD_COUNTER_FILE"));
    adapter->settings_file = g_strdup(getenv("PD_SYSCTL_FILE"));
    raise_host(adapter, profile_of(flags));
    states_watch(adapter);
    calls_fill(ops);
    ops->userdata = adapter;
    ops->free = adapter_free;
    ops->netdev_send = clock_netdev_send;
    ops->netdev_receive = clock_netdev_receive;
    ops->usleep = clock_usleep;
    ops->gettimeofday = clock_gettimeofday;
    ops->epoll_create = epoll_new;
    ops->epoll_ctl = epoll_control;
    ops->epoll_wait = epoll_await;
    ops->pipe = no_pipe;
    ops->splice = no_splice;
    the_adapter = adapter;
}
