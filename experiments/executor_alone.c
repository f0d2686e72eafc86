/* executor_alone.c - executor_mpi.h where there is no MPI: one process. */
#include "executor_mpi.h"

#include <gio/gio.h>

/* N processes that know nothing of each other would all write one folder. */
bool mpi_begin(MpiRanks *ranks, GError **error)
{
    unsigned count = mpi_launched_count();

    *ranks = (MpiRanks){0, 1, false};
    if (count <= 1)
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                "started as one of %u processes, but this firstbyte was built "
                "without MPI; with libopenmpi-dev or libmpich-dev installed, "
                "./configure --with-mpi would be right",
                count);
    return false;
}

Executor *executor_mpi_new(MpiRanks *ranks, const Plan *plan, unsigned threads,
                           bool samples, GError **error)
{
    (void)ranks;
    return executor_threads_new(plan, threads, samples, error);
}

bool mpi_serve(MpiRanks *ranks, const Plan *plan, unsigned threads,
               bool samples, GError **error)
{
    (void)ranks, (void)plan, (void)threads, (void)samples, (void)error;
    g_assert_not_reached(); /* there is only rank 0 */
}

bool mpi_decline(const MpiRanks *ranks)
{
    (void)ranks;
    return false;
}

void mpi_end(const MpiRanks *ranks) { (void)ranks; }
