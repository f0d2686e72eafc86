/* plot.c - firstbyte plot: draws again from a results folder. */
#include "cli.h"

#include <stdio.h>

#include "experiments/experiment.h"
#include "experiments/store.h"

static int plot_store(Store *store, const Plan *plan, const char *folder)
{
    Experiment experiment = {.plan = plan, .threads = g_get_num_processors()};
    GError *error = NULL;
    bool good;

    experiment.whole = store_is_whole(store);
    experiment.summaries = g_new(PointSummary, plan->points);
    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&experiment.summaries[i], plan);
    good = store_summaries(store, experiment.summaries, &error) &&
           experiment_plot(&experiment, folder, &error);
    experiment_clear(&experiment);
    if (!good)
        return cli_complain(error, CLI_FAILED);
    for (unsigned i = 0; i < plan->plots->len; i++)
        printf("plot: %s/%s.png\n", folder,
               ((PlanPlot *)g_ptr_array_index(plan->plots, i))->name);
    if (plan->plots->len == 0)
        printf("%s: the experiment has no [plot NAME]\n", folder);
    return CLI_DONE;
}

int cli_plot(int argc, char **argv)
{
    static const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    GError *error = NULL;
    Store *store;
    Plan *plan;
    int status;

    if (!cli_options("plot", entries, &argc, &argv, 1, 1))
        return CLI_WRONG;
    store = store_open(argv[1], &plan, &error);
    if (store == NULL)
        return cli_complain(error, CLI_WRONG);
    if (!store_is_as_run(store,
                         &error)) /* a title, perhaps: drawn all the same */
        cli_complain(error, CLI_DONE);
    status = plot_store(store, plan, argv[1]);
    store_free(store);
    plan_free(plan);
    return status;
}
