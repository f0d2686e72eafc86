/* doubts.h - what one should know before believing a point's numbers. */
#ifndef FIRSTBYTE_EXPERIMENTS_DOUBTS_H
#define FIRSTBYTE_EXPERIMENTS_DOUBTS_H

#include "summarise.h"

/* Appends a line for each doubt about a point of PLAN to REPORT, nothing where
 * there is none:
 *   - packets may be lost there, and no run has lost one;
 *   - runs are the same as an earlier one although random numbers were drawn:
 *     what they decide was seen seldom, or not at all. */
void doubts_report(const Plan *plan, const PointSummary *summaries,
                   GString *report);

#endif
