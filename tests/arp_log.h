/* arp_log.h - a row of hosts (row.h) that resolve addresses, and what is heard
 * of it. */
#ifndef FIRSTBYTE_TESTS_ARP_LOG_H
#define FIRSTBYTE_TESTS_ARP_LOG_H

#include "models/net/arp.h"
#include "tests/row.h"

enum { FRAMES_MAX = 64 };

typedef struct Seen {
    SimTime at;
    uint32_t node; /* who sent it */
    uint64_t id, repeats, cause;
    uint16_t operation;
    bool broadcast;
} Seen;

/* The ARP frames sent, and what became of the packets. */
typedef struct Log {
    Observer observer;
    Seen arp[FRAMES_MAX];
    unsigned arp_count, waits, resolved, failed, delivered, errors;
    unsigned drops[DROP_REASONS];
    uint64_t sent_cause; /* of the last IP packet sent */
    uint64_t sent_id, waits_id;
    SimTime error_at, delivered_at;
    uint8_t code;
    Packet *last;
} Log;

static inline void note_sent(Log *log, const Record *record)
{
    const Packet *packet = ((const PacketTold *)record->what)->packet;

    if (packet->ethernet.type != ETHERTYPE_ARP) {
        log->sent_cause = record->cause;
        log->sent_id = record->id;
    } else if (log->arp_count < FRAMES_MAX) {
        log->arp[log->arp_count++] =
            (Seen){record->at,
                   record->node,
                   packet->id,
                   packet->repeats,
                   record->cause,
                   packet->arp.operation,
                   mac_equal(packet->ethernet.destination, MAC_BROADCAST)};
    }
}

static inline void hear(Observer *observer, const Record *record)
{
    Log *log = sim_container_of(observer, Log, observer);

    if (record->kind == REC_PACKET_SENT)
        note_sent(log, record);
    else if (record->kind == REC_PACKET_DROPPED)
        log->drops[record->code]++;
    else if (record->kind == REC_ARP_WAITS)
        log->waits++, log->waits_id = record->id;
    else if (record->kind == REC_ARP_RESOLVED)
        log->resolved++;
    else if (record->kind == REC_ARP_FAILED)
        log->failed++;
}

static inline void up(Host *host, Packet *packet)
{
    Log *log = host->owner;

    log->delivered++;
    log->delivered_at = host->sim->now;
    packet_free(host->sim, packet);
}

static inline void error_up(Host *host, const Packet *quoted, uint8_t type,
                            uint8_t code, uint32_t mtu)
{
    Log *log = host->owner;

    log->errors++;
    log->error_at = host->sim->now;
    log->code = code;
}

static const HostUpper arp_log_upper = {up, up, error_up, error_up};

static inline void start(Row *row, Log *log, unsigned hosts,
                         uint32_t replication)
{
    row->arp.mode = ARP_DYNAMIC;
    row_init(row, hosts, 7, replication, &arp_log_upper);
    *log = (Log){.observer = {.wants = ~(uint64_t)1, .hear = hear}};
    sim_observe(&row->sim, &log->observer);
    for (unsigned i = 0; i < hosts; i++)
        row->hosts[i].owner = log;
}

static inline uint64_t send_to(Host *host, IpAddress to)
{
    Packet *packet = packet_new(host->sim);
    uint64_t id = packet->id;

    packet->ip.destination = to;
    packet->ip.protocol = IP_PROTOCOL_UDP;
    host_send(host, packet);
    return id;
}

/* Runs until AT, whether something happens then or not. */
static inline void run_to(Row *row, SimTime at)
{
    sim_run(&row->sim, at);
    row->sim.now = at;
}

#endif
