/* cli.h - the command's verbs and what they share.
 *
 * Each verb gets its own arguments (argv[0] is the verb) and returns the exit
 * status: 0 done; 1 the run failed, the page did not arrive, an expectation
 * does not hold or a comparison differs; 2 the command line or a config file is
 * wrong. */
#ifndef FIRSTBYTE_CLI_CLI_H
#define FIRSTBYTE_CLI_CLI_H

#include <glib.h>
#include <stdbool.h>

#include "sim/config.h"
#include "sim/describe.h"

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG = 2 };

int cli_trace(int argc, char **argv);
int cli_run(int argc, char **argv);
int cli_plot(int argc, char **argv);
int cli_report(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_query(int argc, char **argv);
int cli_export(int argc, char **argv);
int cli_merge(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_describe(int argc, char **argv);

typedef struct CliVerb {
    const char *name, *arguments, *sentence, *example;
    int (*run)(int argc, char **argv);
} CliVerb;
extern const CliVerb cli_verbs[]; /* ends with name NULL */

/* Reads ARGV's options for VERB into ENTRIES' variables; what is left over, at
 * least MIN and at most MAX arguments, stays in ARGV, *ARGC counts it with
 * argv[0].  --help prints and exits with 0.  False: said what is wrong; the
 * verb returns CLI_WRONG. */
bool cli_options(const char *verb, const GOptionEntry *entries, int *argc,
                 char ***argv, int min, int max);
/* Prints ERROR on stderr as one line and frees it; returns STATUS. */
int cli_complain(GError *error, int status);
struct Experiment;
/* Draws the plots of an EXPERIMENT in FOLDER, checks what it expects, and
 * unless QUIET prints the results. */
int cli_outcome(const struct Experiment *experiment, const char *folder,
                bool quiet);
/* Applies each "GROUP.KEY=VALUE" of the NULL-ended SETS (may be NULL). */
bool cli_apply_sets(Config *config, char **sets, GError **error);
/* The --seed option's TEXT (NULL: FALLBACK) as a number. */
bool cli_seed(const char *text, uint64_t fallback, uint64_t *seed,
              GError **error);
/* A row for each shipped experiment; the caller frees. */
Description *cli_describe_experiments(void);
/* FD is a terminal, and nobody asked for NO_COLOR. */
bool cli_colours(int fd);

struct Plan; /* experiments/plan.h */
/* dry_run.c: prints how much PLAN is, for JOBS runs at a time. */
int cli_dry_run(const struct Plan *plan, unsigned jobs);

#endif
