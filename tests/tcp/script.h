/* script.h - a packet script as a list of statements (the language: README.md).
 *
 * Promises: script_read() accepts the whole file or nothing, and its complaint
 * names file, line and what would be right.  Knows no TCP beyond the header. */
#ifndef FIRSTBYTE_TESTS_TCP_SCRIPT_H
#define FIRSTBYTE_TESTS_TCP_SCRIPT_H

#include <glib.h>

#include "models/wire/tcp.h"
#include "sim/simtime.h"

typedef enum StatementKind {
    SAY_SET, /* set tcp.KEY VALUE, profile NAME: words[0], words[1] */
    SAY_LISTEN,
    SAY_CONNECT,
    SAY_FASTOPEN, /* number: bytes to write with Fast Open */
    SAY_WRITE,    /* number: bytes; flags: TCP_WRITE_*; takes: of them */
    SAY_CORK,     /* number: 1, 0 */
    SAY_NODELAY,  /* number: 1, 0 */
    SAY_READ,     /* number: bytes that must be there, all of them are read */
    SAY_READ_END,
    SAY_SHUTDOWN,
    SAY_CLOSE,
    SAY_ABORT,
    SAY_ARRIVES, /* < segment */
    SAY_SENT,    /* > segment */
    SAY_STATE,   /* = STATE: text */
    SAY_WAIT,    /* +TIME: number, ns */
    SAY_TOLD,    /* ! what the user was told: text */
} StatementKind;

/* What a sequence number is counted from. */
typedef enum NumberBase {
    FROM_ISS,  /* N: the initial sequence number of whoever sent that byte */
    FROM_ZERO, /* #N: absolute */
    FROM_EDGE, /* edge+N: the first number beyond the window we last offered */
} NumberBase;

typedef struct ScriptNumber {
    NumberBase base;
    int64_t value;
} ScriptNumber;

/* A segment as written: only what was written is compared or, when it arrives,
 * set.  `header` holds flags, window and options; numbers in `header.sack` are
 * relative. */
typedef struct ScriptSegment {
    TcpHeader header;
    ScriptNumber seq, ack;
    uint32_t len; /* bytes of text */
    uint8_t ecn;  /* of the IP header */
    bool has_window, has_options, has_ecn;
    bool any_ts_val; /* ts * ECR: any clock */
    bool echo_ts;    /* ts VAL *-N: N before the value that was sent last */
    bool any_cookie; /* fo *: any cookie is expected, the last one is sent */
} ScriptSegment;

typedef struct Statement {
    StatementKind kind;
    int line;           /* from 1 */
    int64_t number;     /* bytes or ns */
    unsigned flags;     /* of a write: TCP_WRITE_* */
    int64_t takes;      /* ... and how much of it there is room for */
    char *text, *value; /* owned; NULL where the kind has none */
    ScriptSegment segment;
} Statement;

typedef struct Script {
    char *file;
    GArray *statements; /* of Statement */
} Script;

/* NULL, with "FILE:LINE: ..." in *WHY (g_free), when FILE is not a script. */
Script *script_read(const char *file, char **why);
void script_free(Script *script);
/* The ECN field of an IP header, as a script writes it. */
extern const char *const script_ecn[4];
/* "S.", "." ...: the letters of FLAGS as a script writes them. */
const char *script_flags(uint16_t flags, char text[10]);

#endif
