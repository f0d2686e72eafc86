/* launcher.c - what those that start the ranks of MPI leave in the environment.
 */
#include "executor_mpi.h"

/* The number in the variable NAME, 0 when there is none. */
static unsigned number_in(const char *name)
{
    const char *text = g_getenv(name);
    guint64 number = 0;

    if (text != NULL)
        g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &number, NULL);
    return (unsigned)number;
}

unsigned mpi_launched_count(void)
{
    if (g_getenv("OMPI_COMM_WORLD_SIZE") != NULL)
        return number_in("OMPI_COMM_WORLD_SIZE");
    if (g_getenv("PMI_SIZE") != NULL)
        return number_in("PMI_SIZE");
    if (g_getenv("PMIX_RANK") != NULL) /* which leaves no size */
        return number_in("PMIX_RANK") + 1;
    return 0;
}
