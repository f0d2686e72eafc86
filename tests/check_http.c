/* check_http.c - HTTP/1.1 messages: heads, bodies, refusals, fields, dates. */
#include <stdlib.h>
#include <string.h>

#include "models/app/http_message.h"
#include "tests/run_tests.h"

/* Feeds the LEN bytes of TEXT to PARSER in pieces of STEP bytes, as slices of
 * one GBytes; how many were used. */
static uint32_t feed(HttpParser *parser, const char *text, size_t len,
                     size_t step)
{
    GBytes *bytes = g_bytes_new(text, len);
    uint32_t used = 0;

    for (size_t at = 0; at < len; at += step) {
        uint32_t piece_len = (uint32_t)MIN(step, len - at), took;
        Slice piece = {bytes, (uint32_t)at, piece_len};

        took = http_parser_feed(parser, &piece);
        used += took;
        if (took < piece_len)
            break;
    }
    g_bytes_unref(bytes);
    return used;
}

static const char request[] = "\r\nGET /a?b HTTP/1.1\r\n"
                              "Host: www.example.com\r\n"
                              "If-None-Match: \"x\", W/\"y\"\r\n"
                              "Empty:\r\n\r\n";
static const char response[] = "HTTP/1.1 200 OK\r\n"
                               "Content-Type: text/html\r\n"
                               "Cache-Control: public, max-age=60\r\n"
                               "Content-Length: 5\r\n\r\nhelloHTTP";

START_TEST(a_request_is_read_in_pieces_of_any_length)
{
    for (size_t step = 1; step <= sizeof request; step++) {
        HttpParser parser;

        http_parser_init(&parser, true);
        ck_assert_uint_eq(feed(&parser, request, strlen(request), step),
                          strlen(request));
        ck_assert_msg(parser.phase == HTTP_COMPLETE, "%s", parser.why);
        ck_assert_str_eq(parser.message.method, "GET");
        ck_assert_str_eq(parser.message.target, "/a?b");
        ck_assert_uint_eq(parser.message.minor, 1);
        ck_assert_str_eq(http_field(&parser.message, "hOST"),
                         "www.example.com");
        ck_assert_str_eq(http_field(&parser.message, "Empty"), "");
        ck_assert_ptr_null(http_field(&parser.message, "Nothing"));
        ck_assert(http_keeps_alive(&parser.message));
        http_parser_clear(&parser);
    }
}
END_TEST

START_TEST(a_response_ends_where_its_length_says)
{
    for (size_t step = 1; step <= sizeof response; step++) {
        HttpParser parser;
        Slice body;

        http_parser_init(&parser, false);
        ck_assert_uint_eq(feed(&parser, response, strlen(response), step),
                          strlen(response) - 4);
        ck_assert_msg(parser.phase == HTTP_COMPLETE, "%s", parser.why);
        ck_assert_int_eq(parser.message.status, 200);
        ck_assert_str_eq(parser.message.reason, "OK");
        ck_assert_int_eq(http_max_age(&parser.message), 60 * SIM_S);
        ck_assert_uint_eq(parser.body_len, 5);
        body = http_parser_take_body(&parser);
        ck_assert_uint_eq(body.len, 5);
        ck_assert_mem_eq(slice_data(&body), "hello", 5);
        slice_clear(&body);
        http_parser_next(&parser);
        ck_assert(http_parser_idle(&parser));
        http_parser_clear(&parser);
    }
}
END_TEST

START_TEST(a_body_in_one_piece_of_memory_is_not_copied)
{
    GBytes *bytes = g_bytes_new(response, strlen(response));
    size_t total = strlen(response) - 4;
    HttpParser parser;
    Slice body;

    http_parser_init(&parser, false);
    for (uint32_t at = 0; at < total; at += 7) {
        Slice piece = {bytes, at, (uint32_t)MIN(7, total - at)};

        http_parser_feed(&parser, &piece);
    }
    body = http_parser_take_body(&parser);
    ck_assert_ptr_eq(body.bytes, bytes);
    slice_clear(&body);
    http_parser_clear(&parser);
    g_bytes_unref(bytes);
}
END_TEST

START_TEST(pieces_of_different_memory_are_put_together)
{
    HttpParser parser;
    Slice body;

    http_parser_init(&parser, false);
    feed(&parser, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab", 40, 40);
    feed(&parser, "cd", 2, 1);
    feed(&parser, "ef", 2, 2);
    ck_assert_int_eq(parser.phase, HTTP_COMPLETE);
    body = http_parser_take_body(&parser);
    ck_assert_uint_eq(body.len, 6);
    ck_assert_mem_eq(slice_data(&body), "abcdef", 6);
    slice_clear(&body);
    http_parser_clear(&parser);
}
END_TEST

START_TEST(a_body_of_zeros_needs_no_memory)
{
    Slice zeros = {NULL, 0, 1000};
    HttpParser parser;
    Slice body;

    http_parser_init(&parser, false);
    feed(&parser, "HTTP/1.1 200 OK\r\nContent-Length: 1500\r\n\r\n", 41, 41);
    ck_assert_uint_eq(http_parser_feed(&parser, &zeros), 1000);
    zeros.offset = 1000;
    ck_assert_uint_eq(http_parser_feed(&parser, &zeros), 500);
    ck_assert_int_eq(parser.phase, HTTP_COMPLETE);
    body = http_parser_take_body(&parser);
    ck_assert_uint_eq(body.len, 1500);
    ck_assert_ptr_null(body.bytes);
    http_parser_clear(&parser);
}
END_TEST

/* How each response ends: '=' complete, '~' at the end of the stream, '!' the
 * end of the stream truncates it, 'x' bad. */
static const struct {
    const char *text;
    char fate;
    bool head; /* answers HEAD */
} lengths[] = {
    {"HTTP/1.1 200 OK\r\n\r\nabc", '~', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", '=', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", '!', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
     '=', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
     'x', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", '=', true},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", '=', false},
    {"HTTP/1.1 204 No Content\r\n\r\n", '=', false},
    {"HTTP/1.1 200 OK\nContent-Length: 1\n\na", '=', false},
    {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", '=', false},
    {"HTTP/1.1 200 OK\r\nContent-Len", '!', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 'x', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 'x', false},
    {"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", 'x', false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", 'x',
     false},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 'x', false},
    {"HTTP/2.0 200 OK\r\n\r\n", 'x', false},
    {"HTTP/1.1 20 OK\r\n\r\n", 'x', false},
    {"HTTP/1.1\r\n\r\n", 'x', false},
    {"nonsense\r\n\r\n", 'x', false},
};

START_TEST(the_length_of_a_body_follows_the_rules)
{
    HttpParser parser;
    char fate;

    http_parser_init(&parser, false);
    parser.no_body = lengths[_i].head;
    feed(&parser, lengths[_i].text, strlen(lengths[_i].text), 5);
    if (parser.phase == HTTP_COMPLETE) {
        fate = '=';
    } else if (parser.phase == HTTP_BAD) {
        fate = 'x';
    } else {
        http_parser_end(&parser);
        fate = parser.phase == HTTP_COMPLETE ? '~' : '!';
    }
    ck_assert_msg(fate == lengths[_i].fate, "%s: want %c, got %c",
                  lengths[_i].text, lengths[_i].fate, fate);
    http_parser_clear(&parser);
}
END_TEST

static const struct {
    const char *text;
    int status;
} refused[] = {
    {"GET /\r\n\r\n", 400},
    {"GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost\r\n\r\n", 400},
    {"GET / / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1x\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n", 501},
};

START_TEST(a_bad_request_is_refused)
{
    HttpParser parser;

    http_parser_init(&parser, true);
    feed(&parser, refused[_i].text, strlen(refused[_i].text), 4096);
    ck_assert_msg(parser.phase == HTTP_BAD, "%s", refused[_i].text);
    ck_assert_int_eq(parser.bad_status, refused[_i].status);
    ck_assert_ptr_nonnull(parser.why);
    http_parser_clear(&parser);
}
END_TEST

START_TEST(a_head_without_end_is_refused)
{
    GString *text = g_string_new("GET / HTTP/1.1\r\nA: ");
    HttpParser parser;

    for (int i = 0; i < HTTP_HEAD_MAX; i++)
        g_string_append_c(text, 'a');
    http_parser_init(&parser, true);
    feed(&parser, text->str, text->len, 1000);
    ck_assert_int_eq(parser.phase, HTTP_BAD);
    ck_assert_int_eq(parser.bad_status, 431);
    http_parser_clear(&parser);
    g_string_assign(text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < HTTP_FIELDS_MAX; i++)
        g_string_append(text, "A: b\r\n");
    g_string_append(text, "\r\n");
    feed(&parser, text->str, text->len, 1000);
    ck_assert_int_eq(parser.bad_status, 431);
    http_parser_clear(&parser);
    g_string_free(text, TRUE);
}
END_TEST

static const struct {
    const char *cache_control;
    SimTime age;
} ages[] = {
    {"max-age=60", 60 * SIM_S},
    {"public, MAX-AGE=5", 5 * SIM_S},
    {"max-age=60, no-cache", 0},
    {"no-store, max-age=60", 0},
    {"max-age=x", 0},
    {"max-age=", 0},
    {"max-age=99999999999999999999", ((SimTime)1 << 31) * SIM_S},
    {"private", 0},
};

START_TEST(cache_control_says_how_long_a_response_is_fresh)
{
    HttpField field = {"Cache-Control", ages[_i].cache_control};
    HttpMessage message = {.field_count = 1, .fields = &field};

    ck_assert_int_eq(http_max_age(&message), ages[_i].age);
}
END_TEST

START_TEST(entity_tags_are_compared_weakly)
{
    ck_assert(http_etag_matches("\"a\"", "\"a\""));
    ck_assert(http_etag_matches("\"b\", W/\"a\"", "\"a\""));
    ck_assert(http_etag_matches("\"a,b\", \"c\"", "W/\"a,b\""));
    ck_assert(http_etag_matches("*", "\"a\""));
    ck_assert(!http_etag_matches("\"ab\"", "\"a\""));
    ck_assert(!http_etag_matches("", "\"a\""));
}
END_TEST

START_TEST(old_clients_keep_alive_only_when_they_say_so)
{
    HttpField field = {"Connection", "Keep-Alive, x"};
    HttpMessage message = {.field_count = 1, .fields = &field, .minor = 0};

    ck_assert(http_keeps_alive(&message));
    field.value = "close";
    message.minor = 1;
    ck_assert(!http_keeps_alive(&message));
    message.field_count = 0;
    ck_assert(http_keeps_alive(&message));
    message.minor = 0;
    ck_assert(!http_keeps_alive(&message));
}
END_TEST

START_TEST(dates_are_http_dates)
{
    char text[HTTP_DATE_MAX];

    ck_assert_str_eq(http_date(0, text), "Thu, 01 Jan 2026 00:00:00 GMT");
    ck_assert_str_eq(http_date(31 * 86400 + 3661, text),
                     "Sun, 01 Feb 2026 01:01:01 GMT");
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("http message");

    tcase_add_test(tcase, a_request_is_read_in_pieces_of_any_length);
    tcase_add_test(tcase, a_response_ends_where_its_length_says);
    tcase_add_test(tcase, a_body_in_one_piece_of_memory_is_not_copied);
    tcase_add_test(tcase, pieces_of_different_memory_are_put_together);
    tcase_add_test(tcase, a_body_of_zeros_needs_no_memory);
    tcase_add_loop_test(tcase, the_length_of_a_body_follows_the_rules, 0,
                        G_N_ELEMENTS(lengths));
    tcase_add_loop_test(tcase, a_bad_request_is_refused, 0,
                        G_N_ELEMENTS(refused));
    tcase_add_test(tcase, a_head_without_end_is_refused);
    tcase_add_loop_test(tcase, cache_control_says_how_long_a_response_is_fresh,
                        0, G_N_ELEMENTS(ages));
    tcase_add_test(tcase, entity_tags_are_compared_weakly);
    tcase_add_test(tcase, old_clients_keep_alive_only_when_they_say_so);
    tcase_add_test(tcase, dates_are_http_dates);
    return run_tests("http", tcase, NULL);
}
