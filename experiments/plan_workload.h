/* plan_workload.h - the workloads of a plan: their keys at a point, the files
 * of arrivals that they name, and whether they can run there. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_WORKLOAD_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_WORKLOAD_H

#include "plan.h"

/* Finds the [workload NAME]s of PLAN's config: at least one.  Their keys are
 * checked one by one: what must be given may be swept. */
bool plan_workloads_find(Plan *plan, GError **error);
/* Fills WORKLOAD, whose name is set, from POINT's config.  A trace is read when
 * the first point names it, and kept with PLAN; points are made on one thread
 * at a time. */
bool plan_workload_read(const Plan *plan, const PlanPoint *point,
                        PlanWorkload *workload, GError **error);
/* Whether the workloads of POINT can run in NETWORK, built of its topology, and
 * come to an end. */
bool plan_workloads_check(const Plan *plan, const PlanPoint *point,
                          Network *network, GError **error);

/* The files that were read for it: number INDEX from 0, NULL after the last. */
const TopologyFile *plan_trace_file(const Plan *plan, unsigned index);
void plan_trace_free(gpointer trace); /* of Plan.traces */

#endif
