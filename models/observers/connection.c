/* connection.c - see connection.h. */
#include "connection.h"

static bool is_ours(const Connection *connection, FlowId flow)
{
    return connection->flow.serial != 0 &&
           connection->flow.serial == flow.serial &&
           connection->flow.opener == flow.opener;
}

/* The end of CONNECTION at NODE; NULL: it is a third one's. */
static ConnectionEnd *end_at(Connection *connection, uint32_t node)
{
    for (unsigned i = 0; i < 2; i++) {
        ConnectionEnd *end = &connection->ends[i];

        if (end->node == RECORD_NO_NODE)
            end->node = node;
        if (end->node == node)
            return end;
    }
    return NULL;
}

static ConnectionEnd *other_end(Connection *connection,
                                const ConnectionEnd *end)
{
    return &connection->ends[end == &connection->ends[0]];
}

/* SEQ, a number near what END has sent, counted from its SYN. */
static int64_t count_from_syn(const ConnectionEnd *end, uint32_t seq)
{
    uint32_t expected = end->iss + (uint32_t)end->highest;

    return end->highest + (int32_t)(seq - expected);
}

/* --- what is sent --------------------------------------------------------- */

static void take_syn(ConnectionEnd *end, const TcpHeader *tcp)
{
    end->iss = tcp->seq;
    end->has_iss = true;
    end->offers_scale = tcp->options & TCP_OPT_WSCALE;
    end->scale = tcp->wscale;
}

static void segment_sent(ConnectionEnd *end, const Record *record,
                         const Packet *packet)
{
    const TcpHeader *tcp = &packet->tcp;
    ConnectionSegment segment = {.id = packet->id,
                                 .at = record->at,
                                 .syn = tcp->flags & TCP_SYN,
                                 .fin = tcp->flags & TCP_FIN,
                                 .repeats = packet->repeats != 0};
    int64_t end_of;

    if (segment.syn && !end->has_iss)
        take_syn(end, tcp);
    if (!end->has_iss)
        return;
    segment.from = count_from_syn(end, tcp->seq) + segment.syn;
    segment.to = segment.from + packet->payload.len;
    end_of = segment.to + segment.fin;
    if (packet->payload.len == 0 && !segment.syn && !segment.fin)
        return; /* an ACK alone */
    if (segment.to > end->highest)
        end->bytes += packet->payload.len;
    end->highest = MAX(end->highest, end_of);
    g_array_append_val(end->segments, segment);
}

static void window_told(ConnectionEnd *end, const Record *record,
                        const TcpSegmentTold *told)
{
    ConnectionWindow window = {.at = record->at};
    TcpInfo info;

    if (told->tcb == NULL || !end->has_iss)
        return;
    tcp_info(told->tcb, &info);
    window.edge = end->acked + (int64_t)info.cwnd * info.snd_mss;
    g_array_append_val(end->windows, window);
}

/* --- what comes ----------------------------------------------------------- */

static void packet_delivered(Connection *connection, ConnectionEnd *end,
                             const Record *record, const Packet *packet)
{
    const TcpHeader *tcp = &packet->tcp;
    const ConnectionEnd *peer = other_end(connection, end);
    ConnectionAck ack = {.at = record->at};

    if (!(tcp->flags & TCP_ACK) || !end->has_iss)
        return;
    ack.ack = count_from_syn(end, tcp->ack);
    ack.window = tcp->window;
    /* Windows of SYNs are never scaled (RFC 7323 s2.2). */
    if (!(tcp->flags & TCP_SYN) && end->offers_scale && peer->offers_scale)
        ack.window <<= peer->scale;
    for (ack.sacks = 0; ack.sacks < tcp->sack_count; ack.sacks++) {
        ack.sack[ack.sacks][0] = count_from_syn(end, tcp->sack[ack.sacks].left);
        ack.sack[ack.sacks][1] =
            count_from_syn(end, tcp->sack[ack.sacks].right);
    }
    end->acked = MAX(end->acked, ack.ack);
    g_array_append_val(end->acks, ack);
}

static void packet_dropped(Connection *connection, const Packet *packet)
{
    for (unsigned e = 0; e < 2; e++) {
        GArray *segments = connection->ends[e].segments;

        for (guint i = segments->len; i-- > 0;) {
            ConnectionSegment *segment =
                &g_array_index(segments, ConnectionSegment, i);

            if (segment->id == packet->id)
                segment->dropped = true;
        }
    }
}

/* The connection begins with its opener's SYN-SENT. */
static void state_told(Connection *connection, const Record *record)
{
    const TcpStateTold *told = record->what;
    ConnectionMove move = {record->at, told->to};
    ConnectionEnd *end;
    TcpInfo info;

    tcp_info(told->tcb, &info);
    if (told->to == TCP_SYN_SENT && ++connection->seen == connection->number)
        connection->flow = info.flow;
    if (!is_ours(connection, info.flow))
        return;
    end = end_at(connection, record->node);
    if (end != NULL)
        g_array_append_val(end->moves, move);
}

static void packet_told(Connection *connection, const Record *record,
                        const Packet *packet)
{
    ConnectionEnd *end;

    if (!is_ours(connection, packet->flow))
        return;
    if (record->kind == REC_PACKET_DROPPED) {
        packet_dropped(connection, packet);
        return;
    }
    end = end_at(connection, record->node);
    if (end == NULL)
        return;
    if (record->kind == REC_PACKET_DELIVERED)
        packet_delivered(connection, end, record, packet);
    if (record->kind != REC_TCP_SEGMENT_SENT)
        return;
    segment_sent(end, record, packet);
    window_told(end, record, record->what);
}

static void hear(Observer *observer, const Record *record)
{
    Connection *connection = sim_container_of(observer, Connection, observer);

    if (record->kind == REC_TCP_STATE)
        state_told(connection, record);
    else if (record->kind == REC_TCP_SEGMENT_SENT)
        packet_told(connection, record,
                    ((const TcpSegmentTold *)record->what)->packet);
    else
        packet_told(connection, record,
                    ((const PacketTold *)record->what)->packet);
}

/* --- life ----------------------------------------------------------------- */

Connection *connection_new(const Network *network, unsigned number)
{
    Connection *connection = g_new0(Connection, 1);

    connection->network = network;
    connection->number = number;
    for (unsigned i = 0; i < 2; i++)
        connection->ends[i] = (ConnectionEnd){
            .node = RECORD_NO_NODE,
            .segments = g_array_new(FALSE, FALSE, sizeof(ConnectionSegment)),
            .acks = g_array_new(FALSE, FALSE, sizeof(ConnectionAck)),
            .windows = g_array_new(FALSE, FALSE, sizeof(ConnectionWindow)),
            .moves = g_array_new(FALSE, FALSE, sizeof(ConnectionMove)),
        };
    connection->observer = (Observer){
        .wants = 1ull << REC_PACKET_DELIVERED | 1ull << REC_PACKET_DROPPED |
                 1ull << REC_TCP_STATE | 1ull << REC_TCP_SEGMENT_SENT,
        .hear = hear,
    };
    sim_observe(network->sim, &connection->observer);
    return connection;
}

void connection_free(Connection *connection)
{
    for (unsigned i = 0; i < 2; i++) {
        g_array_unref(connection->ends[i].segments);
        g_array_unref(connection->ends[i].acks);
        g_array_unref(connection->ends[i].windows);
        g_array_unref(connection->ends[i].moves);
    }
    g_free(connection);
}

const ConnectionEnd *connection_sender(const Connection *connection)
{
    const ConnectionEnd *ends = connection->ends;

    if (connection->flow.serial == 0)
        return NULL;
    return &ends[ends[1].bytes > ends[0].bytes];
}
