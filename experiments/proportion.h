/* proportion.h - intervals of a share: k of n failed.
 *
 * Of independent items: E. B. Wilson, "Probable Inference, the Law of
 * Succession, and Statistical Inference", JASA 22 (1927) 209-212; it is never
 * of no width, not even where none or all failed.
 *
 * Items of one replication are not independent.  How much less they tell is the
 * design effect: the variance of the share as the replications show it (a ratio
 * estimator: W. G. Cochran, "Sampling Techniques", 1977, s2.11), over that of
 * independent items.  The items are counted as so many fewer, and for the
 * degrees of freedom of that variance by (z / t)^2 fewer (E. L. Korn, B. I.
 * Graubard, Survey Methodology 24 (1998) 193-201; with Wilson's interval: N.
 * Dean, M. Pagano, J. of Survey Statistics and Methodology 3 (2015) 484-503).
 * They are never counted as more than they are.  Where none or all failed the
 * data do not say how dependent items are, and each replication counts as one
 * item. */
#ifndef FIRSTBYTE_EXPERIMENTS_PROPORTION_H
#define FIRSTBYTE_EXPERIMENTS_PROPORTION_H

#include <stdbool.h>

/* Sums over replications that have items: N of them, of which F failed. */
typedef struct Proportion {
    double n, f, nn, ff, nf;
    unsigned replications;
    bool single; /* no replication has more than one item */
} Proportion;

void proportion_init(Proportion *proportion);
/* Adds a replication; one without items is none. */
void proportion_add(Proportion *proportion, double n, double f);
/* NAN when there are no items. */
double proportion_share(const Proportion *proportion);
/* As how many independent items they count at LEVEL; 0 for none. */
double proportion_effective(const Proportion *proportion, double level);
/* Wilson's interval at LEVEL of SHARE among N (> 0, need not be whole) items.
 */
void proportion_wilson(double share, double n, double level, double *low,
                       double *high);

#endif
