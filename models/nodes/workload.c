/* workload.c - starts items as they arrive and carries each to its outcome. */
#include "workload_parts.h"

#include <string.h>

/* --- config --------------------------------------------------------------- */

static bool parse_gap(ArrivalKind kind, const char *text, Arrivals *arrivals,
                      char **why)
{
    int64_t gap;
    double rate;

    arrivals->kind = kind;
    if (strchr(text, '/') == NULL) {
        if (!quantity_int(QUANTITY_TIME, text, &gap, why))
            return false;
        arrivals->gap = gap;
    } else {
        if (!quantity_real(QUANTITY_FREQUENCY, text, &rate, why))
            return false;
        arrivals->gap = rate > 0 ? (SimTime)(1e9 / rate + 0.5) : 0;
    }
    if (arrivals->gap > 0)
        return true;
    *why = g_strdup_printf("\"%s\" is no gap between arrivals; give a time or "
                           "a rate above 0",
                           text);
    return false;
}

static bool parse_arrivals(const char *text, void *field, char **why)
{
    Arrivals *arrivals = field;

    if (strcmp(text, "once") == 0) {
        *arrivals = (Arrivals){ARRIVE_ONCE, 0};
        return true;
    }
    if (g_str_has_prefix(text, "every "))
        return parse_gap(ARRIVE_EVERY, text + strlen("every "), arrivals, why);
    if (g_str_has_prefix(text, "poisson "))
        return parse_gap(ARRIVE_POISSON, text + strlen("poisson "), arrivals,
                         why);
    *why = g_strdup_printf("\"%s\" is no way to arrive; one of: once, every "
                           "100 ms, poisson 10 /s",
                           text);
    return false;
}

static char *format_arrivals(const void *field)
{
    const Arrivals *arrivals = field;
    char *gap, *text;

    if (arrivals->kind == ARRIVE_ONCE)
        return g_strdup("once");
    /* As a gap, which is exact; a rate need not be. */
    gap = quantity_format_int(QUANTITY_TIME, arrivals->gap);
    text = g_strconcat(arrivals->kind == ARRIVE_EVERY ? "every " : "poisson ",
                       gap, NULL);
    g_free(gap);
    return text;
}

#define KEY(field) offsetof(WorkloadConfig, field)
const ConfigKey workload_keys[] = {
    {.key = "kind",
     .type = CONFIG_CHOICE,
     .offset = KEY(kind),
     .def = NULL,
     .choices = "connect|fetch|page|send",
     .sentence = "What an item is: connect opens a TCP connection and closes "
                 "it as soon as it is established; fetch gets one URL, with "
                 "nothing cached; page opens a URL in a browser; send opens a "
                 "TCP connection and sends `bytes`, which the other end "
                 "reads.",
     .source = ""},
    {.key = "node",
     .type = CONFIG_TEXT,
     .offset = KEY(node),
     .def = NULL,
     .sentence = "The node that does it, or a group of nodes that take turns.",
     .source = ""},
    {.key = "to",
     .type = CONFIG_TEXT,
     .offset = KEY(to),
     .def = NULL,
     .sentence = "Where to: NODE:PORT or ADDRESS:PORT for connect, NODE:PORT "
                 "(a port that is free) for send, else a URL.",
     .source = ""},
    {.key = "bytes",
     .type = CONFIG_BYTES,
     .offset = KEY(bytes),
     .def = "1 MB",
     .min = 1,
     .max = 1e12,
     .sentence = "What an item of kind send sends.",
     .source = ""},
    {.key = "arrivals",
     .type = CONFIG_CUSTOM,
     .offset = KEY(arrivals),
     .def = "once",
     .sentence = "When items begin: once (all together), every TIME, or "
                 "poisson RATE (exponential gaps; a mean gap is as good).",
     .source = "",
     .parse = parse_arrivals,
     .format = format_arrivals},
    {.key = "count",
     .type = CONFIG_COUNT,
     .offset = KEY(count),
     .def = "1",
     .min = 1,
     .max = 1e9,
     .sentence = "How many items a run has.",
     .source = ""},
    {.key = "start",
     .type = CONFIG_TIME,
     .offset = KEY(start),
     .def = "0 s",
     .min = 0,
     .max = 1e6,
     .sentence = "When the first item begins (poisson: the first gap).",
     .source = ""},
    {.key = NULL},
};
#undef KEY

/* --- items ---------------------------------------------------------------- */

static void tell(const Item *item, RecordKind kind, bool failed,
                 const char *why, uint64_t goodput)
{
    Sim *sim = item->workload->sim;
    WorkTold told = {item->workload->name,       item->number, failed, why,
                     sim_now(sim) - item->begun, goodput};
    Record record = {.node = item->node, .kind = (uint16_t)kind, .what = &told};

    if (sim_wants(sim, kind))
        sim_tell(sim, &record);
}

static Item *item_new(Workload *workload, const Node *node)
{
    Item *item =
        slab_alloc(sim_slab(workload->sim, SLAB_WORKLOAD_ITEM, sizeof(Item)));

    *item = (Item){.next = workload->items,
                   .workload = workload,
                   .begun = sim_now(workload->sim),
                   .number = workload->begun++,
                   .node = node->host.node};
    if (item->next != NULL)
        item->next->previous = item;
    workload->items = item;
    return item;
}

void item_free(Item *item)
{
    Workload *workload = item->workload;

    if (item->previous != NULL)
        item->previous->next = item->next;
    else
        workload->items = item->next;
    if (item->next != NULL)
        item->next->previous = item->previous;
    slab_free(sim_slab(workload->sim, SLAB_WORKLOAD_ITEM, sizeof(Item)), item);
}

void item_tell_done(const Item *item, bool failed, const char *why,
                    uint64_t goodput)
{
    tell(item, REC_WORK_DONE, failed, why, goodput);
}

static void item_done(Item *item /* taken */, bool failed, const char *why)
{
    item_tell_done(item, failed, why, 0);
    item_free(item);
}

static void connection_opened(Tcb *tcb, void *user)
{
    tcp_close(tcb);
    item_done(user, false, "ok");
}

static void connection_gone(Tcb *tcb, void *user, TcpEnd end)
{
    item_done(user, true, tcp_end_name(end));
}

static const TcpUser connect_user = {
    .opened = connection_opened,
    .gone = connection_gone,
};

static void page_done(void *data, const PageResult *result)
{
    item_done(data, !result->whole, result->whole ? "ok" : result->why);
}

static void begin_item(Workload *workload)
{
    Node *node = workload->nodes[workload->begun % workload->node_count];
    Item *item = item_new(workload, node);
    TcpEnd end;

    tell(item, REC_WORK_STARTED, false, "", 0);
    switch ((WorkloadKind)workload->config->kind) {
    case WORKLOAD_CONNECT:
        if (tcp_connect(node->host.tcp, workload->address, workload->port, 0,
                        &connect_user, item, &end) == NULL)
            item_done(item, true, tcp_end_name(end));
        break;
    case WORKLOAD_FETCH:
        browser_cache_clear(node_browser(node));
        browser_open(node_browser(node), workload->config->to, false, page_done,
                     item);
        break;
    case WORKLOAD_PAGE:
        browser_open(node_browser(node), workload->config->to, true, page_done,
                     item);
        break;
    case WORKLOAD_SEND:
        send_begin(item, node->host.tcp);
        break;
    }
}

/* --- arrivals ------------------------------------------------------------- */

static SimTime next_gap(Workload *workload)
{
    const Arrivals *arrivals = &workload->config->arrivals;

    switch (arrivals->kind) {
    case ARRIVE_ONCE:
        return 0;
    case ARRIVE_EVERY:
        return arrivals->gap;
    case ARRIVE_POISSON:
        return stream_exponential(&workload->stream, arrivals->gap);
    }
    g_assert_not_reached();
}

static void arrival_runs(Sim *sim, Event *event)
{
    Workload *workload = sim_container_of(event, Workload, arrival);

    sim->cause = 0;
    begin_item(workload);
    if (workload->begun < workload->config->count)
        event_schedule(sim, event, next_gap(workload));
}

void workload_start(Workload *workload)
{
    SimTime first = workload->config->start;

    if (workload->config->arrivals.kind == ARRIVE_POISSON)
        first += next_gap(workload);
    event_schedule(workload->sim, &workload->arrival, first);
}

/* --- a workload ----------------------------------------------------------- */

/* The node called NAME, or the members of the group NAME. */
static void find_nodes(Workload *workload, Network *network, const char *name)
{
    GPtrArray *nodes = g_ptr_array_new();
    Node *node = network_node(network, name);

    if (node != NULL)
        g_ptr_array_add(nodes, node);
    for (unsigned i = 1; nodes->len == i - 1; i++) {
        char *member = g_strdup_printf("%s.%u", name, i);

        node = network_node(network, member);
        g_free(member);
        if (node != NULL)
            g_ptr_array_add(nodes, node);
    }
    workload->node_count = nodes->len;
    workload->nodes = (Node **)g_ptr_array_free(nodes, FALSE);
}

/* Of itself, not through a browser. */
static bool uses_tcp(const WorkloadConfig *config)
{
    return config->kind == WORKLOAD_CONNECT || config->kind == WORKLOAD_SEND;
}

static bool check_nodes(const Workload *workload, char **why)
{
    const WorkloadConfig *config = workload->config;
    bool connects = uses_tcp(config);

    if (workload->node_count == 0) {
        *why = g_strdup_printf("no node is called \"%s\"", config->node);
        return false;
    }
    for (unsigned i = 0; i < workload->node_count; i++) {
        const Node *node = workload->nodes[i];

        if (connects ? node->host.tcp != NULL : node->client != NULL)
            continue;
        *why = g_strdup_printf("\"%s\" has no %s; name a client", config->node,
                               connects ? "TCP" : "browser");
        return false;
    }
    return true;
}

/* Takes "web:80" apart. */
static bool find_target(Workload *workload, Network *network, char **why)
{
    const char *to = workload->config->to;
    const char *colon = strrchr(to, ':');
    guint64 port;
    char *host;
    bool found;

    if (!uses_tcp(workload->config))
        return true;
    if (colon == NULL ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL)) {
        *why = g_strdup_printf(
            "\"%s\" names no port; write NODE:PORT, such as web:80", to);
        return false;
    }
    workload->port = (uint16_t)port;
    host = g_strndup(to, (gsize)(colon - to));
    workload->address = network_address(network, host);
    found = !ip_is_none(workload->address) ||
            ip_from_text(host, &workload->address);
    if (!found)
        *why = g_strdup_printf("no node is called \"%s\", and it is no address",
                               host);
    else if (workload->config->kind == WORKLOAD_SEND)
        found = send_listen(workload, network_node(network, host), why);
    g_free(host);
    return found;
}

Workload *workload_new(Network *network, const char *name,
                       const WorkloadConfig *config, char **why)
{
    Workload *workload = g_new0(Workload, 1);

    workload->sim = network->sim;
    workload->name = name;
    workload->config = config;
    event_init(&workload->arrival, arrival_runs);
    stream_init(&workload->stream, network->sim, name, "arrivals");
    find_nodes(workload, network, config->node);
    if (check_nodes(workload, why) && find_target(workload, network, why))
        return workload;
    workload_free(workload);
    return NULL;
}

void workload_free(Workload *workload)
{
    while (workload->items != NULL)
        item_free(workload->items);
    event_cancel(workload->sim, &workload->arrival);
    g_free(workload->nodes);
    g_free(workload);
}
