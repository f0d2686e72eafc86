/* check_coverage.c - counts how often 95 % intervals hold the truth.
 *
 * Without arguments a few experiments, which find intervals that are broken.
 * With EXPERIMENTS [THREADS [WORDS]] the tables of docs/statistics.md, of the
 * studies whose title has WORDS.  Status 1: a mean's coverage is not from 93 to
 * 97 %, another's is below 93 %, or less than 95 % converge. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coverage.h"

enum { SHORT = 60 };

static void print_tally(const Outcome *outcome, unsigned point,
                        const Tally *tally)
{
    double bias = tally->value / tally->asked / tally->truth - 1;

    if (isnan(tally->truth) || tally->asked == 0)
        return;
    printf("| %s | %s | %.1f | %.1f %% | %.1f %% | ", tally->point,
           tally->estimand, outcome->runs[point] / outcome->experiments,
           100.0 * outcome->converged[point] / outcome->experiments,
           100 * tally_coverage(tally));
    /* A quantile at a jump of its distribution is now here, now there. */
    if (isfinite(bias) && strstr(tally->estimand, "p9") == NULL &&
        strstr(tally->estimand, "p5") == NULL)
        printf("%+.1f %% |\n", 100 * bias);
    else
        printf("|\n");
}

static void print_outcome(const Study *study, const Outcome *outcome)
{
    printf("\n**%s**\n\n| point | estimand | runs | converged | holds the "
           "truth | bias |\n|---|---|---:|---:|---:|---:|\n",
           study->title);
    for (unsigned p = 0; p < outcome->points; p++)
        for (unsigned q = 0; q < outcome->questions; q++)
            print_tally(outcome, p, &outcome->tallies[p][q]);
    fflush(stdout);
}

/* What the first question of STUDY, which its rule is about, and the others
 * have to reach among N experiments: SLACK standard errors of N allow for
 * chance. */
static unsigned judge(const Study *study, const Outcome *outcome, double slack)
{
    double error = slack * sqrt(0.95 * 0.05 / outcome->experiments);
    unsigned bad = 0;

    for (unsigned p = 0; p < outcome->points; p++) {
        if (outcome->converged[p] < (0.95 - error) * outcome->experiments) {
            printf("FAIL: %s: too few converge\n", study->title);
            bad++;
        }
        for (unsigned q = 0; q < outcome->questions; q++) {
            const Tally *tally = &outcome->tallies[p][q];
            double coverage = tally_coverage(tally);

            if (isnan(tally->truth) || (coverage >= 0.93 - error &&
                                        (q > 0 || coverage <= 0.97 + error)))
                continue;
            printf("FAIL: %s: %s at %s: %.1f %%\n", study->title,
                   tally->estimand, tally->point, 100 * coverage);
            bad++;
        }
    }
    return bad;
}

int main(int argc, char **argv)
{
    unsigned experiments = argc > 1 ? (unsigned)atoi(argv[1]) : SHORT;
    unsigned threads = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
    const char *only = argc > 3 ? argv[3] : "";
    unsigned bad = 0;

    if (argc > 1)
        printf("%u experiments each.\n", experiments);
    for (const Study *study = coverage_studies; study->title != NULL; study++) {
        Outcome outcome;

        if (argc > 1 ? strstr(study->title, only) == NULL : !study->in_short)
            continue;
        coverage_run(study, experiments, threads, &outcome);
        if (argc > 1)
            print_outcome(study, &outcome);
        if (!study->too_coarse)
            bad += judge(study, &outcome, argc > 1 ? 0 : 4);
        outcome_clear(&outcome);
    }
    return bad > 0;
}
