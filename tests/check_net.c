/* check_net.c - IP and ICMP over a row of hosts: forwarding, TTL, MTU, errors.
 */
#include <stdlib.h>

#include "tests/row.h"
#include "tests/run_tests.h"

enum { PORT = 7777, LOG_MAX = 256 };

/* What was told and reported during a run. */
typedef struct Log {
    Observer observer;
    unsigned count[RECORD_KINDS];
    unsigned drops[DROP_REASONS];
    unsigned delivered; /* to UDP or TCP of the last host */
    SimTime at;         /* of the last delivery */
    IpHeader ip;        /* ... and its headers */
    EthernetHeader ethernet;
    unsigned frames; /* received, in order */
    EthernetHeader frame[LOG_MAX];
    unsigned errors; /* reported to the transport */
    uint8_t type, code;
    uint32_t mtu, seq;
    uint16_t source_port;
    IpAddress about;
} Log;

/* Upper layers have no data pointer but the host's `owner`. */
static Log *log_of(Host *host) { return host->owner; }

static void up(Host *host, Packet *packet)
{
    Log *log = log_of(host);

    log->delivered++;
    log->at = host->sim->now;
    log->ip = packet->ip;
    log->ethernet = packet->ethernet;
    packet_free(host->sim, packet);
}

static void error_up(Host *host, const Packet *quoted, uint8_t type,
                     uint8_t code, uint32_t mtu)
{
    Log *log = log_of(host);

    log->errors++;
    log->type = type;
    log->code = code;
    log->mtu = mtu;
    log->about = quoted->ip.destination;
    log->seq = quoted->tcp.seq;
    log->source_port = quoted->udp.source_port;
}

static const HostUpper upper = {up, up, error_up, error_up};

static void hear(Observer *observer, const Record *record)
{
    Log *log = sim_container_of(observer, Log, observer);
    const PacketTold *told = record->what;

    log->count[record->kind]++;
    if (record->kind == REC_PACKET_DROPPED)
        log->drops[record->code]++;
    if (record->kind == REC_PACKET_RECEIVED && log->frames < LOG_MAX)
        log->frame[log->frames++] = told->packet->ethernet;
}

static void start(Row *row, Log *log, unsigned hosts)
{
    row_init(row, hosts, 1, 0, &upper);
    *log = (Log){.observer = {.wants = ~(uint64_t)1, .hear = hear}};
    sim_observe(&row->sim, &log->observer);
    for (unsigned i = 0; i < hosts; i++)
        row->hosts[i].owner = log;
}

static void send_to(Host *host, IpAddress to, uint8_t protocol, uint32_t len)
{
    Packet *packet = packet_new(host->sim);

    packet->ip.destination = to;
    packet->ip.protocol = protocol;
    packet->payload.len = len;
    packet->ip.dont_fragment = protocol == IP_PROTOCOL_TCP;
    if (protocol == IP_PROTOCOL_TCP)
        packet->tcp = (TcpHeader){.source_port = PORT, .seq = 0xfedcba98};
    else if (protocol == IP_PROTOCOL_UDP)
        packet->udp = (UdpHeader){PORT, PORT + 1};
    host_send(host, packet);
}

START_TEST(three_routers_pass_a_packet_on)
{
    Row row;
    Log log;

    row_defaults(&row);
    start(&row, &log, 5);
    send_to(&row.hosts[0], row_last(&row), IP_PROTOCOL_UDP, 100);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.delivered, 1);
    ck_assert_int_eq(log.at, 4 * 10 * SIM_MS);
    ck_assert_uint_eq(log.ip.ttl, 64 - 3);
    ck_assert(ip_equal(log.ip.source, row_first(&row)));
    ck_assert(ip_equal(log.ip.destination, row_last(&row)));
    ck_assert_uint_eq(log.count[REC_PACKET_SENT], 4);
    ck_assert_uint_eq(log.count[REC_PACKET_RECEIVED], 4);
    ck_assert_uint_eq(log.count[REC_PACKET_FORWARDED], 3);
    ck_assert_uint_eq(log.count[REC_PACKET_DELIVERED], 1);
    /* Both MAC addresses change at every hop. */
    ck_assert_uint_eq(log.frames, 4);
    for (unsigned i = 0; i < 4; i++) {
        ck_assert(mac_equal(log.frame[i].source,
                            row.interfaces[i][i == 0 ? 0 : 1].mac));
        ck_assert(
            mac_equal(log.frame[i].destination, row.interfaces[i + 1][0].mac));
    }
    row_clear(&row);
}
END_TEST

START_TEST(a_router_is_reached_at_each_of_its_addresses)
{
    Row row;
    Log log;

    row_defaults(&row);
    start(&row, &log, 4);
    for (unsigned line = 0; line < 3; line++)
        for (unsigned side = 0; side < 2; side++)
            if (line + side != 0)
                send_to(&row.hosts[0], row_address(line, side), IP_PROTOCOL_UDP,
                        1);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.delivered, 5);
    row_clear(&row);
}
END_TEST

/* MUST-49 */
START_TEST(ttl_ends_in_time_exceeded)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.ip.ttl = 2;
    start(&row, &log, 5);
    /* The error itself must come back: its own TTL is 2 as well, and the second
     * router is two hops away. */
    send_to(&row.hosts[0], row_last(&row), IP_PROTOCOL_UDP, 0);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.delivered, 0);
    ck_assert_uint_eq(log.drops[DROP_TTL], 1);
    ck_assert_uint_eq(log.errors, 1);
    ck_assert_uint_eq(log.type, ICMP_TIME_EXCEEDED);
    ck_assert_uint_eq(log.source_port, PORT);
    ck_assert(ip_equal(log.about, row_last(&row)));
    ck_assert_int_eq(row.sim.now, 4 * 10 * SIM_MS);
    row_clear(&row);
}
END_TEST

START_TEST(an_error_about_an_error_is_never_sent)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.ip.ttl =
        3; /* as far as the third router, whose error dies at the first */
    start(&row, &log, 5);
    row.hosts[3].ip = &(IpConfig){.ttl = 1, .icmp_errors = true};
    send_to(&row.hosts[0], row_last(&row), IP_PROTOCOL_UDP, 0);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.drops[DROP_TTL], 2); /* the packet, then the error */
    ck_assert_uint_eq(log.errors, 0);
    row_clear(&row);
}
END_TEST

START_TEST(no_route_is_reported_by_the_router_that_has_none)
{
    Row row;
    Log log;
    IpAddress nowhere = ip_from_v4(0xc0000201);

    row_defaults(&row);
    start(&row, &log, 4);
    send_to(&row.hosts[0], nowhere, IP_PROTOCOL_TCP, 0);
    ck_assert_uint_eq(log.errors, 0);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.drops[DROP_NO_ROUTE], 1);
    ck_assert_uint_eq(log.errors, 1);
    ck_assert_uint_eq(log.type, ICMP_UNREACHABLE);
    ck_assert_uint_eq(log.code, ICMP_NET_UNREACHABLE);
    ck_assert_uint_eq(log.seq, 0xfedcba98);
    ck_assert(ip_equal(log.about, nowhere));
    /* Its own sender hears at once. */
    send_to(&row.hosts[1], nowhere, IP_PROTOCOL_TCP, 0);
    ck_assert_uint_eq(log.errors, 2);
    ck_assert(ip_is_none(host_source_for(&row.hosts[1], nowhere)));
    ck_assert_uint_eq(host_mtu_for(&row.hosts[1], nowhere), 0);
    row_clear(&row);
}
END_TEST

START_TEST(a_packet_above_the_mtu_is_reported_with_the_mtu)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.link[1].mtu = 1000;
    start(&row, &log, 4);
    send_to(&row.hosts[0], row_last(&row), IP_PROTOCOL_TCP, 960);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.delivered, 1); /* 20 + 20 + 960: just fits */
    send_to(&row.hosts[0], row_last(&row), IP_PROTOCOL_TCP, 961);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.delivered, 1);
    ck_assert_uint_eq(log.drops[DROP_TOO_BIG], 1);
    ck_assert_uint_eq(log.errors, 1);
    ck_assert_uint_eq(log.code, ICMP_FRAGMENTATION_NEEDED);
    ck_assert_uint_eq(log.mtu, 1000);
    ck_assert_uint_eq(log.seq, 0xfedcba98);
    /* Without DF nobody is told (fragmentation is not modelled). */
    send_to(&row.hosts[0], row_last(&row), IP_PROTOCOL_UDP, 1400);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.drops[DROP_TOO_BIG], 2);
    ck_assert_uint_eq(log.errors, 1);
    ck_assert_uint_eq(host_mtu_for(&row.hosts[1], row_last(&row)), 1000);
    row_clear(&row);
}
END_TEST

START_TEST(errors_to_one_destination_are_rate_limited)
{
    Row row;
    Log log;
    IpAddress nowhere = ip_from_v4(0xc0000201);

    for (unsigned limited = 0; limited < 2; limited++) {
        row_defaults(&row);
        row.ip.icmp_ratelimit = limited ? SIM_S : 0;
        start(&row, &log, 4);
        for (unsigned i = 0; i < 5; i++)
            send_to(&row.hosts[0], nowhere, IP_PROTOCOL_TCP, 0);
        sim_run(&row.sim, SIM_NEVER);
        ck_assert_uint_eq(log.errors, limited ? 1 : 5);
        row.sim.now += SIM_S;
        send_to(&row.hosts[0], nowhere, IP_PROTOCOL_TCP, 0);
        sim_run(&row.sim, SIM_NEVER);
        ck_assert_uint_eq(log.errors, limited ? 2 : 6);
        row_clear(&row);
    }
}
END_TEST

START_TEST(routers_may_be_silent)
{
    Row row;
    Log log;

    row_defaults(&row);
    row.ip.icmp_errors = false;
    start(&row, &log, 4);
    send_to(&row.hosts[0], ip_from_v4(0xc0000201), IP_PROTOCOL_TCP, 0);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.drops[DROP_NO_ROUTE], 1);
    ck_assert_uint_eq(log.errors, 0);
    row_clear(&row);
}
END_TEST

/* Sends an echo request with DATA; ICMP replies reach nobody, so they are
 * counted as they are delivered. */
START_TEST(an_echo_is_answered)
{
    Row row;
    Log log;
    Packet *packet;

    row_defaults(&row);
    start(&row, &log, 4);
    packet = packet_new(&row.sim);
    packet->ip.destination = row_last(&row);
    packet->ip.protocol = IP_PROTOCOL_ICMP;
    packet->icmp = (IcmpHeader){.type = ICMP_ECHO, .rest = 0x12340001};
    packet->payload = (Slice){g_bytes_new("ping", 4), 0, 4};
    host_send(&row.hosts[0], packet);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.count[REC_PACKET_DELIVERED], 2);
    ck_assert_int_eq(row.sim.now, 6 * 10 * SIM_MS);
    row_clear(&row);
}
END_TEST

START_TEST(an_unknown_protocol_is_reported)
{
    Row row;
    Log log;

    row_defaults(&row);
    start(&row, &log, 3);
    send_to(&row.hosts[0], row_last(&row), 132, 10);
    sim_run(&row.sim, SIM_NEVER);
    ck_assert_uint_eq(log.drops[DROP_NO_PROTOCOL], 1);
    ck_assert_uint_eq(log.count[REC_PACKET_DELIVERED],
                      2); /* it, and the error */
    row_clear(&row);
}
END_TEST

START_TEST(frames_and_packets_for_others_are_dropped)
{
    Row row;
    Log log;

    row_defaults(&row);
    start(&row, &log, 2);
    for (unsigned wrong_mac = 0; wrong_mac < 2; wrong_mac++) {
        Packet *packet = packet_new(&row.sim);

        packet->ethernet.type = ETHERTYPE_IPV4;
        packet->ethernet.destination = row.interfaces[1][0].mac;
        packet->ip.destination = row_last(&row);
        packet->ip.protocol = IP_PROTOCOL_UDP;
        if (wrong_mac)
            packet->ethernet.destination.value++;
        else
            packet->ip.destination.lo++;
        host_receive(&row.interfaces[1][0].port, packet);
        ck_assert_uint_eq(log.drops[DROP_NOT_FOR_US], wrong_mac + 1);
    }
    ck_assert_uint_eq(log.delivered, 0);
    row_clear(&row);
}
END_TEST

START_TEST(structs_stay_small)
{
    ck_assert_uint_le(sizeof(Host), 168);
    ck_assert_uint_le(sizeof(Interface), 96);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("ip");

    tcase_add_test(tcase, three_routers_pass_a_packet_on);
    tcase_add_test(tcase, a_router_is_reached_at_each_of_its_addresses);
    tcase_add_test(tcase, ttl_ends_in_time_exceeded);
    tcase_add_test(tcase, an_error_about_an_error_is_never_sent);
    tcase_add_test(tcase, no_route_is_reported_by_the_router_that_has_none);
    tcase_add_test(tcase, a_packet_above_the_mtu_is_reported_with_the_mtu);
    tcase_add_test(tcase, errors_to_one_destination_are_rate_limited);
    tcase_add_test(tcase, routers_may_be_silent);
    tcase_add_test(tcase, an_echo_is_answered);
    tcase_add_test(tcase, an_unknown_protocol_is_reported);
    tcase_add_test(tcase, frames_and_packets_for_others_are_dropped);
    tcase_add_test(tcase, structs_stay_small);
    return run_tests("net", tcase, NULL);
}
