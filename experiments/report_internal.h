/* report_internal.h - what the files of the report share. */
#ifndef FIRSTBYTE_EXPERIMENTS_REPORT_INTERNAL_H
#define FIRSTBYTE_EXPERIMENTS_REPORT_INTERNAL_H

#include "estimate.h"
#include "report.h"

/* Appends TEXT with &, <, >, " and ' escaped. */
void report_text(GString *page, const char *text);
/* Appends <NAME>TEXT</NAME>, TEXT escaped. */
void report_element(GString *page, const char *name, const char *text);

/* report_expect.c: what the author thinks will come out; and what did. */
void report_hypothesis(GString *page, const Plan *plan);
void report_expectations(GString *page, const Experiment *experiment);
/* report_network.c: the network as a drawing. */
void report_network(GString *page, const Plan *plan);
/* The values that the sweep gives to KEY of [KIND NAME], each once, the middle
 * left out of many; NULL: it gives none.  The caller g_free()s. */
char *report_swept(const Plan *plan, const char *kind, const char *name,
                   const char *key);
/* report_origin.c: fingerprints, and how to make the runs again.  False: STORE
 * cannot be read. */
bool report_origin(GString *page, const Experiment *experiment, Store *store,
                   const char *folder, GError **error);
/* report_setup.c */

/* VALUE of KEY as a user would read it; the caller g_free()s. */
char *report_canonical(const ConfigKey *key, const char *value);
/* Whether KEY's VALUE is one of its defaults, of whichever profile. */
bool report_is_default(const ConfigKey *key, const char *value);
void report_setup(GString *page, const Plan *plan);
/* report_results.c */
void report_results(GString *page, const Experiment *experiment);

#endif
