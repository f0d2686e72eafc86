/* resample.c - replications drawn again. */
#include "resample.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/rng.h"

struct Resamples {
    unsigned replications, sections;
    unsigned width; /* of a row: `sections`, and zeros up to a multiple of 4 */
    double *times;  /* RESAMPLES rows: how often each section was drawn */
};

static const ResampleInterval unknown = {-INFINITY, INFINITY, INFINITY};

/* --- drawing -------------------------------------------------------------- */

Resamples *resamples_new(uint64_t seed, unsigned replications)
{
    Resamples *resamples = g_new(Resamples, 1);
    StreamKey key = stream_key(seed, "replications", "resampling");
    unsigned sections = MIN(replications, RESAMPLE_SECTIONS);

    resamples->replications = replications;
    resamples->sections = sections;
    resamples->width = (sections + 3) / 4 * 4;
    resamples->times = g_new0(double, (size_t)RESAMPLES * resamples->width);
    for (uint32_t b = 0; b < RESAMPLES; b++) {
        double *times = resamples->times + (size_t)b * resamples->width;
        uint32_t words[4] = {0};

        for (uint32_t i = 0; i < sections; i++) {
            uint32_t counter[4] = {b, i / 4, 0, 0};

            if (i % 4 == 0)
                philox(key, counter, words);
            times[(uint64_t)words[i % 4] * sections >> 32]++;
        }
    }
    return resamples;
}

void resamples_free(Resamples *resamples)
{
    if (resamples == NULL)
        return;
    g_free(resamples->times);
    g_free(resamples);
}

/* --- the samples, by bucket and section ----------------------------------- */

struct ResampleTable {
    const Resamples *resamples;
    unsigned buckets;
    int32_t *bucket; /* in rising order */
    double
        *cumulative; /* BUCKETS rows like those of `times`: samples up to it */
    double samples;  /* of all */
    double drawn[RESAMPLES]; /* samples in each resample */
};

/* ROW's bin I; a single sample is one bin. */
static HistoryBin row_bin(const History *history, const HistoryRow *row,
                          unsigned i)
{
    if (row->bins > 0)
        return g_array_index(history->bins, HistoryBin, row->first + i);
    return (HistoryBin){metric_bucket((int64_t)row->mean), row->count};
}

static unsigned row_bins(const HistoryRow *row)
{
    return row->bins > 0 ? row->bins : row->count > 0;
}

/* Finds the buckets that any of the first ROWS has.  The place of bucket B
 * among them is at (*PLACES)[B - least], least being the first's. */
static void find_buckets(ResampleTable *table, const History *history,
                         unsigned rows, unsigned **places)
{
    int32_t low = INT32_MAX, high = INT32_MIN;
    size_t span;

    for (unsigned r = 0; r < rows; r++) {
        const HistoryRow *row = history_row(history, r);

        if (row_bins(row) == 0)
            continue;
        low = MIN(low, row_bin(history, row, 0).bucket);
        high = MAX(high, row_bin(history, row, row_bins(row) - 1).bucket);
    }
    span = low <= high ? (size_t)(high - low) + 1 : 0;
    *places = g_new0(unsigned, span);
    for (unsigned r = 0; r < rows; r++) {
        const HistoryRow *row = history_row(history, r);

        for (unsigned i = 0; i < row_bins(row); i++)
            (*places)[row_bin(history, row, i).bucket - low] = 1;
    }
    table->bucket = g_new(int32_t, span);
    for (size_t i = 0; i < span; i++)
        if ((*places)[i] != 0) {
            table->bucket[table->buckets] = low + (int32_t)i;
            (*places)[i] = table->buckets++;
        }
}

static void count_row(ResampleTable *table, const History *history,
                      const HistoryRow *row, const unsigned *places)
{
    const Resamples *resamples = table->resamples;
    size_t section = (uint64_t)row->replication * resamples->sections /
                     resamples->replications;

    for (unsigned i = 0; i < row_bins(row); i++) {
        HistoryBin bin = row_bin(history, row, i);
        size_t place = places[bin.bucket - table->bucket[0]];

        table->cumulative[place * resamples->width + section] +=
            (double)bin.count;
        table->samples += (double)bin.count;
    }
}

/* Two numbers that the processor multiplies and adds at once. */
typedef double Lanes __attribute__((vector_size(16), aligned(8), may_alias));

/* N is a multiple of 4. */
static double weighted(const double *values, const double *times, unsigned n)
{
    Lanes sum[2] = {{0}};

    for (unsigned i = 0; i < n; i += 4) {
        sum[0] += *(const Lanes *)(values + i) * *(const Lanes *)(times + i);
        sum[1] +=
            *(const Lanes *)(values + i + 2) * *(const Lanes *)(times + i + 2);
    }
    return sum[0][0] + sum[0][1] + sum[1][0] + sum[1][1];
}

/* How many samples the first K + 1 buckets have in resample B. */
static double samples_up_to(const ResampleTable *table, unsigned k, unsigned b)
{
    size_t width = table->resamples->width;

    return weighted(table->cumulative + k * width,
                    table->resamples->times + b * width, (unsigned)width);
}

ResampleTable *resample_table_new(const Resamples *resamples,
                                  const History *history)
{
    ResampleTable *table = g_new0(ResampleTable, 1);
    unsigned rows = history_rows(history, resamples->replications);
    size_t width = resamples->width;
    unsigned *places;

    table->resamples = resamples;
    find_buckets(table, history, rows, &places);
    table->cumulative = g_new0(double, table->buckets *width);
    for (unsigned r = 0; r < rows; r++)
        count_row(table, history, history_row(history, r), places);
    g_free(places);
    for (size_t i = width; i < table->buckets * width; i++)
        table->cumulative[i] += table->cumulative[i - width];
    for (unsigned b = 0; table->buckets > 0 && b < RESAMPLES; b++)
        table->drawn[b] = samples_up_to(table, table->buckets - 1, b);
    return table;
}

void resample_table_free(ResampleTable *table)
{
    if (table == NULL)
        return;
    g_free(table->bucket);
    g_free(table->cumulative);
    g_free(table);
}

/* --- quantiles ------------------------------------------------------------ */

/* The first bucket (its place in TABLE) up to which a share P of the samples
 * drawn in resample B lie; NEAR is a guess. */
static unsigned quantile_place(const ResampleTable *table, unsigned b, double p,
                               unsigned near)
{
    unsigned low = 0, high = table->buckets - 1, step = 1;
    double all = table->drawn[b];
    double wanted = p * all * (1 - 1e-12); /* as metric_quantile() rounds */

    if (all <= 0)
        return near; /* none of those drawn has a sample */
    if (samples_up_to(table, near, b) >= wanted) {
        high = near;
        while (high > low && step <= high - low &&
               samples_up_to(table, high - step, b) >= wanted) {
            high -= step;
            step *= 2;
        }
        low = step <= high - low ? high - step + 1 : low;
    } else {
        low = near + 1;
        while (low + step < high &&
               samples_up_to(table, low + step, b) < wanted) {
            low += step + 1;
            step *= 2;
        }
        high = MIN(low + step, high);
    }
    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (samples_up_to(table, middle, b) >= wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Where the quantile of the samples as they are lies. */
static unsigned pooled_place(const ResampleTable *table, double p)
{
    size_t width = table->resamples->width;
    double wanted = p * table->samples * (1 - 1e-12);
    unsigned low = 0, high = table->buckets - 1;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        double sum = 0;

        for (size_t i = 0; i < width; i++)
            sum += table->cumulative[middle * width + i];
        if (sum >= wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* --- percentiles ---------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double deviation(const double *values, unsigned n)
{
    double mean = 0, squares = 0;

    for (unsigned i = 0; i < n; i++)
        mean += values[i] / n;
    for (unsigned i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return sqrt(squares / (n - 1));
}

/* The interval between percentiles of VALUES, which are sorted. */
static ResampleInterval percentiles(const double *values, unsigned sections,
                                    double level)
{
    double t = gsl_cdf_tdist_Pinv(0.5 + level / 2, sections - 1);
    double tail = gsl_cdf_ugaussian_P(-t * sqrt(sections / (sections - 1.0)));
    unsigned skipped = (unsigned)(tail * (RESAMPLES + 1));

    skipped = skipped > 0 ? skipped - 1 : 0;
    return (ResampleInterval){values[skipped], values[RESAMPLES - 1 - skipped],
                              deviation(values, RESAMPLES)};
}

/* Whether so few replications say anything at LEVEL. */
static bool too_few(const Resamples *resamples, double level)
{
    return resamples->replications < 2 ||
           ldexp(1, 1 - (int)MIN(resamples->replications, 64)) > 1 - level;
}

/* Where even independent samples would not bound the quantile, these do not. */
static void open_ends(ResampleInterval *interval, double samples, double p,
                      double level)
{
    double tail = (1 - level) / 2;

    if (pow(1 - p, samples) > tail)
        interval->low = -INFINITY;
    if (pow(p, samples) > tail)
        interval->high = INFINITY;
}

/* The middles of the buckets that the quantile P of each resample lies in, in
 * rising order. */
static void sorted_quantiles(const ResampleTable *table, double p,
                             double values[RESAMPLES])
{
    unsigned near = pooled_place(table, p), n = 0;
    unsigned *times = g_new0(unsigned, table->buckets);

    for (unsigned b = 0; b < RESAMPLES; b++)
        times[quantile_place(table, b, p, near)]++;
    for (unsigned k = 0; k < table->buckets; k++)
        for (unsigned i = 0; i < times[k]; i++)
            values[n++] = (double)metric_bucket_middle(table->bucket[k]);
    g_free(times);
}

ResampleInterval resample_quantile(const ResampleTable *table, double p,
                                   double level)
{
    ResampleInterval interval = unknown;
    double values[RESAMPLES];

    if (too_few(table->resamples, level) || table->buckets == 0)
        return unknown;
    sorted_quantiles(table, p, values);
    interval = percentiles(values, table->resamples->sections, level);
    interval.low =
        (double)metric_bucket_low(metric_bucket((int64_t)interval.low));
    interval.high =
        (double)metric_bucket_high(metric_bucket((int64_t)interval.high));
    open_ends(&interval, table->samples, p, level);
    return interval;
}

/* Half of what a value in the bucket at PLACE of TABLE may be away from its
 * middle. */
static double half_bucket(const ResampleTable *table, unsigned place)
{
    int32_t bucket = table->bucket[place];

    return (double)(metric_bucket_high(bucket) - metric_bucket_low(bucket)) / 2;
}

static double middle(const ResampleTable *table, unsigned b, double p,
                     unsigned near)
{
    return (double)metric_bucket_middle(
        table->bucket[quantile_place(table, b, p, near)]);
}

ResampleInterval resample_difference(const ResampleTable *table,
                                     const ResampleTable *baseline, double p,
                                     double level)
{
    ResampleInterval interval = unknown;
    double values[RESAMPLES], slack;
    unsigned near[2];

    if (too_few(table->resamples, level) || table->buckets == 0 ||
        baseline->buckets == 0)
        return unknown;
    near[0] = pooled_place(table, p);
    near[1] = pooled_place(baseline, p);
    for (unsigned b = 0; b < RESAMPLES; b++)
        values[b] =
            middle(table, b, p, near[0]) - middle(baseline, b, p, near[1]);
    qsort(values, RESAMPLES, sizeof *values, compare_doubles);
    interval = percentiles(values, table->resamples->sections, level);
    slack = half_bucket(table, near[0]) + half_bucket(baseline, near[1]);
    interval.low -= slack;
    interval.high += slack;
    open_ends(&interval, MIN(table->samples, baseline->samples), p, level);
    return interval;
}

/* --- order statistics ----------------------------------------------------- */

/* The least k such that P(B <= k) > LIMIT, B binomial. */
static unsigned binomial_quantile(double limit, double p, unsigned n)
{
    unsigned low = 0, high = n;

    while (low < high) {
        unsigned k = (low + high) / 2;

        if (gsl_cdf_binomial_P(k, p, n) > limit)
            high = k;
        else
            low = k + 1;
    }
    return low;
}

ResampleInterval order_statistics(const History *history, unsigned rows,
                                  double p, double level)
{
    double *values = g_new(double, rows), tail = (1 - level) / 2;
    ResampleInterval interval = unknown;
    unsigned n = 0, low, high;

    for (unsigned i = 0; i < rows; i++)
        if (history_row(history, i)->count > 0)
            values[n++] = history_row(history, i)->mean;
    qsort(values, n, sizeof *values, compare_doubles);
    if (n > 0) {
        /* Below the LOW-th (from 1) with a chance of TAIL at most, and above
         * the HIGH-th: at most n - high samples above, seen from the top. */
        low = binomial_quantile(tail, p, n);
        high = n + 1 - binomial_quantile(tail, 1 - p, n);
        if (low >= 1)
            interval.low = values[low - 1];
        if (high <= n)
            interval.high = values[high - 1];
        interval.error = (interval.high - interval.low) / 2 /
                         gsl_cdf_ugaussian_Pinv(0.5 + level / 2);
    }
    g_free(values);
    return interval;
}
