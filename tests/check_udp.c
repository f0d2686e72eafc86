/* check_udp.c - sockets: ports, answers, flows, errors. */
#include <stdlib.h>
#include <string.h>

#include "models/transport/udp.h"
#include "tests/row.h"
#include "tests/run_tests.h"

/* A user that counts, and answers when told to. */
typedef struct User {
    bool answers, closes;
    unsigned received, failed;
    uint16_t from_port, failed_port;
    uint8_t icmp_code;
    FlowId flow;
    uint32_t number;
    char text[16];
} User;

static void received(UdpSocket *socket, void *data, const Packet *packet)
{
    User *user = data;
    const uint8_t *bytes = slice_data(&packet->payload);

    user->received++;
    user->from_port = packet->udp.source_port;
    user->flow = packet->flow;
    user->number = packet->number;
    if (bytes != NULL && packet->payload.len < sizeof user->text)
        memcpy(user->text, bytes, packet->payload.len);
    if (user->answers)
        udp_send(socket, packet->ip.source, packet->udp.source_port,
                 slice_part(&packet->payload, 0, packet->payload.len), packet);
    if (user->closes)
        udp_close(socket);
}

static void failed(UdpSocket *socket, void *data, IpAddress address,
                   uint16_t port, uint8_t icmp_type, uint8_t icmp_code)
{
    User *user = data;

    user->failed++;
    user->failed_port = port;
    user->icmp_code = icmp_code;
}

static const UdpUser vtable = {received, failed};
static const HostUpper upper = {NULL, udp_receive, NULL, udp_error};

typedef struct Pair {
    Row row;
    Udp *udp[2];
} Pair;

static void start(Pair *pair)
{
    row_defaults(&pair->row);
    row_init(&pair->row, 2, 1, 0, &upper);
    for (unsigned i = 0; i < 2; i++)
        pair->udp[i] = udp_new(&pair->row.hosts[i]);
}

static void stop(Pair *pair)
{
    for (unsigned i = 0; i < 2; i++)
        udp_free(pair->udp[i]);
    row_clear(&pair->row);
}

static Slice text_slice(const char *text)
{
    size_t len = strlen(text);

    return (Slice){g_bytes_new(text, len), 0, (uint32_t)len};
}

START_TEST(a_question_is_answered_in_its_own_flow)
{
    Pair pair;
    User server = {.answers = true}, client = {0};
    UdpSocket *socket;

    start(&pair);
    ck_assert_ptr_nonnull(udp_open(pair.udp[1], 53, &vtable, &server));
    socket = udp_open(pair.udp[0], 0, &vtable, &client);
    udp_send(socket, row_last(&pair.row), 53, text_slice("name?"), NULL);
    sim_run(&pair.row.sim, SIM_NEVER);
    ck_assert_str_eq(server.text, "name?");
    ck_assert_str_eq(client.text, "name?");
    ck_assert_uint_eq(server.from_port, udp_port(socket));
    ck_assert_uint_eq(client.from_port, 53);
    ck_assert_uint_eq(client.flow.opener, pair.row.hosts[0].name_hash);
    ck_assert_uint_eq(client.flow.serial, server.flow.serial);
    ck_assert_uint_ne(client.flow.serial & FLOW_UDP, 0);
    ck_assert_uint_eq(server.number, PACKET_OF_OPENER | 1);
    ck_assert_uint_eq(client.number, 1);
    ck_assert_int_eq(pair.row.sim.now, 20 * SIM_MS);
    stop(&pair);
}
END_TEST

START_TEST(each_socket_is_a_flow_and_each_datagram_has_a_number)
{
    Pair pair;
    User server = {0}, client = {0};
    FlowId first;

    start(&pair);
    udp_open(pair.udp[1], 53, &vtable, &server);
    for (unsigned i = 1; i <= 2; i++) {
        UdpSocket *socket = udp_open(pair.udp[0], 0, &vtable, &client);

        for (unsigned j = 1; j <= 3; j++) {
            udp_send(socket, row_last(&pair.row), 53, text_slice("x"), NULL);
            sim_run(&pair.row.sim, SIM_NEVER);
            ck_assert_uint_eq(server.number, PACKET_OF_OPENER | j);
        }
        if (i == 1)
            first = server.flow;
        else
            ck_assert_uint_ne(first.serial, server.flow.serial);
    }
    ck_assert_uint_eq(server.received, 6);
    stop(&pair);
}
END_TEST

START_TEST(a_port_nobody_listens_on_is_reported)
{
    Pair pair;
    User client = {0};
    UdpSocket *socket;

    start(&pair);
    socket = udp_open(pair.udp[0], 4000, &vtable, &client);
    udp_send(socket, row_last(&pair.row), 9, text_slice("?"), NULL);
    sim_run(&pair.row.sim, SIM_NEVER);
    ck_assert_uint_eq(client.failed, 1);
    ck_assert_uint_eq(client.failed_port, 9);
    ck_assert_uint_eq(client.icmp_code, ICMP_PORT_UNREACHABLE);
    ck_assert_uint_eq(client.received, 0);
    stop(&pair);
}
END_TEST

START_TEST(a_port_is_taken_until_it_is_closed)
{
    Pair pair;
    User user = {0};
    UdpSocket *socket;

    start(&pair);
    socket = udp_open(pair.udp[0], 53, &vtable, &user);
    ck_assert_ptr_nonnull(socket);
    ck_assert_ptr_null(udp_open(pair.udp[0], 53, &vtable, &user));
    ck_assert_ptr_nonnull(udp_open(pair.udp[1], 53, &vtable, &user));
    udp_close(socket);
    ck_assert_ptr_nonnull(udp_open(pair.udp[0], 53, &vtable, &user));
    stop(&pair);
}
END_TEST

START_TEST(every_free_port_is_found)
{
    Pair pair;
    User user = {0};
    UdpSocket *sockets[16384];

    start(&pair);
    udp_open(pair.udp[0], 50000, &vtable, &user);
    for (unsigned i = 0; i < 16383; i++) {
        sockets[i] = udp_open(pair.udp[0], 0, &vtable, &user);
        ck_assert_ptr_nonnull(sockets[i]);
        ck_assert_uint_ge(udp_port(sockets[i]), 49152);
        ck_assert_uint_ne(udp_port(sockets[i]), 50000);
    }
    ck_assert_ptr_null(udp_open(pair.udp[0], 0, &vtable, &user));
    udp_close(sockets[123]);
    sockets[123] = udp_open(pair.udp[0], 0, &vtable, &user);
    ck_assert_uint_eq(udp_port(sockets[123]), 49152 + 123);
    stop(&pair);
}
END_TEST

START_TEST(a_user_may_close_while_it_hears)
{
    Pair pair;
    User server = {.answers = true, .closes = true}, client = {.closes = true};

    start(&pair);
    udp_open(pair.udp[1], 53, &vtable, &server);
    for (unsigned i = 0; i < 2; i++)
        udp_send(udp_open(pair.udp[0], 0, &vtable, &client),
                 row_last(&pair.row), 53, text_slice("x"), NULL);
    sim_run(&pair.row.sim, SIM_NEVER);
    ck_assert_uint_eq(server.received, 1);
    ck_assert_uint_eq(client.received, 1);
    ck_assert_uint_eq(client.failed, 1); /* the second: port unreachable */
    stop(&pair);
}
END_TEST

START_TEST(no_answer_to_arp_reaches_the_user)
{
    Pair pair;
    User client = {0};

    row_defaults(&pair.row);
    pair.row.arp.mode = ARP_DYNAMIC;
    pair.row.link[0].loss = 1;
    row_init(&pair.row, 2, 1, 0, &upper);
    for (unsigned i = 0; i < 2; i++)
        pair.udp[i] = udp_new(&pair.row.hosts[i]);
    udp_send(udp_open(pair.udp[0], 0, &vtable, &client), row_last(&pair.row),
             53, text_slice("x"), NULL);
    sim_run(&pair.row.sim, SIM_NEVER);
    ck_assert_uint_eq(client.failed, 1);
    ck_assert_uint_eq(client.icmp_code, ICMP_HOST_UNREACHABLE);
    stop(&pair);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("udp");

    tcase_add_test(tcase, a_question_is_answered_in_its_own_flow);
    tcase_add_test(tcase, each_socket_is_a_flow_and_each_datagram_has_a_number);
    tcase_add_test(tcase, a_port_nobody_listens_on_is_reported);
    tcase_add_test(tcase, a_port_is_taken_until_it_is_closed);
    tcase_add_test(tcase, every_free_port_is_found);
    tcase_add_test(tcase, a_user_may_close_while_it_hears);
    tcase_add_test(tcase, no_answer_to_arp_reaches_the_user);
    return run_tests("udp", tcase, NULL);
}
