/* browser_parts.h - inside of a browser: what its files share.
 *
 *   browser.c          pages: from Enter to the result
 *   browser_fetch.c    one URL each: cache, request, response
 *   browser_pool.c     the connections to one host, and who waits for them
 *   browser_channel.c  one connection: a request out, a response in
 *
 * A page owns its fetches; a pool owns its channels.  A fetch waits in the
 * queue of a pool, or is on a channel, or is over. */
#ifndef FIRSTBYTE_MODELS_APP_BROWSER_PARTS_H
#define FIRSTBYTE_MODELS_APP_BROWSER_PARTS_H

#include "browser.h"
#include "cache.h"
#include "html.h"
#include "http_message.h"
#include "parked.h"
#include "url.h"

typedef struct Page Page;
typedef struct Fetch Fetch;
typedef struct Pool Pool;
typedef struct Channel Channel;

struct Browser {
    Host *host;
    DnsStub *stub;
    const BrowserConfig *config;
    Cache cache;
    Page *pages;        /* being opened */
    Pool *pools;        /* in the order in which their hosts were met */
    Channel *leaving;   /* of no pool any more, not closed yet */
    uint64_t exchanges; /* fetches begun so far */
    bool ending;        /* being freed: connections are TCP's to end */
};

struct Page {
    Page *next, **link; /* among the browser's */
    Browser *browser;
    Url url;
    BrowserDone *done;
    void *data;
    Fetch *fetches; /* not over yet */
    PageResult result;
    SimTime began;
    Event timeout;
    Parked parked;
    unsigned sheets; /* stylesheets that painting waits for */
    unsigned parts;  /* found so far */
    bool with_parts; /* fetches them, and uses cache and pools */
    bool read;       /* the HTML is here and read */
};

typedef enum FetchKind {
    FETCH_IMAGE = HTML_IMAGE,
    FETCH_STYLESHEET = HTML_STYLESHEET,
    FETCH_SCRIPT = HTML_SCRIPT,
    FETCH_PAGE,
} FetchKind;

struct Fetch {
    Fetch *next, **link; /* among the page's */
    Fetch *queue_next;   /* in a pool's queue */
    Page *page;
    Pool *pool;       /* waits in its queue, or is on its channel */
    Channel *channel; /* NULL: waits */
    Url url;
    SimTime began;
    uint64_t exchange;
    uint8_t kind;     /* FetchKind */
    bool conditional; /* the cache has a stale copy */
    bool again;       /* an old connection failed it once */
};

struct Pool {
    Pool *next; /* among the browser's */
    Browser *browser;
    char *host;
    Fetch *queue, **last; /* wait for a channel */
    Channel *channels;
    IpAddress address;
    unsigned channel_count;
    uint16_t port;
    bool resolving; /* a look-up of the name is under way */
    bool single;    /* one fetch's own: one channel, closed after it */
    bool dead;      /* single and over, but for the look-up */
};

struct Channel {
    Channel *next, **link; /* among the pool's, or the browser's leaving */
    Browser *browser;
    Pool *pool; /* NULL: leaving */
    Tcb *tcb;
    Fetch *fetch; /* NULL: idle, or opening */
    HttpParser parser;
    Slice out;   /* of a request, not taken by TCP yet */
    Event close; /* leaving, or idle since the last page is done */
    Parked parked;
    bool opened;
    bool used; /* has brought a response before */
};

/* A response, taken out of its message. */
typedef struct Response {
    int status;
    Slice body;
    char *type, *etag, *last_modified;
    SimTime max_age;
} Response;

/* --- browser_fetch.c ------------------------------------------------------ */

/* Begins to fetch URL (its text is taken) for PAGE: it may be over at once. */
void fetch_start(Page *page, Url *url, FetchKind kind);
/* The bytes of the request. */
GBytes *fetch_request(const Fetch *fetch);
void fetch_sent(Fetch *fetch, bool reused);
void fetch_first_byte(Fetch *fetch);
/* Its response is whole; it is still on its channel. */
void fetch_arrived(const Fetch *fetch, const Response *response);
/* The end of FETCH, which is on no channel any more; frees it.  Good... */
void fetch_respond(Fetch *fetch, Response *response /* cleared */);
/* ...or not: WHY is static text. */
void fetch_fail(Fetch *fetch, const char *why);
/* Without a word: takes it from its queue or ends its connection, frees it. */
void fetch_drop(Fetch *fetch);

/* --- browser.c ------------------------------------------------------------ */

/* Why a response with STATUS and BODY is no good (static text); NULL: it is. */
const char *page_fault(FetchKind kind, int status, const Slice *body,
                       const char *type);
/* A fetch of PAGE ended; it is not among page->fetches any more.  BODY (of
 * which nothing came: empty) and TYPE are the caller's.  WHY (static text)
 * NULL: the response is whole, and page_fault() has found nothing.  PAGE may be
 * gone after this. */
void page_fetched(Page *page, const Url *url, FetchKind kind, int status,
                  const Slice *body, const char *type, const char *why);
void page_first_byte(Page *page);

/* --- browser_pool.c ------------------------------------------------------- */

/* FETCH (its pool not set) waits for a channel. */
void pool_add(Fetch *fetch);
/* FETCH, whose channel has failed it, waits again, before all others. */
void pool_add_first(Fetch *fetch);
void pool_remove(Fetch *fetch);
/* Gives idle channels to who waits, opens more where they are missing. */
void pool_run(Pool *pool);
/* A channel could not be opened, because of WHY, and is gone. */
void pool_open_failed(Pool *pool, const char *why);
/* Frees POOL, a single one, as soon as nobody needs it. */
void pool_drop(Pool *pool);
void pool_free(Pool *pool);
/* No page is being opened: idle connections will be closed. */
void pools_rest(Browser *browser);

/* --- browser_channel.c ---------------------------------------------------- */

/* Opens a connection to the pool's address; false with the reason in *WHY. */
bool channel_open(Pool *pool, const char **why);
/* Sends FETCH's request; CHANNEL is idle. */
void channel_send(Channel *channel, Fetch *fetch);
void channel_abort(Channel *channel);
void channel_rests(Channel *channel);
void channel_free(Channel *channel);

#endif
