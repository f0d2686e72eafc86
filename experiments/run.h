/* run.h - one run: one replication of one point, a Sim of its own.
 *
 * Replication R of every point sees the same random numbers. */
#ifndef FIRSTBYTE_EXPERIMENTS_RUN_H
#define FIRSTBYTE_EXPERIMENTS_RUN_H

#include "models/observers/fingerprint.h"
#include "steady.h"

typedef struct RunResult {
    unsigned point;
    uint32_t replication;
    char fingerprint[FINGERPRINT_TEXT_MAX];
    uint64_t records;      /* told */
    SimTime ended;         /* simulated time of the last event */
    bool random;           /* random numbers decided something */
    bool lossy;            /* a line of the network loses packets at random */
    uint64_t events;       /* the engine's, not part of what is compared */
    double seconds;        /* of CPU time, likewise */
    bool recorded;         /* made before, and read from a results folder */
    unsigned metric_count; /* plan_metrics() */
    Metric *metrics;
    uint64_t *failures;
    GArray *samples; /* of MeasureSample, or NULL */
    /* Of each of the plan's series a GArray of double: sample I of the time
     * plan_sample_time(plan, I).  NULL: it has none. */
    GPtrArray *series;
    Steady *steady; /* of a steady run, else NULL */
} RunResult;

/* Runs REPLICATION of POINT here and now; may be called on any thread. */
RunResult *run_once(const Plan *plan, const PlanPoint *point,
                    uint32_t replication, bool samples);
/* One with nothing in it, of METRICS metrics. */
RunResult *run_result_new(unsigned point, uint32_t replication,
                          unsigned metrics);
void run_result_free(RunResult *result);

/* For somebody who wants to see more of a run than its result.  Both are called
 * on the thread of run_watch(). */
typedef struct RunWatcher {
    void *data;
    /* The network stands, nothing has happened yet: time to observe. */
    void (*begun)(void *data, const Network *network);
    /* It is over; the network still stands. */
    void (*ended)(void *data);
} RunWatcher;
/* The same run as run_once()'s, watched instead of measured. */
void run_watch(const Plan *plan, const PlanPoint *point, uint32_t replication,
               const RunWatcher *watcher);

#endif
