/* doubts.c - see doubts.h. */
#include "doubts.h"

static void add(const Plan *plan, unsigned point, GString *report,
                const char *doubt)
{
    char *where = plan_point_text(plan, point);

    g_string_append_printf(report, "doubt%s%s: %s\n",
                           where[0] != '\0' ? " at " : "", where, doubt);
    g_free(where);
}

void doubts_report(const Plan *plan, const PointSummary *summaries,
                   GString *report)
{
    for (unsigned i = 0; i < plan->points; i++) {
        const PointSummary *point = &summaries[i];
        char *text;

        if (point->lossy && point->replications > 0 && point->rare == 0)
            add(plan, i, report,
                "no rare event seen: packets may be lost, and none was");
        if (!point->random || point->same == 0)
            continue;
        text = g_strdup_printf(
            "%u of %u runs are the same as an earlier one although random "
            "numbers were drawn: what they decide was seldom seen",
            point->same, point->replications);
        add(plan, i, report, text);
        g_free(text);
    }
}
