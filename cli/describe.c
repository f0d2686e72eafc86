/* describe.c - the verb `describe`: the vocabularies, from their tables. */
#include "cli.h"
#include "manual.h"
#include "reference.h"
#include "syntax.h"

#include <stdio.h>
#include <string.h>

#include "experiments/plan.h"
#include "experiments/store_schema.h"
#include "experiments/shipped.h"
#include "models/observers/gauge.h"
#include "models/observers/measure.h"
#include "models/tell.h"
#include "sim/describe.h"
#include "topologies/topology.h"

enum { WIDTH = 96 };

GArray *cli_key_groups(void)
{
    static const CliKeyGroup experiment[] = {
        {"experiment", experiment_keys}, {"workload", workload_keys},
        {"replicate", replicate_keys},   {"run", run_keys},
        {"measure", measure_keys},       {"plot", plot_keys},
    };
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(CliKeyGroup));

    for (const char *const *kind = topology_group_kinds; *kind != NULL;
         kind++) {
        CliKeyGroup group = {*kind, topology_keys(*kind)};

        g_array_append_val(groups, group);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(experiment); i++)
        g_array_append_val(groups, experiment[i]);
    return groups;
}

Description *cli_describe_group(const CliKeyGroup *group)
{
    bool tcp = strcmp(group->kind, "tcp") == 0;

    return description_of_keys(group->keys, tcp ? tcp_profiles : NULL);
}

/* The keys of GROUP that are called KEY (NULL: all); false when there is none.
 */
static bool describe_key(const CliKeyGroup *group, const char *key,
                         GString *out)
{
    Description *description = cli_describe_group(group);
    bool found = description_narrow(description, key);

    if (found) {
        g_string_append_printf(out, "%s[%s]\n", out->len > 0 ? "\n" : "",
                               group->kind);
        description_text(description, WIDTH, out);
    }
    description_free(description);
    return found;
}

/* The groups that are no table; NULL: all. */
static bool describe_syntax(const char *name, GString *out)
{
    bool found = false;

    for (const CliSyntax *s = cli_syntax; s->kind != NULL; s++) {
        if (name != NULL && strcmp(name, s->kind) != 0)
            continue;
        g_string_append_printf(out, "%s%s\n%s\n\n%s", out->len > 0 ? "\n" : "",
                               s->kind, s->sentence, s->lines);
        found = true;
    }
    return found;
}

/* NAME: a kind of group ("tcp"), a key ("rto.min") or both ("tcp.rto.min");
 * NULL means everything. */
static bool describe_keys(const char *name, GString *out)
{
    GArray *groups = cli_key_groups();
    bool found = false;

    for (guint i = 0; i < groups->len && !found && name != NULL; i++) {
        const CliKeyGroup *group = &g_array_index(groups, CliKeyGroup, i);
        size_t len = strlen(group->kind);

        if (strncmp(name, group->kind, len) == 0 && name[len] == '\0')
            found = describe_key(group, NULL, out);
        else if (strncmp(name, group->kind, len) == 0 && name[len] == '.')
            found = describe_key(group, name + len + 1, out);
    }
    for (guint i = 0; i < groups->len && (!found || name == NULL); i++)
        found |=
            describe_key(&g_array_index(groups, CliKeyGroup, i), name, out);
    g_array_unref(groups);
    return describe_syntax(name, out) || found;
}

static void add_words(Description *description, const Word *words, int count)
{
    for (int i = 0; i < count; i++)
        if (words[i].name != NULL) {
            const char *cells[] = {words[i].name, NULL};

            description_add(description, cells, words[i].sentence, "");
        }
}

static bool describe_words(const char *title, const char *head,
                           const Word *words, int count, const char *name,
                           GString *out)
{
    const char *heads[] = {head, NULL};
    Description *description = description_new(heads);
    bool found;

    add_words(description, words, count);
    found = description_narrow(description, name);
    if (found) {
        g_string_append_printf(out, "%s%s\n", out->len > 0 ? "\n" : "", title);
        description_text(description, WIDTH, out);
    }
    description_free(description);
    return found;
}

static bool describe_records(const char *name, GString *out)
{
    bool found = describe_words("What is told", "record", record_kinds,
                                RECORD_KINDS, name, out);

    found |= describe_words("Why a packet is dropped", "reason", drop_reasons,
                            DROP_REASONS, name, out);
    found |= describe_words("Why a segment is sent again", "reason",
                            repeat_reasons, REPEAT_REASONS, name, out);
    found |= describe_words("What a sender concludes about losses", "step",
                            recovery_steps, RECOVERY_STEPS, name, out);
    return found;
}

Description *cli_describe_experiments(void)
{
    static const char *const heads[] = {"experiment", "title", NULL};
    Description *description = description_new(heads);
    GPtrArray *list = shipped_list();

    for (guint i = 0; i < list->len; i++) {
        const ShippedExperiment *shipped = g_ptr_array_index(list, i);
        const char *cells[] = {shipped->name, shipped->title};

        description_add(description, cells, shipped->question, "");
    }
    g_ptr_array_unref(list);
    return description;
}

static bool describe_whole(Description *description, const char *name,
                           GString *out)
{
    bool found = description_narrow(description, name);

    if (found)
        description_text(description, WIDTH, out);
    description_free(description);
    return found;
}

static bool describe_metrics(const char *name, GString *out)
{
    bool found = describe_whole(description_of_measures(), name, out);

    if (name == NULL)
        g_string_append(out, "\nFor [measure] sample alone\n");
    found |= describe_whole(description_of_gauges(), name, out);
    return found;
}

/* COLUMNS, which stand behind the name of a metric; KIND stands for it. */
static void add_columns_of(Description *description, const char *kind,
                           const StoreColumn *columns)
{
    for (const StoreColumn *c = columns; c != NULL && c->name != NULL; c++) {
        char *name = g_strconcat(kind, c->name, NULL);
        const char *cells[] = {name, c->type, NULL};

        description_add(description, cells, c->sentence, "");
        g_free(name);
    }
}

/* The tables of results.sqlite; NAME: one of them. */
static bool describe_results(const char *name, GString *out)
{
    static const char *const heads[] = {"column", "type", NULL};
    bool found = false;

    for (const StoreTable *t = store_tables; t->name != NULL; t++) {
        Description *description;

        if (name != NULL && strcmp(name, t->name) != 0)
            continue;
        description = description_new(heads);
        add_columns_of(description, "", t->columns);
        add_columns_of(description, "TOTAL", t->of_total);
        add_columns_of(description, "METRIC", t->of_other);
        g_string_append_printf(out, "%s%s (%s)\n%s\n\n", found ? "\n" : "",
                               t->name, t->key, t->sentence);
        description_text(description, WIDTH, out);
        description_free(description);
        found = true;
    }
    return found;
}

/* For whoever keeps cli/firstbyte.1: not in the list that users are shown. */
static int print_manual(void)
{
    GString *out = g_string_new(NULL);

    manual_page(out);
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
    return CLI_DONE;
}

/* Likewise for docs/reference. */
static int print_reference(const char *page)
{
    GString *out = g_string_new(NULL);
    bool found = reference_page(page, out);

    fputs(out->str, stdout);
    g_string_free(out, TRUE);
    return found ? CLI_DONE : CLI_WRONG;
}

static bool describe(const char *what, const char *name, GString *out)
{
    if (strcmp(what, "keys") == 0)
        return describe_keys(name, out);
    if (strcmp(what, "metrics") == 0)
        return describe_metrics(name, out);
    if (strcmp(what, "records") == 0)
        return describe_records(name, out);
    if (strcmp(what, "results") == 0)
        return describe_results(name, out);
    if (strcmp(what, "experiments") == 0)
        return describe_whole(cli_describe_experiments(), name, out);
    return describe_whole(description_of_units(), name, out);
}

int cli_describe(int argc, char **argv)
{
    static const char *const whats[] = {
        "keys", "metrics", "records", "units", "results", "experiments", NULL};
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    GString *out;
    int status = CLI_DONE;

    if (!cli_options("describe", entries, &argc, &argv, 0, 2))
        return CLI_WRONG;
    if (argc == 2 && strcmp(argv[1], "manual") == 0)
        return print_manual();
    if (argc == 3 && strcmp(argv[1], "reference") == 0)
        return print_reference(argv[2]);
    if (argc > 1 && !g_strv_contains(whats, argv[1])) {
        fprintf(stderr,
                "firstbyte: describe: there is no \"%s\"; keys, metrics, "
                "records, units, results and experiments are described\n",
                argv[1]);
        return CLI_WRONG;
    }
    out = g_string_new(NULL);
    for (const char *const *what = whats; *what != NULL; what++)
        if (argc == 1 || strcmp(*what, argv[1]) == 0) {
            if (argc == 1)
                g_string_append_printf(out, "%s%s\n\n",
                                       out->len > 0 ? "\n" : "", *what);
            if (!describe(*what, argc > 2 ? argv[2] : NULL, out)) {
                fprintf(stderr,
                        "firstbyte: describe %s: there is no \"%s\"; see "
                        "firstbyte describe %s\n",
                        argv[1], argv[2], argv[1]);
                status = CLI_WRONG;
            }
        }
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
    return status;
}
