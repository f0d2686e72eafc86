/* stop_rule.c - reads and writes [replicate] until. */
#include "stop_rule.h"

#include <string.h>

#include "units.h"

static bool has_interval(const Estimand *estimand, char **why)
{
    if (estimand->kind != ESTIMAND_MIN && estimand->kind != ESTIMAND_MAX)
        return true;
    *why = g_strdup("an extreme has no interval; a quantile such as p1 or p99 "
                    "would be right");
    return false;
}

static bool parse_width(StopClause *clause, const Plan *plan, const char *text,
                        char **why)
{
    clause->relative = strchr(text, '%') != NULL;
    if (!quantity_real(clause->relative
                           ? QUANTITY_FRACTION
                           : estimand_unit(&clause->estimand, plan),
                       text, &clause->width, why))
        return false;
    if (clause->width > 0)
        return true;
    *why = g_strdup("the half-width must be above 0; such as < 5 %");
    return false;
}

/* LEVEL of one clause; RULE's is 0 while none has said it. */
static bool parse_level(StopRule *rule, const char *text, char **why)
{
    double level;

    if (text == NULL || text[0] == '\0')
        return true;
    if (!quantity_real(QUANTITY_FRACTION, text, &level, why))
        return false;
    if (!(level > 0 && level < 1)) {
        *why = g_strdup("the level between 0 % and 100 %, neither included, "
                        "would be right; such as at 95 %");
        return false;
    }
    if (rule->level != 0 && rule->level != level) {
        *why = g_strdup("two levels; one for all intervals would be right");
        return false;
    }
    rule->level = level;
    return true;
}

static bool no_rule(const char *text, char **why)
{
    *why = g_strdup_printf("\"%s\" is no stopping rule; write none, or "
                           "halfwidth(mean(METRIC)) < 5 %% at 95 %%",
                           text);
    return false;
}

/* TEXT: "halfwidth(ESTIMAND) < WIDTH [at LEVEL]". */
static bool parse_clause(StopRule *rule, Plan *plan, const char *text,
                         char **why)
{
    static const char grammar[] =
        "^halfwidth\\s*\\(\\s*(.+?)\\s*\\)\\s*<\\s*(.+?)(?:\\s+at\\s+(.+))?$";
    StopClause *clause = &rule->clauses[rule->count];
    GRegex *regex = g_regex_new(grammar, 0, 0, NULL);
    GMatchInfo *match;
    bool good = g_regex_match(regex, text, 0, &match) || no_rule(text, why);

    if (good) {
        char *estimand = g_match_info_fetch(match, 1);
        char *width = g_match_info_fetch(match, 2);
        char *level = g_match_info_fetch(match, 3);

        good = estimand_parse(&clause->estimand, plan, estimand, why) &&
               has_interval(&clause->estimand, why) &&
               parse_width(clause, plan, width, why) &&
               parse_level(rule, level, why);
        g_free(estimand);
        g_free(width);
        g_free(level);
        rule->count++;
    }
    g_match_info_free(match);
    g_regex_unref(regex);
    return good;
}

StopRule *stop_rule_new(Plan *plan, const char *text, char **why)
{
    StopRule *rule = g_new0(StopRule, 1);
    char **parts;
    bool good = true;

    if (strcmp(text, "none") == 0) {
        rule->level = STOP_RULE_LEVEL;
        return rule;
    }
    parts = g_regex_split_simple("\\s+and\\s+(?=halfwidth)", text, 0, 0);
    rule->clauses = g_new0(StopClause, g_strv_length(parts));
    for (unsigned i = 0; good && parts[i] != NULL; i++)
        good = parse_clause(rule, plan, parts[i], why);
    if (good && rule->level == 0)
        good = no_rule(text, why);
    g_strfreev(parts);
    if (good)
        return rule;
    stop_rule_free(rule);
    return NULL;
}

void stop_rule_free(StopRule *rule)
{
    if (rule == NULL)
        return;
    g_free(rule->clauses);
    g_free(rule);
}

/* A share in percent would be relative. */
static char *width_text(const StopClause *clause, QuantityKind unit)
{
    double share = unit_scale(QUANTITY_SHARE) * 100;

    if (!clause->relative && unit == QUANTITY_SHARE)
        return quantity_format_real(QUANTITY_NUMBER, clause->width / share);
    return quantity_format_real(
        !clause->relative && unit == QUANTITY_FRACTION ? QUANTITY_NUMBER : unit,
        clause->width);
}

char *stop_rule_text(const StopRule *rule, const Plan *plan)
{
    GString *text = g_string_new(rule->count == 0 ? "none" : NULL);
    char *level = quantity_format_real(QUANTITY_FRACTION, rule->level);

    for (unsigned i = 0; i < rule->count; i++) {
        const StopClause *clause = &rule->clauses[i];
        char *estimand = estimand_text(&clause->estimand, plan);
        QuantityKind unit = clause->relative
                                ? QUANTITY_FRACTION
                                : estimand_unit(&clause->estimand, plan);
        char *width = width_text(clause, unit);

        g_string_append_printf(text, "%shalfwidth(%s) < %s",
                               i > 0 ? " and " : "", estimand, width);
        g_free(estimand);
        g_free(width);
    }
    if (rule->count > 0)
        g_string_append_printf(text, " at %s", level);
    g_free(level);
    return g_string_free(text, FALSE);
}
