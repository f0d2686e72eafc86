/* where.h - which points of a sweep are meant: KEY is VALUE, KEY is VALUE...
 *
 * KEY is an axis of the sweep and VALUE one of its values, in any spelling. */
#ifndef FIRSTBYTE_EXPERIMENTS_WHERE_H
#define FIRSTBYTE_EXPERIMENTS_WHERE_H

#include "plan.h"

typedef struct WhereCondition {
    unsigned axis, value; /* index of each */
} WhereCondition;

/* No conditions: every point.  The caller g_array_free()s. */
GArray *where_new(void);
/* Appends the conditions of TEXT (NULL or "": none) to CONDITIONS; the axes of
 * PLAN are known.  False, with *WHY (g_free), where TEXT is wrong. */
bool where_read(GArray *conditions, const Plan *plan, const char *text,
                char **why);
bool where_applies(const GArray *conditions, const Plan *plan, unsigned point);

#endif
