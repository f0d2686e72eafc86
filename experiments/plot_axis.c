/* plot_axis.c - the axes of a plot: units, scales, labels. */
#include "plot_internal.h"

#include <string.h>

#include "units.h"

/* "every 100 ms" and "poisson 10 /s" are numbers: items a second. */
static bool arrival_rates(PlotX *x)
{
    for (unsigned i = 0; i < x->axis->count; i++) {
        WorkloadConfig config;

        if (!config_parse(x->axis->key, x->axis->values[i], &config, NULL) ||
            config.arrivals.gap == 0)
            return false;
        x->values[i] = 1e9 / (double)config.arrivals.gap;
    }
    x->unit = "/s";
    return true;
}

static void choose_unit(PlotX *x)
{
    x->scale = x->kind == QUANTITY_FRACTION ? 0.01
               : x->kind == QUANTITY_RATE   ? 1e6
                                            : unit_scale(x->kind);
    x->unit = x->kind == QUANTITY_FRACTION  ? "%"
              : x->kind == QUANTITY_RATE    ? "Mbit/s"
              : x->kind == QUANTITY_TIME    ? "ms"
              : x->kind == QUANTITY_BYTES   ? "B"
              : x->kind == QUANTITY_DECIBEL ? "dB"
                                            : "";
}

void plot_x_read(PlotX *x, const PlanAxis *axis)
{
    bool numbers;

    *x = (PlotX){.axis = axis, .scale = 1, .unit = ""};
    x->values = g_new(double, axis->count);
    if (axis->key == config_key(workload_keys, "arrivals") &&
        arrival_rates(x)) {
        x->kind = QUANTITY_FREQUENCY;
        return;
    }
    x->kind = config_quantity(axis->key);
    choose_unit(x);
    numbers = x->kind != QUANTITY_KINDS;
    for (unsigned i = 0; numbers && i < axis->count; i++) {
        numbers = quantity_real(x->kind, axis->values[i], &x->values[i], NULL);
        x->values[i] /= x->scale;
    }
    if (numbers)
        return;
    x->kind = QUANTITY_KINDS;
    x->unit = "";
    for (unsigned i = 0; i < axis->count; i++)
        x->values[i] = i;
}

void plot_x_clear(PlotX *x) { g_free(x->values); }

static void range_of(const PlotX *x, double *low, double *high)
{
    *low = *high = x->values[0];
    for (unsigned i = 1; i < x->axis->count; i++) {
        *low = MIN(*low, x->values[i]);
        *high = MAX(*high, x->values[i]);
    }
}

bool plot_x_is_log(const Drawing *drawing)
{
    const PlotX *x = &drawing->x;
    double low, high;

    range_of(x, &low, &high);
    if (drawing->plot->config.x_scale != SCALE_AUTO)
        return drawing->plot->config.x_scale == SCALE_LOG && low > 0;
    return x->kind != QUANTITY_KINDS && low > 0 && high / low >= 99;
}

bool plot_x_is_long(const PlotX *x)
{
    enum { ROOM = 70 }; /* characters below the axis */
    size_t longest = 0;

    if (x->axis == NULL || x->kind != QUANTITY_KINDS)
        return false;
    for (unsigned i = 0; i < x->axis->count; i++)
        longest = MAX(longest, strlen(x->axis->values[i]));
    return (longest + 2) * x->axis->count > ROOM;
}

char *plot_x_label(const PlotX *x)
{
    return x->unit[0] == '\0'
               ? g_strdup(x->axis->target)
               : g_strdup_printf("%s (%s)", x->axis->target, x->unit);
}

char *plot_metric_label(MetricId metric)
{
    const MetricKey *key = &metric_keys[metric];

    return key->unit == QUANTITY_COUNT
               ? g_strdup(key->name)
               : g_strdup_printf("%s (%s)", key->name, unit_name(key->unit));
}

static void add_value_labels(Drawing *drawing)
{
    const PlotX *x = &drawing->x;

    if (plot_x_is_long(x))
        g_string_append(drawing->axes, "set xtics rotate by -20\n");
    g_string_append(drawing->axes, "set xtics (");
    for (unsigned i = 0; i < x->axis->count; i++) {
        g_string_append(drawing->axes, i > 0 ? ", " : "");
        gnuplot_quote(drawing->axes, x->axis->values[i]);
        g_string_append_printf(drawing->axes, " %u", i);
    }
    g_string_append(drawing->axes, ")\n");
}

void plot_add_x_axis(Drawing *drawing)
{
    const PlotX *x = &drawing->x;
    double low, high, room;

    drawing->xlabel = plot_x_label(x);
    range_of(x, &low, &high);
    if (plot_x_is_log(drawing)) {
        g_string_append_printf(drawing->axes,
                               "set logscale x\nset xrange [%.6g:%.6g]\n",
                               low / 1.3, high * 1.3);
        return;
    }
    room = high > low ? (high - low) * 0.03 : 1;
    g_string_append_printf(drawing->axes, "set xrange [%.6g:%.6g]\n",
                           low - room, high + room);
    if (x->kind == QUANTITY_KINDS)
        add_value_labels(drawing);
}

void plot_add_y_axis(Drawing *drawing)
{
    const PlotConfig *config = &drawing->plot->config;
    bool log = drawing->least > 0 &&
               (config->y_scale == SCALE_LOG ||
                (config->y_scale == SCALE_AUTO && !drawing->zero &&
                 drawing->most / drawing->least >= 20));

    if (log)
        g_string_append_printf(drawing->axes,
                               "set logscale y\nset mytics 10\n"
                               "set yrange [%.6g:%.6g]\n",
                               drawing->least / 1.5, drawing->most * 1.7);
    else if (drawing->most > 0)
        g_string_append_printf(drawing->axes, "set yrange [0:%.6g]\n",
                               drawing->most * 1.08);
    else
        g_string_append(drawing->axes, "set yrange [0:1]\n");
}
