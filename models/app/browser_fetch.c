/* browser_fetch.c - one URL: the cache, the request, the response; see
 * browser_parts.h. */
#include "browser_parts.h"

#include <string.h>

static void response_clear(Response *response)
{
    slice_clear(&response->body);
    g_free(response->type);
    g_free(response->etag);
    g_free(response->last_modified);
    *response = (Response){0};
}

static Sim *sim_of(const Fetch *fetch)
{
    return fetch->page->browser->host->sim;
}

/* BYTES: of the body.  RESPONSE: what arrived, or NULL. */
static void tell(const Fetch *fetch, RecordKind kind, uint16_t code,
                 uint64_t bytes, const Response *response, const char *note)
{
    Sim *sim = sim_of(fetch);
    HttpTold told = {.method = "GET",
                     .url = fetch->url.text,
                     .status = response != NULL ? response->status : 0,
                     .bytes = bytes,
                     .type = response != NULL ? response->type : NULL,
                     .exchange = fetch->exchange,
                     .note = note,
                     .tcb = fetch->channel != NULL ? fetch->channel->tcb : NULL,
                     .latency = sim_now(sim) - fetch->began};
    Record record = {.node = fetch->page->browser->host->node,
                     .kind = (uint16_t)kind,
                     .code = code,
                     .len = (uint32_t)bytes,
                     .what = &told};

    if (sim_wants(sim, kind))
        sim_tell(sim, &record);
}

/* Takes FETCH from its page and frees it; its URL goes to *URL. */
static void fetch_free(Fetch *fetch, Url *url)
{
    *fetch->link = fetch->next;
    if (fetch->next != NULL)
        fetch->next->link = fetch->link;
    *url = fetch->url;
    slab_free(sim_slab(sim_of(fetch), SLAB_BROWSER_FETCH, sizeof *fetch),
              fetch);
}

void fetch_drop(Fetch *fetch)
{
    Pool *pool = fetch->pool;
    Url url;

    if (fetch->channel != NULL)
        channel_abort(fetch->channel);
    else if (pool != NULL)
        pool_remove(fetch);
    fetch_free(fetch, &url);
    url_clear(&url);
    if (pool != NULL && pool->single)
        pool_drop(pool);
}

/* --- the end of a fetch --------------------------------------------------- */

/* Frees FETCH and its pool, if that was its own, and hands on what it
 * brought. */
static void finish(Fetch *fetch, int status, Slice body, const char *type,
                   const char *why)
{
    Page *page = fetch->page;
    Pool *pool = fetch->pool;
    FetchKind kind = fetch->kind;
    Url url;

    fetch_free(fetch, &url);
    if (pool != NULL && pool->single)
        pool_drop(pool);
    page_fetched(page, &url, kind, status, &body, type, why);
    slice_clear(&body);
    url_clear(&url);
}

void fetch_fail(Fetch *fetch, const char *why)
{
    tell(fetch, REC_HTTP_FAILED, 0, 0, NULL, why);
    finish(fetch, 0, (Slice){0}, NULL, why);
}

/* Ends FETCH with what the cache holds. */
static void finish_from_cache(Fetch *fetch, const CacheEntry *entry)
{
    Slice body = slice_part(&entry->body, 0, entry->body.len);
    char *type = g_strdup(entry->type);

    /* The same bytes need not be inflated at each visit. */
    if (fetch->kind == FETCH_IMAGE && !entry->judged)
        cache_judge(&fetch->page->browser->cache, fetch->url.text,
                    page_fault((FetchKind)fetch->kind, 200, &body, type));
    finish(fetch, 200, body, type,
           fetch->kind == FETCH_IMAGE ? entry->why : NULL);
    g_free(type);
}

/* Keeps a response that may be kept, which is no good because of WHY, or
 * good. */
static void keep(Fetch *fetch, Response *response, const char *why)
{
    Browser *browser = fetch->page->browser;
    SimTime now = sim_now(sim_of(fetch));
    CacheEntry entry = {
        .why = why,
        .judged = fetch->kind == FETCH_IMAGE,
        .body = slice_part(&response->body, 0, response->body.len),
        .type = g_strdup(response->type),
        .etag = g_strdup(response->etag),
        .last_modified = g_strdup(response->last_modified),
        .fresh_until = now + response->max_age,
    };

    cache_put(&browser->cache, now, fetch->url.text, &entry);
}

void fetch_arrived(const Fetch *fetch, const Response *response)
{
    tell(fetch, REC_HTTP_RESPONSE, 0, response->body.len, response, "");
}

void fetch_respond(Fetch *fetch, Response *response)
{
    Browser *browser = fetch->page->browser;
    bool caches = fetch->page->with_parts && browser->config->cache;
    const CacheEntry *entry = NULL;
    Slice body = response->body;
    const char *why;
    char *type;

    if (response->status == 304 && fetch->conditional &&
        cache_find(&browser->cache, 0, fetch->url.text, &entry) != CACHE_MISS) {
        cache_freshen(&browser->cache, fetch->url.text,
                      sim_now(sim_of(fetch)) + response->max_age);
        response_clear(response);
        finish_from_cache(fetch, entry);
        return;
    }
    why = page_fault((FetchKind)fetch->kind, response->status, &body,
                     response->type);
    if (response->status == 200 && caches)
        keep(fetch, response, why);
    response->body = (Slice){0};
    type = response->type;
    response->type = NULL;
    finish(fetch, response->status, body, type, why);
    g_free(type);
    response_clear(response);
}

/* --- the request ---------------------------------------------------------- */

GBytes *fetch_request(const Fetch *fetch)
{
    static const char *const accepts[] = {
        [FETCH_IMAGE] = "image/png,image/*;q=0.8",
        [FETCH_STYLESHEET] = "text/css,*/*;q=0.1",
        [FETCH_SCRIPT] = "*/*",
        [FETCH_PAGE] = "text/html,*/*;q=0.8",
    };
    const Browser *browser = fetch->page->browser;
    GString *text = g_string_sized_new(256);
    const CacheEntry *entry;

    g_string_printf(text, "GET %s HTTP/1.1\r\nHost: %s", fetch->url.path,
                    fetch->url.host);
    if (fetch->url.port != HTTP_PORT)
        g_string_append_printf(text, ":%u", (unsigned)fetch->url.port);
    g_string_append_printf(text, "\r\nUser-Agent: firstbyte\r\nAccept: %s\r\n",
                           accepts[fetch->kind]);
    if (!browser->config->keepalive)
        g_string_append(text, "Connection: close\r\n"); /* RFC 9112 s9.6 */
    if (fetch->conditional &&
        cache_find(&browser->cache, 0, fetch->url.text, &entry) != CACHE_MISS) {
        if (entry->etag != NULL)
            g_string_append_printf(text, "If-None-Match: %s\r\n", entry->etag);
        else
            g_string_append_printf(text, "If-Modified-Since: %s\r\n",
                                   entry->last_modified);
    }
    g_string_append(text, "\r\n");
    return g_string_free_to_bytes(text);
}

void fetch_sent(Fetch *fetch, bool reused)
{
    const char *note = fetch->conditional ? "conditional" : "";

    if (reused)
        note = fetch->conditional ? "conditional, reused connection"
                                  : "reused connection";
    tell(fetch, REC_HTTP_REQUEST, 0, 0, NULL, note);
}

void fetch_first_byte(Fetch *fetch)
{
    tell(fetch, REC_HTTP_FIRST_BYTE, 0, 0, NULL, "");
    if (fetch->kind == FETCH_PAGE)
        page_first_byte(fetch->page);
}

/* --- the beginning -------------------------------------------------------- */

static Fetch *fetch_new(Page *page, Url *url, FetchKind kind)
{
    Sim *sim = page->browser->host->sim;
    Fetch *fetch = slab_alloc(sim_slab(sim, SLAB_BROWSER_FETCH, sizeof *fetch));

    *fetch = (Fetch){.next = page->fetches,
                     .link = &page->fetches,
                     .page = page,
                     .url = *url,
                     .began = sim_now(sim),
                     .exchange = ++page->browser->exchanges,
                     .kind = (uint8_t)kind};
    if (fetch->next != NULL)
        fetch->next->link = &fetch->next;
    page->fetches = fetch;
    *url = (Url){0};
    return fetch;
}

void fetch_start(Page *page, Url *url, FetchKind kind)
{
    Browser *browser = page->browser;
    Fetch *fetch = fetch_new(page, url, kind);
    const CacheEntry *entry;
    CacheOutcome outcome;

    if (page->with_parts && browser->config->cache) {
        outcome = cache_find(&browser->cache, sim_now(browser->host->sim),
                             fetch->url.text, &entry);
        tell(fetch, REC_CACHE_LOOKUP, (uint16_t)outcome,
             entry != NULL ? entry->body.len : 0, NULL, "");
        if (outcome == CACHE_FRESH) {
            if (kind == FETCH_PAGE)
                page_first_byte(page);
            finish_from_cache(fetch, entry);
            return;
        }
        fetch->conditional =
            outcome == CACHE_STALE &&
            (entry->etag != NULL || entry->last_modified != NULL);
    }
    pool_add(fetch);
}
