/* dns_zone.h - a zone in memory, and the answer that it gives to a question.
 *
 * A zone is read from a standard zone file (dns_zone_read() in dns.h), checked
 * (an SOA at its top, name servers, nothing outside, no CNAME beside other
 * data) and then immutable: all runs, on any thread, share one.
 *
 * Not modelled: $INCLUDE (RFC 1035 s5.1), wildcards (RFC 4592), DNSSEC, DNAME
 * (RFC 6672). */
#ifndef FIRSTBYTE_MODELS_APP_DNS_ZONE_H
#define FIRSTBYTE_MODELS_APP_DNS_ZONE_H

#include "dns.h"
#include "models/wire/dns_message.h"

struct DnsZone {
    char *origin;      /* "example.com." */
    GHashTable *nodes; /* name -> GPtrArray of DnsRecord *; empty for a name
                          that exists only because of names below it */
    DnsRecord *soa;    /* its TTL as it goes into a negative answer: at most
                          MINIMUM (RFC 2308 s3) */
};

/* Answers the question of ANSWER (its sections empty) from that of the COUNT
 * ZONES which is nearest to it, by the algorithm of RFC 1034 s4.3.2: data and
 * AA, a referral with glue, NXDOMAIN or no data with the SOA; REFUSED when no
 * zone has the name. */
void dns_zones_answer(const DnsZone *const *zones, unsigned count,
                      DnsMessage *answer);

#endif
