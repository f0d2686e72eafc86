/* merge.c - firstbyte merge: shards of a sweep become one results folder. */
#include "cli.h"

#include <limits.h>
#include <stdio.h>

#include "experiments/merge.h"
#include "experiments/store.h"

static int merge_into(Merge *merge, const char *folder, bool force, bool quiet)
{
    Experiment experiment;
    GError *error = NULL;
    int status;

    if (merge_run(merge, &experiment, folder, force, &error))
        status = cli_outcome(&experiment, folder, quiet);
    else
        status = cli_complain(
            error, g_error_matches(error, STORE_ERROR, STORE_ERROR_REFUSED)
                       ? CLI_WRONG
                       : CLI_FAILED);
    experiment_clear(&experiment);
    return status;
}

int cli_merge(int argc, char **argv)
{
    char *folder = NULL;
    gboolean force = FALSE, quiet = FALSE;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &folder,
         "Results folder of the whole (default: merged.results)", "DIR"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force,
         "Replace the results of another experiment, or unfinished ones", NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say only what is wrong",
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    GError *error = NULL;
    Merge *merge = NULL;
    int status = CLI_WRONG;

    if (cli_options("merge", entries, &argc, &argv, 1, INT_MAX)) {
        merge = merge_new(argv + 1, (unsigned)argc - 1, &error);
        if (merge == NULL)
            status = cli_complain(error, CLI_WRONG);
        else
            status =
                merge_into(merge, folder != NULL ? folder : "merged.results",
                           force, quiet);
        if (merge != NULL)
            merge_free(merge);
    }
    g_free(folder);
    return status;
}
