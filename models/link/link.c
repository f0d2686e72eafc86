/* link.c - a packet's way over one direction of a line; see link.h. */
#include "link.h"

static EventFunc head_arrives, late_arrives;

void link_init(Link *link, Sim *sim, const LinkConfig *config, const char *name,
               uint32_t from_node, Port *to, uint32_t to_node)
{
    *link = (Link){.sim = sim,
                   .config = config,
                   .to = to,
                   .key = stream_key(sim->seed, name, "loss"),
                   .from_node = from_node,
                   .to_node = to_node};
    event_init(&link->head, head_arrives);
    if (config->rule_count > 0 || config->tarries || config->burst.on) {
        link->extra = g_new0(LinkExtra, 1);
        link->extra->link = link;
        late_init(&link->extra->late, late_arrives);
        burst_init(&link->extra->burst, sim, name);
    }
}

void link_clear(Link *link)
{
    Packet *packet;

    event_cancel(link->sim, &link->head);
    while ((packet = link->first) != NULL) {
        link->first = packet->next;
        packet_drop_on(link->sim, link, link->to_node, packet,
                       DROP_LINK_CLEARED);
    }
    if (link->extra != NULL) {
        while ((packet = late_take(&link->extra->late, link->sim)) != NULL)
            packet_drop_on(link->sim, link, link->to_node, packet,
                           DROP_LINK_CLEARED);
        late_clear(&link->extra->late, link->sim);
        g_free(link->extra);
    }
    *link = (Link){0};
}

/* When the last bit that was given to the line leaves it; a time in the past
 * when nothing is in flight. */
static SimTime busy_until(const Link *link)
{
    return link->first != NULL ? link->last->at - link->config->delay : 0;
}

SimTime link_wait(const Link *link)
{
    SimTime now = sim_now(link->sim), until = busy_until(link);

    return until > now ? until - now : 0;
}

LinkQueue link_queue(const Link *link, SimTime at)
{
    /* A queue with a limit knows where the waiting ones begin, or did when it
     * looked. */
    const Packet *packet = link->waiting != NULL ? link->waiting : link->first;
    LinkQueue queue = {.wait = MAX(busy_until(link) - at, 0)};

    for (; packet != NULL; packet = packet->next) {
        if (packet->starts <= at)
            continue;
        queue.packets++;
        queue.bytes += link_counted_bytes(link->config, packet);
    }
    return queue;
}

SimTime link_busy(const Link *link, SimTime at)
{
    return link->given - MAX(busy_until(link) - at, 0);
}

uint32_t link_counted_bytes(const LinkConfig *config, const Packet *packet)
{
    uint32_t len = packet_len(packet);

    if (config->overhead == OVERHEAD_IP)
        return len;
    len = MAX(len, (uint32_t)ETHERNET_MIN_PAYLOAD) + ETHERNET_HEADER_LEN +
          ETHERNET_FCS_LEN;
    if (config->overhead == OVERHEAD_ETHERNET_GAP)
        len += ETHERNET_PREAMBLE_LEN + ETHERNET_GAP_LEN;
    return len;
}

/* --- scripted drops ------------------------------------------------------- */

/* The classes that PACKET belongs to: bit RULE_x. */
static unsigned classes_of(const Packet *packet)
{
    unsigned flags = packet->tcp.flags, classes = 1u << RULE_ANY;
    bool bare = packet->payload.len == 0;

    if (packet->ethernet.type == ETHERTYPE_ARP)
        return classes | 1u << RULE_ARP;
    if (packet->ip.protocol == IP_PROTOCOL_UDP)
        return classes | 1u << RULE_UDP;
    if (packet->ip.protocol != IP_PROTOCOL_TCP)
        return classes;
    if (flags & TCP_SYN)
        classes |= flags & TCP_ACK ? 1u << RULE_SYN_ACK : 1u << RULE_SYN;
    if (flags & TCP_FIN)
        classes |= 1u << RULE_FIN;
    if (flags & TCP_RST)
        classes |= 1u << RULE_RST;
    if (!bare)
        classes |= 1u << RULE_DATA;
    if (bare && (flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK)
        classes |= packet->acks_fin ? 1u << RULE_ACK | 1u << RULE_ACK_OF_FIN
                                    : 1u << RULE_ACK;
    return classes;
}

/* Counts PACKET; whether a rule names it. */
static bool rules_drop(Link *link, const Packet *packet)
{
    const LinkConfig *config = link->config;
    unsigned classes = classes_of(packet);
    bool drop = false;

    for (unsigned i = 0; i < RULE_CLASSES; i++)
        link->extra->rule_counts[i] += classes >> i & 1;
    for (unsigned i = 0; i < config->rule_count; i++) {
        const DropRule *rule = &config->rules[i];
        uint32_t number = link->extra->rule_counts[rule->class];

        if (classes >> rule->class & 1)
            drop |= number >= rule->first && number <= rule->last;
    }
    return drop;
}

/* --- the queue ------------------------------------------------------------ */

/* The first waiting packet waits no longer. */
static void queue_leave(Link *link)
{
    Packet *packet = link->waiting;

    link->waiting = packet->next;
    link->waiting_packets--;
    link->waiting_bytes -= link_counted_bytes(link->config, packet);
}

/* Counts PACKET of BYTES among those that wait, if it will have to.  False when
 * there is no room for it. */
static bool queue_admits(Link *link, Packet *packet, uint32_t bytes)
{
    const LinkConfig *config = link->config;
    SimTime now = sim_now(link->sim);

    if (busy_until(link) <= now) {
        link->waiting = NULL;
        link->waiting_packets = link->waiting_bytes = 0;
        return true;
    }
    while (link->waiting != NULL && link->waiting->starts <= now)
        queue_leave(link);
    if (config->queue_packets != 0 &&
        link->waiting_packets >= config->queue_packets)
        return false;
    if (config->queue_bytes != 0 &&
        (uint64_t)link->waiting_bytes + bytes > config->queue_bytes)
        return false;
    if (link->waiting == NULL)
        link->waiting = packet;
    link->waiting_packets++;
    link->waiting_bytes += bytes;
    return true;
}

/* --- the line ------------------------------------------------------------- */

/* What identifies PACKET in random streams. */
static void identity(const Link *link, const Packet *packet,
                     uint32_t counter[4])
{
    counter[0] = packet->number;
    counter[1] = packet->flow.serial;
    counter[2] = packet->flow.opener;
    counter[3] = link->sim->replication;
}

static PacketFate draw_fate(Link *link, const Packet *packet)
{
    const LinkConfig *config = link->config;
    uint64_t threshold = config->loss_threshold;
    uint32_t counter[4], words[4];

    if (config->burst.on)
        threshold = burst_threshold(&link->extra->burst, &config->burst,
                                    packet->starts);
    identity(link, packet, counter);
    philox(link->key, counter, words);
    if (words[0] < threshold)
        return FATE_LOST;
    if (config->signal == SIGNAL_SAMPLED)
        return FATE_SAMPLED;
    if (config->noise.on &&
        noise_damages(&config->noise,
                      noise_frame_len(packet) * 8ull + config->framing_bits,
                      (uint64_t)words[2] << 32 | words[1]))
        return FATE_DAMAGED;
    return FATE_ARRIVES;
}

static SimTime serialisation(const LinkConfig *config, uint32_t bytes)
{
    if (config->ns_per_byte != 0)
        return (SimTime)bytes * config->ns_per_byte;
    return simtime_of_bytes(bytes, config->rate);
}

static void transmit(Link *link, Packet *packet /* taken */, uint32_t bytes)
{
    const LinkConfig *config = link->config;
    SimTime takes = serialisation(config, bytes);

    packet->next = NULL;
    packet->starts = sim_now(link->sim) + link_wait(link);
    packet->at = packet->starts + takes + config->delay;
    link->given += takes;
    if (config->risky)
        packet->fate = (uint8_t)draw_fate(link, packet);
    else
        packet->fate = FATE_ARRIVES;
    if (link->first == NULL) {
        link->first = packet;
        event_schedule_at(link->sim, &link->head, packet->at);
    } else {
        link->last->next = packet;
    }
    link->last = packet;
}

/* RFC 3168 s5: PACKET, which waits in the queue, is marked rather than dropped
 * when the queue is long and its sender knows marks. */
static void mark(const Link *link, Packet *packet)
{
    if (link->waiting_packets <= link->config->ecn_threshold ||
        packet->ethernet.type != ETHERTYPE_IPV4 ||
        (packet->ip.tos & IP_ECN) == 0)
        return;
    if ((packet->ip.tos & IP_ECN) != IP_ECN_CE)
        packet_tell(link->sim, REC_PACKET_MARKED, link->from_node, packet,
                    (PacketTold){.packet = packet, .link = link}, 0);
    packet->ip.tos |= IP_ECN_CE;
}

void link_send(Link *link, Packet *packet /* taken */)
{
    const LinkConfig *config = link->config;
    uint32_t bytes;

    if (link->extra != NULL && rules_drop(link, packet)) {
        packet_drop_on(link->sim, link, link->from_node, packet, DROP_BY_RULE);
        return;
    }
    bytes = link_counted_bytes(config, packet);
    if ((config->queue_packets | config->queue_bytes | config->ecn_threshold) !=
            0 &&
        !queue_admits(link, packet, bytes)) {
        packet_drop_on(link->sim, link, link->from_node, packet,
                       DROP_QUEUE_FULL);
        return;
    }
    if (config->ecn_threshold != 0)
        mark(link, packet);
    transmit(link, packet, bytes);
}

/* --- at the far end ------------------------------------------------------- */

/* PACKET (taken) as it arrives after bit errors; NULL when that is the end. */
static Packet *receive_damaged(Link *link, Packet *packet)
{
    size_t len = noise_frame_len(packet);
    uint8_t *frame = g_malloc(len);
    uint32_t counter[4];

    noise_emit(packet, frame);
    identity(link, packet, counter);
    noise_change(&link->config->noise, link->key, counter, frame, len);
    packet = noise_receive(link->sim, link, link->to_node, packet, frame, len);
    g_free(frame);
    return packet;
}

Stream link_waveform_stream(const Link *link, const Packet *packet)
{
    uint32_t counter[4], words[4];

    identity(link, packet, counter);
    philox(link->key ^ 0x3c6ef372fe94f82bu, counter, words);
    return (Stream){.key = (uint64_t)words[1] << 32 | words[0]};
}

static void signal_tell(const Link *link, const SignalTold *told)
{
    const Packet *packet = told->packet;
    Record record = {.node = link->to_node,
                     .kind = REC_SIGNAL_READ,
                     .id = packet->id,
                     .stable = packet_stable_id(packet),
                     .len = packet_frame_len(packet),
                     .code = told->good,
                     .what = told};

    if (sim_wants(link->sim, REC_SIGNAL_READ))
        sim_tell(link->sim, &record);
}

/* PACKET (taken) as a receiver reads it from its waveform; NULL when it does
 * not. */
static Packet *receive_sampled(Link *link, Packet *packet)
{
    const Waveform *waveform = &link->config->waveform;
    Stream stream = link_waveform_stream(link, packet);
    size_t len = noise_frame_len(packet);
    g_autofree uint8_t *sent = g_malloc(len), *read = g_malloc(len);
    SignalTold told = {.packet = packet,
                       .link = link,
                       .bits = (uint32_t)len *
                               coding_bits_per_octet(waveform->code)};
    Samples samples;

    noise_emit(packet, sent);
    waveform_send(waveform, &stream, sent, len, &samples);
    told.good = waveform_receive(waveform, &samples, read, len) &&
                noise_check_sequence_matches(read, len);
    told.bit_errors = waveform_bit_errors(waveform, &samples, len);
    samples_clear(&samples);
    signal_tell(link, &told);
    if (told.good)
        return noise_receive(link->sim, link, link->to_node, packet, read, len);
    packet_drop_on(link->sim, link, link->to_node, packet, DROP_CHECK_SEQUENCE);
    return NULL;
}

static inline void arrives(Link *link, Packet *packet /* taken */)
{
    Sim *sim = link->sim;

    sim->cause = packet->id;
    if (packet->fate == FATE_LOST) {
        packet_drop_on(sim, link, link->to_node, packet, DROP_LOST_ON_LINE);
        return;
    }
    if (packet->fate == FATE_DAMAGED)
        packet = receive_damaged(link, packet);
    else if (packet->fate == FATE_SAMPLED)
        packet = receive_sampled(link, packet);
    if (packet != NULL)
        link->to->receive(link->to, packet);
}

/* Uniform from 0 to MOST, by a 64-bit draw. */
static SimTime part_of(SimTime most, const uint32_t words[2])
{
    uint64_t draw = (uint64_t)words[1] << 32 | words[0];

    return (SimTime)((unsigned __int128)draw * ((uint64_t)most + 1) >> 64);
}

/* PACKET has come to the far end, and may be later still, and come twice. */
static void tarry(Link *link, Packet *packet /* taken */)
{
    const LinkConfig *config = link->config;
    Packet *copy = NULL;
    uint32_t counter[4], words[4];
    SimTime delay;
    bool detour;

    identity(link, packet, counter);
    /* Not the words that decide on loss and noise. */
    philox(link->key ^ 0x6a09e667f3bcc908u, counter, words);
    delay = part_of(config->jitter, words);
    detour = words[3] < config->detour_threshold;
    if ((packet->fate == FATE_ARRIVES || packet->fate == FATE_SAMPLED) &&
        !(packet->number & PACKET_COPY) &&
        words[2] < config->duplicate_threshold) {
        copy = packet_copy(link->sim, packet);
        copy->number |= PACKET_COPY;
    }
    if (detour) {
        philox(link->key ^ 0xbb67ae8584caa73bu, counter, words);
        delay += part_of(config->detour_delay, words);
    }
    if (config->jitter == 0 && !detour)
        arrives(link, packet);
    else
        late_put(&link->extra->late, link->sim, packet, delay,
                 !config->reorder && !detour);
    if (copy != NULL)
        tarry(link, copy);
}

static void late_arrives(Sim *sim, Event *event)
{
    Late *late = sim_container_of(event, Late, event);
    LinkExtra *extra = sim_container_of(late, LinkExtra, late);

    arrives(extra->link, late_take(late, sim));
}

static void head_arrives(Sim *sim, Event *event)
{
    Link *link = sim_container_of(event, Link, head);
    Packet *packet = link->first;

    if (packet == link->waiting)
        queue_leave(link);
    link->first = packet->next;
    if (link->first != NULL)
        event_schedule_at(sim, &link->head, link->first->at);
    if (link->extra != NULL && link->config->tarries)
        tarry(link, packet);
    else
        arrives(link, packet);
}
