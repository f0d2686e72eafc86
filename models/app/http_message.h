/* http_message.h - HTTP/1.1 messages (RFC 9112), read piece by piece as TCP
 * delivers them.
 *
 * A parser takes slices and copies nothing of a body whose pieces follow one
 * another in one GBytes, which is how a body of a real file arrives.  A message
 * that RFC 9112 calls invalid is refused, not repaired.
 *
 * Not modelled: transfer codings (RFC 9112 s6.1, s7: refused), upgrade
 * (RFC 9110 s7.8), ranges (RFC 9110 s14), trailers. */
#ifndef FIRSTBYTE_MODELS_APP_HTTP_MESSAGE_H
#define FIRSTBYTE_MODELS_APP_HTTP_MESSAGE_H

#include "models/packet.h"

enum {
    HTTP_HEAD_MAX = 16 * 1024, /* bytes of start line and fields together */
    HTTP_FIELDS_MAX = 64,
    HTTP_DATE_MAX = 30,
    HTTP_RUN_BEGINS = 1767225600, /* time 0 of a run, in seconds since 1970 */
};

typedef struct HttpField {
    const char *name, *value; /* as received, value without blanks around it */
} HttpField;

typedef struct HttpMessage {
    const char *method, *target; /* of a request; else NULL */
    const char *reason;          /* of a response; else NULL */
    int status;                  /* of a response; else 0 */
    unsigned minor;              /* of the version: HTTP/1.minor */
    unsigned field_count;
    HttpField *fields;
} HttpMessage;

typedef enum HttpPhase {
    HTTP_HEAD,
    HTTP_BODY,        /* `left` bytes of it are to come */
    HTTP_BODY_TO_END, /* ends with the stream */
    HTTP_COMPLETE,
    HTTP_BAD, /* `why`, and the status a server answers with */
} HttpPhase;

typedef struct HttpParser {
    HttpMessage message; /* points into `head` */
    GString *head;       /* NULL before the first byte */
    Slice body;          /* so far, while it is in one piece... */
    GByteArray *copied;  /* ...and when it is not: a copy */
    uint64_t left;       /* HTTP_BODY */
    uint64_t body_len;   /* so far */
    const char *why;     /* HTTP_BAD: static text */
    int bad_status;      /* HTTP_BAD, of a request: 400, 431, 501, 505;
                            its server may set 408 */
    uint32_t line_len;   /* of the line being read */
    uint8_t phase;       /* HttpPhase */
    bool requests;       /* reads requests, else responses */
    bool no_body;        /* the response to a HEAD request */
} HttpParser;

void http_parser_init(HttpParser *parser, bool requests);
void http_parser_clear(HttpParser *parser);
/* Makes PARSER ready for the next message of the connection. */
void http_parser_next(HttpParser *parser);
/* Reads PIECE up to the end of the message.  How many bytes it has used: less
 * than all when the message is complete or bad. */
uint32_t http_parser_feed(HttpParser *parser, const Slice *piece);
/* The stream has ended: completes a body that ends with it; anything else that
 * has begun is HTTP_BAD, "truncated". */
void http_parser_end(HttpParser *parser);
/* Nothing of a message was read yet. */
bool http_parser_idle(const HttpParser *parser);
/* The body so far; the caller's, to be cleared. */
Slice http_parser_take_body(HttpParser *parser);

/* The value of the first field called NAME (any case), or NULL. */
const char *http_field(const HttpMessage *message, const char *name);
/* A comma-separated field contains TOKEN (RFC 9110 s5.6.1). */
bool http_field_has(const HttpMessage *message, const char *name,
                    const char *token);
/* The connection persists after MESSAGE (RFC 9112 s9.3). */
bool http_keeps_alive(const HttpMessage *message);
/* How long a response is fresh by its Cache-Control (RFC 9111 s4.2.1); 0 when
 * it does not say or must be revalidated. */
SimTime http_max_age(const HttpMessage *message);
/* ETAG is in the If-None-Match LIST, by weak comparison (RFC 9110 s13.1.2). */
bool http_etag_matches(const char *list, const char *etag);
/* SECONDS since the run began as an HTTP date (RFC 9110 s5.6.7): every run
 * begins at the same moment, Thu, 01 Jan 2026 00:00:00 GMT. */
const char *http_date(int64_t seconds, char text[HTTP_DATE_MAX]);
/* The reason phrase of STATUS, one of those that our server answers with. */
const char *http_reason(int status);

#endif
