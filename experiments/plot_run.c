/* plot_run.c - plots of one run: it is made again, and watched. */
#include "plot_internal.h"

#include "models/observers/sequence.h"
#include "models/observers/states.h"
#include "models/observers/waterfall.h"
#include "run.h"

typedef struct Watch {
    const PlanPlot *plot;
    const GnuplotFrame *frame;
    Connection *connection; /* of a sequence or states, else NULL */
    Har *har;               /* of a waterfall, else NULL */
    char *script;
} Watch;

static void begun(void *data, const Network *network)
{
    Watch *watch = data;

    if (watch->plot->config.kind == PLOT_WATERFALL)
        watch->har = har_new(network, RECORD_NO_NODE);
    else
        watch->connection =
            connection_new(network, watch->plot->config.connection);
}

static void ended(void *data)
{
    Watch *watch = data;

    if (watch->plot->config.kind == PLOT_SEQUENCE)
        watch->script = sequence_script(watch->connection, watch->frame);
    else if (watch->plot->config.kind == PLOT_STATES)
        watch->script = states_script(watch->connection, watch->frame);
    else
        watch->script = waterfall_script(watch->har, watch->frame);
}

static char *nothing_to_draw(const GnuplotFrame *frame, const char *what)
{
    GString *script = g_string_new(NULL);

    gnuplot_begin(script, frame);
    g_string_append_printf(script,
                           "unset tics\nset xrange [0:1]\nset yrange [0:1]\n"
                           "set label 4 'Nothing to draw: the run has no such "
                           "%s.' at graph 0.5, graph 0.5 center\n"
                           "plot NaN notitle\n",
                           what);
    gnuplot_end(script, frame);
    return g_string_free(script, FALSE);
}

static char *note(const Plan *plan, const PlanPlot *plot, unsigned number)
{
    char *where = plan_point_text(plan, number);
    GString *text = g_string_new(NULL);

    if (plot->config.kind != PLOT_WATERFALL)
        g_string_append_printf(text, "connection %u of ",
                               plot->config.connection);
    g_string_append_printf(text, "replication %u, seed %" G_GUINT64_FORMAT,
                           plot->config.replication, plan->replicate.seed);
    if (where[0] != '\0')
        g_string_append_printf(text, "; %s", where);
    if (plot->config.kind == PLOT_STATES)
        g_string_append(text, "; heights are not to scale");
    g_free(where);
    return g_string_free(text, FALSE);
}

char *plot_run_script(const Plan *plan, const PlanPlot *plot)
{
    Drawing drawing = {.plan = plan, .plot = plot};
    unsigned number = plot_point(&drawing, 0, 0);
    PlanPoint *point = plan_point_new(plan, number, NULL);
    char *foot = note(plan, plot, number);
    GnuplotFrame frame = {
        .name = plot->name, .title = plot_title(plan, plot), .note = foot};
    Watch watch = {.plot = plot, .frame = &frame};
    RunWatcher watcher = {&watch, begun, ended};

    g_assert(point != NULL); /* checked when the plan was read */
    run_watch(plan, point, plot->config.replication, &watcher);
    g_clear_pointer(&watch.connection, connection_free);
    g_clear_pointer(&watch.har, har_free);
    if (watch.script == NULL)
        watch.script = nothing_to_draw(
            &frame, plot->config.kind == PLOT_WATERFALL ? "page or object"
                                                        : "connection");
    g_free(foot);
    plan_point_free(point);
    return watch.script;
}
