/* web.c - W3 and W3b, bulk web fetches of peers/README.md, on firstbyte.
 *
 *   --clients=1000 --hosts=10 --size=100000 --loss=0.001 --span=1
 * --access=1Gbit/s */
#include "bench.h"

#include <stdio.h>

static const char text[] =
    "[node client]\nkind = client\ncount = %u\n"
    "[node router]\nkind = router\n"
    "[node server]\nkind = server\n"
    "[link client -- router]\nrate = %s\ndelay = 5 ms\n"
    "queue = droptail 1000 packets\n"
    "[link router -- server]\nrate = 1 Gbit/s\ndelay = 5 ms\nloss = %g %%\n"
    "queue = droptail 1000 packets\n"
    "[tcp]\nprofile = rfc\ndelayed_ack = 40 ms\nrto_min = 200 ms\n"
    "receive_buffer = 128 KiB\nsend_buffer = 1 MiB\n";

typedef struct Web {
    Bench bench;
    Event next;
    uint32_t n, hosts, started, size;
    double span;
    IpAddress server;
    uint64_t done, failed, bytes;
    double sum, max;
    struct Fetch {
        struct Web *web;
        SimTime started;
    } * fetches;
} Web;

static void drain(Web *web, Tcb *tcb)
{
    Slice piece;

    while (tcp_read(tcb, &piece)) {
        web->bytes += piece.len;
        slice_clear(&piece);
    }
}

static void opened(Tcb *tcb, void *user)
{
    Slice request = {NULL, 0, 100};

    (void)user;
    tcp_write(tcb, &request, false);
}

static void answer_comes(Tcb *tcb, void *user)
{
    struct Fetch *fetch = user;
    Web *web = fetch->web;
    double took;

    drain(web, tcb);
    if (!tcp_at_end(tcb))
        return;
    took = (double)(sim_now(&web->bench.sim) - fetch->started) / 1e9;
    web->done++;
    web->sum += took;
    web->max = MAX(web->max, took);
    tcp_close(tcb);
}

static void gone(Tcb *tcb, void *user, TcpEnd end)
{
    (void)tcb, (void)end;
    ((struct Fetch *)user)->web->failed++;
}

static void request_comes(Tcb *tcb, void *user)
{
    Web *web = user;
    Slice answer = {NULL, 0, web->size}, piece;
    uint32_t got = 0;

    while (tcp_read(tcb, &piece)) {
        got += piece.len;
        slice_clear(&piece);
    }
    if (got == 0)
        return;
    tcp_write(tcb, &answer, false);
    tcp_close(tcb);
}

static const TcpUser client_user = {
    .opened = opened, .readable = answer_comes, .gone = gone};
static const TcpUser server_user = {.readable = request_comes};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    (void)listener, (void)tcb;
    *vtable = &server_user;
    *user = data;
}

static void start_next(Sim *sim, Event *event)
{
    Web *web = sim_container_of(event, Web, next);
    uint32_t i = web->started++;
    TcpEnd end;

    web->fetches[i] = (struct Fetch){web, sim_now(sim)};
    if (tcp_connect(web->bench.network->nodes[i % web->hosts].host.tcp,
                    web->server, 80, 0, &client_user, &web->fetches[i],
                    &end) == NULL)
        web->failed++;
    if (web->started < web->n)
        event_schedule_at(sim, &web->next,
                          (SimTime)(web->span * 1e9 * web->started / web->n));
}

int main(int argc, char **argv)
{
    static Web web;
    double loss = wl_opt(argc, argv, "loss", 0.001), c0, c1;
    char *topology;

    web.n = (uint32_t)wl_opt(argc, argv, "clients", 1000);
    web.hosts = (uint32_t)wl_opt(argc, argv, "hosts", 10);
    web.size = (uint32_t)wl_opt(argc, argv, "size", 100000);
    web.span = wl_opt(argc, argv, "span", 1);
    web.fetches = g_new0(struct Fetch, web.n);
    topology = g_strdup_printf(
        text, web.hosts, wl_opts(argc, argv, "access", "1 Gbit/s"), loss * 100);
    bench_build(&web.bench, topology, (uint64_t)wl_opt(argc, argv, "seed", 1));
    g_free(topology);
    web.server = network_address(web.bench.network, NULL, "server");
    tcp_listen(network_node(web.bench.network, "server")->host.tcp, 80, 65535,
               accepted, &web);
    event_init(&web.next, start_next);
    event_schedule_at(&web.bench.sim, &web.next, 0);
    c0 = wl_cpu();
    sim_run(&web.bench.sim, 1000 * SIM_S);
    c1 = wl_cpu();
    printf(
        "engine=firstbyte clients=%u hosts=%u size=%u loss=%g run_cpu_s=%.4f "
        "events=%llu done=%llu failed=%llu bytes=%llu fct_mean_ms=%.2f "
        "fct_max_ms=%.1f peak_kib=%ld\n",
        web.n, web.hosts, web.size, loss, c1 - c0,
        (unsigned long long)web.bench.sim.events, (unsigned long long)web.done,
        (unsigned long long)web.failed, (unsigned long long)web.bytes,
        1e3 * web.sum / (double)web.done, 1e3 * web.max, wl_peak_kib());
    bench_clear(&web.bench);
    g_free(web.fetches);
    return 0;
}
