/* plan_files.h - the files that a plan was read from beside the experiment:
 * zones, sites, traces of arrivals; and where a results folder keeps them. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_FILES_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_FILES_H

#include "plan.h"

/* Number INDEX from 0: the topology's, then those of arrivals; NULL after the
 * last.  PLAN's. */
const TopologyFile *plan_file_at(const Plan *plan, unsigned index);
/* Where a results folder keeps the file that the experiment calls NAME: under
 * files/, never outside of it.  What is there already stays: the experiment.ini
 * of a results folder, run again, gives the same text.  The caller g_free()s.
 */
char *plan_file_copy(const char *name);
/* Whether no two different files would be kept under one name. */
bool plan_files_check(const Plan *plan, GError **error);

#endif
