/* plot_band.c - how the pooled samples spread, over an axis of the sweep. */
#include "plot_internal.h"

static const double shares[] = {0.05, 0.25, 0.5, 0.75, 0.95};

static void add_row(Drawing *drawing, unsigned x, const Metric *pooled)
{
    gnuplot_number(drawing->data, drawing->x.values[x]);
    for (unsigned i = 0; i < G_N_ELEMENTS(shares); i++) {
        double value =
            (double)metric_quantile(pooled, shares[i]) / drawing->y_scale;

        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value);
        plot_saw(drawing, value);
    }
    g_string_append_c(drawing->data, '\n');
}

/* The data block of SERIES; false: it would be empty. */
static bool add_block(Drawing *drawing, unsigned series)
{
    gsize before = drawing->data->len;
    unsigned rows = 0;

    g_string_append_printf(drawing->data,
                           "# x 5 %% 25 %% median 75 %% 95 %%\n"
                           "$runs%u << EOD\n",
                           series);
    for (unsigned x = 0; x < drawing->x.axis->count; x++) {
        const PointSummary *point =
            &drawing->summaries[plot_point(drawing, x, series)];
        const Metric *pooled = &point->metrics[drawing->plot->metric].pooled;

        if (point->replications > 0)
            plot_saw_point(drawing, point);
        if (pooled->count == 0)
            continue;
        add_row(drawing, x, pooled);
        rows++;
    }
    g_string_append(drawing->data, "EOD\n");
    if (rows == 0)
        g_string_truncate(drawing->data, before);
    return rows > 0;
}

/* The area between columns LOW and HIGH, and its borders: a grey print, and
 * bands that cover each other, need them. */
static void add_area(Drawing *drawing, unsigned series, unsigned low,
                     unsigned high, double solid, const char *what)
{
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves,
                           "$runs%u using 1:%u:%u with filledcurves ", series,
                           low, high);
    plot_add_colour(drawing, series);
    g_string_append_printf(drawing->curves,
                           " fs transparent solid %.2f noborder", solid);
    plot_add_legend(drawing, series, what);
    for (unsigned column = low; column <= high; column += high - low) {
        plot_next_curve(drawing);
        g_string_append_printf(
            drawing->curves, "$runs%u using 1:%u with lines ", series, column);
        plot_add_colour(drawing, series);
        g_string_append_printf(drawing->curves, " lw 1.2 dt %s notitle",
                               gnuplot_dashes[series % GNUPLOT_DASHES]);
    }
}

static void add_median(Drawing *drawing, unsigned series)
{
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves,
                           "$runs%u using 1:4 with linespoints ", series);
    plot_add_colour(drawing, series);
    g_string_append_printf(drawing->curves, " lw 2 dt %s pt %d ps 0.9",
                           gnuplot_dashes[series % GNUPLOT_DASHES],
                           gnuplot_marks[series % GNUPLOT_SERIES]);
    plot_add_legend(drawing, series, "median");
}

void plot_add_band(Drawing *drawing)
{
    for (unsigned s = 0; s < drawing->series_count; s++) {
        if (!add_block(drawing, s))
            continue;
        add_area(drawing, s, 2, 6, 0.15, "5 % to 95 %");
        add_area(drawing, s, 3, 5, 0.3, "25 % to 75 %");
        add_median(drawing, s);
    }
    drawing->bars = g_strdup("bands: quantiles of the pooled samples");
    drawing->ylabel = plot_y_label(drawing);
    plot_add_x_axis(drawing);
    plot_add_y_axis(drawing);
}
