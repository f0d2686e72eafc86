/* dns_message.h - a DNS message (RFC 1035 s4) as a struct and as bytes, by
 * ldns.
 *
 * One question a message, as everybody sends them.  Records of types that this
 * program does not act on are kept as they are; EDNS (RFC 6891) is read over.
 *
 * Not modelled: DNS over TCP (RFC 7766), EDNS, DNSSEC. */
#ifndef FIRSTBYTE_MODELS_WIRE_DNS_MESSAGE_H
#define FIRSTBYTE_MODELS_WIRE_DNS_MESSAGE_H

#include <glib.h>

#include "dns_record.h"

enum {
    DNS_HEADER_LEN = 12,
    DNS_UDP_MAX = 512, /* bytes; RFC 1035 s4.2.1 */
};

typedef enum DnsRcode { /* RFC 1035 s4.1.1 */
                        DNS_NOERROR,
                        DNS_FORMERR,
                        DNS_SERVFAIL,
                        DNS_NXDOMAIN,
                        DNS_NOTIMP,
                        DNS_REFUSED,
} DnsRcode;

typedef enum DnsSection {
    DNS_ANSWER,
    DNS_AUTHORITY,
    DNS_ADDITIONAL,
    DNS_SECTIONS
} DnsSection;

typedef struct DnsMessage {
    uint16_t id;
    uint16_t type; /* of the question */
    uint8_t opcode, rcode;
    bool response, authoritative, truncated;
    bool recursion_desired, recursion_available;
    char *name;                        /* of the question */
    GPtrArray *sections[DNS_SECTIONS]; /* of DnsRecord *; NULL: empty */
} DnsMessage;

/* A query with ID for NAME (absolute) and TYPE. */
DnsMessage *dns_message_new(uint16_t id, const char *name, uint16_t type);
/* The beginning of an answer to QUERY: its id, question and RD. */
DnsMessage *dns_message_answer(const DnsMessage *query, DnsRcode rcode);
void dns_message_free(DnsMessage *message);
/* Adds RECORD (a reference is taken). */
void dns_message_add(DnsMessage *message, DnsSection section,
                     DnsRecord *record);
static inline unsigned dns_message_count(const DnsMessage *message,
                                         DnsSection section)
{
    return message->sections[section] == NULL ? 0
                                              : message->sections[section]->len;
}
static inline DnsRecord *dns_message_record(const DnsMessage *message,
                                            DnsSection section, unsigned index)
{
    return g_ptr_array_index(message->sections[section], index);
}
/* The bytes of MESSAGE, names compressed.  What does not fit into DNS_UDP_MAX
 * goes: additional records first; then TC is set and every record goes
 * (RFC 2181 s9). */
GBytes *dns_message_emit(const DnsMessage *message);
/* Reads the LEN bytes at BYTES.  NULL, with the reason (static text) in *WHY,
 * when they are not one message with one question and nothing after it. */
DnsMessage *dns_message_parse(const uint8_t *bytes, size_t len,
                              const char **why);

#endif
