/* batch_means.h - an interval from one long run: the means of its batches.
 *
 * Neighbouring observations of a run are correlated; means of long enough
 * batches of them hardly are, and are as good as replications.  How long is
 * found by trying: the size is doubled until von Neumann's ratio of the means
 * no longer shows that neighbours are alike (Fishman, "Grouping observations in
 * digital simulation", Management Science 24, 1978), and then once more at
 * least, until there are no more batches than are of use (Schmeiser, "Batch
 * size effects in the analysis of simulation output", Operations Research 30,
 * 1982: some thirty). */
#ifndef FIRSTBYTE_EXPERIMENTS_BATCH_MEANS_H
#define FIRSTBYTE_EXPERIMENTS_BATCH_MEANS_H

#include <glib.h>
#include <stdbool.h>

enum { BATCHES_LEAST = 32, BATCHES_MOST = 63 }; /* that are made */

typedef struct BatchMeans {
    GArray *means;      /* of double, in the order of the run; owned */
    unsigned size;      /* observations in each; the first few may be in none */
    bool separate;      /* the test did not find them alike */
    double correlation; /* of neighbouring means, estimated */
} BatchMeans;

/* Of the N observations at VALUES, after the warm-up.  Fewer than twice
 * BATCHES_LEAST of them: no means, not separate. */
BatchMeans batch_means(const double *values, size_t n);
void batch_means_clear(BatchMeans *batches);
/* Von Neumann's ratio of N >= 4 numbers that are not all the same (Annals of
 * Mathematical Statistics 12, 1941): the mean squared difference of neighbours
 * over the variance, as a standard normal: about 0 where they are independent,
 * above where neighbours are alike. */
double von_neumann_z(const double *values, size_t n);

#endif
