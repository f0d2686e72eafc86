/* story_packets.c - sentences about packets, their headers and ARP; see
 * story_internal.h. */
#include "story_internal.h"

#include <string.h>

void story_reason(GString *line, const char *sentence)
{
    bool acronym = g_ascii_isupper(sentence[1]);

    g_string_append_c(line,
                      acronym ? sentence[0] : g_ascii_tolower(sentence[0]));
    g_string_append(line, sentence + 1);
    if (line->str[line->len - 1] == '.')
        g_string_truncate(line, line->len - 1);
}

/* --- packets -------------------------------------------------------------- */

static const char *flags_text(uint16_t flags, char text[32])
{
    static const struct {
        uint16_t bit;
        const char *name;
    } names[] = {{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"},
                 {TCP_PSH, "PSH"}, {TCP_ACK, "ACK"}, {TCP_URG, "URG"}};

    text[0] = '\0';
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (flags & names[i].bit) {
            if (text[0] != '\0')
                strcat(text, ",");
            strcat(text, names[i].name);
        }
    return text[0] != '\0' ? text : "none";
}

void story_learn_iss(Story *story, const Packet *packet)
{
    FlowStory *flow = story_flow(story, packet->flow);
    int side = packet->number & PACKET_OF_OPENER ? 0 : 1;

    if (packet->tcp.flags & TCP_SYN && !flow->iss_known[side]) {
        flow->iss[side] = packet->tcp.seq;
        flow->iss_known[side] = true;
    }
}

static void tcp_words(Story *story, GString *line, const Packet *packet)
{
    FlowStory *flow = story_flow(story, packet->flow);
    int side = packet->number & PACKET_OF_OPENER ? 0 : 1;
    const TcpHeader *tcp = &packet->tcp;
    char text[32];

    story_learn_iss(story, packet);
    g_string_append_printf(line, "%s seq %u", flags_text(tcp->flags, text),
                           tcp->seq - flow->iss[side]);
    if (tcp->flags & TCP_ACK)
        g_string_append_printf(line, " ack %u", tcp->ack - flow->iss[!side]);
    if (packet->payload.len > 0)
        g_string_append_printf(line, ", %u bytes of data", packet->payload.len);
    g_string_append_printf(line, ", port %u -> %u", tcp->source_port,
                           tcp->destination_port);
    if (tcp->options & TCP_OPT_MSS)
        g_string_append_printf(line, ", MSS %u", tcp->mss);
    for (unsigned i = 0; i < tcp->sack_count; i++)
        g_string_append_printf(line, ", SACK %u-%u",
                               tcp->sack[i].left - flow->iss[!side],
                               tcp->sack[i].right - flow->iss[!side]);
}

void story_packet(Story *story, GString *line, const Packet *packet)
{
    if (packet->ethernet.type == ETHERTYPE_ARP) {
        g_string_append(line, packet_class(packet));
    } else if (packet->ip.protocol == IP_PROTOCOL_TCP) {
        tcp_words(story, line, packet);
    } else {
        g_string_append_printf(line, "%s, %u bytes", packet_class(packet),
                               packet_len(packet));
        if (packet->ip.protocol == IP_PROTOCOL_UDP)
            g_string_append_printf(line, ", port %u -> %u",
                                   packet->udp.source_port,
                                   packet->udp.destination_port);
    }
    g_string_append_printf(line, " [#%" G_GUINT64_FORMAT "]", packet->id);
}

static void ethernet_line(GString *line, const Packet *packet)
{
    char from[MAC_TEXT_MAX], to[MAC_TEXT_MAX];

    g_string_append_printf(line, "Ethernet  %s -> %s, type 0x%04x",
                           mac_to_text(packet->ethernet.source, from),
                           mac_to_text(packet->ethernet.destination, to),
                           packet->ethernet.type);
}

static void signal_line(GString *line, const Packet *packet, const Link *link)
{
    uint32_t bytes = MAX(packet_frame_len(packet),
                         ETHERNET_HEADER_LEN + ETHERNET_MIN_PAYLOAD) +
                     ETHERNET_FCS_LEN + ETHERNET_PREAMBLE_LEN;
    uint64_t rate = link->config->rate;

    g_string_append_printf(
        line, "signal    %u bits with preamble and check sequence, %s",
        bytes * 8, linecode_names[link->config->line_code]);
    if (rate != 0) {
        g_autofree char *text =
            quantity_format_int(QUANTITY_RATE, (int64_t)rate);

        g_string_append_printf(line, ", at %s: %.3f us on the line", text,
                               (double)simtime_of_bytes(bytes, rate) / 1e3);
    }
    if (link->config->noise.on)
        g_string_append_printf(
            line,
            ", %.1f dB over the noise: an error in %.2g of "
            "all frames",
            link->config->snr - link->config->attenuation,
            noise_chance(&link->config->noise, noise_frame_len(packet) * 8ull +
                                                   link->config->framing_bits));
}

static void data_line(GString *line, const Packet *packet)
{
    const uint8_t *data = slice_data(&packet->payload);

    g_string_append_printf(line, "data      %u bytes", packet->payload.len);
    if (data == NULL)
        return;
    g_string_append(line, ", \"");
    for (uint32_t i = 0; i < packet->payload.len && i < 32 && data[i] >= ' ';
         i++)
        g_string_append_c(line, (char)data[i]);
    g_string_append(line, "...\"");
}

static void header_line(Story *story, GString *line, const Packet *packet,
                        const Link *link, int header)
{
    switch (header) {
    case 0:
        data_line(line, packet);
        break;
    case 1:
        g_string_append(line, "TCP       ");
        tcp_words(story, line, packet);
        g_string_append_printf(line, ", window %u", packet->tcp.window);
        break;
    case 2:
        g_string_append(line, "IP        ");
        story_address(story, line, packet->ip.source);
        g_string_append(line, " -> ");
        story_address(story, line, packet->ip.destination);
        g_string_append_printf(line, ", TTL %u, identification %u, %u bytes",
                               packet->ip.ttl, packet->ip.identification,
                               packet_len(packet));
        break;
    case 3:
        ethernet_line(line, packet);
        break;
    default:
        signal_line(line, packet, link);
        break;
    }
}

void story_headers(Story *story, GString *line, const Packet *packet,
                   const Link *link, bool up)
{
    for (int i = 0; i < 5; i++) {
        int header = up ? 4 - i : i;

        if (header == 4 && link == NULL)
            continue;
        g_string_append(line, up ? "\n  remove " : "\n  add    ");
        if (header == 0)
            line->len -= 7, g_string_append(line, up ? "hand up " : "       ");
        header_line(story, line, packet, link, header);
    }
}

static const Interface *told_interface(const Record *record)
{
    return ((const PacketTold *)record->what)->interface;
}

static bool is_first_data(const Story *story, const Packet *packet)
{
    return story->followed == 0 && packet->ethernet.type == ETHERTYPE_IPV4 &&
           packet->ip.protocol == IP_PROTOCOL_TCP && packet->payload.len > 0;
}

static void sent(Story *story, const Record *record, GString *line)
{
    const PacketTold *told = record->what;
    const Packet *packet = told->packet;
    const Interface *interface = told_interface(record);

    if (is_first_data(story, packet)) {
        story->followed = packet->id;
        g_string_append(line, "the first segment with data is dressed:");
        story_headers(story, line, packet,
                      interface != NULL ? interface->out : NULL, false);
    } else if (packet->id == story->followed) {
        g_string_append_printf(
            line, "[#%" G_GUINT64_FORMAT "] goes on: ", packet->id);
        ethernet_line(line, packet);
        g_string_append_printf(line, ", TTL %u", packet->ip.ttl);
    } else if (story->options.verbose) {
        g_string_append(line, "sends ");
        story_packet(story, line, packet);
    }
    if (line->len > 0 && told->queued > 0)
        g_string_append_printf(line, ", after %.3f ms in the queue",
                               (double)told->queued / 1e6);
}

static void received(Story *story, const Record *record, GString *line)
{
    const PacketTold *told = record->what;
    const Packet *packet = told->packet;
    const Interface *interface = told_interface(record);
    const char *copy = packet->number & PACKET_COPY ? "a line's copy of " : "";

    if (packet->id == story->followed && interface != NULL &&
        ip_equal(interface->address, packet->ip.destination)) {
        g_string_append_printf(
            line, "%s[#%" G_GUINT64_FORMAT "] on the way up:", copy,
            packet->id);
        story_headers(story, line, packet, NULL, true);
    } else if (packet->id == story->followed) {
        g_string_append_printf(line, "%s[#%" G_GUINT64_FORMAT "] arrives, ",
                               copy, packet->id);
        ethernet_line(line, packet);
    } else if (story->options.verbose) {
        g_string_append_printf(line, "receives %s", copy);
        story_packet(story, line, packet);
    }
}

static void forwarded(Story *story, const Record *record, GString *line)
{
    const PacketTold *told = record->what;

    if (told->packet->id != story->followed)
        return;
    g_string_append_printf(line, "[#%" G_GUINT64_FORMAT "] forwarded towards ",
                           told->packet->id);
    story_address(story, line, told->packet->ip.destination);
}

static void marked(Story *story, const Record *record, GString *line)
{
    const PacketTold *told = record->what;

    g_string_append(line, "the queue grew long: marks ");
    story_packet(story, line, told->packet);
    g_string_append(line, " with CE, congestion experienced");
}

static void cookie(Story *story, const Record *record, GString *line)
{
    const PacketTold *told = record->what;

    g_string_append(line, "the queue is full: answers ");
    story_packet(story, line, told->packet);
    g_string_append(line, " with a SYN cookie, and forgets it");
}

const char *story_drop_layer(uint16_t reason)
{
    switch ((DropReason)reason) {
    case DROP_NO_ROUTE:
    case DROP_TTL:
    case DROP_TOO_BIG:
    case DROP_NO_PROTOCOL:
        return "ip";
    case DROP_ARP_FAILED:
    case DROP_ARP_QUEUE_FULL:
        return "arp";
    case DROP_NO_PORT:
        return "udp";
    case DROP_TCP_NO_CONNECTION:
    case DROP_TCP_UNACCEPTABLE:
    case DROP_TCP_BACKLOG:
    case DROP_TCP_ACCEPT_QUEUE:
        return "tcp";
    case DROP_NONE:
    case DROP_LOST_ON_LINE:
    case DROP_BY_RULE:
    case DROP_QUEUE_FULL:
    case DROP_CHECK_SEQUENCE:
    case DROP_NOT_FOR_US:
    case DROP_MALFORMED:
    case DROP_LINK_CLEARED:
    case DROP_REASONS:
        break;
    }
    return "frame";
}

void story_drop(const Story *story, GString *line, const StoryDrop *drop)
{
    bool on_the_line = drop->reason == DROP_LOST_ON_LINE ||
                       drop->reason == DROP_CHECK_SEQUENCE;
    char node[NODE_NAME_MAX];

    g_string_append_printf(
        line, "dropped at %.3f ms %s %s (%s)", (double)drop->at / 1e6,
        on_the_line ? "before" : "at", story_node(story, drop->node, node),
        drop_reasons[drop->reason].name);
}

static void dropped(Story *story, const Record *record, GString *line)
{
    const Packet *packet = ((const PacketTold *)record->what)->packet;
    StoryDrop drop = {packet->id, record->at, record->node, record->code};
    gint64 id = (gint64)packet->id;

    g_string_append(line, "dropped: ");
    story_packet(story, line, packet);
    g_string_append(line, " - ");
    story_reason(line, drop_reasons[record->code].sentence);
    g_hash_table_replace(story->drops, g_memdup2(&id, sizeof id),
                         g_memdup2(&drop, sizeof drop));
    if (packet->ethernet.type == ETHERTYPE_IPV4 &&
        packet->ip.protocol == IP_PROTOCOL_TCP)
        story_flow(story, packet->flow)
            ->drop[packet->number & PACKET_OF_OPENER ? 0 : 1] = drop;
}

/* --- ARP ------------------------------------------------------------------ */

static void arp_waits(Story *story, const Record *record, GString *line)
{
    const ArpTold *told = record->what;

    g_string_append(line, "who has ");
    story_address(story, line, told->ip);
    g_string_append_printf(line, "? %s [#%" G_GUINT64_FORMAT "] waits",
                           told->packet != NULL ? packet_class(told->packet)
                                                : "a packet",
                           record->id);
}

/* Somebody who asks tells his own address with his question. */
static void arp_resolved(Story *story, const Record *record, GString *line)
{
    const ArpTold *told = record->what;
    char text[MAC_TEXT_MAX];

    if (told->waiting == 0)
        g_string_append(line, "learns from a frame: ");
    story_address(story, line, told->ip);
    g_string_append_printf(line, " is at %s", mac_to_text(told->mac, text));
    if (told->waiting > 0)
        g_string_append_printf(line, "; %u waiting packet%s sent",
                               told->waiting, told->waiting == 1 ? "" : "s");
}

static void arp_failed(Story *story, const Record *record, GString *line)
{
    const ArpTold *told = record->what;

    g_string_append(line, "nobody answers for ");
    story_address(story, line, told->ip);
    g_string_append_printf(line, "; %u waiting packet%s dropped", told->waiting,
                           told->waiting == 1 ? "" : "s");
}

const StoryKind story_packet_kinds[RECORD_KINDS] = {
    [REC_PACKET_SENT] = {"frame", sent},
    [REC_PACKET_RECEIVED] = {"frame", received},
    [REC_PACKET_FORWARDED] = {"ip", forwarded},
    [REC_PACKET_MARKED] = {"ip", marked},
    [REC_TCP_COOKIE] = {"tcp", cookie},
    [REC_PACKET_DROPPED] = {"frame", dropped},
    [REC_ARP_WAITS] = {"arp", arp_waits},
    [REC_ARP_RESOLVED] = {"arp", arp_resolved},
    [REC_ARP_FAILED] = {"arp", arp_failed},
};
