/* check_tcp_icmp.c - what TCP makes of ICMP: errors that end connect() or
 * refuse, those that end nothing, what a user may ask about them, a smaller
 * path MTU. */
#include <stdlib.h>
#include <string.h>

#include "models/transport/tcp_inside.h"
#include "tests/pair.h"
#include "tests/run_tests.h"

static Pair pair;

/* What an ICMP error about the oldest segment in flight of SIDE quotes. */
static Packet quoted(const Pair *p, unsigned side)
{
    const Tcb *tcb = p->users[side].tcb;
    Packet packet = {0};

    packet.ip.source = pair_address(side);
    packet.ip.destination = pair_address(!side);
    packet.tcp.source_port = tcb->conn.local_port;
    packet.tcp.destination_port = tcb->conn.remote_port;
    packet.tcp.seq = tcb->snd.una;
    return packet;
}

/* MUST-54 */
START_TEST(an_unreachable_peer_ends_connect_only)
{
    User *client = &pair.users[CLIENT];
    Packet packet;

    pair_init(&pair, _i, 20);
    pair_start(&pair);
    pair_connect(&pair);
    packet = quoted(&pair, CLIENT);
    tcp_error(&pair.hosts[CLIENT], &packet, ICMP_UNREACHABLE,
              ICMP_HOST_UNREACHABLE, 0);
    /* MUST-56: by RFC 9293 it is a soft error, and the connection opens. */
    ck_assert_int_eq(client->gone, _i == TCP_PROFILE_LINUX);
    ck_assert(!client->gone || client->end == TCP_END_UNREACHABLE);
    sim_run(&pair.sim, SIM_S);
    ck_assert_int_eq(client->opened, _i != TCP_PROFILE_LINUX);
    pair_clear(&pair);

    pair_init(&pair, _i, 21);
    pair_start(&pair);
    client->to_send = 100000;
    client->close_first = true;
    pair_connect(&pair);
    sim_run(&pair.sim, 25 * SIM_MS);
    packet = quoted(&pair, CLIENT);
    packet.tcp.seq -= 1000; /* not in flight: not believed (RFC 5927 s4.1) */
    tcp_error(&pair.hosts[CLIENT], &packet, ICMP_UNREACHABLE,
              ICMP_PORT_UNREACHABLE, 0);
    packet.tcp.seq += 1000;
    tcp_error(&pair.hosts[CLIENT], &packet, ICMP_UNREACHABLE,
              ICMP_HOST_UNREACHABLE, 0);
    pair_finish(&pair);
    pair_check_whole(&pair, 100000, 0);
    pair_clear(&pair);
}
END_TEST

/* What ICMP's CODE about the first SYN does to connect() by PROFILE. */
static const User *opening(TcpProfile profile, uint8_t code, bool hard)
{
    Packet packet;

    pair_init(&pair, profile, 23);
    pair.config[CLIENT].icmp_hard = hard;
    pair_start(&pair);
    pair_connect(&pair);
    packet = quoted(&pair, CLIENT);
    tcp_error(&pair.hosts[CLIENT], &packet, ICMP_UNREACHABLE, code, 0);
    sim_run(&pair.sim, SIM_S);
    return &pair.users[CLIENT];
}

/* SHLD-26 */
START_TEST(a_hard_error_refuses_and_a_prohibition_does_by_freebsd)
{
    const User *client = opening(_i, ICMP_PORT_UNREACHABLE, true);

    ck_assert(client->gone && client->end == TCP_END_REFUSED);
    pair_clear(&pair);
    client = opening(_i, ICMP_HOST_PROHIBITED, true);
    ck_assert_int_eq(client->gone,
                     _i == TCP_PROFILE_LINUX || _i == TCP_PROFILE_FREEBSD);
    ck_assert(!client->gone ||
              client->end == (_i == TCP_PROFILE_LINUX ? TCP_END_UNREACHABLE
                                                      : TCP_END_REFUSED));
    pair_clear(&pair);
    client = opening(_i, ICMP_PORT_UNREACHABLE, false);
    ck_assert_int_eq(client->gone, _i == TCP_PROFILE_LINUX);
    pair_clear(&pair);
}
END_TEST

/* MUST-55, MUST-56: source quench (4), redirect, time exceeded and parameter
 * problems are of no consequence. */
START_TEST(icmp_of_other_kinds_ends_nothing)
{
    static const uint8_t types[] = {4, 5, ICMP_TIME_EXCEEDED, 12};
    User *client = &pair.users[CLIENT];

    pair_init(&pair, _i, 24);
    pair_start(&pair);
    client->to_send = 100000;
    client->close_first = true;
    pair_connect(&pair);
    for (SimTime at = 1; at <= 25; at += 12) { /* SYN-SENT, then open */
        sim_run(&pair.sim, at * SIM_MS);
        for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
            Packet packet = quoted(&pair, CLIENT);

            tcp_error(&pair.hosts[CLIENT], &packet, types[i], 0, 0);
        }
    }
    ck_assert(!client->gone);
    pair_finish(&pair);
    pair_check_whole(&pair, 100000, 0);
    pair_clear(&pair);
}
END_TEST

/* SHLD-9, MUST-47, SHLD-25: who asks hears of repetitions and of ICMP's soft
 * errors; SHLD-20: who does not is not told. */
START_TEST(status_tells_of_repetitions_and_soft_errors)
{
    User *client = &pair.users[CLIENT];
    TcpInfo info;
    Packet packet;

    pair_init(&pair, _i, 25);
    pair_start(&pair);
    client->to_send = 100000;
    pair_connect(&pair);
    sim_run(&pair.sim, 25 * SIM_MS);
    tcp_info(client->tcb, &info);
    ck_assert(info.retransmits == 0 && !info.soft_error);
    pair.manglers[SERVER].drop = 1;
    packet = quoted(&pair, CLIENT);
    tcp_error(&pair.hosts[CLIENT], &packet, ICMP_UNREACHABLE,
              ICMP_HOST_UNREACHABLE, 0);
    sim_run(&pair.sim, 20 * SIM_S);
    tcp_info(client->tcb, &info);
    ck_assert(info.retransmits > 1 && info.soft_error);
    sim_run(&pair.sim, SIM_NEVER);
    ck_assert_int_eq(client->end, TCP_END_UNREACHABLE);
    pair_clear(&pair);
}
END_TEST

/* MUST-16, SHLD-6 */
START_TEST(a_smaller_path_mtu_cuts_the_segments)
{
    User *client = &pair.users[CLIENT];
    Packet packet;

    pair_init(&pair, _i, 22);
    pair_start(&pair);
    client->to_send = 100000;
    client->close_first = true;
    pair_connect(&pair);
    sim_run(&pair.sim, 25 * SIM_MS);
    packet = quoted(&pair, CLIENT);
    pair.manglers[SERVER].largest = 500; /* now the path passes no more */
    tcp_error(&pair.hosts[CLIENT], &packet, ICMP_UNREACHABLE,
              ICMP_FRAGMENTATION_NEEDED, 500);
    ck_assert_uint_eq(client->tcb->mss, 460);
    pair_finish(&pair);
    pair_check_whole(&pair, 100000, 0);
    pair_clear(&pair);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("icmp");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, an_unreachable_peer_ends_connect_only, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase,
                        a_hard_error_refuses_and_a_prohibition_does_by_freebsd,
                        0, TCP_PROFILES);
    tcase_add_loop_test(tcase, icmp_of_other_kinds_ends_nothing, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, status_tells_of_repetitions_and_soft_errors, 0,
                        TCP_PROFILES);
    tcase_add_loop_test(tcase, a_smaller_path_mtu_cuts_the_segments, 0,
                        TCP_PROFILES);
    return run_tests("tcp icmp", tcase, NULL);
}
