/* check_tcp_open.c - what a handshake may bring along, between two hosts of
 * ours: text in the SYN (RFC 7413), congestion told by marks (RFC 3168), a
 * cookie for a listener that keeps nothing (RFC 4987); and listeners with too
 * much to do. */
#include <stdlib.h>

#include "tests/pair.h"
#include "tests/run_tests.h"
#include "tests/tcp/stage.h"

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

/* --- SYN cookies, and the two queues of a listener ------------------------ */

static unsigned taken; /* connections that anybody_accepts() was handed */

static void anybody_accepts(TcpListener *listener, void *data, Tcb *tcb,
                            const TcpUser **vtable, void **user)
{
    static const TcpUser patient;

    taken++;
    *vtable = &patient;
}

/* Ten SYNs whose SYN,ACKs are lost fill a backlog of three. */
static TcpListener *flood(int cookies)
{
    TcpListener *listener;

    taken = 0;
    pair_init(&pair, TCP_PROFILE_LINUX, 5);
    pair.config[SERVER].syn_cookies = cookies;
    pair_start(&pair);
    listener =
        tcp_listen(pair.tcp[SERVER], PAIR_PORT, 3, anybody_accepts, NULL);
    pair.manglers[CLIENT].drop = 1;
    for (unsigned i = 0; i < 10; i++)
        tcp_abort(tcp_connect(pair.tcp[CLIENT], pair_address(SERVER), PAIR_PORT,
                              0, NULL, NULL, NULL));
    sim_run(&pair.sim, 100 * SIM_MS);
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 3);
    return listener;
}

/* Without cookies it waits until one of the three is given up. */
START_TEST(cookies_let_a_client_in_during_a_flood)
{
    User *client = &pair.users[CLIENT];
    TcpListener *listener = flood(_i ? TCP_COOKIES_WHEN_FULL : TCP_COOKIES_NO);
    SimTime start = sim_now(&pair.sim);
    TcpInfo info;

    pair.manglers[CLIENT].drop_flags = 0;
    client->tcb = tcp_connect(pair.tcp[CLIENT], pair_address(SERVER), PAIR_PORT,
                              0, &pair_user, client, NULL);
    /* The flood's own SYN,ACKs go on being lost. */
    while (!client->opened && sim_step(&pair.sim))
        pair.manglers[CLIENT].drop =
            tcp_count(pair.tcp[CLIENT], TCP_SYN_SENT) == 1 &&
                    tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED) == 3 && !_i
                ? 1
                : 0;
    if (_i) {
        ck_assert_int_eq(sim_now(&pair.sim) - start, 20 * SIM_MS);
        tcp_info(client->tcb, &info);
        ck_assert_uint_eq(info.options, TCP_OPT_WSCALE | TCP_OPT_SACK_OK |
                                            TCP_OPT_TIMESTAMPS);
        sim_run(&pair.sim, sim_now(&pair.sim) + 20 * SIM_MS);
        ck_assert_uint_eq(taken, 1);
        ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 3);
    } else {
        ck_assert_int_gt(sim_now(&pair.sim) - start, 60 * SIM_S);
    }
    tcp_unlisten(listener);
    pair_clear(&pair);
}
END_TEST

START_TEST(text_passes_though_every_connection_begins_with_a_cookie)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        pair_init(&pair, TCP_PROFILE_LINUX, seed);
        pair.config[SERVER].syn_cookies = TCP_COOKIES_ALWAYS;
        pair.config[CLIENT].timestamps = seed % 2 == 0;
        pair.config[CLIENT].ecn = TCP_ECN_OFFER;
        pair_start(&pair);
        for (unsigned side = 0; side < SIDES; side++) {
            pair.manglers[side].drop = 0.03;
            pair.users[side].to_send = 60000;
            pair.users[side].close_first = true;
        }
        pair_connect(&pair);
        pair_finish(&pair);
        ck_assert_uint_eq(pair.users[CLIENT].received, 60000);
        ck_assert_uint_eq(pair.users[SERVER].received, 60000);
        pair_clear(&pair);
    }
}
END_TEST

static Stage stage;

static void stage_up(void)
{
    stage_init(&stage);
    stage.tcp_config.syn_cookies = TCP_COOKIES_ALWAYS;
    stage_raise(&stage, 0);
    stage_listen(&stage);
}

/* The stage's peer sends SYN: the answer, which is the caller's. */
static Caught *stage_syn(const TcpHeader *syn)
{
    Caught *caught;

    stage_inject(&stage, syn, 0, syn->seq + 1);
    caught = g_queue_pop_head(&stage.caught);
    ck_assert_ptr_nonnull(caught);
    ck_assert_uint_eq(caught->header.flags & (TCP_SYN | TCP_ACK | TCP_RST),
                      TCP_SYN | TCP_ACK);
    ck_assert_uint_eq(caught->header.ack, syn->seq + 1);
    ck_assert_uint_eq(stage_connections(&stage), 0);
    return caught;
}

START_TEST(a_cookie_is_good_for_two_minutes)
{
    static const SimTime waits[] = {0, 59 * SIM_S, 121 * SIM_S};
    TcpHeader syn = {.flags = TCP_SYN,
                     .seq = 0xfffffff0u,
                     .window = 60000,
                     .options = TCP_OPT_MSS,
                     .mss = 1400};
    TcpHeader ack = {.flags = TCP_ACK, .seq = syn.seq + 1, .window = 60000};
    g_autofree Caught *answer = NULL;

    stage_up();
    answer = stage_syn(&syn);
    stage_wait(&stage, waits[_i]);
    ack.ack = answer->header.seq + 1;
    stage_inject(&stage, &ack, 0, ack.seq);
    ck_assert_int_eq(stage.accepted, _i < 2);
    ck_assert_uint_eq(stage_connections(&stage), _i < 2);
    if (_i < 2) { /* the MSS came back, rounded down */
        TcpInfo info;

        tcp_info(stage.tcb, &info);
        ck_assert_uint_eq(info.snd_mss, 1300);
        ck_assert_uint_eq(info.options, 0);
    }
    stage_clear(&stage);
}
END_TEST

START_TEST(a_cookie_cannot_be_guessed)
{
    TcpHeader syn = {.flags = TCP_SYN, .seq = 1000, .window = 1000};
    TcpHeader ack = {.flags = TCP_ACK, .seq = 1001, .window = 1000};
    g_autofree Caught *answer = NULL;

    stage_up();
    answer = stage_syn(&syn);
    for (uint32_t i = 4; i < 2000; i++) {
        g_autofree Caught *reset = NULL;

        ack.ack = answer->header.seq + 1 + i * (i % 2 ? 1 : 1u << 20);
        stage_inject(&stage, &ack, 0, ack.seq);
        ck_assert_uint_eq(stage_connections(&stage), 0);
        reset = g_queue_pop_head(&stage.caught);
        ck_assert_uint_eq(reset->header.flags, TCP_RST);
    }
    ack.ack = answer->header.seq + 1;
    stage_inject(&stage, &ack, 0, ack.seq);
    ck_assert_uint_eq(stage_connections(&stage), 1);
    stage_clear(&stage);
}
END_TEST

/* What was agreed on comes back in the timestamp. */
START_TEST(a_cookie_remembers_options)
{
    TcpHeader syn = {.flags = TCP_SYN | (_i & 1 ? TCP_ECE | TCP_CWR : 0),
                     .seq = 1,
                     .window = 65535,
                     .options = TCP_OPT_MSS | TCP_OPT_TIMESTAMPS,
                     .mss = 1445,
                     .wscale = 7,
                     .ts_val = 77};
    TcpHeader ack = {.flags = TCP_ACK,
                     .seq = 2,
                     .window = 65535,
                     .options = TCP_OPT_TIMESTAMPS,
                     .ts_val = 78};
    g_autofree Caught *answer = NULL;
    TcpInfo info;

    if (_i & 2)
        syn.options |= TCP_OPT_SACK_OK;
    if (_i & 4)
        syn.options |= TCP_OPT_WSCALE;
    stage_up();
    stage_wait(&stage, 123 * SIM_MS); /* the clock is anywhere */
    answer = stage_syn(&syn);
    ck_assert_int_eq((answer->header.flags & TCP_ECE) != 0, _i & 1);
    ack.ack = answer->header.seq + 1;
    ack.ts_ecr = answer->header.ts_val;
    stage_wait(&stage, 40 * SIM_MS);
    stage_inject(&stage, &ack, 0, 2);
    ck_assert(stage.accepted);
    tcp_info(stage.tcb, &info);
    ck_assert_uint_eq(info.options | TCP_OPT_MSS, syn.options);
    ck_assert_int_eq(info.ecn, _i & 1);
    ck_assert_uint_eq(info.snd_scale, _i & 4 ? 7 : 0);
    ck_assert_uint_eq(info.snd_mss, 1440 - 12);
    stage_clear(&stage);
}
END_TEST

START_TEST(a_full_accept_queue_hears_no_more)
{
    User *client = &pair.users[CLIENT];

    pair_init(&pair, TCP_PROFILE_LINUX, 6);
    pair_start(&pair);
    pair_connect(&pair);
    sim_run(&pair.sim, 15 * SIM_MS); /* the SYN has arrived */
    tcp_listener_full(pair.listener, true);
    sim_run(&pair.sim, 100 * SIM_MS);
    /* The ACK that would have completed the handshake was not heard. */
    ck_assert(client->opened && !pair.users[SERVER].accepted);
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 1);
    tcp_abort(tcp_connect(pair.tcp[CLIENT], pair_address(SERVER), PAIR_PORT, 0,
                          NULL, NULL, NULL));
    sim_run(&pair.sim, 200 * SIM_MS);
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 1);
    tcp_listener_full(pair.listener, false);
    sim_run(&pair.sim, 2 * SIM_S);
    ck_assert(pair.users[SERVER].accepted);
    ck_assert_uint_ge(pair.why[REPEAT_SYN_ACK_TIMER], 1);
    pair_clear(&pair);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("opening");

    tcase_add_test(tcase, fast_open_saves_a_round_trip);
    tcase_add_test(tcase, a_path_that_drops_text_in_a_syn_is_survived);
    tcase_add_test(tcase, marks_spare_the_losses);
    tcase_add_loop_test(tcase, cookies_let_a_client_in_during_a_flood, 0, 2);
    tcase_add_test(tcase,
                   text_passes_though_every_connection_begins_with_a_cookie);
    tcase_add_loop_test(tcase, a_cookie_is_good_for_two_minutes, 0, 3);
    tcase_add_test(tcase, a_cookie_cannot_be_guessed);
    tcase_add_loop_test(tcase, a_cookie_remembers_options, 0, 8);
    tcase_add_test(tcase, a_full_accept_queue_hears_no_more);
    return run_tests("tcp_open", tcase, NULL);
}
