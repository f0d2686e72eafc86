/* merge.h - shards of an experiment, run one by one, put together.
 *
 * Shard I of N is a results folder in which only some points have runs (Shard
 * of schedule.h).  What is put together is what one run of all gives, row for
 * row: the runs are read where they are recorded and counted again in their
 * order. */
#ifndef FIRSTBYTE_EXPERIMENTS_MERGE_H
#define FIRSTBYTE_EXPERIMENTS_MERGE_H

#include "experiment.h"

typedef struct Merge Merge;

/* Opens the COUNT results folders FOLDERS, which must be of the same
 * experiment, made by the same version, and have every point between them, each
 * once.  NULL, with ERROR (STORE_ERROR), where they have not. */
Merge *merge_new(char *const *folders, unsigned count, GError **error);
void merge_free(Merge *merge);
/* The experiment's, merge's. */
const Plan *merge_plan(const Merge *merge);
/* Writes FOLDER; FORCE as in StoreOptions. */
bool merge_run(Merge *merge, Experiment *experiment, const char *folder,
               bool force, GError **error);

#endif
