/* expect.h - [expect]: what the author says will come out, checked.
 *
 *   NAME = ESTIMAND RELATION VALUE [+- TOLERANCE] [where CONDITIONS]
 *
 * ESTIMAND is estimand.h's.  RELATION is `is`, `<`, `>`, or `differs from`,
 * which says that the estimate's interval does not hold VALUE.  VALUE is a
 * quantity of the estimand's unit, or `theory` (the exact mean: theory.h of
 * tcp.handshake.latency, littles_law.h of tcp.time_wait.population; and the
 * formula of loss_rate.h of work.goodput).  TOLERANCE is a share ("1 %"), a
 * quantity, standard errors of the estimate ("4 se"), or `interval`: as much as
 * the estimate's interval allows.  CONDITIONS are KEY is VALUE, KEY is VALUE...
 *
 * What rests on a standard error or an end of an interval that is not known, or
 * on no sample at all, is undecided: it does not hold. */
#ifndef FIRSTBYTE_EXPERIMENTS_EXPECT_H
#define FIRSTBYTE_EXPERIMENTS_EXPECT_H

#include "estimate.h"

typedef enum ToleranceKind {
    TOLERANCE_NONE,
    TOLERANCE_SHARE,
    TOLERANCE_ABSOLUTE,
    TOLERANCE_ERRORS, /* standard errors of the estimate */
    TOLERANCE_INTERVAL,
} ToleranceKind;

typedef struct Expectation {
    char *name, *text;
    ConfigOrigin origin;
    Estimand estimand;
    QuantityKind unit; /* the estimand's */
    char relation;     /* '=', '<', '>', '#': differs from */
    bool theory;
    double value; /* in the metric's base unit */
    ToleranceKind tolerance_kind;
    double tolerance;
    char *tolerance_text; /* as it was written; "": none */
    GArray *conditions;   /* of WhereCondition */
} Expectation;

/* Reads ENTRY of [expect]; the axes of PLAN are known. */
Expectation *expect_new(Plan *plan, const ConfigEntry *entry, GError **error);
void expect_free(Expectation *expectation);
bool expect_applies(const Expectation *expectation, const Plan *plan,
                    unsigned point);
/* Whether ESTIMATE of a point, whose exact value is THEORY (NAN: none), is as
 * expected.  Otherwise *WHY (g_free) says what came out, in as many digits as
 * tell it from what was expected, or that it is undecided. */
bool expect_holds(const Expectation *expectation, const Estimate *estimate,
                  double theory, char **why);

#endif
