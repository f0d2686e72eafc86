/* executor_mpi.h - the runs of an experiment over MPI: many processes, on one
 * machine or many, that were started by mpirun or by srun.
 *
 *   mpirun -n 64 firstbyte run experiment.ini -o results
 *
 * Rank 0 decides, writes the results folder and makes runs as well; the other
 * ranks read the same experiment file (it must be there for them, too) and make
 * runs.  What comes out is what one process alone gives, bit for bit: see
 * schedule.h.
 *
 * Every rank gives a sign of life once a second.  The runs of one that has been
 * silent for MPI_SILENCE_MAX are made again by the others; a rank that hears
 * nothing of rank 0 for MPI_PATIENCE, which may be at its estimates, ends.  MPI
 * ends all ranks when one dies unless it is told not to (docs/machines.md);
 * then `firstbyte run --resume` goes on from what was written.
 *
 * Only the thread that began makes MPI calls (MPI_THREAD_FUNNELED). */
#ifndef FIRSTBYTE_EXPERIMENTS_EXECUTOR_MPI_H
#define FIRSTBYTE_EXPERIMENTS_EXECUTOR_MPI_H

#include "executor.h"

enum { MPI_SILENCE_MAX = 10, MPI_PATIENCE = 120 }; /* s */

/* This process among those that were started together. */
typedef struct MpiRanks {
    int rank, count;
    bool lost; /* a rank has died */
} MpiRanks;

/* How many processes this one was started as one of (at least; PMIx tells its
 * rank only) by an MPI launcher: Open MPI's, PMIx, or the PMI of MPICH and
 * Slurm.  0: by none. */
unsigned mpi_launched_count(void);
/* Begins MPI if this process was started by its launcher; one by itself is rank
 * 0 of 1.  False, with ERROR: it was started so, but this firstbyte was built
 * without MPI, or with another one than the launcher's. */
bool mpi_begin(MpiRanks *ranks, GError **error);
/* Rank 0: its own THREADS (>= 1) and those of the other ranks, which must have
 * read the same plan.  RANKS stays the caller's, its `lost` is set. */
Executor *executor_mpi_new(MpiRanks *ranks, const Plan *plan, unsigned threads,
                           bool samples, GError **error);
/* Another rank: makes runs, on THREADS threads, until rank 0 says that it is
 * over.  False, with ERROR: rank 0 is gone, or has another plan. */
bool mpi_serve(MpiRanks *ranks, const Plan *plan, unsigned threads,
               bool samples, GError **error);
/* This rank has not been able to read the plan: the others end as well. Whether
 * rank 0 could, so that nobody else has said why. */
bool mpi_decline(const MpiRanks *ranks);
/* Ends MPI.  Ranks that died are not waited for. */
void mpi_end(const MpiRanks *ranks);

#endif
