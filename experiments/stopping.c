/* stopping.c - the rule, held against what has been added so far. */
#include "stopping.h"

#include <math.h>

/* Half the interval's width as a share of what CLAUSE asks for. */
static double excess(const Plan *plan, const PointSummary *summaries,
                     unsigned point, const StopClause *clause)
{
    Estimate estimate = estimate_of(plan, summaries, point, &clause->estimand);
    double half = estimate_half_width(&estimate);
    double limit = clause->width;

    if (clause->relative)
        limit *= fabs(estimate.value);
    return half == 0 ? 0 : half / limit; /* may be NAN or infinite */
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
