/* queueing_theory.h - how long a packet waits for a line that datagrams come to
 * at random: link.queue.delay of workloads of kind datagram.
 *
 * With S the time to send one, and rho = rate of arrivals x mean of S:
 *   M/D/1, all equally long:           rho S / (2 (1 - rho))
 *   M/M/1, exponentially distributed:  rho S / (1 - rho)
 * Both are Pollaczek's and Khinchine's formula: rate x mean of S^2 / (2 (1 -
 * rho)).  Exponential lengths are those that are drawn: none less than the
 * headers, none more than the MTU of the line, which at 500 bytes of 1500 is a
 * quarter less of a wait.  Kleinrock, Queueing Systems vol. 1, 1975, s3.2 and
 * s5.5. */
#ifndef FIRSTBYTE_EXPERIMENTS_QUEUEING_THEORY_H
#define FIRSTBYTE_EXPERIMENTS_QUEUEING_THEORY_H

#include "plan.h"

/* The mean wait at POINT of PLAN, ns, of THEORY_MD1 or THEORY_MM1; with
 * THEORY_NONE, of the one that the sizes call for.  METRIC is link.queue.delay,
 * of all lines or of one direction of one, which datagrams may come to over
 * others that have no rate and so keep none waiting.  NAN, with the reason in
 * *WHY (g_free), where it does not hold: other traffic, several lines that they
 * wait for, arrivals that do not come at random, a queue with an end, a run
 * that is not steady. */
double queueing_theory_wait(const Plan *plan, const PlanPoint *point,
                            MetricId metric, PlotTheory theory, char **why);

#endif
