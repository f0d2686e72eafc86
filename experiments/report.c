/* report.c - the page: its frame, and the plots. */
#include "report_internal.h"

#include <string.h>

void report_text(GString *page, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);

    g_string_append(page, escaped);
    g_free(escaped);
}

void report_element(GString *page, const char *name, const char *text)
{
    g_string_append_printf(page, "<%s>", name);
    report_text(page, text);
    g_string_append_printf(page, "</%s>\n", name);
}

/* --- head ----------------------------------------------------------------- */

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--soft:#555;"
    "--line:#ccc;--mark:#fff3d6;--box:#f2f5f9}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#eee;--paper:#16181b;"
    "--soft:#aab;--line:#445;--mark:#43371b;--box:#252a31}}\n"
    "body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);"
    "background:var(--paper);max-width:62rem;margin:0 auto;padding:1rem;"
    "overflow-wrap:anywhere}\n"
    "h1{line-height:1.2;margin-bottom:.3rem}h2{margin-top:2.2rem;"
    "border-bottom:1px solid var(--line)}\n"
    ".question{font-size:1.2rem;color:var(--soft);margin-top:0}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0;"
    "font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}"
    "small{font-weight:400;color:var(--soft)}\n"
    "th,td{text-align:left;padding:.25rem .7rem;border-bottom:1px solid "
    "var(--line);font-weight:400;overflow-wrap:normal;vertical-align:top}\n"
    ".results td,.results tbody th{white-space:nowrap}\n"
    "thead th{font-weight:600;color:var(--soft)}td.n,thead "
    "th.n{text-align:right}"
    "tr.open{background:var(--mark)}\n"
    ".hypothesis{max-width:46rem}"
    ".net text{fill:var(--ink)}"
    ".net .node path,.net .node polygon{fill:var(--box);stroke:var(--ink)}"
    ".net .edge "
    "path{stroke:var(--ink)}.net.down{display:none}.net.across.fit{max-width:"
    "100%;height:auto}\n"
    "@media screen and (max-width:40rem){.net.across{display:none}"
    ".net.down{display:block}}\n"
    "summary{cursor:pointer;padding:.3rem 0}\n"
    "figure{margin:1.2rem 0}img{max-width:100%;height:auto;background:#fff}"
    "figcaption{color:var(--soft)}\n"
    "dt{font-weight:600}dd{margin:0 0 .5rem 1rem}"
    "pre{white-space:pre-wrap;border:1px solid var(--line);padding:.6rem}\n"
    "@media print{:root{--ink:#000;--paper:#fff;--soft:#444;--line:#bbb;"
    "--mark:#eee;--box:#fff}.net{max-width:100%;height:auto}body{max-width:"
    "none;font-size:10pt}"
    "table,figure{break-inside:avoid}.wide{overflow:visible}}\n";

static void add_head(GString *page, const Plan *plan, const char *title)
{
    g_string_append(page,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                    "content=\"width=device-width, initial-scale=1\">\n"
                    /* Nothing is fetched, whatever a text may say. */
                    "<meta http-equiv=\"Content-Security-Policy\" "
                    "content=\"default-src 'none'; img-src data:; style-src "
                    "'unsafe-inline'\">\n"
                    "<link rel=\"icon\" href=\"data:,\">\n");
    report_element(page, "title", title);
    g_string_append_printf(page, "<style>\n%s</style>\n</head>\n<body>\n",
                           style);
    g_string_append(page, "<main>\n<header>\n");
    report_element(page, "h1", title);
    if (plan->experiment.question != NULL) {
        g_string_append(page, "<p class=\"question\">");
        report_text(page, plan->experiment.question);
        g_string_append(page, "</p>\n");
    }
    report_hypothesis(page, plan);
    g_string_append(page, "</header>\n");
}

/* --- plots ---------------------------------------------------------------- */

/* What a picture shows, for those who do not see it. */
static char *description_of(const PlanPlot *plot)
{
    static const char *const kinds[PLOT_KINDS] = {
        [PLOT_LINES] = "",
        [PLOT_BAND] = "quantiles of ",
        [PLOT_CDF] = "distribution of ",
        [PLOT_CCDF] = "complementary distribution of ",
        [PLOT_HEATMAP] = "heat map of ",
        [PLOT_DIFFERENCE] = "difference of ",
        [PLOT_SERIES] = "time series of ",
        [PLOT_SEQUENCE] = "the segments of one connection over time",
        [PLOT_STATES] = "the states of one connection's two ends",
        [PLOT_WATERFALL] = "what the objects of one page waited for",
    };
    const PlotConfig *config = &plot->config;
    bool statistics = config->kind == PLOT_LINES ||
                      config->kind == PLOT_DIFFERENCE ||
                      config->kind == PLOT_HEATMAP;
    GString *text = g_string_new(plot->name);

    g_string_append_printf(text, ": %s", kinds[config->kind]);
    if (statistics)
        g_string_append_printf(text, "%s of ", config->y);
    if (config->metric != NULL)
        g_string_append(text, config->metric);
    if (config->x != NULL)
        g_string_append_printf(text, " over %s", config->x);
    if (config->series != NULL)
        g_string_append_printf(text, ", for each %s", config->series);
    if (config->point != NULL)
        g_string_append_printf(text, ", where %s", config->point);
    return g_string_free(text, FALSE);
}

static bool add_plot(GString *page, const PlanPlot *plot, const char *folder,
                     GError **error)
{
    char *name = g_strconcat(plot->name, ".svg", NULL);
    char *file = g_build_filename(folder, name, NULL);
    char *text = description_of(plot), *svg, *coded;
    gsize len;
    bool good = g_file_get_contents(file, &svg, &len, error);

    if (good) {
        coded = g_base64_encode((const guchar *)svg, len);
        g_string_append_printf(page,
                               "<figure><img src=\"data:image/svg+xml;base64,"
                               "%s\" alt=\"",
                               coded);
        report_text(page, text);
        g_string_append(page, "\">\n");
        g_string_append(page, "<figcaption>");
        report_text(page, text);
        g_string_append_printf(page,
                               " (%s.gp draws it; %s.pdf is for print)"
                               "</figcaption></figure>\n",
                               plot->name, plot->name);
        g_free(coded);
        g_free(svg);
    }
    g_free(text);
    g_free(file);
    g_free(name);
    return good;
}

static bool add_plots(GString *page, const Plan *plan, const char *folder,
                      GError **error)
{
    if (plan->plots->len == 0)
        return true;
    g_string_append(page, "<section>\n<h2>Plots</h2>\n");
    for (unsigned i = 0; i < plan->plots->len; i++)
        if (!add_plot(page, g_ptr_array_index(plan->plots, i), folder, error))
            return false;
    g_string_append(page, "</section>\n");
    return true;
}

/* --- the whole ------------------------------------------------------------ */

char *report_html(const Experiment *experiment, Store *store,
                  const char *folder, GError **error)
{
    const Plan *plan = experiment->plan;
    const char *title = plan->experiment.title;
    GString *page = g_string_new(NULL);
    bool good;

    add_head(page, plan, title != NULL ? title : "An experiment");
    good = add_plots(page, plan, folder, error);
    if (good) {
        report_results(page, experiment);
        report_expectations(page, experiment);
        report_setup(page, plan);
        good = report_origin(page, experiment, store, folder, error);
    }
    if (!good) {
        g_string_free(page, TRUE);
        return NULL;
    }
    g_string_append(page, "</main>\n</body>\n</html>\n");
    return g_string_free(page, FALSE);
}
