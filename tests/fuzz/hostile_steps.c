/* hostile_steps.c - what hostile peers, users and networks do. */
#include <string.h>

#include "models/transport/tcp_inside.h"
#include "models/wire/bytes.h"
#include "tests/fuzz/hostile.h"

enum { FRAME_MAX = 66000, EDGES_MAX = 64 };

static HostilePeer *choose_peer(Hostile *hostile)
{
    unsigned i = choose(hostile, 16);

    return &hostile->peers[i < HOSTILE_PEERS ? i : 0]; /* mostly the first */
}

/* --- numbers around the edges --------------------------------------------- */

typedef struct Edges {
    uint32_t at[EDGES_MAX];
    unsigned count;
} Edges;

static void edge(Edges *edges, uint32_t number)
{
    if (edges->count < EDGES_MAX)
        edges->at[edges->count++] = number;
}

/* What SEG.SEQ is compared with; the likeliest first. */
static void sequence_edges(const HostilePeer *peer, const TcpConn *conn,
                           Edges *edges)
{
    const Tcb *tcb = (const Tcb *)conn;

    if (conn == NULL) {
        edge(edges, peer->irs);
        edge(edges, peer->last.ack);
    } else if (conn->parked) {
        edge(edges, ((const TcpParked *)conn)->rcv_nxt);
        edge(edges, ((const TcpParked *)conn)->rcv_right);
    } else if (conn->state == TCP_SYN_SENT) {
        edge(edges, peer->irs);
    } else {
        edge(edges, tcb->rcv.nxt);
        edge(edges, tcb->rcv.right);
        edge(edges, tcb->rcv.told);
        edge(edges, tcb->irs);
        if (tcb->work->holes != NULL)
            for (const TcpHeld *held = tcb->work->holes->first; held != NULL;
                 held = held->next) {
                edge(edges, held->seq);
                edge(edges, held->end);
            }
    }
}

/* What SEG.ACK and SACK blocks are compared with. */
static void ack_edges(const HostilePeer *peer, const TcpConn *conn,
                      Edges *edges)
{
    const Tcb *tcb = (const Tcb *)conn;

    if (conn == NULL) {
        edge(edges, peer->last.seq + 1);
        edge(edges, peer->iss);
    } else if (conn->parked) {
        edge(edges, ((const TcpParked *)conn)->snd_nxt);
    } else {
        edge(edges, tcb->snd.nxt);
        edge(edges, tcb->snd.una);
        edge(edges, tcb->snd.end);
        edge(edges, tcb->iss);
        edge(edges, tcb->snd.una - tcb->snd.max_wnd);
        edge(edges, tcb->snd.una + tcb->snd.wnd);
        for (const TcpSent *s = tcb->work->sent; s != NULL; s = s->next)
            edge(edges, s->end);
    }
}

/* One of EDGES, or a number near it: one byte, mostly. */
static uint32_t near_edge(Hostile *hostile, const Edges *edges)
{
    static const int32_t steps[] = {
        1,    -1,    2,    -2,    10,    -10,    536,       -536,
        1448, -1448, 1460, -1460, 65535, -65535, INT32_MAX, INT32_MIN};
    unsigned how = choose(hostile, 256);
    uint32_t at = edges->at[0];

    if (how >= 128) /* half of all: exactly the likeliest */
        return at;
    at = edges->at[choose(hostile, edges->count)];
    if (how >= 64)
        return at;
    if (how >= 48)
        return at + choose(hostile, (uint64_t)1 << 32);
    if (how >= 32)
        return at + choose(hostile, 4096) - 2048;
    return at + (uint32_t)steps[how / 2];
}

/* --- segments ------------------------------------------------------------- */

static uint16_t choose_flags(Hostile *hostile, const TcpConn *conn)
{
    static const uint16_t usual[] = {
        TCP_ACK,           TCP_ACK,           TCP_ACK,
        TCP_ACK,           TCP_ACK | TCP_PSH, TCP_ACK | TCP_PSH,
        TCP_ACK | TCP_FIN, TCP_SYN,           TCP_SYN | TCP_ACK,
        TCP_RST,           TCP_RST | TCP_ACK, TCP_ACK | TCP_URG};
    unsigned i = choose(hostile, 24);

    if (hostile->calm && i % 8 != 0)
        i = 16;
    if (i < G_N_ELEMENTS(usual))
        return usual[i];
    if (i < 20) { /* what opens a connection, or goes on with it */
        if (conn == NULL)
            return TCP_SYN;
        return conn->state == TCP_SYN_SENT ? TCP_SYN | TCP_ACK : TCP_ACK;
    }
    return (uint16_t)choose(hostile, 256);
}

static uint16_t choose_window(Hostile *hostile)
{
    static const uint16_t windows[] = {65535, 65535, 8192, 0, 1, 100, 1459, 64};
    unsigned i = choose(hostile, 10);

    return i < G_N_ELEMENTS(windows) ? windows[i]
                                     : (uint16_t)choose(hostile, 65536);
}

static uint32_t choose_len(Hostile *hostile, const TcpHeader *header)
{
    static const uint32_t lens[] = {0,   0,    0,    0,    1,    2,
                                    100, 1000, 1448, 1460, 3000, 20000};
    unsigned i = choose(hostile, 16);

    if (header->flags & (TCP_SYN | TCP_RST) && i < 12)
        return 0;
    return i < G_N_ELEMENTS(lens) ? lens[i] : choose(hostile, 3000);
}

static void put_syn_options(Hostile *hostile, TcpHeader *header)
{
    static const uint16_t sizes[] = {1460, 1460, 536, 0, 1, 48, 65535, 88};
    unsigned i = choose(hostile, 16);

    header->options |= choose(hostile, 4) == 0
                           ? (uint8_t)choose(hostile, 8)
                           : TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_OK;
    header->mss = i < G_N_ELEMENTS(sizes) ? sizes[i] : sizes[0];
    i = choose(hostile, 32);
    header->wscale = (uint8_t)(i < 16 ? i : i < 31 ? 7 : 255);
}

/* The peer's clock runs with the simulation's, or is anywhere. */
static void put_timestamps(Hostile *hostile, const HostilePeer *peer,
                           TcpHeader *header)
{
    unsigned i = choose(hostile, 16);
    uint32_t now = (uint32_t)(sim_now(&hostile->sim) / SIM_MS) + 0xfffff000u;

    if (i == 15)
        return; /* none, even where they were agreed on */
    header->options |= TCP_OPT_TIMESTAMPS;
    header->ts_val = i < 12    ? now
                     : i == 12 ? now - 1000
                               : choose(hostile, (uint64_t)1 << 32);
    header->ts_ecr = choose(hostile, 8) != 0
                         ? peer->last.ts_val
                         : peer->last.ts_val + choose(hostile, 512) - 256;
}

/* A block that begins and ends where segments in flight do. */
static TcpSackBlock some_segments(Hostile *hostile, const TcpConn *conn)
{
    const TcpSent *s = ((const Tcb *)conn)->work->sent;
    TcpSackBlock block;

    for (unsigned n = choose(hostile, 64); n > 0 && s->next != NULL; n--)
        s = s->next;
    block.left = s->seq;
    for (unsigned n = choose(hostile, 8); n > 0 && s->next != NULL; n--)
        s = s->next;
    block.right = s->end;
    return block;
}

static void put_sack(Hostile *hostile, const TcpConn *conn, const Edges *edges,
                     TcpHeader *header)
{
    bool flight = conn != NULL && !conn->parked &&
                  ((const Tcb *)conn)->work->sent != NULL;
    unsigned count = choose(hostile, 8);

    if (count > TCP_SACK_BLOCKS_MAX ||
        (count == 4 && header->options & TCP_OPT_TIMESTAMPS))
        return;
    header->sack_count = (uint8_t)count;
    for (unsigned i = 0; i < count; i++)
        header->sack[i] = flight && choose(hostile, 8) != 0
                              ? some_segments(hostile, conn)
                              : (TcpSackBlock){near_edge(hostile, edges),
                                               near_edge(hostile, edges)};
}

static TcpHeader choose_header(Hostile *hostile, HostilePeer *peer)
{
    const TcpConn *conn = hostile_conn(hostile, peer);
    Edges sequence = {.count = 0}, ack = {.count = 0};
    TcpHeader header = {.source_port = peer->port,
                        .destination_port = HOSTILE_LOCAL_PORT};

    sequence_edges(peer, conn, &sequence);
    ack_edges(peer, conn, &ack);
    header.flags = choose_flags(hostile, conn);
    header.seq = near_edge(hostile, &sequence);
    if (header.flags & TCP_ACK || choose(hostile, 8) == 0)
        header.ack = hostile->calm && ack.count > 1 && choose(hostile, 2)
                         ? ack.at[1] /* nothing new: SND.UNA */
                         : near_edge(hostile, &ack);
    header.window = choose_window(hostile);
    if (header.flags & TCP_URG)
        header.urgent = (uint16_t)choose(hostile, 65536);
    if (header.flags & TCP_SYN) {
        put_syn_options(hostile, &header);
        if (choose(hostile, 2))
            put_timestamps(hostile, peer, &header);
    } else {
        if (conn == NULL || conn->options & TCP_OPT_TIMESTAMPS ||
            choose(hostile, 16) == 0)
            put_timestamps(hostile, peer, &header);
        if (header.flags & TCP_ACK)
            put_sack(hostile, conn, &ack, &header);
    }
    return header;
}

/* Option bytes that nobody would write, in place of PACKET's at OPTIONS. */
static void scribble(Hostile *hostile, uint8_t *options, size_t len)
{
    for (size_t n = 0; n < len; n++)
        if (choose(hostile, 2))
            options[n] = (uint8_t)choose(hostile, 256);
}

/* The packet with HEADER and LEN bytes of text, as bytes; how many. */
static size_t make_frame(Hostile *hostile, const TcpHeader *header,
                         const Slice *text, uint8_t *frame)
{
    Packet *packet = packet_new(&hostile->sim);
    size_t len, at = ETHERNET_HEADER_LEN + IPV4_HEADER_LEN;
    size_t options = tcp_header_len(header) - TCP_HEADER_LEN;

    packet->ethernet = (EthernetHeader){hostile->interface.mac,
                                        hostile->far_end.mac, ETHERTYPE_IPV4};
    packet->ip = (IpHeader){.source = hostile_address(true),
                            .destination = hostile_address(false),
                            .ttl = IP_DEFAULT_TTL,
                            .protocol = IP_PROTOCOL_TCP,
                            .dont_fragment = true};
    packet->tcp = *header;
    packet->payload = slice_part(text, 0, text->len);
    len = packet_emit(packet, false, frame, FRAME_MAX);
    packet_free(&hostile->sim, packet);
    if (options > 0 && choose(hostile, 16) == 0) {
        uint8_t *sum = frame + at + 16;
        uint64_t pseudo =
            checksum_pseudo(hostile_address(true), hostile_address(false),
                            IP_PROTOCOL_TCP, len - at);

        scribble(hostile, frame + at + TCP_HEADER_LEN, options);
        put16(sum, 0);
        put16(sum, checksum_end(checksum_add(pseudo, frame + at, len - at)));
    }
    return len;
}

static void tally_segment(Hostile *hostile, const HostilePeer *peer,
                          uint16_t flags)
{
    TcpState state = (TcpState)peer->state;
    unsigned class = ((flags & TCP_SYN) != 0) | ((flags & TCP_RST) != 0) << 1 |
                     ((flags & TCP_ACK) != 0) << 2;

    if (hostile->tally == NULL)
        return;
    if (state == TCP_CLOSED && hostile->listener != NULL)
        state = TCP_LISTEN;
    hostile->tally->segments++;
    hostile->tally->arrived[state][class]++;
}

/* The number that the peer's text counts from: text is always the right one,
 * so that what the user reads can be checked. */
static uint32_t first_number(const Hostile *hostile, const HostilePeer *peer,
                             const TcpHeader *header)
{
    const TcpConn *conn = hostile_conn(hostile, peer);

    if (header->flags & TCP_SYN)
        return header->seq + 1;
    if (conn == NULL) /* if it opens one, by a SYN cookie, it begins there */
        return header->seq;
    if (conn->state == TCP_SYN_SENT)
        return peer->irs + 1;
    if (conn->parked)
        return ((const TcpParked *)conn)->rcv_nxt;
    return ((const Tcb *)conn)->irs + 1;
}

static void segment(Hostile *hostile)
{
    HostilePeer *peer = choose_peer(hostile);
    TcpHeader header = choose_header(hostile, peer);
    uint32_t len = choose_len(hostile, &header);
    uint32_t seq = header.seq + ((header.flags & TCP_SYN) != 0);
    Slice text = hostile_text(seq - first_number(hostile, peer, &header), len);
    g_autofree uint8_t *frame = g_malloc(FRAME_MAX);
    size_t frame_len = make_frame(hostile, &header, &text, frame);
    Packet *packet = packet_parse(&hostile->sim, false, frame, frame_len, NULL);

    g_assert(packet != NULL);
    hostile_tell(
        hostile,
        "< %u flags %02x %u:%u(%u) ack %u win %u sack %u: %u-%u %u-%u\n",
        peer->port, header.flags, header.seq, header.seq + len, len, header.ack,
        header.window, header.sack_count, header.sack[0].left,
        header.sack[0].right, header.sack[1].left, header.sack[1].right);
    tally_segment(hostile, peer, header.flags);
    slice_clear(&text);
    packet->flow = (FlowId){.opener = 1, .serial = 1};
    packet->number = PACKET_OF_OPENER;
    hostile->sim.cause = packet->id;
    host_receive(&hostile->interface.port, packet);
    hostile_wait(hostile, 0);
}

/* --- the network ---------------------------------------------------------- */

static void icmp_error(Hostile *hostile)
{
    static const uint8_t types[] = {ICMP_UNREACHABLE, ICMP_UNREACHABLE,
                                    ICMP_TIME_EXCEEDED, 12};
    static const uint32_t sizes[] = {0, 1, 67, 68, 576, 1400, 1499, 65535};
    HostilePeer *peer = choose_peer(hostile);
    Edges edges = {.count = 0};
    Packet quoted = {.ip = {.source = hostile_address(false),
                            .destination = hostile_address(true),
                            .protocol = IP_PROTOCOL_TCP}};
    uint8_t type = types[choose(hostile, G_N_ELEMENTS(types))];
    uint8_t code = (uint8_t)choose(hostile, 16);
    uint32_t mtu = sizes[choose(hostile, G_N_ELEMENTS(sizes))];

    ack_edges(peer, hostile_conn(hostile, peer), &edges);
    quoted.tcp.source_port = HOSTILE_LOCAL_PORT;
    quoted.tcp.destination_port = peer->port;
    quoted.tcp.seq = edges.count > 1 && choose(hostile, 2)
                         ? edges.at[1]
                         : near_edge(hostile, &edges);
    hostile_tell(hostile, "icmp %u type %u code %u seq %u mtu %u\n", peer->port,
                 type, code, quoted.tcp.seq, mtu);
    tcp_error(&hostile->host, &quoted, type, code, mtu);
    hostile_wait(hostile, 0);
}

/* --- the user ------------------------------------------------------------- */

static void connects(Hostile *hostile)
{
    HostilePeer *peer = choose_peer(hostile);
    HostileUser *user = hostile_free_user(hostile, peer);
    TcpEnd end;

    if (user == NULL)
        return;
    user->tcb = tcp_connect(hostile->tcp, hostile_address(true), peer->port,
                            choose(hostile, 4) ? HOSTILE_LOCAL_PORT : 0,
                            &hostile_user, user, &end);
}

static void writes(Hostile *hostile, HostileUser *user)
{
    static const uint32_t lens[] = {0,    1,    10,    100,   536,    1000,
                                    1448, 1460, 10000, 30000, 100000, 2896};
    uint32_t len = lens[choose(hostile, G_N_ELEMENTS(lens))];
    Slice text = hostile_text(user->peer->written, len);
    uint32_t taken = tcp_write(user->tcb, &text, choose(hostile, 4) == 0);

    g_assert(taken <= len);
    user->peer->written += taken;
    slice_clear(&text);
}

/* A setting of one connection changes under way. */
static void sets(Hostile *hostile, HostileUser *user)
{
    TcpConfig *own = tcp_own_settings(user->tcb);

    switch (choose(hostile, 4)) {
    case 0:
        own->nagle = !own->nagle;
        break;
    case 1:
        own->send_buffer = 1 + choose(hostile, 65536);
        break;
    case 2:
        own->receive_buffer = 1 + choose(hostile, 65536);
        break;
    default:
        own->keepalive_idle = (SimTime)choose(hostile, 4) * SIM_S;
        break;
    }
}

static void user_calls(Hostile *hostile)
{
    HostileUser *user = &hostile->users[choose(hostile, HOSTILE_USERS)];
    unsigned what = choose(hostile, 16);
    Tcb *tcb;
    TcpInfo info;

    for (unsigned i = 0; i < HOSTILE_USERS && user->tcb == NULL; i++)
        user = &hostile->users[i];
    if ((tcb = user->tcb) == NULL)
        return;
    hostile_tell(hostile, "user of %u: call %u\n", user->peer->port, what);
    if (what < 5) {
        writes(hostile, user);
    } else if (what < 9) {
        hostile_read(user);
    } else if (what == 9) {
        user->mood = (uint8_t)choose(hostile, MOODS);
    } else if (what == 10) {
        sets(hostile, user);
    } else if (what == 11) {
        tcp_info(tcb, &info);
        g_assert(info.state == TCP_CLOSED ||
                 hostile_conn(hostile, user->peer) == (TcpConn *)tcb);
    } else if (what < 14) {
        tcp_shutdown(tcb);
    } else {
        user->tcb = NULL;
        (what == 14 ? tcp_close : tcp_abort)(tcb);
    }
}

static void listener_comes_or_goes(Hostile *hostile)
{
    if (hostile->listener == NULL) {
        hostile_listen(hostile);
    } else {
        tcp_unlisten(hostile->listener);
        hostile->listener = NULL;
    }
}

static void time_passes(Hostile *hostile)
{
    static const SimTime times[] = {
        SIM_US,       SIM_MS,      4 * SIM_MS,    20 * SIM_MS,
        40 * SIM_MS,  50 * SIM_MS, 201 * SIM_MS,  201 * SIM_MS,
        500 * SIM_MS, SIM_S,       1100 * SIM_MS, 3 * SIM_S,
        7 * SIM_S,    60 * SIM_S,  65 * SIM_S,    1000 * SIM_S};
    SimTime time = times[choose(hostile, G_N_ELEMENTS(times))];

    hostile_tell(hostile, "+%g ms\n", (double)time / (double)SIM_MS);
    hostile_wait(hostile, time);
}

void hostile_step(Hostile *hostile)
{
    unsigned what = choose(hostile, 32);

    if (what < 18)
        segment(hostile);
    else if (what < 19)
        icmp_error(hostile);
    else if (what < 20)
        connects(hostile);
    else if (what < 26)
        user_calls(hostile);
    else if (what < 31)
        time_passes(hostile);
    else if (choose(hostile, 4) == 0)
        listener_comes_or_goes(hostile);
    hostile_wait(hostile, 0);
}
