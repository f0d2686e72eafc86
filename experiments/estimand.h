/* estimand.h - what is to be estimated at a point of the sweep, as it is
 * written in [replicate] until, in [expect] and on plots:
 *
 * METRIC is the name of one, of what it is in parentheses where it is not of
 * all: link.queue.delay(isp -> home).
 *
 *   mean(METRIC)       over replications of each one's mean
 *   p50(METRIC)        the quantile of the samples of all replications; any
 *                      p between 0 and 100: p2.5, p99.9
 *   min(METRIC), max(METRIC)
 *   failures(METRIC)   share of failures among what succeeded or failed
 *   count(METRIC)      samples in a replication, on the average
 *   difference(ESTIMAND) to AXIS is VALUE [, AXIS is VALUE]...
 *                      how much more it is than at the baseline: the point that
 *                      has VALUE on AXIS and is the same on every other axis */
#ifndef FIRSTBYTE_EXPERIMENTS_ESTIMAND_H
#define FIRSTBYTE_EXPERIMENTS_ESTIMAND_H

#include "where.h"

typedef enum EstimandKind {
    ESTIMAND_MEAN,
    ESTIMAND_QUANTILE,
    ESTIMAND_MIN,
    ESTIMAND_MAX,
    ESTIMAND_FAILURES,
    ESTIMAND_COUNT,
} EstimandKind;

enum { ESTIMAND_AXES_MAX = 8 };

typedef struct Estimand {
    EstimandKind kind;
    double p; /* of a quantile: above 0, below 1; else 0 */
    MetricId metric;
    unsigned axes; /* that the baseline names; 0: no difference */
    WhereCondition baseline[ESTIMAND_AXES_MAX];
} Estimand;

/* Reads TEXT; the axes of PLAN are known, and METRIC may become one more of
 * its (plan_select.h).  False, with *WHY (g_free) "what is
 * wrong; what would be right", otherwise. */
bool estimand_parse(Estimand *estimand, Plan *plan, const char *text,
                    char **why);
/* Its text, which reads back; the caller g_free()s. */
char *estimand_text(const Estimand *estimand, const Plan *plan);
/* Reads a statistic without its metric ("p99.9"), into `kind` and `p`. */
bool estimand_parse_statistic(Estimand *estimand, const char *word, char **why);
/* "p99.9"; the caller g_free()s. */
char *estimand_statistic_text(const Estimand *estimand);
/* Adds ESTIMAND to PLAN's `wanted`, unless it is there. */
void estimand_want(Plan *plan, const Estimand *estimand);
bool estimand_equal(const Estimand *a, const Estimand *b);
/* What it is measured in: of METRIC's unit, a share, or a number. */
QuantityKind estimand_unit(const Estimand *estimand, const Plan *plan);
/* The point that ESTIMAND of POINT is a difference to; POINT itself when that
 * is its own baseline or there is no difference. */
unsigned estimand_baseline(const Estimand *estimand, const Plan *plan,
                           unsigned point);
/* The points that have the same baseline as POINT, numbered from 0 (the
 * baseline is one of them): how many, and which. */
unsigned estimand_siblings(const Estimand *estimand, const Plan *plan);
unsigned estimand_sibling(const Estimand *estimand, const Plan *plan,
                          unsigned point, unsigned number);

#endif
