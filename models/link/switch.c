/* switch.c - learning, ageing, flooding; see switch.h. */
#include "switch.h"

/* Where a MAC address was seen last. */
typedef struct Station {
    uint64_t mac; /* 0: a free slot */
    SimTime seen;
    uint32_t port;
} Station;

typedef struct SwitchPort {
    Port port;
    Switch *sw;
    Link *out; /* NULL: nothing is plugged in */
    uint32_t index;
} SwitchPort;

struct Switch {
    Sim *sim;
    SimTime ageing;
    Station *stations; /* open addressing, `slots` of them, a power of two */
    uint32_t slots, used;
    uint32_t node;
    uint32_t port_count;
    SwitchPort ports[];
};

enum { FIRST_SLOTS = 16 };

/* --- who is where --------------------------------------------------------- */

/* The slot of MAC, or the free one where it would go. */
static Station *find(Station *stations, uint32_t slots, uint64_t mac)
{
    uint64_t i = (mac * 0x9e3779b97f4a7c15ull) >> 32;

    while (stations[i & (slots - 1)].mac != mac &&
           stations[i & (slots - 1)].mac != 0)
        i++;
    return &stations[i & (slots - 1)];
}

static void grow(Switch *sw)
{
    uint32_t slots = sw->slots * 2;
    Station *stations = g_new0(Station, slots);

    for (uint32_t i = 0; i < sw->slots; i++)
        if (sw->stations[i].mac != 0)
            *find(stations, slots, sw->stations[i].mac) = sw->stations[i];
    g_free(sw->stations);
    sw->stations = stations;
    sw->slots = slots;
}

static bool is_group(MacAddress mac) { return (mac.value >> 40 & 1) != 0; }

static void learn(Switch *sw, MacAddress mac, uint32_t port)
{
    Station *station;

    if (is_group(mac) || mac.value == 0)
        return;
    station = find(sw->stations, sw->slots, mac.value);
    if (station->mac == 0 && ++sw->used > sw->slots / 2) {
        grow(sw);
        station = find(sw->stations, sw->slots, mac.value);
    }
    *station = (Station){mac.value, sim_now(sw->sim), port};
}

/* The port of MAC; port_count when it is not known, or no more. */
static uint32_t lookup(const Switch *sw, MacAddress mac)
{
    const Station *station;

    if (is_group(mac) || mac.value == 0)
        return sw->port_count;
    station = find(sw->stations, sw->slots, mac.value);
    if (station->mac == 0 || sim_now(sw->sim) - station->seen >= sw->ageing)
        return sw->port_count;
    return station->port;
}

/* --- frames --------------------------------------------------------------- */

static void send(Switch *sw, const SwitchPort *port, Packet *packet /* taken */)
{
    packet_tell(sw->sim, REC_PACKET_SENT, sw->node, packet,
                (PacketTold){.packet = packet,
                             .queued = link_wait(port->out),
                             .link = port->out},
                0);
    link_send(port->out, packet);
}

/* Out of every port but FROM; the last one gets PACKET itself. */
static void flood(Switch *sw, uint32_t from, Packet *packet /* taken */)
{
    const SwitchPort *last = NULL;

    for (uint32_t i = 0; i < sw->port_count; i++) {
        if (i == from || sw->ports[i].out == NULL)
            continue;
        if (last != NULL)
            send(sw, last, packet_copy(sw->sim, packet));
        last = &sw->ports[i];
    }
    if (last != NULL)
        send(sw, last, packet);
    else
        packet_drop(sw->sim, sw->node, packet, DROP_NOT_FOR_US);
}

static void frame_arrives(Port *port, Packet *packet /* taken */)
{
    SwitchPort *in = sim_container_of(port, SwitchPort, port);
    Switch *sw = in->sw;
    uint32_t out;

    packet_tell(sw->sim, REC_PACKET_RECEIVED, sw->node, packet,
                (PacketTold){.packet = packet}, 0);
    learn(sw, packet->ethernet.source, in->index);
    out = lookup(sw, packet->ethernet.destination);
    if (out == sw->port_count)
        flood(sw, in->index, packet);
    else if (out == in->index)
        packet_drop(sw->sim, sw->node, packet, DROP_NOT_FOR_US);
    else
        send(sw, &sw->ports[out], packet);
}

/* --- life ----------------------------------------------------------------- */

Switch *switch_new(Sim *sim, uint32_t node, unsigned count, SimTime ageing)
{
    Switch *sw = g_malloc0(sizeof *sw + count * sizeof sw->ports[0]);

    sw->sim = sim;
    sw->node = node;
    sw->ageing = ageing;
    sw->port_count = count;
    sw->slots = FIRST_SLOTS;
    sw->stations = g_new0(Station, sw->slots);
    for (uint32_t i = 0; i < count; i++)
        sw->ports[i] =
            (SwitchPort){.port.receive = frame_arrives, .sw = sw, .index = i};
    return sw;
}

void switch_free(Switch *sw)
{
    g_free(sw->stations);
    g_free(sw);
}

Port *switch_port(Switch *sw, unsigned index)
{
    g_assert(index < sw->port_count);
    return &sw->ports[index].port;
}

void switch_connect(Switch *sw, unsigned index, Link *out)
{
    g_assert(index < sw->port_count);
    sw->ports[index].out = out;
}
