/* series_mean.h - a time series over replications: at each sample's time the
 * mean, with Student's t interval. */
#ifndef FIRSTBYTE_EXPERIMENTS_SERIES_MEAN_H
#define FIRSTBYTE_EXPERIMENTS_SERIES_MEAN_H

#include <glib.h>

typedef struct SeriesMoment {
    unsigned runs; /* that have a value at that time */
    double mean;   /* NAN: none has */
    double half;   /* half the width of the interval; INFINITY below two runs */
} SeriesMoment;

/* Of RUNS, each a GArray of double (NAN: no value; the shorter ones have ended
 * before): an array of SeriesMoment, as long as the longest run; the caller
 * unrefs.  LEVEL: 0.95. */
GArray *series_mean(const GPtrArray *runs, double level);

#endif
