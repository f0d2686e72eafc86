/* tcp_cc.c - which congestion control a connection has, its memory, and what
 * several algorithms share. */
#include "tcp_inside.h"

#include <glib.h>
#include <string.h>

const TcpCc *tcp_cc(const Tcb *tcb)
{
    static const TcpCc *const table[] = {[TCP_CC_NEWRENO] = &tcp_cc_newreno,
                                         [TCP_CC_CUBIC] = &tcp_cc_cubic,
                                         [TCP_CC_BBR] = &tcp_cc_bbr};

    return table[tcb->congestion];
}

static Slab *slab_of(const Tcb *tcb, const TcpCc *cc)
{
    return sim_slab(tcp_sim(tcb), cc->slab, cc->memory);
}

void *tcp_cc_memory(Tcb *tcb)
{
    const TcpCc *cc = tcp_cc(tcb);

    if (tcb->cc == NULL) {
        tcb->cc = slab_alloc(slab_of(tcb, cc));
        memset(tcb->cc, 0, cc->memory);
    }
    return tcb->cc;
}

void tcp_cc_start(Tcb *tcb)
{
    const TcpCc *cc;

    tcb->congestion = (uint8_t)tcp_config(tcb)->congestion;
    cc = tcp_cc(tcb);
    tcb->rated = cc->control != NULL;
    tcb->paced = tcp_config(tcb)->pacing || cc->rate != NULL;
    tcp_cc_event(tcb, TCP_CC_START);
}

void tcp_cc_free(Tcb *tcb)
{
    if (tcb->cc != NULL)
        slab_free(slab_of(tcb, tcp_cc(tcb)), tcb->cc);
    tcb->cc = NULL;
}

uint32_t tcp_slow_start(Tcb *tcb, uint32_t segments)
{
    uint32_t step = tcp_config(tcb)->slow_start_step;
    uint32_t grow = MIN(segments, tcb->ssthresh - tcb->cwnd);

    if (step == 0) {
        tcb->cwnd += grow;
        return segments - grow;
    }
    tcb->cwnd += MIN(grow, step);
    return 0;
}

/* What was saved up towards a larger COUNT is worth one segment at once. */
void tcp_grow_every(Tcb *tcb, uint32_t count, uint32_t segments)
{
    if (tcb->cwnd_part >= count) {
        tcb->cwnd_part = 0;
        tcb->cwnd++;
    }
    tcb->cwnd_part += segments;
    if (tcb->cwnd_part >= count) {
        tcb->cwnd += tcb->cwnd_part / count;
        tcb->cwnd_part %= count;
    }
}
