/* report_expect.c - of the report: what was expected, and what came of it. */
#include "report_internal.h"

#include <string.h>

void report_hypothesis(GString *page, const Plan *plan)
{
    if (plan->experiment.hypothesis == NULL)
        return;
    g_string_append(page, "<p class=\"hypothesis\"><strong>What was expected:"
                          "</strong> ");
    report_text(page, plan->experiment.hypothesis);
    g_string_append(page, "</p>\n");
}

/* A row: the name, what it says, and in VERDICT's lines what came out. */
static void add_row(GString *page, const Expectation *expectation,
                    const char *verdict, bool holds)
{
    char *prefix = g_strdup_printf("expect %s: ", expectation->name);
    char **lines = g_strsplit(verdict, "\n", -1);

    g_string_append_printf(page, "<tr%s><th scope=\"row\">",
                           holds ? "" : " class=\"open\"");
    report_text(page, expectation->name);
    g_string_append(page, "</th>");
    report_element(page, "td", expectation->text);
    g_string_append(page, "<td>");
    for (unsigned i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_string_append(page, i > 0 ? "<br>" : "");
        report_text(page, g_str_has_prefix(lines[i], prefix)
                              ? lines[i] + strlen(prefix)
                              : lines[i]);
    }
    g_string_append(page, "</td></tr>\n");
    g_strfreev(lines);
    g_free(prefix);
}

void report_expectations(GString *page, const Experiment *experiment)
{
    const GPtrArray *all = experiment->plan->expectations;
    GString *rows = g_string_new(NULL), *verdict = g_string_new(NULL);
    unsigned held = 0;

    for (unsigned i = 0; i < all->len; i++) {
        const Expectation *expectation = g_ptr_array_index(all, i);
        bool holds;

        g_string_truncate(verdict, 0);
        holds = experiment_expectation(experiment, expectation, verdict);
        add_row(rows, expectation, verdict->str, holds);
        held += holds;
    }
    if (all->len > 0) {
        g_string_append(page, "<section>\n<h2>Whether it came out as expected"
                              "</h2>\n");
        report_hypothesis(page, experiment->plan);
        g_string_append_printf(page, "<p>%s%u of %u checks hold%s.</p>\n",
                               held < all->len ? "<strong>" : "", held,
                               all->len, held < all->len ? "</strong>" : "");
        g_string_append(page,
                        "<div class=\"wide\"><table id=\"expectations\">\n"
                        "<caption>What the experiment says will come out"
                        "</caption>\n<thead><tr><th scope=\"col\">Name</th>"
                        "<th scope=\"col\">Expected</th><th scope=\"col\">"
                        "Outcome</th></tr></thead>\n<tbody>\n");
        g_string_append(page, rows->str);
        g_string_append(page, "</tbody></table></div>\n</section>\n");
    }
    g_string_free(rows, TRUE);
    g_string_free(verdict, TRUE);
}
