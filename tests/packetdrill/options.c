/* options.c - setsockopt() and getsockopt() as Linux numbers and sizes them. */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>

#include "adapter.h"

/* Newer than some headers. */
#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif

/* How a value is written there. */
typedef enum Form { NUMBER, UNSIGNED, SECONDS, MILLISECONDS, TIME_OF_DAY } Form;

static const struct OptionName {
    int level, name;
    SocketOption option;
    Form form;
} names[] = {
    {SOL_SOCKET, SO_REUSEADDR, SOCKET_REUSE_ADDRESS, NUMBER},
    {SOL_SOCKET, SO_SNDBUF, SOCKET_SEND_BUFFER, NUMBER},
    {SOL_SOCKET, SO_RCVBUF, SOCKET_RECEIVE_BUFFER, NUMBER},
    {SOL_SOCKET, SO_ERROR, SOCKET_ERROR, NUMBER},
    {SOL_SOCKET, SO_KEEPALIVE, SOCKET_KEEPALIVE, NUMBER},
    {SOL_SOCKET, SO_ACCEPTCONN, SOCKET_LISTENING, NUMBER},
    {SOL_SOCKET, SO_RCVTIMEO, SOCKET_RECEIVE_TIMEOUT, TIME_OF_DAY},
    {SOL_SOCKET, SO_SNDTIMEO, SOCKET_SEND_TIMEOUT, TIME_OF_DAY},
    {IPPROTO_TCP, TCP_NODELAY, SOCKET_NODELAY, NUMBER},
    {IPPROTO_TCP, TCP_MAXSEG, SOCKET_MAXSEG, NUMBER},
    {IPPROTO_TCP, TCP_CORK, SOCKET_CORK, NUMBER},
    {IPPROTO_TCP, TCP_KEEPIDLE, SOCKET_KEEPALIVE_IDLE, SECONDS},
    {IPPROTO_TCP, TCP_KEEPINTVL, SOCKET_KEEPALIVE_INTERVAL, SECONDS},
    {IPPROTO_TCP, TCP_KEEPCNT, SOCKET_KEEPALIVE_COUNT, NUMBER},
    {IPPROTO_TCP, TCP_SYNCNT, SOCKET_SYN_COUNT, NUMBER},
    {IPPROTO_TCP, TCP_USER_TIMEOUT, SOCKET_USER_TIMEOUT, MILLISECONDS},
    {IPPROTO_TCP, TCP_NOTSENT_LOWAT, SOCKET_NOTSENT_LOW_WATER, UNSIGNED},
    {IPPROTO_TCP, TCP_FASTOPEN, SOCKET_FAST_OPEN, NUMBER},
    {IPPROTO_TCP, TCP_FASTOPEN_CONNECT, SOCKET_FAST_OPEN_CONNECT, NUMBER},
    {IPPROTO_TCP, TCP_LINGER2, SOCKET_FIN_TIMEOUT, SECONDS},
};

static const struct OptionName *find(int level, int name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].level == level && names[i].name == name)
            return &names[i];
    return NULL;
}

static void put(void *value, socklen_t *len, const void *from, size_t size)
{
    *len = (socklen_t)MIN(*len, size);
    memcpy(value, from, *len);
}

/* --- set ------------------------------------------------------------------ */

static int set_linger(Socket *socket, const void *value, socklen_t len)
{
    struct linger linger;

    if (len < sizeof linger)
        return -EINVAL;
    memcpy(&linger, value, sizeof linger);
    return socket_set(socket, SOCKET_LINGER,
                      linger.l_onoff ? linger.l_linger * SIM_S : -1);
}

/* One byte is enough for these (ip(7)). */
static int set_ip(Socket *socket, int name, const void *value, socklen_t len)
{
    int number = 0;

    if (len < 1)
        return -EINVAL;
    if (len < sizeof number)
        number = *(const uint8_t *)value;
    else
        memcpy(&number, value, sizeof number);
    if (name == IP_TOS)
        return socket_set(socket, SOCKET_TOS, number);
    if (name == IP_MTU_DISCOVER)
        return socket_set(socket, SOCKET_PATH_MTU_DISCOVERY,
                          number != IP_PMTUDISC_DONT);
    return -ENOPROTOOPT;
}

static int set_number(Socket *socket, const struct OptionName *name,
                      const void *value, socklen_t len)
{
    struct timeval time;
    int number;

    if (name->form == TIME_OF_DAY) {
        if (len < sizeof time)
            return -EINVAL;
        memcpy(&time, value, sizeof time);
        return socket_set(socket, name->option,
                          time.tv_sec * SIM_S + time.tv_usec * SIM_US);
    }
    if (len < sizeof number)
        return -EINVAL;
    memcpy(&number, value, sizeof number);
    return socket_set(socket, name->option,
                      name->form == UNSIGNED       ? (unsigned)number
                      : name->form == SECONDS      ? number * SIM_S
                      : name->form == MILLISECONDS ? number * SIM_MS
                                                   : number);
}

int options_set(Adapter *adapter, Socket *socket, int level, int name,
                const void *value, socklen_t len)
{
    const struct OptionName *known = find(level, name);

    if (value == NULL && len > 0)
        return -EFAULT;
    if (level == SOL_SOCKET && name == SO_LINGER)
        return set_linger(socket, value, len);
    if (level == IPPROTO_TCP && name == TCP_FASTOPEN_KEY)
        return socket_set_fast_open_key(socket, value, len);
    if (level == IPPROTO_IP)
        return set_ip(socket, name, value, len);
    if (known == NULL)
        return -ENOPROTOOPT;
    return set_number(socket, known, value, len);
}

/* --- get ------------------------------------------------------------------ */

static void get_linger(Socket *socket, void *value, socklen_t *len)
{
    struct linger linger = {0};
    int64_t time = -1;

    socket_get(socket, SOCKET_LINGER, &time);
    if (time >= 0)
        linger = (struct linger){1, (int)(time / SIM_S)};
    put(value, len, &linger, sizeof linger);
}

static int get_number(Socket *socket, const struct OptionName *name,
                      void *value, socklen_t *len)
{
    int64_t number = 0;
    int result = socket_get(socket, name->option, &number), as_int;

    if (result < 0)
        return result;
    if (name->form == TIME_OF_DAY) {
        struct timeval time = {number / SIM_S, number % SIM_S / SIM_US};

        put(value, len, &time, sizeof time);
        return 0;
    }
    if (name->form == SECONDS)
        number /= SIM_S;
    else if (name->form == MILLISECONDS)
        number /= SIM_MS;
    as_int = (int)number;
    put(value, len, &as_int, sizeof as_int);
    return 0;
}

int options_get(Adapter *adapter, Socket *socket, int level, int name,
                void *value, socklen_t *len)
{
    const struct OptionName *known = find(level, name);

    if (len == NULL || (value == NULL && *len > 0))
        return -EFAULT;
    if (level == SOL_SOCKET && name == SO_LINGER) {
        get_linger(socket, value, len);
        return 0;
    }
    if (level == SOL_SOCKET && name == SO_MEMINFO) {
        info_memory(socket, value, len);
        return 0;
    }
    if (level == IPPROTO_TCP && name == TCP_INFO) {
        info_tcp(socket, sim_now(&adapter->sim), value, len);
        return 0;
    }
    if (level == IPPROTO_TCP && name == TCP_CC_INFO) {
        *len = 0; /* the algorithm has nothing to tell */
        return 0;
    }
    if (known == NULL)
        return -ENOPROTOOPT;
    return get_number(socket, known, value, len);
}
