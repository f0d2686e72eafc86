/* check_loss_rate.c - the formulas of throughput against loss: published
 * values, limits, where they do not hold; and the simulation beside them. */
#include <math.h>

#include "experiments/experiment.h"
#include "experiments/loss_rate.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

/* RFC 9438 s5.1, table 1: average windows at a round-trip time of 0.1 s. */
static const struct {
    double loss;
    int window;
} table[] = {{1e-2, 12},   {1e-3, 38},    {1e-4, 187},   {1e-5, 1054},
             {1e-6, 5926}, {1e-7, 33325}, {1e-8, 187400}};

/* MAY-18 */
START_TEST(cubic_has_the_windows_of_its_rfc)
{
    LossPath path = {.loss = table[_i].loss, .rtt = 0.1, .window = 1e9};
    double window = loss_rate_cubic(&path) * path.rtt;

    ck_assert_msg(fabs(window / table[_i].window - 1) < 0.021, "%g, not %d",
                  window, table[_i].window);
}
END_TEST

/* Without time-outs what is left is the square-root formula (Mathis et al.,
 * 1997): 1.22 / (RTT sqrt(p)). */
START_TEST(padhye_at_little_loss_is_the_square_root)
{
    LossPath path = {1e-8, 0.1, 0.3, 1e9, 1};

    ck_assert_double_eq_tol(loss_rate_padhye(&path) * 0.1 * 1e-4, sqrt(1.5),
                            1e-3);
    path.per_ack = 2; /* delayed ACKs */
    ck_assert_double_eq_tol(loss_rate_padhye(&path) * 0.1 * 1e-4, sqrt(0.75),
                            1e-3);
}
END_TEST

/* Worked out by hand: 0.1 sqrt(0.02 / 3) = 8.1650e-3; 0.3 * 3 sqrt(0.00375) *
 * 0.01 * 1.0032 = 5.5290e-4. */
START_TEST(padhye_at_one_percent)
{
    LossPath path = {0.01, 0.1, 0.3, 1e9, 1};

    ck_assert_double_eq_tol(loss_rate_padhye(&path), 1 / 8.7179e-3, 0.01);
    path.window = 5;
    ck_assert_double_eq_tol(loss_rate_padhye(&path), 50, 1e-9);
}
END_TEST

/* --- points --------------------------------------------------------------- */

static const char text[] = "[experiment]\ntitle = A test\n"
                           "[node a]\nkind = client\n"
                           "[node b]\nkind = server\n"
                           "[arp]\nmode = static\n"
                           "[link a -- b]\ndelay = 50 ms\n"
                           "[workload w]\nkind = send\nnode = a\nto = b:5001\n";

/* THEORY of the text above with SETS (at most three, NULL: none). */
static double theory_with(PlotTheory theory, const char *a, const char *b,
                          const char *c, char **why)
{
    const char *sets[] = {a, b, c, NULL};
    char *file = in_folder("theory.ini");
    PlanPoint *point;
    double goodput;
    Plan *plan;

    *why = NULL;
    ck_assert(g_file_set_contents(file, text, -1, NULL));
    plan = plan_read(file, (char **)sets, NULL);
    ck_assert_ptr_nonnull(plan);
    point = plan_point_new(plan, 0, NULL);
    goodput = loss_rate_goodput(point, theory, why);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
    return goodput;
}

/* 114.71 segments of 1448 bytes a second. */
START_TEST(a_point_says_what_the_formula_needs)
{
    char *why;
    double bits = theory_with(THEORY_LOSS_RATE, "link a -- b.loss=1 %",
                              "link a -- b.rate=unlimited",
                              "tcp.congestion=newreno", &why);

    ck_assert_msg(why == NULL, "%s", why);
    ck_assert_double_eq_tol(bits, 1448 * 8 / 8.7179e-3, 200);
}
END_TEST

/* Also for those that have another formula, or none. */
START_TEST(padhye_is_for_all)
{
    static const char *const congestion[] = {
        "tcp.congestion=newreno", "tcp.congestion=cubic", "tcp.congestion=bbr"};
    char *why;
    double bits =
        theory_with(THEORY_PADHYE, "link a -- b.loss=1 %",
                    "link a -- b.rate=unlimited", congestion[_i], &why);

    ck_assert_msg(why == NULL, "%s", why);
    ck_assert_double_eq_tol(bits, 1448 * 8 / 8.7179e-3, 200);
}
END_TEST

START_TEST(where_it_does_not_hold_it_says_so)
{
    static const char *const cases[][4] = {
        {"link a -- b.loss=0 %", NULL, NULL, "nothing is lost"},
        {"link a -- b.loss=1 %", "link a -- b.rate=unlimited",
         "tcp.congestion=bbr", "no formula"},
        {"link a -- b.loss=1 %", "link a -- b.rate=2 Mbit/s", NULL,
         "half full"},
        {"link a -- b.loss=1 %", "workload w.count=2", NULL, "more than one"},
        {"link a -- b.loss=1 %", "link a -- b.drop=data 3", NULL, "by rule"},
        {"link a -- b.loss=1 %", "workload w.kind=connect",
         "workload w.to=b:80", "not of kind send"},
    };
    char *why;

    ck_assert(isnan(theory_with(THEORY_LOSS_RATE, cases[_i][0], cases[_i][1],
                                cases[_i][2], &why)));
    ck_assert_msg(strstr(why, cases[_i][3]) != NULL, "%s", why);
    g_free(why);
}
END_TEST

/* Every run of the shipped throughput-loss. */
START_TEST(the_shipped_experiment_finds_what_it_expects)
{
    Plan *plan = plan_read(TESTDIR "/../experiments/throughput-loss/"
                                   "throughput-loss.ini",
                           NULL, NULL);
    char *results = in_folder("results");
    ExperimentOptions options = {.folder = results, .threads = 2};
    GString *report = g_string_new(NULL);
    Experiment experiment;

    ck_assert_ptr_nonnull(plan);
    ck_assert(experiment_run(&experiment, plan, &options, NULL));
    ck_assert(experiment.whole);
    ck_assert_msg(experiment_expectations(&experiment, report), "%s",
                  report->str);
    experiment_clear(&experiment);
    plan_free(plan);
    g_string_free(report, TRUE);
    g_free(results);
}
END_TEST

int main(void)
{
    TCase *formulas = tcase_create("formulas");
    TCase *points = tcase_create("points");

    tcase_add_loop_test(formulas, cubic_has_the_windows_of_its_rfc, 0,
                        G_N_ELEMENTS(table));
    tcase_add_test(formulas, padhye_at_little_loss_is_the_square_root);
    tcase_add_test(formulas, padhye_at_one_percent);
    tcase_add_checked_fixture(points, make_folder, drop_folder);
    tcase_set_timeout(points, 300);
    tcase_add_test(points, a_point_says_what_the_formula_needs);
    tcase_add_loop_test(points, padhye_is_for_all, 0, 3);
    tcase_add_loop_test(points, where_it_does_not_hold_it_says_so, 0, 6);
    tcase_add_test(points, the_shipped_experiment_finds_what_it_expects);
    return run_tests("loss rate", formulas, points, NULL);
}
