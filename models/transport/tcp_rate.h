/* tcp_rate.h - delivery rate samples (draft-ietf-ccwg-bbr-06 s4.1), for the
 * algorithms that want them (TcpCc.control).
 *
 * Each ACK gives the rate at which the network delivered what was in flight
 * since the newest segment that it acknowledges was sent.  Volumes are
 * segments, rates bytes of full segments a second; names are the draft's:
 * C.delivered is `rate->delivered`, RS.tx_in_flight `rate->sample.in_flight`.
 */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_RATE_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_RATE_H

#include "tcp_cc.h"

/* A segment in flight of a connection that is sampled (TcpSent.rated): what was
 * known when it was sent last. */
typedef struct TcpRated {
    TcpSent sent;
    SimTime delivered_at, first_sent_at;
    uint32_t delivered, lost;
    uint32_t in_flight; /* with it */
    bool app_limited;
} TcpRated;

/* RS: what one ACK says.  From `prior_at` on only if `has_data`. */
typedef struct TcpRateSample {
    SimTime rtt;          /* -1: none */
    uint32_t newly_acked; /* first delivered by this ACK, in any way */
    uint32_t newly_lost;
    bool has_data;
    bool app_limited;
    SimTime prior_at, send_elapsed, ack_elapsed;
    uint32_t prior_delivered;
    uint32_t last_end;  /* of the newest segment */
    uint32_t in_flight; /* when it was sent */
    uint32_t lost;      /* since then */
    uint32_t delivered; /* since then */
    uint64_t rate;      /* bytes a second; 0: no reliable one */
} TcpRateSample;

/* C: the beginning of the memory of an algorithm that is given samples. */
typedef struct TcpRate {
    SimTime delivered_at;
    SimTime first_sent_at;
    uint32_t delivered, lost; /* since the connection began */
    uint32_t app_limited;     /* until so many are delivered; 0: it is not */
    TcpRateSample sample;
} TcpRate;

/* For TCB, which is sampled. */
static inline TcpRate *tcp_rate(const Tcb *tcb) { return tcb->cc; }
/* What is to be sent is less than may be: the samples are of the user. */
void tcp_rate_mark_app_limited(const Tcb *tcb);

#endif
