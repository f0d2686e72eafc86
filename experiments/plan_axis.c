/* plan_axis.c - reads the axes of a sweep: which keys a line means, and the
 * values that it gives them. */
#include "plan_axis.h"

#include <string.h>

#include "sim/range.h"

static const char with[] = "with "; /* begins a line that moves with another */

/* Of the names that `case = NAME1, NAME2` lists. */
static const ConfigKey case_key = {
    .key = "case",
    .type = CONFIG_TEXT,
    .def = NULL,
    .sentence = "Names of [case NAME] groups, one for each value of the axis.",
    .source = "",
};

/* --- settings ------------------------------------------------------------- */

static void setting_free(gpointer data)
{
    PlanSetting *setting = data;

    config_target_clear(&setting->target);
    g_free(setting->value);
    g_free(setting);
}

void plan_axis_free(gpointer data)
{
    PlanAxis *axis = data;

    for (unsigned i = 0; axis->settings != NULL && i < axis->count; i++)
        g_ptr_array_unref(axis->settings[i]);
    g_free(axis->settings);
    g_strfreev(axis->values);
    g_free(axis->target);
    g_free(axis);
}

static void add_setting(PlanAxis *axis, unsigned value,
                        const PlanSetting *setting, const char *text)
{
    PlanSetting *added = g_new(PlanSetting, 1);

    *added = *setting;
    added->target.kind = g_strdup(setting->target.kind);
    added->target.name = g_strdup(setting->target.name);
    added->target.key = g_strdup(setting->target.key);
    added->value = g_strdup(text);
    g_ptr_array_add(axis->settings[value], added);
}

static bool same_target(const ConfigTarget *a, const ConfigTarget *b)
{
    return strcmp(a->kind, b->kind) == 0 && strcmp(a->name, b->name) == 0 &&
           strcmp(a->key, b->key) == 0;
}

static const PlanSetting *find_setting(const GPtrArray *settings,
                                       const ConfigTarget *target)
{
    for (unsigned i = 0; i < settings->len; i++) {
        const PlanSetting *setting = g_ptr_array_index(settings, i);

        if (same_target(&setting->target, target))
            return setting;
    }
    return NULL;
}

/* Where a value of an axis sets TARGET, or NULL. */
static const PlanSetting *find_rival(const Plan *plan,
                                     const ConfigTarget *target)
{
    for (unsigned i = 0; i < plan->axes->len; i++) {
        const PlanAxis *axis = plan_axis(plan, i);

        for (unsigned j = 0; axis->settings != NULL && j < axis->count; j++) {
            const PlanSetting *rival = find_setting(axis->settings[j], target);

            if (rival != NULL)
                return rival;
        }
    }
    return NULL;
}

/* --- which key a line means ----------------------------------------------- */

/* The table that may declare the keys of [KIND ...]; NULL: none. */
static const ConfigKey *sweepable_keys(const char *kind)
{
    if (strcmp(kind, "workload") == 0)
        return workload_keys;
    return topology_keys(kind);
}

static bool fail_entry(const char *group, const ConfigEntry *entry, int code,
                       GError **error, char *message /* taken */)
{
    config_fail(error, code, entry->origin, group, entry->key, "%s", message);
    g_free(message);
    return false;
}

static bool fail_key(const char *group, const ConfigEntry *entry,
                     const ConfigKey *keys, const ConfigTarget *target,
                     GError **error)
{
    GPtrArray *words = g_ptr_array_new();
    const char *near;

    for (; keys->key != NULL; keys++)
        g_ptr_array_add(words, (gpointer)keys->key);
    g_ptr_array_add(words, NULL);
    near = config_did_you_mean(target->key, (const char *const *)words->pdata);
    g_ptr_array_unref(words);
    return fail_entry(
        group, entry, CONFIG_ERROR_NAME, error,
        near != NULL
            ? g_strdup_printf("there is no such key of [%s]; did you mean "
                              "\"%s\"?",
                              target->kind, near)
            : g_strdup_printf("there is no such key of [%s]; firstbyte "
                              "describe keys lists them",
                              target->kind));
}

/* Reads TEXT, which ENTRY of GROUP names, into SETTING's target and key; no
 * axis has it yet. */
static bool read_target(const Plan *plan, PlanSetting *setting,
                        const char *group, const ConfigEntry *entry,
                        const char *text, GError **error)
{
    const ConfigKey *keys;
    const PlanSetting *rival;

    setting->origin = entry->origin;
    if (!config_target_read(&setting->target, text))
        return fail_entry(group, entry, CONFIG_ERROR_NAME, error,
                          g_strdup("it is not a group, a dot and a key; such "
                                   "as tcp.profile or link a -- b.loss"));
    keys = sweepable_keys(setting->target.kind);
    if (keys == NULL)
        return fail_entry(
            group, entry, CONFIG_ERROR_NAME, error,
            g_strdup_printf("nothing called [%s] can be swept; a key of the "
                            "topology or of a workload can",
                            setting->target.kind));
    setting->key = config_key(keys, setting->target.key);
    if (setting->key == NULL)
        return fail_key(group, entry, keys, &setting->target, error);
    rival = find_rival(plan, &setting->target);
    if (rival != NULL)
        return fail_entry(
            group, entry, CONFIG_ERROR_NAME, error,
            g_strdup_printf("line %d sweeps this key already; keep one of "
                            "them",
                            rival->origin.line));
    return true;
}

/* --- KEY = VALUES, and with KEY = VALUES ---------------------------------- */

typedef char **RangeReader(const ConfigKey *key, const char *text, char **why);

static char **read_values(RangeReader *reader, const ConfigKey *key,
                          const ConfigEntry *entry, GError **error)
{
    char *why = NULL;
    char **values = entry->wrong ? NULL : reader(key, entry->value, &why);

    if (values == NULL && why != NULL)
        fail_entry("sweep", entry, CONFIG_ERROR_VALUE, error, why);
    return values;
}

static void axis_begin(PlanAxis *axis, char **values /* taken */)
{
    axis->values = values;
    axis->count = g_strv_length(values);
    axis->settings = g_new(GPtrArray *, axis->count);
    for (unsigned i = 0; i < axis->count; i++)
        axis->settings[i] = g_ptr_array_new_with_free_func(setting_free);
}

static bool read_key_axis(const Plan *plan, PlanAxis *axis,
                          const ConfigEntry *entry, GError **error)
{
    PlanSetting setting = {0};
    char **values = NULL;

    if (read_target(plan, &setting, "sweep", entry, entry->key, error)) {
        axis->key = setting.key;
        values = read_values(range_expand, setting.key, entry, error);
    }
    if (values != NULL) {
        axis_begin(axis, values);
        for (unsigned i = 0; i < axis->count; i++)
            add_setting(axis, i, &setting, values[i]);
    }
    config_target_clear(&setting.target);
    return values != NULL;
}

/* SETTING has VALUES, one at each of AXIS's. */
static bool add_track(PlanAxis *axis, const ConfigEntry *entry,
                      const PlanSetting *setting, char **values, GError **error)
{
    unsigned count = g_strv_length(values);

    if (axis->values == NULL) /* the axis is wrong itself, and said so */
        return false;
    if (count != axis->count)
        return fail_entry(
            "sweep", entry, CONFIG_ERROR_VALUE, error,
            g_strdup_printf("%u value%s beside the %u of %s at line %d; write "
                            "one for each",
                            count, count == 1 ? "" : "s", axis->count,
                            axis->target, axis->origin.line));
    for (unsigned i = 0; i < count; i++)
        add_setting(axis, i, setting, values[i]);
    return true;
}

static bool read_with(const Plan *plan, const ConfigEntry *entry,
                      GError **error)
{
    PlanSetting setting = {0};
    char **values = NULL;
    bool good;

    if (plan->axes->len == 0)
        return fail_entry("sweep", entry, CONFIG_ERROR_NAME, error,
                          g_strdup("it moves with the line above, but there "
                                   "is none; write GROUP.KEY = VALUES first"));
    if (read_target(plan, &setting, "sweep", entry, entry->key + strlen(with),
                    error))
        values = read_values(range_repeat, setting.key, entry, error);
    good = values != NULL && add_track(plan_axis(plan, plan->axes->len - 1),
                                       entry, &setting, values, error);
    g_strfreev(values);
    config_target_clear(&setting.target);
    return good;
}

/* --- case = NAMES --------------------------------------------------------- */

/* Reads a line of [case NAME] into the settings of VALUE of AXIS. */
static bool read_case_line(const Plan *plan, PlanAxis *axis, unsigned value,
                           const ConfigEntry *entry, GError **error)
{
    char *group = g_strconcat("case ", axis->values[value], NULL);
    PlanSetting setting = {0};
    char *text = NULL, *why = NULL;

    if (read_target(plan, &setting, group, entry, entry->key, error) &&
        !entry->wrong) {
        text = range_value(setting.key, entry->value, &why);
        if (text == NULL)
            fail_entry(group, entry, CONFIG_ERROR_VALUE, error, why);
    }
    if (text != NULL)
        add_setting(axis, value, &setting, text);
    config_target_clear(&setting.target);
    g_free(text);
    g_free(group);
    return text != NULL;
}

static bool fail_case(const Plan *plan, const ConfigEntry *entry,
                      const char *name, GError **error)
{
    GPtrArray *names = g_ptr_array_new();
    const char *near;
    char *message;

    for (unsigned i = 0; i < plan->config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(plan->config->groups, i);

        if (strcmp(group->kind, "case") == 0)
            g_ptr_array_add(names, group->name);
    }
    g_ptr_array_add(names, NULL);
    near = config_did_you_mean(name, (const char *const *)names->pdata);
    message = near != NULL
                  ? g_strdup_printf("there is no [case %s]; did you mean "
                                    "\"%s\"?",
                                    name, near)
                  : g_strdup_printf("there is no [case %s]; add it, with lines "
                                    "GROUP.KEY = VALUE",
                                    name);
    g_ptr_array_unref(names);
    return fail_entry("sweep", entry, CONFIG_ERROR_NAME, error, message);
}

static bool read_case_axis(const Plan *plan, PlanAxis *axis,
                           const ConfigEntry *entry, GError **error)
{
    char **names = read_values(range_expand, &case_key, entry, error);
    bool good = names != NULL;

    axis->key = &case_key;
    if (good)
        axis_begin(axis, names);
    for (unsigned i = 0; i < axis->count; i++) {
        const ConfigGroup *group = config_find(plan->config, "case", names[i]);

        if (group == NULL)
            good = fail_case(plan, entry, names[i], error);
        for (unsigned j = 0; group != NULL && j < group->entries->len; j++)
            good &= read_case_line(plan, axis, i,
                                   g_ptr_array_index(group->entries, j), error);
    }
    return good;
}

/* --- the group ------------------------------------------------------------ */

static bool read_axis(Plan *plan, const ConfigEntry *entry, GError **error)
{
    PlanAxis *axis = g_new0(PlanAxis, 1);
    bool good;

    axis->target = g_strdup(entry->key);
    axis->origin = entry->origin;
    good = strcmp(entry->key, case_key.key) == 0
               ? read_case_axis(plan, axis, entry, error)
               : read_key_axis(plan, axis, entry, error);
    g_ptr_array_add(plan->axes, axis);
    return good;
}

bool plan_axes_read(Plan *plan, GError **error)
{
    const ConfigGroup *group = config_find(plan->config, "sweep", "");
    bool good = true;

    for (unsigned i = 0; group != NULL && i < group->entries->len; i++) {
        const ConfigEntry *entry = g_ptr_array_index(group->entries, i);

        good &= g_str_has_prefix(entry->key, with)
                    ? read_with(plan, entry, error)
                    : read_axis(plan, entry, error);
    }
    return good;
}

int plan_find_axis(const Plan *plan, const char *text)
{
    ConfigTarget target;
    int found = -1;

    for (unsigned i = 0; i < plan->axes->len; i++)
        if (strcmp(plan_axis(plan, i)->target, text) == 0)
            return (int)i;
    if (!config_target_read(&target, text))
        return -1;
    for (unsigned i = 0; i < plan->axes->len && found < 0; i++) {
        ConfigTarget axis;

        if (config_target_read(&axis, plan_axis(plan, i)->target) &&
            same_target(&axis, &target))
            found = (int)i;
        config_target_clear(&axis);
    }
    config_target_clear(&target);
    return found;
}

/* The axis that sets what TEXT names along with its own key; or NULL. */
static const PlanAxis *moves_with(const Plan *plan, const char *text)
{
    const PlanAxis *found = NULL;
    ConfigTarget target;

    if (!config_target_read(&target, text))
        return NULL;
    for (unsigned i = 0; i < plan->axes->len && found == NULL; i++) {
        const PlanAxis *axis = plan_axis(plan, i);

        for (unsigned j = 0; axis->settings != NULL && j < axis->count; j++)
            if (find_setting(axis->settings[j], &target) != NULL)
                found = axis;
    }
    config_target_clear(&target);
    return found;
}

char *plan_no_axis(const Plan *plan, const char *text)
{
    const char **targets = g_new0(const char *, plan->axes->len + 1), *near;
    const PlanAxis *leader = moves_with(plan, text);
    char *message;

    for (unsigned i = 0; i < plan->axes->len; i++)
        targets[i] = plan_axis(plan, i)->target;
    near = config_did_you_mean(text, targets);
    if (leader != NULL)
        message = g_strdup_printf("\"%s\" moves with another axis of the "
                                  "[sweep]; %s would be right",
                                  text, leader->target);
    else if (near != NULL)
        message = g_strdup_printf(
            "\"%s\" is no axis of the [sweep]; did you mean \"%s\"?", text,
            near);
    else
        message = g_strdup_printf("\"%s\" is no axis of the [sweep]; one of "
                                  "its keys would be right",
                                  text);
    g_free(targets);
    return message;
}

bool plan_axis_is_plain(const PlanAxis *axis)
{
    return axis->key != &case_key && axis->settings[0]->len == 1;
}
