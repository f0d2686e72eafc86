/* browser_pool.c - the connections to one host, and who waits for them; see
 * browser_parts.h.
 *
 * Fetches wait in one queue; whichever connection is free first takes the
 * first. The name is looked up when there is no connection yet. */
#include "browser_parts.h"

#include <string.h>

/* --- the queue ------------------------------------------------------------ */

static void enqueue(Pool *pool, Fetch *fetch)
{
    fetch->pool = pool;
    fetch->queue_next = NULL;
    *pool->last = fetch;
    pool->last = &fetch->queue_next;
}

static Fetch *dequeue(Pool *pool)
{
    Fetch *fetch = pool->queue;

    pool->queue = fetch->queue_next;
    if (pool->queue == NULL)
        pool->last = &pool->queue;
    return fetch;
}

void pool_remove(Fetch *fetch)
{
    Pool *pool = fetch->pool;
    Fetch **link = &pool->queue;

    while (*link != fetch)
        link = &(*link)->queue_next;
    *link = fetch->queue_next;
    if (*link == NULL)
        pool->last = link;
}

/* All who wait fail. */
static void fail_queue(Pool *pool, const char *why)
{
    /* A single pool is gone with its fetch; and whoever comes in meanwhile has
     * not failed. */
    bool single = pool->single;
    unsigned count = 0;

    for (const Fetch *f = pool->queue; f != NULL; f = f->queue_next)
        count++;
    while (count-- > 0 && pool->queue != NULL) {
        fetch_fail(dequeue(pool), why);
        if (single)
            return;
    }
}

/* --- pools ---------------------------------------------------------------- */

static Pool *pool_new(Browser *browser, const Url *url, bool single)
{
    Pool *pool = g_new0(Pool, 1), **last = &browser->pools;

    pool->browser = browser;
    pool->host = g_strdup(url->host);
    pool->port = url->port;
    pool->single = single;
    pool->last = &pool->queue;
    while (*last != NULL)
        last = &(*last)->next;
    *last = pool;
    return pool;
}

static Pool *pool_for(Browser *browser, const Url *url)
{
    for (Pool *pool = browser->pools; pool != NULL; pool = pool->next)
        if (!pool->single && pool->port == url->port &&
            strcmp(pool->host, url->host) == 0)
            return pool;
    return pool_new(browser, url, false);
}

void pool_free(Pool *pool)
{
    Pool **link = &pool->browser->pools;

    while (pool->channels != NULL)
        channel_free(pool->channels);
    while (*link != pool)
        link = &(*link)->next;
    *link = pool->next;
    g_free(pool->host);
    g_free(pool);
}

void pool_drop(Pool *pool)
{
    if (pool->resolving)
        pool->dead = true; /* the look-up will find it */
    else
        pool_free(pool);
}

void pools_rest(Browser *browser)
{
    for (Pool *pool = browser->pools; pool != NULL; pool = pool->next)
        for (Channel *channel = pool->channels; channel != NULL;
             channel = channel->next)
            if (channel->fetch == NULL)
                channel_rests(channel);
}

/* --- channels ------------------------------------------------------------- */

static Channel *idle_channel(const Pool *pool)
{
    for (Channel *channel = pool->channels; channel != NULL;
         channel = channel->next)
        if (channel->opened && channel->fetch == NULL)
            return channel;
    return NULL;
}

/* Connections that are missing: one for each who waits and none of those that
 * are opening will serve, up to the limit. */
static unsigned missing(const Pool *pool)
{
    unsigned limit =
        pool->single ? 1 : pool->browser->config->connections_per_host;
    unsigned waiting = 0, opening = 0;

    for (const Fetch *f = pool->queue; f != NULL; f = f->queue_next)
        waiting++;
    for (const Channel *c = pool->channels; c != NULL; c = c->next)
        opening += !c->opened;
    if (waiting <= opening || pool->channel_count >= limit)
        return 0;
    return MIN(waiting - opening, limit - pool->channel_count);
}

void pool_open_failed(Pool *pool, const char *why)
{
    /* Another connection may still serve those who wait. */
    if (pool->channel_count == 0)
        fail_queue(pool, why);
}

static void open_missing(Pool *pool)
{
    unsigned count = missing(pool);
    const char *why;

    while (count-- > 0)
        if (!channel_open(pool, &why)) {
            pool_open_failed(pool, why);
            return;
        }
}

static const char *lookup_text(DnsOutcome outcome)
{
    switch (outcome) {
    case DNS_NO_SUCH_NAME:
        return "no such host";
    case DNS_NO_ADDRESS:
        return "the host has no address";
    case DNS_TIMED_OUT:
        return "the name could not be resolved: timed out";
    case DNS_OK:
    case DNS_SERVER_FAILED:
    case DNS_OUTCOMES:
        break;
    }
    return "the name could not be resolved: server failed";
}

static void resolved(void *data, DnsOutcome outcome, IpAddress address)
{
    Pool *pool = data;

    pool->resolving = false;
    pool->address = address;
    if (pool->dead)
        pool_free(pool);
    else if (outcome == DNS_OK)
        open_missing(pool);
    else
        fail_queue(pool, lookup_text(outcome));
}

void pool_run(Pool *pool)
{
    Channel *channel;

    while (pool->queue != NULL && (channel = idle_channel(pool)) != NULL)
        channel_send(channel, dequeue(pool));
    if (missing(pool) == 0 || pool->resolving)
        return;
    if (pool->channel_count != 0) {
        open_missing(pool);
        return;
    }
    pool->resolving = true;
    dns_stub_lookup(pool->browser->stub, pool->host, resolved, pool);
}

void pool_add(Fetch *fetch)
{
    Browser *browser = fetch->page->browser;
    Pool *pool = fetch->page->with_parts ? pool_for(browser, &fetch->url)
                                         : pool_new(browser, &fetch->url, true);

    enqueue(pool, fetch);
    pool_run(pool);
}

void pool_add_first(Fetch *fetch)
{
    Pool *pool = fetch->pool;

    fetch->channel = NULL;
    fetch->queue_next = pool->queue;
    if (pool->queue == NULL)
        pool->last = &fetch->queue_next;
    pool->queue = fetch;
    pool_run(pool);
}
