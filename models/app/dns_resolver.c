/* dns_resolver.c - a recursive resolver seen by its clients: port 53, questions
 * joined to jobs, answers sent; see dns_job.h.
 *
 * Not modelled: prefetching, serving stale data (RFC 8767), query name
 * minimisation (RFC 9156), choosing servers by their past round trips. */
#include "dns_job.h"

#include <string.h>

/* --- jobs: a list --------------------------------------------------------- */

DnsJob *dns_job_for(DnsResolver *resolver, const char *name, uint16_t type,
                    bool *fresh)
{
    Sim *sim = resolver->host->sim;
    DnsJob *job;

    *fresh = false;
    for (job = resolver->jobs; job != NULL; job = job->next)
        if (job->type == type && strcmp(job->question, name) == 0)
            return job;
    *fresh = true;
    job = slab_alloc(sim_slab(sim, SLAB_DNS_JOB, sizeof *job));
    *job = (DnsJob){
        .next = resolver->jobs,
        .link = &resolver->jobs,
        .resolver = resolver,
        .question = g_strdup(name),
        .name = g_strdup(name),
        .aliases = g_ptr_array_new_with_free_func(dns_record_unref),
        .began = sim_now(sim),
        .type = type,
    };
    job->last_waiter = &job->waiters;
    if (job->next != NULL)
        job->next->link = &job->next;
    resolver->jobs = job;
    return job;
}

void dns_job_add_waiter(DnsJob *job, DnsWaiter *waiter)
{
    waiter->next = NULL;
    *job->last_waiter = waiter;
    job->last_waiter = &waiter->next;
}

static void waiter_free(DnsResolver *resolver, DnsWaiter *waiter)
{
    slab_free(sim_slab(resolver->host->sim, SLAB_DNS_WAITER, sizeof *waiter),
              waiter);
}

void dns_job_free(DnsJob *job)
{
    DnsResolver *resolver = job->resolver;

    while (job->waiters != NULL) {
        DnsWaiter *waiter = job->waiters;

        job->waiters = waiter->next;
        waiter_free(resolver, waiter);
    }
    dns_query_cancel(&job->query);
    *job->link = job->next;
    if (job->next != NULL)
        job->next->link = job->link;
    g_ptr_array_unref(job->aliases);
    g_free(job->question);
    g_free(job->name);
    g_free(job->zone);
    slab_free(sim_slab(resolver->host->sim, SLAB_DNS_JOB, sizeof *job), job);
}

/* --- answers -------------------------------------------------------------- */

/* The answer to QUERY: the aliases on the way, then CACHED. */
static DnsMessage *answer_to(const DnsJob *job, const DnsMessage *query,
                             const DnsCached *cached)
{
    SimTime now = sim_now(job->resolver->host->sim);
    DnsMessage *answer = dns_message_answer(query, DNS_NOERROR);
    DnsSection section = DNS_ANSWER;

    answer->recursion_available = true;
    if (cached == NULL) {
        answer->rcode = DNS_SERVFAIL;
        return answer;
    }
    for (unsigned i = 0; i < job->aliases->len; i++)
        dns_message_add(answer, DNS_ANSWER, g_ptr_array_index(job->aliases, i));
    if (cached->outcome == DNS_NO_SUCH_NAME)
        answer->rcode = DNS_NXDOMAIN;
    if (cached->outcome != DNS_OK)
        section = DNS_AUTHORITY;
    for (unsigned i = 0; i < cached->records->len; i++) {
        DnsRecord *record = dns_cached_record(cached, now, i);

        dns_message_add(answer, section, record);
        dns_record_unref(record);
    }
    return answer;
}

static void answer_client(const DnsJob *job, const DnsWaiter *waiter,
                          const DnsCached *cached)
{
    DnsMessage *query = dns_message_new(waiter->id, job->question, job->type);
    DnsMessage *answer;

    query->recursion_desired = waiter->recursion_desired;
    answer = answer_to(job, query, cached);
    dns_reply(job->resolver->socket, &waiter->asked, answer);
    dns_message_free(answer);
    dns_message_free(query);
}

void dns_job_finish(DnsJob *job, const DnsCached *cached)
{
    DnsResolver *resolver = job->resolver;
    DnsWaiter *waiter, *waiters = job->waiters;

    for (waiter = waiters; waiter != NULL; waiter = waiter->next)
        if (waiter->job == NULL)
            answer_client(job, waiter, cached);
    /* The jobs go on when this one is gone; it has answered all the others. */
    job->waiters = NULL;
    dns_job_free(job);
    while ((waiter = waiters) != NULL) {
        waiters = waiter->next;
        if (waiter->job != NULL) {
            waiter->job->waits_for = NULL;
            dns_job_step(waiter->job);
        }
        waiter_free(resolver, waiter);
    }
}

/* --- questions ------------------------------------------------------------ */

/* RFC 1035 s4.1.1; a resolver that its clients may not use recursively would be
 * of no use to them, so RD is taken as set. */
static void received(UdpSocket *socket, void *user, const Packet *packet)
{
    DnsResolver *resolver = user;
    Sim *sim = resolver->host->sim;
    DnsMessage *query = dns_query_of(packet);
    DnsWaiter *waiter;
    DnsJob *job;
    bool fresh;

    if (query == NULL)
        return;
    if (query->opcode != 0) {
        DnsMessage *answer = dns_message_answer(query, DNS_NOTIMP);
        DnsAsked asked = dns_asked(packet);

        dns_reply(socket, &asked, answer);
        dns_message_free(answer);
        dns_message_free(query);
        return;
    }
    waiter = slab_alloc(sim_slab(sim, SLAB_DNS_WAITER, sizeof *waiter));
    *waiter = (DnsWaiter){.asked = dns_asked(packet),
                          .id = query->id,
                          .recursion_desired = query->recursion_desired};
    job = dns_job_for(resolver, query->name, query->type, &fresh);
    dns_job_add_waiter(job, waiter);
    if (fresh)
        dns_job_step(job);
    dns_message_free(query);
}

static const UdpUser resolver_user = {.received = received};

DnsResolver *dns_resolver_new(Host *host, const DnsConfig *config,
                              const IpAddress *roots, unsigned count)
{
    DnsResolver *resolver = g_new0(DnsResolver, 1);
    char consumer[32];

    resolver->host = host;
    resolver->config = config;
    resolver->root_count = MIN(count, DNS_ROOTS_MAX);
    for (unsigned i = 0; i < resolver->root_count; i++)
        resolver->roots[i] = roots[i];
    dns_cache_init(&resolver->cache, config);
    g_snprintf(consumer, sizeof consumer, "dns resolver %08x", host->name_hash);
    stream_init(&resolver->stream, host->sim, consumer, "id and port");
    resolver->socket =
        udp_open(udp_of(host), DNS_PORT, &resolver_user, resolver);
    g_assert(resolver->socket != NULL);
    return resolver;
}

void dns_resolver_free(DnsResolver *resolver)
{
    while (resolver->jobs != NULL)
        dns_job_free(resolver->jobs);
    udp_close(resolver->socket);
    dns_cache_clear(&resolver->cache);
    g_free(resolver);
}
