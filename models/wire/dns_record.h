/* dns_record.h - a resource record (RFC 1035 s3.2.1), and domain names as text.
 *
 * A DnsRecord is immutable and counted, atomically: one that was read from a
 * zone file is shared by all runs.  Its data is kept as it stands in a message
 * (without compression), and besides, for the types that a resolver acts on,
 * taken apart.  ldns reads and writes the bytes.
 *
 * A name is text: absolute, in lower case, its special characters escaped as in
 * a zone file: "www.example.com.", the root is ".".
 *
 * Not modelled: classes other than IN (RFC 1035 s3.2.4). */
#ifndef FIRSTBYTE_MODELS_WIRE_DNS_RECORD_H
#define FIRSTBYTE_MODELS_WIRE_DNS_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "address.h"

typedef enum DnsType { /* RFC 1035 s3.2.2 */
                       DNS_TYPE_A = 1,
                       DNS_TYPE_NS = 2,
                       DNS_TYPE_CNAME = 5,
                       DNS_TYPE_SOA = 6,
} DnsType;

typedef struct DnsRecord {
    char *name;
    uint32_t ttl;  /* s */
    uint16_t type; /* DnsType, or another */
    uint16_t data_len;
    uint8_t *data;
    IpAddress address; /* A */
    char *target;      /* NS, CNAME: the name that it points to */
    uint32_t minimum;  /* SOA: its MINIMUM field, s */
} DnsRecord;

DnsRecord *dns_record_ref(DnsRecord *record);
void dns_record_unref(void *record); /* void: it is a GDestroyNotify */
/* A copy of RECORD that lives for TTL seconds. */
DnsRecord *dns_record_with_ttl(const DnsRecord *record, uint32_t ttl);

/* Reads one record of a zone file (RFC 1035 s5.1), on one LINE without comments
 * and parentheses.  TTL and ORIGIN hold where the line says nothing; so does
 * *OWNER (g_free; NULL: none yet), which becomes this record's.  NULL, with the
 * reason (static text) in *WHY, when it is bad. */
DnsRecord *dns_record_read(const char *line, uint32_t ttl, const char *origin,
                           char **owner, const char **why);
/* NAME as an absolute name, relative to ORIGIN (or NULL: the root); NULL when
 * it is not a domain name.  The caller g_free()s. */
char *dns_name_new(const char *name, const char *origin);
/* The name above NAME; NULL above the root.  Points into NAME or to ".". */
const char *dns_name_parent(const char *name);
/* NAME is ZONE or below it. */
bool dns_name_in(const char *name, const char *zone);
const char *dns_type_name(uint16_t type); /* "CNAME"; static text */

/* For dns_message.c: ldns_rr to DnsRecord (NULL when its class is not IN or its
 * data is bad) and back (NULL: no memory). */
DnsRecord *dns_record_of_rr(const void *rr);
void *dns_record_to_rr(const DnsRecord *record);

#endif
