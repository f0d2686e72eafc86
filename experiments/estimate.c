/* estimate.c - each kind of estimand by its method. */
#include "estimate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "stop_rule.h"

static void set_interval(Estimate *estimate, const char *method, double low,
                         double high)
{
    estimate->method = method;
    estimate->low = low;
    estimate->high = high;
}

/* ESTIMATE's value plus and minus t standard errors of N observations. */
static void student(Estimate *estimate, double error, double n)
{
    double half =
        n < 2 ? INFINITY
              : gsl_cdf_tdist_Pinv(0.5 + estimate->level / 2, n - 1) * error;

    estimate->error = n < 2 ? INFINITY : error;
    set_interval(estimate, "Student's t over replications",
                 estimate->value - half, estimate->value + half);
}

static void estimate_mean(Estimate *estimate, const MetricSummary *summary)
{
    estimate->value = summary->mean;
    student(estimate, summary_standard_error(summary), summary->replications);
    if (summary->batches)
        estimate->method = "Student's t over batches of the runs";
}

static void estimate_count(Estimate *estimate, const MetricSummary *summary,
                           double n)
{
    double sum = (double)summary->pooled.count;
    double variance = (summary->count_squares - sum * sum / n) / (n - 1);

    estimate->value = sum / n;
    estimate->replications = (unsigned)n;
    student(estimate, sqrt(fmax(variance, 0) / n), n);
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
    estimate->error = sqrt(estimate->value * (1 - estimate->value) / n);
    proportion_wilson(estimate->value, n, estimate->level, &estimate->low,
                      &estimate->high);
    estimate->method = items->single
                           ? "Wilson's score"
                           : "Wilson's score, items by their design effect";
}

Estimate estimate_of(const Plan *plan, const PointSummary *summaries,
                     unsigned point, const Estimand *estimand)
{
    const PointSummary *summary = &summaries[point];
    const MetricSummary *metric = &summary->metrics[estimand->metric];
    Estimate estimate = {.value = NAN,
                         .low = NAN,
                         .high = NAN,
                         .error = INFINITY,
                         .level = plan->until->level,
                         .method = "",
                         .replications = metric->replications,
                         .n = summary_count(metric, estimand->metric),
                         .failures = metric->failures,
                         .converged = summary->converged};

    if (estimand->kind == ESTIMAND_FAILURES)
        estimate_failures(&estimate, metric);
    else if (estimand->kind == ESTIMAND_COUNT && summary->replications > 0)
        estimate_count(&estimate, metric, summary->replications);
    else if (metric->pooled.count == 0)
        return estimate;
    else if (estimand->kind == ESTIMAND_MEAN)
        estimate_mean(&estimate, metric);
    else if (estimand->kind == ESTIMAND_QUANTILE)
        estimate.value = (double)metric_quantile(&metric->pooled, estimand->p);
    else if (estimand->kind == ESTIMAND_MIN)
        estimate.value = (double)metric->pooled.min;
    else if (estimand->kind == ESTIMAND_MAX)
        estimate.value = (double)metric->pooled.max;
    return estimate;
}

double estimate_half_width(const Estimate *estimate)
{
    double half = (estimate->high - estimate->low) / 2;

    return isnan(half) ? INFINITY : half;
}
