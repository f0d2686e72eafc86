/* plan_axis.h - the lines of [sweep], and the [case NAME] groups they name.
 *
 *   [sweep]
 *   link home -- isp.rate = 10 Mbit/s, 100 Mbit/s    an axis
 *   with link home -- isp.delay = 20 ms, 5 ms        that moves with it
 *   case = old, new                                  an axis of alternatives
 *
 *   [case old]
 *   tcp.profile = rfc                                what one of them sets
 *   tcp.initial_window = 4380 B
 *
 * No key may be set by two axes. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_AXIS_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_AXIS_H

#include "plan.h"

/* Fills PLAN's axes from its [sweep]; its config is there. */
bool plan_axes_read(Plan *plan, GError **error);
void plan_axis_free(gpointer axis);

#endif
