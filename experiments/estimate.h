/* estimate.h - what the runs say about an estimand, and how sure that is.
 *
 * The level of all intervals is the stopping rule's (95 % without one). */
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
    double error;          /* standard error; INFINITY where it is not known */
    const char *method;    /* of the interval; static, "" for none */
    unsigned replications; /* that it rests on */
    uint64_t n;            /* samples; failures(): items; population: runs */
    uint64_t failures;     /* beside the samples of the metric */
    bool converged;        /* the point */
} Estimate;

/* Of POINT of PLAN, one of SUMMARIES. */
Estimate estimate_of(const Plan *plan, const PointSummary *summaries,
                     unsigned point, const Estimand *estimand);
/* Half the distance of its ends; INFINITY where there is no interval. */
double estimate_half_width(const Estimate *estimate);

#endif
