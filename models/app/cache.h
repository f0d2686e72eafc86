/* cache.h - a browser's cache (RFC 9111): whole responses, by URL.
 *
 * Not modelled: Vary, Expires, heuristic freshness (s4.2.2), eviction, Age. */
#ifndef FIRSTBYTE_MODELS_APP_CACHE_H
#define FIRSTBYTE_MODELS_APP_CACHE_H

#include "models/packet.h"

typedef struct CacheEntry {
    Slice body;
    char *type;                 /* Content-Type, or NULL */
    char *etag, *last_modified; /* validators, or NULL */
    SimTime fresh_until;
    const char *why; /* as an image it is no good (static text); NULL: good */
    bool judged;     /* it was looked at as an image: `why` is known */
} CacheEntry;

/* URL -> CacheEntry *; NULL: empty. */
typedef struct Cache {
    GHashTable *entries;
} Cache;

void cache_clear(Cache *cache);
/* What the cache has for URL and whether it is fresh at NOW; valid until the
 * cache is changed. */
CacheOutcome cache_find(const Cache *cache, SimTime now, const char *url,
                        const CacheEntry **entry);
/* Keeps ENTRY (its fields are taken) for URL, if it can be of use: it is fresh
 * for a while or has a validator; else frees them, and what was kept before. */
void cache_put(Cache *cache, SimTime now, const char *url, CacheEntry *entry);
/* What is kept for URL was looked at as an image: see CacheEntry.why. */
void cache_judge(Cache *cache, const char *url, const char *why);
/* A 304 came: what is kept for URL is good until FRESH_UNTIL. */
void cache_freshen(Cache *cache, const char *url, SimTime fresh_until);

#endif
