/* check_link_config.c - the keys of a link: what they take, what they refuse,
 * and that the packets which `drop` names are those that are dropped. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/link/link.h"
#include "tests/run_tests.h"
#include "tests/tcp/stage.h"

enum { FROM = 3 };

static Sim sim;
static LinkConfig config;
static Link line;
static Port port;
static Observer observer;
static unsigned dropped;

static void receive(Port *self, Packet *packet /* taken */)
{
    packet_free(&sim, packet);
}

static void hear(Observer *self, const Record *record)
{
    ck_assert_uint_eq(record->code, DROP_BY_RULE);
    ck_assert_uint_eq(record->node, FROM);
    dropped++;
}

static void begin(void)
{
    sim_init(&sim, 1, 0);
    port.receive = receive;
    observer = (Observer){.wants = 1u << REC_PACKET_DROPPED, .hear = hear};
    sim_observe(&sim, &observer);
    config.snr = INFINITY; /* no noise */
    link_config_finish(&config);
    link_init(&line, &sim, &config, "a -> b", FROM, &port, 4);
    dropped = 0;
}

static void end(void)
{
    sim_run(&sim, SIM_NEVER);
    link_clear(&line);
    sim_clear(&sim);
}

/* Sends PACKET; whether it was dropped. */
static bool drops(Packet *packet /* taken */)
{
    unsigned before = dropped;

    link_send(&line, packet);
    return dropped != before;
}

/* --- scripted drops ------------------------------------------------------- */

static const ConfigKey *key(const char *name)
{
    const ConfigKey *k = link_keys;

    while (strcmp(k->key, name) != 0)
        k++;
    return k;
}

static void set(const char *name, const char *text)
{
    char *why = NULL;

    ck_assert_msg(
        key(name)->parse(text, (char *)&config + key(name)->offset, &why), "%s",
        why);
}

START_TEST(rules_drop_the_packets_they_name)
{
    static const struct {
        uint16_t flags;
        uint32_t payload;
        bool acks_fin, dropped;
    } sent[] = {
        {TCP_SYN, 0, false, false},
        {TCP_SYN, 0, false, true},           /* SYN 2 */
        {TCP_SYN | TCP_ACK, 0, false, true}, /* SYN-ACK 1 */
        {TCP_SYN | TCP_ACK, 0, false, false},
        {TCP_ACK, 0, false, false},            /* ACK 1 */
        {TCP_ACK, 10, false, false},           /* data 1 */
        {TCP_ACK, 10, false, true},            /* data 2 */
        {TCP_ACK, 10, false, true},            /* data 3 */
        {TCP_FIN | TCP_ACK, 0, false, true},   /* FIN 1 */
        {TCP_FIN | TCP_ACK, 10, false, false}, /* data 4, FIN 2 */
        {TCP_ACK, 0, true, true},              /* ACK-of-FIN 1 */
        {TCP_ACK, 0, true, false},
        {TCP_RST, 0, false, true}, /* RST 1 */
        {TCP_ACK, 0, false, true}, /* any 14 */
    };

    set("drop", "SYN 2, SYN-ACK 1, data 2-3, FIN 1, ACK-of-FIN 1, RST 1, "
                "any 14");
    begin();
    for (unsigned i = 0; i < G_N_ELEMENTS(sent); i++) {
        Packet *packet = packet_new(&sim);

        packet->ethernet.type = ETHERTYPE_IPV4;
        packet->ip.protocol = IP_PROTOCOL_TCP;
        packet->tcp.flags = sent[i].flags;
        packet->payload.len = sent[i].payload;
        packet->acks_fin = sent[i].acks_fin;
        ck_assert_msg(drops(packet) == sent[i].dropped, "%u", i);
    }
    end();
}
END_TEST

START_TEST(rules_know_arp_and_udp)
{
    static const bool want[] = {true, false, false, true};

    set("drop", "ARP 1, UDP 2");
    begin();
    for (unsigned i = 0; i < 4; i++) {
        Packet *packet = packet_new(&sim);

        packet->ethernet.type = i < 2 ? ETHERTYPE_ARP : ETHERTYPE_IPV4;
        packet->ip.protocol = IP_PROTOCOL_UDP;
        ck_assert_msg(drops(packet) == want[i], "%u", i);
    }
    end();
}
END_TEST

/* A host with TCP answers a FIN twice; the first of these answers is lost. */
START_TEST(tcp_says_which_of_its_acks_are_of_a_fin)
{
    const TcpHeader syn = {.seq = 1000, .flags = TCP_SYN, .window = 1000};
    TcpHeader next = {.seq = 1001, .flags = TCP_ACK, .window = 1000};
    Stage stage;

    stage_init(&stage);
    config.rule_count = 0;
    set("drop", "ACK-of-FIN 1");
    stage.line.rule_count = config.rule_count;
    memcpy(stage.line.rules, config.rules, sizeof config.rules);
    stage_raise(&stage, 5000);
    stage_listen(&stage);
    stage_inject(&stage, &syn, 0, 1001);
    next.ack = 5001;
    stage_inject(&stage, &next, 0, 1001);
    stage_inject(&stage, &next, 10, 1001);
    stage_wait(&stage, SIM_S); /* the data's ACK is no ACK of a FIN */
    ck_assert_uint_eq(g_queue_get_length(&stage.caught), 2);
    next.seq = 1011;
    next.flags = TCP_FIN | TCP_ACK;
    stage_inject(&stage, &next, 0, 1001);
    stage_wait(&stage, 100 * SIM_MS);
    ck_assert_uint_eq(g_queue_get_length(&stage.caught), 2);
    stage_inject(&stage, &next, 0, 1001);
    stage_wait(&stage, 100 * SIM_MS);
    ck_assert_uint_eq(g_queue_get_length(&stage.caught), 3);
    stage_clear(&stage);
}
END_TEST

/* --- keys ----------------------------------------------------------------- */

START_TEST(values_of_our_own_keys_read_back)
{
    static const struct {
        const char *key, *text, *canonical;
    } known[] = {
        {"queue", "none", "none"},
        {"queue", "droptail 100 packets", "droptail 100 packets"},
        {"queue", "droptail 65536 B", "droptail 64 KiB"},
        {"snr", "none", "none"},
        {"loss_burst", "none", "none"},
        {"loss_burst", "50 ms", "50 ms"},
        {"loss_burst", "5 packets", "5 packets"},
        {"snr", "9.6 dB", "9.6 dB"},
        {"snr", "-3 dB", "-3 dB"},
        {"drop", "none", "none"},
        {"drop", "syn 1 ,  DATA 7-9,any 3-3", "SYN 1, data 7-9, any 3"},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        const ConfigKey *k = key(known[i].key);
        char *text;

        set(known[i].key, known[i].text);
        text = k->format((char *)&config + k->offset);
        ck_assert_str_eq(text, known[i].canonical);
        g_free(text);
    }
}
END_TEST

START_TEST(bad_values_of_our_own_keys_say_what_is_right)
{
    static const struct {
        const char *key, *text, *part; /* of the message */
    } bad[] = {
        {"queue", "red 100 packets", "\"red 100 packets\" is not a queue"},
        {"queue", "droptail 0 packets", "\"droptail 100 packets\""},
        {"queue", "droptail 100", "\"droptail 100 packets\""},
        {"queue", "droptail ", "\"droptail 100 packets\""},
        {"queue", "droptail 8 GiB", "\"droptail 64 KiB\""},
        {"snr", "70 dB", "-30 dB to 60 dB"},
        {"loss_burst", "1 packets", "2 or more"},
        {"loss_burst", "100 ns", "1 us to 24 h"},
        {"snr", "10", "dB"},
        {"drop", "SIN 1", "\"SIN 1\" names no packet"},
        {"drop", "SYN", "names no packet"},
        {"drop", "SYN 0", "names no packet"},
        {"drop", "data 9-7", "names no packet"},
        {"drop", "data 7-", "names no packet"},
        {"drop", "data 7x", "names no packet"},
        {"drop", "SYN 1,,data 2", "names no packet"},
        {"drop",
         "any 1,any 2,any 3,any 4,any 5,any 6,any 7,any 8,any 9,any "
         "10,any 11,any 12,any 13,any 14,any 15,any 16,any 17",
         "more than 16 rules"},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        const ConfigKey *k = key(bad[i].key);
        char *why = NULL;

        ck_assert(!k->parse(bad[i].text, (char *)&config + k->offset, &why));
        ck_assert_msg(why != NULL && strstr(why, bad[i].part) != NULL, "%s: %s",
                      bad[i].text, why);
        g_free(why);
    }
    config.rule_count = 0;
}
END_TEST

START_TEST(the_defaults_of_a_link_are_good)
{
    LinkConfig made;

    config_defaults(link_keys, 0, &made);
    link_config_finish(&made);
    ck_assert_uint_eq(made.rate, 1000000000);
    ck_assert_int_eq(made.delay, SIM_MS);
    ck_assert_uint_eq(made.ns_per_byte, 8);
    ck_assert_uint_eq(made.queue_packets, 1000);
    ck_assert_uint_eq(made.mtu, 1500);
    ck_assert_uint_eq(made.loss_threshold, 0);
    ck_assert(!made.noise.on);
    ck_assert_int_eq(made.overhead, OVERHEAD_ETHERNET_GAP);
    config_clear_struct(link_keys, &made);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("link_config");

    tcase_add_test(tcase, rules_drop_the_packets_they_name);
    tcase_add_test(tcase, rules_know_arp_and_udp);
    tcase_add_test(tcase, tcp_says_which_of_its_acks_are_of_a_fin);
    tcase_add_test(tcase, values_of_our_own_keys_read_back);
    tcase_add_test(tcase, bad_values_of_our_own_keys_say_what_is_right);
    tcase_add_test(tcase, the_defaults_of_a_link_are_good);
    return run_tests("link_config", tcase, NULL);
}
