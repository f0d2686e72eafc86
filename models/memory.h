/* memory.h - which slab of a Sim holds which kind of object.
 *
 * Promises: one number for each kind of object that a run creates and frees in
 * great numbers; sim_clear() asserts that each slab is empty at the end. */
#ifndef FIRSTBYTE_MODELS_MEMORY_H
#define FIRSTBYTE_MODELS_MEMORY_H

enum SlabKind {
    SLAB_PACKET,
    SLAB_NEIGHBOR,
    SLAB_TCP, /* of a host */
    SLAB_TCB,
    SLAB_TCB_PARKED,   /* half-open and TIME-WAIT connections */
    SLAB_TCP_WORK,     /* what a connection has under way */
    SLAB_TCP_SENT,     /* a segment sent and not acknowledged */
    SLAB_TCP_RECOVERY, /* loss recovery, when needed */
    SLAB_TCP_TALLY,    /* what a connection has carried, when it has */
    SLAB_TCP_TUNING,   /* what a receiver knows of its user, when needed */
    SLAB_TCP_CC,       /* what congestion control knows, when needed */
    SLAB_TCP_CC_RATE,  /* ... one that is given rate samples */
    SLAB_TCP_RATED,    /* a segment sent by such a connection */
    SLAB_TCP_SETTINGS, /* of a connection or listener that has its own */
    SLAB_TCP_HELD,     /* a segment received out of order */
    SLAB_TCP_URGENT,   /* up to where text is urgent, when some is */
    SLAB_TCP_HOLES,    /* what a receiver knows of them, when needed */
    SLAB_TCP_CHUNK,    /* written by the user, not acknowledged yet */
    SLAB_TCP_LISTENER,
    SLAB_UDP_SOCKET,
    SLAB_DNS_LOOKUP,         /* of a stub */
    SLAB_DNS_JOB,            /* a question that a resolver works on */
    SLAB_DNS_WAITER,         /* who waits for a job */
    SLAB_DNS_THINKING,       /* a query that a server has not answered yet */
    SLAB_HTTP_CONNECTION,    /* of a server */
    SLAB_BROWSER_CONNECTION, /* of a browser */
    SLAB_BROWSER_FETCH,      /* a URL being fetched */
    SLAB_BROWSER_PAGE,       /* a page being opened */
    SLAB_WORKLOAD_ITEM,
    SLAB_WORKLOAD_SESSION, /* several items one after another */
};

#endif
