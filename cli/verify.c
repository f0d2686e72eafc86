/* verify.c - firstbyte verify: runs again what a results folder records, and
 * compares fingerprints and values bit for bit. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "experiments/build.h"
#include "experiments/schedule.h"
#include "experiments/store.h"

enum { DIFFERENCES_SHOWN = 20 };

typedef struct Verification {
    Store *store;
    const Plan *plan;
    unsigned runs, different;
} Verification;

static bool compare(void *data, const RunResult *result, GError **error)
{
    Verification *verification = data;
    char *why = store_difference(verification->store, result);
    char *where;

    verification->runs++;
    if (why == NULL)
        return true;
    if (verification->different++ < DIFFERENCES_SHOWN) {
        where = plan_point_text(verification->plan, result->point);
        printf("run %u at point %u%s%s: %s\n", result->replication,
               result->point, where[0] != '\0' ? ", " : "", where, why);
        g_free(where);
    }
    g_free(why);
    return true;
}

static void say_versions(const Store *store)
{
    if (strcmp(store_version(store), build_version()) != 0)
        printf("recorded by firstbyte %s, run again by %s: models may have "
               "changed in between\n",
               store_version(store), build_version());
}

static int verify(Store *store, const Plan *plan, unsigned threads,
                  const unsigned *replications)
{
    Verification verification = {store, plan, 0, 0};
    RunOptions options = {.replications = replications};
    RunListener listener = {.data = &verification, .result = compare};
    PointSummary *summaries = g_new(PointSummary, plan->points);
    GError *error = NULL;

    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&summaries[i]);
    options.executor = executor_threads_new(plan, threads, false, &error);
    if (options.executor != NULL)
        run_all(plan, &options, &listener, summaries, &error);
    executor_free(options.executor);
    for (unsigned i = 0; i < plan->points; i++)
        summary_clear(&summaries[i]);
    g_free(summaries);
    if (error != NULL)
        return cli_complain(error, CLI_FAILED);
    if (verification.different > 0) {
        say_versions(store);
        printf("%u of %u runs differ\n", verification.different,
               verification.runs);
        return CLI_FAILED;
    }
    if (verification.runs == 0) {
        printf("no run is recorded there: nothing to compare\n");
        return CLI_FAILED;
    }
    printf("%u runs are the same, bit for bit\n", verification.runs);
    return CLI_DONE;
}

static int verify_folder(const char *folder, unsigned threads)
{
    GError *error = NULL;
    Plan *plan;
    Store *store = store_open(folder, &plan, &error);
    unsigned *replications;
    int status;

    if (store == NULL)
        return cli_complain(error, CLI_WRONG);
    replications = store_replications(store, &error);
    status = replications != NULL ? verify(store, plan, threads, replications)
                                  : cli_complain(error, CLI_FAILED);
    g_free(replications);
    store_free(store);
    plan_free(plan);
    return status;
}

int cli_verify(int argc, char **argv)
{
    gint threads = (gint)g_get_num_processors();
    const GOptionEntry entries[] = {
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &threads,
         "Runs at the same time (default: one for each processor)", "N"},
        G_OPTION_ENTRY_NULL,
    };

    if (!cli_options("verify", entries, &argc, &argv, 1, 1))
        return CLI_WRONG;
    return verify_folder(argv[1], (unsigned)CLAMP(threads, 1, 1024));
}
