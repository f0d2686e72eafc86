/* parallel.h - the same work on many things, on several threads. */
#ifndef FIRSTBYTE_EXPERIMENTS_PARALLEL_H
#define FIRSTBYTE_EXPERIMENTS_PARALLEL_H

/* Calls WORK with DATA and each number below N, in any order, on at most
 * THREADS threads (0 counts as 1); returns when all is done.  WORK writes what
 * belongs to its number alone, so that the outcome does not depend on THREADS.
 */
void parallel_for(unsigned n, unsigned threads,
                  void (*work)(void *data, unsigned number), void *data);

#endif
