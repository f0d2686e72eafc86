/* idle.c - W4, idle hosts each with an established connection, on firstbyte;
 * see peers/README.md.
 *
 *   --n=10000 */
#include "bench.h"

#include <stdio.h>

typedef struct Idle {
    Bench bench;
    Event next;
    uint32_t n, started;
    uint64_t connected, failed;
    IpAddress server;
} Idle;

static void opened(Tcb *tcb, void *user)
{
    (void)tcb;
    ((Idle *)user)->connected++;
}

static const TcpUser client_user = {.opened = opened};
static const TcpUser server_user = {0};

static void accepted(TcpListener *listener, void *data, Tcb *tcb,
                     const TcpUser **vtable, void **user)
{
    (void)listener, (void)data, (void)tcb;
    *vtable = &server_user;
    *user = NULL;
}

/* Node i of the network is client i: the groups of clients come first. */
static void start_next(Sim *sim, Event *event)
{
    Idle *idle = sim_container_of(event, Idle, next);
    uint32_t i = idle->started++;
    TcpEnd end;

    if (tcp_connect(idle->bench.network->nodes[i].host.tcp, idle->server, 80, 0,
                    &client_user, idle, &end) == NULL)
        idle->failed++;
    if (idle->started < idle->n)
        event_schedule_at(sim, &idle->next,
                          (SimTime)(10e9 * idle->started / idle->n));
}

static char *topology_text(uint32_t n)
{
    uint32_t routers = (uint32_t)ceil(sqrt((double)n));
    uint32_t per = (n + routers - 1) / routers;
    GString *text = g_string_new(NULL);

    for (uint32_t r = 0; r < routers && r * per < n; r++)
        g_string_append_printf(text, "[node c%u]\nkind = client\ncount = %u\n",
                               r, MIN(per, n - r * per));
    for (uint32_t r = 0; r < routers && r * per < n; r++)
        g_string_append_printf(
            text,
            "[node r%u]\nkind = router\n"
            "[link c%u -- r%u]\nrate = 1 Gbit/s\ndelay = 1 ms\n"
            "[link r%u -- core]\nrate = 1 Gbit/s\ndelay = 1 ms\n",
            r, r, r, r);
    g_string_append(text,
                    "[node core]\nkind = router\n[node server]\nkind = server\n"
                    "[link core -- server]\nrate = 1 Gbit/s\ndelay = 1 ms\n");
    return g_string_free(text, FALSE);
}

int main(int argc, char **argv)
{
    static Idle idle;
    long rss0 = wl_rss_kib(), rss1, rss2;
    double c0, c1, c2;
    char *text;

    idle.n = (uint32_t)wl_opt(argc, argv, "n", 10000);
    c0 = wl_cpu();
    text = topology_text(idle.n);
    bench_build(&idle.bench, text, 1);
    g_free(text);
    idle.server = network_address(idle.bench.network, NULL, "server");
    tcp_listen(network_node(idle.bench.network, "server")->host.tcp, 80, 65535,
               accepted, NULL);
    event_init(&idle.next, start_next);
    event_schedule_at(&idle.bench.sim, &idle.next, 0);
    c1 = wl_cpu(), rss1 = wl_rss_kib();
    sim_run(&idle.bench.sim, 20 * SIM_S);
    c2 = wl_cpu(), rss2 = wl_rss_kib();
    printf(
        "engine=firstbyte n=%u connected=%llu failed=%llu topology_cpu_s=%.3f "
        "run_cpu_s=%.3f events=%llu rss_base_kib=%ld rss_kib=%ld "
        "bytes_per_host=%.0f bytes_per_conn_both_ends=%.0f peak_kib=%ld\n",
        idle.n, (unsigned long long)idle.connected,
        (unsigned long long)idle.failed, c1 - c0, c2 - c1,
        (unsigned long long)idle.bench.sim.events, rss0, rss2,
        (double)(rss1 - rss0) * 1024 / idle.n,
        (double)(rss2 - rss1) * 1024 / idle.n, wl_peak_kib());
    bench_clear(&idle.bench);
    return 0;
}
