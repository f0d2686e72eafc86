/* story_app.c - sentences about names, HTTP and the page; see story_internal.h.
 */
#include "story_internal.h"

/* --- DNS ------------------------------------------------------------------ */

static void dns_query(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append_printf(line, "asks ");
    story_address(story, line, told->server);
    g_string_append_printf(line, " for %s %s", told->name, told->type);
}

static void dns_answer(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    story_address(story, line, told->server);
    g_string_append_printf(line, " says of %s %s: %s", told->name, told->type,
                           told->text);
}

static void dns_cache(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append_printf(
        line, "cache %s for %s %s%s%s", record->code != 0 ? "hit" : "miss",
        told->name, told->type,
        record->code != 0 && told->text != NULL ? ": " : "",
        record->code != 0 && told->text != NULL ? told->text : "");
}

static void dns_retry(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append(line, "no answer from ");
    story_address(story, line, told->server);
    g_string_append_printf(line, " about %s %s in %.0f ms; try %u", told->name,
                           told->type, (double)told->latency / 1e6,
                           told->tries);
}

static void dns_done(Story *story, const Record *record, GString *line)
{
    const DnsTold *told = record->what;

    g_string_append_printf(line, "%s is %s, known after %.3f ms", told->name,
                           told->text, (double)told->latency / 1e6);
}

/* --- URL, HTTP, page -------------------------------------------------------
 */

static void url_parsed(Story *story, const Record *record, GString *line)
{
    const UrlTold *told = record->what;

    g_string_append_printf(line, "%s: scheme %s, host %s, port %u, path %s",
                           told->text, told->scheme, told->host, told->port,
                           told->path);
    if (told->added != NULL && told->added[0] != '\0')
        g_string_append_printf(line, " (filled in: %s)", told->added);
}

static void url_refused(Story *story, const Record *record, GString *line)
{
    const UrlTold *told = record->what;

    g_string_append_printf(line, "%s: %s", told->text, told->why);
}

static void cache_lookup(Story *story, const Record *record, GString *line)
{
    static const char *const words[] = {
        [CACHE_MISS] = "miss, the network is asked",
        [CACHE_FRESH] = "fresh, used; nothing is sent",
        [CACHE_STALE] = "stale, revalidated",
    };
    const HttpTold *told = record->what;

    g_string_append_printf(line, "%s: %s", told->url, words[record->code]);
    if (told->note != NULL && told->note[0] != '\0')
        g_string_append_printf(line, " (%s)", told->note);
}

static void http_words(GString *line, const Record *record, const char *verb)
{
    const HttpTold *told = record->what;

    g_string_append_printf(line, "%s %s %s", verb,
                           told->method != NULL ? told->method : "", told->url);
    if (told->status != 0)
        g_string_append_printf(line, ", status %d", told->status);
    if (told->bytes != 0)
        g_string_append_printf(line, ", %" G_GUINT64_FORMAT " bytes",
                               told->bytes);
    if (told->note != NULL && told->note[0] != '\0')
        g_string_append_printf(line, " (%s)", told->note);
}

static void http_request(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "request");
}

static void http_served(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "answers");
}

static void http_first_byte(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "first byte of");
}

static void http_response(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "whole answer to");
}

static void http_failed(Story *story, const Record *record, GString *line)
{
    http_words(line, record, "failed:");
}

static void page_words(GString *line, const Record *record, const char *what)
{
    const PageTold *told = record->what;

    g_string_append_printf(line, "%s, %.3f ms after Enter", what,
                           (double)told->latency / 1e6);
}

static void page_started(Story *story, const Record *record, GString *line)
{
    g_string_append_printf(line, "Enter is pressed: %s",
                           ((const PageTold *)record->what)->url);
}

static void page_first_byte(Story *story, const Record *record, GString *line)
{
    page_words(line, record, "first byte of the page");
}

static void page_parsed(Story *story, const Record *record, GString *line)
{
    const PageTold *told = record->what;

    g_string_append_printf(line, "HTML read: %u part%s to fetch", told->parts,
                           told->parts == 1 ? "" : "s");
}

static void page_object(Story *story, const Record *record, GString *line)
{
    const PageTold *told = record->what;

    g_string_append_printf(line, "%s is whole, %" G_GUINT64_FORMAT " bytes; ",
                           told->object, told->bytes);
    page_words(line, record, "painted");
}

static void page_first_paint(Story *story, const Record *record, GString *line)
{
    page_words(line, record, "first paint");
}

static void page_complete(Story *story, const Record *record, GString *line)
{
    const PageTold *told = record->what;

    page_words(line, record, "the page is complete");
    g_string_append_printf(line, ", %" G_GUINT64_FORMAT " bytes", told->bytes);
}

static void page_failed(Story *story, const Record *record, GString *line)
{
    page_words(line, record, "the page failed");
    g_string_append_printf(line, ": %s", ((const PageTold *)record->what)->why);
}

const StoryKind story_app_kinds[RECORD_KINDS] = {
    [REC_DNS_QUERY] = {"dns", dns_query},
    [REC_DNS_ANSWER] = {"dns", dns_answer},
    [REC_DNS_CACHE] = {"dns", dns_cache},
    [REC_DNS_RETRY] = {"dns", dns_retry},
    [REC_DNS_DONE] = {"dns", dns_done},
    [REC_URL_PARSED] = {"url", url_parsed},
    [REC_URL_REFUSED] = {"url", url_refused},
    [REC_CACHE_LOOKUP] = {"cache", cache_lookup},
    [REC_HTTP_REQUEST] = {"http", http_request},
    [REC_HTTP_SERVED] = {"http", http_served},
    [REC_HTTP_FIRST_BYTE] = {"http", http_first_byte},
    [REC_HTTP_RESPONSE] = {"http", http_response},
    [REC_HTTP_FAILED] = {"http", http_failed},
    [REC_PAGE_STARTED] = {"page", page_started},
    [REC_PAGE_FIRST_BYTE] = {"page", page_first_byte},
    [REC_PAGE_PARSED] = {"page", page_parsed},
    [REC_PAGE_OBJECT] = {"page", page_object},
    [REC_PAGE_FIRST_PAINT] = {"page", page_first_paint},
    [REC_PAGE_COMPLETE] = {"page", page_complete},
    [REC_PAGE_FAILED] = {"page", page_failed},
};
