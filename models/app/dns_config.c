/* dns_config.c - the numbers of DNS that a user may set, and names of
 * outcomes. */
#include "dns.h"

static const char *const outcome_names[DNS_OUTCOMES] = {
    [DNS_OK] = "ok",
    [DNS_NO_SUCH_NAME] = "no such name",
    [DNS_NO_ADDRESS] = "no address",
    [DNS_SERVER_FAILED] = "server failed",
    [DNS_TIMED_OUT] = "timed out",
};

const char *dns_outcome_name(DnsOutcome outcome)
{
    return outcome_names[outcome];
}

#define KEY(field) .offset = offsetof(DnsConfig, field)

const ConfigKey dns_keys[] = {
    {"stub_timeout", CONFIG_TIME, KEY(stub_timeout), .def = "5 s", .min = 1e-3,
     .max = 60,
     .sentence = "How long a client waits for its resolver before it asks "
                 "again.",
     .source = "resolv.conf(5), timeout"},
    {"stub_attempts", CONFIG_COUNT, KEY(stub_attempts), .def = "2", .min = 1,
     .max = 16,
     .sentence = "How often a client asks its resolver before it gives up.",
     .source = "resolv.conf(5), attempts"},
    {"stub_cache", CONFIG_BOOL, KEY(stub_cache), .def = "yes",
     .sentence = "A client remembers names for as long as they live.",
     .source = "systemd-resolved.service(8)"},
    {"resolver_timeout", CONFIG_TIME, KEY(resolver_timeout), .def = "376 ms",
     .min = 1e-3, .max = 60,
     .sentence = "How long a resolver waits for a server; doubled each time "
                 "all servers of a zone were asked.",
     .source = "unbound.conf(5): unknown-server-time-limit"},
    {"resolver_attempts", CONFIG_COUNT, KEY(resolver_attempts), .def = "5",
     .min = 1, .max = 64,
     .sentence = "Queries to the servers of one zone, together, before the "
                 "resolver gives up.",
     .source = "unbound.conf(5), outbound-msg-retry"},
    {"cache_max_ttl", CONFIG_TIME, KEY(cache_max_ttl), .def = "24 h", .min = 0,
     .max = 604800,
     .sentence = "A resolver keeps nothing for longer, whatever its TTL.",
     .source = "unbound.conf(5), cache-max-ttl"},
    {"cache_negative_max_ttl", CONFIG_TIME, KEY(cache_negative_max_ttl),
     .def = "1 h", .min = 0, .max = 10800,
     .sentence = "A resolver does not remember for longer that a name does "
                 "not exist.",
     .source = "RFC 2308 s5; unbound.conf(5), cache-max-negative-ttl"},
    {"server_time", CONFIG_TIME, KEY(server_time), .def = "50 us", .min = 0,
     .max = 10, .sentence = "How long an authoritative server takes to answer.",
     .source = "assumed: a server that answers from memory"},
    {.key = NULL},
};
