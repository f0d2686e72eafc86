/* plan_include.h - an experiment file and those that it includes.
 *
 * `include = FILE, FILE` in [experiment] names experiment files, relative to
 * the one that names them.  A later one is laid over an earlier, key by key,
 * and the including file over them all; --set over that. */
#ifndef FIRSTBYTE_EXPERIMENTS_PLAN_INCLUDE_H
#define FIRSTBYTE_EXPERIMENTS_PLAN_INCLUDE_H

#include "sim/config.h"

/* Reads FILE with what it includes into CONFIG, which is empty; applies the
 * NULL-ended SETS ("GROUP.KEY=VALUE"; may be NULL).  On an error CONFIG holds
 * what could be read. */
bool plan_include_read(Config *config, const char *file, char **sets,
                       GError **error);

#endif
