/* check_resolver.c - names through stub, recursive resolver and authoritative
 * servers, over a network that can lose datagrams. */
#include <stdlib.h>
#include <string.h>

#include "tests/app_net.h"
#include "models/app/dns.h"
#include "tests/run_tests.h"

enum { CLIENT, RESOLVER, ROOT, TLD, AUTHORITY, HOSTS };
static const char *const addresses[HOSTS] = {
    "192.0.2.10", "192.0.2.53", "198.41.0.4", "192.5.6.30", "203.0.113.53",
};
static const HostUpper upper = {.udp = udp_receive, .udp_error = udp_error};

typedef struct Names {
    AppNet net;
    DnsConfig config;
    DnsZone *zones[5];
    DnsStub *stub;
    DnsResolver *resolver;
    DnsAuthority *servers[3];
    unsigned answers;
    DnsOutcome outcome;
    IpAddress address;
    SimTime at;
} Names;

static DnsZone *read_zone(const char *name)
{
    char *file =
        g_strconcat(TESTDIR "/../topologies/zones/", name, ".zone", NULL);
    GError *error = NULL;
    char *text;
    gsize len;
    DnsZone *zone;

    ck_assert(g_file_get_contents(file, &text, &len, NULL));
    zone = dns_zone_read(text, len, file, &error);
    ck_assert_msg(zone != NULL, "%s", error != NULL ? error->message : "");
    g_free(text);
    g_free(file);
    return zone;
}

static void setup(Names *names)
{
    static const char *const files[] = {"root", "com", "net", "example.com",
                                        "example.net"};
    static const unsigned first[] = {0, 1, 3}, count[] = {1, 2, 2};
    IpAddress root;

    memset(names, 0, sizeof *names);
    app_net_init(&names->net, addresses, HOSTS, 5 * SIM_MS, &upper);
    config_defaults(dns_keys, 0, &names->config);
    for (int i = 0; i < 5; i++)
        names->zones[i] = read_zone(files[i]);
    for (int i = 0; i < 3; i++)
        names->servers[i] = dns_authority_new(
            &names->net.hosts[ROOT + i], &names->config,
            (const DnsZone *const *)names->zones + first[i], count[i]);
    ip_from_text(addresses[ROOT], &root);
    names->resolver =
        dns_resolver_new(&names->net.hosts[RESOLVER], &names->config, &root, 1);
    names->stub = dns_stub_new(&names->net.hosts[CLIENT], &names->config,
                               names->net.leaves[RESOLVER].address);
}

static void teardown(Names *names)
{
    dns_stub_free(names->stub);
    dns_resolver_free(names->resolver);
    for (int i = 0; i < 3; i++)
        dns_authority_free(names->servers[i]);
    app_net_clear(&names->net);
    for (int i = 0; i < 5; i++)
        dns_zone_free(names->zones[i]);
}

static void done(void *data, DnsOutcome outcome, IpAddress address)
{
    Names *names = data;

    names->answers++;
    names->outcome = outcome;
    names->address = address;
    names->at = sim_now(&names->net.sim);
}

/* Looks NAME up and runs until nothing happens; how long it took. */
static SimTime look_up(Names *names, const char *name)
{
    SimTime began = sim_now(&names->net.sim);
    unsigned answers = names->answers;

    dns_stub_lookup(names->stub, name, done, names);
    sim_run(&names->net.sim, SIM_NEVER);
    ck_assert_uint_eq(names->answers, answers + 1);
    return names->at - began;
}

/* Lets TIME pass. */
static void nothing(Sim *sim, Event *event) {}
static void wait_for(Names *names, SimTime time)
{
    Event event;

    event_init(&event, nothing);
    event_schedule(&names->net.sim, &event, time);
    sim_run(&names->net.sim, SIM_NEVER);
}

#define BIT(kind) ((uint64_t)1 << (kind))
#define DNS_RECORDS                                                            \
    (BIT(REC_DNS_QUERY) | BIT(REC_DNS_ANSWER) | BIT(REC_DNS_CACHE) |           \
     BIT(REC_DNS_RETRY) | BIT(REC_DNS_DONE))

START_TEST(a_name_is_resolved_from_the_root)
{
    static const char *const steps[] = {
        "dns.cache 0 www.example.com A code 0",
        "dns.query 0 www.example.com A code 0 192.0.2.53",
        "dns.cache 1 www.example.com A code 0",
        "dns.query 1 www.example.com A code 0 198.41.0.4",
        "dns.answer 1 www.example.com A code 0 198.41.0.4 (referral to com.)",
        "dns.query 1 www.example.com A code 0 192.5.6.30",
        "dns.answer 1 www.example.com A code 0 192.5.6.30 (referral to "
        "example.com.)",
        "dns.query 1 www.example.com A code 0 203.0.113.53",
        "dns.answer 1 www.example.com A code 0 203.0.113.53 (CNAME "
        "web.example.com., 203.0.113.80)",
        "dns.answer 0 www.example.com A code 0 192.0.2.53 (CNAME "
        "web.example.com., 203.0.113.80)",
        "dns.done 0 www.example.com A code 0 192.0.2.53 (203.0.113.80)",
    };
    Names names;
    char **lines;

    setup(&names);
    app_net_watch(&names.net, DNS_RECORDS);
    /* Four exchanges of 20 ms each, and three servers' 50 us. */
    ck_assert_int_ge(look_up(&names, "www.example.com"), 80 * SIM_MS);
    ck_assert_int_lt(look_up(&names, "www.example.com"), 81 * SIM_MS);
    ck_assert_int_eq(names.outcome, DNS_OK);
    ck_assert_uint_eq(ip_to_v4(names.address), 0xcb007150);
    lines = g_strsplit(names.net.told->str, "\n", -1);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        ck_assert_str_eq(lines[i], steps[i]);
    /* The second look-up found it in the stub. */
    ck_assert_str_eq(lines[11], "dns.cache 0 www.example.com A code 1");
    g_strfreev(lines);
    teardown(&names);
}
END_TEST

static const struct {
    const char *name;
    DnsOutcome outcome;
    uint32_t address;
} names_and_outcomes[] = {
    {"www.example.com", DNS_OK, 0xcb007150},
    {"WWW.EXAMPLE.COM.", DNS_OK, 0xcb007150},
    {"192.0.2.7", DNS_OK, 0xc0000207},
    {"nowhere.example.com", DNS_NO_SUCH_NAME, 0},
    {"nowhere.com", DNS_NO_SUCH_NAME, 0},
    {"nowhere.invalid", DNS_NO_SUCH_NAME, 0},
    {"mail.example.com", DNS_NO_ADDRESS, 0},
    /* Its name server has no glue, its alias leads into another zone. */
    {"www.example.net", DNS_OK, 0xcb007150},
    {"a..b", DNS_NO_SUCH_NAME, 0},
};

START_TEST(a_look_up_has_one_outcome)
{
    Names names;

    setup(&names);
    look_up(&names, names_and_outcomes[_i].name);
    ck_assert_str_eq(dns_outcome_name(names.outcome),
                     dns_outcome_name(names_and_outcomes[_i].outcome));
    if (names.outcome == DNS_OK)
        ck_assert_uint_eq(ip_to_v4(names.address),
                          names_and_outcomes[_i].address);
    teardown(&names);
}
END_TEST

START_TEST(caches_age_by_their_ttl)
{
    Names names;

    setup(&names);
    look_up(&names, "www.example.com");
    ck_assert_int_eq(look_up(&names, "www.example.com"), 0);
    wait_for(&names, 298 * SIM_S);
    ck_assert_int_eq(look_up(&names, "www.example.com"), 0);
    wait_for(&names, 2 * SIM_S);
    /* Delegations live for 2 days: only the last server is asked again. */
    ck_assert_int_lt(look_up(&names, "www.example.com"), 41 * SIM_MS);
    ck_assert_int_gt(names.at, 300 * SIM_S);
    ck_assert_int_eq(names.outcome, DNS_OK);
    teardown(&names);
}
END_TEST

START_TEST(a_client_is_told_what_is_left_of_the_ttl)
{
    Names names;
    SimTime took;

    setup(&names);
    look_up(&names, "www.example.com");
    wait_for(&names, 200 * SIM_S);
    /* Another client, without a cache of its own content. */
    dns_stub_free(names.stub);
    names.stub = dns_stub_new(&names.net.hosts[CLIENT], &names.config,
                              names.net.leaves[RESOLVER].address);
    took = look_up(&names, "www.example.com");
    ck_assert_int_lt(took, 21 * SIM_MS);
    wait_for(&names, 101 * SIM_S);
    ck_assert_int_gt(look_up(&names, "www.example.com"), 0);
    teardown(&names);
}
END_TEST

START_TEST(what_does_not_exist_is_remembered)
{
    Names names;

    setup(&names);
    look_up(&names, "nowhere.example.com");
    ck_assert_int_eq(look_up(&names, "nowhere.example.com"), 0);
    ck_assert_int_eq(names.outcome, DNS_NO_SUCH_NAME);
    look_up(&names, "mail.example.com");
    ck_assert_int_eq(look_up(&names, "mail.example.com"), 0);
    ck_assert_int_eq(names.outcome, DNS_NO_ADDRESS);
    wait_for(&names, 301 * SIM_S);
    ck_assert_int_gt(look_up(&names, "nowhere.example.com"), 0);
    teardown(&names);
}
END_TEST

START_TEST(a_lost_datagram_is_sent_again)
{
    Names names;
    SimTime took;

    setup(&names);
    app_net_watch(&names.net, BIT(REC_DNS_RETRY));
    app_net_cut(&names.net, ROOT, true);
    dns_stub_lookup(names.stub, "www.example.com", done, &names);
    sim_run(&names.net.sim, 300 * SIM_MS);
    app_net_cut(&names.net, ROOT, false);
    sim_run(&names.net.sim, SIM_NEVER);
    took = names.at;
    ck_assert_int_eq(names.outcome, DNS_OK);
    ck_assert_int_ge(took, 456 * SIM_MS);
    ck_assert_int_lt(took, 458 * SIM_MS);
    ck_assert_str_eq(names.net.told->str,
                     "dns.retry 1 www.example.com A code 0 198.41.0.4\n");
    teardown(&names);
}
END_TEST

START_TEST(a_silent_resolver_times_out)
{
    Names names;

    setup(&names);
    app_net_cut(&names.net, RESOLVER, true);
    ck_assert_int_eq(look_up(&names, "www.example.com"), 10 * SIM_S);
    ck_assert_int_eq(names.outcome, DNS_TIMED_OUT);
    teardown(&names);
}
END_TEST

START_TEST(silent_servers_make_the_resolver_fail)
{
    Names names;

    setup(&names);
    names.config.stub_timeout = 60 * SIM_S;
    app_net_cut(&names.net, ROOT, true);
    look_up(&names, "www.example.com");
    ck_assert_int_eq(names.outcome, DNS_SERVER_FAILED);
    /* 376 ms doubling, five times, and the way to the resolver. */
    ck_assert_int_ge(names.at, 31 * 376 * SIM_MS + 20 * SIM_MS);
    ck_assert_int_lt(names.at, 31 * 376 * SIM_MS + 21 * SIM_MS);
    teardown(&names);
}
END_TEST

START_TEST(nobody_at_port_53_is_a_failure_at_once)
{
    Names names;

    setup(&names);
    dns_stub_free(names.stub);
    names.stub = dns_stub_new(&names.net.hosts[CLIENT], &names.config,
                              names.net.leaves[CLIENT + 1].address);
    dns_resolver_free(names.resolver);
    names.net.ip.icmp_ratelimit = 0;
    ck_assert_int_lt(look_up(&names, "www.example.com"), 41 * SIM_MS);
    ck_assert_int_eq(names.outcome, DNS_SERVER_FAILED);
    names.resolver =
        dns_resolver_new(&names.net.hosts[RESOLVER], &names.config, NULL, 0);
    /* A resolver without roots. */
    look_up(&names, "www.example.com");
    ck_assert_int_eq(names.outcome, DNS_SERVER_FAILED);
    teardown(&names);
}
END_TEST

START_TEST(questions_in_flight_are_joined)
{
    const char *query = "dns.query 1 www.example.com A code 0 198.41.0.4\n";
    Names names;
    char *first;

    setup(&names);
    app_net_watch(&names.net, BIT(REC_DNS_QUERY));
    for (int i = 0; i < 3; i++)
        dns_stub_lookup(names.stub, "www.example.com", done, &names);
    sim_run(&names.net.sim, SIM_NEVER);
    ck_assert_uint_eq(names.answers, 3);
    first = strstr(names.net.told->str, query);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, query));
    teardown(&names);
}
END_TEST

/* Two zones whose servers are each in the other: nobody can begin. */
START_TEST(delegations_in_a_circle_fail)
{
    static const char root[] = ". SOA a h 1 2 3 4 5\n. NS a.\na. A 198.41.0.4\n"
                               "one. NS ns.two.\ntwo. NS ns.one.\n";
    const DnsZone *zones[1];
    Names names;
    DnsZone *zone;

    setup(&names);
    zone = dns_zone_read(root, strlen(root), "root", NULL);
    zones[0] = zone;
    dns_authority_free(names.servers[0]);
    names.servers[0] =
        dns_authority_new(&names.net.hosts[ROOT], &names.config, zones, 1);
    ck_assert_int_lt(look_up(&names, "www.one"), 2 * SIM_S);
    ck_assert_int_eq(names.outcome, DNS_SERVER_FAILED);
    teardown(&names);
    dns_zone_free(zone);
}
END_TEST

/* A run may end while look-ups are under way. */
START_TEST(an_end_in_the_middle_leaks_nothing)
{
    Names names;

    setup(&names);
    dns_stub_lookup(names.stub, "www.example.net", done, &names);
    dns_stub_lookup(names.stub, "www.example.com", done, &names);
    sim_run(&names.net.sim, _i * 5 * SIM_MS + SIM_US);
    teardown(&names);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("resolver");

    tcase_add_test(tcase, a_name_is_resolved_from_the_root);
    tcase_add_loop_test(tcase, a_look_up_has_one_outcome, 0,
                        G_N_ELEMENTS(names_and_outcomes));
    tcase_add_test(tcase, caches_age_by_their_ttl);
    tcase_add_test(tcase, a_client_is_told_what_is_left_of_the_ttl);
    tcase_add_test(tcase, what_does_not_exist_is_remembered);
    tcase_add_test(tcase, a_lost_datagram_is_sent_again);
    tcase_add_test(tcase, a_silent_resolver_times_out);
    tcase_add_test(tcase, silent_servers_make_the_resolver_fail);
    tcase_add_test(tcase, nobody_at_port_53_is_a_failure_at_once);
    tcase_add_test(tcase, questions_in_flight_are_joined);
    tcase_add_test(tcase, delegations_in_a_circle_fail);
    tcase_add_loop_test(tcase, an_end_in_the_middle_leaks_nothing, 0, 20);
    return run_tests("resolver", tcase, NULL);
}
