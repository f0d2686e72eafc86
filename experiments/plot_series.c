/* plot_series.c - a time series: at each moment the mean over replications, and
 * its interval as a band. */
#include "plot_internal.h"

#include <math.h>

#include "series_mean.h"
#include "stop_rule.h"
#include "store.h"
#include "units.h"

enum { ROWS = 2000 }; /* more could not be seen */

/* What one series of the plot turned out to be. */
typedef struct Moments {
    bool has, band;
    unsigned step; /* every so many'th moment is drawn */
} Moments;

static double x_scale(const Drawing *drawing, unsigned count)
{
    return plan_sample_time(drawing->plan, count) < 3 * SIM_S ? 1e6 : 1e9;
}

/* x mean low high; an empty line where there is no value, which breaks the
 * curve. */
static void add_row(Drawing *drawing, double x, const SeriesMoment *moment,
                    Moments *moments)
{
    double half = isfinite(moment->half) ? moment->half : 0;
    double values[] = {moment->mean, moment->mean - half, moment->mean + half};

    if (moment->runs == 0) {
        g_string_append_c(drawing->data, '\n');
        return;
    }
    gnuplot_number(drawing->data, x);
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        /* Nothing that is sampled is ever below 0. */
        double value = MAX(values[i], 0) / drawing->y_scale;

        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value);
        plot_saw(drawing, value);
    }
    g_string_append_c(drawing->data, '\n');
    moments->has = true;
    moments->band |= isfinite(moment->half);
}

static Moments add_block(Drawing *drawing, unsigned series, const GArray *means,
                         unsigned count, double scale)
{
    Moments moments = {.step = count / ROWS + 1};
    gsize before = drawing->data->len;

    g_string_append_printf(drawing->data,
                           "# time mean low high\n$runs%u << EOD\n", series);
    for (unsigned i = 0; i < MIN(count, means->len); i += moments.step)
        add_row(drawing, (double)plan_sample_time(drawing->plan, i) / scale,
                &g_array_index(means, SeriesMoment, i), &moments);
    g_string_append(drawing->data, "EOD\n");
    if (!moments.has)
        g_string_truncate(drawing->data, before);
    return moments;
}

static void add_curves(Drawing *drawing, unsigned series,
                       const Moments *moments)
{
    if (!moments->has)
        return;
    if (moments->band) {
        plot_next_curve(drawing);
        g_string_append_printf(
            drawing->curves, "$runs%u using 1:3:4 with filledcurves ", series);
        plot_add_colour(drawing, series);
        g_string_append(drawing->curves,
                        " fs transparent solid 0.2 noborder notitle");
    }
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves, "$runs%u using 1:2 with lines ",
                           series);
    plot_add_colour(drawing, series);
    g_string_append_printf(drawing->curves, " lw 1.5 dt %s",
                           gnuplot_dashes[series % GNUPLOT_DASHES]);
    plot_add_legend(drawing, series, drawing->plot->series < 0 ? "mean" : NULL);
}

/* The means of each of the plot's series; NULL, with ERROR, when they cannot be
 * read. */
static GPtrArray *read_means(Drawing *drawing, Store *store, GError **error)
{
    GPtrArray *all =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);

    for (unsigned s = 0; s < drawing->series_count; s++) {
        GPtrArray *runs = store_series(store, plot_point(drawing, 0, s),
                                       drawing->plot->sampled, error);

        if (runs == NULL) {
            g_ptr_array_unref(all);
            return NULL;
        }
        drawing->fewest =
            drawing->fewest == 0 ? runs->len : MIN(drawing->fewest, runs->len);
        drawing->most_runs = MAX(drawing->most_runs, runs->len);
        g_ptr_array_add(all, series_mean(runs, drawing->plan->until->level));
        g_ptr_array_unref(runs);
    }
    return all;
}

static char *note(const Drawing *drawing, unsigned step)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%u", drawing->fewest);
    if (drawing->most_runs != drawing->fewest)
        g_string_append_printf(text, " to %u", drawing->most_runs);
    g_string_append_printf(text, " replication%s, seed %" G_GUINT64_FORMAT,
                           drawing->most_runs == 1 ? "" : "s",
                           drawing->plan->replicate.seed);
    plot_note_fixed(text, drawing);
    if (drawing->most_runs > 1)
        g_string_append_printf(text,
                               "; bands: %g %% interval of the mean at each "
                               "moment by Student's t over replications",
                               100 * drawing->plan->until->level);
    if (step > 1)
        g_string_append_printf(text, "; one sample of %u is drawn", step);
    return g_string_free(text, FALSE);
}

/* How many moments are worth drawing: a run may go on for long after the last
 * thing of interest (TIME-WAIT). */
static unsigned worth_drawing(const GPtrArray *means)
{
    unsigned count = 2, all = 0;

    for (unsigned s = 0; s < means->len; s++) {
        const GArray *series = means->pdata[s];

        all = MAX(all, series->len);
        for (unsigned i = 0; i < series->len; i++) {
            const SeriesMoment *at = &g_array_index(series, SeriesMoment, i);

            if (at->runs > 0 && at->mean != 0)
                count = MAX(count, i + 2);
        }
    }
    return MIN(count, MAX(all, 1));
}

static char *draw(Drawing *drawing, const GPtrArray *means)
{
    const SelectKey *key =
        series_key(drawing->plan->series, drawing->plot->sampled);
    unsigned count = worth_drawing(means), step = 1;
    double scale = x_scale(drawing, count);
    const char *unit = unit_name(key->word->unit);

    drawing->y_scale = unit_scale(key->word->unit);
    for (unsigned s = 0; s < drawing->series_count; s++) {
        Moments moments = add_block(drawing, s, means->pdata[s], count, scale);

        add_curves(drawing, s, &moments);
        step = MAX(step, moments.step);
    }
    drawing->xlabel = g_strdup(scale == 1e6 ? "time (ms)" : "time (s)");
    drawing->ylabel = g_strcmp0(unit, "1") == 0
                          ? g_strdup(key->name)
                          : g_strdup_printf("%s (%s)", key->name, unit);
    g_string_append_printf(drawing->axes, "set xrange [%.9g:%.9g]\n",
                           (double)plan_sample_time(drawing->plan, 0) / scale,
                           (double)plan_sample_time(drawing->plan, count) /
                               scale);
    /* What begins at nothing and comes back to it is seen best from there. */
    if (drawing->plot->config.y_scale == SCALE_AUTO)
        drawing->zero = true;
    plot_add_y_axis(drawing);
    return plot_finish(drawing, note(drawing, step));
}

char *plot_series_script(const Plan *plan, const PlanPlot *plot,
                         const char *folder, const char *unfinished,
                         GError **error)
{
    Drawing drawing = plot_begin(plan, plot, NULL);
    Plan *own = NULL;
    Store *store = store_open(folder, &own, error);
    GPtrArray *means =
        store != NULL ? read_means(&drawing, store, error) : NULL;
    char *script;

    drawing.unfinished = unfinished;
    script = means != NULL ? draw(&drawing, means) : NULL;
    if (means != NULL)
        g_ptr_array_unref(means);
    else
        g_free(plot_finish(&drawing, NULL));
    if (store != NULL)
        store_free(store);
    plan_free(own);
    return script;
}
