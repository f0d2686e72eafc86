/* tcp_bbr_model.c - BBR's model of the path, and what loss does to it
 * (draft-ietf-ccwg-bbr-06 s5.5). */
#include <glib.h>

#include "tcp_bbr.h"
#include "tcp_inside.h"

enum {
    LOSS_THRESH = 2, /* % */
    BETA = 70,       /* % */
    /* BBRExtraAckedFilterLen is 10 rounds: two windows of five, so that the
     * most of the last five to ten is known. */
    EXTRA_ACKED_WINDOW = 5,
};
#define MIN_RTT_FILTER_LEN (10 * SIM_S)
#define PROBE_RTT_INTERVAL (5 * SIM_S)

/* --- rounds and bandwidth, s5.5.1 to s5.5.6 ------------------------------- */

void bbr_start_round(Bbr *b) { b->next_round_delivered = b->rate.delivered; }

static void update_round(Bbr *b)
{
    const TcpRateSample *rs = &b->rate.sample;

    b->round_start =
        rs->has_data && rs->prior_delivered >= b->next_round_delivered;
    if (b->round_start) {
        bbr_start_round(b);
        b->round_count++;
        b->rounds_since_probe_up++;
    }
}

static void update_max_bw(Bbr *b)
{
    const TcpRateSample *rs = &b->rate.sample;

    update_round(b);
    if (rs->rate == 0 || (rs->rate < b->max_bw && rs->app_limited))
        return;
    b->max_bw_filter[1] = MAX(b->max_bw_filter[1], rs->rate);
    b->max_bw = MAX(b->max_bw_filter[0], b->max_bw_filter[1]);
}

void bbr_advance_max_bw_filter(Bbr *b)
{
    if (b->max_bw_filter[1] == 0)
        return; /* a cycle without a sample says nothing */
    b->max_bw_filter[0] = b->max_bw_filter[1];
    b->max_bw_filter[1] = 0;
}

void bbr_bound_bw(Bbr *b) { b->bw = MIN(b->max_bw, b->bw_shortterm); }

/* --- aggregation, s5.5.9 -------------------------------------------------- */

static void note_extra_acked(Bbr *b, uint32_t extra)
{
    uint32_t window = b->full_bw_reached ? EXTRA_ACKED_WINDOW : 1;

    if (b->round_count - b->extra_acked_round >= window) {
        b->extra_acked[0] = b->full_bw_reached ? b->extra_acked[1] : 0;
        b->extra_acked[1] = 0;
        b->extra_acked_round = b->round_count;
    }
    b->extra_acked[1] = MAX(b->extra_acked[1], extra);
}

void bbr_update_aggregation(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);
    SimTime now = tcp_sim(tcb)->now;
    SimTime interval = now - b->extra_acked_interval_start;
    uint64_t expected = (uint64_t)((unsigned __int128)b->bw *
                                   (uint64_t)interval / SIM_S / tcp_full(tcb));
    uint32_t extra;

    if (b->rate.sample.newly_acked == 0)
        return;
    if (b->extra_acked_delivered <= expected) {
        b->extra_acked_delivered = 0;
        b->extra_acked_interval_start = now;
        expected = 0;
    }
    b->extra_acked_delivered += b->rate.sample.newly_acked;
    extra = b->extra_acked_delivered - (uint32_t)expected;
    note_extra_acked(b, MIN(extra, tcb->cwnd));
}

/* --- the least round trip, s5.3.4.3 --------------------------------------- */

void bbr_update_min_rtt(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);
    SimTime now = tcp_sim(tcb)->now, rtt = b->rate.sample.rtt;

    b->probe_rtt_expired = now > b->probe_rtt_min_stamp + PROBE_RTT_INTERVAL;
    if (rtt >= 0 && (rtt < b->probe_rtt_min_delay || b->probe_rtt_expired)) {
        b->probe_rtt_min_delay = rtt;
        b->probe_rtt_min_stamp = now;
    }
    if (b->probe_rtt_min_delay < b->min_rtt ||
        now > b->min_rtt_stamp + MIN_RTT_FILTER_LEN) {
        b->min_rtt = b->probe_rtt_min_delay;
        b->min_rtt_stamp = b->probe_rtt_min_stamp;
    }
}

/* --- loss, s5.5.10 -------------------------------------------------------- */

void bbr_reset_congestion_signals(Bbr *b)
{
    b->is_loss_in_round = false;
    b->bw_latest = 0;
    b->inflight_latest = 0;
}

void bbr_reset_shortterm(Bbr *b)
{
    b->bw_shortterm = UINT64_MAX;
    b->inflight_shortterm = UINT32_MAX;
}

void bbr_update_latest(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);
    const TcpRateSample *rs = &b->rate.sample;

    b->loss_round_start = false;
    if (!rs->has_data)
        return;
    b->bw_latest = MAX(b->bw_latest, rs->rate);
    b->inflight_latest = MAX(b->inflight_latest, rs->delivered);
    if (rs->prior_delivered >= b->loss_round_delivered) {
        b->loss_round_delivered = b->rate.delivered;
        b->loss_round_start = true;
    }
}

void bbr_advance_latest(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    if (!b->loss_round_start)
        return;
    b->bw_latest = b->rate.sample.rate;
    b->inflight_latest = b->rate.sample.delivered;
    b->lost_ranges = 0;
}

static bool is_probing_bw(const Bbr *b)
{
    return b->state == BBR_STARTUP || b->state == BBR_PROBE_BW_REFILL ||
           b->state == BBR_PROBE_BW_UP;
}

/* BBRInitLowerBounds(), BBRLossLowerBounds() */
static void adapt_lower_bounds(const Tcb *tcb, Bbr *b)
{
    if (is_probing_bw(b) || !b->is_loss_in_round)
        return;
    if (b->bw_shortterm == UINT64_MAX)
        b->bw_shortterm = b->max_bw;
    if (b->inflight_shortterm == UINT32_MAX)
        b->inflight_shortterm = tcb->cwnd;
    b->bw_shortterm = MAX(b->bw_latest, b->bw_shortterm / 100 * BETA);
    b->inflight_shortterm =
        MAX(b->inflight_latest,
            (uint32_t)((uint64_t)b->inflight_shortterm * BETA / 100));
}

void bbr_update_congestion_signals(Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    update_max_bw(b);
    if (!b->loss_round_start)
        return;
    adapt_lower_bounds(tcb, b);
    /* Startup looks at the round's losses after this: s5.3.1.3. */
    if (b->state != BBR_STARTUP)
        b->is_loss_in_round = false;
}

bool bbr_is_inflight_too_high(const Tcb *tcb, uint32_t lost, uint32_t in_flight)
{
    if (!tcp_has(tcb, TCP_OPT_SACK_OK))
        return lost > 0;
    return (uint64_t)lost * 100 > (uint64_t)in_flight * LOSS_THRESH;
}

void bbr_save_state_upon_loss(const Tcb *tcb)
{
    Bbr *b = bbr_of(tcb);

    bbr_save_cwnd(tcb);
    b->undo_state = BBR_NO_STATE;
    b->undo_bw_shortterm = b->bw_shortterm;
    b->undo_inflight_shortterm = b->inflight_shortterm;
    b->undo_inflight_longterm = b->inflight_longterm;
}

/* BBRNoteLoss() */
static void note_loss(const Tcb *tcb, Bbr *b, const TcpSent *sent)
{
    if (!b->is_loss_in_round) {
        b->loss_round_delivered = b->rate.delivered;
        bbr_save_state_upon_loss(tcb);
        b->lost_ranges = 0;
    }
    b->is_loss_in_round = true;
    if (b->lost_ranges == 0 || sent->seq != b->lost_end)
        b->lost_ranges++;
    b->lost_end = sent->end;
}

/* BBRInflightAtLoss() for one segment: what was in flight when losses crossed
 * the threshold. */
static uint32_t inflight_at_loss(uint32_t in_flight, uint32_t lost)
{
    int64_t before = (int64_t)in_flight - 1, lost_before = (int64_t)lost - 1;
    int64_t prefix =
        (LOSS_THRESH * before - 100 * lost_before) / (100 - LOSS_THRESH);

    return (uint32_t)MAX(before + prefix, 0);
}

/* BBRHandleInflightTooHigh() */
static void handle_too_high(Tcb *tcb, uint32_t in_flight, bool app_limited)
{
    Bbr *b = bbr_of(tcb);

    b->prev_probe_too_high = true;
    b->is_bw_probe_sample = false; /* one reaction for each probe */
    if (!app_limited)
        b->inflight_longterm =
            MAX(in_flight,
                (uint32_t)((uint64_t)bbr_target_inflight(tcb) * BETA / 100));
    if (b->state == BBR_PROBE_BW_UP) {
        b->undo_state = BBR_PROBE_BW_UP;
        bbr_start_probe_bw_down(tcb);
    }
}

/* BBRHandleLostPacket() */
void bbr_lost(Tcb *tcb, const TcpSent *sent)
{
    Bbr *b = bbr_of(tcb);
    const TcpRated *p = (const TcpRated *)sent;
    uint32_t lost = b->rate.lost - p->lost;

    note_loss(tcb, b, sent);
    if (b->is_bw_probe_sample &&
        bbr_is_inflight_too_high(tcb, lost, p->in_flight))
        handle_too_high(tcb, inflight_at_loss(p->in_flight, lost),
                        p->app_limited);
}
