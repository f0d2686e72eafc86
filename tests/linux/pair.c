/* pair.c - two hosts and a line, with taps. */
#include <string.h>

#include "pair.h"

static const IpAddress addresses[2] = {
    {0, 0xffff0a4d0001}, /* 10.77.0.1 */
    {0, 0xffff0a4d0002},
};
static const MacAddress macs[2] = {{0x020000000001}, {0x020000000002}};
static const HostUpper upper = {.tcp = tcp_receive, .tcp_error = tcp_error};

/* --- the users ------------------------------------------------------------ */

static void user_opened(Tcb *tcb, void *user)
{
    PairEnd *end = user;

    end->opened = true;
    end->opened_at = sim_now(&end->pair->sim);
}

static void user_readable(Tcb *tcb, void *user)
{
    PairEnd *end = user;
    Slice piece;
    bool any = false;

    while (!end->deaf && tcp_read(tcb, &piece)) {
        slice_clear(&piece);
        any = true;
    }
    if (any && end->reply > 0)
        pair_write(end->pair, end->number, end->reply);
    if (end->closes && tcp_at_end(tcb)) {
        end->tcb = NULL;
        tcp_close(tcb);
    }
}

static void user_gone(Tcb *tcb, void *user, TcpEnd how)
{
    PairEnd *end = user;

    end->tcb = NULL;
    end->gone = true;
    end->gone_at = sim_now(&end->pair->sim);
    end->how = how;
}

static const TcpUser user_functions = {
    .opened = user_opened, .readable = user_readable, .gone = user_gone};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    PairEnd *end = data;

    end->tcb = tcb;
    *vtable = &user_functions;
    *user = end;
}

void pair_write(Pair *pair, int end, uint32_t len)
{
    Slice text = {.len = len};

    tcp_write(pair->ends[end].tcb, &text, false);
}

/* --- the line ------------------------------------------------------------- */

static Crossing describe(const Pair *pair, int from, const Packet *packet)
{
    SimTime now = sim_now(&pair->sim);
    Crossing crossing = {.sent = now - pair->line.delay,
                         .delivered = now,
                         .from = (uint8_t)from,
                         .arp = packet->ethernet.type == ETHERTYPE_ARP};

    if (!crossing.arp) {
        crossing.flags = packet->tcp.flags;
        crossing.window = packet->tcp.window;
        crossing.len = packet->payload.len;
    }
    return crossing;
}

static void tap_receives(Port *port, Packet *packet /* taken */)
{
    PairEnd *to = sim_container_of(port, PairEnd, tap);
    Pair *pair = to->pair;
    int from = !to->number;
    Crossing crossing = describe(pair, from, packet);

    if (pair->keep_fin && from == SERVER && crossing.flags & TCP_FIN) {
        pair->fin = packet_copy(&pair->sim, packet);
        pair->keep_fin = false;
    }
    crossing.lost = pair->loses != NULL && pair->loses(pair, from, packet);
    g_array_append_val(pair->log, crossing);
    if (crossing.lost)
        packet_drop(&pair->sim, to->host.node, packet, DROP_BY_RULE);
    else
        host_receive(&to->interface.port, packet);
}

void pair_repeat_fin(Pair *pair)
{
    Packet *packet = pair->fin;

    pair->fin = NULL;
    pair->sim.cause = packet->id;
    host_receive(&pair->ends[CLIENT].interface.port, packet);
}

bool pair_loses_all(Pair *pair, int from, const Packet *packet) { return true; }

bool pair_loses_servers(Pair *pair, int from, const Packet *packet)
{
    return from == SERVER;
}

bool pair_loses_clients_acks(Pair *pair, int from, const Packet *packet)
{
    return from == CLIENT && !(packet->tcp.flags & TCP_SYN);
}

void pair_forget_log(Pair *pair) { g_array_set_size(pair->log, 0); }

/* --- the hosts ------------------------------------------------------------ */

static void hear_state(Observer *observer, const Record *record)
{
    Pair *pair = sim_container_of(observer, Pair, observer);
    const TcpStateTold *told = record->what;

    if (told->to == TCP_CLOSED)
        pair->ends[record->node].closed_at = record->at;
}

void pair_init(Pair *pair, uint32_t number)
{
    memset(pair, 0, sizeof(*pair));
    sim_init(&pair->sim, 1, number);
    config_defaults(ip_keys, 0, &pair->ip);
    config_defaults(arp_keys, 0, &pair->arp);
    config_defaults(link_keys, 0, &pair->line);
    pair->arp.mode = ARP_STATIC;
    pair->line.rate = 0;
    pair->line.delay = 10100 * SIM_US;
    pair->line.loss = 0;
    for (int e = 0; e < 2; e++) {
        pair->ends[e].pair = pair;
        pair->ends[e].number = (uint8_t)e;
        pair->ends[e].tap.receive = tap_receives;
        config_defaults(tcp_keys, TCP_PROFILE_LINUX, &pair->ends[e].config);
    }
    pair->log = g_array_new(FALSE, FALSE, sizeof(Crossing));
}

static void raise_end(Pair *pair, int e)
{
    PairEnd *end = &pair->ends[e];
    PairEnd *other = &pair->ends[!e];
    Interface *interface = &end->interface;

    link_init(&end->out, &pair->sim, &pair->line,
              e == CLIENT ? "client -> server" : "server -> client",
              (uint32_t)e, &other->tap, (uint32_t)!e);
    /* One name, one clock: see pair.h. */
    host_init(&end->host, &pair->sim, (uint32_t)e,
              pair->two_clocks ? (uint32_t)e + 1 : 1, &pair->ip, &pair->arp,
              false);
    interface_init(interface, &end->host, 0, addresses[e], 96 + 24, macs[e]);
    interface->point_to_point = true;
    interface->out = &end->out;
    interface->peer = &other->interface;
    end->host.interfaces = interface;
    end->host.interface_count = 1;
    end->host.routes.has_fallback = true;
    end->host.upper = &upper;
    end->tcp = tcp_new(&end->host, &end->config);
}

void pair_raise(Pair *pair)
{
    link_config_finish(&pair->line);
    raise_end(pair, CLIENT);
    raise_end(pair, SERVER);
    pair->observer =
        (Observer){.wants = (uint64_t)1 << REC_TCP_STATE, .hear = hear_state};
    sim_observe(&pair->sim, &pair->observer);
}

void pair_clear(Pair *pair)
{
    for (int e = 0; e < 2; e++) {
        PairEnd *end = &pair->ends[e];

        tcp_free(end->tcp);
        link_clear(&end->out);
        host_clear(&end->host);
    }
    if (pair->fin != NULL)
        packet_free(&pair->sim, pair->fin);
    sim_clear(&pair->sim);
    g_array_free(pair->log, TRUE);
}

const Crossing *pair_find(const Pair *pair, int from, uint16_t flags, int index)
{
    int len = (int)pair->log->len;
    int step = index < 0 ? -1 : 1;
    int left = index < 0 ? -index - 1 : index;

    for (int i = step < 0 ? len - 1 : 0; i >= 0 && i < len; i += step) {
        const Crossing *c = &g_array_index(pair->log, Crossing, i);

        if (c->from == from && (flags == 0 || c->flags & flags) && left-- == 0)
            return c;
    }
    g_error("no such packet");
}

/* --- time ----------------------------------------------------------------- */

static void nothing_happens(Sim *sim, Event *event) {}

void pair_run(Pair *pair, SimTime delay)
{
    Event end;

    /* sim_run() leaves the clock at the last event: here is one at the end. */
    event_init(&end, nothing_happens);
    event_schedule(&pair->sim, &end, delay);
    sim_run(&pair->sim, sim_now(&pair->sim) + delay);
    pair->sim.cause = 0;
}

void pair_run_out(Pair *pair)
{
    sim_run(&pair->sim, SIM_NEVER);
    pair->sim.cause = 0;
}

void pair_connect(Pair *pair)
{
    PairEnd *client = &pair->ends[CLIENT];
    TcpEnd why;

    if (pair->listener == NULL)
        pair->listener = tcp_listen(pair->ends[SERVER].tcp, PAIR_PORT, 0,
                                    accepted, &pair->ends[SERVER]);
    client->tcb = tcp_connect(client->tcp, addresses[SERVER], PAIR_PORT, 0,
                              &user_functions, client, &why);
}

void pair_exchange(Pair *pair, unsigned count)
{
    pair_connect(pair);
    pair_run(pair, SIM_S);
    pair->ends[SERVER].reply = 100;
    for (unsigned i = 0; i < count; i++) {
        pair_write(pair, CLIENT, 100);
        pair_run(pair, SIM_S);
    }
    pair->ends[SERVER].reply = 0;
    pair_forget_log(pair);
}
