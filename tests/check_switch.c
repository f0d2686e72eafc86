/* check_switch.c - a switch floods what it does not know, learns who is where,
 * and forgets it in time. */
#include <math.h>
#include <stdlib.h>

#include "models/link/switch.h"
#include "tests/run_tests.h"

enum { PORTS = 4, SWITCH_NODE = 9, KINDS = 8 };

/* A station on each port: what the switch sends it comes out of `out`. */
typedef struct Station {
    Port port;
    Link out;
    unsigned heard;
    uint64_t last_id;
} Station;

static Sim sim;
static Switch *sw;
static Station stations[PORTS];
static LinkConfig config;
static Observer observer;
static unsigned told[KINDS];

static MacAddress mac(unsigned station)
{
    return (MacAddress){0x020000000000 + station + 1};
}

static void receive(Port *port, Packet *packet /* taken */)
{
    Station *station = sim_container_of(port, Station, port);

    station->heard++;
    station->last_id = packet->id;
    packet_free(&sim, packet);
}

static void hear(Observer *self, const Record *record)
{
    ck_assert_uint_eq(record->node, SWITCH_NODE);
    told[record->kind]++;
}

static void setup(void)
{
    sim_init(&sim, 1, 0);
    config = (LinkConfig){.snr = INFINITY}; /* takes no time */
    link_config_finish(&config);
    sw = switch_new(&sim, SWITCH_NODE, PORTS + 1, 300 * SIM_S);
    for (unsigned i = 0; i < PORTS; i++) { /* the last port stays free */
        stations[i] = (Station){.port.receive = receive};
        link_init(&stations[i].out, &sim, &config, "switch -> x", i,
                  &stations[i].port, i);
        switch_connect(sw, i, &stations[i].out);
    }
    for (unsigned i = 0; i < KINDS; i++)
        told[i] = 0;
    observer =
        (Observer){.wants = 1u << REC_PACKET_SENT | 1u << REC_PACKET_RECEIVED |
                            1u << REC_PACKET_DROPPED,
                   .hear = hear};
    sim_observe(&sim, &observer);
}

static void teardown(void)
{
    for (unsigned i = 0; i < PORTS; i++)
        link_clear(&stations[i].out);
    switch_free(sw);
    sim_clear(&sim);
}

/* A frame from station FROM to the address TO; the stations that hear it, bit I
 * for station I. */
static unsigned send(unsigned from, MacAddress source, MacAddress to)
{
    Packet *packet = packet_new(&sim);
    Port *port = switch_port(sw, from);
    uint64_t id = packet->id;
    unsigned heard = 0;

    packet->ethernet = (EthernetHeader){to, source, ETHERTYPE_ARP};
    for (unsigned i = 0; i < PORTS; i++)
        stations[i].heard = 0;
    port->receive(port, packet);
    sim_run(&sim, SIM_NEVER);
    for (unsigned i = 0; i < PORTS; i++) {
        ck_assert_uint_le(stations[i].heard, 1);
        ck_assert(stations[i].heard == 0 || stations[i].last_id == id);
        heard |= stations[i].heard << i;
    }
    return heard;
}

START_TEST(unknown_addresses_are_flooded_and_known_ones_are_not)
{
    ck_assert_uint_eq(send(0, mac(0), mac(2)), 0xe); /* all but its own port */
    ck_assert_uint_eq(send(2, mac(2), mac(0)), 0x1);
    ck_assert_uint_eq(send(0, mac(0), mac(2)), 0x4);
    ck_assert_uint_eq(told[REC_PACKET_RECEIVED], 3);
    ck_assert_uint_eq(told[REC_PACKET_SENT], 5);
}
END_TEST

START_TEST(broadcasts_and_groups_are_flooded_and_never_learnt)
{
    MacAddress group = {0x01005e000001};

    ck_assert_uint_eq(send(1, mac(1), MAC_BROADCAST), 0xd);
    ck_assert_uint_eq(send(1, mac(1), group), 0xd);
    ck_assert_uint_eq(send(3, group, mac(1)), 0x2);
    ck_assert_uint_eq(send(1, mac(1), group), 0xd);
}
END_TEST

START_TEST(a_frame_for_the_port_it_came_from_is_dropped)
{
    send(1, mac(1), MAC_BROADCAST);
    ck_assert_uint_eq(send(1, mac(7), mac(1)), 0);
    ck_assert_uint_eq(told[REC_PACKET_DROPPED], 1);
}
END_TEST

START_TEST(an_address_that_moves_is_found_where_it_is)
{
    send(0, mac(0), MAC_BROADCAST);
    send(3, mac(0), MAC_BROADCAST);
    ck_assert_uint_eq(send(1, mac(1), mac(0)), 0x8);
}
END_TEST

static void nothing(Sim *run, Event *event) {}

static void pass(SimTime time)
{
    Event event;

    event_init(&event, nothing);
    event_schedule(&sim, &event, time);
    sim_run(&sim, SIM_NEVER);
}

START_TEST(addresses_are_forgotten_when_they_are_not_heard)
{
    send(0, mac(0), MAC_BROADCAST);
    pass(299 * SIM_S);
    ck_assert_uint_eq(send(1, mac(1), mac(0)), 0x1);
    pass(SIM_S); /* to be looked up does not keep an address */
    ck_assert_uint_eq(send(1, mac(1), mac(0)), 0xd);
    send(0, mac(0), mac(1));
    ck_assert_uint_eq(send(1, mac(1), mac(0)), 0x1);
}
END_TEST

START_TEST(thousands_of_addresses_are_kept_apart)
{
    for (unsigned i = 0; i < 5000; i++)
        send(i % PORTS, mac(i), mac(i));
    for (unsigned i = 0; i < 5000; i++) {
        unsigned from = (i + 1) % PORTS;

        ck_assert_uint_eq(send(from, mac(from), mac(i)), 1u << i % PORTS);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("switch");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, unknown_addresses_are_flooded_and_known_ones_are_not);
    tcase_add_test(tcase, broadcasts_and_groups_are_flooded_and_never_learnt);
    tcase_add_test(tcase, a_frame_for_the_port_it_came_from_is_dropped);
    tcase_add_test(tcase, an_address_that_moves_is_found_where_it_is);
    tcase_add_test(tcase, addresses_are_forgotten_when_they_are_not_heard);
    tcase_add_test(tcase, thousands_of_addresses_are_kept_apart);
    return run_tests("switch", tcase, NULL);
}
