/* coverage.h - how often intervals hold the truth: whole experiments are made
 * again and again, through run_all() with its summaries and its stopping rule,
 * each with a seed of its own, and their estimates held against what is known
 * exactly. */
#ifndef FIRSTBYTE_TESTS_COVERAGE_H
#define FIRSTBYTE_TESTS_COVERAGE_H

#include "experiments/estimate.h"
#include "experiments/schedule.h"
#include "experiments/stop_rule.h"

enum { QUESTIONS_MAX = 10, POINTS_MAX = 3 };

typedef struct Study Study;
struct Study {
    const char *title;
    bool in_short;                        /* part of make check */
    const char *experiment;               /* text of the file */
    const char *sets[6];                  /* laid over it, NULL-ended */
    const char *questions[QUESTIONS_MAX]; /* estimands, NULL-ended */
    RunResult *(*run)(const Plan *plan, const PlanPoint *point,
                      uint32_t replication);
    /* Of an estimand at a point that is no difference; NAN: not known. */
    double (*truth)(const Plan *plan, unsigned point, const Estimand *estimand);
    bool too_coarse; /* shown, and not asked to hold the truth */
};

/* One question at one point. */
typedef struct Tally {
    char *point, *estimand;
    double truth;
    unsigned asked;       /* experiments whose point converged */
    unsigned held;        /* their interval holds the truth */
    double value, widths; /* sums of estimates, of half-widths */
} Tally;

typedef struct Outcome {
    unsigned experiments, points, questions;
    unsigned converged[POINTS_MAX];
    double runs[POINTS_MAX]; /* sum over experiments */
    Tally tallies[POINTS_MAX][QUESTIONS_MAX];
} Outcome;

/* Makes EXPERIMENTS of STUDY with seeds from 1 on THREADS; the caller clears.
 */
void coverage_run(const Study *study, unsigned experiments, unsigned threads,
                  Outcome *outcome);
void outcome_clear(Outcome *outcome);
static inline double tally_coverage(const Tally *tally)
{
    return (double)tally->held / tally->asked;
}

/* coverage_models.c: the studies; ends with title NULL. */
extern const Study coverage_studies[];

#endif
