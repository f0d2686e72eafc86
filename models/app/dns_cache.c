/* dns_cache.c - see dns_cache.h. */
#include "dns_cache.h"

#include <string.h>

/* A name that does not exist has no type at all (RFC 2308 s5). */
enum { ANY_TYPE = 0 };

static void cached_free(void *memory)
{
    DnsCached *cached = memory;

    g_ptr_array_unref(cached->records);
    g_free(cached);
}

void dns_cache_init(DnsCache *cache, const DnsConfig *config)
{
    cache->sets =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, cached_free);
    cache->max_ttl = config->cache_max_ttl;
    cache->negative_max_ttl = config->cache_negative_max_ttl;
}

void dns_cache_clear(DnsCache *cache) { g_hash_table_unref(cache->sets); }

static char *key_of(const char *name, uint16_t type)
{
    return g_strdup_printf("%u %s", (unsigned)type, name);
}

static const DnsCached *find_one(DnsCache *cache, SimTime now, const char *name,
                                 uint16_t type)
{
    char *key = key_of(name, type);
    const DnsCached *cached = g_hash_table_lookup(cache->sets, key);

    if (cached != NULL && cached->expires < now) {
        g_hash_table_remove(cache->sets, key);
        cached = NULL;
    }
    g_free(key);
    return cached;
}

const DnsCached *dns_cache_find(DnsCache *cache, SimTime now, const char *name,
                                uint16_t type, DnsRank rank)
{
    const DnsCached *cached = find_one(cache, now, name, ANY_TYPE);

    if (cached == NULL)
        cached = find_one(cache, now, name, type);
    return cached != NULL && cached->rank >= rank ? cached : NULL;
}

/* A new set in place of what was there, unless that ranks higher; else NULL. */
static DnsCached *replace(DnsCache *cache, SimTime now, const char *name,
                          uint16_t type, DnsRank rank)
{
    const DnsCached *old = find_one(cache, now, name, type);
    DnsCached *cached;

    if (old != NULL && old->rank > rank)
        return NULL;
    cached = g_new0(DnsCached, 1);
    cached->rank = (uint8_t)rank;
    cached->records = g_ptr_array_new_with_free_func(dns_record_unref);
    g_hash_table_insert(cache->sets, key_of(name, type), cached);
    return cached;
}

unsigned dns_cache_put(DnsCache *cache, SimTime now, const DnsMessage *message,
                       DnsSection section, const char *name, uint16_t type,
                       DnsRank rank)
{
    SimTime ttl = cache->max_ttl;
    DnsCached *cached = NULL;
    unsigned count = 0;

    for (unsigned i = 0; i < dns_message_count(message, section); i++) {
        DnsRecord *record = dns_message_record(message, section, i);

        if (record->type != type || strcmp(record->name, name) != 0)
            continue;
        if (count++ == 0)
            cached = replace(cache, now, name, type, rank);
        if (cached == NULL)
            continue;
        g_ptr_array_add(cached->records, dns_record_ref(record));
        ttl = MIN(ttl, record->ttl * SIM_S);
    }
    if (cached != NULL)
        cached->expires = now + ttl;
    return count;
}

void dns_cache_put_negative(DnsCache *cache, SimTime now, const char *name,
                            uint16_t type, DnsOutcome outcome, DnsRecord *soa)
{
    DnsCached *cached =
        replace(cache, now, name, outcome == DNS_NO_SUCH_NAME ? ANY_TYPE : type,
                DNS_RANK_ANSWER);
    SimTime ttl = 0; /* without an SOA it is not kept: RFC 2308 s5 */

    if (soa != NULL) {
        ttl = MIN(soa->ttl, soa->minimum) * SIM_S;
        g_ptr_array_add(cached->records, dns_record_ref(soa));
    }
    cached->outcome = (uint8_t)outcome;
    cached->expires = now + MIN(ttl, cache->negative_max_ttl);
}

DnsRecord *dns_cached_record(const DnsCached *cached, SimTime now,
                             unsigned index)
{
    DnsRecord *record = g_ptr_array_index(cached->records, index);
    SimTime left = (cached->expires - now) / SIM_S;

    if (record->ttl == left)
        return dns_record_ref(record);
    return dns_record_with_ttl(record, (uint32_t)left);
}
