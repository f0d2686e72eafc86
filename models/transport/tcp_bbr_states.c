/* tcp_bbr_states.c - BBR's state machine (draft-ietf-ccwg-bbr-06 s5.3). */
#include <glib.h>

#include "tcp_bbr.h"
#include "tcp_inside.h"
#include "sim/rng.h"

enum {
    FULL_BW_GROWTH = 125, /* % in a round: less is a plateau... */
    FULL_BW_ROUNDS = 3,   /* ... after so many of them */
    FULL_LOSS_RANGES = 6, /* in a round */
    DRAIN_ROUNDS = 3,
    HEADROOM = 15,    /* % */
    RENO_ROUNDS = 63, /* probing is not rarer than Reno's */
    MOST_SLOPE = 30,
};
#define PROBE_WAIT_LEAST (2 * SIM_S)
#define PROBE_WAIT_SPREAD SIM_S
#define PROBE_RTT_DURATION (200 * SIM_MS)

/* --- Startup and Drain ---------------------------------------------------- */

void bbr_enter_startup(Bbr *b) { b->state = BBR_STARTUP; }

void bbr_reset_full_bw(Bbr *b)
{
    b->full_bw = 0;
    b->full_bw_count = 0;
    b->full_bw_now = false;
}

void bbr_check_full_bw(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);
    const TcpRateSample *rs = &b->rate.sample;

    if (b->full_bw_now || !b->round_start || rs->app_limited)
        return;
    if (rs->rate * 100 >= b->full_bw * FULL_BW_GROWTH) {
        bbr_reset_full_bw(b);
        b->full_bw = rs->rate;
        return;
    }
    b->full_bw_now = ++b->full_bw_count >= FULL_BW_ROUNDS;
    b->full_bw_reached |= b->full_bw_now;
}

/* BBRCheckStartupHighLoss(): a whole round of recovery in which more than the
 * threshold was lost, in several places. */
static void check_startup_high_loss(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);
    const TcpRateSample *rs = &b->rate.sample;
    bool sack = tcp_has(tcb, TCP_OPT_SACK_OK);

    if (b->state == BBR_STARTUP && !b->full_bw_reached && b->loss_round_start &&
        b->is_loss_in_round && b->recovering &&
        (!sack || (b->recovered_round && b->lost_ranges >= FULL_LOSS_RANGES)) &&
        bbr_is_inflight_too_high(tcb, sack ? rs->lost : 1, rs->in_flight)) {
        b->undo_state = BBR_STARTUP;
        b->full_bw_reached = b->full_bw_now = true;
        b->inflight_longterm =
            MAX(bbr_bdp_multiple(tcb, b->bw, 100), b->inflight_latest);
    }
    if (b->loss_round_start)
        b->is_loss_in_round = false;
}

void bbr_check_startup_done(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    if (b->state != BBR_STARTUP)
        return;
    check_startup_high_loss(tcb);
    if (!b->full_bw_reached)
        return;
    b->state = BBR_DRAIN;
    b->drain_start_round = b->round_count;
}

void bbr_check_drain_done(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    if (b->state == BBR_DRAIN &&
        (tcp_pipe(tcb) <= bbr_inflight(tcb, 100) ||
         b->round_count > b->drain_start_round + DRAIN_ROUNDS))
        bbr_start_probe_bw_down(tcb);
}

/* --- ProbeBW -------------------------------------------------------------- */

/* A number in [0, 2^32) of this connection's own. */
static uint32_t draw(const Tcb *tcb)
{
    const TcpConn *conn = &tcb->conn;
    uint32_t words[] = {conn->flow.opener, conn->flow.serial, conn->opener,
                        bbr_of(tcb)->draws++};

    return (uint32_t)hash_bytes(conn->tcp->secret, words, sizeof words);
}

static void pick_probe_wait(const Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    b->rounds_since_probe_up = draw(tcb) >> 31;
    b->bw_probe_wait = PROBE_WAIT_LEAST +
                       (SimTime)((uint64_t)PROBE_WAIT_SPREAD * draw(tcb) >> 32);
}

void bbr_start_probe_bw_down(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    bbr_reset_congestion_signals(b);
    b->probe_up_acked_per_inc = UINT32_MAX;
    pick_probe_wait(tcb);
    b->cycle_stamp = tcp_sim(tcb)->now;
    b->ack_phase = ACKS_PROBE_STOPPING;
    bbr_start_round(b);
    b->state = BBR_PROBE_BW_DOWN;
}

void bbr_start_probe_bw_refill(Bbr *b)
{
    bbr_reset_shortterm(b);
    b->bw_probe_up_rounds = 0;
    b->bw_probe_up_acked = 0;
    b->prev_probe_precautionary = false;
    b->ack_phase = ACKS_REFILLING;
    bbr_start_round(b);
    b->state = BBR_PROBE_BW_REFILL;
}

/* BBRRaiseInflightLongtermSlope() */
static void raise_slope(const Tcb *tcb, Bbr *b)
{
    uint32_t growth = 1u << b->bw_probe_up_rounds;

    b->bw_probe_up_rounds = (uint8_t)MIN(b->bw_probe_up_rounds + 1, MOST_SLOPE);
    b->probe_up_acked_per_inc = MAX(tcb->cwnd / growth, 1);
}

static void start_probe_bw_up(const Tcb *tcb, Bbr *b)
{
    b->ack_phase = ACKS_PROBE_STARTING;
    bbr_start_round(b);
    bbr_reset_full_bw(b);
    b->full_bw = b->rate.sample.rate;
    b->state = BBR_PROBE_BW_UP;
    raise_slope(tcb, b);
}

uint32_t bbr_target_inflight(const Tcb *tcb)
{
    return MIN(bbr_bdp_multiple(tcb, bbr_of(tcb)->bw, 100), tcb->cwnd);
}

uint32_t bbr_inflight_with_headroom(const Bbr *b)
{
    uint32_t headroom;

    if (b->inflight_longterm == UINT32_MAX)
        return UINT32_MAX;
    headroom = (uint32_t)((uint64_t)b->inflight_longterm * HEADROOM / 100);
    headroom = MIN(MAX(headroom, 1), b->inflight_longterm);
    return MAX(b->inflight_longterm - headroom, BBR_MIN_PIPE_CWND);
}

static bool is_time_to_probe_bw(const Tcb *tcb, Bbr *b)
{
    uint32_t rounds = MIN(bbr_target_inflight(tcb), RENO_ROUNDS);

    if (tcp_sim(tcb)->now <= b->cycle_stamp + b->bw_probe_wait &&
        b->rounds_since_probe_up < rounds)
        return false;
    bbr_start_probe_bw_refill(b);
    return true;
}

static bool is_time_to_cruise(const Tcb *tcb, const Bbr *b)
{
    uint32_t in_flight = tcp_pipe(tcb);

    return in_flight <= bbr_inflight_with_headroom(b) &&
           in_flight <= bbr_inflight(tcb, 100);
}

static bool is_time_to_go_down(const Tcb *tcb, Bbr *b)
{
    if (b->prev_probe_too_high && tcp_pipe(tcb) >= b->inflight_longterm) {
        b->prev_probe_precautionary = true;
        return true;
    }
    if (tcb->cwnd_limited && tcb->cwnd >= b->inflight_longterm) {
        bbr_reset_full_bw(b); /* it is not the path that limits */
        b->full_bw = b->rate.sample.rate;
        return false;
    }
    return b->full_bw_now;
}

/* BBRProbeInflightLongtermUpward() */
static void probe_upward(const Tcb *tcb, Bbr *b)
{
    if (!tcb->cwnd_limited || tcb->cwnd < b->inflight_longterm)
        return;
    b->bw_probe_up_acked += b->rate.sample.newly_acked;
    if (b->bw_probe_up_acked >= b->probe_up_acked_per_inc) {
        b->inflight_longterm +=
            b->bw_probe_up_acked / b->probe_up_acked_per_inc;
        b->bw_probe_up_acked %= b->probe_up_acked_per_inc;
    }
    if (b->round_start)
        raise_slope(tcb, b);
}

/* The round of ACKs of a probe is over; true: the next one begins. */
static bool probe_has_stopped(Bbr *b)
{
    b->is_bw_probe_sample = false;
    b->ack_phase = ACKS_INIT;
    if (!bbr_is_in_probe_bw(b))
        return false;
    if (!b->rate.sample.app_limited)
        bbr_advance_max_bw_filter(b);
    if (!b->prev_probe_precautionary || b->prev_probe_too_high)
        return false;
    bbr_start_probe_bw_refill(b);
    return true;
}

/* BBRAdaptLongTermModel(): true when the state has changed. */
static bool adapt_longterm(const Tcb *tcb, Bbr *b)
{
    const TcpRateSample *rs = &b->rate.sample;

    if (b->ack_phase == ACKS_PROBE_STARTING && b->round_start)
        b->ack_phase = ACKS_PROBE_FEEDBACK;
    if (b->ack_phase == ACKS_PROBE_STOPPING && b->round_start &&
        probe_has_stopped(b))
        return true;
    if (!rs->has_data ||
        bbr_is_inflight_too_high(tcb, rs->lost, rs->in_flight) ||
        b->inflight_longterm == UINT32_MAX)
        return false;
    b->inflight_longterm = MAX(b->inflight_longterm, rs->in_flight);
    if (b->state == BBR_PROBE_BW_UP)
        probe_upward(tcb, b);
    return false;
}

void bbr_update_probe_bw(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    if (!b->full_bw_reached || adapt_longterm(tcb, b))
        return;
    switch ((BbrState)b->state) {
    case BBR_PROBE_BW_DOWN:
        if (!is_time_to_probe_bw(tcb, b) && is_time_to_cruise(tcb, b))
            b->state = BBR_PROBE_BW_CRUISE;
        break;
    case BBR_PROBE_BW_CRUISE:
        is_time_to_probe_bw(tcb, b);
        break;
    case BBR_PROBE_BW_REFILL:
        if (b->round_start) {
            b->is_bw_probe_sample = true;
            start_probe_bw_up(tcb, b);
        }
        break;
    case BBR_PROBE_BW_UP:
        if (is_time_to_go_down(tcb, b)) {
            b->prev_probe_too_high = false;
            bbr_start_probe_bw_down(tcb);
        }
        break;
    case BBR_STARTUP:
    case BBR_DRAIN:
    case BBR_PROBE_RTT:
    case BBR_NO_STATE:
        break;
    }
}

/* --- ProbeRTT ------------------------------------------------------------- */

static void exit_probe_rtt(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    bbr_reset_shortterm(b);
    if (!b->full_bw_reached) {
        bbr_enter_startup(b);
        return;
    }
    bbr_start_probe_bw_down(tcb);
    b->state = BBR_PROBE_BW_CRUISE;
}

void bbr_check_probe_rtt_done(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);
    SimTime now = tcp_sim(tcb)->now;

    if (b->probe_rtt_done_stamp == 0 || now <= b->probe_rtt_done_stamp)
        return;
    b->probe_rtt_min_stamp = now; /* of the next one */
    bbr_restore_cwnd(tcb);
    exit_probe_rtt(tcb);
}

static void handle_probe_rtt(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    tcp_rate_mark_app_limited(tcb); /* its low rates do not count */
    if (b->probe_rtt_done_stamp == 0) {
        if (tcp_pipe(tcb) > bbr_probe_rtt_cwnd(tcb))
            return;
        b->probe_rtt_done_stamp = tcp_sim(tcb)->now + PROBE_RTT_DURATION;
        b->probe_rtt_round_done = false;
        bbr_start_round(b);
        return;
    }
    b->probe_rtt_round_done |= b->round_start;
    if (b->probe_rtt_round_done)
        bbr_check_probe_rtt_done(tcb);
}

void bbr_check_probe_rtt(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    if (b->state != BBR_PROBE_RTT && b->probe_rtt_expired && !b->idle_restart) {
        bbr_save_cwnd(tcb);
        b->state = BBR_PROBE_RTT;
        b->probe_rtt_done_stamp = 0;
        b->ack_phase = ACKS_PROBE_STOPPING;
        bbr_start_round(b);
    }
    if (b->state == BBR_PROBE_RTT)
        handle_probe_rtt(tcb);
    if (b->rate.sample.delivered > 0)
        b->idle_restart = false;
}
