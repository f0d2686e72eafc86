/* tcp_cc_hystart.c - HyStart (S. Ha and I. Rhee, "Taming the elephants: new TCP
 * slow start", Computer Networks 55, 2011; RFC 9438 s4.10), which leaves slow
 * start before it loses half a window.
 *
 * Two signs that the path is full, looked for once the window has 16 segments:
 * - ACK train: ACKs that came within 2 ms of each other since the round began
 *   span half the least round trip, so that the segments in flight fill the
 *   path.  (Paced segments are spread by half a round trip already: then the
 *   whole round trip.)
 * - delay: after 8 samples in the round, their least is above the connection's
 *   least by an eighth of it, at least 4 ms and at most 16 ms.
 *
 * Numbers and the order of the checks are those of Linux (net/ipv4/tcp_cubic.c,
 * hystart_update(), 6.18), seen at work in linux trace 40.  Before 6.13 rounds
 * were counted only while the window had 16 segments, so that the first one
 * began in the middle of a flight: hystart_rounds. */
#include "tcp_inside.h"

#include <glib.h>

enum {
    LOW_WINDOW = 16,        /* segments */
    TRAIN_GAP = 2000,       /* us between ACKs of a train */
    MIN_SAMPLES = 8,        /* in a round, before their least counts */
    DELAY_MIN = 4000,       /* us */
    DELAY_MAX = 16000,      /* us */
    TRAIN_ALLOWANCE = 1000, /* us, for segments that leave in bursts... */
    BURSTS = 4,             /* ... four of them, each of... */
    BURST = 65536,          /* ... as many bytes at most */
};

static uint32_t now_us(const Tcb *tcb)
{
    return (uint32_t)(tcp_sim(tcb)->now / SIM_US);
}

static void begin_round(const Tcb *tcb, HyStart *h, uint32_t now)
{
    h->began = true;
    h->round_at = h->train_at = now;
    h->round_end = tcb->snd.nxt;
    h->round_rtt = UINT32_MAX;
    h->samples = 0;
}

void hystart_begin(Tcb *tcb, HyStart *h)
{
    *h = (HyStart){0};
    begin_round(tcb, h, now_us(tcb));
}

static bool train_is_long(const Tcb *tcb, HyStart *h, uint32_t now)
{
    uint64_t rate = tcp_pacing_rate(tcb);
    uint64_t bursts = (uint64_t)BURSTS * BURST * 1000000 / MAX(rate, 1);
    uint32_t threshold;

    if ((int32_t)(now - h->train_at) > TRAIN_GAP)
        return false;
    h->train_at = now;
    threshold = h->least_rtt + (uint32_t)MIN(bursts, TRAIN_ALLOWANCE);
    if (!tcb->paced)
        threshold /= 2;
    return (int32_t)(now - h->round_at) > (int32_t)threshold;
}

static bool delay_has_grown(HyStart *h, uint32_t rtt)
{
    uint32_t margin = CLAMP(h->least_rtt / 8, DELAY_MIN, DELAY_MAX);

    h->round_rtt = MIN(h->round_rtt, rtt);
    if (h->samples < MIN_SAMPLES) {
        h->samples++;
        return false;
    }
    return h->round_rtt > h->least_rtt + margin;
}

void hystart_sample(Tcb *tcb, HyStart *h, uint32_t rtt)
{
    uint32_t now = now_us(tcb);
    bool train, delay;

    if (tcb->cwnd < LOW_WINDOW &&
        tcp_config(tcb)->hystart_rounds == TCP_HYSTART_LARGE)
        return;
    if (!h->began || seq_lt(h->round_end, tcb->snd.una))
        begin_round(tcb, h, now);
    if (tcb->cwnd < LOW_WINDOW)
        return;
    train = train_is_long(tcb, h, now);
    delay = delay_has_grown(h, rtt);
    if (train || delay) {
        h->found = true;
        tcb->ssthresh = tcb->cwnd;
    }
}
