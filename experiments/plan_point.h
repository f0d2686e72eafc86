/* plan_point.h - whether the points of a plan can run. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_POINT_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_POINT_H

#include "plan.h"

/* Checks the topology, the workloads and what is sampled at every point; where
 * the sweep is wrong, what stands without it. */
bool plan_points_check(const Plan *plan, GError **error);

#endif
