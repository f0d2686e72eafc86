/* connection.h - the packets of one TCP connection of a run, as the side that
 * sends more sees them; and the states of both its ends.
 *
 * What sequence.h and states.h draw. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_CONNECTION_H
#define FIRSTBYTE_MODELS_OBSERVERS_CONNECTION_H

#include "models/nodes/network.h"
#include "models/transport/tcp.h"

/* A segment when it left its sender's TCP for the line. */
typedef struct ConnectionSegment {
    uint64_t id; /* the packet's */
    SimTime at;
    int64_t from, to; /* sequence numbers, from 0 at the SYN; equal: no text */
    bool syn, fin, repeats;
    bool dropped; /* somewhere on its way */
} ConnectionSegment;

/* What an ACK told its receiver when it came. */
typedef struct ConnectionAck {
    SimTime at;
    int64_t ack;     /* of the other side's numbers, from 0 at its SYN */
    uint32_t window; /* bytes, scaled */
    uint8_t sacks;
    int64_t sack[TCP_SACK_BLOCKS_MAX][2];
} ConnectionAck;

typedef struct ConnectionWindow { /* congestion window when a segment left */
    SimTime at;
    int64_t edge; /* SND.UNA + cwnd, from 0 at the SYN */
} ConnectionWindow;

typedef struct ConnectionMove {
    SimTime at;
    TcpState to;
} ConnectionMove;

typedef struct ConnectionEnd {
    uint32_t node; /* RECORD_NO_NODE: not heard of yet */
    uint32_t iss;
    bool has_iss;
    int64_t highest; /* of its numbers, sent */
    int64_t acked;   /* of its numbers, heard of */
    uint64_t bytes;  /* of text, sent for the first time */
    bool offers_scale;
    uint8_t scale;
    GArray *segments; /* of ConnectionSegment, sent */
    GArray *acks;     /* of ConnectionAck, received: about its numbers */
    GArray *windows;  /* of ConnectionWindow */
    GArray *moves;    /* of ConnectionMove */
} ConnectionEnd;

typedef struct Connection {
    Observer observer;
    const Network *network;
    unsigned number; /* which, from 1, in the order of their SYN-SENT */
    unsigned seen;
    FlowId flow;           /* serial 0: not begun yet */
    ConnectionEnd ends[2]; /* 0: the opener */
} Connection;

/* Begins to listen for connection NUMBER (from 1) of NETWORK. */
Connection *connection_new(const Network *network, unsigned number);
void connection_free(Connection *connection);
/* The end that sent more text; NULL: the connection never was. */
const ConnectionEnd *connection_sender(const Connection *connection);

#endif
