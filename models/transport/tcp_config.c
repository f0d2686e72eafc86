/* tcp_config.c - the keys of [tcp], their defaults in each profile, and where
 * the numbers come from.  .def is the column of `linux`; what another profile
 * has otherwise stands at the end of a key: RFC("1 s").
 *
 * "Linux" is 6.18 with its defaults (net.ipv4.tcp_*), as measured; 9293 etc.
 * are RFCs. */
#include "tcp_config.h"

#define KEY(name, kind, linux_, low, high, words, text, from, ...)             \
    {                                                                          \
        .key = #name, .type = CONFIG_##kind,                                   \
        .offset = offsetof(TcpConfig, name), .def = linux_, .min = low,        \
        .max = high, .choices = words, .sentence = text, .source = from,       \
        __VA_ARGS__                                                            \
    }
#define TIME(name, linux_, low, high, text, ...)                               \
    KEY(name, TIME, linux_, low, high, NULL, text, __VA_ARGS__, )
#define COUNT(name, linux_, low, high, text, ...)                              \
    KEY(name, COUNT, linux_, low, high, NULL, text, __VA_ARGS__, )
#define BYTES(name, linux_, low, high, text, ...)                              \
    KEY(name, BYTES, linux_, low, high, NULL, text, __VA_ARGS__, )
#define BOOL(name, linux_, text, ...)                                          \
    KEY(name, BOOL, linux_, 0, 0, NULL, text, __VA_ARGS__, )
#define CHOICE(name, linux_, words, text, ...)                                 \
    KEY(name, CHOICE, linux_, 0, 0, words, text, __VA_ARGS__, )
/* What a profile has otherwise than linux. */
#define OTHERWISE(profile, value) .alternatives[(profile)-1] = value
#define RFC(value) OTHERWISE(TCP_PROFILE_RFC, value)

const ConfigKey tcp_keys[] = {
    CHOICE(profile, "linux", "linux|rfc",
           "Which column of defaults holds for the keys not set by name.", "",
           RFC("rfc")),

    CHOICE(timers, "wheel", "exact|wheel",
           "Whether deadlines are kept to the nanosecond, or rounded up by the "
           "kernel's timer wheel.",
           "Linux kernel/time/timer.c", RFC("exact")),
    TIME(jiffy, "4 ms", 1e-4, 0.1, "Step of the timer wheel.",
         "Linux, CONFIG_HZ = 250"),
    BOOL(clock_phase, "yes",
         "Each host's timer wheel begins at a random point of its steps.",
         "measured: first timers are spread over the wheel's step"),

    TIME(rto_initial, "1 s", 1e-3, 60,
         "Retransmission time-out before the first round-trip sample.",
         "RFC 6298 s2.1"),
    TIME(rto_min, "200 ms", 1e-3, 60,
         "Least RTO (rfc6298), or least of its variance term (linux).",
         "RFC 6298 s2.4; Linux tcp_rto_min_us", RFC("1 s")),
    TIME(rto_max, "120 s", 1, 3600, "The RTO is not doubled beyond this.",
         "RFC 6298 s2.5: at least 60 s; Linux tcp_rto_max_ms", RFC("240 s")),
    CHOICE(rto_rule, "linux", "rfc6298|linux",
           "How the RTO follows from round-trip samples.",
           "RFC 6298 s2; Linux tcp_rtt_estimator()", RFC("rfc6298")),
    COUNT(
        syn_retries, "6", 1, 127,
        "SYNs sent again before connect() gives up; by linux, without those of "
        "syn_linear_timeouts.",
        "RFC 9293 MUST-23: at least 3 minutes; Linux tcp_syn_retries",
        RFC("7")),
    COUNT(syn_linear_timeouts, "4", 0, 127,
          "SYN time-outs after the first that do not double.",
          "Linux tcp_syn_linear_timeouts", RFC("0")),
    COUNT(synack_retries, "5", 1, 127,
          "SYN,ACKs sent again before a half-open connection is forgotten.",
          "Linux tcp_synack_retries"),
    COUNT(retries2, "15", 1, 127,
          "Unacknowledged data ends a connection after the time that so many "
          "doublings of rto_min take (R2).",
          "RFC 9293 SHLD-11: at least 100 s; Linux tcp_retries2", RFC("6")),
    COUNT(orphan_retries, "8", 1, 127,
          "The same for a connection that its user has closed.",
          "Linux tcp_orphan_retries: 0 means 8", RFC("6")),

    COUNT(mss, "0", 0, 65495,
          "Largest segment that we announce, bytes; 0: from the MTU.",
          "RFC 9293 s3.7.1"),
    COUNT(initial_window, "10", 1, 1000, "First congestion window, segments.",
          "RFC 6928 s2"),
    COUNT(
        slow_start_step, "0", 0, 1000,
        "Most segments by which one ACK opens the window in slow start; 0: as "
        "many as it acknowledges.",
        "RFC 5681 s3.1; Linux tcp_slow_start()", RFC("1")),
    COUNT(initial_ssthresh, "0", 0, 1000000,
          "First slow start threshold, segments; 0: none.",
          "RFC 5681 s3.1: arbitrarily high"),
    CHOICE(congestion, "cubic", "newreno|cubic", "Congestion control.",
           "RFC 5681, RFC 9438; Linux tcp_congestion_control", RFC("newreno")),
    CHOICE(halve, "window", "flight|window",
           "What newreno halves at a loss: what is in flight, or the window.",
           "RFC 5681 s3.1 (4); Linux tcp_reno_ssthresh()", RFC("flight")),
    BOOL(hystart, "yes",
         "CUBIC leaves slow start when ACKs say that the path is full.",
         "RFC 9438 s4.10; Linux hystart"),
    BOOL(idle_restart, "yes",
         "A rest longer than the RTO closes the window, by half for each RTO "
         "and not below the first window.",
         "RFC 5681 s4.1, RFC 2861; Linux tcp_slow_start_after_idle"),
    BOOL(timestamps, "yes", "Offer timestamps.", "RFC 7323 s3"),
    BOOL(sack, "yes", "Offer selective acknowledgment.", "RFC 2018"),
    BOOL(window_scaling, "yes", "Offer window scaling.", "RFC 7323 s2"),
    BOOL(tail_loss_probe, "yes",
         "Probe the end of a flight after two round trips.",
         "RFC 8985 s7; Linux tcp_early_retrans", RFC("no")),
    BOOL(nagle, "yes",
         "Hold a small segment while another small one is unacknowledged.",
         "RFC 9293 SHLD-7, in Minshall's form (draft-minshall-nagle-01)"),
    BYTES(send_buffer, "4 MiB", 1, 1073741824.0,
          "What a user may have written and not acknowledged.",
          "Linux tcp_wmem, largest"),
    BYTES(receive_buffer, "32 MiB", 1, 1073741824.0,
          "What may wait for the user to read it; the window is at most this.",
          "Linux tcp_rmem, largest, on the machine measured"),
    COUNT(wscale, "10", 0, 14, "Shift of the windows that we announce.",
          "RFC 7323 s2.2; Linux, for 32 MiB"),

    BOOL(window_grows, "yes",
         "The receive window begins at 64 KiB and opens as segments come and "
         "are "
         "read; otherwise it is the buffer at once.",
         "Linux tcp_grow_window(), tcp_rcv_space_adjust()", RFC("no")),

    CHOICE(delayed_ack_rule, "adaptive", "fixed|adaptive",
           "Whether the delay of ACKs follows the traffic.",
           "RFC 9293 s3.8.6.3; Linux tcp_send_delayed_ack()", RFC("fixed")),
    TIME(delayed_ack, "40 ms", 0.001, 0.499,
         "Delay of an ACK: the longest (fixed), or the least (adaptive).",
         "RFC 9293 MUST-40; Linux TCP_DELACK_MIN", RFC("200 ms")),
    COUNT(ack_every, "2", 1, 255,
          "An ACK for at least every so many full segments.",
          "RFC 9293 SHLD-19"),
    COUNT(quick_acks, "16", 0, 255,
          "Most ACKs sent at once at the start of a connection.",
          "Linux TCP_MAX_QUICKACKS", RFC("0")),
    BOOL(fin_ack_now, "no",
         "A FIN is acknowledged at once; otherwise by a delayed ACK, so that "
         "the "
         "user's own FIN may ride on it.",
         "measured: linux traces 18, 30, 31", RFC("yes")),

    TIME(time_wait, "60 s", 0, 7200,
         "How long TIME-WAIT lasts: two maximum segment lifetimes.",
         "RFC 9293 s3.4.2, MSL = 2 min; Linux TCP_TIMEWAIT_LEN", RFC("240 s")),
    CHOICE(
        time_wait_rule, "linux", "rfc9293|linux",
        "What starts TIME-WAIT again: only the peer's FIN, or whatever shows "
        "that it is still there; text and inexact resets are also treated as "
        "the one or the other does.",
        "RFC 9293 s3.10.7.4; measured: linux states, time_wait_injection",
        RFC("rfc9293")),
    TIME(fin_timeout, "60 s", 0.001, 7200,
         "How long FIN-WAIT-2 lasts without a user.", "Linux tcp_fin_timeout"),
    BOOL(answer_syn, "yes",
         "A SYN that comes again draws the SYN,ACK again and restarts its "
         "timer; "
         "otherwise an ACK.",
         "RFC 9293 s3.10.7.4 first; Linux tcp_check_req()", RFC("no")),
    BOOL(accept_repeats, "yes",
         "What a repeated segment acknowledges counts, and its timestamp, when "
         "it "
         "ends where the last ACK did; otherwise it only draws an ACK.",
         "RFC 9293 s3.10.7.4 first; Linux tcp_sequence(); measured: linux "
         "traces "
         "18 and 20",
         RFC("no")),
    BOOL(icmp_ends_open, "yes",
         "An unreachable network or host ends connect() at once.",
         "RFC 9293 MUST-56; RFC 5461 s4.1, Linux", RFC("no")),
    BOOL(rfc1337, "no", "A reset does not end TIME-WAIT.",
         "RFC 1337; Linux tcp_rfc1337"),
    TIME(challenge_ack_interval, "500 ms", 0, 60,
         "Least time between two challenge ACKs; 0: no limit.",
         "RFC 5961 s7; Linux tcp_invalid_ratelimit", RFC("0 s")),

    COUNT(backlog, "4096", 1, 1000000000,
          "Half-open connections of a listener.", "Linux somaxconn"),
    COUNT(port_first, "32768", 1, 65535, "First ephemeral port.",
          "RFC 6335 s6; Linux ip_local_port_range", RFC("49152")),
    COUNT(port_last, "60999", 1, 65535, "Last ephemeral port.",
          "RFC 6335 s6; Linux ip_local_port_range", RFC("65535")),
    BOOL(tw_reuse, "no",
         "connect() may take a port that is in TIME-WAIT with the same peer.",
         "Linux tcp_tw_reuse (2: loopback only)"),
    TIME(tw_reuse_delay, "1 s", 0, 60, "... when TIME-WAIT is that old.",
         "Linux tcp_tw_reuse_delay"),
    TIME(keepalive_idle, "0 s", 0, 32767,
         "Idle time before keepalive probes; 0: off.",
         "RFC 9293 MUST-25, MUST-28"),
    TIME(keepalive_interval, "75 s", 0.001, 32767,
         "Time between keepalive probes.", "Linux tcp_keepalive_intvl"),
    COUNT(keepalive_probes, "9", 1, 127,
          "Unanswered keepalive probes that end a connection.",
          "Linux tcp_keepalive_probes"),
    {.key = NULL},
};
