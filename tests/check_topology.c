/* check_topology.c - topology files and the networks that come of them; what
 * they may not say: check_topology_mistakes.c. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "topologies/topology.h"
#include "tests/run_tests.h"
#include "tests/topology_text.h"

/* --- reading -------------------------------------------------------------- */

static Topology *read_shipped(const char *file)
{
    GError *error = NULL;
    Config *config = config_new();
    Topology *topology = NULL;

    if (topology_read_config(config, file, NULL, &error))
        topology = topology_new(config, NULL, &error);
    ck_assert_msg(topology != NULL, "%s", error != NULL ? error->message : "");
    config_free(config);
    return topology;
}

/* --- networks ------------------------------------------------------------- */

/* Hears where and when datagrams are delivered. */
typedef struct Ear {
    Observer observer;
    Sim *sim;
    uint32_t node;
    unsigned delivered, arp_sent, dropped;
    SimTime at;
} Ear;

static void hear(Observer *observer, const Record *record)
{
    Ear *ear = sim_container_of(observer, Ear, observer);

    if (record->kind == REC_PACKET_DROPPED)
        ear->dropped++;
    if (record->kind == REC_PACKET_SENT &&
        ((const PacketTold *)record->what)->packet->ethernet.type ==
            ETHERTYPE_ARP)
        ear->arp_sent++;
    if (record->kind != REC_PACKET_DELIVERED)
        return;
    ear->delivered++;
    ear->node = record->node;
    ear->at = record->at;
}

static Network *start(Sim *sim, Ear *ear, const Topology *topology)
{
    sim_init(sim, 1, 0);
    *ear = (Ear){.observer = {.wants = 1u << REC_PACKET_DELIVERED |
                                       1u << REC_PACKET_SENT |
                                       1u << REC_PACKET_DROPPED,
                              .hear = hear},
                 .sim = sim};
    sim_observe(sim, &ear->observer);
    return network_build(sim, topology);
}

static void stop(Sim *sim, Network *network)
{
    network_free(network);
    sim_clear(sim);
}

/* An echo request from FROM: who answers, and when it comes back. */
static SimTime ping(Network *network, Ear *ear, Node *from, IpAddress to)
{
    Packet *packet = packet_new(network->sim);
    SimTime start = network->sim->now;

    ear->delivered = ear->dropped = 0;
    packet->ip.destination = to;
    packet->ip.protocol = IP_PROTOCOL_ICMP;
    packet->icmp.type = ICMP_ECHO;
    host_send(&from->host, packet);
    sim_run(network->sim, SIM_NEVER);
    return ear->delivered == 2 && ear->node == from->host.node ? ear->at - start
                                                               : -1;
}

static const char *address_text(Network *network, const char *name,
                                char text[IP_TEXT_MAX])
{
    return ip_to_text(network_address(network, NULL, name), text);
}

START_TEST(home_has_the_addresses_of_its_zones)
{
    Topology *topology = read_shipped("home.ini");
    char text[IP_TEXT_MAX];
    Network *network;
    Sim sim;
    Ear ear;
    unsigned files;

    network = start(&sim, &ear, topology);
    ck_assert_str_eq(address_text(network, "web", text), "203.0.113.80");
    ck_assert_str_eq(address_text(network, "ns1", text), "203.0.113.53");
    ck_assert_str_eq(address_text(network, "root", text), "198.41.0.4");
    ck_assert_str_eq(address_text(network, "tld", text), "192.5.6.30");
    ck_assert(ip_is_none(network_address(network, NULL, "hoster")));
    ck_assert(ip_is_none(network_address(network, NULL, "nobody")));
    ck_assert_ptr_nonnull(network_node(network, "laptop"));
    ck_assert_int_eq(network_node(network, "laptop")->kind, NODE_CLIENT);
    ck_assert_ptr_nonnull(topology_files(topology, &files));
    ck_assert_uint_eq(files, 5 + 5); /* zones; page, style, three images */
    for (uint32_t i = 0; i < network->node_count; i++) {
        Node *to = &network->nodes[i];
        Node *laptop = network_node(network, "laptop");

        for (uint32_t j = 0; to != laptop && j < to->host.interface_count; j++)
            ck_assert_int_gt(
                ping(network, &ear, laptop, to->host.interfaces[j].address), 0);
    }
    stop(&sim, network);
    topology_free(topology);
}
END_TEST

START_TEST(direct_is_a_line_of_10_ms)
{
    Topology *topology = read_shipped("direct.ini");
    Network *network;
    Sim sim;
    Ear ear;

    network = start(&sim, &ear, topology);
    ck_assert_int_eq(ping(network, &ear, network_node(network, "client"),
                          network_address(network, NULL, "web")),
                     40 * SIM_MS); /* ARP, then the echo */
    ck_assert_int_eq(ping(network, &ear, network_node(network, "client"),
                          network_address(network, NULL, "web")),
                     20 * SIM_MS);
    stop(&sim, network);
    topology_free(topology);
}
END_TEST

START_TEST(a_group_fans_out)
{
    Topology *topology = topology_read_good(
        "[node client]\nkind = client\ncount = 1000\n[node home]\nkind = "
        "router\n[node web]\nkind = server\n[link client -- home]\nrate = "
        "unlimited\ndelay = 1 ms\n[link client -> home]\ndelay = 3 ms\n"
        "[link home -- web]\nrate = unlimited\ndelay = 5 ms\n"
        "[arp]\nmode = static\n");
    Network *network;
    GHashTable *seen = g_hash_table_new(NULL, NULL);
    Sim sim;
    Ear ear;

    network = start(&sim, &ear, topology);
    ck_assert_uint_eq(network->node_count, 1002);
    ck_assert_uint_eq(network->link_count, 2 * 1001);
    ck_assert_ptr_null(network_node(network, "client"));
    ck_assert_ptr_null(network_node(network, "client.0"));
    ck_assert_ptr_null(network_node(network, "client.01"));
    ck_assert_ptr_null(network_node(network, "client.1001"));
    for (uint32_t i = 1; i <= 1000; i++) {
        char name[NODE_NAME_MAX], back[NODE_NAME_MAX];
        Node *node;

        g_snprintf(name, sizeof name, "client.%u", i);
        node = network_node(network, name);
        ck_assert_ptr_nonnull(node);
        ck_assert_uint_eq(node->member, i);
        ck_assert_str_eq(network_node_name(network, node->host.node, back),
                         name);
        ck_assert_ptr_null(node->host.routes.index); /* a default, no table */
        ck_assert(g_hash_table_add(
            seen,
            GUINT_TO_POINTER(ip_to_v4(network_address(network, NULL, name)))));
        if (i % 97 == 0)
            ck_assert_int_eq(ping(network, &ear, node,
                                  network_address(network, NULL, "web")),
                             (3 + 5 + 5 + 1) * SIM_MS);
    }
    g_hash_table_destroy(seen);
    stop(&sim, network);
    topology_free(topology);
}
END_TEST

START_TEST(groups_of_one_size_are_joined_in_pairs)
{
    Topology *topology = topology_read_good(
        "[node c]\nkind = client\ncount = 3\n[node s]\nkind = server\ncount = "
        "3\n[node r]\nkind = router\n[link c -- s]\n[link s -- r]\n");
    Network *network;
    Sim sim;
    Ear ear;

    network = start(&sim, &ear, topology);
    ck_assert_uint_eq(network->link_count, 2 * 6);
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_ptr_eq(
            network_node(network, "c.1")[i].host.interfaces[0].peer->host,
            &network_node(network, "s.1")[i].host);
    stop(&sim, network);
    topology_free(topology);
}
END_TEST

/* Two switches in a row, hosts on both, a router on one of them. */
#define SWITCHED                                                               \
    "[node h]\nkind = client\ncount = 4\n[node k]\nkind = server\ncount = 3\n" \
    "[node s]\nkind = switch\n[node t]\nkind = switch\nsubnet = "              \
    "192.0.2.0/28\n[node x]\nkind = server\naddress = 192.0.2.2\n"             \
    "[node r]\nkind = router\n[node far]\nkind = server\naddress = "           \
    "198.51.100.7\n[link h -- s]\n[link k -- t]\n[link s -- t]\n"              \
    "[link x -- t]\n[link r -- t]\n[link far -- r]\n"

START_TEST(switches_make_one_network)
{
    bool fixed = _i == 1;
    Topology *topology = topology_read_good(
        fixed ? SWITCHED "[arp]\nmode = static\n" : SWITCHED);
    char text[IP_TEXT_MAX];
    Network *network;
    Sim sim;
    Ear ear;

    network = start(&sim, &ear, topology);
    /* The gateway is .1; .2 is taken by x. */
    ck_assert_str_eq(address_text(network, "r", text), "192.0.2.1");
    ck_assert_str_eq(address_text(network, "h.1", text), "192.0.2.3");
    for (uint32_t i = 0; i < network->node_count; i++)
        for (uint32_t j = 0; j < network->node_count; j++)
            if (i != j && network->nodes[i].kind != NODE_SWITCH &&
                network->nodes[j].kind != NODE_SWITCH)
                ck_assert_int_gt(
                    ping(network, &ear, &network->nodes[i],
                         network->nodes[j].host.interfaces[0].address),
                    0);
    ck_assert_int_eq(ear.arp_sent == 0, fixed);
    /* An address of the subnet that nobody has. */
    ck_assert_int_eq(ping(network, &ear, network_node(network, "far"),
                          ip_from_v4(0xc000020e)),
                     -1);
    stop(&sim, network);
    topology_free(topology);
}
END_TEST

/* --- the effective configuration ------------------------------------------ */

static char *effective_text(const Topology *topology)
{
    Config *config = config_new();
    char *text;

    topology_effective(topology, config);
    text = config_to_text(config);
    config_free(config);
    return text;
}

START_TEST(settings_are_those_of_the_node_then_of_all)
{
    Topology *topology = topology_read_good(
        AB "[node c]\nkind = client\n[link c -- b]\n[ip]\nttl = 9\n"
           "[ip c]\nttl = 5\n[tcp]\nprofile = rfc\n"
           "rto_initial = 2 s\n[tcp b]\nprofile = linux\n"
           "[arp c]\nmode = static\n");
    char *text = effective_text(topology);
    const char *all = strstr(text, "[tcp]"), *own = strstr(text, "[tcp b]");
    Network *network;
    Sim sim;
    Ear ear;

    /* b: its own profile, the defaults of that, but what was set for all. */
    ck_assert(all != NULL && own != NULL && all < own);
    ck_assert_ptr_nonnull(strstr(own, "profile = linux"));
    ck_assert_ptr_nonnull(strstr(own, "rto_initial = 2 s"));
    ck_assert_ptr_nonnull(strstr(own, "rto_min = 200 ms"));
    ck_assert(strstr(all, "profile = rfc") < own);
    ck_assert(strstr(all, "rto_min = 1 s") < own);
    g_free(text);
    network = start(&sim, &ear, topology);
    ck_assert_uint_eq(network_node(network, "a")->host.ip->ttl, 9);
    ck_assert_uint_eq(network_node(network, "c")->host.ip->ttl, 5);
    ck_assert_int_eq(network_node(network, "a")->host.arp->mode, ARP_DYNAMIC);
    ck_assert_int_eq(network_node(network, "c")->host.arp->mode, ARP_STATIC);
    stop(&sim, network);
    topology_free(topology);
}
END_TEST

START_TEST(the_effective_configuration_reads_back)
{
    Topology *topology =
        _i == 0   ? read_shipped("home.ini")
        : _i == 1 ? read_shipped("direct.ini")
                  : topology_read_good(SWITCHED
                                       "[link r -> t]\nloss = 2 %\ndrop = SYN "
                                       "1\n[tcp]\nprofile = rfc\n[ip far]\n"
                                       "ttl = 3\n");
    char *once = effective_text(topology), *twice;
    Topology *again = topology_read_good(once);

    twice = effective_text(again);
    ck_assert_str_eq(once, twice);
    ck_assert_ptr_nonnull(strstr(once, "ttl = 64"));
    if (_i == 2) {
        ck_assert_ptr_nonnull(strstr(once, "[link t -> r]"));
        ck_assert_ptr_nonnull(strstr(once, "drop = SYN 1"));
        ck_assert_ptr_nonnull(strstr(once, "profile = rfc"));
        ck_assert_ptr_nonnull(strstr(once, "[ip far]"));
    }
    topology_free(again);
    topology_free(topology);
    g_free(once);
    g_free(twice);
}
END_TEST

/* --- random networks, against all shortest paths -------------------------- */

enum { ROUTERS = 12, FAR = 1000000 };

/* Routers with random lines between them (all joined by a chain), a leaf on
 * each; DELAY gets the milliseconds of each line, FAR where there is none. */
static Topology *random_topology(GRand *rand, int delay[ROUTERS][ROUTERS])
{
    GString *text = g_string_new("[arp]\nmode = static\n");
    Topology *topology;

    for (int i = 0; i < ROUTERS; i++) {
        g_string_append_printf(
            text,
            "[node r%d]\nkind = router\n[node h%d]\nkind = client\n"
            "[link h%d -- r%d]\nrate = unlimited\ndelay = 1 ms\n",
            i, i, i, i);
        for (int j = 0; j < ROUTERS; j++)
            delay[i][j] = i == j ? 0 : FAR;
    }
    for (int i = 0; i < ROUTERS; i++)
        for (int j = i + 1; j < ROUTERS; j++)
            if (j == i + 1 || g_rand_int_range(rand, 0, 5) == 0) {
                delay[i][j] = g_rand_int_range(rand, 1, 50);
                delay[j][i] = g_rand_int_range(rand, 1, 50);
                g_string_append_printf(text,
                                       "[link r%d -- r%d]\nrate = unlimited\n"
                                       "delay = %d ms\n[link r%d -> r%d]\n"
                                       "delay = %d ms\n",
                                       i, j, delay[i][j], j, i, delay[j][i]);
            }
    topology = topology_read_good(text->str);
    g_string_free(text, TRUE);
    return topology;
}

START_TEST(packets_take_the_shortest_way)
{
    GRand *rand = g_rand_new_with_seed(77 + (guint32)_i);
    int delay[ROUTERS][ROUTERS];
    Topology *topology = random_topology(rand, delay);
    Network *network;
    Sim sim;
    Ear ear;

    for (int k = 0; k < ROUTERS; k++)
        for (int i = 0; i < ROUTERS; i++)
            for (int j = 0; j < ROUTERS; j++)
                delay[i][j] = MIN(delay[i][j], delay[i][k] + delay[k][j]);
    network = start(&sim, &ear, topology);
    for (int i = 0; i < ROUTERS; i++)
        for (int j = 0; j < ROUTERS; j++) {
            char from[16], to[16];

            g_snprintf(from, sizeof from, "h%d", i);
            g_snprintf(to, sizeof to, "h%d", j);
            if (i != j)
                ck_assert_int_eq(ping(network, &ear,
                                      network_node(network, from),
                                      network_address(network, NULL, to)),
                                 (4 + delay[i][j] + delay[j][i]) * SIM_MS);
        }
    stop(&sim, network);
    topology_free(topology);
    g_rand_free(rand);
}
END_TEST

/* --- files ---------------------------------------------------------------- */

START_TEST(files_are_found_where_they_should_be)
{
    char *folder = g_dir_make_tmp("firstbyte-XXXXXX", NULL);
    char *beside = g_build_filename(folder, "x.ini", NULL);
    char *own = g_build_filename(folder, "direct.ini", NULL);
    GError *error = NULL;
    char *path;
    GBytes *bytes;

    ck_assert(g_file_set_contents(own, "mine", 4, NULL));
    bytes = topology_find_file("direct.ini", beside, &path, &error);
    ck_assert_str_eq(path, own);
    ck_assert_uint_eq(g_bytes_get_size(bytes), 4);
    g_bytes_unref(bytes);
    g_free(path);
    /* Not beside it: the shipped one. */
    bytes = topology_find_file("home.ini", beside, &path, &error);
    ck_assert_ptr_nonnull(bytes);
    g_bytes_unref(bytes);
    g_free(path);
    /* The one inside the program. */
    bytes = topology_find_file("zones/root.zone",
                               "resource:/firstbyte/topologies/home.ini", &path,
                               &error);
    ck_assert_str_eq(path, "resource:/firstbyte/topologies/zones/root.zone");
    g_bytes_unref(bytes);
    g_free(path);
    ck_assert_ptr_null(topology_find_file("no.ini", beside, &path, &error));
    ck_assert_str_eq(error->message, "no.ini: no such file, here or among the "
                                     "shipped topologies");
    g_clear_error(&error);
    ck_assert_ptr_null(topology_find_file(folder, NULL, &path, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "is a directory"));
    g_clear_error(&error);
    g_unlink(own);
    g_rmdir(folder);
    g_free(own);
    g_free(beside);
    g_free(folder);
}
END_TEST

/* --- memory --------------------------------------------------------------- */

/* Sanitizers put red zones around everything: sizes mean nothing then. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#endif

static long resident_bytes(void)
{
    char *text;
    long pages = 0;

    if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL)) {
        pages = strtol(strchr(text, ' ') + 1, NULL, 10);
        g_free(text);
    }
    return pages * sysconf(_SC_PAGESIZE);
}

/* The topology and the network: hosts with interfaces, links and routes,
 * nothing sent yet. */
START_TEST(a_hundred_thousand_hosts_fit)
{
    long before = resident_bytes(), per_host;
    Topology *topology = topology_read_good(
        "[node h]\nkind = client\ncount = 100000\n[node r]\nkind = "
        "router\n[link h -- r]\n");
    Network *network;
    Sim sim;
    Ear ear;

    network = start(&sim, &ear, topology);
    per_host = (resident_bytes() - before) / 100000;
    printf("topology and network: %ld bytes a host\n", per_host);
#ifndef SANITIZED
    ck_assert_int_le(per_host, 1200);
#endif
    stop(&sim, network);
    topology_free(topology);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("topology");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, home_has_the_addresses_of_its_zones);
    tcase_add_test(tcase, direct_is_a_line_of_10_ms);
    tcase_add_test(tcase, a_group_fans_out);
    tcase_add_test(tcase, groups_of_one_size_are_joined_in_pairs);
    tcase_add_loop_test(tcase, switches_make_one_network, 0, 2);
    tcase_add_test(tcase, settings_are_those_of_the_node_then_of_all);
    tcase_add_loop_test(tcase, the_effective_configuration_reads_back, 0, 3);
    tcase_add_loop_test(tcase, packets_take_the_shortest_way, 0, 10);
    tcase_add_test(tcase, files_are_found_where_they_should_be);
    tcase_add_test(tcase, a_hundred_thousand_hosts_fit);
    return run_tests("topology", tcase, NULL);
}
