/* story_tcp.c - sentences about TCP; see story_internal.h. */
#include "story_internal.h"

static void tcp_state(Story *story, const Record *record, GString *line)
{
    const TcpStateTold *told = record->what;
    TcpInfo info;
    FlowStory *flow;
    char node[NODE_NAME_MAX];
    int side;

    tcp_info(told->tcb, &info);
    flow = story_flow(story, info.flow);
    /* Who speaks first opened it; the two sides may be one and the same node.
     */
    side = told->from == TCP_LISTEN || record->node == flow->node[1] ? 1 : 0;
    if (flow->node[0] != RECORD_NO_NODE && flow->node[0] != record->node)
        side = 1;
    flow->node[side] = record->node;
    flow->state[side] = told->to;
    g_string_append_printf(line, "%s -> %s, port %u <-> %u",
                           tcp_state_name(told->from), tcp_state_name(told->to),
                           info.local_port, info.remote_port);
    if (flow->node[!side] != RECORD_NO_NODE)
        g_string_append_printf(line, "; %s is in %s",
                               story_node(story, flow->node[!side], node),
                               tcp_state_name(flow->state[!side]));
    if (story->options.verbose)
        g_string_append_printf(line, " (%s)", told->paragraph);
}

static void tcp_segment(Story *story, const Record *record, GString *line)
{
    const TcpSegmentTold *told = record->what;
    const Packet *packet = told->packet;
    FlowStory *flow = story_flow(story, packet->flow);
    bool ends = (packet->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0;
    bool closing =
        flow->state[0] > TCP_ESTABLISHED || flow->state[1] > TCP_ESTABLISHED;
    bool handshake = !flow->acked_syn && packet->payload.len == 0 &&
                     packet->number & PACKET_OF_OPENER &&
                     (packet->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_ACK;

    story_learn_iss(story, packet);
    if (told->repeats != 0)
        return; /* told as a retransmission */
    if (!story->options.verbose && !ends && !closing && !handshake)
        return;
    if (handshake)
        flow->acked_syn = true;
    g_string_append(line, "sends ");
    story_packet(story, line, packet);
}

/* What became of the packet that is repeated: where it was dropped; or, if it
 * was not, which packet of the other side's was since then, its answer most
 * likely. */
static void tell_fate(Story *story, GString *line, const Packet *packet,
                      uint64_t repeats)
{
    const FlowStory *flow = story_flow(story, packet->flow);
    const StoryDrop *answer =
        &flow->drop[packet->number & PACKET_OF_OPENER ? 1 : 0];
    gint64 id = (gint64)repeats;
    const StoryDrop *drop = g_hash_table_lookup(story->drops, &id);

    g_string_append_printf(line, "\n  [#%" G_GUINT64_FORMAT "] was ", repeats);
    if (drop != NULL) {
        story_drop(story, line, drop);
    } else if (answer->id > repeats) {
        g_string_append_printf(
            line, "not dropped, but the answer [#%" G_GUINT64_FORMAT "] was ",
            answer->id);
        story_drop(story, line, answer);
    } else {
        g_string_append(line, "not dropped");
    }
}

static void tcp_retransmit(Story *story, const Record *record, GString *line)
{
    const TcpSegmentTold *told = record->what;

    g_string_append(line, "sends again ");
    story_packet(story, line, told->packet);
    g_string_append(line, ": ");
    story_reason(line, repeat_reasons[record->code].sentence);
    if (told->rto > 0)
        g_string_append_printf(line, ", after %.0f ms",
                               (double)told->rto / 1e6);
    if (told->repeats != 0)
        tell_fate(story, line, told->packet, told->repeats);
}

static bool is_undo(unsigned step)
{
    return step == RECOVERY_UNDO_DSACK || step == RECOVERY_UNDO_ECHO ||
           step == RECOVERY_UNDO_FRTO;
}

static void tcp_recovery(Story *story, const Record *record, GString *line)
{
    const TcpRecoveryTold *told = record->what;
    TcpInfo info;

    tcp_info(told->tcb, &info);
    g_string_append_printf(line, "port %u -> %u, %s", info.local_port,
                           info.remote_port,
                           is_undo(record->code) ? "undo: " : "");
    story_reason(line, recovery_steps[record->code].sentence);
    if (info.cwnd != told->cwnd_before)
        g_string_append_printf(line, "; window of %u segments -> %u",
                               told->cwnd_before, info.cwnd);
    else if (info.ssthresh < info.cwnd && record->code != RECOVERY_OVER &&
             !is_undo(record->code)) /* by and by: RFC 6937 */
        g_string_append_printf(line, "; window of %u segments, soon %u",
                               info.cwnd, info.ssthresh);
    else
        g_string_append_printf(line, "; window of %u segment%s", info.cwnd,
                               info.cwnd == 1 ? "" : "s");
    if (told->lost > 0)
        g_string_append_printf(line, ", %u of %u in flight taken for lost",
                               told->lost, info.in_flight);
}

static void tcp_late(Story *story, const Record *record, GString *line)
{
    const TcpLateTold *told = record->what;

    if (record->code == LATE_TAKEN)
        g_string_append_printf(
            line, "takes %u bytes of an earlier connection for its own: ",
            told->bytes);
    else if (story->options.verbose)
        g_string_append(line, "comes in TIME-WAIT: ");
    else
        return;
    story_packet(story, line, told->packet);
}

static void tcp_opened(Story *story, const Record *record, GString *line)
{
    const TcpOpenTold *told = record->what;

    g_string_append_printf(line, "connected after %.3f ms, %u SYN%s",
                           (double)told->latency / 1e6, told->syns,
                           told->syns == 1 ? "" : "s");
}

static void tcp_failed(Story *story, const Record *record, GString *line)
{
    const TcpOpenTold *told = record->what;

    g_string_append_printf(line, "the connection failed: %s, after %.3f ms",
                           tcp_end_name((TcpEnd)told->end),
                           (double)told->latency / 1e6);
}

const StoryKind story_tcp_kinds[RECORD_KINDS] = {
    [REC_TCP_STATE] = {"tcp", tcp_state},
    [REC_TCP_SEGMENT_SENT] = {"tcp", tcp_segment},
    [REC_TCP_RETRANSMIT] = {"tcp", tcp_retransmit},
    [REC_TCP_RECOVERY] = {"tcp", tcp_recovery},
    [REC_TCP_LATE] = {"tcp", tcp_late},
    [REC_TCP_OPENED] = {"tcp", tcp_opened},
    [REC_TCP_FAILED] = {"tcp", tcp_failed},
};
