/* trace.c - the verb `trace`: one request, from the key press to CLOSED. */
#include "trace_samples.h"
#include "trace_summary.h"

#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "models/app/url.h"
#include "models/observers/diagram.h"
#include "models/observers/fingerprint.h"
#include "models/observers/har.h"
#include "models/observers/pcap.h"
#include "models/observers/scope.h"
#include "models/observers/sequence.h"
#include "models/observers/states.h"
#include "models/observers/story.h"
#include "models/observers/waterfall.h"
#include "models/transport/tcp.h"
#include "topologies/topology.h"

#define DEFAULT_URL "http://www.example.com/"
#define DEFAULT_TOPOLOGY "home.ini"

typedef struct TraceOptions {
    char *topology, **sets, *seed, *pcap, *at, *from, *har, *diagram;
    char *sequence, *states, *waterfall, *waveform, *sample, *series;
    char **again; /* times to wait before the next visit */
    gboolean verbose, json, quiet;
} TraceOptions;

typedef struct Trace {
    TraceOptions options;
    Topology *topology;
    Sim sim;
    Network *network;
    Node *client;
    Tally tally;
    Fingerprint fingerprint;
    Timeline *timeline;
    Story *story;
    PcapFile *pcap;
    Har *har;
    Diagram *diagram;
    Scope *scope;           /* for the waveform */
    Connection *connection; /* the first one, for sequence and states */
    Har *bars;              /* for the waterfall */
    TraceSamples *samples;  /* NULL: --sample was not given */
    const char *url;
    PageResult page; /* of the last visit */
    bool done;
    Event visit;    /* the next one begins */
    SimTime *waits; /* before each further visit */
    unsigned visits, visited;
} Trace;

/* --- setting up ------------------------------------------------------------
 */

static bool wrong(GError **error, const char *format, const char *text)
{
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE, format, text);
    return false;
}

static Node *first_client(const Network *network)
{
    for (uint32_t i = 0; i < network->node_count; i++)
        if (network->nodes[i].client != NULL)
            return &network->nodes[i];
    return NULL;
}

/* The node called NAME, or FALLBACK where NAME is NULL. */
static Node *chosen_node(const Network *network, const char *name,
                         Node *fallback, const char *option, GError **error)
{
    Node *node = name != NULL ? network_node(network, name) : fallback;

    if (node == NULL)
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_NAME,
                    "%s: the topology has no node \"%s\"", option,
                    name != NULL ? name : "of kind client");
    return node;
}

static bool load(Trace *trace, GError **error)
{
    const char *file = trace->options.topology;
    Config *config = config_new();

    if (topology_read_config(config, file != NULL ? file : DEFAULT_TOPOLOGY,
                             NULL, error) &&
        cli_apply_sets(config, trace->options.sets, error))
        trace->topology = topology_new(config, NULL, error);
    config_free(config);
    return trace->topology != NULL;
}

/* Whether FILE (NULL: none is asked for) could be written; it is not touched.
 */
static bool writable(const char *file, GError **error)
{
    g_autofree char *folder = file != NULL ? g_path_get_dirname(file) : NULL;
    bool is_folder = file != NULL && g_file_test(file, G_FILE_TEST_IS_DIR);
    const char *asked =
        file != NULL && g_file_test(file, G_FILE_TEST_EXISTS) ? file : folder;

    if (file == NULL || (!is_folder && access(asked, W_OK) == 0))
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
                "%s: cannot be written: %s", file,
                g_strerror(is_folder ? EISDIR : errno));
    return false;
}

static bool open_samples(Trace *trace, GError **error)
{
    const TraceOptions *o = &trace->options;

    if (o->sample == NULL && o->series == NULL)
        return true;
    if (o->series == NULL)
        return wrong(error, "--sample %s: needs --series FILE to be written to",
                     o->sample);
    if (o->sample == NULL)
        return wrong(error,
                     "--series %s: needs --sample, such as 'tcp.cwnd(web) "
                     "every 10 ms'",
                     o->series);
    trace->samples = trace_samples_new(trace->network, o->sample, error);
    return trace->samples != NULL;
}

/* Opens the files that are written, last of all: what was wrong in the command
 * line left nothing behind. */
static bool open_observers(Trace *trace, GError **error)
{
    TraceOptions *o = &trace->options;
    Node *at;

    trace->client = chosen_node(trace->network, o->from,
                                first_client(trace->network), "--from", error);
    if (trace->client == NULL)
        return false;
    if (trace->client->client == NULL)
        return wrong(error,
                     "--from: %s has no browser; a node of kind client has",
                     o->from);
    at = chosen_node(trace->network, o->at, trace->client, "--at", error);
    if (at == NULL || !writable(o->har, error) ||
        !writable(o->diagram, error) || !writable(o->sequence, error) ||
        !writable(o->states, error) || !writable(o->waterfall, error) ||
        !writable(o->waveform, error) || !writable(o->series, error) ||
        !open_samples(trace, error))
        return false;
    if (o->pcap != NULL) {
        trace->pcap =
            pcap_file_open(o->pcap, &trace->sim, at->host.node, error);
        if (trace->pcap == NULL)
            return false;
    }
    if (!o->quiet)
        trace->story =
            story_new(trace->network, stdout,
                      (StoryOptions){o->verbose, o->json,
                                     !o->json && cli_colours(STDOUT_FILENO)});
    if (o->har != NULL)
        trace->har = har_new(trace->network, trace->client->host.node);
    if (o->diagram != NULL)
        trace->diagram = diagram_new(trace->network);
    if (o->waveform != NULL)
        trace->scope = scope_new(trace->network);
    if (o->sequence != NULL || o->states != NULL)
        trace->connection = connection_new(trace->network, 1);
    if (o->waterfall != NULL)
        trace->bars = har_new(trace->network, trace->client->host.node);
    return true;
}

static bool read_again(Trace *trace, GError **error)
{
    char **texts = trace->options.again;

    trace->visits = texts != NULL ? g_strv_length(texts) : 0;
    trace->waits = g_new0(SimTime, trace->visits + 1);
    for (unsigned i = 0; i < trace->visits; i++) {
        g_autofree char *why = NULL;

        if (quantity_int(QUANTITY_TIME, texts[i], &trace->waits[i], &why) &&
            (trace->waits[i] < 0 || trace->waits[i] > 1000000 * SIM_S))
            why = g_strdup_printf("\"%s\" is no time to wait; 0 s to 1000000 s "
                                  "would be",
                                  texts[i]);
        if (why != NULL) {
            g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE, "--again: %s",
                        why);
            return false;
        }
    }
    return true;
}

static void page_done(void *data, const PageResult *result)
{
    Trace *trace = data;

    trace->page = *result;
    trace->done = true;
    if (trace->visited < trace->visits)
        event_schedule(&trace->sim, &trace->visit,
                       trace->waits[trace->visited++]);
}

static void visit(Sim *sim, Event *event)
{
    Trace *trace = sim_container_of(event, Trace, visit);

    trace->done = false;
    browser_open(node_browser(trace->client), trace->url, true, page_done,
                 trace);
}

/* --- the end ---------------------------------------------------------------
 */

static void summarise(const Trace *trace)
{
    TraceSummary summary = {
        .url = trace->url,
        .page = trace->done ? &trace->page : NULL,
        .tally = &trace->tally,
        .timeline = trace->timeline,
        .fingerprint = &trace->fingerprint,
        .seed = trace->sim.seed,
        .end = sim_now(&trace->sim),
    };

    (trace->options.json ? trace_summary_json : trace_summary_text)(&summary,
                                                                    stdout);
}

/* Draws SCRIPT (taken; NULL: there was nothing of the kind) into FILE. */
static bool draw(char *script, const char *file, GError **error)
{
    bool good = script != NULL;

    if (good)
        good = gnuplot_write_svg(script, file, error);
    else
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
                    "%s: nothing to draw: the run got to no connection", file);
    g_free(script);
    return good;
}

static int draw_pictures(const Trace *trace)
{
    const TraceOptions *o = &trace->options;
    GnuplotFrame frame = {.title = trace->url};
    GError *error = NULL;
    int status = CLI_DONE;

    if (o->sequence != NULL &&
        !draw(sequence_script(trace->connection, &frame), o->sequence, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    if (o->states != NULL &&
        !draw(states_script(trace->connection, &frame), o->states, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    if (o->waterfall != NULL &&
        !draw(waterfall_script(trace->bars, &frame), o->waterfall, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    return status;
}

/* Writes what is asked for; the first failure is said, the rest is still tried.
 */
static int write_files(Trace *trace)
{
    TraceOptions *o = &trace->options;
    GError *error = NULL;
    int status = CLI_DONE;

    if (trace->pcap != NULL && !pcap_file_close(trace->pcap, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    if (trace->har != NULL && !har_write(trace->har, o->har, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    if (trace->diagram != NULL &&
        !diagram_write(trace->diagram, o->diagram, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    if (trace->samples != NULL &&
        !trace_samples_write(trace->samples, trace->url, o->series, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    if (trace->scope != NULL && !scope_write(trace->scope, o->waveform, &error))
        status = cli_complain(g_steal_pointer(&error), CLI_FAILED);
    if (draw_pictures(trace) != CLI_DONE)
        status = CLI_FAILED;
    return status;
}

static void clear(Trace *trace)
{
    if (trace->network != NULL)
        network_free(trace->network);
    if (trace->topology != NULL)
        sim_clear(&trace->sim);
    g_free(trace->waits);
    g_clear_pointer(&trace->timeline, timeline_free);
    g_clear_pointer(&trace->story, story_free);
    g_clear_pointer(&trace->har, har_free);
    g_clear_pointer(&trace->diagram, diagram_free);
    g_clear_pointer(&trace->scope, scope_free);
    g_clear_pointer(&trace->connection, connection_free);
    g_clear_pointer(&trace->bars, har_free);
    g_clear_pointer(&trace->samples, trace_samples_free);
    g_clear_pointer(&trace->topology, topology_free);
}

static int play(Trace *trace, const char *url)
{
    GError *error = NULL;
    uint64_t seed;
    int status;

    if (!cli_seed(trace->options.seed, 1, &seed, &error) ||
        !read_again(trace, &error) || !load(trace, &error))
        return cli_complain(error, CLI_WRONG);
    sim_init(&trace->sim, seed, 0);
    trace->network = network_build(&trace->sim, trace->topology);
    if (!open_observers(trace, &error))
        return cli_complain(error, CLI_WRONG);
    trace->timeline = timeline_new(trace->network);
    tally_observe(&trace->tally, &trace->sim);
    fingerprint_observe(&trace->fingerprint, &trace->sim);
    trace->url = url;
    event_init(&trace->visit, visit);
    event_schedule(&trace->sim, &trace->visit, 0);
    if (trace->samples != NULL)
        trace_samples_run(trace->samples);
    else
        sim_run(&trace->sim, SIM_NEVER);
    summarise(trace);
    status = write_files(trace);
    return status != CLI_DONE  ? status
           : trace->page.whole ? CLI_DONE
                               : CLI_FAILED;
}

static void options_clear(TraceOptions *o)
{
    g_free(o->topology);
    g_strfreev(o->sets);
    g_strfreev(o->again);
    g_free(o->seed);
    g_free(o->pcap);
    g_free(o->at);
    g_free(o->from);
    g_free(o->har);
    g_free(o->diagram);
    g_free(o->sequence);
    g_free(o->states);
    g_free(o->waterfall);
    g_free(o->waveform);
    g_free(o->sample);
    g_free(o->series);
}

int cli_trace(int argc, char **argv)
{
    Trace trace = {0};
    TraceOptions *o = &trace.options;
    const GOptionEntry entries[] = {
        {"topology", 't', 0, G_OPTION_ARG_FILENAME, &o->topology,
         "the network (default: home.ini, which is built in)", "FILE"},
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &o->sets,
         "set a key: --set 'link home -- isp.loss=5 %'", "GROUP.KEY=VALUE"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &o->seed,
         "of every random stream (default 1)", "N"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &o->from,
         "whose browser (default: the first client)", "NODE"},
        {"again", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->again,
         "open the page again so long after it was complete", "TIME"},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose,
         "every packet at every hop", NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "only the summary",
         NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "a JSON object a line",
         NULL},
        {"pcap", 0, 0, G_OPTION_ARG_FILENAME, &o->pcap,
         "write what one node sees, for Wireshark", "FILE"},
        {"at", 0, 0, G_OPTION_ARG_STRING, &o->at,
         "which node (default: the browser's)", "NODE"},
        {"har", 0, 0, G_OPTION_ARG_FILENAME, &o->har,
         "write the requests as an HTTP archive", "FILE"},
        {"diagram", 0, 0, G_OPTION_ARG_FILENAME, &o->diagram,
         "draw the sequence diagram (SVG)", "FILE"},
        {"sequence", 0, 0, G_OPTION_ARG_FILENAME, &o->sequence,
         "draw the first connection's time-sequence graph (SVG)", "FILE"},
        {"states", 0, 0, G_OPTION_ARG_FILENAME, &o->states,
         "draw the states of its two ends (SVG)", "FILE"},
        {"waveform", 0, 0, G_OPTION_ARG_FILENAME, &o->waveform,
         "draw the first SYN's frame as samples on its line (SVG)", "FILE"},
        {"sample", 0, 0, G_OPTION_ARG_STRING, &o->sample,
         "what to sample: 'tcp.cwnd(web), link.queue.bytes(isp -> home) every "
         "10 ms'",
         "NAME(OF)... every TIME"},
        {"series", 0, 0, G_OPTION_ARG_FILENAME, &o->series,
         "where to write the samples: drawn (.svg), or as CSV", "FILE"},
        {"waterfall", 0, 0, G_OPTION_ARG_FILENAME, &o->waterfall,
         "draw what the page waited for, object by object (SVG)", "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    const char *url, *why;
    int status = CLI_WRONG;
    Url parsed;

    if (cli_options("trace", entries, &argc, &argv, 0, 1)) {
        url = argc > 1 ? argv[1] : DEFAULT_URL;
        if (url_parse(&parsed, url, &why)) {
            url_clear(&parsed);
            status = play(&trace, url);
        } else {
            fprintf(stderr, "firstbyte: %s: %s\n", url, why);
        }
    }
    clear(&trace);
    options_clear(o);
    return status;
}
