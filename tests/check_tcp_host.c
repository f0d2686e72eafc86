/* check_tcp_host.c - TCP of a host with many connections: parked ones, ports,
 * backlog, the table that finds them, and the end of it all. */
#include <stdlib.h>

#include "models/transport/tcp_inside.h"
#include "tests/pair.h"
#include "tests/run_tests.h"

static Pair pair;

static void discards(Tcb *tcb, void *user) { tcp_close(tcb); }
static const TcpUser hangs_up = {.opened = discards, .readable = discards};

static void accepts_any(TcpListener *listener, void *data, Tcb *tcb,
                        const TcpUser **vtable, void **user)
{
    *vtable = &hangs_up;
}

START_TEST(connections_at_rest_are_parked)
{
    enum { N = 1000 };
    TcpEnd end;

    pair_init(&pair, _i, 14);
    pair_start(&pair);
    tcp_listen(pair.tcp[SERVER], PAIR_PORT, 0, accepts_any, NULL);
    for (unsigned i = 0; i < N; i++)
        ck_assert_ptr_nonnull(tcp_connect(pair.tcp[CLIENT],
                                          pair_address(SERVER), PAIR_PORT, 0,
                                          &hangs_up, NULL, &end));
    sim_run(&pair.sim, 15 * SIM_MS);
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), N);
    ck_assert_uint_eq(pair.sim.slabs[SLAB_TCB_PARKED].live, N);
    ck_assert_uint_eq(pair.sim.slabs[SLAB_TCB].live, N); /* the client's */
    sim_run(&pair.sim, SIM_S);
    ck_assert_uint_eq(tcp_count(pair.tcp[CLIENT], TCP_TIME_WAIT), N);
    ck_assert_uint_eq(pair.sim.slabs[SLAB_TCB_PARKED].live, N);
    ck_assert_uint_eq(pair.sim.slabs[SLAB_TCB].live, 0);
    pair_finish(&pair);
    ck_assert_int_ge(sim_now(&pair.sim), pair.config[0].time_wait);
    pair_clear(&pair);
}
END_TEST

START_TEST(ports_run_out_and_come_back)
{
    TcpEnd end;
    SimTime later;

    pair_init(&pair, _i, 15);
    pair.config[CLIENT].port_first = 40000;
    pair.config[CLIENT].port_last = 40003;
    pair.config[CLIENT].tw_reuse = true;
    pair_start(&pair);
    tcp_listen(pair.tcp[SERVER], PAIR_PORT, 0, accepts_any, NULL);
    for (unsigned i = 0; i < 5; i++) {
        Tcb *tcb = tcp_connect(pair.tcp[CLIENT], pair_address(SERVER),
                               PAIR_PORT, 0, &hangs_up, NULL, &end);

        ck_assert_int_eq(tcb != NULL, i < 4);
    }
    ck_assert_int_eq(end, TCP_END_NO_PORT);
    sim_run(&pair.sim, SIM_S);
    ck_assert_uint_eq(tcp_count(pair.tcp[CLIENT], TCP_TIME_WAIT), 4);
    later = sim_now(&pair.sim);
    ck_assert_ptr_null(tcp_connect(pair.tcp[CLIENT], pair_address(SERVER),
                                   PAIR_PORT, 0, &hangs_up, NULL, &end));
    while (sim_now(&pair.sim) < later + 2 * SIM_S && sim_step(&pair.sim))
        ;
    ck_assert_ptr_nonnull(tcp_connect(pair.tcp[CLIENT], pair_address(SERVER),
                                      PAIR_PORT, 0, &hangs_up, NULL, &end));
    pair_finish(&pair);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_full_backlog_drops_the_syn)
{
    TcpEnd end;
    TcpListener *listener;

    pair_init(&pair, _i, 16);
    pair.config[SERVER].syn_cookies = TCP_COOKIES_NO;
    pair_start(&pair);
    listener = tcp_listen(pair.tcp[SERVER], PAIR_PORT, 3, accepts_any, NULL);
    pair.manglers[CLIENT].drop = 1;
    for (unsigned i = 0; i < 10; i++)
        tcp_connect(pair.tcp[CLIENT], pair_address(SERVER), PAIR_PORT, 0,
                    &hangs_up, NULL, &end);
    sim_run(&pair.sim, 500 * SIM_MS);
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 3);
    tcp_unlisten(listener);
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 0);
    pair_finish(&pair);
    pair_clear(&pair);
}
END_TEST

START_TEST(tcp_may_end_in_the_middle)
{
    pair_init(&pair, _i, 17);
    pair_start(&pair);
    pair.users[CLIENT].to_send = 100000;
    pair.users[SERVER].to_send = 100000;
    pair.manglers[CLIENT].drop_nth = 5;
    pair_connect(&pair);
    sim_run(&pair.sim, 55 * SIM_MS);
    pair_clear(&pair);
}
END_TEST

/* The table against the obvious: a list. */
START_TEST(the_demultiplexer_finds_what_is_there_and_nothing_else)
{
    enum { N = 300 };
    TcpConn conns[N];
    bool in[N] = {false};
    Stream draw;

    pair_init(&pair, 0, 18);
    pair_start(&pair);
    stream_init(&draw, &pair.sim, "check_tcp", "demux");
    for (unsigned i = 0; i < N; i++)
        conns[i] = (TcpConn){.state = TCP_ESTABLISHED,
                             .local = pair_address(CLIENT),
                             .remote = pair_address(SERVER),
                             .local_port = (uint16_t)(i / 10),
                             .remote_port = (uint16_t)(i % 10)};
    for (unsigned step = 0; step < 20000; step++) {
        unsigned i = (unsigned)stream_below(&draw, N);
        TcpConn *found =
            tcp_demux_find(pair.tcp[0], conns[i].local, conns[i].remote,
                           conns[i].local_port, conns[i].remote_port);

        ck_assert_ptr_eq(found, in[i] ? &conns[i] : NULL);
        if (in[i])
            tcp_demux_remove(pair.tcp[0], &conns[i]);
        else
            tcp_demux_add(pair.tcp[0], &conns[i]);
        in[i] = !in[i];
    }
    for (unsigned i = 0; i < N; i++)
        if (in[i])
            tcp_demux_remove(pair.tcp[0], &conns[i]);
    ck_assert_uint_eq(pair.tcp[0]->used, 0);
    pair_clear(&pair);
}
END_TEST

/* The initial number that HOST of a run with SEED would choose at NOW. */
static uint32_t iss_at(uint64_t seed, SimTime now, uint16_t port)
{
    TcpConn conn = {.local = pair_address(CLIENT),
                    .remote = pair_address(SERVER),
                    .local_port = port,
                    .remote_port = PAIR_PORT};
    uint32_t iss;

    pair_init(&pair, TCP_PROFILE_RFC, seed);
    pair_start(&pair);
    pair.sim.now = now;
    iss = tcp_choose_iss(pair.tcp[CLIENT], &conn);
    pair_clear(&pair);
    return iss;
}

START_TEST(initial_numbers_follow_a_clock_and_a_secret)
{
    uint32_t iss = iss_at(1, 0, 40000);

    /* MUST-8: a tick in 4 us. */
    ck_assert_uint_eq(iss_at(1, 4 * SIM_US, 40000) - iss, 1);
    ck_assert_uint_eq(iss_at(1, SIM_S, 40000) - iss, 250000);
    /* SHLD-1: another pair of ports has another number.  MUST-9: so has
     * another host's secret, which nothing that is sent gives away. */
    ck_assert_uint_ne(iss_at(1, 0, 40001), iss);
    ck_assert_uint_ne(iss_at(2, 0, 40000), iss);
}
END_TEST

/* MUST-41 and MUST-42: a port is listened on while a connection from it is in
 * SYN-SENT, and both become what they want to be; MUST-44 and MUST-45: from the
 * address that the route asks for. */
START_TEST(a_listener_and_its_ports_connections_live_side_by_side)
{
    enum { PORT = 5000 };
    TcpEnd end;
    Tcb *tcb;

    pair_init(&pair, _i, 30);
    pair_start(&pair);
    tcp_listen(pair.tcp[SERVER], PAIR_PORT, 0, accepts_any, NULL);
    tcb = tcp_connect(pair.tcp[CLIENT], pair_address(SERVER), PAIR_PORT, PORT,
                      &hangs_up, NULL, &end);
    ck_assert_int_eq(tcp_state(tcb), TCP_SYN_SENT);
    ck_assert(ip_equal(tcb->conn.local, pair_address(CLIENT)));
    ck_assert_ptr_nonnull(
        tcp_listen(pair.tcp[CLIENT], PORT, 0, accepts_any, NULL));
    ck_assert_int_eq(tcp_state(tcb), TCP_SYN_SENT);
    ck_assert_ptr_nonnull(tcp_connect(pair.tcp[SERVER], pair_address(CLIENT),
                                      PORT, 0, &hangs_up, NULL, &end));
    sim_run(&pair.sim, 25 * SIM_MS);
    ck_assert_uint_eq(tcp_count(pair.tcp[CLIENT], TCP_SYN_SENT), 0);
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_SENT), 0);
    pair_finish(&pair);
    pair_clear(&pair);
}
END_TEST

/* A SYN for PAIR_PORT of the server. */
static Packet *syn(IpAddress source, IpAddress destination)
{
    Packet *packet = packet_new(&pair.sim);

    packet->ethernet.destination = pair.interfaces[SERVER].mac;
    packet->ethernet.type = ETHERTYPE_IPV4;
    packet->ip.source = source;
    packet->ip.destination = destination;
    packet->ip.protocol = IP_PROTOCOL_TCP;
    packet->tcp.source_port = 1;
    packet->tcp.destination_port = PAIR_PORT;
    packet->tcp.flags = TCP_SYN;
    return packet;
}

START_TEST(no_connection_has_many_peers)
{
    static const uint32_t many[] = {0xffffffff, 0xe0000001}; /* 224.0.0.1 */
    Port *port;
    TcpEnd end;

    pair_init(&pair, _i, 31);
    pair_start(&pair);
    port = &pair.interfaces[SERVER].port;
    tcp_listen(pair.tcp[SERVER], PAIR_PORT, 0, accepts_any, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++) {
        IpAddress address = ip_from_v4(many[i]);

        /* MUST-46 */
        ck_assert_ptr_null(tcp_connect(pair.tcp[CLIENT], address, PAIR_PORT, 0,
                                       &hangs_up, NULL, &end));
        ck_assert_int_eq(end, TCP_END_UNREACHABLE);
        /* MUST-57, MUST-63 */
        port->receive(port, syn(pair_address(CLIENT), address));
        port->receive(port, syn(address, pair_address(SERVER)));
    }
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 0);
    port->receive(port, syn(pair_address(CLIENT), pair_address(SERVER)));
    ck_assert_uint_eq(tcp_count(pair.tcp[SERVER], TCP_SYN_RECEIVED), 1);
    pair_finish(&pair);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_connection_is_small)
{
    ck_assert_uint_le(sizeof(Tcb), 512);
    ck_assert_uint_le(sizeof(TcpParked), 176);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("many connections");

    tcase_add_loop_test(tcase, connections_at_rest_are_parked, 0, 2);
    tcase_add_loop_test(tcase, ports_run_out_and_come_back, 0, 2);
    tcase_add_loop_test(tcase, a_full_backlog_drops_the_syn, 0, 2);
    tcase_add_loop_test(tcase, tcp_may_end_in_the_middle, 0, 2);
    tcase_add_test(tcase,
                   the_demultiplexer_finds_what_is_there_and_nothing_else);
    tcase_add_test(tcase, initial_numbers_follow_a_clock_and_a_secret);
    tcase_add_loop_test(tcase,
                        a_listener_and_its_ports_connections_live_side_by_side,
                        0, TCP_PROFILES);
    tcase_add_loop_test(tcase, no_connection_has_many_peers, 0, TCP_PROFILES);
    tcase_add_test(tcase, a_connection_is_small);
    return run_tests("tcp of a host", tcase, NULL);
}
