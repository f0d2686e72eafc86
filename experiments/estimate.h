/* estimate.h - what the runs say about an estimand, and how sure that is.
 *
 *   mean, count       Student's t over replications
 *   failures          Wilson's score (proportion.h)
 *   quantiles         of the pooled samples; replications resampled, or order
 *                     statistics where each has one sample (resample.h)
 *   differences       over the replications that both points have, R of one
 *                     with R of the other, since by default they see the same
 *                     random numbers: Student's t of the differences; quantiles
 *                     resampled together; of shares the two Wilson intervals,
 *                     put together with their correlation (R. G. Newcombe,
 *                     Statistics in Medicine 17 (1998) 2635-2650, method 10; G.
 *                     Y. Zou, A. Donner, the same 27 (2008) 1693-1702)
 *
 * The level of all intervals is the stopping rule's (95 % without one).
 *
 * Quantiles and differences need the history of the replications, which a point
 * has until it is settled: then the plan's estimands, and of every metric the
 * quantiles of ESTIMATE_QUANTILES, are worked out and kept, and the histories
 * go as soon as no difference waits for them. */
#ifndef FIRSTBYTE_EXPERIMENTS_ESTIMATE_H
#define FIRSTBYTE_EXPERIMENTS_ESTIMATE_H

#include "estimand.h"
#include "summarise.h"

typedef struct Estimate {
    /* In estimand_unit(); NAN: there is nothing to estimate it from. */
    double value;
    /* Of the interval.  Infinite: the data bound it not on that side, too few
     * as they are.  NAN: there is no interval (extremes). */
    double low, high;
    double level;
    double error;          /* standard error (of a share: half the interval's
                              width over the normal quantile of the level);
                              INFINITY where it is not known */
    const char *method;    /* of the interval; static, "" for none */
    unsigned replications; /* that it rests on */
    uint64_t n;            /* samples; failures(): items; population: runs */
    uint64_t failures;     /* beside the samples of the metric */
    bool converged;        /* the point */
} Estimate;

enum { ESTIMATE_QUANTILES = 3 };
extern const double estimate_quantiles[ESTIMATE_QUANTILES]; /* 0.5 0.9 0.99 */

/* Of POINT of PLAN, one of SUMMARIES.  Of a point that is settled an estimand
 * that PLAN does not want (estimand_want()) may have no interval. */
Estimate estimate_of(const Plan *plan, const PointSummary *summaries,
                     unsigned point, const Estimand *estimand);
/* Half the distance of its ends; INFINITY where there is no interval. */
double estimate_half_width(const Estimate *estimate);
/* POINT gets no more runs. */
void estimate_settle(const Plan *plan, PointSummary *summaries, unsigned point);

#endif
