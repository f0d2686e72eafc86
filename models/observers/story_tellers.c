/* story_tellers.c - one sentence for each kind of record; see story_internal.h. */
#include "story_internal.h"

#include <string.h>

/* A sentence of a vocabulary as the end of ours: "The line lost it." without its
 * capital and its full stop. */
static void append_reason(GString *line, const char *sentence)
{
    g_string_append_c(line, g_ascii_tolower(sentence[0]));
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

/* Remembers the first sequence number of each side; later ones are told
 * relative to it, as Wireshark does. */
static void learn_iss(Story *story, const Packet *packet)
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

    learn_iss(story, packet);
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
        bytes * 8,
        link->config->line_code == LINE_MANCHESTER ? "Manchester" : "NRZ");
    if (rate != 0) {
        g_autofree char *text = quantity_format_int(QUANTITY_RATE, (int64_t)rate);

        g_string_append_printf(line, ", at %s: %.3f us on the line", text,
                               (double)simtime_of_bytes(bytes, rate) / 1e3);
    }
    if (link->config->noise.on)
        g_string_append_printf(line, ", %.1f dB over the noise: an error in %.2g of "
                               "all frames", link->config->snr,
                               noise_chance(&link->config->noise, bytes * 8));
}

static void data_line(GString *line, const Packet *packet)
{
    const uint8_t *data = slice_data(&packet->payload);

    g_string_append_printf(line, "data      %u bytes", packet->payload.len);
    if (data == NULL)
        return;
    g_string_append(line, ", \"");
    for (uint32_t i = 0; i < packet->payload.len && i < 32 && data[i] >= ' '; i++)
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
        g_string_append_printf(line, "[#%" G_GUINT64_FORMAT "] goes on: ", packet->id);
        ethernet_line(line, packet);
        g_string_append_printf(line, ", TTL %u", packet->ip.ttl);
    } else if (story->options.verbose) {
        g_string_append(line, "sends ");
        story_packet(story, line, packet);
    }
    if (line->len > 0 && told->queued > 0)
        g_string_append_printf(line, ", waits %.3f ms for the line",
                               (double)told->queued / 1e6);
}

static void received(Story *story, const Record *record, GString *line)
{
    const PacketTold *told = record->what;
    const Packet *packet = told->packet;
    const Interface *interface = told_interface(record);

    if (packet->id == story->followed && interface != NULL &&
        ip_equal(interface->address, packet->ip.destination)) {
        g_string_append_printf(line, "[#%" G_GUINT64_FORMAT "] on the way up:",
                               packet->id);
        story_headers(story, line, packet, NULL, true);
    } else if (packet->id == story->followed) {
        g_string_append_printf(line, "[#%" G_GUINT64_FORMAT "] arrives, ",
                               packet->id);
        ethernet_line(line, packet);
    } else if (story->options.verbose) {
        g_string_append(line, "receives ");
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

static void dropped(Story *story, const Record *record, GString *line)
{
    const PacketTold *told = record->what;
    gint64 id = (gint64)told->packet->id;
    char node[NODE_NAME_MAX];

    g_string_append(line, "dropped: ");
    story_packet(story, line, told->packet);
    g_string_append(line, " - ");
    append_reason(line, drop_reasons[record->code].sentence);
    g_hash_table_replace(
        story->fates, g_memdup2(&id, sizeof id),
        g_strdup_printf("dropped at %.3f ms before %s (%s)",
                        (double)record->at / 1e6,
                        story_node(story, record->node, node),
                        drop_reasons[record->code].name));
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

static void arp_resolved(Story *story, const Record *record, GString *line)
{
    const ArpTold *told = record->what;
    char text[MAC_TEXT_MAX];

    story_address(story, line, told->ip);
    g_string_append_printf(line, " is at %s; %u waiting packet%s sent",
                           mac_to_text(told->mac, text), told->waiting,
                           told->waiting == 1 ? "" : "s");
}

static void arp_failed(Story *story, const Record *record, GString *line)
{
    const ArpTold *told = record->what;

    g_string_append(line, "nobody answers for ");
    story_address(story, line, told->ip);
    g_string_append_printf(line, "; %u waiting dropped", told->waiting);
}

/* --- TCP ------------------------------------------------------------------ */

static void tcp_state(Story *story, const Record *record, GString *line)
{
    const TcpStateTold *told = record->what;
    TcpInfo info;
    FlowStory *flow;
    char node[NODE_NAME_MAX];
    int side;

    tcp_info(told->tcb, &info);
    flow = story_flow(story, info.flow);
    /* Who speaks first opened it; the two sides may be one and the same node. */
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
}

static void tcp_segment(Story *story, const Record *record, GString *line)
{
    const TcpSegmentTold *told = record->what;
    const Packet *packet = told->packet;
    FlowStory *flow = story_flow(story, packet->flow);
    bool ends = (packet->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0;
    bool closing = flow->state[0] > TCP_ESTABLISHED || flow->state[1] > TCP_ESTABLISHED;
    bool handshake = !flow->acked_syn && packet->payload.len == 0 &&
                     packet->number & PACKET_OF_OPENER &&
                     (packet->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_ACK;

    learn_iss(story, packet);
    if (told->repeats != 0)
        return; /* told as a retransmission */
    if (!story->options.verbose && !ends && !closing && !handshake)
        return;
    if (handshake)
        flow->acked_syn = true;
    g_string_append(line, "sends ");
    story_packet(story, line, packet);
}

static void tcp_retransmit(Story *story, const Record *record, GString *line)
{
    const TcpSegmentTold *told = record->what;
    gint64 repeats = (gint64)told->repeats;
    const char *fate = g_hash_table_lookup(story->fates, &repeats);

    g_string_append(line, "sends again ");
    story_packet(story, line, told->packet);
    g_string_append(line, ": ");
    append_reason(line, repeat_reasons[record->code].sentence);
    if (told->rto > 0)
        g_string_append_printf(line, ", after %.0f ms", (double)told->rto / 1e6);
    if (told->repeats != 0)
        g_string_append_printf(line, "; [#%" G_GUINT64_FORMAT "] was %s",
                               told->repeats,
                               fate != NULL ? fate : "not dropped");
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

/* --- DNS ------------------------------------------------------------------ */

static void dns_query(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append_printf(line, "asks ");
    story_address(story, line, told->server);
    g_string_append_printf(line, " for %s %s", told->name, told->type);
}

static void dns_answer(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    story_address(story, line, told->server);
    g_string_append_printf(line, " says of %s %s: %s", told->name, told->type,
                           told->text);
}

static void dns_cache(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append_printf(line, "cache %s for %s %s%s%s",
                           record->code != 0 ? "hit" : "miss", told->name,
                           told->type,
                           record->code != 0 && told->text != NULL ? ": " : "",
                           record->code != 0 && told->text != NULL ? told->text : "");
}

static void dns_retry(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append(line, "no answer from ");
    story_address(story, line, told->server);
    g_string_append_printf(line, " about %s %s in %.0f ms; try %u", told->name,
                           told->type, (double)told->latency / 1e6, told->tries);
}

static void dns_done(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append_printf(line, "%s is %s, known after %.3f ms", told->name,
                           told->text, (double)told->latency / 1e6);
}

/* --- URL, HTTP, page ------------------------------------------------------- */

static void url_parsed(Story *story, const Record *record, GString *line)
{
    const UrlTold *told = record->what;

    g_string_append_printf(line, "%s: scheme %s, host %s, port %u, path %s",
                           told->text, told->scheme, told->host, told->port,
                           told->path);
    if (told->added != NULL && told->added[0] != '\0')
        g_string_append_printf(line, " (filled in: %s)", told->added);
}

static void url_refused(Story *story, const Record *record, GString *line)
{
    const UrlTold *told = record->what;

    g_string_append_printf(line, "%s: %s", told->text, told->why);
}

static void cache_lookup(Story *story, const Record *record, GString *line)
{
    static const char *const words[] = {
        [CACHE_MISS] = "miss, the network is asked",
        [CACHE_FRESH] = "fresh, used; nothing is sent",
        [CACHE_STALE] = "stale, revalidated",
    };
    const HttpTold *told = record->what;

    g_string_append_printf(line, "%s: %s", told->url, words[record->code]);
    if (told->note != NULL && told->note[0] != '\0')
        g_string_append_printf(line, " (%s)", told->note);
}

static void http_words(GString *line, const Record *record, const char *verb)
{
    const HttpTold *told = record->what;

    g_string_append_printf(line, "%s %s %s", verb,
                           told->method != NULL ? told->method : "", told->url);
    if (told->status != 0)
        g_string_append_printf(line, ", status %d", told->status);
    if (told->bytes != 0)
        g_string_append_printf(line, ", %" G_GUINT64_FORMAT " bytes", told->bytes);
    if (told->note != NULL && told->note[0] != '\0')
        g_string_append_printf(line, " (%s)", told->note);
}

static void http_request(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "request");
}

static void http_served(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "answers");
}

static void http_first_byte(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "first byte of");
}

static void http_response(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "whole answer to");
}

static void http_failed(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "failed:");
}

static void page_words(GString *line, const Record *record, const char *what)
{
    const PageTold *told = record->what;

    g_string_append_printf(line, "%s, %.3f ms after Enter", what,
                           (double)told->latency / 1e6);
}

static void page_started(Story *story, const Record *record, GString *line)
{
    g_string_append_printf(line, "Enter is pressed: %s",
                           ((const PageTold *)record->what)->url);
}

static void page_first_byte(Story *story, const Record *record, GString *line)
{
    page_words(line, record, "first byte of the page");
}

static void page_parsed(Story *story, const Record *record, GString *line)
{
    const PageTold *told = record->what;

    g_string_append_printf(line, "HTML read: %u part%s to fetch", told->parts,
                           told->parts == 1 ? "" : "s");
}

static void page_object(Story *story, const Record *record, GString *line)
{
    const PageTold *told = record->what;

    g_string_append_printf(line, "%s is whole, %" G_GUINT64_FORMAT " bytes; ",
                           told->object, told->bytes);
    page_words(line, record, "painted");
}

static void page_first_paint(Story *story, const Record *record, GString *line)
{
    page_words(line, record, "first paint");
}

static void page_complete(Story *story, const Record *record, GString *line)
{
    const PageTold *told = record->what;

    page_words(line, record, "the page is complete");
    g_string_append_printf(line, ", %" G_GUINT64_FORMAT " bytes", told->bytes);
}

static void page_failed(Story *story, const Record *record, GString *line)
{
    page_words(line, record, "the page failed");
    g_string_append_printf(line, ": %s", ((const PageTold *)record->what)->why);
}

const StoryKind story_kinds[RECORD_KINDS] = {
    [REC_PACKET_SENT] = {"frame", sent},
    [REC_PACKET_RECEIVED] = {"frame", received},
    [REC_PACKET_FORWARDED] = {"ip", forwarded},
    [REC_PACKET_DROPPED] = {"frame", dropped},
    [REC_ARP_WAITS] = {"arp", arp_waits},
    [REC_ARP_RESOLVED] = {"arp", arp_resolved},
    [REC_ARP_FAILED] = {"arp", arp_failed},
    [REC_TCP_STATE] = {"tcp", tcp_state},
    [REC_TCP_SEGMENT_SENT] = {"tcp", tcp_segment},
    [REC_TCP_RETRANSMIT] = {"tcp", tcp_retransmit},
    [REC_TCP_OPENED] = {"tcp", tcp_opened},
    [REC_TCP_FAILED] = {"tcp", tcp_failed},
    [REC_DNS_QUERY] = {"dns", dns_query},
    [REC_DNS_ANSWER] = {"dns", dns_answer},
    [REC_DNS_CACHE] = {"dns", dns_cache},
    [REC_DNS_RETRY] = {"dns", dns_retry},
    [REC_DNS_DONE] = {"dns", dns_done},
    [REC_URL_PARSED] = {"url", url_parsed},
    [REC_URL_REFUSED] = {"url", url_refused},
    [REC_CACHE_LOOKUP] = {"cache", cache_lookup},
    [REC_HTTP_REQUEST] = {"http", http_request},
    [REC_HTTP_SERVED] = {"http", http_served},
    [REC_HTTP_FIRST_BYTE] = {"http", http_first_byte},
    [REC_HTTP_RESPONSE] = {"http", http_response},
    [REC_HTTP_FAILED] = {"http", http_failed},
    [REC_PAGE_STARTED] = {"page", page_started},
    [REC_PAGE_FIRST_BYTE] = {"page", page_first_byte},
    [REC_PAGE_PARSED] = {"page", page_parsed},
    [REC_PAGE_OBJECT] = {"page", page_object},
    [REC_PAGE_FIRST_PAINT] = {"page", page_first_paint},
    [REC_PAGE_COMPLETE] = {"page", page_complete},
    [REC_PAGE_FAILED] = {"page", page_failed},
};
