/* measured.h - all that is measured in one run: every metric of the whole
 * network, and what the plan selects (plan_select.h). */
#ifndef FIRSTBYTE_EXPERIMENTS_MEASURED_H
#define FIRSTBYTE_EXPERIMENTS_MEASURED_H

#include "plan_select.h"

typedef struct Measured {
    const Plan *plan;
    Measure whole;
    unsigned count;    /* that the plan selects */
    SelectPart *parts; /* one for each; of a gauge unused */
    GArray **orders;   /* of MeasureNote, one for each, as Measure.order */
} Measured;

/* Begins to listen to SIM for PLAN: to what happens from FROM on.  SAMPLES, of
 * MeasureSample, is the caller's; NULL: not kept. */
void measured_init(Measured *measured, const Plan *plan, Sim *sim, SimTime from,
                   GArray *samples);
/* The network stands, nothing has happened yet: listens to its parts. */
void measured_find(Measured *measured, const Network *network);
/* Where the order of metric ID is kept (Measure.order): NULL there, and it is
 * not. */
GArray **measured_order(Measured *measured, MetricId id);
/* The run is over; its time series are SERIES (NULL: none).  METRICS, the
 * caller's to metric_clear(), and FAILURES are of plan_metrics(PLAN). */
void measured_finish(Measured *measured, const GPtrArray *series,
                     Metric *metrics, uint64_t *failures);
/* After measured_finish(), and SIM has told its last. */
void measured_clear(Measured *measured);

#endif
