/* replay.h - a trace of the kernel (trace.h) is played by our own hosts: the
 * same line, the same losses, the same applications. */
#ifndef FIRSTBYTE_TESTS_LINUX_REPLAY_H
#define FIRSTBYTE_TESTS_LINUX_REPLAY_H

#include "trace.h"

enum { NOBODY = -1 };

typedef struct Replay Replay;

/* One thing that an application does. */
typedef struct Deed {
    Event event;
    Replay *replay;
    const TraceStep *step;
    uint64_t cause; /* what it waited for */
    bool due;       /* it is scheduled, or done */
} Deed;

/* A packet of ours. */
typedef struct Sent {
    TracePacket packet;
    uint64_t id;
    uint32_t clock; /* its timestamp, ms since the first of its side */
    int parent;     /* the packet that it follows from, or NOBODY */
    bool timer;     /* ... after a timer had run */
    SimTime shift;  /* the kernel's was sent so much later: see compare() */
} Sent;

/* A state that an end of ours has entered; parent and timer as above. */
typedef struct Entered {
    TraceState state;
    int parent;
    bool timer;
} Entered;

/* A timer of ours that has fired. */
typedef struct Fired {
    uint64_t id, parent;
} Fired;

/* An application. */
typedef struct App {
    Replay *replay;
    Tcb *tcb; /* NULL: none, or dead to it */
    uint64_t got;
    uint32_t base;  /* its side's first sequence number, from its SYN */
    uint32_t clock; /* ... and timestamp */
    uint8_t end;
    SimTime waits;     /* it entered FIN-WAIT-2 */
    uint64_t most;     /* bytes that it will read */
    uint32_t to_write; /* bytes that the send buffer had no room for yet */
    SimTime read_at;   /* it read last */
    Event reads;       /* it reads what has come */
    uint64_t cause;    /* ... because of this */
} App;

struct Replay {
    Lab lab;
    const Trace *trace;
    SimTime start; /* when the first SYN is sent */
    App apps[2];
    Deed *deeds;
    Observer observer;
    GArray *sent;   /* of Sent */
    GArray *states; /* of Entered: those that the kernel's tracepoint sees */
    GArray *fired;  /* of Fired */
    uint32_t texts; /* segments of text that came from the server */
    Event late;     /* the odd one arrives */
    Packet *odd;
};

/* Plays TRACE with the timer wheels of both hosts at PHASE, from START on,
 * which shifts their timestamp clocks, until nothing is left to do.  LISTENS:
 * the server has a listener.  TRACE stays the caller's.
 */
void replay_run(Replay *replay, const Trace *trace, SimTime phase,
                SimTime start, bool listens);
void replay_clear(Replay *replay);

#endif
