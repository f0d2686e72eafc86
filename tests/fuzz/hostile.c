/* hostile.c - the host, its users, and what is seen from outside; the steps are
 * hostile_steps.c. */
#include "tests/fuzz/hostile.h"

#include "models/transport/tcp_inside.h"
#include "tests/tcb_check.h"

enum { FRAME_MAX = 66000 };

static const HostUpper upper = {.tcp = tcp_receive, .tcp_error = tcp_error};
static const MacAddress macs[2] = {{0x020000000001}, {0x020000000002}};

IpAddress hostile_address(bool peer)
{
    return ip_from_v4(0xc0000201u + peer); /* 192.0.2.1, .2 */
}

uint32_t choose(Hostile *hostile, uint64_t bound)
{
    Choices *c = &hostile->choices;
    uint64_t value = 0;

    for (uint64_t most = bound - 1; most > 0 && c->left > 0; most >>= 8) {
        value = value << 8 | *c->bytes++;
        c->left--;
    }
    return (uint32_t)(value % bound);
}

/* --- the user ------------------------------------------------------------- */

Slice hostile_text(uint32_t first, uint32_t len)
{
    uint8_t *bytes;

    if (len == 0)
        return (Slice){0};
    bytes = g_malloc(len);
    for (uint32_t i = 0; i < len; i++)
        bytes[i] = hostile_byte(first + i);
    return (Slice){g_bytes_new_take(bytes, len), 0, len};
}

static void check_text(const Slice *slice, uint32_t first)
{
    const uint8_t *bytes = slice_data(slice);

    g_assert(bytes != NULL || slice->len == 0);
    for (uint32_t i = 0; i < slice->len; i++)
        g_assert(bytes[i] == hostile_byte(first + i));
}

void hostile_read(HostileUser *user)
{
    Slice piece;

    while (user->tcb != NULL && tcp_read(user->tcb, &piece)) {
        check_text(&piece, user->read);
        user->read += piece.len;
        slice_clear(&piece);
    }
}

/* What USER does when it is called, by its mood. */
static void react(HostileUser *user)
{
    Tcb *tcb = user->tcb;

    if (user->mood & MOOD_READS)
        hostile_read(user);
    if (user->mood & MOOD_WRITES) {
        Slice text = hostile_text(user->peer->written, 700);

        user->peer->written += tcp_write(tcb, &text, false);
        slice_clear(&text);
    }
    if (user->mood & MOOD_SHUTS)
        tcp_shutdown(tcb);
    if (user->mood & (MOOD_CLOSES | MOOD_ABORTS))
        user->tcb = NULL;
    if (user->mood & MOOD_CLOSES)
        tcp_close(tcb);
    else if (user->mood & MOOD_ABORTS)
        tcp_abort(tcb);
}

static void called(Tcb *tcb, void *data)
{
    HostileUser *user = data;

    g_assert(user->tcb == tcb);
    react(user);
}

static void gone(Tcb *tcb, void *data, TcpEnd end)
{
    HostileUser *user = data;

    g_assert(user->tcb == tcb);
    user->tcb = NULL;
    hostile_tell(user->hostile, "! gone %s\n", tcp_end_name(end));
}

const TcpUser hostile_user = {.opened = called,
                              .readable = called,
                              .writable = called,
                              .gone = gone,
                              .urgent = called};

HostileUser *hostile_free_user(Hostile *hostile, HostilePeer *peer)
{
    for (unsigned i = 0; i < HOSTILE_USERS; i++)
        if (hostile->users[i].tcb == NULL) {
            hostile->users[i] =
                (HostileUser){.hostile = hostile,
                              .peer = peer,
                              .mood = (uint8_t)(choose(hostile, 2 * MOODS))};
            if (hostile->users[i].mood >= MOODS) /* mostly they do nothing */
                hostile->users[i].mood = 0;
            return &hostile->users[i];
        }
    return NULL;
}

static HostilePeer *peer_of(Hostile *hostile, uint16_t port)
{
    g_assert(port >= HOSTILE_PEER_PORT &&
             port < HOSTILE_PEER_PORT + HOSTILE_PEERS);
    return &hostile->peers[port - HOSTILE_PEER_PORT];
}

static void accepts(TcpListener *listener, void *data, Tcb *tcb,
                    const TcpUser **vtable, void **user)
{
    Hostile *hostile = data;
    HostileUser *who =
        hostile_free_user(hostile, peer_of(hostile, tcb->conn.remote_port));

    if (who == NULL)
        return; /* nobody wants it */
    who->tcb = tcb;
    *vtable = &hostile_user;
    *user = who;
}

void hostile_listen(Hostile *hostile)
{
    hostile->listener =
        tcp_listen(hostile->tcp, HOSTILE_LOCAL_PORT, 0, accepts, hostile);
}

/* --- what is seen from outside -------------------------------------------- */

/* The moves of RFC 9293 figure 5 and of its text; to CLOSED from anywhere
 * (ABORT, resets, time-outs). */
static bool may_move(TcpState from, TcpState to)
{
    static const TcpState moves[][2] = {
        {TCP_CLOSED, TCP_SYN_SENT},          {TCP_LISTEN, TCP_SYN_RECEIVED},
        {TCP_SYN_SENT, TCP_SYN_RECEIVED},    {TCP_SYN_SENT, TCP_ESTABLISHED},
        {TCP_SYN_RECEIVED, TCP_ESTABLISHED}, {TCP_SYN_RECEIVED, TCP_FIN_WAIT_1},
        {TCP_ESTABLISHED, TCP_FIN_WAIT_1},   {TCP_ESTABLISHED, TCP_CLOSE_WAIT},
        {TCP_FIN_WAIT_1, TCP_FIN_WAIT_2},    {TCP_FIN_WAIT_1, TCP_CLOSING},
        {TCP_FIN_WAIT_1, TCP_TIME_WAIT},     {TCP_FIN_WAIT_2, TCP_TIME_WAIT},
        {TCP_CLOSING, TCP_TIME_WAIT},        {TCP_CLOSE_WAIT, TCP_LAST_ACK}};

    if (to == TCP_CLOSED)
        return from >= TCP_SYN_SENT;
    for (unsigned i = 0; i < G_N_ELEMENTS(moves); i++)
        if (moves[i][0] == from && moves[i][1] == to)
            return true;
    return false;
}

/* The widest window that PEER's connection was offered until now. */
static void note_edge(HostilePeer *peer, const Tcb *tcb)
{
    uint32_t edge = tcb->snd.una + tcb->snd.wnd;

    if (!tcp_synchronized(tcp_state(tcb)) && !tcb->fast_open)
        return;
    peer->edge = peer->has_edge ? seq_max(peer->edge, edge) : edge;
    peer->has_edge = true;
}

static void hear_move(Hostile *hostile, HostilePeer *peer,
                      const TcpStateTold *told)
{
    hostile_tell(hostile, "= %u %s\n", peer->port,
                 tcp_state_name((TcpState)told->to));
    g_assert(may_move((TcpState)told->from, (TcpState)told->to));
    if (told->from == TCP_CLOSED || told->from == TCP_LISTEN) {
        g_assert(peer->state == TCP_CLOSED); /* one connection at a time */
        peer->written = 0;
        peer->iss = ((const Tcb *)told->tcb)->iss; /* or an old cookie's */
        peer->has_edge = false;
    } else {
        g_assert(peer->state == told->from);
    }
    peer->state = told->to;
    if (hostile->tally != NULL) {
        hostile->tally->moves[told->from][told->to]++;
        hostile->tally->ended += told->to == TCP_CLOSED;
    }
}

static void hear(Observer *observer, const Record *record)
{
    Hostile *hostile = sim_container_of(observer, Hostile, observer);
    const void *what = record->what;
    const Tcb *tcb = record->kind == REC_TCP_STATE
                         ? ((const TcpStateTold *)what)->tcb
                         : ((const TcpSegmentTold *)what)->tcb;
    HostilePeer *peer = peer_of(hostile, tcb->conn.remote_port);

    if (record->kind == REC_TCP_STATE)
        hear_move(hostile, peer, what);
    else
        note_edge(peer, tcb);
}

static void tell_caught(Hostile *hostile, const Packet *packet)
{
    const TcpHeader *h = &packet->tcp;

    hostile_tell(hostile, "> %u flags %02x %u:%u(%u) ack %u win %u\n",
                 h->destination_port, h->flags, h->seq,
                 h->seq + packet->payload.len, packet->payload.len, h->ack,
                 h->window);
}

/* The host has sent PACKET: does it keep to the rules? */
static void inspect(Hostile *hostile, const Packet *packet)
{
    const TcpHeader *header = &packet->tcp;
    HostilePeer *peer = peer_of(hostile, header->destination_port);
    uint32_t len = packet->payload.len;

    g_assert(header->source_port == HOSTILE_LOCAL_PORT);
    g_assert(ip_equal(packet->ip.source, hostile_address(false)));
    g_assert(ip_equal(packet->ip.destination, hostile_address(true)));
    if (header->flags & TCP_SYN)
        peer->iss = header->seq;
    if (len > 0) {
        uint32_t seq = header->seq + ((header->flags & TCP_SYN) != 0);
        uint32_t first = seq - peer->iss - 1;

        g_assert(first + len <= peer->written);
        check_text(&packet->payload, first);
        /* MUST-34; one octet beyond it may ask for a window (s3.8.6.1).  What a
         * SYN brings was not offered a window yet (RFC 7413 s4.2.1). */
        g_assert(header->flags & TCP_SYN ||
                 (peer->has_edge &&
                  seq_leq(header->seq + len, peer->edge + (len == 1))));
    }
    peer->last = *header;
    if (hostile->tally != NULL)
        hostile->tally->sent++;
}

static void trap_receives(Port *port, Packet *packet /* taken */)
{
    Hostile *hostile = sim_container_of(port, Hostile, trap);
    g_autofree uint8_t *bytes = g_malloc(FRAME_MAX);
    size_t len = packet_emit(packet, false, bytes, FRAME_MAX);

    packet_free(&hostile->sim, packet);
    packet = packet_parse(&hostile->sim, false, bytes, len, NULL);
    g_assert(packet != NULL && packet->ethernet.type == ETHERTYPE_IPV4 &&
             packet->ip.protocol == IP_PROTOCOL_TCP);
    tell_caught(hostile, packet);
    inspect(hostile, packet);
    packet_free(&hostile->sim, packet);
}

const TcpConn *hostile_conn(const Hostile *hostile, const HostilePeer *peer)
{
    return tcp_demux_find(hostile->tcp, hostile_address(false),
                          hostile_address(true), HOSTILE_LOCAL_PORT,
                          peer->port);
}

static void check(Hostile *hostile)
{
    tcb_check_all(hostile->tcp);
    for (unsigned i = 0; i < HOSTILE_PEERS; i++) {
        HostilePeer *peer = &hostile->peers[i];
        const TcpConn *conn = hostile_conn(hostile, peer);

        g_assert(peer->state == (conn != NULL ? conn->state : TCP_CLOSED));
        if (conn != NULL && !conn->parked)
            note_edge(peer, (const Tcb *)conn);
    }
}

/* --- time ----------------------------------------------------------------- */

static void nothing_happens(Sim *sim, Event *event) { (void)event; }

void hostile_wait(Hostile *hostile, SimTime delay)
{
    Sim *sim = &hostile->sim;
    SimTime until = sim_now(sim) + delay;
    Event end;

    event_init(&end, nothing_happens);
    event_schedule_at(sim, &end, until);
    while (event_pending(&end)) {
        check(hostile);
        sim_step(sim);
    }
    /* What is due at the same time, and was scheduled later. */
    sim_run(sim, until);
    sim->cause = 0;
    check(hostile);
}

/* --- the host ------------------------------------------------------------- */

/* One end of KEY's range, or somewhere near it. */
static void set_number(Hostile *hostile, const ConfigKey *key)
{
    char *field = (char *)&hostile->config + key->offset;
    double low = key->min, high = MAX(key->max, key->min), value;

    switch (choose(hostile, 4)) {
    case 0: /* a word may stand for 0: "never" */
        value = key->choices != NULL && choose(hostile, 2) ? 0 : low;
        break;
    case 1:
        value = high;
        break;
    case 2:
        value = MIN(low + 1, high);
        break;
    default:
        value = low + (high - low) * choose(hostile, 256) / 65536;
    }
    if (key->type == CONFIG_TIME)
        *(SimTime *)field = (SimTime)(value * (double)SIM_S);
    else if (key->type == CONFIG_COUNT)
        *(uint32_t *)field = (uint32_t)value;
    else
        *(uint64_t *)field = (uint64_t)value;
}

static void set_key(Hostile *hostile, const ConfigKey *key)
{
    char *field = (char *)&hostile->config + key->offset;
    uint32_t words = 1;

    switch (key->type) {
    case CONFIG_BOOL:
        *(bool *)field = choose(hostile, 2);
        break;
    case CONFIG_CHOICE:
        for (const char *c = key->choices; *c != '\0'; c++)
            words += *c == '|';
        *(int *)field = (int)choose(hostile, words);
        break;
    case CONFIG_TIME:
    case CONFIG_COUNT:
    case CONFIG_BYTES:
        set_number(hostile, key);
        break;
    default: /* a type that [tcp] has no key of */
        break;
    }
}

/* A profile, and up to seven keys that are not as it has them. */
static void choose_settings(Hostile *hostile)
{
    unsigned count = 0, profile = choose(hostile, TCP_PROFILES);

    config_defaults(tcp_keys, profile, &hostile->config);
    while (tcp_keys[count].key != NULL)
        count++;
    for (unsigned n = choose(hostile, 16) / 2; n > 0; n--)
        set_key(hostile, &tcp_keys[choose(hostile, count)]);
    hostile->config.profile = (int)profile;
    /* Pairs of ports are those of the peers, even where we choose. */
    hostile->config.port_first = hostile->config.port_last = HOSTILE_LOCAL_PORT;
    hostile->config.iss_fixed = true;
    hostile->config.iss = choose(hostile, 2)
                              ? 0u - choose(hostile, 1 << 16)
                              : choose(hostile, (uint64_t)1 << 32);
}

static void raise_host(Hostile *hostile)
{
    Host *host = &hostile->host;
    Interface *interface = &hostile->interface;

    config_defaults(ip_keys, 0, &hostile->ip);
    config_defaults(arp_keys, 0, &hostile->arp);
    config_defaults(link_keys, 0, &hostile->line);
    hostile->arp.mode = ARP_STATIC;
    hostile->line.rate = 0;
    hostile->line.delay = 0;
    link_config_finish(&hostile->line);
    hostile->trap.receive = trap_receives;
    link_init(&hostile->out, &hostile->sim, &hostile->line, "host -> peers", 0,
              &hostile->trap, 1);
    host_init(host, &hostile->sim, 0, 1, &hostile->ip, &hostile->arp, false);
    interface_init(interface, host, 0, hostile_address(false), 96 + 24,
                   macs[0]);
    interface->point_to_point = true;
    interface->out = &hostile->out;
    interface->peer = &hostile->far_end;
    hostile->far_end.address = hostile_address(true);
    hostile->far_end.mac = macs[1];
    host->interfaces = interface;
    host->interface_count = 1;
    host->routes.has_fallback = true;
    host->upper = &upper;
    hostile->tcp = tcp_new(host, &hostile->config);
}

/* Users go away and nobody answers any more: everything must end. */
static void let_end(Hostile *hostile, bool aborts)
{
    for (unsigned i = 0; i < HOSTILE_USERS; i++) {
        Tcb *tcb = hostile->users[i].tcb;

        hostile->users[i].tcb = NULL;
        if (tcb != NULL)
            (aborts ? tcp_abort : tcp_close)(tcb);
        check(hostile);
    }
    sim_run(&hostile->sim, SIM_NEVER);
    check(hostile);
    for (int s = TCP_SYN_SENT; s < TCP_STATES; s++)
        g_assert(tcp_count(hostile->tcp, (TcpState)s) == 0 ||
                 (s == TCP_FIN_WAIT_2 && hostile->config.fin_timeout == 0));
}

void hostile_run(const uint8_t *bytes, size_t len, HostileTally *tally,
                 FILE *story)
{
    Hostile *hostile = g_new0(Hostile, 1);
    unsigned steps = 0, way;

    hostile->choices = (Choices){bytes, len};
    hostile->tally = tally;
    hostile->story = story;
    sim_init(&hostile->sim, 1, 0);
    choose_settings(hostile);
    raise_host(hostile);
    hostile->observer = (Observer){.wants = (uint64_t)1 << REC_TCP_STATE |
                                            (uint64_t)1 << REC_TCP_SEGMENT_SENT,
                                   .hear = hear};
    sim_observe(&hostile->sim, &hostile->observer);
    for (unsigned i = 0; i < HOSTILE_PEERS; i++) {
        hostile->peers[i].port = (uint16_t)(HOSTILE_PEER_PORT + i);
        hostile->peers[i].irs = choose(hostile, 2) ? 0u - 2000 : i << 30;
    }
    way = choose(hostile, 256);
    hostile->calm = way & 4;
    if (way & 3)
        hostile_listen(hostile);
    while (hostile->choices.left > 0 && steps++ < HOSTILE_STEPS_MAX)
        hostile_step(hostile);
    if (way & 0x70) /* or in the midst of it */
        let_end(hostile, way & 0x80);
    if (tally != NULL) {
        tally->runs++;
        tally->steps += steps;
    }
    tcp_free(hostile->tcp);
    link_clear(&hostile->out);
    host_clear(&hostile->host);
    sim_clear(&hostile->sim);
    g_free(hostile);
}
