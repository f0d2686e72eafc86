/* check_workload.c - when items begin, to the nanosecond: arrivals, traces,
 * sessions, users; and several workloads at a time. */
#include <math.h>

#include "tests/run_tests.h"
#include "tests/workload_run.h"

#define CONNECT "[workload w]\nkind = connect\nnode = a\nto = b:80\n"
#define MS(x) ((SimTime)(x)*SIM_MS)

/* Differences of the neighbours in TIMES, which is freed. */
static GArray *gaps_of(GArray *times)
{
    GArray *gaps = g_array_new(FALSE, FALSE, sizeof(SimTime));

    for (guint i = 1; i < times->len; i++) {
        SimTime gap = g_array_index(times, SimTime, i) -
                      g_array_index(times, SimTime, i - 1);

        g_array_append_val(gaps, gap);
    }
    g_array_free(times, TRUE);
    return gaps;
}

/* --- arrivals ------------------------------------------------------------- */

/* What is written, then when items begin. */
static const struct {
    const char *more;
    SimTime begins[8];
} arrivals[] = {
    {CONNECT, {0, -1}},
    {CONNECT "count = 3\nstart = 2 s\n", {2 * SIM_S, 2 * SIM_S, 2 * SIM_S, -1}},
    {CONNECT "arrivals = every 70 ms\ncount = 4\nstart = 1 ms\n",
     {MS(1), MS(71), MS(141), MS(211), -1}},
    {CONNECT "arrivals = every 70 ms\nuntil = 140 ms\n", {0, MS(70), -1}},
    {CONNECT "arrivals = every 70 ms\nuntil = 141 ms\n",
     {0, MS(70), MS(140), -1}},
    {CONNECT "arrivals = every 70 ms\n[measure]\nuntil = 100 ms\n",
     {0, MS(70), -1}},
    {CONNECT "arrivals = every 70 ms\nuntil = 141 ms\ncount = 2\n",
     {0, MS(70), -1}},
    {CONNECT "count = 3\nstart = 5 ms\nuntil = 6 ms\n",
     {MS(5), MS(5), MS(5), -1}},
};

START_TEST(items_begin_when_they_should)
{
    WorkloadRun *run = workload_run(arrivals[_i].more);

    ck_assert_begins(run, "w", arrivals[_i].begins);
    workload_run_free(run);
}
END_TEST

START_TEST(gaps_of_poisson_arrivals_are_exponential)
{
    WorkloadRun *run = workload_run(
        CONNECT "arrivals = poisson 50 /s\ncount = 20000\nstart = 3 s\n");
    GArray *times = workload_times(run, "w", false);
    SimTime start = 3 * SIM_S;
    GArray *gaps;

    g_array_prepend_val(times, start); /* the first gap begins there */
    gaps = gaps_of(times);
    ck_assert_uint_eq(gaps->len, 20000);
    ck_assert_exponential(gaps, 20e6);
    g_array_free(gaps, TRUE);
    workload_run_free(run);
}
END_TEST

START_TEST(workloads_do_not_move_each_other)
{
    static const char first[] = CONNECT "arrivals = poisson 5 /s\ncount = 50\n";
    WorkloadRun *alone = workload_run(first);
    char *both_text =
        g_strconcat(first,
                    "[workload v]\nkind = send\nnode = a\nto = b:5001\n"
                    "bytes = 1 B\nstart = 1 s\narrivals = every 100 ms\n"
                    "count = 3\n",
                    NULL);
    WorkloadRun *both = workload_run(both_text);
    GArray *a = workload_times(alone, "w", false);
    GArray *b = workload_times(both, "w", false);

    ck_assert_uint_eq(a->len, 50);
    ck_assert_uint_eq(b->len, 50);
    ck_assert_mem_eq(a->data, b->data, 50 * sizeof(SimTime));
    ck_assert_begins(both, "v", (SimTime[]){MS(1000), MS(1100), MS(1200), -1});
    ck_assert_uint_eq(workload_outcomes(both, "ok"), 53);
    g_array_free(a, TRUE);
    g_array_free(b, TRUE);
    g_free(both_text);
    workload_run_free(alone);
    workload_run_free(both);
}
END_TEST

/* --- traces --------------------------------------------------------------- */

START_TEST(a_trace_says_when_to_the_nanosecond)
{
    WorkloadRun *run;

    write_text("when.txt", "# seconds of a morning\n"
                           "\n"
                           "7 ns\n"
                           "  1.5us   # half a microsecond more\r\n"
                           "1.5 us\n"
                           "0.123456789 s");
    run = workload_run(CONNECT "arrivals = trace when.txt\nstart = 1 s\n");
    ck_assert_begins(run, "w",
                     (SimTime[]){SIM_S + 7, SIM_S + 1500, SIM_S + 1500,
                                 SIM_S + 123456789, -1});
    workload_run_free(run);
    run = workload_run(CONNECT "arrivals = trace when.txt\ncount = 2\n");
    ck_assert_begins(run, "w", (SimTime[]){7, 1500, -1});
    workload_run_free(run);
    run = workload_run(CONNECT "arrivals = trace when.txt\nuntil = 1500 ns\n");
    ck_assert_begins(run, "w", (SimTime[]){7, -1});
    workload_run_free(run);
}
END_TEST

/* Ten segments of 1448 bytes are read 30 ms after connect(); ten more take a
 * round trip more. */
START_TEST(a_trace_says_how_much)
{
    WorkloadRun *run;
    GArray *times;

    write_text("bytes.txt", "0 s 28960 B\n1 s\t14480B\n2 s\n");
    run = workload_run("[workload w]\nkind = send\nnode = a\nto = b:5001\n"
                       "bytes = 1 B\narrivals = trace bytes.txt\n");
    times = workload_times(run, "w", true);
    ck_assert_uint_eq(times->len, 3);
    ck_assert_int_eq(g_array_index(times, SimTime, 0), MS(50));
    ck_assert_int_eq(g_array_index(times, SimTime, 1), MS(1030));
    ck_assert_int_eq(g_array_index(times, SimTime, 2), MS(2030));
    g_array_free(times, TRUE);
    workload_run_free(run);
}
END_TEST

START_TEST(a_trace_says_which)
{
    WorkloadRun *run;

    write_text("urls.txt", "0 s  http://b/one#part # the first\n"
                           "1 s\n2 s b/three\n");
    run = workload_run("[workload w]\nkind = fetch\nnode = a\nto = b/two\n"
                       "arrivals = trace urls.txt\n");
    ck_assert_uint_eq(run->urls->len, 3);
    ck_assert_str_eq(g_ptr_array_index(run->urls, 0), "http://b/one");
    ck_assert_str_eq(g_ptr_array_index(run->urls, 1), "http://b/two");
    ck_assert_str_eq(g_ptr_array_index(run->urls, 2), "http://b/three");
    workload_run_free(run);
}
END_TEST

/* --- sessions ------------------------------------------------------------- */

/* Each takes 20 ms, then a second of thought. */
START_TEST(a_session_thinks_between_its_items)
{
    WorkloadRun *run =
        workload_run(CONNECT "pages = 3\nthink = 1 s\ncount = 2\n"
                             "arrivals = every 10 s\n");

    ck_assert_begins(run, "w",
                     (SimTime[]){0, MS(1020), MS(2040), MS(10000), MS(11020),
                                 MS(12040), -1});
    workload_run_free(run);
    run = workload_run(CONNECT "pages = 3\nthink = 1 s\nuntil = 2040 ms\n");
    ck_assert_begins(run, "w", (SimTime[]){0, MS(1020), -1});
    workload_run_free(run);
}
END_TEST

START_TEST(what_fails_does_not_end_a_session)
{
    WorkloadRun *run = workload_run(
        "[workload w]\nkind = connect\nnode = a\nto = b:81\npages = 4\n");

    ck_assert_begins(run, "w", (SimTime[]){0, MS(20), MS(40), MS(60), -1});
    ck_assert_uint_eq(workload_outcomes(run, "refused"), 4);
    workload_run_free(run);
}
END_TEST

START_TEST(a_session_opens_its_urls_in_turn)
{
    static const char more[] = "[workload w]\nkind = fetch\nnode = a\n"
                               "to = b/x  http://b/y b/z\nthink = 1 s\n";
    char *longer = g_strconcat(more, "pages = 4\n", NULL);
    WorkloadRun *run = workload_run(more);

    ck_assert_uint_eq(run->urls->len, 3);
    ck_assert_str_eq(g_ptr_array_index(run->urls, 1), "http://b/y");
    ck_assert_str_eq(g_ptr_array_index(run->urls, 2), "http://b/z");
    workload_run_free(run);
    run = workload_run(longer);
    ck_assert_uint_eq(run->urls->len, 4);
    ck_assert_str_eq(g_ptr_array_index(run->urls, 3), "http://b/x");
    workload_run_free(run);
    g_free(longer);
}
END_TEST

START_TEST(thinking_is_exponential)
{
    WorkloadRun *run =
        workload_run(CONNECT "pages = 10000\nthink = exponential 300 ms\n");
    GArray *begun = workload_times(run, "w", false);
    GArray *done = workload_times(run, "w", true);

    ck_assert_uint_eq(begun->len, 10000);
    for (guint i = 0; i + 1 < begun->len; i++) /* begun becomes the thoughts */
        g_array_index(begun, SimTime, i) =
            g_array_index(begun, SimTime, i + 1) -
            g_array_index(done, SimTime, i);
    g_array_set_size(begun, begun->len - 1);
    ck_assert_exponential(begun, 300e6);
    g_array_free(begun, TRUE);
    g_array_free(done, TRUE);
    workload_run_free(run);
}
END_TEST

/* A page of four images: what RFC 9112 s9.3 is for. */
START_TEST(connections_are_kept_or_not)
{
    static const char more[] = "[workload w]\nkind = page\nnode = a\nto = b/\n"
                               "pages = 2\n[browser]\ncache = no\n"
                               "connections = 2\nkeepalive = ";
    char *kept = g_strconcat(more, "yes\n", NULL);
    char *closed = g_strconcat(more, "no\n", NULL);
    WorkloadRun *run;

    write_text("index.html", "<html><img src=1.txt><img src=2.txt>"
                             "<img src=3.txt><img src=4.txt></html>");
    for (unsigned i = 0; i < 4; i++)
        write_text((const char *[]){"1.txt", "2.txt", "3.txt", "4.txt"}[i],
                   "some text");
    run = workload_run(kept);
    ck_assert_uint_eq(workload_outcomes(run, "ok"), 2);
    ck_assert_uint_eq(run->urls->len, 10);
    ck_assert_uint_eq(run->syns->len, 2);
    workload_run_free(run);
    run = workload_run(closed);
    ck_assert_uint_eq(workload_outcomes(run, "ok"), 2);
    ck_assert_uint_eq(run->urls->len, 10);
    ck_assert_uint_eq(run->syns->len, 10);
    workload_run_free(run);
    g_free(kept);
    g_free(closed);
}
END_TEST

/* --- users ---------------------------------------------------------------- */

/* The interactive response time law (Denning and Buzen 1978): N users, each of
 * whom waits R and thinks Z, do N / (R + Z) a second. */
START_TEST(users_obey_the_law_of_interactive_response_time)
{
    WorkloadRun *run = workload_run(
        CONNECT "arrivals = users 7\nthink = 480 ms\nuntil = 1000 s\n");
    GArray *times = workload_times(run, "w", true);

    ck_assert_uint_eq(times->len, 7 * 2000);
    g_array_free(times, TRUE);
    workload_run_free(run);
    run = workload_run(CONNECT "arrivals = users 7\nuntil = 1000 s\n"
                               "think = exponential 480 ms\n");
    times = workload_times(run, "w", true);
    /* A renewal process for each user: its count has the variance t s^2 / m^3
     * with mean m = 0.5 s and deviation s = 0.48 s; within four deviations. */
    ck_assert_double_eq_tol(times->len, 14000,
                            4 * sqrt(7 * 1000 * 0.48 * 0.48 / 0.125));
    g_array_free(times, TRUE);
    workload_run_free(run);
}
END_TEST

START_TEST(users_share_the_sessions)
{
    WorkloadRun *run = workload_run(
        CONNECT "arrivals = users 3\ncount = 5\npages = 2\nthink = 1 s\n");
    GArray *times = workload_times(run, "w", true);

    ck_assert_uint_eq(times->len, 10);
    g_array_free(times, TRUE);
    workload_run_free(run);
    run = workload_run(CONNECT "arrivals = users 3\ncount = 2\n");
    times = workload_times(run, "w", true);
    ck_assert_uint_eq(times->len, 2);
    g_array_free(times, TRUE);
    workload_run_free(run);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("workload");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_add_loop_test(tcase, items_begin_when_they_should, 0,
                        G_N_ELEMENTS(arrivals));
    tcase_add_test(tcase, gaps_of_poisson_arrivals_are_exponential);
    tcase_add_test(tcase, workloads_do_not_move_each_other);
    tcase_add_test(tcase, a_trace_says_when_to_the_nanosecond);
    tcase_add_test(tcase, a_trace_says_how_much);
    tcase_add_test(tcase, a_trace_says_which);
    tcase_add_test(tcase, a_session_thinks_between_its_items);
    tcase_add_test(tcase, what_fails_does_not_end_a_session);
    tcase_add_test(tcase, a_session_opens_its_urls_in_turn);
    tcase_add_test(tcase, connections_are_kept_or_not);
    tcase_add_test(tcase, thinking_is_exponential);
    tcase_add_test(tcase, users_obey_the_law_of_interactive_response_time);
    tcase_add_test(tcase, users_share_the_sessions);
    return run_tests("workload", tcase, NULL);
}
