/* measure.h - records become metrics: the vocabulary of what is measured, and
 * the observer that measures it in one run.
 *
 * metric_keys[] declares each metric once, with unit, sentence and source.
 * Three kinds: samples (one for each thing that happened), totals (one number
 * for the run) and populations (how many there were, weighted by time).  What
 * failed is counted beside the metric, never among its samples. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_MEASURE_H
#define FIRSTBYTE_MODELS_OBSERVERS_MEASURE_H

#include "models/tell.h"
#include "sim/describe.h"
#include "sim/metric.h"

typedef enum MetricId {
    METRIC_HANDSHAKE_LATENCY,
    METRIC_HANDSHAKE_SYNS,
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
    METRIC_HANDSHAKE_UNFINISHED,
    METRIC_LATE_TIME_WAIT,
    METRIC_LATE_TAKEN,
    METRIC_TIME_WAIT_POPULATION,
    METRIC_HALF_OPEN_POPULATION,
    METRIC_ESTABLISHED_POPULATION,
    METRIC_DNS_LATENCY,
    METRIC_DNS_RETRIES,
    METRIC_DNS_NO_SUCH_NAME,
    METRIC_DNS_NO_ANSWER,
    METRIC_HTTP_FIRST_BYTE,
    METRIC_HTTP_RESPONSE,
    METRIC_PAGE_FIRST_BYTE,
    METRIC_PAGE_FIRST_PAINT,
    METRIC_PAGE_UNFINISHED,
    METRIC_PAGE_COMPLETE,
    METRIC_WORK_UNFINISHED,
    METRIC_WORK_LATENCY,
    METRIC_WORK_GOODPUT,
    METRIC_DATAGRAM_DELAY,
    METRIC_ARP_FAILURES,
    METRIC_QUEUE_DELAY,
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
    METRIC_BIT_ERRORS,
    METRIC_FRAME_ERRORS,
    METRICS, /* from here on: an experiment's own, of one line, node... */
    METRIC_NONE = UINT16_MAX
} MetricId;

/* A population is a step function of time: its samples are nanoseconds. */
static inline bool metric_is_population(MetricId id)
{
    return id >= METRIC_TIME_WAIT_POPULATION &&
           id <= METRIC_ESTABLISHED_POPULATION;
}

/* It counts: one sample for each run, added when it is over. */
bool metric_is_total(MetricId id);
/* The total that counts what metric ID is of and what had not ended when the
 * run did: neither among its samples nor its failures.  METRIC_NONE: there is
 * none, it is not of things that begin and end. */
MetricId metric_unfinished(MetricId id);

extern const MetricKey metric_keys[METRICS + 1]; /* ends with name NULL */
/* The id of the metric called NAME; METRIC_NONE when there is none. */
MetricId metric_id(const char *name);

/* Of what a metric can be asked for itself: select.h. */
typedef enum MetricOf {
    METRIC_OF_LINE = 1,
    METRIC_OF_NODE = 2,
    METRIC_OF_WORKLOAD = 4
} MetricOf;
unsigned metric_of(MetricId id); /* any of them; 0: of all alone */
/* The whole vocabulary, for `firstbyte describe metrics` and the manual. */
Description *description_of_measures(void);

/* One sample, for those who want each. */
typedef struct MeasureSample {
    uint16_t metric; /* MetricId */
    int64_t value;
} MeasureSample;

/* What a metric was at a time: a sample, or a population from then on. */
typedef struct MeasureNote {
    SimTime at;
    int64_t value;
} MeasureNote;

typedef struct MeasurePopulation {
    uint32_t now;
    SimTime since; /* when it became so many */
} MeasurePopulation;

typedef struct Measure {
    Observer observer;
    Sim *sim;
    SimTime from, until; /* what happens outside is not measured */
    Metric metrics[METRICS];
    uint64_t failures[METRICS];
    uint64_t totals[METRICS];
    MeasurePopulation time_wait, half_open, established;
    /* The last packet handed to a line, until it is known that the line took
     * it; id 0: there is none. */
    struct {
        uint64_t id;
        SimTime at, wait;
    } handed;
    GArray *samples; /* of MeasureSample, the caller's; NULL: not kept */
    /* Of MeasureNote, in the order of the run, the caller's to set after
     * measure_init(); NULL: not kept.  Totals have none. */
    GArray *order[METRICS];
} Measure;

/* Begins to listen; measures what happens from FROM on and before UNTIL. */
void measure_init(Measure *measure, Sim *sim, SimTime from, SimTime until,
                  GArray *samples);
/* The same, but it hears only what measure_hear() tells it. */
void measure_begin(Measure *measure, Sim *sim, SimTime from, SimTime until,
                   GArray *samples);
void measure_hear(Measure *measure, const Record *record);
/* The kinds of records that metric ID comes from: bit K for kind K. */
uint64_t measure_wants(MetricId id);
/* What metric ID was since MARK was set last, which is set to AT, not before
 * the last event and not after the next: of a total, how many there were; else
 * the mean of the samples, of a population weighted by time; NAN without any.
 */
typedef struct MeasureMark {
    __int128 sum;
    uint64_t count;
} MeasureMark; /* all zero: the beginning */
double measure_since(Measure *measure, MetricId id, MeasureMark *mark,
                     SimTime at);
/* The run is over: populations and totals become metrics, which are the
 * caller's to metric_clear(). */
void measure_finish(Measure *measure);

#endif
