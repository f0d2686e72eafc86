/* check_plan.c - what an experiment file may say, and what is said about
 * mistakes. */
#include "experiments/shipped.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

START_TEST(the_last_axis_varies_fastest)
{
    Plan *plan = read_plan(0, NULL);
    static const char *const texts[] = {
        "link client -- web.loss = 0 %, tcp.profile = linux",
        "link client -- web.loss = 0 %, tcp.profile = rfc",
        "link client -- web.loss = 20 %, tcp.profile = linux",
        "link client -- web.loss = 20 %, tcp.profile = rfc"};

    ck_assert_uint_eq(plan->points, 4);
    for (unsigned i = 0; i < plan->points; i++) {
        char *text = plan_point_text(plan, i);

        ck_assert_str_eq(text, texts[i]);
        g_free(text);
    }
    plan_free(plan);
}
END_TEST

START_TEST(a_file_without_a_sweep_has_one_point)
{
    char *file = in_folder("one.ini");
    Plan *plan;

    ck_assert(g_file_set_contents(
        file,
        "[experiment]\ntopology = direct.ini\n[workload w]\nkind = connect\n"
        "node = client\nto = web:80\n",
        -1, NULL));
    plan = plan_read(file, NULL, NULL);
    ck_assert_ptr_nonnull(plan);
    ck_assert_uint_eq(plan->points, 1);
    plan_free(plan);
    g_free(file);
}
END_TEST

/* Line of the experiment, what is put there, what the message must hold. */
static const struct {
    int line;
    const char *text, *message;
} mistakes[] = {
    {2, "titel = A test", "test.ini:2: [experiment] titel: "},
    {2, "topology = nowhere.ini", "nowhere.ini"},
    {14, "kind = conect", "test.ini:14: [workload connects] kind: "},
    {15, "node = nobody", "no node is called \"nobody\""},
    {15, "node = web", NULL}, /* a server may connect as well */
    {16, "to = web", "names no port"},
    {16, "to = web:0", "names no port"},
    {16, "to = web:http", "names no port"},
    {16, "to = nobody:80", "no node is called \"nobody\""},
    {17, "arrivals = often", "is no way to arrive"},
    {17, "arrivals = poisson 10",
     "test.ini:17: [workload connects] arrivals: "},
    {17, "arrivals = every 0 s", "is no gap between arrivals"},
    {18, "count = 0", "test.ini:18: [workload connects] count: "},
    {20, "link client -- web.los = 0 %", "test.ini:20: [sweep] "},
    {20, "link client -- nobody.loss = 0 %", "nobody"},
    {20, "link client -- web.loss = 0 %, 130 %", "test.ini:20: [sweep] "},
    {20, "link client -- web.loss = 0 %, 5", "test.ini:20: [sweep] "},
    {20, "nonsense = 1", "it is not a group, a dot and a key"},
    {20, "replicate.seed = 1, 2", "nothing called [replicate] can be swept"},
    {21, "tcp.profile = linux, bsd", "test.ini:21: [sweep] tcp.profile: "},
    {23, "min = 10", "less than min"},
    {24, "max = many", "test.ini:24: [replicate] max: "},
    {25, "until = soon", "is no stopping rule"},
    {25, "until = halfwidth(mean(tcp.latency)) < 5 % at 95 %",
     "there is no metric or gauge \"tcp.latency\""},
    {25, "until = halfwidth(mean(tcp.handshake.latency)) < 5 % at 100 %",
     "the level between"},
    {25, "until = halfwidth(mean(tcp.handshake.latency)) < 5 at 95 %",
     "test.ini:25: [replicate] until: "},
    {28, "metric = tcp.latency", "there is no metric or gauge \"tcp.latency\""},
    {29, "x = tcp.rto_min", "is no axis of the [sweep]"},
    {28, "kind = lines", "test.ini:27: [plot latency] metric: not given"},
    {29, "kind = lines", "test.ini:27: [plot latency] x: not given"},
    {30, "kind = pie", "test.ini:30: [plot latency] kind: "},
    {30, "kind = cdf", "[plot latency] x: this kind of plot has no such axis"},
    {32, "kind = heatmap", "room for one statistic"},
    {30, "kind = band", "theory: it says nothing that this kind"},
    {30, "y = mean, p100", "is no statistic"},
    {30, "y = mean, failures", "measured in different units"},
    {30, "baseline = tcp.profile is rfc", "only a difference has one"},
    {30, "point = tcp.profile is rfc", "it names an axis that is drawn"},
    {30, "point = tcp.rto_min is 1 s", "is no axis of the [sweep]"},
    {31, "series = tcp.rto_min", "is no axis of the [sweep]"},
    {32, "theory = guess", "test.ini:32: [plot latency] theory: "},
    {34, "lossless = 20 ms", "is no expectation"},
    {34, "lossless = mode(tcp.handshake.latency) is 20 ms", "is no statistic"},
    {34, "lossless = mean(tcp.latency) is 20 ms", "there is no metric"},
    {34, "lossless = mean(tcp.handshake.latency) is 20",
     "test.ini:34: [expect] "},
    {34,
     "lossless = mean(tcp.handshake.latency) is 20 ms where tcp.profile is "
     "bsd",
     "test.ini:34: [expect] lossless: "},
    {34,
     "lossless = mean(tcp.handshake.latency) is 20 ms where "
     "tcp.rto_min is 1 s",
     "is no axis of the [sweep]"},
    {34,
     "lossless = mean(tcp.handshake.latency) is 20 ms where "
     "link client -- web.loss is 3 %",
     "is not among the values"},
    {34, "lossless = p99(tcp.handshake.latency) is theory",
     "there is a theory of mean(tcp.handshake.latency),"},
};

START_TEST(every_mistake_is_named)
{
    char *file = write_experiment(mistakes[_i].line, mistakes[_i].text);
    GError *error = NULL;
    Plan *plan = plan_read(file, NULL, &error);

    if (mistakes[_i].message == NULL) {
        ck_assert_ptr_nonnull(plan);
    } else {
        ck_assert_msg(plan == NULL, "accepted: %s", mistakes[_i].text);
        ck_assert_msg(strstr(error->message, mistakes[_i].message) != NULL,
                      "\"%s\" draws \"%s\", not \"%s\"", mistakes[_i].text,
                      error->message, mistakes[_i].message);
        g_error_free(error);
    }
    plan_free(plan);
    g_free(file);
}
END_TEST

START_TEST(without_a_workload_there_is_nothing_to_do)
{
    char *file = in_folder("none.ini");
    GError *error = NULL;

    ck_assert(g_file_set_contents(file, "[experiment]\ntopology = direct.ini\n",
                                  -1, NULL));
    ck_assert_ptr_null(plan_read(file, NULL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "no [workload NAME]"));
    g_error_free(error);
    g_free(file);
}
END_TEST

/* What is shipped is right, and says what it expects. */
START_TEST(shipped_experiments_are_read)
{
    GPtrArray *list = shipped_list();

    ck_assert_uint_ge(list->len, 4);
    for (guint i = 0; i < list->len; i++) {
        const ShippedExperiment *shipped = g_ptr_array_index(list, i);
        GError *error = NULL;
        Plan *plan = plan_read(shipped->file, NULL, &error);

        ck_assert_msg(plan != NULL, "%s", error != NULL ? error->message : "");
        ck_assert_msg(plan->expectations->len >= 2, "%s", shipped->name);
        ck_assert_msg(plan->plots->len >= 1, "%s", shipped->name);
        ck_assert_str_eq(plan->experiment.title, shipped->title);
        ck_assert_str_eq(plan->experiment.question, shipped->question);
        plan_free(plan);
    }
    g_ptr_array_unref(list);
}
END_TEST

/* By name, as a file, as its folder; what is nowhere is told with what is near.
 */
START_TEST(shipped_experiments_are_found)
{
    static const char *const spellings[] = {
        "handshake-loss", "handshake-loss.ini",
        FIRSTBYTE_SRCDIR "/experiments/handshake-loss",
        FIRSTBYTE_SRCDIR "/experiments/handshake-loss/handshake-loss.ini"};
    GError *error = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++) {
        char *file = shipped_find(spellings[i], &error);

        ck_assert_msg(file != NULL, "%s", spellings[i]);
        ck_assert(g_str_has_suffix(file, "/handshake-loss/handshake-loss.ini"));
        g_free(file);
    }
    ck_assert_ptr_null(shipped_find("handshake-los.ini", &error));
    ck_assert_str_eq(error->message,
                     "handshake-los.ini: no such file or shipped experiment; "
                     "did you mean \"handshake-loss\"?");
    g_clear_error(&error);
    ck_assert_ptr_null(shipped_find("elsewhere/handshake-loss", &error));
    g_clear_error(&error);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("plan");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, the_last_axis_varies_fastest);
    tcase_add_test(tcase, a_file_without_a_sweep_has_one_point);
    tcase_add_loop_test(tcase, every_mistake_is_named, 0,
                        G_N_ELEMENTS(mistakes));
    tcase_add_test(tcase, without_a_workload_there_is_nothing_to_do);
    tcase_add_test(tcase, shipped_experiments_are_read);
    tcase_add_test(tcase, shipped_experiments_are_found);
    return run_tests("plan", tcase, NULL);
}
