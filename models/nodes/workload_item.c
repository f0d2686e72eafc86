/* workload_item.c - one item, from its beginning to its outcome. */
#include "workload_parts.h"

#include "models/transport/tcp.h"

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
                   .number = workload->items_begun++,
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

void item_tell_done(Item *item, bool failed, const char *why, uint64_t goodput)
{
    Session *session = item->session;

    tell(item, REC_WORK_DONE, failed, why, goodput);
    item->session = NULL;
    if (session != NULL)
        session_goes_on(session);
}

static void item_done(Item *item /* taken */, bool failed, const char *why)
{
    item_tell_done(item, failed, why, 0);
    item_free(item);
}

/* --- connect -------------------------------------------------------------- */

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

static void connect_begin(Item *item, Tcp *tcp)
{
    const Workload *workload = item->workload;
    TcpEnd end;

    if (tcp_connect(tcp, workload->address, workload->port, 0, &connect_user,
                    item, &end) == NULL)
        item_done(item, true, tcp_end_name(end));
}

/* --- fetch, page ---------------------------------------------------------- */

static void page_done(void *data, const PageResult *result)
{
    item_done(data, !result->whole, result->whole ? "ok" : result->why);
}

/* --- any ------------------------------------------------------------------ */

void item_begin(Workload *workload, Node *node, Session *session,
                const Arrival *arrival, uint32_t page)
{
    const WorkloadConfig *config = workload->config;
    Item *item = item_new(workload, node);
    const char *url = NULL;

    item->session = session;
    if (workload->urls != NULL)
        url = arrival != NULL && arrival->url != NULL
                  ? arrival->url
                  : workload->urls[page % g_strv_length(workload->urls)];
    tell(item, REC_WORK_STARTED, false, "", 0);
    switch ((WorkloadKind)config->kind) {
    case WORKLOAD_CONNECT:
        connect_begin(item, node->host.tcp);
        break;
    case WORKLOAD_FETCH:
        browser_cache_clear(node_browser(node));
        browser_open(node_browser(node), url, false, page_done, item);
        break;
    case WORKLOAD_PAGE:
        browser_open(node_browser(node), url, true, page_done, item);
        break;
    case WORKLOAD_SEND:
        send_begin(item, node->host.tcp,
                   arrival != NULL && arrival->bytes != 0 ? arrival->bytes
                                                          : config->bytes);
        break;
    case WORKLOAD_FLOOD: /* have no items */
    case WORKLOAD_DATAGRAM:
        g_assert_not_reached();
    }
}
