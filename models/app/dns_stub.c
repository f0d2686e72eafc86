/* dns_stub.c - the stub resolver of a client (RFC 1034 s5.3.1): asks its
 * resolver, a number of times, and remembers the answer.
 *
 * What a client without a look-up costs is this struct: the table of its cache
 * is made when there is something to keep. */
#include "dns_query.h"

#include <string.h>

typedef struct Cached {
    SimTime expires;
    IpAddress address;
    DnsOutcome outcome;
} Cached;

typedef struct Lookup {
    struct Lookup *next, **link; /* among the stub's */
    DnsStub *stub;
    DnsQuery query;
    char *name; /* absolute */
    DnsDone *done;
    void *data;
    SimTime began;
    unsigned tries;
} Lookup;

struct DnsStub {
    Host *host;
    const DnsConfig *config;
    IpAddress resolver;
    DnsHosts *hosts; /* NULL: there is no hosts file */
    const void *hosts_data;
    Lookup *lookups;   /* under way */
    GHashTable *cache; /* name -> Cached *; NULL: empty */
    Stream stream;     /* ids and ports */
    bool drawn;        /* `stream` is set */
};

DnsStub *dns_stub_new(Host *host, const DnsConfig *config, IpAddress resolver)
{
    DnsStub *stub = g_new0(DnsStub, 1);

    stub->host = host;
    stub->config = config;
    stub->resolver = resolver;
    return stub;
}

void dns_stub_set_hosts(DnsStub *stub, DnsHosts *find, const void *data)
{
    stub->hosts = find;
    stub->hosts_data = data;
}

static void lookup_free(Lookup *lookup)
{
    Sim *sim = lookup->stub->host->sim;

    dns_query_cancel(&lookup->query);
    *lookup->link = lookup->next;
    if (lookup->next != NULL)
        lookup->next->link = lookup->link;
    g_free(lookup->name);
    slab_free(sim_slab(sim, SLAB_DNS_LOOKUP, sizeof *lookup), lookup);
}

void dns_stub_free(DnsStub *stub)
{
    while (stub->lookups != NULL)
        lookup_free(stub->lookups);
    if (stub->cache != NULL)
        g_hash_table_unref(stub->cache);
    g_free(stub);
}

/* --- its cache ------------------------------------------------------------ */

static const Cached *cache_find(DnsStub *stub, const char *name)
{
    const Cached *cached =
        stub->cache != NULL ? g_hash_table_lookup(stub->cache, name) : NULL;

    if (cached == NULL || cached->expires > sim_now(stub->host->sim))
        return cached;
    g_hash_table_remove(stub->cache, name);
    return NULL;
}

static void cache_put(DnsStub *stub, const char *name, DnsOutcome outcome,
                      IpAddress address, uint32_t ttl)
{
    Cached *cached;

    if (!stub->config->stub_cache || ttl == 0 || outcome == DNS_SERVER_FAILED)
        return;
    if (stub->cache == NULL)
        stub->cache =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    cached = g_new(Cached, 1);
    *cached =
        (Cached){sim_now(stub->host->sim) + ttl * SIM_S, address, outcome};
    g_hash_table_insert(stub->cache, g_strdup(name), cached);
}

/* --- look-ups ------------------------------------------------------------- */

static void tell(Lookup *lookup, RecordKind kind, uint16_t code,
                 IpAddress server, const char *text, DnsOutcome outcome)
{
    Host *host = lookup->stub->host;

    dns_tell(host, kind, code,
             &(DnsTold){.name = lookup->name,
                        .type = "A",
                        .server = server,
                        .text = text,
                        .outcome = (int)outcome,
                        .latency = sim_now(host->sim) - lookup->began,
                        .tries = lookup->tries});
}

/* The last of LOOKUP: tells, frees it, and calls its user. */
static void finish(Lookup *lookup, DnsOutcome outcome, IpAddress address)
{
    DnsDone *done = lookup->done;
    void *data = lookup->data;
    char ip[IP_TEXT_MAX];

    tell(lookup, REC_DNS_DONE, (uint16_t)outcome, lookup->stub->resolver,
         outcome == DNS_OK ? ip_to_text(address, ip)
                           : dns_outcome_name(outcome),
         outcome);
    lookup_free(lookup);
    done(data, outcome, address);
}

static void ask(Lookup *lookup);

static void answered(Lookup *lookup, const DnsMessage *message)
{
    DnsStub *stub = lookup->stub;
    IpAddress address = IP_NONE;
    char text[DNS_TEXT_MAX];
    uint32_t ttl;
    DnsOutcome outcome = dns_message_outcome(message, &address, &ttl);

    tell(lookup, REC_DNS_ANSWER, 0, stub->resolver,
         dns_message_text(message, text), outcome);
    cache_put(stub, lookup->name, outcome, address, ttl);
    finish(lookup, outcome, address);
}

static void query_done(DnsQuery *query, DnsQueryEnd end,
                       const DnsMessage *message)
{
    Lookup *lookup = sim_container_of(query, Lookup, query);

    if (end == DNS_QUERY_ANSWERED)
        answered(lookup, message);
    else if (lookup->tries < lookup->stub->config->stub_attempts)
        ask(lookup);
    else
        finish(lookup,
               end == DNS_QUERY_TIMED_OUT ? DNS_TIMED_OUT : DNS_SERVER_FAILED,
               IP_NONE);
}

static void ask(Lookup *lookup)
{
    DnsStub *stub = lookup->stub;

    if (!stub->drawn) {
        char consumer[32];

        g_snprintf(consumer, sizeof consumer, "dns stub %08x",
                   stub->host->name_hash);
        stream_init(&stub->stream, stub->host->sim, consumer, "id and port");
        stub->drawn = true;
    }
    lookup->tries++;
    tell(lookup, lookup->tries == 1 ? REC_DNS_QUERY : REC_DNS_RETRY, 0,
         stub->resolver, "", DNS_OK);
    dns_query_start(&lookup->query, stub->host, &stub->stream, stub->resolver,
                    lookup->name, DNS_TYPE_A, true, stub->config->stub_timeout,
                    query_done);
}

static Lookup *lookup_new(DnsStub *stub, char *name /* taken */, DnsDone *done,
                          void *data)
{
    Sim *sim = stub->host->sim;
    Lookup *lookup = slab_alloc(sim_slab(sim, SLAB_DNS_LOOKUP, sizeof *lookup));

    *lookup = (Lookup){.next = stub->lookups,
                       .link = &stub->lookups,
                       .stub = stub,
                       .name = name,
                       .done = done,
                       .data = data,
                       .began = sim_now(sim)};
    if (lookup->next != NULL)
        lookup->next->link = &lookup->next;
    stub->lookups = lookup;
    return lookup;
}

/* The address that the hosts file has for NAME, or IP_NONE. */
static IpAddress find_in_hosts(const DnsStub *stub, const char *name)
{
    if (stub->hosts == NULL || strchr(name, '.') != NULL)
        return IP_NONE;
    return stub->hosts(stub->hosts_data, name);
}

void dns_stub_lookup(DnsStub *stub, const char *name, DnsDone *done, void *data)
{
    IpAddress address;
    const Cached *cached;
    char *absolute;
    Lookup *lookup;

    address = find_in_hosts(stub, name);
    if (!ip_is_none(address) || ip_from_text(name, &address)) {
        done(data, DNS_OK, address);
        return;
    }
    absolute = dns_name_new(name, NULL);
    if (absolute == NULL) {
        done(data, DNS_NO_SUCH_NAME, IP_NONE);
        return;
    }
    lookup = lookup_new(stub, absolute, done, data);
    cached = cache_find(stub, absolute);
    tell(lookup, REC_DNS_CACHE, cached != NULL, IP_NONE, "",
         cached != NULL ? cached->outcome : DNS_OK);
    if (cached != NULL)
        finish(lookup, cached->outcome, cached->address);
    else if (ip_is_none(stub->resolver))
        finish(lookup, DNS_SERVER_FAILED, IP_NONE);
    else
        ask(lookup);
}
