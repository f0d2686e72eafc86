/* tcp_config.h - every number of TCP that a user may set, and the profiles.
 *
 * tcp_keys[] declares each key once: unit, range, default, sentence, source.  A
 * profile is a column of defaults: `profile = rfc` replaces the default of
 * every key that was not set by name. */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_CONFIG_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_CONFIG_H

#include "sim/config.h"
#include "sim/simtime.h"

typedef enum TcpProfile {
    TCP_PROFILE_LINUX,
    TCP_PROFILE_RFC,
    TCP_PROFILE_FREEBSD, /* FreeBSD 14 */
    TCP_PROFILE_NS3,     /* the timers and sizes of ns-3 3.37 ... */
    TCP_PROFILE_INET,    /* ... and of INET 4.5: to see why curves differ */
    TCP_PROFILES
} TcpProfile;
typedef enum TcpCongestion {
    TCP_CC_NEWRENO,
    TCP_CC_CUBIC,
    TCP_CC_BBR
} TcpCongestion;
/* When HyStart counts rounds. */
typedef enum TcpHyStartRounds {
    TCP_HYSTART_ALL,
    TCP_HYSTART_LARGE
} TcpHyStartRounds;
/* What NewReno halves. */
typedef enum TcpHalve { TCP_HALVE_FLIGHT, TCP_HALVE_WINDOW } TcpHalve;
/* SYN cookies (RFC 4987 s3.6). */
typedef enum TcpCookies {
    TCP_COOKIES_NO,
    TCP_COOKIES_WHEN_FULL,
    TCP_COOKIES_ALWAYS
} TcpCookies;
/* Explicit congestion notification: never; when the peer offers it. */
typedef enum TcpEcn { TCP_ECN_NO, TCP_ECN_ACCEPT, TCP_ECN_OFFER } TcpEcn;
typedef enum TcpTimers { TCP_TIMERS_EXACT, TCP_TIMERS_WHEEL } TcpTimers;
/* How the RTO follows from SRTT and RTTVAR. */
typedef enum TcpRtoRule {
    TCP_RTO_RFC6298,
    TCP_RTO_LINUX,
    TCP_RTO_JACOBSON
} TcpRtoRule;
/* What R2 is measured in (RFC 9293 s3.8.3). */
typedef enum TcpRetriesRule {
    TCP_RETRIES_TIME,
    TCP_RETRIES_COUNT
} TcpRetriesRule;
/* What makes an ACK due at once: see tcp_delack.c. */
typedef enum TcpAckUnit { TCP_ACK_BYTES, TCP_ACK_SEGMENTS } TcpAckUnit;
/* How long an ACK may wait: see tcp_delack.c. */
typedef enum TcpTimeWaitRule {
    TCP_TIME_WAIT_RFC9293,
    TCP_TIME_WAIT_LINUX,
    TCP_TIME_WAIT_FREEBSD
} TcpTimeWaitRule;
/* What a reset, or a SYN, in the window of an open connection does. */
typedef enum TcpBlindRule { TCP_BLIND_RFC5961, TCP_BLIND_RFC793 } TcpBlindRule;
typedef enum TcpSynFin {
    TCP_SYN_FIN_TAKEN,
    TCP_SYN_FIN_NO_LISTENER, /* a listener does not hear it */
    TCP_SYN_FIN_DROPPED
} TcpSynFin;
/* What the receive window follows from: see tcp_window.c. */
typedef enum TcpWindowRule {
    TCP_WINDOW_RFC9293,
    TCP_WINDOW_FREEBSD
} TcpWindowRule;
typedef enum TcpOptionOrder {
    TCP_OPTIONS_LINUX,
    TCP_OPTIONS_FREEBSD
} TcpOptionOrder;
typedef enum TcpDelackRule {
    TCP_DELACK_FIXED,
    TCP_DELACK_ADAPTIVE
} TcpDelackRule;

/* RFC 5482 s3.1: ENABLED, and CHANGEABLE. */
typedef enum TcpUserTimeoutOption {
    TCP_USER_TIMEOUT_NO,
    TCP_USER_TIMEOUT_TELL,
    TCP_USER_TIMEOUT_AGREE
} TcpUserTimeoutOption;

typedef struct TcpConfig {
    int profile; /* TcpProfile */

    int timers;       /* TcpTimers */
    SimTime jiffy;    /* of the wheel: 4 ms at HZ = 250 */
    bool clock_phase; /* each host's wheel has a random phase of its own */

    SimTime rto_initial, rto_min, rto_max;
    SimTime rto_slop; /* added to what the rule says */
    int rto_rule;     /* TcpRtoRule */
    /* the first, and the longest; 0: rto_initial, rto_max */
    SimTime syn_timeout, syn_timeout_max;
    uint32_t syn_retries, syn_linear_timeouts, synack_retries;
    SimTime open_timeout; /* connect() gives up after it; 0: never */
    SimTime user_timeout; /* 0: never */
    int user_timeout_option; /* TcpUserTimeoutOption */
    int retries_rule;     /* TcpRetriesRule */
    uint32_t retries2;    /* data: give up after so many time-outs */
    uint32_t orphan_retries;
    SimTime persist_first; /* 0: the RTO */
    SimTime persist_min, persist_max;

    uint32_t mss;              /* bytes; 0: from the MTU */
    bool path_mtu_discovery;   /* DF is set, RFC 1191 */
    uint32_t initial_window;   /* segments */
    uint32_t slow_start_step;  /* segments one ACK opens cwnd by; 0: no limit */
    uint32_t initial_ssthresh; /* segments; 0: none */
    int congestion;            /* TcpCongestion */
    int halve;                 /* TcpHalve */
    bool hystart;              /* CUBIC */
    int hystart_rounds;        /* TcpHyStartRounds */
    bool pacing;               /* see tcp_pacing.c */
    bool idle_restart; /* a rest of an RTO closes the window, RFC 5681 s4.1 */
    bool timestamps, sack, window_scaling, tail_loss_probe, nagle;
    bool rack, prr, frto, undo_dsack, undo_timestamps, limited_transmit;
    bool offload;           /* bursts, see tcp_burst.c and tcp_send.c */
    uint32_t burst_least;   /* segments of a burst, if there is text enough */
    uint32_t burst_share;   /* no burst waits that is this part of the window */
    bool cut_to_window;     /* see tcp_burst.c */
    bool fin_beyond_window; /* a FIN alone heeds no congestion window */
    uint64_t notsent_lowat; /* bytes; 0: no limit */
    uint64_t send_buffer, receive_buffer; /* bytes */
    uint64_t send_buffer_first;    /* with offload, bytes; 0: all of it */
    uint64_t receive_buffer_first; /* with window_grows, bytes; 0: all of it */
    bool wscale_from_buffer;       /* or: */
    uint32_t wscale;               /* shift that we offer */
    int window_rule;               /* TcpWindowRule */
    int option_order;              /* TcpOptionOrder */
    bool window_grows; /* the window opens as segments come, see tcp_window.c */

    int delayed_ack_rule; /* TcpDelackRule */
    SimTime delayed_ack;  /* fixed: the longest; adaptive: the least */
    uint32_t ack_every;   /* segments ... */
    int ack_unit;         /* TcpAckUnit: ... full ones, or of any length */
    uint32_t quick_acks;  /* immediate ACKs at the start */

    SimTime time_wait;
    int time_wait_rule;  /* TcpTimeWaitRule: what a segment does there */
    SimTime fin_timeout; /* FIN-WAIT-2 without a user; 0: for ever */
    bool answer_syn; /* a repeated SYN draws the SYN,ACK again, not an ACK */
    bool accept_repeats; /* what a repeated segment acknowledges counts */
    bool icmp_ends_open; /* unreachable ends connect() (RFC 5461 s4.1) */
    SimTime sack_delay;  /* of ACKs for what arrives beyond a hole; 0: none */
    bool fin_ack_now; /* a FIN is acknowledged at once, not by a delayed ACK */
    int reset_rule, syn_rule; /* TcpBlindRule */
    int syn_fin;              /* TcpSynFin: SYN and FIN in one segment */
    bool syn_ack_text;        /* text and FIN of a SYN,ACK are taken */
    bool syn_ack_echo;        /* one that echoes no SYN of ours is refused */
    bool reset_window;        /* a reset offers a window */
    bool sack_fin;            /* a SACK block counts the FIN */
    bool fin_with_acks;       /* an ACK in CLOSING repeats our FIN */
    bool icmp_hard;           /* protocol or port unreachable ends connect() */
    bool icmp_prohibited;     /* ... and so does "prohibited" */
    bool rfc1337;             /* a reset does not end TIME-WAIT */
    SimTime challenge_ack_interval; /* RFC 5961 s7: least time between two; 0:
                                       no limit */

    int ecn;                  /* TcpEcn */
    uint32_t ecn_syn_retries; /* SYNs sent again that still offer it */
    bool fast_open_client, fast_open_server;
    bool fast_open_client_cookie, fast_open_server_cookie; /* needed */
    bool fast_open_experiment;   /* a client tries option 254, too */
    uint32_t fast_open_pending;  /* of a listener; 0: its backlog */
    SimTime fast_open_refused;   /* a client does not ask again; 0: it does */
    SimTime fast_open_blackhole; /* 0: off */

    int syn_cookies;                /* TcpCookies */
    uint32_t backlog;               /* half-open connections of a listener */
    uint32_t port_first, port_last; /* ephemeral */
    bool tw_reuse; /* an ephemeral port in TIME-WAIT may be used again... */
    SimTime tw_reuse_delay; /* ... when it is older than this */
    SimTime keepalive_idle; /* 0: off */
    SimTime keepalive_interval;
    uint32_t keepalive_probes;

    /* For callers, no key: what makes Fast Open cookies, each key as two words,
     * little-endian; the second is still accepted.  None: the host's own. */
    uint64_t fast_open_keys[2][2];
    uint32_t fast_open_key_count;
    /* For callers, no key: the DSCP of what is sent, shifted by its two bits.
     */
    uint8_t tos;

    /* For tests, no key: every connection's ISS is `iss`.  (A SYN that takes
     * over a connection in TIME-WAIT still gets a larger one: RFC 9293 MAY-2.)
     */
    bool iss_fixed;
    uint32_t iss;
} TcpConfig;

extern const ConfigKey tcp_keys[];
/* The names of the profiles, in order, NULL-ended. */
extern const char *const tcp_profiles[];

/* The first time-out of a SYN and of a SYN,ACK ... */
static inline SimTime tcp_first_syn_timeout(const TcpConfig *config)
{
    return config->syn_timeout != 0 ? config->syn_timeout : config->rto_initial;
}

/* ... and the next one after WAIT; FIRST: WAIT was the first. */
static inline SimTime tcp_next_syn_timeout(const TcpConfig *config,
                                           SimTime wait, bool first)
{
    SimTime most = config->syn_timeout_max != 0 ? config->syn_timeout_max
                                                : config->rto_max;
    SimTime slop = config->rto_slop;
    /* What is added is not doubled; WAIT may be a limit that lies below it. */
    SimTime next = 2 * (first || wait < slop ? wait : wait - slop) + slop;

    return next < most ? next : most;
}

#endif
