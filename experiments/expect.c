/* expect.c - reads expectations and holds summaries against them. */
#include "expect.h"

#include <math.h>
#include <string.h>

#include "plan_select.h"
#include "where.h"

/* 1: the estimand, 2: the relation, 3: value, 4: tolerance, 5: conditions. */
static const char grammar[] =
    "^((?:\\w[\\w.]*\\s*\\([^()]*(?:\\([^()]*\\)\\s*)?\\))|"
    "(?:difference\\s*\\(.*?\\)\\s*\\)\\s*to\\s.+?"
    "\\sis\\s.+?(?:,.+?\\sis\\s.+?)*?))"
    "\\s*(\\bis\\b|differs\\s+from|<|>)\\s*(.+?)"
    "(?:\\s*\\+-\\s*(.+?))?(?:\\s+where\\s+(.+))?$";

void expect_free(Expectation *expectation)
{
    g_free(expectation->name);
    g_free(expectation->text);
    g_free(expectation->tolerance_text);
    g_array_free(expectation->conditions, TRUE);
    g_free(expectation);
}

/* Of one line alone there is a theory of how long packets wait for it. */
static bool has_theory(const Plan *plan, MetricId id)
{
    const PlanMetric *selected = plan_metric_selected(plan, id);

    if (selected != NULL)
        return selected->key->metric == METRIC_QUEUE_DELAY;
    return id == METRIC_HANDSHAKE_LATENCY ||
           id == METRIC_TIME_WAIT_POPULATION || id == METRIC_QUEUE_DELAY ||
           id == METRIC_WORK_GOODPUT || id == METRIC_BIT_ERRORS;
}

static bool read_value(Expectation *expectation, const Plan *plan,
                       const char *text, char **why)
{
    const Estimand *estimand = &expectation->estimand;

    expectation->theory = strcmp(text, "theory") == 0;
    if (!expectation->theory)
        return quantity_real(expectation->unit, text, &expectation->value, why);
    if (estimand->kind == ESTIMAND_MEAN && estimand->axes == 0 &&
        has_theory(plan, estimand->metric))
        return true;
    *why = g_strdup("there is a theory of mean(tcp.handshake.latency), "
                    "mean(tcp.time_wait.population), mean(link.queue.delay), "
                    "mean(work.goodput) and mean(signal.bit_errors) only; a "
                    "value would be right");
    return false;
}

static bool read_tolerance(Expectation *expectation, const char *text,
                           char **why)
{
    double *tolerance = &expectation->tolerance;

    if (text == NULL || text[0] == '\0')
        return true;
    if (strcmp(text, "interval") == 0) {
        expectation->tolerance_kind = TOLERANCE_INTERVAL;
        return true;
    }
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
    return quantity_real(expectation->unit, text, tolerance, why);
}

/* --- reading -------------------------------------------------------------- */

static bool read_parts(Expectation *expectation, Plan *plan, char **parts,
                       char **why)
{
    expectation->relation = parts[2][0] == 'i'   ? '='
                            : parts[2][0] == 'd' ? '#'
                                                 : parts[2][0];
    expectation->tolerance_text = g_strdup(parts[4] != NULL ? parts[4] : "");
    if (!estimand_parse(&expectation->estimand, plan, parts[1], why))
        return false;
    expectation->unit = estimand_unit(&expectation->estimand, plan);
    return read_value(expectation, plan, parts[3], why) &&
           read_tolerance(expectation, parts[4], why) &&
           where_read(expectation->conditions, plan, parts[5], why);
}

static bool read_text(Expectation *expectation, Plan *plan, char **why)
{
    GRegex *regex = g_regex_new(grammar, 0, 0, NULL);
    GMatchInfo *match;
    bool good = g_regex_match(regex, expectation->text, 0, &match);

    if (good) {
        char *parts[6];

        for (int i = 0; i < 6; i++)
            parts[i] = g_match_info_fetch(match, i);
        good = read_parts(expectation, plan, parts, why);
        for (int i = 0; i < 6; i++)
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

Expectation *expect_new(Plan *plan, const ConfigEntry *entry, GError **error)
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
                        const Estimate *estimate, double wanted)
{
    switch (expectation->tolerance_kind) {
    case TOLERANCE_NONE:
    case TOLERANCE_INTERVAL:
        break;
    case TOLERANCE_SHARE:
        return fabs(wanted) * expectation->tolerance;
    case TOLERANCE_ABSOLUTE:
        return expectation->tolerance;
    case TOLERANCE_ERRORS:
        return expectation->tolerance * estimate->error + fabs(wanted) * 1e-9;
    }
    /* Equal up to the rounding of a mean. */
    return fabs(wanted) * 1e-9;
}

/* From where to where a value may be that ESTIMATE does not speak against. */
static void range_of(const Expectation *expectation, const Estimate *estimate,
                     double wanted, double *low, double *high)
{
    double slack = tolerance(expectation, estimate, wanted);

    if (expectation->tolerance_kind == TOLERANCE_INTERVAL ||
        expectation->relation == '#') {
        *low = estimate->low - slack;
        *high = estimate->high + slack;
    } else if (expectation->tolerance_kind == TOLERANCE_NONE &&
               expectation->relation != '=') {
        *low = *high = estimate->value;
    } else {
        *low = estimate->value - slack;
        *high = estimate->value + slack;
    }
}

/* False for what is NAN. */
static bool relation_holds(char relation, double low, double high,
                           double wanted)
{
    if (relation == '=')
        return low <= wanted && wanted <= high;
    if (relation == '#')
        return wanted < low || wanted > high;
    return relation == '<' ? low < wanted : high > wanted;
}

/* Whether what RELATION looks at of the range is there. */
static bool is_decided(char relation, double low, double high)
{
    if (relation == '#')
        return !isnan(low) && !isnan(high);
    return (relation == '>' || isfinite(low)) &&
           (relation == '<' || isfinite(high));
}

/* VALUE in at least four digits, as many as tell it from OTHER. */
static char *digits_apart(QuantityKind unit, double value, double other)
{
    char *theirs = quantity_format_real(unit, other), *text = NULL;

    for (int digits = 4; digits <= 17; digits++) {
        char number[G_ASCII_DTOSTR_BUF_SIZE], format[8];

        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(number, sizeof number, format, value);
        g_free(text);
        text = quantity_format_real(unit, g_ascii_strtod(number, NULL));
        if (value == other || strcmp(text, theirs) != 0)
            break;
    }
    g_free(theirs);
    return text;
}

/* "expected < 15 ms", "expected theory, 20.1 ms, +- 1 %". */
static void say_expected(const Expectation *expectation, double wanted,
                         GString *why)
{
    QuantityKind unit = expectation->unit;
    char *value = expectation->theory ? digits_apart(unit, wanted, NAN)
                                      : quantity_format_real(unit, wanted);
    const char *relation = expectation->relation == '<'   ? "< "
                           : expectation->relation == '>' ? "> "
                           : expectation->relation == '#' ? "other than "
                                                          : "";

    g_string_append_printf(why, ", expected %s%s%s", relation,
                           expectation->theory ? "theory, " : "", value);
    if (expectation->tolerance_text[0] != '\0')
        g_string_append_printf(why, "%s +- %s", expectation->theory ? "," : "",
                               expectation->tolerance_text);
    g_free(value);
}

static char *say_difference(const Expectation *expectation,
                            const Estimate *estimate, double wanted)
{
    QuantityKind unit = expectation->unit;
    char *got = digits_apart(unit, estimate->value, wanted);
    GString *why = g_string_new(NULL);

    g_string_append_printf(why, "it is %s", got);
    if (estimate->low < estimate->high) {
        char *low = digits_apart(unit, estimate->low, wanted);
        char *high = digits_apart(unit, estimate->high, wanted);

        g_string_append_printf(why, " (%s to %s)", low, high);
        g_free(low);
        g_free(high);
    }
    say_expected(expectation, wanted, why);
    g_free(got);
    return g_string_free(why, FALSE);
}

static char *say_undecided(const Expectation *expectation,
                           const Estimate *estimate)
{
    bool error = expectation->tolerance_kind == TOLERANCE_ERRORS;

    if (isnan(estimate->value))
        return g_strdup("undecided: there is nothing to estimate it from");
    return g_strdup_printf(
        "undecided: %s is not known from %u run%s",
        error ? "its standard error" : "an end of its interval",
        estimate->replications, estimate->replications == 1 ? "" : "s");
}

bool expect_holds(const Expectation *expectation, const Estimate *estimate,
                  double theory, char **why)
{
    double wanted = expectation->theory ? theory : expectation->value;
    char relation = expectation->relation;
    double low, high;
    bool holds;

    range_of(expectation, estimate, wanted, &low, &high);
    holds = relation_holds(relation, low, high, wanted);
    if (holds && is_decided(relation, low, high))
        return true;
    *why = holds || isnan(low) || isnan(high) || (isinf(low) && isinf(high))
               ? say_undecided(expectation, estimate)
               : say_difference(expectation, estimate, wanted);
    return false;
}
