/* check_bit_error_rate.c - what a point says its bit error rate is, and where
 * it says that no formula holds. */
#include <math.h>

#include "experiments/bit_error_rate.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

/* The theory of the fixture's experiment with SETS; its line loses nothing. */
static double theory_with(char **sets, char **why)
{
    char *file = write_experiment(20, "link client -- web.loss = 0 %");
    Plan *plan = plan_read(file, sets, NULL);
    PlanPoint *point;
    double rate;

    *why = NULL;
    ck_assert_ptr_nonnull(plan);
    point = plan_point_new(plan, 0, NULL);
    rate = bit_error_rate_at(point, why);
    plan_point_free(point);
    plan_free(plan);
    g_free(file);
    return rate;
}

#define LINE "link client -- web."

/* Q(1) = 0.158655, Q(2) = 0.0227501: tables of the normal distribution. */
START_TEST(the_rate_is_that_of_the_line_code)
{
    static const struct {
        const char *code, *snr;
        double rate;
    } cases[] = {
        {LINE "line_code=nrz", LINE "snr=0 dB", 0.158655},
        {LINE "line_code=manchester", LINE "snr=3.0103 dB", 0.0227501},
        /* a = 1: p = 3/2 Q(1) - 1/2 Q(3) = 0.237308 */
        {LINE "line_code=mlt3", LINE "snr=0.9691 dB", 0.361987},
    };
    char *sets[] = {LINE "signal=sampled", (char *)cases[_i].code,
                    (char *)cases[_i].snr, NULL};
    char *why;
    double rate = theory_with(sets, &why);

    ck_assert_msg(why == NULL, "%s", why);
    ck_assert_double_eq_tol(rate, cases[_i].rate, 3e-6);
}
END_TEST

START_TEST(where_it_does_not_hold_it_says_so)
{
    static const struct {
        const char *signal, *other, *why;
    } cases[] = {
        {LINE "signal=formula", LINE "snr=9 dB", "no line's signal is sampled"},
        {LINE "signal=sampled", LINE "clock_offset=0.01 %",
         "a receiver's clock is off"},
        {LINE "signal=sampled", LINE "rise_time=30 %",
         "a line is slow to change its level"},
        {LINE "signal=sampled", "link client -> web.snr=9 dB",
         "sampled lines differ"},
    };
    char *sets[] = {(char *)cases[_i].signal, (char *)cases[_i].other, NULL};
    char *why;

    ck_assert(isnan(theory_with(sets, &why)));
    ck_assert_str_eq(why, cases[_i].why);
    g_free(why);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("bit error rate");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_add_loop_test(tcase, the_rate_is_that_of_the_line_code, 0, 3);
    tcase_add_loop_test(tcase, where_it_does_not_hold_it_says_so, 0, 4);
    return run_tests("bit error rate", tcase, NULL);
}
