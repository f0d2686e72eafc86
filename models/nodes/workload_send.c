/* workload_send.c - items of kind send: both ends of each connection.
 *
 * An item lives until both ends are over; its outcome is told once, when the
 * last byte was read or one end was left alone. */
#include "workload_parts.h"

enum { MOST_AT_ONCE = 1 << 20 }; /* bytes of one write, for its references */

static void tell_outcome(Item *item, bool failed, const char *why)
{
    SimTime took = sim_now(item->workload->sim) - item->send.opened;
    uint64_t bits = item->send.bytes * 8;

    if (item->send.over)
        return;
    item->send.over = true;
    item_tell_done(item, failed, why,
                   failed || took == 0
                       ? 0
                       : (uint64_t)((double)bits * 1e9 / (double)took + 0.5));
}

/* One of its ends is over: so is the item when the other one is, or will never
 * be. */
static void end_over(Item *item, bool failed, const char *why)
{
    if (failed)
        tell_outcome(item, true, why);
    if (item->send.from == NULL && item->send.to == NULL)
        item_free(item);
}

/* --- the sender ----------------------------------------------------------- */

static void write_more(Tcb *tcb, void *user)
{
    SendItem *send = &((Item *)user)->send;

    while (send->to_write > 0) {
        Slice text = {.len = (uint32_t)MIN(send->to_write, MOST_AT_ONCE)};
        uint32_t taken = tcp_write(tcb, &text, text.len < send->to_write);

        send->to_write -= taken;
        if (taken < text.len)
            return; /* writable() goes on */
    }
    tcp_shutdown(tcb);
}

static void sender_opened(Tcb *tcb, void *user)
{
    Item *item = user;

    item->send.opened = sim_now(item->workload->sim);
    write_more(tcb, user);
}

static void sender_writable(Tcb *tcb, void *user)
{
    if (((Item *)user)->send.to_write > 0)
        write_more(tcb, user);
}

/* The other end has read all and closed. */
static void sender_readable(Tcb *tcb, void *user)
{
    Item *item = user;

    if (!tcp_at_end(tcb))
        return;
    tcp_close(tcb);
    item->send.from = NULL;
    end_over(item, false, NULL);
}

static void sender_gone(Tcb *tcb, void *user, TcpEnd end)
{
    Item *item = user;

    item->send.from = NULL;
    end_over(item, true, tcp_end_name(end));
}

static const TcpUser sender = {
    .opened = sender_opened,
    .writable = sender_writable,
    .readable = sender_readable,
    .gone = sender_gone,
};

void send_begin(Item *item, Tcp *tcp, uint64_t bytes)
{
    const Workload *workload = item->workload;
    TcpEnd end;

    item->send =
        (SendItem){.bytes = bytes, .to_write = bytes, .to_read = bytes};
    item->send.from = tcp_connect(tcp, workload->address, workload->port, 0,
                                  &sender, item, &end);
    if (item->send.from == NULL)
        end_over(item, true, tcp_end_name(end));
}

/* --- the reader ----------------------------------------------------------- */

/* NULL: its item is over, or it is none of the workload's. */
static void reader_readable(Tcb *tcb, void *user)
{
    Item *item = user;
    Slice piece;

    while (tcp_read(tcb, &piece)) {
        if (item != NULL)
            item->send.to_read -= MIN(item->send.to_read, piece.len);
        slice_clear(&piece);
    }
    if (item != NULL && item->send.to_read == 0)
        tell_outcome(item, false, "ok");
    if (!tcp_at_end(tcb))
        return;
    tcp_close(tcb);
    if (item != NULL) {
        item->send.to = NULL;
        end_over(item, false, NULL);
    }
}

static void reader_gone(Tcb *tcb, void *user, TcpEnd end)
{
    Item *item = user;

    if (item == NULL)
        return;
    item->send.to = NULL;
    end_over(item, true, tcp_end_name(end));
}

static const TcpUser reader = {
    .readable = reader_readable,
    .gone = reader_gone,
};

/* The item that TCB is the other end of. */
static Item *item_of(const Workload *workload, const Tcb *tcb)
{
    TcpInfo theirs, ours;

    tcp_info(tcb, &theirs);
    for (Item *item = workload->items; item != NULL; item = item->next) {
        if (item->send.from == NULL)
            continue;
        tcp_info(item->send.from, &ours);
        if (ours.flow.opener == theirs.flow.opener &&
            ours.flow.serial == theirs.flow.serial)
            return item;
    }
    return NULL;
}

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    Item *item = item_of(data, tcb);

    if (item != NULL)
        item->send.to = tcb;
    *vtable = &reader;
    *user = item;
}

bool send_listen(Workload *workload, Node *node, WorkloadFault *fault)
{
    if (node == NULL || node->host.tcp == NULL)
        return workload_fault(
            fault, "to",
            g_strdup_printf("\"%s\": what is sent must be read at a node of "
                            "the network that has TCP",
                            workload->config->to));
    if (tcp_listen(node->host.tcp, workload->port, 0, accepted, workload) !=
        NULL)
        return true;
    return workload_fault(
        fault, "to",
        g_strdup_printf("\"%s\": something else listens there; name a port "
                        "that is free",
                        workload->config->to));
}
