/* tcp_config.c - the keys of [tcp], their defaults in each profile, and where
 * the numbers come from.  .def is the column of `linux`; what another profile
 * has otherwise stands at the end of a key: RFC("1 s").
 *
 * linux: 6.18 with its defaults (net.ipv4.tcp_*), as measured.  rfc: what the
 * RFC named says, 9293 where several do.  freebsd: FreeBSD 14 with its defaults
 * (net.inet.tcp.*), without buffers that grow.  ns3: ns-3 3.37's attributes
 * (TcpSocket, TcpSocketBase), checked against runs of it.  inet: INET 4.5's
 * (Tcp.ned, TcpConnection.h, TcpBaseAlg.cc).  The last two take over timers and
 * sizes, not each branch of the other simulator's code. */
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
/* A time that is NEVER when it is 0. */
#define TIME_OR(never, name, linux_, low, high, text, ...)                     \
    KEY(name, TIME, linux_, low, high, never, text, __VA_ARGS__, )
#define COUNT(name, linux_, low, high, text, ...)                              \
    KEY(name, COUNT, linux_, low, high, NULL, text, __VA_ARGS__, )
/* A number that is WORD when it is 0. */
#define COUNT_OR(word, name, linux_, low, high, text, ...)                     \
    KEY(name, COUNT, linux_, low, high, word, text, __VA_ARGS__, )
#define BYTES(name, linux_, low, high, text, ...)                              \
    KEY(name, BYTES, linux_, low, high, NULL, text, __VA_ARGS__, )
#define BOOL(name, linux_, text, ...)                                          \
    KEY(name, BOOL, linux_, 0, 0, NULL, text, __VA_ARGS__, )
#define CHOICE(name, linux_, words, text, ...)                                 \
    KEY(name, CHOICE, linux_, 0, 0, words, text, __VA_ARGS__, )
/* What a profile has otherwise than linux. */
#define OTHERWISE(profile, value) .alternatives[(profile)-1] = value
#define RFC(value) OTHERWISE(TCP_PROFILE_RFC, value)
#define FREEBSD(value) OTHERWISE(TCP_PROFILE_FREEBSD, value)
#define NS3(value) OTHERWISE(TCP_PROFILE_NS3, value)
#define INET(value) OTHERWISE(TCP_PROFILE_INET, value)
#define SIMULATORS(value) NS3(value), INET(value)
#define OTHERS(value) RFC(value), FREEBSD(value), SIMULATORS(value)

const char *const tcp_profiles[] = {"linux", "rfc",  "freebsd",
                                    "ns3",   "inet", NULL};

const ConfigKey tcp_keys[] = {
    CHOICE(profile, "linux", "linux|rfc|freebsd|ns3|inet",
           "Which column of defaults holds for the keys not set by name.", "",
           RFC("rfc"), FREEBSD("freebsd"), NS3("ns3"), INET("inet")),

    CHOICE(timers, "wheel", "exact|wheel",
           "Whether deadlines are kept to the nanosecond, or rounded up by the "
           "kernel's timer wheel.",
           "Linux kernel/time/timer.c", OTHERS("exact")),
    TIME(jiffy, "4 ms", 1e-4, 0.1, "Step of the timer wheel.",
         "Linux, CONFIG_HZ = 250"),
    BOOL(clock_phase, "yes",
         "Each host's timer wheel begins at a random point of its steps.",
         "measured: first timers are spread over the wheel's step"),

    TIME(rto_initial, "1 s", 1e-3, 60,
         "Retransmission time-out before the first round-trip sample.",
         "RFC 6298 s2.1; FreeBSD rexmit_initial; INET TCP_TIMEOUT_SYN_REXMIT",
         INET("3 s")),
    TIME(rto_min, "200 ms", 1e-3, 60,
         "Least RTO (rfc6298, jacobson), or least of its variance term "
         "(linux).",
         "RFC 6298 s2.4; Linux tcp_rto_min_us; FreeBSD rexmit_min; ns-3 "
         "MinRto; INET MIN_REXMIT_TIMEOUT",
         RFC("1 s"), FREEBSD("30 ms"), SIMULATORS("1 s")),
    TIME(rto_max, "120 s", 1, 3600, "The RTO is not doubled beyond this.",
         "RFC 6298 s2.5: at least 60 s; Linux tcp_rto_max_ms; FreeBSD "
         "TCPTV_REXMTMAX; ns-3: measured; INET MAX_REXMIT_TIMEOUT",
         RFC("240 s"), FREEBSD("64 s"), NS3("60 s"), INET("240 s")),
    TIME(rto_slop, "0 s", 0, 10,
         "Added to every RTO, doubled or not, but the first of a SYN.",
         "FreeBSD rexmit_slop", FREEBSD("200 ms")),
    CHOICE(rto_rule, "linux", "rfc6298|linux|jacobson",
           "How the RTO follows from round-trip samples; jacobson: SRTT begins "
           "at 0 and RTTVAR at a quarter of rto_initial, both with gain 1/8, "
           "and the handshake is no sample.",
           "RFC 6298 s2; Linux tcp_rtt_estimator(); INET TcpBaseAlg.cc",
           RFC("rfc6298"), FREEBSD("rfc6298"), NS3("rfc6298"),
           INET("jacobson")),
    TIME_OR("rto", syn_timeout, "rto", 1e-3, 60,
            "First time-out of a SYN, and of a SYN,ACK; rto: rto_initial.",
            "RFC 6298 s2.1; ns-3 ConnTimeout", NS3("3 s")),
    TIME_OR("rto", syn_timeout_max, "rto", 1, 3600,
            "... which is not doubled beyond this; rto: rto_max.",
            "ns-3: no limit was seen; INET TCP_TIMEOUT_SYN_REXMIT_MAX",
            NS3("3600 s"), INET("240 s")),
    COUNT(
        syn_retries, "6", 1, 127,
        "SYNs sent again before connect() gives up; by linux, without those of "
        "syn_linear_timeouts.",
        "RFC 9293 MUST-23: at least 3 minutes; Linux tcp_syn_retries; FreeBSD "
        "TCP_MAXRXTSHIFT; ns-3 ConnCount, with the first; INET "
        "MAX_SYN_REXMIT_COUNT",
        RFC("7"), FREEBSD("12"), NS3("5"), INET("12")),
    COUNT(syn_linear_timeouts, "4", 0, 127,
          "SYN time-outs after the first that do not double.",
          "Linux tcp_syn_linear_timeouts", OTHERS("0")),
    COUNT(synack_retries, "5", 1, 127,
          "SYN,ACKs sent again before a half-open connection is forgotten.",
          "Linux tcp_synack_retries; FreeBSD syncache.rexmtlimit; INET "
          "MAX_SYN_REXMIT_COUNT",
          FREEBSD("3"), INET("12")),
    TIME_OR("never", open_timeout, "never", 1e-3, 3600,
            "connect() gives up after this time, whatever the count.",
            "FreeBSD keepinit; INET TCP_TIMEOUT_CONN_ESTAB", FREEBSD("75 s"),
            INET("75 s")),
    TIME_OR(
        "never", user_timeout, "never", 1e-3, 1e6,
        "Data that is not acknowledged ends the connection after this time, "
        "whatever retries2 says; keepalive and zero-window probes, too.",
        "RFC 9293 s3.8.3, RFC 5482; Linux TCP_USER_TIMEOUT"),
    CHOICE(user_timeout_option, "no", "no|tell|agree",
           "Whether the peer is told user_timeout, and whether what it tells "
           "of its own lengthens ours.",
           "RFC 5482 s3.1: ENABLED, CHANGEABLE"),
    CHOICE(retries_rule, "time", "time|count",
           "Whether retries2 and orphan_retries are the time that so many "
           "doublings of rto_min take, or a number of time-outs.",
           "RFC 9293 s3.8.3; Linux retransmits_timed_out(); ns-3: measured; "
           "FreeBSD tcp_timer.c; INET TcpBaseAlg.cc",
           FREEBSD("count"), SIMULATORS("count")),
    COUNT(retries2, "15", 1, 127,
          "Unacknowledged data ends a connection after so many time-outs "
          "(R2).",
          "RFC 9293 SHLD-11: at least 100 s; Linux tcp_retries2; FreeBSD "
          "TCP_MAXRXTSHIFT; ns-3 DataRetries; INET MAX_REXMIT_COUNT",
          RFC("6"), FREEBSD("12"), NS3("6"), INET("12")),
    COUNT(orphan_retries, "8", 1, 127,
          "The same for a connection that its user has closed.",
          "Linux tcp_orphan_retries: 0 means 8; elsewhere as retries2",
          RFC("6"), FREEBSD("12"), NS3("6"), INET("12")),
    TIME_OR("rto", persist_first, "rto", 1e-3, 60,
            "Wait before the first zero-window probe, doubled for each next.",
            "RFC 9293 SHLD-29; ns-3 PersistTimeout; INET TcpBaseAlg.cc",
            NS3("6 s"), INET("1.5 s")),
    TIME(persist_min, "0 s", 0, 60, "... which is never shorter than this.",
         "FreeBSD persmin; INET MIN_PERSIST_TIMEOUT", FREEBSD("5 s"),
         INET("5 s")),
    TIME(persist_max, "120 s", 1, 3600, "... nor longer than this.",
         "as rto_max; FreeBSD persmax; ns-3: measured; INET "
         "MAX_PERSIST_TIMEOUT",
         RFC("240 s"), FREEBSD("60 s"), SIMULATORS("60 s")),

    COUNT_OR("mtu", mss, "mtu", 88, 65495,
             "Largest segment that we announce, bytes; mtu: what fits into the "
             "line's.",
             "RFC 9293 s3.7.1; Linux TCP_MIN_MSS; ns-3 SegmentSize; INET mss",
             SIMULATORS("536")),
    BOOL(path_mtu_discovery, "yes",
         "Segments say that they may not be fragmented.",
         "RFC 1191 s3; Linux ip_no_pmtu_disc; FreeBSD path_mtu_discovery"),
    COUNT(initial_window, "10", 1, 1000, "First congestion window, segments.",
          "RFC 6928 s2; FreeBSD initcwnd_segments; ns-3 InitialCwnd; INET "
          "increasedIWEnabled = false",
          INET("1")),
    COUNT(
        slow_start_step, "0", 0, 1000,
        "Most segments by which one ACK opens the window in slow start; 0: as "
        "many as it acknowledges.",
        "RFC 5681 s3.1; Linux tcp_slow_start(); FreeBSD abc_l_var; INET "
        "TcpReno",
        RFC("1"), FREEBSD("2"), INET("1")),
    COUNT(initial_ssthresh, "0", 0, 1000000,
          "First slow start threshold, segments; 0: none.",
          "RFC 5681 s3.1: arbitrarily high"),
    CHOICE(congestion, "cubic", "newreno|cubic|bbr", "Congestion control.",
           "RFC 5681, RFC 9438, draft-ietf-ccwg-bbr-06; Linux "
           "tcp_congestion_control; FreeBSD cc; ns-3 "
           "TcpL4Protocol; INET tcpAlgorithmClass = TcpReno",
           RFC("newreno"), INET("newreno")),
    CHOICE(halve, "window", "flight|window",
           "What newreno halves at a loss: what is in flight, or the window.",
           "RFC 5681 s3.1 (4); Linux tcp_reno_ssthresh(); INET "
           "TcpTahoeRenoFamily",
           RFC("flight"), INET("flight")),
    BOOL(hystart, "yes",
         "CUBIC leaves slow start when ACKs say that the path is full.",
         "RFC 9438 s4.10; Linux hystart; ns-3 HyStart"),
    CHOICE(hystart_rounds, "all", "all|large",
           "Round trips that HyStart counts: all, or those that begin while "
           "the window has 16 segments.",
           "Linux since 6.13: all; 5.15 to 6.12: large"),
    BOOL(pacing, "no",
         "Bursts leave spread over the round trip, whatever the congestion "
         "control; some algorithms do so by themselves.",
         "Linux with the queueing discipline fq"),
    BOOL(idle_restart, "yes",
         "A rest longer than the RTO closes the window, by half for each RTO "
         "and not below the first window.",
         "RFC 5681 s4.1, RFC 2861; Linux tcp_slow_start_after_idle; ns-3: "
         "measured",
         NS3("no")),
    BOOL(timestamps, "yes", "Offer timestamps.", "RFC 7323 s3; INET Tcp.ned",
         INET("no")),
    BOOL(sack, "yes", "Offer selective acknowledgment.",
         "RFC 2018; INET Tcp.ned", INET("no")),
    BOOL(window_scaling, "yes", "Offer window scaling.",
         "RFC 7323 s2; INET Tcp.ned", INET("no")),
    BOOL(tail_loss_probe, "yes",
         "Probe the end of a flight after two round trips.",
         "RFC 8985 s7; Linux tcp_early_retrans", OTHERS("no")),
    BOOL(rack, "yes",
         "Tell losses from time, and learn how much the network reorders; "
         "otherwise from the number of segments reported beyond.",
         "RFC 8985; RFC 6675, RFC 6582", OTHERS("no")),
    BOOL(prr, "yes",
         "A reduced window is reached in step with what arrives; otherwise at "
         "once.",
         "RFC 6937; RFC 6675 s5; FreeBSD do_prr; ns-3 RecoveryType", RFC("no"),
         INET("no")),
    BOOL(limited_transmit, "yes",
         "What is reported out of order lets new segments out before recovery "
         "begins.",
         "RFC 3042; INET limitedTransmitEnabled", INET("no")),
    BOOL(frto, "yes", "Find out whether a time-out was spurious.", "RFC 5682",
         OTHERS("no")),
    BOOL(undo_dsack, "yes",
         "Take a reduction back when all that was sent again was reported as "
         "duplicates.",
         "RFC 3708; Linux tcp_try_undo_dsack()", OTHERS("no")),
    BOOL(undo_timestamps, "yes",
         "Take a reduction back when timestamps show that nothing was lost.",
         "RFC 3522, RFC 4015; Linux tcp_packet_delayed()", OTHERS("no")),
    BOOL(nagle, "yes",
         "Hold a small segment while another small one is unacknowledged.",
         "RFC 9293 SHLD-7, in Minshall's form (draft-minshall-nagle-01); ns-3 "
         "TcpNoDelay",
         NS3("no")),
    BOOL(offload, "yes",
         "Text leaves in bursts of what is sent in a millisecond, as through a "
         "device that cuts them into segments; PSH is on the last of each. "
         "Otherwise a segment at a time, with PSH at the end of each write.",
         "Linux tcp_write_xmit(), tcp_sendmsg_locked(); measured: linux traces",
         OTHERS("no")),
    COUNT(burst_least, "2", 1, 64,
          "offload: a burst may have so many segments however slow the path.",
          "Linux tcp_min_tso_segs"),
    COUNT(burst_share, "3", 1, 1000,
          "offload: a burst of this part of the window does not wait for more.",
          "Linux tcp_tso_win_divisor"),
    BOOL(cut_to_window, "no",
         "A segment is cut to what fits the peer's window, when that is half "
         "the largest window; otherwise it waits, and half the largest window "
         "bounds the MSS.",
         "RFC 9293 s3.8.6.2.1, MUST-38; Linux tcp_bound_to_half_wnd()",
         OTHERS("yes")),
    BOOL(fin_beyond_window, "no",
         "A FIN without text goes even when the congestion window is full.",
         "Linux tcp_cwnd_test() of old; 6.18 was seen to wait"),
    BYTES(notsent_lowat, "0 B", 0, 1073741824.0,
          "offload: no new piece is taken from the user while so much is not "
          "sent; 0: only the send buffer counts.",
          "Linux tcp_notsent_lowat"),
    BYTES(send_buffer, "4 MiB", 1, 1073741824.0,
          "What a user may have written and not acknowledged.",
          "Linux tcp_wmem, largest; FreeBSD sendbuf_max; ns-3 SndBufSize; INET "
          "has no limit",
          FREEBSD("2 MiB"), NS3("128 KiB"), INET("1 GiB")),
    BYTES(send_buffer_first, "16 KiB", 0, 1073741824.0,
          "offload: the send buffer at the beginning; it grows to hold two "
          "windows; 0: all of it, and it stays so.",
          "Linux tcp_wmem, default; tcp_sndbuf_expand()"),
    BYTES(receive_buffer, "32 MiB", 1, 1073741824.0,
          "What may wait for the user to read it; the window is at most this.",
          "Linux tcp_rmem, largest, on the machine measured; FreeBSD "
          "recvspace; ns-3 RcvBufSize; INET advertisedWindow, 14 segments",
          FREEBSD("64 KiB"), NS3("128 KiB"), INET("7504 B")),
    BYTES(
        receive_buffer_first, "128 KiB", 0, 1073741824.0,
        "window_grows: the receive buffer at the beginning; 0: all of it, and "
        "it stays so.",
        "Linux tcp_rmem, default"),
    BOOL(wscale_from_buffer, "yes",
         "The shift of our windows is the least that lets them cover the "
         "receive buffer, otherwise wscale.",
         "Linux tcp_select_initial_window()", OTHERS("no")),
    COUNT(wscale, "10", 0, 14, "Shift of the windows that we announce.",
          "RFC 7323 s2.2; Linux, for 32 MiB; FreeBSD, for maxsockbuf = 2 MiB; "
          "ns-3, for 128 KiB",
          FREEBSD("6"), NS3("2"), INET("0")),

    BOOL(window_grows, "yes",
         "The receive window begins at 64 KiB and opens as segments come and "
         "are "
         "read; otherwise it is the buffer at once.",
         "Linux tcp_grow_window(), tcp_rcv_space_adjust()", OTHERS("no")),

    CHOICE(window_rule, "rfc9293", "rfc9293|freebsd",
           "What the window follows from. freebsd: the buffer is rounded up to "
           "whole segments; what is out of order takes no room in it; what "
           "there is room for is taken, even beyond the window told; an update "
           "is due when two segments and a quarter of the buffer are free.",
           "RFC 9293 s3.8.6; FreeBSD tcp_mss(), tcp_output()",
           FREEBSD("freebsd")),
    CHOICE(option_order, "linux", "linux|freebsd",
           "Order and padding of a segment's options.",
           "Linux tcp_options_write(); FreeBSD tcp_addoptions()",
           FREEBSD("freebsd")),

    CHOICE(delayed_ack_rule, "adaptive", "fixed|adaptive",
           "Whether the delay of ACKs follows the traffic.",
           "RFC 9293 s3.8.6.3; Linux tcp_send_delayed_ack()", OTHERS("fixed")),
    TIME(delayed_ack, "40 ms", 0.001, 0.499,
         "Delay of an ACK: the longest (fixed), or the least (adaptive).",
         "RFC 9293 MUST-40; Linux TCP_DELACK_MIN; FreeBSD delacktime; ns-3 "
         "DelAckTimeout",
         RFC("200 ms"), SIMULATORS("200 ms")),
    COUNT(ack_every, "2", 1, 255, "An ACK for at least every so many segments.",
          "RFC 9293 SHLD-19; ns-3 DelAckCount; INET delayedAcksEnabled = false",
          INET("1")),
    CHOICE(ack_unit, "bytes", "bytes|segments",
           "ack_every counts full segments, by their bytes, or segments of any "
           "length.",
           "RFC 5681 s4.2; FreeBSD DELAY_ACK(); ns-3: measured",
           FREEBSD("segments"), NS3("segments")),
    COUNT(quick_acks, "16", 0, 255,
          "Most ACKs sent at once at the start of a connection.",
          "Linux TCP_MAX_QUICKACKS", OTHERS("0")),
    TIME(sack_delay, "1 ms", 0, 0.1,
         "How long at most, and not beyond 5 % of the round trip, further "
         "duplicate ACKs wait so that one reports for several; 0: never.",
         "Linux tcp_comp_sack_delay_ns", OTHERS("0 s")),
    BOOL(fin_ack_now, "no",
         "A FIN is acknowledged at once; otherwise by a delayed ACK, so that "
         "the "
         "user's own FIN may ride on it.",
         "measured: linux traces 18, 30, 31", OTHERS("yes")),

    TIME(time_wait, "60 s", 0, 7200,
         "How long TIME-WAIT lasts: two maximum segment lifetimes.",
         "RFC 9293 s3.4.2, MSL = 2 min; Linux TCP_TIMEWAIT_LEN; FreeBSD msl = "
         "30 s; ns-3 MaxSegLifetime, INET msl = 120 s",
         RFC("240 s"), SIMULATORS("240 s")),
    CHOICE(
        time_wait_rule, "linux", "rfc9293|linux|freebsd",
        "What starts TIME-WAIT again: only the peer's FIN, or whatever shows "
        "that it is still there; text and resets are also treated as "
        "the one or the other does.",
        "RFC 9293 s3.10.7.4; measured: linux states, time_wait_injection; "
        "FreeBSD tcp_twcheck()",
        RFC("rfc9293"), FREEBSD("freebsd"), SIMULATORS("rfc9293")),
    TIME_OR("never", fin_timeout, "60 s", 0.001, 7200,
            "How long FIN-WAIT-2 lasts without a user.",
            "Linux tcp_fin_timeout; FreeBSD finwait2_timeout; ns-3: measured; "
            "INET TCP_TIMEOUT_FIN_WAIT_2",
            NS3("never"), INET("600 s")),
    BOOL(answer_syn, "yes",
         "A SYN that comes again draws the SYN,ACK again and restarts its "
         "timer; "
         "otherwise an ACK.",
         "RFC 9293 s3.10.7.4 first; Linux tcp_check_req(); FreeBSD "
         "syncache_add(); ns-3: measured",
         RFC("no"), INET("no")),
    BOOL(accept_repeats, "yes",
         "What a repeated segment acknowledges counts, and its timestamp, when "
         "it "
         "ends where the last ACK did; otherwise it only draws an ACK.",
         "RFC 9293 s3.10.7.4 first; Linux tcp_sequence(); measured: linux "
         "traces 18 and 20; FreeBSD tcp_do_segment()",
         RFC("no"), SIMULATORS("no")),
    CHOICE(reset_rule, "rfc5961", "rfc5961|rfc793",
           "Which resets are believed: those at RCV.NXT (others in the window "
           "draw a challenge ACK), or all in the window.",
           "RFC 5961 s3.2; FreeBSD insecure_rst", SIMULATORS("rfc793")),
    CHOICE(syn_rule, "rfc5961", "rfc5961|rfc793",
           "What a SYN in the window of an open connection does: it draws a "
           "challenge ACK, or a reset that ends the connection.",
           "RFC 5961 s4.2; FreeBSD insecure_syn", SIMULATORS("rfc793")),
    CHOICE(syn_fin, "no-listener", "taken|no-listener|dropped",
           "A segment with SYN and FIN is taken for its SYN, or not by a "
           "listener, or by nobody.",
           "Linux tcp_rcv_state_process(); FreeBSD drop_synfin",
           OTHERS("taken")),
    BOOL(reset_window, "yes",
         "A reset offers the window that an ACK would; otherwise 0.",
         "Linux tcp_send_active_reset(); FreeBSD tcp_output()", OTHERS("no")),
    BOOL(sack_fin, "yes", "SACK blocks count a FIN as a byte.",
         "Linux tcp_data_queue_ofo(); FreeBSD tcp_update_sack_list()",
         FREEBSD("no")),
    BOOL(fin_with_acks, "no", "An ACK in CLOSING carries our FIN again.",
         "FreeBSD tcp_output(), tcp_outflags[]", FREEBSD("yes")),
    BOOL(icmp_ends_open, "yes",
         "An unreachable network or host ends connect() at once.",
         "RFC 9293 MUST-56; RFC 5461 s4.1, Linux", OTHERS("no")),
    BOOL(syn_ack_text, "no",
         "Text and FIN that come with a SYN,ACK are taken, and text that comes "
         "with a SYN that meets ours, not only with Fast Open.",
         "RFC 9293 s3.10.7.3, fourth; Linux tcp_rcv_synsent_state_process()",
         RFC("yes"), FREEBSD("yes")),
    BOOL(syn_ack_echo, "yes",
         "A SYN,ACK whose timestamp echoes no SYN of ours is answered with a "
         "reset.",
         "Linux tcp_rcv_synsent_state_process()", OTHERS("no")),
    BOOL(icmp_hard, "yes",
         "An unreachable protocol or port ends connect() at once.",
         "RFC 9293 SHLD-26; FreeBSD icmp_may_rst"),
    BOOL(icmp_prohibited, "no",
         "So does an administrative prohibition (codes 9, 10 and 13).",
         "RFC 1812 s5.2.7.1; FreeBSD icmp_input()", FREEBSD("yes")),
    BOOL(rfc1337, "no", "A reset does not end TIME-WAIT.",
         "RFC 1337; Linux tcp_rfc1337"),
    TIME(challenge_ack_interval, "500 ms", 0, 60,
         "Least time between two challenge ACKs; 0: no limit.",
         "RFC 5961 s7; Linux tcp_invalid_ratelimit", OTHERS("0 s")),

    CHOICE(ecn, "accept", "no|accept|offer",
           "Explicit congestion notification: never, when the peer offers it, "
           "or always.",
           "RFC 3168 s6.1; Linux tcp_ecn: 0, 2, 1; FreeBSD ecn.enable",
           SIMULATORS("no")),
    COUNT(ecn_syn_retries, "0", 0, 127, "SYNs sent again that still offer it.",
          "RFC 3168 s6.1.1.1; Linux tcp_ecn_fallback; FreeBSD ecn.maxretries",
          FREEBSD("1")),

    BOOL(fast_open_client, "yes",
         "connect() with text sends it in the SYN when a cookie of the server "
         "is known, or asks for one.",
         "RFC 7413 s4.2.1; Linux tcp_fastopen, bit 1"),
    BOOL(fast_open_server, "no",
         "Listeners give cookies, and take the text of a SYN with a good one.",
         "RFC 7413 s4.2.2; Linux tcp_fastopen, bit 2"),
    BOOL(fast_open_client_cookie, "yes",
         "A SYN carries text only with a cookie.",
         "RFC 7413 s4.1; Linux tcp_fastopen, bit 4"),
    BOOL(fast_open_server_cookie, "yes",
         "The text of a SYN is taken only with a good cookie.",
         "RFC 7413 s4.1; Linux tcp_fastopen, bit 0x200"),
    BOOL(fast_open_experiment, "yes",
         "A server that gave no cookie is asked once more with the "
         "experimental option.",
         "RFC 7413 s4.1.1, note; Linux tcp_rcv_fastopen_synack()", RFC("no")),
    KEY(fast_open_pending, COUNT, "backlog", 0, 1000000000, "backlog",
        "Connections of a listener that were opened by a SYN and wait for the "
        "end of the handshake.",
        "RFC 7413 s5.1; Linux TCP_FASTOPEN"),
    KEY(fast_open_refused, TIME, "off", 0, 32767, "off",
        "How long a server that gave no cookie, and took no text, is not asked "
        "again.",
        "RFC 7413 s4.1.3.1; FreeBSD fastopen.path_disable_time",
        FREEBSD("900 s")),
    KEY(fast_open_blackhole, TIME, "off", 0, 32767, "off",
        "How long connect() goes without Fast Open after three time-outs in a "
        "row of a connection with it; doubled each time.",
        "Linux tcp_fastopen_blackhole_timeout_sec"),

    CHOICE(syn_cookies, "when_full", "no|when_full|always",
           "A SYN is answered and forgotten, what has to be known of it comes "
           "back in the ACK: never, when the backlog is full, or always.",
           "RFC 4987 s3.6; Linux tcp_syncookies; FreeBSD syncookies", RFC("no"),
           SIMULATORS("no")),
    COUNT(backlog, "4096", 1, 1000000000,
          "Half-open connections of a listener.", "Linux somaxconn"),
    COUNT(port_first, "32768", 1, 65535, "First ephemeral port.",
          "RFC 6335 s6; Linux ip_local_port_range; FreeBSD "
          "portrange.first; ns-3 Ipv4EndPointDemux; INET "
          "EPHEMERAL_PORTRANGE_START",
          RFC("49152"), FREEBSD("10000"), NS3("49152"), INET("1024")),
    COUNT(port_last, "60999", 1, 65535, "Last ephemeral port.", "as port_first",
          RFC("65535"), FREEBSD("65535"), NS3("65535"), INET("5000")),
    BOOL(tw_reuse, "no",
         "connect() may take a port that is in TIME-WAIT with the same peer.",
         "Linux tcp_tw_reuse (2: loopback only)"),
    TIME(tw_reuse_delay, "1 s", 0, 60, "... when TIME-WAIT is that old.",
         "Linux tcp_tw_reuse_delay"),
    TIME(keepalive_idle, "0 s", 0, 32767,
         "Idle time before keepalive probes; 0: off.",
         "RFC 9293 MUST-25, MUST-27, MUST-28; FreeBSD always_keepalive, "
         "keepidle",
         FREEBSD("2 h")),
    TIME(keepalive_interval, "75 s", 0.001, 32767,
         "Time between keepalive probes.", "Linux tcp_keepalive_intvl"),
    COUNT(keepalive_probes, "9", 1, 127,
          "Unanswered keepalive probes that end a connection.",
          "Linux tcp_keepalive_probes; FreeBSD keepcnt", FREEBSD("8")),
    {.key = NULL},
};
