/* plot_axis.c - the axes of a plot: units, scales, labels. */
#include "plot_internal.h"

#include <math.h>
#include <string.h>

#include "units.h"
#include "plan_select.h"

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

/* The greatest value of AXIS, in base units; 0 where one is no number. */
static double greatest(const PlanAxis *axis, QuantityKind kind)
{
    double most = 0, value;

    for (unsigned i = 0; i < axis->count; i++) {
        if (!quantity_real(kind, axis->values[i], &value, NULL))
            return 0;
        most = MAX(most, value);
    }
    return most;
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
    if (x->kind == QUANTITY_TIME && greatest(x->axis, x->kind) >= 10e9) {
        x->scale = 1e9;
        x->unit = "s";
    }
}

/* What the values of AXIS are; of a key that reads its own text ("50 ms" or
 * "none"), times or decibels if all of them are. */
static QuantityKind kind_of(const PlanAxis *axis)
{
    static const QuantityKind tried[] = {QUANTITY_TIME, QUANTITY_DECIBEL};

    for (unsigned k = 0; k < G_N_ELEMENTS(tried); k++) {
        bool all = axis->key->type == CONFIG_CUSTOM;
        double value;

        for (unsigned i = 0; all && i < axis->count; i++)
            all = quantity_real(tried[k], axis->values[i], &value, NULL);
        if (all)
            return tried[k];
    }
    return config_quantity(axis->key);
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
    x->kind = kind_of(axis);
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

bool plot_y_is_log(const Drawing *drawing)
{
    int scale = drawing->plot->config.y_scale;

    return drawing->least > 0 && drawing->lowest == 0 &&
           (scale == SCALE_LOG || (scale == SCALE_AUTO && !drawing->zero &&
                                   drawing->most / drawing->least >= 20));
}

unsigned plot_longest(const PlanAxis *axis)
{
    unsigned longest = 0;

    for (unsigned i = 0; i < axis->count; i++)
        longest = MAX(longest, (unsigned)g_utf8_strlen(axis->values[i], -1));
    return longest;
}

bool plot_x_is_choice(const PlotX *x)
{
    ConfigType type = x->axis->key->type;

    return x->kind == QUANTITY_KINDS &&
           (type == CONFIG_BOOL || type == CONFIG_CHOICE ||
            strcmp(x->axis->target, "case") == 0);
}

bool plot_x_is_long(const PlotX *x)
{
    enum { ROOM = 70 }; /* characters below the axis */

    if (x->axis == NULL || x->kind != QUANTITY_KINDS)
        return false;
    return (plot_longest(x->axis) + 2) * x->axis->count > ROOM;
}

char *plot_x_label(const PlotX *x)
{
    return x->unit[0] == '\0'
               ? g_strdup(x->axis->target)
               : g_strdup_printf("%s (%s)", x->axis->target, x->unit);
}

void plot_choose_y_unit(Drawing *drawing)
{
    QuantityKind kind = estimand_unit(plot_y(drawing, 0), drawing->plan);
    bool share = kind == QUANTITY_FRACTION;

    drawing->y_scale = share ? 0.01 : unit_scale(kind);
    drawing->y_unit = share ? "%" : unit_name(kind);
    if (strcmp(drawing->y_unit, "1") == 0)
        drawing->y_unit = "";
}

/* Which statistic the axis is of; the caller g_free()s. */
static char *statistic_of(const Drawing *drawing)
{
    PlotKind plot = (PlotKind)drawing->plot->config.kind;
    EstimandKind kind = plot_y(drawing, 0)->kind;
    char *statistic, *text;

    if (kind == ESTIMAND_COUNT)
        return g_strdup("number of ");
    if (kind != ESTIMAND_FAILURES &&
        (drawing->plot->y->len > 1 ||
         (plot != PLOT_LINES && plot != PLOT_DIFFERENCE &&
          plot != PLOT_HEATMAP)))
        return g_strdup("");
    statistic = estimand_statistic_text(plot_y(drawing, 0));
    text = g_strconcat(statistic, " of ", NULL);
    g_free(statistic);
    return text;
}

char *plot_y_label(const Drawing *drawing)
{
    const MetricKey *key =
        plan_metric_key(drawing->plan, drawing->plot->metric);
    const char *name = key->name;
    const char *more =
        drawing->plot->config.kind == PLOT_DIFFERENCE ? "difference in " : "";
    char *what = statistic_of(drawing);
    char *text =
        drawing->y_unit[0] == '\0'
            ? g_strdup_printf("%s%s%s", more, what, name)
            : g_strdup_printf("%s%s%s (%s)", more, what, name, drawing->y_unit);

    g_free(what);
    return text;
}

static void add_value_labels(Drawing *drawing)
{
    const PlotX *x = &drawing->x;

    if (plot_x_is_long(x))
        g_string_append(drawing->axes, "set xtics rotate by -20\n");
    g_string_append(drawing->axes, "set xtics (");
    for (unsigned i = 0; i < x->axis->count; i++) {
        g_string_append(drawing->axes, i > 0 ? ", " : "");
        gnuplot_quote_tic(drawing->axes, x->axis->values[i]);
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

/* Over less than three decades the powers of ten are too few to read a value
 * by: 1, 2 and 5 of each. */
static void add_log_tics(Drawing *drawing, double low, double high)
{
    static const int digits[] = {1, 2, 5};
    const char *comma = "";

    if (high / low >= 1000)
        return;
    g_string_append(drawing->axes, "set ytics (");
    for (int power = (int)floor(log10(low)); power <= (int)log10(high); power++)
        for (unsigned i = 0; i < G_N_ELEMENTS(digits); i++) {
            double value = digits[i] * pow(10, power);

            if (value < low || value > high)
                continue;
            g_string_append_printf(drawing->axes, "%s%.6g", comma, value);
            comma = ", ";
        }
    g_string_append(drawing->axes, ")\n");
}

void plot_add_y_axis(Drawing *drawing)
{
    double low = drawing->least / 1.5, high = drawing->most * 1.7;

    if (plot_y_is_log(drawing)) {
        g_string_append_printf(drawing->axes,
                               "set logscale y\nset mytics 10\n"
                               "set yrange [%.6g:%.6g]\n",
                               low, high);
        add_log_tics(drawing, low, high);
    } else if (drawing->most > drawing->lowest)
        g_string_append_printf(drawing->axes, "set yrange [%.6g:%.6g]\n",
                               drawing->lowest * 1.08, drawing->most * 1.08);
    else
        g_string_append(drawing->axes, "set yrange [0:1]\n");
    if (drawing->lowest < 0)
        g_string_append(drawing->axes,
                        "set arrow 1 from graph 0, first 0 to graph 1, first 0 "
                        "nohead lc rgb '#555555' lw 1\n");
}
