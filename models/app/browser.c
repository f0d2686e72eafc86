/* browser.c - pages, from Enter to the result; see browser_parts.h. */
#include "browser_parts.h"

#include <string.h>

#include "png.h"

Browser *browser_new(Host *host, DnsStub *stub, const BrowserConfig *config)
{
    Browser *browser = g_new0(Browser, 1);

    browser->host = host;
    browser->stub = stub;
    browser->config = config;
    return browser;
}

/* Frees PAGE, its fetches (of which nobody hears) and its timer. */
static void page_free(Page *page)
{
    Sim *sim = page->browser->host->sim;

    while (page->fetches != NULL)
        fetch_drop(page->fetches);
    event_cancel(sim, &page->timeout);
    *page->link = page->next;
    if (page->next != NULL)
        page->next->link = page->link;
    url_clear(&page->url);
    slab_free(sim_slab(sim, SLAB_BROWSER_PAGE, sizeof *page), page);
}

void browser_free(Browser *browser)
{
    browser->ending = true;
    while (browser->pages != NULL)
        page_free(browser->pages);
    while (browser->pools != NULL)
        pool_free(browser->pools);
    while (browser->leaving != NULL)
        channel_free(browser->leaving);
    cache_clear(&browser->cache);
    g_free(browser);
}

void browser_cache_clear(Browser *browser) { cache_clear(&browser->cache); }

/* --- telling -------------------------------------------------------------- */

static void tell(const Page *page, RecordKind kind, const char *object,
                 uint64_t bytes, const char *why)
{
    Host *host = page->browser->host;
    PageTold told = {.url = page->url.text != NULL ? page->url.text : "",
                     .object = object,
                     .parts = page->parts,
                     .bytes = bytes,
                     .latency = sim_now(host->sim) - page->began,
                     .why = why};
    Record record = {.node = host->node,
                     .kind = (uint16_t)kind,
                     .len = (uint32_t)bytes,
                     .what = &told};

    if (sim_wants(host->sim, kind))
        sim_tell(host->sim, &record);
}

static void tell_url(const Page *page, const char *text, const char *why)
{
    Host *host = page->browser->host;
    RecordKind kind = why == NULL ? REC_URL_PARSED : REC_URL_REFUSED;
    UrlTold told = {.text = text,
                    .scheme = "http",
                    .host = page->url.host,
                    .path = page->url.path,
                    .port = page->url.port,
                    .added = page->url.added,
                    .why = why};
    Record record = {.node = host->node, .kind = (uint16_t)kind, .what = &told};

    if (sim_wants(host->sim, kind))
        sim_tell(host->sim, &record);
}

/* --- the end -------------------------------------------------------------- */

/* The last of PAGE: WHY (or that of a part, before) is why it is not whole. */
static void page_ends(Page *page, const char *why)
{
    Browser *browser = page->browser;
    BrowserDone *done = page->done;
    void *data = page->data;
    PageResult result;

    if (page->result.why == NULL)
        page->result.why = why;
    page->result.whole = page->result.why == NULL;
    page->result.complete =
        why == NULL ? sim_now(browser->host->sim) - page->began : SIM_NEVER;
    tell(page, page->result.whole ? REC_PAGE_COMPLETE : REC_PAGE_FAILED, NULL,
         page->result.bytes, page->result.why);
    result = page->result;
    page_free(page);
    if (browser->pages == NULL)
        pools_rest(browser);
    done(data, &result);
}

static void timed_out(Sim *sim, Event *event)
{
    Page *page = sim_container_of(event, Page, timeout);

    sim_wake(sim, page->parked.cause, page->parked.since, "page timeout");
    page_ends(page, "timed out");
}

/* --- the page ------------------------------------------------------------- */

void page_first_byte(Page *page)
{
    page->result.first_byte = sim_now(page->browser->host->sim) - page->began;
    tell(page, REC_PAGE_FIRST_BYTE, NULL, 0, NULL);
}

/* Paints when there is something to paint and a style to paint it in; ends when
 * nothing more is to come. */
static void page_goes_on(Page *page)
{
    if (!page->read)
        return;
    if (page->sheets == 0 && page->result.first_paint == SIM_NEVER &&
        page->with_parts) {
        page->result.first_paint =
            sim_now(page->browser->host->sim) - page->began;
        tell(page, REC_PAGE_FIRST_PAINT, NULL, page->result.bytes, NULL);
    }
    if (page->fetches == NULL)
        page_ends(page, NULL);
}

/* Something that a page refers to. */
typedef struct Part {
    Url url;
    FetchKind kind;
} Part;

static void add_part(GArray *parts, const Url *base, const HtmlPart *found)
{
    Part part = {.kind = (FetchKind)found->kind};
    const char *why;

    /* data:, https: and the like are none of ours to fetch. */
    if (!url_resolve(&part.url, base, found->reference, &why))
        return;
    for (guint i = 0; i < parts->len; i++)
        if (strcmp(g_array_index(parts, Part, i).url.text, part.url.text) ==
            0) {
            url_clear(&part.url);
            return;
        }
    g_array_append_val(parts, part);
}

/* What the HTML in BODY refers to, each URL once: of Part. */
static GArray *find_parts(const Page *page, const Slice *body)
{
    const uint8_t *data = slice_data(body);
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(Part));
    Url base = {0};
    const char *why;
    HtmlPage html;

    html_read(&html, data, data != NULL ? body->len : 0);
    if (html.base != NULL)
        url_resolve(&base, &page->url, html.base, &why);
    for (guint i = 0; i < html.parts->len; i++)
        add_part(parts, base.text != NULL ? &base : &page->url,
                 &g_array_index(html.parts, HtmlPart, i));
    url_clear(&base);
    html_clear(&html);
    return parts;
}

static void page_arrived(Page *page, const Slice *body, const char *type)
{
    GArray *parts;

    if (page->with_parts &&
        (type == NULL || g_str_has_prefix(type, "text/html"))) {
        parts = find_parts(page, body);
        page->parts = parts->len;
        for (guint i = 0; i < parts->len; i++)
            page->sheets +=
                g_array_index(parts, Part, i).kind == FETCH_STYLESHEET;
        tell(page, REC_PAGE_PARSED, NULL, body->len, NULL);
        for (guint i = 0; i < parts->len; i++) {
            Part *part = &g_array_index(parts, Part, i);

            fetch_start(page, &part->url, part->kind);
        }
        g_array_unref(parts);
    }
    page->read = true;
    page_goes_on(page);
}

const char *page_fault(FetchKind kind, int status, const Slice *body,
                       const char *type)
{
    const uint8_t *data = slice_data(body);
    const char *why = NULL;
    PngInfo info;

    if (status == 404)
        return "not found (404)";
    if (status / 100 == 3)
        return "redirected, which is not followed (3xx)";
    if (status / 100 == 4)
        return "refused by the server (4xx)";
    if (status / 100 != 2)
        return "failed at the server (5xx)";
    if (kind == FETCH_IMAGE && type != NULL && data != NULL &&
        strcmp(type, "image/png") == 0)
        png_check(data, body->len, &info, &why);
    return why != NULL ? "an image is damaged" : NULL;
}

void page_fetched(Page *page, const Url *url, FetchKind kind, int status,
                  const Slice *body, const char *type, const char *why)
{
    if (kind == FETCH_PAGE)
        page->result.status = status;
    page->result.bytes += body->len;
    page->result.objects += why == NULL;
    if (kind == FETCH_PAGE) {
        if (why == NULL)
            page_arrived(page, body, type);
        else
            page_ends(page, why);
        return;
    }
    page->sheets -= kind == FETCH_STYLESHEET;
    if (why == NULL)
        tell(page, REC_PAGE_OBJECT, url->text, body->len, NULL);
    else if (page->result.why == NULL)
        page->result.why = why; /* the page is painted without it */
    page_goes_on(page);
}

void browser_open(Browser *browser, const char *url, bool parts,
                  BrowserDone *done, void *data)
{
    Sim *sim = browser->host->sim;
    Page *page = slab_alloc(sim_slab(sim, SLAB_BROWSER_PAGE, sizeof *page));
    const char *why = NULL;
    Url copy;

    *page = (Page){.next = browser->pages,
                   .link = &browser->pages,
                   .browser = browser,
                   .done = done,
                   .data = data,
                   .began = sim_now(sim),
                   .parked = parked_now(sim),
                   .with_parts = parts,
                   .result = {.first_byte = SIM_NEVER,
                              .first_paint = SIM_NEVER,
                              .complete = SIM_NEVER}};
    if (page->next != NULL)
        page->next->link = &page->next;
    browser->pages = page;
    event_init(&page->timeout, timed_out);
    url_parse(&page->url, url, &why);
    tell(page, REC_PAGE_STARTED, NULL, 0, NULL);
    tell_url(page, url, why);
    if (why != NULL) {
        page_ends(page, why);
        return;
    }
    event_schedule(sim, &page->timeout, browser->config->timeout);
    url_parse(&copy, page->url.text, &why);
    fetch_start(page, &copy, FETCH_PAGE);
}
