/* tcp_cookie.c - SYN cookies (RFC 4987 s3.6, appendix A): when the queue of
 * half-open connections is full a SYN is answered and forgotten; what has to be
 * known of it comes back in the ACK.
 *
 * Our ISS = F(addresses, ports) + IRS + (minutes << 24) + (F(addresses, ports,
 * minutes) + MSS index) modulo 2^24 (Linux net/ipv4/syncookies.c): who has not
 * seen the SYN,ACK does not find it by trying, and it is good for two minutes.
 * The options that were agreed on are in the low bits of our timestamp; without
 * timestamps there are none. */
#include "tcp_inside.h"

#include <glib.h>

#include "sim/rng.h"
#include "sim/siphash.h"

enum {
    MINUTE_SHIFT = 24,
    LOW = (1 << MINUTE_SHIFT) - 1,
    MINUTES = 2, /* that a cookie is good for */
    OPTION_BITS = 6,
    WSCALE_BITS = 15, /* all ones: no window scaling */
    SACK_BIT = 16,
    ECN_BIT = 32,
};

/* What a MSS is rounded down to: Linux's table, from measurements of the
 * Internet (Alcock and Nelson, "An analysis of TCP maximum segment sizes",
 * 2010). */
static const uint16_t mss_table[] = {536, 1300, 1440, 1460};

static uint32_t minutes(const Tcp *tcp)
{
    return (uint32_t)(tcp->sim->now / (60 * SIM_S));
}

/* Nobody without the host's secret knows it. */
static uint32_t keyed(const Tcp *tcp, const TcpConn *conn, uint32_t minute,
                      const char *purpose)
{
    uint64_t words[] = {
        conn->local.hi,  conn->local.lo,
        conn->remote.hi, conn->remote.lo,
        minute,          (uint64_t)conn->local_port << 16 | conn->remote_port};
    uint64_t key[2] = {tcp->secret, hash_text(tcp->secret, purpose)};

    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        words[i] = GUINT64_TO_LE(words[i]);
    return (uint32_t)siphash(key, words, sizeof words);
}

static uint32_t make_cookie(const Tcp *tcp, const TcpConn *conn, uint32_t irs,
                            uint32_t data)
{
    uint32_t minute = minutes(tcp);

    return keyed(tcp, conn, 0, "cookie") + irs + (minute << MINUTE_SHIFT) +
           ((keyed(tcp, conn, minute, "data") + data) & LOW);
}

/* What was put into COOKIE; -1: it is none of ours, or too old. */
static int32_t open_cookie(const Tcp *tcp, const TcpConn *conn, uint32_t irs,
                           uint32_t cookie)
{
    uint32_t minute = minutes(tcp), age;

    cookie -= keyed(tcp, conn, 0, "cookie") + irs;
    age = (minute - (cookie >> MINUTE_SHIFT)) & (UINT32_MAX >> MINUTE_SHIFT);
    if (age >= MINUTES)
        return -1;
    return (int32_t)((cookie - keyed(tcp, conn, minute - age, "data")) & LOW);
}

/* --- options in a timestamp ----------------------------------------------- */

/* The latest timestamp that says what TCB has agreed on, as an offset of the
 * clock from which it is sent. */
static void hide_options(Tcb *tcb)
{
    uint32_t now = tcp_ts_now(tcb), value, bits = WSCALE_BITS;

    if (tcp_has(tcb, TCP_OPT_WSCALE))
        bits = tcb->snd_scale;
    if (tcp_has(tcb, TCP_OPT_SACK_OK))
        bits |= SACK_BIT;
    if (tcp_ecn(tcb))
        bits |= ECN_BIT;
    value = now >> OPTION_BITS << OPTION_BITS | bits;
    if (seq_lt(now, value))
        value -= 1u << OPTION_BITS;
    tcb->conn.ts_offset += value - now;
}

/* The SYN that SEG's echo tells of. */
static void find_options(const TcpSegment *seg, TcpHeader *syn)
{
    uint32_t bits = seg->header->ts_ecr;

    if (!(seg->header->options & TCP_OPT_TIMESTAMPS))
        return;
    syn->options |= TCP_OPT_TIMESTAMPS;
    syn->ts_val = seg->header->ts_val;
    if (bits & SACK_BIT)
        syn->options |= TCP_OPT_SACK_OK;
    if (bits & ECN_BIT)
        syn->flags |= TCP_ECE | TCP_CWR;
    if ((bits & WSCALE_BITS) != WSCALE_BITS) {
        syn->options |= TCP_OPT_WSCALE;
        syn->wscale = bits & WSCALE_BITS;
    }
}

/* --- the SYN -------------------------------------------------------------- */

static unsigned mss_index(const Tcb *tcb)
{
    unsigned i = G_N_ELEMENTS(mss_table) - 1;

    while (i > 0 && mss_table[i] > tcb->mss)
        i--;
    return i;
}

bool tcp_cookie_due(const TcpListener *listener)
{
    int cookies = listener->config->syn_cookies;

    return cookies == TCP_COOKIES_ALWAYS ||
           (cookies == TCP_COOKIES_WHEN_FULL &&
            listener->half_open >= listener->backlog);
}

/* A connection that is in no table and leaves nothing behind. */
void tcp_cookie_answer(TcpListener *listener, const TcpSegment *seg)
{
    Tcp *tcp = listener->tcp;
    Packet *packet = seg->packet;
    TcpSegment plain = *seg;
    TcpHeader syn = *seg->header;
    Tcb *tcb = tcp_tcb_alloc(tcp);

    plain.header = &syn;
    tcb->conn.local = packet->ip.destination;
    tcb->conn.remote = packet->ip.source;
    tcb->conn.local_port = syn.destination_port;
    tcb->conn.remote_port = syn.source_port;
    tcb->conn.flow = packet->flow;
    /* tcp_send_syn() counts on: a number that belongs to this SYN alone. */
    tcb->conn.number =
        ((packet->number ^ PACKET_OF_OPENER) | PACKET_STATELESS) - 1;
    tcb->conn.state = TCP_SYN_RECEIVED;
    tcb->conn.ts_offset = tcp_ts_offset(tcp, &tcb->conn);
    tcp_inherit_settings(tcb, listener);
    if (!(syn.options & TCP_OPT_TIMESTAMPS) || !tcp_config(tcb)->timestamps) {
        syn.options &= TCP_OPT_MSS;
        syn.flags = TCP_SYN;
    }
    tcp_agree(tcb, &syn);
    tcp_ecn_agree(tcb, &plain);
    tcb->rcv.nxt = tcb->rcv.right = seg->seq + 1;
    tcp_window_start(tcb);
    tcb->iss = make_cookie(tcp, &tcb->conn, seg->seq, mss_index(tcb));
    if (tcp_has(tcb, TCP_OPT_TIMESTAMPS))
        hide_options(tcb);
    listener->cookies_until = tcp->sim->now + MINUTES * 60 * SIM_S;
    tcp_tell_cookie(listener, packet);
    tcp_send_syn(tcb, 0, false, 0);
    tcp_tcb_free(tcb);
}

/* --- the ACK -------------------------------------------------------------- */

bool tcp_cookie_open(TcpListener *listener, const TcpSegment *seg)
{
    Tcp *tcp = listener->tcp;
    const IpHeader *ip = &seg->packet->ip;
    TcpConn conn = {.local = ip->destination,
                    .remote = ip->source,
                    .local_port = seg->header->destination_port,
                    .remote_port = seg->header->source_port};
    TcpHeader syn = {.flags = TCP_SYN, .options = TCP_OPT_MSS};
    int32_t data;
    Tcb *tcb;

    if (seg->flags & (TCP_SYN | TCP_RST) ||
        tcp->sim->now >= listener->cookies_until)
        return false;
    data = open_cookie(tcp, &conn, seg->seq - 1, seg->ack - 1);
    if (data < 0 || (size_t)data >= G_N_ELEMENTS(mss_table))
        return false;
    syn.mss = mss_table[data];
    find_options(seg, &syn);
    tcb = tcp_child_new(listener, seg);
    tcb->irs = seg->seq - 1;
    tcb->rcv.nxt = tcb->rcv.told = tcb->rcv.right = seg->seq;
    tcb->snd.una = tcb->iss = tcb->snd.wl2 = seg->ack - 1;
    tcb->snd.nxt = tcb->snd.end = seg->ack;
    tcb->snd.wl1 = tcb->irs;
    tcp_agree(tcb, &syn);
    if (syn.flags & TCP_ECE)
        tcb->conn.options |= CONN_ECN;
    tcp_window_start(tcb);
    listener->half_open++;
    tcp_set_state(tcb, TCP_SYN_RECEIVED);
    tcb->rcv.right += tcp_select_window(tcb);
    tcb->tries = 1; /* when the SYN,ACK was sent is forgotten: no sample */
    tcp_arm(tcb, &tcp_work(tcb)->rexmit, tcp_syn_ack_wait(tcb));
    return true;
}
