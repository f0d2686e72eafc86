/* plan_workload.c - workloads at a point; see plan_workload.h. */
#include "plan_workload.h"

#include <string.h>

static const ConfigGroup *group_of(const PlanPoint *point,
                                   const PlanWorkload *workload)
{
    return config_find(point->config, "workload", workload->name);
}

bool plan_workloads_find(Plan *plan, GError **error)
{
    bool good = true;

    for (unsigned i = 0; i < plan->config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(plan->config->groups, i);
        WorkloadConfig trial;

        if (strcmp(group->kind, "workload") != 0 || group->name[0] == '\0')
            continue;
        g_ptr_array_add(plan->workloads, g_strdup(group->name));
        config_defaults(workload_keys, 0, &trial);
        good &= config_apply(workload_keys, group, &trial, error);
        config_clear_struct(workload_keys, &trial);
    }
    if (plan->workloads->len > 0)
        return good;
    return config_fail(
        error, CONFIG_ERROR_NAME, (ConfigOrigin){plan->file, 0}, NULL, NULL,
        "no [workload NAME] says what is to be done; kind, node, "
        "to, arrivals and count are its keys");
}

/* --- traces --------------------------------------------------------------- */

typedef struct PlanTrace {
    TopologyFile file;
    const char *beside; /* the file that names it, interned, or NULL */
    ArrivalColumn column;
    ArrivalTrace *trace;
} PlanTrace;

void plan_trace_free(gpointer data)
{
    PlanTrace *trace = data;

    arrival_trace_free(trace->trace);
    g_bytes_unref(trace->file.bytes);
    g_free(trace->file.path);
    g_free(trace->file.name);
    g_free(trace);
}

const TopologyFile *plan_trace_file(const Plan *plan, unsigned index)
{
    const PlanTrace *trace;

    if (index >= plan->traces->len)
        return NULL;
    trace = g_ptr_array_index(plan->traces, index);
    return &trace->file;
}

static const ArrivalTrace *known_trace(const Plan *plan, const char *file,
                                       const char *beside, ArrivalColumn column)
{
    for (unsigned i = 0; i < plan->traces->len; i++) {
        const PlanTrace *trace = g_ptr_array_index(plan->traces, i);

        if (strcmp(trace->file.name, file) == 0 && trace->beside == beside &&
            trace->column == column)
            return trace->trace;
    }
    return NULL;
}

static ArrivalColumn column_of(const WorkloadConfig *config)
{
    switch ((WorkloadKind)config->kind) {
    case WORKLOAD_SEND:
        return ARRIVAL_BYTES;
    case WORKLOAD_FETCH:
    case WORKLOAD_PAGE:
        return ARRIVAL_URL;
    case WORKLOAD_CONNECT:
    case WORKLOAD_FLOOD:
    case WORKLOAD_DATAGRAM:
        break;
    }
    return ARRIVAL_ALONE;
}

static const ArrivalTrace *read_trace(const Plan *plan,
                                      const ConfigGroup *group,
                                      const char *file, const char *beside,
                                      ArrivalColumn column, GError **error)
{
    PlanTrace *trace;
    GError *why = NULL;
    char *path = NULL;
    GBytes *bytes = topology_find_file(file, beside, &path, &why);
    ArrivalTrace *lines = NULL;

    if (bytes == NULL) {
        config_fail_at(group, "arrivals", error, why->message);
        g_error_free(why);
        return NULL;
    }
    lines = arrival_trace_read(g_bytes_get_data(bytes, NULL),
                               g_bytes_get_size(bytes), path, column, error);
    trace = g_new(PlanTrace, 1);
    *trace = (PlanTrace){{g_strdup(file), path, bytes}, beside, column, lines};
    if (lines != NULL)
        g_ptr_array_add(plan->traces, trace);
    else
        plan_trace_free(trace);
    return lines;
}

static bool find_trace(const Plan *plan, const ConfigGroup *group,
                       WorkloadConfig *config, GError **error)
{
    const ConfigEntry *entry = config_entry(group, "arrivals");
    const char *beside = entry != NULL ? entry->origin.file : NULL;
    const char *file = config->arrivals.file;
    ArrivalColumn column = column_of(config);

    config->trace = known_trace(plan, file, beside, column);
    if (config->trace == NULL)
        config->trace = read_trace(plan, group, file, beside, column, error);
    return config->trace != NULL;
}

/* --- at a point ----------------------------------------------------------- */

bool plan_workload_read(const Plan *plan, const PlanPoint *point,
                        PlanWorkload *workload, GError **error)
{
    const ConfigGroup *group = group_of(point, workload);
    WorkloadConfig *config = &workload->config;
    bool good;

    config_defaults(workload_keys, 0, config);
    config->trace = NULL;
    good = config_apply(workload_keys, group, config, error);
    good &= config_complete(workload_keys, group, error);
    if (config->arrivals.kind == ARRIVE_TRACE)
        good &= find_trace(plan, group, config, error);
    return good;
}

static bool ends(const Plan *plan, const WorkloadConfig *config)
{
    return plan_until(plan) != SIM_NEVER || config->until != 0 ||
           workload_sessions(config) != UINT32_MAX;
}

/* Whether WORKLOAD of POINT can run in NETWORK, of its topology. */
static bool check_workload(const Plan *plan, const PlanPoint *point,
                           const PlanWorkload *workload, Network *network,
                           GError **error)
{
    const ConfigGroup *group = group_of(point, workload);
    WorkloadFault fault = {0};
    Workload *trial =
        workload_new(network, workload->name, &workload->config, &fault);

    if (trial == NULL) {
        config_fail_at(group, fault.key, error, fault.text);
        g_free(fault.text);
        return false;
    }
    workload_free(trial);
    return ends(plan, &workload->config) ||
           config_fail_at(
               group, "count", error,
               "nothing ends it; a number, or until = TIME here or in "
               "[measure], would be right");
}

bool plan_workloads_check(const Plan *plan, const PlanPoint *point,
                          Network *network, GError **error)
{
    bool good = true;

    for (unsigned i = 0; i < point->workload_count; i++)
        good &=
            check_workload(plan, point, &point->workloads[i], network, error);
    return good;
}
