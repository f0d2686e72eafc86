/* measure.c - the vocabulary of metrics, and who adds what to which. */
#include "measure.h"

#include <string.h>

#include "models/app/dns.h"
#include "models/transport/tcp.h"

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
    [METRIC_PAGE_COMPLETE] =
        {"page.complete", QUANTITY_TIME,
         "From Enter to the last part of the page; pages that fail are counted "
         "apart.",
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
    [METRIC_DROPS_OTHER] = {"drops.other", QUANTITY_COUNT,
                            "Packets dropped for one of the other reasons of "
                            "`firstbyte describe records`.",
                            ""},
    [METRICS] = {.name = NULL},
};

/* Totals of a run: one sample each, added when it is over. */
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
    METRIC_LATE_TIME_WAIT,
    METRIC_LATE_TAKEN,
    METRIC_DNS_RETRIES,
    METRIC_ARP_FAILURES,
    METRIC_PACKETS_SENT,
    METRIC_MARKS,
    METRIC_DROPS,
    METRIC_DROPS_LOST,
    METRIC_DROPS_BY_RULE,
    METRIC_DROPS_QUEUE,
    METRIC_DROPS_DAMAGED,
    METRIC_DROPS_BACKLOG,
    METRIC_DROPS_OTHER,
};

MetricId metric_id(const char *name)
{
    for (MetricId id = 0; id < METRICS; id++)
        if (strcmp(metric_keys[id].name, name) == 0)
            return id;
    return METRICS;
}

static void sample(Measure *measure, MetricId id, int64_t value)
{
    MeasureSample kept = {(uint16_t)id, value};

    metric_add(&measure->metrics[id], value);
    if (measure->samples != NULL)
        g_array_append_val(measure->samples, kept);
}

static void sample_or_failure(Measure *measure, MetricId id, bool failed,
                              SimTime latency)
{
    if (failed)
        measure->failures[id]++;
    else
        sample(measure, id, latency);
}

/* --- populations ---------------------------------------------------------- */

/* Adds how long there were POPULATION->now, as far as it was measured. */
static void population_settle(Measure *measure, MetricId id,
                              MeasurePopulation *population, SimTime now)
{
    SimTime begin = MAX(population->since, measure->from);
    SimTime end = MIN(now, measure->until);

    if (end > begin)
        metric_add_many(&measure->metrics[id], population->now,
                        (uint64_t)(end - begin));
    population->since = now;
}

static void population_moves(Measure *measure, MetricId id,
                             MeasurePopulation *population, bool leaves,
                             bool enters)
{
    if (leaves == enters)
        return;
    population_settle(measure, id, population, sim_now(measure->sim));
    population->now += enters ? 1u : -1u;
}

static void state_changed(Measure *measure, const TcpStateTold *told)
{
    population_moves(measure, METRIC_TIME_WAIT_POPULATION, &measure->time_wait,
                     told->from == TCP_TIME_WAIT, told->to == TCP_TIME_WAIT);
    population_moves(measure, METRIC_HALF_OPEN_POPULATION, &measure->half_open,
                     told->from == TCP_SYN_RECEIVED,
                     told->to == TCP_SYN_RECEIVED);
    population_moves(measure, METRIC_ESTABLISHED_POPULATION,
                     &measure->established, told->from == TCP_ESTABLISHED,
                     told->to == TCP_ESTABLISHED);
}

/* --- totals --------------------------------------------------------------- */

static MetricId retransmission_metric(TcpRepeatWhy why)
{
    switch (why) {
    case REPEAT_SYN_TIMER:
        return METRIC_RETRANSMISSIONS_SYN;
    case REPEAT_SYN_ACK_TIMER:
    case REPEAT_SYN_ACK_ANSWER:
        return METRIC_RETRANSMISSIONS_SYN_ACK;
    case REPEAT_TAIL_LOSS_PROBE:
        return METRIC_RETRANSMISSIONS_PROBE;
    case REPEAT_FAST:
    case REPEAT_REORDER_TIMER:
    case REPEAT_RECOVERY:
    case REPEAT_SYN_TEXT:
        return METRIC_RETRANSMISSIONS_FAST;
    case REPEAT_RTO:
    case REPEAT_ZERO_WINDOW_PROBE:
    case REPEAT_REASONS:
        break;
    }
    return METRIC_RETRANSMISSIONS_RTO;
}

/* METRICS: the step is counted nowhere. */
static MetricId recovery_metric(TcpRecoveryStep step)
{
    switch (step) {
    case RECOVERY_DUPLICATES:
    case RECOVERY_RACK:
        return METRIC_RECOVERIES_FAST;
    case RECOVERY_TIMEOUT:
        return METRIC_RECOVERIES_TIMEOUT;
    case RECOVERY_PROBE_REPAIR:
        return METRIC_RECOVERIES_PROBE;
    case RECOVERY_ECN:
        return METRIC_RECOVERIES_ECN;
    case RECOVERY_UNDO_DSACK:
    case RECOVERY_UNDO_ECHO:
    case RECOVERY_UNDO_FRTO:
        return METRIC_RECOVERIES_UNDONE;
    case RECOVERY_OVER:
    case RECOVERY_STEPS:
        break;
    }
    return METRICS;
}

static MetricId drop_metric(DropReason reason)
{
    if (reason == DROP_LOST_ON_LINE)
        return METRIC_DROPS_LOST;
    if (reason == DROP_BY_RULE)
        return METRIC_DROPS_BY_RULE;
    if (reason == DROP_QUEUE_FULL)
        return METRIC_DROPS_QUEUE;
    if (reason == DROP_CHECK_SEQUENCE)
        return METRIC_DROPS_DAMAGED;
    if (reason == DROP_TCP_BACKLOG || reason == DROP_TCP_ACCEPT_QUEUE)
        return METRIC_DROPS_BACKLOG;
    return METRIC_DROPS_OTHER;
}

/* --- hearing -------------------------------------------------------------- */

static void hear_network(Measure *measure, const Record *record)
{
    if (record->kind == REC_PACKET_SENT) {
        const PacketTold *told = record->what;

        measure->totals[METRIC_PACKETS_SENT]++;
        /* Too many to keep each as a sample. */
        metric_add(&measure->metrics[METRIC_QUEUE_DELAY], told->queued);
    } else if (record->kind == REC_PACKET_DROPPED) {
        measure->totals[METRIC_DROPS]++;
        measure->totals[drop_metric(record->code)]++;
    } else if (record->kind == REC_PACKET_MARKED) {
        measure->totals[METRIC_MARKS]++;
    } else if (record->kind == REC_ARP_FAILED) {
        measure->totals[METRIC_ARP_FAILURES]++;
    }
}

static void hear_tcp(Measure *measure, const Record *record)
{
    const TcpOpenTold *told = record->what;

    if (record->kind == REC_TCP_RETRANSMIT) {
        measure->totals[METRIC_RETRANSMISSIONS]++;
        measure->totals[retransmission_metric(record->code)]++;
    } else if (record->kind == REC_TCP_RECOVERY) {
        MetricId id = recovery_metric(record->code);

        if (id != METRICS)
            measure->totals[id]++;
    } else if (record->kind == REC_TCP_LATE && record->code == LATE_TAKEN) {
        measure->totals[METRIC_LATE_TAKEN] += record->len;
    } else if (record->kind == REC_TCP_LATE) {
        measure->totals[METRIC_LATE_TIME_WAIT]++;
    } else if (record->kind == REC_TCP_OPENED && told->opener) {
        sample(measure, METRIC_HANDSHAKE_LATENCY, told->latency);
        sample(measure, METRIC_HANDSHAKE_SYNS, told->syns);
    }
}

static void hear_application(Measure *measure, const Record *record)
{
    unsigned kind = record->kind;

    if (kind == REC_DNS_RETRY) {
        measure->totals[METRIC_DNS_RETRIES]++;
    } else if (kind == REC_DNS_DONE) {
        const DnsTold *told = record->what;

        sample_or_failure(measure, METRIC_DNS_LATENCY, told->outcome != DNS_OK,
                          told->latency);
    } else if (kind == REC_HTTP_FIRST_BYTE) {
        sample(measure, METRIC_HTTP_FIRST_BYTE,
               ((const HttpTold *)record->what)->latency);
    } else if (kind == REC_HTTP_RESPONSE || kind == REC_HTTP_FAILED) {
        sample_or_failure(measure, METRIC_HTTP_RESPONSE,
                          kind == REC_HTTP_FAILED,
                          ((const HttpTold *)record->what)->latency);
    } else if (kind == REC_WORK_DONE) {
        const WorkTold *told = record->what;

        sample_or_failure(measure, METRIC_WORK_LATENCY, told->failed,
                          told->latency);
        if (told->goodput > 0)
            sample(measure, METRIC_WORK_GOODPUT, (int64_t)told->goodput);
    }
}

static void hear_page(Measure *measure, const Record *record)
{
    SimTime latency = ((const PageTold *)record->what)->latency;

    if (record->kind == REC_PAGE_FIRST_BYTE)
        sample(measure, METRIC_PAGE_FIRST_BYTE, latency);
    else if (record->kind == REC_PAGE_FIRST_PAINT)
        sample(measure, METRIC_PAGE_FIRST_PAINT, latency);
    else
        sample_or_failure(measure, METRIC_PAGE_COMPLETE,
                          record->kind == REC_PAGE_FAILED, latency);
}

#define BIT(kind) (UINT64_C(1) << (kind))
static const uint64_t network_kinds =
    BIT(REC_PACKET_SENT) | BIT(REC_PACKET_MARKED) | BIT(REC_PACKET_DROPPED) |
    BIT(REC_ARP_FAILED);
static const uint64_t tcp_kinds = BIT(REC_TCP_RETRANSMIT) |
                                  BIT(REC_TCP_RECOVERY) | BIT(REC_TCP_LATE) |
                                  BIT(REC_TCP_OPENED);
static const uint64_t application_kinds =
    BIT(REC_DNS_RETRY) | BIT(REC_DNS_DONE) | BIT(REC_HTTP_FIRST_BYTE) |
    BIT(REC_HTTP_RESPONSE) | BIT(REC_HTTP_FAILED) | BIT(REC_WORK_DONE);
static const uint64_t page_kinds =
    BIT(REC_PAGE_FIRST_BYTE) | BIT(REC_PAGE_FIRST_PAINT) |
    BIT(REC_PAGE_COMPLETE) | BIT(REC_PAGE_FAILED);

/* A handshake that fails leaves SYN-SENT for CLOSED. */
static void hear_failed_handshake(Measure *measure, const Record *record)
{
    const TcpStateTold *told = record->what;

    if (told->from == TCP_SYN_SENT && told->to == TCP_CLOSED)
        measure->failures[METRIC_HANDSHAKE_LATENCY]++;
}

static void hear(Observer *observer, const Record *record)
{
    Measure *measure = sim_container_of(observer, Measure, observer);
    uint64_t bit = BIT(record->kind);

    /* Populations are followed all the time, and weighed inside the window. */
    if (record->kind == REC_TCP_STATE)
        state_changed(measure, record->what);
    if (record->at < measure->from || record->at >= measure->until)
        return;
    if (bit & network_kinds)
        hear_network(measure, record);
    else if (bit & tcp_kinds)
        hear_tcp(measure, record);
    else if (bit & application_kinds)
        hear_application(measure, record);
    else if (bit & page_kinds)
        hear_page(measure, record);
    else if (record->kind == REC_TCP_STATE)
        hear_failed_handshake(measure, record);
}

void measure_init(Measure *measure, Sim *sim, SimTime from, SimTime until,
                  GArray *samples)
{
    *measure = (Measure){.sim = sim,
                         .from = from,
                         .until = until,
                         .samples = samples,
                         .observer.hear = hear,
                         .observer.wants = network_kinds | tcp_kinds |
                                           application_kinds | page_kinds |
                                           BIT(REC_TCP_STATE)};
    for (MetricId id = 0; id < METRICS; id++)
        metric_init(&measure->metrics[id]);
    sim_observe(sim, &measure->observer);
}
#undef BIT

void measure_finish(Measure *measure)
{
    SimTime end =
        measure->until == SIM_NEVER ? sim_now(measure->sim) : measure->until;

    population_settle(measure, METRIC_TIME_WAIT_POPULATION, &measure->time_wait,
                      end);
    population_settle(measure, METRIC_HALF_OPEN_POPULATION, &measure->half_open,
                      end);
    population_settle(measure, METRIC_ESTABLISHED_POPULATION,
                      &measure->established, end);
    for (unsigned i = 0; i < G_N_ELEMENTS(total_ids); i++)
        sample(measure, total_ids[i], (int64_t)measure->totals[total_ids[i]]);
}
