/* experiment.c - from a plan to a results folder with its plots. */
#include "experiment.h"

#include <math.h>
#include <string.h>

#include "bit_error_rate.h"
#include "littles_law.h"
#include "loss_rate.h"
#include "queueing_theory.h"
#include "parallel.h"
#include "plot.h"
#include "store.h"
#include "syn_path.h"

/* --- running -------------------------------------------------------------- */

typedef struct Session {
    Store *store;
    const ExperimentOptions *options;
    GError *why; /* what failed first: SQLite then gives the transaction up, and
                    all that comes later fails for that */
} Session;

/* The store has done what it should; else ERROR is told what failed first. */
static bool keep(Session *session, bool good, GError **error)
{
    if (!good)
        g_propagate_error(error, g_error_copy(session->why));
    return good;
}

static bool keep_result(void *data, const RunResult *result, GError **error)
{
    Session *session = data;

    return keep(session,
                session->why == NULL &&
                    store_add_run(session->store, result, &session->why),
                error);
}

static bool keep_point(void *data, const PlanPoint *point,
                       const PointSummary *summary, GError **error)
{
    Session *session = data;

    return keep(session,
                session->why == NULL && store_add_point(session->store, point,
                                                        summary, &session->why),
                error);
}

static void pass_progress(void *data, const RunProgress *progress)
{
    const ExperimentOptions *options = ((Session *)data)->options;

    if (options->progress != NULL)
        options->progress(options->data, progress);
}

/* Called all the time, also while no run comes back. */
static bool tick_and_pass_stop(void *data)
{
    Session *session = data;
    const ExperimentOptions *options = session->options;

    if (session->why == NULL)
        store_tick(session->store, &session->why);
    return session->why != NULL ||
           (options->stop != NULL && options->stop(options->data));
}

static RunResult *find_recorded(void *data, unsigned point,
                                uint32_t replication)
{
    Session *session = data;
    const ExperimentOptions *options = session->options;
    RunResult *result = store_recorded(session->store, point, replication);

    if (result == NULL && options->recorded != NULL)
        result = options->recorded(options->data, point, replication);
    return result;
}

static void summaries_new(Experiment *experiment, const Plan *plan)
{
    *experiment = (Experiment){.plan = plan};
    experiment->summaries = g_new(PointSummary, plan->points);
    for (unsigned i = 0; i < plan->points; i++)
        summary_init(&experiment->summaries[i], plan);
}

/* Who makes the runs.  An executor that was given knows already whether samples
 * are kept; a results folder that is gone on with must agree. */
static Executor *executor_of(const Experiment *experiment,
                             const Session *session, GError **error)
{
    const ExperimentOptions *options = session->options;
    bool samples = store_has_samples(session->store);

    if (options->executor == NULL)
        return executor_threads_new(experiment->plan, options->threads, samples,
                                    error);
    if (samples == options->samples)
        return options->executor;
    g_set_error(error, STORE_ERROR, STORE_ERROR_REFUSED,
                "%s: it %s samples; the same %s --samples would be right",
                options->folder, samples ? "keeps" : "keeps no",
                samples ? "with" : "without");
    executor_free(options->executor);
    return NULL;
}

/* Makes the runs that SESSION's store lacks. */
static bool make_runs(Experiment *experiment, Session *session, GError **error)
{
    const ExperimentOptions *options = session->options;
    RunListener listener = {session,       keep_result,        keep_point,
                            pass_progress, tick_and_pass_stop, find_recorded};
    RunOptions run = {executor_of(experiment, session, error),
                      options->replications, options->shard};
    GError *why = NULL;

    if (run.executor == NULL)
        return false;
    experiment->whole = run_all(experiment->plan, &run, &listener,
                                experiment->summaries, &why) &&
                        options->shard.count == 0;
    executor_free(run.executor);
    if (why == NULL)
        why = g_steal_pointer(&session->why);
    g_clear_error(&session->why);
    if (why == NULL)
        return true;
    g_propagate_error(error, why);
    return false;
}

bool experiment_run(Experiment *experiment, const Plan *plan,
                    const ExperimentOptions *options, GError **error)
{
    StoreOptions store = {options->threads, options->samples, options->force,
                          options->resume};
    Session session = {.options = options};
    bool good;

    summaries_new(experiment, plan);
    experiment->threads = options->threads;
    session.store = store_create(options->folder, plan, &store, error);
    if (session.store == NULL) {
        executor_free(options->executor);
        return false;
    }
    good = make_runs(experiment, &session, error) &&
           store_finish(session.store, experiment->summaries, experiment->whole,
                        error);
    store_free(session.store);
    return good;
}

void experiment_clear(Experiment *experiment)
{
    for (unsigned i = 0; i < experiment->plan->points; i++)
        summary_clear(&experiment->summaries[i]);
    g_free(experiment->summaries);
}

/* --- after the runs ------------------------------------------------------- */

bool experiment_plot(const Experiment *experiment, const char *folder,
                     GError **error)
{
    return plot_draw(experiment->plan, experiment->summaries, experiment->whole,
                     experiment->threads, folder, NULL, error);
}

/* What theory says is the mean of METRIC at point NUMBER; NAN and *WHY where
 * there is none.
 */
static double theory_mean(const Plan *plan, unsigned number, MetricId metric,
                          char **why)
{
    PlanPoint *point = plan_point_new(plan, number, NULL);
    double mean = NAN;

    if (metric == METRIC_TIME_WAIT_POPULATION) {
        mean = littles_law_time_wait(plan, point, why);
    } else if (metric == METRIC_QUEUE_DELAY || metric >= METRICS) {
        mean = queueing_theory_wait(plan, point, metric, THEORY_NONE, why);
    } else if (metric == METRIC_WORK_GOODPUT) {
        mean = loss_rate_goodput(point, THEORY_LOSS_RATE, why);
    } else if (metric == METRIC_BIT_ERRORS) {
        mean = bit_error_rate_at(point, why);
    } else {
        SynTheory *theory = syn_path_theory(point, 0, why);

        if (theory != NULL)
            mean = theory->mean;
        syn_theory_free(theory);
    }
    plan_point_free(point);
    return mean;
}

/* What theory says at each point, for one expectation. */
typedef struct Theories {
    const Experiment *experiment;
    const Expectation *expectation;
    double *means; /* NAN where `why` says why not */
    char **whys;
} Theories;

static bool concerns(const Experiment *experiment,
                     const Expectation *expectation, unsigned number)
{
    return experiment->summaries[number].replications > 0 &&
           expect_applies(expectation, experiment->plan, number);
}

static void work_out(void *data, unsigned number)
{
    const Theories *theories = data;

    theories->means[number] = NAN;
    if (theories->expectation->theory &&
        concerns(theories->experiment, theories->expectation, number))
        theories->means[number] = theory_mean(
            theories->experiment->plan, number,
            theories->expectation->estimand.metric, &theories->whys[number]);
}

/* At how many points it is said in full that an expectation does not hold. */
enum { FAILURES_SAID = 4 };

/* Says where it does not hold; THEORY, or WHY (taken) there is none.  *FAILED:
 * at how many points until now. */
static void holds_at(const Experiment *experiment,
                     const Expectation *expectation, unsigned number,
                     double theory, char *why, unsigned *failed,
                     GString *report)
{
    char *where;
    Estimate estimate;

    estimate = estimate_of(experiment->plan, experiment->summaries, number,
                           &expectation->estimand);
    if (why == NULL && expect_holds(expectation, &estimate, theory, &why))
        return;
    if (++*failed > FAILURES_SAID) {
        g_free(why);
        return;
    }
    where = plan_point_text(experiment->plan, number);
    g_string_append_printf(report, "expect %s: does not hold%s%s: %s\n",
                           expectation->name, where[0] != '\0' ? " at " : "",
                           where, why);
    g_free(where);
    g_free(why);
}

/* Of POINTS that have runs it does not hold at FAILED. */
static void say_all(const Expectation *expectation, unsigned points,
                    unsigned failed, GString *report)
{
    if (points == 0)
        g_string_append_printf(report,
                               "expect %s: no run was made of what it "
                               "is about\n",
                               expectation->name);
    else if (failed == 0)
        g_string_append_printf(report, "expect %s: holds at %u point%s\n",
                               expectation->name, points,
                               points == 1 ? "" : "s");
    else if (failed > FAILURES_SAID)
        g_string_append_printf(
            report, "expect %s: nor at %u more of %u points\n",
            expectation->name, failed - FAILURES_SAID, points);
}

bool experiment_expectation(const Experiment *experiment,
                            const Expectation *expectation, GString *report)
{
    const Plan *plan = experiment->plan;
    Theories theories = {experiment, expectation, g_new(double, plan->points),
                         g_new0(char *, plan->points)};
    unsigned points = 0, failed = 0;

    parallel_for(plan->points, experiment->threads, work_out, &theories);
    for (unsigned p = 0; p < plan->points; p++) {
        if (!concerns(experiment, expectation, p))
            continue;
        points++;
        holds_at(experiment, expectation, p, theories.means[p],
                 theories.whys[p], &failed, report);
    }
    g_free(theories.means);
    g_free(theories.whys);
    say_all(expectation, points, failed, report);
    return failed == 0;
}

bool experiment_expectations(const Experiment *experiment, GString *report)
{
    const GPtrArray *expectations = experiment->plan->expectations;
    bool all = true;

    for (unsigned i = 0; i < expectations->len; i++)
        all = experiment_expectation(
                  experiment, g_ptr_array_index(expectations, i), report) &&
              all;
    return all;
}

typedef struct Checking {
    const Experiment *experiment;
    GString *report;
    bool holds;
} Checking;

static void check_expectations(void *data)
{
    Checking *checking = data;

    checking->holds =
        experiment_expectations(checking->experiment, checking->report);
}

bool experiment_conclude(const Experiment *experiment, const char *folder,
                         bool *holds, GString *report, GError **error)
{
    Checking checking = {experiment, report, false};
    PlotMeanwhile meanwhile = {check_expectations, &checking};
    bool drawn =
        plot_draw(experiment->plan, experiment->summaries, experiment->whole,
                  experiment->threads, folder, &meanwhile, error);

    *holds = checking.holds;
    return drawn;
}
