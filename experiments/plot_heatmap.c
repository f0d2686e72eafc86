/* plot_heatmap.c - one statistic over two axes of the sweep: a cell for each
 * point, its value written in it.
 *
 * Colours run from dark to light as in viridis (S. van der Walt, N. Smith, "A
 * Better Default Colormap for Matplotlib", SciPy 2015), whose lightness grows
 * evenly: it can be read in grey and by the colour-blind. */
#include "plot_internal.h"

#include <math.h>

/* Cells that are large enough to be written in, labels one below the other and
 * characters side by side that do not touch, at the size of a plot. */
enum { CELLS_WRITTEN = 200, LABELS_MOST = 20, CHARACTERS_MOST = 90 };

static const char palette[] =
    "set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', "
    "4 '#21918c', 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')\n";

/* What the ends of the palette stand for. */
static void ends_of(const Drawing *drawing, bool log, double *low, double *high)
{
    *low = log || !drawing->zero ? drawing->least : drawing->lowest;
    *high = drawing->most;
    if (*high > *low)
        return;
    /* One value only: in the middle, but 0 of what is never below it. */
    *high = *low == 0 ? 1 : *low + fabs(*low) / 2;
    if (*low != 0)
        *low -= fabs(*low) / 2;
    else if (plot_y(drawing, 0)->axes > 0)
        *low = -1;
}

/* How light a cell is, 0 to 1 along the palette. */
static double place_of(const Drawing *drawing, double value, bool log)
{
    double low, high;

    ends_of(drawing, log, &low, &high);
    return log ? log2(value / low) / log2(high / low)
               : (value - low) / (high - low);
}

static double value_at(const Drawing *drawing, unsigned x, unsigned series)
{
    Estimate estimate =
        estimate_of(drawing->plan, drawing->summaries,
                    plot_point(drawing, x, series), plot_y(drawing, 0));

    return estimate.value / drawing->y_scale;
}

static void see_all(Drawing *drawing)
{
    for (unsigned s = 0; s < drawing->series_count; s++)
        for (unsigned x = 0; x < drawing->x.axis->count; x++) {
            const PointSummary *point =
                &drawing->summaries[plot_point(drawing, x, s)];

            plot_saw(drawing, value_at(drawing, x, s));
            if (point->replications > 0)
                plot_saw_point(drawing, point);
        }
}

/* x, series, value, what is written, colour of the writing. */
static void add_cell(Drawing *drawing, unsigned x, unsigned series, bool log,
                     unsigned *unconverged)
{
    const PointSummary *point =
        &drawing->summaries[plot_point(drawing, x, series)];
    double value = value_at(drawing, x, series);

    if (!isfinite(value) || (log && value <= 0))
        return;
    g_string_append_printf(drawing->data, "%u %u ", x, series);
    gnuplot_number(drawing->data, value);
    g_string_append_printf(drawing->data, " \"%.*g%s\" %s\n",
                           fabs(value) >= 1e3 && fabs(value) < 1e4 ? 4 : 3,
                           value, point->converged ? "" : "*",
                           place_of(drawing, value, log) > 0.55 ? "0x000000"
                                                                : "0xffffff");
    drawing->unconverged |= !point->converged;
    *unconverged += !point->converged;
}

/* Of many values every second, third... */
static void add_labels(Drawing *drawing, const char *axis, char **values,
                       unsigned most)
{
    unsigned step = (g_strv_length(values) + most - 1) / most;

    g_string_append_printf(drawing->axes, "set %stics (", axis);
    for (unsigned i = 0; values[i] != NULL; i += step) {
        g_string_append(drawing->axes, i > 0 ? ", " : "");
        gnuplot_quote_tic(drawing->axes, values[i]);
        g_string_append_printf(drawing->axes, " %u", i);
    }
    g_string_append(drawing->axes, ") scale 0\n");
}

static void add_axes(Drawing *drawing, const PlanAxis *series, bool log)
{
    double low, high;
    unsigned beside = LABELS_MOST;

    g_string_append_printf(drawing->axes,
                           "set xrange [-0.5:%.1f]\nset yrange [-0.5:%.1f]\n",
                           drawing->x.axis->count - 0.5, series->count - 0.5);
    if (plot_x_is_long(&drawing->x))
        g_string_append(drawing->axes, "set xtics rotate by -20\n");
    else
        beside = CHARACTERS_MOST / (plot_longest(drawing->x.axis) + 2);
    add_labels(drawing, "x", drawing->x.axis->values,
               CLAMP(beside, 1, LABELS_MOST));
    add_labels(drawing, "y", series->values, LABELS_MOST);
    g_string_append(drawing->axes, "unset grid\nset border 0\n");
    g_string_append(drawing->axes, palette);
    ends_of(drawing, log, &low, &high);
    g_string_append_printf(drawing->axes, "%sset cbrange [%.6g:%.6g]\n",
                           log ? "set logscale cb\n" : "", low, high);
    g_string_append(drawing->axes, "set style fill solid noborder\n");
}

static void add_cells(Drawing *drawing, bool log)
{
    unsigned cells = drawing->series_count * drawing->x.axis->count, open = 0;

    g_string_append(drawing->data, "# x y value text colour\n$cells << EOD\n");
    for (unsigned s = 0; s < drawing->series_count; s++)
        for (unsigned x = 0; x < drawing->x.axis->count; x++)
            add_cell(drawing, x, s, log, &open);
    g_string_append(drawing->data, "EOD\n");
    g_string_append(drawing->curves,
                    "  $cells using 1:2:(0.5):(0.5):3 with boxxyerror fc "
                    "palette notitle");
    if (cells > CELLS_WRITTEN) {
        drawing->bars =
            open == 0
                ? g_strdup("")
                : g_strdup_printf("%u of %u cells not converged", open, cells);
        return;
    }
    g_string_append(drawing->curves,
                    ", \\\n"
                    "  $cells using 1:2:4:5 with labels tc rgb variable "
                    "notitle");
    drawing->bars = g_strdup(open > 0 ? "*: not converged" : "");
}

void plot_add_heatmap(Drawing *drawing)
{
    const PlanAxis *series =
        plan_axis(drawing->plan, (unsigned)drawing->plot->series);
    bool log;
    char *label;

    see_all(drawing);
    log = plot_y_is_log(drawing);
    add_axes(drawing, series, log);
    label = plot_y_label(drawing);
    gnuplot_line(drawing->axes, "set cblabel", label);
    g_free(label);
    add_cells(drawing, log);
    drawing->colour_bar = true;
    drawing->left = MAX(9, plot_longest(series) + 4);
    drawing->xlabel = g_strdup(drawing->x.axis->target);
    drawing->ylabel = g_strdup(series->target);
}
