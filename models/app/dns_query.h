/* dns_query.h - one DNS query and the wait for its answer; and what servers
 * keep of a query they have not answered yet.
 *
 * A query has a random id and leaves from a random port of its own (RFC 5452),
 * which is closed when the wait is over; what does not match it in server,
 * port, id and question is not its answer. */
#ifndef FIRSTBYTE_MODELS_APP_DNS_QUERY_H
#define FIRSTBYTE_MODELS_APP_DNS_QUERY_H

#include "dns.h"
#include "models/wire/dns_message.h"
#include "parked.h"
#include "sim/rng.h"

enum { DNS_TEXT_MAX = 320 };

typedef enum DnsQueryEnd {
    DNS_QUERY_ANSWERED,
    DNS_QUERY_UNREADABLE, /* an answer that is no DNS message */
    DNS_QUERY_UNREACHABLE,
    DNS_QUERY_TIMED_OUT,
} DnsQueryEnd;

/* MESSAGE only with DNS_QUERY_ANSWERED, for the time of the call.  The query is
 * over: it may be started again from here. */
typedef struct DnsQuery DnsQuery;
typedef void DnsQueryDone(DnsQuery *query, DnsQueryEnd end,
                          const DnsMessage *message);

struct DnsQuery {
    Host *host;
    UdpSocket *socket; /* NULL: not under way */
    DnsQueryDone *done;
    const char *name; /* the caller's, while the query is under way */
    IpAddress server;
    Event timer;
    Parked parked;
    SimTime sent;
    uint16_t id, type;
    uint8_t end; /* DnsQueryEnd, when the timer fires */
};

/* Asks SERVER for NAME and TYPE; the id and the port come from STREAM. */
void dns_query_start(DnsQuery *query, Host *host, Stream *stream,
                     IpAddress server, const char *name, uint16_t type,
                     bool recursive, SimTime timeout, DnsQueryDone *done);
/* Ends the wait without a word; nothing if there is none. */
void dns_query_cancel(DnsQuery *query);

/* A query that HOST was sent: enough of it to answer later. */
typedef struct DnsAsked {
    IpAddress address;
    uint16_t port;
    FlowId flow;     /* of the datagram, whose answer carries it on... */
    uint32_t number; /* ...with this number... */
    IpAddress to;    /* ...from the address that was asked */
} DnsAsked;
DnsAsked dns_asked(const Packet *packet);
void dns_reply(UdpSocket *socket, const DnsAsked *asked,
               const DnsMessage *answer);
/* The query in PACKET; NULL when it is none: answers, cut off, unreadable. */
DnsMessage *dns_query_of(const Packet *packet);

/* Tells a record of KIND about TOLD, whose name may be absolute. */
void dns_tell(Host *host, unsigned kind, uint16_t code, const DnsTold *told);
/* MESSAGE in words: "203.0.113.80", "referral to com.", "NXDOMAIN". */
const char *dns_message_text(const DnsMessage *message,
                             char text[DNS_TEXT_MAX]);
/* What a stub makes of MESSAGE, an answer for NAME: the first address at the
 * end of its aliases in *ADDRESS, and for how many seconds that holds in
 * *TTL. */
DnsOutcome dns_message_outcome(const DnsMessage *message, IpAddress *address,
                               uint32_t *ttl);
/* The first record of NAME and TYPE in SECTION, or NULL. */
DnsRecord *dns_message_find(const DnsMessage *message, DnsSection section,
                            const char *name, uint16_t type);

#endif
