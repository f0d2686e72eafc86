/* littles_law.h - how many connections are in TIME-WAIT, exactly: their rate
 * times the duration (Little, "A proof for the queuing formula L = lambda W",
 * 1961).
 *
 * The duration is [tcp] time_wait; with the kernel's timer wheel it ends at the
 * next boundary of a step of the wheel, half a step later on average, because
 * the hosts' clocks are at random places of it. */
#ifndef FIRSTBYTE_EXPERIMENTS_LITTLES_LAW_H
#define FIRSTBYTE_EXPERIMENTS_LITTLES_LAW_H

#include "plan.h"

/* The mean number at POINT while PLAN measures.  NAN, with the reason in *WHY
 * (g_free), where it does not hold: workloads that do more than connect or all
 * at once, packets that may be lost, a measurement that begins before the first
 * TIME-WAIT has ended or goes on after the last connection. */
double littles_law_time_wait(const Plan *plan, const PlanPoint *point,
                             char **why);

#endif
