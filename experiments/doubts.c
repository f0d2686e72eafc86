/* doubts.c - see doubts.h. */
#include "doubts.h"

#include "estimand.h"
#include "stop_rule.h"

static void add(const Plan *plan, unsigned point, GString *report,
                const char *doubt)
{
    char *where = plan_point_text(plan, point);

    g_string_append_printf(report, "doubt%s%s: %s\n",
                           where[0] != '\0' ? " at " : "", where, doubt);
    g_free(where);
}

/* The reason that most of what failed at POINT had; METRICS: none is counted.
 */
static MetricId main_reason(const PointSummary *point)
{
    static const MetricId reasons[] = {
        METRIC_FAILURES_TIMED_OUT,   METRIC_FAILURES_REFUSED,
        METRIC_FAILURES_UNREACHABLE, METRIC_FAILURES_RESET,
        METRIC_FAILURES_NO_PORT,     METRIC_DNS_NO_SUCH_NAME,
        METRIC_DNS_NO_ANSWER};
    MetricId most = METRIC_NONE;

    for (unsigned i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (point->metrics[reasons[i]].pooled.sum >
            (most == METRIC_NONE ? 0 : point->metrics[most].pooled.sum))
            most = reasons[i];
    return most;
}

static void add_all_failed(const Plan *plan, unsigned number,
                           const PointSummary *point, MetricId id,
                           GString *report)
{
    uint64_t failures = point->metrics[id].failures;
    MetricId reason = main_reason(point);
    char *text =
        failures == 0
            ? g_strdup_printf("none of %" G_GUINT64_FORMAT " ended: %s has no "
                              "sample",
                              summary_unfinished(point, id),
                              metric_keys[id].name)
            : g_strdup_printf("all %" G_GUINT64_FORMAT " that ended failed: %s "
                              "has no sample%s%s%s",
                              failures, metric_keys[id].name,
                              reason == METRIC_NONE ? "" : " (most: ",
                              reason == METRIC_NONE ? ""
                                                    : metric_keys[reason].name,
                              reason == METRIC_NONE ? "" : ")");

    add(plan, number, report, text);
    g_free(text);
}

static void add_unfinished(const Plan *plan, unsigned number,
                           const PointSummary *point, MetricId id,
                           GString *report)
{
    const MetricSummary *summary = &point->metrics[id];
    uint64_t open = summary_unfinished(point, id);
    uint64_t all = open + summary->pooled.count + summary->failures;
    bool begins_later = plan->run.kind == RUN_STEADY || plan_from(plan) > 0;
    char *text;

    if (open == 0 || (begins_later && open * 100 <= all))
        return;
    text = g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                           " had not ended when the runs did: those are no "
                           "part of %s, which is of the faster ones only",
                           open, all, metric_keys[id].name);
    add(plan, number, report, text);
    g_free(text);
}

/* Whether an earlier estimand that PLAN wants is of the same metric. */
static bool is_repeated(const Plan *plan, unsigned wanted, MetricId id)
{
    for (unsigned i = 0; i < wanted; i++)
        if (g_array_index(plan->wanted, Estimand, i).metric == id)
            return true;
    return false;
}

/* The metric I that PLAN wants; without any that of every workload. */
static MetricId wanted(const Plan *plan, unsigned i)
{
    return plan->wanted->len == 0
               ? METRIC_WORK_LATENCY
               : g_array_index(plan->wanted, Estimand, i).metric;
}

/* About what ends POINT's runs did not see. */
static void add_missing(const Plan *plan, unsigned number,
                        const PointSummary *point, GString *report)
{
    for (unsigned i = 0; i < MAX(plan->wanted->len, 1); i++) {
        MetricId id = wanted(plan, i);
        const MetricSummary *summary = &point->metrics[id];

        if (is_repeated(plan, i, id) || metric_unfinished(id) == METRIC_NONE)
            continue;
        if (summary->pooled.count > 0)
            add_unfinished(plan, number, point, id, report);
        else if (summary->failures > 0 || summary_unfinished(point, id) > 0)
            add_all_failed(plan, number, point, id, report);
    }
}

void doubts_report(const Plan *plan, const PointSummary *summaries,
                   GString *report)
{
    for (unsigned i = 0; i < plan->points; i++) {
        const PointSummary *point = &summaries[i];
        char *text;

        if (point->lossy && point->replications > 0 && point->rare == 0)
            add(plan, i, report,
                "no rare event seen: packets may be lost, and none was");
        add_missing(plan, i, point, report);
        if (!point->random || point->same == 0)
            continue;
        text = g_strdup_printf(
            "%u of %u runs are the same as an earlier one although random "
            "numbers were drawn: what they decide was seldom seen",
            point->same, point->replications);
        add(plan, i, report, text);
        g_free(text);
    }
}

char *doubts_unfinished(const Plan *plan, const PointSummary *summaries)
{
    uint64_t runs = 0, least = (uint64_t)plan->points * plan->replicate.min;
    GString *text = g_string_new(NULL);
    unsigned never = 0;

    for (unsigned i = 0; i < plan->points; i++) {
        runs += summaries[i].replications;
        never += summaries[i].replications == 0;
    }
    g_string_append_printf(text, "%" G_GUINT64_FORMAT, runs);
    /* With a rule, how many more there will be is not known. */
    if (runs < least)
        g_string_append_printf(text, " of %s%" G_GUINT64_FORMAT,
                               plan->until->count > 0 ? "at least " : "",
                               least);
    g_string_append(text, " runs");
    if (never > 0)
        g_string_append_printf(text, ", %u of %u points not run", never,
                               plan->points);
    g_string_append(text, "; `firstbyte run --resume` goes on");
    return g_string_free(text, FALSE);
}
