/* check_link.c - links: times to the nanosecond, the queue against a plain
 * model of it, losses that follow identities, scripted drops, and the keys. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/link_fixture.h"
#include "tests/random.h"
#include "tests/run_tests.h"

/* --- times ---------------------------------------------------------------- */

START_TEST(a_packet_takes_serialisation_and_propagation)
{
    static const struct {
        LinkOverhead overhead;
        uint32_t payload, bytes;
    } known[] = {
        {OVERHEAD_IP, 0, 40},
        {OVERHEAD_IP, 1460, 1500},
        {OVERHEAD_ETHERNET, 0, 64}, /* the shortest frame */
        {OVERHEAD_ETHERNET, 6, 64},
        {OVERHEAD_ETHERNET, 7, 65},
        {OVERHEAD_ETHERNET, 1460, 1518},
        {OVERHEAD_ETHERNET_GAP, 0, 84},
        {OVERHEAD_ETHERNET_GAP, 1460, 1538},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        SimTime sent = sim_now(&sim);

        config.overhead = known[i].overhead;
        send_data(i, known[i].payload);
        sim_run(&sim, SIM_NEVER);
        ck_assert_int_eq(far_end.at[i] - sent, known[i].bytes * 800 + SIM_MS);
    }
}
END_TEST

START_TEST(rates_that_do_not_divide_are_rounded_up)
{
    config.rate = 3000000000u; /* 40 bytes: 106.67 ns */
    config.overhead = OVERHEAD_IP;
    end();
    begin(0);
    send_data(0, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_int_eq(far_end.at[0], 107 + SIM_MS);
}
END_TEST

START_TEST(without_a_rate_only_the_delay_is_left)
{
    config.rate = 0;
    end();
    begin(0);
    send_data(0, 1000);
    send_data(1, 1000);
    sim_run(&sim, SIM_NEVER);
    ck_assert_int_eq(far_end.at[0], SIM_MS);
    ck_assert_int_eq(far_end.at[1], SIM_MS);
}
END_TEST

START_TEST(packets_follow_one_another_with_one_event)
{
    for (uint32_t i = 0; i < 100; i++) {
        ck_assert_int_eq(link_wait(&line), (SimTime)i * 1538 * 800);
        send_data(i, 1460);
    }
    ck_assert_uint_eq(equeue_len(&sim.queue), 1);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 100);
    for (uint32_t i = 0; i < 100; i++) {
        ck_assert_uint_eq(far_end.number[i], i);
        ck_assert_int_eq(far_end.at[i], (SimTime)(i + 1) * 1538 * 800 + SIM_MS);
    }
    ck_assert_int_eq(link_wait(&line), 0);
}
END_TEST

START_TEST(clearing_drops_what_is_in_flight)
{
    send_data(0, 0);
    send_data(1, 0);
    link_clear(&line);
    ck_assert_uint_eq(far_end.dropped, 2);
    ck_assert_uint_eq(far_end.reason, DROP_LINK_CLEARED);
    ck_assert_uint_eq(equeue_len(&sim.queue), 0);
    sim_clear(&sim);
    begin(0); /* for the fixture */
}
END_TEST

/* --- the queue ------------------------------------------------------------ */

START_TEST(the_limit_is_of_those_that_wait)
{
    config.queue_packets = 2;
    for (uint32_t i = 0; i < 5; i++)
        send_data(i, 1460); /* one on the line, two wait, two too many */
    ck_assert_uint_eq(far_end.dropped, 2);
    ck_assert_uint_eq(far_end.dropped_number[0], 3);
    ck_assert_uint_eq(far_end.reason, DROP_QUEUE_FULL);
    ck_assert_uint_eq(far_end.dropped_node, FROM);
    /* When the first has been sent, the second is no longer waiting. */
    sim_run(&sim, 1538 * 800);
    sim.now = 1538 * 800;
    send_data(5, 1460);
    ck_assert_uint_eq(far_end.dropped, 2);
    send_data(6, 1460);
    ck_assert_uint_eq(far_end.dropped, 3);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 4);
}
END_TEST

/* RFC 3168 s5: from the third that waits on, whoever knows marks is marked; the
 * others pass as they are, and a full queue drops all the same. */
START_TEST(a_long_queue_marks)
{
    static const uint8_t ecn[] = {0, IP_ECN_ECT_0, IP_ECN_ECT_1, IP_ECN_CE,
                                  IP_ECN_ECT_0};
    uint8_t came[2 * G_N_ELEMENTS(ecn)];

    config.queue_packets = 8;
    config.ecn_threshold = 4;
    far_end.ecn = came;
    for (uint32_t i = 0; i < 2 * G_N_ELEMENTS(ecn); i++) {
        Packet *packet = new_tcp(i, 1000, TCP_ACK);

        packet->ip.tos = (uint8_t)(0x40 | ecn[i % G_N_ELEMENTS(ecn)]);
        link_send(&line, packet);
    }
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 9);
    /* Number 5 finds four waiting: 1 to 4. */
    for (uint32_t i = 0; i < 9; i++) {
        unsigned sent = ecn[i % G_N_ELEMENTS(ecn)];

        ck_assert_uint_eq(came[i],
                          0x40 | (i >= 5 && sent != 0 ? IP_ECN_CE : sent));
    }
}
END_TEST

START_TEST(bytes_may_fill_the_queue_to_the_last)
{
    config.queue_bytes = 2 * 1538;
    for (uint32_t i = 0; i < 3; i++)
        send_data(i, 1460); /* one on the line, two wait */
    ck_assert_uint_eq(far_end.dropped, 0);
    send_data(3, 0);
    ck_assert_uint_eq(far_end.dropped, 1);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 3);
}
END_TEST

/* The queue as one would draw it: every packet with its start, looked through
 * each time. */
typedef struct PlainQueue {
    SimTime starts[KEPT], busy_until;
    uint32_t bytes[KEPT];
    unsigned count;
} PlainQueue;

static bool plain_admits(PlainQueue *queue, uint32_t bytes)
{
    SimTime now = sim_now(&sim), start = MAX(now, queue->busy_until);
    uint64_t packets = 0, sum = 0;

    for (unsigned i = 0; i < queue->count; i++)
        if (queue->starts[i] > now) {
            packets++;
            sum += queue->bytes[i];
        }
    if (start > now) {
        if (config.queue_packets != 0 && packets >= config.queue_packets)
            return false;
        if (config.queue_bytes != 0 && sum + bytes > config.queue_bytes)
            return false;
    }
    queue->starts[queue->count] = start;
    queue->bytes[queue->count++] = bytes;
    queue->busy_until = start + simtime_of_bytes(bytes, config.rate);
    return true;
}

typedef struct Sender {
    Event event;
    Stream stream;
    PlainQueue plain;
    uint32_t sent;
} Sender;

static void sender_wakes(Sim *run, Event *event)
{
    Sender *sender = sim_container_of(event, Sender, event);
    uint32_t payload = (uint32_t)stream_below(&sender->stream, 1461);
    Packet *packet = new_tcp(sender->sent++, payload, TCP_ACK);
    bool admits =
        plain_admits(&sender->plain, link_counted_bytes(&config, packet));
    unsigned before = far_end.dropped;

    link_send(&line, packet);
    ck_assert_uint_eq(far_end.dropped, before + !admits);
    /* Bursts, and pauses in which the queue empties. */
    if (sender->sent < KEPT - 1)
        event_schedule(run, event,
                       stream_below(&sender->stream, 50) == 0
                           ? 20 * SIM_MS
                           : stream_exponential(&sender->stream, 600 * SIM_US));
}

START_TEST(the_queue_does_what_a_plain_one_does)
{
    Sender *sender = g_new0(Sender, 1);

    config.queue_packets = _i == 1 ? 0 : 7;
    config.queue_bytes = _i == 0 ? 0 : 6000;
    sender->stream = random_stream("queue");
    event_init(&sender->event, sender_wakes);
    event_schedule(&sim, &sender->event, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_gt(far_end.dropped, 100);
    ck_assert_uint_gt(far_end.arrived, 100);
    ck_assert_uint_eq(far_end.arrived + far_end.dropped, sender->sent);
    g_free(sender);
}
END_TEST

/* --- loss ----------------------------------------------------------------- */

START_TEST(the_share_that_is_lost_is_the_chance)
{
    enum { SENT = 4000 };
    unsigned want = SENT / 5;

    config.loss = 0.2;
    config.rate = 0;
    end();
    begin(0);
    for (uint32_t i = 0; i < SENT; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived + far_end.dropped, SENT);
    /* Four standard deviations; the seed is fixed. */
    ck_assert_double_eq_tol(far_end.dropped, want, 4 * sqrt(SENT * 0.2 * 0.8));
    ck_assert_uint_eq(far_end.reason, DROP_LOST_ON_LINE);
    ck_assert_uint_eq(far_end.dropped_node, TO);
    ck_assert_int_eq(far_end.dropped_at, SIM_MS);
}
END_TEST

START_TEST(everything_or_nothing_can_be_lost)
{
    config.loss = 1;
    link_config_finish(&config);
    for (uint32_t i = 0; i < 1000; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.dropped, 1000);
    config.loss = 0;
    link_config_finish(&config);
    for (uint32_t i = 0; i < 1000; i++)
        send_data(i, 0);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived, 1000);
}
END_TEST

/* Which of packets 0 to 63 arrive, sent in the order FIRST, FIRST + STEP... */
static uint64_t arrivals(uint32_t replication, uint32_t first, uint32_t step)
{
    uint64_t bits = 0;

    end();
    begin(replication);
    for (uint32_t i = 0; i < 64; i++) {
        send_data((first + i * step) % 64, i * 10);
        if (i % 5 == 0)
            sim_run(&sim, SIM_NEVER);
    }
    sim_run(&sim, SIM_NEVER);
    for (unsigned i = 0; i < far_end.arrived; i++)
        bits |= 1ull << far_end.number[i];
    return bits;
}

START_TEST(loss_follows_the_packet_not_its_turn)
{
    config.loss = 0.5;
    ck_assert_uint_eq(arrivals(0, 0, 1), arrivals(0, 17, 5));
    ck_assert_uint_ne(arrivals(0, 0, 1), arrivals(1, 0, 1));
}
END_TEST

START_TEST(what_arrives_at_a_lower_loss_includes_what_arrives_at_a_higher)
{
    uint64_t at_half, at_fifth;

    config.loss = 0.5;
    at_half = arrivals(0, 0, 1);
    config.loss = 0.2;
    at_fifth = arrivals(0, 0, 1);
    ck_assert_uint_eq(at_half & ~at_fifth, 0);
    ck_assert_uint_ne(at_half, at_fifth);
}
END_TEST

START_TEST(a_link_stays_small) { ck_assert_uint_le(sizeof(Link), 136); }
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("link");

    tcase_add_checked_fixture(tcase, setup, end);
    tcase_add_test(tcase, a_packet_takes_serialisation_and_propagation);
    tcase_add_test(tcase, rates_that_do_not_divide_are_rounded_up);
    tcase_add_test(tcase, without_a_rate_only_the_delay_is_left);
    tcase_add_test(tcase, packets_follow_one_another_with_one_event);
    tcase_add_test(tcase, clearing_drops_what_is_in_flight);
    tcase_add_test(tcase, the_limit_is_of_those_that_wait);
    tcase_add_test(tcase, a_long_queue_marks);
    tcase_add_test(tcase, bytes_may_fill_the_queue_to_the_last);
    tcase_add_loop_test(tcase, the_queue_does_what_a_plain_one_does, 0, 3);
    tcase_add_test(tcase, the_share_that_is_lost_is_the_chance);
    tcase_add_test(tcase, everything_or_nothing_can_be_lost);
    tcase_add_test(tcase, loss_follows_the_packet_not_its_turn);
    tcase_add_test(
        tcase, what_arrives_at_a_lower_loss_includes_what_arrives_at_a_higher);
    tcase_add_test(tcase, a_link_stays_small);
    return run_tests("link", tcase, NULL);
}
