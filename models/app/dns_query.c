/* dns_query.c - see dns_query.h. */
#include "dns_query.h"

#include <string.h>

enum { PORT_FIRST = 1024, PORTS = 65536 - PORT_FIRST /* RFC 5452 s9.2 */ };

void dns_query_cancel(DnsQuery *query)
{
    if (query->socket == NULL)
        return;
    event_cancel(query->host->sim, &query->timer);
    udp_close(query->socket);
    query->socket = NULL;
}

static void finish(DnsQuery *query, DnsQueryEnd end, const DnsMessage *message)
{
    dns_query_cancel(query);
    query->done(query, end, message);
}

static void received(UdpSocket *socket, void *user, const Packet *packet)
{
    DnsQuery *query = user;
    const uint8_t *data = slice_data(&packet->payload);
    DnsMessage *message = NULL;
    const char *why;

    if (!ip_equal(packet->ip.source, query->server) ||
        packet->udp.source_port != DNS_PORT)
        return;
    if (data != NULL)
        message = dns_message_parse(data, packet->payload.len, &why);
    if (message == NULL) {
        finish(query, DNS_QUERY_UNREADABLE, NULL);
        return;
    }
    if (message->response && message->id == query->id &&
        message->type == query->type && strcmp(message->name, query->name) == 0)
        finish(query, DNS_QUERY_ANSWERED, message);
    dns_message_free(message);
}

/* Reported unreachable, maybe while it is being sent: its wait ends in an event
 * of its own, so that whoever asks next does not do so from inside. */
static void failed(UdpSocket *socket, void *user, IpAddress address,
                   uint16_t port, uint8_t icmp_type, uint8_t icmp_code)
{
    DnsQuery *query = user;
    Sim *sim = query->host->sim;

    if (icmp_type != ICMP_UNREACHABLE || !ip_equal(address, query->server))
        return;
    query->end = DNS_QUERY_UNREACHABLE;
    query->parked = parked_now(sim);
    event_schedule(sim, &query->timer, 0);
}

static const UdpUser query_user = {.received = received, .failed = failed};

static void timer_fires(Sim *sim, Event *event)
{
    DnsQuery *query = sim_container_of(event, DnsQuery, timer);

    sim_wake(sim, query->parked.cause, query->parked.since,
             query->end == DNS_QUERY_TIMED_OUT ? "dns timeout"
                                               : "dns unreachable");
    finish(query, query->end, NULL);
}

void dns_query_start(DnsQuery *query, Host *host, Stream *stream,
                     IpAddress server, const char *name, uint16_t type,
                     bool recursive, SimTime timeout, DnsQueryDone *done)
{
    Sim *sim = host->sim;
    DnsMessage *message;
    GBytes *bytes;

    *query = (DnsQuery){.host = host,
                        .done = done,
                        .name = name,
                        .server = server,
                        .parked = parked_now(sim),
                        .sent = sim_now(sim),
                        .type = type,
                        .end = DNS_QUERY_TIMED_OUT};
    query->id = (uint16_t)stream_below(stream, 65536);
    event_init(&query->timer, timer_fires);
    event_schedule(sim, &query->timer, timeout);
    while (query->socket == NULL)
        query->socket = udp_open(
            udp_of(host), (uint16_t)(PORT_FIRST + stream_below(stream, PORTS)),
            &query_user, query);
    message = dns_message_new(query->id, name, type);
    message->recursion_desired = recursive;
    bytes = dns_message_emit(message);
    dns_message_free(message);
    udp_send(query->socket, server, DNS_PORT,
             (Slice){bytes, 0, (uint32_t)g_bytes_get_size(bytes)}, NULL);
}

/* --- servers -------------------------------------------------------------- */

DnsAsked dns_asked(const Packet *packet)
{
    return (DnsAsked){packet->ip.source, packet->udp.source_port, packet->flow,
                      packet->number, packet->ip.destination};
}

void dns_reply(UdpSocket *socket, const DnsAsked *asked,
               const DnsMessage *answer)
{
    GBytes *bytes = dns_message_emit(answer);
    Packet packet = {.flow = asked->flow, .number = asked->number};

    packet.ip.destination = asked->to;
    udp_send(socket, asked->address, asked->port,
             (Slice){bytes, 0, (uint32_t)g_bytes_get_size(bytes)}, &packet);
}

DnsMessage *dns_query_of(const Packet *packet)
{
    const uint8_t *data = slice_data(&packet->payload);
    const char *why;
    DnsMessage *query;

    if (data == NULL)
        return NULL;
    query = dns_message_parse(data, packet->payload.len, &why);
    if (query == NULL || !query->response)
        return query;
    dns_message_free(query);
    return NULL;
}

/* --- words ---------------------------------------------------------------- */

void dns_tell(Host *host, unsigned kind, uint16_t code, const DnsTold *told)
{
    DnsTold shown = *told;
    Record record = {.node = host->node,
                     .kind = (uint16_t)kind,
                     .code = code,
                     .what = &shown};
    size_t len = strlen(told->name);
    char *name = NULL;

    if (!sim_wants(host->sim, kind))
        return;
    /* Told as people write it: without the final dot. */
    if (len > 1 && told->name[len - 1] == '.')
        shown.name = name = g_strndup(told->name, len - 1);
    sim_tell(host->sim, &record);
    g_free(name);
}

DnsRecord *dns_message_find(const DnsMessage *message, DnsSection section,
                            const char *name, uint16_t type)
{
    for (unsigned i = 0; i < dns_message_count(message, section); i++) {
        DnsRecord *record = dns_message_record(message, section, i);

        if (record->type == type && strcmp(record->name, name) == 0)
            return record;
    }
    return NULL;
}

static const DnsRecord *find_type(const DnsMessage *message, DnsSection section,
                                  uint16_t type)
{
    for (unsigned i = 0; i < dns_message_count(message, section); i++) {
        const DnsRecord *record = dns_message_record(message, section, i);

        if (record->type == type)
            return record;
    }
    return NULL;
}

DnsOutcome dns_message_outcome(const DnsMessage *message, IpAddress *address,
                               uint32_t *ttl)
{
    const char *name = message->name;
    const DnsRecord *record;
    unsigned left = dns_message_count(message, DNS_ANSWER);

    *ttl = UINT32_MAX;
    if (message->truncated ||
        (message->rcode != DNS_NOERROR && message->rcode != DNS_NXDOMAIN))
        return DNS_SERVER_FAILED;
    while (left-- > 0 && (record = dns_message_find(message, DNS_ANSWER, name,
                                                    DNS_TYPE_CNAME)) != NULL) {
        *ttl = MIN(*ttl, record->ttl);
        name = record->target;
    }
    record = dns_message_find(message, DNS_ANSWER, name, DNS_TYPE_A);
    if (record != NULL) {
        *ttl = MIN(*ttl, record->ttl);
        *address = record->address;
        return DNS_OK;
    }
    record = find_type(message, DNS_AUTHORITY, DNS_TYPE_SOA);
    *ttl = record == NULL ? 0 : MIN(*ttl, MIN(record->ttl, record->minimum));
    return message->rcode == DNS_NXDOMAIN ? DNS_NO_SUCH_NAME : DNS_NO_ADDRESS;
}

static const char *const rcode_names[] = {"NOERROR",  "FORMERR", "SERVFAIL",
                                          "NXDOMAIN", "NOTIMP",  "REFUSED"};

/* "CNAME web.example.com., 203.0.113.80": the answers in their order. */
static const char *answers_text(const DnsMessage *message,
                                char text[DNS_TEXT_MAX])
{
    text[0] = '\0';
    for (unsigned i = 0; i < dns_message_count(message, DNS_ANSWER); i++) {
        const DnsRecord *record = dns_message_record(message, DNS_ANSWER, i);
        char ip[IP_TEXT_MAX];

        if (i > 0)
            g_strlcat(text, ", ", DNS_TEXT_MAX);
        if (record->type == DNS_TYPE_A) {
            g_strlcat(text, ip_to_text(record->address, ip), DNS_TEXT_MAX);
            continue;
        }
        g_strlcat(text, dns_type_name(record->type), DNS_TEXT_MAX);
        if (record->target != NULL) {
            g_strlcat(text, " ", DNS_TEXT_MAX);
            g_strlcat(text, record->target, DNS_TEXT_MAX);
        }
    }
    return text;
}

const char *dns_message_text(const DnsMessage *message, char text[DNS_TEXT_MAX])
{
    const DnsRecord *servers = find_type(message, DNS_AUTHORITY, DNS_TYPE_NS);

    if (message->truncated)
        g_strlcpy(text, "truncated", DNS_TEXT_MAX);
    else if (message->rcode != DNS_NOERROR)
        g_strlcpy(text,
                  message->rcode < G_N_ELEMENTS(rcode_names)
                      ? rcode_names[message->rcode]
                      : "an error code that is not known",
                  DNS_TEXT_MAX);
    else if (dns_message_count(message, DNS_ANSWER) != 0)
        answers_text(message, text);
    else if (servers != NULL)
        g_snprintf(text, DNS_TEXT_MAX, "referral to %s", servers->name);
    else
        g_strlcpy(text, "no data", DNS_TEXT_MAX);
    return text;
}
