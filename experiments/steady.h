/* steady.h - what one long run of a steady experiment says: where its warm-up
 * ended, and the batches that its means have their intervals from.
 *
 * It looks at the metrics that the plan's plots, expectations and stopping rule
 * name: each sample in the order of the run; a population as its means over
 * STEADY_PIECES equal pieces of the time.  Totals have neither warm-up nor
 * batches. */
#ifndef FIRSTBYTE_EXPERIMENTS_STEADY_H
#define FIRSTBYTE_EXPERIMENTS_STEADY_H

#include "batch_means.h"
#include "plan.h"

enum { STEADY_PIECES = 4096 };

typedef struct SteadyMetric {
    MetricId metric;
    BatchMeans batches;
} SteadyMetric;

typedef struct Steady {
    SimTime warmup; /* measured from here on */
    bool settled;   /* the warm-up was over when it was half-way */
    GArray
        *metrics; /* of SteadyMetric, by metric; without a sample: left out */
} Steady;

/* Whether PLAN, a steady one, names a metric that can be looked at. */
bool steady_check(const Plan *plan, GError **error);
/* Lets MEASURE, which was just begun, keep the order of what is looked at; to
 * be taken back before it goes. */
void steady_keep(const Plan *plan, Measure *measure);
void steady_forget(Measure *measure);
/* When the slowest of the metrics that MEASURE has followed from time 0 to
 * PLAN's end has settled (mser.h).  False, *WARMUP then half the run, when one
 * has not. */
bool steady_warmup(const Plan *plan, const Measure *measure, SimTime *warmup);
/* The batches of what MEASURE has followed from WARMUP to PLAN's end. */
Steady *steady_new(const Plan *plan, const Measure *measure, SimTime warmup,
                   bool settled);
/* One without metrics, and the way to give it some, by their numbers. */
Steady *steady_empty(SimTime warmup, bool settled);
void steady_add(Steady *steady, SteadyMetric metric /* taken */);
/* The batches of metric ID, with at least one mean; NULL: there are none.
 * STEADY may be NULL. */
const BatchMeans *steady_batches(const Steady *steady, MetricId id);
/* Settled, and no batch is like its neighbours. */
bool steady_is_good(const Steady *steady);
void steady_free(Steady *steady); /* NULL: nothing to do */

#endif
