/* plot_lines.c - statistics over an axis of the sweep. */
#include "plot_internal.h"

#include <math.h>

static bool wants(const Drawing *drawing, unsigned statistic)
{
    return drawing->plot->config.y >> statistic & 1;
}

/* A share of failures in per cent, anything else in the metric's unit. */
static double shown(const Drawing *drawing, const MetricSummary *summary,
                    Statistic statistic)
{
    double value = summary_value(summary, statistic);

    return statistic == STATISTIC_FAILURES ? 100 * value
                                           : value / drawing->y_scale;
}

/* --- data ----------------------------------------------------------------- */

/* x, the mean's low and high where it is drawn, each statistic, mark. */
static void add_row(Drawing *drawing, unsigned x, const PointSummary *point)
{
    const MetricSummary *summary = &point->metrics[drawing->plot->metric];
    double half = summary_half_width(summary, plot_level(drawing->plan));
    double first = NAN;

    gnuplot_number(drawing->data, drawing->x.values[x]);
    for (unsigned s = 0; s < STATISTICS; s++) {
        double value;

        if (!wants(drawing, s))
            continue;
        value = shown(drawing, summary, (Statistic)s);
        plot_saw(drawing, value);
        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value);
        first = isnan(first) ? value : first;
        if (s != STATISTIC_MEAN)
            continue;
        half = isfinite(half) ? half / drawing->y_scale : 0;
        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value - half);
        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value + half);
        plot_saw(drawing, value + half);
    }
    g_string_append_printf(drawing->data, " %d\n", point->converged);
}

static bool has_row(const Drawing *drawing, const PointSummary *point)
{
    const MetricSummary *summary = &point->metrics[drawing->plot->metric];

    if (summary->pooled.count > 0)
        return true;
    return summary->failures > 0 && wants(drawing, STATISTIC_FAILURES);
}

static void add_header(Drawing *drawing, unsigned series)
{
    char *name = plot_legend(drawing, series, NULL);

    if (name[0] != '\0')
        g_string_append_printf(drawing->data, "# %s\n", name);
    g_string_append(drawing->data, "# x");
    for (unsigned s = 0; s < STATISTICS; s++)
        if (wants(drawing, s))
            g_string_append_printf(drawing->data, " %s%s", statistic_names[s],
                                   s == STATISTIC_MEAN ? " low high" : "");
    g_string_append_printf(drawing->data, " converged\n$runs%u << EOD\n",
                           series);
    g_free(name);
}

/* The data block of SERIES; false: it would be empty. */
static bool add_block(Drawing *drawing, unsigned series)
{
    gsize before = drawing->data->len;
    unsigned rows = 0;

    add_header(drawing, series);
    for (unsigned x = 0; x < drawing->x.axis->count; x++) {
        const PointSummary *point =
            &drawing->summaries[plot_point(drawing, x, series)];

        if (point->replications > 0)
            plot_saw_point(drawing, point);
        if (!has_row(drawing, point))
            continue;
        add_row(drawing, x, point);
        drawing->unconverged |= !point->converged;
        rows++;
    }
    g_string_append(drawing->data, "EOD\n");
    if (rows == 0)
        g_string_truncate(drawing->data, before);
    return rows > 0;
}

/* --- curves --------------------------------------------------------------- */

/* The column of statistic S in the runs' data. */
static unsigned column_of(const Drawing *drawing, unsigned s)
{
    unsigned column = 2;

    for (unsigned i = 0; i < s; i++)
        if (wants(drawing, i))
            column += i == STATISTIC_MEAN ? 3 : 1;
    return column;
}

/* Dashes differ by statistic; where there is one only, by series. */
static const char *dashes_of(const Drawing *drawing, unsigned series,
                             unsigned s)
{
    uint32_t y = drawing->plot->config.y;

    return gnuplot_dashes[((y & (y - 1)) == 0 ? series : s) % GNUPLOT_DASHES];
}

/* Full for a mean, hollow for the rest. */
static int mark_of(unsigned series, unsigned s)
{
    int mark = gnuplot_marks[series % GNUPLOT_SERIES];

    return s == STATISTIC_MEAN || mark == 4 ? mark : mark - 1;
}

/* Colour and dashes of a line, MARK on it unless that is 0. */
static void add_style(Drawing *drawing, unsigned series, unsigned s, int mark)
{
    g_string_append_c(drawing->curves, ' ');
    plot_add_colour(drawing, series);
    g_string_append_printf(drawing->curves, " lw 1.5 dt %s",
                           dashes_of(drawing, series, s));
    if (mark != 0)
        g_string_append_printf(drawing->curves, " pt %d ps 0.9", mark);
}

static void add_theory_curve(Drawing *drawing, unsigned series, unsigned s)
{
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves, "$theory%u using 1:%u with lines",
                           series, s + 2);
    add_style(drawing, series, s, 0);
    g_string_append(drawing->curves, " notitle");
}

static void add_bars(Drawing *drawing, unsigned series, unsigned column)
{
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves,
                           "$runs%u using 1:%u:%u:%u with yerrorbars ", series,
                           column, column + 1, column + 2);
    plot_add_colour(drawing, series);
    g_string_append(drawing->curves, " lw 1.5 pt 0 notitle");
}

/* Marks, joined where no theory says what is between them. */
static void add_marks(Drawing *drawing, unsigned series, unsigned s, bool join)
{
    unsigned column = column_of(drawing, s);
    int mark = mark_of(series, s);

    plot_next_curve(drawing);
    g_string_append(drawing->curves, "keyentry with linespoints");
    add_style(drawing, series, s, mark);
    plot_add_legend(drawing, series, statistic_names[s]);
    if (s == STATISTIC_MEAN)
        add_bars(drawing, series, column);
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves, "$runs%u using 1:%u with %s",
                           series, column, join ? "linespoints" : "points");
    add_style(drawing, series, s, mark);
    g_string_append(drawing->curves, " notitle");
}

static void add_series(Drawing *drawing, unsigned series, bool has, bool theory)
{
    for (unsigned s = 0; s < STATISTICS; s++) {
        bool line = theory && drawing->theory_has >> s & 1;

        if (!wants(drawing, s))
            continue;
        if (line)
            add_theory_curve(drawing, series, s);
        if (has)
            add_marks(drawing, series, s, !line);
    }
}

static void add_unconverged(Drawing *drawing, const bool *has)
{
    uint32_t y = drawing->plot->config.y;
    unsigned last = 2 + (unsigned)__builtin_popcount(y) +
                    (wants(drawing, STATISTIC_MEAN) ? 2 : 0);
    bool titled = false;

    for (unsigned series = 0; series < drawing->series_count; series++) {
        if (!has[series])
            continue;
        plot_next_curve(drawing);
        g_string_append_printf(
            drawing->curves,
            "$runs%u using 1:($%u == 1 ? NaN : $2) with points "
            "lc rgb '#000000' lw 1.5 pt 6 ps 2 %s",
            series, last, titled ? "notitle" : "title 'not converged'");
        titled = true;
    }
}

/* --- the whole ------------------------------------------------------------ */

void plot_add_lines(Drawing *drawing)
{
    bool *has = g_new(bool, drawing->series_count), theory;

    for (unsigned s = 0; s < drawing->series_count; s++)
        has[s] = add_block(drawing, s);
    theory =
        drawing->plot->config.theory != THEORY_NONE && plot_add_theory(drawing);
    if (theory)
        plot_add_theory_legend(drawing);
    for (unsigned s = 0; s < drawing->series_count; s++)
        add_series(drawing, s, has[s], theory);
    if (drawing->unconverged)
        add_unconverged(drawing, has);
    g_free(has);
    if (wants(drawing, STATISTIC_FAILURES))
        drawing->ylabel = g_strdup_printf(
            "failures of %s (%%)", metric_keys[drawing->plot->metric].name);
    else
        drawing->ylabel = plot_metric_label(drawing->plot->metric);
    if (wants(drawing, STATISTIC_MEAN))
        drawing->bars = plot_bars(drawing->plan);
    plot_add_x_axis(drawing);
    plot_add_y_axis(drawing);
}
