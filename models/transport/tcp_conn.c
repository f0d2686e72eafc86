/* tcp_conn.c - TCP of a host, and the life of a Tcb: born, entered, left,
 * freed.
 *
 * The user is called from the outermost tcp_leave() and from nowhere else, so
 * that no step of TCP's own finds its connection changed under its hands.  A
 * user's own call never calls the user back: what is due then is told by the
 * connection's event, at the same time. */
#include "tcp_inside.h"

#include <glib.h>

#include "sim/rng.h"

Tcp *tcp_new(Host *host, const TcpConfig *config)
{
    Tcp *tcp = slab_alloc(sim_slab(host->sim, SLAB_TCP, sizeof *tcp));
    char consumer[32];
    uint32_t counter[4] = {host->sim->replication}, words[4];

    g_snprintf(consumer, sizeof consumer, "tcp %08x", host->name_hash);
    philox(stream_key(host->sim->seed, consumer, "secret"), counter, words);
    *tcp = (Tcp){.host = host, .sim = host->sim, .config = config};
    tcp->secret = (uint64_t)words[0] << 32 | words[1];
    if (config->timers == TCP_TIMERS_WHEEL && config->clock_phase)
        tcp->phase = host_clock_phase(host, config->jiffy);
    tcp->next_port = (uint16_t)words[2]; /* RFC 6056 s3.3.2 */
    host->tcp = tcp;
    return tcp;
}

void tcp_free(Tcp *tcp)
{
    if (tcp == NULL)
        return;
    for (uint32_t i = 0; tcp->slots != NULL && i <= tcp->mask; i++) {
        TcpConn *conn = tcp->slots[i].conn;

        if (conn == NULL)
            continue;
        tcp->slots[i].conn = NULL;
        if (conn->parked)
            tcp_parked_free((TcpParked *)conn);
        else
            tcp_tcb_free((Tcb *)conn);
    }
    for (TcpListener *next, *l = tcp->listeners; l != NULL; l = next) {
        next = l->next;
        tcp_listener_free(l);
    }
    tcp_fast_open_forget(tcp);
    tcp->host->tcp = NULL;
    g_free(tcp->slots);
    g_free(tcp->no_port);
    slab_free(sim_slab(tcp->sim, SLAB_TCP, sizeof *tcp), tcp);
}

/* --- settings ------------------------------------------------------------- */

static TcpConfig *settings_own(const Tcp *tcp, const TcpConfig **settings)
{
    if (*settings == tcp->config) {
        TcpConfig *own =
            slab_alloc(sim_slab(tcp->sim, SLAB_TCP_SETTINGS, sizeof *own));

        *own = *tcp->config;
        *settings = own;
    }
    return (TcpConfig *)*settings;
}

TcpConfig *tcp_own_settings(Tcb *tcb)
{
    return settings_own(tcb->conn.tcp, &tcb->config);
}

TcpConfig *tcp_listener_settings(TcpListener *listener)
{
    return settings_own(listener->tcp, &listener->config);
}

void tcp_settings_free(const Tcp *tcp, const TcpConfig *settings)
{
    if (settings != tcp->config)
        slab_free(sim_slab(tcp->sim, SLAB_TCP_SETTINGS, sizeof *settings),
                  (TcpConfig *)settings);
}

void tcp_inherit_settings(Tcb *tcb, const TcpListener *listener)
{
    if (listener->config != listener->tcp->config)
        *tcp_own_settings(tcb) = *listener->config;
}

/* --- one connection ------------------------------------------------------- */

static void wakes(Sim *sim, Event *event)
{
    Tcb *tcb = (Tcb *)sim_container_of(event, TcpConn, wake);

    tcp_enter(tcb);
    tcp_fire_due(tcb);
    tcp_leave(tcb);
}

const TcpWork tcp_no_work = {.rexmit.at = SIM_NEVER,
                             .delack.at = SIM_NEVER,
                             .linger.at = SIM_NEVER,
                             .pace.at = SIM_NEVER,
                             .stamp = SIM_NEVER};

TcpWork *tcp_work_new(Tcb *tcb)
{
    TcpWork *work =
        slab_alloc(sim_slab(tcp_sim(tcb), SLAB_TCP_WORK, sizeof *work));

    *work = tcp_no_work;
    tcb->work = work;
    return work;
}

static void work_free(Tcb *tcb)
{
    if (tcb->work == &tcp_no_work)
        return;
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_WORK, sizeof *tcb->work),
              tcb->work);
    tcb->work = (TcpWork *)&tcp_no_work;
}

TcpTally *tcp_tally_new(Tcb *tcb)
{
    TcpTally *tally =
        slab_alloc(sim_slab(tcp_sim(tcb), SLAB_TCP_TALLY, sizeof *tally));

    *tally = (TcpTally){0};
    tcb->tally = tally;
    return tally;
}

static bool work_is_left(const TcpWork *work)
{
    return deadline_on(&work->rexmit) || deadline_on(&work->delack) ||
           deadline_on(&work->linger) || deadline_on(&work->pace) ||
           work->stamp != SIM_NEVER || work->listener != NULL ||
           work->text != NULL || work->sent != NULL || work->inbox != NULL ||
           work->holes != NULL || work->recovery != NULL ||
           work->urgent != NULL;
}

Tcb *tcp_tcb_alloc(Tcp *tcp)
{
    Tcb *tcb = slab_alloc(sim_slab(tcp->sim, SLAB_TCB, sizeof *tcb));

    *tcb = (Tcb){0};
    event_init(&tcb->conn.wake, wakes);
    tcb->conn.tcp = tcp;
    tcb->work = (TcpWork *)&tcp_no_work;
    tcb->config = tcp->config;
    tcb->challenge_at = SIM_NEVER;
    tcb->rto = tcp->config->rto_initial;
    tcb->ssthresh = UINT32_MAX;
    return tcb;
}

Tcb *tcp_tcb_new(Tcp *tcp, IpAddress local, IpAddress remote,
                 uint16_t local_port, uint16_t remote_port)
{
    Tcb *tcb = tcp_tcb_alloc(tcp);

    tcb->conn.local = local;
    tcb->conn.remote = remote;
    tcb->conn.local_port = local_port;
    tcb->conn.remote_port = remote_port;
    tcb->conn.ts_offset = tcp_ts_offset(tcp, &tcb->conn);
    tcb->heard_at = tcb->sent_at = tcp->sim->now;
    tcp_work(tcb)->opened_at = tcp->sim->now;
    tcp_demux_add(tcp, &tcb->conn);
    return tcb;
}

static void purge_text(Tcb *tcb)
{
    Sim *sim = tcp_sim(tcb);
    TcpWork *work = tcb->work;

    tcb->out = 0;
    if (work == &tcp_no_work)
        return;
    for (TcpChunk *next, *c = work->text; c != NULL; c = next) {
        next = c->next;
        slice_clear(&c->text);
        slab_free(sim_slab(sim, SLAB_TCP_CHUNK, sizeof *c), c);
    }
    for (TcpSent *next, *s = work->sent; s != NULL; s = next) {
        next = s->next;
        if (s->rated)
            tcp_rated_free(tcb, s);
        else
            slab_free(sim_slab(sim, SLAB_TCP_SENT, sizeof *s), s);
    }
    work->text = work->last_text = work->next_text = NULL;
    work->sent = work->last_sent = NULL;
    work->pieces = 0;
    tcp_recovery_free(tcb);
}

void tcp_purge_inbox(Tcb *tcb)
{
    Slab *slab = sim_slab(tcp_sim(tcb), SLAB_TCP_CHUNK, sizeof(TcpChunk));
    TcpWork *work = tcb->work;

    for (const TcpChunk *c = work->inbox; c != NULL; c = c->next)
        tcb->rcv.memory -= c->seq;
    tcb->rcv.queued = 0;
    if (work == &tcp_no_work)
        return;
    for (TcpChunk *next, *c = work->inbox; c != NULL; c = next) {
        next = c->next;
        slice_clear(&c->text);
        slab_free(slab, c);
    }
    work->inbox = work->last_inbox = NULL;
    tcp_holes_free(tcb);
}

void tcp_tcb_free(Tcb *tcb)
{
    Sim *sim = tcp_sim(tcb);

    event_cancel(sim, &tcb->conn.wake);
    if (tcb->work != &tcp_no_work) {
        purge_text(tcb);
        tcp_purge_inbox(tcb);
        if (tcb->work->urgent != NULL)
            tcp_urgent_free(tcb);
        work_free(tcb);
    }
    if (tcb->cc != NULL)
        tcp_cc_free(tcb);
    if (tcb->tuning != NULL)
        tcp_tuning_free(tcb);
    if (tcb->tally != NULL)
        slab_free(sim_slab(sim, SLAB_TCP_TALLY, sizeof *tcb->tally),
                  tcb->tally);
    tcp_settings_free(tcb->conn.tcp, tcb->config);
    slab_free(sim_slab(sim, SLAB_TCB, sizeof *tcb), tcb);
}

void tcp_detach(Tcb *tcb)
{
    tcb->vtable = NULL;
    tcb->user = NULL;
    tcb->tell_opened = tcb->tell_readable = tcb->tell_writable = false;
    tcb->tell_gone = tcb->tell_accept = tcb->tell_urgent = false;
}

void tcp_finish(Tcb *tcb, TcpEnd end)
{
    tcp_set_state(tcb, TCP_CLOSED);
    tcp_tell_end(tcb, end);
    purge_text(tcb);
    if (end != TCP_END_CLOSED) {
        if (tcb->vtable == NULL) /* else its user may still take it */
            tcp_purge_inbox(tcb);
        tcb->tell_readable = tcb->tell_writable = tcb->tell_opened = false;
        tcb->tell_urgent = false;
        tcb->tell_gone = tcb->vtable != NULL; /* MUST-12 */
    }
    tcb->tell_accept = false;
    tcb->end = (uint8_t)end;
}

/* --- entered and left ----------------------------------------------------- */

/* Both directions are closed and the user has read all: nothing is left to it.
 */
static bool over_for_user(const Tcb *tcb)
{
    TcpState state = tcp_state(tcb);

    return tcb->vtable != NULL && tcb->work->inbox == NULL &&
           !tcb->tell_readable &&
           (state == TCP_TIME_WAIT ||
            (state == TCP_CLOSED && tcb->end == TCP_END_CLOSED));
}

static bool user_is_due(const Tcb *tcb)
{
    return tcb->tell_accept || tcb->tell_opened || tcb->tell_readable ||
           tcb->tell_writable || tcb->tell_urgent || tcb->tell_gone ||
           over_for_user(tcb);
}

static void accept_it(Tcb *tcb)
{
    TcpListener *listener = tcb->work->listener;
    const TcpUser *vtable = NULL;
    void *user = NULL;

    tcb->tell_accept = false;
    if (!tcb->fast_open) /* else it is pending there */
        tcb->work->listener = NULL;
    if (listener != NULL)
        listener->accept(listener, listener->data, tcb, &vtable, &user);
    tcb->vtable = vtable;
    tcb->user = user;
    if (vtable == NULL && tcp_state(tcb) != TCP_CLOSED)
        tcp_abort(tcb); /* nobody wants it */
}

static void call_user(Tcb *tcb)
{
    static const TcpUser nobody;

    while (user_is_due(tcb)) {
        const TcpUser *vtable = tcb->vtable != NULL ? tcb->vtable : &nobody;

        if (tcb->tell_accept) {
            accept_it(tcb);
        } else if (tcb->tell_opened) {
            tcb->tell_opened = false;
            if (vtable->opened != NULL)
                vtable->opened(tcb, tcb->user);
        } else if (tcb->tell_urgent) {
            tcb->tell_urgent = false;
            if (vtable->urgent != NULL)
                vtable->urgent(tcb, tcb->user);
        } else if (tcb->tell_readable) {
            tcb->tell_readable = false;
            if (vtable->readable != NULL)
                vtable->readable(tcb, tcb->user);
        } else if (tcb->tell_writable) {
            tcb->tell_writable = false;
            if (vtable->writable != NULL)
                vtable->writable(tcb, tcb->user);
        } else {
            void *user = tcb->user;
            TcpEnd end = tcb->tell_gone ? (TcpEnd)tcb->end : TCP_END_CLOSED;

            tcp_detach(tcb);
            if (vtable->gone != NULL)
                vtable->gone(tcb, user, end);
        }
    }
}

/* Sees to the event: it may be earlier than needed, never later. */
static void schedule(Tcb *tcb)
{
    Sim *sim = tcp_sim(tcb);
    const TcpWork *work = tcb->work;
    SimTime at = MIN(MIN(work->rexmit.at, work->pace.at),
                     MIN(work->delack.at, work->linger.at));

    if (user_is_due(tcb))
        at = sim->now;
    if (at != SIM_NEVER &&
        (!event_pending(&tcb->conn.wake) || tcb->conn.wake.at > at))
        event_schedule_at(sim, &tcb->conn.wake, MAX(at, sim->now));
}

/* What the outermost leave does with a connection that nobody works on. */
static void settle(Tcb *tcb)
{
    if (tcp_state(tcb) == TCP_CLOSED && tcb->vtable == NULL) {
        tcp_demux_remove(tcb->conn.tcp, &tcb->conn);
        tcp_tcb_free(tcb);
    } else if (tcp_parkable(tcb)) {
        tcp_park(tcb);
    } else {
        if (tcb->work->urgent != NULL)
            tcp_urgent_check(tcb);
        if (!work_is_left(tcb->work))
            work_free(tcb);
        schedule(tcb);
    }
}

void tcp_enter(Tcb *tcb) { tcb->busy++; }

void tcp_leave(Tcb *tcb)
{
    if (tcb->busy == 1)
        call_user(tcb);
    if (--tcb->busy == 0)
        settle(tcb);
}

void tcp_user_leave(Tcb *tcb)
{
    if (--tcb->busy == 0)
        settle(tcb);
}
