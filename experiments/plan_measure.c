/* plan_measure.c - the groups [run] and [measure]. */
#include "plan_measure.h"

#include <string.h>

/* --- the keys ------------------------------------------------------------- */

static bool parse_warmup(const char *text, void *field, char **why)
{
    int64_t time;

    if (strcmp(text, "mser-5") == 0) {
        *(SimTime *)field = WARMUP_MSER5;
        return true;
    }
    if (!quantity_int(QUANTITY_TIME, text, &time, NULL) || time < 0) {
        *why = g_strdup_printf("\"%s\" is no warm-up; a time such as 10 s, or "
                               "mser-5, would be right",
                               text);
        return false;
    }
    *(SimTime *)field = time;
    return true;
}

static char *format_warmup(const void *field)
{
    SimTime warmup = *(const SimTime *)field;

    return warmup == WARMUP_MSER5 ? g_strdup("mser-5")
                                  : quantity_format_int(QUANTITY_TIME, warmup);
}

#define KEY(field) offsetof(RunConfig, field)
const ConfigKey run_keys[] = {
    {.key = "kind",
     .type = CONFIG_CHOICE,
     .offset = KEY(kind),
     .def = "terminating",
     .choices = "terminating|steady",
     .sentence =
         "terminating: a run has an end, and is what is repeated; steady: it "
         "could go on for ever, and what it settles to is asked: its warm-up "
         "is left out, and means have intervals from the batches of each run.",
     .source = "Law, Simulation Modeling and Analysis, 2015, ch. 9"},
    {.key = "warmup",
     .type = CONFIG_CUSTOM,
     .offset = KEY(warmup),
     .def = "0 s",
     .sentence =
         "How long the beginning of a steady run is not measured: a time, or "
         "mser-5: until every metric that is plotted, expected or waited for "
         "has settled. Such a run is made twice, the first time to find out; "
         "one that does not settle in its first half is marked.",
     .source = "mser-5: White 1997, Spratt 1998",
     .parse = parse_warmup,
     .format = format_warmup},
    {.key = "duration",
     .type = CONFIG_TIME,
     .offset = KEY(duration),
     .def = "end",
     .min = 1e-6,
     .max = 1e6,
     .choices = "end",
     .sentence = "Simulated time of a steady run, warm-up and all; it must be "
                 "given.",
     .source = ""},
    {.key = NULL},
};
#undef KEY

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

/* --- reading -------------------------------------------------------------- */

static bool read_group(const Plan *plan, const char *kind,
                       const ConfigKey *keys, void *struct_, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, kind, "");

    config_defaults(keys, 0, struct_);
    return group == NULL || config_apply(keys, group, struct_, error);
}

static bool check_run(const Plan *plan, GError **error)
{
    const RunConfig *run = &plan->run;
    const MeasureConfig *measure = &plan->measure;

    if (run->kind == RUN_TERMINATING && run->warmup != 0)
        return config_fail_at(
            config_find(plan->config, "run", ""), "warmup", error,
            "a terminating run has none; [measure] from, or kind = "
            "steady, would be right");
    if (run->kind == RUN_TERMINATING && run->duration != 0)
        return config_fail_at(
            config_find(plan->config, "run", ""), "duration", error,
            "a terminating run has its own; [measure] until, or "
            "kind = steady, would be right");
    if (run->kind == RUN_TERMINATING)
        return true;
    if (run->duration == 0)
        return config_fail_at(
            config_find(plan->config, "run", ""), "duration", error,
            "a steady run has no end of its own; a time would be "
            "right");
    if (run->warmup >= run->duration)
        return config_fail_at(
            config_find(plan->config, "run", ""), "warmup", error,
            "nothing is left of the duration; a shorter one would "
            "be right");
    if (measure->from != 0)
        return config_fail_at(
            config_find(plan->config, "measure", ""), "from", error,
            "a steady run is measured after its [run] warmup");
    if (measure->until != 0)
        return config_fail_at(
            config_find(plan->config, "measure", ""), "until", error,
            "a steady run is measured to the end of its [run] "
            "duration");
    return true;
}

bool plan_measure_read(Plan *plan, GError **error)
{
    MeasureConfig *measure = &plan->measure;
    char *why = NULL;
    bool good;

    if (!read_group(plan, "run", run_keys, &plan->run, error) ||
        !read_group(plan, "measure", measure_keys, measure, error) ||
        !check_run(plan, error))
        return false;
    if (measure->until != 0 && measure->until <= measure->from)
        return config_fail_at(config_find(plan->config, "measure", ""), "until",
                              error,
                              "not after from; a later time would be right");
    if (measure->sample == NULL)
        return true;
    plan->series = series_plan_new(measure->sample, &why);
    good = plan->series != NULL ||
           config_fail_at(config_find(plan->config, "measure", ""), "sample",
                          error, why);
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
    series = series_new(plan->series, network, plan->workloads, NULL, 0, &why);
    if (series != NULL) {
        g_ptr_array_unref(series_finish(series));
        return true;
    }
    config_fail_at(config_find(plan->config, "measure", ""), "sample", error,
                   why);
    g_free(why);
    return false;
}

void plan_measure_clear(Plan *plan)
{
    series_plan_free(plan->series);
    plan->series = NULL;
    config_clear_struct(measure_keys, &plan->measure);
}
