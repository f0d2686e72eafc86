/* check_multihomed.c - hosts with several links: who reaches whom, by which
 * address, and whether the answer finds its way back. */
#include <glib.h>
#include <string.h>

#include "tests/run_tests.h"
#include "tests/topology_text.h"

/* Counts echo replies that come to a node. */
typedef struct Ear {
    Observer observer;
    uint32_t node;
    unsigned replies;
} Ear;

static void hear(Observer *observer, const Record *record)
{
    Ear *ear = sim_container_of(observer, Ear, observer);
    const Packet *packet = ((const PacketTold *)record->what)->packet;

    ear->replies += record->node == ear->node &&
                    packet->ip.protocol == IP_PROTOCOL_ICMP &&
                    packet->icmp.type == ICMP_ECHO_REPLY;
}

static bool answers(Network *network, Ear *ear, Node *from, IpAddress to)
{
    Packet *packet = packet_new(network->sim);

    ear->replies = 0;
    ear->node = from->host.node;
    packet->ip.destination = to;
    packet->ip.protocol = IP_PROTOCOL_ICMP;
    packet->icmp.type = ICMP_ECHO;
    host_send(&from->host, packet);
    sim_run(network->sim, SIM_NEVER);
    return ear->replies == 1;
}

/* --- names ---------------------------------------------------------------- */

#define NAMES                                                                  \
    "[dns]\nserver_time = 0 s\n"                                               \
    "[node laptop]\nkind = client\nresolver = resolver\n"                      \
    "[node resolver]\nkind = resolver\nroots = root\n"                         \
    "[node root]\nkind = server\naddress = 198.41.0.4\n"                       \
    "zones = zones/root.zone\n"
#define TO_CLIENT "[link laptop -- resolver]\nrate = unlimited\ndelay = 1 ms\n"
#define TO_ROOT "[link resolver -- root]\nrate = unlimited\ndelay = 2 ms\n"
#define BEHIND_A_ROUTER                                                        \
    "[node r]\nkind = router\n"                                                \
    "[link resolver -- r]\nrate = unlimited\ndelay = 1 ms\n"                   \
    "[link r -- root]\nrate = unlimited\ndelay = 1 ms\n"
#define BETWEEN_TWO_ROUTERS                                                    \
    "[node q]\nkind = router\n"                                                \
    "[link laptop -- q]\nrate = unlimited\ndelay = 1 ms\n"                     \
    "[link q -- resolver]\nrate = unlimited\ndelay = 0 s\n"
#define STATIC "[arp]\nmode = static\n"

/* A resolver with a line to its client and another to the name server: the
 * question crosses 1 ms and 2 ms, and so does the answer; before it, where ARP
 * asks, the two questions and answers of ARP. */
static const struct {
    const char *text;
    SimTime at;
} between[] = {
    {NAMES TO_CLIENT TO_ROOT, 12 * SIM_MS},
    {NAMES TO_ROOT TO_CLIENT, 12 * SIM_MS},
    {NAMES STATIC TO_CLIENT TO_ROOT, 6 * SIM_MS},
    {NAMES STATIC TO_ROOT TO_CLIENT, 6 * SIM_MS},
    {NAMES STATIC TO_CLIENT BEHIND_A_ROUTER, 6 * SIM_MS},
    {NAMES STATIC BEHIND_A_ROUTER TO_CLIENT, 6 * SIM_MS},
    {NAMES STATIC BETWEEN_TWO_ROUTERS TO_ROOT, 6 * SIM_MS},
    {NAMES STATIC TO_ROOT BETWEEN_TWO_ROUTERS, 6 * SIM_MS},
    {NAMES STATIC BETWEEN_TWO_ROUTERS BEHIND_A_ROUTER, 6 * SIM_MS},
    {NAMES STATIC BEHIND_A_ROUTER BETWEEN_TWO_ROUTERS, 6 * SIM_MS},
};

typedef struct Found {
    const Sim *sim;
    DnsOutcome outcome;
    SimTime at; /* SIM_NEVER: not yet */
} Found;

static void found(void *data, DnsOutcome outcome, IpAddress address)
{
    Found *now = data;

    ck_assert(ip_is_none(address));
    now->outcome = outcome;
    now->at = now->sim->now;
}

/* The root itself knows that there is no domain "test" (RFC 6761 s6.2). */
START_TEST(a_resolver_stands_between_client_and_server)
{
    Topology *topology = topology_read_good(between[_i].text);
    Sim sim;
    Network *network;
    Found now = {.sim = &sim, .at = SIM_NEVER};
    Node *laptop;

    sim_init(&sim, 1, 0);
    network = network_build(&sim, topology);
    laptop = network_node(network, "laptop");
    node_browser(laptop);
    dns_stub_lookup(laptop->stub, "www.test", found, &now);
    sim_run(&sim, SIM_NEVER);
    ck_assert_int_eq(now.outcome, DNS_NO_SUCH_NAME);
    ck_assert_int_eq(now.at, between[_i].at);
    network_free(network);
    sim_clear(&sim);
    topology_free(topology);
}
END_TEST

/* --- random networks ------------------------------------------------------ */

enum {
    ROUTERS = 3,
    SWITCHES = 2,
    HOSTS = 5,
    NODES = ROUTERS + SWITCHES + HOSTS
};

static bool is_host(int node) { return node >= ROUTERS + SWITCHES; }

static void node_name(int node, char name[16])
{
    const char *kind = is_host(node) ? "h" : node < ROUTERS ? "r" : "s";

    g_snprintf(name, 16, "%s%d", kind, node);
}

/* A tree of all nodes in random order, and a few lines more. */
static void draw_lines(GRand *rand, bool line[NODES][NODES])
{
    int order[NODES];

    memset(line, 0, sizeof(bool[NODES][NODES]));
    for (int i = 0; i < NODES; i++) {
        int j = g_rand_int_range(rand, 0, i + 1);

        order[i] = order[j];
        order[j] = i;
    }
    for (int i = 1; i < NODES; i++) {
        int j = order[g_rand_int_range(rand, 0, i)];

        line[order[i]][j] = line[j][order[i]] = true;
    }
    for (int more = g_rand_int_range(rand, 0, 4); more > 0; more--) {
        int i = g_rand_int_range(rand, 0, NODES);
        int j = g_rand_int_range(rand, 0, NODES);

        line[i][j] = line[j][i] = i != j;
    }
    /* Two switches in a row are one; a ring of them is refused. */
    line[ROUTERS][ROUTERS + 1] = line[ROUTERS + 1][ROUTERS] = false;
}

static char *write_topology(GRand *rand, bool line[NODES][NODES])
{
    GString *text = g_string_new("");
    int order[NODES * NODES];

    if (g_rand_boolean(rand))
        g_string_append(text, STATIC);
    for (int i = 0; i < NODES; i++) {
        char name[16];

        node_name(i, name);
        g_string_append_printf(text, "[node %s]\nkind = %s\n", name,
                               is_host(i)    ? "server"
                               : i < ROUTERS ? "router"
                                             : "switch");
        if (is_host(i) && g_rand_boolean(rand))
            g_string_append_printf(text, "address = 198.51.100.%d\n", i);
    }
    for (int i = 0; i < NODES * NODES; i++) {
        int j = g_rand_int_range(rand, 0, i + 1);

        order[i] = order[j];
        order[j] = i;
    }
    for (int i = 0; i < NODES * NODES; i++) {
        int a = order[i] / NODES, b = order[i] % NODES;
        char from[16], to[16];

        node_name(a, from);
        node_name(b, to);
        if (a < b && line[a][b])
            g_string_append_printf(text, "[link %s -- %s]\ndelay = 1 ms\n",
                                   from, to);
    }
    return g_string_free(text, FALSE);
}

/* Whether a packet gets from FROM to TO: lines, switches and routers carry it,
 * hosts do not. */
static bool is_reachable(bool line[NODES][NODES], int from, int to)
{
    bool seen[NODES] = {false};
    int queue[NODES], first = 0, last = 0;

    queue[last++] = from;
    seen[from] = true;
    while (first < last) {
        int here = queue[first++];

        for (int next = 0; next < NODES; next++) {
            if (!line[here][next] || seen[next])
                continue;
            if (next == to)
                return true;
            seen[next] = true;
            if (!is_host(next))
                queue[last++] = next;
        }
    }
    return false;
}

static void check_all_pairs(Network *network, Ear *ear, bool line[NODES][NODES],
                            const char *text)
{
    for (int i = ROUTERS + SWITCHES; i < NODES; i++) {
        for (int j = ROUTERS + SWITCHES; j < NODES; j++) {
            char from[16], to[16];
            Node *node;

            if (i == j || !is_reachable(line, i, j))
                continue;
            node_name(i, from);
            node_name(j, to);
            node = network_node(network, from);
            ck_assert_msg(
                answers(network, ear, node, network_address(network, node, to)),
                "%s has no answer from %s in\n%s", from, to, text);
        }
    }
}

/* Whoever can be reached over the lines is, and its answer comes back. */
START_TEST(who_can_be_reached_answers)
{
    GRand *rand = g_rand_new_with_seed(1400 + (guint32)_i);
    bool line[NODES][NODES];
    Topology *topology = NULL;
    char *text = NULL;
    Network *network;
    Sim sim;
    Ear ear = {.observer = {.wants = 1u << REC_PACKET_DELIVERED, .hear = hear}};

    while (topology == NULL) { /* in two parts, or a switch with one line */
        g_free(text);
        draw_lines(rand, line);
        text = write_topology(rand, line);
        topology = topology_read_text(text, NULL);
    }
    sim_init(&sim, 1, 0);
    sim_observe(&sim, &ear.observer);
    network = network_build(&sim, topology);
    check_all_pairs(network, &ear, line, text);
    network_free(network);
    sim_clear(&sim);
    topology_free(topology);
    g_free(text);
    g_rand_free(rand);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("several links");

    tcase_add_loop_test(tcase, a_resolver_stands_between_client_and_server, 0,
                        G_N_ELEMENTS(between));
    tcase_add_loop_test(tcase, who_can_be_reached_answers, 0, 200);
    return run_tests("multihomed", tcase, NULL);
}
