/* report_network.c - of the report: the network as a drawing.
 *
 * Graphviz's dot lays it out (Gansner et al., "A technique for drawing directed
 * graphs", IEEE TSE 1993) and is run like gnuplot; where it is not installed
 * the page says so, and has the table of keys.  It is drawn twice, from left to
 * right and, for a narrow screen, from top to bottom: the style sheet shows one
 * of them. */
#include "report_internal.h"

#include <gio/gio.h>
#include <string.h>

/* Beyond that a drawing tells less than the table does. */
enum { NODES_MAX = 40, LINES_MAX = 60, VALUES_MAX = 3 };
/* A longer piece of a label goes on below, from where its values are left out.
 */
enum { PIECE_MAX = 32 };
enum { FIT_MAX = 1300 }; /* pixels across that can be read on a page's width */
#define ELLIPSIS "\342\200\246"

static const char heading[] =
    "bgcolor=transparent; fontname=Helvetica; nodesep=0.35; ranksep=0.6;\n"
    "node [shape=box, style=\"rounded,filled\", fillcolor=white, "
    "fontname=Helvetica, fontsize=13, margin=\"0.16,0.08\"];\n"
    "edge [fontname=Helvetica, fontsize=12];\n";

typedef struct Diagram {
    const Plan *plan;
    GString *dot;   /* nodes and edges */
    GString *words; /* the same for those who do not see it */
    unsigned nodes, lines;
} Diagram;

/* --- labels --------------------------------------------------------------- */

/* Another line of LABEL; what is swept is bold. */
static void add_piece(GString *label, const char *text, bool swept)
{
    const char *dots = strstr(text, ELLIPSIS);
    gssize first =
        dots != NULL && dots > text && g_utf8_strlen(text, -1) > PIECE_MAX
            ? dots - text
            : -1;
    char *escaped = g_markup_escape_text(text, first);

    g_string_append_printf(label, "%s%s%s%s", label->len > 0 ? "<BR/>" : "",
                           swept ? "<B>" : "", escaped, swept ? "</B>" : "");
    g_free(escaped);
    if (first >= 0)
        add_piece(label, dots, swept);
}

char *report_swept(const Plan *plan, const char *kind, const char *name,
                   const char *key)
{
    GPtrArray *values = g_ptr_array_new();
    char *text = NULL;

    for (unsigned a = 0; a < plan->axes->len; a++) {
        const PlanAxis *axis = plan_axis(plan, a);

        for (unsigned v = 0; v < axis->count; v++)
            for (unsigned s = 0; s < axis->settings[v]->len; s++) {
                PlanSetting *set = g_ptr_array_index(axis->settings[v], s);

                if (strcmp(set->target.kind, kind) == 0 &&
                    strcmp(set->target.name, name) == 0 &&
                    strcmp(set->target.key, key) == 0 &&
                    !g_ptr_array_find_with_equal_func(values, set->value,
                                                      g_str_equal, NULL))
                    g_ptr_array_add(values, set->value);
            }
    }
    if (values->len > VALUES_MAX) {
        text = g_strdup_printf("%s " ELLIPSIS " %s", (char *)values->pdata[0],
                               (char *)values->pdata[values->len - 1]);
    } else if (values->len > 0) {
        g_ptr_array_add(values, NULL);
        text = g_strjoinv(", ", (char **)values->pdata);
    }
    g_ptr_array_free(values, TRUE);
    return text;
}

/* Rates and times speak for themselves. */
static bool is_plain(const char *key)
{
    return strcmp(key, "rate") == 0 || strcmp(key, "delay") == 0;
}

static char *setting_text(const char *toward, const char *key,
                          const char *value)
{
    bool plain = is_plain(key) && strcmp(value, "unlimited") != 0;

    return g_strdup_printf("%s%s%s%s%s", toward, toward[0] != '\0' ? ": " : "",
                           plain ? "" : key, plain ? "" : " ", value);
}

static void add_setting(Diagram *diagram, GString *label, const char *toward,
                        const char *key, const char *value, bool swept)
{
    char *text = setting_text(toward, key, value);

    add_piece(label, text, swept);
    g_string_append_printf(diagram->words, ", %s%s", text,
                           swept ? " (swept)" : "");
    g_free(text);
}

/* What [link NAME] sets: every key that is not as by default, or is swept; of
 * both directions also the rate and the delay, whatever they are.  TOWARD: the
 * end that it is about, or "". */
static void add_settings(Diagram *diagram, GString *label, const char *name,
                         const char *toward)
{
    const ConfigGroup *group = config_find(diagram->plan->config, "link", name);

    for (const ConfigKey *key = topology_keys("link"); key->key != NULL;
         key++) {
        char *swept = report_swept(diagram->plan, "link", name, key->key);
        const ConfigEntry *entry =
            group != NULL ? config_entry(group, key->key) : NULL;
        const char *is = entry != NULL ? entry->value : key->def;
        bool said = toward[0] == '\0' && is_plain(key->key);

        if (swept != NULL) {
            add_setting(diagram, label, toward, key->key, swept, true);
        } else if (is != NULL && (said || !report_is_default(key, is))) {
            char *value = report_canonical(key, is);

            add_setting(diagram, label, toward, key->key, value, false);
            g_free(value);
        }
        g_free(swept);
    }
}

/* --- nodes and lines ------------------------------------------------------ */

/* Appends TEXT as a name of dot's. */
static void add_name(GString *dot, const char *text)
{
    g_string_append_c(dot, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(dot, '\\');
        g_string_append_c(dot, *text);
    }
    g_string_append_c(dot, '"');
}

/* How many nodes GROUP stands for, where it is more than one. */
static void add_count(Diagram *diagram, const ConfigGroup *group,
                      GString *label)
{
    const ConfigKey *key = config_key(topology_keys("node"), "count");
    const ConfigEntry *entry = config_entry(group, key->key);
    char *swept = report_swept(diagram->plan, "node", group->name, key->key);

    if (swept != NULL)
        add_setting(diagram, label, "", "\303\227", swept, true);
    else if (entry != NULL && !report_is_default(key, entry->value))
        add_setting(diagram, label, "", "\303\227", entry->value, false);
    g_free(swept);
}

static void add_node(Diagram *diagram, const ConfigGroup *group)
{
    const ConfigEntry *kind = config_entry(group, "kind");
    GString *label = g_string_new(NULL);

    add_piece(label, group->name, false);
    g_string_append_printf(diagram->words, "%s%s",
                           diagram->nodes > 0 ? "; " : "", group->name);
    if (kind != NULL && strcmp(kind->value, group->name) != 0) {
        add_piece(label, kind->value, false);
        g_string_append_printf(diagram->words, " (%s)", kind->value);
    }
    add_count(diagram, group, label);
    add_name(diagram->dot, group->name);
    g_string_append_printf(diagram->dot, " [label=<%s>];\n", label->str);
    g_string_free(label, TRUE);
    diagram->nodes++;
}

/* The group that END ("client", "client.2") is of; the caller g_free()s. */
static char *group_of(const Plan *plan, const char *end)
{
    const char *dot = strrchr(end, '.');

    if (config_find(plan->config, "node", end) != NULL || dot == NULL)
        return g_strdup(end);
    return g_strndup(end, (gsize)(dot - end));
}

/* Both ends of a line; ARROW: of what stands in its name. */
static void add_line(Diagram *diagram, const ConfigGroup *group,
                     const char *arrow)
{
    char **ends = g_strsplit(group->name, arrow, 2);
    GString *label = g_string_new(NULL);

    g_string_append_printf(diagram->words, "; %s", group->name);
    add_settings(diagram, label, group->name, "");
    for (unsigned from = 0; from < 2; from++) {
        char *name = g_strconcat(ends[from], " -> ", ends[!from], NULL);
        char *toward = g_strconcat("\342\206\222 ", ends[!from], NULL);

        add_settings(diagram, label, name, toward);
        g_free(toward);
        g_free(name);
    }
    for (unsigned i = 0; i < 2; i++) {
        char *end = group_of(diagram->plan, ends[i]);

        if (i == 1)
            g_string_append(diagram->dot, " -- ");
        add_name(diagram->dot, end);
        g_free(end);
    }
    /* A table for the room around it. */
    g_string_append_printf(diagram->dot,
                           " [label=<<TABLE BORDER=\"0\" CELLPADDING=\"5\">"
                           "<TR><TD>%s</TD></TR></TABLE>>];\n",
                           label->len > 0 ? label->str : " ");
    g_string_free(label, TRUE);
    g_strfreev(ends);
    diagram->lines++;
}

static void add_groups(Diagram *diagram, const char *kind)
{
    static const char arrow[] = " -- ";
    const GPtrArray *groups = diagram->plan->config->groups;

    for (unsigned i = 0; i < groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(groups, i);

        if (strcmp(group->kind, kind) != 0)
            continue;
        if (strcmp(kind, "node") == 0)
            add_node(diagram, group);
        else if (strstr(group->name, arrow) != NULL)
            add_line(diagram, group, arrow);
    }
}

/* --- dot ------------------------------------------------------------------ */

/* What dot makes of DIAGRAM; NULL: it is not there, or complains. */
static char *lay_out(const Diagram *diagram, const char *direction,
                     GError **error)
{
    g_autofree char *text =
        g_strdup_printf("graph network {\nrankdir=%s;\n%s%s}\n", direction,
                        heading, diagram->dot->str);
    g_autoptr(GSubprocess) dot = g_subprocess_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
            G_SUBPROCESS_FLAGS_STDERR_PIPE,
        error, "dot", "-Tsvg", NULL);
    g_autofree char *complaint = NULL;
    char *svg = NULL;

    if (dot == NULL || !g_subprocess_communicate_utf8(dot, text, NULL, &svg,
                                                      &complaint, error))
        return NULL;
    if (g_subprocess_get_successful(dot))
        return svg;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "dot complains: %s",
                g_strstrip(complaint));
    g_free(svg);
    return NULL;
}

/* Appends what is inside of the element that SVG is, in one of ours, which has
 * a title, a description, and its size in pixels. */
static void add_svg(GString *page, const char *svg, const char *class,
                    const char *words)
{
    /* The root with its measures; what follows but comments and the names that
     * dot gives its elements. */
    g_autoptr(GRegex) root =
        g_regex_new("<svg width=\"([\\d.]+)pt\" height=\"([\\d.]+)pt\"\\s+"
                    "viewBox=\"([^\"]*)\"[^>]*>(.*)</svg>",
                    G_REGEX_DOTALL, 0, NULL);
    g_autoptr(GRegex) extra =
        g_regex_new("<!--.*?-->|<title>.*?</title>", G_REGEX_DOTALL, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    if (!g_regex_match(root, svg, 0, &match))
        return;
    g_autofree char *width = g_match_info_fetch(match, 1);
    g_autofree char *height = g_match_info_fetch(match, 2);
    g_autofree char *box = g_match_info_fetch(match, 3);
    g_autofree char *body = g_match_info_fetch(match, 4);
    g_autofree char *clean =
        g_regex_replace_literal(extra, body, -1, 0, "", 0, NULL);
    double pixels = 96.0 / 72.0; /* of a point */

    /* Somewhat too wide, it is made smaller; much too wide, it is moved. */
    g_string_append_printf(
        page,
        "<svg class=\"net %s%s\" role=\"img\" width=\"%.0f\" "
        "height=\"%.0f\" viewBox=\"%s\">\n",
        class, g_ascii_strtod(width, NULL) * pixels < FIT_MAX ? " fit" : "",
        g_ascii_strtod(width, NULL) * pixels,
        g_ascii_strtod(height, NULL) * pixels, box);
    report_element(page, "title", "The network");
    report_element(page, "desc", words);
    g_string_append_printf(page, "%s</svg>\n", g_strstrip(clean));
}

static void add_drawing(GString *page, const Diagram *diagram)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *across = lay_out(diagram, "LR", &error);
    g_autofree char *down =
        across != NULL ? lay_out(diagram, "TB", &error) : NULL;

    if (down == NULL) {
        g_string_append(page, "<p>The network is not drawn: ");
        report_text(page, error->message);
        g_string_append(page, ".  Graphviz has dot, which draws it.</p>\n");
        return;
    }
    g_string_append(page, "<figure>\n<div class=\"wide\">\n");
    add_svg(page, across, "across", diagram->words->str);
    add_svg(page, down, "down", diagram->words->str);
    g_string_append(page, "</div>\n<figcaption>The network.  Bold: what the "
                          "sweep varies.  What is not said is as it is by "
                          "default.</figcaption></figure>\n");
}

void report_network(GString *page, const Plan *plan)
{
    Diagram diagram = {plan, g_string_new(NULL), g_string_new(NULL), 0, 0};

    add_groups(&diagram, "node");
    add_groups(&diagram, "link");
    if (diagram.nodes <= NODES_MAX && diagram.lines <= LINES_MAX)
        add_drawing(page, &diagram);
    else
        g_string_append_printf(page,
                               "<p>The network has %u groups of nodes and %u "
                               "of lines, too many to be drawn.</p>\n",
                               diagram.nodes, diagram.lines);
    g_string_free(diagram.dot, TRUE);
    g_string_free(diagram.words, TRUE);
}
