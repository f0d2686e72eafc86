/* plan_sweep.h - the axes of a sweep, and the config of each of its points. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_SWEEP_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_SWEEP_H

#include "plan.h"

enum { PLAN_POINTS_MAX = 1000000 };

/* Fills PLAN's axes and number of points from its [sweep]; no points where it
 * is wrong. */
bool plan_sweep_read(Plan *plan, GError **error);
/* PLAN's config with the values of point NUMBER (where there are none, of no
 * point).  The caller config_free()s. */
Config *plan_sweep_config(const Plan *plan, unsigned number);
/* The same with VALUE on AXIS, which is plain. */
Config *plan_sweep_config_at(const Plan *plan, unsigned number, unsigned axis,
                             const char *value);

#endif
