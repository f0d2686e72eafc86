/* dns.h - names to addresses: the stub resolver of a host (RFC 1034 s5.3.1),
 * the recursive resolver, the authoritative server (RFC 1034, 1035, 2308).
 *
 * Messages are real bytes, made and read by ldns through wire/dns_message.h;
 * they travel over UDP port 53. Everything here is freed before the host's UDP.
 *
 * Not modelled: DNS over TCP (RFC 7766: a truncated answer is a failed one),
 * EDNS (RFC 6891), DNSSEC, wildcards (RFC 4592). */
#ifndef FIRSTBYTE_MODELS_APP_DNS_H
#define FIRSTBYTE_MODELS_APP_DNS_H

#include "models/transport/udp.h"
#include "sim/config.h"

enum { DNS_PORT = 53 };

typedef enum DnsOutcome {
    DNS_OK,
    DNS_NO_SUCH_NAME,  /* NXDOMAIN */
    DNS_NO_ADDRESS,    /* the name exists, but has no A record */
    DNS_SERVER_FAILED, /* SERVFAIL, or an answer that cannot be read */
    DNS_TIMED_OUT,
    DNS_OUTCOMES
} DnsOutcome;
const char *dns_outcome_name(DnsOutcome outcome);

typedef struct DnsConfig {
    SimTime stub_timeout;       /* of a try: 5 s (resolv.conf(5)) */
    uint32_t stub_attempts;     /* tries: 2 (resolv.conf(5)) */
    bool stub_cache;            /* the stub resolver keeps answers */
    SimTime resolver_timeout;   /* of a query, doubled for each round */
    uint32_t resolver_attempts; /* queries to all servers of a zone together */
    SimTime cache_max_ttl, cache_negative_max_ttl;
    SimTime server_time; /* an authoritative server thinks before it answers */
} DnsConfig;
extern const ConfigKey dns_keys[];

/* --- stub resolver: in every client --------------------------------------- */
typedef struct DnsStub DnsStub;
typedef void DnsDone(void *data, DnsOutcome outcome, IpAddress address);

DnsStub *dns_stub_new(Host *host, const DnsConfig *config, IpAddress resolver);
/* The client's hosts file: FIND gives the address of a name without a dot, or
 * IP_NONE.  Such a name is looked up there before the resolver is asked
 * (nsswitch's "files dns"). */
typedef IpAddress DnsHosts(const void *data, const char *name);
void dns_stub_set_hosts(DnsStub *stub, DnsHosts *find, const void *data);
void dns_stub_free(DnsStub *stub); /* pending look-ups are dropped uncalled */
/* Calls DONE, at once for a dotted quad or a cached name, else when it is
 * known. */
void dns_stub_lookup(DnsStub *stub, const char *name, DnsDone *done,
                     void *data);

/* --- recursive resolver --------------------------------------------------- */
typedef struct DnsResolver DnsResolver;
/* Serves port 53 of HOST; starts at the ROOTS, COUNT addresses. */
DnsResolver *dns_resolver_new(Host *host, const DnsConfig *config,
                              const IpAddress *roots, unsigned count);
void dns_resolver_free(DnsResolver *resolver);

/* --- authoritative server ------------------------------------------------- */
typedef struct DnsZone DnsZone; /* a zone file, read; immutable */
typedef struct DnsAuthority DnsAuthority;
/* TEXT is a standard zone file (RFC 1035 s5) named FILE in messages. */
DnsZone *dns_zone_read(const char *text, size_t len, const char *file,
                       GError **error);
void dns_zone_free(DnsZone *zone);
const char *dns_zone_origin(const DnsZone *zone); /* "com." */
/* Serves port 53 of HOST with COUNT zones, which stay the caller's. */
DnsAuthority *dns_authority_new(Host *host, const DnsConfig *config,
                                const DnsZone *const *zones, unsigned count);
void dns_authority_free(DnsAuthority *authority);

#endif
