/* summarise.c - Welford and Student. */
#include "summarise.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "plan_select.h"
#include "stop_rule.h"

void summary_init(PointSummary *summary, const Plan *plan)
{
    *summary = (PointSummary){.metric_count = plan_metrics(plan)};
    summary->metrics = g_new0(MetricSummary, summary->metric_count);
    for (MetricId id = 0; id < summary->metric_count; id++) {
        proportion_init(&summary->metrics[id].items);
        summary->metrics[id].population = plan_metric_is_population(plan, id);
    }
}

void summary_clear(PointSummary *summary)
{
    for (MetricId id = 0; id < summary->metric_count; id++) {
        metric_clear(&summary->metrics[id].pooled);
        history_free(summary->metrics[id].history);
    }
    g_free(summary->metrics);
    if (summary->estimates != NULL)
        g_array_free(summary->estimates, TRUE);
}

/* Adds the mean of a replication, or of a batch of one. */
static void add_mean(MetricSummary *summary, double mean)
{
    double step = mean - summary->mean;

    summary->replications++;
    summary->mean += step / summary->replications;
    summary->m2 += step * (mean - summary->mean);
}

static void add_one(MetricSummary *summary, unsigned replication,
                    const Metric *metric, uint64_t failures,
                    const BatchMeans *batches)
{
    double count = (double)metric->count;

    if (metric->count == 0 && failures == 0)
        return;
    if (summary->history == NULL)
        summary->history = history_new();
    history_add(summary->history, replication, metric, failures);
    summary->failures += failures;
    summary->count_squares += count * count;
    proportion_add(&summary->items, count + (double)failures, (double)failures);
    if (metric->count == 0)
        return;
    metric_merge(&summary->pooled, metric);
    summary->batches = batches != NULL;
    if (batches == NULL)
        add_mean(summary, metric_mean(metric));
    for (unsigned i = 0; batches != NULL && i < batches->means->len; i++)
        add_mean(summary, g_array_index(batches->means, double, i));
}

/* Whether something was lost or damaged on a line, or sent again. */
static bool saw_loss(const Metric *metrics)
{
    return metrics[METRIC_RETRANSMISSIONS].max > 0 ||
           metrics[METRIC_DROPS_LOST].max > 0 ||
           metrics[METRIC_DROPS_DAMAGED].max > 0 ||
           metrics[METRIC_DNS_RETRIES].max > 0;
}

void summary_add(PointSummary *summary, const Metric *metrics,
                 const uint64_t *failures, const Steady *steady)
{
    for (MetricId id = 0; id < summary->metric_count; id++)
        add_one(&summary->metrics[id], summary->replications, &metrics[id],
                failures[id], steady_batches(steady, id));
    summary->replications++;
    if (steady != NULL && !steady_is_good(steady))
        summary->unsteady++;
    if (saw_loss(metrics))
        summary->rare++;
}

double summary_standard_error(const MetricSummary *summary)
{
    double n = summary->replications;

    return n < 2 ? INFINITY : sqrt(summary->m2 / (n - 1) / n);
}

double summary_half_width(const MetricSummary *summary, double level)
{
    double n = summary->replications;

    if (n < 2)
        return INFINITY;
    return gsl_cdf_tdist_Pinv(0.5 + level / 2, n - 1) *
           summary_standard_error(summary);
}

static double quantile(const MetricSummary *summary, double p)
{
    return (double)metric_quantile(&summary->pooled, p);
}

double summary_value(const MetricSummary *summary, Statistic statistic)
{
    uint64_t all = summary->pooled.count + summary->failures;

    if (statistic == STATISTIC_FAILURES)
        return all == 0 ? NAN : (double)summary->failures / (double)all;
    if (summary->pooled.count == 0)
        return NAN;
    switch (statistic) {
    case STATISTIC_MEAN:
        return summary->mean;
    case STATISTIC_P50:
        return quantile(summary, 0.5);
    case STATISTIC_P90:
        return quantile(summary, 0.9);
    case STATISTIC_P99:
        return quantile(summary, 0.99);
    case STATISTIC_MIN:
        return (double)summary->pooled.min;
    case STATISTIC_MAX:
        return (double)summary->pooled.max;
    case STATISTIC_FAILURES:
    case STATISTICS:
        break;
    }
    g_assert_not_reached();
}

uint64_t summary_count(const MetricSummary *summary)
{
    return summary->population ? summary->replications : summary->pooled.count;
}

uint64_t summary_unfinished(const PointSummary *point, MetricId id)
{
    MetricId total = metric_unfinished(id);

    return total == METRIC_NONE ? 0
                                : (uint64_t)point->metrics[total].pooled.sum;
}

const char *summary_convergence(const Plan *plan, bool converged)
{
    if (!converged)
        return "no";
    return plan->until->count > 0 ? "yes" : "fixed";
}
