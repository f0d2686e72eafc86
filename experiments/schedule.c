/* schedule.c - asks an executor for runs, and counts them in their order. */
#include "schedule.h"

#include "stopping.h"

/* A point while its runs are being made. */
typedef struct Progress {
    PlanPoint *point;   /* NULL before its first run and after its last */
    unsigned issued;    /* replications given to workers */
    unsigned accepted;  /* handed on */
    unsigned in_flight; /* issued and not come back */
    bool done;
    bool waits;       /* at a look: no more runs are accepted for now */
    bool needs_more;  /* what it said when it was last looked at... */
    unsigned looked;  /* ... after so many runs */
    GQueue early;     /* of RunResult *, that came before their turn */
    GHashTable *seen; /* of char *: fingerprints of its runs */
} Progress;

typedef struct Runner {
    const Plan *plan;
    const RunOptions *options;
    const RunListener *listener;
    PointSummary *summaries;
    Progress *points;
    GQueue before; /* of RunResult *: runs that were recorded */
    unsigned in_flight, first_open, runs, points_done;
    gint64 begun;
    bool stopping, failed;
    GError **error;
} Runner;

static unsigned most_runs(const Runner *runner, unsigned point)
{
    if (!shard_has(&runner->options->shard, point))
        return 0;
    if (runner->options->replications != NULL)
        return runner->options->replications[point];
    return runner->plan->until->count > 0 ? runner->plan->replicate.max
                                          : runner->plan->replicate.min;
}

/* How many runs POINT will have had in any case: those before its next look. */
static unsigned sure_runs(const Runner *runner, unsigned point)
{
    const Progress *progress = &runner->points[point];

    if (progress->done || progress->waits)
        return 0;
    if (runner->options->replications != NULL)
        return most_runs(runner, point);
    return stopping_next_look(runner->plan, progress->accepted);
}

/* How far workers may go that would be idle otherwise: a little ahead of what
 * the stopping rule has seen. */
static unsigned runs_ahead(const Runner *runner, unsigned point)
{
    const Progress *progress = &runner->points[point];
    unsigned ahead = progress->accepted + 2 * runner->options->executor->slots;

    return progress->done ? 0 : MIN(most_runs(runner, point), ahead);
}

static void issue(Runner *runner, unsigned number)
{
    Progress *progress = &runner->points[number];
    const RunListener *listener = runner->listener;
    uint32_t replication = progress->issued++;
    RunResult *before = NULL;

    if (listener->recorded != NULL)
        before = listener->recorded(listener->data, number, replication);
    if (progress->point == NULL)
        progress->point = plan_point_new(runner->plan, number, NULL);
    g_assert(progress->point != NULL); /* checked by plan_read() */
    progress->in_flight++;
    runner->in_flight++;
    if (before != NULL)
        g_queue_push_tail(&runner->before, before);
    else
        runner->options->executor->submit(runner->options->executor,
                                          progress->point, replication);
}

/* Asks for runs of the earliest points that have not been given as many as
 * UP_TO says, until the workers have enough to do. */
static void issue_up_to(Runner *runner,
                        unsigned (*up_to)(const Runner *runner, unsigned point))
{
    unsigned number = runner->first_open;

    while (!runner->stopping && number < runner->plan->points &&
           runner->in_flight < 2 * runner->options->executor->slots) {
        if (runner->points[number].issued < up_to(runner, number))
            issue(runner, number);
        else
            number++;
    }
}

/* Keeps the workers busy: as long as there are runs that are needed whatever
 * the stopping rule says, none is made that may have been for nothing. */
static void issue_some(Runner *runner)
{
    issue_up_to(runner, sure_runs);
    issue_up_to(runner, runs_ahead);
}

/* --- when a point has had enough ------------------------------------------ */

static void forget_early(Progress *progress)
{
    /* Runs beyond where the rule stopped are forgotten. */
    g_queue_clear_full(&progress->early, (GDestroyNotify)run_result_free);
    if (progress->in_flight > 0)
        return;
    plan_point_free(progress->point);
    progress->point = NULL;
}

static void point_is_done(Runner *runner, unsigned number)
{
    Progress *progress = &runner->points[number];
    PointSummary *summary = &runner->summaries[number];

    progress->done = true;
    runner->points_done++;
    summary->converged =
        summary->unsteady == 0 &&
        stopping_holds(runner->plan, runner->summaries, number);
    estimate_settle(runner->plan, runner->summaries, number);
    while (runner->first_open < runner->plan->points &&
           runner->points[runner->first_open].done)
        runner->first_open++;
    if (!runner->failed && runner->listener->point_done != NULL &&
        !runner->listener->point_done(runner->listener->data, progress->point,
                                      summary, runner->error))
        runner->failed = runner->stopping = true;
    if (progress->seen != NULL)
        g_hash_table_destroy(progress->seen);
    progress->seen = NULL;
    forget_early(progress);
}

/* The clause I of the rule where it is about a difference; NULL: it is not. */
static const Estimand *difference(const Runner *runner, unsigned i)
{
    const Estimand *estimand = &runner->plan->until->clauses[i].estimand;

    return estimand->axes > 0 ? estimand : NULL;
}

/* Whether every baseline of point NUMBER has as many runs. */
static bool baselines_are_there(const Runner *runner, unsigned number)
{
    for (unsigned i = 0; i < runner->plan->until->count; i++) {
        const Estimand *estimand = difference(runner, i);

        if (estimand != NULL &&
            runner->points[estimand_baseline(estimand, runner->plan, number)]
                    .accepted < runner->points[number].accepted)
            return false;
    }
    return true;
}

typedef enum Others { OTHERS_UNDECIDED, OTHERS_NEED_MORE, OTHERS_DONE } Others;

/* What the points want whose baseline number NUMBER is. */
static Others others(const Runner *runner, unsigned number)
{
    const Plan *plan = runner->plan;
    unsigned accepted = runner->points[number].accepted;
    Others answer = OTHERS_DONE;

    for (unsigned i = 0; i < plan->until->count; i++) {
        const Estimand *estimand = difference(runner, i);

        if (estimand == NULL ||
            estimand_baseline(estimand, plan, number) != number)
            continue;
        for (unsigned s = 0; s < estimand_siblings(estimand, plan); s++) {
            const Progress *other =
                &runner->points[estimand_sibling(estimand, plan, number, s)];

            if (other == &runner->points[number] || other->done)
                continue;
            if (other->looked < accepted)
                return OTHERS_UNDECIDED;
            if (other->needs_more)
                answer = OTHERS_NEED_MORE;
        }
    }
    return answer;
}

/* Point NUMBER stands at a look.  It needs more runs while the rule does not
 * hold, and gets more while a point does whose baseline it is: all that have to
 * do with each other look after the same number of runs, and wait there until
 * every one has made up its mind.  That number alone decides, not the order in
 * which runs come. */
static bool look(Runner *runner, unsigned number)
{
    Progress *progress = &runner->points[number];
    bool first = progress->looked < progress->accepted;
    Others wanted;

    if (!progress->waits || (first && !baselines_are_there(runner, number)))
        return false;
    if (first) {
        progress->looked = progress->accepted;
        progress->needs_more =
            progress->accepted < most_runs(runner, number) &&
            !stopping_holds(runner->plan, runner->summaries, number);
    }
    wanted = others(runner, number);
    if (wanted == OTHERS_UNDECIDED)
        return first;
    progress->waits = false;
    if (!progress->needs_more && wanted == OTHERS_DONE)
        point_is_done(runner, number);
    return true;
}

static void look_around(Runner *runner, unsigned number);
static void accept_early(Runner *runner, unsigned number);

/* Point NUMBER may have moved: it goes on, and those that waited for it. */
static void moved(Runner *runner, unsigned number)
{
    if (!look(runner, number))
        return;
    look_around(runner, number);
    accept_early(runner, number);
}

static void look_around(Runner *runner, unsigned number)
{
    const Plan *plan = runner->plan;

    for (unsigned i = 0; i < plan->until->count; i++) {
        const Estimand *estimand = difference(runner, i);

        for (unsigned s = 0;
             estimand != NULL && s < estimand_siblings(estimand, plan); s++)
            moved(runner, estimand_sibling(estimand, plan, number, s));
    }
}

/* --- runs that came back -------------------------------------------------- */

/* Whether RESULT is the same run as an earlier one of its point. */
static bool seen_before(Progress *progress, const RunResult *result)
{
    if (progress->seen == NULL)
        progress->seen =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return !g_hash_table_add(progress->seen, g_strdup(result->fingerprint));
}

/* RESULT (taken) is the next of its point. */
static void accept(Runner *runner, RunResult *result)
{
    unsigned number = result->point;
    Progress *progress = &runner->points[number];
    PointSummary *summary = &runner->summaries[number];

    progress->accepted++;
    runner->runs++;
    summary->lossy |= result->lossy;
    summary->random |= result->random;
    summary->same += seen_before(progress, result);
    summary_add(summary, result->metrics, result->failures, result->steady);
    if (!runner->listener->result(runner->listener->data, result,
                                  runner->error))
        runner->failed = runner->stopping = true;
    run_result_free(result);
    if (runner->options->replications != NULL) {
        if (progress->accepted >= most_runs(runner, number))
            point_is_done(runner, number);
    } else if (stopping_looks(runner->plan, progress->accepted)) {
        progress->waits = true;
        moved(runner, number);
    }
}

/* The run of PROGRESS that is next in order, if it has come back. */
static RunResult *take_next(Progress *progress)
{
    for (GList *link = progress->early.head; link != NULL; link = link->next) {
        RunResult *result = link->data;

        if (result->replication == progress->accepted) {
            g_queue_delete_link(&progress->early, link);
            return result;
        }
    }
    return NULL;
}

static void accept_early(Runner *runner, unsigned number)
{
    Progress *progress = &runner->points[number];
    RunResult *next;

    while (!progress->done && !progress->waits && !runner->failed &&
           (next = take_next(progress)) != NULL)
        accept(runner, next);
}

static void came_back(Runner *runner, RunResult *result /* taken */)
{
    Progress *progress = &runner->points[result->point];
    unsigned number = result->point;

    runner->in_flight--;
    progress->in_flight--;
    g_queue_push_tail(&progress->early, result);
    accept_early(runner, number);
    if (progress->done)
        forget_early(progress);
}

/* How many runs point NUMBER will have had. */
static double expected_runs(const Runner *runner, unsigned number)
{
    const Progress *progress = &runner->points[number];

    if (progress->done)
        return progress->accepted;
    if (runner->options->replications != NULL)
        return most_runs(runner, number);
    return stopping_expected(runner->plan, runner->summaries, number);
}

static void tell_progress(const Runner *runner)
{
    RunProgress progress = {.points_done = runner->points_done,
                            .points = runner->plan->points,
                            .runs = runner->runs};

    if (runner->listener->progress == NULL)
        return;
    progress.seconds = (double)(g_get_monotonic_time() - runner->begun) * 1e-6;
    for (unsigned i = 0; i < runner->plan->points; i++)
        progress.runs_expected += expected_runs(runner, i);
    runner->listener->progress(runner->listener->data, &progress);
}

static RunResult *next_result(Runner *runner)
{
    Executor *executor = runner->options->executor;
    RunResult *result = g_queue_pop_head(&runner->before);

    return result != NULL ? result
                          : executor->take(executor, G_USEC_PER_SEC / 10);
}

static void run_until_done(Runner *runner)
{
    gint64 told = 0;

    issue_some(runner);
    while (runner->in_flight > 0) {
        RunResult *result = next_result(runner);

        if (result != NULL)
            came_back(runner, result);
        if (runner->listener->stop != NULL &&
            runner->listener->stop(runner->listener->data))
            runner->stopping = true;
        issue_some(runner);
        if (g_get_monotonic_time() - told > G_USEC_PER_SEC / 5) {
            tell_progress(runner);
            told = g_get_monotonic_time();
        }
    }
    tell_progress(runner);
}

static void progress_clear(Progress *progress)
{
    g_queue_clear_full(&progress->early, (GDestroyNotify)run_result_free);
    plan_point_free(progress->point);
    if (progress->seen != NULL)
        g_hash_table_destroy(progress->seen);
}

bool run_all(const Plan *plan, const RunOptions *options,
             const RunListener *listener, PointSummary *summaries,
             GError **error)
{
    Runner runner = {.plan = plan,
                     .options = options,
                     .listener = listener,
                     .summaries = summaries,
                     .points = g_new0(Progress, plan->points),
                     .begun = g_get_monotonic_time(),
                     .error = error};

    for (unsigned i = 0; i < plan->points; i++)
        if (most_runs(&runner, i) == 0)
            runner.points[i].done = true;
    run_until_done(&runner);
    for (unsigned i = 0; i < plan->points; i++) {
        progress_clear(&runner.points[i]);
        if (summaries[i].replications > 0)
            estimate_settle(plan, summaries, i);
    }
    g_free(runner.points);
    return !runner.failed && !runner.stopping;
}
