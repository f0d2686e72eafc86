/* crossing.c - what a packet costs to cross a link: PAIRS of nodes, two links
 * between each, a segment of 1,460 bytes sent back and forth.
 *
 *   crossing [pairs] [crossings] [loss] [fresh]
 *
 * LOSS is a fraction (a lost packet is replaced); FRESH frees each packet where
 * it arrives and makes another for the way back, as hosts do.  Prints one line
 * of key=value pairs; the time is CPU time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "models/link/link.h"

typedef struct End {
    Port port;
    Link out;
    struct Run *run;
    uint32_t number;
} End;

typedef struct Run {
    Sim sim;
    LinkConfig config;
    Observer observer;
    End *ends;
    unsigned pairs;
    uint64_t crossings, wanted, lost;
    bool fresh;
} Run;

static void send_fresh(End *end)
{
    Packet *packet = packet_new(&end->run->sim);

    packet->ethernet.type = ETHERTYPE_IPV4;
    packet->ip = (IpHeader){.source = ip_from_v4(0xc0000201),
                            .destination = ip_from_v4(0xc0000202),
                            .ttl = 64,
                            .protocol = IP_PROTOCOL_TCP};
    packet->tcp = (TcpHeader){.flags = TCP_ACK, .options = TCP_OPT_TIMESTAMPS};
    packet->payload.len = 1448;
    packet->flow.serial = 1;
    packet->number = end->number++;
    link_send(&end->out, packet);
}

static void arrives(Port *port, Packet *packet /* taken */)
{
    End *end = sim_container_of(port, End, port);
    Run *run = end->run;

    if (++run->crossings >= run->wanted)
        sim_stop(&run->sim);
    if (run->fresh) {
        packet_free(&run->sim, packet);
        send_fresh(end);
    } else {
        packet->number = end->number++;
        link_send(&end->out, packet);
    }
}

/* A packet was lost on its way to a node: the node makes another. */
static void hear(Observer *observer, const Record *record)
{
    Run *run = sim_container_of(observer, Run, observer);

    if (record->code != DROP_LOST_ON_LINE)
        return;
    run->lost++;
    send_fresh(&run->ends[record->node]);
}

static void prepare(Run *run, double loss)
{
    sim_init(&run->sim, 1, 0);
    run->config = (LinkConfig){.rate = 1000000000,
                               .delay = SIM_MS,
                               .loss = loss,
                               .queue_packets = 1000,
                               .mtu = 1500,
                               .snr = INFINITY,
                               .overhead = OVERHEAD_ETHERNET_GAP};
    link_config_finish(&run->config);
    run->observer = (Observer){.wants = 1u << REC_PACKET_DROPPED, .hear = hear};
    sim_observe(&run->sim, &run->observer);
    run->ends = g_new0(End, run->pairs * 2);
    for (unsigned i = 0; i < run->pairs * 2; i++) {
        End *end = &run->ends[i];

        *end = (End){.port.receive = arrives, .run = run};
        link_init(&end->out, &run->sim, &run->config,
                  i % 2 ? "b -> a" : "a -> b", i, &run->ends[i ^ 1].port,
                  i ^ 1);
    }
    for (unsigned i = 0; i < run->pairs; i++) { /* not all at once */
        run->sim.now = (SimTime)i * 2 * SIM_MS / run->pairs;
        send_fresh(&run->ends[2 * i]);
    }
    run->sim.now = 0;
}

static double cpu_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    Run run = {.pairs = argc > 1 ? (unsigned)atoi(argv[1]) : 100,
               .wanted = argc > 2 ? strtoull(argv[2], NULL, 10) : 5000000,
               .fresh = argc > 4 && atoi(argv[4]) != 0};
    double loss = argc > 3 ? atof(argv[3]) : 0, begin, spent;

    if (run.pairs == 0 || run.wanted == 0) {
        fprintf(stderr, "usage: crossing [pairs] [crossings] [loss] [fresh]\n");
        return 2;
    }
    prepare(&run, loss);
    begin = cpu_seconds();
    sim_run(&run.sim, SIM_NEVER);
    spent = cpu_seconds() - begin;
    printf("bench=crossing pairs=%u loss=%g fresh=%d crossings=%llu lost=%llu "
           "cpu_s=%.3f ns_per_crossing=%.1f\n",
           run.pairs, loss, run.fresh, (unsigned long long)run.crossings,
           (unsigned long long)run.lost, spent,
           spent * 1e9 / (double)run.crossings);
    sim_unobserve(&run.sim, &run.observer);
    for (unsigned i = 0; i < run.pairs * 2; i++)
        link_clear(&run.ends[i].out);
    g_free(run.ends);
    sim_clear(&run.sim);
    return 0;
}
