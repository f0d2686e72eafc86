/* measure.c - which record adds what to which metric. */
#include "measure.h"

#include <math.h>

#include "models/app/dns.h"
#include "models/packet.h"
#include "models/transport/tcp.h"

/* Keeps VALUE of the time AT in its order, if the order of metric ID is wanted.
 */
static inline void note(Measure *measure, MetricId id, SimTime at,
                        int64_t value)
{
    MeasureNote kept = {at, value};

    if (measure->order[id] != NULL)
        g_array_append_val(measure->order[id], kept);
}

static void sample(Measure *measure, MetricId id, int64_t value)
{
    MeasureSample kept = {(uint16_t)id, value};

    metric_add(&measure->metrics[id], value);
    note(measure, id, sim_now(measure->sim), value);
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
    note(measure, id, population->since, population->now);
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

/* What has begun and not ended, as of now: followed before the window, too. */
static void follow(Measure *measure, const Record *record)
{
    uint64_t *totals = measure->totals;

    if (record->kind == REC_TCP_STATE) {
        const TcpStateTold *told = record->what;

        totals[METRIC_HANDSHAKE_UNFINISHED] += told->to == TCP_SYN_SENT;
        totals[METRIC_HANDSHAKE_UNFINISHED] -= told->from == TCP_SYN_SENT;
    } else if (record->kind == REC_WORK_STARTED) {
        totals[METRIC_WORK_UNFINISHED]++;
    } else if (record->kind == REC_WORK_DONE) {
        totals[METRIC_WORK_UNFINISHED]--;
    } else if (record->kind == REC_PAGE_STARTED) {
        totals[METRIC_PAGE_UNFINISHED]++;
    } else if (record->kind == REC_PAGE_COMPLETE ||
               record->kind == REC_PAGE_FAILED) {
        totals[METRIC_PAGE_UNFINISHED]--;
    }
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
    if (reason == DROP_NO_ROUTE)
        return METRIC_DROPS_NO_ROUTE;
    return METRIC_DROPS_OTHER;
}

/* METRICS: the user's own doing. */
static MetricId failure_metric(TcpEnd end)
{
    switch (end) {
    case TCP_END_REFUSED:
        return METRIC_FAILURES_REFUSED;
    case TCP_END_RESET:
        return METRIC_FAILURES_RESET;
    case TCP_END_TIMED_OUT:
        return METRIC_FAILURES_TIMED_OUT;
    case TCP_END_UNREACHABLE:
        return METRIC_FAILURES_UNREACHABLE;
    case TCP_END_NO_PORT:
        return METRIC_FAILURES_NO_PORT;
    case TCP_END_CLOSED:
    case TCP_END_ABORTED:
    case TCP_ENDS:
        break;
    }
    return METRICS;
}

/* --- hearing -------------------------------------------------------------- */

/* Too many bits to keep each as a sample. */
static void signal_read(Measure *measure, const SignalTold *told)
{
    Metric *bits = &measure->metrics[METRIC_BIT_ERRORS];

    if (told->bit_errors < told->bits)
        metric_add_many(bits, 0, told->bits - told->bit_errors);
    if (told->bit_errors > 0)
        metric_add_many(bits, 1, told->bit_errors);
    sample(measure, METRIC_FRAME_ERRORS, !told->good);
}

/* The line has taken the packet that was handed to it. */
static void settle_handed(Measure *measure)
{
    if (measure->handed.id == 0)
        return;
    /* Too many to keep each as a sample. */
    metric_add(&measure->metrics[METRIC_QUEUE_DELAY], measure->handed.wait);
    note(measure, METRIC_QUEUE_DELAY, measure->handed.at, measure->handed.wait);
    measure->handed.id = 0;
}

static void packet_handed(Measure *measure, const Record *record)
{
    const PacketTold *told = record->what;

    settle_handed(measure);
    measure->totals[METRIC_PACKETS_SENT]++;
    measure->handed.id = record->id;
    measure->handed.at = record->at;
    measure->handed.wait = told->queued;
}

/* A datagram of a workload, and not what a line made of it besides. */
static bool is_measured(const Packet *packet)
{
    return packet->ethernet.type == ETHERTYPE_IPV4 &&
           packet->ip.protocol == IP_PROTOCOL_UDP && packet->timed &&
           !(packet->number & PACKET_COPY);
}

static void packet_dropped(Measure *measure, const Record *record)
{
    /* At once, by the line that it was handed to: it has not waited. */
    if (record->id == measure->handed.id &&
        (record->code == DROP_QUEUE_FULL || record->code == DROP_BY_RULE))
        measure->handed.id = 0;
    measure->totals[METRIC_DROPS]++;
    measure->totals[drop_metric(record->code)]++;
    /* A switch's copies for everybody are nobody's loss. */
    if (record->code != DROP_NOT_FOR_US && record->code != DROP_LINK_CLEARED &&
        is_measured(((const PacketTold *)record->what)->packet))
        measure->failures[METRIC_DATAGRAM_DELAY]++;
}

static void datagram_read(Measure *measure, const Record *record)
{
    const Packet *packet = ((const PacketTold *)record->what)->packet;

    if (is_measured(packet))
        sample(measure, METRIC_DATAGRAM_DELAY, record->at - packet->given);
}

static void hear_network(Measure *measure, const Record *record)
{
    if (record->kind == REC_PACKET_SENT) {
        packet_handed(measure, record);
    } else if (record->kind == REC_PACKET_DROPPED) {
        packet_dropped(measure, record);
    } else if (record->kind == REC_PACKET_MARKED) {
        measure->totals[METRIC_MARKS]++;
    } else if (record->kind == REC_SIGNAL_READ) {
        signal_read(measure, record->what);
    } else if (record->kind == REC_DATAGRAM_READ) {
        datagram_read(measure, record);
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
    } else if (record->kind == REC_TCP_FAILED) {
        MetricId id = failure_metric((TcpEnd)told->end);

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
        if (told->outcome == DNS_NO_SUCH_NAME ||
            told->outcome == DNS_NO_ADDRESS)
            measure->totals[METRIC_DNS_NO_SUCH_NAME]++;
        else if (told->outcome != DNS_OK)
            measure->totals[METRIC_DNS_NO_ANSWER]++;
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
    else if (record->kind != REC_PAGE_STARTED)
        sample_or_failure(measure, METRIC_PAGE_COMPLETE,
                          record->kind == REC_PAGE_FAILED, latency);
}

#define BIT(kind) (UINT64_C(1) << (kind))
static const uint64_t network_kinds =
    BIT(REC_PACKET_SENT) | BIT(REC_PACKET_MARKED) | BIT(REC_PACKET_DROPPED) |
    BIT(REC_ARP_FAILED) | BIT(REC_SIGNAL_READ) | BIT(REC_DATAGRAM_READ);
static const uint64_t tcp_kinds = BIT(REC_TCP_RETRANSMIT) |
                                  BIT(REC_TCP_RECOVERY) | BIT(REC_TCP_LATE) |
                                  BIT(REC_TCP_OPENED) | BIT(REC_TCP_FAILED);
static const uint64_t application_kinds =
    BIT(REC_DNS_RETRY) | BIT(REC_DNS_DONE) | BIT(REC_HTTP_FIRST_BYTE) |
    BIT(REC_HTTP_RESPONSE) | BIT(REC_HTTP_FAILED) | BIT(REC_WORK_DONE) |
    BIT(REC_WORK_STARTED);
static const uint64_t page_kinds =
    BIT(REC_PAGE_STARTED) | BIT(REC_PAGE_FIRST_BYTE) |
    BIT(REC_PAGE_FIRST_PAINT) | BIT(REC_PAGE_COMPLETE) | BIT(REC_PAGE_FAILED);

/* A handshake that fails leaves SYN-SENT for CLOSED. */
static void hear_failed_handshake(Measure *measure, const Record *record)
{
    const TcpStateTold *told = record->what;

    if (told->from == TCP_SYN_SENT && told->to == TCP_CLOSED)
        measure->failures[METRIC_HANDSHAKE_LATENCY]++;
}

void measure_hear(Measure *measure, const Record *record)
{
    uint64_t bit = BIT(record->kind);

    /* Populations are followed all the time, and weighed inside the window. */
    if (record->kind == REC_TCP_STATE)
        state_changed(measure, record->what);
    follow(measure, record);
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

static void hear(Observer *observer, const Record *record)
{
    measure_hear(sim_container_of(observer, Measure, observer), record);
}

void measure_begin(Measure *measure, Sim *sim, SimTime from, SimTime until,
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
}

void measure_init(Measure *measure, Sim *sim, SimTime from, SimTime until,
                  GArray *samples)
{
    measure_begin(measure, sim, from, until, samples);
    sim_observe(sim, &measure->observer);
}

uint64_t measure_wants(MetricId id)
{
    if (id <= METRIC_ESTABLISHED_POPULATION)
        return tcp_kinds | BIT(REC_TCP_STATE);
    if (metric_of(id) == METRIC_OF_WORKLOAD)
        return BIT(REC_WORK_STARTED) | BIT(REC_WORK_DONE);
    if (id <= METRIC_HTTP_RESPONSE)
        return application_kinds;
    return id <= METRIC_PAGE_UNFINISHED ? page_kinds : network_kinds;
}
#undef BIT

/* Weighs the populations up to AT. */
static void settle_all(Measure *measure, SimTime at)
{
    population_settle(measure, METRIC_TIME_WAIT_POPULATION, &measure->time_wait,
                      at);
    population_settle(measure, METRIC_HALF_OPEN_POPULATION, &measure->half_open,
                      at);
    population_settle(measure, METRIC_ESTABLISHED_POPULATION,
                      &measure->established, at);
}

double measure_since(Measure *measure, MetricId id, MeasureMark *mark,
                     SimTime at)
{
    const Metric *metric = &measure->metrics[id];
    MeasureMark last = *mark;

    if (at <= measure->from)
        return NAN;
    if (metric_is_total(id)) {
        mark->count = measure->totals[id];
        /* What is unfinished may become less. */
        return (double)(int64_t)(mark->count - last.count);
    }
    if (metric_is_population(id))
        settle_all(measure, at);
    settle_handed(measure);
    *mark = (MeasureMark){metric->sum, metric->count};
    if (mark->count == last.count)
        return NAN;
    return (double)(mark->sum - last.sum) / (double)(mark->count - last.count);
}

void measure_finish(Measure *measure)
{
    SimTime end =
        measure->until == SIM_NEVER ? sim_now(measure->sim) : measure->until;

    settle_all(measure, end);
    settle_handed(measure);
    for (MetricId id = 0; id < METRICS; id++)
        if (metric_is_total(id))
            sample(measure, id, (int64_t)measure->totals[id]);
}
