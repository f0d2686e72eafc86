/* batch_means.c - batches, doubled until they stand by themselves. */
#include "batch_means.h"

#include <math.h>
#include <string.h>

/* Neighbours are called alike where chance alone would make them so in one of
 * ten cases: the 90th percentile of the standard normal. */
static const double alike_above = 1.2815515655446004;

/* Sums over the N numbers at VALUES: squared distances from the mean, and
 * squared differences of neighbours. */
static void squares(const double *values, size_t n, double *around,
                    double *between)
{
    double mean = 0;

    *around = *between = 0;
    for (size_t i = 0; i < n; i++)
        mean += (values[i] - mean) / (double)(i + 1);
    for (size_t i = 0; i < n; i++) {
        *around += (values[i] - mean) * (values[i] - mean);
        if (i > 0)
            *between +=
                (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
    }
}

double von_neumann_z(const double *values, size_t n)
{
    double count = (double)n, around, between;

    squares(values, n, &around, &between);
    /* 1 - ratio / 2 has the mean 0 and this variance. */
    return (1 - between / (2 * around)) *
           sqrt((count * count - 1) / (count - 2));
}

static double neighbours(const double *values, size_t n)
{
    double around, between, ends;

    squares(values, n, &around, &between);
    if (around <= 0)
        return 0;
    ends = values[0] - values[n - 1];
    return 1 - (between + ends * ends) / (2 * around);
}

/* Leaves the means of pairs in VALUES; of an odd number the first is dropped.
 * How many there are. */
static size_t halve(double *values, size_t n)
{
    size_t odd = n % 2;

    for (size_t i = 0; i < n / 2; i++)
        values[i] = (values[odd + 2 * i] + values[odd + 2 * i + 1]) / 2;
    return n / 2;
}

static bool all_same(const double *values, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (values[i] != values[0])
            return false;
    return true;
}

BatchMeans batch_means(const double *values, size_t n)
{
    BatchMeans batches = {.means = g_array_new(FALSE, FALSE, sizeof(double)),
                          .size = 1};
    double *means;

    if (n < 2 * BATCHES_LEAST)
        return batches;
    means = g_new(double, n);
    memcpy(means, values, n * sizeof *means);
    while (n >= 2 * BATCHES_LEAST) {
        batches.separate = batches.separate || all_same(means, n) ||
                           von_neumann_z(means, n) < alike_above;
        n = halve(means, n);
        batches.size *= 2;
    }
    batches.correlation = neighbours(means, n);
    g_array_append_vals(batches.means, means, (guint)n);
    g_free(means);
    return batches;
}

void batch_means_clear(BatchMeans *batches)
{
    if (batches->means != NULL)
        g_array_unref(batches->means);
    *batches = (BatchMeans){0};
}
