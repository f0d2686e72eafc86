/* coverage_models.c - experiments of which the truth is known.
 *
 * Handshakes: the simulator, as the user has it, beside the exact distribution
 * of theory.h.
 *
 * Clusters: replications whose samples are alike.  Half of the replications are
 * slow: their samples are exponential with a mean of 1 ms, of the others with
 * half of that; all are exponential of two means, whose quantiles solve
 * (y + y^2) / 2 = 1 - p, y = e^-x.  Of a slow replication's items 15 % fail, of
 * a fast one's 5 %.  At the second point everything takes a quarter longer. */
#include <math.h>

#include "coverage.h"
#include "experiments/syn_path.h"
#include "sim/rng.h"

static const char handshakes[] = "[experiment]\n"
                                 "[node client]\n"
                                 "kind = client\n"
                                 "[node web]\n"
                                 "kind = server\n"
                                 "http = yes\n"
                                 "[link client -- web]\n"
                                 "rate = unlimited\n"
                                 "delay = 10 ms\n"
                                 "[arp]\n"
                                 "mode = static\n"
                                 "[tcp]\n"
                                 "profile = linux\n"
                                 "syn_retries = 2\n"
                                 "syn_linear_timeouts = 0\n"
                                 "[workload connects]\n"
                                 "kind = connect\n"
                                 "node = client\n"
                                 "to = web:80\n"
                                 "arrivals = poisson 20 /s\n"
                                 "count = 40\n"
                                 "[sweep]\n"
                                 "link client -- web.loss = 1 %, 5 %, 20 %\n"
                                 "[replicate]\n"
                                 "min = 20\n"
                                 "max = 2000\n";

static const char clusters[] = "[experiment]\n"
                               "[node client]\n"
                               "kind = client\n"
                               "[node web]\n"
                               "kind = server\n"
                               "[link client -- web]\n"
                               "[workload connects]\n"
                               "kind = connect\n"
                               "node = client\n"
                               "to = web:80\n"
                               "[sweep]\n"
                               "tcp.profile = linux, rfc\n"
                               "[replicate]\n"
                               "min = 20\n"
                               "max = 4000\n";

static const double MS = 1e6;

/* --- handshakes ----------------------------------------------------------- */

static RunResult *run_handshakes(const Plan *plan, const PlanPoint *point,
                                 uint32_t replication)
{
    return run_once(plan, point, replication, false);
}

static double handshake_truth(const Plan *plan, unsigned number,
                              const Estimand *estimand)
{
    PlanPoint *point = plan_point_new(plan, number, NULL);
    char *why = NULL;
    SynTheory *theory = syn_path_theory(point, 0, &why);
    double truth = NAN;

    g_assert_nonnull(theory);
    if (estimand->metric != METRIC_HANDSHAKE_LATENCY)
        ;
    else if (estimand->kind == ESTIMAND_MEAN)
        truth = theory->mean;
    else if (estimand->kind == ESTIMAND_QUANTILE)
        truth = (double)syn_theory_quantile(theory, estimand->p);
    else if (estimand->kind == ESTIMAND_FAILURES)
        truth = theory->failed;
    syn_theory_free(theory);
    plan_point_free(point);
    return truth;
}

/* --- clusters ------------------------------------------------------------- */

/* ITEMS of REPLICATION. */
static RunResult *run_cluster(const Plan *plan, const PlanPoint *point,
                              uint32_t replication, unsigned items)
{
    RunResult *result = run_result_new(point->number, replication, METRICS);
    double scale = point->number == 0 ? MS : 1.25 * MS;
    Stream stream;
    bool slow;
    Sim sim;

    sim_init(&sim, plan_seed(plan, point->number), replication);
    stream_init(&stream, &sim, "cluster", "samples");
    result->replication = replication;
    slow = stream_chance(&stream, probability_u32(0.5));
    for (unsigned i = 0; i < items; i++) {
        SimTime sample =
            stream_exponential(&stream, (SimTime)(slow ? scale : scale / 2));

        if (stream_chance(&stream, probability_u32(slow ? 0.15 : 0.05)))
            result->failures[METRIC_WORK_LATENCY]++;
        else
            metric_add(&result->metrics[METRIC_WORK_LATENCY], sample);
    }
    g_snprintf(result->fingerprint, sizeof result->fingerprint, "%u",
               replication);
    sim_clear(&sim);
    return result;
}

static RunResult *run_clusters(const Plan *plan, const PlanPoint *point,
                               uint32_t replication)
{
    return run_cluster(plan, point, replication, 25);
}

static RunResult *run_singles(const Plan *plan, const PlanPoint *point,
                              uint32_t replication)
{
    return run_cluster(plan, point, replication, 1);
}

/* Samples are those that succeed: of the slow ones 85 in 180, of the fast ones
 * 95. */
static double exceeds(double x, double slow)
{
    return slow * exp(-x) + (1 - slow) * exp(-2 * x);
}

static double cluster_quantile(double p, double slow)
{
    double low = 0, high = 100;

    while (high - low > 1e-12) {
        double middle = (low + high) / 2;

        if (exceeds(middle, slow) > 1 - p)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* SLOW: the share of slow samples among those pooled; BY_RUN: where each
 * replication has one mean. */
static double cluster_truth_of(unsigned point, const Estimand *estimand,
                               double by_run)
{
    const double slow = 85.0 / 180;
    double scale = point == 0 ? MS : 1.25 * MS;

    if (estimand->metric != METRIC_WORK_LATENCY)
        return NAN;
    if (estimand->kind == ESTIMAND_MEAN)
        return scale * (by_run + (1 - by_run) / 2);
    if (estimand->kind == ESTIMAND_QUANTILE)
        return scale * cluster_quantile(estimand->p, slow);
    return estimand->kind == ESTIMAND_FAILURES ? 0.1 : NAN;
}

/* The mean of means: half of the replications are slow. */
static double cluster_truth(const Plan *plan, unsigned point,
                            const Estimand *estimand)
{
    return cluster_truth_of(point, estimand, 0.5);
}

static double single_truth(const Plan *plan, unsigned point,
                           const Estimand *estimand)
{
    return cluster_truth_of(point, estimand, 85.0 / 180);
}

/* --- studies -------------------------------------------------------------- */

#define LATENCY "tcp.handshake.latency"
#define HANDSHAKE_QUESTIONS                                                    \
    {                                                                          \
        "mean(" LATENCY ")", "p50(" LATENCY ")", "p90(" LATENCY ")",           \
            "p99(" LATENCY ")", "failures(" LATENCY ")",                       \
            "difference(mean(" LATENCY ")) to link client -- web.loss is 1 %", \
            "difference(p90(" LATENCY ")) to link client -- web.loss is 1 %",  \
            "difference(failures(" LATENCY                                     \
            ")) to link client -- web.loss is 1 %"                             \
    }
#define CLUSTER_QUESTIONS                                                      \
    {                                                                          \
        "mean(work.latency)", "p50(work.latency)", "p90(work.latency)",        \
            "p99(work.latency)", "failures(work.latency)",                     \
            "difference(mean(work.latency)) to tcp.profile is linux",          \
            "difference(p90(work.latency)) to tcp.profile is linux",           \
            "difference(failures(work.latency)) to tcp.profile is linux"       \
    }
#define UNTIL "replicate.until = halfwidth"

const Study coverage_studies[] = {
    {"handshakes until halfwidth(mean) < 10 %",
     true,
     handshakes,
     {UNTIL "(mean(" LATENCY ")) < 10 % at 95 %"},
     HANDSHAKE_QUESTIONS,
     run_handshakes,
     handshake_truth,
     false},
    {"handshakes, 50 replications",
     false,
     handshakes,
     {"replicate.min = 50"},
     HANDSHAKE_QUESTIONS,
     run_handshakes,
     handshake_truth,
     false},
    {"clusters, 10 replications",
     false,
     clusters,
     {"replicate.min = 10"},
     CLUSTER_QUESTIONS,
     run_clusters,
     cluster_truth,
     false},
    {"clusters, 40 replications",
     true,
     clusters,
     {"replicate.min = 40"},
     CLUSTER_QUESTIONS,
     run_clusters,
     cluster_truth,
     false},
    {"single samples, 400 replications",
     true,
     clusters,
     {"replicate.min = 400"},
     CLUSTER_QUESTIONS,
     run_singles,
     single_truth,
     false},
    {"clusters until halfwidth(mean) < 5 %",
     false,
     clusters,
     {UNTIL "(mean(work.latency)) < 5 % at 95 %"},
     CLUSTER_QUESTIONS,
     run_clusters,
     cluster_truth,
     false},
    {"clusters until halfwidth(p90) < 10 %",
     false,
     clusters,
     {UNTIL "(p90(work.latency)) < 10 % at 95 %"},
     CLUSTER_QUESTIONS,
     run_clusters,
     cluster_truth,
     false},
    {"clusters until halfwidth(failures) < 0.02",
     true,
     clusters,
     {UNTIL "(failures(work.latency)) < 0.02 at 95 %"},
     CLUSTER_QUESTIONS,
     run_clusters,
     cluster_truth,
     false},
    {"clusters until halfwidth(difference(mean)) < 10 %",
     false,
     clusters,
     {UNTIL "(difference(mean(work.latency)) to tcp.profile is linux) < 10 % "
            "at 95 %"},
     CLUSTER_QUESTIONS,
     run_clusters,
     cluster_truth,
     false},
    {"handshakes until halfwidth(mean) < 30 %, from 5 replications on",
     false,
     handshakes,
     {UNTIL "(mean(" LATENCY ")) < 30 % at 95 %", "replicate.min = 5",
      "replicate.rare = 0"},
     HANDSHAKE_QUESTIONS,
     run_handshakes,
     handshake_truth,
     true},
    {.title = NULL},
};
