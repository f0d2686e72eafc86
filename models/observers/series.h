/* series.h - a run in time: gauges and metrics at equal distances.
 *
 * What is wanted is a line of text:
 *
 *   link.queue.packets(home -> isp), tcp.cwnd(web:80), drops every 100 ms
 *
 * Each is a gauge or a metric, with what it is of in parentheses (select.h); a
 * metric stands for what it was since the sample before: of one
 * that counts, how many there were; else the mean of its samples, of a
 * population weighted by time.
 *
 * Samples are taken at whole multiples of the distance, after everything that
 * happens at that time, from outside: between events, so that a run is the same
 * whether it is sampled or not.  Where there is nothing to sample the value is
 * NAN. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_SERIES_H
#define FIRSTBYTE_MODELS_OBSERVERS_SERIES_H

#include "select.h"

typedef struct SeriesPlan {
    SimTime every;   /* > 0 */
    GPtrArray *keys; /* of SelectKey *, at least one */
} SeriesPlan;

/* Reads such a line.  NULL, with *WHY (g_free), when it is none. */
SeriesPlan *series_plan_new(const char *text, char **why);
void series_plan_free(SeriesPlan *plan);
static inline const SelectKey *series_key(const SeriesPlan *plan, unsigned i)
{
    return g_ptr_array_index(plan->keys, i);
}
/* When sample number NUMBER (from 0) of a run that is sampled from FROM on is
 * taken. */
SimTime series_time(const SeriesPlan *plan, SimTime from, unsigned number);

typedef struct Series Series;

/* PLAN's series of NETWORK, its workloads called WORKLOADS (of char *), and
 * MEASURE, which outlive it, from FROM on.  NULL, with *WHY (g_free), when
 * there is no such thing.  MEASURE may be NULL where PLAN is only to be
 * checked. */
Series *series_new(const SeriesPlan *plan, const Network *network,
                   const GPtrArray *workloads, Measure *measure, SimTime from,
                   char **why);
/* Runs SIM until UNTIL as sim_run() would, and takes the samples on the way:
 * with SIM_NEVER the last one is not after the last event. */
void series_run(Series *series, Sim *sim, SimTime until);
/* The samples, the caller's: an array (GArray of double, in the base unit) for
 * each series, all equally long.  SERIES is freed. */
GPtrArray *series_finish(Series *series);

#endif
