/* check_socket_calls.c - models/sockets: calls that take time. */
#include "tests/run_tests.h"
#include "tests/socket_pair.h"

static void done(SocketCall *call) { *(bool *)call->data = true; }

START_TEST(a_megabyte_passes_through_small_buffers)
{
    enum { LEN = 1 << 20 };
    SocketPair pair;
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
    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    socket_set(a, SOCKET_SEND_BUFFER, 20000);
    send.socket = a;
    receive.socket = b;
    ck_assert(!socket_call_begin(&receive, pair.sockets[FAR]));
    ck_assert(!socket_call_begin(&send, pair.sockets[NEAR]));
    ck_assert(send.pending && receive.pending);
    pair_pass(&pair, 60 * SIM_S);
    ck_assert(sent_all && got_all);
    ck_assert_int_eq(send.result, LEN);
    ck_assert_int_eq(receive.result, LEN);
    ck_assert_mem_eq(text, copy, LEN);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_call_waits_as_long_as_it_may)
{
    SocketPair pair;
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

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    poll = (SocketPoll){b, SOCKET_IN, 0};
    ck_assert(!socket_call_begin(&call, pair.sockets[FAR]));
    ck_assert_int_eq(socket_call_ends(&call), 300 * SIM_MS);
    pair_pass(&pair, 299 * SIM_MS);
    ck_assert(!over);
    pair_pass(&pair, SIM_MS);
    ck_assert(over);
    ck_assert_int_eq(call.result, 0);
    call = (SocketCall){.kind = SOCKET_CALL_RECEIVE,
                        .socket = b,
                        .bytes = text,
                        .len = sizeof text};
    socket_set(b, SOCKET_RECEIVE_TIMEOUT, SIM_S);
    ck_assert(!socket_call_begin(&call, pair.sockets[FAR]));
    pair_pass(&pair, 2 * SIM_S);
    ck_assert(!call.pending);
    ck_assert_int_eq(call.result, -EAGAIN);
    socket_set_nonblocking(b, true);
    ck_assert(socket_call_begin(&call, pair.sockets[FAR]));
    ck_assert_int_eq(call.result, -EAGAIN);
    pair_clear(&pair);
}
END_TEST

START_TEST(close_lingers_until_the_fin_is_acknowledged)
{
    SocketPair pair;
    Socket *a, *b;
    bool over = false;
    SocketCall call = {.kind = SOCKET_CALL_CLOSE, .done = done, .data = &over};

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    socket_set(a, SOCKET_LINGER, 5 * SIM_S);
    call.socket = a;
    pair.cut = true;
    ck_assert(!socket_call_begin(&call, pair.sockets[NEAR]));
    pair_carry(&pair);
    ck_assert(!over);
    pair.cut = false; /* the FIN is sent again */
    pair_pass(&pair, 2 * SIM_S);
    ck_assert(over);
    ck_assert_int_eq(call.result, 0);
    pair_clear(&pair);
}
END_TEST

START_TEST(a_lingering_close_is_given_up)
{
    SocketPair pair;
    Socket *a, *b;
    SocketCall call = {.kind = SOCKET_CALL_CLOSE};

    pair_init(&pair, &socket_rules_linux);
    pair_connect(&pair, &a, &b);
    socket_set(a, SOCKET_LINGER, 5 * SIM_S);
    call.socket = a;
    pair.cut = true;
    ck_assert(!socket_call_begin(&call, pair.sockets[NEAR]));
    pair_pass(&pair, 5 * SIM_S - 1);
    ck_assert(call.pending);
    pair_pass(&pair, 1);
    ck_assert(!call.pending);
    pair_clear(&pair);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("socket calls");

    tcase_add_test(tcase, a_megabyte_passes_through_small_buffers);
    tcase_add_test(tcase, a_call_waits_as_long_as_it_may);
    tcase_add_test(tcase, close_lingers_until_the_fin_is_acknowledged);
    tcase_add_test(tcase, a_lingering_close_is_given_up);
    return run_tests("socket calls", tcase, NULL);
}
