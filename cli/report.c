/* report.c - firstbyte report: a results folder as one HTML page. */
#include "cli.h"

#include <stdio.h>

#include "experiments/report.h"
#include "models/observers/write_file.h"

/* Whether every plot of PLAN has been drawn into FOLDER. */
static bool is_drawn(const Plan *plan, const char *folder)
{
    bool all = true;

    for (unsigned i = 0; all && i < plan->plots->len; i++) {
        const PlanPlot *plot = g_ptr_array_index(plan->plots, i);
        char *name = g_strconcat(plot->name, ".svg", NULL);
        char *file = g_build_filename(folder, name, NULL);

        all = g_file_test(file, G_FILE_TEST_IS_REGULAR);
        g_free(file);
        g_free(name);
    }
    return all;
}

static int report_store(Store *store, const Plan *plan, const char *folder,
                        const char *file)
{
    Experiment experiment = {.plan = plan, .threads = g_get_num_processors()};
    GError *error = NULL;
    char *page = NULL;
    bool good;

    experiment.whole = store_is_whole(store);
    experiment.summaries = g_new(PointSummary, plan->points);
    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&experiment.summaries[i], plan);
    good = store_summaries(store, experiment.summaries, &error) &&
           (is_drawn(plan, folder) ||
            experiment_plot(&experiment, folder, &error)) &&
           (page = report_html(&experiment, store, folder, &error)) != NULL &&
           write_file(file, page, &error);
    experiment_clear(&experiment);
    g_free(page);
    if (!good)
        return cli_complain(error, CLI_FAILED);
    printf("report: %s\n", file);
    return CLI_DONE;
}

int cli_report(int argc, char **argv)
{
    char *output = NULL, *file;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
         "the page (default: DIR/report.html)", "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    GError *error = NULL;
    Store *store;
    Plan *plan;
    int status;

    if (!cli_options("report", entries, &argc, &argv, 1, 1))
        return CLI_WRONG;
    store = store_open(argv[1], &plan, &error);
    if (store == NULL) {
        g_free(output);
        return cli_complain(error, CLI_WRONG);
    }
    file = output != NULL ? output
                          : g_build_filename(argv[1], "report.html", NULL);
    status = store_is_as_run(store, &error)
                 ? report_store(store, plan, argv[1], file)
                 : cli_complain(error, CLI_WRONG);
    g_free(file);
    store_free(store);
    plan_free(plan);
    return status;
}
