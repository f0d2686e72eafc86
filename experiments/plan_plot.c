/* plan_plot.c - the groups [plot NAME] of an experiment. */
#include "plan_plot.h"

#include <string.h>

#include "estimand.h"
#include "plan_select.h"

#define KEY(field) offsetof(PlotConfig, field)
const ConfigKey plot_keys[] = {
    {.key = "kind",
     .type = CONFIG_CHOICE,
     .offset = KEY(kind),
     .def = "lines",
     .choices = "lines|band|cdf|ccdf|heatmap|difference|series|"
                "sequence|states|waterfall",
     .sentence =
         "lines: statistics over an axis of the sweep; band: median, quartiles "
         "and 5 % to 95 % of the pooled samples; cdf: the share of the samples "
         "up to a value; ccdf: the share above it, on a log scale; heatmap: "
         "one "
         "statistic over two axes; difference: lines of how much more it is "
         "than at the baseline; series: what [measure] sample keeps, over "
         "time.  Of one run, which is made again: sequence, "
         "the "
         "segments of a connection over time; states, of its two ends; "
         "waterfall, what the objects of a page waited for.",
     .source = ""},
    {.key = "title",
     .type = CONFIG_TEXT,
     .offset = KEY(title),
     .def = "",
     .sentence = "Title; without it the experiment's.",
     .source = ""},
    {.key = "metric",
     .type = CONFIG_TEXT,
     .offset = KEY(metric),
     .def = "",
     .sentence =
         "Metric that is drawn, with what it is of where it is not of all: "
         "link.queue.delay(isp -> home); of series, one of [measure] "
         "sample.",
     .source = ""},
    {.key = "x",
     .type = CONFIG_TEXT,
     .offset = KEY(x),
     .def = "",
     .sentence = "Axis of the sweep on the horizontal axis; of a cdf that is "
                 "the metric.",
     .source = ""},
    {.key = "y",
     .type = CONFIG_TEXT,
     .offset = KEY(y),
     .def = "mean",
     .sentence = "Statistics to draw, with their intervals: one or more of "
                 "mean, p50 (any p above 0 and below 100), min, max; or of "
                 "failures, a share; or of count, samples in a replication.",
     .source = ""},
    {.key = "baseline",
     .type = CONFIG_TEXT,
     .offset = KEY(baseline),
     .def = "",
     .sentence = "What a difference is to: KEY is VALUE, KEY is VALUE...; the "
                 "other axes as at the point itself.",
     .source = ""},
    {.key = "series",
     .type = CONFIG_TEXT,
     .offset = KEY(series),
     .def = "",
     .sentence = "Axis of the sweep that has a colour for each value; of a "
                 "heatmap, the vertical axis.",
     .source = ""},
    {.key = "point",
     .type = CONFIG_TEXT,
     .offset = KEY(point),
     .def = "",
     .sentence = "Values of the axes that are not drawn: KEY is VALUE, KEY is "
                 "VALUE...; without it their first.",
     .source = ""},
    {.key = "replication",
     .type = CONFIG_COUNT,
     .offset = KEY(replication),
     .def = "0",
     .min = 0,
     .max = 1e6,
     .sentence = "Which run of the point a sequence, states or a waterfall are "
                 "of.",
     .source = ""},
    {.key = "connection",
     .type = CONFIG_COUNT,
     .offset = KEY(connection),
     .def = "1",
     .min = 1,
     .max = 1e6,
     .sentence = "Which connection of the run a sequence and states are of, in "
                 "the order in which they were opened.",
     .source = ""},
    {.key = "theory",
     .type = CONFIG_CHOICE,
     .offset = KEY(theory),
     .def = "none",
     .choices = "none|syn-backoff|littles-law|loss-rate|padhye|md1|mm1|"
                "bit-error-rate",
     .sentence =
         "Result to draw over it, where it applies: exact are syn-backoff of "
         "tcp.handshake.latency, littles-law of tcp.time_wait.population, and "
         "md1 and mm1 of link.queue.delay (datagrams of constant and of "
         "exponential length); "
         "loss-rate is the formula for work.goodput of the point's congestion "
         "control, padhye that for Reno whatever it is, bit-error-rate that "
         "for signal.bit_errors of the line "
         "code.",
     .source =
         "loss-rate, padhye: Padhye et al. 1998 for newreno, RFC 9438 s5.1 for "
         "cubic; md1, mm1: Kleinrock, Queueing Systems, 1975; "
         "bit-error-rate: Proakis, Digital Communications, s4.2"},
    {.key = "x.scale",
     .type = CONFIG_CHOICE,
     .offset = KEY(x_scale),
     .def = "auto",
     .choices = "auto|linear|log",
     .sentence = "Horizontal scale; auto: log from a hundredfold range.",
     .source = ""},
    {.key = "y.scale",
     .type = CONFIG_CHOICE,
     .offset = KEY(y_scale),
     .def = "auto",
     .choices = "auto|linear|log",
     .sentence = "Vertical scale; auto: log from a twentyfold range.",
     .source = ""},
    {.key = NULL},
};
#undef KEY

/* --- reading -------------------------------------------------------------- */

void plan_plot_free(gpointer data)
{
    PlanPlot *plot = data;

    config_clear_struct(plot_keys, &plot->config);
    g_array_free(plot->y, TRUE);
    g_array_free(plot->where, TRUE);
    g_free(plot->name);
    g_free(plot);
}

/* What each kind needs: NO, not even allowed; MAY; MUST be there. */
typedef enum Need { NO, MAY, MUST } Need;
static const struct {
    Need metric, x, series;
    bool baseline;
    uint32_t theories; /* bit T: PlotTheory T can be drawn */
} needs[PLOT_KINDS] = {
    [PLOT_LINES] = {MUST, MUST, MAY, false, ~0u},
    [PLOT_BAND] = {MUST, MUST, MAY, false, 1u << THEORY_NONE},
    [PLOT_CDF] = {MUST, NO, MAY, false,
                  1u << THEORY_NONE | 1u << THEORY_SYN_BACKOFF},
    [PLOT_CCDF] = {MUST, NO, MAY, false,
                   1u << THEORY_NONE | 1u << THEORY_SYN_BACKOFF},
    [PLOT_DIFFERENCE] = {MUST, MUST, MAY, true, 1u << THEORY_NONE},
    [PLOT_SERIES] = {MUST, NO, MAY, false, 1u << THEORY_NONE},
    [PLOT_SEQUENCE] = {NO, NO, NO, false, 1u << THEORY_NONE},
    [PLOT_STATES] = {NO, NO, NO, false, 1u << THEORY_NONE},
    [PLOT_WATERFALL] = {NO, NO, NO, false, 1u << THEORY_NONE},
    [PLOT_HEATMAP] = {MUST, MUST, MUST, false, 1u << THEORY_NONE},
};

/* Whether KEY's value cannot be one, which has been said. */
static bool is_wrong(const ConfigGroup *group, const char *key)
{
    const ConfigEntry *entry = config_entry(group, key);

    return entry != NULL && entry->wrong;
}

/* The axis that KEY, whose value is TARGET (NULL: not given), names. */
static bool find_axis(const Plan *plan, const ConfigGroup *group,
                      const char *key, const char *target, Need need, int *axis,
                      GError **error)
{
    char *message;

    *axis = -1;
    if (target == NULL)
        return need != MUST || is_wrong(group, key) ||
               config_fail_at(
                   group, key, error,
                   "not given; an axis of the [sweep] would be right");
    if (need == NO)
        return config_fail_at(
            group, key, error,
            "this kind of plot has no such axis; leave it out");
    *axis = plan_find_axis(plan, target);
    if (*axis >= 0)
        return true;
    message = plan_no_axis(plan, target);
    config_fail_at(group, key, error, message);
    g_free(message);
    return false;
}

/* The series of [measure] sample that PLOT is of. */
static bool find_series(const Plan *plan, const ConfigGroup *group,
                        PlanPlot *plot, GError **error)
{
    for (unsigned i = 0; plan->series != NULL && i < plan->series->keys->len;
         i++) {
        plot->sampled = i;
        if (strcmp(series_key(plan->series, i)->name, plot->config.metric) == 0)
            return true;
    }
    return config_fail_at(
        group, "metric", error,
        "[measure] sample does not keep it; one of what it keeps, "
        "as it stands there, would be right");
}

static bool want_metric(Plan *plan, const ConfigGroup *group, PlanPlot *plot,
                        GError **error)
{
    unsigned since = plan_metrics(plan);
    char *why = NULL;

    plot->metric = plan_metric_want(plan, plot->config.metric, &why);
    plan_metrics_named_by(plan, since, group, "metric");
    if (plot->metric != METRIC_NONE)
        return true;
    config_fail_at(group, "metric", error, why);
    g_free(why);
    return false;
}

static bool check_metric(Plan *plan, const ConfigGroup *group, PlanPlot *plot,
                         GError **error)
{
    plot->metric = METRIC_NONE;
    if (needs[plot->config.kind].metric == NO)
        return plot->config.metric == NULL ||
               config_fail_at(group, "metric", error,
                              "this kind of plot has none; leave it out");
    if (plot->config.metric == NULL)
        return is_wrong(group, "metric") ||
               config_fail_at(
                   group, "metric", error,
                   "not given; firstbyte describe metrics lists them");
    if (plot->config.kind == PLOT_SERIES)
        return find_series(plan, group, plot, error);
    return want_metric(plan, group, plot, error);
}

static bool check_theory(const Plan *plan, const ConfigGroup *group,
                         const PlanPlot *plot, GError **error)
{
    static const MetricId about[] = {
        [THEORY_SYN_BACKOFF] = METRIC_HANDSHAKE_LATENCY,
        [THEORY_LITTLE] = METRIC_TIME_WAIT_POPULATION,
        [THEORY_LOSS_RATE] = METRIC_WORK_GOODPUT,
        [THEORY_PADHYE] = METRIC_WORK_GOODPUT,
        [THEORY_MD1] = METRIC_QUEUE_DELAY,
        [THEORY_MM1] = METRIC_QUEUE_DELAY,
        [THEORY_BIT_ERRORS] = METRIC_BIT_ERRORS,
    };
    int theory = plot->config.theory;
    const PlanMetric *selected = plot->metric != METRIC_NONE
                                     ? plan_metric_selected(plan, plot->metric)
                                     : NULL;
    bool is_of_one_queue =
        selected != NULL && selected->key->metric == METRIC_QUEUE_DELAY;

    if (!(needs[plot->config.kind].theories >> theory & 1))
        return config_fail_at(
            group, "theory", error,
            "it says nothing that this kind of plot draws; none "
            "would be right");
    return theory == THEORY_NONE || plot->metric == METRIC_NONE ||
           about[theory] == plot->metric ||
           (about[theory] == METRIC_QUEUE_DELAY && is_of_one_queue) ||
           config_fail_at(group, "theory", error,
                          "it is about another metric; none would be right");
}

/* The conditions of KEY, whose value is TEXT. */
static bool read_where(const Plan *plan, const ConfigGroup *group,
                       const char *key, const char *text, GArray *where,
                       GError **error)
{
    char *why = NULL;

    if (where_read(where, plan, text, &why))
        return true;
    config_fail_at(group, key, error, why);
    g_free(why);
    return false;
}

static bool read_baseline(const Plan *plan, const ConfigGroup *group,
                          const PlanPlot *plot, Estimand *estimand,
                          GError **error)
{
    const char *text = plot->config.baseline;
    bool needed = needs[plot->config.kind].baseline, good;
    GArray *where;

    if (!needed)
        return text == NULL ||
               config_fail_at(group, "baseline", error,
                              "only a difference has one; leave it out");
    if (text == NULL)
        return config_fail_at(group, "baseline", error,
                              "not given; KEY is VALUE would be right");
    where = where_new();
    good = read_where(plan, group, "baseline", text, where, error);
    if (good && where->len > ESTIMAND_AXES_MAX)
        good = config_fail_at(group, "baseline", error,
                              "too many axes; eight would be right");
    for (unsigned i = 0; good && i < where->len; i++)
        estimand->baseline[estimand->axes++] =
            g_array_index(where, WhereCondition, i);
    g_array_free(where, TRUE);
    return good;
}

static bool read_statistic(const Plan *plan, const ConfigGroup *group,
                           PlanPlot *plot, const Estimand *like,
                           const char *word, GError **error)
{
    Estimand estimand = *like;
    char *why = NULL;

    if (!estimand_parse_statistic(&estimand, word, &why)) {
        config_fail_at(group, "y", error, why);
        g_free(why);
        return false;
    }
    estimand.metric = plot->metric;
    estimand.axes = like->axes;
    memcpy(estimand.baseline, like->baseline, sizeof like->baseline);
    g_array_append_val(plot->y, estimand);
    if (plot->metric == METRIC_NONE || /* which has been said */
        estimand_unit(&estimand, plan) ==
            estimand_unit(&g_array_index(plot->y, Estimand, 0), plan))
        return true;
    return config_fail_at(
        group, "y", error,
        "its statistics are measured in different units; a plot "
        "for each unit would be right");
}

static bool read_y(Plan *plan, const ConfigGroup *group, PlanPlot *plot,
                   GError **error)
{
    char **words = g_strsplit(plot->config.y, ",", -1);
    Estimand like = {.metric = plot->metric};
    bool good = read_baseline(plan, group, plot, &like, error);

    for (unsigned i = 0;
         good && plot->metric != METRIC_NONE && words[i] != NULL; i++)
        good = read_statistic(plan, group, plot, &like, g_strstrip(words[i]),
                              error);
    g_strfreev(words);
    if (good && plot->config.kind == PLOT_HEATMAP && plot->y->len > 1)
        return config_fail_at(
            group, "y", error,
            "a heatmap has room for one statistic; one would be "
            "right");
    for (unsigned i = 0; good && i < plot->y->len; i++)
        estimand_want(plan, &g_array_index(plot->y, Estimand, i));
    return good;
}

static bool check_where(const Plan *plan, const ConfigGroup *group,
                        PlanPlot *plot, GError **error)
{
    if (!read_where(plan, group, "point", plot->config.point, plot->where,
                    error))
        return false;
    for (unsigned i = 0; i < plot->where->len; i++) {
        int axis = (int)g_array_index(plot->where, WhereCondition, i).axis;

        if (axis == plot->x || axis == plot->series)
            return config_fail_at(
                group, "point", error,
                "it names an axis that is drawn; the others would "
                "be right");
    }
    return true;
}

/* SURE: the keys are good, so that the kind is what was meant. */
static bool check_plot(Plan *plan, const ConfigGroup *group, PlanPlot *plot,
                       bool sure, GError **error)
{
    const PlotConfig *config = &plot->config;
    bool good = check_metric(plan, group, plot, error);

    good &= find_axis(plan, group, "x", config->x,
                      sure ? needs[config->kind].x : MAY, &plot->x, error);
    good &= find_axis(plan, group, "series", config->series,
                      sure ? needs[config->kind].series : MAY, &plot->series,
                      error);
    if (!sure)
        return false;
    good &= check_theory(plan, group, plot, error);
    good &= read_y(plan, group, plot, error);
    return check_where(plan, group, plot, error) && good;
}

static bool good_file_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                             "XYZ0123456789_.-")] == '\0';
}

static bool read_plot(Plan *plan, const ConfigGroup *group, GError **error)
{
    PlanPlot *plot = g_new0(PlanPlot, 1);
    bool sure;

    plot->name = g_strdup(group->name);
    plot->y = g_array_new(FALSE, FALSE, sizeof(Estimand));
    plot->where = where_new();
    g_ptr_array_add(plan->plots, plot);
    if (!good_file_name(plot->name))
        return config_fail(error, CONFIG_ERROR_NAME, group->origin, "plot",
                           NULL,
                           "\"%s\" names no file; [plot NAME] with letters, "
                           "digits, '-' and '_' would be right",
                           plot->name);
    config_defaults(plot_keys, 0, &plot->config);
    sure = config_apply(plot_keys, group, &plot->config, error);
    sure &= config_complete(plot_keys, group, error);
    return check_plot(plan, group, plot, sure, error);
}

bool plan_plots_read(Plan *plan, GError **error)
{
    bool good = true;

    for (unsigned i = 0; i < plan->config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(plan->config->groups, i);

        if (strcmp(group->kind, "plot") == 0 && group->name[0] != '\0')
            good &= read_plot(plan, group, error);
    }
    return good;
}
