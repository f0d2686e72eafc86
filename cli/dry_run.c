/* dry_run.c - run --dry-run: how much an experiment is. */
#include "cli.h"

#include <math.h>
#include <stdio.h>

#include "experiments/forecast.h"
#include "experiments/stop_rule.h"

static void say_points(const Plan *plan)
{
    printf("points   %u", plan->points);
    for (unsigned i = 0; i < plan->axes->len; i++)
        printf("%s%u of %s", i == 0 ? ": " : " x ", plan_axis(plan, i)->count,
               plan_axis(plan, i)->target);
    printf("\n");
}

static void say_runs(const Plan *plan, const Forecast *forecast)
{
    printf("runs     %" G_GUINT64_FORMAT, forecast->least_runs);
    if (forecast->most_runs > forecast->least_runs)
        printf(" to %" G_GUINT64_FORMAT ": %u to %u of each point, until %s",
               forecast->most_runs, plan->replicate.min, plan->replicate.max,
               plan->replicate.until);
    else
        printf(": %u of each point", plan->replicate.min);
    printf("\n");
}

static void say_items(const Plan *plan, const Forecast *forecast)
{
    if (forecast->items == UINT64_MAX)
        printf("items    as many as fit into the time of a run\n");
    else
        printf("items    %.4g in a run, on the average\n",
               (double)forecast->items / plan->points);
}

static void say_trials(const Plan *plan, const Forecast *forecast)
{
    for (unsigned i = 0; i < forecast->trial_count; i++) {
        const ForecastTrial *trial = &forecast->trials[i];
        char *where = plan_point_text(plan, trial->point);

        printf("tried    %8.2f ms, %9" G_GUINT64_FORMAT " events%s%s\n",
               trial->seconds * 1e3, trial->events, *where != '\0' ? ": " : "",
               where);
        g_free(where);
    }
}

/* "0.4 s", "12 s", "3 min", "5 h". */
static char *duration(double seconds)
{
    if (seconds < 10)
        return g_strdup_printf("%.1f s", seconds);
    if (seconds < 120)
        return g_strdup_printf("%.0f s", seconds);
    if (seconds < 7200)
        return g_strdup_printf("%.0f min", seconds / 60);
    return g_strdup_printf("%.0f h", seconds / 3600);
}

/* The runs of all points go on at the same time on JOBS processors. */
static void say_time(const Plan *plan, const Forecast *forecast, unsigned jobs)
{
    unsigned parallel = MIN(jobs, g_get_num_processors());
    double one = forecast->seconds / parallel;
    char *least = duration(one * plan->replicate.min);
    char *most = duration(one * plan->replicate.max);

    printf("time     about %s", least);
    if (forecast->most_runs > forecast->least_runs)
        printf(" to %s", most);
    printf(" with -j %u on %u processor%s to simulate; to store, sum "
           "up and draw comes on top\n",
           jobs, g_get_num_processors(),
           g_get_num_processors() == 1 ? "" : "s");
    g_free(least);
    g_free(most);
}

int cli_dry_run(const Plan *plan, unsigned jobs)
{
    Forecast forecast;

    forecast_make(&forecast, plan);
    say_points(plan);
    say_runs(plan, &forecast);
    say_items(plan, &forecast);
    say_trials(plan, &forecast);
    say_time(plan, &forecast, jobs);
    if (forecast.bytes > 0)
        printf("memory   at most %.0f MB: so much for each of %u job%s as one "
               "took here\n",
               ceil((double)forecast.bytes * jobs * 1e-6), jobs,
               jobs == 1 ? "" : "s");
    printf("Assumed: a point between two that were tried takes what lies "
           "between, and every\nreplication what the first one takes%s.\n",
           forecast.most_runs > forecast.least_runs
               ? "; how soon the rule is content, nobody\nknows before"
               : "");
    return CLI_DONE;
}
