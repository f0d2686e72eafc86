/* check_queueing.c - datagrams that wait for a line, beside the theory. */
#include <math.h>

#include "experiments/experiment.h"
#include "experiments/queueing_theory.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

/* 1000 bytes take 1 ms; 800 a second are a load of 0.8. */
static const char text[] = "[experiment]\ntitle = A test\n"
                           "[node a]\nkind = client\n"
                           "[node r]\nkind = router\n"
                           "[node b]\nkind = server\nhttp = yes\n"
                           "[link a -- b]\nrate = 8 Mbit/s\ndelay = 1 ms\n"
                           "overhead = ip\nqueue = none\nmtu = 65535 B\n"
                           "[node c]\nkind = client\n"
                           "[link r -- b]\ndelay = 1 ms\n"
                           "[link r -- c]\ndelay = 1 ms\n"
                           "[arp]\nmode = static\n"
                           "[replicate]\nmin = 2\n"
                           "[workload w]\nkind = datagram\nnode = a\n"
                           "to = b:9\nbytes = 1000 B\n"
                           "arrivals = poisson 800 /s\n"
                           "[run]\nkind = steady\nduration = 100 s\n"
                           "[expect]\nx = mean(link.queue.delay) < 1 h\n";

/* The plan of the text above and SETS; NULL with the reason in *WHY (g_free).
 */
static Plan *plan_of(const char **sets, char **why)
{
    char *file = in_folder("queueing.ini");
    GError *error = NULL;
    Plan *plan;

    ck_assert(g_file_set_contents(file, text, -1, NULL));
    plan = plan_read(file, (char **)sets, &error);
    *why = error != NULL ? g_strdup(error->message) : NULL;
    g_clear_error(&error);
    g_free(file);
    return plan;
}

static double theory_of(const char **sets, PlotTheory theory, char **why)
{
    Plan *plan = plan_of(sets, why);
    PlanPoint *point;
    double wait;

    ck_assert_msg(plan != NULL, "%s", *why);
    point = plan_point_new(plan, 0, NULL);
    wait = queueing_theory_wait(plan, point, METRIC_QUEUE_DELAY, theory, why);
    plan_point_free(point);
    plan_free(plan);
    return wait;
}

/* 0.8 / (2 (1 - 0.8)) = 2 services; exponential: twice that.  38 bytes more
 * on the line than IP has: S = 1.038 ms, rho = 0.8304. */
START_TEST(theory_is_the_formula)
{
    static const char *plain[] = {NULL};
    static const char *exponential[] = {"workload w.sizes = exponential",
                                        "workload w.bytes = 4000 B",
                                        "link a -- b.rate = 32 Mbit/s", NULL};
    static const char *framed[] = {"link a -- b.overhead = ethernet+gap", NULL};
    char *why = NULL;

    ck_assert_double_eq_tol(theory_of(plain, THEORY_MD1, &why), 2e6, 1e-3);
    ck_assert_double_eq_tol(theory_of(plain, THEORY_NONE, &why), 2e6, 1e-3);
    ck_assert_double_eq_tol(theory_of(exponential, THEORY_MM1, &why), 4e6, 1e3);
    ck_assert_double_eq_tol(theory_of(exponential, THEORY_NONE, &why), 4e6,
                            1e3);
    ck_assert_double_eq_tol(theory_of(framed, THEORY_MD1, &why),
                            1.038e6 * 0.8304 / (2 * (1 - 0.8304)), 1);
    ck_assert_ptr_null(why);
}
END_TEST

/* A length is not less than its headers nor more than the MTU: the mean of S
 * and S^2 over a million lengths, each as likely as the others. */
START_TEST(lengths_are_cut)
{
    static const char *sets[] = {"workload w.sizes = exponential",
                                 "workload w.bytes = 500 B",
                                 "link a -- b.mtu = 1500 B", NULL};
    enum { LENGTHS = 1000000 };
    double s = 0, squares = 0;
    char *why = NULL;

    for (int i = 0; i < LENGTHS; i++) {
        double x = CLAMP(-500 * log((i + 0.5) / LENGTHS), 28, 1500) * 1e3;

        s += x / LENGTHS;
        squares += x * x / LENGTHS;
    }
    ck_assert_double_eq_tol(theory_of(sets, THEORY_MM1, &why),
                            squares / 1.25e6 / (2 * (1 - s / 1.25e6)), 10);
    ck_assert_ptr_null(why);
}
END_TEST

static const struct {
    const char *set, *why;
    PlotTheory theory;
} not_here[] = {
    {"workload w.arrivals = every 2 ms", "datagrams do not come at random",
     THEORY_MD1},
    {"workload w.sizes = exponential",
     "datagrams have other lengths than the theory", THEORY_MD1},
    {"workload w.sizes = constant",
     "datagrams have other lengths than the theory", THEORY_MM1},
    {"workload w.count = 7", "datagrams do not come all the time", THEORY_MD1},
    {"workload w.kind = flood", "a workload does not send datagrams",
     THEORY_MD1},
    {"link a -- b.queue = droptail 100 packets", "the queue has an end",
     THEORY_MD1},
    {"link a -- b.rate = unlimited", "the line has no rate, so nothing waits",
     THEORY_MD1},
    {"workload w.arrivals = poisson 1000 /s",
     "more comes than the line can carry: there is no steady state",
     THEORY_MD1},
    {"workload w.node = c",
     "datagrams cross more than one line; there is one of METRIC(A -> B) "
     "alone",
     THEORY_MD1},
    {"arp.mode = dynamic", "ARP is not static", THEORY_MD1},
};

START_TEST(where_it_does_not_hold_it_says_why)
{
    const char *sets[] = {not_here[_i].set, NULL};
    char *why = NULL;

    ck_assert_double_nan(theory_of(sets, not_here[_i].theory, &why));
    ck_assert_str_eq(why, not_here[_i].why);
    g_free(why);
}
END_TEST

static void ck_assert_holds(const char **sets)
{
    char *why, *results = in_folder("results");
    Plan *plan = plan_of(sets, &why);
    ExperimentOptions options = {
        .folder = results, .threads = 1, .force = true};
    GString *report = g_string_new(NULL);
    Experiment experiment;

    ck_assert_msg(plan != NULL, "%s", why);
    ck_assert(experiment_run(&experiment, plan, &options, NULL));
    ck_assert_msg(experiment_expectations(&experiment, report), "%s",
                  report->str);
    experiment_clear(&experiment);
    plan_free(plan);
    g_string_free(report, TRUE);
    g_free(results);
}

/* The interval itself is small: a twentieth of what it is to meet. */
START_TEST(a_line_is_such_a_queue)
{
    static const char *constant[] = {
        "run.warmup = 10 s",
        "expect.x = mean(link.queue.delay) is theory +- 4 se",
        "expect.y = mean(link.queue.delay) is theory +- 10 %", NULL};
    static const char *exponential[] = {
        "run.warmup = mser-5",
        "workload w.sizes = exponential",
        "workload w.bytes = 4 kB",
        "link a -- b.rate = 80 Mbit/s",
        "workload w.arrivals = poisson 1750 /s",
        "expect.x = mean(link.queue.delay) is theory +- 4 se",
        "expect.y = mean(link.queue.delay) is theory +- 10 %",
        NULL};

    static const char *cut[] = {
        "run.warmup = mser-5",
        "workload w.sizes = exponential",
        "workload w.bytes = 500 B",
        "link a -- b.mtu = 1500 B",
        "workload w.arrivals = poisson 1600 /s",
        "expect.x = mean(link.queue.delay) is theory +- 4 se",
        "expect.y = mean(link.queue.delay) is theory +- 10 %",
        NULL};
    static const char **const lines[] = {constant, exponential, cut};

    ck_assert_holds((const char **)lines[_i]);
}
END_TEST

/* One every 10 ms, of 1000 bytes, from 0 on: each is a packet of one line. */
START_TEST(each_datagram_is_a_packet)
{
    static const char *sets[] = {"workload w.arrivals = every 10 ms",
                                 "workload w.count = 500",
                                 "expect.x = mean(link.queue.delay) is 0 s",
                                 "expect.n = mean(link.packets) is 500",
                                 "expect.d = mean(drops) is 0",
                                 NULL};
    /* Five at once: they wait 0, 1, 2, 3 and 4 ms. */
    static const char *burst[] = {
        "workload w.arrivals = once", "workload w.count = 5",
        "expect.x = mean(link.queue.delay) is 2 ms",
        "expect.m = max(link.queue.delay) is 4 ms", NULL};

    ck_assert_holds(sets);
    ck_assert_holds(burst);
}
END_TEST

/* Ten at once: one is sent, three wait 1, 2 and 3 ms, and six find the queue
 * full, or are named by a rule, and have waited for nothing. */
START_TEST(what_is_dropped_at_once_has_not_waited)
{
    static const char *full[] = {"workload w.arrivals = once",
                                 "workload w.count = 10",
                                 "link a -- b.queue = droptail 3 packets",
                                 "expect.x = mean(link.queue.delay) is 1.5 ms",
                                 "expect.n = count(link.queue.delay) is 4",
                                 "expect.d = mean(drops.queue_full) is 6",
                                 NULL};
    static const char *ruled[] = {"workload w.arrivals = once",
                                  "workload w.count = 10",
                                  "link a -> b.drop = UDP 5-10",
                                  "expect.x = mean(link.queue.delay) is 1.5 ms",
                                  "expect.n = count(link.queue.delay) is 4",
                                  "expect.d = mean(drops.by_rule) is 6",
                                  NULL};

    ck_assert_holds(full);
    ck_assert_holds(ruled);
}
END_TEST

/* --- end to end ----------------------------------------------------------- */

/* 1 ms to send it, 1 ms to travel; five at once wait besides; and a second
 * line, through a router, is 1 ms more. */
START_TEST(a_datagram_is_timed_from_end_to_end)
{
    static const char *alone[] = {"workload w.arrivals = every 10 ms",
                                  "workload w.count = 500",
                                  "expect.x = min(datagram.delay) is 2 ms",
                                  "expect.m = max(datagram.delay) is 2 ms",
                                  "expect.n = count(datagram.delay) is 500",
                                  NULL};
    static const char *burst[] = {
        "workload w.arrivals = once", "workload w.count = 5",
        "expect.x = mean(datagram.delay) is 4 ms",
        "expect.m = max(datagram.delay) is 6 ms", NULL};
    static const char *far[] = {"workload w.arrivals = every 10 ms",
                                "workload w.count = 500",
                                "workload w.node = c",
                                "link r -- c.rate = unlimited",
                                "link r -- b.rate = unlimited",
                                "expect.x = mean(datagram.delay) is 2 ms",
                                NULL};

    ck_assert_holds(alone);
    ck_assert_holds(burst);
    ck_assert_holds(far);
}
END_TEST

/* What a rule or a full queue takes is counted beside the delay, what a line
 * makes twice once. */
START_TEST(a_lost_datagram_is_counted_beside_the_delay)
{
    static const char *ruled[] = {"workload w.arrivals = every 10 ms",
                                  "workload w.count = 500",
                                  "link a -> b.drop = UDP 5-14",
                                  "expect.x = mean(datagram.delay) is 2 ms",
                                  "expect.n = count(datagram.delay) is 490",
                                  "expect.f = failures(datagram.delay) is 2 %",
                                  NULL};
    static const char *full[] = {"workload w.arrivals = once",
                                 "workload w.count = 10",
                                 "link a -- b.queue = droptail 3 packets",
                                 "expect.n = count(datagram.delay) is 4",
                                 "expect.f = failures(datagram.delay) is 60 %",
                                 NULL};
    static const char *twice[] = {"workload w.arrivals = every 10 ms",
                                  "workload w.count = 500",
                                  "link a -> b.duplicate = 50 %",
                                  "expect.x = max(datagram.delay) is 2 ms",
                                  "expect.n = count(datagram.delay) is 500",
                                  "expect.f = failures(datagram.delay) is 0 %",
                                  NULL};

    ck_assert_holds(ruled);
    ck_assert_holds(full);
    ck_assert_holds(twice);
}
END_TEST

/* The time in the system is the wait and the sending: 2 + 1 ms for M/D/1 at a
 * load of 0.8, and 1 ms to travel.  For M/M/1 it is exponential with the mean
 * S / (1 - rho) (Kleinrock, Queueing Systems vol. 1, s3.2): here S = 0.4 ms and
 * rho = 0.7, 1.333 ms, of which ln 2 and ln 100 times are half and 99 %. */
START_TEST(the_time_in_the_system_is_that_of_theory)
{
    static const char *constant[] = {
        "run.warmup = 10 s", "replicate.min = 4",
        "expect.x = mean(datagram.delay) is 4 ms +- 4 se",
        "expect.y = mean(datagram.delay) is 4 ms +- 5 %", NULL};
    static const char *exponential[] = {
        "run.warmup = 10 s",
        "replicate.min = 4",
        "workload w.sizes = exponential",
        "workload w.bytes = 4 kB",
        "link a -- b.rate = 80 Mbit/s",
        "workload w.arrivals = poisson 1750 /s",
        "expect.x = mean(datagram.delay) is 2.333 ms +- 4 se",
        "expect.y = mean(datagram.delay) is 2.333 ms +- 5 %",
        "expect.h = p50(datagram.delay) is 1.924 ms +- 5 %",
        "expect.t = p99(datagram.delay) is 7.140 ms +- 10 %",
        NULL};

    ck_assert_holds(_i == 0 ? constant : exponential);
}
END_TEST

static const struct {
    const char *set, *why;
} mistakes[] = {
    {"workload w.bytes = 1 MB", "[workload w] bytes: a datagram from \"a\" has "
                                "from 28 to 65535 bytes, its headers among "
                                "them"},
    {"workload w.bytes = 27 B", "from 28 to 65535 bytes"},
    {"workload w.to = d:9", "[workload w] to: no node is called \"d\""},
    {"workload w.to = 192.0.2.1:9",
     "[workload w] to: \"192.0.2.1:9\": datagrams are read at a node of the "
     "network that has UDP"},
    {"workload w.node = r", "[workload w] node: \"r\" has no UDP; name a host"},
    {"workload w.arrivals = users 3",
     "[workload w] arrivals: a datagram has no users; every TIME or poisson "
     "RATE would be right"},
    {"workload w.pages = 3",
     "[workload w] pages: a datagram has no sessions; 1 would be right"},
};

START_TEST(a_mistake_is_told_where_it_is)
{
    const char *sets[] = {mistakes[_i].set, "workload w.think = 1 s", NULL};
    char *why;
    Plan *plan = plan_of(sets, &why);

    ck_assert_ptr_null(plan);
    ck_assert_msg(strstr(why, mistakes[_i].why) != NULL, "%s", why);
    g_free(why);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("queueing");

    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_folder, drop_folder);
    tcase_add_test(tests, theory_is_the_formula);
    tcase_add_test(tests, lengths_are_cut);
    tcase_add_loop_test(tests, where_it_does_not_hold_it_says_why, 0,
                        G_N_ELEMENTS(not_here));
    tcase_add_loop_test(tests, a_line_is_such_a_queue, 0, 3);
    tcase_add_test(tests, each_datagram_is_a_packet);
    tcase_add_test(tests, what_is_dropped_at_once_has_not_waited);
    tcase_add_test(tests, a_datagram_is_timed_from_end_to_end);
    tcase_add_test(tests, a_lost_datagram_is_counted_beside_the_delay);
    tcase_add_loop_test(tests, the_time_in_the_system_is_that_of_theory, 0, 2);
    tcase_add_loop_test(tests, a_mistake_is_told_where_it_is, 0,
                        G_N_ELEMENTS(mistakes));
    return run_tests("queueing", tests, NULL);
}
