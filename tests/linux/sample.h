/* sample.h - numbers of one kind, and what they are like. */
#ifndef FIRSTBYTE_TESTS_LINUX_SAMPLE_H
#define FIRSTBYTE_TESTS_LINUX_SAMPLE_H

#include <glib.h>

typedef struct Sample {
    GArray *values; /* of double */
} Sample;

void sample_init(Sample *sample);
void sample_clear(Sample *sample);
void sample_add(Sample *sample, double value);
/* The rest is of a sample that has values; the variance, of two at least. */
double sample_mean(const Sample *sample);
double sample_variance(const Sample *sample);
double sample_min(const Sample *sample);
double sample_max(const Sample *sample);
double sample_median(const Sample *sample);
/* The share of its values that are below VALUE. */
double sample_below(const Sample *sample, double value);

#endif
