/* experiment.h - a whole experiment: runs, results folder, plots, expectations.
 */
#ifndef FIRSTBYTE_EXPERIMENTS_EXPERIMENT_H
#define FIRSTBYTE_EXPERIMENTS_EXPERIMENT_H

#include "expect.h"
#include "schedule.h"

typedef struct ExperimentOptions {
    const char *folder; /* of the results */
    unsigned threads;
    Executor *executor; /* taken: freed as soon as the runs are made, so that
                           nobody waits elsewhere; NULL: so many threads */
    bool samples;
    bool force, resume; /* see StoreOptions */
    Shard shard;        /* the part of the points that is run; see schedule.h */
    /* How many runs each point gets, and where they are recorded already but
     * for FOLDER: see RunOptions, RunListener.  NULL: as the plan says,
     * nowhere.
     */
    const unsigned *replications;
    RunResult *(*recorded)(void *data, unsigned point, uint32_t replication);
    void *data; /* for `recorded` and the next two, which may be NULL: see
                   RunListener */
    void (*progress)(void *data, const RunProgress *progress);
    bool (*stop)(void *data);
} ExperimentOptions;

typedef struct Experiment {
    const Plan *plan;
    PointSummary *summaries; /* plan->points */
    unsigned threads;        /* that may work out theories; 0: one */
    bool whole; /* every run was made; false: it was stopped, or is a shard */
} Experiment;

/* Runs PLAN into a results folder.  What was done when it was stopped, or when
 * the disk was full, is there.  False: ERROR says why. */
bool experiment_run(Experiment *experiment, const Plan *plan,
                    const ExperimentOptions *options, GError **error);
void experiment_clear(Experiment *experiment);
/* Draws every plot of the plan into FOLDER. */
bool experiment_plot(const Experiment *experiment, const char *folder,
                     GError **error);
/* Says of EXPECTATION (in lines appended to REPORT: where it does not, or that
 * it does) whether it holds. */
bool experiment_expectation(const Experiment *experiment,
                            const Expectation *expectation, GString *report);
/* Says (one line each, appended to REPORT) which expectations hold; true when
 * all do. */
bool experiment_expectations(const Experiment *experiment, GString *report);
/* experiment_plot() and experiment_expectations(), whose answer goes to *HOLDS,
 * side by side as far as there are threads. */
bool experiment_conclude(const Experiment *experiment, const char *folder,
                         bool *holds, GString *report, GError **error);

#endif
