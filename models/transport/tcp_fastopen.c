/* tcp_fastopen.c - Fast Open (RFC 7413): text in the SYN.
 *
 * Client: what each server has said of it is remembered by host, its cookie and
 * the MSS of its last SYN,ACK.  Server: a cookie is SipHash-2-4 over the two
 * addresses, so nothing is remembered; a SYN with a good one makes a connection
 * that its user has before the handshake is complete (Tcb.fast_open).
 *
 * Where the RFC leaves a choice, the keys fast_open_* follow net/ipv4/
 * tcp_fastopen.c and tcp_metrics.c of Linux, netinet/tcp_fastopen.c of FreeBSD.
 */
#include "tcp_inside.h"

#include <glib.h>
#include <string.h>

#include "sim/rng.h"
#include "sim/siphash.h"

enum {
    OPTIONS_MAX = TCP_HEADER_MAX - TCP_HEADER_LEN, /* kept free in a SYN */
    ASSUMED_MSS = 536,      /* a SYN,ACK without the option: RFC 9293 MUST-15 */
    COOKIE_LEN = 8,         /* of those that we make */
    BLACKHOLE_TIMEOUTS = 3, /* in a row that put Fast Open in doubt */
    BLACKHOLE_DOUBLINGS = 6,
};
#define RESET_HOLDS (60 * SIM_S) /* a place in the queue: RFC 7413 s5.1 */

/* What a client knows of a server (RFC 7413 s4.1.3). */
typedef struct Server {
    IpAddress address;
    SimTime refused_until; /* it is not asked before */
    uint16_t mss;          /* of its last SYN,ACK; 0: not known */
    uint8_t cookie_len;
    bool experiment; /* the cookie came in the experimental option */
    uint8_t asked;   /* in vain: 1 with option 34, 2 with both */
    uint8_t cookie[TCP_COOKIE_MAX];
} Server;

struct TcpFastOpen {
    GHashTable *servers; /* Server * by its address; never walked */
    SimTime disabled_at; /* the last time that a blackhole showed */
    uint32_t disabled;   /* how often in a row */
};

static guint address_hash(gconstpointer address)
{
    return (guint)hash_bytes(0, address, sizeof(IpAddress));
}

static gboolean address_equal(gconstpointer a, gconstpointer b)
{
    return ip_equal(*(const IpAddress *)a, *(const IpAddress *)b);
}

static TcpFastOpen *memory(Tcp *tcp)
{
    if (tcp->fast_open == NULL) {
        tcp->fast_open = g_new0(TcpFastOpen, 1);
        tcp->fast_open->servers =
            g_hash_table_new_full(address_hash, address_equal, NULL, g_free);
    }
    return tcp->fast_open;
}

void tcp_fast_open_forget(Tcp *tcp)
{
    if (tcp->fast_open == NULL)
        return;
    g_hash_table_destroy(tcp->fast_open->servers);
    g_free(tcp->fast_open);
    tcp->fast_open = NULL;
}

/* --- client: what is known ------------------------------------------------ */

static const Server *server_find(const Tcp *tcp, IpAddress address)
{
    return tcp->fast_open != NULL
               ? g_hash_table_lookup(tcp->fast_open->servers, &address)
               : NULL;
}

static Server *server_get(Tcp *tcp, IpAddress address)
{
    GHashTable *servers = memory(tcp)->servers;
    Server *server = g_hash_table_lookup(servers, &address);

    if (server == NULL) {
        server = g_new0(Server, 1);
        server->address = address;
        g_hash_table_insert(servers, &server->address, server);
    }
    return server;
}

/* Connections with Fast Open seem to be swallowed on their way out: it rests,
 * twice as long each time (Linux tcp_fastopen_active_should_disable()). */
static bool rests(const Tcp *tcp, const TcpConfig *config)
{
    const TcpFastOpen *fast = tcp->fast_open;

    return fast != NULL && fast->disabled > 0 &&
           config->fast_open_blackhole > 0 &&
           tcp->sim->now - fast->disabled_at <
               config->fast_open_blackhole
                   << MIN(fast->disabled - 1, BLACKHOLE_DOUBLINGS);
}

/* Whether the SYN to SERVER (NULL: unknown) has to do with Fast Open at all. */
static bool applies(const Tcp *tcp, const TcpConfig *config,
                    const Server *server)
{
    return config->fast_open_client && !rests(tcp, config) &&
           (server == NULL || server->refused_until <= tcp->sim->now);
}

static bool may_carry_text(const TcpConfig *config, const Server *server)
{
    return !config->fast_open_client_cookie ||
           (server != NULL && server->cookie_len > 0);
}

bool tcp_fast_open_ready(const Tcp *tcp, const TcpConfig *settings,
                         IpAddress address)
{
    const TcpConfig *config = settings != NULL ? settings : tcp->config;
    const Server *server = server_find(tcp, address);

    return applies(tcp, config, server) && may_carry_text(config, server);
}

/* --- client: the SYN ------------------------------------------------------ */

/* Room for text in a SYN to SERVER: what it took last time, with room for all
 * options that somebody on the way might add (Linux tcp_send_syn_data()). */
static uint32_t syn_room(const Tcb *tcb, const Server *server)
{
    uint32_t mss = tcp_our_mss(tcb);

    if (server != NULL && server->mss != 0)
        mss = MIN(mss, server->mss);
    return mss > OPTIONS_MAX ? mss - OPTIONS_MAX : 0;
}

uint32_t tcp_fast_open_begin(Tcb *tcb, uint32_t len)
{
    const Tcp *tcp = tcb->conn.tcp;
    const TcpConfig *config = tcp_config(tcb);
    const Server *server = server_find(tcp, tcb->conn.remote);
    bool cookie = server != NULL && server->cookie_len > 0;

    if (!applies(tcp, config, server))
        return 0;
    /* Where none is needed, none is asked for. */
    tcb->fo_option = cookie || config->fast_open_client_cookie;
    tcb->fo_experiment =
        server != NULL &&
        (cookie ? server->experiment
                : server->asked == 1 && config->fast_open_experiment);
    return may_carry_text(config, server) ? MIN(len, syn_room(tcb, server)) : 0;
}

/* --- client: the SYN,ACK -------------------------------------------------- */

/* RFC 7413 s4.1.3.1: a server that does not answer is not asked again for a
 * while; first it is asked with the other option. */
static void refused(Tcb *tcb, Server *server, bool took_text)
{
    const TcpConfig *config = tcp_config(tcb);

    if (config->fast_open_refused > 0 && !took_text) {
        server->refused_until = tcp_sim(tcb)->now + config->fast_open_refused;
        server->cookie_len = 0;
    }
    if (tcb->fo_option && tcb->repeats == 0 && !tcb->syn_text &&
        server->cookie_len == 0)
        server->asked = MAX(server->asked, tcb->fo_experiment ? 2 : 1);
}

static void remember(Tcb *tcb, const TcpSegment *seg, bool took_text)
{
    const TcpHeader *header = seg->header;
    Server *server = server_get(tcb->conn.tcp, tcb->conn.remote);

    server->mss = header->options & TCP_OPT_MSS ? header->mss : ASSUMED_MSS;
    /* A cookie that was not asked for is ignored. */
    if (tcb->fo_option && header->options & TCP_OPT_FAST_OPEN &&
        header->cookie_len > 0) {
        server->cookie_len = header->cookie_len;
        memcpy(server->cookie, header->cookie, sizeof server->cookie);
        server->experiment = (header->options & TCP_OPT_FAST_OPEN_EXP) != 0;
    } else {
        refused(tcb, server, took_text);
    }
}

void tcp_fast_open_answered(Tcb *tcb, const TcpSegment *seg)
{
    bool took_text = tcb->syn_text && tcb->out == 0;
    TcpFastOpen *fast = tcb->conn.tcp->fast_open;

    remember(tcb, seg, took_text);
    tcb->syn_text_taken = took_text;
    if (took_text) {
        if (fast != NULL)
            fast->disabled = 0;
        return;
    }
    /* s4.2.2: what was not taken is sent again at once. */
    tcp_repeat_syn_text(tcb);
}

void tcp_fast_open_timed_out(Tcb *tcb, bool last)
{
    TcpFastOpen *fast;
    unsigned timeouts = tcb->tries + 1u;

    if (!tcb->conn.opener || (!tcb->fo_option && !tcb->syn_text) ||
        !(timeouts == BLACKHOLE_TIMEOUTS ||
          (last && timeouts < BLACKHOLE_TIMEOUTS)))
        return;
    fast = memory(tcb->conn.tcp);
    fast->disabled++;
    fast->disabled_at = tcp_sim(tcb)->now;
}

/* --- server: cookies ------------------------------------------------------ */

/* The cookie of CLIENT at SERVER, with KEY. */
static void make_cookie(const uint64_t key[2], IpAddress client,
                        IpAddress server, uint8_t cookie[COOKIE_LEN])
{
    uint64_t words[4] = {GUINT64_TO_BE(client.hi), GUINT64_TO_BE(client.lo),
                         GUINT64_TO_BE(server.hi), GUINT64_TO_BE(server.lo)};
    uint64_t hash;

    if (ip_is_v4(client)) {
        uint32_t v4[2] = {GUINT32_TO_BE(ip_to_v4(client)),
                          GUINT32_TO_BE(ip_to_v4(server))};

        hash = siphash(key, v4, sizeof v4);
    } else {
        hash = siphash(key, words, sizeof words);
    }
    hash = GUINT64_TO_LE(hash);
    memcpy(cookie, &hash, COOKIE_LEN);
}

/* Key number N of CONFIG's; where none is set, the host's own. */
static void key_number(const Tcp *tcp, const TcpConfig *config, unsigned n,
                       uint64_t key[2])
{
    if (config->fast_open_key_count > 0) {
        memcpy(key, config->fast_open_keys[n], 2 * sizeof *key);
        return;
    }
    key[0] = hash_text(tcp->secret, "fast open, first word");
    key[1] = hash_text(tcp->secret, "fast open, second word");
}

/* Which of the keys made the cookie of SEG: 0 or 1; -1: none. */
static int key_of(const TcpListener *listener, const TcpSegment *seg)
{
    const TcpConfig *config = listener->config;
    const IpHeader *ip = &seg->packet->ip;
    int keys = MAX((int)config->fast_open_key_count, 1);

    if (seg->header->cookie_len != COOKIE_LEN)
        return -1;
    for (int n = 0; n < keys; n++) {
        uint8_t cookie[COOKIE_LEN];
        uint64_t key[2];

        key_number(listener->tcp, config, (unsigned)n, key);
        make_cookie(key, ip->source, ip->destination, cookie);
        if (memcmp(cookie, seg->header->cookie, COOKIE_LEN) == 0)
            return n;
    }
    return -1;
}

void tcp_fast_open_put(const Tcb *tcb, TcpHeader *header)
{
    const TcpConn *conn = &tcb->conn;

    header->options |= TCP_OPT_FAST_OPEN;
    if (tcb->fo_experiment)
        header->options |= TCP_OPT_FAST_OPEN_EXP;
    if (conn->opener) {
        const Server *server = server_find(conn->tcp, conn->remote);

        header->cookie_len = server != NULL ? server->cookie_len : 0;
        if (header->cookie_len > 0)
            memcpy(header->cookie, server->cookie, sizeof header->cookie);
    } else {
        uint64_t key[2];

        key_number(conn->tcp, tcp_config(tcb), 0, key);
        make_cookie(key, conn->remote, conn->local, header->cookie);
        header->cookie_len = COOKIE_LEN;
    }
}

/* --- server: the queue ---------------------------------------------------- */

/* s5.1: at most so many connections of LISTENER were opened by a SYN alone.
 * One that was reset keeps its place for a time, or an attacker who resets
 * what it opens would never fill the queue. */
static bool queue_has_room(TcpListener *listener)
{
    const TcpConfig *config = listener->config;
    GQueue *resets = &listener->fast_open_resets;
    uint32_t most = config->fast_open_pending;

    if (most == 0)
        most = listener->backlog;
    if (listener->fast_open + resets->length < most)
        return true;
    if (resets->length == 0 ||
        *(SimTime *)g_queue_peek_head(resets) > listener->tcp->sim->now)
        return false;
    g_free(g_queue_pop_head(resets));
    return true;
}

void tcp_fast_open_leave(Tcb *tcb, bool reset)
{
    TcpListener *listener = tcb->work->listener;

    if (listener == NULL)
        return;
    tcb->work->listener = NULL;
    listener->fast_open--;
    if (reset) {
        SimTime until = tcp_sim(tcb)->now + RESET_HOLDS;

        g_queue_push_tail(&listener->fast_open_resets,
                          g_memdup2(&until, sizeof until));
    }
}

void tcp_fast_open_unlisten(TcpListener *listener)
{
    Tcp *tcp = listener->tcp;

    for (uint32_t i = 0; listener->fast_open > 0 && i <= tcp->mask; i++) {
        Tcb *tcb = (Tcb *)tcp->slots[i].conn;

        if (tcb != NULL && !tcb->conn.parked && tcb->fast_open &&
            tcb->work->listener == listener)
            tcp_fast_open_leave(tcb, false);
    }
}

/* --- server: the SYN ------------------------------------------------------ */

void tcp_fast_open_syn(Tcb *tcb, const TcpSegment *seg)
{
    TcpListener *listener = tcb->work->listener;
    const TcpConfig *config = listener->config;
    bool option = (seg->header->options & TCP_OPT_FAST_OPEN) != 0;
    bool asks = option && seg->header->cookie_len == 0;
    bool good = !config->fast_open_server_cookie;
    int key = 0;

    if (!config->fast_open_server || (!option && seg->text == 0) ||
        !queue_has_room(listener))
        return;
    if (!good && option && !asks) {
        key = key_of(listener, seg);
        good = key >= 0;
    }
    tcb->fast_open = good;
    /* s4.2.2: a request, a bad cookie and one of the old key are answered. */
    tcb->fo_option = option && (!good || key > 0);
    tcb->fo_experiment = (seg->header->options & TCP_OPT_FAST_OPEN_EXP) != 0;
    if (!good)
        return;
    listener->fast_open++;
    tcb->tell_accept = true;
}

void tcp_fast_open_take(Tcb *tcb, const TcpSegment *seg)
{
    uint32_t len = MIN(seg->text, tcb->rcv.limit);

    if (len > 0) {
        tcp_inbox_add(tcb, slice_part(&seg->packet->payload, 0, len));
        tcb->syn_text_taken = true;
    }
}
