/* report_setup.c - of the report: lines, workloads, sweep, and every key that
 * is not as it is by default. */
#include "report_internal.h"

#include <string.h>

#include "sim/range.h"
#include "stop_rule.h"

char *report_canonical(const ConfigKey *key, const char *value)
{
    char *why = NULL, **values = range_expand(key, value, &why);
    char *text = g_strdup(values != NULL ? values[0] : value);

    g_free(why);
    g_strfreev(values);
    return text;
}

bool report_is_default(const ConfigKey *key, const char *value)
{
    char *is = report_canonical(key, value);
    bool same = false;

    if (key->def != NULL) {
        char *def = report_canonical(key, key->def);

        same = strcmp(is, def) == 0;
        g_free(def);
    }
    for (unsigned i = 0; !same && i < G_N_ELEMENTS(key->alternatives) &&
                         key->alternatives[i] != NULL;
         i++) {
        char *def = report_canonical(key, key->alternatives[i]);

        same = strcmp(is, def) == 0;
        g_free(def);
    }
    g_free(is);
    return same;
}

static void add_row(GString *page, const char *group, const char *key,
                    const char *value)
{
    g_string_append(page, "<tr><th scope=\"row\">");
    report_text(page, group);
    g_string_append(page, "</th>");
    report_element(page, "td", key);
    report_element(page, "td", value);
    g_string_append(page, "</tr>\n");
}

/* How KEY of GROUP is set: by the sweep, whatever stands in the file, or by
 * VALUE.  The caller g_free()s. */
static char *setting_of(const Plan *plan, const ConfigGroup *group,
                        const ConfigKey *key, const char *value)
{
    char *swept = report_swept(plan, group->kind, group->name, key->key);
    char *text;

    if (swept == NULL)
        return report_canonical(key, value);
    text = g_strdup_printf("swept: %s", swept);
    g_free(swept);
    return text;
}

static void add_group(GString *page, const Plan *plan, const ConfigGroup *group,
                      const ConfigKey *keys)
{
    char *text = config_group_text(group);

    for (unsigned i = 0; i < group->entries->len; i++) {
        const ConfigEntry *entry = g_ptr_array_index(group->entries, i);
        const ConfigKey *key = config_key(keys, entry->key);
        char *value;

        if (key == NULL || report_is_default(key, entry->value))
            continue;
        value = setting_of(plan, group, key, entry->value);
        add_row(page, text, entry->key, value);
        g_free(value);
    }
    g_free(text);
}

static const ConfigKey *keys_of(const char *kind)
{
    return strcmp(kind, "workload") == 0 ? workload_keys : topology_keys(kind);
}

static void add_keys(GString *page, const Plan *plan)
{
    g_string_append(page,
                    "<div class=\"wide\"><table id=\"setup\">\n<caption>Nodes, "
                    "lines, workloads and every other key that is not as it is "
                    "by default</caption>\n<thead><tr><th "
                    "scope=\"col\">Group</th><th scope=\"col\">Key</th><th "
                    "scope=\"col\">Value</th></tr></thead>\n<tbody>\n");
    for (unsigned i = 0; i < plan->config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(plan->config->groups, i);

        if (keys_of(group->kind) != NULL)
            add_group(page, plan, group, keys_of(group->kind));
    }
    g_string_append(page, "</tbody></table></div>\n");
}

static void add_sweep(GString *page, const Plan *plan)
{
    g_string_append_printf(page, "<p>The sweep has %u point%s.</p>\n<dl>\n",
                           plan->points, plan->points == 1 ? "" : "s");
    for (unsigned i = 0; i < plan->axes->len; i++) {
        const PlanAxis *axis = plan_axis(plan, i);
        char *values = g_strjoinv(", ", axis->values);

        report_element(page, "dt", axis->target);
        report_element(page, "dd", values);
        g_free(values);
    }
    g_string_append(page, "</dl>\n");
}

static void add_repetition(GString *page, const Plan *plan)
{
    const ReplicateConfig *replicate = &plan->replicate;
    char *rule = stop_rule_text(plan->until, plan);

    if (plan->until->count == 0) {
        g_string_append_printf(page, "<p>Every point was run %u times",
                               replicate->min);
    } else {
        g_string_append_printf(page,
                               "<p>Every point was run at least %u times and "
                               "at most %u times, until <code>",
                               replicate->min, replicate->max);
        report_text(page, rule);
        g_string_append(page, "</code>");
    }
    g_string_append_printf(
        page,
        "; the seed of all random numbers is %" G_GUINT64_FORMAT
        ", and a replication sees the same ones at every "
        "point unless the experiment says otherwise.</p>\n",
        replicate->seed);
    g_free(rule);
}

void report_setup(GString *page, const Plan *plan)
{
    g_string_append(page, "<section>\n<h2>Setup</h2>\n");
    report_network(page, plan);
    add_sweep(page, plan);
    add_repetition(page, plan);
    add_keys(page, plan);
    g_string_append(page, "</section>\n");
}
