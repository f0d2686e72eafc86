/* estimate_settle.c - estimates of points that get no more runs, and how long
 * the histories they rest on are kept. */
#include <math.h>

#include "estimate_internal.h"

typedef struct Kept {
    Estimand estimand;
    Estimate estimate;
} Kept;

static const Estimand *wanted(const Plan *plan, unsigned i)
{
    return &g_array_index(plan->wanted, Estimand, i);
}

static const Kept *find(const PointSummary *summary, const Estimand *estimand)
{
    for (unsigned i = 0; i < summary->estimates->len; i++) {
        const Kept *kept = &g_array_index(summary->estimates, Kept, i);

        if (estimand_equal(&kept->estimand, estimand))
            return kept;
    }
    return NULL;
}

Estimate estimate_of(const Plan *plan, const PointSummary *summaries,
                     unsigned point, const Estimand *estimand)
{
    Estimation estimation = {.plan = plan, .summaries = summaries};
    const PointSummary *summary = &summaries[point];
    const Kept *kept = summary->settled ? find(summary, estimand) : NULL;
    Estimate estimate;

    if (kept != NULL) {
        estimate = kept->estimate;
        estimate.converged = summary->converged;
        return estimate;
    }
    estimate = estimation_make(&estimation, point, estimand);
    estimation_clear(&estimation);
    return estimate;
}

static void keep(Estimation *estimation, PointSummary *summaries,
                 unsigned point, const Estimand *estimand)
{
    Kept kept = {.estimand = *estimand};

    if (find(&summaries[point], estimand) != NULL)
        return;
    kept.estimate = estimation_make(estimation, point, estimand);
    g_array_append_val(summaries[point].estimates, kept);
}

/* What rests on POINT's runs alone. */
static void keep_own(Estimation *estimation, PointSummary *summaries,
                     unsigned point)
{
    const Plan *plan = estimation->plan;

    for (MetricId id = 0; id < summaries[point].metric_count; id++) {
        if (summaries[point].metrics[id].pooled.count == 0)
            continue;
        for (unsigned i = 0; i < ESTIMATE_QUANTILES; i++) {
            Estimand quantile = {.kind = ESTIMAND_QUANTILE,
                                 .metric = id,
                                 .p = estimate_quantiles[i]};

            keep(estimation, summaries, point, &quantile);
        }
    }
    for (unsigned i = 0; i < plan->wanted->len; i++)
        if (wanted(plan, i)->axes == 0)
            keep(estimation, summaries, point, wanted(plan, i));
}

/* --- differences ---------------------------------------------------------- */

/* The differences that can be made now that POINT is settled. */
static void keep_differences(Estimation *estimation, PointSummary *summaries,
                             unsigned point, const Estimand *estimand)
{
    const Plan *plan = estimation->plan;
    unsigned baseline = estimand_baseline(estimand, plan, point);

    if (summaries[baseline].settled)
        keep(estimation, summaries, point, estimand);
    if (baseline != point)
        return;
    for (unsigned i = 0; i < estimand_siblings(estimand, plan); i++) {
        unsigned other = estimand_sibling(estimand, plan, point, i);

        if (summaries[other].settled)
            keep(estimation, summaries, other, estimand);
    }
}

/* Whether a difference still waits for POINT, or for POINT's baseline. */
static bool is_waited_for(const Plan *plan, const PointSummary *summaries,
                          unsigned point, const Estimand *estimand)
{
    unsigned baseline = estimand_baseline(estimand, plan, point);

    if (!summaries[baseline].settled)
        return true;
    for (unsigned i = 0;
         baseline == point && i < estimand_siblings(estimand, plan); i++)
        if (!summaries[estimand_sibling(estimand, plan, point, i)].settled)
            return true;
    return false;
}

static void drop_histories(const Plan *plan, PointSummary *summaries,
                           unsigned point)
{
    g_autofree bool *needed = NULL;

    if (!summaries[point].settled)
        return;
    needed = g_new0(bool, summaries[point].metric_count);
    for (unsigned i = 0; i < plan->wanted->len; i++)
        if (wanted(plan, i)->axes > 0 &&
            is_waited_for(plan, summaries, point, wanted(plan, i)))
            needed[wanted(plan, i)->metric] = true;
    for (MetricId id = 0; id < summaries[point].metric_count; id++) {
        MetricSummary *metric = &summaries[point].metrics[id];

        if (needed[id])
            continue;
        history_free(metric->history);
        metric->history = NULL;
    }
}

/* The histories of those that waited for POINT because of ESTIMAND. */
static void drop_others(const Plan *plan, PointSummary *summaries,
                        unsigned point, const Estimand *estimand)
{
    unsigned baseline = estimand_baseline(estimand, plan, point);

    if (baseline != point) {
        drop_histories(plan, summaries, baseline);
        return;
    }
    for (unsigned i = 0; i < estimand_siblings(estimand, plan); i++)
        drop_histories(plan, summaries,
                       estimand_sibling(estimand, plan, point, i));
}

void estimate_settle(const Plan *plan, PointSummary *summaries, unsigned point)
{
    Estimation estimation = {.plan = plan, .summaries = summaries};

    if (summaries[point].settled)
        return;
    summaries[point].settled = true;
    summaries[point].estimates = g_array_new(FALSE, FALSE, sizeof(Kept));
    keep_own(&estimation, summaries, point);
    for (unsigned i = 0; i < plan->wanted->len; i++)
        if (wanted(plan, i)->axes > 0)
            keep_differences(&estimation, summaries, point, wanted(plan, i));
    for (unsigned i = 0; i < plan->wanted->len; i++)
        if (wanted(plan, i)->axes > 0)
            drop_others(plan, summaries, point, wanted(plan, i));
    drop_histories(plan, summaries, point);
    estimation_clear(&estimation);
}
