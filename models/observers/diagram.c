/* diagram.c - see diagram.h. */
#include "diagram.h"

#include "gnuplot.h"

#include <string.h>

#include "models/transport/tcp.h"

typedef struct Arrow {
    uint64_t id;
    uint32_t from, to; /* nodes; to RECORD_NO_NODE: not arrived (yet) */
    SimTime sent, arrived;
    bool lost, repeats;
    char *label;
} Arrow;

typedef struct Mark { /* a state, written beside a column */
    uint32_t node;
    SimTime at;
    const char *text;
} Mark;

struct Diagram {
    Observer observer;
    const Network *network;
    GPtrArray *arrows;  /* of Arrow *, in the order in which they were sent */
    GHashTable *flying; /* id -> Arrow *, not arrived yet */
    GArray *marks;
    GArray *columns; /* of uint32_t: nodes, in order of appearance */
    FlowId flow;     /* the first connection: the one whose states are shown */
};

static void arrow_free(gpointer data)
{
    Arrow *arrow = data;

    g_free(arrow->label);
    g_free(arrow);
}

static char *label_of(const Packet *packet)
{
    if (packet->ethernet.type == ETHERTYPE_IPV4 &&
        packet->ip.protocol == IP_PROTOCOL_UDP &&
        packet->udp.destination_port == 53)
        return g_strdup("DNS query");
    if (packet->ethernet.type == ETHERTYPE_IPV4 &&
        packet->ip.protocol == IP_PROTOCOL_UDP && packet->udp.source_port == 53)
        return g_strdup("DNS answer");
    if (packet->ethernet.type == ETHERTYPE_IPV4 && packet->payload.len > 0)
        return g_strdup_printf("%s %u B", packet_class(packet),
                               packet->payload.len);
    return g_strdup(packet_class(packet));
}

static void add_column(Diagram *diagram, uint32_t node)
{
    for (guint i = 0; i < diagram->columns->len; i++)
        if (g_array_index(diagram->columns, uint32_t, i) == node)
            return;
    g_array_append_val(diagram->columns, node);
}

/* Only hosts' own packets: what a router sends on is the same packet. */
static void packet_sent(Diagram *diagram, const Record *record)
{
    const Packet *packet = ((const PacketTold *)record->what)->packet;
    Arrow *arrow;

    if (packet->ethernet.type != ETHERTYPE_IPV4 ||
        g_hash_table_contains(diagram->flying, &packet->id))
        return;
    arrow = g_new0(Arrow, 1);
    *arrow = (Arrow){.id = packet->id,
                     .from = record->node,
                     .to = RECORD_NO_NODE,
                     .sent = record->at,
                     .arrived = record->at,
                     .repeats = packet->repeats != 0,
                     .label = label_of(packet)};
    g_ptr_array_add(diagram->arrows, arrow);
    g_hash_table_insert(diagram->flying, &arrow->id, arrow);
    add_column(diagram, record->node);
}

static void packet_ended(Diagram *diagram, const Record *record)
{
    const Packet *packet = ((const PacketTold *)record->what)->packet;
    Arrow *arrow = g_hash_table_lookup(diagram->flying, &packet->id);

    if (arrow == NULL || arrow->to != RECORD_NO_NODE)
        return;
    arrow->arrived = record->at;
    arrow->lost = record->kind == REC_PACKET_DROPPED;
    arrow->to = record->node;
    if (!arrow->lost)
        add_column(diagram, record->node);
}

static void state_changed(Diagram *diagram, const Record *record)
{
    const TcpStateTold *told = record->what;
    TcpInfo info;
    Mark mark = {record->node, record->at, tcp_state_name(told->to)};

    tcp_info(told->tcb, &info);
    if (diagram->flow.serial == 0)
        diagram->flow = info.flow;
    if (info.flow.serial == diagram->flow.serial &&
        info.flow.opener == diagram->flow.opener)
        g_array_append_val(diagram->marks, mark);
}

static void hear(Observer *observer, const Record *record)
{
    Diagram *diagram = sim_container_of(observer, Diagram, observer);

    if (record->kind == REC_PACKET_SENT)
        packet_sent(diagram, record);
    else if (record->kind == REC_TCP_STATE)
        state_changed(diagram, record);
    else
        packet_ended(diagram, record);
}

Diagram *diagram_new(const Network *network)
{
    Diagram *diagram = g_new0(Diagram, 1);

    diagram->network = network;
    diagram->arrows = g_ptr_array_new_with_free_func(arrow_free);
    diagram->flying = g_hash_table_new(g_int64_hash, g_int64_equal);
    diagram->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    diagram->columns = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    diagram->observer = (Observer){
        .wants = 1ull << REC_PACKET_SENT | 1ull << REC_PACKET_DELIVERED |
                 1ull << REC_PACKET_DROPPED | 1ull << REC_TCP_STATE,
        .hear = hear,
    };
    sim_observe(network->sim, &diagram->observer);
    return diagram;
}

void diagram_free(Diagram *diagram)
{
    g_hash_table_unref(diagram->flying);
    g_ptr_array_unref(diagram->arrows);
    g_array_unref(diagram->marks);
    g_array_unref(diagram->columns);
    g_free(diagram);
}

/* --- drawing -------------------------------------------------------------- */

/* Rows: every moment at which something happened, idle time shortened. */
typedef struct Rows {
    GArray *at; /* SimTime, rising */
    GArray *y;  /* double */
} Rows;

static gint compare_times(gconstpointer a, gconstpointer b)
{
    SimTime x = *(const SimTime *)a, y = *(const SimTime *)b;

    return (x > y) - (x < y);
}

static Rows rows_of(const Diagram *diagram)
{
    Rows rows = {g_array_new(FALSE, FALSE, sizeof(SimTime)),
                 g_array_new(FALSE, FALSE, sizeof(double))};
    double y = 0;

    for (guint i = 0; i < diagram->arrows->len; i++) {
        const Arrow *arrow = diagram->arrows->pdata[i];

        g_array_append_val(rows.at, arrow->sent);
        g_array_append_val(rows.at, arrow->arrived);
    }
    for (guint i = 0; i < diagram->marks->len; i++)
        g_array_append_val(rows.at, g_array_index(diagram->marks, Mark, i).at);
    g_array_sort(rows.at, compare_times);
    for (guint i = 0; i < rows.at->len; i++) {
        SimTime gap = i == 0 ? 0
                             : g_array_index(rows.at, SimTime, i) -
                                   g_array_index(rows.at, SimTime, i - 1);

        /* Half a row for what is at once, three for any long wait. */
        if (gap > 0)
            y += CLAMP((double)gap / (2.0 * SIM_MS), 0.5, 3);
        g_array_append_val(rows.y, y);
    }
    return rows;
}

static double y_of(const Rows *rows, SimTime at)
{
    guint low = 0, high = rows->at->len;

    while (low + 1 < high) {
        guint middle = (low + high) / 2;

        if (g_array_index(rows->at, SimTime, middle) <= at)
            low = middle;
        else
            high = middle;
    }
    return g_array_index(rows->y, double, low);
}

static int column_of(const Diagram *diagram, uint32_t node)
{
    for (guint i = 0; i < diagram->columns->len; i++)
        if (g_array_index(diagram->columns, uint32_t, i) == node)
            return (int)i;
    return -1;
}

/* A dropped packet dies at a node that need not have a column: half way to the
 * neighbouring column, then. */
static void draw_arrow(const Diagram *diagram, const Rows *rows,
                       const Arrow *arrow, GString *script)
{
    double x0 = column_of(diagram, arrow->from),
           x1 = column_of(diagram, arrow->to);
    double y0 = y_of(rows, arrow->sent), y1 = y_of(rows, arrow->arrived);
    /* Packets that leave together arrive one by one: there is room at that end.
     */
    double along = arrow->lost ? 0.5 : 0.8;

    if (arrow->to == RECORD_NO_NODE)
        return;
    if (x1 < 0 || arrow->lost)
        x1 = x0 == 0 ? x0 + 0.5 : x0 - 0.5;
    g_string_append_printf(
        script, "set arrow from %.3f,%.3f to %.3f,%.3f %s lc rgb '%s'\n", x0,
        y0, x1, y1,
        arrow->lost ? "nohead dt 2" : "head filled size screen 0.008,20",
        arrow->lost      ? "#d55e00"
        : arrow->repeats ? "#cc79a7"
                         : "#0072b2");
    if (arrow->lost)
        g_string_append_printf(
            script,
            "set label '\303\227' at %.3f,%.3f center tc rgb "
            "'#d55e00' font ',16' front\n",
            x1, y1);
    g_string_append_printf(
        script,
        "set label '%s%s' at %.3f,%.3f center font ',8' noenhanced front\n",
        arrow->repeats ? "again: " : "", arrow->label, x0 + (x1 - x0) * along,
        y0 + (y1 - y0) * along - 0.18);
}

static void draw_columns(const Diagram *diagram, const Rows *rows,
                         double bottom, GString *script)
{
    char name[NODE_NAME_MAX];

    for (guint i = 0; i < diagram->columns->len; i++) {
        network_node_name(diagram->network,
                          g_array_index(diagram->columns, uint32_t, i), name);
        g_string_append_printf(
            script,
            "set arrow from %u,-0.6 to %u,%.3f nohead lc rgb "
            "'#999999'\nset label '%s' at %u,-1.2 center font "
            "',12' noenhanced\n",
            i, i, bottom, name, i);
    }
    for (guint i = 0; i < diagram->marks->len; i++) {
        const Mark *mark = &g_array_index(diagram->marks, Mark, i);
        int x = column_of(diagram, mark->node);

        if (x >= 0)
            g_string_append_printf(
                script,
                "set label '%s' at %.3f,%.3f %s font ',9' tc rgb "
                "'#009e73' noenhanced\n",
                mark->text, x + (x == 0 ? -0.03 : 0.03), y_of(rows, mark->at),
                x == 0 ? "right" : "left");
    }
}

/* A time at the left wherever the last one is at least a row above. */
static void draw_times(const Rows *rows, GString *script)
{
    double last = -2;

    for (guint i = 0; i < rows->at->len; i++) {
        double y = g_array_index(rows->y, double, i);

        if (y - last < 1)
            continue;
        last = y;
        g_string_append_printf(
            script,
            "set label '%.3f ms' at -0.62,%.3f right font ',7' tc rgb "
            "'#666666'\n",
            (double)g_array_index(rows->at, SimTime, i) / 1e6, y);
    }
}

static char *script_of(const Diagram *diagram)
{
    GString *script = g_string_new(NULL);
    Rows rows = rows_of(diagram);
    double bottom = rows.y->len > 0
                        ? g_array_index(rows.y, double, rows.y->len - 1) + 1
                        : 1;

    g_string_append_printf(
        script,
        "set terminal svg size %u,%d font 'Helvetica,10' background 'white'\n"
        "unset border\nunset tics\nunset key\n"
        "set lmargin 2\nset rmargin 2\nset tmargin 1\nset bmargin 1\n"
        "set xrange [-1.1:%.1f]\nset yrange [%.3f:-2]\n",
        340 + 200 * diagram->columns->len, (int)(120 + bottom * 22),
        diagram->columns->len - 0.4, bottom);
    draw_columns(diagram, &rows, bottom, script);
    draw_times(&rows, script);
    for (guint i = 0; i < diagram->arrows->len; i++)
        draw_arrow(diagram, &rows, diagram->arrows->pdata[i], script);
    g_string_append(script, "plot NaN notitle\n");
    g_array_unref(rows.at);
    g_array_unref(rows.y);
    return g_string_free(script, FALSE);
}

bool diagram_write(const Diagram *diagram, const char *file, GError **error)
{
    g_autofree char *script = script_of(diagram);

    return gnuplot_write_svg(script, file, error);
}
