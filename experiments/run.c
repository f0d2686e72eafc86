/* run.c - one run. */
#include "run.h"

#include <time.h>

static bool loses_packets(const Network *network)
{
    for (uint32_t i = 0; i < network->link_count; i++) {
        const LinkConfig *config = network->links[i].config;

        if (config->loss_threshold > 0 || config->noise.on)
            return true;
    }
    return false;
}

/* Runs SIM to its end, or until it is measured no more. */
static void run_to_end(Sim *sim, const Plan *plan, const Network *network,
                       Measured *measured, RunResult *result)
{
    SimTime from = plan->run.kind == RUN_STEADY ? 0 : plan->measure.from;
    Series *series;
    char *why;

    if (plan->series == NULL) {
        sim_run(sim, plan_until(plan));
        return;
    }
    series = series_new(plan->series, network, plan->workloads,
                        &measured->whole, from, &why);
    g_assert(series != NULL); /* checked by plan_read() */
    series_run(series, sim, plan_until(plan));
    result->series = series_finish(series);
}

/* POINT's workloads, under way in NETWORK. */
static Workload **start_workloads(Network *network, const PlanPoint *point)
{
    Workload **workloads = g_new(Workload *, point->workload_count);

    for (unsigned i = 0; i < point->workload_count; i++) {
        const PlanWorkload *workload = &point->workloads[i];

        workloads[i] =
            workload_new(network, workload->name, &workload->config, NULL);
        g_assert(workloads[i] != NULL); /* checked by plan_read() */
        workload_start(workloads[i]);
    }
    return workloads;
}

/* Takes everything down: no part of the run. */
static void take_down(Sim *sim, Network *network, Workload **workloads,
                      const PlanPoint *point)
{
    sim->wanted = 0;
    network_free(network);
    for (unsigned i = 0; i < point->workload_count; i++)
        workload_free(workloads[i]);
    g_free(workloads);
}

static void play(Sim *sim, const Plan *plan, const PlanPoint *point,
                 Measured *measured, RunResult *result)
{
    Network *network = network_build(sim, point->topology);
    Workload **workloads;

    measured_find(measured, network);
    workloads = start_workloads(network, point);

    result->lossy = result->random = loses_packets(network);
    run_to_end(sim, plan, network, measured, result);
    result->ended = sim_now(sim);
    for (unsigned i = 0; i < point->workload_count; i++)
        result->random |= workload_drew(workloads[i]);
    take_down(sim, network, workloads, point);
}

void run_watch(const Plan *plan, const PlanPoint *point, uint32_t replication,
               const RunWatcher *watcher)
{
    Workload **workloads;
    Network *network;
    Sim sim;

    sim_init(&sim, plan_seed(plan, point->number), replication);
    network = network_build(&sim, point->topology);
    watcher->begun(watcher->data, network);
    workloads = start_workloads(network, point);
    sim_run(&sim, plan_until(plan));
    watcher->ended(watcher->data);
    take_down(&sim, network, workloads, point);
    sim_clear(&sim);
}

RunResult *run_result_new(unsigned point, uint32_t replication,
                          unsigned metrics)
{
    RunResult *result = g_new0(RunResult, 1);

    result->point = point;
    result->replication = replication;
    result->metric_count = metrics;
    result->metrics = g_new(Metric, metrics);
    result->failures = g_new0(uint64_t, metrics);
    for (MetricId id = 0; id < metrics; id++)
        metric_init(&result->metrics[id]);
    return result;
}

static RunResult *result_of(const Plan *plan, const PlanPoint *point,
                            uint32_t replication)
{
    return run_result_new(point->number, replication, plan_metrics(plan));
}

/* Runs it once, measured from FROM on, into RESULT; MEASURED stays to be
 * asked for the order of its samples. */
static void run_from(const Plan *plan, const PlanPoint *point, SimTime from,
                     RunResult *result, Measured *measured)
{
    Fingerprint fingerprint;
    Sim sim;

    sim_init(&sim, plan_seed(plan, point->number), result->replication);
    fingerprint_observe(&fingerprint, &sim);
    measured_init(measured, plan, &sim, from, result->samples);
    if (plan->run.kind == RUN_STEADY)
        steady_keep(measured);
    play(&sim, plan, point, measured, result);
    measured_finish(measured, result->series, result->metrics,
                    result->failures);
    fingerprint_text(&fingerprint, result->fingerprint);
    result->records = fingerprint.records;
    result->events += sim.events;
    sim_clear(&sim);
}

/* Whether the warm-up of POINT's REPLICATION has an end in its first half. */
static bool find_warmup(const Plan *plan, const PlanPoint *point,
                        uint32_t replication, SimTime *warmup)
{
    RunResult *rehearsal = result_of(plan, point, replication);
    Measured measured;
    bool settled;

    run_from(plan, point, 0, rehearsal, &measured);
    settled = steady_warmup(&measured, warmup);
    steady_forget(&measured);
    measured_clear(&measured);
    run_result_free(rehearsal);
    return settled;
}

/* Of this thread; however busy the computer is with something else. */
static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

RunResult *run_once(const Plan *plan, const PlanPoint *point,
                    uint32_t replication, bool samples)
{
    RunResult *result = result_of(plan, point, replication);
    double begun = cpu_seconds();
    SimTime from = plan_from(plan);
    bool settled = true;
    Measured measured;

    if (plan->run.kind == RUN_STEADY && plan->run.warmup == WARMUP_MSER5)
        settled = find_warmup(plan, point, replication, &from);
    if (samples)
        result->samples = g_array_new(FALSE, FALSE, sizeof(MeasureSample));
    run_from(plan, point, from, result, &measured);
    if (plan->run.kind == RUN_STEADY)
        result->steady = steady_new(&measured, from, settled);
    steady_forget(&measured);
    measured_clear(&measured);
    result->seconds = cpu_seconds() - begun;
    return result;
}

void run_result_free(RunResult *result)
{
    for (MetricId id = 0; id < result->metric_count; id++)
        metric_clear(&result->metrics[id]);
    g_free(result->metrics);
    g_free(result->failures);
    if (result->samples != NULL)
        g_array_free(result->samples, TRUE);
    if (result->series != NULL)
        g_ptr_array_unref(result->series);
    steady_free(result->steady);
    g_free(result);
}
