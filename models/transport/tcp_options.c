/* tcp_options.c - what the two ends agree on when a connection opens: initial
 * sequence numbers (RFC 6528), MSS, window scale, timestamps, SACK. */
#include "tcp_inside.h"

#include <glib.h>

#include "sim/rng.h"

enum {
    DEFAULT_MSS = 536, /* the peer sent no MSS: RFC 9293 s3.7.1, MUST-15 */
    SMALLEST_MSS = 48, /* Linux's TCP_MIN_SND_MSS: room for options and text */
    IP_AND_TCP_LEN = IPV4_HEADER_LEN + TCP_HEADER_LEN,
};

uint32_t tcp_choose_iss(const Tcp *tcp, const TcpConn *conn)
{
    uint64_t words[5] = {conn->local.hi, conn->local.lo, conn->remote.hi,
                         conn->remote.lo,
                         (uint64_t)conn->local_port << 16 | conn->remote_port};

    if (tcp->config->iss_fixed)
        return tcp->config->iss;
    /* ISN = M + F(4-tuple, secret), M a 4 us clock: RFC 9293 s3.4.1, MUST-8,
     * SHLD-1; nothing that is sent gives the secret away: MUST-9 */
    return (uint32_t)(tcp->sim->now / (4 * SIM_US)) +
           (uint32_t)hash_bytes(tcp->secret, words, sizeof words);
}

/* One offset for each pair of hosts, so that a new connection's timestamps are
 * newer than those of an old one (RFC 7323 s5.4, RFC 6191). */
uint32_t tcp_ts_offset(const Tcp *tcp, const TcpConn *conn)
{
    uint64_t words[4] = {conn->local.hi, conn->local.lo, conn->remote.hi,
                         conn->remote.lo};

    return (uint32_t)(hash_bytes(~tcp->secret, words, sizeof words) >> 32);
}

/* The timestamp clock ticks once in a millisecond (RFC 7323 s5.4: 1 ms to 1 s).
 */
uint32_t tcp_ts_at(const Tcb *tcb, SimTime at)
{
    return (uint32_t)(at / SIM_MS) + tcb->conn.ts_offset;
}

uint32_t tcp_ts_now(const Tcb *tcb)
{
    return tcp_ts_at(tcb, tcp_sim(tcb)->now);
}

uint32_t tcp_our_mss(const Tcb *tcb)
{
    uint32_t mtu = host_mtu_for(tcb->conn.tcp->host, tcb->conn.remote);
    uint32_t mss = mtu > IP_AND_TCP_LEN ? mtu - IP_AND_TCP_LEN : DEFAULT_MSS;

    if (tcp_config(tcb)->mss != 0)
        mss = MIN(mss, tcp_config(tcb)->mss);
    return MIN(mss, 65535);
}

/* The same; in SYN-SENT ICMP may have told of less (Fast Open). */
static uint32_t largest(const Tcb *tcb)
{
    uint32_t mss = tcp_our_mss(tcb);

    return tcp_state(tcb) == TCP_SYN_SENT ? MIN(mss, tcb->mss) : mss;
}

/* On SYNs alone: MUST-65. */
void tcp_offer(const Tcb *tcb, TcpHeader *header)
{
    const TcpConfig *config = tcp_config(tcb);
    uint8_t offered = 0;

    if (config->window_scaling)
        offered |= TCP_OPT_WSCALE;
    if (config->sack)
        offered |= TCP_OPT_SACK_OK;
    if (config->timestamps)
        offered |= TCP_OPT_TIMESTAMPS;
    /* A SYN,ACK repeats only what the SYN offered. */
    if (header->flags & TCP_ACK)
        offered = tcb->conn.options & (uint8_t)~CONN_ECN;
    header->options = offered | TCP_OPT_MSS; /* MUST-14, SHLD-5, MAY-3 */
    header->mss = (uint16_t)largest(tcb);
    header->wscale = (uint8_t)tcp_our_wscale(tcb);
    if (offered & TCP_OPT_TIMESTAMPS) {
        header->ts_val = tcp_ts_now(tcb);
        header->ts_ecr = header->flags & TCP_ACK ? tcb->ts_recent : 0;
    }
}

void tcp_agree(Tcb *tcb, const TcpHeader *syn)
{
    const TcpConfig *config = tcp_config(tcb);
    uint32_t theirs = syn->options & TCP_OPT_MSS ? syn->mss : DEFAULT_MSS;
    uint32_t ours = largest(tcb);
    uint8_t agreed = 0;

    if (config->window_scaling && syn->options & TCP_OPT_WSCALE)
        agreed |= TCP_OPT_WSCALE;
    if (config->sack && syn->options & TCP_OPT_SACK_OK)
        agreed |= TCP_OPT_SACK_OK;
    if (config->timestamps && syn->options & TCP_OPT_TIMESTAMPS)
        agreed |= TCP_OPT_TIMESTAMPS;
    tcb->conn.options = agreed;
    tcb->mss = (uint16_t)MAX(MIN(theirs, ours), SMALLEST_MSS); /* MUST-16 */
    tcb->snd_scale = tcb->rcv_scale = 0;
    if (agreed & TCP_OPT_WSCALE) {
        tcb->snd_scale = (uint8_t)MIN(syn->wscale, 14); /* RFC 7323 s2.3 */
        tcb->rcv_scale = (uint8_t)tcp_our_wscale(tcb);
    }
    if (agreed & TCP_OPT_TIMESTAMPS)
        tcb->ts_recent = syn->ts_val;
}

/* --- the user time-out, RFC 5482 ------------------------------------------ */

enum { UTO_IN_MINUTES = 1 << 15, UTO_MOST = UTO_IN_MINUTES - 1 };
/* L_LIMIT, what RFC 1122 s4.2.3.5 asks for at least, and U_LIMIT. */
#define UTO_LOWER_LIMIT (100 * SIM_S)
#define UTO_UPPER_LIMIT (24 * 3600 * SIM_S)

void tcp_put_user_timeout(Tcb *tcb, TcpHeader *header)
{
    const TcpConfig *config = tcp_config(tcb);
    int64_t seconds = (config->user_timeout + SIM_S - 1) / SIM_S;

    tcb->user_timeout_due = false;
    if (config->user_timeout_option == TCP_USER_TIMEOUT_NO || seconds == 0 ||
        header->options & TCP_OPT_FAST_OPEN || header->sack_count > 0)
        return;
    header->options |= TCP_OPT_USER_TIMEOUT;
    header->user_timeout =
        seconds <= UTO_MOST
            ? (uint16_t)seconds
            : (uint16_t)(UTO_IN_MINUTES | MIN((seconds + 59) / 60, UTO_MOST));
}

/* USER_TIMEOUT = min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT)): s3.1. */
void tcp_heed_user_timeout(Tcb *tcb, const TcpHeader *header)
{
    const TcpConfig *config = tcp_config(tcb);
    SimTime theirs = (header->user_timeout & UTO_MOST) * SIM_S;

    if (config->user_timeout_option != TCP_USER_TIMEOUT_AGREE || theirs == 0)
        return;
    if (header->user_timeout & UTO_IN_MINUTES)
        theirs *= 60;
    theirs = MAX(MAX(theirs, config->user_timeout), UTO_LOWER_LIMIT);
    tcp_own_settings(tcb)->user_timeout = MIN(theirs, UTO_UPPER_LIMIT);
}

/* --- lengths -------------------------------------------------------------- */

/* Bytes of options in a segment that carries text. */
static uint32_t option_bytes(const Tcb *tcb)
{
    uint32_t bytes = tcp_has(tcb, TCP_OPT_TIMESTAMPS) ? TCP_TIMESTAMPS_LEN : 0;

    if (tcb->work->holes != NULL && tcp_has(tcb, TCP_OPT_SACK_OK)) {
        uint32_t blocks =
            tcb->work->holes->sack_count + tcb->work->holes->dsack;
        uint32_t most = bytes != 0 ? 3 : 4; /* RFC 2018 s3 */

        if (blocks != 0)
            bytes += 4 + 8 * MIN(blocks, most);
    }
    return bytes;
}

uint32_t tcp_expected(const Tcb *tcb) { return tcb->mss - option_bytes(tcb); }

/* Half the largest window that the peer has offered bounds it when segments
 * are not cut to fit (Linux's tcp_bound_to_half_wnd()). */
uint32_t tcp_full(const Tcb *tcb)
{
    uint32_t bytes = option_bytes(tcb), full = tcb->mss - bytes;
    uint32_t most = tcb->snd.max_wnd;

    if (most > DEFAULT_MSS)
        most /= 2;
    if (full <= most || most == 0 || tcp_config(tcb)->cut_to_window)
        return full;
    return MAX(most, SMALLEST_MSS - bytes);
}
