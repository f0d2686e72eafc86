/* series.c - reads what is to be sampled, and samples it. */
#include "series.h"

#include <math.h>
#include <string.h>

/* --- reading -------------------------------------------------------------- */

static bool read_every(SeriesPlan *plan, const char *text, char **why)
{
    if (!quantity_int(QUANTITY_TIME, text, &plan->every, why))
        return false;
    if (plan->every >= SIM_US)
        return true;
    *why = g_strdup_printf("every %s: samples are at least 1 us apart", text);
    return false;
}

static bool read_keys(SeriesPlan *plan, const char *text, char **why)
{
    char **parts = g_strsplit(text, ",", -1);
    bool good = true;

    for (unsigned i = 0; good && parts[i] != NULL; i++) {
        SelectKey *key = select_key_new(parts[i], why);

        good = key != NULL;
        if (good)
            g_ptr_array_add(plan->keys, key);
        for (unsigned j = 0; good && j < i; j++)
            if (strcmp(series_key(plan, j)->name, series_key(plan, i)->name) ==
                0) {
                *why = g_strdup_printf("%s stands there twice; once would be "
                                       "right",
                                       series_key(plan, i)->name);
                good = false;
            }
    }
    g_strfreev(parts);
    return good;
}

SeriesPlan *series_plan_new(const char *text, char **why)
{
    SeriesPlan *plan = g_new0(SeriesPlan, 1);
    const char *every = g_strrstr(text, " every ");
    char *names;
    bool good;

    plan->keys =
        g_ptr_array_new_with_free_func((GDestroyNotify)select_key_free);
    if (every == NULL) {
        *why = g_strdup_printf("\"%s\" does not say how often; write NAME, "
                               "NAME... every 100 ms",
                               text);
        series_plan_free(plan);
        return NULL;
    }
    names = g_strndup(text, (gsize)(every - text));
    good = read_every(plan, every + strlen(" every "), why) &&
           read_keys(plan, names, why);
    g_free(names);
    if (good)
        return plan;
    series_plan_free(plan);
    return NULL;
}

void series_plan_free(SeriesPlan *plan)
{
    if (plan == NULL)
        return;
    g_ptr_array_free(plan->keys, TRUE);
    g_free(plan);
}

SimTime series_time(const SeriesPlan *plan, SimTime from, unsigned number)
{
    return ((from + plan->every - 1) / plan->every + (SimTime)number) *
           plan->every;
}

/* --- sampling ------------------------------------------------------------- */

/* One series while it is taken. */
typedef struct Taken {
    const SelectKey *key;
    GaugeTarget target;
    SelectPart *part; /* of a metric of one object; else NULL */
    double before;    /* of a gauge that grows: when it was last read */
    MeasureMark mark; /* of a metric, likewise */
    GArray *values;   /* of double */
} Taken;

struct Series {
    const SeriesPlan *plan;
    Measure *measure;
    SimTime from;
    unsigned count, taken; /* series; samples of each */
    Taken *series;
};

static void part_free(SelectPart *part)
{
    if (part == NULL)
        return;
    sim_unobserve(part->measure.sim, &part->observer);
    select_part_clear(part);
    g_free(part);
}

static void series_free(Series *series)
{
    for (unsigned i = 0; i < series->count; i++) {
        if (series->series[i].values != NULL)
            g_array_unref(series->series[i].values);
        part_free(series->series[i].part);
    }
    g_free(series->series);
    g_free(series);
}

/* Finds what TAKEN is of, and begins to measure it. */
static bool find(Series *series, Taken *taken, const Network *network,
                 const GPtrArray *workloads, char **why)
{
    const SelectKey *key = taken->key;
    Measure *measure = series->measure;
    SelectTarget target;

    if (key->gauge != NULL)
        return gauge_find(key->gauge, network, key->object, &taken->target,
                          why);
    if (key->object == NULL)
        return true;
    if (!select_find(key, network, workloads, &target, why))
        return false;
    if (measure == NULL)
        return true;
    taken->part = g_new(SelectPart, 1);
    select_part_init(taken->part, key, &target, measure->sim, measure->from,
                     measure->until, NULL);
    return true;
}

Series *series_new(const SeriesPlan *plan, const Network *network,
                   const GPtrArray *workloads, Measure *measure, SimTime from,
                   char **why)
{
    Series *series = g_new0(Series, 1);

    series->plan = plan;
    series->measure = measure;
    series->from = from;
    series->count = plan->keys->len;
    series->series = g_new0(Taken, series->count);
    for (unsigned i = 0; i < series->count; i++) {
        Taken *taken = &series->series[i];

        taken->key = series_key(plan, i);
        taken->values = g_array_new(FALSE, FALSE, sizeof(double));
        if (find(series, taken, network, workloads, why))
            continue;
        series_free(series);
        return NULL;
    }
    return series;
}

static double read_gauge(const Series *series, Taken *taken, SimTime at)
{
    const GaugeKey *gauge = taken->key->gauge;
    double value = gauge->read(&taken->target, gauge->code, at);
    double grown = value - taken->before;

    if (gauge->scale == 0)
        return value;
    taken->before = value;
    if (series->taken == 0)
        return NAN;
    return grown * gauge->scale / (double)series->plan->every;
}

static void take(Series *series, SimTime at)
{
    for (unsigned i = 0; i < series->count; i++) {
        Taken *taken = &series->series[i];
        Measure *measure =
            taken->part != NULL ? &taken->part->measure : series->measure;
        double value =
            taken->key->gauge != NULL
                ? read_gauge(series, taken, at)
                : measure_since(measure, taken->key->metric, &taken->mark, at);

        if (taken->key->gauge == NULL && series->taken == 0)
            value = NAN;
        if (isnan(value))
            value = NAN; /* one and the same */
        g_array_append_val(taken->values, value);
    }
    series->taken++;
}

void series_run(Series *series, Sim *sim, SimTime until)
{
    for (;;) {
        SimTime at = series_time(series->plan, series->from, series->taken);

        if (at > until)
            break;
        sim_run(sim, at);
        if (sim->stopped ||
            (until == SIM_NEVER && sim_is_over(sim) && at > sim_now(sim)))
            return;
        take(series, at);
    }
    sim_run(sim, until);
}

GPtrArray *series_finish(Series *series)
{
    GPtrArray *all =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);

    for (unsigned i = 0; i < series->count; i++) {
        g_ptr_array_add(all, series->series[i].values);
        series->series[i].values = NULL;
    }
    series_free(series);
    return all;
}
