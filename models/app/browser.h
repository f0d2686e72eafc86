/* browser.h - a browser: URL, cache, names, connections, page, images, paint.
 *
 * Not modelled: scripts that run, redirects (RFC 9110 s15.4), cookies,
 * pipelining, layout. */
#ifndef FIRSTBYTE_MODELS_APP_BROWSER_H
#define FIRSTBYTE_MODELS_APP_BROWSER_H

#include "dns.h"
#include "http.h"

typedef struct BrowserConfig {
    uint32_t connections_per_host; /* 6 */
    bool cache;
    bool keepalive;      /* a connection carries more than one request */
    SimTime timeout;     /* a page that is not complete by then has failed */
    SimTime close_after; /* after the page, idle connections are closed */
    SimTime reaction;    /* until a connection of no more use is closed */
} BrowserConfig;
extern const ConfigKey browser_keys[];

typedef struct Browser Browser;

typedef struct PageResult {
    bool whole;      /* the page and every part of it arrived intact */
    const char *why; /* when it is not: static text */
    int status;      /* of the page itself, 0: no answer */
    SimTime first_byte, first_paint, complete; /* since Enter; SIM_NEVER: not */
    uint64_t bytes;                            /* of all bodies */
    unsigned objects;                          /* page and parts */
} PageResult;
typedef void BrowserDone(void *data, const PageResult *result);

/* Freed before STUB and the host's TCP; then nobody is called, nothing is
 * sent. */
Browser *browser_new(Host *host, DnsStub *stub, const BrowserConfig *config);
void browser_free(Browser *browser);
/* Opens URL as a user would; DONE is called once, maybe before this returns (a
 * bad URL, a page fresh in the cache).  PARTS: fetch what the page refers
 * to. */
void browser_open(Browser *browser, const char *url, bool parts,
                  BrowserDone *done, void *data);
/* What the browser holds in its cache, for the next start of it; tests use
 * it. */
void browser_cache_clear(Browser *browser);

#endif
