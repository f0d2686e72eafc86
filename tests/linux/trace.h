/* trace.h - a packet trace of a real kernel (tests/linux/traces/, README.md
 * there) and what its two applications did.
 *
 * Times are nanoseconds since the first SYN; `sent` is when a packet left its
 * host, before the line's queue. Sequence numbers count from each side's
 * initial one. */
#ifndef FIRSTBYTE_TESTS_LINUX_TRACE_H
#define FIRSTBYTE_TESTS_LINUX_TRACE_H

#include "lab.h"

/* What has to happen before an application does something. */
typedef enum TraceWhen {
    WHEN_AT,     /* nothing: the clock tells */
    WHEN_OPENED, /* connect() has succeeded */
    WHEN_READ,   /* so many bytes were read */
    WHEN_END,    /* the peer's FIN was read */
    WHEN_TAKEN,  /* the send buffer has taken all that was to be written */
    WHENS,
} TraceWhen;

typedef enum TraceWhat {
    DO_CONNECT,
    DO_WRITE,
    DO_READ_NO_MORE,
    DO_CLOSE,
    DO_ABORT,
    DOS,
} TraceWhat;

/* END does WHAT (with BYTES) DELAY after WHEN (with WHEN_BYTES). */
typedef struct TraceStep {
    uint8_t end, when, what;
    uint32_t when_bytes, bytes;
    SimTime delay;
} TraceStep;

typedef struct TracePacket {
    SimTime sent;
    uint32_t seq, ack, len; /* ack 0 without the ACK flag */
    uint32_t echo; /* timestamp echoed, ms since the other side's first one */
    uint16_t flags;
    uint16_t window; /* as in the header */
    uint16_t mss;    /* of a SYN; 0: any other packet */
    uint8_t wscale;
    uint8_t from;
    bool lost; /* the drop rule took it */
    uint8_t sack_count;
    TcpSackBlock sack[TCP_SACK_BLOCKS_MAX];
} TracePacket;

typedef struct TraceState {
    SimTime at;
    uint8_t end, state; /* TcpState that it enters */
} TraceState;

typedef struct Trace {
    LinkConfig lines[2]; /* of the packets that this end sends */
    GArray *steps;       /* of TraceStep */
    GArray *packets;     /* of TracePacket */
    TracePacket syn[2];  /* what the SYNs of an end offer: mss, wscale */
    GArray *states;      /* of TraceState */
    /* The line hands over the server's segment of text number `odd` (0: none)
     * later by `delay`, once more if `twice`. */
    uint32_t odd;
    bool twice;
    SimTime delay;
} Trace;

/* Reads traces/NAME.tsv; fails the test when it is not as README.md says. */
Trace *trace_open(const char *name);
void trace_close(Trace *trace);

/* "12.345 client FIN,ACK seq 1 ack 2 len 0 sack 3:4": the caller g_free()s. */
char *trace_packet_text(const TracePacket *packet);
/* Whether they are the same but for the time and the echo. */
bool trace_packet_same(const TracePacket *a, const TracePacket *b);

#endif
