/* plot_lines.c - statistics over an axis of the sweep, with their intervals;
 * and differences to a baseline, which are statistics too. */
#include "plot_internal.h"

#include <math.h>

/* One series while it is drawn. */
typedef struct Lines {
    bool has;      /* a row */
    uint32_t bars; /* bit I: an interval of statistic I */
    uint32_t gaps; /* bit I: a row has none of it */
} Lines;

enum { COLUMNS = 3 }; /* of each statistic: value, low, high */

static unsigned column_of(unsigned i) { return 2 + COLUMNS * i; }

/* --- data ----------------------------------------------------------------- */

static void add_number(Drawing *drawing, double value)
{
    g_string_append_c(drawing->data, ' ');
    gnuplot_number(drawing->data, value / drawing->y_scale);
    plot_saw(drawing, value / drawing->y_scale);
}

/* The estimate of statistic I at POINT; false: there is none. */
static bool add_estimate(Drawing *drawing, unsigned point, unsigned i,
                         Lines *lines)
{
    Estimate estimate = estimate_of(drawing->plan, drawing->summaries, point,
                                    plot_y(drawing, i));
    const Metric *pooled =
        &drawing->summaries[point].metrics[drawing->plot->metric].pooled;
    bool bar;

    /* A point without data is no different from itself: that says nothing. */
    if (plot_y(drawing, i)->axes > 0 && pooled->count == 0)
        estimate.value = NAN;
    bar = estimate.method[0] != '\0' && isfinite(estimate.low) &&
          isfinite(estimate.high) && isfinite(estimate.value);

    add_number(drawing, estimate.value);
    add_number(drawing, bar ? estimate.low : NAN);
    add_number(drawing, bar ? estimate.high : NAN);
    if (bar) {
        lines->bars |= 1u << i;
        plot_saw_method(drawing, estimate.method);
    } else {
        lines->gaps |= 1u << i;
    }
    return isfinite(estimate.value);
}

/* x, each statistic with its interval, whether the point has converged. */
static void add_row(Drawing *drawing, unsigned x, unsigned series, Lines *lines)
{
    unsigned point = plot_point(drawing, x, series);
    const PointSummary *summary = &drawing->summaries[point];
    gsize before = drawing->data->len;
    bool some = false;

    if (summary->replications == 0)
        return;
    plot_saw_point(drawing, summary);
    gnuplot_number(drawing->data, drawing->x.values[x]);
    for (unsigned i = 0; i < drawing->plot->y->len; i++)
        some = add_estimate(drawing, point, i, lines) || some;
    g_string_append_printf(drawing->data, " %d\n", summary->converged);
    if (!some) {
        g_string_truncate(drawing->data, before);
        return;
    }
    lines->has = true;
    drawing->unconverged |= !summary->converged;
}

static void add_header(Drawing *drawing, unsigned series)
{
    char *name = plot_legend(drawing, series, NULL);

    if (name[0] != '\0')
        g_string_append_printf(drawing->data, "# %s\n", name);
    g_string_append(drawing->data, "# x");
    for (unsigned i = 0; i < drawing->plot->y->len; i++) {
        char *statistic = estimand_statistic_text(plot_y(drawing, i));

        g_string_append_printf(drawing->data, " %s low high", statistic);
        g_free(statistic);
    }
    g_string_append_printf(drawing->data, " converged\n$runs%u << EOD\n",
                           series);
    g_free(name);
}

static Lines add_block(Drawing *drawing, unsigned series)
{
    gsize before = drawing->data->len;
    Lines lines = {0};

    add_header(drawing, series);
    for (unsigned x = 0; x < drawing->x.axis->count; x++)
        add_row(drawing, x, series, &lines);
    g_string_append(drawing->data, "EOD\n");
    if (!lines.has)
        g_string_truncate(drawing->data, before);
    return lines;
}

/* --- curves --------------------------------------------------------------- */

/* Dashes differ by statistic; where there is one only, by series. */
static const char *dashes_of(const Drawing *drawing, unsigned series,
                             unsigned i)
{
    return gnuplot_dashes[(drawing->plot->y->len == 1 ? series : i) %
                          GNUPLOT_DASHES];
}

/* Full for the first statistic, hollow for the rest. */
static int mark_of(unsigned series, unsigned i)
{
    int mark = gnuplot_marks[series % GNUPLOT_SERIES];

    return i == 0 || mark == 4 ? mark : mark - 1;
}

/* Colour and dashes of a line, MARK on it unless that is 0. */
static void add_style(Drawing *drawing, unsigned series, unsigned i, int mark)
{
    g_string_append_c(drawing->curves, ' ');
    plot_add_colour(drawing, series);
    g_string_append_printf(drawing->curves, " lw 1.5 dt %s",
                           dashes_of(drawing, series, i));
    if (mark != 0)
        g_string_append_printf(drawing->curves, " pt %d ps 0.9", mark);
}

static void add_theory_curve(Drawing *drawing, unsigned series, unsigned i)
{
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves, "$theory%u using 1:%u with lines",
                           series, i + 2);
    add_style(drawing, series, i, 0);
    g_string_append(drawing->curves, " notitle");
}

/* gnuplot draws the ends of a bar that is not there: at the frame's corner. */
static void add_bars(Drawing *drawing, unsigned series, unsigned i, bool gaps)
{
    unsigned column = column_of(i);

    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves, "$runs%u using 1:", series);
    if (gaps)
        g_string_append_printf(drawing->curves, "(valid(%u) ? $%u : NaN)",
                               column + 1, column);
    else
        g_string_append_printf(drawing->curves, "%u", column);
    g_string_append_printf(drawing->curves, ":%u:%u with yerrorbars ",
                           column + 1, column + 2);
    plot_add_colour(drawing, series);
    g_string_append(drawing->curves, " lw 1.5 pt 0 notitle");
}

/* What the marks of statistic I are called; of a single one the axis says it
 * already. */
static void add_legend(Drawing *drawing, unsigned series, unsigned i,
                       const char *style)
{
    bool one = drawing->plot->y->len == 1;
    bool alone = one && drawing->plot->series < 0;
    char *statistic = alone  ? g_strdup("simulated")
                      : !one ? estimand_statistic_text(plot_y(drawing, i))
                             : NULL;

    if (!alone || drawing->plot->config.theory != THEORY_NONE) {
        plot_next_curve(drawing);
        g_string_append_printf(drawing->curves, "keyentry with %s", style);
        add_style(drawing, series, i, mark_of(series, i));
        plot_add_legend(drawing, series, statistic);
    }
    g_free(statistic);
}

/* Marks, joined where there is something between them that no THEORY says. */
static void add_marks(Drawing *drawing, unsigned series, unsigned i,
                      bool theory)
{
    bool join = !theory && !plot_x_is_choice(&drawing->x);
    int mark = mark_of(series, i);

    add_legend(drawing, series, i, join || theory ? "linespoints" : "points");
    plot_next_curve(drawing);
    g_string_append_printf(drawing->curves, "$runs%u using 1:%u with %s",
                           series, column_of(i),
                           join ? "linespoints" : "points");
    add_style(drawing, series, i, mark);
    g_string_append(drawing->curves, " notitle");
}

static void add_series(Drawing *drawing, unsigned series, const Lines *lines,
                       bool theory)
{
    for (unsigned i = 0; i < drawing->plot->y->len; i++) {
        bool line = theory && plot_theory_has(drawing, i);

        if (line)
            add_theory_curve(drawing, series, i);
        if (lines->bars >> i & 1)
            add_bars(drawing, series, i, lines->gaps >> i & 1);
        if (lines->has)
            add_marks(drawing, series, i, line);
    }
}

static void add_unconverged(Drawing *drawing, const Lines *lines)
{
    unsigned last = column_of(drawing->plot->y->len);
    bool titled = false;

    for (unsigned series = 0; series < drawing->series_count; series++) {
        if (!lines[series].has)
            continue;
        plot_next_curve(drawing);
        g_string_append_printf(drawing->curves,
                               "$runs%u using 1:($%u == 1 ? NaN : $2) with "
                               "points lc rgb '#000000' lw 1.5 pt 6 ps 2",
                               series, last);
        if (titled)
            g_string_append(drawing->curves, " notitle");
        else
            plot_add_title(drawing, "not converged");
        titled = true;
    }
}

/* --- the whole ------------------------------------------------------------ */

void plot_add_lines(Drawing *drawing)
{
    Lines *lines = g_new(Lines, drawing->series_count);
    bool theory;

    for (unsigned s = 0; s < drawing->series_count; s++)
        lines[s] = add_block(drawing, s);
    theory =
        drawing->plot->config.theory != THEORY_NONE && plot_add_theory(drawing);
    if (theory)
        plot_add_theory_legend(drawing);
    for (unsigned s = 0; s < drawing->series_count; s++)
        add_series(drawing, s, &lines[s], theory);
    if (drawing->unconverged)
        add_unconverged(drawing, lines);
    g_free(lines);
    drawing->ylabel = plot_y_label(drawing);
    plot_add_x_axis(drawing);
    plot_add_y_axis(drawing);
}
