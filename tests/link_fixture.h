/* link_fixture.h - for tests of a link: one, and a far end that notes what
 * arrives and what is dropped. */
#ifndef FIRSTBYTE_TESTS_LINK_FIXTURE_H
#define FIRSTBYTE_TESTS_LINK_FIXTURE_H

#include <check.h>
#include <math.h>

#include "models/link/link.h"

enum { FROM = 3, TO = 4, KEPT = 4096 };

/* A port that notes what arrives, and an observer that notes what is dropped.
 */
typedef struct Far {
    Port port;
    Observer observer;
    unsigned arrived, dropped;
    SimTime at[KEPT];      /* of arrivals */
    uint32_t number[KEPT]; /* of arrivals */
    uint32_t dropped_number[KEPT];
    SimTime dropped_at;
    uint32_t dropped_node;
    uint16_t reason;
    uint8_t *ecn; /* TOS of arrivals, if not NULL */
} Far;

static Sim sim;
static Far far_end;
static Link line;
static LinkConfig config;

static void receive(Port *port, Packet *packet /* taken */)
{
    Far *far = sim_container_of(port, Far, port);

    ck_assert_uint_lt(far->arrived, KEPT);
    ck_assert_uint_eq(sim.cause, packet->id);
    far->at[far->arrived] = sim_now(&sim);
    if (far->ecn != NULL)
        far->ecn[far->arrived] = packet->ip.tos;
    far->number[far->arrived++] = packet->number;
    packet_free(&sim, packet);
}

static void hear(Observer *observer, const Record *record)
{
    Far *far = sim_container_of(observer, Far, observer);
    const PacketTold *told = record->what;

    far->dropped_number[far->dropped++ % KEPT] = told->packet->number;
    far->dropped_at = record->at;
    far->dropped_node = record->node;
    far->reason = record->code;
}

static inline void begin(uint32_t replication)
{
    sim_init(&sim, 1, replication);
    far_end =
        (Far){.port.receive = receive,
              .observer = {.wants = 1u << REC_PACKET_DROPPED, .hear = hear}};
    sim_observe(&sim, &far_end.observer);
    link_config_finish(&config);
    link_init(&line, &sim, &config, "a -> b", FROM, &far_end.port, TO);
}

static inline void end(void)
{
    link_clear(&line);
    sim_clear(&sim);
}

/* 10 Mbit/s, 1 ms, no end to the queue. */
static inline void setup(void)
{
    config = (LinkConfig){.rate = 10000000,
                          .delay = SIM_MS,
                          .mtu = 1500,
                          .snr = INFINITY,
                          .overhead = OVERHEAD_ETHERNET_GAP};
    begin(0);
}

static inline Packet *new_tcp(uint32_t number, uint32_t payload, uint16_t flags)
{
    Packet *packet = packet_new(&sim);

    packet->ethernet.type = ETHERTYPE_IPV4;
    packet->ip.protocol = IP_PROTOCOL_TCP;
    packet->tcp.flags = flags;
    packet->payload.len = payload;
    packet->flow = (FlowId){1, 1};
    packet->number = number;
    return packet;
}

static inline void send_data(uint32_t number, uint32_t payload)
{
    link_send(&line, new_tcp(number, payload, TCP_ACK));
}

#endif
