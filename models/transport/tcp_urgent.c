/* tcp_urgent.c - the urgent mechanism (RFC 9293 s3.8.5): a sender may say up to
 * where its text is urgent, and the receiver's user hears of it at once.  The
 * text itself stays in line, as RFC 6093 s6 has it, and may be of any length
 * (MUST-31). */
#include "tcp_inside.h"

#include <glib.h>

static TcpUrgent *urgent(Tcb *tcb)
{
    TcpWork *work = tcp_work(tcb);

    if (work->urgent == NULL) {
        work->urgent = slab_alloc(
            sim_slab(tcp_sim(tcb), SLAB_TCP_URGENT, sizeof *work->urgent));
        *work->urgent = (TcpUrgent){0};
    }
    return work->urgent;
}

void tcp_urgent_free(Tcb *tcb)
{
    TcpUrgent *u = tcb->work->urgent;

    if (u == NULL)
        return;
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_URGENT, sizeof *u), u);
    tcb->work->urgent = NULL;
}

/* --- sent ----------------------------------------------------------------- */

/* s3.10.2; SND.UP is the byte after the urgent text: MUST-62. */
void tcp_urgent_written(Tcb *tcb, uint32_t up)
{
    TcpUrgent *u = urgent(tcb);

    u->sends = true;
    u->snd_up = up;
}

/* Every segment from before SND.UP on says so: MUST-30.  What is further away
 * than 16 bits reach is told as far as they do. */
void tcp_put_urgent(const Tcb *tcb, TcpHeader *header)
{
    const TcpUrgent *u = tcb->work->urgent;

    if (!u->sends || !seq_lt(header->seq, u->snd_up) ||
        header->flags & (TCP_SYN | TCP_RST))
        return;
    header->flags |= TCP_URG;
    header->urgent = (uint16_t)MIN(u->snd_up - header->seq, UINT16_MAX);
}

/* --- received ------------------------------------------------------------- */

/* Of what is in order, up to here the user has read. */
static uint32_t read_up_to(const Tcb *tcb)
{
    return tcb->rcv.nxt - tcb->fin_received - tcb->rcv.queued;
}

/* Sixth of s3.10.7.4: RCV.UP moves forward, and the user hears of it whenever
 * it does (MUST-32). */
void tcp_urgent_received(Tcb *tcb, const TcpSegment *seg)
{
    uint32_t up = seg->header->seq + seg->header->urgent;
    TcpUrgent *u;

    if (!seq_lt(read_up_to(tcb), up))
        return;
    u = urgent(tcb);
    if (u->hears && seq_leq(up, u->rcv_up))
        return;
    u->hears = true;
    u->rcv_up = up;
    tcb->tell_urgent = tcb->vtable != NULL;
}

uint32_t tcp_urgent_left(const Tcb *tcb)
{
    const TcpUrgent *u = tcb->work->urgent;

    if (u == NULL || !u->hears || !seq_lt(read_up_to(tcb), u->rcv_up))
        return 0;
    return u->rcv_up - read_up_to(tcb);
}

/* --- over ----------------------------------------------------------------- */

void tcp_urgent_check(Tcb *tcb)
{
    TcpUrgent *u = tcb->work->urgent;

    u->sends = u->sends && seq_lt(tcb->snd.una, u->snd_up);
    u->hears = tcp_urgent_left(tcb) > 0;
    if (!u->sends && !u->hears)
        tcp_urgent_free(tcb);
}
