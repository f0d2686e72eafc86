/* bench.h - what the benchmark programs share: options, clocks, a network from
 * text.  Each program prints one line of key=value pairs, as the peers' do. */
#ifndef FIRSTBYTE_TESTS_BENCH_BENCH_H
#define FIRSTBYTE_TESTS_BENCH_BENCH_H

#include "peers/workload.h"
#include "models/transport/tcp.h"
#include "topologies/topology.h"

typedef struct Bench {
    Sim sim;
    Topology *topology;
    Network *network;
} Bench;

/* Builds the network that TEXT describes; aborts with the reason if it cannot.
 */
static inline void bench_build(Bench *bench, const char *text, uint64_t seed)
{
    GError *error = NULL;
    Config *config = config_new();

    if (!config_read_text(config, text, strlen(text), "bench", &error) ||
        (bench->topology = topology_new(config, NULL, &error)) == NULL)
        g_error("%s", error->message);
    config_free(config);
    sim_init(&bench->sim, seed, 0);
    bench->network = network_build(&bench->sim, bench->topology);
}

static inline void bench_clear(Bench *bench)
{
    network_free(bench->network);
    sim_clear(&bench->sim);
    topology_free(bench->topology);
}

#endif
