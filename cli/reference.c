/* reference.c - see reference.h. */
#include "reference.h"

#include <string.h>

#include "cli.h"
#include "manual.h"
#include "models/observers/measure.h"
#include "models/observers/gauge.h"
#include "models/tell.h"
#include "experiments/plan.h"
#include "syntax.h"

static void heading(GString *out, const char *title, const char *text)
{
    g_string_append_printf(out, "# %s\n\n", title);
    g_string_append(out, "<!-- Made by tests/run-reference --renew. -->\n\n");
    g_string_append_printf(out, "%s\n", text);
}

static void add_table(GString *out, Description *description /* taken */)
{
    description_markdown(description, out);
    description_free(description);
}

static void add_syntax(GString *out, const CliSyntax *syntax)
{
    g_string_append_printf(out, "\n## %s%s%s\n\n%s\n\n```\n%s```\n",
                           strcmp(syntax->kind, "estimand") == 0 ? "" : "[",
                           syntax->kind,
                           strcmp(syntax->kind, "case") == 0       ? " NAME]"
                           : strcmp(syntax->kind, "estimand") == 0 ? ""
                                                                   : "]",
                           syntax->sentence, syntax->lines);
}

/* The groups of the experiment's own, or the topology's. */
static void add_groups(GString *out, bool experiment)
{
    GArray *groups = cli_key_groups();

    for (guint i = 0; i < groups->len; i++) {
        const CliKeyGroup *group = &g_array_index(groups, CliKeyGroup, i);

        if (g_strv_contains(plan_group_kinds, group->kind) != experiment)
            continue;
        g_string_append_printf(out, "\n## [%s]\n\n", group->kind);
        add_table(out, cli_describe_group(group));
    }
    g_array_unref(groups);
}

/* --- pages ---------------------------------------------------------------- */

static void index_page(GString *out)
{
    heading(out, "Reference",
            "Everything that may be written, and everything that is told, from "
            "the tables\nthat the program itself reads: `firstbyte describe` "
            "says the same in a terminal.\n\n"
            "- [The experiment file](experiment.md): workloads, sweeps, "
            "replication, plots, expectations\n"
            "- [The topology file](topology.md): nodes, links, TCP and the "
            "other protocols' settings\n"
            "- [Metrics and units](metrics.md): what is measured, and how "
            "quantities are written\n"
            "- [Records](records.md): what a run tells, and why packets are "
            "dropped\n"
            "- [The command](command.md): verbs and their options\n"
            "- [Results](../results.md): the tables of a results folder\n\n"
            "Config files are text: groups in brackets, one `key = value` on a "
            "line, comments on\nlines of their own that begin with `#`. A "
            "line that is indented more than the key above\nit goes on with "
            "that key's value, up to an empty line. A mistake is answered with "
            "its\nline, and `firstbyte check FILE` finds all of them at "
            "once.");
}

static void experiment_page(GString *out)
{
    heading(out, "The experiment file",
            "What is done (workloads), on which network, what is varied (the "
            "sweep), how often\nit is repeated, what is measured, drawn and "
            "expected. Groups that are not listed\nhere are the "
            "[topology](topology."
            "md)'s: they stand in the experiment itself, or in the\nfile that "
            "`topology` names and are then laid over it, key by key. `include` "
            "does the\nsame with other experiment files, and `--set "
            "GROUP.KEY=VALUE` "
            "comes last of all.");
    add_groups(out, true);
    for (const CliSyntax *s = cli_syntax; s->kind != NULL; s++)
        add_syntax(out, s);
}

static void topology_page(GString *out)
{
    heading(out, "The topology file",
            "Nodes and the links between them. A group of settings (`[tcp]`, "
            "`[arp]` ...) holds for\nall nodes; with the name of a node "
            "(`[tcp web]`) for that one. `[link A -- B]` holds\nfor both "
            "directions, `[link A -> B]` for one. `[node NAME]` with `count = "
            "N` makes\nNAME.1 to NAME.N; a link to NAME joins each of them.");
    add_groups(out, false);
}

static void metrics_page(GString *out)
{
    heading(out, "Metrics and units",
            "What a run measures. Each metric has samples, or is observed all "
            "the time; failures\nare counted beside them.");
    g_string_append(out, "\n## Metrics\n\n");
    add_table(out, description_of_measures());
    g_string_append(out, "\n## For `[measure] sample` alone\n\n");
    add_table(out, description_of_gauges());
    g_string_append(out, "\n## Units\n\nA quantity is a number and its unit; a "
                         "bare number where a unit is due is a mistake.\n\n");
    add_table(out, description_of_units());
}

static void add_words(GString *out, const char *title, const char *head,
                      const Word *words, int count)
{
    const char *heads[] = {head, NULL};
    Description *description = description_new(heads);

    for (int i = 0; i < count; i++)
        if (words[i].name != NULL) {
            const char *cells[] = {words[i].name, NULL};

            description_add(description, cells, words[i].sentence, "");
        }
    g_string_append_printf(out, "\n## %s\n\n", title);
    add_table(out, description);
}

static void records_page(GString *out)
{
    heading(out, "Records",
            "What models tell, and observers (the story, pcap, HAR, "
            "metrics, the fingerprint) hear.");
    add_words(out, "What is told", "record", record_kinds, RECORD_KINDS);
    add_words(out, "Why a packet is dropped", "reason", drop_reasons,
              DROP_REASONS);
    add_words(out, "Why a segment is sent again", "reason", repeat_reasons,
              REPEAT_REASONS);
    add_words(out, "What a sender concludes about losses", "step",
              recovery_steps, RECOVERY_STEPS);
}

/* The options stand below, by each verb's --help. */
static void command_page(GString *out)
{
    heading(out, "The command",
            "Exit status: 0 done; 1 the run failed, an expectation does not "
            "hold, or a comparison\ndiffers; 2 the command line or a config "
            "file is wrong.\n");
    for (const CliVerb *v = cli_verbs; v->name != NULL; v++)
        g_string_append_printf(out, "- [%s](#firstbyte-%s): %s\n", v->name,
                               v->name, v->sentence);
}

bool reference_page(const char *name, GString *out)
{
    static const struct {
        const char *name;
        void (*write)(GString *out);
    } pages[] = {
        {"README", index_page},      {"experiment", experiment_page},
        {"topology", topology_page}, {"metrics", metrics_page},
        {"records", records_page},   {"command", command_page},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++)
        if (strcmp(pages[i].name, name) == 0) {
            pages[i].write(out);
            return true;
        }
    return false;
}
