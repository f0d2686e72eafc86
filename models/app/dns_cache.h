/* dns_cache.h - what a resolver knows, and until when.
 *
 * Sets of records (same name and type) age together; that a name or a type does
 * not exist is kept too (RFC 2308).  What a server said of its own zone is
 * never replaced by what another said in passing (RFC 2181 s5.4.1). */
#ifndef FIRSTBYTE_MODELS_APP_DNS_CACHE_H
#define FIRSTBYTE_MODELS_APP_DNS_CACHE_H

#include "dns.h"
#include "models/wire/dns_message.h"

typedef enum DnsRank {
    DNS_RANK_GLUE,   /* authority or additional section of a referral */
    DNS_RANK_ANSWER, /* answer section */
} DnsRank;

typedef struct DnsCached {
    SimTime expires;    /* valid up to and with this time: a set with TTL 0 is
                           good for the question that brought it */
    uint8_t outcome;    /* DNS_OK, DNS_NO_SUCH_NAME or DNS_NO_ADDRESS */
    uint8_t rank;       /* DnsRank */
    GPtrArray *records; /* of DnsRecord *; negative: the SOA, if any */
} DnsCached;

typedef struct DnsCache {
    GHashTable *sets; /* "type name" -> DnsCached * */
    SimTime max_ttl, negative_max_ttl;
} DnsCache;

void dns_cache_init(DnsCache *cache, const DnsConfig *config);
void dns_cache_clear(DnsCache *cache);
/* What is known at NOW of NAME and TYPE by RANK or better; NULL: nothing. Valid
 * until the cache is changed. */
const DnsCached *dns_cache_find(DnsCache *cache, SimTime now, const char *name,
                                uint16_t type, DnsRank rank);
/* Keeps the records of NAME and TYPE in SECTION of MESSAGE, if there are any;
 * how many. */
unsigned dns_cache_put(DnsCache *cache, SimTime now, const DnsMessage *message,
                       DnsSection section, const char *name, uint16_t type,
                       DnsRank rank);
/* Keeps that NAME does not exist (DNS_NO_SUCH_NAME), or has no TYPE; SOA (or
 * NULL) says for how long. */
void dns_cache_put_negative(DnsCache *cache, SimTime now, const char *name,
                            uint16_t type, DnsOutcome outcome, DnsRecord *soa);
/* A reference to RECORD of CACHED, its TTL what is left of it at NOW. */
DnsRecord *dns_cached_record(const DnsCached *cached, SimTime now,
                             unsigned index);

#endif
