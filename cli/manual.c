/* manual.c - the manual page, from the same tables as everything else. */
#include "manual.h"

#include "cli.h"
#include "models/observers/gauge.h"
#include "models/observers/measure.h"
#include "models/tell.h"
#include "sim/describe.h"
#include "syntax.h"

static void section(GString *out, const char *title)
{
    g_string_append_printf(out, ".SH %s\n", title);
}

static void verbs(GString *out)
{
    section(out, "VERBS");
    for (const CliVerb *v = cli_verbs; v->name != NULL; v++)
        g_string_append_printf(out,
                               ".TP\n.B firstbyte %s\n.I %s\n.br\n%c%s.\n"
                               "Example:\n.B %s\n",
                               v->name, v->arguments,
                               g_ascii_toupper(v->sentence[0]), v->sentence + 1,
                               v->example);
    g_string_append(
        out, ".PP\nEach verb's options: \n.BR \"firstbyte VERB --help\" .\n");
}

/* TEXT as it stands, for roff. */
static void append_lines(GString *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '-')
            g_string_append(out, "\\-");
        else
            g_string_append_c(out, *text);
    if (out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
}

static void keys(GString *out)
{
    GArray *groups = cli_key_groups();

    section(out, "CONFIG FILES");
    g_string_append(
        out, "A topology or an experiment is text: groups in brackets, one\n"
             ".B key = value\non a line, comments on lines of their own that "
             "begin with #.\n"
             "A line that is indented more than the key above it goes on with "
             "that key's\nvalue, up to an empty line.\n"
             "Quantities carry units. A group of settings ([tcp], [arp] ...) "
             "holds for all\n"
             "nodes; with the name of a node ([tcp web]) for that one. [link A "
             "-- B] holds\n"
             "for both directions, [link A -> B] for one.\n");
    for (guint i = 0; i < groups->len; i++) {
        const CliKeyGroup *group = &g_array_index(groups, CliKeyGroup, i);
        Description *description = cli_describe_group(group);

        g_string_append_printf(out, ".SS [%s]\n", group->kind);
        description_roff(description, out);
        description_free(description);
    }
    g_array_unref(groups);
    for (const CliSyntax *s = cli_syntax; s->kind != NULL; s++) {
        g_string_append_printf(out, ".SS %s\n", s->kind);
        append_lines(out, s->sentence);
        g_string_append(out, ".PP\n.nf\n");
        append_lines(out, s->lines);
        g_string_append(out, ".fi\n");
    }
}

static void metrics(GString *out)
{
    Description *description = description_of_measures();

    section(out, "METRICS");
    description_roff(description, out);
    description_free(description);
    section(out, "GAUGES");
    g_string_append(out, "What\n.B [measure] sample\nmay name beside metrics, "
                         "with what it is of in parentheses.\n");
    description = description_of_gauges();
    description_roff(description, out);
    description_free(description);
}

static void units(GString *out)
{
    Description *description = description_of_units();

    section(out, "UNITS");
    description_roff(description, out);
    description_free(description);
}

void manual_page(GString *out)
{
    g_string_append(
        out, ".\\\" Made by `firstbyte describe manual`; a test holds the two "
             "together.\n"
             ".TH FIRSTBYTE 1\n.SH NAME\nfirstbyte \\- what happens after you "
             "press Enter, "
             "simulated packet by packet\n.SH SYNOPSIS\n.B firstbyte\n.I VERB\n"
             ".RI [ ARGUMENT ...]\n.SH DESCRIPTION\n"
             "A discrete-event simulator of a web request's whole life: URL, "
             "cache, DNS, ARP,\n"
             "TCP, HTTP, a page with its images, the close, TIME-WAIT, over "
             "links with rate,\n"
             "delay, queues and loss. The same seed gives the same run on "
             "every machine.\n");
    verbs(out);
    keys(out);
    metrics(out);
    units(out);
    section(out, "EXIT STATUS");
    g_string_append(out, ".TP\n.B 0\nDone.\n.TP\n.B 1\nThe run failed, the "
                         "page did not arrive, an "
                         "expectation does not hold, or a comparison differs.\n"
                         ".TP\n.B 2\nThe command line or a config file is "
                         "wrong; nothing was written.\n");
}
