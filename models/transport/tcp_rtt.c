/* tcp_rtt.c - the round-trip time and the retransmission time-out (RFC 6298).
 *
 * Rules.  rfc6298: RTO = max(rto_min, SRTT + 4 RTTVAR); jacobson has other
 * gains and begins otherwise.  linux: RTO = SRTT
 * + max(rto_min, a variance term) where the term rises at once and falls by a
 * quarter of the difference in each round trip (net/ipv4/tcp_input.c
 * tcp_rtt_estimator(), figures in linux/README "Other surprises" 2: 224 ms at
 * RTT 20 ms; at a steady RTT of 300 ms still 768 ms after six exchanges).
 * Fields hold us: srtt8 is 8 SRTT, mdev4 is 4 times the mean deviation. */
#include "tcp_inside.h"

#include <glib.h>

static void set_rto(Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    uint32_t srtt = tcb->srtt8 >> 3;
    SimTime rto;

    if (config->rto_rule == TCP_RTO_LINUX) {
        rto = (SimTime)(srtt + tcb->rttvar4) * SIM_US;
        if (config->timers == TCP_TIMERS_WHEEL)
            rto = (rto + config->jiffy - 1) / config->jiffy * config->jiffy;
    } else {
        rto =
            (SimTime)(srtt + MAX(tcb->mdev4, 1)) * SIM_US; /* s2.3, G = 1 us */
        rto = MAX(rto, config->rto_min);                   /* s2.4 */
    }
    rto += config->rto_slop;
    tcb->rto = MIN(rto, config->rto_max); /* s2.5 */
    tcb->backoff = 0;
}

/* RFC 6298 s2.2 and s2.3; alpha = 1/8, beta = 1/4. */
static void smooth_rfc(Tcb *tcb, uint32_t r)
{
    uint32_t srtt = tcb->srtt8 >> 3;
    uint32_t error = srtt > r ? srtt - r : r - srtt;

    tcb->mdev4 = tcb->mdev4 - (tcb->mdev4 >> 2) + error;
    tcb->srtt8 = tcb->srtt8 - srtt + r;
}

/* The same with gain 1/8 for both; see rto_rule in tcp_keys[]. */
static void smooth_jacobson(Tcb *tcb, uint32_t r)
{
    uint32_t srtt = tcb->srtt8 >> 3;
    uint32_t error = srtt > r ? srtt - r : r - srtt;

    if (tcb->srtt8 == 0)
        tcb->mdev4 = (uint32_t)(tcp_config(tcb)->rto_initial / SIM_US);
    tcb->mdev4 = tcb->mdev4 - (tcb->mdev4 >> 3) + (error >> 1);
    tcb->srtt8 = tcb->srtt8 - srtt + r;
}

/* The kernel's: a fall of the RTT moves the deviation by an eighth only, and
 * the variance term keeps a maximum for each round trip. */
static void smooth_linux(Tcb *tcb, uint32_t r)
{
    uint32_t floor = (uint32_t)(tcp_config(tcb)->rto_min / SIM_US);
    int32_t m = (int32_t)(r - (tcb->srtt8 >> 3));

    tcb->srtt8 += (uint32_t)m;
    if (m < 0) {
        m = -m - (int32_t)(tcb->mdev4 >> 2);
        if (m > 0)
            m >>= 3;
    } else {
        m -= (int32_t)(tcb->mdev4 >> 2);
    }
    tcb->mdev4 += (uint32_t)m;
    if (tcb->mdev4 > tcb->mdev_max4) {
        tcb->mdev_max4 = tcb->mdev4;
        tcb->rttvar4 = MAX(tcb->rttvar4, tcb->mdev_max4);
    }
    if (seq_lt(tcb->rtt_seq, tcb->snd.una)) {
        if (tcb->mdev_max4 < tcb->rttvar4)
            tcb->rttvar4 -= (tcb->rttvar4 - tcb->mdev_max4) >> 2;
        tcb->rtt_seq = tcb->snd.nxt;
        tcb->mdev_max4 = floor;
    }
}

static uint32_t in_us(SimTime rtt)
{
    SimTime us = rtt / SIM_US;

    return (uint32_t)CLAMP(us, 1, 1 << 28);
}

void tcp_rtt_sample(Tcb *tcb, SimTime rtt, SimTime last)
{
    uint32_t r = in_us(rtt), least = last == rtt ? r : in_us(last);
    uint32_t floor = (uint32_t)(tcp_config(tcb)->rto_min / SIM_US);

    if (tcb->min_rtt == 0 || least < tcb->min_rtt)
        tcb->min_rtt = least;
    if (tcp_config(tcb)->rto_rule == TCP_RTO_JACOBSON) {
        if (tcp_state(tcb) >= TCP_ESTABLISHED)
            smooth_jacobson(tcb, r);
    } else if (tcb->srtt8 == 0) {
        tcb->srtt8 = r << 3;
        tcb->mdev4 = r << 1; /* RTTVAR = R / 2 */
        tcb->rttvar4 = tcb->mdev_max4 = MAX(tcb->mdev4, floor);
        tcb->rtt_seq = tcb->snd.nxt;
    } else if (tcp_config(tcb)->rto_rule == TCP_RTO_LINUX) {
        smooth_linux(tcb, r);
    } else {
        smooth_rfc(tcb, r);
    }
    if (tcb->srtt8 != 0)
        set_rto(tcb);
}

/* The handshake is over: no sample was taken where its SYN was repeated (Karn,
 * MUST-18).  RFC 6298 s5.7: then data begins with 3 s, if the SYN did not;
 * Linux keeps 1 s. */
void tcp_rtt_start(Tcb *tcb)
{
    if (tcb->srtt8 != 0)
        return;
    tcb->backoff = 0;
    tcb->rto = tcp_config(tcb)->rto_initial;
    if (tcp_config(tcb)->rto_rule == TCP_RTO_RFC6298 && tcb->tries > 0 &&
        tcp_first_syn_timeout(tcp_config(tcb)) < 3 * SIM_S)
        tcb->rto = MAX(tcb->rto, 3 * SIM_S);
}
