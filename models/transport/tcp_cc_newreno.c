/* tcp_cc_newreno.c - slow start and congestion avoidance (RFC 5681 s3.1,
 * RFC 9293 MUST-19); its recovery is tcp_recovery.c.  The window is counted in
 * segments. */
#include "tcp_inside.h"

#include <glib.h>

static void newreno_acked(Tcb *tcb, uint32_t segments)
{
    if (tcb->cwnd < tcb->ssthresh)
        segments = tcp_slow_start(tcb, segments);
    /* One segment for each window that was acknowledged. */
    if (segments > 0)
        tcp_grow_every(tcb, tcb->cwnd, segments);
}

/* Half of what is in flight (equation 4), or by linux of the window; at least
 * two segments. */
static uint32_t newreno_ssthresh(Tcb *tcb)
{
    uint32_t of =
        tcp_config(tcb)->halve == TCP_HALVE_WINDOW ? tcb->cwnd : tcb->out;

    return MAX(of / 2, 2);
}

const TcpCc tcp_cc_newreno = {
    .name = "newreno", .acked = newreno_acked, .ssthresh = newreno_ssthresh};
