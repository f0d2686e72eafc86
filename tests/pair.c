/* pair.c - see pair.h. */
#include "tests/pair.h"

#include <check.h>

#include "models/net/arp.h"
#include "models/transport/tcp_inside.h"

static const HostUpper upper = {.tcp = tcp_receive, .tcp_error = tcp_error};

IpAddress pair_address(unsigned side)
{
    return ip_from_v4(0xc0000201u + side); /* 192.0.2.1, .2 */
}

/* --- the user ------------------------------------------------------------- */

static uint8_t byte_at(uint32_t i) { return (uint8_t)(i * 7 + (i >> 8) * 13); }

/* Lengths without content are taken as they are. */
static bool is_text(const Slice *piece, uint32_t first)
{
    const uint8_t *bytes = slice_data(piece);

    for (uint32_t i = 0; bytes != NULL && i < piece->len; i++)
        if (bytes[i] != byte_at(first + i))
            return false;
    return true;
}

/* The next bytes that USER will write. */
static Slice make_text(const User *user)
{
    uint32_t len = MIN(user->to_send - user->sent, 3000);
    Slice slice = {.len = len};

    if (!user->synthetic) {
        uint8_t *bytes = g_malloc(len);

        for (uint32_t i = 0; i < len; i++)
            bytes[i] = byte_at(user->sent + i);
        slice.bytes = g_bytes_new_take(bytes, len);
    }
    return slice;
}

static void write_more(User *user)
{
    while (user->sent < user->to_send) {
        Slice slice = make_text(user);
        uint32_t len = slice.len;
        uint32_t taken = tcp_write(user->tcb, &slice, false);

        slice_clear(&slice);
        user->sent += taken;
        if (taken < len)
            return;
    }
    if (user->close_first)
        tcp_shutdown(user->tcb);
}

static void close_when_done(User *user)
{
    if (user->tcb != NULL && user->at_end && user->sent == user->to_send &&
        !user->keep_open) {
        Tcb *tcb = user->tcb;

        user->tcb = NULL;
        tcp_close(tcb);
    }
}

void pair_read(Pair *pair, unsigned side)
{
    User *user = &pair->users[side];
    Slice piece;

    while (tcp_read(user->tcb, &piece)) {
        ck_assert(is_text(&piece, user->received));
        user->received += piece.len;
        slice_clear(&piece);
    }
    user->at_end = tcp_at_end(user->tcb);
    close_when_done(user);
}

static void opened(Tcb *tcb, void *data)
{
    User *user = data;

    ck_assert(!user->opened);
    user->opened = true;
    write_more(user);
}

static void readable(Tcb *tcb, void *data)
{
    User *user = data;

    if (!user->lazy)
        pair_read(user->pair, (unsigned)(user - user->pair->users));
}

static void writable(Tcb *tcb, void *data)
{
    write_more(data);
    close_when_done(data);
}

static void gone(Tcb *tcb, void *data, TcpEnd end)
{
    User *user = data;

    ck_assert(!user->gone);
    user->gone = true;
    user->end = end;
    user->tcb = NULL;
}

const TcpUser pair_user = {
    .opened = opened, .readable = readable, .writable = writable, .gone = gone};

static void accepts(TcpListener *listener, void *data, Tcb *tcb,
                    const TcpUser **vtable, void **user)
{
    User *server = data;

    server->accepted = true;
    server->tcb = tcb;
    *vtable = &pair_user;
    *user = server;
    write_more(server);
}

/* --- the line ------------------------------------------------------------- */

typedef struct Delayed {
    Event event;
    Mangler *mangler;
    Packet *packet;
} Delayed;

static void arrives_late(Sim *sim, Event *event)
{
    Delayed *delayed = sim_container_of(event, Delayed, event);
    Mangler *mangler = delayed->mangler;
    Packet *packet = delayed->packet;

    g_free(delayed);
    sim->cause = packet->id;
    mangler->to->receive(mangler->to, packet);
}

static void pass(Mangler *mangler, Packet *packet /* taken */)
{
    Stream *chance = &mangler->pair->chance;

    if (mangler->delay > 0 &&
        stream_chance(chance, probability_u32(mangler->delay))) {
        Delayed *delayed = g_new0(Delayed, 1);

        *delayed = (Delayed){.mangler = mangler, .packet = packet};
        event_init(&delayed->event, arrives_late);
        event_schedule(&mangler->pair->sim, &delayed->event,
                       stream_uniform(chance, 0, mangler->longest));
        return;
    }
    mangler->to->receive(mangler->to, packet);
}

static bool drops(Mangler *mangler, const Packet *packet)
{
    bool text = packet->payload.len > 0;

    mangler->packets++;
    mangler->with_text += text;
    if (text && mangler->with_text == mangler->drop_nth)
        return true;
    if (mangler->largest != 0 && packet_len(packet) > mangler->largest)
        return true;
    if (mangler->drop_flags != 0 &&
        (packet->tcp.flags & mangler->drop_flags) == mangler->drop_flags) {
        mangler->drop_flags = 0;
        return true;
    }
    return mangler->drop > 0 && stream_chance(&mangler->pair->chance,
                                              probability_u32(mangler->drop));
}

static void mangle(Port *port, Packet *packet /* taken */)
{
    Mangler *mangler = sim_container_of(port, Mangler, port);
    Pair *pair = mangler->pair;

    if (drops(mangler, packet)) {
        packet_drop(&pair->sim, 0, packet, DROP_BY_RULE);
        return;
    }
    if (mangler->repeat > 0 &&
        stream_chance(&pair->chance, probability_u32(mangler->repeat)))
        pass(mangler, packet_copy(&pair->sim, packet));
    pass(mangler, packet);
}

/* --- what is told --------------------------------------------------------- */

static void hears(Observer *observer, const Record *record)
{
    Pair *pair = sim_container_of(observer, Pair, observer);

    if (record->kind == REC_TCP_STATE) {
        g_string_append_printf(
            pair->moves, "%s%c %s", pair->moves->len > 0 ? ", " : "",
            record->node == CLIENT ? 'c' : 's', tcp_state_name(record->code));
    } else if (record->kind == REC_TCP_RETRANSMIT) {
        const TcpSegmentTold *told = record->what;

        pair->unnamed += told->repeats == 0;
        pair->repeats++;
        pair->why[record->code]++;
    } else {
        pair->segments++;
    }
}

/* --- the pair ------------------------------------------------------------- */

static void side_init(Pair *pair, unsigned side)
{
    Host *host = &pair->hosts[side];
    Interface *interface = &pair->interfaces[side];

    host_init(host, &pair->sim, side, hash_text(0, side ? "server" : "client"),
              &pair->ip, &pair->arp, false);
    interface_init(interface, host, 0, pair_address(side), 127,
                   (MacAddress){0x020000000001ull + side});
    interface->point_to_point = true;
    interface->peer = &pair->interfaces[!side];
    interface->out = &pair->links[!side];
    host->interfaces = interface;
    host->interface_count = 1;
    host->upper = &upper;
    route_add(&host->routes, (Route){.prefix = IP_NONE});
    pair->manglers[side] =
        (Mangler){.port = {mangle}, .pair = pair, .to = &interface->port};
    pair->users[side] = (User){.pair = pair};
}

void pair_init(Pair *pair, TcpProfile profile, uint64_t seed)
{
    *pair = (Pair){.moves = g_string_new(NULL)};
    sim_init(&pair->sim, seed, 0);
    config_defaults(link_keys, 0, &pair->line);
    config_defaults(ip_keys, 0, &pair->ip);
    config_defaults(arp_keys, 0, &pair->arp);
    pair->arp.mode = ARP_STATIC;
    pair->line.rate = 0;
    pair->line.delay = 10 * SIM_MS;
    for (unsigned side = 0; side < SIDES; side++)
        config_defaults(tcp_keys, profile, &pair->config[side]);
}

void pair_start(Pair *pair)
{
    link_config_finish(&pair->line);
    for (unsigned side = 0; side < SIDES; side++)
        side_init(pair, side);
    for (unsigned side = 0; side < SIDES; side++) {
        link_init(&pair->links[side], &pair->sim, &pair->line,
                  side ? "client -> server" : "server -> client", !side,
                  &pair->manglers[side].port, side);
        pair->tcp[side] = tcp_new(&pair->hosts[side], &pair->config[side]);
    }
    stream_init(&pair->chance, &pair->sim, "pair", "mangle");
    pair->observer =
        (Observer){.wants = 1ull << REC_TCP_STATE | 1ull << REC_TCP_RETRANSMIT |
                            1ull << REC_TCP_SEGMENT_SENT,
                   .hear = hears};
    sim_observe(&pair->sim, &pair->observer);
}

void pair_listen(Pair *pair)
{
    pair->listener = tcp_listen(pair->tcp[SERVER], PAIR_PORT, 0, accepts,
                                &pair->users[SERVER]);
}

void pair_connect_fast(Pair *pair)
{
    User *client = &pair->users[CLIENT];
    Slice text = make_text(client);

    client->tcb = tcp_connect_fast(pair->tcp[CLIENT], pair_address(SERVER),
                                   PAIR_PORT, 0, NULL, &text, &client->sent,
                                   &pair_user, client, &client->end);
    ck_assert_ptr_nonnull(client->tcb);
    slice_clear(&text);
}

void pair_connect(Pair *pair)
{
    User *client = &pair->users[CLIENT];

    pair_listen(pair);
    client->tcb = tcp_connect(pair->tcp[CLIENT], pair_address(SERVER),
                              PAIR_PORT, 0, &pair_user, client, &client->end);
    ck_assert_ptr_nonnull(client->tcb);
}

void pair_finish(Pair *pair)
{
    sim_run(&pair->sim, SIM_NEVER);
    for (unsigned side = 0; side < SIDES; side++)
        for (TcpState s = TCP_SYN_SENT; s < TCP_STATES; s++)
            ck_assert_msg(tcp_count(pair->tcp[side], s) == 0,
                          "side %u is left in %s (%s)", side, tcp_state_name(s),
                          pair->moves->str);
}

void pair_check_whole(const Pair *pair, uint32_t from_client,
                      uint32_t from_server)
{
    const User *client = &pair->users[CLIENT], *server = &pair->users[SERVER];

    ck_assert(client->opened && server->accepted);
    ck_assert_uint_eq(server->received, from_client);
    ck_assert_uint_eq(client->received, from_server);
    ck_assert(client->at_end && server->at_end);
}

void pair_clear(Pair *pair)
{
    ck_assert_uint_eq(pair->unnamed, 0);
    for (unsigned side = 0; side < SIDES; side++) {
        tcp_free(pair->tcp[side]);
        link_clear(&pair->links[side]);
        host_clear(&pair->hosts[side]);
    }
    g_string_free(pair->moves, TRUE);
    sim_clear(&pair->sim);
}
