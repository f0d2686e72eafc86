/* select.c - reads what is to be measured, finds it, and measures it. */
#include "select.h"

#include <string.h>

/* --- reading -------------------------------------------------------------- */

void select_key_free(SelectKey *key)
{
    if (key == NULL)
        return;
    g_free(key->name);
    g_free(key->object);
    g_free(key);
}

/* TEXT without blanks around and with single ones inside. */
static char *single_blanks(const char *text)
{
    char **words = g_strsplit_set(text, " \t", -1);
    GString *out = g_string_new(NULL);

    for (char **word = words; *word != NULL; word++)
        if (**word != '\0')
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", *word);
    g_strfreev(words);
    return g_string_free(out, FALSE);
}

/* Gives KEY the gauge or the metric called NAME. */
static bool find_word(SelectKey *key, const char *name, char **why)
{
    key->gauge = gauge_key(name);
    key->metric = metric_id(name);
    if (key->gauge != NULL)
        key->word = &key->gauge->word;
    else if (key->metric != METRIC_NONE)
        key->word = &metric_keys[key->metric];
    else
        *why = g_strdup_printf("there is no metric or gauge \"%s\"; firstbyte "
                               "describe metrics lists them",
                               name);
    return key->word != NULL;
}

SelectKey *select_key_new(const char *text, char **why)
{
    SelectKey *key = g_new0(SelectKey, 1);
    char *blanks = single_blanks(text);
    char *open = strchr(blanks, '('), *close = strchr(blanks, ')');
    bool good = (open == NULL) == (close == NULL) &&
                (open == NULL || (open < close && close[1] == '\0'));

    if (good && open != NULL) {
        *open = *close = '\0';
        key->object = single_blanks(open + 1);
        g_strchomp(blanks);
    }
    if (!good)
        *why = g_strdup_printf("\"%s\" is nothing that can be measured; write "
                               "NAME or NAME(NODE), NAME(NODE -> NODE)",
                               text);
    good = good && find_word(key, blanks, why);
    if (good)
        key->name = key->object != NULL
                        ? g_strdup_printf("%s(%s)", blanks, key->object)
                        : g_strdup(blanks);
    g_free(blanks);
    if (good)
        return key;
    select_key_free(key);
    return NULL;
}

/* --- what a metric is of -------------------------------------------------- */

/* Finds "A -> B" or "A -- B". */
static bool find_line(const Network *network, const char *object,
                      SelectTarget *target)
{
    const char *both = strstr(object, "--");
    char **ends = g_strsplit(object, both != NULL ? "--" : "->", 2);

    if (g_strv_length(ends) == 2) {
        const char *from = g_strstrip(ends[0]), *to = g_strstrip(ends[1]);

        target->links[0] = network_link(network, from, to);
        if (both != NULL)
            target->links[1] = network_link(network, to, from);
    }
    g_strfreev(ends);
    return target->links[0] != NULL;
}

/* Finds the node, or all of a group, that is called NAME. */
static bool find_nodes(const Network *network, const char *name,
                       SelectTarget *target)
{
    const Node *node = network_node(network, name);

    if (node != NULL) {
        target->first = (uint32_t)(node - network->nodes);
        target->count = 1;
    }
    for (uint32_t i = 0; node == NULL && i < network->group_count; i++)
        if (strcmp(network->groups[i].name, name) == 0) {
            target->first = network->groups[i].first;
            target->count = network->groups[i].count;
        }
    return target->count > 0;
}

static bool find_workload(const GPtrArray *workloads, const char *name,
                          SelectTarget *target)
{
    for (unsigned i = 0; workloads != NULL && i < workloads->len; i++)
        if (strcmp(g_ptr_array_index(workloads, i), name) == 0)
            target->workload = name;
    return target->workload != NULL;
}

bool select_find(const SelectKey *key, const Network *network,
                 const GPtrArray *workloads, SelectTarget *target, char **why)
{
    static const char *const rights[] = {
        [METRIC_OF_LINE] = "a line such as (isp -> home) or (isp -- home)",
        [METRIC_OF_NODE] = "a node",
        [METRIC_OF_LINE | METRIC_OF_NODE] =
            "a node, or a line such as (isp -> home) or (isp -- home),",
        [METRIC_OF_WORKLOAD] = "a workload",
    };
    unsigned of = metric_of(key->metric);
    bool found = false;

    *target = (SelectTarget){.workload = NULL};
    if (of & METRIC_OF_LINE)
        found = find_line(network, key->object, target);
    if (!found && of & METRIC_OF_NODE)
        found = find_nodes(network, key->object, target);
    if (!found && of & METRIC_OF_WORKLOAD)
        found = find_workload(workloads, key->object, target);
    if (of == 0)
        *why = g_strdup_printf("%s is of the whole run; without parentheses it "
                               "would be right",
                               key->word->name);
    else if (!found)
        *why = g_strdup_printf("%s: there is no \"%s\" that it can be of; %s "
                               "would be right",
                               key->word->name, key->object, rights[of]);
    return found;
}

/* --- measuring ------------------------------------------------------------ */

/* The line that RECORD is about; NULL: none. */
static const void *line_of(const Record *record)
{
    if (record->kind == REC_PACKET_SENT || record->kind == REC_PACKET_MARKED ||
        record->kind == REC_PACKET_DROPPED)
        return ((const PacketTold *)record->what)->link;
    if (record->kind == REC_SIGNAL_READ)
        return ((const SignalTold *)record->what)->link;
    return NULL;
}

/* RECORD is of a kind that measure_wants() says. */
static bool concerns(const SelectTarget *target, const Record *record)
{
    const void *line = line_of(record);

    if (target->workload != NULL)
        return strcmp(((const WorkTold *)record->what)->workload,
                      target->workload) == 0;
    if (target->links[0] != NULL)
        return line != NULL &&
               (line == target->links[0] || line == target->links[1]);
    return line == NULL && record->node - target->first < target->count;
}

static void hear(Observer *observer, const Record *record)
{
    SelectPart *part = sim_container_of(observer, SelectPart, observer);

    if (concerns(&part->target, record))
        measure_hear(&part->measure, record);
}

void select_part_init(SelectPart *part, const SelectKey *key,
                      const SelectTarget *target, Sim *sim, SimTime from,
                      SimTime until, GArray *samples)
{
    *part = (SelectPart){.metric = key->metric,
                         .target = *target,
                         .observer.hear = hear,
                         .observer.wants = measure_wants(key->metric)};
    measure_begin(&part->measure, sim, from, until, samples);
    sim_observe(sim, &part->observer);
}

void select_part_clear(SelectPart *part)
{
    for (MetricId id = 0; id < METRICS; id++)
        metric_clear(&part->measure.metrics[id]);
}
