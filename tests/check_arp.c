/* check_arp.c - neighbours: asking, waiting, failing, probing; against what
 * Linux 6.18 was measured to do (CONFIG_HZ=250, default neigh sysctls; figures
 * named in each test). */
#include <stdlib.h>

#include "sim/wheel.h"
#include "tests/arp_log.h"
#include "tests/run_tests.h"

enum { RUNS = 400 };

START_TEST(the_first_packet_waits_the_second_does_not)
{
    Row row;
    Log log;
    uint64_t id;

    row_defaults(&row);
    start(&row, &log, 2, 0);
    id = send_to(&row.hosts[0], row_last(&row));
    ck_assert_uint_eq(log.waits, 1);
    ck_assert_uint_eq(log.waits_id, id);
    run_to(&row, SIM_S);
    ck_assert_uint_eq(log.delivered, 1);
    ck_assert_int_eq(log.delivered_at, 30 * SIM_MS);
    ck_assert_uint_eq(log.arp_count, 2);
    ck_assert(log.arp[0].broadcast && log.arp[0].operation == ARP_REQUEST);
    ck_assert(!log.arp[1].broadcast && log.arp[1].operation == ARP_REPLY);
    /* The packet keeps its id; the reply made it go. */
    ck_assert_uint_eq(log.sent_id, id);
    ck_assert_uint_eq(log.sent_cause, log.arp[1].id);
    ck_assert_uint_eq(log.resolved, 2); /* both sides know each other now */
    send_to(&row.hosts[0], row_last(&row));
    run_to(&row, 2 * SIM_S);
    ck_assert_int_eq(log.delivered_at, SIM_S + 10 * SIM_MS);
    ck_assert_uint_eq(log.arp_count, 2);
    row_clear(&row);
}
END_TEST

START_TEST(the_oldest_goes_when_too_many_wait)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.arp.queue_packets = 3;
    start(&row, &log, 2, 0);
    for (unsigned i = 0; i < 5; i++)
        send_to(&row.hosts[0], row_last(&row));
    run_to(&row, SIM_S);
    ck_assert_uint_eq(log.drops[DROP_ARP_QUEUE_FULL], 2);
    ck_assert_uint_eq(log.delivered, 3);
    ck_assert_uint_eq(log.arp_count, 2); /* one question for all */
    row_clear(&row);
}
END_TEST

/* Smallest, mean and largest of what was seen over many clock phases. */
typedef struct Spread {
    double min, sum, max;
    unsigned count;
} Spread;

static void spread_add(Spread *spread, SimTime at)
{
    double ms = (double)at / (double)SIM_MS;

    spread->min = spread->count == 0 ? ms : MIN(spread->min, ms);
    spread->max = spread->count == 0 ? ms : MAX(spread->max, ms);
    spread->sum += ms;
    spread->count++;
}

/* A jiffy is 4 ms; the measured maxima exceed the wheel's by up to one, for the
 * machine's ticks have phases of their own. */
static void spread_agrees(const Spread *spread, double min, double mean,
                          double max)
{
    ck_assert_double_ge(spread->min, min - 1);
    ck_assert_double_le(spread->min, min + 4);
    ck_assert_double_eq_tol(spread->sum / spread->count, mean, 4);
    ck_assert_double_le(spread->max, max + 1);
    ck_assert_double_ge(spread->max, max - 8);
}

START_TEST(nobody_answers)
{
    Spread second = {0}, third = {0}, error = {0};

    for (uint32_t run = 0; run < RUNS; run++) {
        Row row;
        Log log;

        row_defaults(&row);
        row.link[0].loss = 1;
        start(&row, &log, 2, run);
        send_to(&row.hosts[0], row_last(&row));
        sim_run(&row.sim, SIM_NEVER);
        ck_assert_uint_eq(log.arp_count, 3);
        for (unsigned i = 0; i < 3; i++)
            ck_assert(log.arp[i].broadcast &&
                      log.arp[i].operation == ARP_REQUEST);
        ck_assert_uint_eq(log.arp[1].repeats, log.arp[0].id);
        ck_assert_uint_eq(log.arp[2].repeats, log.arp[1].id);
        ck_assert_uint_eq(log.failed, 1);
        ck_assert_uint_eq(log.errors, 1);
        ck_assert_uint_eq(log.code, ICMP_HOST_UNREACHABLE);
        ck_assert_uint_eq(log.drops[DROP_ARP_FAILED], 1);
        spread_add(&second, log.arp[1].at);
        spread_add(&third, log.arp[2].at);
        spread_add(&error, log.error_at);
        row_clear(&row);
    }
    /* 60 connections at random phases: requests at 1000.1, mean 1015.6, 1031.9;
     * 2024.1, 2039.7, 2058.0; the error from 3048.6, median 3065.4 (a tenth of
     * them late, up to 3982.5, by what TCP and the application do). */
    spread_agrees(&second, 1000.1, 1015.6, 1031.9);
    spread_agrees(&third, 2024.1, 2039.7, 2058.0);
    spread_agrees(&error, 3048.6, 3065.4, 3080.0);
}
END_TEST

START_TEST(exact_timers_are_exact)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.arp.timers = ARP_TIMERS_EXACT;
    row.link[0].loss = 1;
    start(&row, &log, 2, 0);
    send_to(&row.hosts[0], row_last(&row));
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_int_eq(log.arp[1].at, SIM_S);
    ck_assert_int_eq(log.arp[2].at, 2 * SIM_S);
    ck_assert_int_eq(log.error_at, 3 * SIM_S);
    row_clear(&row);
}
END_TEST

/* What waits at a router is reported to its sender by ICMP. */
START_TEST(a_router_reports_who_does_not_answer)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.link[1].loss = 1;
    start(&row, &log, 3, 0);
    send_to(&row.hosts[0], row_last(&row));
    send_to(&row.hosts[0], row_last(&row));
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.drops[DROP_ARP_FAILED], 2);
    ck_assert_uint_eq(log.errors, 1); /* one in a second: icmp_ratelimit */
    ck_assert_uint_eq(log.code, ICMP_HOST_UNREACHABLE);
    ck_assert_int_gt(log.error_at, 3 * SIM_S);
    row_clear(&row);
}
END_TEST

START_TEST(a_lost_request_is_repeated)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.arp.timers = ARP_TIMERS_EXACT;
    row.link[0].rule_count = 1;
    row.link[0].rules[0] = (DropRule){RULE_ARP, 1, 1};
    start(&row, &log, 2, 0);
    send_to(&row.hosts[0], row_last(&row));
    run_to(&row, 4 * SIM_S);
    /* The request, then the first reply, are dropped. */
    ck_assert_uint_eq(log.drops[DROP_BY_RULE], 2);
    ck_assert_int_eq(log.delivered_at, 2 * SIM_S + 30 * SIM_MS);
    ck_assert_uint_eq(log.errors, 0);
    row_clear(&row);
}
END_TEST

/* Traffic both ways every 100 ms for 80 s.  Measured: a broadcast and its
 * answer at 0; unicast requests at 5.179 s (the answerer: it knew the asker
 * only from the question), 40.247, 44.091 and 75.063 s (either host's), each
 * answered. */
START_TEST(an_address_in_use_is_probed)
{
    for (uint32_t run = 0; run < 50; run++) {
        Row row;
        Log log;
        SimTime last[2];

        row_defaults(&row);
        start(&row, &log, 2, run);
        for (SimTime at = 0; at < 80 * SIM_S; at += 100 * SIM_MS) {
            run_to(&row, at);
            send_to(&row.hosts[0], row_last(&row));
            if (at > 0)
                send_to(&row.hosts[1], row_first(&row));
        }
        run_to(&row, 81 * SIM_S);
        ck_assert_uint_ge(log.arp_count, 2 * 4);
        ck_assert(log.arp[0].broadcast);
        ck_assert_uint_eq(log.arp[2].node, 1);
        /* 5 s are 1250 jiffies: rounded up by at most 64 of 4 ms. */
        ck_assert_int_ge(log.arp[2].at, 5100 * SIM_MS);
        ck_assert_int_le(log.arp[2].at, 5100 * SIM_MS + 256 * SIM_MS);
        last[0] = log.arp[0].at;
        last[1] = log.arp[2].at;
        for (unsigned i = 4; i + 1 < log.arp_count; i += 2) {
            const Seen *seen = &log.arp[i];
            SimTime gap = seen->at - last[seen->node];

            ck_assert(!seen->broadcast && seen->operation == ARP_REQUEST);
            ck_assert(log.arp[i + 1].operation == ARP_REPLY);
            /* 15 to 45 s, then 5; rounded up by 2.048 and 0.256 s. */
            ck_assert_int_ge(gap, 20 * SIM_S);
            ck_assert_int_le(gap, 50 * SIM_S + 2400 * SIM_MS);
            last[seen->node] = seen->at;
        }
        ck_assert_uint_eq(log.drops[DROP_ARP_FAILED], 0);
        row_clear(&row);
    }
}
END_TEST

START_TEST(an_address_that_stopped_answering_is_asked_for_again)
{
    Row row;
    Log log;
    LinkConfig dead;

    row_defaults(&row);
    row.arp.timers = ARP_TIMERS_EXACT;
    start(&row, &log, 2, 0);
    send_to(&row.hosts[0], row_last(&row));
    run_to(&row, 50 * SIM_S); /* stale by now */
    dead = row.link[0];
    dead.loss = 1;
    link_config_finish(&dead);
    row.links[0][0].config = row.links[0][1].config = &dead;
    log.arp_count = 0;
    send_to(&row.hosts[0], row_last(&row));
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.arp_count, 3);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(!log.arp[i].broadcast);
        ck_assert_int_eq(log.arp[i].at, (55 + i) * SIM_S);
    }
    ck_assert_uint_eq(log.failed, 1);
    ck_assert_ptr_null(arp_find(&row.interfaces[0][0], row_last(&row)));
    send_to(&row.hosts[0], row_last(&row));
    ck_assert_uint_eq(log.arp_count, 4);
    ck_assert(log.arp[3].broadcast);
    row_clear(&row);
}
END_TEST

/* The wheel by itself: never early, late by at most a step of its level. */
START_TEST(the_wheel_is_late_by_its_level)
{
    static const struct {
        SimTime below, step;
    } levels[] = {{252, 4}, {2016, 32}, {16128, 256}, {129024, 2048}};
    const SimTime jiffy = 4 * SIM_MS;
    SimTime least = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
        SimTime below = levels[i].below * SIM_MS;
        SimTime step = levels[i].step * SIM_MS;

        for (SimTime n = 0; n < 2000; n++) {
            SimTime delay =
                (least + (below - least) / 2000 * n) / jiffy * jiffy;
            SimTime now = n * 1234567, phase = n * 7654321;
            SimTime late = wheel_fire(now, delay, jiffy, phase) - now - delay;

            ck_assert_int_gt(late, 0);
            ck_assert_int_le(late, step);
            ck_assert_int_eq((now + delay + late + phase) % step, 0);
        }
        least = below;
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("arp");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_first_packet_waits_the_second_does_not);
    tcase_add_test(tcase, the_oldest_goes_when_too_many_wait);
    tcase_add_test(tcase, nobody_answers);
    tcase_add_test(tcase, exact_timers_are_exact);
    tcase_add_test(tcase, a_router_reports_who_does_not_answer);
    tcase_add_test(tcase, a_lost_request_is_repeated);
    tcase_add_test(tcase, an_address_in_use_is_probed);
    tcase_add_test(tcase, an_address_that_stopped_answering_is_asked_for_again);
    tcase_add_test(tcase, the_wheel_is_late_by_its_level);
    return run_tests("arp", tcase, NULL);
}
