/* stopping.c - the rule, held against what has been added so far. */
#include "stopping.h"

#include <math.h>

/* Whether runs of the point were not all the same one: that nothing varies in
 * those that are is no matter of chance. */
static bool runs_differ(const PointSummary *summary)
{
    return summary->replications > summary->same + 1;
}

static bool is_counted(const Estimand *estimand)
{
    return estimand->kind == ESTIMAND_COUNT ||
           metric_is_total(estimand->metric);
}

/* Half the width of the interval of a count that has come out the same in N
 * runs: with one event more in so large a share of the runs as this is, they
 * would all have been without it with a chance of (1 - LEVEL) / 2 only. */
static double unseen(double level, unsigned n)
{
    return -log((1 - level) / 2) / n / 2;
}

/* Half the interval's width as a share of what CLAUSE asks for. */
static double excess(const Plan *plan, const PointSummary *summaries,
                     unsigned point, const StopClause *clause)
{
    const Estimand *estimand = &clause->estimand;
    Estimate estimate = estimate_of(plan, summaries, point, estimand);
    double half = estimate_half_width(&estimate);
    double limit = clause->width;

    if (clause->relative)
        limit *= fabs(estimate.value);
    if (half > 0 || isnan(half))
        return half / limit; /* may be NAN or infinite */
    if (!runs_differ(&summaries[point]) ||
        (estimand->axes > 0 &&
         estimand_baseline(estimand, plan, point) == point))
        return 0;
    if (is_counted(estimand))
        half = unseen(estimate.level, summaries[point].replications);
    return limit > 0 ? half / limit : INFINITY;
}

/* Before the rule is asked: a steady run has batches to know its spread by. */
static unsigned least_runs(const Plan *plan)
{
    return MAX(plan->replicate.min, plan->run.kind == RUN_STEADY ? 1u : 2u);
}

unsigned stopping_next_look(const Plan *plan, unsigned n)
{
    const ReplicateConfig *config = &plan->replicate;
    unsigned look = least_runs(plan);

    if (plan->until->count == 0)
        return MAX(config->min, n + 1);
    if (config->batch > 0 && n >= look)
        look += ((n - look) / config->batch + 1) * config->batch;
    while (look <= n)
        look += MAX(look / 10, 1);
    return MIN(look, config->max);
}

bool stopping_looks(const Plan *plan, unsigned n)
{
    return n > 0 && stopping_next_look(plan, n - 1) == n;
}

bool stopping_holds(const Plan *plan, const PointSummary *summaries,
                    unsigned point)
{
    const ReplicateConfig *config = &plan->replicate;
    const PointSummary *summary = &summaries[point];

    if (plan->until->count == 0)
        return summary->replications >= config->min;
    if (summary->replications < least_runs(plan) ||
        (summary->lossy && summary->rare < config->rare))
        return false;
    for (unsigned i = 0; i < plan->until->count; i++)
        if (!(excess(plan, summaries, point, &plan->until->clauses[i]) < 1))
            return false;
    return true;
}

double stopping_expected(const Plan *plan, const PointSummary *summaries,
                         unsigned point)
{
    const ReplicateConfig *config = &plan->replicate;
    double done = summaries[point].replications;
    double runs = MAX(config->min, done);

    if (done < least_runs(plan))
        return runs;
    /* The half-width shrinks with the square root of their number. */
    for (unsigned i = 0; i < plan->until->count; i++) {
        double over = excess(plan, summaries, point, &plan->until->clauses[i]);

        if (isfinite(over))
            runs = MAX(runs, done * over * over);
    }
    return MIN(runs, config->max);
}
