/* check_waiting.c - states that only wait, against a measured kernel
 * (tests/linux/README.md): TIME-WAIT, FIN-WAIT-2, delayed ACK, keepalive, zero
 * window, and ARP that nobody answers.  Every test runs 200 replications, each
 * at another phase of the timer wheel. */
#include <stdlib.h>
#include <string.h>

#include "tests/linux/measured.h"
#include "tests/linux/lab.h"
#include "tests/run_tests.h"

enum {
    RUNS = 200,
    POLL = 100, /* ms: how often the kernel's socket tables were looked at */
};

static double ms(SimTime time) { return (double)time / (double)SIM_MS; }

static void client_closes(Lab *lab)
{
    Tcb *tcb = lab->ends[CLIENT].tcb;

    lab->ends[CLIENT].tcb = NULL;
    tcp_close(tcb);
}

/* --- TIME-WAIT ------------------------------------------------------------ */

/* A client that has closed first and waits; its server is CLOSED. */
static void enter_time_wait(Lab *lab)
{
    lab_exchange(lab, 3);
    lab->ends[SERVER].closes = true;
    lab->keep_fin = true;
    client_closes(lab);
    lab_run(lab, SIM_S);
    ck_assert_uint_eq(tcp_count(lab->ends[CLIENT].tcp, TCP_TIME_WAIT), 1);
    ck_assert_uint_eq(tcp_count(lab->ends[SERVER].tcp, TCP_LAST_ACK), 0);
}

START_TEST(time_wait_lasts_60_to_62_s)
{
    MeasuredFile *file = measured_open("time_wait");
    Sample lasted;

    sample_init(&lasted);
    for (unsigned run = 0; run < RUNS; run++) {
        SimTime since;
        Lab lab;

        lab_init(&lab, run);
        lab_raise(&lab);
        enter_time_wait(&lab);
        since = lab_find(&lab, SERVER, TCP_FIN, 0)->delivered;
        lab_run_out(&lab);
        sample_add(&lasted, ms(lab.ends[CLIENT].closed_at - since));
        lab_clear(&lab);
    }
    expect_like("TIME-WAIT", &lasted, measured_get(file, "seconds", 1000),
                POLL);
    sample_clear(&lasted);
    measured_close(file);
}
END_TEST

/* The server's FIN comes again 5 s into TIME-WAIT.  The server has forgotten
 * the connection; its reset of the ACK that answers is lost, if LOSES loses it.
 */
static void fin_comes_again(const char *name,
                            bool (*loses)(Lab *, int, const Packet *))
{
    MeasuredFile *file = measured_open(name);
    Sample lasted;

    sample_init(&lasted);
    for (unsigned run = 0; run < RUNS; run++) {
        SimTime since, again;
        Lab lab;

        lab_init(&lab, run);
        lab_raise(&lab);
        enter_time_wait(&lab);
        since = lab_find(&lab, SERVER, TCP_FIN, 0)->delivered;
        lab_run(&lab, since + 5 * SIM_S - sim_now(&lab.sim));
        lab_forget_log(&lab);
        lab.loses = loses;
        again = sim_now(&lab.sim);
        lab_repeat_fin(&lab);
        lab_run_out(&lab);
        /* Acknowledged at once; "reack_delay_ms" is 0.03 at most. */
        ck_assert_int_eq(lab_find(&lab, CLIENT, TCP_ACK, 0)->sent, again);
        ck_assert_uint_eq(lab_find(&lab, SERVER, TCP_RST, 0)->flags & TCP_RST,
                          TCP_RST);
        sample_add(&lasted, ms(lab.ends[CLIENT].closed_at - since));
        lab_clear(&lab);
    }
    expect_like("TIME-WAIT", &lasted,
                measured_get(file, "gone_s_after_first_fin", 1000), POLL);
    sample_clear(&lasted);
    measured_close(file);
}

START_TEST(a_fin_that_comes_again_is_acknowledged_and_starts_time_wait_again)
{
    fin_comes_again("time_wait_dup_fin_rst_lost", lab_loses_servers);
}
END_TEST

START_TEST(the_reset_of_a_forgetful_peer_ends_time_wait)
{
    fin_comes_again("time_wait_dup_fin", NULL);
}
END_TEST

/* --- ports ---------------------------------------------------------------- */

/* A client with four ports connects and closes first, at the times and with the
 * successes of the list called NAME. */
static void connect_until_no_port_is_left(const char *name, bool reuse)
{
    MeasuredFile *file = measured_open("time_wait_port_exhaustion");
    unsigned count = measured_count(file, name);
    Lab lab;

    lab_init(&lab, 0);
    lab.ends[CLIENT].config.port_first = 40000;
    lab.ends[CLIENT].config.port_last = 40003;
    lab.ends[CLIENT].config.tw_reuse = reuse;
    lab.ends[SERVER].closes = true;
    lab_raise(&lab);
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *path = g_strdup_printf("%s|%u", name, i);
        const char *text = measured_text(file, path); /* "t=0.1s ok port 1" */
        double at = g_ascii_strtod(text + strlen("t="), NULL);

        lab_run(&lab, MAX((SimTime)(at * (double)SIM_S), sim_now(&lab.sim)) -
                          sim_now(&lab.sim));
        lab_connect(&lab);
        ck_assert_msg((lab.ends[CLIENT].tcb != NULL) ==
                          (strstr(text, " ok ") != NULL),
                      "%s: not so here", text);
        if (lab.ends[CLIENT].tcb != NULL) {
            /* By the list, each took 0.12 s until it was in TIME-WAIT. */
            lab_run(&lab, 100 * SIM_MS);
            client_closes(&lab);
        }
    }
    lab_clear(&lab);
    measured_close(file);
}

START_TEST(ports_in_time_wait_are_not_free)
{
    connect_until_no_port_is_left("tcp_tw_reuse=0", false);
}
END_TEST

START_TEST(a_port_is_used_again_after_a_second_if_the_user_allows_it)
{
    connect_until_no_port_is_left("tcp_tw_reuse=1", true);
}
END_TEST

/* --- FIN-WAIT-2 ----------------------------------------------------------- */

static void fin_wait_2(const char *name, SimTime timeout)
{
    MeasuredFile *file = measured_open(name);
    Sample lasted;

    sample_init(&lasted);
    for (unsigned run = 0; run < RUNS; run++) {
        SimTime since;
        Lab lab;

        lab_init(&lab, run);
        lab.ends[CLIENT].config.fin_timeout = timeout;
        lab_raise(&lab);
        lab_exchange(&lab, 3);
        client_closes(&lab);
        lab_run(&lab, SIM_S);
        ck_assert_uint_eq(tcp_count(lab.ends[CLIENT].tcp, TCP_FIN_WAIT_2), 1);
        since = lab_find(&lab, SERVER, TCP_ACK, 0)->delivered;
        lab_run(&lab, 300 * SIM_S);
        sample_add(&lasted, ms(lab.ends[CLIENT].closed_at - since));
        lab_clear(&lab);
    }
    expect_like("FIN-WAIT-2", &lasted, measured_get(file, "seconds", 1000),
                POLL);
    sample_clear(&lasted);
    measured_close(file);
}

START_TEST(an_orphan_leaves_fin_wait_2_after_60_s)
{
    fin_wait_2("fin_wait2_default60", 60 * SIM_S);
}
END_TEST

START_TEST(an_orphan_leaves_fin_wait_2_after_10_s)
{
    fin_wait_2("fin_wait2_timeout10", 10 * SIM_S);
}
END_TEST

START_TEST(an_orphan_leaves_fin_wait_2_after_120_s)
{
    fin_wait_2("fin_wait2_timeout120", 120 * SIM_S);
}
END_TEST

/* --- ARP ------------------------------------------------------------------ */

static bool is_request(const Crossing *c)
{
    return c->arp && c->from == CLIENT;
}

START_TEST(connect_to_nobody_fails_after_three_arp_requests)
{
    MeasuredFile *file = measured_open("arp");
    Measured fails = measured_get(file, "unresolvable|connect_error_ms", 1);
    Sample offset[3], end;

    sample_init(&end);
    for (int i = 0; i < 3; i++)
        sample_init(&offset[i]);
    for (unsigned run = 0; run < RUNS; run++) {
        int n = 0;
        Lab lab;

        lab_init(&lab, run);
        lab.arp.mode = ARP_DYNAMIC;
        lab.loses = lab_loses_all;
        lab_raise(&lab);
        lab_connect(&lab);
        lab_run_out(&lab);
        ck_assert(lab.ends[CLIENT].gone);
        ck_assert_int_eq(lab.ends[CLIENT].how, TCP_END_UNREACHABLE);
        for (guint i = 0; i < lab.log->len; i++) {
            const Crossing *c = &g_array_index(lab.log, Crossing, i);

            ck_assert(is_request(c) && n < 3);
            sample_add(&offset[n++], ms(c->sent));
        }
        ck_assert_int_eq(n, 3);
        sample_add(&end, ms(lab.ends[CLIENT].gone_at));
        lab_clear(&lab);
    }
    for (int i = 1; i < 3; i++) {
        g_autofree char *path =
            g_strdup_printf("unresolvable|arp_requests|offset_ms|%d", i);

        expect_like(path, &offset[i], measured_get(file, path, 1), 0);
        sample_clear(&offset[i]);
    }
    /* Sixty failed at once there, and the kernel's limit of ICMP errors (a
     * burst of 50) told the last of them late: the median is not touched by
     * that. */
    ck_assert_double_eq_tol(sample_median(&end), fails.p50, 5);
    sample_clear(&offset[0]);
    sample_clear(&end);
    measured_close(file);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("waiting");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, time_wait_lasts_60_to_62_s);
    tcase_add_test(
        tcase,
        a_fin_that_comes_again_is_acknowledged_and_starts_time_wait_again);
    tcase_add_test(tcase, the_reset_of_a_forgetful_peer_ends_time_wait);
    tcase_add_test(tcase, ports_in_time_wait_are_not_free);
    tcase_add_test(tcase,
                   a_port_is_used_again_after_a_second_if_the_user_allows_it);
    tcase_add_test(tcase, an_orphan_leaves_fin_wait_2_after_60_s);
    tcase_add_test(tcase, an_orphan_leaves_fin_wait_2_after_10_s);
    tcase_add_test(tcase, an_orphan_leaves_fin_wait_2_after_120_s);
    tcase_add_test(tcase, connect_to_nobody_fails_after_three_arp_requests);
    return run_tests("waiting", tcase, NULL);
}
