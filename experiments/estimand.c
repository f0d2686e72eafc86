/* estimand.c - reads and writes estimands. */
#include "estimand.h"

#include <string.h>

#include "plan_select.h"

static const char *const kind_names[] = {[ESTIMAND_MEAN] = "mean",
                                         [ESTIMAND_QUANTILE] = "p50",
                                         [ESTIMAND_MIN] = "min",
                                         [ESTIMAND_MAX] = "max",
                                         [ESTIMAND_FAILURES] = "failures",
                                         [ESTIMAND_COUNT] = "count",
                                         NULL};

/* --- reading -------------------------------------------------------------- */

static bool parse_percentile(Estimand *estimand, const char *word)
{
    char *end;
    double percent = g_ascii_strtod(word + 1, &end);

    if (word[0] != 'p' || !g_ascii_isdigit(word[1]) || *end != '\0' ||
        percent <= 0 || percent >= 100)
        return false;
    estimand->kind = ESTIMAND_QUANTILE;
    estimand->p = percent / 100;
    return true;
}

bool estimand_parse_statistic(Estimand *estimand, const char *word, char **why)
{
    const char *near;

    *estimand = (Estimand){.metric = estimand->metric};
    if (parse_percentile(estimand, word))
        return true;
    for (unsigned i = 0; kind_names[i] != NULL; i++) {
        estimand->kind = (EstimandKind)i;
        if (i != ESTIMAND_QUANTILE && strcmp(word, kind_names[i]) == 0)
            return true;
    }
    near = config_did_you_mean(word, kind_names);
    *why = near != NULL
               ? g_strdup_printf("\"%s\" is no statistic; did you mean \"%s\"?",
                                 word, near)
               : g_strdup_printf("\"%s\" is no statistic; one of: mean, p50 "
                                 "(any p above 0 and below 100), min, max, "
                                 "failures, count",
                                 word);
    return false;
}

static bool parse_simple(Estimand *estimand, Plan *plan, const char *statistic,
                         const char *metric, char **why)
{
    MetricId id;

    if (!estimand_parse_statistic(estimand, statistic, why))
        return false;
    id = estimand->metric = plan_metric_want(plan, metric, why);
    if (id == METRIC_NONE)
        return false;
    if (estimand->kind != ESTIMAND_COUNT ||
        !plan_metric_is_population(plan, id))
        return true;
    *why = g_strdup_printf("%s is observed all the time; its mean would "
                           "be right",
                           metric);
    return false;
}

/* TEXT: "AXIS is VALUE, AXIS is VALUE". */
static bool parse_baseline(Estimand *estimand, const Plan *plan,
                           const char *text, char **why)
{
    GArray *conditions = where_new();
    bool good = where_read(conditions, plan, text, why);

    if (good && conditions->len > ESTIMAND_AXES_MAX) {
        *why = g_strdup_printf("a baseline names %d axes at most",
                               ESTIMAND_AXES_MAX);
        good = false;
    }
    for (unsigned i = 0; good && i < conditions->len; i++)
        estimand->baseline[estimand->axes++] =
            g_array_index(conditions, WhereCondition, i);
    g_array_free(conditions, TRUE);
    return good;
}

bool estimand_parse(Estimand *estimand, Plan *plan, const char *text,
                    char **why)
{
    static const char grammar[] =
        "^(?:(difference)\\s*\\(\\s*)?(?!difference\\b)([\\w.]+)\\s*\\(\\s*"
        "([^()\\s]+(?:\\s*\\([^()]*\\))?)\\s*\\)"
        "(?(1)\\s*\\)\\s*to\\s+(.+))$";
    GRegex *regex = g_regex_new(grammar, 0, 0, NULL);
    GMatchInfo *match;
    bool good = g_regex_match(regex, text, 0, &match);

    *estimand = (Estimand){0};
    *why = NULL;
    if (good) {
        char *statistic = g_match_info_fetch(match, 2);
        char *metric = g_match_info_fetch(match, 3);
        char *baseline = g_match_info_fetch(match, 4);

        good = parse_simple(estimand, plan, statistic, metric, why) &&
               parse_baseline(estimand, plan, baseline, why);
        g_free(statistic);
        g_free(metric);
        g_free(baseline);
    } else {
        *why = g_strdup_printf("\"%s\" names nothing to estimate; "
                               "STATISTIC(METRIC), or "
                               "difference(STATISTIC(METRIC)) to AXIS is "
                               "VALUE would be right",
                               text);
    }
    g_match_info_free(match);
    g_regex_unref(regex);
    return good;
}

/* --- writing -------------------------------------------------------------- */

char *estimand_statistic_text(const Estimand *estimand)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (estimand->kind != ESTIMAND_QUANTILE)
        return g_strdup(kind_names[estimand->kind]);
    for (int digits = 12; digits <= 17; digits++) {
        char format[8];

        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(number, sizeof number, format, estimand->p * 100);
        if (g_ascii_strtod(number, NULL) / 100 == estimand->p)
            break;
    }
    return g_strconcat("p", number, NULL);
}

char *estimand_text(const Estimand *estimand, const Plan *plan)
{
    char *statistic = estimand_statistic_text(estimand);
    bool difference = estimand->axes > 0;
    GString *text = g_string_new(difference ? "difference(" : "");

    g_string_append_printf(text, "%s(%s)", statistic,
                           plan_metric_key(plan, estimand->metric)->name);
    g_free(statistic);
    for (unsigned i = 0; i < estimand->axes; i++) {
        const PlanAxis *axis = plan_axis(plan, estimand->baseline[i].axis);

        g_string_append_printf(text, "%s%s is %s", i == 0 ? ") to " : ", ",
                               axis->target,
                               axis->values[estimand->baseline[i].value]);
    }
    return g_string_free(text, FALSE);
}

/* --- what it says --------------------------------------------------------- */

bool estimand_equal(const Estimand *a, const Estimand *b)
{
    if (a->kind != b->kind || a->p != b->p || a->metric != b->metric ||
        a->axes != b->axes)
        return false;
    for (unsigned i = 0; i < a->axes; i++)
        if (a->baseline[i].axis != b->baseline[i].axis ||
            a->baseline[i].value != b->baseline[i].value)
            return false;
    return true;
}

void estimand_want(Plan *plan, const Estimand *estimand)
{
    for (unsigned i = 0; i < plan->wanted->len; i++)
        if (estimand_equal(&g_array_index(plan->wanted, Estimand, i), estimand))
            return;
    g_array_append_val(plan->wanted, *estimand);
}

QuantityKind estimand_unit(const Estimand *estimand, const Plan *plan)
{
    QuantityKind unit = plan_metric_key(plan, estimand->metric)->unit;

    if (estimand->kind == ESTIMAND_FAILURES)
        return QUANTITY_FRACTION;
    /* A mean of whole numbers is none. */
    if (estimand->kind == ESTIMAND_COUNT || unit == QUANTITY_COUNT)
        return QUANTITY_NUMBER;
    return unit;
}

unsigned estimand_baseline(const Estimand *estimand, const Plan *plan,
                           unsigned point)
{
    unsigned baseline = 0;

    for (unsigned axis = 0; axis < plan->axes->len; axis++) {
        unsigned value = plan_value_index(plan, point, axis);

        for (unsigned i = 0; i < estimand->axes; i++)
            if (estimand->baseline[i].axis == axis)
                value = estimand->baseline[i].value;
        baseline = baseline * plan_axis(plan, axis)->count + value;
    }
    return baseline;
}

unsigned estimand_siblings(const Estimand *estimand, const Plan *plan)
{
    unsigned count = 1;

    for (unsigned i = 0; i < estimand->axes; i++)
        count *= plan_axis(plan, estimand->baseline[i].axis)->count;
    return count;
}

unsigned estimand_sibling(const Estimand *estimand, const Plan *plan,
                          unsigned point, unsigned number)
{
    Estimand moved = *estimand;

    for (unsigned i = 0; i < moved.axes; i++) {
        unsigned count = plan_axis(plan, moved.baseline[i].axis)->count;

        moved.baseline[i].value = number % count;
        number /= count;
    }
    return estimand_baseline(&moved, plan, point);
}
