/* check_arp_table.c - the table of neighbours: found, kept, forgotten; against
 * what Linux's neigh_periodic_work() does, and arp(7) says. */
#include <stdlib.h>

#include "tests/arp_log.h"
#include "tests/run_tests.h"

enum { RUNS = 400 };

/* Linux with its default gc_thresh1: what was known an hour ago is used at
 * once, and asked for, by unicast, 5 s later. */
START_TEST(few_addresses_are_never_forgotten)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.arp.timers = ARP_TIMERS_EXACT;
    start(&row, &log, 2, 0);
    send_to(&row.hosts[0], row_last(&row));
    run_to(&row, 3600 * SIM_S);
    log.arp_count = 0;
    send_to(&row.hosts[0], row_last(&row));
    run_to(&row, 3601 * SIM_S);
    ck_assert_uint_eq(log.arp_count, 0);
    ck_assert_uint_eq(log.waits, 1);
    ck_assert_int_eq(log.delivered_at, 3600 * SIM_S + 10 * SIM_MS);
    run_to(&row, 3610 * SIM_S);
    ck_assert_uint_eq(log.arp_count, 2);
    ck_assert(!log.arp[0].broadcast);
    ck_assert_int_eq(log.arp[0].at, 3605 * SIM_S);
    row_clear(&row);
}
END_TEST

/* With gc_thresh1 = 0: at the first of the host's rounds, 15 s apart, after
 * 60 s; whenever that is, it is the same at each run. */
START_TEST(an_unused_address_is_forgotten)
{
    SimTime least = SIM_NEVER, most = 0;

    for (uint32_t run = 0; run < RUNS; run++) {
        Row row;
        Log log;
        SimTime at = 0;

        row_defaults(&row);
        row.arp.gc_thresh1 = 0;
        start(&row, &log, 2, run);
        send_to(&row.hosts[0], row_last(&row));
        while (at < 80 * SIM_S &&
               (at < SIM_S ||
                arp_find(&row.interfaces[0][0], row_last(&row)) != NULL)) {
            at += 50 * SIM_MS;
            run_to(&row, at);
        }
        least = MIN(least, at);
        most = MAX(most, at);
        log.arp_count = 0;
        send_to(&row.hosts[0], row_last(&row));
        ck_assert_uint_eq(log.arp_count, 1);
        ck_assert(log.arp[0].broadcast);
        row_clear(&row);
    }
    /* Uniform: 400 of them come within 0.3 s of both ends (but for e^-8). */
    ck_assert_int_ge(least, 60 * SIM_S);
    ck_assert_int_le(least, 60 * SIM_S + 400 * SIM_MS);
    ck_assert_int_ge(most, 75 * SIM_S - 400 * SIM_MS);
    ck_assert_int_le(most, 75 * SIM_S + 100 * SIM_MS);
}
END_TEST

/* HOST is asked by COUNT others, by broadcast, from address number FIRST on. */
static void hear_of(Row *row, uint32_t first, uint32_t count)
{
    Interface *interface = &row->interfaces[0][0];

    for (uint32_t i = first; i < first + count; i++) {
        Packet *packet = packet_new(&row->sim);

        packet->ethernet.destination = MAC_BROADCAST;
        packet->arp = (ArpHeader){.operation = ARP_REQUEST,
                                  .sender_ip = ip_from_v4(0x0b000000 + i),
                                  .sender_mac = {0x020000010000 + i},
                                  .target_ip = interface->address};
        arp_receive(interface, packet);
    }
}

/* Those 60 s old go once there are 128; one that is asked for in time stays. */
START_TEST(many_addresses_are_forgotten)
{
    Row row;
    Log log;
    Interface *interface = &row.interfaces[0][0];

    row_defaults(&row);
    start(&row, &log, 2, 0);
    hear_of(&row, 0, 127);
    run_to(&row, 300 * SIM_S);
    ck_assert_uint_eq(row.hosts[0].neighbor_count, 127);
    hear_of(&row, 127, 1);
    ck_assert_uint_eq(row.hosts[0].neighbor_count, 128);
    run_to(&row, 315 * SIM_S);
    ck_assert_uint_eq(row.hosts[0].neighbor_count, 1);
    ck_assert_ptr_nonnull(arp_find(interface, ip_from_v4(0x0b000000 + 127)));
    ck_assert_ptr_null(arp_find(interface, ip_from_v4(0x0b000000)));
    run_to(&row, 900 * SIM_S);
    ck_assert_uint_eq(interface->neighbors.count, 1);
    row_clear(&row);
}
END_TEST

START_TEST(many_neighbours_are_found)
{
    enum { MANY = 1000 };
    Row row;
    Log log;
    Interface *interface = &row.interfaces[0][0];

    row_defaults(&row);
    start(&row, &log, 2, 0);
    hear_of(&row, 0, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        Neighbor *neighbor = arp_find(interface, ip_from_v4(0x0b000000 + i));

        ck_assert_ptr_nonnull(neighbor);
        ck_assert_uint_eq(neighbor->mac, 0x020000010000 + i);
        ck_assert_uint_eq(neighbor->state, NEIGHBOR_STALE);
    }
    ck_assert_ptr_null(arp_find(interface, ip_from_v4(0x0b000000 + MANY)));
    ck_assert_uint_eq(interface->neighbors.count, MANY);
    row_clear(&row);
}
END_TEST

START_TEST(static_addresses_of_a_segment_are_found)
{
    ArpPeers *peers = arp_peers_new();

    for (uint32_t i = 1; i < 500; i++)
        arp_peers_add(peers, ip_from_v4(i * 7), (MacAddress){i});
    arp_peers_add(peers, ip_from_v4(7), (MacAddress){77}); /* replaces */
    for (uint32_t i = 2; i < 500; i++)
        ck_assert_uint_eq(arp_peers_find(peers, ip_from_v4(i * 7)).value, i);
    ck_assert_uint_eq(arp_peers_find(peers, ip_from_v4(7)).value, 77);
    ck_assert_uint_eq(arp_peers_find(peers, ip_from_v4(8)).value, 0);
    arp_peers_free(peers);
}
END_TEST

START_TEST(a_neighbour_stays_small)
{
    ck_assert_uint_le(sizeof(Neighbor), 104);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("arp table");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, few_addresses_are_never_forgotten);
    tcase_add_test(tcase, an_unused_address_is_forgotten);
    tcase_add_test(tcase, many_addresses_are_forgotten);
    tcase_add_test(tcase, many_neighbours_are_found);
    tcase_add_test(tcase, static_addresses_of_a_segment_are_found);
    tcase_add_test(tcase, a_neighbour_stays_small);
    return run_tests("arp_table", tcase, NULL);
}
