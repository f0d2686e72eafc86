/* stop_rule.h - [replicate] until: when a point has been repeated often enough.
 *
 *   halfwidth(ESTIMAND) < WIDTH [at LEVEL] [and halfwidth(...) < ...]...
 *
 * ESTIMAND is estimand.h's.  WIDTH in percent is relative to the estimate,
 * anything else is absolute, in the estimand's unit; of a share (failures) that
 * is a bare fraction: 0.01.  Half the width of an interval that is not
 * symmetric is half the distance of its ends.  LEVEL is the same in all parts
 * and stands in at least one. */
#ifndef FIRSTBYTE_EXPERIMENTS_STOP_RULE_H
#define FIRSTBYTE_EXPERIMENTS_STOP_RULE_H

#include "estimand.h"

/* The level of intervals where no rule says otherwise. */
#define STOP_RULE_LEVEL 0.95

typedef struct StopClause {
    Estimand estimand;
    bool relative; /* to the absolute value of the estimate */
    double width;  /* above 0 */
} StopClause;

typedef struct StopRule {
    double level;        /* of all intervals of the experiment */
    unsigned count;      /* 0: none, every point gets its minimum */
    StopClause *clauses; /* owned */
} StopRule;

/* Reads TEXT ("none" too); the axes of PLAN are known.  NULL, with *WHY
 * (g_free), where it is wrong. */
StopRule *stop_rule_new(Plan *plan, const char *text, char **why);
void stop_rule_free(StopRule *rule);
/* Its text, which reads back; the caller g_free()s. */
char *stop_rule_text(const StopRule *rule, const Plan *plan);

#endif
