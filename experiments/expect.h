/* expect.h - [expect]: what the author says will come out, checked.
 *
 *   NAME = STATISTIC(METRIC) RELATION VALUE [+- TOLERANCE] [where CONDITIONS]
 *
 * RELATION is `is`, `<` or `>`; CONDITIONS are KEY is VALUE, KEY is VALUE...;
 * VALUE is a quantity of the metric's unit, or `theory` (the exact mean:
 * theory.h of tcp.handshake.latency, littles_law.h of
 * tcp.time_wait.population); TOLERANCE a share ("1 %"), a quantity, or standard
 * errors ("4 se"). */
#ifndef FIRSTBYTE_EXPERIMENTS_EXPECT_H
#define FIRSTBYTE_EXPERIMENTS_EXPECT_H

#include "plan.h"
#include "summarise.h"

typedef enum ToleranceKind {
    TOLERANCE_NONE,
    TOLERANCE_SHARE,
    TOLERANCE_ABSOLUTE,
    TOLERANCE_ERRORS, /* standard errors of the mean */
} ToleranceKind;

typedef struct Expectation {
    char *name, *text;
    ConfigOrigin origin;
    Statistic statistic;
    MetricId metric;
    char relation; /* '=', '<', '>' */
    bool theory;
    double value; /* in the metric's base unit */
    ToleranceKind tolerance_kind;
    double tolerance;
    GArray *conditions; /* of WhereCondition */
} Expectation;

/* Reads ENTRY of [expect]; the axes of PLAN are known. */
Expectation *expect_new(const Plan *plan, const ConfigEntry *entry,
                        GError **error);
void expect_free(Expectation *expectation);
bool expect_applies(const Expectation *expectation, const Plan *plan,
                    unsigned point);
/* Whether SUMMARY of a point, whose exact mean is THEORY (NAN: none), is as
 * expected.  Otherwise *WHY (g_free) says what came out. */
bool expect_holds(const Expectation *expectation, const PointSummary *summary,
                  double theory, char **why);

#endif
