/* gauge.c - the vocabulary of gauges, and how each is read. */
#include "gauge.h"

#include <math.h>
#include <string.h>

#include "models/transport/tcp.h"

/* --- lines ---------------------------------------------------------------- */

static double queue_packets(const GaugeTarget *target, int code, SimTime at)
{
    return link_queue(target->link, at).packets;
}

static double queue_bytes(const GaugeTarget *target, int code, SimTime at)
{
    return (double)link_queue(target->link, at).bytes;
}

static double queue_wait(const GaugeTarget *target, int code, SimTime at)
{
    return (double)link_queue(target->link, at).wait;
}

static double busy(const GaugeTarget *target, int code, SimTime at)
{
    return (double)link_busy(target->link, at);
}

/* --- connections ---------------------------------------------------------- */

enum {
    OF_CWND,
    OF_SSTHRESH,
    OF_IN_FLIGHT,
    OF_SRTT,
    OF_RTTVAR,
    OF_RTO,
    OF_UNSENT,
    OF_SND_WND
};

static double connection(const GaugeTarget *target, int code, SimTime at)
{
    const Tcb *tcb = tcp_first(target->node->host.tcp, target->port);
    TcpInfo info;

    if (tcb == NULL)
        return NAN;
    tcp_info(tcb, &info);
    switch (code) {
    case OF_CWND:
        return info.cwnd;
    case OF_SSTHRESH:
        return info.ssthresh != UINT32_MAX ? info.ssthresh : NAN;
    case OF_IN_FLIGHT:
        return info.in_flight;
    case OF_SRTT:
        return info.srtt != 0 ? (double)info.srtt : NAN;
    case OF_RTTVAR:
        return info.srtt != 0 ? (double)info.rttvar : NAN;
    case OF_RTO:
        return (double)info.rto;
    case OF_UNSENT:
        return info.unsent;
    default:
        return info.snd_wnd;
    }
}

/* --- nodes ---------------------------------------------------------------- */

/* The sum of ADD over TARGET's node, or over all. */
static double over_nodes(const GaugeTarget *target, int code,
                         double (*add)(const Tcp *tcp, int code))
{
    const Network *network = target->network;
    double sum = 0;

    if (target->node != NULL)
        return add(target->node->host.tcp, code);
    for (uint32_t i = 0; i < network->node_count; i++)
        if (network->nodes[i].host.tcp != NULL)
            sum += add(network->nodes[i].host.tcp, code);
    return sum;
}

static double in_state(const Tcp *tcp, int code)
{
    return tcp_count(tcp, (TcpState)code);
}

static double connections(const GaugeTarget *target, int code, SimTime at)
{
    return over_nodes(target, code, in_state);
}

static double bytes_received(const Tcp *tcp, int code)
{
    return (double)tcp_bytes_received(tcp);
}

static double received(const GaugeTarget *target, int code, SimTime at)
{
    return over_nodes(target, code, bytes_received);
}

/* --- the table ------------------------------------------------------------ */

#define CONNECTION(name, unit, code, sentence, source)                         \
    {                                                                          \
        {name, unit, sentence, source}, GAUGE_OF_CONNECTION, code, connection, \
            0                                                                  \
    }
#define STATE(name, state)                                                     \
    {                                                                          \
        {"tcp.connections." name, QUANTITY_COUNT,                              \
         "Ends of connections in " #state " at a node, or at all.",            \
         "RFC 9293 s3.3.2"},                                                   \
            GAUGE_OF_NODES, TCP_##state, connections, 0                        \
    }

const GaugeKey gauge_keys[] = {
    {{"link.queue.packets", QUANTITY_PACKETS,
      "Packets that wait for a line, but for the one that is sent.", ""},
     GAUGE_OF_LINK,
     0,
     queue_packets,
     0},
    {{"link.queue.bytes", QUANTITY_BYTES,
      "Their bytes, as the queue counts them (`overhead`).", ""},
     GAUGE_OF_LINK,
     0,
     queue_bytes,
     0},
    {{"link.queue.wait", QUANTITY_TIME,
      "How long a packet that came now would wait for the line.", ""},
     GAUGE_OF_LINK,
     0,
     queue_wait,
     0},
    {{"link.utilisation", QUANTITY_FRACTION,
      "Share of the time since the sample before that a line was sending.", ""},
     GAUGE_OF_LINK,
     0,
     busy,
     1},
    CONNECTION("tcp.cwnd", QUANTITY_COUNT, OF_CWND,
               "Congestion window, in segments.", "RFC 5681 s2"),
    CONNECTION("tcp.ssthresh", QUANTITY_COUNT, OF_SSTHRESH,
               "Slow start threshold, in segments; none before the first loss.",
               "RFC 5681 s3.1"),
    CONNECTION("tcp.in_flight", QUANTITY_COUNT, OF_IN_FLIGHT,
               "Segments sent and not acknowledged cumulatively.",
               "RFC 5681 s2"),
    CONNECTION("tcp.srtt", QUANTITY_TIME, OF_SRTT, "Smoothed round-trip time.",
               "RFC 6298 s2"),
    CONNECTION("tcp.rttvar", QUANTITY_TIME, OF_RTTVAR,
               "Round-trip time variation.", "RFC 6298 s2"),
    CONNECTION("tcp.rto", QUANTITY_TIME, OF_RTO,
               "Retransmission time-out, backed off as it is.", "RFC 6298 s5"),
    CONNECTION("tcp.unsent", QUANTITY_BYTES, OF_UNSENT,
               "Bytes written by the user and never sent.", ""),
    CONNECTION("tcp.snd_wnd", QUANTITY_BYTES, OF_SND_WND,
               "Window that the other side has offered.", "RFC 9293 s3.3.1"),
    STATE("syn_sent", SYN_SENT),
    STATE("syn_received", SYN_RECEIVED),
    STATE("established", ESTABLISHED),
    STATE("fin_wait_1", FIN_WAIT_1),
    STATE("fin_wait_2", FIN_WAIT_2),
    STATE("close_wait", CLOSE_WAIT),
    STATE("closing", CLOSING),
    STATE("last_ack", LAST_ACK),
    STATE("time_wait", TIME_WAIT),
    {{"tcp.goodput", QUANTITY_RATE,
      "Text taken in order at a node, or at all, since the sample before; sent "
      "again, it counts once.",
      "RFC 2647 s3.17"},
     GAUGE_OF_NODES,
     0,
     received,
     8e9},
    {.word.name = NULL},
};

const GaugeKey *gauge_key(const char *name)
{
    for (const GaugeKey *key = gauge_keys; key->word.name != NULL; key++)
        if (strcmp(key->word.name, name) == 0)
            return key;
    return NULL;
}

Description *description_of_gauges(void)
{
    static const char *const heads[] = {"gauge", "of", "unit", NULL};
    static const char *const ofs[] = {"(NODE -> NODE)", "(NODE), (NODE:PORT)",
                                      "(NODE), or all"};
    Description *description = description_new(heads);

    for (const GaugeKey *key = gauge_keys; key->word.name != NULL; key++) {
        const char *cells[] = {key->word.name, ofs[key->of],
                               quantity_kind_name(key->word.unit)};

        description_add(description, cells, key->word.sentence,
                        key->word.source);
    }
    return description;
}

/* --- what a gauge is of --------------------------------------------------- */

static bool find_link(const Network *network, const char *object,
                      GaugeTarget *target, char **why)
{
    char **ends = g_strsplit(object, "->", 2);

    if (g_strv_length(ends) == 2)
        target->link =
            network_link(network, g_strstrip(ends[0]), g_strstrip(ends[1]));
    g_strfreev(ends);
    if (target->link != NULL)
        return true;
    *why = g_strdup_printf("\"%s\" is no direction of a line; name its ends, "
                           "such as (home -> isp)",
                           object);
    return false;
}

/* Finds "NODE" or, of a connection, "NODE:PORT". */
static bool find_node(const GaugeKey *key, const Network *network,
                      const char *object, GaugeTarget *target, char **why)
{
    const char *colon = strrchr(object, ':');
    guint64 port = 0;
    char *name;

    if (colon != NULL &&
        (key->of != GAUGE_OF_CONNECTION ||
         !g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL))) {
        *why = g_strdup_printf("\"%s\" is no %s", object,
                               key->of == GAUGE_OF_CONNECTION
                                   ? "NODE or NODE:PORT"
                                   : "node; a name alone would be right");
        return false;
    }
    name = colon != NULL ? g_strndup(object, (gsize)(colon - object))
                         : g_strdup(object);
    target->node = network_node(network, name);
    target->port = (uint16_t)port;
    if (target->node == NULL)
        *why = g_strdup_printf("no node is called \"%s\"", name);
    else if (target->node->host.tcp == NULL)
        *why = g_strdup_printf("\"%s\" has no TCP; name a client or a server",
                               name);
    g_free(name);
    return target->node != NULL && target->node->host.tcp != NULL;
}

bool gauge_find(const GaugeKey *key, const Network *network, const char *object,
                GaugeTarget *target, char **why)
{
    *target = (GaugeTarget){.network = network};
    if (object == NULL && key->of == GAUGE_OF_NODES)
        return true;
    if (object == NULL) {
        *why = g_strdup_printf(
            "%s of what? write %s(%s)", key->word.name, key->word.name,
            key->of == GAUGE_OF_LINK ? "NODE -> NODE" : "NODE");
        return false;
    }
    if (key->of == GAUGE_OF_LINK)
        return find_link(network, object, target, why);
    return find_node(key, network, object, target, why);
}
