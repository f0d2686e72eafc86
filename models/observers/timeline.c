/* timeline.c - the log of ids, and the walk back through it; see timeline.h. */
#include "timeline.h"

#include <string.h>

const Word span_kinds[SPAN_KINDS] = {
    [SPAN_DNS] = {"DNS", "the name on its way through the resolvers"},
    [SPAN_ARP] = {"ARP", "packets that waited for a MAC address"},
    [SPAN_CONNECT] = {"connect", "three-way handshakes"},
    [SPAN_REQUEST] = {"request", "requests on their way"},
    [SPAN_WAITING] = {"waiting",
                      "a server thinks, or a connection is not free"},
    [SPAN_TRANSFER] = {"transfer", "answers on their way"},
    [SPAN_TIMERS] = {"timers",
                     "a time-out ran: something was lost or held back"},
    [SPAN_OTHER] = {"other", "an ICMP error on its way, or nothing's"},
};

typedef struct Cause {
    uint64_t parent;
    SimTime born;
    const char *what; /* NULL: the id was never told */
    uint8_t kind;     /* SpanKind */
    bool sent;        /* packet: it has left its first interface */
} Cause;

/* A packet that waited for an address, at its sender or at a router. */
typedef struct ArpWait {
    uint64_t id;
    uint32_t node;
    SimTime from, to;  /* to: SIM_NEVER while it waits */
    uint64_t woken_by; /* what let it go on: the ARP reply */
} ArpWait;

struct Timeline {
    Observer observer;
    GArray *causes; /* of Cause, by id */
    GArray *waits;  /* of ArpWait, in the order in which they began */
};

static Cause *cause_at(Timeline *timeline, uint64_t id)
{
    if (id >= timeline->causes->len)
        g_array_set_size(timeline->causes, (guint)id + 1);
    return &g_array_index(timeline->causes, Cause, id);
}

/* Timers and parked requests say what they are.  A time-out is a time-out,
 * whoever's: that of a lost query or ARP request as much as TCP's. */
static SpanKind kind_of_wait(const char *what)
{
    if (strstr(what, "timeout") != NULL)
        return SPAN_TIMERS;
    if (strstr(what, "dns") != NULL)
        return SPAN_DNS;
    if (strstr(what, "server") != NULL || strstr(what, "browser") != NULL ||
        strstr(what, "request") != NULL)
        return SPAN_WAITING;
    return SPAN_TIMERS;
}

static SpanKind kind_of_packet(const Packet *packet)
{
    bool opener = (packet->number & PACKET_OF_OPENER) != 0;

    if (packet->ethernet.type == ETHERTYPE_ARP)
        return SPAN_ARP;
    if (packet->ip.protocol == IP_PROTOCOL_UDP)
        return SPAN_DNS;
    if (packet->ip.protocol != IP_PROTOCOL_TCP)
        return SPAN_OTHER;
    if (packet->tcp.flags & TCP_SYN)
        return SPAN_CONNECT;
    /* The reset that refuses a SYN has SEQ 0 (RFC 9293 s3.10.7.1). */
    if (packet->tcp.flags & TCP_RST && packet->tcp.seq == 0)
        return SPAN_CONNECT;
    if (packet->payload.len > 0 && opener)
        return SPAN_REQUEST;
    return SPAN_TRANSFER;
}

static void wait_begins(Timeline *timeline, const Record *record)
{
    ArpWait wait = {record->id, record->node, record->at, SIM_NEVER, 0};

    g_array_append_val(timeline->waits, wait);
}

static void wait_ends(Timeline *timeline, const Record *record)
{
    for (guint i = timeline->waits->len; i-- > 0;) {
        ArpWait *wait = &g_array_index(timeline->waits, ArpWait, i);

        if (wait->id == record->id && wait->node == record->node &&
            wait->to == SIM_NEVER) {
            wait->to = record->at;
            wait->woken_by = record->cause;
            return;
        }
    }
}

static void hear(Observer *observer, const Record *record)
{
    Timeline *timeline = sim_container_of(observer, Timeline, observer);
    const CauseTold *told = record->what;
    const PacketTold *packet = record->what;
    Cause *cause = cause_at(timeline, record->id);

    switch (record->kind) {
    case REC_CAUSE:
        cause->parent = told->parent;
        cause->born = told->since;
        cause->what = told->what;
        cause->kind = kind_of_wait(told->what);
        break;
    case REC_ARP_WAITS:
        wait_begins(timeline, record);
        break;
    case REC_PACKET_SENT:
        wait_ends(timeline, record);
        if (cause->sent)
            break; /* a later hop */
        cause->sent = true;
        cause->what = packet_class(packet->packet);
        cause->kind = kind_of_packet(packet->packet);
        break;
    default:
        break;
    }
}

Timeline *timeline_new(const Network *network)
{
    Timeline *timeline = g_new0(Timeline, 1);

    timeline->causes = g_array_new(FALSE, TRUE, sizeof(Cause));
    timeline->waits = g_array_new(FALSE, FALSE, sizeof(ArpWait));
    timeline->observer = (Observer){
        .wants =
            1ull << REC_CAUSE | 1ull << REC_PACKET_SENT | 1ull << REC_ARP_WAITS,
        .hear = hear,
    };
    sim_observe(network->sim, &timeline->observer);
    return timeline;
}

void timeline_free(Timeline *timeline)
{
    g_array_unref(timeline->causes);
    g_array_unref(timeline->waits);
    g_free(timeline);
}

static void add_span(GArray *walk, SpanKind kind, SimTime from, SimTime to,
                     uint64_t id, const char *what)
{
    Span span = {kind, from, to, id, what};

    if (to > from)
        g_array_append_val(walk, span);
}

static void walk_back(const Timeline *timeline, GArray *walk, uint64_t id,
                      SimTime from, SimTime until, SpanKind rest,
                      const char *what);

/* The span of cause ID from FROM to UNTIL, what is latest first.  The time in
 * which it waited for an address is that of the request and its reply, and of
 * the timers between where they were lost. */
static void add_cause(const Timeline *timeline, GArray *walk, uint64_t id,
                      const Cause *cause, SimTime from, SimTime until)
{
    for (guint i = timeline->waits->len; i-- > 0 && until > from;) {
        const ArpWait *wait = &g_array_index(timeline->waits, ArpWait, i);
        SimTime begun = MAX(wait->from, from), ended = MIN(wait->to, until);

        if (wait->id != id || begun >= ended)
            continue;
        add_span(walk, cause->kind, ended, until, id, cause->what);
        walk_back(timeline, walk, wait->woken_by, begun, ended, SPAN_ARP,
                  "waits for an address");
        until = begun;
    }
    add_span(walk, cause->kind, from, until, id, cause->what);
}

/* From UNTIL and ID, which ended then, back to FROM; what no cause explains is
 * REST, called WHAT.  It ends: an id's parent is a smaller id, and a wait leads
 * to ARP's packets and timers, which wait for no address and reach back to its
 * beginning. */
static void walk_back(const Timeline *timeline, GArray *walk, uint64_t id,
                      SimTime from, SimTime until, SpanKind rest,
                      const char *what)
{
    while (until > from && id != 0 && id < timeline->causes->len) {
        const Cause *cause = &g_array_index(timeline->causes, Cause, id);
        SimTime born = MAX(cause->born, from);

        if (cause->what == NULL || cause->born > until)
            break;
        add_cause(timeline, walk, id, cause, born, until);
        until = born;
        id = cause->parent;
    }
    add_span(walk, rest, from, until, 0, what);
}

GArray *timeline_walk(const Timeline *timeline, uint64_t id, SimTime from,
                      SimTime until)
{
    GArray *walk = g_array_new(FALSE, FALSE, sizeof(Span));

    walk_back(timeline, walk, id, from, until, SPAN_OTHER, "the user");
    return walk;
}

void timeline_sum(const GArray *walk, SimTime sums[SPAN_KINDS])
{
    memset(sums, 0, SPAN_KINDS * sizeof *sums);
    for (guint i = 0; i < walk->len; i++) {
        const Span *span = &g_array_index(walk, Span, i);

        sums[span->kind] += span->to - span->from;
    }
}
