/* check_states.c - the schedules of SYN, SYN,ACK, data and FIN against a
 * measured kernel (tests/linux/README.md).  Every test runs 200 replications,
 * each at another phase of the timer wheel. */
#include <stdlib.h>

#include "tests/linux/measured.h"
#include "tests/linux/lab.h"
#include "tests/run_tests.h"

enum { RUNS = 200, LONGEST = 32 };

static double ms(SimTime time) { return (double)time / (double)SIM_MS; }

/* --- schedules ------------------------------------------------------------ */

/* When the packets of one kind were sent, each counted from the first. */
typedef struct Schedule {
    Sample offset[LONGEST];
    unsigned count; /* packets in each run, all the same */
    Sample end;     /* what ends it, from the first packet */
} Schedule;

static void schedule_init(Schedule *schedule)
{
    schedule->count = 0;
    for (int i = 0; i < LONGEST; i++)
        sample_init(&schedule->offset[i]);
    sample_init(&schedule->end);
}

static void schedule_clear(Schedule *schedule)
{
    for (int i = 0; i < LONGEST; i++)
        sample_clear(&schedule->offset[i]);
    sample_clear(&schedule->end);
}

typedef bool Wanted(const Crossing *crossing);

static bool is_syn(const Crossing *c)
{
    return !c->arp && (c->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}
static bool is_synack(const Crossing *c)
{
    return (c->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
}
static bool is_text(const Crossing *c) { return c->len > 0; }
static bool is_fin(const Crossing *c) { return (c->flags & TCP_FIN) != 0; }

/* Adds the run that LAB's log holds; END is when what ends it happened. */
static void schedule_add(Schedule *schedule, const Lab *lab, Wanted *wanted,
                         SimTime end)
{
    SimTime first = SIM_NEVER;
    unsigned n = 0;

    for (guint i = 0; i < lab->log->len; i++) {
        const Crossing *c = &g_array_index(lab->log, Crossing, i);

        if (!wanted(c))
            continue;
        if (n == 0)
            first = c->sent;
        ck_assert_uint_lt(n, LONGEST);
        sample_add(&schedule->offset[n++], ms(c->sent - first));
    }
    if (schedule->count == 0)
        schedule->count = n;
    ck_assert_uint_eq(n, schedule->count);
    sample_add(&schedule->end, ms(end - first));
}

/* Compares with the list at PATH|offset_ms of FILE. */
static void expect_schedule(const Schedule *schedule, MeasuredFile *file,
                            const char *path)
{
    g_autofree char *list = g_strdup_printf("%s|offset_ms", path);

    ck_assert_uint_eq(schedule->count, measured_count(file, list));
    for (unsigned i = 1; i < schedule->count; i++) {
        g_autofree char *item = g_strdup_printf("%s|%u", list, i);

        expect_like(item, &schedule->offset[i], measured_get(file, item, 1), 0);
    }
}

/* --- SYN and SYN,ACK ------------------------------------------------------ */

static void syn_into_a_black_hole(const char *name, uint32_t retries,
                                  uint32_t linear)
{
    MeasuredFile *file = measured_open(name);
    Schedule schedule;

    schedule_init(&schedule);
    for (unsigned run = 0; run < RUNS; run++) {
        Lab lab;

        lab_init(&lab, run);
        lab.ends[CLIENT].config.syn_retries = retries;
        lab.ends[CLIENT].config.syn_linear_timeouts = linear;
        lab.loses = lab_loses_all;
        lab_raise(&lab);
        lab_connect(&lab);
        lab_run_out(&lab);
        ck_assert(lab.ends[CLIENT].gone);
        ck_assert_int_eq(lab.ends[CLIENT].how, TCP_END_TIMED_OUT);
        schedule_add(&schedule, &lab, is_syn, lab.ends[CLIENT].gone_at);
        lab_clear(&lab);
    }
    expect_schedule(&schedule, file, "syn");
    expect_like("give up", &schedule.end, measured_get(file, "give_up_s", 1000),
                0);
    schedule_clear(&schedule);
    measured_close(file);
}

START_TEST(a_syn_that_nobody_answers_is_sent_ten_times_again)
{
    syn_into_a_black_hole("syn_blackhole", 6, 4);
}
END_TEST

START_TEST(without_linear_timeouts_the_intervals_double_from_the_first)
{
    syn_into_a_black_hole("syn_blackhole_linear0", 6, 0);
}
END_TEST

START_TEST(two_syn_retries_are_a_limit_in_time_as_well)
{
    syn_into_a_black_hole("syn_blackhole_retries2", 2, 4);
}
END_TEST

/* Runs a handshake of which LOSES loses a part, and looks at the SYN,ACKs. */
static void synacks(const char *name, const char *gone,
                    bool (*loses)(Lab *, int, const Packet *))
{
    MeasuredFile *file = measured_open(name);
    Schedule schedule;

    schedule_init(&schedule);
    for (unsigned run = 0; run < RUNS; run++) {
        Lab lab;

        lab_init(&lab, run);
        lab.loses = loses;
        lab_raise(&lab);
        lab_connect(&lab);
        /* The client of a server that was not heard waits for ever. */
        lab_run(&lab, 300 * SIM_S);
        ck_assert_int_eq(lab.ends[SERVER].tcb == NULL, 1);
        schedule_add(&schedule, &lab, is_synack, lab.ends[SERVER].closed_at);
        lab_clear(&lab);
    }
    expect_schedule(&schedule, file, "synack");
    if (gone != NULL)
        expect_like(gone, &schedule.end, measured_get(file, gone, 1000), 100);
    schedule_clear(&schedule);
    measured_close(file);
}

START_TEST(a_synack_without_its_ack_is_sent_five_times_again)
{
    synacks("synack_no_ack", "request_sock_gone_s_after_first_synack",
            lab_loses_clients_acks);
}
END_TEST

START_TEST(every_syn_is_answered_and_arms_the_synack_timer_again)
{
    synacks("synack_lost", NULL, lab_loses_servers);
}
END_TEST

/* --- data ----------------------------------------------------------------- */

static void data_unanswered(const char *name, SimTime delay, uint32_t retries2)
{
    MeasuredFile *file = measured_open(name);
    Schedule schedule;

    schedule_init(&schedule);
    for (unsigned run = 0; run < RUNS; run++) {
        TcpInfo info;
        Lab lab;

        lab_init(&lab, run);
        lab.line.delay = delay;
        lab.ends[CLIENT].config.retries2 = retries2;
        lab_raise(&lab);
        lab_exchange(&lab, 3);
        tcp_info(lab.ends[CLIENT].tcb, &info);
        ck_assert_int_eq(info.rto / SIM_US,
                         (int64_t)measured_get(file, "before|rto_us", 1).mean);
        lab.loses = lab_loses_all;
        lab_write(&lab, CLIENT, 100);
        lab_run(&lab, 1500 * SIM_S);
        ck_assert(lab.ends[CLIENT].gone);
        ck_assert_int_eq(lab.ends[CLIENT].how, TCP_END_TIMED_OUT);
        schedule_add(&schedule, &lab, is_text, lab.ends[CLIENT].gone_at);
        lab_clear(&lab);
    }
    expect_schedule(&schedule, file, "data");
    expect_like("give up", &schedule.end, measured_get(file, "give_up_s", 1000),
                0);
    schedule_clear(&schedule);
    measured_close(file);
}

START_TEST(data_at_rtt_20_ms_is_sent_again_by_the_kernels_rto)
{
    data_unanswered("data_rto_rtt20_retries2_6", 10100 * SIM_US, 6);
}
END_TEST

START_TEST(data_is_given_up_after_the_time_of_fifteen_timeouts)
{
    data_unanswered("data_rto_rtt20_retries2_15", 10100 * SIM_US, 15);
}
END_TEST

START_TEST(data_at_rtt_100_ms_is_sent_again_by_the_kernels_rto)
{
    data_unanswered("data_rto_rtt100_retries2_6", 50100 * SIM_US, 6);
}
END_TEST

START_TEST(data_at_rtt_300_ms_is_sent_again_by_the_kernels_rto)
{
    data_unanswered("data_rto_rtt300_retries2_6", 150100 * SIM_US, 6);
}
END_TEST

/* --- FIN ------------------------------------------------------------------ */

/* What is done to the connection before its FIN is lost for ever. */
typedef enum FinHow { CLOSE_FIRST, SHUTDOWN_FIRST, CLOSE_LAST } FinHow;

static void lose_the_fin(Lab *lab, FinHow how)
{
    LabEnd *client = &lab->ends[CLIENT];

    if (how == CLOSE_LAST) {
        tcp_shutdown(lab->ends[SERVER].tcb);
        lab_run(lab, SIM_S);
        lab_forget_log(lab);
    }
    lab->loses = lab_loses_all;
    if (how == SHUTDOWN_FIRST) {
        tcp_shutdown(client->tcb);
    } else {
        tcp_close(client->tcb);
        client->tcb = NULL;
    }
    lab_run(lab, 1500 * SIM_S);
}

static void fin_unanswered(const char *name, FinHow how, uint32_t retries2,
                           uint32_t orphan_retries)
{
    MeasuredFile *file = measured_open(name);
    Schedule schedule;

    schedule_init(&schedule);
    for (unsigned run = 0; run < RUNS; run++) {
        Lab lab;

        lab_init(&lab, run);
        lab.ends[CLIENT].config.retries2 = retries2;
        lab.ends[CLIENT].config.orphan_retries = orphan_retries;
        lab_raise(&lab);
        lab_exchange(&lab, 3);
        lose_the_fin(&lab, how);
        ck_assert_int_eq(lab.ends[CLIENT].gone, how == SHUTDOWN_FIRST);
        schedule_add(&schedule, &lab, is_fin, lab.ends[CLIENT].closed_at);
        lab_clear(&lab);
    }
    expect_schedule(&schedule, file, "fin");
    if (how != SHUTDOWN_FIRST) /* looked at ten times a second */
        expect_like("gone", &schedule.end,
                    measured_get(file, "socket_gone_s_after_first_fin", 1000),
                    100);
    schedule_clear(&schedule);
    measured_close(file);
}

START_TEST(the_fin_of_an_orphan_is_sent_again_for_102_s)
{
    fin_unanswered("fin_wait1_orphan", CLOSE_FIRST, 15, 8);
}
END_TEST

START_TEST(three_orphan_retries_are_a_limit_in_time)
{
    fin_unanswered("fin_wait1_orphan_retries3", CLOSE_FIRST, 15, 3);
}
END_TEST

START_TEST(the_fin_of_a_socket_in_use_is_sent_again_like_data)
{
    fin_unanswered("fin_wait1_shutdown_retries2_6", SHUTDOWN_FIRST, 6, 8);
}
END_TEST

START_TEST(the_fin_of_last_ack_is_sent_again_like_any_orphans)
{
    fin_unanswered("last_ack_orphan", CLOSE_LAST, 15, 8);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("schedules");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_syn_that_nobody_answers_is_sent_ten_times_again);
    tcase_add_test(tcase,
                   without_linear_timeouts_the_intervals_double_from_the_first);
    tcase_add_test(tcase, two_syn_retries_are_a_limit_in_time_as_well);
    tcase_add_test(tcase, a_synack_without_its_ack_is_sent_five_times_again);
    tcase_add_test(tcase,
                   every_syn_is_answered_and_arms_the_synack_timer_again);
    tcase_add_test(tcase, data_at_rtt_20_ms_is_sent_again_by_the_kernels_rto);
    tcase_add_test(tcase, data_is_given_up_after_the_time_of_fifteen_timeouts);
    tcase_add_test(tcase, data_at_rtt_100_ms_is_sent_again_by_the_kernels_rto);
    tcase_add_test(tcase, data_at_rtt_300_ms_is_sent_again_by_the_kernels_rto);
    tcase_add_test(tcase, the_fin_of_an_orphan_is_sent_again_for_102_s);
    tcase_add_test(tcase, three_orphan_retries_are_a_limit_in_time);
    tcase_add_test(tcase, the_fin_of_a_socket_in_use_is_sent_again_like_data);
    tcase_add_test(tcase, the_fin_of_last_ack_is_sent_again_like_any_orphans);
    return run_tests("states", tcase, NULL);
}
