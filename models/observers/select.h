/* select.h - the grammar of what is measured, and metrics of one line, node or
 * workload alone.
 *
 *   link.queue.delay                  a metric, of the whole network
 *   link.queue.delay(isp -> home)     one direction of a line
 *   drops(isp -- home)                both
 *   tcp.retransmissions(web)          a node, or all that a [node web] with
 *                                     `count` makes
 *   work.latency(pages)               a workload
 *   tcp.cwnd(web:80)                  a gauge (gauge.h)
 *
 * What a metric can be of, metric_of() says.  A drop is the line's where the
 * line did it (a queue, a loss, a rule), else the node's, and never both's. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_SELECT_H
#define FIRSTBYTE_MODELS_OBSERVERS_SELECT_H

#include "gauge.h"
#include "measure.h"

typedef struct SelectKey {
    char *name;            /* "tcp.cwnd(web:80)", blanks as they ought to be */
    char *object;          /* "web:80", or NULL */
    const MetricKey *word; /* of the gauge or metric: unit, sentence */
    const GaugeKey *gauge; /* NULL: it is a metric */
    MetricId metric;       /* METRIC_NONE: it is a gauge */
} SelectKey;

/* Reads TEXT.  NULL, with *WHY (g_free) "what is wrong; what would be right",
 * when it names nothing. */
SelectKey *select_key_new(const char *text, char **why);
void select_key_free(SelectKey *key);

/* What a metric is of, in one network: one of the three. */
typedef struct SelectTarget {
    const Link *links[2];  /* [0] NULL: no line; [1] NULL: one direction */
    uint32_t first, count; /* indices of nodes */
    const char *workload;  /* the key's own text; NULL: none */
} SelectTarget;

/* Looks up the object of KEY, a metric's, in NETWORK and among the names
 * WORKLOADS (of char *; NULL: there are none).  False, with *WHY (g_free), when
 * there is no such thing, or KEY's metric cannot be of it. */
bool select_find(const SelectKey *key, const Network *network,
                 const GPtrArray *workloads, SelectTarget *target, char **why);

/* Measures one metric of one object in a run. */
typedef struct SelectPart {
    Observer observer;
    MetricId metric;
    SelectTarget target;
    Measure measure; /* of what happens to the target; of METRIC, it is whole */
} SelectPart;
/* Begins to listen, as measure_init(); not to be moved or freed before SIM has
 * told its last.  TARGET is of a network of SIM and of KEY, which outlives it.
 */
void select_part_init(SelectPart *part, const SelectKey *key,
                      const SelectTarget *target, Sim *sim, SimTime from,
                      SimTime until, GArray *samples);
/* Frees the samples that were not taken over; it may still be listening. */
void select_part_clear(SelectPart *part);

#endif
