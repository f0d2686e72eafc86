/* dns_job.h - a question that a resolver works on (RFC 1034 s5.3.3): inside of
 * the resolver, which is dns_resolver.c (clients in, answers out) and dns_job.c
 * (from the root to the answer).
 *
 * A job looks at what the cache knows, asks the nearest servers it can, puts
 * what they say into the cache and looks again.  When servers are known by name
 * only, another job finds the address first. */
#ifndef FIRSTBYTE_MODELS_APP_DNS_JOB_H
#define FIRSTBYTE_MODELS_APP_DNS_JOB_H

#include "dns_cache.h"
#include "dns_query.h"

enum {
    DNS_ROOTS_MAX = 16,
    DNS_SERVERS_MAX = 16, /* addresses considered for one zone */
    DNS_ALIASES_MAX = 8,  /* CNAMEs followed for one question */
    DNS_QUERIES_MAX = 40, /* for one question, all zones together */
    DNS_DEPTH_MAX = 8,    /* of jobs that wait for jobs */
};

typedef struct DnsJob DnsJob;

/* Who waits for a job: another job, or a client. */
typedef struct DnsWaiter {
    struct DnsWaiter *next;
    DnsJob *job; /* NULL: a client */
    DnsAsked asked;
    uint16_t id;
    bool recursion_desired;
} DnsWaiter;

struct DnsJob {
    DnsJob *next, **link; /* among the resolver's */
    DnsResolver *resolver;
    DnsWaiter *waiters, **last_waiter;
    char *question;     /* as asked */
    char *name;         /* at the end of the aliases so far */
    char *zone;         /* whose servers are being asked */
    GPtrArray *aliases; /* of DnsRecord *: CNAMEs on the way */
    DnsJob *waits_for;  /* finds the address of a server; or NULL */
    DnsQuery query;
    IpAddress servers[DNS_SERVERS_MAX];
    SimTime began;
    uint16_t type;
    uint8_t server_count, at; /* the one being asked */
    uint8_t round;            /* how often all servers of the zone were asked */
    uint8_t tries;            /* queries to the servers of the zone */
    uint8_t queries;          /* in all */
    unsigned names_tried;     /* servers of the zone whose names were... */
    bool looked;              /* ...and the address of one was looked for */
    uint8_t depth;            /* of jobs above that wait for this one */
};

struct DnsResolver {
    Host *host;
    const DnsConfig *config;
    UdpSocket *socket;
    DnsCache cache;
    DnsJob *jobs;  /* under way */
    Stream stream; /* ids and ports of its queries */
    IpAddress roots[DNS_ROOTS_MAX];
    unsigned root_count;
};

/* Goes on with JOB, which waits for nothing: it may end and be freed. */
void dns_job_step(DnsJob *job);
/* The job for NAME and TYPE, a running one or a new one that wants a step
 * (*FRESH). */
DnsJob *dns_job_for(DnsResolver *resolver, const char *name, uint16_t type,
                    bool *fresh);
/* WAITER (from SLAB_DNS_WAITER, taken) waits for JOB. */
void dns_job_add_waiter(DnsJob *job, DnsWaiter *waiter);
/* Frees JOB and its waiters without a word. */
void dns_job_free(DnsJob *job);
/* The end of JOB: all who wait get CACHED (NULL: the servers failed); frees it,
 * then goes on with the jobs that waited. */
void dns_job_finish(DnsJob *job, const DnsCached *cached);

#endif
