/* executor.h - who makes runs: threads of this process, or others elsewhere.
 *
 * Runs are asked for with submit() and come back from take() in any order.  All
 * functions are called on one thread. */
#ifndef FIRSTBYTE_EXPERIMENTS_EXECUTOR_H
#define FIRSTBYTE_EXPERIMENTS_EXECUTOR_H

#include "run.h"

typedef struct Executor Executor;
struct Executor {
    unsigned slots; /* runs that it makes at the same time, >= 1 */
    /* Asks for REPLICATION of POINT, which stays the caller's until the run
     * has been taken. */
    void (*submit)(Executor *executor, const PlanPoint *point,
                   uint32_t replication);
    /* A run that is done, the caller's now; NULL: none within USEC us. */
    RunResult *(*take)(Executor *executor, uint64_t usec);
    /* What was submitted and not taken is waited for, and forgotten. */
    void (*free)(Executor *executor);
};

/* THREADS (>= 1) of this process.  SAMPLES: results have them.  PLAN stays the
 * caller's. */
Executor *executor_threads_new(const Plan *plan, unsigned threads, bool samples,
                               GError **error);
static inline void executor_free(Executor *executor)
{
    if (executor != NULL)
        executor->free(executor);
}

#endif
