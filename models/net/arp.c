/* arp.c - neighbours: asking, waiting, answering; see arp.h. */
#include "arp.h"

#include <stdio.h>

#include "sim/rng.h"
#include "sim/wheel.h"

static void timer_fires(Sim *sim, Event *event);

/* --- the queue ------------------------------------------------------------ */

static Packet *queue_take(Neighbor *neighbor)
{
    Packet *last = neighbor->last, *first;

    if (last == NULL)
        return NULL;
    first = last->next;
    if (first == last)
        neighbor->last = NULL;
    else
        last->next = first->next;
    first->next = NULL;
    neighbor->waiting--;
    return first;
}

static void queue_put(Neighbor *neighbor, Packet *packet /* taken */)
{
    if (neighbor->last == NULL) {
        packet->next = packet;
    } else {
        packet->next = neighbor->last->next;
        neighbor->last->next = packet;
    }
    neighbor->last = packet;
    neighbor->waiting++;
}

/* --- telling -------------------------------------------------------------- */

static void tell(const Neighbor *neighbor, unsigned kind, const Packet *waits)
{
    Host *host = neighbor->interface->host;
    ArpTold told = {.packet = waits,
                    .interface = neighbor->interface,
                    .ip = neighbor->ip,
                    .mac = {neighbor->mac},
                    .waiting = neighbor->waiting};
    Record record = {.kind = (uint16_t)kind, .node = host->node, .what = &told};

    if (!sim_wants(host->sim, kind))
        return;
    if (waits != NULL) {
        record.id = waits->id;
        record.stable = packet_stable_id(waits);
        record.len = packet_frame_len(waits);
    }
    sim_tell(host->sim, &record);
}

/* --- frames --------------------------------------------------------------- */

/* Sends OPERATION to DESTINATION.  TARGET: who is asked, or answered. */
static Packet *frame_new(Interface *interface, uint16_t operation,
                         MacAddress destination, IpAddress target,
                         MacAddress target_mac)
{
    Packet *packet = packet_new(interface->host->sim);

    packet->flow =
        (FlowId){interface->host->name_hash, FLOW_ARP | interface->index};
    packet->number = PACKET_OF_OPENER | ++interface->flow_serial;
    packet->ethernet = (EthernetHeader){.destination = destination,
                                        .source = interface->mac,
                                        .type = ETHERTYPE_ARP};
    packet->arp = (ArpHeader){.operation = operation,
                              .sender_ip = interface->address,
                              .sender_mac = interface->mac,
                              .target_ip = target,
                              .target_mac = target_mac};
    return packet;
}

/* --- time ----------------------------------------------------------------- */

/* The end of the present state comes DELAY from now. */
static void arm(Neighbor *neighbor, SimTime delay)
{
    Host *host = neighbor->interface->host;
    const ArpConfig *config = host->arp;
    SimTime at = host->sim->now + delay;

    if (config->timers == ARP_TIMERS_WHEEL)
        at = wheel_fire(host->sim->now, delay, config->jiffy,
                        host_clock_phase(host, config->jiffy));
    event_schedule_at(host->sim, &neighbor->timer, at);
}

/* How long an answer is good for: 0.5 to 1.5 times the base (RFC 4861 s6.3.2),
 * uniform, from the interface's own stream. */
static SimTime reachable_time(const Neighbor *neighbor)
{
    const Interface *interface = neighbor->interface;
    const Host *host = interface->host;
    uint32_t counter[4] = {host->sim->replication, interface->flow_serial,
                           (uint32_t)neighbor->ip.lo, 0};
    uint64_t base = (uint64_t)host->arp->base_reachable_time;
    uint32_t words[4];
    char consumer[48];

    snprintf(consumer, sizeof consumer, "arp %08x %u", host->name_hash,
             interface->index);
    philox(stream_key(host->sim->seed, consumer, "reachable"), counter, words);
    return (SimTime)(base / 2 + base / 65536 * (words[0] >> 16));
}

/* --- states --------------------------------------------------------------- */

/* Asks for the address: all, or the one who had it. */
static void ask(Neighbor *neighbor)
{
    Interface *interface = neighbor->interface;
    SimTime now = interface->host->sim->now;
    bool probe = neighbor->state == NEIGHBOR_PROBE;
    MacAddress mac = {neighbor->mac};
    Packet *packet =
        frame_new(interface, ARP_REQUEST, probe ? mac : MAC_BROADCAST,
                  neighbor->ip, probe ? mac : MAC_NONE);

    if (neighbor->asked != 0)
        packet->repeats = neighbor->request;
    neighbor->asked++;
    neighbor->request = packet->id;
    neighbor->since = now;
    arm(neighbor, interface->host->arp->retrans_time);
    interface_send(interface, packet);
}

static void enter(Neighbor *neighbor, NeighborState state)
{
    neighbor->state = state;
    neighbor->asked = 0;
    neighbor->since = neighbor->interface->host->sim->now;
}

static void enter_reachable(Neighbor *neighbor)
{
    enter(neighbor, NEIGHBOR_REACHABLE);
    arm(neighbor, reachable_time(neighbor));
}

static void enter_stale(Neighbor *neighbor)
{
    enter(neighbor, NEIGHBOR_STALE);
    event_cancel(neighbor->interface->host->sim, &neighbor->timer);
}

static void enter_delay(Neighbor *neighbor)
{
    enter(neighbor, NEIGHBOR_DELAY);
    neighbor->request = neighbor->interface->host->sim->cause;
    arm(neighbor, neighbor->interface->host->arp->delay_first_probe);
}

/* Nobody answers: what waits cannot be delivered.  TCP and UDP may send again
 * when they hear of it, so the entry is gone before they do. */
static void fail(Neighbor *neighbor)
{
    Interface *interface = neighbor->interface;
    Neighbor failed = *neighbor;
    Packet *packet;

    tell(neighbor, REC_ARP_FAILED, NULL);
    neighbor_free(neighbor);
    while ((packet = queue_take(&failed)) != NULL) {
        host_undeliverable(interface->host, packet, ICMP_HOST_UNREACHABLE, 0);
        packet_drop(interface->host->sim, interface->host->node, packet,
                    DROP_ARP_FAILED);
    }
}

static void timer_fires(Sim *sim, Event *event)
{
    Neighbor *neighbor = sim_container_of(event, Neighbor, timer);
    const ArpConfig *config = neighbor->interface->host->arp;

    switch ((NeighborState)neighbor->state) {
    case NEIGHBOR_INCOMPLETE:
        sim_wake(sim, neighbor->request, neighbor->since, "ARP retry");
        if (neighbor->asked < config->mcast_solicit)
            ask(neighbor);
        else
            fail(neighbor);
        break;
    case NEIGHBOR_REACHABLE:
        if (neighbor->since + config->delay_first_probe >= sim->now)
            enter_delay(neighbor);
        else
            neighbor->state = NEIGHBOR_STALE; /* `since` stays: its last use */
        break;
    case NEIGHBOR_STALE:
        g_assert_not_reached();
    case NEIGHBOR_DELAY:
        sim_wake(sim, neighbor->request, neighbor->since, "ARP probe");
        enter(neighbor, NEIGHBOR_PROBE);
        ask(neighbor);
        break;
    case NEIGHBOR_PROBE:
        sim_wake(sim, neighbor->request, neighbor->since, "ARP probe");
        if (neighbor->asked < config->ucast_solicit)
            ask(neighbor);
        else
            fail(neighbor);
        break;
    }
}

/* --- sending -------------------------------------------------------------- */

static void address_and_send(Interface *interface, MacAddress mac,
                             Packet *packet /* taken */)
{
    packet->ethernet.destination = mac;
    interface_send(interface, packet);
}

static void wait_for(Neighbor *neighbor, Packet *packet /* taken */)
{
    Host *host = neighbor->interface->host;

    if (neighbor->waiting >= host->arp->queue_packets)
        packet_drop(host->sim, host->node, queue_take(neighbor),
                    DROP_ARP_QUEUE_FULL);
    queue_put(neighbor, packet);
    tell(neighbor, REC_ARP_WAITS, packet);
}

static void send_static(Interface *interface, IpAddress next_hop,
                        Packet *packet /* taken */)
{
    Host *host = interface->host;
    MacAddress mac = MAC_NONE;

    if (interface->point_to_point)
        mac = interface->peer->mac;
    else if (interface->peers != NULL)
        mac = arp_peers_find(interface->peers, next_hop);
    if (!mac_equal(mac, MAC_NONE)) {
        address_and_send(interface, mac, packet);
    } else {
        host_undeliverable(host, packet, ICMP_HOST_UNREACHABLE, 0);
        packet_drop(host->sim, host->node, packet, DROP_ARP_FAILED);
    }
}

void arp_send(Interface *interface, IpAddress next_hop,
              Packet *packet /* taken */)
{
    Neighbor *neighbor;

    if (interface->host->arp->mode == ARP_STATIC) {
        send_static(interface, next_hop, packet);
        return;
    }
    neighbor = arp_find(interface, next_hop);
    if (neighbor == NULL) {
        neighbor =
            neighbor_new(interface, next_hop, timer_fires); /* INCOMPLETE */
        wait_for(neighbor, packet);
        ask(neighbor);
    } else if (neighbor->state == NEIGHBOR_INCOMPLETE) {
        wait_for(neighbor, packet);
    } else {
        if (neighbor->state == NEIGHBOR_STALE)
            enter_delay(neighbor);
        else if (neighbor->state == NEIGHBOR_REACHABLE)
            neighbor->since = interface->host->sim->now;
        address_and_send(interface, (MacAddress){neighbor->mac}, packet);
    }
}

/* --- receiving ------------------------------------------------------------ */

static void release(Neighbor *neighbor)
{
    Interface *interface = neighbor->interface;
    Packet *packet;

    if (neighbor->waiting != 0 && neighbor->state == NEIGHBOR_STALE)
        enter_delay(neighbor);
    while ((packet = queue_take(neighbor)) != NULL)
        address_and_send(interface, (MacAddress){neighbor->mac}, packet);
}

/* NEIGHBOR was heard of at MAC.  CONFIRMED: it has answered us. */
static void heard(Neighbor *neighbor, MacAddress mac, bool confirmed)
{
    bool known = neighbor->state != NEIGHBOR_INCOMPLETE;
    bool same = known && neighbor->mac == mac.value;

    neighbor->mac = mac.value & MAC_BROADCAST.value;
    if (confirmed && !(same && neighbor->state == NEIGHBOR_REACHABLE))
        enter_reachable(neighbor);
    else if (!confirmed && !same)
        enter_stale(neighbor);
    if (!same)
        tell(neighbor, REC_ARP_RESOLVED, NULL);
    if (!known)
        release(neighbor);
}

static void answer(Interface *interface, const ArpHeader *asked)
{
    Packet *packet = frame_new(interface, ARP_REPLY, asked->sender_mac,
                               asked->sender_ip, asked->sender_mac);

    packet->arp.sender_ip = asked->target_ip;
    interface_send(interface, packet);
}

void arp_receive(Interface *interface, Packet *packet /* taken */)
{
    ArpHeader arp = packet->arp;
    Sim *sim = interface->host->sim;
    /* By any line for any of its addresses: Linux, ip-sysctl.rst, arp_ignore 0.
     */
    bool for_us = ip_equal(arp.target_ip, interface->address) ||
                  host_has_address(interface->host, arp.target_ip);
    bool reply = arp.operation == ARP_REPLY;
    bool unicast = mac_equal(packet->ethernet.destination, interface->mac);
    Neighbor *neighbor;

    packet_free(sim, packet);
    if (interface->host->arp->mode == ARP_STATIC && reply)
        return;
    /* RFC 826: an entry that is there is refreshed by any ARP frame; one is
     * made only for somebody who asks for us. */
    neighbor = arp_find(interface, arp.sender_ip);
    if (neighbor == NULL && for_us && !reply &&
        interface->host->arp->mode == ARP_DYNAMIC &&
        !ip_is_none(arp.sender_ip)) {
        neighbor = neighbor_new(interface, arp.sender_ip, timer_fires);
    }
    if (neighbor != NULL)
        heard(neighbor, arp.sender_mac, reply && unicast);
    if (for_us && !reply)
        answer(interface, &arp);
}

void arp_clear(Interface *interface)
{
    NeighborTable *table = &interface->neighbors;
    Host *host = interface->host;

    for (size_t i = 0; i < (size_t)1 << table->bits; i++) {
        Neighbor **chain = table->bits == 0 ? &table->one : &table->many[i];
        Packet *packet;

        while (*chain != NULL) {
            while ((packet = queue_take(*chain)) != NULL)
                packet_drop(host->sim, host->node, packet, DROP_LINK_CLEARED);
            neighbor_free(*chain);
        }
    }
    if (table->bits != 0)
        g_free(table->many);
    *table = (NeighborTable){0};
}
