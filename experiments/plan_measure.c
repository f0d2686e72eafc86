/* plan_measure.c - the group [measure]. */
#include "plan_measure.h"

#define KEY(field) offsetof(MeasureConfig, field)
const ConfigKey measure_keys[] = {
    {.key = "from",
     .type = CONFIG_TIME,
     .offset = KEY(from),
     .def = "0 s",
     .min = 0,
     .max = 1e6,
     .sentence = "What happens before this time is not measured.",
     .source = ""},
    {.key = "until",
     .type = CONFIG_TIME,
     .offset = KEY(until),
     .def = "end",
     .min = 1e-9,
     .max = 1e6,
     .choices = "end",
     .sentence = "The run stops here; end: when nothing is left to happen.",
     .source = ""},
    {.key = "sample",
     .type = CONFIG_TEXT,
     .offset = KEY(sample),
     .def = "",
     .sentence =
         "Time series to keep: gauges, with what they are of, and metrics, and "
         "how often: link.queue.packets(home -> isp), tcp.cwnd(web:80), drops "
         "every 100 ms; firstbyte describe metrics lists both.",
     .source = ""},
    {.key = NULL},
};
#undef KEY

/* Says what is wrong with KEY; always false. */
static bool fail_at(const Plan *plan, const char *key, GError **error,
                    const char *message)
{
    const ConfigGroup *group = config_find(plan->config, "measure", "");

    return config_fail(error, CONFIG_ERROR_VALUE,
                       config_entry(group, key)->origin, "measure", key, "%s",
                       message);
}

bool plan_measure_read(Plan *plan, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, "measure", "");
    MeasureConfig *measure = &plan->measure;
    char *why = NULL;
    bool good;

    config_defaults(measure_keys, 0, measure);
    if (group != NULL && !config_apply(measure_keys, group, measure, error))
        return false;
    if (measure->until != 0 && measure->until <= measure->from)
        return fail_at(plan, "until", error,
                       "not after from; a later time would be right");
    if (measure->sample == NULL)
        return true;
    plan->series = series_plan_new(measure->sample, &why);
    good = plan->series != NULL || fail_at(plan, "sample", error, why);
    g_free(why);
    return good;
}

bool plan_measure_check(const Plan *plan, const Network *network,
                        GError **error)
{
    Series *series;
    char *why = NULL;

    if (plan->series == NULL)
        return true;
    series = series_new(plan->series, network, NULL, &why);
    if (series != NULL) {
        g_ptr_array_unref(series_finish(series));
        return true;
    }
    fail_at(plan, "sample", error, why);
    g_free(why);
    return false;
}

void plan_measure_clear(Plan *plan)
{
    series_plan_free(plan->series);
    plan->series = NULL;
    config_clear_struct(measure_keys, &plan->measure);
}
