/* forecast.c - see forecast.h. */
#include "forecast.h"

#include <sys/resource.h>

#include "run.h"
#include "stop_rule.h"

/* Bytes that the process has had at most. */
static uint64_t peak_memory(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0
               ? (uint64_t)usage.ru_maxrss * 1024
               : 0;
}

static void play(Forecast *forecast, const Plan *plan, unsigned number)
{
    PlanPoint *point = plan_point_new(plan, number, NULL);
    RunResult *result;

    g_assert(point != NULL); /* checked when the plan was read */
    result = run_once(plan, point, 0, false);
    forecast->trials[forecast->trial_count++] =
        (ForecastTrial){number, result->events, result->seconds};
    run_result_free(result);
    plan_point_free(point);
}

static void play_some(Forecast *forecast, const Plan *plan)
{
    play(forecast, plan, 0);
    if (plan->points > 2)
        play(forecast, plan, plan->points / 2);
    if (plan->points > 1)
        play(forecast, plan, plan->points - 1);
    forecast->bytes = peak_memory();
}

/* The sum of a trapezoid: the points from A to B, that one left out. */
static double seconds_between(const ForecastTrial *a, const ForecastTrial *b)
{
    double count = b->point - a->point;

    return count * a->seconds + (b->seconds - a->seconds) * (count - 1) / 2;
}

static double all_seconds(const Forecast *forecast)
{
    double seconds = forecast->trials[forecast->trial_count - 1].seconds;

    for (unsigned i = 0; i + 1 < forecast->trial_count; i++)
        seconds +=
            seconds_between(&forecast->trials[i], &forecast->trials[i + 1]);
    return seconds;
}

static uint64_t items_of(const Plan *plan, unsigned number)
{
    PlanPoint *point = plan_point_new(plan, number, NULL);
    uint64_t items = 0;

    for (unsigned i = 0; i < point->workload_count; i++) {
        const WorkloadConfig *config = &point->workloads[i].config;
        uint32_t sessions = workload_sessions(config);

        if (sessions == UINT32_MAX) {
            items = UINT64_MAX;
            break;
        }
        items += (uint64_t)sessions * MAX(config->pages, 1);
    }
    plan_point_free(point);
    return items;
}

void forecast_make(Forecast *forecast, const Plan *plan)
{
    *forecast = (Forecast){0};
    play_some(forecast, plan);
    forecast->seconds = all_seconds(forecast);
    forecast->least_runs = (uint64_t)plan->points * plan->replicate.min;
    forecast->most_runs = plan->until->count > 0
                              ? (uint64_t)plan->points * plan->replicate.max
                              : forecast->least_runs;
    for (unsigned i = 0; i < plan->points && forecast->items != UINT64_MAX;
         i++) {
        uint64_t items = items_of(plan, i);

        forecast->items = items == UINT64_MAX ? items : forecast->items + items;
    }
}
