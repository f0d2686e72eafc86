/* plan_select.c - numbers what a plan measures. */
#include "plan_select.h"

#include <string.h>

/* --- asking --------------------------------------------------------------- */

unsigned plan_metrics(const Plan *plan)
{
    return METRICS + (plan != NULL ? plan->selected->len : 0);
}

const PlanMetric *plan_metric_selected(const Plan *plan, MetricId id)
{
    return id < METRICS ? NULL
                        : g_ptr_array_index(plan->selected, id - METRICS);
}

const MetricKey *plan_metric_key(const Plan *plan, MetricId id)
{
    const PlanMetric *metric = plan_metric_selected(plan, id);

    return metric != NULL ? &metric->word : &metric_keys[id];
}

/* The metric of metric_keys[] that ID is, or is a part of; METRIC_NONE: a
 * gauge. */
static MetricId whole(const Plan *plan, MetricId id)
{
    const PlanMetric *metric = plan_metric_selected(plan, id);

    return metric != NULL ? metric->key->metric : id;
}

bool plan_metric_is_total(const Plan *plan, MetricId id)
{
    return metric_is_total(whole(plan, id));
}

bool plan_metric_is_population(const Plan *plan, MetricId id)
{
    return metric_is_population(whole(plan, id));
}

MetricId plan_metric_id(const Plan *plan, const char *name)
{
    for (MetricId id = METRICS; id < plan_metrics(plan); id++)
        if (strcmp(plan_metric_key(plan, id)->name, name) == 0)
            return id;
    return metric_id(name);
}

/* --- wanting -------------------------------------------------------------- */

void plan_metric_free(gpointer data)
{
    PlanMetric *metric = data;

    select_key_free(metric->key);
    g_free(metric->at);
    g_free(metric);
}

/* Which of PLAN's series is called NAME; -1: none. */
static int find_series(const Plan *plan, const char *name)
{
    for (unsigned i = 0; plan->series != NULL && i < plan->series->keys->len;
         i++)
        if (strcmp(series_key(plan->series, i)->name, name) == 0)
            return (int)i;
    return -1;
}

/* Takes KEY. */
static MetricId add(Plan *plan, SelectKey *key, int series)
{
    PlanMetric *metric = g_new0(PlanMetric, 1);

    metric->key = key;
    metric->word = *key->word;
    metric->word.name = key->name;
    if (metric->word.unit == QUANTITY_FRACTION)
        metric->word.unit = QUANTITY_SHARE;
    metric->series = series >= 0 ? (unsigned)series : 0;
    g_ptr_array_add(plan->selected, metric);
    return plan_metrics(plan) - 1;
}

MetricId plan_metric_want(Plan *plan, const char *text, char **why)
{
    SelectKey *key = select_key_new(text, why);
    MetricId id = METRIC_NONE;
    int series = -1;

    if (key == NULL)
        return METRIC_NONE;
    if (key->gauge != NULL)
        series = find_series(plan, key->name);
    if (key->gauge != NULL && series < 0)
        *why = g_strdup_printf("%s is a gauge, which has samples where "
                               "[measure] sample says; %s every 100 ms would "
                               "be right there",
                               key->name, key->name);
    else
        id = plan_metric_id(plan, key->name);
    if (id == METRIC_NONE && (key->gauge == NULL || series >= 0))
        return add(plan, key, series);
    select_key_free(key);
    return id;
}

void plan_metrics_named_by(Plan *plan, unsigned since, const ConfigGroup *group,
                           const char *key)
{
    for (unsigned i = since; i < plan_metrics(plan); i++) {
        PlanMetric *metric = g_ptr_array_index(plan->selected, i - METRICS);

        metric->group = group;
        metric->at = g_strdup(key);
    }
}

bool plan_select_check(const Plan *plan, const Network *network, GError **error)
{
    bool good = true;

    for (unsigned i = 0; i < plan->selected->len; i++) {
        const PlanMetric *metric = g_ptr_array_index(plan->selected, i);
        SelectTarget target;
        char *why = NULL;

        if (metric->key->gauge != NULL || /* which [measure] sample checks */
            select_find(metric->key, network, plan->workloads, &target, &why))
            continue;
        good = config_fail_at(metric->group, metric->at, error, why);
        g_free(why);
    }
    return good;
}
