/* verify.h - runs again what a results folder records, and compares: every
 * number, bit for bit, and the files beside the database. */
#ifndef FIRSTBYTE_EXPERIMENTS_VERIFY_H
#define FIRSTBYTE_EXPERIMENTS_VERIFY_H

#include "executor.h"
#include "store.h"

typedef struct Verification {
    unsigned recorded; /* runs that the folder has */
    unsigned runs;     /* that were made again */
    unsigned different;
    /* Of char *, a sentence each: first the files that are not what they were,
     * then the runs, in their order. */
    GPtrArray *differences;
} Verification;

typedef struct VerifyOptions {
    Executor *executor; /* the caller's; it keeps samples if STORE has them */
    unsigned sample;    /* so many of the runs; 0: all */
    void *data;         /* for progress, which may be NULL */
    void (*progress)(void *data, unsigned made, unsigned of);
} VerifyOptions;

/* Runs again what STORE, opened with PLAN, records.  Of a sample of N runs each
 * comes from another Nth of all, in the order of points and replications, and
 * always the same.  False: STORE cannot be read. */
bool verify(Verification *verification, Store *store, const Plan *plan,
            const VerifyOptions *options, GError **error);
void verification_clear(Verification *verification);

#endif
