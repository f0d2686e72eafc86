/* info.c - what TCP knows of a connection, as Linux lays it out: struct
 * tcp_info of include/uapi/linux/tcp.h, 280 bytes in Linux 6.18, and the words
 * of SO_MEMINFO.  A field that our TCP has no number for is 0. */
#include <string.h>

#include "adapter.h"

enum {
    INFO_LEN = 280,
    MEMINFO_WORDS = 9,
    MEMINFO_RMEM_ALLOC = 0,
    MEMINFO_RCVBUF = 1,
    MEMINFO_SNDBUF = 3,
    MEMINFO_WMEM_QUEUED = 5,
    NO_SSTHRESH = 0x7fffffff, /* TCP_INFINITE_SSTHRESH */
};

/* Linux's numbers of the states (include/net/tcp_states.h). */
static const uint8_t states[TCP_STATES] = {
    [TCP_CLOSED] = 7,       [TCP_LISTEN] = 10,     [TCP_SYN_SENT] = 2,
    [TCP_SYN_RECEIVED] = 3, [TCP_ESTABLISHED] = 1, [TCP_FIN_WAIT_1] = 4,
    [TCP_FIN_WAIT_2] = 5,   [TCP_CLOSE_WAIT] = 8,  [TCP_CLOSING] = 11,
    [TCP_LAST_ACK] = 9,     [TCP_TIME_WAIT] = 6};

static uint8_t options_of(const TcpInfo *info)
{
    return (uint8_t)((info->options & TCP_OPT_TIMESTAMPS ? 1 : 0) |
                     (info->options & TCP_OPT_SACK_OK ? 2 : 0) |
                     (info->options & TCP_OPT_WSCALE ? 4 : 0) |
                     (info->ecn ? 8 : 0) | (info->ecn_seen ? 16 : 0) |
                     (info->syn_text ? 32 : 0));
}

static void put8(uint8_t *to, uint64_t value) { *to = (uint8_t)value; }

static void put32(uint8_t *to, uint64_t value)
{
    uint32_t word = (uint32_t)value;

    memcpy(to, &word, sizeof word);
}

static void put64(uint8_t *to, uint64_t value)
{
    memcpy(to, &value, sizeof value);
}

static void put_bytes(uint8_t *to, const TcpInfo *info)
{
    put8(to, states[info->state]);
    put8(to + 1, info->ca_state);
    put8(to + 2, info->retransmits);
    put8(to + 3, info->probes);
    put8(to + 4, info->backoff);
    put8(to + 5, options_of(info));
    put8(to + 6, info->snd_scale | info->rcv_scale << 4);
}

static uint64_t ms_since(SimTime now, SimTime then)
{
    return (uint64_t)((now - then) / SIM_MS);
}

void info_tcp(const Socket *socket, SimTime now, void *value, socklen_t *len)
{
    uint8_t bytes[INFO_LEN] = {0};
    TcpInfo info;

    socket_info(socket, &info);
    put_bytes(bytes, &info);
    put32(bytes + 8, info.rto / SIM_US);
    put32(bytes + 12, info.ato / SIM_US);
    put32(bytes + 16, info.snd_mss);
    put32(bytes + 20, info.rcv_mss);
    put32(bytes + 24, info.in_flight);
    put32(bytes + 28, info.sacked);
    put32(bytes + 32, info.lost);
    put32(bytes + 36, info.retrans_out);
    put32(bytes + 44, ms_since(now, info.last_data_sent));
    put32(bytes + 52, ms_since(now, info.last_data_received));
    put32(bytes + 60, info.pmtu);
    put32(bytes + 68, info.srtt / SIM_US);
    put32(bytes + 72, info.rttvar / SIM_US);
    put32(bytes + 76, MIN(info.ssthresh, (uint32_t)NO_SSTHRESH));
    put32(bytes + 80, info.cwnd);
    put32(bytes + 84, info.advmss);
    put32(bytes + 88, info.reordering);
    put32(bytes + 100, info.retransmissions);
    put64(bytes + 120, info.bytes_acked);
    put64(bytes + 128, info.bytes_received);
    put32(bytes + 144, info.unsent);
    put32(bytes + 148, info.min_rtt / SIM_US);
    put64(bytes + 168, (uint64_t)(info.busy / SIM_US));
    put64(bytes + 176, (uint64_t)(info.rwnd_limited / SIM_US));
    put64(bytes + 184, (uint64_t)(info.sndbuf_limited / SIM_US));
    put32(bytes + 192, info.delivered);
    put32(bytes + 196, info.delivered_ce);
    put32(bytes + 216, info.dsack_dups);
    put32(bytes + 220, info.reord_seen);
    put32(bytes + 228, info.snd_wnd);
    put32(bytes + 232, info.rcv_wnd);
    *len = (socklen_t)MIN(*len, sizeof bytes);
    memcpy(value, bytes, *len);
}

void info_memory(Socket *socket, void *value, socklen_t *len)
{
    uint32_t words[MEMINFO_WORDS] = {0};
    int64_t number = 0;

    if (socket_get(socket, SOCKET_UNREAD, &number) == 0)
        words[MEMINFO_RMEM_ALLOC] = (uint32_t)number;
    if (socket_get(socket, SOCKET_RECEIVE_BUFFER, &number) == 0)
        words[MEMINFO_RCVBUF] = (uint32_t)number;
    if (socket_get(socket, SOCKET_SEND_BUFFER, &number) == 0)
        words[MEMINFO_SNDBUF] = (uint32_t)number;
    if (socket_get(socket, SOCKET_UNACKED, &number) == 0)
        words[MEMINFO_WMEM_QUEUED] = (uint32_t)number;
    *len = (socklen_t)MIN(*len, sizeof words);
    memcpy(value, words, *len);
}
