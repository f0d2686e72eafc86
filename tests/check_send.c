/* check_send.c - workloads of kind send: how fast, exactly, and what fails. */
#include "experiments/experiment.h"
#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

static const char text[] = "[experiment]\ntitle = A test\n"
                           "[node a]\nkind = client\n"
                           "[node b]\nkind = server\nhttp = yes\n"
                           "[link a -- b]\nrate = unlimited\ndelay = 10 ms\n"
                           "[arp]\nmode = static\n"
                           "[workload w]\nkind = send\nnode = a\n";

static void ck_assert_holds(const char *more)
{
    char *why, *results = in_folder("results");
    Plan *plan = plan_of_text(text, more, &why);
    ExperimentOptions options = {.folder = results, .threads = 1};
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

/* Ten segments of 1448 bytes are read 10 ms after the connection is
 * established at the sender. */
START_TEST(what_fits_the_first_window_takes_one_crossing)
{
    ck_assert_holds("to = b:5001\nbytes = 14480 B\n"
                    "[expect]\n"
                    "rate = mean(work.goodput) is 11.584 Mbit/s\n"
                    "good = failures(work.latency) is 0 %\n");
}
END_TEST

/* Ten more leave when the first ACK is back, 20 ms later. */
START_TEST(twice_as_much_takes_a_round_trip_more)
{
    ck_assert_holds("to = b:5001\nbytes = 28960 B\n"
                    "[expect]\n"
                    "rate = mean(work.goodput) is 7722667 bit/s\n");
}
END_TEST

START_TEST(several_at_once_are_told_apart)
{
    ck_assert_holds("to = b:5001\nbytes = 14480 B\ncount = 20\n"
                    "arrivals = every 1 ms\n"
                    "[expect]\n"
                    "least = min(work.goodput) is 11.584 Mbit/s\n"
                    "most = max(work.goodput) is 11.584 Mbit/s\n");
}
END_TEST

START_TEST(a_sender_without_a_way_fails)
{
    ck_assert_holds("to = b:5001\n[tcp]\nsyn_retries = 1\n"
                    "[sweep]\nlink a -- b.loss = 100 %\n"
                    "[expect]\nnone = failures(work.latency) is 100 %\n");
}
END_TEST

static void ck_assert_refused(const char *to, const char *because)
{
    char *more = g_strdup_printf("to = %s\n", to);
    char *why;
    Plan *plan = plan_of_text(text, more, &why);

    ck_assert_ptr_null(plan);
    ck_assert_msg(strstr(why, because) != NULL, "%s", why);
    g_free(why);
    g_free(more);
}

START_TEST(somebody_must_be_free_to_read)
{
    ck_assert_refused("b:80", "something else listens there");
    ck_assert_refused("b", "names no port");
    ck_assert_refused("c:5001", "no node is called \"c\"");
    ck_assert_refused("192.0.2.1:5001", "must be read at a node");
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("send");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_add_test(tcase, what_fits_the_first_window_takes_one_crossing);
    tcase_add_test(tcase, twice_as_much_takes_a_round_trip_more);
    tcase_add_test(tcase, several_at_once_are_told_apart);
    tcase_add_test(tcase, a_sender_without_a_way_fails);
    tcase_add_test(tcase, somebody_must_be_free_to_read);
    return run_tests("send", tcase, NULL);
}
