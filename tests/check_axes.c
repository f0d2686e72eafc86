/* check_axes.c - axes of a sweep: keys in lockstep, named cases, and what each
 * point of them is. */
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

static const char network[] =
    "[experiment]\n[node client]\nkind = client\n[node web]\nkind = server\n"
    "[link client -- web]\n[workload w]\nkind = connect\nnode = client\n"
    "to = web:80\n";

/* An experiment of NETWORK and REST; NULL with *WHY (g_free) when it is wrong.
 */
static Plan *read_with(const char *rest, char **sets, char **why)
{
    char *file = in_folder("axes.ini");
    char *text = g_strconcat(network, rest, NULL);
    GError *error = NULL;
    Plan *plan;

    ck_assert(g_file_set_contents(file, text, -1, NULL));
    plan = plan_read(file, sets, &error);
    if (plan == NULL) {
        *why = g_strdup(error->message);
        g_error_free(error);
    }
    g_free(text);
    g_free(file);
    return plan;
}

static Plan *read_good(const char *rest, char **sets)
{
    char *why = NULL;
    Plan *plan = read_with(rest, sets, &why);

    ck_assert_msg(plan != NULL, "%s", why);
    return plan;
}

static void assert_point(const Plan *plan, unsigned number, const char *text)
{
    char *got = plan_point_text(plan, number);

    ck_assert_str_eq(got, text);
    g_free(got);
}

/* The value of KIND NAME's KEY at point NUMBER, which is written there. */
static void assert_value(const Plan *plan, unsigned number, const char *kind,
                         const char *name, const char *key, const char *value)
{
    PlanPoint *point = plan_point_new(plan, number, NULL);
    const ConfigGroup *group;
    const ConfigEntry *entry;

    ck_assert_ptr_nonnull(point);
    group = config_find(point->config, kind, name);
    entry = group != NULL ? config_entry(group, key) : NULL;
    if (value == NULL)
        ck_assert_ptr_null(entry);
    else
        ck_assert_str_eq(entry->value, value);
    plan_point_free(point);
}

START_TEST(keys_in_lockstep_are_one_axis)
{
    Plan *plan = read_good("[sweep]\n"
                           "link client -- web.rate = 10 Mbit/s, 1 Gbit/s\n"
                           "with link client -- web.delay = 20 ms, 5 ms\n"
                           "with workload w.count = 7, 7\n"
                           "tcp.profile = rfc, linux\n",
                           NULL);

    ck_assert_uint_eq(plan->points, 4);
    ck_assert_uint_eq(plan->axes->len, 2);
    assert_point(plan, 2,
                 "link client -- web.rate = 1 Gbit/s, "
                 "tcp.profile = rfc");
    for (unsigned i = 0; i < 4; i++) {
        assert_value(plan, i, "link", "client -- web", "delay",
                     i < 2 ? "20 ms" : "5 ms");
        assert_value(plan, i, "workload", "w", "count", "7");
        assert_value(plan, i, "tcp", "", "profile", i % 2 ? "linux" : "rfc");
    }
    ck_assert(!plan_axis_is_plain(plan_axis(plan, 0)));
    ck_assert(plan_axis_is_plain(plan_axis(plan, 1)));
    plan_free(plan);
}
END_TEST

static const char cases[] =
    "[sweep]\ntcp.profile = rfc, linux\ncase = plain, both\n"
    "[case plain]\n[case both]\nworkload w.count = 3\n"
    "link client -- web.drop = SYN 1, data 5\ntcp client.rto_min = 0.5 s\n";

START_TEST(a_case_sets_what_it_says)
{
    Plan *plan = read_good(cases, NULL);

    ck_assert_uint_eq(plan->points, 4);
    assert_point(plan, 1, "tcp.profile = rfc, case = both");
    assert_point(plan, 2, "tcp.profile = linux, case = plain");
    assert_value(plan, 0, "workload", "w", "count", NULL);
    assert_value(plan, 1, "workload", "w", "count", "3");
    assert_value(plan, 3, "link", "client -- web", "drop", "SYN 1, data 5");
    assert_value(plan, 3, "tcp", "client", "rto_min", "500 ms");
    assert_value(plan, 3, "tcp", "", "profile", "linux");
    ck_assert_int_eq(plan_find_axis(plan, "case"), 1);
    ck_assert_int_eq(plan_find_axis(plan, "tcp.profile"), 0);
    ck_assert_int_eq(plan_find_axis(plan, "workload w.count"), -1);
    plan_free(plan);
}
END_TEST

/* Also where the first point's case sets what the others leave alone. */
START_TEST(what_is_recorded_reads_back_to_the_same_points)
{
    static const char *const rest[] = {
        "[sweep]\ncase = both, plain\n[case both]\nworkload w.count = 3\n"
        "tcp.profile = rfc\n[case plain]\n",
        "[sweep]\nlink client -- web.loss = 0 % .. 4 % step 2 %\n"
        "with tcp.profile = rfc, linux, rfc\n",
    };
    Plan *plan = read_good(rest[_i], NULL), *again;
    Config *effective = plan_effective(plan);
    char *text = config_to_text(effective), *file = in_folder("again.ini");

    ck_assert(g_file_set_contents(file, text, -1, NULL));
    again = plan_read(file, NULL, NULL);
    ck_assert_ptr_nonnull(again);
    ck_assert_uint_eq(again->points, plan->points);
    for (unsigned i = 0; i < plan->points; i++) {
        PlanPoint *a = plan_point_new(plan, i, NULL);
        PlanPoint *b = plan_point_new(again, i, NULL);
        Config *of_a = plan_point_effective(plan, a);
        Config *of_b = plan_point_effective(again, b);
        char *text_a = config_to_text(of_a), *text_b = config_to_text(of_b);

        ck_assert_str_eq(text_a, text_b);
        g_free(text_a);
        g_free(text_b);
        config_free(of_a);
        config_free(of_b);
        plan_point_free(a);
        plan_point_free(b);
    }
    plan_free(plan);
    plan_free(again);
    config_free(effective);
    g_free(text);
    g_free(file);
}
END_TEST

START_TEST(a_plot_and_an_expectation_may_be_about_cases)
{
    Plan *plan = read_good(
        "[sweep]\nlink client -- web.loss = 0 %, 1 %\ncase = old, new\n"
        "[case old]\ntcp.profile = rfc\n[case new]\ntcp.profile = linux\n"
        "[plot a]\nmetric = tcp.handshake.latency\nx = case\n"
        "series = link client -- web.loss\n"
        "[plot b]\nmetric = tcp.handshake.latency\n"
        "x = link client -- web.loss\nseries = case\n"
        "[expect]\ne = mean(tcp.handshake.latency) < 1 s where case is new\n",
        NULL);
    const PlanPlot *a = g_ptr_array_index(plan->plots, 0);
    const PlanPlot *b = g_ptr_array_index(plan->plots, 1);

    ck_assert_uint_eq(a->x, 1);
    ck_assert_int_eq(b->series, 1);
    plan_free(plan);
}
END_TEST

START_TEST(sets_reach_the_sweep_its_cases_and_plots)
{
    char *sets[] = {"sweep.case = both", "sweep.tcp.profile = linux",
                    "case both.workload w.count = 9",
                    "case both.tcp client.rto_min = 300 ms", NULL};
    Plan *plan = read_good(cases, sets);

    ck_assert_uint_eq(plan->points, 1);
    assert_point(plan, 0, "tcp.profile = linux, case = both");
    assert_value(plan, 0, "workload", "w", "count", "9");
    assert_value(plan, 0, "tcp", "client", "rto_min", "300 ms");
    plan_free(plan);
}
END_TEST

static const struct {
    const char *rest, *message;
} mistakes[] = {
    {"[sweep]\nwith tcp.profile = rfc\n",
     ":12: [sweep] with tcp.profile: it moves with the line above, but there "
     "is none; write GROUP.KEY = VALUES first"},
    {"[sweep]\ntcp.profile = rfc, linux\nwith workload w.count = 1\n",
     ":13: [sweep] with workload w.count: 1 value beside the 2 of tcp.profile "
     "at line 12; write one for each"},
    {"[sweep]\ntcp.profile = rfc, linux\nwith tcp.profile = rfc, linux\n",
     ":13: [sweep] with tcp.profile: line 12 sweeps this key already; keep one "
     "of them"},
    {"[sweep]\ncase = a, b\n[case a]\n",
     ":12: [sweep] case: there is no [case b]; "},
    {"[sweep]\ncase = olt\n[case old]\n",
     ":12: [sweep] case: there is no [case olt]; did you mean \"old\"?"},
    {"[sweep]\ncase = a, a\n[case a]\n",
     ":12: [sweep] case: a stands there twice; write it once"},
    {"[sweep]\ncase = a\n[case a]\ntcp.profil = rfc\n",
     ":14: [case a] tcp.profil: there is no such key of [tcp]; did you "
     "mean \"profile\"?"},
    {"[sweep]\ntcp.wonderland = 1, 2\n",
     ":12: [sweep] tcp.wonderland: there is no such key of [tcp]; firstbyte "
     "describe keys lists them"},
    {"[sweep]\ncase = a\n[case a]\ntcp.profile = bsd\n",
     ":14: [case a] tcp.profile: \"bsd\" is not known; write one of: "},
    {"[sweep]\ncase = a\n[case a]\nprofile = rfc\n",
     ":14: [case a] profile: it is not a group, a dot and a key; "},
    {"[sweep]\ncase = a\n[case a]\nreplicate.min = 3\n",
     ":14: [case a] replicate.min: nothing called [replicate] can be swept; "},
    {"[sweep]\ntcp.profile = rfc, linux\ncase = a\n[case a]\n"
     "tcp.profile = rfc\n",
     ":15: [case a] tcp.profile: line 12 sweeps this key already; "},
};

START_TEST(mistakes_are_named)
{
    char *why = NULL;
    Plan *plan = read_with(mistakes[_i].rest, NULL, &why);

    ck_assert_msg(plan == NULL, "accepted: %s", mistakes[_i].rest);
    ck_assert_msg(strstr(why, mistakes[_i].message) != NULL,
                  "\"%s\", not \"%s\"", why, mistakes[_i].message);
    g_free(why);
}
END_TEST

START_TEST(a_value_between_is_refused_where_other_keys_move)
{
    Plan *plan = read_good("[sweep]\nlink client -- web.loss = 0 %, 2 %\n"
                           "with workload w.count = 1, 2\n",
                           NULL);
    GError *error = NULL;

    ck_assert_ptr_null(plan_point_new_at(plan, 0, 0, "1 %", &error));
    ck_assert_ptr_nonnull(strstr(error->message, "the other keys"));
    g_error_free(error);
    plan_free(plan);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("axes");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, keys_in_lockstep_are_one_axis);
    tcase_add_test(tcase, a_case_sets_what_it_says);
    tcase_add_loop_test(tcase, what_is_recorded_reads_back_to_the_same_points,
                        0, 2);
    tcase_add_test(tcase, a_plot_and_an_expectation_may_be_about_cases);
    tcase_add_test(tcase, sets_reach_the_sweep_its_cases_and_plots);
    tcase_add_loop_test(tcase, mistakes_are_named, 0, G_N_ELEMENTS(mistakes));
    tcase_add_test(tcase, a_value_between_is_refused_where_other_keys_move);
    return run_tests("axes", tcase, NULL);
}
