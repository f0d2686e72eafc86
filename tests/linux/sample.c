/* sample.c - see sample.h. */
#include "sample.h"

#include <math.h>

static double value_at(const Sample *sample, unsigned i)
{
    return g_array_index(sample->values, double, i);
}

void sample_init(Sample *sample)
{
    sample->values = g_array_new(FALSE, FALSE, sizeof(double));
}

void sample_clear(Sample *sample) { g_array_free(sample->values, TRUE); }

void sample_add(Sample *sample, double value)
{
    g_array_append_val(sample->values, value);
}

double sample_mean(const Sample *sample)
{
    double sum = 0;

    for (unsigned i = 0; i < sample->values->len; i++)
        sum += value_at(sample, i);
    return sum / sample->values->len;
}

double sample_variance(const Sample *sample)
{
    double mean = sample_mean(sample), squares = 0;

    for (unsigned i = 0; i < sample->values->len; i++) {
        double off = value_at(sample, i) - mean;

        squares += off * off;
    }
    return squares / (sample->values->len - 1.0);
}

double sample_min(const Sample *sample)
{
    double least = INFINITY;

    for (unsigned i = 0; i < sample->values->len; i++)
        least = fmin(least, value_at(sample, i));
    return least;
}

double sample_max(const Sample *sample)
{
    double most = -INFINITY;

    for (unsigned i = 0; i < sample->values->len; i++)
        most = fmax(most, value_at(sample, i));
    return most;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double sample_median(const Sample *sample)
{
    g_array_sort(sample->values, compare);
    return value_at(sample, sample->values->len / 2);
}

double sample_below(const Sample *sample, double value)
{
    unsigned below = 0;

    for (unsigned i = 0; i < sample->values->len; i++)
        below += value_at(sample, i) < value;
    return (double)below / sample->values->len;
}
