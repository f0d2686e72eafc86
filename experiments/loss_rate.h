/* loss_rate.h - how fast a long TCP connection is on a path that loses packets
 * independently: two published formulas, in segments a second.
 *
 * newreno: J. Padhye, V. Firoiu, D. Towsley, J. Kurose, "Modeling TCP
 * Throughput: A Simple Model and its Empirical Validation", SIGCOMM 1998,
 * equation 30 (its equation 32 is the full model's approximation that is meant
 * here): fast retransmit, time-outs, and the largest window.
 * cubic: RFC 9438 s5.1, equations 5 and 7: the average window, CUBIC's or that
 * of its Reno-friendly region (s4.3), whichever is larger, in each round trip.
 * Neither time-outs nor the smallest windows are in it.
 *
 * Both are of the steady state: no slow start, no end. */
#ifndef FIRSTBYTE_EXPERIMENTS_LOSS_RATE_H
#define FIRSTBYTE_EXPERIMENTS_LOSS_RATE_H

#include "plan.h"

typedef struct LossPath {
    double loss;    /* of a segment, independent of all others */
    double rtt;     /* s */
    double timeout; /* s: the first retransmission time-out, Padhye's T0 */
    double window;  /* the largest, segments, Padhye's Wm */
    double per_ack; /* segments whose ACK opens the window once, Padhye's b */
} LossPath;

double loss_rate_padhye(const LossPath *path);
double loss_rate_cubic(const LossPath *path);

/* What a workload of kind send has to expect at POINT, bit/s of user data, by
 * THEORY_PADHYE, or THEORY_LOSS_RATE: the formula of its congestion control.
 * NAN, with the reason in *WHY (g_free), where there is none: no loss, an
 * algorithm without a formula, a line that is half full, transfers that
 * overlap, and what way_follow() says. */
double loss_rate_goodput(const PlanPoint *point, PlotTheory theory, char **why);

#endif
