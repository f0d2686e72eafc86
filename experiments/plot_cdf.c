/* plot_cdf.c - the distribution of the pooled samples: the share up to a value
 * (cdf), or above it on a log scale (ccdf), beside the exact one.
 *
 * Samples are those of the histogram, good to 0.8 % (sim/metric.h). */
#include "plot_internal.h"

#include <math.h>

#include "syn_path.h"

static bool is_complement(const Drawing *drawing)
{
    return drawing->plot->config.kind == PLOT_CCDF;
}

static void add_step(Drawing *drawing, double value, double share)
{
    gnuplot_number(drawing->data, value);
    g_string_append_c(drawing->data, ' ');
    gnuplot_number(drawing->data, is_complement(drawing) ? 1 - share : share);
    g_string_append_c(drawing->data, '\n');
}

/* The data block of SERIES; false: it would be empty. */
static bool add_block(Drawing *drawing, unsigned series)
{
    const PointSummary *point =
        &drawing->summaries[plot_point(drawing, 0, series)];
    const Metric *pooled = &point->metrics[drawing->plot->metric].pooled;
    uint64_t count, sum = 0;
    int32_t bucket = 0;
    int64_t sample;

    if (point->replications > 0)
        plot_saw_point(drawing, point);
    if (pooled->count == 0)
        return false;
    g_string_append_printf(drawing->data, "# value share\n$runs%u << EOD\n",
                           series);
    add_step(drawing, (double)pooled->min / drawing->y_scale, 0);
    while (metric_next(pooled, &bucket, &sample, &count)) {
        double value = (double)sample / drawing->y_scale;

        sum += count;
        plot_saw(drawing, value);
        /* The last step of a ccdf would be to 0, which a log scale has not. */
        if (sum < pooled->count || !is_complement(drawing))
            add_step(drawing, value, (double)sum / (double)pooled->count);
        else
            add_step(drawing, value, 1 - 0.5 / (double)pooled->count);
    }
    g_string_append(drawing->data, "EOD\n");
    return true;
}

/* --- theory --------------------------------------------------------------- */

/* Steps that nobody could see are left out: there are thousands. */
static void add_atoms(Drawing *drawing, const SynTheory *theory, double least)
{
    double last = 1, before = 0;

    for (unsigned i = 0; i < theory->count; i++) {
        double value = (double)theory->atoms[i].latency / drawing->y_scale;
        double share = theory->atoms[i].share, above = 1 - share;

        if (i == 0)
            add_step(drawing, value, 0);
        if (above < least)
            return;
        if (above > last * 0.98 && value < before * 1.01)
            continue;
        add_step(drawing, value, share);
        last = above;
        before = value;
    }
}

static bool add_exact(Drawing *drawing, unsigned series)
{
    unsigned number = plot_point(drawing, 0, series);
    const MetricSummary *summary =
        &drawing->summaries[number].metrics[drawing->plot->metric];
    PlanPoint *point = plan_point_new(drawing->plan, number, NULL);
    SynTheory *theory;

    g_assert(point != NULL); /* checked when the plan was read */
    theory = syn_path_theory(point, 0, &drawing->no_theory);
    plan_point_free(point);
    if (theory == NULL)
        return false;
    g_string_append_printf(drawing->data,
                           "# value share, exact\n$theory%u << EOD\n", series);
    add_atoms(drawing, theory, 0.3 / (double)MAX(summary->pooled.count, 1));
    g_string_append(drawing->data, "EOD\n");
    syn_theory_free(theory);
    return true;
}

/* The data of all series; none where one of them has no theory. */
static bool add_theory(Drawing *drawing)
{
    gsize before = drawing->data->len;

    if (drawing->plot->config.theory == THEORY_NONE)
        return false;
    for (unsigned s = 0; s < drawing->series_count; s++) {
        if (add_exact(drawing, s))
            continue;
        g_string_truncate(drawing->data, before);
        return false;
    }
    plot_add_theory_legend(drawing);
    return true;
}

/* --- the whole ------------------------------------------------------------ */

static void add_axes(Drawing *drawing)
{
    const PlotConfig *config = &drawing->plot->config;
    bool log = drawing->least > 0 &&
               (config->x_scale == SCALE_LOG ||
                (config->x_scale == SCALE_AUTO && !drawing->zero &&
                 drawing->most / drawing->least >= 20));
    double low = log ? drawing->least / 1.2 : 0,
           high = drawing->most * (log ? 1.2 : 1.05);

    if (drawing->zero && drawing->most == 0)
        high = 1;
    g_string_append_printf(drawing->axes, "%sset xrange [%.6g:%.6g]\n",
                           log ? "set logscale x\nset mxtics 10\n" : "", low,
                           high);
    if (!is_complement(drawing))
        g_string_append(drawing->axes, "set yrange [0:1.02]\n");
    else
        g_string_append(drawing->axes,
                        "set logscale y\nset mytics 10\nset yrange [*:1.2]\n");
}

static void add_curve(Drawing *drawing, unsigned series)
{
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves, "$runs%u with steps ", series);
    plot_add_colour(drawing, series);
    g_string_append_printf(drawing->curves, " lw 3 dt %s",
                           gnuplot_dashes[series % GNUPLOT_DASHES]);
    plot_add_legend(drawing, series,
                    drawing->plot->series < 0 ? "samples" : NULL);
}

void plot_add_cdf(Drawing *drawing)
{
    bool theory = add_theory(drawing);

    for (unsigned s = 0; s < drawing->series_count; s++)
        if (add_block(drawing, s))
            add_curve(drawing, s);
    for (unsigned s = 0; theory && s < drawing->series_count; s++) {
        plot_next_curve(drawing);
        g_string_append_printf(
            drawing->curves,
            "$theory%u with steps lc rgb '#333333' lw 0.8 notitle", s);
    }
    drawing->bars = g_strdup("pooled samples");
    drawing->xlabel = plot_y_label(drawing);
    drawing->ylabel =
        g_strdup(is_complement(drawing) ? "share of the samples above it"
                                        : "share of the samples up to it");
    add_axes(drawing);
}
