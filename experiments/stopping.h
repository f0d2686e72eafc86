/* stopping.h - whether a point has been repeated often enough. */
#ifndef FIRSTBYTE_EXPERIMENTS_STOPPING_H
#define FIRSTBYTE_EXPERIMENTS_STOPPING_H

#include "estimate.h"
#include "stop_rule.h"

/* After how many runs a point that has N is looked at next: at the minimum,
 * then a tenth more each time or each batch, and at the maximum, beyond which
 * there is none. */
unsigned stopping_next_look(const Plan *plan, unsigned n);
/* Whether a point that has N runs is looked at. */
bool stopping_looks(const Plan *plan, unsigned n);
/* Whether PLAN's stopping rule holds for the runs of POINT so far, and those of
 * the points it is compared with.  A point where packets may be lost needs
 * [replicate] rare replications that lost or repeated one: an interval that has
 * not seen the rare event is confidently wrong.  For the same reason a clause
 * whose interval has no width, at a point whose runs are not all the same one,
 *   - does not hold when it is relative to a value of 0;
 *   - of a total or a count() holds when the interval that as many runs without
 *     any event allow (the exact one of Poisson's mean: F. Garwood, Biometrika
 *     28 (1936) 437-442; 0 to -ln((1 - level) / 2) / runs) is narrow enough;
 *   - of samples, which are all alike in all runs, holds. */
bool stopping_holds(const Plan *plan, const PointSummary *summaries,
                    unsigned point);
/* How many runs POINT will have had when it holds: a guess, for progress. */
double stopping_expected(const Plan *plan, const PointSummary *summaries,
                         unsigned point);

#endif
