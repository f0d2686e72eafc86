/* gauge.h - what can be read off a network at any moment: queues, windows,
 * connections in each state.
 *
 * gauge_keys[] declares each gauge once, with unit, sentence and source.  A
 * gauge is read by asking the models, which neither know nor tell anything for
 * it: reading changes nothing, and what nobody reads costs nothing.
 *
 * A gauge's name may be followed by what it is of, in parentheses: one
 * direction of a line "(home -> isp)", a node "(web)", one of its ports
 * "(web:80)".  Of several connections that would do, a window or a timer is the
 * one's that was opened first; while there is none, it has no value. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_GAUGE_H
#define FIRSTBYTE_MODELS_OBSERVERS_GAUGE_H

#include "models/nodes/network.h"
#include "sim/describe.h"
#include "sim/metric.h"

typedef enum GaugeOf {
    GAUGE_OF_LINK,       /* one direction of a line */
    GAUGE_OF_CONNECTION, /* a connection of a node, or of a port of it */
    GAUGE_OF_NODES,      /* a node; all together where none is named */
} GaugeOf;

/* What a gauge is of, in one network. */
typedef struct GaugeTarget {
    const Network *network;
    const Link *link; /* OF_LINK */
    const Node *node; /* OF_CONNECTION; OF_NODES: NULL: all */
    uint16_t port;    /* OF_CONNECTION: 0: any */
} GaugeTarget;

typedef struct GaugeKey {
    MetricKey word; /* name, unit, sentence, source */
    GaugeOf of;
    int code; /* READ's: a state */
    /* What it is at AT, not before the last event and not after the next, in
     * the unit's base unit; NAN: there is no such thing now. */
    double (*read)(const GaugeTarget *target, int code, SimTime at);
    /* 0: READ's value is the gauge's.  Else READ's only ever grows, and the
     * gauge is SCALE times how much it grew in a nanosecond since it was last
     * read; NAN the first time. */
    double scale;
} GaugeKey;

extern const GaugeKey gauge_keys[]; /* ends with name NULL */
/* The gauge called NAME, or NULL. */
const GaugeKey *gauge_key(const char *name);
/* The whole vocabulary, for `firstbyte describe metrics` and the manual. */
Description *description_of_gauges(void);
/* Looks up OBJECT, what stands in the parentheses (NULL: none stand), of KEY in
 * NETWORK.  False, with the reason in *WHY (g_free), when there is no such
 * thing. */
bool gauge_find(const GaugeKey *key, const Network *network, const char *object,
                GaugeTarget *target, char **why);

#endif
