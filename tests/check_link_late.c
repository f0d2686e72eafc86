/* check_link_late.c - packets that are late, overtake each other, and come
 * twice. */
#include <stdlib.h>

#include "tests/link_fixture.h"
#include "tests/run_tests.h"

static void begin_again(SimTime jitter, bool reorder, double duplicate)
{
    config.jitter = jitter;
    config.reorder = reorder;
    config.duplicate = duplicate;
    config.rate = 0;
    end();
    begin(0);
}

START_TEST(jitter_is_uniform_up_to_its_most)
{
    enum { SENT = 4000 };
    SimTime jitter = 10 * SIM_MS, earliest = SIM_NEVER, latest = 0;
    double sum = 0, squares = 0, mean;

    begin_again(jitter, true, 0);
    for (uint32_t i = 0; i < SENT; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, SENT);
    for (unsigned i = 0; i < SENT; i++) {
        double late = (double)(far_end.at[i] - SIM_MS) / (double)jitter;

        ck_assert(i == 0 || far_end.at[i - 1] <= far_end.at[i]);
        earliest = MIN(earliest, far_end.at[i]);
        latest = MAX(latest, far_end.at[i]);
        sum += late;
        squares += late * late;
    }
    mean = sum / SENT;
    ck_assert_int_ge(earliest, SIM_MS);
    ck_assert_int_le(latest, SIM_MS + jitter);
    /* Four standard deviations; the seed is fixed. */
    ck_assert_double_eq_tol(mean, 0.5, 4 / sqrt(12.0 * SENT));
    ck_assert_double_eq_tol(squares / SENT - mean * mean, 1 / 12.0,
                            4 * sqrt(1 / 180.0 / SENT));
}
END_TEST

START_TEST(packets_overtake_each_other_only_if_they_may)
{
    begin_again(10 * SIM_MS, _i, 0);
    for (uint32_t i = 0; i < 1000; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 1000);
    for (unsigned i = 0, overtaken = 0; i < 1000; i++) {
        overtaken += far_end.number[i] != i;
        if (_i == 0)
            ck_assert_uint_eq(overtaken, 0);
        else if (i == 999)
            ck_assert_uint_gt(overtaken, 900);
    }
}
END_TEST

START_TEST(the_share_that_comes_twice_is_the_chance)
{
    enum { SENT = 3000 };
    unsigned copies = 0, late = 0;
    bool seen[SENT] = {false};

    begin_again(_i * SIM_MS, true, 0.2);
    for (uint32_t i = 0; i < SENT; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    for (unsigned i = 0; i < far_end.arrived; i++) {
        uint32_t number = far_end.number[i] & ~(uint32_t)PACKET_COPY;

        copies += number != far_end.number[i];
        /* With jitter the copy may come first. */
        late += number != far_end.number[i] && seen[number];
        seen[number] = true;
    }
    ck_assert_uint_eq(far_end.arrived, SENT + copies);
    ck_assert_double_eq_tol(copies, SENT / 5, 4 * sqrt(SENT * 0.2 * 0.8));
    if (_i == 0)
        ck_assert_uint_eq(late, copies);
    else
        ck_assert_double_eq_tol(late, copies / 2, 4 * sqrt(copies / 4.0));
}
END_TEST

START_TEST(what_is_lost_does_not_come_twice_and_is_late_as_well)
{
    config.loss = 1;
    begin_again(10 * SIM_MS, true, 1);
    for (uint32_t i = 0; i < 100; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 0);
    ck_assert_uint_eq(far_end.dropped, 100);
    ck_assert_int_gt(far_end.dropped_at, 10 * SIM_MS);
}
END_TEST

/* A line with both, before one that loses half: which of a packet and its copy
 * is lost there has nothing to do with the other. */
START_TEST(a_copy_has_a_fate_of_its_own)
{
    unsigned both = 0, one = 0;
    uint32_t came[1000] = {0};

    config.loss = 0.5;
    begin_again(0, false, 0);
    for (uint32_t i = 0; i < 1000; i++) {
        send_data(i, 0);
        send_data(i | PACKET_COPY, 0);
    }
    sim_run(&sim, SIM_NEVER);
    for (unsigned i = 0; i < far_end.arrived; i++)
        came[far_end.number[i] & ~(uint32_t)PACKET_COPY]++;
    for (unsigned i = 0; i < 1000; i++) {
        both += came[i] == 2;
        one += came[i] == 1;
    }
    ck_assert_double_eq_tol(both, 250, 4 * sqrt(1000 * 0.25 * 0.75));
    ck_assert_double_eq_tol(one, 500, 4 * sqrt(1000 * 0.25));
}
END_TEST

START_TEST(a_detour_is_taken_by_chance_and_overtaken)
{
    enum { SENT = 4000 };
    SimTime longest = 100 * SIM_MS;
    unsigned late = 0;
    double sum = 0;

    config.detour = 0.1;
    config.detour_delay = longest;
    begin_again(0, false, 0);
    for (uint32_t i = 0; i < SENT; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, SENT);
    for (unsigned i = 0, last = 0; i < SENT; i++)
        if (far_end.at[i] > SIM_MS) {
            late++;
            sum += (double)(far_end.at[i] - SIM_MS) / (double)longest;
            ck_assert_int_le(far_end.at[i], SIM_MS + longest);
        } else { /* the others keep their order */
            ck_assert_uint_ge(far_end.number[i], last);
            last = far_end.number[i];
        }
    ck_assert_double_eq_tol(late, SENT / 10, 4 * sqrt(SENT * 0.1 * 0.9));
    ck_assert_double_eq_tol(sum / late, 0.5, 4 / sqrt(12.0 * late));
}
END_TEST

START_TEST(clearing_drops_what_is_late)
{
    begin_again(10 * SIM_MS, _i, 1);
    for (uint32_t i = 0; i < 100; i++)
        send_data(i, 0);
    sim_run(&sim, 3 * SIM_MS);
    link_clear(&line);
    ck_assert_uint_eq(far_end.arrived + far_end.dropped, 200);
    ck_assert_uint_eq(far_end.reason, DROP_LINK_CLEARED);
    ck_assert_uint_eq(equeue_len(&sim.queue), 0);
    sim_clear(&sim);
    begin(0); /* for the fixture */
}
END_TEST

START_TEST(jitter_keeps_to_the_rate_and_the_queue)
{
    config.jitter = 50 * SIM_MS;
    config.queue_packets = 7;
    end();
    begin(0);
    for (uint32_t i = 0; i < 20; i++)
        send_data(i, 1460);
    ck_assert_uint_eq(far_end.dropped, 12); /* one is sent, seven wait */
    ck_assert_int_eq(link_wait(&line), 8 * 1538 * 800);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 8);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("link, late");

    tcase_add_checked_fixture(tcase, setup, end);
    tcase_add_test(tcase, jitter_is_uniform_up_to_its_most);
    tcase_add_loop_test(tcase, packets_overtake_each_other_only_if_they_may, 0,
                        2);
    tcase_add_loop_test(tcase, the_share_that_comes_twice_is_the_chance, 0, 2);
    tcase_add_test(tcase, what_is_lost_does_not_come_twice_and_is_late_as_well);
    tcase_add_test(tcase, a_copy_has_a_fate_of_its_own);
    tcase_add_test(tcase, a_detour_is_taken_by_chance_and_overtaken);
    tcase_add_loop_test(tcase, clearing_drops_what_is_late, 0, 2);
    tcase_add_test(tcase, jitter_keeps_to_the_rate_and_the_queue);
    return run_tests("link, late", tcase, NULL);
}
