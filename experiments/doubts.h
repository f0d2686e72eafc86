/* doubts.h - what one should know before believing a point's numbers. */
#ifndef FIRSTBYTE_EXPERIMENTS_DOUBTS_H
#define FIRSTBYTE_EXPERIMENTS_DOUBTS_H

#include "summarise.h"

/* Appends a line for each doubt about a point of PLAN to REPORT, nothing where
 * there is none:
 *   - packets may be lost there, and no run has lost one;
 *   - of what a metric that PLAN wants is of, some had not ended when the runs
 *     did, so that the slow ones are missing; where the measurement does not
 *     begin with the run, so that what began before it counts as well, only
 *     when they are more than a hundredth;
 *   - all of that failed, or none ended;
 *   - runs are the same as an earlier one although random numbers were drawn:
 *     what they decide was seen seldom, or not at all. */
void doubts_report(const Plan *plan, const PointSummary *summaries,
                   GString *report);

/* "114 of at least 1000 runs, 8 of 10 points not run; `firstbyte run --resume`
 * goes on", of results that are not whole; the caller g_free()s. */
char *doubts_unfinished(const Plan *plan, const PointSummary *summaries);

#endif
