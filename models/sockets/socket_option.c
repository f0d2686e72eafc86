/* socket_option.c - setsockopt() and getsockopt().
 *
 * What TCP goes by is a TcpConfig of the connection's own: set before there is
 * one, it begins with it; set on a listener, its connections do. */
#include "socket_inside.h"

TcpConfig *socket_settings(Socket *socket)
{
    if (socket->tcb != NULL)
        return tcp_own_settings(socket->tcb);
    if (socket->listener != NULL)
        return tcp_listener_settings(socket->listener);
    if (socket->settings == NULL) {
        socket->settings = g_new(TcpConfig, 1);
        *socket->settings = *tcp_settings(socket_tcp(socket));
    }
    return socket->settings;
}

/* --- set ------------------------------------------------------------------ */

static int set_buffer(const Socket *socket, uint64_t *buffer, int64_t value)
{
    unsigned times = socket->sockets->rules->doubles_buffers ? 2 : 1;

    if (value < 0)
        return -EINVAL;
    *buffer = MIN((uint64_t)value, (uint64_t)(1u << 30)) * times;
    return 0;
}

static int set_count(uint32_t *count, int64_t value, int64_t least,
                     int64_t most)
{
    if (value < least || value > most)
        return -EINVAL;
    *count = (uint32_t)value;
    return 0;
}

static int set_time(SimTime *time, int64_t value, int64_t least, int64_t most)
{
    if (value < least || value > most)
        return -EINVAL;
    *time = value;
    return 0;
}

/* A host that always sends keepalives does without being asked. */
static int set_keepalive(Socket *socket, bool on, SimTime idle)
{
    SimTime hosts = tcp_settings(socket_tcp(socket))->keepalive_idle;

    socket->keepalive = on;
    socket->keepalive_idle = idle;
    if (!on)
        idle = hosts;
    if (socket->tcb != NULL)
        tcp_set_keepalive(socket->tcb, idle);
    else
        socket_settings(socket)->keepalive_idle = idle;
    return 0;
}

static int set_fast_open(Socket *socket, TcpConfig *settings, int64_t value)
{
    if (socket->sockets->rules->fast_open_sends) {
        socket->fast_open = value != 0;
        return 0;
    }
    if (value < 0)
        return -EINVAL;
    settings->fast_open_pending = (uint32_t)MIN(value, (int64_t)UINT32_MAX);
    settings->fast_open_server =
        value > 0 && !socket->sockets->fast_open_refused;
    return 0;
}

static int set_fast_open_connect(Socket *socket, int64_t value)
{
    if (!tcp_settings(socket_tcp(socket))->fast_open_client)
        return -EOPNOTSUPP;
    if (value != 0 && value != 1)
        return -EINVAL;
    if (socket->phase != PHASE_FRESH)
        return -EINVAL;
    socket->fast_open_connect = value != 0;
    return 0;
}

static uint64_t little_endian(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (int i = 7; i >= 0; i--)
        word = word << 8 | bytes[i];
    return word;
}

int socket_set_fast_open_key(Socket *socket, const uint8_t *key, size_t len)
{
    TcpConfig *settings;

    if (len != 16 && len != 32)
        return -EINVAL;
    settings = socket_settings(socket);
    settings->fast_open_key_count = (uint32_t)len / 16;
    for (size_t i = 0; i < len / 8; i++)
        settings->fast_open_keys[i / 2][i % 2] = little_endian(key + 8 * i);
    return 0;
}

void sockets_allow_fast_open(Sockets *sockets, bool allow)
{
    sockets->fast_open_refused = !allow;
}

/* Options of TCP's: ranges are tcp(7)'s. */
static int set_tcp(Socket *socket, SocketOption option, int64_t value)
{
    TcpConfig *settings = socket_settings(socket);

    switch (option) {
    case SOCKET_NODELAY:
        settings->nagle = value == 0;
        if (socket->tcb != NULL)
            tcp_no_delay(socket->tcb, value != 0);
        return 0;
    case SOCKET_FAST_OPEN:
        return set_fast_open(socket, settings, value);
    case SOCKET_MAXSEG:
        return set_count(&settings->mss, value, 88, 32767);
    case SOCKET_KEEPALIVE_INTERVAL:
        return set_time(&settings->keepalive_interval, value, SIM_S,
                        32767 * SIM_S);
    case SOCKET_KEEPALIVE_COUNT:
        return set_count(&settings->keepalive_probes, value, 1, 127);
    case SOCKET_SYN_COUNT:
        return set_count(&settings->syn_retries, value, 1, 127);
    case SOCKET_USER_TIMEOUT: /* not CHANGEABLE then: RFC 5482 s3.1 */
        if (settings->user_timeout_option == TCP_USER_TIMEOUT_AGREE)
            settings->user_timeout_option = TCP_USER_TIMEOUT_TELL;
        return set_time(&settings->user_timeout, value, 0, INT32_MAX * SIM_MS);
    case SOCKET_FIN_TIMEOUT:
        return set_time(&settings->fin_timeout, value, 0, 120 * SIM_S);
    case SOCKET_NOTSENT_LOW_WATER: /* 0: the host's */
        if (value < 0)
            return -EINVAL;
        socket->unsent_low_water = (uint64_t)value;
        settings->notsent_lowat =
            value > 0 ? (uint64_t)MIN(value, (int64_t)1 << 30)
                      : tcp_settings(socket_tcp(socket))->notsent_lowat;
        return 0;
    case SOCKET_TOS:
        settings->tos = (uint8_t)(value & ~(int64_t)3); /* not ECN's bits */
        return 0;
    case SOCKET_PATH_MTU_DISCOVERY:
        settings->path_mtu_discovery = value != 0;
        return 0;
    case SOCKET_SEND_BUFFER:
        settings->send_buffer_first = 0;
        return set_buffer(socket, &settings->send_buffer, value);
    case SOCKET_RECEIVE_BUFFER:
        settings->receive_buffer_first = 0;
        return set_buffer(socket, &settings->receive_buffer, value);
    default:
        return -ENOPROTOOPT;
    }
}

int socket_set(Socket *socket, SocketOption option, int64_t value)
{
    switch (option) {
    case SOCKET_REUSE_ADDRESS:
        socket->reuse_address = value != 0;
        return 0;
    case SOCKET_KEEPALIVE:
        return set_keepalive(socket, value != 0, socket->keepalive_idle);
    case SOCKET_KEEPALIVE_IDLE:
        if (value < SIM_S || value > 32767 * SIM_S)
            return -EINVAL;
        return set_keepalive(socket, socket->keepalive, value);
    case SOCKET_LINGER:
        socket->linger = MAX(value, -1);
        return 0;
    case SOCKET_RECEIVE_TIMEOUT:
        return set_time(&socket->receive_timeout, value, 0, SIM_NEVER - 1);
    case SOCKET_SEND_TIMEOUT:
        return set_time(&socket->send_timeout, value, 0, SIM_NEVER - 1);
    case SOCKET_CORK:
        socket->corked = value != 0;
        if (socket->tcb != NULL)
            tcp_cork(socket->tcb, value != 0);
        return 0;
    case SOCKET_FAST_OPEN_CONNECT:
        return set_fast_open_connect(socket, value);
    default:
        return set_tcp(socket, option, value);
    }
}

/* --- get ------------------------------------------------------------------ */

static const TcpConfig *settings_now(const Socket *socket)
{
    if (socket->tcb == NULL && socket->listener == NULL &&
        socket->settings == NULL)
        return tcp_settings(socket_tcp(socket));
    return socket_settings((Socket *)socket);
}

static int get_tcp(const Socket *socket, SocketOption option, int64_t *value)
{
    const TcpConfig *settings = settings_now(socket);
    TcpInfo info;

    switch (option) {
    case SOCKET_NODELAY:
        *value = !settings->nagle;
        return 0;
    case SOCKET_MAXSEG:
        socket_info(socket, &info);
        *value = info.snd_mss != 0 ? info.snd_mss : settings->mss;
        return 0;
    case SOCKET_KEEPALIVE_INTERVAL:
        *value = settings->keepalive_interval;
        return 0;
    case SOCKET_KEEPALIVE_COUNT:
        *value = settings->keepalive_probes;
        return 0;
    case SOCKET_SYN_COUNT:
        *value = settings->syn_retries;
        return 0;
    case SOCKET_USER_TIMEOUT:
        *value = settings->user_timeout;
        return 0;
    case SOCKET_FIN_TIMEOUT:
        *value = settings->fin_timeout;
        return 0;
    case SOCKET_SEND_BUFFER:
        *value = (int64_t)settings->send_buffer;
        return 0;
    case SOCKET_RECEIVE_BUFFER:
        *value = socket->tcb != NULL ? (int64_t)tcp_receive_buffer(socket->tcb)
                                     : (int64_t)settings->receive_buffer;
        return 0;
    case SOCKET_NOTSENT_LOW_WATER:
        *value = (int64_t)socket->unsent_low_water;
        return 0;
    case SOCKET_TOS:
        *value = settings->tos;
        return 0;
    case SOCKET_PATH_MTU_DISCOVERY:
        *value = settings->path_mtu_discovery;
        return 0;
    case SOCKET_UNREAD:
        *value = socket_unread(socket);
        return 0;
    case SOCKET_UNACKED:
        *value = socket->tcb != NULL ? tcp_unacknowledged(socket->tcb) : 0;
        return 0;
    case SOCKET_UNSENT:
        socket_info(socket, &info);
        *value = socket->tcb != NULL ? info.unsent : 0;
        return 0;
    default:
        return -ENOPROTOOPT;
    }
}

int socket_get(Socket *socket, SocketOption option, int64_t *value)
{
    switch (option) {
    case SOCKET_REUSE_ADDRESS:
        *value = socket->reuse_address;
        return 0;
    case SOCKET_ERROR:
        *value = -socket_take_error(socket);
        return 0;
    case SOCKET_KEEPALIVE:
        *value = socket->keepalive;
        return 0;
    case SOCKET_KEEPALIVE_IDLE:
        *value = socket->keepalive_idle;
        return 0;
    case SOCKET_LINGER:
        *value = socket->linger;
        return 0;
    case SOCKET_RECEIVE_TIMEOUT:
        *value = socket->receive_timeout;
        return 0;
    case SOCKET_SEND_TIMEOUT:
        *value = socket->send_timeout;
        return 0;
    case SOCKET_CORK:
        *value = socket->corked;
        return 0;
    case SOCKET_FAST_OPEN_CONNECT:
        *value = socket->fast_open_connect;
        return 0;
    case SOCKET_FAST_OPEN:
        *value = socket->sockets->rules->fast_open_sends
                     ? socket->fast_open
                     : settings_now(socket)->fast_open_pending;
        return 0;
    case SOCKET_LISTENING:
        *value = socket->phase == PHASE_LISTENING;
        return 0;
    default:
        return get_tcp(socket, option, value);
    }
}
