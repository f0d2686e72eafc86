/* dns_job.c - from the root to the answer; see dns_job.h. */
#include "dns_job.h"

#include <string.h>

static SimTime now_of(const DnsJob *job)
{
    return sim_now(job->resolver->host->sim);
}

static void tell(DnsJob *job, RecordKind kind, uint16_t code, IpAddress server,
                 const char *text, DnsOutcome outcome)
{
    dns_tell(job->resolver->host, kind, code,
             &(DnsTold){.name = job->name,
                        .type = dns_type_name(job->type),
                        .server = server,
                        .text = text,
                        .outcome = (int)outcome,
                        .latency = now_of(job) - job->began,
                        .tries = job->queries});
}

/* --- which servers -------------------------------------------------------- */

/* JOB would wait for itself if it waited for OTHER. */
static bool would_circle(const DnsJob *job, const DnsJob *other)
{
    while (other != NULL && other != job)
        other = other->waits_for;
    return other == job;
}

/* Lets another job look for the address of NAME; false when that cannot be. */
static bool look_for(DnsJob *job, const char *name)
{
    DnsResolver *resolver = job->resolver;
    Sim *sim = resolver->host->sim;
    DnsWaiter *waiter;
    DnsJob *other;
    bool fresh;

    other = dns_job_for(resolver, name, DNS_TYPE_A, &fresh);
    if (fresh && job->depth == DNS_DEPTH_MAX) {
        dns_job_free(other);
        return false;
    }
    if (fresh)
        other->depth = (uint8_t)(job->depth + 1);
    else if (would_circle(job, other))
        return false;
    waiter = slab_alloc(sim_slab(sim, SLAB_DNS_WAITER, sizeof *waiter));
    *waiter = (DnsWaiter){.job = job};
    dns_job_add_waiter(other, waiter);
    job->waits_for = other;
    if (fresh)
        dns_job_step(other);
    return true;
}

static void add_server(DnsJob *job, IpAddress address)
{
    if (job->server_count < DNS_SERVERS_MAX)
        job->servers[job->server_count++] = address;
}

/* The addresses that are known of the name servers in SET. */
static void take_addresses(DnsJob *job, const DnsCached *set)
{
    DnsCache *cache = &job->resolver->cache;

    job->server_count = 0;
    for (unsigned i = 0; i < set->records->len; i++) {
        const DnsRecord *ns = g_ptr_array_index(set->records, i);
        const DnsCached *known = dns_cache_find(cache, now_of(job), ns->target,
                                                DNS_TYPE_A, DNS_RANK_GLUE);

        if (known == NULL || known->outcome != DNS_OK)
            continue;
        for (unsigned k = 0; k < known->records->len; k++)
            add_server(
                job,
                ((DnsRecord *)g_ptr_array_index(known->records, k))->address);
    }
}

/* ZONE's servers become those that JOB asks. */
static void set_zone(DnsJob *job, const char *zone)
{
    if (job->zone != NULL && strcmp(job->zone, zone) == 0)
        return;
    g_free(job->zone);
    job->zone = g_strdup(zone);
    job->at = job->round = job->tries = job->names_tried = 0;
    job->looked = false;
}

/* Looks for the next server of SET, the name servers of ZONE, whose address may
 * be found outside of ZONE.  True: JOB waits, or has even gone on. */
static bool wait_for_address(DnsJob *job, const char *zone,
                             const DnsCached *set)
{
    GPtrArray *records = g_ptr_array_ref(set->records);
    bool waits = false;

    while (!waits && job->names_tried < records->len) {
        const DnsRecord *ns = g_ptr_array_index(records, job->names_tried++);

        if (dns_name_in(ns->target, zone))
            continue;
        job->looked = true;
        waits = look_for(job, ns->target);
    }
    g_ptr_array_unref(records);
    return waits;
}

typedef enum Found { FOUND, WAITS, NOWHERE } Found;

/* The nearest servers to the name of JOB: the deepest zone above it whose name
 * servers the cache knows, else the root's. */
static Found find_servers(DnsJob *job)
{
    DnsResolver *resolver = job->resolver;
    const char *zone = job->name;

    for (; strcmp(zone, ".") != 0; zone = dns_name_parent(zone)) {
        const DnsCached *set = dns_cache_find(&resolver->cache, now_of(job),
                                              zone, DNS_TYPE_NS, DNS_RANK_GLUE);

        if (set == NULL || set->outcome != DNS_OK)
            continue;
        set_zone(job, zone);
        take_addresses(job, set);
        if (job->server_count != 0)
            return FOUND;
        if (wait_for_address(job, zone, set))
            return WAITS;
        /* Nobody knows where its servers are.  If they should be in the zone
         * itself, their addresses have aged: the zone above has them. */
        if (job->looked)
            return NOWHERE;
    }
    set_zone(job, ".");
    job->server_count = 0;
    for (unsigned i = 0; i < resolver->root_count; i++)
        add_server(job, resolver->roots[i]);
    return job->server_count != 0 ? FOUND : NOWHERE;
}

/* --- what they say -------------------------------------------------------- */

/* Keeps the aliases from NAME on that MESSAGE, from the servers of the job's
 * zone, may speak of; the name they lead to. */
static const char *keep_aliases(DnsJob *job, const DnsMessage *message,
                                const char *name)
{
    unsigned left = DNS_ALIASES_MAX;

    while (left-- > 0 && job->type != DNS_TYPE_CNAME &&
           dns_name_in(name, job->zone)) {
        const DnsRecord *alias =
            dns_message_find(message, DNS_ANSWER, name, DNS_TYPE_CNAME);

        if (alias == NULL)
            break;
        dns_cache_put(&job->resolver->cache, now_of(job), message, DNS_ANSWER,
                      name, DNS_TYPE_CNAME, DNS_RANK_ANSWER);
        name = alias->target;
    }
    return name;
}

/* The record of TYPE in the authority section for a zone that NAME is in. */
static DnsRecord *authority_above(const DnsMessage *message, const char *name,
                                  uint16_t type)
{
    for (unsigned i = 0; i < dns_message_count(message, DNS_AUTHORITY); i++) {
        DnsRecord *record = dns_message_record(message, DNS_AUTHORITY, i);

        if (record->type == type && dns_name_in(name, record->name))
            return record;
    }
    return NULL;
}

/* Keeps a referral to the servers of a zone nearer to the name; false: it is
 * none, leads back up, or nobody could follow it. */
static bool keep_referral(DnsJob *job, const DnsMessage *message)
{
    DnsCache *cache = &job->resolver->cache;
    const DnsRecord *cut = authority_above(message, job->name, DNS_TYPE_NS);
    bool usable = false;

    if (cut == NULL || strcmp(cut->name, job->zone) == 0 ||
        !dns_name_in(cut->name, job->zone))
        return false;
    dns_cache_put(cache, now_of(job), message, DNS_AUTHORITY, cut->name,
                  DNS_TYPE_NS, DNS_RANK_GLUE);
    for (unsigned i = 0; i < dns_message_count(message, DNS_AUTHORITY); i++) {
        const DnsRecord *ns = dns_message_record(message, DNS_AUTHORITY, i);

        if (ns->type != DNS_TYPE_NS)
            continue;
        /* Only what is in the zone that speaks is to be believed. */
        if (dns_name_in(ns->target, job->zone) &&
            dns_cache_put(cache, now_of(job), message, DNS_ADDITIONAL,
                          ns->target, DNS_TYPE_A, DNS_RANK_GLUE) != 0)
            usable = true;
        if (!dns_name_in(ns->target, cut->name))
            usable = true; /* its address can be looked for */
    }
    return usable;
}

/* Puts what MESSAGE says of the job's name into the cache; false when it says
 * nothing that helps (a lame or failing server). */
static bool learn(DnsJob *job, const DnsMessage *message)
{
    DnsCache *cache = &job->resolver->cache;
    const char *name;
    DnsRecord *soa;

    if (message->truncated ||
        (message->rcode != DNS_NOERROR && message->rcode != DNS_NXDOMAIN))
        return false;
    name = keep_aliases(job, message, job->name);
    if (!dns_name_in(name, job->zone))
        return true; /* an alias out of the zone: others know more */
    if (dns_cache_put(cache, now_of(job), message, DNS_ANSWER, name, job->type,
                      DNS_RANK_ANSWER) != 0)
        return true;
    soa = authority_above(message, name, DNS_TYPE_SOA);
    if (soa != NULL && !dns_name_in(soa->name, job->zone))
        soa = NULL;
    if (message->rcode == DNS_NXDOMAIN) {
        dns_cache_put_negative(cache, now_of(job), name, job->type,
                               DNS_NO_SUCH_NAME, soa);
        return true;
    }
    /* No data; without an SOA it is for this once (RFC 2308 s2.2, type 3). */
    if (message->authoritative &&
        (soa != NULL || dns_message_count(message, DNS_AUTHORITY) == 0)) {
        dns_cache_put_negative(cache, now_of(job), name, job->type,
                               DNS_NO_ADDRESS, soa);
        return true;
    }
    return strcmp(name, job->name) != 0 || keep_referral(job, message);
}

/* --- asking --------------------------------------------------------------- */

static void ask(DnsJob *job);

/* This server was of no use: the next one, all of them again, or the end. */
static void ask_next(DnsJob *job)
{
    if (++job->at >= job->server_count) {
        job->at = 0;
        job->round++;
    }
    ask(job);
}

static void query_done(DnsQuery *query, DnsQueryEnd end,
                       const DnsMessage *message)
{
    DnsJob *job = sim_container_of(query, DnsJob, query);
    char text[DNS_TEXT_MAX];

    if (end != DNS_QUERY_ANSWERED) {
        ask_next(job);
        return;
    }
    tell(job, REC_DNS_ANSWER, 0, query->server, dns_message_text(message, text),
         DNS_OK);
    if (!learn(job, message)) {
        ask_next(job);
        return;
    }
    job->at = job->round = job->tries = 0;
    dns_job_step(job);
}

static void ask(DnsJob *job)
{
    DnsResolver *resolver = job->resolver;
    const DnsConfig *config = resolver->config;
    IpAddress server;

    if (job->tries >= config->resolver_attempts ||
        job->queries >= DNS_QUERIES_MAX) {
        dns_job_finish(job, NULL);
        return;
    }
    server = job->servers[job->at];
    tell(job, job->tries++ == 0 ? REC_DNS_QUERY : REC_DNS_RETRY, 0, server, "",
         DNS_OK);
    job->queries++;
    dns_query_start(&job->query, resolver->host, &resolver->stream, server,
                    job->name, job->type, false,
                    config->resolver_timeout << MIN(job->round, 6), query_done);
}

/* The cache knows an alias for the name: goes on with what it points to.  False
 * when there are too many. */
static bool follow(DnsJob *job, const DnsCached *alias)
{
    DnsRecord *record = dns_cached_record(alias, now_of(job), 0);

    g_ptr_array_add(job->aliases, record);
    if (job->aliases->len > DNS_ALIASES_MAX)
        return false;
    g_free(job->name);
    job->name = g_strdup(record->target);
    return true;
}

void dns_job_step(DnsJob *job)
{
    DnsCache *cache = &job->resolver->cache;
    const DnsCached *known, *alias = NULL;

    for (;;) {
        known = dns_cache_find(cache, now_of(job), job->name, job->type,
                               DNS_RANK_ANSWER);
        if (job->queries == 0)
            tell(job, REC_DNS_CACHE, known != NULL, IP_NONE, "",
                 known != NULL ? known->outcome : DNS_OK);
        if (known != NULL) {
            dns_job_finish(job, known);
            return;
        }
        alias = dns_cache_find(cache, now_of(job), job->name, DNS_TYPE_CNAME,
                               DNS_RANK_ANSWER);
        if (alias == NULL || alias->outcome != DNS_OK)
            break;
        if (!follow(job, alias)) {
            dns_job_finish(job, NULL);
            return;
        }
    }
    switch (find_servers(job)) {
    case FOUND:
        ask(job);
        break;
    case WAITS:
        break;
    case NOWHERE:
        dns_job_finish(job, NULL);
        break;
    }
}
