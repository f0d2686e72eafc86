/* tcp_cc_newreno.c - slow start and congestion avoidance (RFC 5681 s3.1); its
 * recovery is tcp_recovery.c.  The window is counted in segments. */
#include "tcp_inside.h"

#include <glib.h>

static void newreno_acked(Tcb *tcb, uint32_t segments)
{
    uint32_t step = tcp_config(tcb)->slow_start_step;

    if (tcb->cwnd < tcb->ssthresh) {
        uint32_t grow = step != 0 ? MIN(segments, step) : segments;

        grow = MIN(grow, tcb->ssthresh - tcb->cwnd);
        tcb->cwnd += grow;
        segments -= MIN(segments, step != 0 ? segments : grow);
    }
    /* One segment for each window that was acknowledged. */
    tcb->cwnd_part += segments;
    while (tcb->cwnd_part >= tcb->cwnd) {
        tcb->cwnd_part -= tcb->cwnd;
        tcb->cwnd++;
    }
}

/* Half of what is in flight, at least two segments (equation 4). */
static uint32_t newreno_ssthresh(Tcb *tcb) { return MAX(tcb->out / 2, 2); }

const TcpCc tcp_cc_newreno = {
    .name = "newreno", .acked = newreno_acked, .ssthresh = newreno_ssthresh};
