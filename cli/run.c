/* run.c - firstbyte run: an experiment into a results folder. */
#include "cli.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiments/executor_mpi.h"
#include "experiments/experiment.h"
#include "experiments/shipped.h"
#include "experiments/stop_rule.h"
#include "experiments/store.h"
#include "experiments/units.h"

typedef struct RunCommand {
    char *folder, *seed;
    char **sets;
    gint threads;
    gboolean samples, dry_run, force, resume, quiet;
    bool shows_progress, interrupted;
    char *shard_text; /* --shard, as given */
    Shard shard;
    MpiRanks ranks;
    sigset_t signals; /* held back while runs are made, and asked for */
} RunCommand;

/* --- progress and Ctrl-C -------------------------------------------------- */

static void show_progress(void *data, const RunProgress *progress)
{
    RunCommand *command = data;
    double rest = progress->runs > 0
                      ? progress->seconds / progress->runs *
                            (progress->runs_expected - progress->runs)
                      : NAN;

    if (!command->shows_progress)
        return;
    fprintf(stderr, "\r\033[K%u of %u points, %u of about %.0f runs, %.0f s",
            progress->points_done, progress->points, progress->runs,
            progress->runs_expected, progress->seconds);
    if (isfinite(rest) && rest >= 0.5)
        fprintf(stderr, ", about %.0f s to go", rest);
    fflush(stderr);
}

/* From now on Ctrl-C and SIGTERM end the process. */
static void free_signals(RunCommand *command)
{
    pthread_sigmask(SIG_UNBLOCK, &command->signals, NULL);
}

/* The first Ctrl-C ends the experiment in order, the second at once. */
static bool was_interrupted(void *data)
{
    static const struct timespec now = {0, 0};
    RunCommand *command = data;

    if (!command->interrupted &&
        sigtimedwait(&command->signals, NULL, &now) > 0) {
        command->interrupted = true;
        free_signals(command);
    }
    return command->interrupted;
}

static void hold_signals(RunCommand *command)
{
    sigemptyset(&command->signals);
    sigaddset(&command->signals, SIGINT);
    sigaddset(&command->signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &command->signals, NULL);
}

/* --- the command ---------------------------------------------------------- */

/* Takes ERROR. */
static int say_failure(const RunCommand *command, GError *error)
{
    bool refused = g_error_matches(error, STORE_ERROR, STORE_ERROR_REFUSED);
    bool write = g_error_matches(error, STORE_ERROR, STORE_ERROR_WRITE);

    cli_complain(error, CLI_FAILED);
    if (write && store_is_there(command->folder))
        fprintf(stderr,
                "firstbyte: what was recorded until then is in %s; when there "
                "is room, `firstbyte run --resume %s` goes on\n",
                command->folder, command->folder);
    return refused ? CLI_WRONG : CLI_FAILED;
}

/* Plots and expectations are of the whole. */
static int say_shard(const RunCommand *command, const Experiment *experiment)
{
    unsigned points = 0, runs = 0;

    for (unsigned i = 0; i < experiment->plan->points; i++) {
        points += experiment->summaries[i].replications > 0;
        runs += experiment->summaries[i].replications;
    }
    if (!command->quiet)
        printf("shard %u of %u: %u of %u points, %u runs: %s\n"
               "all of them become one with: firstbyte merge -o DIR SHARD...\n",
               command->shard.index + 1, command->shard.count, points,
               experiment->plan->points, runs, command->folder);
    return CLI_DONE;
}

/* A point whose rule looks at another one cannot be run without it. */
static bool rule_looks_elsewhere(const Plan *plan)
{
    for (unsigned i = 0; i < plan->until->count; i++)
        if (plan->until->clauses[i].estimand.axes > 0)
            return true;
    return false;
}

static int run_plan(RunCommand *command, const Plan *plan)
{
    ExperimentOptions options = {.folder = command->folder,
                                 .threads = (unsigned)command->threads,
                                 .samples = command->samples,
                                 .force = command->force,
                                 .resume = command->resume,
                                 .shard = command->shard,
                                 .data = command,
                                 .progress = show_progress,
                                 .stop = was_interrupted};
    Experiment experiment;
    GError *error = NULL;
    int status;
    bool good;

    if (command->shard.count > 0 && rule_looks_elsewhere(plan)) {
        fprintf(stderr,
                "firstbyte: --shard: the stopping rule compares points, "
                "which may be in two shards; mpirun, or a rule without "
                "a difference, would be right\n");
        return CLI_WRONG;
    }
    hold_signals(command);
    signal(SIGXFSZ, SIG_IGN); /* a write that is too much fails instead */
    if (command->ranks.count > 1) {
        options.executor = executor_mpi_new(
            &command->ranks, plan, options.threads, options.samples, &error);
        if (options.executor == NULL)
            return cli_complain(error, CLI_WRONG);
    }
    good = experiment_run(&experiment, plan, &options, &error);
    free_signals(command);
    if (command->shows_progress)
        fputs("\r\033[K", stderr);
    if (!good)
        status = say_failure(command, error);
    else if (command->shard.count > 0 && !command->interrupted)
        status = say_shard(command, &experiment);
    else
        status = cli_outcome(&experiment, command->folder, command->quiet);
    experiment_clear(&experiment);
    return status;
}

/* The folder beside nothing: in the current one, by the experiment's name. */
static char *default_folder(const char *file)
{
    char *base = g_path_get_basename(file);
    char *folder;

    if (g_str_has_suffix(base, ".ini"))
        base[strlen(base) - strlen(".ini")] = '\0';
    folder = g_strconcat(base, ".results", NULL);
    g_free(base);
    return folder;
}

/* --seed is --set replicate.seed. */
static void add_seed(RunCommand *command)
{
    guint count = command->sets != NULL ? g_strv_length(command->sets) : 0;

    if (command->seed == NULL)
        return;
    command->sets = g_renew(char *, command->sets, count + 2);
    command->sets[count] = g_strconcat("replicate.seed=", command->seed, NULL);
    command->sets[count + 1] = NULL;
}

/* The experiment NAME; with --resume it may be a results folder, which is then
 * gone on with.  The caller g_free()s.  NULL: ERROR says why. */
static char *find_experiment(RunCommand *command, const char *name,
                             GError **error)
{
    if (!command->resume || !store_is_there(name))
        return shipped_find(name, error);
    if (command->folder == NULL)
        command->folder = g_strdup(name);
    return g_build_filename(name, "experiment.ini", NULL);
}

/* Rank 0 speaks for all who found the same. */
static int no_plan(const RunCommand *command, GError *error /* taken */)
{
    if (mpi_decline(&command->ranks) || command->ranks.rank == 0)
        return cli_complain(error, CLI_WRONG);
    g_error_free(error);
    return CLI_WRONG;
}

/* Makes runs for rank 0. */
static int serve(RunCommand *command, const Plan *plan)
{
    GError *error = NULL;

    if (mpi_serve(&command->ranks, plan, (unsigned)command->threads,
                  command->samples, &error))
        return CLI_DONE;
    return cli_complain(error, CLI_FAILED);
}

static int run_file(RunCommand *command, const char *name)
{
    GError *error = NULL;
    char *file = find_experiment(command, name, &error);
    Plan *plan = NULL;
    int status;

    if (file != NULL)
        plan = plan_read(file, command->sets, &error);
    g_free(file);
    if (plan == NULL)
        return no_plan(command, error);
    if (command->folder == NULL)
        command->folder = default_folder(name);
    if (command->ranks.rank > 0)
        status = command->dry_run ? CLI_DONE : serve(command, plan);
    else
        status = command->dry_run
                     ? cli_dry_run(plan, (unsigned)command->threads)
                     : run_plan(command, plan);
    plan_free(plan);
    return status;
}

/* "2/8": the second of eight. */
static bool read_shard(RunCommand *command)
{
    char **parts;
    guint64 index = 0, count = 0;
    bool good;

    if (command->shard_text == NULL)
        return true;
    parts = g_strsplit(command->shard_text, "/", -1);
    good = g_strv_length(parts) == 2 &&
           g_ascii_string_to_unsigned(parts[1], 10, 1, 1000000, &count, NULL) &&
           g_ascii_string_to_unsigned(parts[0], 10, 1, count, &index, NULL);
    g_strfreev(parts);
    if (good)
        command->shard = (Shard){(unsigned)index - 1, (unsigned)count};
    else
        fprintf(stderr,
                "firstbyte: --shard: \"%s\" is no part of the points; 1/8 to "
                "8/8 would be right\n",
                command->shard_text);
    return good;
}

/* What there is to be run. */
static int list_experiments(void)
{
    Description *description = cli_describe_experiments();
    GString *out = g_string_new(NULL);

    description_text(description, 80, out);
    fprintf(stderr,
            "firstbyte: run: which experiment?  A file of yours, or one of "
            "these:\n\n%s",
            out->str);
    g_string_free(out, TRUE);
    description_free(description);
    return CLI_WRONG;
}

int cli_run(int argc, char **argv)
{
    RunCommand command = {.threads = -1};
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &command.folder,
         "Results folder (default: NAME.results)", "DIR"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &command.threads,
         "Runs at the same time (default: one for each processor; under mpirun "
         "one for each rank)",
         "N"},
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &command.sets,
         "Set a key of the experiment or the topology", "GROUP.KEY=VALUE"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &command.seed,
         "Seed of all random streams", "N"},
        {"samples", 0, 0, G_OPTION_ARG_NONE, &command.samples,
         "Keep every sample, and write samples.csv", NULL},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &command.dry_run,
         "Check everything, try a few runs, say how much it is; write nothing",
         NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &command.force,
         "Replace the results of another experiment, or unfinished ones", NULL},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &command.resume,
         "Go on where a run into the same folder ended; the folder may stand "
         "for the experiment",
         NULL},
        {"shard", 0, 0, G_OPTION_ARG_STRING, &command.shard_text,
         "Run part I of N of the points, for merge", "I/N"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &command.quiet,
         "Say only what is wrong", NULL},
        G_OPTION_ENTRY_NULL,
    };
    GError *error = NULL;
    int status = CLI_WRONG;

    if (!mpi_begin(&command.ranks, &error))
        return cli_complain(error, CLI_WRONG);
    if (cli_options("run", entries, &argc, &argv, 0, 1)) {
        command.shows_progress = !command.quiet && isatty(STDERR_FILENO);
        if (command.threads == -1)
            command.threads =
                command.ranks.count > 1 ? 1 : (gint)g_get_num_processors();
        add_seed(&command);
        if (argc == 1)
            status = list_experiments();
        else if (!read_shard(&command))
            status = CLI_WRONG;
        else if (command.threads >= 1 && command.threads <= 1024)
            status = run_file(&command, argv[1]);
        else
            fprintf(stderr,
                    "firstbyte: --jobs: %d is no number of runs; 1 to "
                    "1024 would be right\n",
                    command.threads);
    }
    g_free(command.folder);
    g_free(command.seed);
    g_free(command.shard_text);
    g_strfreev(command.sets);
    mpi_end(&command.ranks);
    return status;
}
