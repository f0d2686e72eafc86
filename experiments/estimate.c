/* estimate.c - each kind of estimand by its method. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "estimate_internal.h"
#include "stop_rule.h"

const double estimate_quantiles[ESTIMATE_QUANTILES] = {0.5, 0.9, 0.99};

static void forget_table(Estimation *estimation)
{
    resample_table_free(estimation->table);
    estimation->table = NULL;
}

void estimation_clear(Estimation *estimation)
{
    forget_table(estimation);
    resamples_free(estimation->resamples);
    estimation->resamples = NULL;
}

const Resamples *estimation_resamples(Estimation *estimation,
                                      unsigned replications)
{
    if (estimation->resamples == NULL ||
        estimation->resampled != replications) {
        estimation_clear(estimation);
        estimation->resamples =
            resamples_new(estimation->plan->replicate.seed, replications);
        estimation->resampled = replications;
    }
    return estimation->resamples;
}

const ResampleTable *estimation_table(Estimation *estimation,
                                      unsigned replications,
                                      const History *history)
{
    const Resamples *resamples = estimation_resamples(estimation, replications);

    if (estimation->table == NULL || estimation->tabled != history) {
        forget_table(estimation);
        estimation->table = resample_table_new(resamples, history);
        estimation->tabled = history;
    }
    return estimation->table;
}

static void set_interval(Estimate *estimate, const char *method,
                         ResampleInterval interval)
{
    estimate->method = method;
    estimate->low = interval.low;
    estimate->high = interval.high;
    estimate->error = interval.error;
}

void estimate_student(Estimate *estimate, const char *method, double error,
                      double n)
{
    double half =
        n < 2 ? INFINITY
              : gsl_cdf_tdist_Pinv(0.5 + estimate->level / 2, n - 1) * error;

    set_interval(estimate, method,
                 (ResampleInterval){estimate->value - half,
                                    estimate->value + half,
                                    n < 2 ? INFINITY : error});
}

static void estimate_mean(Estimate *estimate, const MetricSummary *summary)
{
    estimate->value = summary->mean;
    estimate_student(estimate,
                     summary->batches ? "Student's t over batches of the runs"
                                      : "Student's t over replications",
                     summary_standard_error(summary), summary->replications);
}

static void estimate_count(Estimate *estimate, const MetricSummary *summary,
                           double n)
{
    double sum = (double)summary->pooled.count;
    double variance = (summary->count_squares - sum * sum / n) / (n - 1);

    if (n < 1)
        return;
    estimate->value = sum / n;
    estimate->replications = (unsigned)n;
    estimate_student(estimate, "Student's t over replications",
                     sqrt(fmax(variance, 0) / n), n);
}

double estimate_error_of_width(const Estimate *estimate)
{
    return (estimate->high - estimate->low) / 2 /
           gsl_cdf_ugaussian_Pinv(0.5 + estimate->level / 2);
}

static void estimate_failures(Estimate *estimate, const MetricSummary *summary)
{
    const Proportion *items = &summary->items;
    double n = proportion_effective(items, estimate->level);

    estimate->n = (uint64_t)items->n;
    estimate->replications = items->replications;
    if (items->n <= 0)
        return;
    estimate->value = proportion_share(items);
    proportion_wilson(estimate->value, n, estimate->level, &estimate->low,
                      &estimate->high);
    estimate->error = estimate_error_of_width(estimate);
    estimate->method = items->single
                           ? "Wilson's score"
                           : "Wilson's score, items by their design effect";
}

static void estimate_quantile(Estimation *estimation, Estimate *estimate,
                              const PointSummary *summary,
                              const Estimand *estimand)
{
    const MetricSummary *metric = &summary->metrics[estimand->metric];
    const History *history = metric->history;
    double least = (double)metric->pooled.min,
           most = (double)metric->pooled.max;

    estimate->value = (double)metric_quantile(&metric->pooled, estimand->p);
    if (history == NULL)
        return;
    if (history->single)
        set_interval(estimate, "order statistics",
                     order_statistics(history, history->rows->len, estimand->p,
                                      estimate->level));
    else
        set_interval(
            estimate, "replications resampled",
            resample_quantile(
                estimation_table(estimation, summary->replications, history),
                estimand->p, estimate->level));
    /* A bucket reaches further than the samples in it. */
    if (isfinite(estimate->low))
        estimate->low = CLAMP(estimate->low, least, most);
    if (isfinite(estimate->high))
        estimate->high = CLAMP(estimate->high, least, most);
}

static Estimate blank(const Estimation *estimation, unsigned point,
                      MetricId metric)
{
    const PointSummary *summary = &estimation->summaries[point];

    return (Estimate){
        .value = NAN,
        .low = NAN,
        .high = NAN,
        .level = estimation->plan->until->level,
        .error = INFINITY,
        .method = "",
        .replications = summary->metrics[metric].replications,
        .n = summary_count(&summary->metrics[metric]),
        .failures = summary->metrics[metric].failures,
        .converged = summary->converged,
    };
}

Estimate estimation_make(Estimation *estimation, unsigned point,
                         const Estimand *estimand)
{
    const PointSummary *summary = &estimation->summaries[point];
    const MetricSummary *metric = &summary->metrics[estimand->metric];
    Estimate estimate = blank(estimation, point, estimand->metric);

    if (estimand->axes > 0)
        estimation_difference(estimation, point, estimand, &estimate);
    else if (estimand->kind == ESTIMAND_FAILURES)
        estimate_failures(&estimate, metric);
    else if (estimand->kind == ESTIMAND_COUNT)
        estimate_count(&estimate, metric, summary->replications);
    else if (metric->pooled.count == 0)
        return estimate;
    else if (estimand->kind == ESTIMAND_MEAN)
        estimate_mean(&estimate, metric);
    else if (estimand->kind == ESTIMAND_QUANTILE)
        estimate_quantile(estimation, &estimate, summary, estimand);
    else
        estimate.value =
            (double)(estimand->kind == ESTIMAND_MIN ? metric->pooled.min
                                                    : metric->pooled.max);
    return estimate;
}

double estimate_half_width(const Estimate *estimate)
{
    double half = (estimate->high - estimate->low) / 2;

    return isnan(half) ? INFINITY : half;
}
