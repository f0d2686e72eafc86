/* check_sockets.c - models/sockets: what each call returns at once, options,
 * the edge. */
#include "tests/run_tests.h"
#include "tests/socket_pair.h"

/* --- the calls ------------------------------------------------------------ */

START_TEST(connect_says_how_far_it_is)
{
    SocketPair pair;
    Socket *a, *b;

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    ck_assert_uint_eq(socket_events(a) & SOCKET_OUT, SOCKET_OUT);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, PORT)), 0);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, PORT)), -EISCONN);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_port_where_nobody_listens_refuses)
{
    SocketPair pair;
    Socket *a;
    int64_t error = 0;

    pair_init(&pair, &socket_rules_linux);
    a = socket_new(pair.sockets[NEAR]);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, 9)), -EINPROGRESS);
    ck_assert_uint_eq(socket_events(a), 0);
    pair_carry(&pair);
    ck_assert_uint_eq(socket_events(a) & SOCKET_ERR, SOCKET_ERR);
    ck_assert_int_eq(socket_get(a, SOCKET_ERROR, &error), 0);
    ck_assert_int_eq(error, ECONNREFUSED);
    socket_get(a, SOCKET_ERROR, &error); /* told once */
    ck_assert_int_eq(error, 0);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_silent_peer_times_out)
{
    SocketPair pair;
    Socket *a;

    pair_init(&pair, &socket_rules_linux);
    a = socket_new(pair.sockets[NEAR]);
    pair.cut = true;
    ck_assert_int_eq(socket_set(a, SOCKET_SYN_COUNT, 2), 0);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, PORT)), -EINPROGRESS);
    pair_pass(&pair, 200 * SIM_S);
    ck_assert_uint_ge(pair.packets, 3);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, PORT)), -ETIMEDOUT);
    pair.cut = false;
    pair_listen(&pair);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, PORT)), -EINPROGRESS);
    pair_carry(&pair);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, PORT)), 0);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_port_is_one_listeners)
{
    SocketPair pair;
    Socket *a, *b;
    SocketAddress here = {IP_NONE, PORT}, elsewhere = {ip_from_v4(1), PORT};

    pair_init(&pair, &socket_rules_linux);
    a = pair_listen(&pair);
    b = socket_new(pair.sockets[FAR]);
    ck_assert_int_eq(socket_bind(b, elsewhere), -EADDRNOTAVAIL);
    ck_assert_int_eq(socket_bind(b, here), -EADDRINUSE);
    socket_close(a);
    ck_assert_int_eq(socket_bind(b, here), 0);
    ck_assert_int_eq(socket_bind(b, here), -EINVAL);
    ck_assert_int_eq(socket_accept(b, &a, &here), -EINVAL);
    ck_assert_int_eq(socket_listen(b, 1), 0);
    ck_assert_int_eq(socket_accept(b, &a, &here), -EAGAIN);
    ck_assert_int_eq(socket_connect(b, pair_far(&pair, 1)), -EISCONN);
    pair_clear(&pair);
}
END_TEST

START_TEST(bytes_arrive_and_peeking_leaves_them)
{
    SocketPair pair;
    Socket *a, *b;
    char text[16] = "";
    int64_t unread = 0;

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), -EAGAIN);
    ck_assert_int_eq(socket_send(a, "hello, ", 7, SOCKET_MORE, NULL), 7);
    ck_assert_int_eq(socket_send(a, "world", 6, 0, NULL), 6);
    ck_assert_int_eq(socket_send(a, NULL, 6, 0, NULL), -EFAULT);
    pair_carry(&pair);
    socket_get(b, SOCKET_UNREAD, &unread);
    ck_assert_int_eq(unread, 13);
    ck_assert_int_eq(socket_receive(b, text, 5, SOCKET_PEEK), 5);
    ck_assert_int_eq(socket_receive(b, NULL, 5, 0), -EFAULT);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 13);
    ck_assert_str_eq(text, "hello, world");
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), -EAGAIN);
    pair_clear(&pair);
}
END_TEST

START_TEST(each_direction_ends_by_itself)
{
    SocketPair pair;
    Socket *a, *b;
    char text[4];

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    ck_assert_int_eq(socket_shutdown(a, SOCKET_SHUT_SENDING), 0);
    pair_carry(&pair);
    ck_assert_int_eq(socket_send(a, "x", 1, 0, NULL), -EPIPE);
    ck_assert_uint_eq(socket_events(b) & SOCKET_RDHUP, SOCKET_RDHUP);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 0);
    ck_assert_int_eq(socket_send(b, "yes", 3, 0, NULL), 3);
    pair_carry(&pair);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), 3);
    socket_close(b);
    pair_carry(&pair);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), 0);
    ck_assert_int_eq(socket_shutdown(a, SOCKET_SHUT_BOTH), -ENOTCONN);
    socket_close(a);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_reset_leaves_what_came_before_it)
{
    SocketPair pair;
    Socket *a, *b;
    char text[8];

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    socket_send(a, "last", 4, 0, NULL);
    pair_carry(&pair);
    socket_set(a, SOCKET_LINGER, 0);
    socket_close(a);
    pair_carry(&pair);
    ck_assert_uint_eq(socket_events(b) & SOCKET_HUP, SOCKET_HUP);
    ck_assert_int_eq(socket_receive(b, text, 2, SOCKET_PEEK), 2);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 4);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), -ECONNRESET);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 0);
    ck_assert_int_eq(socket_send(b, "x", 1, 0, NULL), -EPIPE);
    pair_clear(&pair);
}
END_TEST

/* Systems differ in what the user is told: SocketRules. */
static void check_error_after_fin(const SocketRules *rules, int error)
{
    SocketPair pair;
    Socket *a, *b;
    char text[8];

    pair_init(&pair, rules);
    pair_connect(&pair, &a, &b);
    socket_shutdown(a, SOCKET_SHUT_SENDING);
    pair_carry(&pair);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 0);
    socket_close(a);
    socket_send(b, "x", 1, 0, NULL); /* nobody is there: a reset */
    pair_carry(&pair);
    ck_assert_int_eq(socket_send(b, "x", 1, 0, NULL), -error);
    pair_clear(&pair);
}

START_TEST(a_reset_after_the_fin_is_what_the_system_says)
{
    check_error_after_fin(&socket_rules_linux, EPIPE);
    check_error_after_fin(&socket_rules_bsd, ECONNRESET);
}
END_TEST

/* --- options -------------------------------------------------------------- */

/* MUST-17, MUST-28, MUST-48, SHLD-21, SHLD-22 */
START_TEST(options_are_read_back_and_have_ranges)
{
    SocketPair pair;
    Socket *a, *b, *from;
    int64_t value = 0;

    pair_init(&pair, &socket_rules_linux);
    from = pair_listen(&pair);
    a = socket_new(pair.sockets[NEAR]);
    ck_assert_int_eq(socket_set(a, SOCKET_SEND_BUFFER, 10000), 0);
    socket_get(a, SOCKET_SEND_BUFFER, &value);
    ck_assert_int_eq(value, 20000); /* doubled: socket(7) */
    ck_assert_int_eq(socket_set(a, SOCKET_MAXSEG, 10), -EINVAL);
    ck_assert_int_eq(socket_set(a, SOCKET_KEEPALIVE_COUNT, 128), -EINVAL);
    ck_assert_int_eq(socket_set(a, SOCKET_ERROR, 1), -ENOPROTOOPT);
    ck_assert_int_eq(socket_set(from, SOCKET_NODELAY, 1), 0);
    ck_assert_int_eq(socket_connect(a, pair_far(&pair, PORT)), -EINPROGRESS);
    pair_carry(&pair);
    ck_assert_int_eq(socket_accept(from, &b, &(SocketAddress){IP_NONE, 0}), 0);
    socket_get(b, SOCKET_NODELAY, &value); /* the listener's */
    ck_assert_int_eq(value, 1);
    socket_get(a, SOCKET_NODELAY, &value); /* nobody else's */
    ck_assert_int_eq(value, 0);
    pair_clear(&pair);
}
END_TEST

START_TEST(keepalive_gives_up_a_peer_that_is_gone)
{
    SocketPair pair;
    Socket *a, *b;
    char text[4];

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    socket_set(a, SOCKET_KEEPALIVE_IDLE, 5 * SIM_S);
    socket_set(a, SOCKET_KEEPALIVE_INTERVAL, SIM_S);
    socket_set(a, SOCKET_KEEPALIVE_COUNT, 3);
    pair_pass(&pair, 60 * SIM_S);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), -EAGAIN);
    socket_set(a, SOCKET_KEEPALIVE, 1);
    pair_pass(&pair, 60 * SIM_S); /* it answers */
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), -EAGAIN);
    pair.cut = true;
    pair_pass(&pair, 60 * SIM_S);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), -ETIMEDOUT);
    pair_clear(&pair);
}
END_TEST

START_TEST(fast_open_sends_text_with_the_syn)
{
    SocketPair pair;
    Socket *a, *b, *from;
    SocketAddress to, peer;
    char text[8] = "";
    TcpInfo info;

    pair_init(&pair, &socket_rules_linux);
    from = pair_listen(&pair);
    to = pair_far(&pair, PORT);
    for (int round = 0; round < 2; round++) { /* the first gets the cookie */
        a = socket_new(pair.sockets[NEAR]);
        ck_assert_int_eq(socket_send(a, "first", 6, SOCKET_FASTOPEN, &to),
                         round == 0 ? -EINPROGRESS : 6);
        pair_carry(&pair);
        ck_assert_int_eq(socket_accept(from, &b, &peer), 0);
        ck_assert_int_eq(socket_receive(b, text, sizeof text, 0),
                         round == 0 ? -EAGAIN : 6);
        socket_info(a, &info);
        ck_assert_int_eq(info.syn_text, round == 1);
    }
    ck_assert_str_eq(text, "first");
    a = socket_new(pair.sockets[NEAR]);
    ck_assert_int_eq(socket_set(a, SOCKET_FAST_OPEN_CONNECT, 1), 0);
    pair.packets = 0;
    ck_assert_int_eq(socket_connect(a, to), 0);
    pair_carry(&pair);
    ck_assert_uint_eq(pair.packets, 0); /* the SYN waits for text */
    ck_assert_int_eq(socket_send(a, "later", 6, 0, NULL), 6);
    pair_carry(&pair);
    ck_assert_int_eq(socket_accept(from, &b, &peer), 0);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 6);
    pair_clear(&pair);
}
END_TEST

/* --- the edge ------------------------------------------------------------- */

START_TEST(what_is_no_packet_is_refused_with_a_reason)
{
    SocketPair pair;
    const char *why = NULL;
    uint8_t junk[40] = {0x45};

    pair_init(&pair, &socket_rules_linux);
    ck_assert(!edge_receive(&pair.edges[NEAR], junk, sizeof junk, &why));
    ck_assert_ptr_nonnull(why);
    pair_clear(&pair);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("sockets");

    tcase_add_test(tcase, connect_says_how_far_it_is);
    tcase_add_test(tcase, a_port_where_nobody_listens_refuses);
    tcase_add_test(tcase, a_silent_peer_times_out);
    tcase_add_test(tcase, a_port_is_one_listeners);
    tcase_add_test(tcase, bytes_arrive_and_peeking_leaves_them);
    tcase_add_test(tcase, each_direction_ends_by_itself);
    tcase_add_test(tcase, a_reset_leaves_what_came_before_it);
    tcase_add_test(tcase, a_reset_after_the_fin_is_what_the_system_says);
    tcase_add_test(tcase, options_are_read_back_and_have_ranges);
    tcase_add_test(tcase, keepalive_gives_up_a_peer_that_is_gone);
    tcase_add_test(tcase, fast_open_sends_text_with_the_syn);
    tcase_add_test(tcase, what_is_no_packet_is_refused_with_a_reason);
    return run_tests("sockets", tcase, NULL);
}
