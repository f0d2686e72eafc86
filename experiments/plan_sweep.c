/* plan_sweep.c - axes: which key each line of [sweep] means, its values, and
 * what a point of their product is. */
#include "plan_sweep.h"

#include <string.h>

#include "sim/range.h"

/* A target as config_set() takes it apart. */
typedef struct Target {
    char *kind, *name, *key;
} Target;

static void target_clear(Target *target)
{
    g_free(target->kind);
    g_free(target->name);
    g_free(target->key);
}

/* Sets TEXT in a copy of CONFIG and looks where it went: there is one rule for
 * what "a.b -- c.d" means, and it is config_set()'s. */
static bool target_read(const Config *config, const char *text,
                        ConfigOrigin origin, Target *target, GError **error)
{
    static const char probe[] = "[sweep]";
    Config *copy = config_copy(config);
    char *assignment = g_strconcat(text, " = 0", NULL);
    bool set =
        config_set(copy, assignment, (ConfigOrigin){probe, origin.line}, error);

    *target = (Target){0};
    for (unsigned i = 0; set && i < copy->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(copy->groups, i);

        for (unsigned j = 0; j < group->entries->len; j++) {
            const ConfigEntry *entry = g_ptr_array_index(group->entries, j);

            if (entry->origin.file != probe)
                continue;
            *target = (Target){g_strdup(group->kind), g_strdup(group->name),
                               g_strdup(entry->key)};
        }
    }
    config_free(copy);
    g_free(assignment);
    return set;
}

/* The table that may declare the keys of [KIND ...]; NULL: none. */
static const ConfigKey *sweepable_keys(const char *kind)
{
    if (strcmp(kind, "workload") == 0)
        return workload_keys;
    return topology_keys(kind);
}

static bool find_key(const ConfigEntry *entry, PlanAxis *axis, GError **error)
{
    const ConfigKey *keys = sweepable_keys(axis->kind);

    axis->key = keys != NULL ? config_key(keys, axis->key_name) : NULL;
    if (axis->key != NULL)
        return true;
    return config_fail(error, CONFIG_ERROR_NAME, entry->origin, "sweep",
                       entry->key,
                       keys == NULL ? "nothing called [%s] can be swept; a key "
                                      "of the topology or of a workload can"
                                    : "there is no such key of [%s]; firstbyte "
                                      "describe keys lists them",
                       axis->kind);
}

void plan_axis_free(gpointer data)
{
    PlanAxis *axis = data;

    g_strfreev(axis->values);
    g_free(axis->target);
    g_free(axis->kind);
    g_free(axis->name);
    g_free(axis->key_name);
    g_free(axis);
}

static bool read_values(const ConfigEntry *entry, PlanAxis *axis,
                        GError **error)
{
    char *why = NULL;

    axis->values = range_expand(axis->key, entry->value, &why);
    if (axis->values == NULL) {
        config_fail(error, CONFIG_ERROR_VALUE, entry->origin, "sweep",
                    entry->key, "%s", why);
        g_free(why);
        return false;
    }
    axis->count = g_strv_length(axis->values);
    return true;
}

static bool read_axis(Plan *plan, const ConfigEntry *entry, GError **error)
{
    PlanAxis *axis = g_new0(PlanAxis, 1);
    GError *why = NULL;
    Target target;

    g_ptr_array_add(plan->axes, axis);
    axis->target = g_strdup(entry->key);
    axis->origin = entry->origin;
    if (!target_read(plan->config, entry->key, entry->origin, &target, &why)) {
        g_clear_error(&why);
        return config_fail(error, CONFIG_ERROR_NAME, entry->origin, "sweep",
                           entry->key,
                           "it is not a group, a dot and a key; such as "
                           "tcp.profile or link a -- b.loss");
    }
    axis->kind = target.kind;
    axis->name = target.name;
    axis->key_name = target.key;
    return find_key(entry, axis, error) && read_values(entry, axis, error);
}

bool plan_sweep_read(Plan *plan, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, "sweep", "");

    plan->points = 1;
    for (unsigned i = 0; group != NULL && i < group->entries->len; i++) {
        const ConfigEntry *entry = g_ptr_array_index(group->entries, i);

        if (!read_axis(plan, entry, error))
            return false;
        if (plan_axis(plan, i)->count > PLAN_POINTS_MAX / plan->points)
            return config_fail(
                error, CONFIG_ERROR_VALUE, entry->origin, "sweep", entry->key,
                "the sweep has more than %d points; fewer values "
                "would be right",
                PLAN_POINTS_MAX);
        plan->points *= plan_axis(plan, i)->count;
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

int plan_find_axis(const Plan *plan, const char *text)
{
    Target target;
    int found = -1;

    if (!target_read(plan->config, text, (ConfigOrigin){NULL, 0}, &target,
                     NULL))
        return -1;
    for (unsigned i = 0; i < plan->axes->len && found < 0; i++) {
        const PlanAxis *axis = plan_axis(plan, i);

        if (strcmp(axis->kind, target.kind) == 0 &&
            strcmp(axis->name, target.name) == 0 &&
            strcmp(axis->key_name, target.key) == 0)
            found = (int)i;
    }
    target_clear(&target);
    return found;
}

Config *plan_sweep_config(const Plan *plan, unsigned number, int replaced,
                          const char *value)
{
    Config *config = config_copy(plan->config);

    for (unsigned i = 0; i < plan->axes->len; i++) {
        const PlanAxis *axis = plan_axis(plan, i);

        config_set_value(config, axis->kind, axis->name, axis->key_name,
                         (int)i == replaced ? value
                                            : plan_value(plan, number, i),
                         axis->origin);
    }
    return config;
}
