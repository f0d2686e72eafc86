/* verify.c - firstbyte verify: runs again what a results folder records, and
 * compares fingerprints and values bit for bit. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiments/build.h"
#include "experiments/verify.h"

enum { DIFFERENCES_SHOWN = 20 };

typedef struct VerifyCommand {
    gint threads, sample;
    bool shows_progress;
    gint64 shown; /* monotonic us */
} VerifyCommand;

static void show_progress(void *data, unsigned made, unsigned of)
{
    VerifyCommand *command = data;
    gint64 now = g_get_monotonic_time();

    if (!command->shows_progress || now - command->shown < G_USEC_PER_SEC / 5)
        return;
    command->shown = now;
    fprintf(stderr, "\r\033[K%u of %u runs", made, of);
    fflush(stderr);
}

/* Why it may be that something differs. */
static void say_versions(const Store *store)
{
    char *compiler = store_build(store, "compiler");

    if (strcmp(store_version(store), build_version()) != 0)
        printf("recorded by firstbyte %s, run again by %s: models may have "
               "changed in between\n",
               store_version(store), build_version());
    else if (g_strcmp0(compiler, build_compiler()) != 0)
        printf("recorded by a build of %s, run again by one of %s: the same "
               "was to be expected\n",
               compiler != NULL ? compiler : "?", build_compiler());
    g_free(compiler);
}

static int say(const Verification *verification, const Store *store)
{
    const GPtrArray *differences = verification->differences;
    unsigned runs = verification->runs, recorded = verification->recorded;

    for (guint i = 0; i < differences->len && i < DIFFERENCES_SHOWN; i++)
        printf("%s\n", (char *)g_ptr_array_index(differences, i));
    if (differences->len > DIFFERENCES_SHOWN)
        printf("... and %u more\n", differences->len - DIFFERENCES_SHOWN);
    if (recorded == 0) {
        printf("no run is recorded there: nothing to compare\n");
        return CLI_FAILED;
    }
    if (differences->len > 0) {
        say_versions(store);
        printf("%u of %u runs differ", verification->different, runs);
    } else if (runs == 1) {
        printf("1 run is the same, bit for bit");
    } else {
        printf("%u runs are the same, bit for bit", runs);
    }
    if (runs < recorded)
        printf("; %u are recorded", recorded);
    printf("\n");
    return differences->len > 0 ? CLI_FAILED : CLI_DONE;
}

static int verify_store(VerifyCommand *command, Store *store, const Plan *plan)
{
    GError *error = NULL;
    VerifyOptions options = {
        .executor = executor_threads_new(plan, (unsigned)command->threads,
                                         store_has_samples(store), &error),
        .sample = (unsigned)command->sample,
        .data = command,
        .progress = show_progress};
    Verification verification;
    int status;

    if (options.executor == NULL)
        return cli_complain(error, CLI_FAILED);
    if (!verify(&verification, store, plan, &options, &error))
        status = cli_complain(error, CLI_FAILED);
    else {
        if (command->shows_progress)
            fputs("\r\033[K", stderr);
        status = say(&verification, store);
    }
    verification_clear(&verification);
    executor_free(options.executor);
    return status;
}

int cli_verify(int argc, char **argv)
{
    VerifyCommand command = {.threads = (gint)g_get_num_processors()};
    const GOptionEntry entries[] = {
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &command.threads,
         "Runs at the same time (default: one for each processor)", "N"},
        {"sample", 0, 0, G_OPTION_ARG_INT, &command.sample,
         "Run only N again, spread over all (default: all)", "N"},
        G_OPTION_ENTRY_NULL,
    };
    GError *error = NULL;
    Store *store;
    Plan *plan;
    int status;

    if (!cli_options("verify", entries, &argc, &argv, 1, 1))
        return CLI_WRONG;
    if (command.sample < 0) {
        fprintf(stderr,
                "firstbyte: verify: --sample: %d is no number of runs; 1 or "
                "more would be right\n",
                command.sample);
        return CLI_WRONG;
    }
    command.threads = CLAMP(command.threads, 1, 1024);
    command.shows_progress = isatty(STDERR_FILENO);
    store = store_open(argv[1], &plan, &error);
    if (store == NULL)
        return cli_complain(error, CLI_WRONG);
    status = verify_store(&command, store, plan);
    store_free(store);
    plan_free(plan);
    return status;
}
