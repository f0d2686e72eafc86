/* mser.c - one pass from the end: the sums of what is left behind each cut. */
#include "mser.h"

static double mean_of_five(const double *values)
{
    double sum = 0;

    for (unsigned i = 0; i < MSER_MEAN_OF; i++)
        sum += values[i];
    return sum / MSER_MEAN_OF;
}

bool mser5(const double *values, size_t n, size_t *cut)
{
    size_t k = n / MSER_MEAN_OF, best = k;
    double mean = 0, m2 = 0, least = 0; /* of the means behind the cut */

    *cut = k / 2 * MSER_MEAN_OF;
    if (n < MSER_LEAST)
        return false;
    for (size_t d = k; d-- > 0;) {
        double left = (double)(k - d);
        double step = mean_of_five(values + d * MSER_MEAN_OF) - mean;
        double mser;

        mean += step / left;
        m2 += step * (left - 1) / left * step;
        mser = m2 / (left * left);
        /* Fewer than five means tell nothing; of equal ones the first cut. */
        if (left >= 5 && (best == k || mser <= least)) {
            least = mser;
            best = d;
        }
    }
    if (best > k / 2)
        return false;
    *cut = best * MSER_MEAN_OF;
    return true;
}
