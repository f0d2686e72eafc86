/* run.h - the runs of an experiment, on several threads.
 *
 * A run is a Sim of its own: one replication of one point.  Replication R of
 * every point sees the same random numbers.  Workers run ahead of the stopping
 * rule, but only completed prefixes, in the order of replications, are looked
 * at and handed on: what comes out does not depend on the number of threads. */
#ifndef FIRSTBYTE_EXPERIMENTS_RUN_H
#define FIRSTBYTE_EXPERIMENTS_RUN_H

#include "models/observers/fingerprint.h"
#include "summarise.h"

typedef struct RunResult {
    unsigned point;
    uint32_t replication;
    char fingerprint[FINGERPRINT_TEXT_MAX];
    uint64_t records; /* told */
    SimTime ended;    /* simulated time of the last event */
    bool lossy;       /* a line of the network loses packets at random */
    uint64_t events;  /* the engine's, not part of what is compared */
    double seconds;   /* of the computer, likewise */
    Metric metrics[METRICS];
    uint64_t failures[METRICS];
    GArray *samples; /* of MeasureSample, or NULL */
} RunResult;

/* Runs REPLICATION of POINT here and now. */
RunResult *run_once(const Plan *plan, const PlanPoint *point,
                    uint32_t replication, bool samples);
void run_result_free(RunResult *result);

typedef struct RunProgress {
    unsigned points_done, points;
    unsigned runs;        /* handed on */
    double runs_expected; /* in all, as far as one can tell */
    double seconds;       /* since the beginning */
} RunProgress;

/* Functions that run_all() calls, on the thread that called it. */
typedef struct RunListener {
    void *data;
    /* The next run of its point; false, with ERROR, ends everything. */
    bool (*result)(void *data, const RunResult *result, GError **error);
    /* A point will get no more runs. */
    bool (*point_done)(void *data, const PlanPoint *point,
                       const PointSummary *summary, GError **error);
    void (*progress)(void *data, const RunProgress *progress);
    /* True: begin no more runs (the user pressed Ctrl-C). */
    bool (*stop)(void *data);
} RunListener;

typedef struct RunOptions {
    unsigned threads; /* >= 1 */
    bool samples;
    /* How many runs each point gets, instead of the stopping rule; NULL: the
     * rule decides. */
    const unsigned *replications;
} RunOptions;

/* Runs PLAN.  SUMMARIES: one for each point, filled here.  False, with ERROR,
 * when a listener failed; when it was stopped, with no ERROR. */
bool run_all(const Plan *plan, const RunOptions *options,
             const RunListener *listener, PointSummary *summaries,
             GError **error);

#endif
