/* har.c - see har.h. */
#include "har_internal.h"

#include "config.h"
#include "write_file.h"

#include <json-glib/json-glib.h>

#include "models/app/http_message.h"

static void entry_free(gpointer data)
{
    HarEntry *entry = data;

    g_free(entry->method);
    g_free(entry->url);
    g_free(entry->type);
    g_free(entry);
}

static HarEntry *entry_find(Har *har, uint64_t exchange)
{
    for (guint i = 0; i < har->entries->len; i++) {
        HarEntry *entry = har->entries->pdata[i];

        if (entry->exchange == exchange)
            return entry;
    }
    return NULL;
}

static void request_sent(Har *har, const Record *record)
{
    const HttpTold *told = record->what;
    HarEntry *entry = g_new0(HarEntry, 1);
    SimTime *connect = g_hash_table_lookup(har->connects, told->tcb);

    *entry = (HarEntry){.exchange = told->exchange,
                        .method = g_strdup(told->method),
                        .url = g_strdup(told->url),
                        .page = MAX(har->visits->len, 1) - 1,
                        .begun = record->at - told->latency,
                        .sent = record->at,
                        .first_byte = SIM_NEVER,
                        .done = SIM_NEVER,
                        .dns = -1,
                        .connect = -1};
    if (connect != NULL) {
        entry->connect = MIN(*connect, told->latency);
        g_hash_table_remove(har->connects, told->tcb);
    }
    if (har->dns_latency >= 0 && har->dns_from >= entry->begun) {
        entry->dns = har->dns_latency;
        har->dns_latency = -1;
    }
    g_ptr_array_add(har->entries, entry);
}

static void response(Har *har, const Record *record)
{
    const HttpTold *told = record->what;
    HarEntry *entry = entry_find(har, told->exchange);

    if (entry == NULL)
        return;
    if (record->kind == REC_HTTP_FIRST_BYTE) {
        entry->first_byte = record->at;
        return;
    }
    entry->done = record->at;
    entry->status = told->status;
    entry->bytes = told->bytes;
    entry->type = g_strdup(told->type);
}

static void visited(Har *har, const Record *record)
{
    const PageTold *page = record->what;
    HarVisit begun = {g_strdup(page->url), record->at, SIM_NEVER, SIM_NEVER};

    g_array_append_val(har->visits, begun);
}

/* The visit under way: a record about a page comes after its beginning. */
static HarVisit *last_visit(Har *har)
{
    g_assert(har->visits->len > 0);
    return &g_array_index(har->visits, HarVisit, har->visits->len - 1);
}

static void visit_clear(gpointer data) { g_free(((HarVisit *)data)->url); }

static void hear(Observer *observer, const Record *record)
{
    Har *har = sim_container_of(observer, Har, observer);
    const TcpOpenTold *opened = record->what;
    const DnsTold *dns = record->what;

    if (har->node == RECORD_NO_NODE)
        har->node = record->node;
    if (record->node != har->node)
        return;
    switch (record->kind) {
    case REC_TCP_OPENED:
        g_hash_table_insert(
            har->connects, (gpointer)opened->tcb,
            g_memdup2(&opened->latency, sizeof opened->latency));
        break;
    case REC_DNS_DONE:
        har->dns_latency = dns->latency;
        har->dns_from = record->at - dns->latency;
        break;
    case REC_HTTP_REQUEST:
        request_sent(har, record);
        break;
    case REC_HTTP_FIRST_BYTE:
    case REC_HTTP_RESPONSE:
    case REC_HTTP_FAILED:
        response(har, record);
        break;
    case REC_PAGE_STARTED:
        visited(har, record);
        break;
    case REC_PAGE_PARSED:
        last_visit(har)->parsed = record->at;
        break;
    case REC_PAGE_COMPLETE:
        last_visit(har)->complete = record->at;
        break;
    default:
        break;
    }
}

Har *har_new(const Network *network, uint32_t node)
{
    Har *har = g_new0(Har, 1);

    har->node = node;
    har->entries = g_ptr_array_new_with_free_func(entry_free);
    har->connects = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    har->dns_latency = -1;
    har->visits = g_array_new(FALSE, FALSE, sizeof(HarVisit));
    g_array_set_clear_func(har->visits, visit_clear);
    har->observer = (Observer){
        .wants = 1ull << REC_TCP_OPENED | 1ull << REC_DNS_DONE |
                 1ull << REC_HTTP_REQUEST | 1ull << REC_HTTP_FIRST_BYTE |
                 1ull << REC_HTTP_RESPONSE | 1ull << REC_HTTP_FAILED |
                 1ull << REC_PAGE_STARTED | 1ull << REC_PAGE_PARSED |
                 1ull << REC_PAGE_COMPLETE,
        .hear = hear,
    };
    sim_observe(network->sim, &har->observer);
    return har;
}

void har_free(Har *har)
{
    g_ptr_array_unref(har->entries);
    g_hash_table_unref(har->connects);
    g_array_unref(har->visits);
    g_free(har);
}

/* --- writing -------------------------------------------------------------- */

static void text(JsonBuilder *b, const char *name, const char *value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_string_value(b, value);
}

static void number(JsonBuilder *b, const char *name, gint64 value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_int_value(b, value);
}

/* Milliseconds; -1 where the archive has no such time. */
static void millis(JsonBuilder *b, const char *name, SimTime from, SimTime to)
{
    json_builder_set_member_name(b, name);
    json_builder_add_double_value(
        b, from < 0 || to == SIM_NEVER ? -1 : (double)(to - from) / 1e6);
}

static void empty_array(JsonBuilder *b, const char *name)
{
    json_builder_set_member_name(b, name);
    json_builder_begin_array(b);
    json_builder_end_array(b);
}

static void date(JsonBuilder *b, SimTime at)
{
    g_autoptr(GDateTime) epoch =
        g_date_time_new_from_unix_utc(HTTP_RUN_BEGINS + at / SIM_S);
    g_autofree char *day = g_date_time_format(epoch, "%Y-%m-%dT%H:%M:%S");
    g_autofree char *whole =
        g_strdup_printf("%s.%06dZ", day, (int)(at % SIM_S / SIM_US));

    text(b, "startedDateTime", whole);
}

static void page_id(JsonBuilder *b, const char *name, guint number)
{
    char id[24];

    g_snprintf(id, sizeof id, "page_%u", number + 1);
    text(b, name, id);
}

static void message(JsonBuilder *b)
{
    text(b, "httpVersion", "HTTP/1.1");
    empty_array(b, "cookies");
    empty_array(b, "headers");
    number(b, "headersSize", -1);
    json_builder_end_object(b);
}

static void timings(JsonBuilder *b, const HarEntry *entry)
{
    SimTime dns = MAX(entry->dns, 0), connect = MAX(entry->connect, 0);

    json_builder_set_member_name(b, "timings");
    json_builder_begin_object(b);
    millis(b, "blocked", entry->begun, entry->sent - dns - connect);
    millis(b, "dns", entry->dns < 0 ? -1 : 0, dns);
    millis(b, "connect", entry->connect < 0 ? -1 : 0, connect);
    millis(b, "send", 0, 0);
    millis(b, "wait", entry->sent,
           entry->first_byte == SIM_NEVER ? entry->sent : entry->first_byte);
    millis(b, "receive", entry->first_byte == SIM_NEVER ? 0 : entry->first_byte,
           entry->first_byte == SIM_NEVER || entry->done == SIM_NEVER
               ? (entry->first_byte == SIM_NEVER ? 0 : entry->first_byte)
               : entry->done);
    json_builder_end_object(b);
}

static void write_entry(JsonBuilder *b, const HarEntry *entry)
{
    json_builder_begin_object(b);
    page_id(b, "pageref", entry->page);
    date(b, entry->begun);
    millis(b, "time", entry->begun,
           entry->done == SIM_NEVER ? entry->sent : entry->done);
    json_builder_set_member_name(b, "request");
    json_builder_begin_object(b);
    text(b, "method", entry->method);
    text(b, "url", entry->url);
    empty_array(b, "queryString");
    number(b, "bodySize", 0);
    message(b);
    json_builder_set_member_name(b, "response");
    json_builder_begin_object(b);
    number(b, "status", entry->status);
    text(b, "statusText",
         entry->status == 0 ? "no answer" : http_reason(entry->status));
    text(b, "redirectURL", "");
    number(b, "bodySize", (gint64)entry->bytes);
    json_builder_set_member_name(b, "content");
    json_builder_begin_object(b);
    number(b, "size", (gint64)entry->bytes);
    text(b, "mimeType", entry->type != NULL ? entry->type : "x-unknown");
    json_builder_end_object(b);
    message(b);
    json_builder_set_member_name(b, "cache");
    json_builder_begin_object(b);
    json_builder_end_object(b);
    timings(b, entry);
    json_builder_end_object(b);
}

static void write_visit(JsonBuilder *b, const HarVisit *visit, guint number)
{
    json_builder_begin_object(b);
    date(b, visit->started);
    page_id(b, "id", number);
    text(b, "title", visit->url);
    json_builder_set_member_name(b, "pageTimings");
    json_builder_begin_object(b);
    millis(b, "onContentLoad", visit->started, visit->parsed);
    millis(b, "onLoad", visit->started, visit->complete);
    json_builder_end_object(b);
    json_builder_end_object(b);
}

bool har_write(const Har *har, const char *file, GError **error)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *json = NULL;

    json_builder_begin_object(b);
    json_builder_set_member_name(b, "log");
    json_builder_begin_object(b);
    text(b, "version", "1.2");
    json_builder_set_member_name(b, "creator");
    json_builder_begin_object(b);
    text(b, "name", "firstbyte");
    text(b, "version", PACKAGE_VERSION);
    json_builder_end_object(b);
    json_builder_set_member_name(b, "pages");
    json_builder_begin_array(b);
    for (guint i = 0; i < har->visits->len; i++)
        write_visit(b, &g_array_index(har->visits, HarVisit, i), i);
    json_builder_end_array(b);
    json_builder_set_member_name(b, "entries");
    json_builder_begin_array(b);
    for (guint i = 0; i < har->entries->len; i++)
        write_entry(b, har->entries->pdata[i]);
    json_builder_end_array(b);
    json_builder_end_object(b);
    json_builder_end_object(b);
    root = json_builder_get_root(b);
    json_generator_set_pretty(generator, TRUE);
    json_generator_set_root(generator, root);
    json = json_generator_to_data(generator, NULL);
    return write_file(file, json, error);
}
