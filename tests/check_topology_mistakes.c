/* check_topology_mistakes.c - what a topology file may not say, and what is
 * said of it. */
#include <string.h>

#include "tests/run_tests.h"
#include "tests/topology_text.h"

/* What is wrong, and the message for it. */
static const struct {
    const char *text, *message;
} mistakes[] = {
    {"[topology]\ntitle = nothing\n",
     "t.ini: no node; add [node NAME] groups and [link A -- B]"},
    {AB "[nodde c]\n", "t.ini:6: [nodde c]: unknown group 'nodde'; did you "
                       "mean 'node'?"},
    {AB "[topology x]\n", "t.ini:6: [topology x]: a topology has no name here; "
                          "write [topology] and title = x"},
    {"[node a]\nkind = client\ncuont = 3\n",
     "t.ini:3: [node a] cuont: no such key; did you mean \"count\"?"},
    {"[node a]\nkind = klient\n",
     "t.ini:2: [node a] kind: \"klient\" is not known; did you mean "
     "\"client\"?"},
    {"[node a]\ncount = 2\n", "t.ini:1: [node a] kind: this key is missing; "
                              "write it (What the node is.)"},
    {"[node a]\nkind = client\n[node a]\nkind = router\n",
     "t.ini:3: [node a]: this group is at line 1 already; put its keys in one "
     "place"},
    {"[node a.b]\nkind = client\n",
     "t.ini:1: [node a.b]: a node's name is made of letters, digits, '-' and "
     "'_'"},
    {"[node a]\nkind = client\ncount = 16777217\n",
     "t.ini:3: [node a] count: \"16777217\" is out of range; write 1 to "
     "16777216, or "
     "one"},
    {"[node a]\nkind = client\n",
     "t.ini:1: [node a]: a node without a link; add [link a -- ...]"},
    {AB "delay = 10\n", "t.ini:6: [link a -- b] delay: "},
    {AB "loss = 130 %\n", "t.ini:6: [link a -- b] loss: "},
    {AB "loss = 60 %\nloss_burst = 20 ms\nloss_in_burst = 50 %\n",
     "t.ini:6: [link a -- b] loss: more than in a burst (loss_in_burst); 50 % "
     "at most"},
    {AB "loss = 60 %\nloss_burst = 5\n",
     "t.ini:7: [link a -- b] loss_burst: \"5\" is no mean length of a burst; "
     "write a time from 1 us to 24 h (\"50 ms\"), \"5 packets\" (2 or more), "
     "or \"none\""},
    {AB "[link a -- cc]\n",
     "t.ini:6: [link a -- cc]: there is no node 'cc'; add [node cc]"},
    {"[node alice]\nkind = client\n[node bob]\nkind = client\n"
     "[link alicce -- bob]\n",
     "t.ini:5: [link alicce -- bob]: there is no node 'alicce'; did you mean "
     "'alice'?"},
    {AB "[link a -- a]\n",
     "t.ini:6: [link a -- a]: a link of a node to itself; "
     "name two different nodes"},
    {AB "[link b -- a]\n", "t.ini:6: [link b -- a]: these two are linked "
                           "already; one group says it for both directions"},
    {AB "[link a b]\n", "t.ini:6: [link a b]: not a link's name; write [link A "
                        "-- B] for both directions, [link A -> B] for one of "
                        "them"},
    {"[node a]\nkind = client\n[node b]\nkind = server\n[link a -> b]\n",
     "t.ini:5: [link a -> b]: overrides a link that is not there; add [link a "
     "-- b]"},
    {AB "[node c]\nkind = client\n[node d]\nkind = client\n[link c -- d]\n",
     "t.ini:6: [node c]: the network is in two parts: nothing leads from 'a' "
     "to 'c'; add a link"},
    {"[node s]\nkind = switch\n[node t]\nkind = switch\n[node u]\nkind = "
     "switch\n[node a]\nkind = client\n[link s -- t]\n[link t -- u]\n"
     "[link u -- s]\n[link a -- s]\n",
     "t.ini:11: [link u -- s]: closes a loop of switches, in which a broadcast "
     "would go round for ever; remove one of their links"},
    {"[node c]\nkind = client\ncount = 3\n[node d]\nkind = server\ncount = 2\n"
     "[link c -- d]\n",
     "t.ini:7: [link c -- d]: two groups of different sizes; both need the "
     "same count, or one of them must be a single node"},
    {"[node c]\nkind = client\ncount = 3\n[node r]\nkind = router\n"
     "[link c -- r]\n[link c.4 -- r]\n",
     "t.ini:7: [link c.4 -- r]: there is no node 'c.4'; add [node c.4]"},
    {"[node c]\nkind = router\ncount = 3\n[link c -- c.1]\n",
     "t.ini:4: [link c -- c.1]: a link of a group of nodes to one of its own; "
     "name two nodes, NAME.1 -- NAME.2"},
    {AB "[tcp web]\n",
     "t.ini:6: [tcp web]: there is no node 'web'; add [node web]"},
    {AB "[arp]\nmode = statik\n",
     "t.ini:7: [arp] mode: \"statik\" is not known; "
     "did you mean \"static\"?"},
    {AB "[arp]\nmod = static\n",
     "t.ini:7: [arp] mod: no such key; did you mean \"mode\"?"},
    {"[node a]\nkind = client\naddress = 1.2.3\n",
     "t.ini:3: [node a] address: not an IPv4 address; write one such as "
     "203.0.113.80"},
    {"[node a]\nkind = client\naddress = 10.0.0.1\n",
     "t.ini:3: [node a] address: not free for hosts: 0.0.0.0/8, 127.0.0.0/8 "
     "and "
     "224.0.0.0 up are not theirs (RFC 1122 s3.2.1.3), 10.0.0.0/8 is given out "
     "by the program"},
    {"[node a]\nkind = client\ncount = 2\naddress = 192.0.2.1\n",
     "t.ini:4: [node a] address: one address cannot be that of several nodes; "
     "leave out 'count' or 'address'"},
    {"[node a]\nkind = client\naddress = 192.0.2.1\n[node b]\nkind = server\n"
     "address = 192.0.2.1\n",
     "t.ini:6: [node b] address: another node has this address; each needs its "
     "own"},
    {"[node r]\nkind = router\naddress = 192.0.2.1\n",
     "t.ini:3: [node r] address: a router's and a switch's addresses follow "
     "from its lines"},
    {"[node s]\nkind = switch\nsubnet = 192.0.2.1/24\n",
     "t.ini:3: [node s] subnet: not an IPv4 subnet; write its first address "
     "and "
     "a length from 8 to 30, such as 203.0.113.0/24"},
    {"[node s]\nkind = switch\nsubnet = 192.0.2.0/24\n[node a]\nkind = "
     "client\naddress = 192.0.3.1\n[link a -- s]\n",
     "t.ini:6: [node a] address: not an address of a host in the subnet of the "
     "switch it is linked to"},
    {"[node s]\nkind = switch\nsubnet = 192.0.2.0/30\n[node a]\nkind = "
     "client\ncount = 3\n[link a -- s]\n",
     "t.ini:3: [node s] subnet: too small for the nodes behind the switch"},
    {AB "[node d]\nkind = client\nresolver = b\n[link d -- b]\n",
     "t.ini:8: [node d] resolver: that node is not a resolver; give it kind = "
     "resolver"},
    {AB "[node d]\nkind = server\nresolver = b\n",
     "t.ini:8: [node d] resolver: only a client has a resolver"},
    {AB "[node d]\nkind = resolver\nroots = b, x\n[link d -- b]\n",
     "t.ini:8: [node d] roots: there is no node 'x'; add [node x]"},
    {AB "[node d]\nkind = resolver\n[link d -- b]\n",
     "t.ini:6: [node d] roots: a resolver starts at root servers; add roots = "
     "NODE, NODE"},
    {AB "[node d]\nkind = server\nzones = no.zone\n[link d -- a]\n",
     "t.ini:8: [node d] zones: no.zone: no such file, here or among the "
     "shipped "
     "topologies"},
    {AB "[node d]\nkind = server\nhttp = yes\nsite = nowhere\n[link d -- a]\n",
     "t.ini:9: [node d] site: nowhere: no such folder, here or among the "
     "shipped topologies"},
    {AB "[node d]\nkind = server\nsite = nowhere\n[link d -- a]\n",
     "t.ini:8: [node d] site: nobody serves it; add http = yes"},
};

START_TEST(a_mistake_is_refused_with_its_message)
{
    GError *error = NULL;
    Topology *topology = topology_read_text(mistakes[_i].text, &error);
    const char *want = mistakes[_i].message;

    ck_assert_ptr_null(topology);
    ck_assert_ptr_nonnull(error);
    /* What other rooms say about a value is theirs: the beginning counts. */
    ck_assert_msg(strncmp(error->message, want, strlen(want)) == 0,
                  "want %s\n got %s", want, error->message);
    g_error_free(error);
}
END_TEST

START_TEST(foreign_groups_are_let_through)
{
    static const char *const foreign[] = {"sweep", NULL};
    const char *text = AB "[sweep]\nx = y\n";
    GError *error = NULL;
    Config *config = config_new();
    Topology *topology;

    ck_assert(config_read_text(config, text, strlen(text), "t.ini", &error));
    ck_assert_ptr_null(topology_new(config, NULL, NULL));
    topology = topology_new(config, foreign, &error);
    ck_assert_ptr_nonnull(topology);
    topology_free(topology);
    config_free(config);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("mistakes");

    tcase_add_loop_test(tcase, a_mistake_is_refused_with_its_message, 0,
                        G_N_ELEMENTS(mistakes));
    tcase_add_test(tcase, foreign_groups_are_let_through);
    return run_tests("topology mistakes", tcase, NULL);
}
