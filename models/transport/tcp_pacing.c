/* tcp_pacing.c - bursts are spread over the round trip instead of leaving as
 * soon as the window allows: for an algorithm that wants it (TcpCc.rate), or
 * with `pacing` for all, as Linux with the fq queueing discipline does.
 *
 * Each burst has an earliest departure: when the one before it would have left
 * at the pacing rate (draft-ietf-ccwg-bbr-06 s5.6.2; Linux
 * tcp_update_skb_after_send()).  A burst that comes late by itself is charged
 * at least half of what it costs.  The first ten segments of a connection go at
 * once.  A connection that is not paced pays one test of a bit. */
#include "tcp_inside.h"

#include <glib.h>

enum { FREE_SEGMENTS = 10 };

bool tcp_pacing_holds(Tcb *tcb)
{
    TcpWork *work = tcb->work;
    Sim *sim = tcp_sim(tcb);

    if (work->depart <= sim->now)
        return false;
    /* The kernel's timer for this is exact: it does not go by the wheel. */
    if (!deadline_on(&work->pace))
        work->pace = (Deadline){work->depart, sim->now, sim->cause};
    return true;
}

void tcp_pacing_sent(Tcb *tcb, uint32_t bytes)
{
    SimTime now = tcp_sim(tcb)->now;
    TcpWork *work = tcp_work(tcb);
    SimTime late = MAX(now - work->depart, 0), cost;
    uint64_t rate = tcp_pacing_rate(tcb);

    work->depart = MAX(work->depart, now);
    if (rate == UINT64_MAX ||
        tcb->snd.nxt - tcb->iss - 1 < FREE_SEGMENTS * tcp_full(tcb))
        return;
    cost = (SimTime)((uint64_t)bytes * SIM_S / MAX(rate, 1));
    work->depart += cost - MIN(cost / 2, late);
}

void tcp_pacing_fires(Tcb *tcb)
{
    if (tcb->work->recovery != NULL && tcb->work->sent != NULL)
        tcp_retransmit_lost(tcb, 0);
    tcp_output(tcb);
}

uint64_t tcp_pacing_rate(const Tcb *tcb)
{
    uint64_t percent = tcb->cwnd < tcb->ssthresh / 2 ? 200 : 120;
    uint64_t window = (uint64_t)MAX(tcb->cwnd, tcb->out) * tcp_full(tcb);

    if (tcb->paced && tcp_cc(tcb)->rate != NULL)
        return tcp_cc(tcb)->rate(tcb);
    if (tcb->srtt8 == 0)
        return UINT64_MAX;
    return window * percent * (8 * 1000000 / 100) / tcb->srtt8;
}
