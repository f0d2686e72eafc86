/* outcome.c - what came out of an experiment, for whoever waits for it. */
#include "cli.h"

#include <math.h>
#include <stdio.h>

#include "experiments/doubts.h"
#include "experiments/experiment.h"
#include "experiments/plan_select.h"
#include "experiments/stop_rule.h"
#include "experiments/units.h"

/* The metric that the experiment is about. */
static MetricId main_metric(const Plan *plan)
{
    for (unsigned i = 0; i < plan->plots->len; i++) {
        const PlanPlot *plot = g_ptr_array_index(plan->plots, i);

        if (plot->metric != METRIC_NONE) /* it is not of one run */
            return plot->metric;
    }
    if (plan->wanted->len > 0)
        return g_array_index(plan->wanted, Estimand, 0).metric;
    return METRIC_WORK_LATENCY;
}

/* "-" where there is none. */
static void print_number(int width, double value)
{
    if (isnan(value))
        printf("%*s ", width, "-");
    else
        printf("%*.3f ", width, value);
}

static void print_half_width(const MetricSummary *summary, double level,
                             double scale)
{
    double half = summary_half_width(summary, level);

    if (summary->pooled.count == 0)
        print_number(10, NAN);
    else if (isinf(half))
        printf("%10s ", "one run");
    else
        print_number(10, half / scale);
}

static void print_point(const Experiment *experiment, unsigned number,
                        MetricId id, bool unfinished)
{
    const PointSummary *point = &experiment->summaries[number];
    const MetricSummary *summary = &point->metrics[id];
    double scale = unit_scale(plan_metric_key(experiment->plan, id)->unit);
    char *where = plan_point_text(experiment->plan, number);

    print_number(12, summary_value(summary, STATISTIC_MEAN) / scale);
    print_half_width(summary, experiment->plan->until->level, scale);
    print_number(12, summary_value(summary, STATISTIC_P50) / scale);
    print_number(12, summary_value(summary, STATISTIC_P99) / scale);
    printf("%9" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT " ",
           summary_count(summary), summary->failures);
    if (unfinished)
        printf("%10" G_GUINT64_FORMAT " ", summary_unfinished(point, id));
    printf("%5u%c %s\n", point->replications, point->converged ? ' ' : '*',
           where);
    g_free(where);
}

/* Whether something that metric ID is of had not ended with its run. */
static bool has_unfinished(const Experiment *experiment, MetricId id)
{
    for (unsigned i = 0; i < experiment->plan->points; i++)
        if (summary_unfinished(&experiment->summaries[i], id) > 0)
            return true;
    return false;
}

static void print_results(const Experiment *experiment)
{
    MetricId id = main_metric(experiment->plan);
    const MetricKey *key = plan_metric_key(experiment->plan, id);
    bool all = true, unfinished = has_unfinished(experiment, id);
    unsigned unsteady = 0;

    printf("%s (%s)\n%12s %10s %12s %12s %9s %8s %s%5s\n", key->name,
           unit_name(key->unit), "mean", "+-", "p50", "p99", "n", "failed",
           unfinished ? "unfinished " : "", "runs");
    for (unsigned i = 0; i < experiment->plan->points; i++) {
        if (experiment->summaries[i].replications == 0)
            continue;
        print_point(experiment, i, id, unfinished);
        all = all && experiment->summaries[i].converged;
        unsteady += experiment->summaries[i].unsteady;
    }
    if (!all)
        printf("* not converged: the interval is wider than was asked for, or "
               "the rare event was seen too seldom\n");
    if (unsteady > 0)
        printf("runs that have not settled in their first half, or whose "
               "batches are still alike: %u; a longer [run] duration would be "
               "right\n",
               unsteady);
}

static void print_places(const char *folder, const Plan *plan)
{
    printf("results: %s\n", folder);
    for (unsigned i = 0; i < plan->plots->len; i++)
        printf("plot:    %s/%s.png\n", folder,
               ((PlanPlot *)g_ptr_array_index(plan->plots, i))->name);
}

int cli_outcome(const Experiment *experiment, const char *folder, bool quiet)
{
    GString *report = g_string_new(NULL);
    GError *error = NULL;
    bool holds;
    bool drawn =
        experiment_conclude(experiment, folder, &holds, report, &error);

    if (!quiet) {
        print_results(experiment);
        doubts_report(experiment->plan, experiment->summaries, report);
        fputs(report->str, stdout);
        if (drawn)
            print_places(folder, experiment->plan);
    } else if (!holds) {
        fputs(report->str, stderr);
    }
    g_string_free(report, TRUE);
    if (!drawn)
        return cli_complain(error, CLI_FAILED);
    if (!experiment->whole) {
        fprintf(stderr,
                "firstbyte: interrupted; what was done until then is in "
                "%s, and --resume goes on\n",
                folder);
        return CLI_FAILED;
    }
    return holds ? CLI_DONE : CLI_FAILED;
}
