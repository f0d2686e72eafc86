/* report_results.c - of the report: a table for each thing that the experiment
 * asks about, a row for each point. */
#include "report_internal.h"

#include <math.h>
#include <string.h>

#include "doubts.h"
#include "stop_rule.h"
#include "units.h"

static const struct {
    const char *method, *words;
} methods[] = {
    {"Student's t over replications",
     "Each replication gives one number, since samples within it are not "
     "independent; the interval is that of their mean, as if they were spread "
     "normally."},
    {"Student's t over batches of the runs",
     "Each long run is cut into batches so long that they are hardly alike; "
     "each gives one number, and the interval is that of their mean, as if "
     "they were spread normally."},
    {"paired t over replications",
     "Each replication is compared with the same replication of the baseline, "
     "which sees the same random numbers; the interval is that of the mean of "
     "these differences."},
    {"Wilson's score",
     "The shares for which what was counted would not be surprising."},
    {"Wilson's score, items by their design effect",
     "As Wilson's score, but items of the same replication are alike, so that "
     "they count for fewer than they are."},
    {"order statistics",
     "Each replication gives one sample; the interval is between two of them "
     "by rank, from the binomial distribution."},
    {"replications resampled",
     "Whole replications are drawn again with replacement, many times; the "
     "interval holds the middle of what comes out."},
    {"replications resampled in pairs",
     "Replications are drawn again together with those of the baseline; the "
     "interval holds the middle of the differences."},
    {"Newcombe's, of Wilson's scores",
     "The difference of two shares, from Wilson's interval of each."},
};

/* In which unit people read it. */
static double scale_of(const Estimand *estimand, const Plan *plan,
                       const char **unit)
{
    QuantityKind kind = estimand_unit(estimand, plan);

    *unit = kind == QUANTITY_FRACTION ? "%" : unit_name(kind);
    if (strcmp(*unit, "1") == 0)
        *unit = "";
    return kind == QUANTITY_FRACTION ? 0.01 : unit_scale(kind);
}

static void add_number(GString *page, double value)
{
    if (isnan(value))
        g_string_append(page, "<td class=\"n\">\342\200\223</td>"); /* a dash */
    else if (isinf(value))
        g_string_append(page, "<td class=\"n\">unbounded</td>");
    else
        g_string_append_printf(page, "<td class=\"n\">%.*g</td>",
                               MAX(4, (int)log10(MAX(fabs(value), 1)) + 1),
                               value);
}

static void add_head(GString *page, const Plan *plan, const char *unit)
{
    static const char *const counts[] = {"From", "To", "Replications", "n",
                                         "Failures"};

    g_string_append(page, "<thead><tr>");
    for (unsigned i = 0; i < plan->axes->len; i++) {
        g_string_append(page, "<th scope=\"col\">");
        report_text(page, plan_axis(plan, i)->target);
        g_string_append(page, "</th>");
    }
    g_string_append_printf(
        page, "<th scope=\"col\" class=\"n\">Estimate%s%s%s</th>",
        unit[0] != '\0' ? " (" : "", unit, unit[0] != '\0' ? ")" : "");
    for (unsigned i = 0; i < G_N_ELEMENTS(counts); i++)
        g_string_append_printf(page, "<th scope=\"col\" class=\"n\">%s</th>",
                               counts[i]);
    g_string_append(page, "<th scope=\"col\">Converged</th></tr></thead>\n");
}

static void add_row(GString *page, const Experiment *experiment, unsigned point,
                    const Estimate *estimate, double scale)
{
    const Plan *plan = experiment->plan;

    g_string_append_printf(page, "<tr%s>",
                           estimate->converged ? "" : " class=\"open\"");
    for (unsigned i = 0; i < plan->axes->len; i++) {
        g_string_append(page, "<th scope=\"row\">");
        report_text(page, plan_value(plan, point, i));
        g_string_append(page, "</th>");
    }
    add_number(page, estimate->value / scale);
    add_number(page, estimate->low / scale);
    add_number(page, estimate->high / scale);
    g_string_append_printf(
        page,
        "<td class=\"n\">%u</td><td "
        "class=\"n\">%" G_GUINT64_FORMAT "</td><td "
        "class=\"n\">%" G_GUINT64_FORMAT "</td><td>%s</td>"
        "</tr>\n",
        estimate->replications, estimate->n, estimate->failures,
        experiment->summaries[point].replications == 0
            ? "not run"
            : summary_convergence(plan, estimate->converged));
}

/* Takes note of METHOD in SEEN, an array of const char *. */
static void see(GPtrArray *seen, const char *method)
{
    for (unsigned i = 0; i < seen->len; i++)
        if (strcmp(seen->pdata[i], method) == 0)
            return;
    if (method[0] != '\0')
        g_ptr_array_add(seen, (gpointer)method);
}

/* What the table is of, and by which of METHODS the intervals are. */
static void add_caption(GString *page, const Plan *plan,
                        const Estimand *estimand, const GPtrArray *methods_here)
{
    char *text = estimand_text(estimand, plan);

    g_string_append(page, "<caption>");
    report_text(page, text);
    for (unsigned i = 0; i < methods_here->len; i++) {
        g_string_append(page, i == 0 ? "<br><small>intervals: " : "; ");
        report_text(page, methods_here->pdata[i]);
    }
    g_string_append(page, methods_here->len > 0 ? "</small></caption>\n"
                                                : "</caption>\n");
    g_free(text);
}

static void add_table(GString *page, const Experiment *experiment,
                      const Estimand *estimand, GPtrArray *seen)
{
    const Plan *plan = experiment->plan;
    GPtrArray *methods_here = g_ptr_array_new();
    GString *rows = g_string_new(NULL);
    const char *unit;
    double scale = scale_of(estimand, plan, &unit);

    for (unsigned p = 0; p < plan->points; p++) {
        Estimate estimate =
            estimate_of(plan, experiment->summaries, p, estimand);

        add_row(rows, experiment, p, &estimate, scale);
        see(methods_here, estimate.method);
        see(seen, estimate.method);
    }
    g_string_append(page, "<div class=\"wide\"><table class=\"results\">\n");
    add_caption(page, plan, estimand, methods_here);
    add_head(page, plan, unit);
    g_string_append_printf(page, "<tbody>\n%s</tbody></table></div>\n",
                           rows->str);
    g_string_free(rows, TRUE);
    g_ptr_array_free(methods_here, TRUE);
}

static void add_methods(GString *page, const Plan *plan, const GPtrArray *seen)
{
    g_string_append_printf(page,
                           "<h3>How sure that is</h3>\n<p>From and To are the "
                           "ends of intervals of %g %%: of a hundred such "
                           "experiments, about %g would have the true value "
                           "between theirs.</p>\n<dl>\n",
                           100 * plan->until->level, 100 * plan->until->level);
    for (unsigned i = 0; i < seen->len; i++) {
        report_element(page, "dt", seen->pdata[i]);
        for (unsigned m = 0; m < G_N_ELEMENTS(methods); m++)
            if (strcmp(methods[m].method, seen->pdata[i]) == 0)
                report_element(page, "dd", methods[m].words);
    }
    g_string_append(page, "</dl>\n");
}

/* What one should know before believing the numbers. */
static void add_doubts(GString *page, const Experiment *experiment)
{
    GString *doubts = g_string_new(NULL);
    char **lines;

    doubts_report(experiment->plan, experiment->summaries, doubts);
    lines = g_strsplit(doubts->str, "\n", -1);
    if (doubts->len > 0)
        g_string_append(page, "<h3>Doubts</h3>\n<ul id=\"doubts\">\n");
    for (unsigned i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
        report_element(page, "li", lines[i] + strlen("doubt "));
    if (doubts->len > 0)
        g_string_append(page, "</ul>\n");
    g_strfreev(lines);
    g_string_free(doubts, TRUE);
}

/* Why POINT, which has not converged, has not. */
static char *why_open(const Experiment *experiment, unsigned point)
{
    unsigned runs = experiment->summaries[point].replications;
    unsigned least = experiment->plan->replicate.min;

    if (runs == 0)
        return g_strdup("not run");
    if (runs < least)
        return g_strdup_printf(
            "%u of %s%u runs", runs,
            experiment->plan->until->count > 0 ? "at least " : "", least);
    if (experiment->plan->until->count == 0)
        return g_strdup("its runs have not settled");
    return g_strdup(experiment->whole
                        ? "an interval is wider than was asked for, or not "
                          "enough was seen of what is rare"
                        : "runs are missing, as many as its rule asks");
}

static void add_open_points(GString *page, const Experiment *experiment)
{
    const Plan *plan = experiment->plan;

    g_string_append(page, "<ul id=\"unconverged\">\n");
    for (unsigned p = 0; p < plan->points; p++) {
        char *where, *why, *text;

        if (experiment->summaries[p].converged)
            continue;
        where = plan_point_text(plan, p);
        why = why_open(experiment, p);
        text = g_strdup_printf("%s: %s", where[0] != '\0' ? where : "the point",
                               why);
        report_element(page, "li", text);
        g_free(text);
        g_free(why);
        g_free(where);
    }
    g_string_append(page, "</ul>\n");
}

static void add_unfinished(GString *page, const Experiment *experiment)
{
    char *missing, *text;

    if (experiment->whole)
        return;
    missing = doubts_unfinished(experiment->plan, experiment->summaries);
    text = g_strdup_printf("Unfinished: %s.", missing);
    report_element(page, "p", text);
    g_free(text);
    g_free(missing);
}

static void add_unconverged(GString *page, const Experiment *experiment)
{
    const Plan *plan = experiment->plan;
    unsigned open = 0;

    for (unsigned p = 0; p < plan->points; p++)
        open += !experiment->summaries[p].converged;
    if (open == 0 && plan->until->count == 0) {
        g_string_append_printf(
            page,
            "<h3>How often it was repeated</h3>\n<p>There is no stopping rule: "
            "every point has the fixed number of %u run%s, however wide its "
            "intervals are.</p>\n",
            plan->replicate.min, plan->replicate.min == 1 ? "" : "s");
        return;
    }
    g_string_append(page, "<h3>What has not converged</h3>\n");
    if (open > 0) {
        g_string_append_printf(page, "<p>%u of %u points.</p>\n", open,
                               plan->points);
        add_open_points(page, experiment);
    } else {
        g_string_append(page, "<p>Every point has converged: it was repeated "
                              "as often as its rule asks.</p>\n");
    }
}

void report_results(GString *page, const Experiment *experiment)
{
    const Plan *plan = experiment->plan;
    GPtrArray *seen = g_ptr_array_new();

    g_string_append(page, "<section>\n<h2>Results</h2>\n");
    add_unfinished(page, experiment);
    for (unsigned i = 0; i < plan->wanted->len; i++)
        add_table(page, experiment, &g_array_index(plan->wanted, Estimand, i),
                  seen);
    if (plan->wanted->len == 0)
        g_string_append(page, "<p>The experiment asks for no estimate; "
                              "summary.csv has all of them.</p>\n");
    add_methods(page, plan, seen);
    add_unconverged(page, experiment);
    add_doubts(page, experiment);
    g_string_append(page, "</section>\n");
    g_ptr_array_free(seen, TRUE);
}
