/* transfer.c - one request and its response; see transfer.h. */
#include "transfer.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "lab.h"

enum { REQUEST = 200, QUEUE = 100 };
#define REACTION (60 * SIM_US)
/* 1500 bytes in 8 us. */
#define UNLIMITED 1500000000u
/* The measuring relay's share of a one-way delay. */
#define RELAY (30 * SIM_US)

const char *transfer_figure_name(TransferFigure figure)
{
    static const char *const names[] = {
        "connect",         "ttfb",           "ttlb",          "eof",
        "transfer",        "fin_wait_1",     "fin_wait_2",    "close_wait",
        "last_ack",        "server_again",   "client_again",  "server_lost",
        "server_needless", "server_packets", "client_packets"};

    return names[figure];
}

/* A side of the transfer: its application, and what packets tell of its FIN. */
typedef struct Side {
    struct Transfer *transfer;
    Event wakes;
    void (*act)(struct Side *side); /* what it does then */
    Tcb *tcb;                       /* NULL: none, or dead to it */
    uint32_t got;                   /* bytes read */
    uint32_t to_write;              /* ... that found no room yet */
    bool shuts;                     /* closes when all is written */
    uint8_t end;                    /* CLIENT, SERVER */
    bool closed;
    uint32_t fin_ack; /* the number that acknowledges its FIN */
    SimTime fin_sent, fin_delivered, fin_acked; /* SIM_NEVER: not yet */
    unsigned packets, again, lost;
} Side;

typedef struct Transfer {
    Lab lab;
    const TransferPlan *plan;
    Side sides[2];
    Observer observer;
    SimTime opened, first, last, eof;
} Transfer;

/* --- the applications ----------------------------------------------------- */

/* SIDE is told something: it wakes up, and acts. */
static void wake(Side *side, void (*act)(Side *side))
{
    if (event_pending(&side->wakes))
        return;
    side->act = act;
    event_schedule(&side->transfer->lab.sim, &side->wakes, REACTION);
}

static void side_wakes(Sim *sim, Event *event)
{
    Side *side = sim_container_of(event, Side, wakes);

    side->act(side);
}

/* What the send buffer has no room for is written when it has, and only then
 * the server closes. */
static void write_rest(Side *side)
{
    Slice text = {.len = side->to_write};

    side->to_write -= tcp_write(side->tcb, &text, 0);
    if (side->to_write == 0 && side->shuts)
        tcp_shutdown(side->tcb);
}

static void write_text(Side *side, uint32_t bytes)
{
    side->to_write = bytes;
    write_rest(side);
}

static void close_side(Side *side)
{
    Tcb *tcb = side->tcb;

    side->closed = true;
    side->tcb = NULL;
    tcp_close(tcb);
}

static void read_all(Side *side)
{
    Slice piece;

    while (tcp_read(side->tcb, &piece)) {
        side->got += piece.len;
        slice_clear(&piece);
    }
}

static void client_asks(Side *client)
{
    client->transfer->opened = sim_now(&client->transfer->lab.sim);
    write_text(client, REQUEST);
}

static void client_reads(Side *client)
{
    Transfer *transfer = client->transfer;
    const TransferPlan *plan = transfer->plan;
    SimTime now = sim_now(&transfer->lab.sim);

    read_all(client);
    if (transfer->first == SIM_NEVER)
        transfer->first = now;
    if (transfer->last == SIM_NEVER && client->got == plan->bytes)
        transfer->last = now;
    if (tcp_at_end(client->tcb))
        transfer->eof = now;
    if (plan->server_closes ? tcp_at_end(client->tcb)
                            : client->got == plan->bytes)
        close_side(client);
}

static void server_reads(Side *server)
{
    const TransferPlan *plan = server->transfer->plan;
    bool asked = server->got == REQUEST;

    read_all(server);
    if (server->got == REQUEST && !asked) {
        server->shuts = plan->server_closes;
        write_text(server, plan->bytes);
    }
    if (tcp_at_end(server->tcb))
        close_side(server);
}

static void client_opened(Tcb *tcb, void *user) { wake(user, client_asks); }

static void client_readable(Tcb *tcb, void *user) { wake(user, client_reads); }

static void server_readable(Tcb *tcb, void *user) { wake(user, server_reads); }

/* The connection is over for a user that has closed, in order or not. */
static void side_gone(Tcb *tcb, void *user, TcpEnd how)
{
    Side *side = user;

    ck_assert_msg(how == TCP_END_CLOSED, "a connection: %s", tcp_end_name(how));
    side->closed = true;
    side->tcb = NULL;
    event_cancel(&side->transfer->lab.sim, &side->wakes);
}

static const TcpUser client_functions = {
    .opened = client_opened, .readable = client_readable, .gone = side_gone};
static void server_writable(Tcb *tcb, void *user) { write_rest(user); }

static const TcpUser server_functions = {.readable = server_readable,
                                         .writable = server_writable,
                                         .gone = side_gone};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    Side *server = data;

    server->tcb = tcb;
    *vtable = &server_functions;
    *user = server;
}

/* --- the packets ---------------------------------------------------------- */

static void hear(Observer *observer, const Record *record)
{
    Transfer *transfer = sim_container_of(observer, Transfer, observer);
    const Packet *packet = ((const PacketTold *)record->what)->packet;
    Side *from =
        &transfer->sides[packet->number & PACKET_OF_OPENER ? CLIENT : SERVER];

    if (record->kind == REC_PACKET_DROPPED) {
        from->lost += record->code == DROP_LOST_ON_LINE;
        return;
    }
    from->packets++;
    from->again += packet->repeats != 0;
    if (packet->tcp.flags & TCP_FIN && from->fin_sent == SIM_NEVER) {
        from->fin_sent = record->at;
        from->fin_ack = packet->tcp.seq + packet->payload.len + 1;
    }
}

static void tap_receives(Port *port, Packet *packet /* taken */)
{
    LabEnd *end = sim_container_of(port, LabEnd, tap);
    Transfer *transfer = sim_container_of(end->lab, Transfer, lab);
    SimTime now = sim_now(&end->lab->sim);
    Side *to = &transfer->sides[end->number];
    Side *from = &transfer->sides[!end->number];

    if (packet->tcp.flags & TCP_FIN && from->fin_delivered == SIM_NEVER)
        from->fin_delivered = now;
    if (to->fin_sent != SIM_NEVER && to->fin_acked == SIM_NEVER &&
        packet->tcp.flags & TCP_ACK && packet->tcp.ack == to->fin_ack)
        to->fin_acked = now;
    host_receive(&end->interface.port, packet);
}

/* --- a transfer ----------------------------------------------------------- */

static void set_line(LinkConfig *line, const TransferPlan *plan)
{
    line->delay = plan->rtt_ms * SIM_MS / 2 + RELAY;
    line->rate = plan->rate_mbit * 1000000ull;
    line->overhead = OVERHEAD_IP;
    line->loss = plan->loss;
    if (plan->rate_mbit == 0)
        line->rate = UNLIMITED;
    else
        line->queue_packets = QUEUE;
}

static void transfer_init(Transfer *transfer, const TransferPlan *plan,
                          uint32_t number)
{
    Lab *lab = &transfer->lab;
    char *why = NULL;

    *transfer = (Transfer){.plan = plan,
                           .opened = SIM_NEVER,
                           .first = SIM_NEVER,
                           .last = SIM_NEVER,
                           .eof = SIM_NEVER};
    lab_init(lab, number);
    set_line(&lab->line, plan);
    for (int e = 0; e < 2; e++) {
        transfer->sides[e] = (Side){.transfer = transfer,
                                    .end = (uint8_t)e,
                                    .fin_sent = SIM_NEVER,
                                    .fin_delivered = SIM_NEVER,
                                    .fin_acked = SIM_NEVER};
        event_init(&transfer->sides[e].wakes, side_wakes);
        if (plan->congestion != NULL)
            ck_assert(config_parse(config_key(tcp_keys, "congestion"),
                                   plan->congestion, &lab->ends[e].config,
                                   &why));
    }
    lab_raise(lab);
    for (int e = 0; e < 2; e++)
        lab->ends[e].tap.receive = tap_receives;
    transfer->observer = (Observer){.wants = (uint64_t)1 << REC_PACKET_SENT |
                                             (uint64_t)1 << REC_PACKET_DROPPED,
                                    .hear = hear};
    sim_observe(&lab->sim, &transfer->observer);
}

static double ms(SimTime from, SimTime to)
{
    if (from == SIM_NEVER || to == SIM_NEVER)
        return NAN;
    return (double)(to - from) / (double)SIM_MS;
}

static void put_figures(const Transfer *transfer,
                        double figures[TRANSFER_FIGURES])
{
    bool server_closes = transfer->plan->server_closes;
    const Side *one = &transfer->sides[server_closes ? SERVER : CLIENT];
    const Side *other = &transfer->sides[server_closes ? CLIENT : SERVER];
    const Side *client = &transfer->sides[CLIENT];
    const Side *server = &transfer->sides[SERVER];

    figures[FIGURE_CONNECT] = ms(0, transfer->opened);
    figures[FIGURE_TTFB] = ms(0, transfer->first);
    figures[FIGURE_TTLB] = ms(0, transfer->last);
    figures[FIGURE_EOF] = server_closes ? ms(0, transfer->eof) : NAN;
    figures[FIGURE_TRANSFER] = ms(transfer->first, transfer->last);
    figures[FIGURE_FIN_WAIT_1] = ms(one->fin_sent, one->fin_acked);
    figures[FIGURE_FIN_WAIT_2] =
        fmax(ms(one->fin_acked, other->fin_delivered), 0);
    figures[FIGURE_CLOSE_WAIT] = ms(one->fin_delivered, other->fin_sent);
    figures[FIGURE_LAST_ACK] = ms(other->fin_sent, other->fin_acked);
    figures[FIGURE_SERVER_AGAIN] = server->again;
    figures[FIGURE_CLIENT_AGAIN] = client->again;
    figures[FIGURE_SERVER_LOST] = server->lost;
    figures[FIGURE_SERVER_NEEDLESS] = (double)server->again - server->lost;
    figures[FIGURE_SERVER_PACKETS] = server->packets;
    figures[FIGURE_CLIENT_PACKETS] = client->packets;
}

void transfer_run(const TransferPlan *plan, uint32_t number,
                  double figures[TRANSFER_FIGURES])
{
    Transfer *transfer = g_new(Transfer, 1);
    Lab *lab = &transfer->lab;
    TcpEnd why;

    transfer_init(transfer, plan, number);
    tcp_listen(lab->ends[SERVER].tcp, LAB_PORT, 0, accepted,
               &transfer->sides[SERVER]);
    transfer->sides[CLIENT].tcb = tcp_connect(
        lab->ends[CLIENT].tcp, lab->ends[SERVER].interface.address, LAB_PORT, 0,
        &client_functions, &transfer->sides[CLIENT], &why);
    lab_run_out(lab);
    put_figures(transfer, figures);
    ck_assert_uint_eq(transfer->sides[CLIENT].got, plan->bytes);
    ck_assert(transfer->sides[CLIENT].closed && transfer->sides[SERVER].closed);
    lab_clear(lab);
    g_free(transfer);
}
