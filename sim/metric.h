/* metric.h - what a quantity's samples were: count, mean, variance, extremes,
 * and a histogram from which quantiles are read.
 *
 * Promises: a quantile is within 0.8 % of a value of that rank; count,
 * extremes, mean and variance are exact (integer sums, rounded once, when
 * read).  Merging is exact as well: the same samples give the same Metric, bit
 * for bit, in whatever order and grouping they come, so that a sweep's results
 * do not depend on the number of threads.  A Metric without samples owns no
 * memory.
 *
 * Histogram: 64 buckets an octave (Tene's HdrHistogram, 2012, has the idea); a
 * magnitude below 128 has a bucket of its own, of a greater one the seven
 * leading bits count.  Below zero the same, mirrored. */
#ifndef FIRSTBYTE_SIM_METRIC_H
#define FIRSTBYTE_SIM_METRIC_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quantity.h"

/* One word of the vocabulary of metrics; tables of them end with name NULL. */
typedef struct MetricKey {
    const char *name;     /* "tcp.handshake.latency" */
    QuantityKind unit;    /* samples are whole numbers of its base unit */
    const char *sentence; /* what is measured, from when to when */
    const char *source;   /* "RFC 9293 s3.5", or "" */
} MetricKey;

typedef struct Metric {
    __int128 sum;              /* of the samples; |sum| < 2^127 */
    unsigned __int128 squares; /* sum of squares, modulo 2^128 */
    uint64_t count;
    int64_t min, max;  /* 0 while there is none */
    uint64_t *buckets; /* counts of buckets FIRST .. FIRST + LEN - 1; owned */
    int32_t first, len;
} Metric;

void metric_init(Metric *metric);
void metric_clear(Metric *metric);
void metric_add(Metric *metric, int64_t sample);
/* SAMPLE, TIMES times over: a time-weighted metric adds (value, ns it held). */
void metric_add_many(Metric *metric, int64_t sample, uint64_t times);
/* Adds the samples of FROM, which stays, to INTO. */
void metric_merge(Metric *into, const Metric *from);

/* 0 while there are no samples. */
double metric_mean(const Metric *metric);
/* The unbiased estimate (n - 1); 0 for fewer than two samples.  Holds while the
 * sum of squared distances from the mean is below 2^128. */
double metric_variance(const Metric *metric);
/* The sample of rank ceil(P * count), P in 0 .. 1: the middle of its bucket,
 * but never outside min .. max.  0 while there are none. */
int64_t metric_quantile(const Metric *metric, double p);

/* Walks over the buckets that are not empty, from the least.  *BUCKET is 0 at
 * first; true: *SAMPLE is what the bucket's *COUNT samples were, as of
 * metric_quantile(); false: there are no more. */
bool metric_next(const Metric *metric, int32_t *bucket, int64_t *sample,
                 uint64_t *count);
/* The bucket of the histogram that SAMPLE is counted in, and the least, the
 * greatest and the middle sample of a bucket. */
int32_t metric_bucket(int64_t sample);
int64_t metric_bucket_low(int32_t bucket);
int64_t metric_bucket_high(int32_t bucket);
int64_t metric_bucket_middle(int32_t bucket);

/* A compact form for a database; the caller unrefs.  Numbers are LEB128 (seven
 * bits a byte, lowest first, 128 bits at most), signed ones zigzag:
 *   version 1, count, and unless that is 0: min, max (signed), sum (signed),
 *   squares, then for each bucket that is not empty, in order: its distance
 * from the one before (the first: its number, signed), its count. */
GBytes *metric_to_bytes(const Metric *metric);
/* The same, behind what TO holds. */
void metric_append_bytes(const Metric *metric, GByteArray *to);
/* Fills METRIC, which need not be initialised, from such bytes.  False, METRIC
 * then without samples, when they are not a metric. */
bool metric_from_bytes(Metric *metric, const uint8_t *bytes, size_t len);

#endif
