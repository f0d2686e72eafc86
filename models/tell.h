/* tell.h - what the models tell: kinds of records, reasons for drops, and the
 * struct that each kind carries.
 *
 * One table for each vocabulary: record_kinds[] and drop_reasons[] in tell.c
 * give every name a sentence; `firstbyte describe records` prints them. */
#ifndef FIRSTBYTE_MODELS_TELL_H
#define FIRSTBYTE_MODELS_TELL_H

#include "sim/sim.h"
#include "wire/address.h"

typedef struct Packet Packet;

/* Kinds of records, from 1 (0 is REC_CAUSE).  In parentheses: what Record.what
 * points to; `id`, `stable` and `len` are the packet's where there is one. */
typedef enum RecordKind {
    REC_PACKET_SENT =
        1, /* an interface hands a frame to its link (PacketTold) */
    REC_PACKET_RECEIVED,  /* a frame has arrived at an interface (PacketTold) */
    REC_PACKET_FORWARDED, /* a router passes a packet on (PacketTold) */
    REC_PACKET_DROPPED,   /* code: DropReason (PacketTold) */
    REC_PACKET_DELIVERED, /* the transport layer got it (PacketTold) */
    REC_ARP_WAITS,        /* a packet waits for an address (ArpTold) */
    REC_ARP_RESOLVED,     /* (ArpTold) */
    REC_ARP_FAILED,       /* (ArpTold) */
    REC_TCP_STATE,        /* (TcpStateTold) */
    REC_TCP_SEGMENT_SENT, /* a segment leaves TCP (TcpSegmentTold) */
    REC_TCP_RETRANSMIT,   /* code: TcpRepeatWhy (TcpSegmentTold) */
    REC_TCP_OPENED,       /* connect() succeeded at the opener (TcpOpenTold) */
    REC_TCP_FAILED,       /* the connection ended badly (TcpOpenTold) */
    REC_TCP_CLOSED,       /* the last of a connection is gone (TcpOpenTold) */
    REC_DNS_QUERY,        /* (DnsTold) */
    REC_DNS_ANSWER,       /* an answer was accepted (DnsTold) */
    REC_DNS_CACHE,        /* code: 1 hit, 0 miss (DnsTold) */
    REC_DNS_RETRY,        /* time-out, asked again (DnsTold) */
    REC_DNS_DONE,         /* the stub's caller has its answer (DnsTold) */
    REC_URL_PARSED,       /* (UrlTold) */
    REC_URL_REFUSED,      /* (UrlTold) */
    REC_CACHE_LOOKUP,     /* browser cache; code: CacheOutcome (HttpTold) */
    REC_HTTP_REQUEST,     /* a client has sent one (HttpTold) */
    REC_HTTP_SERVED,      /* a server begins its answer (HttpTold) */
    REC_HTTP_FIRST_BYTE,  /* of a response, at the client (HttpTold) */
    REC_HTTP_RESPONSE,    /* complete at the client (HttpTold) */
    REC_HTTP_FAILED,      /* (HttpTold) */
    REC_PAGE_STARTED,     /* the user pressed Enter (PageTold) */
    REC_PAGE_FIRST_BYTE,  /* (PageTold) */
    REC_PAGE_PARSED,      /* HTML read, parts found (PageTold) */
    REC_PAGE_OBJECT,      /* a part is whole and painted (PageTold) */
    REC_PAGE_FIRST_PAINT, /* (PageTold) */
    REC_PAGE_COMPLETE,    /* (PageTold) */
    REC_PAGE_FAILED,      /* (PageTold) */
    REC_WORK_STARTED,     /* a workload's item begins (WorkTold) */
    REC_WORK_DONE,        /* ... and has its outcome (WorkTold) */
    REC_TCP_RECOVERY,     /* a sender concludes something about losses; code:
                             TcpRecoveryStep (TcpRecoveryTold) */
    REC_PACKET_MARKED,    /* a queue says: congestion (PacketTold) */
    REC_TCP_COOKIE,       /* a SYN was answered and forgotten (PacketTold) */
    REC_TCP_LATE,         /* a segment comes after its time; code: TcpLate
                             (TcpLateTold) */
    REC_SIGNAL_READ,      /* a frame was read from its waveform (SignalTold) */
    REC_DATAGRAM_READ,    /* by whom a workload sent it to (PacketTold) */
    RECORD_KINDS,
} RecordKind;

typedef enum DropReason {
    DROP_NONE,
    DROP_LOST_ON_LINE,   /* the link's loss */
    DROP_BY_RULE,        /* the link's `drop` key named it */
    DROP_QUEUE_FULL,     /* drop-tail */
    DROP_CHECK_SEQUENCE, /* bit errors, found by the FCS */
    DROP_NOT_FOR_US,     /* another host's MAC or IP address */
    DROP_NO_ROUTE,
    DROP_TTL,
    DROP_TOO_BIG,        /* larger than the MTU, don't fragment */
    DROP_ARP_FAILED,     /* the next hop did not answer */
    DROP_ARP_QUEUE_FULL, /* too many wait for the same address */
    DROP_NO_PORT,        /* UDP: nobody listens */
    DROP_NO_PROTOCOL,
    DROP_TCP_NO_CONNECTION, /* and no reset is due */
    DROP_TCP_UNACCEPTABLE,
    DROP_TCP_BACKLOG, /* the listener's queue is full */
    DROP_MALFORMED,
    DROP_LINK_CLEARED,     /* still in flight when the run was ended */
    DROP_TCP_ACCEPT_QUEUE, /* the listener's user accepts nothing */
    DROP_REASONS,
} DropReason;

/* Why a segment is sent again. */
typedef enum TcpRepeatWhy {
    REPEAT_SYN_TIMER,
    REPEAT_SYN_ACK_TIMER,
    REPEAT_SYN_ACK_ANSWER, /* the SYN came again */
    REPEAT_RTO,
    REPEAT_TAIL_LOSS_PROBE,
    REPEAT_FAST,          /* duplicate ACKs or SACK */
    REPEAT_REORDER_TIMER, /* the same, after waiting for reordering */
    REPEAT_RECOVERY,      /* partial ACK, or the next hole */
    REPEAT_ZERO_WINDOW_PROBE,
    REPEAT_SYN_TEXT, /* it went in the SYN, and was not taken */
    REPEAT_REASONS,
} TcpRepeatWhy;

/* What a sender concludes about losses. */
typedef enum TcpRecoveryStep {
    RECOVERY_DUPLICATES,   /* RFC 5681 s3.2, RFC 6675 s5 */
    RECOVERY_RACK,         /* RFC 8985 s6 */
    RECOVERY_TIMEOUT,      /* RFC 6298 s5 */
    RECOVERY_PROBE_REPAIR, /* RFC 8985 s7.4 */
    RECOVERY_ECN,          /* RFC 3168 s6.1.2 */
    RECOVERY_UNDO_DSACK,   /* RFC 2883 s5 */
    RECOVERY_UNDO_ECHO,    /* RFC 3522 */
    RECOVERY_UNDO_FRTO,    /* RFC 5682 */
    RECOVERY_OVER,
    RECOVERY_STEPS,
} TcpRecoveryStep;

typedef enum CacheOutcome { CACHE_MISS, CACHE_FRESH, CACHE_STALE } CacheOutcome;

/* Vocabulary: name as in `describe records`, a sentence, what `len` means. */
typedef struct Word {
    const char *name, *sentence;
} Word;
extern const Word record_kinds[RECORD_KINDS];
extern const Word drop_reasons[DROP_REASONS];
extern const Word repeat_reasons[REPEAT_REASONS];
extern const Word recovery_steps[RECOVERY_STEPS];

typedef struct PacketTold {
    const Packet *packet;
    const void *interface; /* const Interface * of the node, or NULL */
    SimTime queued;        /* SENT: how long it will wait for the line */
    const void *link;      /* SENT: const Link * that it is handed to; MARKED,
                              DROPPED: whose doing it was; NULL: the node's */
} PacketTold;

typedef struct SignalTold {
    const Packet *packet;      /* as it was sent */
    const void *link;          /* const Link * */
    uint32_t bits, bit_errors; /* of the frame, as its code has them */
    bool good;                 /* its delimiters and check sequence are right */
} SignalTold;

typedef struct ArpTold {
    const Packet *packet; /* WAITS: the one that waits; else NULL */
    const void *interface;
    IpAddress ip;
    MacAddress mac;   /* RESOLVED */
    unsigned waiting; /* packets in the queue of that address */
} ArpTold;

typedef struct TcpStateTold {
    const void *tcb;       /* const Tcb *, valid during the call */
    uint8_t from, to;      /* TcpState */
    const char *paragraph; /* of the table of moves: "RFC 9293 s3.10.7.3" */
} TcpStateTold;

typedef struct TcpSegmentTold {
    const void *tcb; /* const Tcb * or NULL (a reset from nobody) */
    const Packet *packet;
    uint64_t repeats; /* id of the packet it repeats, or 0 */
    SimTime rto;      /* RETRANSMIT by a timer: how long that timer ran */
} TcpSegmentTold;

/* What TCP itself cannot tell: a packet knows whose it is (Packet.flow). */
typedef enum TcpLate {
    LATE_TIME_WAIT, /* it came to a connection in TIME-WAIT */
    LATE_TAKEN,     /* its text is an earlier connection's, between the same
                       ports, and was taken for the current one's */
} TcpLate;

typedef struct TcpLateTold {
    const void *tcb;
    const Packet *packet;
    uint32_t bytes; /* TAKEN: of text */
} TcpLateTold;

typedef struct TcpRecoveryTold {
    const void *tcb;
    uint32_t cwnd_before; /* segments */
    uint32_t sacked;      /* segments reported beyond the first hole */
    uint32_t lost;        /* segments taken for lost */
} TcpRecoveryTold;

typedef struct TcpOpenTold {
    const void *tcb; /* NULL: FAILED before there was one */
    int end;         /* TcpEnd of transport/tcp.h */
    SimTime latency; /* OPENED, FAILED: since connect() */
    unsigned syns;   /* SYNs sent */
    bool opener;     /* this side called connect() */
} TcpOpenTold;

typedef struct DnsTold {
    const char *name; /* asked for */
    const char *type; /* "A", "NS", "CNAME" */
    IpAddress server; /* asked, or who answered; IP_NONE for a cache */
    const char *text; /* the answer in words: "192.0.2.1", "NXDOMAIN", "referral
                         to com." */
    int outcome;      /* DnsOutcome of app/dns.h */
    SimTime latency;
    unsigned tries;
} DnsTold;

typedef struct UrlTold {
    const char *text;                 /* as given */
    const char *scheme, *host, *path; /* PARSED */
    unsigned port;
    const char *added; /* what was filled in: "scheme http, port 80", or "" */
    const char *why;   /* REFUSED */
} UrlTold;

typedef struct HttpTold {
    const char *method, *url;
    int status;        /* of a response; 0 before */
    uint64_t bytes;    /* of the body */
    const char *type;  /* RESPONSE: its Content-Type, or NULL */
    uint64_t exchange; /* number of the request at its client, from 1 */
    const char *note;  /* "reused connection", "If-None-Match", why it failed */
    const void *tcb;   /* the connection, or NULL */
    SimTime latency;   /* since the request was begun */
} HttpTold;

typedef struct PageTold {
    const char *url;
    const char *object; /* OBJECT: its URL */
    unsigned parts;     /* known so far */
    uint64_t bytes;
    SimTime latency; /* since Enter */
    const char *why; /* FAILED */
} PageTold;

typedef struct WorkTold {
    const char *workload; /* its name */
    uint32_t item;        /* number, from 0 */
    bool failed;
    const char *why; /* outcome in a word: "ok", "timed out", "refused" */
    SimTime latency;
    uint64_t goodput; /* bit/s, from ESTABLISHED on; 0: nothing was sent */
} WorkTold;

#endif
