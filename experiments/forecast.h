/* forecast.h - how much an experiment is, before it is run.
 *
 * One replication of a few points (the first, the one in the middle, the last)
 * is played, the rest is taken to be like them: what lies between two of them
 * is interpolated by the number of the point.  How many runs a stopping rule
 * will ask for is not known before there are some. */
#ifndef FIRSTBYTE_EXPERIMENTS_FORECAST_H
#define FIRSTBYTE_EXPERIMENTS_FORECAST_H

#include "plan.h"

enum { FORECAST_TRIALS = 3 };

/* A replication that was played. */
typedef struct ForecastTrial {
    unsigned point;
    uint64_t events;
    double seconds; /* of one processor */
} ForecastTrial;

typedef struct Forecast {
    ForecastTrial trials[FORECAST_TRIALS];
    unsigned trial_count;
    uint64_t least_runs, most_runs; /* over all points */
    uint64_t items; /* that workloads begin in a run of each point, in all;
                       UINT64_MAX: as many as fit into its time */
    double seconds; /* of one processor, for one run of each point */
    uint64_t bytes; /* of memory that this process, which makes one run at a
                       time, has had at most; 0: the system does not say */
} Forecast;

/* Plays the trials of PLAN here and now. */
void forecast_make(Forecast *forecast, const Plan *plan);

#endif
