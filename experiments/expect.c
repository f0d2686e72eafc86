/* expect.c - reads expectations and holds summaries against them. */
#include "expect.h"

#include <math.h>
#include <string.h>

#include "where.h"

static const char grammar[] =
    "^(\\w+)\\s*\\(\\s*([^()\\s]+)\\s*\\)\\s*(is|<|>)\\s*(.+?)"
    "(?:\\s*\\+-\\s*(.+?))?(?:\\s+where\\s+(.+))?$";

void expect_free(Expectation *expectation)
{
    g_free(expectation->name);
    g_free(expectation->text);
    g_array_free(expectation->conditions, TRUE);
    g_free(expectation);
}

/* What a value of EXPECTATION is measured in. */
static QuantityKind value_kind(const Expectation *expectation)
{
    if (expectation->statistic == STATISTIC_FAILURES)
        return QUANTITY_FRACTION;
    if (metric_keys[expectation->metric].unit == QUANTITY_COUNT)
        return QUANTITY_NUMBER; /* a mean of whole numbers is none */
    return metric_keys[expectation->metric].unit;
}

static bool read_value(Expectation *expectation, const char *text, char **why)
{
    expectation->theory = strcmp(text, "theory") == 0;
    if (!expectation->theory)
        return quantity_real(value_kind(expectation), text, &expectation->value,
                             why);
    if (expectation->statistic == STATISTIC_MEAN &&
        (expectation->metric == METRIC_HANDSHAKE_LATENCY ||
         expectation->metric == METRIC_TIME_WAIT_POPULATION ||
         expectation->metric == METRIC_WORK_GOODPUT))
        return true;
    *why = g_strdup("there is a theory of mean(tcp.handshake.latency), "
                    "mean(tcp.time_wait.population) and mean(work.goodput) "
                    "only; a value would be right");
    return false;
}

static bool read_tolerance(Expectation *expectation, const char *text,
                           char **why)
{
    double *tolerance = &expectation->tolerance;

    if (text == NULL || text[0] == '\0')
        return true;
    if (g_str_has_suffix(text, " se")) {
        char *number = g_strndup(text, strlen(text) - strlen(" se"));
        bool good = quantity_real(QUANTITY_NUMBER, number, tolerance, why);

        expectation->tolerance_kind = TOLERANCE_ERRORS;
        g_free(number);
        return good;
    }
    if (g_str_has_suffix(text, "%")) {
        expectation->tolerance_kind = TOLERANCE_SHARE;
        return quantity_real(QUANTITY_FRACTION, text, tolerance, why);
    }
    expectation->tolerance_kind = TOLERANCE_ABSOLUTE;
    return quantity_real(value_kind(expectation), text, tolerance, why);
}

/* --- reading -------------------------------------------------------------- */

static bool read_estimate(Expectation *expectation, const char *statistic,
                          const char *metric, char **why)
{
    for (unsigned i = 0; i <= STATISTICS; i++) {
        expectation->statistic = (Statistic)i;
        if (i < STATISTICS && strcmp(statistic_names[i], statistic) == 0)
            break;
    }
    expectation->metric = metric_id(metric);
    if (expectation->statistic == STATISTICS)
        *why =
            g_strdup_printf("\"%s\" is no statistic; one of: mean, p50, p90, "
                            "p99, min, max, failures",
                            statistic);
    else if (expectation->metric == METRICS)
        *why = g_strdup_printf("there is no metric \"%s\"; firstbyte describe "
                               "metrics lists them",
                               metric);
    return *why == NULL;
}

static bool read_parts(Expectation *expectation, const Plan *plan, char **parts,
                       char **why)
{
    expectation->relation = parts[3][0] == 'i' ? '=' : parts[3][0];
    return read_estimate(expectation, parts[1], parts[2], why) &&
           read_value(expectation, parts[4], why) &&
           read_tolerance(expectation, parts[5], why) &&
           where_read(expectation->conditions, plan, parts[6], why);
}

static bool read_text(Expectation *expectation, const Plan *plan, char **why)
{
    GRegex *regex = g_regex_new(grammar, 0, 0, NULL);
    GMatchInfo *match;
    bool good = g_regex_match(regex, expectation->text, 0, &match);

    if (good) {
        char *parts[7];

        for (int i = 0; i < 7; i++)
            parts[i] = g_match_info_fetch(match, i);
        good = read_parts(expectation, plan, parts, why);
        for (int i = 0; i < 7; i++)
            g_free(parts[i]);
    } else {
        *why =
            g_strdup_printf("\"%s\" is no expectation; write STATISTIC(METRIC)"
                            " is VALUE +- TOLERANCE where KEY is VALUE",
                            expectation->text);
    }
    g_match_info_free(match);
    g_regex_unref(regex);
    return good;
}

Expectation *expect_new(const Plan *plan, const ConfigEntry *entry,
                        GError **error)
{
    Expectation *expectation = g_new0(Expectation, 1);
    char *why = NULL;

    expectation->name = g_strdup(entry->key);
    expectation->text = g_strdup(entry->value);
    expectation->origin = entry->origin;
    expectation->conditions = where_new();
    if (read_text(expectation, plan, &why))
        return expectation;
    config_fail(error, CONFIG_ERROR_VALUE, entry->origin, "expect", entry->key,
                "%s", why);
    g_free(why);
    expect_free(expectation);
    return NULL;
}

/* --- holding -------------------------------------------------------------- */

bool expect_applies(const Expectation *expectation, const Plan *plan,
                    unsigned point)
{
    return where_applies(expectation->conditions, plan, point);
}

static double tolerance(const Expectation *expectation,
                        const MetricSummary *summary, double wanted)
{
    switch (expectation->tolerance_kind) {
    case TOLERANCE_NONE:
        break;
    case TOLERANCE_SHARE:
        return fabs(wanted) * expectation->tolerance;
    case TOLERANCE_ABSOLUTE:
        return expectation->tolerance;
    case TOLERANCE_ERRORS:
        return expectation->tolerance * summary_standard_error(summary) +
               fabs(wanted) * 1e-9;
    }
    /* Equal up to the rounding of a mean. */
    return fabs(wanted) * 1e-9;
}

bool expect_holds(const Expectation *expectation, const PointSummary *summary,
                  double theory, char **why)
{
    const MetricSummary *metric = &summary->metrics[expectation->metric];
    double wanted = expectation->theory ? theory : expectation->value;
    double got = summary_value(metric, expectation->statistic);
    double slack = tolerance(expectation, metric, wanted);
    bool holds;
    char *got_text, *wanted_text;

    if (expectation->relation == '=')
        holds = fabs(got - wanted) <= slack;
    else if (expectation->relation == '<')
        holds = got < wanted + (expectation->tolerance_kind ? slack : 0);
    else
        holds = got > wanted - (expectation->tolerance_kind ? slack : 0);
    if (holds) /* false for NAN as well */
        return true;
    got_text = quantity_format_real(value_kind(expectation), got);
    wanted_text = quantity_format_real(value_kind(expectation), wanted);
    *why = g_strdup_printf("it is %s, expected %s", got_text, wanted_text);
    g_free(got_text);
    g_free(wanted_text);
    return false;
}
