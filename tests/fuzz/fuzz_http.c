/* fuzz_http.c - any bytes as HTTP messages: the first byte says whether
 * requests or responses and how long the pieces are in which the rest arrives.
 * What comes out must not depend on the pieces. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "models/app/http_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What a run of the parser over everything has found, as text. */
static void note(GString *found, HttpParser *parser)
{
    const HttpMessage *message = &parser->message;
    Slice body;

    if (parser->phase == HTTP_BAD) {
        g_assert(parser->why != NULL && parser->bad_status >= 400);
        g_string_append_printf(found, "bad %s\n", parser->why);
        return;
    }
    g_string_append_printf(
        found, "%s %s %d %s %u %d %" G_GINT64_MODIFIER "d", message->method,
        message->target, message->status, message->reason, message->minor,
        http_keeps_alive(message), (gint64)http_max_age(message));
    for (unsigned i = 0; i < message->field_count; i++) {
        const HttpField *field = &message->fields[i];

        g_string_append_printf(found, " [%s=%s %d %d]", field->name,
                               field->value,
                               http_field_has(message, field->name, "close"),
                               http_etag_matches(field->value, "W/\"a\""));
    }
    body = http_parser_take_body(parser);
    g_assert(body.len == parser->body_len);
    g_string_append_c(found, '\n');
    if (body.len != 0)
        g_string_append_len(found, (const char *)slice_data(&body), body.len);
    slice_clear(&body);
}

static GString *read_all(const uint8_t *bytes, size_t len, bool requests,
                         bool no_body, size_t step, bool apart)
{
    GBytes *whole = g_bytes_new(bytes, len);
    GString *found = g_string_new(NULL);
    HttpParser parser;
    size_t at = 0, end = 0;

    http_parser_init(&parser, requests);
    parser.no_body = no_body;
    while (at < len && parser.phase != HTTP_BAD) {
        Slice piece = {whole, (uint32_t)at, 0};

        /* The next piece, or what the last message left of this one. */
        if (end <= at)
            end = MIN(at + step, len);
        piece.len = (uint32_t)(end - at);
        if (apart)
            piece = (Slice){g_bytes_new(bytes + at, piece.len), 0, piece.len};
        at += http_parser_feed(&parser, &piece);
        if (apart)
            slice_clear(&piece);
        if (parser.phase == HTTP_COMPLETE) {
            note(found, &parser);
            http_parser_next(&parser);
            parser.no_body = no_body;
        }
    }
    http_parser_end(&parser);
    if (parser.phase == HTTP_COMPLETE || parser.phase == HTTP_BAD)
        note(found, &parser);
    else
        g_assert(http_parser_idle(&parser));
    http_parser_clear(&parser);
    g_bytes_unref(whole);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    GString *once, *pieces, *apart;
    char date[HTTP_DATE_MAX];
    bool requests, no_body;

    if (len == 0)
        return 0;
    requests = (bytes[0] & 1) != 0;
    no_body = (bytes[0] & 2) != 0;
    g_assert(strlen(http_date((int64_t)len * 86399, date)) == 29);
    once = read_all(bytes + 1, len - 1, requests, no_body, SIZE_MAX / 2, false);
    pieces = read_all(bytes + 1, len - 1, requests, no_body,
                      1 + (bytes[0] >> 2), false);
    apart = read_all(bytes + 1, len - 1, requests, no_body, 1 + (bytes[0] >> 2),
                     true);
    g_assert(g_string_equal(once, pieces) && g_string_equal(once, apart));
    g_string_free(once, TRUE);
    g_string_free(pieces, TRUE);
    g_string_free(apart, TRUE);
    return 0;
}
