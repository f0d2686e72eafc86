/* tcp_cc.c - which congestion control a connection has, and its memory. */
#include "tcp_inside.h"

#include <string.h>

const TcpCc *tcp_cc(const Tcb *tcb)
{
    static const TcpCc *const table[] = {[TCP_CC_NEWRENO] = &tcp_cc_newreno};

    return table[tcp_config(tcb)->congestion];
}

void *tcp_cc_memory(Tcb *tcb)
{
    if (tcb->cc == NULL) {
        tcb->cc = slab_alloc(sim_slab(tcp_sim(tcb), SLAB_TCP_CC, TCP_CC_BYTES));
        memset(tcb->cc, 0, TCP_CC_BYTES);
    }
    return tcb->cc;
}

void tcp_cc_free(Tcb *tcb)
{
    if (tcb->cc != NULL)
        slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_CC, TCP_CC_BYTES), tcb->cc);
    tcb->cc = NULL;
}
