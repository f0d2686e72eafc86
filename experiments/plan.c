/* plan.c - reads an experiment: its groups, and the topology they stand on. */
#include "plan.h"

#include <string.h>

#include "expect.h"
#include "plan_files.h"
#include "plan_measure.h"
#include "plan_plot.h"
#include "plan_point.h"
#include "plan_select.h"
#include "plan_axis.h"
#include "plan_include.h"
#include "plan_sweep.h"
#include "steady.h"
#include "stop_rule.h"
#include "plan_workload.h"

const char *const plan_group_kinds[] = {
    "experiment", "workload", "sweep", "case",   "replicate",
    "measure",    "run",      "plot",  "expect", NULL};

/* Those of them that there may be several of. */
static const char *const named_kinds[] = {"workload", "case", "plot", NULL};

/* Fills STRUCT_ from the group KIND, which need not be there. */
static bool read_group(const Config *config, const char *kind,
                       const ConfigKey *keys, void *struct_, GError **error)
{
    const ConfigGroup *group = config_find(config, kind, "");

    config_defaults(keys, 0, struct_);
    return group == NULL || config_apply(keys, group, struct_, error);
}

/* --- experiment and topology ---------------------------------------------- */

/* [workload NAME], but [sweep]. */
static bool check_names(const Config *config, GError **error)
{
    bool good = true;

    for (unsigned i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);
        bool named = g_strv_contains(named_kinds, group->kind);

        if (!g_strv_contains(plan_group_kinds, group->kind) ||
            named == (group->name[0] != '\0'))
            continue;
        good = config_fail(error, CONFIG_ERROR_NAME, group->origin, group->kind,
                           NULL,
                           named ? "it has no name; [%s NAME] would be right"
                                 : "there is only one; [%s] without a name "
                                   "would be right",
                           group->kind);
    }
    return good;
}

/* Reads the topology file that ENTRY names into PLAN->config. */
static bool read_topology(Plan *plan, const ConfigEntry *entry, GError **error)
{
    GError *why = NULL;
    char *path;
    GBytes *bytes =
        topology_find_file(entry->value, entry->origin.file, &path, &why);
    const char *text;
    gsize len;
    bool good;

    if (bytes == NULL) {
        plan->topology_missing = true;
        config_fail(error, CONFIG_ERROR_FILE, entry->origin, "experiment",
                    "topology", "%s", why->message);
        g_error_free(why);
        return false;
    }
    text = g_bytes_get_data(bytes, &len);
    good = config_read_text(plan->config, text != NULL ? text : "", len, path,
                            error);
    g_bytes_unref(bytes);
    g_free(path);
    return good;
}

/* PLAN->config: the topology file under CONFIG's own groups. */
static bool lay_over_topology(Plan *plan, const Config *config, GError **error)
{
    const ConfigGroup *group = config_find(config, "experiment", "");
    const ConfigEntry *entry =
        group != NULL ? config_entry(group, "topology") : NULL;
    bool good = true;

    if (entry != NULL && *entry->value != '\0' && !entry->wrong)
        good = read_topology(plan, entry, error);
    config_merge(plan->config, config);
    return good;
}

static bool check_order(const Plan *plan, GError **error)
{
    const Config *config = plan->config;
    bool good = true;

    if (plan->replicate.max < plan->replicate.min)
        good =
            config_fail_at(config_find(config, "replicate", ""), "max", error,
                           "less than min; at least as many would be right");
    return good;
}

static bool read_settings(Plan *plan, GError **error)
{
    const Config *config = plan->config;
    bool good = read_group(config, "experiment", experiment_keys,
                           &plan->experiment, error);

    good &= read_group(config, "replicate", replicate_keys, &plan->replicate,
                       error);
    good &= plan_measure_read(plan, error);
    return good && check_order(plan, error);
}

/* --- expectations -------------------------------------------------------- */

/* The axes are known. */
static bool read_stop_rule(Plan *plan, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, "replicate", "");
    char *why = NULL;

    plan->until = stop_rule_new(plan, plan->replicate.until, &why);
    if (plan->until == NULL)
        config_fail_at(group, "until", error, why);
    g_free(why);
    plan_metrics_named_by(plan, METRICS, group, "until");
    for (unsigned i = 0; plan->until != NULL && i < plan->until->count; i++)
        estimand_want(plan, &plan->until->clauses[i].estimand);
    return plan->until != NULL;
}

static bool read_expectations(Plan *plan, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, "expect", "");
    bool good = true;

    for (unsigned i = 0; group != NULL && i < group->entries->len; i++) {
        const ConfigEntry *entry = g_ptr_array_index(group->entries, i);
        unsigned since = plan_metrics(plan);
        Expectation *expectation =
            entry->wrong ? NULL : expect_new(plan, entry, error);

        plan_metrics_named_by(plan, since, group, entry->key);
        good &= expectation != NULL;
        if (expectation == NULL)
            continue;
        g_ptr_array_add(plan->expectations, expectation);
        estimand_want(plan, &expectation->estimand);
    }
    return good;
}

/* --- a plan --------------------------------------------------------------- */

/* A case that no line names is probably a mistake, but runs. */
static void find_doubts(Plan *plan)
{
    int axis = plan_find_axis(plan, "case");

    for (unsigned i = 0; i < plan->config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(plan->config->groups, i);

        if (strcmp(group->kind, "case") == 0 &&
            (axis < 0 || !g_strv_contains(
                             (const char *const *)plan_axis(plan, axis)->values,
                             group->name)))
            g_ptr_array_add(
                plan->doubts,
                g_strdup_printf("%s:%d: [case %s]: no line of [sweep] names "
                                "it; case = %s would run it",
                                group->origin.file, group->origin.line,
                                group->name, group->name));
    }
}

static bool read_all(Plan *plan, char **sets, GError **error)
{
    Config *config = config_new();
    bool good = plan_include_read(config, plan->file, sets, error);

    if (config->files->len > 0) { /* it could be opened */
        good &= lay_over_topology(plan, config, error);
        good &= check_names(plan->config, error);
        good &= read_settings(plan, error);
        good &= plan_workloads_find(plan, error);
        good &= plan_sweep_read(plan, error);
        if (!plan->topology_missing)
            plan->topology =
                topology_new(plan->config, plan_group_kinds, error);
        good &= read_stop_rule(plan, error);
        good &= plan_plots_read(plan, error);
        good &= read_expectations(plan, error);
        good &= plan->topology != NULL && plan_points_check(plan, error);
    }
    config_free(config);
    good = good && plan_files_check(plan, error);
    if (good && plan->run.kind == RUN_STEADY)
        good = steady_check(plan, error);
    if (good)
        find_doubts(plan);
    return good;
}

/* The file that was named first, then the others as they were read. */
static void sort_mistakes(const Plan *plan, GError *error)
{
    GPtrArray *files = g_ptr_array_new();

    g_ptr_array_add(files, plan->file);
    for (unsigned i = 0; i < plan->config->files->len; i++)
        g_ptr_array_add(files, g_ptr_array_index(plan->config->files, i));
    config_mistakes_sort(error, files);
    g_ptr_array_unref(files);
}

Plan *plan_read(const char *file, char **sets, GError **error)
{
    Plan *plan = g_new0(Plan, 1);

    plan->file = g_strdup(file);
    plan->config = config_new();
    plan->doubts = g_ptr_array_new_with_free_func(g_free);
    plan->workloads = g_ptr_array_new_with_free_func(g_free);
    plan->traces = g_ptr_array_new_with_free_func(plan_trace_free);
    plan->selected = g_ptr_array_new_with_free_func(plan_metric_free);
    plan->axes = g_ptr_array_new_with_free_func(plan_axis_free);
    plan->wanted = g_array_new(FALSE, FALSE, sizeof(Estimand));
    plan->plots = g_ptr_array_new_with_free_func(plan_plot_free);
    plan->expectations =
        g_ptr_array_new_with_free_func((GDestroyNotify)expect_free);
    if (read_all(plan, sets, error))
        return plan;
    if (error != NULL)
        sort_mistakes(plan, *error);
    plan_free(plan);
    return NULL;
}

bool plan_is_experiment(const Config *config)
{
    for (unsigned i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);

        if (g_strv_contains(plan_group_kinds, group->kind))
            return true;
    }
    return false;
}

void plan_free(Plan *plan)
{
    if (plan == NULL)
        return;
    if (plan->topology != NULL)
        topology_free(plan->topology);
    g_ptr_array_free(plan->expectations, TRUE);
    g_ptr_array_free(plan->plots, TRUE);
    g_ptr_array_free(plan->selected, TRUE);
    g_ptr_array_free(plan->axes, TRUE);
    g_ptr_array_free(plan->workloads, TRUE);
    g_ptr_array_free(plan->traces, TRUE);
    plan_measure_clear(plan);
    stop_rule_free(plan->until);
    g_array_free(plan->wanted, TRUE);
    config_clear_struct(replicate_keys, &plan->replicate);
    config_clear_struct(experiment_keys, &plan->experiment);
    config_free(plan->config);
    g_ptr_array_free(plan->doubts, TRUE);
    g_free(plan->file);
    g_free(plan);
}
