/* tcp_bbr.h - what the files of BBR share: its memory, by the names of
 * draft-ietf-ccwg-bbr-06 s2 (BBRv3).
 *
 * Volumes are segments, UINT32_MAX: infinite; rates bytes a second, UINT64_MAX:
 * infinite; gains percent. */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_BBR_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_BBR_H

#include "tcp_rate.h"

typedef enum BbrState {
    BBR_STARTUP,
    BBR_DRAIN,
    BBR_PROBE_BW_DOWN,
    BBR_PROBE_BW_CRUISE,
    BBR_PROBE_BW_REFILL,
    BBR_PROBE_BW_UP,
    BBR_PROBE_RTT,
    BBR_NO_STATE /* undo_state: None */
} BbrState;

typedef enum BbrAckPhase {
    ACKS_INIT,
    ACKS_REFILLING,
    ACKS_PROBE_STARTING,
    ACKS_PROBE_FEEDBACK,
    ACKS_PROBE_STOPPING
} BbrAckPhase;

enum { BBR_MIN_PIPE_CWND = 4 }; /* s2.8 */

typedef struct Bbr {
    TcpRate rate;
    uint64_t pacing_rate;
    uint64_t max_bw, bw;
    uint64_t max_bw_filter[2]; /* of the cycle before, and of this one */
    uint64_t bw_shortterm, bw_latest, full_bw;
    uint64_t undo_bw_shortterm;
    SimTime min_rtt, min_rtt_stamp; /* SIM_NEVER: none yet */
    SimTime probe_rtt_min_delay, probe_rtt_min_stamp;
    SimTime probe_rtt_done_stamp; /* 0: not known */
    SimTime cycle_stamp, bw_probe_wait;
    SimTime extra_acked_interval_start;
    uint32_t inflight_shortterm, inflight_longterm, inflight_latest;
    uint32_t undo_inflight_shortterm, undo_inflight_longterm;
    uint32_t prior_cwnd;
    uint32_t round_count, next_round_delivered, loss_round_delivered;
    uint32_t drain_start_round;
    uint32_t extra_acked_delivered;
    uint32_t extra_acked[2];    /* the most in two windows of rounds */
    uint32_t extra_acked_round; /* in which the second one began */
    uint32_t bw_probe_up_acked, probe_up_acked_per_inc;
    uint32_t rounds_since_probe_up;
    uint32_t lost_end;    /* of the last segment lost */
    uint32_t lost_ranges; /* in the round, discontiguous */
    uint32_t draws;       /* random numbers taken */
    uint8_t bw_probe_up_rounds, full_bw_count;
    uint8_t state, undo_state, ack_phase; /* BbrState, BbrAckPhase */
    bool recovering;      /* InLossRecovery(), before this ACK */
    bool recovered_round; /* ... for a whole round */
    bool round_start, loss_round_start;
    bool idle_restart, is_loss_in_round, is_bw_probe_sample;
    bool full_bw_reached, full_bw_now;
    bool prev_probe_too_high, prev_probe_precautionary;
    bool probe_rtt_expired, probe_rtt_round_done;
} Bbr;

static inline Bbr *bbr_of(const Tcb *tcb) { return tcb->cc; }
static inline bool bbr_is_in_probe_bw(const Bbr *b)
{
    return b->state >= BBR_PROBE_BW_DOWN && b->state <= BBR_PROBE_BW_UP;
}

/* tcp_cc_bbr.c */
/* GAIN % of the estimated BDP, in segments. */
uint32_t bbr_bdp_multiple(const Tcb *tcb, uint64_t bw, uint32_t gain);
/* BBRInflight(): the same with what offload and delayed ACKs need. */
uint32_t bbr_inflight(const Tcb *tcb, uint32_t gain);
uint32_t bbr_probe_rtt_cwnd(const Tcb *tcb);
/* Pacing at GAIN %. */
void bbr_set_pacing_rate(const Tcb *tcb, uint32_t gain);
void bbr_save_cwnd(const Tcb *tcb);
void bbr_restore_cwnd(Tcb *tcb);

/* tcp_bbr_model.c: s5.5 */
void bbr_start_round(Bbr *b);
void bbr_reset_congestion_signals(Bbr *b);
void bbr_reset_shortterm(Bbr *b);
void bbr_advance_max_bw_filter(Bbr *b);
void bbr_update_latest(Tcb *tcb);
void bbr_update_congestion_signals(Tcb *tcb);
void bbr_update_aggregation(Tcb *tcb);
void bbr_update_min_rtt(Tcb *tcb);
void bbr_advance_latest(Tcb *tcb);
void bbr_bound_bw(Bbr *b);
bool bbr_is_inflight_too_high(const Tcb *tcb, uint32_t lost,
                              uint32_t in_flight);
void bbr_save_state_upon_loss(const Tcb *tcb);
/* SENT is taken for lost. */
void bbr_lost(Tcb *tcb, const TcpSent *sent);

/* tcp_bbr_states.c: s5.3 */
void bbr_enter_startup(Bbr *b);
void bbr_reset_full_bw(Bbr *b);
void bbr_check_full_bw(Tcb *tcb);
void bbr_check_startup_done(Tcb *tcb);
void bbr_check_drain_done(Tcb *tcb);
void bbr_update_probe_bw(Tcb *tcb);
void bbr_check_probe_rtt(Tcb *tcb);
void bbr_check_probe_rtt_done(Tcb *tcb);
void bbr_start_probe_bw_refill(Bbr *b);
void bbr_start_probe_bw_down(Tcb *tcb);
uint32_t bbr_inflight_with_headroom(const Bbr *b);
uint32_t bbr_target_inflight(const Tcb *tcb);

#endif
