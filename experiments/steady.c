/* steady.c - the order of a run's samples becomes a warm-up and batches. */
#include "steady.h"

#include "estimand.h"
#include "mser.h"

static bool is_looked_at(const Plan *plan, MetricId id)
{
    if (plan_metric_is_total(plan, id))
        return false;
    for (unsigned i = 0; i < plan->wanted->len; i++)
        if (g_array_index(plan->wanted, Estimand, i).metric == id)
            return true;
    return false;
}

bool steady_check(const Plan *plan, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, "run", "");
    const ConfigEntry *entry = config_entry(group, "kind");

    for (MetricId id = 0; id < plan_metrics(plan); id++)
        if (is_looked_at(plan, id))
            return true;
    return config_fail(error, CONFIG_ERROR_VALUE, entry->origin, "run", "kind",
                       "a steady run needs a metric to look at; a [plot] or "
                       "[expect] of one that is no count would be right");
}

void steady_keep(Measured *measured)
{
    for (MetricId id = 0; id < plan_metrics(measured->plan); id++)
        if (is_looked_at(measured->plan, id))
            *measured_order(measured, id) =
                g_array_new(FALSE, FALSE, sizeof(MeasureNote));
}

void steady_forget(Measured *measured)
{
    for (MetricId id = 0; id < plan_metrics(measured->plan); id++) {
        GArray **order = measured_order(measured, id);

        if (*order != NULL)
            g_array_unref(*order);
        *order = NULL;
    }
}

/* --- observations --------------------------------------------------------- */

static const MeasureNote *note_at(const GArray *notes, unsigned i)
{
    return &g_array_index(notes, MeasureNote, i);
}

/* How many pieces there are between FROM and UNTIL: none is without length. */
static unsigned pieces(SimTime from, SimTime until)
{
    return (unsigned)MIN((SimTime)STEADY_PIECES, until - from);
}

/* When piece I between FROM and UNTIL begins. */
static SimTime piece_begins(SimTime from, SimTime until, unsigned i)
{
    return from + (SimTime)((__int128)(until - from) * i / pieces(from, until));
}

/* The mean of a population, NOTES, over each piece. */
static GArray *means_of_pieces(const GArray *notes, SimTime from, SimTime until)
{
    GArray *means = g_array_new(FALSE, FALSE, sizeof(double));
    unsigned next = 0;
    int64_t now = 0;

    for (unsigned i = 0; i < pieces(from, until); i++) {
        SimTime begin = piece_begins(from, until, i), at = begin;
        SimTime end = piece_begins(from, until, i + 1);
        double area = 0, mean;

        for (; next < notes->len && note_at(notes, next)->at < end; next++) {
            SimTime moves = MAX(note_at(notes, next)->at, begin);

            area += (double)now * (double)(moves - at);
            at = moves;
            now = note_at(notes, next)->value;
        }
        area += (double)now * (double)(end - at);
        mean = area / (double)(end - begin);
        g_array_append_val(means, mean);
    }
    return means;
}

/* The observations of metric ID that MEASURED has followed, as numbers. */
static GArray *observations(Measured *measured, MetricId id, SimTime from,
                            SimTime until)
{
    const GArray *notes = *measured_order(measured, id);
    GArray *values;

    if (plan_metric_is_population(measured->plan, id))
        return means_of_pieces(notes, from, until);
    values = g_array_sized_new(FALSE, FALSE, sizeof(double), notes->len);
    for (unsigned i = 0; i < notes->len; i++) {
        double value = (double)note_at(notes, i)->value;

        g_array_append_val(values, value);
    }
    return values;
}

static bool has_order(Measured *measured, MetricId id)
{
    const GArray *order = *measured_order(measured, id);

    return order != NULL && order->len > 0;
}

/* --- warm-up -------------------------------------------------------------- */

bool steady_warmup(Measured *measured, SimTime *warmup)
{
    const Plan *plan = measured->plan;
    SimTime until = plan_until(plan);
    bool settled = true;

    *warmup = 0;
    for (MetricId id = 0; id < plan_metrics(plan); id++) {
        GArray *values;
        size_t cut;
        SimTime over = 0;

        if (!has_order(measured, id))
            continue;
        values = observations(measured, id, 0, until);
        settled &= mser5((const double *)values->data, values->len, &cut);
        g_array_unref(values);
        if (plan_metric_is_population(measured->plan, id))
            over = piece_begins(0, until, (unsigned)cut);
        else if (cut > 0)
            over = note_at(*measured_order(measured, id), (unsigned)cut)->at;
        *warmup = MAX(*warmup, over);
    }
    if (settled && *warmup <= until / 2)
        return true;
    *warmup = until / 2;
    return false;
}

/* --- batches -------------------------------------------------------------- */

static void metric_clear_batches(gpointer data)
{
    batch_means_clear(&((SteadyMetric *)data)->batches);
}

Steady *steady_empty(SimTime warmup, bool settled)
{
    Steady *steady = g_new0(Steady, 1);

    steady->warmup = warmup;
    steady->settled = settled;
    steady->metrics = g_array_new(FALSE, FALSE, sizeof(SteadyMetric));
    g_array_set_clear_func(steady->metrics, metric_clear_batches);
    return steady;
}

void steady_add(Steady *steady, SteadyMetric metric /* taken */)
{
    g_array_append_val(steady->metrics, metric);
}

Steady *steady_new(Measured *measured, SimTime warmup, bool settled)
{
    const Plan *plan = measured->plan;
    Steady *steady = steady_empty(warmup, settled);

    for (MetricId id = 0; id < plan_metrics(plan); id++) {
        SteadyMetric metric = {.metric = id};
        GArray *values;

        if (!has_order(measured, id))
            continue;
        values = observations(measured, id, warmup, plan_until(plan));
        metric.batches = batch_means((const double *)values->data, values->len);
        steady_add(steady, metric);
        g_array_unref(values);
    }
    return steady;
}

const BatchMeans *steady_batches(const Steady *steady, MetricId id)
{
    for (unsigned i = 0; steady != NULL && i < steady->metrics->len; i++) {
        const SteadyMetric *metric =
            &g_array_index(steady->metrics, SteadyMetric, i);

        if (metric->metric == id && metric->batches.means->len > 0)
            return &metric->batches;
    }
    return NULL;
}

bool steady_is_good(const Steady *steady)
{
    for (unsigned i = 0; i < steady->metrics->len; i++)
        if (!g_array_index(steady->metrics, SteadyMetric, i).batches.separate)
            return false;
    return steady->settled;
}

void steady_free(Steady *steady)
{
    if (steady == NULL)
        return;
    g_array_unref(steady->metrics);
    g_free(steady);
}
