/* cache.c - see cache.h. */
#include "cache.h"

static void entry_free(void *memory)
{
    CacheEntry *entry = memory;

    slice_clear(&entry->body);
    g_free(entry->type);
    g_free(entry->etag);
    g_free(entry->last_modified);
    g_free(entry);
}

void cache_clear(Cache *cache)
{
    if (cache->entries != NULL)
        g_hash_table_unref(cache->entries);
    cache->entries = NULL;
}

CacheOutcome cache_find(const Cache *cache, SimTime now, const char *url,
                        const CacheEntry **entry)
{
    *entry = cache->entries != NULL ? g_hash_table_lookup(cache->entries, url)
                                    : NULL;
    if (*entry == NULL)
        return CACHE_MISS;
    return (*entry)->fresh_until > now ? CACHE_FRESH : CACHE_STALE;
}

void cache_put(Cache *cache, SimTime now, const char *url, CacheEntry *entry)
{
    CacheEntry *kept = g_new(CacheEntry, 1);

    *kept = *entry;
    *entry = (CacheEntry){0};
    if (cache->entries == NULL)
        cache->entries =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    if (kept->fresh_until > now || kept->etag != NULL ||
        kept->last_modified != NULL) {
        g_hash_table_insert(cache->entries, g_strdup(url), kept);
    } else {
        g_hash_table_remove(cache->entries, url);
        entry_free(kept);
    }
}

void cache_freshen(Cache *cache, const char *url, SimTime fresh_until)
{
    CacheEntry *entry = cache->entries != NULL
                            ? g_hash_table_lookup(cache->entries, url)
                            : NULL;

    if (entry != NULL)
        entry->fresh_until = fresh_until;
}

void cache_judge(Cache *cache, const char *url, const char *why)
{
    CacheEntry *entry = cache->entries != NULL
                            ? g_hash_table_lookup(cache->entries, url)
                            : NULL;

    if (entry != NULL) {
        entry->why = why;
        entry->judged = true;
    }
}
