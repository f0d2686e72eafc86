/* report_internal.h - what the files of the report share. */
#ifndef FIRSTBYTE_EXPERIMENTS_REPORT_INTERNAL_H
#define FIRSTBYTE_EXPERIMENTS_REPORT_INTERNAL_H

#include "estimate.h"
#include "report.h"

/* Appends TEXT with &, <, >, " and ' escaped. */
void report_text(GString *page, const char *text);
/* Appends <NAME>TEXT</NAME>, TEXT escaped. */
void report_element(GString *page, const char *name, const char *text);

/* report_setup.c */
void report_setup(GString *page, const Plan *plan);
/* report_results.c */
void report_results(GString *page, const Experiment *experiment);

#endif
