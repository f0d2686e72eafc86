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
 * not seen the rare event is confidently wrong. */
bool stopping_holds(const Plan *plan, const PointSummary *summaries,
                    unsigned point);
/* How many runs POINT will have had when it holds: a guess, for progress. */
double stopping_expected(const Plan *plan, const PointSummary *summaries,
                         unsigned point);

#endif
