/* coverage.c - makes experiments again and again. */
#include "coverage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* --- an executor that makes a run when it is asked for -------------------- */

typedef struct Inline {
    Executor executor; /* first */
    const Plan *plan;
    const Study *study;
    GQueue results; /* of RunResult * */
} Inline;

static void submit(Executor *executor, const PlanPoint *point,
                   uint32_t replication)
{
    Inline *self = (Inline *)executor;

    g_queue_push_tail(&self->results,
                      self->study->run(self->plan, point, replication));
}

static RunResult *take(Executor *executor, uint64_t usec)
{
    return g_queue_pop_head(&((Inline *)executor)->results);
}

static void drop(Executor *executor)
{
    g_queue_clear_full(&((Inline *)executor)->results,
                       (GDestroyNotify)run_result_free);
}

/* --- one experiment ------------------------------------------------------- */

static bool keep_nothing(void *data, const RunResult *result, GError **error)
{
    return true;
}

static double truth_of(const Study *study, const Plan *plan, unsigned point,
                       const Estimand *estimand)
{
    Estimand simple = *estimand;
    unsigned baseline = estimand_baseline(estimand, plan, point);

    simple.axes = 0;
    if (estimand->axes == 0)
        return study->truth(plan, point, &simple);
    if (baseline == point)
        return NAN;
    return study->truth(plan, point, &simple) -
           study->truth(plan, baseline, &simple);
}

static void count_answer(const Plan *plan, const PointSummary *summaries,
                         unsigned point, const Estimand *estimand, Tally *tally)
{
    Estimate estimate = estimate_of(plan, summaries, point, estimand);
    double slack = 1e-9 * fabs(tally->truth);

    if (isnan(tally->truth))
        return;
    tally->asked++;
    tally->held += estimate.low <= tally->truth + slack &&
                   estimate.high >= tally->truth - slack;
    tally->value += estimate.value;
    tally->widths += estimate_half_width(&estimate);
}

static void one_experiment(const Study *study, const Plan *plan,
                           const Estimand *estimands, Outcome *outcome)
{
    Inline executor = {
        .executor = {1, submit, take, drop}, .plan = plan, .study = study};
    RunOptions options = {.executor = &executor.executor};
    RunListener listener = {.result = keep_nothing};
    PointSummary summaries[POINTS_MAX];

    for (unsigned p = 0; p < plan->points; p++)
        summary_init(&summaries[p], plan);
    if (!run_all(plan, &options, &listener, summaries, NULL))
        abort();
    executor_free(&executor.executor);
    for (unsigned p = 0; p < plan->points; p++) {
        outcome->runs[p] += summaries[p].replications;
        outcome->converged[p] += summaries[p].converged;
        for (unsigned q = 0; summaries[p].converged && q < outcome->questions;
             q++)
            count_answer(plan, summaries, p, &estimands[q],
                         &outcome->tallies[p][q]);
    }
    for (unsigned p = 0; p < plan->points; p++)
        summary_clear(&summaries[p]);
    outcome->experiments++;
}

/* --- many ----------------------------------------------------------------- */

typedef struct Share {
    const Study *study;
    unsigned first, step, end; /* seeds */
    Outcome outcome;
} Share;

static Plan *read_study(const Study *study)
{
    char *file, **sets = g_strdupv((char **)study->sets);
    GError *error = NULL;
    Plan *plan;
    int fd = g_file_open_tmp("coverage-XXXXXX.ini", &file, &error);

    if (fd < 0 || !g_file_set_contents(file, study->experiment, -1, &error) ||
        (plan = plan_read(file, sets, &error)) == NULL) {
        fprintf(stderr, "%s: %s\n", study->title, error->message);
        exit(1);
    }
    close(fd);
    g_remove(file);
    g_free(file);
    g_strfreev(sets);
    return plan;
}

static void read_questions(const Study *study, Plan *plan, Estimand *estimands,
                           Outcome *outcome)
{
    char *why = NULL;

    outcome->points = plan->points;
    for (unsigned q = 0; study->questions[q] != NULL; q++) {
        if (!estimand_parse(&estimands[q], plan, study->questions[q], &why)) {
            fprintf(stderr, "%s: %s\n", study->title, why);
            exit(1);
        }
        estimand_want(plan, &estimands[q]);
        for (unsigned p = 0; p < plan->points; p++)
            outcome->tallies[p][q] =
                (Tally){.point = plan_point_text(plan, p),
                        .estimand = estimand_text(&estimands[q], plan),
                        .truth = truth_of(study, plan, p, &estimands[q])};
        outcome->questions++;
    }
}

static gpointer do_share(gpointer data)
{
    Share *share = data;
    Estimand estimands[QUESTIONS_MAX];
    Plan *plan = read_study(share->study);

    g_assert(plan->points <= POINTS_MAX);
    read_questions(share->study, plan, estimands, &share->outcome);
    for (unsigned seed = share->first; seed < share->end; seed += share->step) {
        plan->replicate.seed = seed;
        one_experiment(share->study, plan, estimands, &share->outcome);
    }
    plan_free(plan);
    return NULL;
}

static void add_outcome(Outcome *into, const Outcome *from)
{
    into->experiments += from->experiments;
    for (unsigned p = 0; p < into->points; p++) {
        into->runs[p] += from->runs[p];
        into->converged[p] += from->converged[p];
        for (unsigned q = 0; q < into->questions; q++) {
            into->tallies[p][q].asked += from->tallies[p][q].asked;
            into->tallies[p][q].held += from->tallies[p][q].held;
            into->tallies[p][q].value += from->tallies[p][q].value;
            into->tallies[p][q].widths += from->tallies[p][q].widths;
        }
    }
}

void coverage_run(const Study *study, unsigned experiments, unsigned threads,
                  Outcome *outcome)
{
    Share *shares = g_new0(Share, threads);
    GThread **thread = g_new(GThread *, threads);

    for (unsigned i = 0; i < threads; i++) {
        shares[i] = (Share){.study = study,
                            .first = 1 + i,
                            .step = threads,
                            .end = experiments + 1};
        thread[i] = g_thread_new("coverage", do_share, &shares[i]);
    }
    for (unsigned i = 0; i < threads; i++) {
        g_thread_join(thread[i]);
        if (i == 0)
            continue;
        add_outcome(&shares[0].outcome, &shares[i].outcome);
        outcome_clear(&shares[i].outcome);
    }
    *outcome = shares[0].outcome;
    g_free(shares);
    g_free(thread);
}

void outcome_clear(Outcome *outcome)
{
    for (unsigned p = 0; p < outcome->points; p++)
        for (unsigned q = 0; q < outcome->questions; q++) {
            g_free(outcome->tallies[p][q].point);
            g_free(outcome->tallies[p][q].estimand);
        }
}
