/* check_tcp.c - two TCPs on one line: opening and closing in every order, text
 * whole and in order whatever the line does, timers, and no leak. */
#include <stdlib.h>
#include <string.h>

#include "models/transport/tcp_inside.h"
#include "tests/pair.h"
#include "tests/run_tests.h"

static Pair pair;

/* --- opening and closing -------------------------------------------------- */

START_TEST(seven_segments_open_and_close_a_connection)
{
    pair_init(&pair, _i, 1);
    pair_start(&pair);
    pair.users[CLIENT].close_first = true;
    pair_connect(&pair);
    pair_finish(&pair);
    ck_assert_str_eq(
        pair.moves->str,
        "c SYN-SENT, s SYN-RECEIVED, c ESTABLISHED, c FIN-WAIT-1, "
        "s ESTABLISHED, s CLOSE-WAIT, s LAST-ACK, c FIN-WAIT-2, c TIME-WAIT, "
        "s CLOSED, c CLOSED");
    ck_assert_uint_eq(pair.repeats, 0);
    pair_clear(&pair);
}
END_TEST

START_TEST(the_server_may_close_first)
{
    pair_init(&pair, _i, 2);
    pair_start(&pair);
    pair.users[CLIENT].to_send = 200;
    pair.users[SERVER].to_send = 20000;
    pair.users[SERVER].close_first = true;
    pair_connect(&pair);
    pair_finish(&pair);
    pair_check_whole(&pair, 200, 20000);
    ck_assert_ptr_nonnull(strstr(pair.moves->str, "s TIME-WAIT"));
    pair_clear(&pair);
}
END_TEST

/* MUST-10 */
START_TEST(both_may_open_at_once)
{
    pair_init(&pair, _i, 3);
    pair_start(&pair);
    for (unsigned side = 0; side < SIDES; side++) {
        User *user = &pair.users[side];

        user->to_send = 5000;
        user->close_first = true;
        user->tcb = tcp_connect(
            pair.tcp[side], pair_address(!side), (uint16_t)(1000 + !side),
            (uint16_t)(1000 + side), &pair_user, user, &user->end);
    }
    pair_finish(&pair);
    for (unsigned side = 0; side < SIDES; side++) {
        ck_assert(pair.users[side].opened);
        ck_assert_uint_eq(pair.users[side].received, 5000);
    }
    ck_assert(g_str_has_prefix(
        pair.moves->str,
        "c SYN-SENT, s SYN-SENT, s SYN-RECEIVED, c SYN-RECEIVED, "
        "c ESTABLISHED, c FIN-WAIT-1, s ESTABLISHED, s FIN-WAIT-1, "));
    /* By ns3 the FINs go with the last text (no Nagle), and cross otherwise. */
    ck_assert(_i == TCP_PROFILE_NS3 ||
              strstr(pair.moves->str, "s CLOSING, c CLOSING, s TIME-WAIT, "
                                      "c TIME-WAIT") != NULL);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_refused_connection_says_so)
{
    User *client = &pair.users[CLIENT];

    pair_init(&pair, _i, 4);
    pair_start(&pair);
    client->tcb = tcp_connect(pair.tcp[CLIENT], pair_address(SERVER), 81, 0,
                              &pair_user, client, &client->end);
    pair_finish(&pair);
    ck_assert(client->gone && !client->opened);
    ck_assert_int_eq(client->end, TCP_END_REFUSED);
    ck_assert_int_eq(sim_now(&pair.sim), 20 * SIM_MS);
    pair_clear(&pair);
}
END_TEST

START_TEST(an_abort_resets_the_peer)
{
    pair_init(&pair, _i, 5);
    pair_start(&pair);
    pair.users[SERVER].to_send = 1000000;
    pair_connect(&pair);
    sim_run(&pair.sim, 65 * SIM_MS);
    tcp_abort(pair.users[CLIENT].tcb);
    pair.users[CLIENT].tcb = NULL;
    pair_finish(&pair);
    ck_assert(pair.users[SERVER].gone);
    ck_assert_int_eq(pair.users[SERVER].end, TCP_END_RESET);
    pair_clear(&pair);
}
END_TEST

/* --- text ----------------------------------------------------------------- */

/* One transfer in both directions over a bad line, drawn from the seed. */
static void bad_line(unsigned profile, uint64_t seed, bool sack)
{
    Stream draw;
    uint32_t there, back;

    pair_init(&pair, profile, seed);
    stream_init(&draw, &pair.sim, "check_tcp", "bad line");
    there = (uint32_t)stream_below(&draw, 60000);
    back = (uint32_t)stream_below(&draw, 200000);
    for (unsigned side = 0; side < SIDES; side++) {
        pair.config[side].sack = sack;
        pair.config[side].timestamps = stream_below(&draw, 2);
        pair.config[side].iss_fixed = true; /* 2^32 comes in the middle */
        pair.config[side].iss =
            0u - (uint32_t)stream_below(&draw, MAX(there, back) + 1);
        pair.config[side].receive_buffer = 3000 + stream_below(&draw, 200000);
        pair.config[side].send_buffer = 2000 + stream_below(&draw, 100000);
    }
    pair_start(&pair);
    for (unsigned side = 0; side < SIDES; side++) {
        Mangler *mangler = &pair.manglers[side];
        User *user = &pair.users[side];

        mangler->drop = (double)stream_below(&draw, 11) / 100;
        mangler->repeat = (double)stream_below(&draw, 20) / 100;
        mangler->delay = (double)stream_below(&draw, 50) / 100;
        mangler->longest = stream_uniform(&draw, 0, 50 * SIM_MS);
        user->to_send = side == CLIENT ? there : back;
        user->synthetic = stream_below(&draw, 4) == 0;
        user->close_first = side == (seed & 1) || stream_below(&draw, 2);
    }
    pair_connect(&pair);
    pair_finish(&pair);
    pair_check_whole(&pair, there, back);
    pair_clear(&pair);
}

START_TEST(text_arrives_in_order_exactly_once)
{
    for (uint64_t seed = 1; seed <= 25; seed++) {
        g_test_message("seed %" G_GUINT64_FORMAT, seed);
        bad_line(_i % TCP_PROFILES, seed, _i >= TCP_PROFILES);
    }
}
END_TEST

START_TEST(one_lost_segment_is_sent_again_once_without_a_timer)
{
    bool sack = _i >= TCP_PROFILES;

    pair_init(&pair, _i % TCP_PROFILES, 7);
    for (unsigned side = 0; side < SIDES; side++)
        pair.config[side].sack = sack;
    pair_start(&pair);
    pair.users[SERVER].to_send = 100000;
    pair.users[SERVER].close_first = true;
    pair.manglers[CLIENT].drop_nth = 20;
    pair_connect(&pair);
    pair_finish(&pair);
    pair_check_whole(&pair, 0, 100000);
    ck_assert_uint_eq(pair.repeats, 1);
    ck_assert_uint_eq(pair.why[REPEAT_FAST], 1);
    pair_clear(&pair);
}
END_TEST

/* The text's end and the FIN are lost: the probe repeats the FIN, and the
 * peer's report of it shows what else is missing. */
START_TEST(a_lost_tail_is_probed)
{
    pair_init(&pair, TCP_PROFILE_LINUX, 8);
    pair_start(&pair);
    pair.users[SERVER].to_send = 3000;
    pair.users[CLIENT].close_first = true;
    pair.manglers[CLIENT].drop_nth = 3; /* the last one */
    pair.manglers[CLIENT].drop_flags = TCP_FIN;
    pair_connect(&pair);
    pair_finish(&pair);
    pair_check_whole(&pair, 0, 3000);
    ck_assert_uint_eq(pair.repeats, 2);
    ck_assert_uint_eq(pair.why[REPEAT_TAIL_LOSS_PROBE], 1);
    ck_assert_uint_eq(pair.why[REPEAT_FAST], 1);
    pair_clear(&pair);
}
END_TEST

/* MUST-37 */
START_TEST(a_closed_window_is_probed_until_it_opens)
{
    User *server = &pair.users[SERVER];
    /* Linux offers half of a buffer: the rest is for what holds the text. */
    uint32_t least = _i == TCP_PROFILE_LINUX ? 8192 / 2 - 536 : 8192 - 1460;

    pair_init(&pair, _i, 9);
    pair.config[SERVER].receive_buffer = 8192;
    pair_start(&pair);
    pair.users[CLIENT].to_send = 50000;
    pair.users[CLIENT].close_first = true;
    server->lazy = true;
    pair_connect(&pair);
    sim_run(&pair.sim, 100 * SIM_S);
    /* a window is told in units of 1 KiB, rounded up */
    ck_assert_uint_lt(server->tcb->rcv.queued, 8192 + 1024);
    ck_assert_uint_ge(server->tcb->rcv.queued, least);
    server->lazy = false;
    pair_read(&pair, SERVER);
    pair_finish(&pair);
    /* The server has not closed: its user closes when it has read all. */
    pair_check_whole(&pair, 50000, 0);
    pair_clear(&pair);
}
END_TEST

/* --- lost at opening and closing ------------------------------------------ */

static const uint16_t lost_flags[] = {TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK,
                                      TCP_FIN, TCP_PSH};

START_TEST(every_kind_of_segment_may_be_lost)
{
    bool server_first = _i / TCP_PROFILES & 1;

    pair_init(&pair, _i % TCP_PROFILES, 10);
    pair_start(&pair);
    pair.users[CLIENT].to_send = 200;
    pair.users[CLIENT].close_first = !server_first;
    pair.users[SERVER].to_send = 20000;
    pair.users[SERVER].close_first = server_first;
    for (unsigned side = 0; side < SIDES; side++)
        pair.manglers[side].drop_flags = lost_flags[_i / (2 * TCP_PROFILES)];
    pair_connect(&pair);
    pair_finish(&pair);
    pair_check_whole(&pair, 200, 20000);
    pair_clear(&pair);
}
END_TEST

START_TEST(nobody_waits_for_ever)
{
    User *client = &pair.users[CLIENT];

    /* SYNs lost for good; then everything lost in the middle of a transfer. */
    pair_init(&pair, _i, 11);
    pair_start(&pair);
    pair.manglers[SERVER].drop = 1;
    pair_connect(&pair);
    pair_finish(&pair);
    ck_assert_int_eq(client->end, TCP_END_TIMED_OUT);
    pair_clear(&pair);

    pair_init(&pair, _i, 12);
    pair_start(&pair);
    pair.users[SERVER].to_send = 1000000;
    pair_connect(&pair);
    sim_run(&pair.sim, 45 * SIM_MS);
    pair.manglers[CLIENT].drop = pair.manglers[SERVER].drop = 1;
    sim_run(&pair.sim, SIM_NEVER);
    ck_assert_int_eq(pair.users[SERVER].end, TCP_END_TIMED_OUT);
    ck_assert_int_gt(sim_now(&pair.sim), 100 * SIM_S); /* SHLD-11 */
    /* It was only reading: no sooner than keepalive finds out. */
    ck_assert_int_eq(client->gone, pair.config[CLIENT].keepalive_idle != 0);
    pair_clear(&pair);
}
END_TEST

/* MUST-29 */
START_TEST(keepalive_finds_a_dead_peer)
{
    pair_init(&pair, _i, 13);
    for (unsigned side = 0; side < SIDES; side++) {
        pair.config[side].keepalive_idle = 5 * SIM_S;
        pair.config[side].keepalive_interval = 2 * SIM_S;
        pair.config[side].keepalive_probes = 3;
    }
    pair_start(&pair);
    pair_connect(&pair);
    sim_run(&pair.sim, 60 * SIM_S);
    ck_assert(!pair.users[CLIENT].gone);
    ck_assert_uint_ge(pair.segments, 3 + 2 * 8);
    pair.manglers[CLIENT].drop = pair.manglers[SERVER].drop = 1;
    pair_finish(&pair);
    ck_assert_int_eq(pair.users[CLIENT].end, TCP_END_TIMED_OUT);
    ck_assert_int_eq(pair.users[SERVER].end, TCP_END_TIMED_OUT);
    pair_clear(&pair);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_run)
{
    g_autofree char *moves = NULL;
    SimTime end = 0;
    uint32_t segments = 0;

    for (unsigned i = 0; i < 2; i++) {
        pair_init(&pair, _i, 19);
        pair_start(&pair);
        pair.users[CLIENT].to_send = pair.users[SERVER].to_send = 70000;
        pair.users[CLIENT].close_first = true;
        pair.manglers[CLIENT].drop = pair.manglers[SERVER].drop = 0.05;
        pair_connect(&pair);
        pair_finish(&pair);
        if (i == 0) {
            moves = g_strdup(pair.moves->str);
            end = sim_now(&pair.sim);
            segments = pair.segments;
        } else {
            ck_assert_str_eq(moves, pair.moves->str);
            ck_assert_int_eq(end, sim_now(&pair.sim));
            ck_assert_uint_eq(segments, pair.segments);
        }
        pair_clear(&pair);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("two hosts");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, seven_segments_open_and_close_a_connection, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, the_server_may_close_first, 0, TCP_PROFILES);
    tcase_add_loop_test(tcase, both_may_open_at_once, 0, TCP_PROFILES);
    tcase_add_loop_test(tcase, a_refused_connection_says_so, 0, TCP_PROFILES);
    tcase_add_loop_test(tcase, an_abort_resets_the_peer, 0, TCP_PROFILES);
    tcase_add_loop_test(tcase, text_arrives_in_order_exactly_once, 0,
                        2 * TCP_PROFILES);
    tcase_add_loop_test(tcase,
                        one_lost_segment_is_sent_again_once_without_a_timer, 0,
                        2 * TCP_PROFILES);
    tcase_add_test(tcase, a_lost_tail_is_probed);
    tcase_add_loop_test(tcase, a_closed_window_is_probed_until_it_opens, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, every_kind_of_segment_may_be_lost, 0,
                        2 * TCP_PROFILES * G_N_ELEMENTS(lost_flags));
    tcase_add_loop_test(tcase, nobody_waits_for_ever, 0, TCP_PROFILES);
    tcase_add_loop_test(tcase, keepalive_finds_a_dead_peer, 0, TCP_PROFILES);
    tcase_add_loop_test(tcase, the_same_seed_gives_the_same_run, 0,
                        TCP_PROFILES);
    return run_tests("tcp", tcase, NULL);
}
