/* tcp_park.c - half-open and TIME-WAIT connections at rest, in a third of the
 * memory.
 *
 * There is one implementation of each state: whatever happens to a parked
 * connection restores a whole one, which does what it has to and is parked
 * again. */
#include "tcp_inside.h"

#include <glib.h>

static void parked_wakes(Sim *sim, Event *event)
{
    TcpParked *parked = (TcpParked *)sim_container_of(event, TcpConn, wake);
    Tcb *tcb = tcp_unpark(parked);

    tcp_enter(tcb);
    tcp_fire_due(tcb);
    tcp_leave(tcb);
}

bool tcp_parkable(const Tcb *tcb)
{
    if (tcb->vtable != NULL || tcb->work->inbox != NULL || tcb->tell_accept)
        return false;
    if (tcp_state(tcb) == TCP_TIME_WAIT)
        return deadline_on(&tcb->work->linger) && tcb->work->text == NULL;
    return tcp_state(tcb) == TCP_SYN_RECEIVED && tcb->work->listener != NULL &&
           deadline_on(&tcb->work->rexmit) && tcb->work->holes == NULL;
}

void tcp_park(Tcb *tcb /* taken */)
{
    Tcp *tcp = tcb->conn.tcp;
    Sim *sim = tcp->sim;
    TcpParked *parked =
        slab_alloc(sim_slab(sim, SLAB_TCB_PARKED, sizeof *parked));
    bool waits = tcp_state(tcb) == TCP_TIME_WAIT;
    const Deadline *deadline = waits ? &tcb->work->linger : &tcb->work->rexmit;
    SimTime at = deadline->at;

    *parked = (TcpParked){
        .conn = tcb->conn,
        .since = deadline->since,
        .cause = deadline->cause,
        .listener = tcb->work->listener,
        .syn_id = tcb->work->syn_id,
        .at = waits ? tcb->challenge_at : tcb->sent_at,
        .snd_nxt = tcb->snd.nxt,
        .snd_wnd = tcb->snd.wnd,
        .rcv_nxt = tcb->rcv.nxt,
        .rcv_right = tcb->rcv.right,
        .ts_recent = tcb->ts_recent,
        .mss = tcb->mss,
        .snd_scale = tcb->snd_scale,
        .rcv_scale = tcb->rcv_scale,
        .tries = tcb->tries,
        .repeats = (uint8_t)MIN(tcb->repeats, UINT8_MAX),
    };
    parked->conn.parked = true;
    event_init(&parked->conn.wake, parked_wakes);
    tcp_demux_replace(tcp, &tcb->conn, &parked->conn);
    tcp_tcb_free(tcb);
    event_schedule_at(sim, &parked->conn.wake, at);
}

Tcb *tcp_unpark(TcpParked *parked /* taken */)
{
    Tcp *tcp = parked->conn.tcp;
    Tcb *tcb = tcp_tcb_alloc(tcp);
    Event wake = tcb->conn.wake;
    bool waits = parked->conn.state == TCP_TIME_WAIT;

    tcb->conn = parked->conn;
    tcb->conn.wake = wake;
    tcb->conn.parked = false;
    *(waits ? &tcp_work(tcb)->linger : &tcp_work(tcb)->rexmit) =
        (Deadline){parked->conn.wake.at, parked->since, parked->cause};
    tcp_work(tcb)->listener = parked->listener;
    if (parked->listener != NULL)
        tcp_inherit_settings(tcb, parked->listener);
    tcp_work(tcb)->syn_id = parked->syn_id;
    if (waits)
        tcb->challenge_at = parked->at;
    else
        tcb->sent_at = tcb->work->opened_at = parked->at;
    tcb->snd.nxt = tcb->snd.end = parked->snd_nxt;
    tcb->snd.una = parked->snd_nxt - (waits ? 0 : 1);
    tcb->iss = parked->snd_nxt - 1; /* in TIME-WAIT nobody asks */
    tcb->snd.wnd = tcb->snd.max_wnd = parked->snd_wnd;
    tcb->rcv.nxt = tcb->rcv.told = parked->rcv_nxt;
    tcb->rcv.right = parked->rcv_right;
    tcb->snd.wl1 = tcb->irs = parked->rcv_nxt - 1;
    tcb->snd.wl2 = tcb->snd.una;
    tcb->ts_recent = parked->ts_recent;
    tcb->mss = parked->mss;
    tcb->snd_scale = parked->snd_scale;
    tcb->rcv_scale = parked->rcv_scale;
    tcb->tries = parked->tries;
    tcb->repeats = parked->repeats;
    tcb->fin_wanted = tcb->fin_sent = tcb->fin_received = waits;
    tcp_window_start(tcb);
    tcp_demux_replace(tcp, &parked->conn, &tcb->conn);
    tcp_parked_free(parked);
    return tcb;
}

void tcp_parked_free(TcpParked *parked)
{
    Sim *sim = parked->conn.tcp->sim;

    event_cancel(sim, &parked->conn.wake);
    slab_free(sim_slab(sim, SLAB_TCB_PARKED, sizeof *parked), parked);
}
