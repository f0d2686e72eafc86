/* plan.c - reads an experiment: its groups, and the topology they stand on. */
#include "plan.h"

#include <string.h>

#include "expect.h"
#include "plan_measure.h"
#include "plan_plot.h"
#include "plan_axis.h"
#include "plan_sweep.h"
#include "steady.h"
#include "stop_rule.h"
#include "plan_workload.h"

/* Group kinds that are an experiment's, not the topology's. */
static const char *const own_kinds[] = {
    "experiment", "workload", "sweep", "case",   "replicate",
    "run",        "measure",  "plot",  "expect", NULL};

/* Fills STRUCT_ from the group KIND, which need not be there. */
static bool read_group(const Config *config, const char *kind,
                       const ConfigKey *keys, void *struct_, GError **error)
{
    const ConfigGroup *group = config_find(config, kind, "");

    config_defaults(keys, 0, struct_);
    return group == NULL || config_apply(keys, group, struct_, error);
}

/* Says what is wrong with KEY of GROUP; always false. */
static bool fail_at(const ConfigGroup *group, const char *key, GError **error,
                    const char *message)
{
    const ConfigEntry *entry = config_entry(group, key);
    char *text = config_group_text(group);

    config_fail(error, CONFIG_ERROR_VALUE,
                entry != NULL ? entry->origin : group->origin, text, key, "%s",
                message);
    g_free(text);
    return false;
}

/* --- experiment and topology ---------------------------------------------- */

/* PLAN->config: the topology file under CONFIG's own groups. */
static bool lay_over_topology(Plan *plan, const Config *config, GError **error)
{
    ExperimentConfig experiment;
    bool good;

    if (!read_group(config, "experiment", experiment_keys, &experiment, error))
        return false;
    plan->config = config_new();
    good = experiment.topology == NULL ||
           topology_read_config(plan->config, experiment.topology, plan->file,
                                error);
    config_clear_struct(experiment_keys, &experiment);
    if (good)
        config_merge(plan->config, config);
    return good;
}

static bool read_settings(Plan *plan, GError **error)
{
    const Config *config = plan->config;

    if (!read_group(config, "experiment", experiment_keys, &plan->experiment,
                    error) ||
        !read_group(config, "replicate", replicate_keys, &plan->replicate,
                    error) ||
        !plan_measure_read(plan, error))
        return false;
    if (plan->replicate.max < plan->replicate.min)
        return fail_at(config_find(config, "replicate", ""), "max", error,
                       "less than min; at least as many would be right");
    return true;
}

/* --- expectations -------------------------------------------------------- */

/* The axes are known. */
static bool read_stop_rule(Plan *plan, GError **error)
{
    char *why = NULL;

    plan->until = stop_rule_new(plan, plan->replicate.until, &why);
    if (plan->until == NULL)
        fail_at(config_find(plan->config, "replicate", ""), "until", error,
                why);
    g_free(why);
    for (unsigned i = 0; plan->until != NULL && i < plan->until->count; i++)
        estimand_want(plan, &plan->until->clauses[i].estimand);
    return plan->until != NULL;
}

static bool read_expectations(Plan *plan, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, "expect", "");

    for (unsigned i = 0; group != NULL && i < group->entries->len; i++) {
        Expectation *expectation =
            expect_new(plan, g_ptr_array_index(group->entries, i), error);

        if (expectation == NULL)
            return false;
        g_ptr_array_add(plan->expectations, expectation);
        estimand_want(plan, &expectation->estimand);
    }
    return true;
}

/* --- points --------------------------------------------------------------- */

static bool check_point(const Plan *plan, const PlanPoint *point,
                        GError **error)
{
    Network *network;
    bool good;
    Sim sim;

    sim_init(&sim, 0, 0);
    network = network_build(&sim, point->topology);
    good = plan_workloads_check(plan, point, network, error) &&
           plan_measure_check(plan, network, error);
    network_free(network);
    sim_clear(&sim);
    return good;
}

static bool check_points(const Plan *plan, GError **error)
{
    for (unsigned i = 0; i < plan->points; i++) {
        PlanPoint *point = plan_point_new(plan, i, error);
        bool good = point != NULL && check_point(plan, point, error);

        plan_point_free(point);
        if (!good)
            return false;
    }
    return true;
}

/* Takes CONFIG. */
static PlanPoint *point_from(const Plan *plan, unsigned number, Config *config,
                             GError **error)
{
    PlanPoint *point = g_new0(PlanPoint, 1);
    bool good;

    point->number = number;
    point->config = config;
    point->workload_count = plan->workloads->len;
    point->workloads = g_new0(PlanWorkload, point->workload_count);
    point->topology = topology_new(config, own_kinds, error);
    good = point->topology != NULL;
    for (unsigned i = 0; good && i < point->workload_count; i++) {
        point->workloads[i].name = g_ptr_array_index(plan->workloads, i);
        good = plan_workload_read(plan, point, &point->workloads[i], error);
    }
    if (good)
        return point;
    plan_point_free(point);
    return NULL;
}

PlanPoint *plan_point_new(const Plan *plan, unsigned number, GError **error)
{
    return point_from(plan, number, plan_sweep_config(plan, number), error);
}

PlanPoint *plan_point_new_at(const Plan *plan, unsigned number, unsigned axis,
                             const char *value, GError **error)
{
    if (!plan_axis_is_plain(plan_axis(plan, axis))) {
        config_fail(error, CONFIG_ERROR_VALUE, plan_axis(plan, axis)->origin,
                    "sweep", plan_axis(plan, axis)->target,
                    "\"%s\" does not say what the other keys of this axis "
                    "are; one of its values would be right",
                    value);
        return NULL;
    }
    return point_from(plan, number,
                      plan_sweep_config_at(plan, number, axis, value), error);
}

void plan_point_free(PlanPoint *point)
{
    if (point == NULL)
        return;
    for (unsigned i = 0; i < point->workload_count; i++)
        config_clear_struct(workload_keys, &point->workloads[i].config);
    g_free(point->workloads);
    if (point->topology != NULL)
        topology_free(point->topology);
    config_free(point->config);
    g_free(point);
}

/* --- a plan --------------------------------------------------------------- */

static bool apply_sets(Config *config, char **sets, GError **error)
{
    for (int i = 0; sets != NULL && sets[i] != NULL; i++)
        if (!config_set(config, sets[i], (ConfigOrigin){"--set", i + 1}, error))
            return false;
    return true;
}

static bool read_all(Plan *plan, char **sets, GError **error)
{
    Config *config = config_new();
    bool good =
        config_read(config, plan->file, error) &&
        lay_over_topology(plan, config, error) &&
        apply_sets(plan->config, sets, error) && read_settings(plan, error) &&
        plan_workloads_find(plan, error) && plan_sweep_read(plan, error);

    config_free(config);
    if (!good)
        return false;
    plan->topology = topology_new(plan->config, own_kinds, error);
    return plan->topology != NULL && check_points(plan, error) &&
           read_stop_rule(plan, error) && plan_plots_read(plan, error) &&
           read_expectations(plan, error) &&
           (plan->run.kind != RUN_STEADY || steady_check(plan, error));
}

Plan *plan_read(const char *file, char **sets, GError **error)
{
    Plan *plan = g_new0(Plan, 1);

    plan->file = g_strdup(file);
    plan->workloads = g_ptr_array_new_with_free_func(g_free);
    plan->traces = g_ptr_array_new_with_free_func(plan_trace_free);
    plan->axes = g_ptr_array_new_with_free_func(plan_axis_free);
    plan->wanted = g_array_new(FALSE, FALSE, sizeof(Estimand));
    plan->plots = g_ptr_array_new_with_free_func(plan_plot_free);
    plan->expectations =
        g_ptr_array_new_with_free_func((GDestroyNotify)expect_free);
    if (read_all(plan, sets, error))
        return plan;
    plan_free(plan);
    return NULL;
}

void plan_free(Plan *plan)
{
    if (plan == NULL)
        return;
    if (plan->topology != NULL)
        topology_free(plan->topology);
    g_ptr_array_free(plan->expectations, TRUE);
    g_ptr_array_free(plan->plots, TRUE);
    g_ptr_array_free(plan->axes, TRUE);
    g_ptr_array_free(plan->workloads, TRUE);
    g_ptr_array_free(plan->traces, TRUE);
    plan_measure_clear(plan);
    config_clear_struct(experiment_keys, &plan->experiment);
    config_clear_struct(replicate_keys, &plan->replicate);
    stop_rule_free(plan->until);
    g_array_free(plan->wanted, TRUE);
    if (plan->config != NULL)
        config_free(plan->config);
    g_free(plan->file);
    g_free(plan);
}
