/* plan_keys.c - the keys of an experiment's groups, and the texts that only
 * they have: stopping rules, seeds. */
#include "plan.h"

#include <string.h>

/* --- seed: 64 bits -------------------------------------------------------- */

static bool parse_seed(const char *text, void *field, char **why)
{
    guint64 seed;

    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &seed, NULL)) {
        *why = g_strdup_printf("\"%s\" is no seed; a whole number from 0 to "
                               "18446744073709551615 would be",
                               text);
        return false;
    }
    *(uint64_t *)field = seed;
    return true;
}

static char *format_seed(const void *field)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, *(const uint64_t *)field);
}

/* --- until: halfwidth(mean(METRIC)) < 5 % at 95 % ------------------------- */

static bool parse_width(StopRule *rule, const char *text, char **why)
{
    if (strchr(text, '%') != NULL) {
        rule->relative = true;
        return quantity_real(QUANTITY_FRACTION, text, &rule->width, why);
    }
    rule->relative = false;
    return quantity_real(metric_keys[rule->metric].unit, text, &rule->width,
                         why);
}

static bool parse_rule_parts(StopRule *rule, const char *metric,
                             const char *width, const char *level, char **why)
{
    rule->on = true;
    rule->metric = metric_id(metric);
    if (rule->metric == METRICS) {
        *why = g_strdup_printf("there is no metric \"%s\"; firstbyte describe "
                               "metrics lists them",
                               metric);
        return false;
    }
    if (!parse_width(rule, width, why) ||
        !quantity_real(QUANTITY_FRACTION, level, &rule->level, why))
        return false;
    if (rule->width > 0 && rule->level > 0 && rule->level < 1)
        return true;
    *why = g_strdup("the half-width must be above 0 and the level between 0 % "
                    "and 100 %; such as < 5 % at 95 %");
    return false;
}

static bool parse_until(const char *text, void *field, char **why)
{
    StopRule rule = {0};
    GRegex *regex;
    GMatchInfo *match;
    bool good;

    if (strcmp(text, "none") == 0) {
        *(StopRule *)field = rule;
        return true;
    }
    regex = g_regex_new("^halfwidth\\s*\\(\\s*mean\\s*\\(\\s*([^()\\s]+)\\s*\\)"
                        "\\s*\\)\\s*<\\s*(.+?)\\s+at\\s+(.+)$",
                        0, 0, NULL);
    good = g_regex_match(regex, text, 0, &match);
    if (good) {
        char *metric = g_match_info_fetch(match, 1);
        char *width = g_match_info_fetch(match, 2);
        char *level = g_match_info_fetch(match, 3);

        good = parse_rule_parts(&rule, metric, width, level, why);
        g_free(metric);
        g_free(width);
        g_free(level);
    } else {
        *why = g_strdup_printf("\"%s\" is no stopping rule; write none, or "
                               "halfwidth(mean(METRIC)) < 5 %% at 95 %%",
                               text);
    }
    g_match_info_free(match);
    g_regex_unref(regex);
    if (good)
        *(StopRule *)field = rule;
    return good;
}

static char *format_until(const void *field)
{
    const StopRule *rule = field;
    char *width, *level, *text;

    if (!rule->on)
        return g_strdup("none");
    width = quantity_format_real(
        rule->relative ? QUANTITY_FRACTION : metric_keys[rule->metric].unit,
        rule->width);
    level = quantity_format_real(QUANTITY_FRACTION, rule->level);
    text = g_strdup_printf("halfwidth(mean(%s)) < %s at %s",
                           metric_keys[rule->metric].name, width, level);
    g_free(width);
    g_free(level);
    return text;
}

/* --- the tables ----------------------------------------------------------- */

#define KEY(field) offsetof(ExperimentConfig, field)
const ConfigKey experiment_keys[] = {
    {.key = "title",
     .type = CONFIG_TEXT,
     .offset = KEY(title),
     .def = "",
     .sentence = "What the experiment is called, on plots.",
     .source = ""},
    {.key = "question",
     .type = CONFIG_TEXT,
     .offset = KEY(question),
     .def = "",
     .sentence = "What it is to find out.",
     .source = ""},
    {.key = "topology",
     .type = CONFIG_TEXT,
     .offset = KEY(topology),
     .def = "",
     .sentence = "Topology file, found beside the experiment or among the "
                 "shipped ones; without it the groups stand in the experiment.",
     .source = ""},
    {.key = NULL},
};
#undef KEY

#define KEY(field) offsetof(ReplicateConfig, field)
const ConfigKey replicate_keys[] = {
    {.key = "seed",
     .type = CONFIG_CUSTOM,
     .offset = KEY(seed),
     .def = "1",
     .sentence = "What all random streams start from, with the number of the "
                 "replication: the same at every point.",
     .source = "",
     .parse = parse_seed,
     .format = format_seed},
    {.key = "min",
     .type = CONFIG_COUNT,
     .offset = KEY(min),
     .def = "5",
     .min = 1,
     .max = 1e6,
     .sentence = "Replications of each point, at least.",
     .source = ""},
    {.key = "max",
     .type = CONFIG_COUNT,
     .offset = KEY(max),
     .def = "100",
     .min = 1,
     .max = 1e6,
     .sentence = "Replications of each point, at most.",
     .source = ""},
    {.key = "until",
     .type = CONFIG_CUSTOM,
     .offset = KEY(until),
     .def = "none",
     .sentence =
         "Stop when the interval of a metric's mean (Student's t over "
         "replications) is this narrow: halfwidth(mean(METRIC)) < WIDTH "
         "at LEVEL; none: min replications.",
     .source = "",
     .parse = parse_until,
     .format = format_until},
    {.key = "rare",
     .type = CONFIG_COUNT,
     .offset = KEY(rare),
     .def = "10",
     .min = 0,
     .max = 1e6,
     .sentence =
         "Where packets may be lost, a point has not converged before so "
         "many replications have sent a segment again.",
     .source = ""},
    {.key = NULL},
};
#undef KEY
