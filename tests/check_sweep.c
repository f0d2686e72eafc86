/* check_sweep.c - sweeps against what is known exactly: the latency of
 * handshakes and the number of connections in TIME-WAIT. */
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "experiments/littles_law.h"
#include "experiments/run.h"
#include "experiments/syn_path.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

/* TIME-WAIT's population is rate times duration: 10 a second for 240 s. */
START_TEST(time_wait_holds_rate_times_duration)
{
    char *file = write_experiment(17, "arrivals = every 100 ms");
    char *sets[] = {"workload connects.count = 100000", "tcp.time_wait = 30 s",
                    "measure.from = 40 s", "measure.until = 50 s", NULL};
    Plan *plan = plan_read(file, sets, NULL);
    PlanPoint *point = plan_point_new(plan, 1, NULL); /* rfc, no loss */
    RunResult *result = run_once(plan, point, 0, false);

    ck_assert_double_eq_tol(
        metric_mean(&result->metrics[METRIC_TIME_WAIT_POPULATION]), 300, 1e-9);
    ck_assert_uint_eq(result->failures[METRIC_HANDSHAKE_LATENCY], 0);
    run_result_free(result);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
}
END_TEST

enum { RUNS = 40 };

/* What RUNS replications of a point gave. */
typedef struct Sampled {
    double n, first, mean, deviation; /* over replications' means: the latter */
} Sampled;

static Sampled sample(const Plan *plan, const PlanPoint *point)
{
    double sum = 0, squares = 0;
    Sampled s = {0};

    for (uint32_t r = 0; r < RUNS; r++) {
        RunResult *result = run_once(plan, point, r, true);
        double mean = metric_mean(&result->metrics[METRIC_HANDSHAKE_LATENCY]);

        for (unsigned i = 0; i < result->samples->len; i++) {
            const MeasureSample *one =
                &g_array_index(result->samples, MeasureSample, i);

            if (one->metric != METRIC_HANDSHAKE_LATENCY)
                continue;
            s.n++;
            s.first += one->value <= 420 * SIM_MS;
        }
        sum += mean;
        squares += mean * mean;
        run_result_free(result);
    }
    s.mean = sum / RUNS;
    s.deviation = sqrt((squares - sum * sum / RUNS) / (RUNS - 1));
    return s;
}

/* Both profiles, RTT 20 ms, static ARP: in every cell the share of handshakes
 * without a time-out is binomial, at level 0.001, and the mean has |z| < 3.3;
 * over a profile's six lossy cells the sum of z^2 is below the 0.999 quantile
 * of chi-squared.  (t of 39 degrees for z: a little wider; taken into account.)
 */
START_TEST(a_sweep_agrees_with_the_theory)
{
    Plan *plan =
        read_plan(20, "link client -- web.loss = 0 %, 1 %, 2 %, 5 %, 10 %, "
                      "20 %, 30 %");
    double chi = 0;

    for (unsigned loss = 0; loss < 7; loss++) {
        unsigned number = 2 * loss + (unsigned)_i;
        PlanPoint *point = plan_point_new(plan, number, NULL);
        char *why = NULL;
        SynTheory *theory;
        double error, z;
        Sampled s;

        point->workloads[0].config.count = 200;
        theory = syn_path_theory(point, 0, &why);
        ck_assert_msg(theory != NULL, "%s", why);
        s = sample(plan, point);
        if (loss == 0) {
            ck_assert_double_eq_tol(s.mean, theory->mean, 1);
        } else {
            double share = syn_theory_cdf(theory, 420 * SIM_MS);

            error = sqrt(s.n * share * (1 - share));
            ck_assert_msg(fabs(s.first - s.n * share) < 3.3 * error + 0.5,
                          "first try, point %u: %g of %g, expected %g", number,
                          s.first, s.n, s.n * share);
            z = (s.mean - theory->mean) / (s.deviation / sqrt(RUNS));
            ck_assert_msg(fabs(z) < gsl_cdf_tdist_Pinv(0.9995, RUNS - 1),
                          "mean, point %u: %g ms, expected %g ms, z = %g",
                          number, s.mean / 1e6, theory->mean / 1e6, z);
            chi += z * z;
        }
        syn_theory_free(theory);
        plan_point_free(point);
    }
    /* A squared t of 39 degrees is 39/37 times a squared z on average. */
    ck_assert_double_lt(chi, gsl_cdf_chisq_Pinv(0.999, 6) * 39 / 37);
    plan_free(plan);
}
END_TEST

/* A client that gives up early: what failed is counted, as often as it should.
 */
START_TEST(failures_agree_with_the_theory)
{
    char *file = write_experiment(20, "link client -- web.loss = 0 %, 30 %");
    char *sets[] = {"tcp.syn_retries = 1", "tcp.syn_linear_timeouts = 0",
                    "workload connects.count = 4000", NULL};
    Plan *plan = plan_read(file, sets, NULL);
    PlanPoint *point = plan_point_new(plan, 2 + (unsigned)_i, NULL);
    SynTheory *theory = syn_path_theory(point, 0, NULL);
    RunResult *result = run_once(plan, point, 0, false);
    double failed = (double)result->failures[METRIC_HANDSHAKE_LATENCY];

    ck_assert_double_gt(theory->failed, 0.05);
    ck_assert_double_lt(fabs(failed - 4000 * theory->failed),
                        3.3 *
                            sqrt(4000 * theory->failed * (1 - theory->failed)));
    ck_assert_uint_eq(result->metrics[METRIC_HANDSHAKE_LATENCY].count +
                          result->failures[METRIC_HANDSHAKE_LATENCY],
                      4000);
    run_result_free(result);
    syn_theory_free(theory);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
}
END_TEST

/* What a line may do that no theory of ours has in it; and whether Little's
 * law minds. */
static const struct {
    const char *set, *why;
} barred[] = {
    {"link client -- web.jitter = 5 ms", "packets may come late or twice"},
    {"link client -- web.duplicate = 5 %", "packets may come late or twice"},
    {"link client -- web.detour = 5 %", "packets may come late or twice"},
    {"link client -- web.loss_burst = 3 packets", "bursts"},
    {"link client -- web.drop = SYN 1", "by rule"},
};

START_TEST(what_is_not_in_a_theory_bars_it)
{
    char *file = write_experiment(0, NULL), *why = NULL;
    char *sets[] = {(char *)barred[_i].set,
                    "link client -- web.detour_delay = 1 s", NULL};
    Plan *plan = plan_read(file, sets, NULL);
    PlanPoint *point = plan_point_new(plan, 2, NULL); /* 20 % */

    ck_assert_ptr_null(syn_path_theory(point, 0, &why));
    ck_assert_msg(strstr(why, barred[_i].why) != NULL, "%s", why);
    g_free(why);
    why = NULL;
    ck_assert_double_nan(littles_law_time_wait(plan, point, &why));
    ck_assert_ptr_nonnull(why);
    g_free(why);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("sweep");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, time_wait_holds_rate_times_duration);
    tcase_add_loop_test(tcase, what_is_not_in_a_theory_bars_it, 0,
                        G_N_ELEMENTS(barred));
    tcase_add_loop_test(tcase, a_sweep_agrees_with_the_theory, 0, 2);
    tcase_add_loop_test(tcase, failures_agree_with_the_theory, 0, 2);
    return run_tests("sweep", tcase, NULL);
}
