/* http_message.c - see http_message.h. */
#include "http_message.h"

#include <string.h>

#define LENGTH_MAX ((uint64_t)1 << 53)

void http_parser_init(HttpParser *parser, bool requests)
{
    *parser = (HttpParser){.requests = requests};
}

void http_parser_clear(HttpParser *parser)
{
    if (parser->head != NULL)
        g_string_free(parser->head, TRUE);
    if (parser->copied != NULL)
        g_byte_array_unref(parser->copied);
    slice_clear(&parser->body);
    g_free(parser->message.fields);
    http_parser_init(parser, parser->requests);
}

void http_parser_next(HttpParser *parser) { http_parser_clear(parser); }

bool http_parser_idle(const HttpParser *parser)
{
    return parser->phase == HTTP_HEAD &&
           (parser->head == NULL || parser->head->len == 0);
}

static bool bad(HttpParser *parser, int status, const char *why)
{
    parser->phase = HTTP_BAD;
    parser->bad_status = status;
    parser->why = why;
    return false;
}

/* --- the head ------------------------------------------------------------- */

static bool is_token(const char *text)
{
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!g_ascii_isalnum(*text) && strchr("!#$%&'*+-.^_`|~", *text) == NULL)
            return false;
    return true;
}

/* "HTTP/1.x"; the digit into the message. */
static bool read_version(HttpParser *parser, const char *text)
{
    if (strncmp(text, "HTTP/", 5) != 0 || !g_ascii_isdigit(text[5]) ||
        text[6] != '.' || !g_ascii_isdigit(text[7]) || text[8] != '\0')
        return bad(parser, 400, "its version is not HTTP/1.x");
    if (text[5] != '1')
        return bad(parser, 505, "its version is not HTTP/1.x");
    parser->message.minor = (unsigned)(text[7] - '0');
    return true;
}

/* method SP target SP version (RFC 9112 s3) */
static bool read_request_line(HttpParser *parser, char *line)
{
    char *target = strchr(line, ' '), *version;

    if (target == NULL || (version = strchr(target + 1, ' ')) == NULL)
        return bad(parser, 400, "its first line is not a request line");
    *target++ = '\0';
    *version++ = '\0';
    if (!is_token(line) || *target == '\0')
        return bad(parser, 400, "its first line is not a request line");
    parser->message.method = line;
    parser->message.target = target;
    return read_version(parser, version);
}

/* version SP status SP [reason] (RFC 9112 s4) */
static bool read_status_line(HttpParser *parser, char *line)
{
    char *status = strchr(line, ' ');

    if (status == NULL || !g_ascii_isdigit(status[1]) ||
        !g_ascii_isdigit(status[2]) || !g_ascii_isdigit(status[3]) ||
        (status[4] != ' ' && status[4] != '\0') || status[1] == '0')
        return bad(parser, 400, "its first line is not a status line");
    *status++ = '\0';
    parser->message.status =
        (status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0');
    parser->message.reason = status[3] == '\0' ? "" : status + 4;
    return read_version(parser, line);
}

/* name ":" value (RFC 9112 s5); a blank before the colon, or a folded line, is
 * an attack (s5.1, s5.2). */
static bool read_field(HttpParser *parser, char *line)
{
    HttpMessage *message = &parser->message;
    char *colon = strchr(line, ':');

    if (colon == NULL)
        return bad(parser, 400, "a field has no colon");
    *colon = '\0';
    if (!is_token(line))
        return bad(parser, 400, "a field has a bad name");
    if (message->field_count == HTTP_FIELDS_MAX)
        return bad(parser, 431, "it has too many fields");
    if (message->fields == NULL)
        message->fields = g_new(HttpField, HTTP_FIELDS_MAX);
    message->fields[message->field_count++] =
        (HttpField){line, g_strstrip(colon + 1)};
    return true;
}

static bool read_lines(HttpParser *parser)
{
    char *line = parser->head->str;

    for (bool first = true; *line != '\0'; first = false) {
        char *end = strchr(line, '\n'), *next = end + 1;

        if (end > line && end[-1] == '\r')
            end--;
        *end = '\0';
        if (end == line)
            return true;
        if (strchr(line, '\r') != NULL)
            return bad(parser, 400, "a carriage return inside a line");
        if (!first             ? !read_field(parser, line)
            : parser->requests ? !read_request_line(parser, line)
                               : !read_status_line(parser, line))
            return false;
        line = next;
    }
    return true;
}

/* The Content-Length, if there is one: one, or several that agree (s6.3). */
static bool read_length(HttpParser *parser, bool *given, uint64_t *length)
{
    const HttpMessage *message = &parser->message;

    *given = false;
    for (unsigned i = 0; i < message->field_count; i++) {
        const char *text = message->fields[i].value;
        uint64_t value = 0;

        if (g_ascii_strcasecmp(message->fields[i].name, "Content-Length") != 0)
            continue;
        if (*text == '\0')
            return bad(parser, 400, "its Content-Length is not a number");
        for (; *text != '\0'; text++) {
            if (!g_ascii_isdigit(*text) || value > LENGTH_MAX / 10 - 1)
                return bad(parser, 400, "its Content-Length is not a number");
            value = value * 10 + (uint64_t)(*text - '0');
        }
        if (*given && *length != value)
            return bad(parser, 400, "it has two lengths");
        *given = true;
        *length = value;
    }
    return true;
}

/* How long the body is: the rules of RFC 9112 s6.3 in their order. */
static bool body_begins(HttpParser *parser)
{
    const HttpMessage *message = &parser->message;
    bool given;

    if (http_field(message, "Transfer-Encoding") != NULL)
        return bad(parser, 501, "transfer codings are not modelled");
    if (!read_length(parser, &given, &parser->left))
        return false;
    if (!parser->requests && (parser->no_body || message->status / 100 == 1 ||
                              message->status == 204 || message->status == 304))
        parser->left = 0;
    else if (!given && !parser->requests) {
        parser->phase = HTTP_BODY_TO_END;
        return true;
    } else if (!given)
        parser->left = 0;
    parser->phase = parser->left == 0 ? HTTP_COMPLETE : HTTP_BODY;
    return true;
}

static bool head_is_whole(HttpParser *parser)
{
    const HttpMessage *message = &parser->message;
    unsigned hosts = 0;

    if (!read_lines(parser))
        return false;
    for (unsigned i = 0; i < message->field_count; i++)
        if (g_ascii_strcasecmp(message->fields[i].name, "Host") == 0)
            hosts++;
    /* RFC 9112 s3.2 */
    if (parser->requests && (hosts > 1 || (hosts == 0 && message->minor >= 1)))
        return bad(parser, 400, "it does not have exactly one Host");
    return body_begins(parser);
}

/* Takes bytes up to the empty line that ends the head. */
static uint32_t feed_head(HttpParser *parser, const uint8_t *bytes,
                          uint32_t len)
{
    if (parser->head == NULL)
        parser->head = g_string_sized_new(512);
    for (uint32_t i = 0; i < len; i++) {
        char c = (char)bytes[i];

        if (c == '\0') {
            bad(parser, 400, "a NUL byte in its head");
            return i;
        }
        if (parser->head->len == HTTP_HEAD_MAX) {
            bad(parser, 431, "its head is too long");
            return i;
        }
        g_string_append_c(parser->head, c);
        if (c != '\n') {
            parser->line_len += c != '\r';
        } else if (parser->line_len != 0) {
            parser->line_len = 0;
        } else if (parser->head->len <= 2) {
            /* An empty line before a request is read over (RFC 9112 s2.2). */
            g_string_truncate(parser->head, 0);
        } else {
            head_is_whole(parser);
            return i + 1;
        }
    }
    return len;
}

/* --- the body ------------------------------------------------------------- */

static void append_bytes(GByteArray *array, const Slice *piece)
{
    const uint8_t *data = slice_data(piece);
    guint len = array->len;

    if (data != NULL) {
        g_byte_array_append(array, data, piece->len);
    } else {
        g_byte_array_set_size(array, len + piece->len);
        memset(array->data + len, 0, piece->len);
    }
}

/* Adds PIECE (taken) to the body; copies only when it does not follow. */
static void add_to_body(HttpParser *parser, Slice piece)
{
    Slice *body = &parser->body;

    parser->body_len += piece.len;
    if (parser->copied == NULL && body->len == 0) {
        slice_clear(body);
        *body = piece;
        return;
    }
    if (parser->copied == NULL && body->bytes == piece.bytes &&
        body->offset + body->len == piece.offset) {
        body->len += piece.len;
        slice_clear(&piece);
        return;
    }
    if (parser->copied == NULL) {
        parser->copied = g_byte_array_new();
        append_bytes(parser->copied, body);
        slice_clear(body);
    }
    append_bytes(parser->copied, &piece);
    slice_clear(&piece);
}

Slice http_parser_take_body(HttpParser *parser)
{
    Slice body = parser->body;

    if (parser->copied != NULL) {
        GBytes *bytes = g_byte_array_free_to_bytes(parser->copied);

        body = (Slice){bytes, 0, (uint32_t)g_bytes_get_size(bytes)};
        parser->copied = NULL;
    }
    parser->body = (Slice){0};
    return body;
}

uint32_t http_parser_feed(HttpParser *parser, const Slice *piece)
{
    uint32_t used = 0;

    if (parser->phase == HTTP_HEAD) {
        const uint8_t *data = slice_data(piece);

        if (data == NULL && piece->len != 0)
            bad(parser, 400, "its head has no content");
        else
            used = feed_head(parser, data, piece->len);
    }
    if (used < piece->len &&
        (parser->phase == HTTP_BODY || parser->phase == HTTP_BODY_TO_END)) {
        uint32_t len = piece->len - used;

        if (parser->phase == HTTP_BODY) {
            len = (uint32_t)MIN(len, parser->left);
            parser->left -= len;
        }
        add_to_body(parser, slice_part(piece, used, len));
        used += len;
        if (parser->phase == HTTP_BODY && parser->left == 0)
            parser->phase = HTTP_COMPLETE;
    }
    return used;
}

void http_parser_end(HttpParser *parser)
{
    if (parser->phase == HTTP_BODY_TO_END)
        parser->phase = HTTP_COMPLETE;
    else if (parser->phase == HTTP_BODY ||
             (parser->phase == HTTP_HEAD && !http_parser_idle(parser)))
        bad(parser, 400, "truncated");
}
