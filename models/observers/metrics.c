/* metrics.c - the vocabulary of what is measured. */
#include "measure.h"

#include <string.h>

const MetricKey metric_keys[METRICS + 1] = {
    [METRIC_HANDSHAKE_LATENCY] = {"tcp.handshake.latency", QUANTITY_TIME,
                                  "From connect() to ESTABLISHED at the "
                                  "opener; handshakes that fail are "
                                  "counted apart.",
                                  "RFC 9293 s3.5"},
    [METRIC_HANDSHAKE_SYNS] = {"tcp.handshake.syns", QUANTITY_COUNT,
                               "SYNs sent for a handshake that succeeded.",
                               "RFC 9293 s3.5"},
    [METRIC_RETRANSMISSIONS] = {"tcp.retransmissions", QUANTITY_COUNT,
                                "Segments sent again in a run, for any reason.",
                                "RFC 9293 s3.8.1"},
    [METRIC_RETRANSMISSIONS_SYN] = {"tcp.retransmissions.syn", QUANTITY_COUNT,
                                    "SYNs sent again in a run.",
                                    "RFC 9293 s3.8.3"},
    [METRIC_RETRANSMISSIONS_SYN_ACK] =
        {"tcp.retransmissions.syn_ack", QUANTITY_COUNT,
         "SYN-ACKs sent again in a run, by the server's timer or because the "
         "SYN came again.",
         "RFC 9293 s3.8.3"},
    [METRIC_RETRANSMISSIONS_RTO] =
        {"tcp.retransmissions.rto", QUANTITY_COUNT,
         "Segments sent again in a run because the retransmission timer ran "
         "out.",
         "RFC 6298 s5"},
    [METRIC_RETRANSMISSIONS_PROBE] =
        {"tcp.retransmissions.probe", QUANTITY_COUNT,
         "Segments sent again in a run as a tail loss probe.", "RFC 8985 s7"},
    [METRIC_RETRANSMISSIONS_FAST] =
        {"tcp.retransmissions.fast", QUANTITY_COUNT,
         "Segments sent again in a run by fast retransmit and recovery.",
         "RFC 5681 s3.2"},
    [METRIC_RECOVERIES_FAST] =
        {"tcp.recoveries.fast", QUANTITY_COUNT,
         "Fast recoveries begun in a run, by duplicate ACKs, SACK or RACK.",
         "RFC 6675, RFC 8985"},
    [METRIC_RECOVERIES_TIMEOUT] = {"tcp.recoveries.timeout", QUANTITY_COUNT,
                                   "Retransmission time-outs in a run.",
                                   "RFC 6298 s5"},
    [METRIC_RECOVERIES_PROBE] =
        {"tcp.recoveries.probe", QUANTITY_COUNT,
         "Losses in a run that a tail loss probe made good.", "RFC 8985 s7.4"},
    [METRIC_RECOVERIES_ECN] = {"tcp.recoveries.ecn", QUANTITY_COUNT,
                               "Windows reduced in a run because of ECN marks.",
                               "RFC 3168 s6.1.2"},
    [METRIC_RECOVERIES_UNDONE] =
        {"tcp.recoveries.undone", QUANTITY_COUNT,
         "Recoveries in a run that turned out to be spurious and were undone.",
         "RFC 2883, RFC 3522, RFC 5682"},
    [METRIC_FAILURES_REFUSED] =
        {"tcp.failures.refused", QUANTITY_COUNT,
         "Connections in a run whose SYN was answered by a reset.",
         "RFC 9293 s3.10.7.3"},
    [METRIC_FAILURES_RESET] =
        {"tcp.failures.reset", QUANTITY_COUNT,
         "Ends of connections in a run that a reset has ended later.",
         "RFC 9293 s3.10.7.4"},
    [METRIC_FAILURES_TIMED_OUT] =
        {"tcp.failures.timed_out", QUANTITY_COUNT,
         "Ends of connections in a run that were given up after too many "
         "retransmissions.",
         "RFC 9293 s3.8.3"},
    [METRIC_FAILURES_UNREACHABLE] =
        {"tcp.failures.unreachable", QUANTITY_COUNT,
         "Ends of connections in a run for which there was no way: no route, "
         "no answer to ARP, or ICMP said so.",
         "RFC 1122 s4.2.3.9"},
    [METRIC_FAILURES_NO_PORT] =
        {"tcp.failures.no_port", QUANTITY_COUNT,
         "Connections in a run for which no local port was left: all that "
         "lead to that address and port are in use, or in TIME-WAIT.",
         "RFC 6056 s3.3; EADDRNOTAVAIL of connect(2)"},
    [METRIC_HANDSHAKE_UNFINISHED] =
        {"tcp.handshake.unfinished", QUANTITY_COUNT,
         "Openers still in SYN-SENT when the run or its measurement ended: "
         "neither samples nor failures of tcp.handshake.latency.",
         "RFC 9293 s3.3.2"},
    [METRIC_LATE_TIME_WAIT] =
        {"tcp.late.time_wait", QUANTITY_COUNT,
         "Segments in a run that came to a connection in TIME-WAIT, but for "
         "SYNs.",
         "RFC 9293 s3.6.1"},
    [METRIC_LATE_TAKEN] =
        {"tcp.late.taken", QUANTITY_BYTES,
         "Text in a run that TCP took for a connection's although an earlier "
         "one between the same ports had sent it.",
         "RFC 9293 s3.4.1, RFC 7323 s5.1"},
    [METRIC_TIME_WAIT_POPULATION] =
        {"tcp.time_wait.population", QUANTITY_COUNT,
         "Connections in TIME-WAIT on all hosts, weighted by time.",
         "RFC 9293 s3.6.1"},
    [METRIC_HALF_OPEN_POPULATION] =
        {"tcp.half_open.population", QUANTITY_COUNT,
         "Connections in SYN-RECEIVED on all hosts, weighted by time.",
         "RFC 9293 s3.3.2"},
    [METRIC_ESTABLISHED_POPULATION] =
        {"tcp.established.population", QUANTITY_COUNT,
         "Ends of connections in ESTABLISHED on all hosts, weighted by time.",
         "RFC 9293 s3.3.2"},
    [METRIC_DNS_LATENCY] =
        {"dns.lookup.latency", QUANTITY_TIME,
         "From the question at a client's stub resolver to its answer; "
         "look-ups that end without an address are counted apart.",
         "RFC 1034 s5.3.1"},
    [METRIC_DNS_RETRIES] = {"dns.retries", QUANTITY_COUNT,
                            "Queries asked again in a run after a time-out.",
                            "RFC 1035 s7.2"},
    [METRIC_DNS_NO_SUCH_NAME] =
        {"dns.failures.no_such_name", QUANTITY_COUNT,
         "Look-ups in a run of a name that does not exist, or has no address.",
         "RFC 2308 s2"},
    [METRIC_DNS_NO_ANSWER] =
        {"dns.failures.no_answer", QUANTITY_COUNT,
         "Look-ups in a run that nobody answered, or only with a failure.",
         "RFC 1035 s4.1.1"},
    [METRIC_HTTP_FIRST_BYTE] =
        {"http.first_byte", QUANTITY_TIME,
         "From the beginning of a request to the first byte of its response.",
         "RFC 9112 s2.1"},
    [METRIC_HTTP_RESPONSE] =
        {"http.response", QUANTITY_TIME,
         "From the beginning of a request to the last byte of its response; "
         "requests without a whole response are counted apart.",
         "RFC 9112 s6"},
    [METRIC_PAGE_FIRST_BYTE] = {"page.first_byte", QUANTITY_TIME,
                                "From Enter to the first byte of the page.",
                                ""},
    [METRIC_PAGE_FIRST_PAINT] =
        {"page.first_paint", QUANTITY_TIME,
         "From Enter to the first paint: the page and its style sheets are "
         "there.",
         ""},
    [METRIC_PAGE_UNFINISHED] =
        {"page.unfinished", QUANTITY_COUNT,
         "Pages under way when the run or its measurement ended: neither "
         "samples nor failures of page.complete.",
         ""},
    [METRIC_PAGE_COMPLETE] =
        {"page.complete", QUANTITY_TIME,
         "From Enter to the last part of the page; pages that fail are counted "
         "apart.",
         ""},
    [METRIC_WORK_UNFINISHED] =
        {"work.unfinished", QUANTITY_COUNT,
         "Items of workloads under way when the run or its measurement ended: "
         "neither samples nor failures of work.latency.",
         ""},
    [METRIC_WORK_LATENCY] =
        {"work.latency", QUANTITY_TIME,
         "From the arrival of a workload's item to its outcome; items that "
         "fail are counted apart.",
         ""},
    [METRIC_WORK_GOODPUT] =
        {"work.goodput", QUANTITY_RATE,
         "Bytes of a workload's item of kind send over the time from "
         "ESTABLISHED, at the sender, until the last one was read.",
         "RFC 2647 s3.17"},
    [METRIC_DATAGRAM_DELAY] =
        {"datagram.delay", QUANTITY_TIME,
         "One-way delay: from when a workload of kind datagram hands one to "
         "UDP until its receiver reads it; those dropped on the way are "
         "counted apart (one-way loss), a line's copies not at all.",
         "RFC 7679, RFC 7680"},
    [METRIC_ARP_FAILURES] = {"arp.failures", QUANTITY_COUNT,
                             "Addresses that nobody answered for in a run.",
                             "RFC 826"},
    [METRIC_QUEUE_DELAY] = {"link.queue.delay", QUANTITY_TIME,
                            "How long a packet waited for its line to be free.",
                            ""},
    [METRIC_PACKETS_SENT] = {"link.packets", QUANTITY_COUNT,
                             "Packets handed to a line in a run, on each line "
                             "again.",
                             ""},
    [METRIC_MARKS] = {"marks", QUANTITY_COUNT,
                      "Packets in a run that a long queue marked with CE.",
                      "RFC 3168 s5"},
    [METRIC_DROPS] = {"drops", QUANTITY_COUNT,
                      "Packets dropped in a run, for any reason.", ""},
    [METRIC_DROPS_LOST] = {"drops.lost", QUANTITY_COUNT,
                           "Packets lost on a line in a run.", ""},
    [METRIC_DROPS_BY_RULE] = {"drops.by_rule", QUANTITY_COUNT,
                              "Packets that a line's `drop` key named.", ""},
    [METRIC_DROPS_QUEUE] = {"drops.queue_full", QUANTITY_COUNT,
                            "Packets that found a line's queue full.", ""},
    [METRIC_DROPS_DAMAGED] =
        {"drops.check_sequence", QUANTITY_COUNT,
         "Frames whose check sequence did not match, in a run.",
         "IEEE 802.3 s3.2.9"},
    [METRIC_DROPS_BACKLOG] = {"drops.backlog", QUANTITY_COUNT,
                              "SYNs that found a listener's queue full.", ""},
    [METRIC_DROPS_NO_ROUTE] = {"drops.no_route", QUANTITY_COUNT,
                               "Packets that a node knew no way for.",
                               "RFC 1812 s5.2.7.1"},
    [METRIC_DROPS_OTHER] = {"drops.other", QUANTITY_COUNT,
                            "Packets dropped for one of the other reasons of "
                            "`firstbyte describe records`.",
                            ""},
    [METRIC_BIT_ERRORS] =
        {"signal.bit_errors", QUANTITY_COUNT,
         "Of each bit of a frame that was sent as a sampled waveform, as the "
         "line code has it (mlt3: five of 4B5B for four): 1 if it was read "
         "wrong, else 0, so that the mean is the bit error rate.",
         "Proakis, Digital Communications, s4.2"},
    [METRIC_FRAME_ERRORS] =
        {"signal.frame_errors", QUANTITY_COUNT,
         "Of each frame that was sent as a sampled waveform: 1 if it was not "
         "read whole, else 0, so that the mean is the frame error rate.",
         "IEEE 802.3 s3.4"},
    [METRICS] = {.name = NULL},
};

static const MetricId total_ids[] = {
    METRIC_RETRANSMISSIONS,
    METRIC_RETRANSMISSIONS_SYN,
    METRIC_RETRANSMISSIONS_SYN_ACK,
    METRIC_RETRANSMISSIONS_RTO,
    METRIC_RETRANSMISSIONS_PROBE,
    METRIC_RETRANSMISSIONS_FAST,
    METRIC_RECOVERIES_FAST,
    METRIC_RECOVERIES_TIMEOUT,
    METRIC_RECOVERIES_PROBE,
    METRIC_RECOVERIES_ECN,
    METRIC_RECOVERIES_UNDONE,
    METRIC_FAILURES_REFUSED,
    METRIC_FAILURES_RESET,
    METRIC_FAILURES_TIMED_OUT,
    METRIC_FAILURES_UNREACHABLE,
    METRIC_FAILURES_NO_PORT,
    METRIC_LATE_TIME_WAIT,
    METRIC_LATE_TAKEN,
    METRIC_HANDSHAKE_UNFINISHED,
    METRIC_PAGE_UNFINISHED,
    METRIC_WORK_UNFINISHED,
    METRIC_DNS_RETRIES,
    METRIC_DNS_NO_SUCH_NAME,
    METRIC_DNS_NO_ANSWER,
    METRIC_ARP_FAILURES,
    METRIC_PACKETS_SENT,
    METRIC_MARKS,
    METRIC_DROPS,
    METRIC_DROPS_LOST,
    METRIC_DROPS_BY_RULE,
    METRIC_DROPS_QUEUE,
    METRIC_DROPS_DAMAGED,
    METRIC_DROPS_BACKLOG,
    METRIC_DROPS_NO_ROUTE,
    METRIC_DROPS_OTHER,
};

MetricId metric_id(const char *name)
{
    for (MetricId id = 0; id < METRICS; id++)
        if (strcmp(metric_keys[id].name, name) == 0)
            return id;
    return METRIC_NONE;
}

bool metric_is_total(MetricId id)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(total_ids); i++)
        if (total_ids[i] == id)
            return true;
    return false;
}

MetricId metric_unfinished(MetricId id)
{
    switch ((int)id) {
    case METRIC_HANDSHAKE_LATENCY:
    case METRIC_HANDSHAKE_SYNS:
        return METRIC_HANDSHAKE_UNFINISHED;
    case METRIC_PAGE_FIRST_BYTE:
    case METRIC_PAGE_FIRST_PAINT:
    case METRIC_PAGE_COMPLETE:
        return METRIC_PAGE_UNFINISHED;
    /* What an item does is unfinished in one that is. */
    case METRIC_DNS_LATENCY:
    case METRIC_HTTP_FIRST_BYTE:
    case METRIC_HTTP_RESPONSE:
    case METRIC_WORK_LATENCY:
    case METRIC_WORK_GOODPUT:
        return METRIC_WORK_UNFINISHED;
    default:
        return METRIC_NONE;
    }
}

unsigned metric_of(MetricId id)
{
    if (id == METRIC_WORK_LATENCY || id == METRIC_WORK_GOODPUT ||
        id == METRIC_WORK_UNFINISHED)
        return METRIC_OF_WORKLOAD;
    if (id == METRIC_DATAGRAM_DELAY) /* one end reads, another loses it */
        return 0;
    if (id <= METRIC_ARP_FAILURES || id == METRIC_DROPS_BACKLOG ||
        id == METRIC_DROPS_NO_ROUTE)
        return METRIC_OF_NODE;
    if (id == METRIC_DROPS || id == METRIC_DROPS_OTHER)
        return METRIC_OF_LINE | METRIC_OF_NODE;
    return METRIC_OF_LINE;
}

Description *description_of_measures(void)
{
    static const char *const heads[] = {"metric", "of", "unit", NULL};
    static const char *const ofs[] = {
        [0] = "all",
        [METRIC_OF_LINE] = "all, (NODE -> NODE), (NODE -- NODE)",
        [METRIC_OF_NODE] = "all, (NODE)",
        [METRIC_OF_LINE | METRIC_OF_NODE] =
            "all, (NODE -> NODE), (NODE -- NODE), (NODE)",
        [METRIC_OF_WORKLOAD] = "all, (WORKLOAD)",
    };
    Description *description = description_new(heads);

    for (MetricId id = 0; id < METRICS; id++) {
        const MetricKey *key = &metric_keys[id];
        const char *cells[] = {key->name, ofs[metric_of(id)],
                               quantity_kind_name(key->unit)};

        description_add(description, cells, key->sentence, key->source);
    }
    return description;
}
