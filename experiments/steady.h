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
#include "measured.h"

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
/* Lets MEASURED, which was just begun, keep the order of what is looked at; to
 * be taken back before it goes. */
void steady_keep(Measured *measured);
void steady_forget(Measured *measured);
/* When the slowest of the metrics that MEASURED, which is finished, has
 * followed from time 0 to its plan's end has settled (mser.h).  False, *WARMUP
 * then half the run, when one has not. */
bool steady_warmup(Measured *measured, SimTime *warmup);
/* The batches of what MEASURED has followed from WARMUP to its plan's end. */
Steady *steady_new(Measured *measured, SimTime warmup, bool settled);
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
