/* plan_plot.c - the groups [plot NAME] of an experiment. */
#include "plan_plot.h"

#include <string.h>

#include "where.h"

const char *const statistic_names[STATISTICS + 1] = {
    "mean", "p50", "p90", "p99", "min", "max", "failures", NULL};

/* --- y: a list of statistics ---------------------------------------------- */

static bool parse_statistic(const char *word, uint32_t *bits, char **why)
{
    const char *near;

    for (unsigned i = 0; i < STATISTICS; i++) {
        if (strcmp(word, statistic_names[i]) == 0) {
            *bits |= 1u << i;
            return true;
        }
    }
    near = config_did_you_mean(word, statistic_names);
    *why =
        near != NULL
            ? g_strdup_printf("\"%s\" is no statistic; did you mean \"%s\"?",
                              word, near)
            : g_strdup_printf("\"%s\" is no statistic; one or more of: mean, "
                              "p50, p90, p99, min, max, failures",
                              word);
    return false;
}

static bool parse_statistics(const char *text, void *field, char **why)
{
    char **words = g_strsplit(text, ",", -1);
    uint32_t bits = 0;
    bool good = true;

    for (unsigned i = 0; good && words[i] != NULL; i++)
        good = parse_statistic(g_strstrip(words[i]), &bits, why);
    if (good)
        *(uint32_t *)field = bits;
    g_strfreev(words);
    return good;
}

static char *format_statistics(const void *field)
{
    uint32_t bits = *(const uint32_t *)field;
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < STATISTICS; i++)
        if (bits >> i & 1)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                                   statistic_names[i]);
    return g_string_free(text, FALSE);
}

#define KEY(field) offsetof(PlotConfig, field)
const ConfigKey plot_keys[] = {
    {.key = "kind",
     .type = CONFIG_CHOICE,
     .offset = KEY(kind),
     .def = "lines",
     .choices = "lines|band|cdf|ccdf",
     .sentence =
         "lines: statistics over an axis of the sweep; band: median, quartiles "
         "and 5 % to 95 % of the pooled samples; cdf: the share of the samples "
         "up to a value; ccdf: the share above it, on a log scale.",
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
     .sentence = "Metric that is drawn.",
     .source = ""},
    {.key = "x",
     .type = CONFIG_TEXT,
     .offset = KEY(x),
     .def = "",
     .sentence = "Axis of the sweep on the horizontal axis; of a cdf that is "
                 "the metric.",
     .source = ""},
    {.key = "y",
     .type = CONFIG_CUSTOM,
     .offset = KEY(y),
     .def = "mean",
     .sentence = "Statistics to draw as lines: mean (with its interval), p50, "
                 "p90, p99, min, max; or failures alone, a share.",
     .source = "",
     .parse = parse_statistics,
     .format = format_statistics},
    {.key = "series",
     .type = CONFIG_TEXT,
     .offset = KEY(series),
     .def = "",
     .sentence = "Axis of the sweep that has a colour for each value.",
     .source = ""},
    {.key = "point",
     .type = CONFIG_TEXT,
     .offset = KEY(point),
     .def = "",
     .sentence = "Values of the axes that are not drawn: KEY is VALUE, KEY is "
                 "VALUE...; without it their first.",
     .source = ""},
    {.key = "theory",
     .type = CONFIG_CHOICE,
     .offset = KEY(theory),
     .def = "none",
     .choices = "none|syn-backoff|littles-law|loss-rate",
     .sentence =
         "Result to draw over it, where it applies: exact are syn-backoff of "
         "tcp.handshake.latency and littles-law of tcp.time_wait.population; "
         "loss-rate is the formula for work.goodput of the point's congestion "
         "control.",
     .source = "loss-rate: Padhye et al. 1998 for newreno, RFC 9438 s5.1 for "
               "cubic"},
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

/* Says what is wrong with KEY of GROUP; always false. */
static bool fail_at(const ConfigGroup *group, const char *key, GError **error,
                    const char *message)
{
    const ConfigEntry *entry = config_entry(group, key);
    char *text = config_group_text(group);

    config_fail(error, CONFIG_ERROR_VALUE,
                entry != NULL ? entry->origin : group->origin, text, key, "%s",
                message);
    g_free(text);
    return false;
}

void plan_plot_free(gpointer data)
{
    PlanPlot *plot = data;

    config_clear_struct(plot_keys, &plot->config);
    g_array_free(plot->where, TRUE);
    g_free(plot->name);
    g_free(plot);
}

/* What each kind needs: NO, not even allowed; MAY; MUST be there. */
typedef enum Need { NO, MAY, MUST } Need;
static const struct {
    Need x, series;
    uint32_t theories; /* bit T: PlotTheory T can be drawn */
} needs[PLOT_KINDS] = {
    [PLOT_LINES] = {MUST, MAY, ~0u},
    [PLOT_BAND] = {MUST, MAY, 1u << THEORY_NONE},
    [PLOT_CDF] = {NO, MAY, 1u << THEORY_NONE | 1u << THEORY_SYN_BACKOFF},
    [PLOT_CCDF] = {NO, MAY, 1u << THEORY_NONE | 1u << THEORY_SYN_BACKOFF},
};

/* The axis that KEY, whose value is TARGET (NULL: not given), names. */
static bool find_axis(const Plan *plan, const ConfigGroup *group,
                      const char *key, const char *target, Need need, int *axis,
                      GError **error)
{
    char *message;

    *axis = -1;
    if (target == NULL)
        return need != MUST ||
               fail_at(group, key, error,
                       "not given; an axis of the [sweep] would be right");
    if (need == NO)
        return fail_at(group, key, error,
                       "this kind of plot has no such axis; leave it out");
    *axis = plan_find_axis(plan, target);
    if (*axis >= 0)
        return true;
    message = g_strdup_printf("\"%s\" is no axis of the [sweep]; one of its "
                              "keys would be right",
                              target);
    fail_at(group, key, error, message);
    g_free(message);
    return false;
}

static bool check_metric(const ConfigGroup *group, PlanPlot *plot,
                         GError **error)
{
    plot->metric = METRICS;
    if (plot->config.metric == NULL)
        return fail_at(group, "metric", error,
                       "not given; firstbyte describe metrics lists them");
    plot->metric = metric_id(plot->config.metric);
    return plot->metric != METRICS ||
           fail_at(group, "metric", error,
                   "no such metric; firstbyte describe metrics lists them");
}

static bool check_theory(const ConfigGroup *group, const PlanPlot *plot,
                         GError **error)
{
    static const MetricId about[] = {
        [THEORY_SYN_BACKOFF] = METRIC_HANDSHAKE_LATENCY,
        [THEORY_LITTLE] = METRIC_TIME_WAIT_POPULATION,
        [THEORY_LOSS_RATE] = METRIC_WORK_GOODPUT,
    };
    int theory = plot->config.theory;

    if (!(needs[plot->config.kind].theories >> theory & 1))
        return fail_at(group, "theory", error,
                       "it says nothing that this kind of plot draws; none "
                       "would be right");
    return theory == THEORY_NONE || about[theory] == plot->metric ||
           fail_at(group, "theory", error,
                   "it is about another metric; none would be right");
}

static bool check_statistics(const ConfigGroup *group, const PlanPlot *plot,
                             GError **error)
{
    uint32_t y = plot->config.y, failures = 1u << STATISTIC_FAILURES;

    return !(y & failures) || y == failures ||
           fail_at(group, "y", error,
                   "failures are a share and have a scale of their own; "
                   "another plot for them would be right");
}

static bool check_where(const Plan *plan, const ConfigGroup *group,
                        PlanPlot *plot, GError **error)
{
    char *why = NULL;

    if (!where_read(plot->where, plan, plot->config.point, &why)) {
        fail_at(group, "point", error, why);
        g_free(why);
        return false;
    }
    for (unsigned i = 0; i < plot->where->len; i++) {
        int axis = (int)g_array_index(plot->where, WhereCondition, i).axis;

        if (axis == plot->x || axis == plot->series)
            return fail_at(group, "point", error,
                           "it names an axis that is drawn; the others would "
                           "be right");
    }
    return true;
}

static bool check_plot(const Plan *plan, const ConfigGroup *group,
                       PlanPlot *plot, GError **error)
{
    const PlotConfig *config = &plot->config;

    return check_metric(group, plot, error) &&
           find_axis(plan, group, "x", config->x, needs[config->kind].x,
                     &plot->x, error) &&
           find_axis(plan, group, "series", config->series,
                     needs[config->kind].series, &plot->series, error) &&
           check_theory(group, plot, error) &&
           check_statistics(group, plot, error) &&
           check_where(plan, group, plot, error);
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

    plot->name = g_strdup(group->name);
    plot->where = where_new();
    g_ptr_array_add(plan->plots, plot);
    if (!good_file_name(plot->name))
        return config_fail(error, CONFIG_ERROR_NAME, group->origin, "plot",
                           NULL,
                           "\"%s\" names no file; [plot NAME] with letters, "
                           "digits, '-' and '_' would be right",
                           plot->name);
    config_defaults(plot_keys, 0, &plot->config);
    return config_apply(plot_keys, group, &plot->config, error) &&
           config_complete(plot_keys, group, error) &&
           check_plot(plan, group, plot, error);
}

bool plan_plots_read(Plan *plan, GError **error)
{
    for (unsigned i = 0; i < plan->config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(plan->config->groups, i);

        if (strcmp(group->kind, "plot") == 0 && !read_plot(plan, group, error))
            return false;
    }
    return true;
}
