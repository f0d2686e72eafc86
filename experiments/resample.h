/* resample.h - how far a quantile of the pooled samples would have been
 * elsewhere, had other replications come: the replications are drawn again,
 * with replacement, as often as there are (B. Efron, "Bootstrap Methods:
 * Another Look at the Jackknife", Annals of Statistics 7 (1979) 1-26; whole
 * replications because samples of one are not independent: A. C. Davison, D. V.
 * Hinkley, "Bootstrap Methods and their Application", 1997, s3.8).
 *
 * The interval is between two percentiles of the resampled quantiles, further
 * out than the level says, as Student's t is further out than the normal: T. C.
 * Hesterberg, "What Teachers Should Know About the Bootstrap", The American
 * Statistician 69 (2015) 371-386, s3.3.  It is as wide as the histogram's
 * bucket at least.  Fewer than RESAMPLE_LEAST replications say nothing at 95 %:
 * all are on one side of a median with a chance of 2^(1-n).
 *
 * More than RESAMPLE_SECTIONS replications are drawn in so many groups of
 * neighbours.  The draws are a function of the seed alone. */
#ifndef FIRSTBYTE_EXPERIMENTS_RESAMPLE_H
#define FIRSTBYTE_EXPERIMENTS_RESAMPLE_H

#include <stdbool.h>

#include "history.h"

enum { RESAMPLES = 999, RESAMPLE_SECTIONS = 400 };

typedef struct ResampleInterval {
    double low, high, error; /* infinite where it is not known */
} ResampleInterval;

/* Which replications are drawn: made once for a point, used for each of its
 * metrics. */
typedef struct Resamples Resamples;
Resamples *resamples_new(uint64_t seed, unsigned replications);
void resamples_free(Resamples *resamples); /* NULL: no-op */

/* The samples of HISTORY in the replications of RESAMPLES, which must outlive
 * it: made once for a metric, used for each of its quantiles. */
typedef struct ResampleTable ResampleTable;
ResampleTable *resample_table_new(const Resamples *resamples,
                                  const History *history);
void resample_table_free(ResampleTable *table); /* NULL: no-op */

/* Of the quantile P of TABLE's samples. */
ResampleInterval resample_quantile(const ResampleTable *table, double p,
                                   double level);
/* Of TABLE's minus BASELINE's, of the same resamples: the same replications are
 * drawn of both. */
ResampleInterval resample_difference(const ResampleTable *table,
                                     const ResampleTable *baseline, double p,
                                     double level);
/* Of the quantile P where each replication has one sample: two of the sorted
 * samples, by the binomial distribution (H. A. David, H. N. Nagaraja, "Order
 * Statistics", 2003, s7.1); of the first ROWS of HISTORY. */
ResampleInterval order_statistics(const History *history, unsigned rows,
                                  double p, double level);

#endif
