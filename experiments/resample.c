/* resample.c - replications drawn again. */
#include "resample.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/rng.h"

struct Resamples {
    unsigned replications, sections;
    double *times; /* RESAMPLES rows of `sections`: how often each was drawn */
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
    resamples->times = g_new0(double, (size_t)RESAMPLES *sections);
    for (uint32_t b = 0; b < RESAMPLES; b++) {
        double *times = resamples->times + (size_t)b * sections;
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

typedef struct Table {
    unsigned sections, buckets;
    int32_t *bucket;    /* in rising order */
    double *cumulative; /* BUCKETS rows of SECTIONS: samples up to it */
    double samples;     /* of all */
} Table;

static int compare_buckets(gconstpointer a, gconstpointer b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

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

/* The buckets that any of the first ROWS has, each once. */
static GArray *all_buckets(const History *history, unsigned rows)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(int32_t));
    unsigned kept = 0;

    for (unsigned r = 0; r < rows; r++) {
        const HistoryRow *row = history_row(history, r);

        for (unsigned i = 0; i < row_bins(row); i++) {
            HistoryBin bin = row_bin(history, row, i);

            g_array_append_val(all, bin.bucket);
        }
    }
    g_array_sort(all, compare_buckets);
    for (unsigned i = 0; i < all->len; i++) {
        int32_t *bucket = (int32_t *)(void *)all->data;

        if (i == 0 || bucket[i] != bucket[kept - 1])
            bucket[kept++] = bucket[i];
    }
    g_array_set_size(all, kept);
    return all;
}

static void count_row(Table *table, const History *history,
                      const HistoryRow *row, unsigned section)
{
    for (unsigned i = 0; i < row_bins(row); i++) {
        HistoryBin bin = row_bin(history, row, i);
        const int32_t *at = bsearch(&bin.bucket, table->bucket, table->buckets,
                                    sizeof *table->bucket, compare_buckets);
        size_t k = (size_t)(at - table->bucket);

        table->cumulative[k * table->sections + section] += (double)bin.count;
        table->samples += (double)bin.count;
    }
}

static Table *table_new(const Resamples *resamples, const History *history)
{
    Table *table = g_new0(Table, 1);
    unsigned n = table->sections = resamples->sections;
    unsigned rows = history_rows(history, resamples->replications);
    GArray *buckets = all_buckets(history, rows);

    table->buckets = buckets->len;
    table->bucket = (int32_t *)(void *)g_array_free(buckets, FALSE);
    table->cumulative = g_new0(double, (size_t)table->buckets *n);
    for (unsigned r = 0; r < rows; r++) {
        const HistoryRow *row = history_row(history, r);

        count_row(table, history, row,
                  (unsigned)((uint64_t)row->replication * n /
                             resamples->replications));
    }
    for (size_t i = n; i < (size_t)table->buckets * n; i++)
        table->cumulative[i] += table->cumulative[i - n];
    return table;
}

static void table_free(Table *table)
{
    g_free(table->bucket);
    g_free(table->cumulative);
    g_free(table);
}

/* --- quantiles ------------------------------------------------------------ */

static double weighted(const double *values, const double *times, unsigned n)
{
    double sum[4] = {0};
    unsigned i = 0;

    for (; i + 4 <= n; i += 4)
        for (unsigned j = 0; j < 4; j++)
            sum[j] += values[i + j] * times[i + j];
    for (; i < n; i++)
        sum[0] += values[i] * times[i];
    return sum[0] + sum[1] + sum[2] + sum[3];
}

static bool reaches(const Table *table, unsigned k, const double *times,
                    double wanted)
{
    return weighted(table->cumulative + (size_t)k * table->sections, times,
                    table->sections) >= wanted;
}

/* The first bucket (its place in TABLE) up to which a share P of the samples
 * drawn lie; NEAR is a guess. */
static unsigned quantile_place(const Table *table, const double *times,
                               double p, unsigned near)
{
    unsigned low = 0, high = table->buckets - 1, step = 1;
    double all = weighted(table->cumulative + (size_t)high * table->sections,
                          times, table->sections);
    double wanted = p * all * (1 - 1e-12); /* as metric_quantile() rounds */

    if (all <= 0)
        return near; /* none of those drawn has a sample */
    if (reaches(table, near, times, wanted)) {
        high = near;
        while (high > low && step <= high - low &&
               reaches(table, high - step, times, wanted)) {
            high -= step;
            step *= 2;
        }
        low = step <= high - low ? high - step + 1 : low;
    } else {
        low = near + 1;
        while (low + step < high &&
               !reaches(table, low + step, times, wanted)) {
            low += step + 1;
            step *= 2;
        }
        high = MIN(low + step, high);
    }
    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (reaches(table, middle, times, wanted))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Where the quantile of the samples as they are lies. */
static unsigned pooled_place(const Table *table, double p)
{
    double *once = g_new(double, table->sections);
    unsigned place;

    for (unsigned i = 0; i < table->sections; i++)
        once[i] = 1;
    place = quantile_place(table, once, p, 0);
    g_free(once);
    return place;
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

/* The interval between percentiles of VALUES, which are sorted here. */
static ResampleInterval percentiles(double *values, unsigned sections,
                                    double level)
{
    double t = gsl_cdf_tdist_Pinv(0.5 + level / 2, sections - 1);
    double tail = gsl_cdf_ugaussian_P(-t * sqrt(sections / (sections - 1.0)));
    unsigned skipped = (unsigned)(tail * (RESAMPLES + 1));

    skipped = skipped > 0 ? skipped - 1 : 0;
    qsort(values, RESAMPLES, sizeof *values, compare_doubles);
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

ResampleInterval resample_quantile(const Resamples *resamples,
                                   const History *history, double p,
                                   double level)
{
    ResampleInterval interval = unknown;
    double values[RESAMPLES];
    Table *table;
    unsigned near;

    if (too_few(resamples, level))
        return unknown;
    table = table_new(resamples, history);
    if (table->buckets > 0) {
        near = pooled_place(table, p);
        for (unsigned b = 0; b < RESAMPLES; b++)
            values[b] = quantile_place(
                table, resamples->times + (size_t)b * table->sections, p, near);
        interval = percentiles(values, table->sections, level);
        interval.low =
            (double)metric_bucket_low(table->bucket[(unsigned)interval.low]);
        interval.high =
            (double)metric_bucket_high(table->bucket[(unsigned)interval.high]);
        for (unsigned b = 0; b < RESAMPLES; b++)
            values[b] = (double)metric_bucket_middle(
                table->bucket[(unsigned)values[b]]);
        interval.error = deviation(values, RESAMPLES);
        open_ends(&interval, table->samples, p, level);
    }
    table_free(table);
    return interval;
}

/* Half of what a value in the bucket at PLACE of TABLE may be away from its
 * middle. */
static double half_bucket(const Table *table, unsigned place)
{
    int32_t bucket = table->bucket[place];

    return (double)(metric_bucket_high(bucket) - metric_bucket_low(bucket)) / 2;
}

static double middle(const Table *table, const double *times, double p,
                     unsigned near)
{
    return (double)metric_bucket_middle(
        table->bucket[quantile_place(table, times, p, near)]);
}

ResampleInterval resample_difference(const Resamples *resamples,
                                     const History *history,
                                     const History *baseline, double p,
                                     double level)
{
    Table *tables[2] = {table_new(resamples, history),
                        table_new(resamples, baseline)};
    ResampleInterval interval = unknown;
    double values[RESAMPLES], slack;
    unsigned near[2];

    if (!too_few(resamples, level) && tables[0]->buckets > 0 &&
        tables[1]->buckets > 0) {
        for (unsigned i = 0; i < 2; i++)
            near[i] = pooled_place(tables[i], p);
        for (unsigned b = 0; b < RESAMPLES; b++) {
            const double *times =
                resamples->times + (size_t)b * resamples->sections;

            values[b] = middle(tables[0], times, p, near[0]) -
                        middle(tables[1], times, p, near[1]);
        }
        interval = percentiles(values, resamples->sections, level);
        slack =
            half_bucket(tables[0], near[0]) + half_bucket(tables[1], near[1]);
        interval.low -= slack;
        interval.high += slack;
        open_ends(&interval, MIN(tables[0]->samples, tables[1]->samples), p,
                  level);
    }
    table_free(tables[0]);
    table_free(tables[1]);
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
