/* tcp_cc_bbr.c - BBRv3 (draft-ietf-ccwg-bbr-06): what happens when, and the
 * control parameters (s5.6): pacing rate, window.
 *
 * The send quantum is the burst that tcp_burst.c sends, of about a millisecond
 * as well.  ECN is not looked at (s3.6 leaves it open). */
#include <glib.h>

#include "tcp_bbr.h"
#include "tcp_inside.h"

enum {
    PACING_MARGIN = 99,       /* %: 1 % below the estimate */
    STARTUP_PACING = 277,     /* %: 4 ln 2 */
    QUANTUM_MOST = 64 * 1024, /* bytes */
    QUANTUM_LEAST = 2,        /* segments */
    OFFLOAD_QUANTA = 3,
};

/* By state: the table of s5.6.1. */
static const struct {
    uint16_t pacing, cwnd; /* % */
} gains[] = {
    [BBR_STARTUP] = {STARTUP_PACING, 200}, [BBR_DRAIN] = {50, 200},
    [BBR_PROBE_BW_DOWN] = {90, 200},       [BBR_PROBE_BW_CRUISE] = {100, 200},
    [BBR_PROBE_BW_REFILL] = {100, 200},    [BBR_PROBE_BW_UP] = {125, 225},
    [BBR_PROBE_RTT] = {100, 50},
};

/* --- volumes, s5.6.4.2 ---------------------------------------------------- */

uint32_t bbr_bdp_multiple(const Tcb *tcb, uint64_t bw, uint32_t gain)
{
    const Bbr *b = bbr_of(tcb);
    unsigned __int128 bytes;
    uint64_t segments;

    if (b->min_rtt == SIM_NEVER)
        return tcp_config(tcb)->initial_window;
    bytes = (unsigned __int128)bw * (uint64_t)b->min_rtt * gain / 100 / SIM_S;
    segments = (uint64_t)(bytes / tcp_full(tcb)) + (bytes % tcp_full(tcb) > 0);
    return (uint32_t)MIN(segments, UINT32_MAX / 4);
}

/* BBRQuantizationBudget(), BBRUpdateOffloadBudget(), BBRSetSendQuantum() */
static uint32_t quantization_budget(const Tcb *tcb, uint32_t cap)
{
    const Bbr *b = bbr_of(tcb);
    uint64_t quantum = MIN(b->pacing_rate / 1000, QUANTUM_MOST);

    quantum = MAX(quantum / tcp_full(tcb), QUANTUM_LEAST);
    cap = MAX(cap, OFFLOAD_QUANTA * (uint32_t)quantum);
    cap = MAX(cap, BBR_MIN_PIPE_CWND);
    return b->state == BBR_PROBE_BW_UP ? cap + 2 : cap;
}

uint32_t bbr_inflight(const Tcb *tcb, uint32_t gain)
{
    return quantization_budget(tcb,
                               bbr_bdp_multiple(tcb, bbr_of(tcb)->bw, gain));
}

static uint32_t max_inflight(const Tcb *tcb)
{
    const Bbr *b = bbr_of(tcb);
    uint32_t cap = bbr_bdp_multiple(tcb, b->bw, gains[b->state].cwnd);

    return quantization_budget(tcb,
                               cap + MAX(b->extra_acked[0], b->extra_acked[1]));
}

uint32_t bbr_probe_rtt_cwnd(const Tcb *tcb)
{
    return MAX(
        bbr_bdp_multiple(tcb, bbr_of(tcb)->bw, gains[BBR_PROBE_RTT].cwnd),
        BBR_MIN_PIPE_CWND);
}

/* --- control -------------------------------------------------------------- */

void bbr_set_pacing_rate(const Tcb *tcb, uint32_t gain)
{
    Bbr *b = bbr_of(tcb);
    uint64_t rate = b->bw / 100 * gain / 100 * PACING_MARGIN;

    if (b->full_bw_reached || rate > b->pacing_rate)
        b->pacing_rate = MAX(rate, 1);
}

static void init_pacing_rate(const Tcb *tcb)
{
    uint64_t srtt = MAX(tcb->srtt8 >> 3, 1); /* us */
    uint64_t window = (uint64_t)tcp_config(tcb)->initial_window * tcp_full(tcb);

    if (tcb->srtt8 == 0)
        srtt = 1000;
    bbr_of(tcb)->pacing_rate = window * 10000 * STARTUP_PACING / srtt;
}

static void bound_cwnd_for_model(Tcb *tcb)
{
    const Bbr *b = bbr_of(tcb);
    uint32_t cap = UINT32_MAX;

    if (b->state == BBR_PROBE_RTT || b->state == BBR_PROBE_BW_CRUISE)
        cap = bbr_inflight_with_headroom(b);
    else if (bbr_is_in_probe_bw(b))
        cap = b->inflight_longterm;
    cap = MAX(MIN(cap, b->inflight_shortterm), BBR_MIN_PIPE_CWND);
    tcb->cwnd = MIN(tcb->cwnd, cap);
}

static void set_cwnd(Tcb *tcb)
{
    const Bbr *b = bbr_of(tcb);
    uint32_t acked = b->rate.sample.newly_acked, most = max_inflight(tcb);

    if (b->full_bw_reached)
        tcb->cwnd = MIN(tcb->cwnd + acked, most);
    else if (tcb->cwnd < most ||
             b->rate.delivered < tcp_config(tcb)->initial_window)
        tcb->cwnd += acked;
    tcb->cwnd = MAX(tcb->cwnd, BBR_MIN_PIPE_CWND);
    if (b->state == BBR_PROBE_RTT)
        tcb->cwnd = MIN(tcb->cwnd, bbr_probe_rtt_cwnd(tcb));
    bound_cwnd_for_model(tcb);
}

/* --- loss recovery, s5.6.4.4 ---------------------------------------------- */

static bool in_recovery(const Tcb *tcb)
{
    const TcpRecovery *r = tcb->work->recovery;

    return r != NULL && r->ca_state >= TCP_SENDER_RECOVERY;
}

void bbr_save_cwnd(const Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    if (!b->recovering && b->state != BBR_PROBE_RTT)
        b->prior_cwnd = tcb->cwnd;
    else
        b->prior_cwnd = MAX(b->prior_cwnd, tcb->cwnd);
}

void bbr_restore_cwnd(Tcb *tcb)
{
    tcb->cwnd = MAX(tcb->cwnd, bbr_of(tcb)->prior_cwnd);
}

/* Recovery is over: the window of before it comes back (and the model bounds
 * it). */
static void check_recovered(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);
    bool before = b->recovering, now = in_recovery(tcb);

    if (before && !now)
        bbr_restore_cwnd(tcb);
    b->recovering = now;
    b->recovered_round =
        now && (b->recovered_round || (before && b->round_start));
}

/* BBRHandleSpuriousLossDetection(); the table's `undo`. */
static uint32_t bbr_undo(const Tcb *tcb, uint32_t prior_cwnd)
{
    Bbr *b = bbr_of(tcb);

    b->is_loss_in_round = false;
    bbr_reset_full_bw(b);
    b->bw_shortterm = MAX(b->bw_shortterm, b->undo_bw_shortterm);
    b->inflight_shortterm =
        MAX(b->inflight_shortterm, b->undo_inflight_shortterm);
    b->inflight_longterm = MAX(b->inflight_longterm, b->undo_inflight_longterm);
    if (b->undo_state == BBR_STARTUP && b->state != BBR_STARTUP) {
        b->full_bw_reached = false;
        if (b->state != BBR_PROBE_RTT)
            bbr_enter_startup(b);
    } else if (b->undo_state == BBR_PROBE_BW_UP &&
               b->state != BBR_PROBE_BW_UP && b->state != BBR_PROBE_RTT) {
        bbr_start_probe_bw_refill(b);
    }
    b->undo_state = BBR_NO_STATE;
    return MAX(tcb->cwnd, b->prior_cwnd);
}

/* The window is bounded by the model, not halved. */
static uint32_t bbr_ssthresh(Tcb *tcb) { return UINT32_MAX; }

/* --- events --------------------------------------------------------------- */

static void init(Tcb *tcb)
{
    Bbr *b = tcp_cc_memory(tcb);
    SimTime now = tcp_sim(tcb)->now;

    b->min_rtt =
        tcb->srtt8 != 0 ? (SimTime)(tcb->srtt8 >> 3) * SIM_US : SIM_NEVER;
    b->min_rtt_stamp = b->probe_rtt_min_stamp = now;
    b->probe_rtt_min_delay = SIM_NEVER;
    b->extra_acked_interval_start = now;
    b->rate.delivered_at = b->rate.first_sent_at = now;
    b->undo_state = BBR_NO_STATE;
    b->inflight_longterm = UINT32_MAX;
    b->probe_up_acked_per_inc = UINT32_MAX;
    bbr_reset_shortterm(b);
    init_pacing_rate(tcb);
    bbr_enter_startup(b);
}

/* BBRHandleRestartFromIdle(), s5.4.1 */
static void restart(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    if (b->rate.app_limited == 0)
        return;
    b->idle_restart = true;
    b->extra_acked_interval_start = tcp_sim(tcb)->now;
    if (bbr_is_in_probe_bw(b))
        bbr_set_pacing_rate(tcb, 100);
    else if (b->state == BBR_PROBE_RTT)
        bbr_check_probe_rtt_done(tcb);
}

static void bbr_event(Tcb *tcb, TcpCcEvent event)
{
    switch (event) {
    case TCP_CC_START:
        init(tcb);
        break;
    case TCP_CC_RESTART:
        restart(tcb);
        break;
    case TCP_CC_REDUCED:
    case TCP_CC_LOSS:
        bbr_save_state_upon_loss(tcb);
        break;
    case TCP_CC_RECOVERED: /* check_recovered() notices */
        break;
    }
}

/* --- an ACK, s5.2.3 ------------------------------------------------------- */

static void bbr_control(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    bbr_update_latest(tcb);
    bbr_update_congestion_signals(tcb);
    bbr_update_aggregation(tcb);
    check_recovered(tcb);
    bbr_check_full_bw(tcb);
    bbr_check_startup_done(tcb);
    bbr_check_drain_done(tcb);
    bbr_update_probe_bw(tcb);
    bbr_update_min_rtt(tcb);
    bbr_check_probe_rtt(tcb);
    bbr_advance_latest(tcb);
    bbr_bound_bw(b);
    bbr_set_pacing_rate(tcb, gains[b->state].pacing);
    set_cwnd(tcb);
}

static uint64_t bbr_rate(const Tcb *tcb) { return bbr_of(tcb)->pacing_rate; }

const TcpCc tcp_cc_bbr = {
    .name = "bbr",
    .memory = sizeof(Bbr),
    .slab = SLAB_TCP_CC_RATE,
    .ssthresh = bbr_ssthresh,
    .undo = bbr_undo,
    .event = bbr_event,
    .rate = bbr_rate,
    .control = bbr_control,
    .lost = bbr_lost,
};
