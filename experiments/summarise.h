/* summarise.h - runs of a point become estimates with intervals.
 *
 * The replication is the unit of analysis: samples inside a run are not
 * independent.  A mean is the mean of the replications' means; quantiles and
 * extremes are the pooled samples'.  estimate.h gives all of them with their
 * intervals.  Runs are added in the order of their replications, so
 * that the answer does not depend on the number of threads. */
#ifndef FIRSTBYTE_EXPERIMENTS_SUMMARISE_H
#define FIRSTBYTE_EXPERIMENTS_SUMMARISE_H

#include "history.h"
#include "plan.h"
#include "proportion.h"
#include "steady.h"

typedef struct MetricSummary {
    Metric pooled;
    uint64_t failures;
    unsigned replications; /* that have a sample */
    double mean, m2;       /* of their means, by Welford's recurrence */
    double count_squares;  /* sum over replications of samples squared */
    Proportion items;      /* samples and failures */
    bool batches;          /* `replications` are batches of them */
    bool population;       /* it is observed all the time */
    History *history;      /* NULL while there is nothing, and when the point
                              is settled (estimate.h) */
} MetricSummary;

typedef struct PointSummary {
    unsigned replications;
    unsigned rare; /* replications that lost a packet or sent one again */
    unsigned same; /* replications that were the same run as an earlier one */
    bool random;   /* random numbers decided something in a run */
    bool lossy;    /* a packet may be lost at this point */
    bool converged;
    unsigned unsteady; /* replications that did not settle: steady.h */
    bool settled;
    GArray *estimates;     /* estimate.h's, of a point that is settled */
    unsigned metric_count; /* plan_metrics() */
    MetricSummary *metrics;
} PointSummary;

/* Of a point of PLAN; NULL: of one that selects no metrics. */
void summary_init(PointSummary *summary, const Plan *plan);
void summary_clear(PointSummary *summary);
/* Adds the next replication: its METRICS and FAILURES, `metric_count` long
 * each, and of a steady one the batches, each of which counts like a
 * replication. */
void summary_add(PointSummary *summary, const Metric *metrics,
                 const uint64_t *failures, const Steady *steady /* or NULL */);
/* Half the width of the interval of the mean at LEVEL; INFINITY for fewer than
 * two replications. */
double summary_half_width(const MetricSummary *summary, double level);
/* Standard error of the mean; INFINITY for fewer than two replications. */
double summary_standard_error(const MetricSummary *summary);
/* The estimate itself, in the metric's base unit (FAILURES: a share); NAN when
 * there is nothing to estimate it from. */
double summary_value(const MetricSummary *summary, Statistic statistic);
/* How many observations the estimates of a metric rest on: samples, but of a
 * population, which is observed all the time, runs. */
uint64_t summary_count(const MetricSummary *summary);
/* "no"; "yes"; or "fixed", where PLAN has no stopping rule, and the point the
 * number of runs that it gives instead. */
const char *summary_convergence(const Plan *plan, bool converged);
/* How many of what metric ID is of had begun and not ended when POINT's runs
 * did; 0 also where that is not counted. */
uint64_t summary_unfinished(const PointSummary *point, MetricId id);
#endif
