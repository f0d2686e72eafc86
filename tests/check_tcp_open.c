/* check_tcp_open.c - what a handshake may bring along, between two hosts of
 * ours: text in the SYN (RFC 7413), congestion told by marks (RFC 3168). */
#include <stdlib.h>

#include "tests/pair.h"
#include "tests/run_tests.h"

static Pair pair;

/* --- Fast Open ------------------------------------------------------------ */

enum { REQUEST = 400, RESPONSE = 600 };

/* One exchange: when the response is whole at the client, after connect(). */
static SimTime exchange(void)
{
    User *client = &pair.users[CLIENT];
    SimTime start = sim_now(&pair.sim);

    for (unsigned side = 0; side < SIDES; side++)
        pair.users[side] = (User){.pair = &pair, .keep_open = side == CLIENT};
    client->to_send = REQUEST;
    pair.users[SERVER].to_send = RESPONSE;
    pair_connect_fast(&pair);
    while (client->received < RESPONSE)
        ck_assert(sim_step(&pair.sim));
    start = sim_now(&pair.sim) - start;
    tcp_close(client->tcb);
    pair_finish(&pair);
    ck_assert_uint_eq(pair.users[SERVER].received, REQUEST);
    return start;
}

/* 20 ms of round trip: with a cookie one is enough, RFC 7413 figure 1. */
START_TEST(fast_open_saves_a_round_trip)
{
    pair_init(&pair, TCP_PROFILE_LINUX, 1);
    pair.config[SERVER].fast_open_server = true;
    pair_start(&pair);
    pair_listen(&pair);
    /* The server writes at once, so its text is there before the request. */
    ck_assert_int_eq(exchange(), 40 * SIM_MS);
    ck_assert_int_eq(exchange(), 20 * SIM_MS);
    ck_assert_uint_eq(pair.repeats, 0);
    pair_clear(&pair);
}
END_TEST

/* Where the network swallows SYNs with text the second SYN opens. */
START_TEST(a_path_that_drops_text_in_a_syn_is_survived)
{
    pair_init(&pair, TCP_PROFILE_LINUX, 1);
    pair.config[SERVER].fast_open_server = true;
    pair_start(&pair);
    pair_listen(&pair);
    exchange();
    pair.manglers[SERVER].largest = 100 + REQUEST - 1;
    pair.manglers[SERVER].drop_flags = TCP_SYN;
    ck_assert_int_gt(exchange(), SIM_S);
    ck_assert_uint_eq(pair.why[REPEAT_SYN_TIMER], 1);
    ck_assert_uint_eq(pair.why[REPEAT_SYN_TEXT], 1);
    pair_clear(&pair);
}
END_TEST

/* --- ECN ------------------------------------------------------------------ */

typedef struct Marks {
    Observer observer;
    unsigned marks, drops;
} Marks;

static void hear_marks(Observer *observer, const Record *record)
{
    Marks *marks = sim_container_of(observer, Marks, observer);

    *(record->kind == REC_PACKET_MARKED ? &marks->marks : &marks->drops) += 1;
}

/* 3 MB over 10 Mbit/s, a queue of 25 packets that marks from 5 on. */
static void crowd(bool ecn, Marks *marks, TcpInfo *info)
{
    pair_init(&pair, TCP_PROFILE_LINUX, 3);
    pair.line.rate = 10000000;
    pair.line.queue_packets = 25;
    pair.line.queue_bytes = 0;
    pair.line.ecn_threshold = 5;
    pair.config[CLIENT].ecn = ecn ? TCP_ECN_OFFER : TCP_ECN_NO;
    pair_start(&pair);
    *marks = (Marks){.observer = {.wants = 1ull << REC_PACKET_MARKED |
                                           1ull << REC_PACKET_DROPPED,
                                  .hear = hear_marks}};
    sim_observe(&pair.sim, &marks->observer);
    pair.users[CLIENT].to_send = 3000000;
    pair.users[CLIENT].keep_open = pair.users[SERVER].keep_open = true;
    pair_connect(&pair);
    while (pair.users[SERVER].received < 3000000)
        ck_assert(sim_step(&pair.sim));
    tcp_info(pair.users[CLIENT].tcb, info);
    tcp_close(pair.users[CLIENT].tcb);
    tcp_close(pair.users[SERVER].tcb);
    pair_finish(&pair);
}

START_TEST(marks_spare_the_losses)
{
    Marks marks;
    TcpInfo info;

    crowd(false, &marks, &info);
    ck_assert_uint_eq(marks.marks, 0);
    ck_assert_uint_gt(marks.drops, 0);
    ck_assert_uint_gt(pair.repeats, 0);
    ck_assert(!info.ecn);
    pair_clear(&pair);

    crowd(true, &marks, &info);
    ck_assert_uint_gt(marks.marks, 0);
    ck_assert_uint_eq(marks.drops, 0);
    ck_assert_uint_eq(pair.repeats, 0);
    ck_assert(info.ecn);
    ck_assert_uint_gt(info.delivered_ce, 0);
    ck_assert_uint_lt(info.delivered_ce, info.delivered);
    pair_clear(&pair);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("opening");

    tcase_add_test(tcase, fast_open_saves_a_round_trip);
    tcase_add_test(tcase, a_path_that_drops_text_in_a_syn_is_survived);
    tcase_add_test(tcase, marks_spare_the_losses);
    return run_tests("tcp_open", tcase, NULL);
}
