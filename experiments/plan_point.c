/* plan_point.c - the points of a plan, and whether each can run. */
#include "plan_point.h"

#include "plan_measure.h"
#include "plan_select.h"
#include "plan_sweep.h"
#include "plan_workload.h"
#include "sim/rng.h"

/* --- checks --------------------------------------------------------------- */

static bool check_point(const Plan *plan, const PlanPoint *point,
                        GError **error)
{
    Network *network;
    bool good;
    Sim sim;

    sim_init(&sim, 0, 0);
    network = network_build(&sim, point->topology);
    good = plan_workloads_check(plan, point, network, error);
    good &= plan_measure_check(plan, network, error);
    good &= plan_select_check(plan, network, error);
    network_free(network);
    sim_clear(&sim);
    return good;
}

static bool check_point_number(const Plan *plan, unsigned number,
                               GError **error)
{
    PlanPoint *point = plan_point_new(plan, number, error);
    bool good = point != NULL && check_point(plan, point, error);

    plan_point_free(point);
    return good;
}

/* Whether no workload waits for a key that the sweep would give it. */
static bool workloads_are_complete(const Plan *plan)
{
    bool good = true;

    for (unsigned i = 0; i < plan->workloads->len; i++)
        good &=
            config_complete(workload_keys,
                            config_find(plan->config, "workload",
                                        g_ptr_array_index(plan->workloads, i)),
                            NULL);
    return good;
}

bool plan_points_check(const Plan *plan, GError **error)
{
    bool good = true;

    if (plan->points == 0)
        return workloads_are_complete(plan) &&
               check_point_number(plan, 0, error);
    for (unsigned i = 0; i < plan->points; i++)
        good &= check_point_number(plan, i, error);
    return good;
}

/* --- making --------------------------------------------------------------- */

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
    point->topology = topology_new(config, plan_group_kinds, error);
    good = point->topology != NULL;
    for (unsigned i = 0; i < point->workload_count; i++) {
        point->workloads[i].name = g_ptr_array_index(plan->workloads, i);
        good &= plan_workload_read(plan, point, &point->workloads[i], error);
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

uint64_t plan_seed(const Plan *plan, unsigned point)
{
    uint64_t number = GUINT64_TO_LE((uint64_t)point);

    return plan->replicate.streams == STREAMS_COMMON
               ? plan->replicate.seed
               : hash_bytes(plan->replicate.seed, &number, sizeof number);
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
