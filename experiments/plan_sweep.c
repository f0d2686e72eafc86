/* plan_sweep.c - the points of a sweep: the product of its axes. */
#include "plan_sweep.h"

#include "plan_axis.h"

bool plan_sweep_read(Plan *plan, GError **error)
{
    if (!plan_axes_read(plan, error))
        return false;
    plan->points = 1;
    for (unsigned i = 0; i < plan->axes->len; i++) {
        const PlanAxis *axis = plan_axis(plan, i);

        if (axis->count > PLAN_POINTS_MAX / plan->points) {
            plan->points = 0;
            return config_fail(error, CONFIG_ERROR_VALUE, axis->origin, "sweep",
                               axis->target,
                               "the sweep has more than %d points; fewer "
                               "values would be right",
                               PLAN_POINTS_MAX);
        }
        plan->points *= axis->count;
    }
    return true;
}

unsigned plan_value_index(const Plan *plan, unsigned number, unsigned axis)
{
    for (unsigned i = plan->axes->len; --i > axis;)
        number /= plan_axis(plan, i)->count;
    return number % plan_axis(plan, axis)->count;
}

const char *plan_value(const Plan *plan, unsigned number, unsigned axis)
{
    return plan_axis(plan, axis)->values[plan_value_index(plan, number, axis)];
}

char *plan_point_text(const Plan *plan, unsigned number)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < plan->axes->len; i++)
        g_string_append_printf(text, "%s%s = %s", i > 0 ? ", " : "",
                               plan_axis(plan, i)->target,
                               plan_value(plan, number, i));
    return g_string_free(text, FALSE);
}

/* Sets in CONFIG what AXIS sets at its value VALUE. */
static void set_value(Config *config, const PlanAxis *axis, unsigned value)
{
    for (unsigned i = 0; i < axis->settings[value]->len; i++) {
        const PlanSetting *setting =
            g_ptr_array_index(axis->settings[value], i);

        config_set_value(config, setting->target.kind, setting->target.name,
                         setting->target.key, setting->value, setting->origin);
    }
}

Config *plan_sweep_config(const Plan *plan, unsigned number)
{
    Config *config = config_copy(plan->config);

    for (unsigned i = 0; plan->points > 0 && i < plan->axes->len; i++)
        set_value(config, plan_axis(plan, i),
                  plan_value_index(plan, number, i));
    return config;
}

Config *plan_sweep_config_at(const Plan *plan, unsigned number, unsigned axis,
                             const char *value)
{
    Config *config = plan_sweep_config(plan, number);
    const PlanSetting *setting =
        g_ptr_array_index(plan_axis(plan, axis)->settings[0], 0);

    config_set_value(config, setting->target.kind, setting->target.name,
                     setting->target.key, value, setting->origin);
    return config;
}
