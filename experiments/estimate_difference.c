/* estimate_difference.c - what is more or less at a point than at its baseline,
 * over the replications that both have. */
#include <math.h>

#include "estimate_internal.h"
#include "stop_rule.h"

/* The histories of a metric at both points, as far as both have runs. */
typedef struct Pair {
    const History *history[2]; /* of the point, of its baseline */
    unsigned replications;
} Pair;

/* Calls ADD with the values of each replication that has a row at both points,
 * or, with ABSENT, at one of them: the other row is then empty. */
typedef void PairFunc(void *data, const HistoryRow *row,
                      const HistoryRow *baseline);

static void for_pairs(const Pair *pair, bool absent, PairFunc *add, void *data)
{
    unsigned at[2] = {0, 0}, rows[2];

    for (unsigned i = 0; i < 2; i++)
        rows[i] = history_rows(pair->history[i], pair->replications);
    for (uint32_t r = 0; r < pair->replications; r++) {
        HistoryRow none = {.replication = r};
        const HistoryRow *row[2] = {&none, &none};

        for (unsigned i = 0; i < 2; i++)
            if (at[i] < rows[i] &&
                history_row(pair->history[i], at[i])->replication == r)
                row[i] = history_row(pair->history[i], at[i]++);
        if (absent || (row[0] != &none && row[1] != &none))
            add(data, row[0], row[1]);
    }
}

/* --- means and counts ----------------------------------------------------- */

/* Welford's recurrence. */
typedef struct Moments {
    double n, mean, m2;
} Moments;

static void moments_add(Moments *moments, double value)
{
    double step = value - moments->mean;

    moments->n++;
    moments->mean += step / moments->n;
    moments->m2 += step * (value - moments->mean);
}

static void add_means(void *data, const HistoryRow *row,
                      const HistoryRow *baseline)
{
    if (row->count > 0 && baseline->count > 0)
        moments_add(data, row->mean - baseline->mean);
}

static void add_counts(void *data, const HistoryRow *row,
                       const HistoryRow *baseline)
{
    moments_add(data, (double)row->count - (double)baseline->count);
}

static void paired_t(const Pair *pair, bool absent, PairFunc *add,
                     Estimate *estimate)
{
    Moments moments = {0};

    for_pairs(pair, absent, add, &moments);
    estimate->replications = (unsigned)moments.n;
    if (moments.n < 1)
        return;
    estimate->value = moments.mean;
    estimate_student(estimate, "paired t over replications",
                     sqrt(moments.m2 / (moments.n - 1) / moments.n), moments.n);
}

/* --- failures ------------------------------------------------------------- */

typedef struct Shares {
    Proportion items[2];
    double share[2];            /* known in the second pass: */
    double squares[2], product; /* of what differs from it */
} Shares;

static void add_items(void *data, const HistoryRow *row,
                      const HistoryRow *baseline)
{
    Shares *shares = data;

    proportion_add(&shares->items[0], (double)(row->count + row->failures),
                   (double)row->failures);
    proportion_add(&shares->items[1],
                   (double)(baseline->count + baseline->failures),
                   (double)baseline->failures);
}

static double residual(const HistoryRow *row, double share)
{
    return (double)row->failures - share * (double)(row->count + row->failures);
}

static void add_residuals(void *data, const HistoryRow *row,
                          const HistoryRow *baseline)
{
    Shares *shares = data;
    double a = residual(row, shares->share[0]);
    double b = residual(baseline, shares->share[1]);

    shares->squares[0] += a * a;
    shares->squares[1] += b * b;
    shares->product += a * b;
}

/* How far the difference may be from its estimate on one side: A and B are how
 * far the shares may be on theirs. */
static double together(double a, double b, double correlation)
{
    return sqrt(fmax(a * a - 2 * correlation * a * b + b * b, 0));
}

static void difference_of_shares(const Pair *pair, Estimate *estimate)
{
    Shares shares = {0};
    double low[2], high[2], correlation;

    for (unsigned i = 0; i < 2; i++)
        proportion_init(&shares.items[i]);
    for_pairs(pair, true, add_items, &shares);
    if (shares.items[0].n <= 0 || shares.items[1].n <= 0)
        return;
    for (unsigned i = 0; i < 2; i++) {
        double n = proportion_effective(&shares.items[i], estimate->level);

        shares.share[i] = proportion_share(&shares.items[i]);
        proportion_wilson(shares.share[i], n, estimate->level, &low[i],
                          &high[i]);
    }
    for_pairs(pair, true, add_residuals, &shares);
    correlation = shares.product / sqrt(shares.squares[0] * shares.squares[1]);
    correlation = isfinite(correlation) ? CLAMP(correlation, -1, 1) : 0;
    estimate->value = shares.share[0] - shares.share[1];
    estimate->low =
        estimate->value - together(shares.share[0] - low[0],
                                   high[1] - shares.share[1], correlation);
    estimate->high =
        estimate->value + together(high[0] - shares.share[0],
                                   shares.share[1] - low[1], correlation);
    estimate->error = estimate_error_of_width(estimate);
    estimate->n = (uint64_t)shares.items[0].n;
    estimate->method = "Newcombe's, of Wilson's scores";
}

/* --- quantiles ------------------------------------------------------------ */

/* Of the samples of the replications that both points have; NAN: there are
 * none. */
static double common_quantile(const PointSummary *summary, const Pair *pair,
                              const History *history, const Estimand *estimand)
{
    const Metric *pooled = &summary->metrics[estimand->metric].pooled;
    Metric common;
    double value;

    metric_init(&common);
    if (summary->replications > pair->replications) {
        history_pool(history, pair->replications, &common);
        pooled = &common;
    }
    value =
        pooled->count > 0 ? (double)metric_quantile(pooled, estimand->p) : NAN;
    metric_clear(&common);
    return value;
}

static void difference_of_quantiles(Estimation *estimation, const Pair *pair,
                                    const Estimand *estimand,
                                    const PointSummary *const summaries[2],
                                    Estimate *estimate)
{
    const Resamples *resamples =
        estimation_resamples(estimation, pair->replications);
    ResampleTable *tables[2];
    double value[2];
    ResampleInterval interval;

    for (unsigned i = 0; i < 2; i++) {
        value[i] =
            common_quantile(summaries[i], pair, pair->history[i], estimand);
        if (isnan(value[i]))
            return;
    }
    for (unsigned i = 0; i < 2; i++)
        tables[i] = resample_table_new(resamples, pair->history[i]);
    interval =
        resample_difference(tables[0], tables[1], estimand->p, estimate->level);
    for (unsigned i = 0; i < 2; i++)
        resample_table_free(tables[i]);
    estimate->value = value[0] - value[1];
    estimate->low = interval.low;
    estimate->high = interval.high;
    estimate->error = interval.error;
    estimate->method = "replications resampled in pairs";
}

/* --- all ------------------------------------------------------------------ */

static double extreme(const PointSummary *summary, const Estimand *estimand)
{
    const Metric *pooled = &summary->metrics[estimand->metric].pooled;

    if (pooled->count == 0)
        return NAN;
    return (double)(estimand->kind == ESTIMAND_MIN ? pooled->min : pooled->max);
}

/* How many samples the point has in the replications that both points have. */
static uint64_t common_samples(const Pair *pair, MetricId id)
{
    unsigned rows = history_rows(pair->history[0], pair->replications);
    uint64_t n = 0;

    for (unsigned i = 0; i < rows; i++)
        n += history_row(pair->history[0], i)->count;
    return metric_is_population(id) ? rows : n;
}

void estimation_difference(Estimation *estimation, unsigned point,
                           const Estimand *estimand, Estimate *estimate)
{
    unsigned baseline = estimand_baseline(estimand, estimation->plan, point);
    const PointSummary *summaries[2] = {&estimation->summaries[point],
                                        &estimation->summaries[baseline]};
    Pair pair = {.replications = MIN(summaries[0]->replications,
                                     summaries[1]->replications)};

    estimate->replications = pair.replications;
    for (unsigned i = 0; i < 2; i++)
        pair.history[i] = summaries[i]->metrics[estimand->metric].history;
    if (pair.history[0] != NULL &&
        pair.replications < summaries[0]->replications)
        estimate->n = common_samples(&pair, estimand->metric);
    if (baseline == point)
        estimate->value = estimate->low = estimate->high = estimate->error = 0;
    else if (estimand->kind == ESTIMAND_MIN || estimand->kind == ESTIMAND_MAX)
        estimate->value =
            extreme(summaries[0], estimand) - extreme(summaries[1], estimand);
    else if (pair.history[0] == NULL || pair.history[1] == NULL)
        return;
    else if (estimand->kind == ESTIMAND_MEAN)
        paired_t(&pair, false, add_means, estimate);
    else if (estimand->kind == ESTIMAND_COUNT)
        paired_t(&pair, true, add_counts, estimate);
    else if (estimand->kind == ESTIMAND_FAILURES)
        difference_of_shares(&pair, estimate);
    else
        difference_of_quantiles(estimation, &pair, estimand, summaries,
                                estimate);
}
