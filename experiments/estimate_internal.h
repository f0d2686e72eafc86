/* estimate_internal.h - what the files of estimate.h share. */
#ifndef FIRSTBYTE_EXPERIMENTS_ESTIMATE_INTERNAL_H
#define FIRSTBYTE_EXPERIMENTS_ESTIMATE_INTERNAL_H

#include "estimate.h"
#include "resample.h"

/* What is being worked out for PLAN's SUMMARIES; the replications to draw, and
 * the samples of one metric, are kept from one estimate to the next.  To begin
 * with {plan, summaries}. */
typedef struct Estimation {
    const Plan *plan;
    const PointSummary *summaries;
    Resamples *resamples; /* of the first `resampled` replications, or NULL */
    unsigned resampled;
    ResampleTable *table; /* of the first `resampled` of `tabled`, or NULL */
    const History *tabled;
} Estimation;

void estimation_clear(Estimation *estimation);
/* Draws for the first REPLICATIONS. */
const Resamples *estimation_resamples(Estimation *estimation,
                                      unsigned replications);
/* What HISTORY has in the first REPLICATIONS; until the next call. */
const ResampleTable *estimation_table(Estimation *estimation,
                                      unsigned replications,
                                      const History *history);
/* With interval, as far as the histories are there. */
Estimate estimation_make(Estimation *estimation, unsigned point,
                         const Estimand *estimand);
/* The same of a difference, whose baseline is another point. */
void estimation_difference(Estimation *estimation, unsigned point,
                           const Estimand *estimand, Estimate *estimate);
/* ESTIMATE's value plus and minus t standard ERRORs of N observations. */
void estimate_student(Estimate *estimate, const char *method, double error,
                      double n);
/* The standard error that an interval of a share, which is not even to both
 * sides, stands for: half its width over the normal quantile of its level.
 * Unlike sqrt(p q / n) it is not 0 where none or all failed. */
double estimate_error_of_width(const Estimate *estimate);

#endif
