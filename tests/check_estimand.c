/* check_estimand.c - what is to be estimated, stopping rules and expectations:
 * reading and writing them. */
#include "experiments/estimand.h"
#include "experiments/expect.h"
#include "experiments/stop_rule.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

#define LOSS "link client -- web.loss"

static Plan *plan;

static void set_up(void)
{
    make_folder();
    plan = read_plan(0, NULL);
}

static void tear_down(void)
{
    plan_free(plan);
    drop_folder();
}

/* --- estimands ------------------------------------------------------------ */

/* As written, and as it is written back (NULL: the same). */
static const char *const good_estimands[][2] = {
    {"mean(tcp.handshake.latency)", NULL},
    {" p99.9 ( tcp.handshake.latency ) ", "p99.9(tcp.handshake.latency)"},
    {"p2.5(drops)", NULL},
    {"p99.9999999999999(drops)", NULL},
    {"p50.0(drops)", "p50(drops)"},
    {"min(drops)", NULL},
    {"max(drops)", NULL},
    {"failures(work.latency)", NULL},
    {"count(work.latency)", NULL},
    {"difference(p99(work.latency)) to tcp.profile is rfc", NULL},
    {"difference( mean(drops) ) to " LOSS " is 0.2 , tcp.profile is linux",
     "difference(mean(drops)) to " LOSS " is 20 %, tcp.profile is linux"},
};

START_TEST(an_estimand_is_written_as_it_was_read)
{
    const char *const *row = good_estimands[_i];
    char *stripped = g_strstrip(g_strdup(row[0])), *text, *why = NULL;
    Estimand estimand, again;

    ck_assert_msg(estimand_parse(&estimand, plan, stripped, &why), "%s", why);
    text = estimand_text(&estimand, plan);
    ck_assert_str_eq(text, row[1] != NULL ? row[1] : row[0]);
    ck_assert(estimand_parse(&again, plan, text, &why));
    ck_assert(estimand_equal(&estimand, &again));
    g_free(text);
    g_free(stripped);
}
END_TEST

static const char *const bad_estimands[][2] = {
    {"mean", "names nothing to estimate"},
    {"mean(tcp.latency)", "there is no metric or gauge \"tcp.latency\""},
    {"p0(drops)", "is no statistic"},
    {"p100(drops)", "is no statistic"},
    {"p5x(drops)", "is no statistic"},
    {"p(drops)", "is no statistic"},
    {"meen(drops)", "did you mean \"mean\"?"},
    {"count(tcp.time_wait.population)", "is observed all the time"},
    {"mean(drops) to tcp.profile is rfc", "names nothing to estimate"},
    {"difference(mean(drops))", "names nothing to estimate"},
    {"difference(mean(drops)) to tcp.profile", "is no condition"},
    {"difference(mean(drops)) to tcp.profile is bsd", "\"bsd\" is not known"},
    {"difference(mean(drops)) to tcp.rto_min is 1 s", "is no axis"},
    {"difference(mean(drops)) to tcp.profile is rfc, tcp.profile is linux",
     "tcp.profile has one value at a point"},
};

START_TEST(what_is_no_estimand_is_said)
{
    Estimand estimand;
    char *why = NULL;

    ck_assert(!estimand_parse(&estimand, plan, bad_estimands[_i][0], &why));
    ck_assert_msg(strstr(why, bad_estimands[_i][1]) != NULL, "%s", why);
    g_free(why);
}
END_TEST

START_TEST(the_baseline_differs_on_the_named_axes_only)
{
    Estimand estimand;
    char *why = NULL;

    /* Points: 0 % linux, 0 % rfc, 20 % linux, 20 % rfc. */
    ck_assert(estimand_parse(&estimand, plan,
                             "difference(mean(drops)) to tcp.profile is rfc",
                             &why));
    ck_assert_uint_eq(estimand_baseline(&estimand, plan, 0), 1);
    ck_assert_uint_eq(estimand_baseline(&estimand, plan, 1), 1);
    ck_assert_uint_eq(estimand_baseline(&estimand, plan, 2), 3);
    ck_assert(estimand_parse(
        &estimand, plan, "difference(mean(drops)) to " LOSS " is 0 %", &why));
    ck_assert_uint_eq(estimand_baseline(&estimand, plan, 3), 1);
    ck_assert(estimand_parse(&estimand, plan, "mean(drops)", &why));
    ck_assert_uint_eq(estimand_baseline(&estimand, plan, 3), 3);
}
END_TEST

/* --- stopping rules ------------------------------------------------------- */

static const char *const good_rules[][2] = {
    {"none", NULL},
    {"halfwidth(mean(work.latency)) < 5 % at 95 %", NULL},
    {"halfwidth( p99(work.latency) )<2ms at 0.9",
     "halfwidth(p99(work.latency)) < 2 ms at 90 %"},
    {"halfwidth(failures(work.latency)) < 0.01 at 99 %", NULL},
    {"halfwidth(mean(drops)) < 0.5 and halfwidth(difference(mean(drops)) to "
     "tcp.profile is rfc) < 10 % at 95 %",
     NULL},
};

START_TEST(a_rule_is_written_as_it_was_read)
{
    const char *const *row = good_rules[_i];
    char *why = NULL, *text;
    StopRule *rule = stop_rule_new(plan, row[0], &why);

    ck_assert_msg(rule != NULL, "%s", why);
    text = stop_rule_text(rule, plan);
    ck_assert_str_eq(text, row[1] != NULL ? row[1] : row[0]);
    g_free(text);
    stop_rule_free(rule);
}
END_TEST

static const char *const bad_rules[][2] = {
    {"soon", "is no stopping rule"},
    {"halfwidth(mean(drops)) < 5 %", "is no stopping rule"},
    {"halfwidth(mean(drops)) < 0 at 95 %", "must be above 0"},
    {"halfwidth(mean(drops)) < 1 at 100 %", "the level between"},
    {"halfwidth(mean(work.latency)) < 5 at 95 %", "5"},
    {"halfwidth(max(drops)) < 1 at 95 %", "has no interval"},
    {"halfwidth(mean(drops)) < 1 at 95 % and halfwidth(p50(drops)) < 1 at 90 %",
     "two levels"},
};

START_TEST(what_is_no_rule_is_said)
{
    char *why = NULL;

    ck_assert_ptr_null(stop_rule_new(plan, bad_rules[_i][0], &why));
    ck_assert_msg(strstr(why, bad_rules[_i][1]) != NULL, "%s", why);
    g_free(why);
}
END_TEST

START_TEST(a_plan_wants_each_estimand_once)
{
    Estimand mean = {.kind = ESTIMAND_MEAN, .metric = METRIC_DROPS};
    unsigned before = plan->wanted->len;

    /* The fixture's rule and its expectation are about the same mean. */
    ck_assert_uint_ge(before, 1);
    estimand_want(plan, &mean);
    estimand_want(plan, &mean);
    ck_assert_uint_eq(plan->wanted->len, before + 1);
}
END_TEST

/* --- expectations --------------------------------------------------------- */

/* Of an estimate of 20 ms, 18 ms to 22 ms, error 1 ms. */
static const struct {
    const char *text;
    bool holds;
} expectations[] = {
    {"mean(work.latency) is 20 ms", true},
    {"mean(work.latency) is 21 ms", false},
    {"mean(work.latency) is 21 ms +- 1 ms", true},
    {"mean(work.latency) is 21 ms +- 4 %", false},
    {"mean(work.latency) is 21 ms +- 5 %", true},
    {"mean(work.latency) is 22.5 ms +- 2 se", false},
    {"mean(work.latency) is 22 ms +- 2.1 se", true},
    {"mean(work.latency) is 22 ms +- interval", true},
    {"mean(work.latency) is 22.1 ms +- interval", false},
    {"mean(work.latency) differs from 22.1 ms", true},
    {"mean(work.latency) differs from 21 ms", false},
    {"mean(work.latency) < 21 ms", true},
    {"mean(work.latency) < 20 ms", false},
    {"mean(work.latency) > 21 ms", false},
    {"mean(work.latency) > 21 ms +- 2 ms where " LOSS " is 0 %", true},
    {"p99.9(work.latency) is 20 ms", true},
    {"difference(mean(work.latency)) to tcp.profile is rfc is 20 ms", true},
    {"difference(mean(work.latency)) to tcp.profile is rfc, " LOSS " is 0 % "
     "< 20 ms",
     false},
    {"difference(p50(work.latency)) to " LOSS " is 0 %, tcp.profile is rfc "
     "differs from 0 ms where " LOSS " is 20 %",
     true},
};

START_TEST(an_expectation_holds_or_not)
{
    ConfigEntry entry = {.key = (char *)"name",
                         .value = (char *)expectations[_i].text};
    Estimate estimate = {
        .value = 20e6, .low = 18e6, .high = 22e6, .error = 1e6};
    GError *error = NULL;
    Expectation *expectation = expect_new(plan, &entry, &error);
    char *why = NULL;

    ck_assert_msg(expectation != NULL, "%s", error ? error->message : "");
    ck_assert(expect_holds(expectation, &estimate, NAN, &why) ==
              expectations[_i].holds);
    ck_assert((why == NULL) == expectations[_i].holds);
    ck_assert_uint_eq(expectation->conditions->len,
                      strstr(expectations[_i].text, "where") != NULL);
    g_free(why);
    expect_free(expectation);
}
END_TEST

/* With the least and the most that an estimate says nothing about, and what is
 * said of it. */
static const struct {
    const char *text;
    Estimate estimate;
    const char *said;
} said[] = {
    {"mean(work.latency) is 1000 s +- 3 se",
     {.value = 20e6,
      .low = -INFINITY,
      .high = INFINITY,
      .error = INFINITY,
      .replications = 1},
     "undecided: its standard error is not known from 1 run"},
    {"mean(work.latency) is 1 ns +- interval",
     {.value = 20e6, .low = -INFINITY, .high = INFINITY, .replications = 2},
     "undecided: an end of its interval is not known from 2 runs"},
    {"mean(work.latency) differs from 1 s",
     {.value = 20e6, .low = -INFINITY, .high = INFINITY, .replications = 2},
     "undecided: an end of its interval is not known from 2 runs"},
    {"mean(work.latency) < 1 s +- interval",
     {.value = 20e6, .low = -INFINITY, .high = 30e6, .replications = 4},
     "undecided: an end of its interval is not known from 4 runs"},
    {"p99(work.latency) > 21 ms +- interval",
     {.value = 20e6, .low = 18e6, .high = INFINITY, .replications = 9},
     "undecided: an end of its interval is not known from 9 runs"},
    {"p99(work.latency) < 19 ms +- interval",
     {.value = 20e6, .low = 18e6, .high = INFINITY, .replications = 9},
     NULL},
    {"mean(work.latency) is 20 ms +- 1 s",
     {.value = NAN, .low = NAN, .high = NAN},
     "undecided: there is nothing to estimate it from"},
    {"mean(work.latency) < 1 ms",
     {.value = 358959942.39142853, .low = 340031234.5, .high = 377888650.2},
     "it is 359 ms (340 ms to 377.9 ms), expected < 1 ms"},
    {"mean(work.latency) is 20 ms +- 0.01 %",
     {.value = 20002345.67, .low = 20002345, .high = 20002346},
     "it is 20.002 ms (20.002 ms to 20.002 ms), expected 20 ms +- 0.01 %"},
    {"mean(work.latency) differs from 20 ms",
     {.value = 20e6, .low = 19e6, .high = 21e6},
     "it is 20 ms (19 ms to 21 ms), expected other than 20 ms"},
};

START_TEST(what_does_not_hold_is_said_and_what_is_unknown_does_not_hold)
{
    ConfigEntry entry = {.key = (char *)"name", .value = (char *)said[_i].text};
    Expectation *expectation = expect_new(plan, &entry, NULL);
    char *why = NULL;

    ck_assert_ptr_nonnull(expectation);
    ck_assert(expect_holds(expectation, &said[_i].estimate, NAN, &why) ==
              (said[_i].said == NULL));
    if (said[_i].said != NULL)
        ck_assert_str_eq(why, said[_i].said);
    g_free(why);
    expect_free(expectation);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("estimand");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, an_estimand_is_written_as_it_was_read, 0,
                        G_N_ELEMENTS(good_estimands));
    tcase_add_loop_test(tcase, what_is_no_estimand_is_said, 0,
                        G_N_ELEMENTS(bad_estimands));
    tcase_add_test(tcase, the_baseline_differs_on_the_named_axes_only);
    tcase_add_loop_test(tcase, a_rule_is_written_as_it_was_read, 0,
                        G_N_ELEMENTS(good_rules));
    tcase_add_loop_test(tcase, what_is_no_rule_is_said, 0,
                        G_N_ELEMENTS(bad_rules));
    tcase_add_test(tcase, a_plan_wants_each_estimand_once);
    tcase_add_loop_test(tcase, an_expectation_holds_or_not, 0,
                        G_N_ELEMENTS(expectations));
    tcase_add_loop_test(
        tcase, what_does_not_hold_is_said_and_what_is_unknown_does_not_hold, 0,
        G_N_ELEMENTS(said));
    return run_tests("estimand", tcase, NULL);
}
