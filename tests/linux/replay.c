/* replay.c - a trace of the kernel, played by our own hosts; see replay.h. */
#include <check.h>

#include "models/transport/tcp_inside.h" /* the wheel's phase is set by hand */
#include "replay.h"

/* --- the applications ----------------------------------------------------- */

/* Whatever APP waited for has come, WHEN with its number of BYTES. */
static void it_came(App *app, TraceWhen when, uint64_t bytes)
{
    Replay *replay = app->replay;

    for (unsigned i = 0; i < replay->trace->steps->len; i++) {
        Deed *deed = &replay->deeds[i];
        const TraceStep *step = deed->step;

        if (deed->due || step->end != app->end || step->when != when ||
            bytes < step->when_bytes)
            continue;
        deed->due = true;
        deed->cause = replay->lab.sim.cause;
        event_schedule(&replay->lab.sim, &deed->event,
                       step->delay + (when == WHEN_AT ? replay->start : 0));
    }
}

static void app_opened(Tcb *tcb, void *user) { it_came(user, WHEN_OPENED, 0); }

/* An application is woken, and reads: not in the instant that a segment
 * arrives, and after a rest a little later (measured: `first byte` 80 us after
 * its segment, `last byte` 50). */
#define READ_LATENCY (50 * SIM_US)
#define WAKE_LATENCY (80 * SIM_US)
#define REST (5 * SIM_MS)

static void app_readable(Tcb *tcb, void *user)
{
    App *app = user;
    Sim *sim = &app->replay->lab.sim;

    app->cause = sim->cause;
    if (!event_pending(&app->reads))
        event_schedule(sim, &app->reads,
                       sim_now(sim) - app->read_at > REST ? WAKE_LATENCY
                                                          : READ_LATENCY);
    it_came(app, WHEN_READ, app->got + tcp_unread(tcb));
    if (tcp_at_end(tcb) || tcb->fin_received)
        it_came(app, WHEN_END, 0);
}

static void app_reads(Sim *sim, Event *event)
{
    App *app = sim_container_of(event, App, reads);
    uint32_t len;
    uint8_t bytes[4096];

    sim->cause = app->cause;
    app->read_at = sim_now(sim);
    while (app->tcb != NULL &&
           (len = tcp_copy(app->tcb, bytes,
                           (uint32_t)MIN(sizeof bytes, app->most - app->got),
                           false)) > 0)
        app->got += len;
}

/* A write that blocks goes on when there is room. */
static void app_writes(Tcb *tcb, void *user)
{
    App *app = user;
    Slice text = {.len = app->to_write};

    app->to_write -= tcp_write(tcb, &text, 0);
    if (app->to_write == 0 && text.len > 0)
        it_came(app, WHEN_TAKEN, 0);
}

static void app_gone(Tcb *tcb, void *user, TcpEnd how)
{
    ((App *)user)->tcb = NULL;
}

static const TcpUser app_functions = {.opened = app_opened,
                                      .readable = app_readable,
                                      .writable = app_writes,
                                      .gone = app_gone};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    App *app = data;

    app->tcb = tcb;
    *vtable = &app_functions;
    *user = app;
}

static void app_connects(App *app)
{
    Lab *lab = &app->replay->lab;
    TcpEnd why;

    app->tcb =
        tcp_connect(lab->ends[CLIENT].tcp, lab->ends[SERVER].interface.address,
                    LAB_PORT, 0, &app_functions, app, &why);
}

static void deed_done(Sim *sim, Event *event)
{
    Deed *deed = sim_container_of(event, Deed, event);
    App *app = &deed->replay->apps[deed->step->end];
    Tcb *tcb = app->tcb;

    if (event_pending(&app->reads)) { /* what it has seen it reads first */
        event_cancel(sim, &app->reads);
        app_reads(sim, &app->reads);
        tcb = app->tcb;
    }
    sim->cause = deed->cause;
    switch ((TraceWhat)deed->step->what) {
    case DO_CONNECT:
        app_connects(app);
        return;
    case DO_READ_NO_MORE: /* see replay_init() */
        return;
    case DO_WRITE:
        app->to_write = deed->step->bytes;
        app_writes(tcb, app);
        return;
    case DO_CLOSE:
        app->tcb = NULL;
        tcp_close(tcb);
        return;
    case DO_ABORT:
        app->tcb = NULL;
        tcp_abort(tcb);
        return;
    case DOS:
        break;
    }
    g_assert_not_reached();
}

/* --- the line ------------------------------------------------------------- */

/* The packet of ours that CAUSE is or comes from; *TIMER: by way of a timer. */
static int parent_of(const Replay *replay, uint64_t cause, bool *timer)
{
    *timer = false;
    for (int i = (int)replay->fired->len - 1; i >= 0; i--) {
        const Fired *fired = &g_array_index(replay->fired, Fired, i);

        if (fired->id == cause) {
            cause = fired->parent;
            *timer = true;
        }
    }
    for (unsigned i = 0; i < replay->sent->len; i++)
        if (g_array_index(replay->sent, Sent, i).id == cause)
            return (int)i;
    return NOBODY;
}

/* HEADER with numbers as a trace has them. */
static void put_numbers(Replay *replay, TracePacket *told,
                        const TcpHeader *header)
{
    const App *own = &replay->apps[told->from];
    const App *peer = &replay->apps[!told->from];

    told->flags = header->flags;
    told->window = header->window;
    if (header->options & TCP_OPT_MSS) {
        told->mss = header->mss;
        told->wscale = header->wscale;
    }
    told->seq = header->seq - own->base;
    if (header->flags & TCP_ACK) {
        told->ack = header->ack - peer->base;
        if (header->options & TCP_OPT_TIMESTAMPS)
            told->echo = header->ts_ecr - peer->clock;
    }
    told->sack_count = header->sack_count;
    for (unsigned i = 0; i < header->sack_count; i++)
        told->sack[i] = (TcpSackBlock){header->sack[i].left - peer->base,
                                       header->sack[i].right - peer->base};
}

static void write_down(Replay *replay, const Packet *packet, uint8_t from)
{
    const TcpHeader *header = &packet->tcp;
    App *app = &replay->apps[from];
    Sent sent = {.id = packet->id,
                 .packet = {.sent = sim_now(&replay->lab.sim) - replay->start,
                            .from = from,
                            .len = packet->payload.len}};

    if (header->flags & TCP_SYN && app->base == 0) {
        app->base = header->seq;
        app->clock = header->ts_val;
    }
    put_numbers(replay, &sent.packet, header);
    sent.clock = header->ts_val - app->clock;
    sent.parent = parent_of(replay, replay->lab.sim.cause, &sent.timer);
    g_array_append_val(replay->sent, sent);
}

/* The kernel's tracepoint sees no half-open connection of a listener, and what
 * has become a small socket no more: TIME-WAIT, and FIN-WAIT-2 without a user.
 */
static bool is_seen(App *app, const TcpStateTold *told, SimTime now)
{
    if (told->to == TCP_FIN_WAIT_2)
        app->waits = now;
    if (told->from == TCP_FIN_WAIT_2)
        return app->waits == now;
    return told->to != TCP_SYN_RECEIVED && told->from != TCP_TIME_WAIT;
}

static void state_changed(Replay *replay, const Record *record)
{
    const TcpStateTold *told = record->what;
    Entered entered = {.state = {.at = record->at - replay->start,
                                 .end = (uint8_t)record->node,
                                 .state = told->to}};

    if (!is_seen(&replay->apps[record->node], told, record->at))
        return;
    entered.parent = parent_of(replay, record->cause, &entered.timer);
    g_array_append_val(replay->states, entered);
}

static void hear(Observer *observer, const Record *record)
{
    Replay *replay = sim_container_of(observer, Replay, observer);

    if (record->kind == REC_CAUSE) {
        const CauseTold *told = record->what;
        Fired fired = {told->id, told->parent};

        g_array_append_val(replay->fired, fired);
    } else if (record->kind == REC_PACKET_SENT) {
        write_down(replay, ((const PacketTold *)record->what)->packet,
                   (uint8_t)record->node);
    } else if (record->kind == REC_TCP_STATE) {
        state_changed(replay, record);
    } else if (record->code == DROP_BY_RULE) {
        for (unsigned i = 0; i < replay->sent->len; i++) {
            Sent *sent = &g_array_index(replay->sent, Sent, i);

            sent->packet.lost |= sent->id == record->id;
        }
    }
}

static void odd_arrives(Sim *sim, Event *event)
{
    Replay *replay = sim_container_of(event, Replay, late);

    sim->cause = replay->odd->id;
    host_receive(&replay->lab.ends[CLIENT].interface.port, replay->odd);
    replay->odd = NULL;
}

/* What comes out of the server's line, on its way to the client. */
static void out_of_line(Port *port, Packet *packet /* taken */)
{
    LabEnd *client = sim_container_of(port, LabEnd, tap);
    Replay *replay = sim_container_of(client->lab, Replay, lab);
    const Trace *trace = replay->trace;

    if (packet->payload.len == 0 || ++replay->texts != trace->odd) {
        host_receive(&client->interface.port, packet);
        return;
    }
    replay->odd = packet;
    if (trace->twice) {
        replay->odd = packet_copy(&replay->lab.sim, packet);
        host_receive(&client->interface.port, packet);
    }
    event_schedule(&replay->lab.sim, &replay->late, trace->delay);
}

/* --- a replay ------------------------------------------------------------- */

static void replay_init(Replay *replay, const Trace *trace, SimTime phase,
                        SimTime start)
{
    Lab *lab = &replay->lab;

    *replay = (Replay){.trace = trace, .start = start};
    lab_init(lab, 0);
    for (int e = 0; e < 2; e++) {
        lab->ends[e].line = trace->lines[e];
        lab->ends[e].own_line = true;
        lab->ends[e].config.iss_fixed = true; /* 2^32 is crossed */
        lab->ends[e].config.iss = e == CLIENT ? UINT32_MAX - 100 : -10000u;
        replay->apps[e] =
            (App){.replay = replay, .end = (uint8_t)e, .most = UINT64_MAX};
        event_init(&replay->apps[e].reads, app_reads);
    }
    lab_raise(lab);
    lab->ends[CLIENT].tap.receive = out_of_line;
    lab->ends[CLIENT].tcp->phase = lab->ends[SERVER].tcp->phase = phase;
    replay->sent = g_array_new(FALSE, FALSE, sizeof(Sent));
    replay->states = g_array_new(FALSE, FALSE, sizeof(Entered));
    replay->fired = g_array_new(FALSE, FALSE, sizeof(Fired));
    event_init(&replay->late, odd_arrives);
    replay->observer =
        (Observer){.wants = 1ull << REC_CAUSE | 1ull << REC_PACKET_SENT |
                            1ull << REC_PACKET_DROPPED | 1ull << REC_TCP_STATE,
                   .hear = hear};
    sim_observe(&lab->sim, &replay->observer);
    replay->deeds = g_new0(Deed, trace->steps->len);
    for (unsigned i = 0; i < trace->steps->len; i++) {
        replay->deeds[i] =
            (Deed){.replay = replay,
                   .step = &g_array_index(trace->steps, TraceStep, i)};
        if (replay->deeds[i].step->what == DO_READ_NO_MORE)
            replay->apps[replay->deeds[i].step->end].most =
                replay->deeds[i].step->when_bytes;
        event_init(&replay->deeds[i].event, deed_done);
    }
}

void replay_clear(Replay *replay)
{
    lab_clear(&replay->lab);
    g_array_free(replay->sent, TRUE);
    g_array_free(replay->fired, TRUE);
    g_array_free(replay->states, TRUE);
    g_free(replay->deeds);
}

void replay_run(Replay *replay, const Trace *trace, SimTime phase,
                SimTime start, bool listens)
{
    replay_init(replay, trace, phase, start);
    if (listens)
        tcp_listen(replay->lab.ends[SERVER].tcp, LAB_PORT, 0, accepted,
                   &replay->apps[SERVER]);
    it_came(&replay->apps[CLIENT], WHEN_AT, 0);
    it_came(&replay->apps[SERVER], WHEN_AT, 0);
    lab_run_out(&replay->lab);
}
