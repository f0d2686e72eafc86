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

/* The first Ctrl-C ends the experiment in order, the second at once. */
static bool was_interrupted(void *data)
{
    static const struct timespec now = {0, 0};
    RunCommand *command = data;

    if (!command->interrupted &&
        sigtimedwait(&command->signals, NULL, &now) > 0) {
        command->interrupted = true;
        pthread_sigmask(SIG_UNBLOCK, &command->signals, NULL);
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

/* --- what came out -------------------------------------------------------- */

/* The metric that the experiment is about. */
static MetricId main_metric(const Plan *plan)
{
    for (unsigned i = 0; i < plan->plots->len; i++) {
        const PlanPlot *plot = g_ptr_array_index(plan->plots, i);

        if (plot->metric != METRICS) /* it is not of one run */
            return plot->metric;
    }
    if (plan->wanted->len > 0)
        return g_array_index(plan->wanted, Estimand, 0).metric;
    return METRIC_WORK_LATENCY;
}

static void print_point(const Experiment *experiment, unsigned number,
                        MetricId id)
{
    const PointSummary *point = &experiment->summaries[number];
    const MetricSummary *summary = &point->metrics[id];
    double level = experiment->plan->until->level;
    double scale = unit_scale(metric_keys[id].unit);
    char *where = plan_point_text(experiment->plan, number);

    printf("%12.3f %10.3f %12.3f %12.3f %9" G_GUINT64_FORMAT
           " %8" G_GUINT64_FORMAT " %5u%c %s\n",
           summary_value(summary, STATISTIC_MEAN) / scale,
           summary_half_width(summary, level) / scale,
           summary_value(summary, STATISTIC_P50) / scale,
           summary_value(summary, STATISTIC_P99) / scale,
           summary_count(summary, id), summary->failures, point->replications,
           point->converged ? ' ' : '*', where);
    g_free(where);
}

static void print_results(const Experiment *experiment)
{
    MetricId id = main_metric(experiment->plan);
    unsigned unsteady = 0;
    bool all = true;

    printf("%s (%s)\n%12s %10s %12s %12s %9s %8s %5s\n", metric_keys[id].name,
           unit_name(metric_keys[id].unit), "mean", "+-", "p50", "p99", "n",
           "failed", "runs");
    for (unsigned i = 0; i < experiment->plan->points; i++) {
        if (experiment->summaries[i].replications == 0)
            continue;
        print_point(experiment, i, id);
        all = all && experiment->summaries[i].converged;
        unsteady += experiment->summaries[i].unsteady;
    }
    if (!all)
        printf("* not converged: the interval is wider than was asked for, or "
               "the rare event was seen too seldom\n");
    if (unsteady > 0)
        printf("runs that have not settled in their first half, or whose "
               "batches are still alike: %u; a longer [run] duration would be "
               "right\n",
               unsteady);
}

static void print_places(const RunCommand *command, const Plan *plan)
{
    printf("results: %s\n", command->folder);
    for (unsigned i = 0; i < plan->plots->len; i++)
        printf("plot:    %s/%s.png\n", command->folder,
               ((PlanPlot *)g_ptr_array_index(plan->plots, i))->name);
}

/* --- the command ---------------------------------------------------------- */

static int finish(RunCommand *command, const Experiment *experiment)
{
    GString *report = g_string_new(NULL);
    GError *error = NULL;
    bool holds = experiment_expectations(experiment, report);
    bool drawn = experiment_plot(experiment, command->folder, &error);

    if (!command->quiet) {
        print_results(experiment);
        fputs(report->str, stdout);
        if (drawn)
            print_places(command, experiment->plan);
    } else if (!holds) {
        fputs(report->str, stderr);
    }
    g_string_free(report, TRUE);
    if (!drawn)
        return cli_complain(error, CLI_FAILED);
    if (!experiment->whole) {
        fprintf(stderr,
                "firstbyte: interrupted; what was done until then is in "
                "%s, and --resume goes on\n",
                command->folder);
        return CLI_FAILED;
    }
    return holds ? CLI_DONE : CLI_FAILED;
}

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

static int run_plan(RunCommand *command, const Plan *plan)
{
    ExperimentOptions options = {.folder = command->folder,
                                 .threads = (unsigned)command->threads,
                                 .samples = command->samples,
                                 .force = command->force,
                                 .resume = command->resume,
                                 .data = command,
                                 .progress = show_progress,
                                 .stop = was_interrupted};
    Experiment experiment;
    GError *error = NULL;
    int status;
    bool good;

    hold_signals(command);
    signal(SIGXFSZ, SIG_IGN); /* a write that is too much fails instead */
    if (command->ranks.count > 1) {
        options.executor = executor_mpi_new(
            &command->ranks, plan, options.threads, options.samples, &error);
        if (options.executor == NULL)
            return cli_complain(error, CLI_WRONG);
    }
    good = experiment_run(&experiment, plan, &options, &error);
    executor_free(options.executor);
    if (command->shows_progress)
        fputs("\r\033[K", stderr);
    status = good ? finish(command, &experiment) : say_failure(command, error);
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
    g_strfreev(command.sets);
    mpi_end(&command.ranks);
    return status;
}
