/* measured.c - the parts of a run's measurements, put together. */
#include "measured.h"

#include <math.h>

enum { SHARE = 1000000000 }; /* QUANTITY_SHARE's base unit in 1 */

static const PlanMetric *selected(const Measured *measured, unsigned i)
{
    return g_ptr_array_index(measured->plan->selected, i);
}

void measured_init(Measured *measured, const Plan *plan, Sim *sim, SimTime from,
                   GArray *samples)
{
    *measured = (Measured){.plan = plan, .count = plan->selected->len};
    measure_init(&measured->whole, sim, from, plan_until(plan), samples);
    measured->parts = g_new0(SelectPart, measured->count);
    measured->orders = g_new0(GArray *, measured->count);
}

void measured_find(Measured *measured, const Network *network)
{
    const Measure *whole = &measured->whole;

    for (unsigned i = 0; i < measured->count; i++) {
        const SelectKey *key = selected(measured, i)->key;
        SelectTarget target;
        GArray *samples = NULL;
        char *why;

        if (key->gauge != NULL)
            continue;
        if (!select_find(key, network, measured->plan->workloads, &target,
                         &why))
            g_assert_not_reached(); /* checked by plan_read() */
        if (whole->samples != NULL)
            samples = g_array_new(FALSE, FALSE, sizeof(MeasureSample));
        select_part_init(&measured->parts[i], key, &target, whole->sim,
                         whole->from, whole->until, samples);
        if (measured->orders[i] != NULL) /* where the order was asked for */
            measured->parts[i].measure.order[key->metric] = measured->orders[i];
    }
}

GArray **measured_order(Measured *measured, MetricId id)
{
    return id < METRICS ? &measured->whole.order[id]
                        : &measured->orders[id - METRICS];
}

/* --- the end -------------------------------------------------------------- */

/* Moves the samples of PART's metric to those of the run, as metric ID's. */
static void move_samples(SelectPart *part, MetricId id, GArray *samples)
{
    for (unsigned i = 0; i < part->measure.samples->len; i++) {
        MeasureSample one =
            g_array_index(part->measure.samples, MeasureSample, i);

        if (one.metric != part->metric)
            continue;
        one.metric = (uint16_t)id;
        g_array_append_val(samples, one);
    }
    g_array_unref(part->measure.samples);
    part->measure.samples = NULL;
}

static void finish_part(Measured *measured, unsigned i, Metric *metric,
                        uint64_t *failures)
{
    SelectPart *part = &measured->parts[i];

    measure_finish(&part->measure);
    *metric = part->measure.metrics[part->metric]; /* taken over */
    metric_init(&part->measure.metrics[part->metric]);
    *failures = part->measure.failures[part->metric];
    if (part->measure.samples != NULL)
        move_samples(part, METRICS + i, measured->whole.samples);
}

/* VALUES, sampled by the plan, are the samples of gauge I. */
static void finish_gauge(Measured *measured, unsigned i, const GArray *values,
                         Metric *metric)
{
    const PlanMetric *gauge = selected(measured, i);
    const Plan *plan = measured->plan;
    double scale = gauge->word.unit == QUANTITY_SHARE ? SHARE : 1;
    /* One that grows is about the time since the sample before. */
    SimTime past = gauge->key->gauge->scale != 0 ? plan->series->every : 0;

    metric_init(metric);
    for (unsigned n = 0; n < values->len; n++) {
        double value = g_array_index(values, double, n);
        MeasureNote note = {.at = plan_sample_time(plan, n)};
        MeasureSample sample = {.metric = (uint16_t)(METRICS + i)};

        if (isnan(value) || note.at - past < measured->whole.from)
            continue;
        note.value = sample.value = llround(value * scale);
        metric_add(metric, note.value);
        if (measured->orders[i] != NULL)
            g_array_append_val(measured->orders[i], note);
        if (measured->whole.samples != NULL)
            g_array_append_val(measured->whole.samples, sample);
    }
}

void measured_finish(Measured *measured, const GPtrArray *series,
                     Metric *metrics, uint64_t *failures)
{
    measure_finish(&measured->whole);
    for (MetricId id = 0; id < METRICS; id++) {
        metrics[id] = measured->whole.metrics[id]; /* taken over */
        failures[id] = measured->whole.failures[id];
    }
    for (unsigned i = 0; i < measured->count; i++) {
        Metric *metric = &metrics[METRICS + i];
        const PlanMetric *one = selected(measured, i);

        failures[METRICS + i] = 0;
        if (one->key->gauge == NULL)
            finish_part(measured, i, metric, &failures[METRICS + i]);
        else
            finish_gauge(measured, i, g_ptr_array_index(series, one->series),
                         metric);
    }
}

void measured_clear(Measured *measured)
{
    for (unsigned i = 0; i < measured->count; i++)
        select_part_clear(&measured->parts[i]);
    g_free(measured->parts);
    g_free(measured->orders);
}
