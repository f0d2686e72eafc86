/* plan_effective.c - an experiment written out with every key. */
#include "plan.h"

#include <string.h>

static const ConfigOrigin by_default = {"default", 0};

/* Adds to CONFIG's [KIND NAME] the keys that it does not have, as in STRUCT_.
 */
static void fill_group(Config *config, const char *kind, const char *name,
                       const ConfigKey *keys, const void *struct_)
{
    const ConfigGroup *group = config_find(config, kind, name);

    for (const ConfigKey *key = keys; key->key != NULL; key++) {
        char *value;

        if (group != NULL && config_entry(group, key->key) != NULL)
            continue;
        value = config_format(key, struct_);
        config_set_value(config, kind, name, key->key, value, by_default);
        g_free(value);
        group = config_find(config, kind, name);
    }
}

/* Whether a value of an axis sets KEY of a group KIND; NAME NULL: of any. */
static bool is_swept(const Plan *plan, const char *kind, const char *name,
                     const char *key)
{
    for (unsigned i = 0; i < plan->axes->len; i++) {
        const PlanAxis *axis = plan_axis(plan, i);

        for (unsigned j = 0; j < axis->count; j++)
            for (unsigned k = 0; k < axis->settings[j]->len; k++) {
                const PlanSetting *setting =
                    g_ptr_array_index(axis->settings[j], k);

                if (strcmp(setting->target.kind, kind) == 0 &&
                    strcmp(setting->target.key, key) == 0 &&
                    (name == NULL || strcmp(setting->target.name, name) == 0))
                    return true;
            }
    }
    return false;
}

/* A key that a named group like [tcp web] does not have is inherited, and has
 * to stay so: only nodes, links and groups for all nodes are filled in. */
static bool is_filled(const Plan *plan, const ConfigGroup *group)
{
    if (strcmp(group->kind, "node") == 0)
        return true;
    if (strcmp(group->kind, "link") == 0)
        return strstr(group->name, " -- ") != NULL;
    if (strcmp(group->kind, "tcp") == 0 &&
        is_swept(plan, "tcp", NULL, "profile"))
        return false;
    return group->name[0] == '\0';
}

static void fill_from(Config *config, const ConfigGroup *effective)
{
    const ConfigGroup *group =
        config_find(config, effective->kind, effective->name);

    for (unsigned i = 0; i < effective->entries->len; i++) {
        const ConfigEntry *entry = g_ptr_array_index(effective->entries, i);

        if (group == NULL || config_entry(group, entry->key) == NULL)
            config_set_value(config, effective->kind, effective->name,
                             entry->key, entry->value, by_default);
    }
}

static void fill_topology(const Plan *plan, Config *config)
{
    Config *effective = config_new();

    topology_effective(plan->topology, effective);
    for (unsigned i = 0; i < effective->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(effective->groups, i);

        if (is_filled(plan, group))
            fill_from(config, group);
    }
    config_free(effective);
}

/* A key that some cases set and others do not has its default there: what it
 * is at the first point must not stand in the file. */
static void fill_swept(const Plan *plan, Config *config, const char *name)
{
    const ConfigGroup *group = config_find(config, "workload", name);

    for (const ConfigKey *key = workload_keys; key->key != NULL; key++)
        if (key->def != NULL && config_entry(group, key->key) == NULL &&
            is_swept(plan, "workload", name, key->key))
            config_set_value(config, "workload", name, key->key, key->def,
                             by_default);
}

/* CONFIG's workloads with all keys. */
static void fill_workloads(const Plan *plan, const PlanPoint *point,
                           Config *config)
{
    for (unsigned i = 0; i < point->workload_count; i++) {
        const PlanWorkload *workload = &point->workloads[i];

        fill_swept(plan, config, workload->name);
        fill_group(config, "workload", workload->name, workload_keys,
                   &workload->config);
    }
}

Config *plan_effective(const Plan *plan)
{
    Config *config = config_copy(plan->config);
    PlanPoint *point = plan_point_new(plan, 0, NULL);

    g_assert(point != NULL); /* checked when the plan was read */
    /* All of it stands here itself: what is set to nothing is not read. */
    config_set_value(config, "experiment", "", "topology", "", by_default);
    config_set_value(config, "experiment", "", "include", "", by_default);
    fill_group(config, "experiment", "", experiment_keys, &plan->experiment);
    fill_group(config, "replicate", "", replicate_keys, &plan->replicate);
    fill_group(config, "run", "", run_keys, &plan->run);
    fill_group(config, "measure", "", measure_keys, &plan->measure);
    for (unsigned i = 0; i < plan->plots->len; i++) {
        const PlanPlot *plot = g_ptr_array_index(plan->plots, i);

        fill_group(config, "plot", plot->name, plot_keys, &plot->config);
    }
    fill_workloads(plan, point, config);
    fill_topology(plan, config);
    plan_point_free(point);
    return config;
}

Config *plan_point_effective(const Plan *plan, const PlanPoint *point)
{
    Config *config = config_new();

    topology_effective(point->topology, config);
    for (unsigned i = 0; i < point->workload_count; i++)
        fill_group(config, "workload", point->workloads[i].name, workload_keys,
                   &point->workloads[i].config);
    return config;
}
