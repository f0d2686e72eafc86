/* check_sockets.c - models/sockets: two hosts, each with its edge, whose bytes
 * the test carries from the one to the other. */
#include <string.h>

#include "models/sockets/edge.h"
#include "models/sockets/sockets.h"
#include "tests/run_tests.h"

enum { NEAR, FAR, PORT = 80 };

typedef struct Pair {
    Sim sim;
    Edge edges[2];
    Sockets *sockets[2];
    GQueue line; /* of Carried *: on its way, oldest first */
    bool cut;    /* what is sent is lost */
    unsigned packets;
} Pair;

typedef struct Carried {
    int to;
    size_t len;
    uint8_t bytes[];
} Carried;

static void sent(Edge *edge, const uint8_t *bytes, size_t len, SimTime at)
{
    Pair *pair = edge->data;
    Carried *carried = g_malloc(sizeof *carried + len);

    ck_assert_int_eq(at, sim_now(&pair->sim));
    carried->to = edge == &pair->edges[NEAR] ? FAR : NEAR;
    carried->len = len;
    memcpy(carried->bytes, bytes, len);
    g_queue_push_tail(&pair->line, carried);
    pair->packets++;
}

/* Carries what is on the line until there is nothing; time stands still. */
static void carry(Pair *pair)
{
    Carried *carried;

    edge_run_until(&pair->edges[NEAR], sim_now(&pair->sim));
    while ((carried = g_queue_pop_head(&pair->line)) != NULL) {
        if (!pair->cut)
            ck_assert(edge_receive(&pair->edges[carried->to], carried->bytes,
                                   carried->len, NULL));
        g_free(carried);
        edge_run_until(&pair->edges[NEAR], sim_now(&pair->sim));
    }
}

/* DELAY passes, and what is sent in it arrives at once. */
static void pass(Pair *pair, SimTime delay)
{
    SimTime until = sim_now(&pair->sim) + delay;

    carry(pair);
    while (edge_step(&pair->edges[NEAR], until))
        carry(pair);
    edge_run_until(&pair->edges[NEAR], until);
}

static void setup(Pair *pair, const SocketRules *rules)
{
    memset(pair, 0, sizeof *pair);
    sim_init(&pair->sim, 1, 0);
    for (int i = NEAR; i <= FAR; i++) {
        Edge *edge = &pair->edges[i];

        edge_init(edge, &pair->sim, TCP_PROFILE_LINUX, sent, pair);
        edge->tcp.fast_open_server = true;
        edge->address = ip_from_v4(0xc0000201 + (uint32_t)i); /* 192.0.2.1 */
        edge_raise(edge);
        pair->sockets[i] = sockets_new(&edge->host, rules);
    }
}

/* sim_clear() asserts that nothing is left. */
static void teardown(Pair *pair)
{
    for (int i = NEAR; i <= FAR; i++)
        sockets_free(pair->sockets[i]);
    carry(pair);
    for (int i = NEAR; i <= FAR; i++)
        edge_clear(&pair->edges[i]);
    sim_clear(&pair->sim);
}

static SocketAddress far_port(const Pair *pair, uint16_t port)
{
    return (SocketAddress){pair->edges[FAR].address, port};
}

static Socket *listener(Pair *pair)
{
    Socket *socket = socket_new(pair->sockets[FAR]);

    ck_assert_int_eq(socket_bind(socket, (SocketAddress){IP_NONE, PORT}), 0);
    ck_assert_int_eq(socket_listen(socket, 5), 0);
    return socket;
}

/* A connection: *A at the near end, *B at the far one. */
static Socket *connected(Pair *pair, Socket **a, Socket **b)
{
    Socket *from = listener(pair);
    SocketAddress peer;

    *a = socket_new(pair->sockets[NEAR]);
    ck_assert_int_eq(socket_connect(*a, far_port(pair, PORT)), -EINPROGRESS);
    ck_assert_int_eq(socket_connect(*a, far_port(pair, PORT)), -EALREADY);
    carry(pair);
    ck_assert_int_eq(socket_accept(from, b, &peer), 0);
    ck_assert(ip_equal(peer.ip, pair->edges[NEAR].address));
    return from;
}

/* --- the calls ------------------------------------------------------------ */

START_TEST(connect_says_how_far_it_is)
{
    Pair pair;
    Socket *a, *b;

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    ck_assert_uint_eq(socket_events(a) & SOCKET_OUT, SOCKET_OUT);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, PORT)), 0);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, PORT)), -EISCONN);
    teardown(&pair);
}
END_TEST

START_TEST(a_port_where_nobody_listens_refuses)
{
    Pair pair;
    Socket *a;
    int64_t error = 0;

    setup(&pair, &socket_rules_linux);
    a = socket_new(pair.sockets[NEAR]);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, 9)), -EINPROGRESS);
    ck_assert_uint_eq(socket_events(a), 0);
    carry(&pair);
    ck_assert_uint_eq(socket_events(a) & SOCKET_ERR, SOCKET_ERR);
    ck_assert_int_eq(socket_get(a, SOCKET_ERROR, &error), 0);
    ck_assert_int_eq(error, ECONNREFUSED);
    socket_get(a, SOCKET_ERROR, &error); /* told once */
    ck_assert_int_eq(error, 0);
    teardown(&pair);
}
END_TEST

START_TEST(a_silent_peer_times_out)
{
    Pair pair;
    Socket *a;

    setup(&pair, &socket_rules_linux);
    a = socket_new(pair.sockets[NEAR]);
    pair.cut = true;
    ck_assert_int_eq(socket_set(a, SOCKET_SYN_COUNT, 2), 0);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, PORT)), -EINPROGRESS);
    pass(&pair, 200 * SIM_S);
    ck_assert_uint_ge(pair.packets, 3);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, PORT)), -ETIMEDOUT);
    pair.cut = false;
    listener(&pair);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, PORT)), -EINPROGRESS);
    carry(&pair);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, PORT)), 0);
    teardown(&pair);
}
END_TEST

START_TEST(a_port_is_one_listeners)
{
    Pair pair;
    Socket *a, *b;
    SocketAddress here = {IP_NONE, PORT}, elsewhere = {ip_from_v4(1), PORT};

    setup(&pair, &socket_rules_linux);
    a = listener(&pair);
    b = socket_new(pair.sockets[FAR]);
    ck_assert_int_eq(socket_bind(b, elsewhere), -EADDRNOTAVAIL);
    ck_assert_int_eq(socket_bind(b, here), -EADDRINUSE);
    socket_close(a);
    ck_assert_int_eq(socket_bind(b, here), 0);
    ck_assert_int_eq(socket_bind(b, here), -EINVAL);
    ck_assert_int_eq(socket_accept(b, &a, &here), -EINVAL);
    ck_assert_int_eq(socket_listen(b, 1), 0);
    ck_assert_int_eq(socket_accept(b, &a, &here), -EAGAIN);
    ck_assert_int_eq(socket_connect(b, far_port(&pair, 1)), -EISCONN);
    teardown(&pair);
}
END_TEST

START_TEST(bytes_arrive_and_peeking_leaves_them)
{
    Pair pair;
    Socket *a, *b;
    char text[16] = "";
    int64_t unread = 0;

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), -EAGAIN);
    ck_assert_int_eq(socket_send(a, "hello, ", 7, SOCKET_MORE, NULL), 7);
    ck_assert_int_eq(socket_send(a, "world", 6, 0, NULL), 6);
    ck_assert_int_eq(socket_send(a, NULL, 6, 0, NULL), -EFAULT);
    carry(&pair);
    socket_get(b, SOCKET_UNREAD, &unread);
    ck_assert_int_eq(unread, 13);
    ck_assert_int_eq(socket_receive(b, text, 5, SOCKET_PEEK), 5);
    ck_assert_int_eq(socket_receive(b, NULL, 5, 0), -EFAULT);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 13);
    ck_assert_str_eq(text, "hello, world");
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), -EAGAIN);
    teardown(&pair);
}
END_TEST

START_TEST(each_direction_ends_by_itself)
{
    Pair pair;
    Socket *a, *b;
    char text[4];

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    ck_assert_int_eq(socket_shutdown(a, SOCKET_SHUT_SENDING), 0);
    carry(&pair);
    ck_assert_int_eq(socket_send(a, "x", 1, 0, NULL), -EPIPE);
    ck_assert_uint_eq(socket_events(b) & SOCKET_RDHUP, SOCKET_RDHUP);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 0);
    ck_assert_int_eq(socket_send(b, "yes", 3, 0, NULL), 3);
    carry(&pair);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), 3);
    socket_close(b);
    carry(&pair);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), 0);
    ck_assert_int_eq(socket_shutdown(a, SOCKET_SHUT_BOTH), -ENOTCONN);
    socket_close(a);
    teardown(&pair);
}
END_TEST

START_TEST(a_reset_leaves_what_came_before_it)
{
    Pair pair;
    Socket *a, *b;
    char text[8];

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    socket_send(a, "last", 4, 0, NULL);
    carry(&pair);
    socket_set(a, SOCKET_LINGER, 0);
    socket_close(a);
    carry(&pair);
    ck_assert_uint_eq(socket_events(b) & SOCKET_HUP, SOCKET_HUP);
    ck_assert_int_eq(socket_receive(b, text, 2, SOCKET_PEEK), 2);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 4);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), -ECONNRESET);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 0);
    ck_assert_int_eq(socket_send(b, "x", 1, 0, NULL), -EPIPE);
    teardown(&pair);
}
END_TEST

/* Systems differ in what the user is told: SocketRules. */
static void check_error_after_fin(const SocketRules *rules, int error)
{
    Pair pair;
    Socket *a, *b;
    char text[8];

    setup(&pair, rules);
    connected(&pair, &a, &b);
    socket_shutdown(a, SOCKET_SHUT_SENDING);
    carry(&pair);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 0);
    socket_close(a);
    socket_send(b, "x", 1, 0, NULL); /* nobody is there: a reset */
    carry(&pair);
    ck_assert_int_eq(socket_send(b, "x", 1, 0, NULL), -error);
    teardown(&pair);
}

START_TEST(a_reset_after_the_fin_is_what_the_system_says)
{
    check_error_after_fin(&socket_rules_linux, EPIPE);
    check_error_after_fin(&socket_rules_bsd, ECONNRESET);
}
END_TEST

/* --- options -------------------------------------------------------------- */

START_TEST(options_are_read_back_and_have_ranges)
{
    Pair pair;
    Socket *a, *b, *from;
    int64_t value = 0;

    setup(&pair, &socket_rules_linux);
    from = listener(&pair);
    a = socket_new(pair.sockets[NEAR]);
    ck_assert_int_eq(socket_set(a, SOCKET_SEND_BUFFER, 10000), 0);
    socket_get(a, SOCKET_SEND_BUFFER, &value);
    ck_assert_int_eq(value, 20000); /* doubled: socket(7) */
    ck_assert_int_eq(socket_set(a, SOCKET_MAXSEG, 10), -EINVAL);
    ck_assert_int_eq(socket_set(a, SOCKET_KEEPALIVE_COUNT, 128), -EINVAL);
    ck_assert_int_eq(socket_set(a, SOCKET_ERROR, 1), -ENOPROTOOPT);
    ck_assert_int_eq(socket_set(from, SOCKET_NODELAY, 1), 0);
    ck_assert_int_eq(socket_connect(a, far_port(&pair, PORT)), -EINPROGRESS);
    carry(&pair);
    ck_assert_int_eq(socket_accept(from, &b, &(SocketAddress){IP_NONE, 0}), 0);
    socket_get(b, SOCKET_NODELAY, &value); /* the listener's */
    ck_assert_int_eq(value, 1);
    socket_get(a, SOCKET_NODELAY, &value); /* nobody else's */
    ck_assert_int_eq(value, 0);
    teardown(&pair);
}
END_TEST

START_TEST(keepalive_gives_up_a_peer_that_is_gone)
{
    Pair pair;
    Socket *a, *b;
    char text[4];

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    socket_set(a, SOCKET_KEEPALIVE_IDLE, 5 * SIM_S);
    socket_set(a, SOCKET_KEEPALIVE_INTERVAL, SIM_S);
    socket_set(a, SOCKET_KEEPALIVE_COUNT, 3);
    pass(&pair, 60 * SIM_S);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), -EAGAIN);
    socket_set(a, SOCKET_KEEPALIVE, 1);
    pass(&pair, 60 * SIM_S); /* it answers */
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), -EAGAIN);
    pair.cut = true;
    pass(&pair, 60 * SIM_S);
    ck_assert_int_eq(socket_receive(a, text, sizeof text, 0), -ETIMEDOUT);
    teardown(&pair);
}
END_TEST

START_TEST(fast_open_sends_text_with_the_syn)
{
    Pair pair;
    Socket *a, *b, *from;
    SocketAddress to, peer;
    char text[8] = "";
    TcpInfo info;

    setup(&pair, &socket_rules_linux);
    from = listener(&pair);
    to = far_port(&pair, PORT);
    for (int round = 0; round < 2; round++) { /* the first gets the cookie */
        a = socket_new(pair.sockets[NEAR]);
        ck_assert_int_eq(socket_send(a, "first", 6, SOCKET_FASTOPEN, &to),
                         round == 0 ? -EINPROGRESS : 6);
        carry(&pair);
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
    carry(&pair);
    ck_assert_uint_eq(pair.packets, 0); /* the SYN waits for text */
    ck_assert_int_eq(socket_send(a, "later", 6, 0, NULL), 6);
    carry(&pair);
    ck_assert_int_eq(socket_accept(from, &b, &peer), 0);
    ck_assert_int_eq(socket_receive(b, text, sizeof text, 0), 6);
    teardown(&pair);
}
END_TEST

/* --- calls that take time ------------------------------------------------- */

static void done(SocketCall *call) { *(bool *)call->data = true; }

START_TEST(a_megabyte_passes_through_small_buffers)
{
    enum { LEN = 1 << 20 };
    Pair pair;
    Socket *a, *b;
    g_autofree uint8_t *text = g_malloc(LEN), *copy = g_malloc0(LEN);
    bool sent_all = false, got_all = false;
    SocketCall send = {.kind = SOCKET_CALL_SEND,
                       .text = text,
                       .len = LEN,
                       .done = done,
                       .data = &sent_all};
    SocketCall receive = {.kind = SOCKET_CALL_RECEIVE,
                          .bytes = copy,
                          .len = LEN,
                          .flags = SOCKET_WAITALL,
                          .done = done,
                          .data = &got_all};

    for (unsigned i = 0; i < LEN; i++)
        text[i] = (uint8_t)(i ^ i >> 8 ^ i >> 16);
    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    socket_set(a, SOCKET_SEND_BUFFER, 20000);
    send.socket = a;
    receive.socket = b;
    ck_assert(!socket_call_begin(&receive, pair.sockets[FAR]));
    ck_assert(!socket_call_begin(&send, pair.sockets[NEAR]));
    ck_assert(send.pending && receive.pending);
    pass(&pair, 60 * SIM_S);
    ck_assert(sent_all && got_all);
    ck_assert_int_eq(send.result, LEN);
    ck_assert_int_eq(receive.result, LEN);
    ck_assert_mem_eq(text, copy, LEN);
    teardown(&pair);
}
END_TEST

START_TEST(a_call_waits_as_long_as_it_may)
{
    Pair pair;
    Socket *a, *b;
    char text[4];
    bool over = false;
    SocketPoll poll;
    SocketCall call = {.kind = SOCKET_CALL_POLL,
                       .polls = &poll,
                       .poll_count = 1,
                       .timeout = 300 * SIM_MS,
                       .done = done,
                       .data = &over};

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    poll = (SocketPoll){b, SOCKET_IN, 0};
    ck_assert(!socket_call_begin(&call, pair.sockets[FAR]));
    ck_assert_int_eq(socket_call_ends(&call), 300 * SIM_MS);
    pass(&pair, 299 * SIM_MS);
    ck_assert(!over);
    pass(&pair, SIM_MS);
    ck_assert(over);
    ck_assert_int_eq(call.result, 0);
    call = (SocketCall){.kind = SOCKET_CALL_RECEIVE,
                        .socket = b,
                        .bytes = text,
                        .len = sizeof text};
    socket_set(b, SOCKET_RECEIVE_TIMEOUT, SIM_S);
    ck_assert(!socket_call_begin(&call, pair.sockets[FAR]));
    pass(&pair, 2 * SIM_S);
    ck_assert(!call.pending);
    ck_assert_int_eq(call.result, -EAGAIN);
    socket_set_nonblocking(b, true);
    ck_assert(socket_call_begin(&call, pair.sockets[FAR]));
    ck_assert_int_eq(call.result, -EAGAIN);
    teardown(&pair);
}
END_TEST

START_TEST(close_lingers_until_the_fin_is_acknowledged)
{
    Pair pair;
    Socket *a, *b;
    bool over = false;
    SocketCall call = {.kind = SOCKET_CALL_CLOSE, .done = done, .data = &over};

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    socket_set(a, SOCKET_LINGER, 5 * SIM_S);
    call.socket = a;
    pair.cut = true;
    ck_assert(!socket_call_begin(&call, pair.sockets[NEAR]));
    carry(&pair);
    ck_assert(!over);
    pair.cut = false; /* the FIN is sent again */
    pass(&pair, 2 * SIM_S);
    ck_assert(over);
    ck_assert_int_eq(call.result, 0);
    teardown(&pair);
}
END_TEST

START_TEST(a_lingering_close_is_given_up)
{
    Pair pair;
    Socket *a, *b;
    SocketCall call = {.kind = SOCKET_CALL_CLOSE};

    setup(&pair, &socket_rules_linux);
    connected(&pair, &a, &b);
    socket_set(a, SOCKET_LINGER, 5 * SIM_S);
    call.socket = a;
    pair.cut = true;
    ck_assert(!socket_call_begin(&call, pair.sockets[NEAR]));
    pass(&pair, 5 * SIM_S - 1);
    ck_assert(call.pending);
    pass(&pair, 1);
    ck_assert(!call.pending);
    teardown(&pair);
}
END_TEST

/* --- the edge ------------------------------------------------------------- */

START_TEST(what_is_no_packet_is_refused_with_a_reason)
{
    Pair pair;
    const char *why = NULL;
    uint8_t junk[40] = {0x45};

    setup(&pair, &socket_rules_linux);
    ck_assert(!edge_receive(&pair.edges[NEAR], junk, sizeof junk, &why));
    ck_assert_ptr_nonnull(why);
    teardown(&pair);
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
    tcase_add_test(tcase, a_megabyte_passes_through_small_buffers);
    tcase_add_test(tcase, a_call_waits_as_long_as_it_may);
    tcase_add_test(tcase, close_lingers_until_the_fin_is_acknowledged);
    tcase_add_test(tcase, a_lingering_close_is_given_up);
    tcase_add_test(tcase, what_is_no_packet_is_refused_with_a_reason);
    return run_tests("sockets", tcase, NULL);
}
