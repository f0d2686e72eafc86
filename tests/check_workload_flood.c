/* check_workload_flood.c - SYNs that nobody waits for, and clients that have no
 * port left; what is wrong with a workload, and what is said about it. */
#include <math.h>

#include "experiments/experiment.h"
#include "tests/run_tests.h"
#include "tests/workload_run.h"

#define FLOOD "[workload f]\nkind = flood\nnode = a\nto = b:80\n"

static unsigned in_prefix(const WorkloadRun *run, const char *prefix,
                          unsigned len)
{
    IpAddress first;
    unsigned count = 0;

    ck_assert(ip_from_text(prefix, &first));
    for (guint i = 0; i < run->syns->len; i++)
        count += ip_equal(
            ip_mask(g_array_index(run->syns, Packet, i).ip.source, 96 + len),
            first);
    return count;
}

START_TEST(each_is_a_syn_from_an_address_of_the_prefix)
{
    WorkloadRun *run =
        workload_run(FLOOD "arrivals = every 1 ms\ncount = 4000\n");

    ck_assert_uint_eq(run->syns->len, 4000);
    ck_assert_uint_eq(in_prefix(run, "198.18.0.0", 15), 4000);
    /* Both halves alike: within four deviations of a fair coin. */
    ck_assert_double_eq_tol(in_prefix(run, "198.18.0.0", 16), 2000,
                            4 * sqrt(1000));
    ck_assert_uint_eq(run->work->len, 0);
    workload_run_free(run);
    run = workload_run(FLOOD "count = 9\nspoof = 240.1.2.3/32\n");
    ck_assert_uint_eq(in_prefix(run, "240.1.2.3", 32), 9);
    workload_run_free(run);
}
END_TEST

START_TEST(the_backlog_takes_what_it_can)
{
    WorkloadRun *run = workload_run(
        FLOOD "count = 1000\n[tcp]\nbacklog = 128\nsyn_cookies = no\n");

    ck_assert_uint_eq(run->drops[DROP_TCP_BACKLOG], 1000 - 128);
    workload_run_free(run);
    run = workload_run(
        FLOOD "count = 1000\n[tcp]\nbacklog = 128\nsyn_cookies = when_full\n");
    ck_assert_uint_eq(run->drops[DROP_TCP_BACKLOG], 0);
    workload_run_free(run);
}
END_TEST

/* The share of calls that find all of N lines busy (Erlang 1917), by his
 * recursion.  It depends on the mean time that a line is held, not on its
 * distribution (Sevastyanov 1957). */
static double erlang_b(double load, unsigned n)
{
    double share = 1;

    for (unsigned i = 1; i <= n; i++)
        share = load * share / (i + load * share);
    return share;
}

/* A half-open connection holds its place until the last of five SYN,ACKs has
 * waited in vain: 1 + 2 + 4 + 8 + 16 + 32 s. */
START_TEST(a_full_backlog_obeys_erlang)
{
    WorkloadRun *run =
        workload_run(FLOOD "arrivals = poisson 2 /s\nuntil = 50000 s\n"
                           "[tcp]\nprofile = rfc\nbacklog = 128\n");
    double syns = run->syns->len;
    double lost = (double)run->drops[DROP_TCP_BACKLOG] / syns;
    double load = 2 * 63;

    ck_assert_double_eq_tol(syns, 100000, 4 * sqrt(100000));
    /* 100,000 SYNs are 800 lives of the backlog, which are independent. */
    ck_assert_double_eq_tol(lost, erlang_b(load, 128),
                            erlang_b(load, 128) * 0.15);
    workload_run_free(run);
}
END_TEST

/* Ten ports, each in TIME-WAIT for a minute after its second of use. */
START_TEST(a_client_without_a_port_fails_at_once)
{
    WorkloadRun *run = workload_run(
        "[workload w]\nkind = connect\nnode = a\nto = b:80\n"
        "arrivals = every 100 ms\ncount = 25\n"
        "[tcp a]\nport_first = 40000\nport_last = 40009\ntw_reuse = no\n");
    GArray *begun = workload_times(run, "w", false);
    GArray *done = workload_times(run, "w", true);

    ck_assert_uint_eq(done->len, 25);
    ck_assert_uint_eq(workload_outcomes(run, "ok"), 10);
    ck_assert_uint_eq(workload_outcomes(run, "no port left"), 15);
    for (guint i = 10; i < 25; i++)
        ck_assert_int_eq(g_array_index(begun, SimTime, i),
                         g_array_index(done, SimTime, i));
    g_array_free(begun, TRUE);
    g_array_free(done, TRUE);
    workload_run_free(run);
}
END_TEST

/* --- mistakes ------------------------------------------------------------- */

#define CONNECT "[workload w]\nkind = connect\nnode = a\nto = b:80\n"
#define PAGE "[workload w]\nkind = page\nnode = a\n"

/* The group, what the message must end in. */
static const struct {
    const char *more, *message;
} mistakes[] = {
    {CONNECT "arrivals = sometimes\n",
     "test.ini:16: [workload w] arrivals: \"sometimes\" is no way to arrive; "
     "one of: once, every 100 ms, poisson 10 /s, users 5, trace FILE"},
    {CONNECT "arrivals = every 0 s\n", "is no gap between arrivals"},
    {CONNECT "arrivals = users many\n", "\"many\" is no number of users"},
    {CONNECT "arrivals = users 0\n", "\"0\" is no number of users"},
    {CONNECT "arrivals = every 1 s\n",
     "test.ini:12: [workload w] count: nothing ends it; a number, or until = "
     "TIME here or in [measure], would be right"},
    {CONNECT "arrivals = users 5\ncount = auto\n",
     "test.ini:12: [workload w] think: users who do not think may do without "
     "end"},
    {CONNECT "until = 1 s\nstart = 1 s\n",
     "test.ini:16: [workload w] until: not after start"},
    {CONNECT "think = a while\n",
     "test.ini:16: [workload w] think: \"a while\""},
    {CONNECT "think = -1 s\n", "is no time to think; 0 s to 1000000 s"},
    {CONNECT "think = exponential\n", "[workload w] think: \"exponential\""},
    {CONNECT "arrivals = trace\n", "\"trace\" is no way to arrive"},
    {CONNECT "arrivals = trace nowhere.txt\n",
     "test.ini:16: [workload w] arrivals: "},
    {CONNECT "arrivals = trace bare.txt\n", "bare.txt:2: "},
    {CONNECT "arrivals = trace back.txt\n",
     "back.txt:3: earlier than the line before; lines in the order of time "
     "would be right"},
    {CONNECT "arrivals = trace before.txt\n", "before.txt:1: before 0 s"},
    {CONNECT "arrivals = trace bytes.txt\n",
     "bytes.txt:1: more than a time; a time with its unit alone would be "
     "right, or a workload of kind send, fetch or page"},
    {CONNECT "arrivals = trace empty.txt\n", "empty.txt: nothing arrives; "},
    {CONNECT "arrivals = trace latin1.txt\n", "latin1.txt: not UTF-8 text"},
    {"[workload w]\nkind = send\nnode = a\nto = b:1\n"
     "arrivals = trace urls.txt\n",
     "urls.txt:1: "},
    {"[workload w]\nkind = send\nnode = a\nto = b:1\n"
     "arrivals = trace none.txt\n",
     "none.txt:1: nothing to send; 1 B or more would be right"},
    {PAGE "to = b/\narrivals = trace https.txt\n",
     "https.txt:1: \"https://b/\" is no URL to open: "},
    {PAGE "to = b/ https://b/\n",
     "test.ini:15: [workload w] to: \"https://b/\" is no URL to open: "},
    {FLOOD "arrivals = users 5\nthink = 1 s\ncount = 5\n",
     "test.ini:16: [workload f] arrivals: a flood has no users"},
    {FLOOD "pages = 2\n", "test.ini:16: [workload f] pages: a flood has no "
                          "sessions; 1 would be right"},
    {FLOOD "spoof = 198.18.0.0\n",
     "test.ini:16: [workload f] spoof: \"198.18.0.0\" is no prefix"},
    {FLOOD "spoof = 198.18.0.1/15\n", "nothing but zeros behind its length"},
    {FLOOD "spoof = 0.0.0.0/0\n",
     "is a node's address, which would answer; a prefix that nobody has "
     "would be right"},
    {FLOOD "spoof = 198.18.0.0/33\n", "is no prefix"},
};

static void write_traces(void)
{
    write_text("bare.txt", "1 s\n2\n");
    write_text("back.txt", "1 s\n2 s\n1999 ms\n");
    write_text("before.txt", "-1 s\n");
    write_text("bytes.txt", "1 s 5 kB\n");
    write_text("empty.txt", "# nothing\n\n");
    write_text("latin1.txt", "1 s # gew\366hnlich\n");
    write_text("urls.txt", "1 s http://b/\n");
    write_text("none.txt", "1 s 0 B\n");
    write_text("https.txt", "1 s https://b/\n");
}

START_TEST(every_mistake_is_named)
{
    char *text = g_strconcat(WORKLOAD_NETWORK, mistakes[_i].more, NULL), *why;
    Plan *plan;

    write_traces();
    plan = workload_plan(text, &why);
    ck_assert_msg(plan == NULL, "accepted: %s", mistakes[_i].more);
    ck_assert_msg(strstr(why, mistakes[_i].message) != NULL,
                  "\"%s\" draws \"%s\", not \"%s\"", mistakes[_i].more, why,
                  mistakes[_i].message);
    g_free(why);
    g_free(text);
}
END_TEST

/* --- the results folder --------------------------------------------------- */

START_TEST(traces_are_kept_with_the_results)
{
    static const char more[] =
        CONNECT "[sweep]\n"
                "workload w.arrivals = trace when.txt, trace more/when.txt\n";
    char *text = g_strconcat(WORKLOAD_NETWORK, more, NULL), *why, *is;
    char *path = in_folder("results"), *more_path = in_folder("more");
    ExperimentOptions options = {.folder = path, .threads = 1};
    Experiment experiment;
    GError *error = NULL;
    Plan *plan;
    bool good;

    ck_assert_int_eq(g_mkdir(more_path, 0777), 0);
    write_text("when.txt", "1 s\n");
    write_text("more/when.txt", "1 s\n2 s\n");
    plan = workload_plan(text, &why);
    ck_assert_msg(plan != NULL, "%s", why);
    good = experiment_run(&experiment, plan, &options, &error);
    ck_assert_msg(good, "%s", error->message);
    experiment_clear(&experiment);
    plan_free(plan);
    write_text("when.txt", "gone"); /* the copies are read */
    write_text("more/when.txt", "gone");
    is = in_folder("results/experiment.ini");
    plan = plan_read(is, NULL, NULL);
    ck_assert_ptr_nonnull(plan);
    ck_assert_uint_eq(plan->traces->len, 2);
    ck_assert_str_eq(plan_value(plan, 1, 0), "trace files/more/when.txt");
    plan_free(plan);
    g_free(is);
    g_free(more_path);
    g_free(path);
    g_free(text);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("workload flood");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_add_test(tcase, each_is_a_syn_from_an_address_of_the_prefix);
    tcase_add_test(tcase, the_backlog_takes_what_it_can);
    tcase_add_test(tcase, a_full_backlog_obeys_erlang);
    tcase_add_test(tcase, a_client_without_a_port_fails_at_once);
    tcase_add_loop_test(tcase, every_mistake_is_named, 0,
                        G_N_ELEMENTS(mistakes));
    tcase_add_test(tcase, traces_are_kept_with_the_results);
    return run_tests("workload flood", tcase, NULL);
}
