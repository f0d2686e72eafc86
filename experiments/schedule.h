/* schedule.h - the runs of an experiment: which are made, in what order they
 * count, and when a point has had enough.
 *
 * An executor (executor.h) runs ahead of the stopping rule, but only completed
 * prefixes, in the order of replications, are looked at and handed on: what
 * comes out does not depend on who made the runs, nor on how many at once. */
#ifndef FIRSTBYTE_EXPERIMENTS_SCHEDULE_H
#define FIRSTBYTE_EXPERIMENTS_SCHEDULE_H

#include "executor.h"
#include "summarise.h"

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
    /* The result of a run that was made before and need not be made again;
     * NULL: there is none.  It may itself be NULL. */
    RunResult *(*recorded)(void *data, unsigned point, uint32_t replication);
} RunListener;

/* Part INDEX (from 0) of COUNT: the points whose number modulo COUNT it is. */
typedef struct Shard {
    unsigned index, count; /* count 0: all points */
} Shard;

static inline bool shard_has(const Shard *shard, unsigned point)
{
    return shard->count == 0 || point % shard->count == shard->index;
}

typedef struct RunOptions {
    Executor *executor; /* the caller's */
    /* How many runs each point gets, instead of the stopping rule; NULL: the
     * rule decides. */
    const unsigned *replications;
    Shard shard; /* the points that get runs at all */
} RunOptions;

/* Runs PLAN.  SUMMARIES: one for each point, filled and settled here.  False,
 * with ERROR, when a listener failed; when it was stopped, with no ERROR. */
bool run_all(const Plan *plan, const RunOptions *options,
             const RunListener *listener, PointSummary *summaries,
             GError **error);

#endif
