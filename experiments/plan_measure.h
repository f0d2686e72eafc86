/* plan_measure.h - how long a run is, and what of it is measured, from when to
 * when. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_MEASURE_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_MEASURE_H

#include "plan.h"

/* Reads [run] and [measure] into PLAN->run, PLAN->measure and PLAN->series. */
bool plan_measure_read(Plan *plan, GError **error);
/* Whether NETWORK, of one of PLAN's points, has what is to be sampled. */
bool plan_measure_check(const Plan *plan, const Network *network,
                        GError **error);
void plan_measure_clear(Plan *plan);

#endif
