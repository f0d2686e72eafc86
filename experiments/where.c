/* where.c - see where.h. */
#include "where.h"

#include <string.h>

#include "sim/range.h"

GArray *where_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(WhereCondition));
}

static bool find_value(const PlanAxis *axis, const char *text, unsigned *value,
                       char **why)
{
    char **canonical = range_expand(axis->key, text, why);

    if (canonical == NULL)
        return false;
    for (*value = 0; *value < axis->count; ++*value)
        if (strcmp(axis->values[*value], canonical[0]) == 0)
            break;
    g_strfreev(canonical);
    if (*value < axis->count)
        return true;
    *why =
        g_strdup_printf("\"%s\" is not among the values of %s in the [sweep]",
                        text, axis->target);
    return false;
}

static bool read_condition(GArray *conditions, const Plan *plan,
                           const char *text, char **why)
{
    const char *is = strstr(text, " is ");
    WhereCondition condition;
    char *target;
    int axis;

    if (is == NULL) {
        *why = g_strdup_printf("\"%s\" is no condition; KEY is VALUE would be "
                               "right",
                               text);
        return false;
    }
    target = g_strstrip(g_strndup(text, (gsize)(is - text)));
    axis = plan_find_axis(plan, target);
    if (axis < 0)
        *why = plan_no_axis(plan, target);
    g_free(target);
    if (axis < 0)
        return false;
    condition.axis = (unsigned)axis;
    if (plan_axis(plan, condition.axis)->values == NULL)
        return true; /* the axis is wrong, which has been said */
    if (!find_value(plan_axis(plan, condition.axis), is + strlen(" is "),
                    &condition.value, why))
        return false;
    for (unsigned i = 0; i < conditions->len; i++)
        if (g_array_index(conditions, WhereCondition, i).axis ==
            condition.axis) {
            *why =
                g_strdup_printf("\"%s\": %s has one value at a point; one "
                                "condition for each axis would be right",
                                text, plan_axis(plan, condition.axis)->target);
            return false;
        }
    g_array_append_val(conditions, condition);
    return true;
}

bool where_read(GArray *conditions, const Plan *plan, const char *text,
                char **why)
{
    char **parts;
    bool good = true;

    if (text == NULL || text[0] == '\0')
        return true;
    parts = g_strsplit(text, ",", -1);
    for (unsigned i = 0; good && parts[i] != NULL; i++)
        good = read_condition(conditions, plan, g_strstrip(parts[i]), why);
    g_strfreev(parts);
    return good;
}

bool where_applies(const GArray *conditions, const Plan *plan, unsigned point)
{
    for (unsigned i = 0; i < conditions->len; i++) {
        const WhereCondition *condition =
            &g_array_index(conditions, WhereCondition, i);

        if (plan_value_index(plan, point, condition->axis) != condition->value)
            return false;
    }
    return true;
}
