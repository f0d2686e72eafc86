/* lab.c - two hosts and a line, with taps. */
#include <string.h>

#include "lab.h"

static const IpAddress addresses[2] = {
    {0, 0xffff0a4d0001}, /* 10.77.0.1 */
    {0, 0xffff0a4d0002},
};
static const MacAddress macs[2] = {{0x020000000001}, {0x020000000002}};
static const HostUpper upper = {.tcp = tcp_receive, .tcp_error = tcp_error};

/* --- the users ------------------------------------------------------------ */

static void user_opened(Tcb *tcb, void *user)
{
    LabEnd *end = user;

    end->opened = true;
    end->opened_at = sim_now(&end->lab->sim);
}

static void user_readable(Tcb *tcb, void *user)
{
    LabEnd *end = user;
    Slice piece;
    bool any = false;

    while (!end->deaf && tcp_read(tcb, &piece)) {
        slice_clear(&piece);
        any = true;
    }
    if (any && end->reply > 0)
        lab_write(end->lab, end->number, end->reply);
    if (end->closes && tcp_at_end(tcb)) {
        end->tcb = NULL;
        tcp_close(tcb);
    }
}

static void user_gone(Tcb *tcb, void *user, TcpEnd how)
{
    LabEnd *end = user;

    end->tcb = NULL;
    end->gone = true;
    end->gone_at = sim_now(&end->lab->sim);
    end->how = how;
}

static const TcpUser user_functions = {
    .opened = user_opened, .readable = user_readable, .gone = user_gone};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    LabEnd *end = data;

    end->tcb = tcb;
    *vtable = &user_functions;
    *user = end;
}

void lab_write(Lab *lab, int end, uint32_t len)
{
    Slice text = {.len = len};

    tcp_write(lab->ends[end].tcb, &text, false);
}

/* --- the line ------------------------------------------------------------- */

static Crossing describe(const Lab *lab, int from, const Packet *packet)
{
    SimTime now = sim_now(&lab->sim);
    Crossing crossing = {.sent = now - lab->line.delay,
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
    LabEnd *to = sim_container_of(port, LabEnd, tap);
    Lab *lab = to->lab;
    int from = !to->number;
    Crossing crossing = describe(lab, from, packet);

    if (lab->keep_fin && from == SERVER && crossing.flags & TCP_FIN) {
        lab->fin = packet_copy(&lab->sim, packet);
        lab->keep_fin = false;
    }
    crossing.lost = lab->loses != NULL && lab->loses(lab, from, packet);
    g_array_append_val(lab->log, crossing);
    if (crossing.lost)
        packet_drop(&lab->sim, to->host.node, packet, DROP_BY_RULE);
    else
        host_receive(&to->interface.port, packet);
}

void lab_repeat_fin(Lab *lab)
{
    Packet *packet = lab->fin;

    lab->fin = NULL;
    lab->sim.cause = packet->id;
    host_receive(&lab->ends[CLIENT].interface.port, packet);
}

bool lab_loses_all(Lab *lab, int from, const Packet *packet) { return true; }

bool lab_loses_servers(Lab *lab, int from, const Packet *packet)
{
    return from == SERVER;
}

bool lab_loses_clients_acks(Lab *lab, int from, const Packet *packet)
{
    return from == CLIENT && !(packet->tcp.flags & TCP_SYN);
}

void lab_forget_log(Lab *lab) { g_array_set_size(lab->log, 0); }

/* --- the hosts ------------------------------------------------------------ */

static void hear_state(Observer *observer, const Record *record)
{
    Lab *lab = sim_container_of(observer, Lab, observer);
    const TcpStateTold *told = record->what;

    if (told->to == TCP_CLOSED)
        lab->ends[record->node].closed_at = record->at;
}

void lab_init(Lab *lab, uint32_t number)
{
    memset(lab, 0, sizeof(*lab));
    sim_init(&lab->sim, 1, number);
    config_defaults(ip_keys, 0, &lab->ip);
    config_defaults(arp_keys, 0, &lab->arp);
    config_defaults(link_keys, 0, &lab->line);
    lab->arp.mode = ARP_STATIC;
    lab->line.rate = 0;
    lab->line.delay = 10100 * SIM_US;
    lab->line.loss = 0;
    for (int e = 0; e < 2; e++) {
        lab->ends[e].lab = lab;
        lab->ends[e].number = (uint8_t)e;
        lab->ends[e].tap.receive = tap_receives;
        config_defaults(tcp_keys, TCP_PROFILE_LINUX, &lab->ends[e].config);
    }
    lab->log = g_array_new(FALSE, FALSE, sizeof(Crossing));
}

static void raise_end(Lab *lab, int e)
{
    LabEnd *end = &lab->ends[e];
    LabEnd *other = &lab->ends[!e];
    Interface *interface = &end->interface;

    if (!end->own_line)
        end->line = lab->line;
    link_config_finish(&end->line);
    link_init(&end->out, &lab->sim, &end->line,
              e == CLIENT ? "client -> server" : "server -> client",
              (uint32_t)e, &other->tap, (uint32_t)!e);
    /* One name, one clock: see lab.h. */
    host_init(&end->host, &lab->sim, (uint32_t)e,
              lab->two_clocks ? (uint32_t)e + 1 : 1, &lab->ip, &lab->arp,
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

void lab_raise(Lab *lab)
{
    raise_end(lab, CLIENT);
    raise_end(lab, SERVER);
    lab->observer =
        (Observer){.wants = (uint64_t)1 << REC_TCP_STATE, .hear = hear_state};
    sim_observe(&lab->sim, &lab->observer);
}

void lab_clear(Lab *lab)
{
    for (int e = 0; e < 2; e++) {
        LabEnd *end = &lab->ends[e];

        tcp_free(end->tcp);
        link_clear(&end->out);
        host_clear(&end->host);
    }
    if (lab->fin != NULL)
        packet_free(&lab->sim, lab->fin);
    sim_clear(&lab->sim);
    g_array_free(lab->log, TRUE);
}

const Crossing *lab_find(const Lab *lab, int from, uint16_t flags, int index)
{
    int len = (int)lab->log->len;
    int step = index < 0 ? -1 : 1;
    int left = index < 0 ? -index - 1 : index;

    for (int i = step < 0 ? len - 1 : 0; i >= 0 && i < len; i += step) {
        const Crossing *c = &g_array_index(lab->log, Crossing, i);

        if (c->from == from && (flags == 0 || c->flags & flags) && left-- == 0)
            return c;
    }
    g_error("no such packet");
}

/* --- time ----------------------------------------------------------------- */

static void nothing_happens(Sim *sim, Event *event) {}

void lab_run(Lab *lab, SimTime delay)
{
    Event end;

    /* sim_run() leaves the clock at the last event: here is one at the end. */
    event_init(&end, nothing_happens);
    event_schedule(&lab->sim, &end, delay);
    sim_run(&lab->sim, sim_now(&lab->sim) + delay);
    lab->sim.cause = 0;
}

void lab_run_out(Lab *lab)
{
    sim_run(&lab->sim, SIM_NEVER);
    lab->sim.cause = 0;
}

void lab_connect(Lab *lab)
{
    LabEnd *client = &lab->ends[CLIENT];
    TcpEnd why;

    if (lab->listener == NULL)
        lab->listener = tcp_listen(lab->ends[SERVER].tcp, LAB_PORT, 0, accepted,
                                   &lab->ends[SERVER]);
    client->tcb = tcp_connect(client->tcp, addresses[SERVER], LAB_PORT, 0,
                              &user_functions, client, &why);
}

void lab_exchange(Lab *lab, unsigned count)
{
    lab_connect(lab);
    lab_run(lab, SIM_S);
    lab->ends[SERVER].reply = 100;
    for (unsigned i = 0; i < count; i++) {
        lab_write(lab, CLIENT, 100);
        lab_run(lab, SIM_S);
    }
    lab->ends[SERVER].reply = 0;
    lab_forget_log(lab);
}
