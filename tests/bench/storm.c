/* storm.c - W2, the handshake storm of peers/README.md, on firstbyte's whole
 * stack: Ethernet, ARP, IP, TCP with options.
 *
 *   --n=20000 --clients=100 --loss=0 --span=100 --seed=1 --stop=425
 * --arp=dynamic */
#include "bench.h"

#include <stdio.h>

static const char text[] =
    "[node client]\nkind = client\ncount = %u\n"
    "[node router]\nkind = router\n"
    "[node server]\nkind = server\n"
    "[link client -- router]\nrate = 100 Mbit/s\ndelay = 10 ms\nloss = %g %%\n"
    "[link router -- server]\nrate = 100 Mbit/s\ndelay = 40 ms\nloss = %g %%\n"
    "[arp]\nmode = %s\n"
    "[tcp]\nprofile = rfc\nsyn_retries = 5\nsynack_retries = 5\n"
    "orphan_retries = 5\ntime_wait = 240 s\n";

typedef struct Storm {
    Bench bench;
    Event next;
    uint32_t n, started, clients;
    double span;
    IpAddress server;
    uint64_t connected, failed, crossings;
    double latency_sum;
    struct Opener {
        struct Storm *storm;
        SimTime started;
    } * openers;
} Storm;

static void opened(Tcb *tcb, void *user)
{
    struct Opener *opener = user;
    Storm *storm = opener->storm;

    storm->connected++;
    storm->latency_sum +=
        (double)(sim_now(&storm->bench.sim) - opener->started) / 1e9;
    tcp_close(tcb);
}

static void gone(Tcb *tcb, void *user, TcpEnd end)
{
    struct Opener *opener = user;

    (void)tcb;
    (void)end;
    opener->storm->failed++;
}

static void readable(Tcb *tcb, void *user)
{
    (void)user;
    if (tcp_at_end(tcb))
        tcp_close(tcb);
}

static const TcpUser client_user = {.opened = opened, .gone = gone};
static const TcpUser server_user = {.readable = readable};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    (void)listener, (void)data, (void)tcb;
    *vtable = &server_user;
    *user = NULL;
}

static void start_next(Sim *sim, Event *event)
{
    Storm *storm = sim_container_of(event, Storm, next);
    uint32_t i = storm->started++;
    Node *node = &storm->bench.network->nodes[i % storm->clients];
    TcpEnd end;

    storm->openers[i] = (struct Opener){storm, sim_now(sim)};
    /* One host has more connections here than ephemeral ports: as the peers do.
     */
    if (tcp_connect(node->host.tcp, storm->server, 80,
                    (uint16_t)(1024 + i / storm->clients), &client_user,
                    &storm->openers[i], &end) == NULL)
        storm->failed++;
    if (storm->started < storm->n)
        event_schedule_at(
            sim, &storm->next,
            (SimTime)(storm->span * 1e9 * storm->started / storm->n));
}

int main(int argc, char **argv)
{
    static Storm storm;
    double loss = wl_opt(argc, argv, "loss", 0), t0, t1, c0, c1;
    char *topology;

    storm.n = (uint32_t)wl_opt(argc, argv, "n", 20000);
    storm.clients = (uint32_t)wl_opt(argc, argv, "clients", 100);
    storm.span = wl_opt(argc, argv, "span", 100);
    storm.openers = g_new0(struct Opener, storm.n);
    topology = g_strdup_printf(text, storm.clients, loss * 100, loss * 100,
                               wl_opts(argc, argv, "arp", "dynamic"));
    bench_build(&storm.bench, topology,
                (uint64_t)wl_opt(argc, argv, "seed", 1));
    g_free(topology);
    storm.server = network_address(storm.bench.network, NULL, "server");
    tcp_listen(network_node(storm.bench.network, "server")->host.tcp, 80, 65535,
               accepted, NULL);
    event_init(&storm.next, start_next);
    event_schedule_at(&storm.bench.sim, &storm.next, 0);
    t0 = wl_now(), c0 = wl_cpu();
    sim_run(&storm.bench.sim, (SimTime)(wl_opt(argc, argv, "stop", 425) * 1e9));
    t1 = wl_now(), c1 = wl_cpu();
    printf("engine=firstbyte clients=%u n=%u loss=%g run_s=%.4f run_cpu_s=%.4f "
           "events=%llu events_per_conn=%.2f conn_per_s=%.0f connected=%llu "
           "failed=%llu lat_mean_ms=%.3f end_s=%.1f peak_kib=%ld\n",
           storm.clients, storm.n, loss, t1 - t0, c1 - c0,
           (unsigned long long)storm.bench.sim.events,
           (double)storm.bench.sim.events / storm.n, storm.n / (c1 - c0),
           (unsigned long long)storm.connected,
           (unsigned long long)storm.failed,
           1e3 * storm.latency_sum / (double)storm.connected,
           (double)sim_now(&storm.bench.sim) / 1e9, wl_peak_kib());
    bench_clear(&storm.bench);
    g_free(storm.openers);
    return 0;
}
