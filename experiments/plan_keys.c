/* plan_keys.c - the keys of an experiment's groups, and the texts that only
 * they have: stopping rules, seeds. */
#include "plan.h"

#include <string.h>

/* --- seed: 64 bits -------------------------------------------------------- */

static bool parse_seed(const char *text, void *field, char **why)
{
    guint64 seed;

    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &seed, NULL)) {
        *why = g_strdup_printf("\"%s\" is no seed; a whole number from 0 to "
                               "18446744073709551615 would be",
                               text);
        return false;
    }
    *(uint64_t *)field = seed;
    return true;
}

static char *format_seed(const void *field)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, *(const uint64_t *)field);
}

/* --- the tables ----------------------------------------------------------- */

#define KEY(field) offsetof(ExperimentConfig, field)
const ConfigKey experiment_keys[] = {
    {.key = "title",
     .type = CONFIG_TEXT,
     .offset = KEY(title),
     .def = "",
     .sentence = "What the experiment is called, on plots.",
     .source = ""},
    {.key = "question",
     .type = CONFIG_TEXT,
     .offset = KEY(question),
     .def = "",
     .sentence = "What it is to find out.",
     .source = ""},
    {.key = "hypothesis",
     .type = CONFIG_TEXT,
     .offset = KEY(hypothesis),
     .def = "",
     .sentence = "What the author thinks will come out, and why, in words; "
                 "[expect] has it in figures. The report shows both.",
     .source = ""},
    {.key = "include",
     .type = CONFIG_TEXT,
     .offset = KEY(include),
     .def = "",
     .sentence = "Experiment files that this one is laid over, key by key: "
                 "FILE, FILE, as seen from here; a later one over an earlier.",
     .source = ""},
    {.key = "topology",
     .type = CONFIG_TEXT,
     .offset = KEY(topology),
     .def = "",
     .sentence = "Topology file, found beside the experiment or among the "
                 "shipped ones; without it the groups stand in the experiment.",
     .source = ""},
    {.key = NULL},
};
#undef KEY

#define KEY(field) offsetof(ReplicateConfig, field)
const ConfigKey replicate_keys[] = {
    {.key = "seed",
     .type = CONFIG_CUSTOM,
     .offset = KEY(seed),
     .def = "1",
     .sentence = "What all random streams start from, with the number of the "
                 "replication: the same at every point.",
     .source = "",
     .parse = parse_seed,
     .format = format_seed},
    {.key = "min",
     .type = CONFIG_COUNT,
     .offset = KEY(min),
     .def = "5",
     .min = 1,
     .max = 1e6,
     .sentence = "Replications of each point, at least.",
     .source = ""},
    {.key = "max",
     .type = CONFIG_COUNT,
     .offset = KEY(max),
     .def = "100",
     .min = 1,
     .max = 1e6,
     .sentence = "Replications of each point, at most.",
     .source = ""},
    {.key = "until",
     .type = CONFIG_TEXT,
     .offset = KEY(until),
     .def = "none",
     .sentence =
         "Stop when intervals are this narrow: halfwidth(ESTIMAND) < WIDTH "
         "[and halfwidth(...) < ...] at LEVEL; ESTIMAND is mean(METRIC), "
         "p99(METRIC) or another quantile, failures(METRIC), count(METRIC), "
         "or difference(...) to AXIS is VALUE; WIDTH in percent is relative "
         "to the estimate.  none: min replications.",
     .source = ""},
    {.key = "batch",
     .type = CONFIG_COUNT,
     .offset = KEY(batch),
     .def = "growing",
     .min = 1,
     .max = 1e6,
     .choices = "growing",
     .sentence =
         "The rule is asked after min replications and then after so many "
         "more each time; growing: a tenth more than there are.  Asking "
         "often stops too early (docs/statistics.md).",
     .source = ""},
    {.key = "streams",
     .type = CONFIG_CHOICE,
     .offset = KEY(streams),
     .def = "common",
     .choices = "common|independent",
     .sentence =
         "Whether replication R sees the same random numbers at every point "
         "(differences between points are then paired), or each point, by "
         "its number, its own.",
     .source = "A. M. Law, Simulation Modeling and Analysis, s11.2"},
    {.key = "rare",
     .type = CONFIG_COUNT,
     .offset = KEY(rare),
     .def = "10",
     .min = 0,
     .max = 1e6,
     .sentence =
         "Where packets may be lost, a point has not converged before so "
         "many replications have lost a packet or sent one again.",
     .source = ""},
    {.key = NULL},
};
#undef KEY
