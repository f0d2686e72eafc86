/* plot.c - from a plot of the plan to a script: what all kinds have in common.
 */
#include "plot_internal.h"

#include <math.h>
#include <string.h>

#include "doubts.h"
#include "parallel.h"
#include "stop_rule.h"
#include "plan_select.h"

/* Entries of a legend for which there is room beside the picture. */
enum { KEY_MOST = 15 };

/* --- what is drawn -------------------------------------------------------- */

/* The value of AXIS that the plot's `point` says; else the first. */
static unsigned fixed_value(const PlanPlot *plot, unsigned axis)
{
    for (unsigned i = 0; i < plot->where->len; i++) {
        const WhereCondition *condition =
            &g_array_index(plot->where, WhereCondition, i);

        if (condition->axis == axis)
            return condition->value;
    }
    return 0;
}

unsigned plot_point(const Drawing *drawing, unsigned x, unsigned series)
{
    unsigned number = 0;

    for (unsigned i = 0; i < drawing->plan->axes->len; i++) {
        unsigned value = (int)i == drawing->plot->x ? x
                         : (int)i == drawing->plot->series
                             ? series
                             : fixed_value(drawing->plot, i);

        number = number * plan_axis(drawing->plan, i)->count + value;
    }
    return number;
}

void plot_saw(Drawing *drawing, double value)
{
    if (!isfinite(value))
        return;
    drawing->drawn = true;
    if (value <= 0) {
        drawing->zero = true;
        drawing->lowest = MIN(drawing->lowest, value);
        return;
    }
    drawing->least = drawing->least == 0 ? value : MIN(drawing->least, value);
    drawing->most = MAX(drawing->most, value);
}

void plot_saw_point(Drawing *drawing, const PointSummary *point)
{
    const MetricSummary *metric = &point->metrics[drawing->plot->metric];
    double tries = (double)(metric->pooled.count + metric->failures);

    drawing->fewest = drawing->fewest == 0
                          ? point->replications
                          : MIN(drawing->fewest, point->replications);
    drawing->most_runs = MAX(drawing->most_runs, point->replications);
    if (metric->failures == 0)
        return;
    drawing->failed_points++;
    drawing->worst_failures =
        MAX(drawing->worst_failures, (double)metric->failures / tries);
}

void plot_next_curve(Drawing *drawing)
{
    g_string_append(drawing->curves,
                    drawing->curves->len > 0 ? ", \\\n  " : "  ");
}

char *plot_legend(const Drawing *drawing, unsigned series, const char *what)
{
    const char *value;

    if (drawing->plot->series < 0)
        return g_strdup(what != NULL ? what : "");
    value = plan_axis(drawing->plan, (unsigned)drawing->plot->series)
                ->values[series];
    return what == NULL ? g_strdup(value)
                        : g_strdup_printf("%s: %s", value, what);
}

void plot_add_title(Drawing *drawing, const char *text)
{
    g_string_append(drawing->curves, " title ");
    gnuplot_quote(drawing->curves, text);
    drawing->key = MAX(drawing->key, (unsigned)g_utf8_strlen(text, -1));
}

void plot_add_legend(Drawing *drawing, unsigned series, const char *what)
{
    char *text;

    if (drawing->entries++ >= KEY_MOST) {
        g_string_append(drawing->curves, " notitle");
        return;
    }
    text = plot_legend(drawing, series, what);
    plot_add_title(drawing, text);
    g_free(text);
}

/* What the legend has no room for. */
static void add_more(Drawing *drawing)
{
    char *text;

    if (drawing->entries <= KEY_MOST)
        return;
    text = g_strdup_printf("and %u more", drawing->entries - KEY_MOST);
    plot_next_curve(drawing);
    g_string_append(drawing->curves, "keyentry with lines lc bgnd");
    plot_add_title(drawing, text);
    g_free(text);
}

void plot_add_theory_legend(Drawing *drawing)
{
    static const char *const says[] = {
        [THEORY_SYN_BACKOFF] = "line: exact theory",
        [THEORY_LITTLE] = "line: exact theory",
        [THEORY_LOSS_RATE] = "line: Padhye 1998, RFC 9438",
        [THEORY_PADHYE] = "line: Padhye 1998",
        [THEORY_MD1] = "line: M/D/1, exact",
        [THEORY_MM1] = "line: M/M/1, exact",
        [THEORY_BIT_ERRORS] = "line: the line code's formula",
    };

    plot_next_curve(drawing);
    g_string_append(drawing->curves,
                    "keyentry with lines lc rgb '#555555' lw 2");
    plot_add_title(drawing, says[drawing->plot->config.theory]);
}

void plot_add_colour(Drawing *drawing, unsigned series)
{
    g_string_append_printf(drawing->curves, "lc rgb '%s'",
                           gnuplot_colours[series % GNUPLOT_SERIES]);
}

void plot_saw_method(Drawing *drawing, const char *method)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(drawing->methods); i++) {
        if (drawing->methods[i] == NULL)
            drawing->methods[i] = method;
        if (strcmp(drawing->methods[i], method) == 0)
            return;
    }
}

/* --- the note ------------------------------------------------------------- */

static void note_failures(GString *text, const Drawing *drawing)
{
    if (drawing->failed_points == 0)
        return;
    g_string_append_printf(
        text,
        "; some tries failed at %u point%s, up to %.2g %% "
        "of them, and are not in %s",
        drawing->failed_points, drawing->failed_points == 1 ? "" : "s",
        100 * drawing->worst_failures,
        plan_metric_key(drawing->plan, drawing->plot->metric)->name);
}

/* A mean without those that had not ended is too low. */
static void note_unfinished(GString *text, const Drawing *drawing)
{
    const Plan *plan = drawing->plan;
    MetricId id = drawing->plot->metric;
    uint64_t open = 0;

    for (unsigned i = 0; id != METRIC_NONE && i < plan->points; i++)
        open += summary_unfinished(&drawing->summaries[i], id);
    if (open > 0)
        g_string_append_printf(text,
                               "; %" G_GUINT64_FORMAT
                               " had not ended with their runs and are not "
                               "in %s",
                               open, plan_metric_key(drawing->plan, id)->name);
}

static void note_intervals(GString *text, const Drawing *drawing)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(drawing->methods); i++) {
        if (drawing->methods[i] == NULL)
            return;
        if (i == 0)
            g_string_append_printf(text, "; bars: %g %% interval",
                                   100 * drawing->plan->until->level);
        g_string_append_printf(text, "%s%s", i == 0 ? " by " : " and ",
                               drawing->methods[i]);
    }
}

void plot_note_fixed(GString *text, const Drawing *drawing)
{
    const Plan *plan = drawing->plan;

    for (unsigned i = 0; i < plan->axes->len; i++)
        if ((int)i != drawing->plot->x && (int)i != drawing->plot->series)
            g_string_append_printf(
                text, "; %s = %s", plan_axis(plan, i)->target,
                plan_axis(plan, i)->values[fixed_value(drawing->plot, i)]);
}

/* What the reader has to know to believe the picture. */
static char *note(const Drawing *drawing)
{
    GString *text = g_string_new(NULL);
    const Plan *plan = drawing->plan;

    g_string_append_printf(text, "%u", drawing->fewest);
    if (drawing->most_runs != drawing->fewest)
        g_string_append_printf(text, " to %u", drawing->most_runs);
    g_string_append_printf(
        text, " replication%s a point, seed %" G_GUINT64_FORMAT,
        drawing->most_runs == 1 ? "" : "s", plan->replicate.seed);
    plot_note_fixed(text, drawing);
    if (drawing->plot->config.baseline != NULL)
        g_string_append_printf(text, "; difference to where %s",
                               drawing->plot->config.baseline);
    if (drawing->bars != NULL && drawing->bars[0] != '\0')
        g_string_append_printf(text, "; %s", drawing->bars);
    note_intervals(text, drawing);
    if (plot_y(drawing, 0)->kind != ESTIMAND_FAILURES)
        note_failures(text, drawing);
    note_unfinished(text, drawing);
    if (drawing->no_theory != NULL)
        g_string_append_printf(text, "; no theory drawn: %s",
                               drawing->no_theory);
    return g_string_free(text, FALSE);
}

/* --- the script ----------------------------------------------------------- */

/* gnuplot draws axes only around something. */
static void add_nothing(Drawing *drawing)
{
    g_string_assign(drawing->data, "");
    g_string_assign(drawing->axes,
                    "set xrange [0:1]\nset yrange [0:1]\nunset tics\n"
                    "set label 4 'Nothing to draw: no run has a value.' at "
                    "graph 0.5, graph 0.5 center\n");
    g_string_assign(drawing->curves, "  NaN notitle");
}

const char *plot_title(const Plan *plan, const PlanPlot *plot)
{
    if (plot->config.title != NULL)
        return plot->config.title;
    return plan->experiment.title != NULL ? plan->experiment.title : plot->name;
}

static char *whole_script(const Drawing *drawing, const char *foot)
{
    GString *script = g_string_new(NULL);
    GnuplotFrame frame = {
        .name = drawing->plot->name,
        .title = plot_title(drawing->plan, drawing->plot),
        .question = drawing->plan->experiment.question,
        .note = foot,
        .xlabel = drawing->xlabel,
        .ylabel = drawing->ylabel,
        .key = drawing->drawn ? drawing->key : 0,
        .key_title =
            drawing->plot->series < 0
                ? NULL
                : plan_axis(drawing->plan, (unsigned)drawing->plot->series)
                      ->target,
        .left = drawing->drawn ? drawing->left : 0,
        .colour_bar = drawing->drawn && drawing->colour_bar,
        .long_xtics = plot_x_is_long(&drawing->x),
    };

    gnuplot_begin(script, &frame);
    g_string_append(script, drawing->axes->str);
    g_string_append(script, drawing->data->str);
    g_string_append_printf(script, "plot \\\n%s\n", drawing->curves->str);
    gnuplot_end(script, &frame);
    return g_string_free(script, FALSE);
}

static void (*const kinds[PLOT_KINDS])(Drawing *drawing) = {
    [PLOT_LINES] = plot_add_lines,      [PLOT_BAND] = plot_add_band,
    [PLOT_CDF] = plot_add_cdf,          [PLOT_CCDF] = plot_add_cdf,
    [PLOT_DIFFERENCE] = plot_add_lines, [PLOT_HEATMAP] = plot_add_heatmap,
};

Drawing plot_begin(const Plan *plan, const PlanPlot *plot,
                   const PointSummary *summaries)
{
    Drawing drawing = {.plan = plan,
                       .plot = plot,
                       .summaries = summaries,
                       .series_count = 1,
                       .axes = g_string_new(NULL),
                       .data = g_string_new(NULL),
                       .curves = g_string_new(NULL)};

    if (plot->series >= 0)
        drawing.series_count = plan_axis(plan, (unsigned)plot->series)->count;
    if (plot->x >= 0)
        plot_x_read(&drawing.x, plan_axis(plan, (unsigned)plot->x));
    return drawing;
}

/* FOOT (taken), behind what is missing. */
static char *whole_foot(const Drawing *drawing, char *foot)
{
    char *text;

    if (drawing->unfinished == NULL || foot == NULL)
        return foot;
    text = g_strdup_printf("unfinished: %s; %s", drawing->unfinished, foot);
    g_free(foot);
    return text;
}

char *plot_finish(Drawing *drawing, char *foot /* taken */)
{
    char *script;

    foot = whole_foot(drawing, foot);
    add_more(drawing);
    if (!drawing->drawn)
        add_nothing(drawing);
    script = whole_script(drawing, foot);
    g_free(foot);
    g_free(drawing->bars);
    g_free(drawing->xlabel);
    g_free(drawing->ylabel);
    g_string_free(drawing->axes, TRUE);
    g_string_free(drawing->data, TRUE);
    g_string_free(drawing->curves, TRUE);
    plot_x_clear(&drawing->x);
    g_free(drawing->no_theory);
    return script;
}

char *plot_script(const Plan *plan, const PlanPlot *plot,
                  const PointSummary *summaries, const char *unfinished,
                  unsigned threads)
{
    Drawing drawing;

    if (plot->config.kind >= PLOT_SEQUENCE)
        return plot_run_script(plan, plot);
    drawing = plot_begin(plan, plot, summaries);
    drawing.unfinished = unfinished;
    drawing.threads = threads;
    plot_choose_y_unit(&drawing);
    kinds[plot->config.kind](&drawing);
    return plot_finish(&drawing, note(&drawing));
}

/* --- drawing them --------------------------------------------------------- */

static const PlanPlot *plot_of(const Plan *plan, unsigned i)
{
    return g_ptr_array_index(plan->plots, i);
}

/* What is done side by side. */
typedef struct Sheets {
    const char *folder;
    char **scripts;
    bool *drawn; /* GNUPLOT_PARTS of each script */
    const PlotMeanwhile *meanwhile;
} Sheets;

static void do_meanwhile(const PlotMeanwhile *meanwhile)
{
    if (meanwhile != NULL)
        meanwhile->work(meanwhile->data);
}

/* NUMBER 0 comes last, when a gnuplot is still at work. */
static void draw_part(void *data, unsigned number)
{
    const Sheets *sheets = data;

    if (number == 0)
        do_meanwhile(sheets->meanwhile);
    else
        sheets->drawn[number - 1] = gnuplot_draw_part(
            sheets->scripts[(number - 1) / GNUPLOT_PARTS], sheets->folder,
            (GnuplotPart)((number - 1) % GNUPLOT_PARTS));
}

static bool draw_all(const Plan *plan, Sheets *sheets, unsigned threads,
                     GError **error)
{
    unsigned n = plan->plots->len;
    bool good = true;

    sheets->drawn = g_new0(bool, n *GNUPLOT_PARTS);
    if (threads > 1)
        parallel_for(n * GNUPLOT_PARTS + 1, threads, draw_part, sheets);
    else
        do_meanwhile(sheets->meanwhile);
    for (unsigned i = 0; good && i < n; i++) {
        bool drawn = true;

        for (unsigned part = 0; part < GNUPLOT_PARTS; part++)
            drawn = drawn && sheets->drawn[i * GNUPLOT_PARTS + part];
        good = drawn ||
               gnuplot_draw(sheets->folder, plot_of(plan, i)->name, error);
    }
    g_free(sheets->drawn);
    return good;
}

/* The script of a plot of any kind; NULL: ERROR says why. */
static char *script_of(const Plan *plan, const PlanPlot *plot,
                       const PointSummary *summaries, const char *unfinished,
                       unsigned threads, const char *folder, GError **error)
{
    return plot->config.kind == PLOT_SERIES
               ? plot_series_script(plan, plot, folder, unfinished, error)
               : plot_script(plan, plot, summaries, unfinished, threads);
}

bool plot_draw(const Plan *plan, const PointSummary *summaries, bool whole,
               unsigned threads, const char *folder,
               const PlotMeanwhile *meanwhile, GError **error)
{
    char **scripts = g_new0(char *, plan->plots->len + 1);
    char *unfinished = whole ? NULL : doubts_unfinished(plan, summaries);
    Sheets sheets = {folder, scripts, NULL, meanwhile};
    bool good = true;

    for (unsigned i = 0; good && i < plan->plots->len; i++) {
        const PlanPlot *plot = plot_of(plan, i);

        scripts[i] = script_of(plan, plot, summaries, unfinished, threads,
                               folder, error);
        good = scripts[i] != NULL &&
               gnuplot_save(scripts[i], folder, plot->name, error);
    }
    if (good)
        good = draw_all(plan, &sheets, threads, error);
    else
        do_meanwhile(meanwhile);
    g_free(unfinished);
    g_strfreev(scripts);
    return good;
}

/* --- comparing them ------------------------------------------------------- */

/* The first line in which A and B, which differ, do so, from 1. */
static unsigned other_line(const char *a, const char *b)
{
    unsigned line = 1;

    for (; *a != '\0' && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

bool plot_differences(const Plan *plan, const PointSummary *summaries,
                      const char *folder, GPtrArray *differences,
                      GError **error)
{
    bool good = true;

    for (unsigned i = 0; good && i < plan->plots->len; i++) {
        const PlanPlot *plot = plot_of(plan, i);
        char *path = g_strdup_printf("%s/%s.gp", folder, plot->name);
        char *was = NULL, *is = NULL;

        if (g_file_get_contents(path, &was, NULL, NULL)) {
            is = script_of(plan, plot, summaries, NULL, g_get_num_processors(),
                           folder, error);
            good = is != NULL;
        }
        if (is != NULL && strcmp(was, is) != 0)
            g_ptr_array_add(differences,
                            g_strdup_printf("%s.gp is not what the runs give, "
                                            "from line %u on",
                                            plot->name, other_line(was, is)));
        g_free(is);
        g_free(was);
        g_free(path);
    }
    return good;
}
