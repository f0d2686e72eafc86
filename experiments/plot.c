/* plot.c - writes the gnuplot script, and runs it. */
#include "plot_internal.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "stop_rule.h"
#include "store.h"
#include "units.h"

/* Okabe and Ito, "Color universal design", 2008; yellow left out: too pale. */
static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73",
                                      "#CC79A7", "#E69F00", "#56B4E9",
                                      "#000000"};
/* Of each Statistic: mark, dashes of its line. */
static const struct {
    int mark;
    const char *dashes;
} styles[STATISTICS] = {
    [STATISTIC_MEAN] = {7, "1"},         [STATISTIC_P50] = {9, "'- '"},
    [STATISTIC_P90] = {13, "'-.'"},      [STATISTIC_P99] = {5, "'. '"},
    [STATISTIC_MIN] = {11, "'_ '"},      [STATISTIC_MAX] = {8, "'_ '"},
    [STATISTIC_FAILURES] = {2, "'-. '"},
};

/* --- what is drawn -------------------------------------------------------- */

unsigned plot_point(const Drawing *drawing, unsigned x, unsigned series)
{
    unsigned number = 0;

    for (unsigned i = 0; i < drawing->plan->axes->len; i++) {
        unsigned value = i == drawing->plot->x             ? x
                         : (int)i == drawing->plot->series ? series
                                                           : 0;

        number = number * plan_axis(drawing->plan, i)->count + value;
    }
    return number;
}

void plot_saw(Drawing *drawing, double value)
{
    if (value == 0)
        drawing->zero = true;
    if (!isfinite(value) || value <= 0)
        return;
    drawing->least = drawing->least == 0 ? value : MIN(drawing->least, value);
    drawing->most = MAX(drawing->most, value);
}

void plot_add_number(GString *text, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(text,
                    isfinite(value)
                        ? g_ascii_formatd(digits, sizeof digits, "%.9g", value)
                        : "NaN");
}

/* --- the horizontal axis -------------------------------------------------- */

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

static void x_units(PlotX *x)
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

static void x_read(PlotX *x, const PlanAxis *axis)
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
    x_units(x);
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

bool plot_x_is_log(const Drawing *drawing)
{
    const PlotX *x = &drawing->x;
    double low = x->values[0], high = low;

    if (drawing->plot->config.x_scale != SCALE_AUTO)
        return drawing->plot->config.x_scale == SCALE_LOG;
    for (unsigned i = 1; i < x->axis->count; i++) {
        low = MIN(low, x->values[i]);
        high = MAX(high, x->values[i]);
    }
    return x->kind != QUANTITY_KINDS && low > 0 && high / low >= 99;
}

/* --- data ----------------------------------------------------------------- */

static double level_of(const Plan *plan)
{
    return plan->until->level;
}

static void add_values(Drawing *drawing, const MetricSummary *summary)
{
    double scale = drawing->y_scale;

    for (unsigned s = 0; s < STATISTICS; s++) {
        double value = summary_value(summary, (Statistic)s) /
                       (s == STATISTIC_FAILURES ? 1 : scale);

        g_string_append_c(drawing->data, ' ');
        plot_add_number(drawing->data, value);
        if (drawing->plot->config.y >> s & 1)
            plot_saw(drawing, value);
    }
}

/* x low high mean p50 p90 p99 min max failures mark */
static void add_row(Drawing *drawing, unsigned x, unsigned series)
{
    const PointSummary *point =
        &drawing->summaries[plot_point(drawing, x, series)];
    const MetricSummary *summary = &point->metrics[drawing->plot->metric];
    double half = summary_half_width(summary, level_of(drawing->plan));

    if (summary->pooled.count == 0 && summary->failures == 0)
        return;
    if (!isfinite(half))
        half = 0;
    plot_add_number(drawing->data, drawing->x.values[x]);
    g_string_append_c(drawing->data, ' ');
    plot_add_number(drawing->data, (summary->mean - half) / drawing->y_scale);
    g_string_append_c(drawing->data, ' ');
    plot_add_number(drawing->data, (summary->mean + half) / drawing->y_scale);
    add_values(drawing, summary);
    g_string_append(drawing->data, point->converged ? " NaN\n" : " ");
    if (!point->converged) {
        plot_add_number(drawing->data, summary->mean / drawing->y_scale);
        g_string_append_c(drawing->data, '\n');
        drawing->unconverged = true;
    }
    drawing->fewest = drawing->fewest == 0
                          ? point->replications
                          : MIN(drawing->fewest, point->replications);
    drawing->most_runs = MAX(drawing->most_runs, point->replications);
}

static void add_data(Drawing *drawing)
{
    for (unsigned s = 0; s < drawing->series_count; s++) {
        g_string_append_printf(drawing->data,
                               "# x low high mean p50 p90 p99 min max failures "
                               "unconverged\n$runs%u << EOD\n",
                               s);
        for (unsigned x = 0; x < drawing->x.axis->count; x++)
            add_row(drawing, x, s);
        g_string_append(drawing->data, "EOD\n");
    }
}

/* --- the script ----------------------------------------------------------- */

/* TEXT in gnuplot's single quotes. */
static char *quoted(const char *text)
{
    GString *quote = g_string_new("'");

    for (; *text != '\0'; text++) {
        if (*text == '\'')
            g_string_append_c(quote, '\'');
        g_string_append_c(quote, *text == '\n' ? ' ' : *text);
    }
    g_string_append_c(quote, '\'');
    return g_string_free(quote, FALSE);
}

static void add_line(GString *script, const char *command, const char *text)
{
    char *quote = quoted(text);

    g_string_append_printf(script, "%s %s\n", command, quote);
    g_free(quote);
}

/* What the reader has to know to believe the picture. */
static char *caption(const Drawing *drawing)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%u", drawing->fewest);
    if (drawing->most_runs != drawing->fewest)
        g_string_append_printf(text, " to %u", drawing->most_runs);
    g_string_append_printf(text,
                           " replications a point, seed %" G_GUINT64_FORMAT,
                           drawing->plan->replicate.seed);
    if (drawing->plot->config.y >> STATISTIC_MEAN & 1)
        g_string_append_printf(
            text, "; bars: %g %% interval of the mean (Student's t)",
            100 * level_of(drawing->plan));
    if (drawing->no_theory != NULL)
        g_string_append_printf(text, "; no theory drawn: %s",
                               drawing->no_theory);
    for (unsigned i = 0; i < drawing->plan->axes->len; i++)
        if (i != drawing->plot->x && (int)i != drawing->plot->series)
            g_string_append_printf(text, "; %s = %s",
                                   plan_axis(drawing->plan, i)->target,
                                   plan_axis(drawing->plan, i)->values[0]);
    return g_string_free(text, FALSE);
}

static void add_titles(GString *script, const Drawing *drawing)
{
    const Plan *plan = drawing->plan;
    const char *title = drawing->plot->config.title;
    char *note = caption(drawing), *text;

    if (title == NULL)
        title = plan->experiment.title;
    add_line(script, "set label 1 at graph 0, 1.115 left font ',17'",
             title != NULL ? title : drawing->plot->name);
    if (plan->experiment.question != NULL)
        add_line(script,
                 "set label 2 at graph 0, 1.045 left textcolor rgb '#555555'",
                 plan->experiment.question);
    add_line(
        script,
        "set label 3 at screen 0.985, 0.022 right font ',10' textcolor rgb "
        "'#555555'",
        note);
    g_free(note);
    text = drawing->x.unit[0] != '\0'
               ? g_strdup_printf("%s (%s)", drawing->x.axis->target,
                                 drawing->x.unit)
               : g_strdup(drawing->x.axis->target);
    add_line(script, "set xlabel", text);
    g_free(text);
}

static void add_y_axis(GString *script, const Drawing *drawing)
{
    const PlotConfig *config = &drawing->plot->config;
    QuantityKind kind = metric_keys[drawing->plot->metric].unit;
    char *label = kind == QUANTITY_COUNT
                      ? g_strdup(metric_keys[drawing->plot->metric].name)
                      : g_strdup_printf("%s (%s)",
                                        metric_keys[drawing->plot->metric].name,
                                        unit_name(kind));
    bool log = config->y_scale == SCALE_LOG ||
               (config->y_scale == SCALE_AUTO && !drawing->zero &&
                drawing->least > 0 && drawing->most / drawing->least >= 20);

    add_line(script, "set ylabel", label);
    g_free(label);
    if (log)
        g_string_append_printf(script,
                               "set logscale y\nset mytics 10\n"
                               "set yrange [%.6g:%.6g]\n",
                               drawing->least / 1.5, drawing->most * 1.7);
    else
        g_string_append(script, "set yrange [0:*]\nset offsets 0, 0, "
                                "graph 0.05, 0\n");
}

/* Side by side they would run into each other. */
static bool labels_are_long(const PlanAxis *axis)
{
    enum { ROOM = 70 }; /* characters below the axis */
    size_t longest = 0;

    for (unsigned i = 0; i < axis->count; i++)
        longest = MAX(longest, strlen(axis->values[i]));
    return (longest + 2) * axis->count > ROOM;
}

static void add_x_axis(GString *script, const Drawing *drawing)
{
    const PlotX *x = &drawing->x;
    double low = x->values[0], high = low, room;

    for (unsigned i = 1; i < x->axis->count; i++) {
        low = MIN(low, x->values[i]);
        high = MAX(high, x->values[i]);
    }
    if (plot_x_is_log(drawing)) {
        g_string_append_printf(script,
                               "set logscale x\nset xrange [%.6g:%.6g]\n",
                               low / 1.3, high * 1.3);
        return;
    }
    room = high > low ? (high - low) * 0.03 : 1;
    g_string_append_printf(script, "set xrange [%.6g:%.6g]\n", low - room,
                           high + room);
    if (x->kind != QUANTITY_KINDS)
        return;
    if (labels_are_long(x->axis))
        g_string_append(script, "set bmargin 8.5\nset xtics rotate by -20\n");
    g_string_append(script, "set xtics (");
    for (unsigned i = 0; i < x->axis->count; i++) {
        char *label = quoted(x->axis->values[i]);

        g_string_append_printf(script, "%s%s %u", i > 0 ? ", " : "", label, i);
        g_free(label);
    }
    g_string_append(script, ")\n");
}

/* What SERIES is called with STATISTIC, in the legend. */
static char *legend(const Drawing *drawing, unsigned series, unsigned statistic)
{
    char *name =
        drawing->plot->series < 0
            ? g_strdup(statistic_names[statistic])
            : g_strdup_printf(
                  "%s: %s",
                  plan_axis(drawing->plan, (unsigned)drawing->plot->series)
                      ->values[series],
                  statistic_names[statistic]);
    char *quote = quoted(name);

    g_free(name);
    return quote;
}

/* The curves of one series and statistic; columns as in add_row(). */
static void add_curve(GString *script, const Drawing *drawing, unsigned series,
                      unsigned s, bool theory)
{
    const char *colour = colours[series % G_N_ELEMENTS(colours)];
    char *title = legend(drawing, series, s);

    if (theory)
        g_string_append_printf(script,
                               "  $theory%u using 1:%u with lines lc rgb '%s' "
                               "lw 2 dt %s notitle, \\\n",
                               series, s + 2, colour, styles[s].dashes);
    g_string_append_printf(script, "  $runs%u using 1:%u", series, s + 4);
    if (s == STATISTIC_MEAN)
        g_string_append_printf(script,
                               ":2:3 with yerrorbars lc rgb '%s' lw 1.5 pt %d "
                               "ps 0.9 title %s, \\\n",
                               colour, styles[s].mark, title);
    else
        g_string_append_printf(script,
                               " with points lc rgb '%s' lw 1.5 pt %d ps 0.9 "
                               "title %s, \\\n",
                               colour, styles[s].mark, title);
    if (!theory)
        g_string_append_printf(script,
                               "  $runs%u using 1:%u with lines lc rgb '%s' "
                               "lw 1 dt %s notitle, \\\n",
                               series, s + 4, colour, styles[s].dashes);
    g_free(title);
}

static void add_curves(GString *script, const Drawing *drawing, bool theory)
{
    g_string_append(script, "plot \\\n");
    if (theory)
        g_string_append_printf(
            script,
            "  keyentry with lines lc rgb '#555555' lw 2 title '%s', \\\n",
            drawing->plot->config.theory == THEORY_LOSS_RATE
                ? "line: Padhye et al. 1998, RFC 9438"
                : "line: exact theory");
    for (unsigned series = 0; series < drawing->series_count; series++)
        for (unsigned s = 0; s < STATISTICS; s++)
            if (drawing->plot->config.y >> s & 1)
                add_curve(script, drawing, series, s, theory);
    for (unsigned series = 0; series < drawing->series_count; series++)
        g_string_append_printf(
            script,
            "  $runs%u using 1:11 with points lc rgb "
            "'#000000' lw 1.5 pt 6 ps 2 %s%s\n",
            series,
            drawing->unconverged && series == 0 ? "title 'not converged'"
                                                : "notitle",
            series + 1 < drawing->series_count ? ", \\" : "");
}

static void add_settings(GString *script, const Drawing *drawing)
{
    g_string_append_printf(
        script,
        "# %s.gp - drawn by firstbyte; run it again with: gnuplot %s.gp\n"
        "set encoding utf8\n"
        "set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' "
        "background '#ffffff'\n"
        "set output '%s.svg'\n"
        "set border 3 lc rgb '#555555'\n"
        "set format '%%g'\n"
        "set tics nomirror out textcolor rgb '#222222'\n"
        "set grid ytics lc rgb '#dddddd' lt 1 lw 0.6\n"
        "set lmargin 11\nset tmargin 4.8\nset bmargin 5\nset rmargin 27\n"
        "set key at screen 0.985, graph 1 right top Left reverse samplen 2.2 "
        "spacing 1.25\n",
        drawing->plot->name, drawing->plot->name, drawing->plot->name);
}

char *plot_script(const Plan *plan, const PlanPlot *plot,
                  const PointSummary *summaries)
{
    Drawing drawing = {.plan = plan,
                       .plot = plot,
                       .summaries = summaries,
                       .series_count = 1,
                       .y_scale = unit_scale(metric_keys[plot->metric].unit),
                       .data = g_string_new(NULL)};
    GString *script = g_string_new(NULL);
    bool theory;

    if (plot->series >= 0)
        drawing.series_count = plan_axis(plan, (unsigned)plot->series)->count;
    x_read(&drawing.x, plan_axis(plan, plot->x));
    add_data(&drawing);
    theory = plot->config.theory != THEORY_NONE && plot_add_theory(&drawing);
    add_settings(script, &drawing);
    add_titles(script, &drawing);
    add_x_axis(script, &drawing);
    add_y_axis(script, &drawing);
    g_string_append(script, drawing.data->str);
    add_curves(script, &drawing, theory);
    g_string_append_printf(script,
                           "set terminal pngcairo noenhanced size 1440,930 "
                           "font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 "
                           "pointscale 1.4\n"
                           "set output '%s.png'\nreplot\n",
                           plot->name);
    g_string_free(drawing.data, TRUE);
    g_free(drawing.x.values);
    g_free(drawing.no_theory);
    return g_string_free(script, FALSE);
}

/* --- drawing -------------------------------------------------------------- */

static bool run_gnuplot(const char *folder, const char *name, GError **error)
{
    const char *argv[] = {"gnuplot", name, NULL};
    char *errors = NULL;
    int status;
    bool good = g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
                             NULL, NULL, NULL, &errors, &status, error);

    if (good && !g_spawn_check_wait_status(status, NULL)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_WRITE,
                    "gnuplot %s/%s failed: %s", folder, name,
                    g_strstrip(errors));
        good = false;
    }
    g_free(errors);
    return good;
}

bool plot_draw(const Plan *plan, const PlanPlot *plot,
               const PointSummary *summaries, const char *folder,
               GError **error)
{
    char *script = plot_script(plan, plot, summaries);
    char *name = g_strconcat(plot->name, ".gp", NULL);
    char *file = g_build_filename(folder, name, NULL);
    bool good = g_file_set_contents(file, script, -1, error) &&
                run_gnuplot(folder, name, error);

    g_free(file);
    g_free(name);
    g_free(script);
    return good;
}
