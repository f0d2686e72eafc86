/* transfer.h - one request and its response between the two hosts of lab.h, as
 * the kernel was measured: the client connects and asks with 200 bytes, the
 * server answers with `bytes`, one of them closes first.
 *
 * The line: a rate with a queue of 100 packets, or 8 us for a full packet and
 * no limit; packets are lost independently in both directions.  An
 * application wakes 0.06 ms after there is something for it, and then reads all
 * that has come. */
#ifndef FIRSTBYTE_TESTS_LINUX_TRANSFER_H
#define FIRSTBYTE_TESTS_LINUX_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct TransferPlan {
    unsigned rtt_ms;
    unsigned rate_mbit; /* 0: unlimited */
    bool server_closes; /* first, right after its last write; otherwise the
                           client does, as soon as it has everything */
    uint32_t bytes;
    double loss;            /* of a packet, each direction */
    const char *congestion; /* NULL: the profile's */
} TransferPlan;

/* What is told of a transfer.  Times are ms: the first four since connect(),
 * at the client's application; the states of the two closing sides as packets
 * show them: the first FIN sent and delivered, the first acknowledgment of it
 * delivered. */
typedef enum TransferFigure {
    FIGURE_CONNECT,    /* connect() has succeeded */
    FIGURE_TTFB,       /* first byte read */
    FIGURE_TTLB,       /* last byte read */
    FIGURE_EOF,        /* the server's FIN was read (it closes first) */
    FIGURE_TRANSFER,   /* from the first byte to the last */
    FIGURE_FIN_WAIT_1, /* of who closes first */
    FIGURE_FIN_WAIT_2,
    FIGURE_CLOSE_WAIT, /* of the other one */
    FIGURE_LAST_ACK,
    FIGURE_SERVER_AGAIN, /* segments that it sent more than once: how often */
    FIGURE_CLIENT_AGAIN,
    FIGURE_SERVER_LOST,     /* packets of it that the line lost */
    FIGURE_SERVER_NEEDLESS, /* what it sent again less what was lost */
    FIGURE_SERVER_PACKETS,
    FIGURE_CLIENT_PACKETS,
    TRANSFER_FIGURES
} TransferFigure;

/* "ttlb" */
const char *transfer_figure_name(TransferFigure figure);

/* Runs one in replication NUMBER (losses, phases of the timers) until the last
 * timer is gone; NAN: nothing to tell.  Fails the test unless all bytes came
 * and both sides closed in order. */
void transfer_run(const TransferPlan *plan, uint32_t number,
                  double figures[TRANSFER_FIGURES]);

#endif
