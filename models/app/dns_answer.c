/* dns_answer.c - what a name server answers from its zones (RFC 1034
 * s4.3.2). */
#include "dns_zone.h"

#include <string.h>

enum { ALIASES_MAX = 8 }; /* CNAMEs followed for one answer */

static const GPtrArray *node_at(const DnsZone *zone, const char *name)
{
    return g_hash_table_lookup(zone->nodes, name);
}

/* Step 2: the zone nearest to NAME, or NULL. */
static const DnsZone *nearest_zone(const DnsZone *const *zones, unsigned count,
                                   const char *name)
{
    for (; name != NULL; name = dns_name_parent(name))
        for (unsigned i = 0; i < count; i++)
            if (strcmp(zones[i]->origin, name) == 0)
                return zones[i];
    return NULL;
}

/* Adds the records of NODE with TYPE; how many. */
static unsigned add_type(DnsMessage *answer, DnsSection section,
                         const GPtrArray *node, uint16_t type)
{
    unsigned count = 0;

    for (unsigned i = 0; node != NULL && i < node->len; i++) {
        DnsRecord *record = g_ptr_array_index(node, i);

        if (record->type == type) {
            dns_message_add(answer, section, record);
            count++;
        }
    }
    return count;
}

/* Step 6: addresses, glue among them, of the name servers in SECTION. */
static void add_addresses(const DnsZone *zone, DnsMessage *answer,
                          DnsSection section)
{
    for (unsigned i = 0; i < dns_message_count(answer, section); i++) {
        const DnsRecord *record = dns_message_record(answer, section, i);

        if (record->type == DNS_TYPE_NS)
            add_type(answer, DNS_ADDITIONAL, node_at(zone, record->target),
                     DNS_TYPE_A);
    }
}

/* Step 3b: the highest cut between the top of ZONE and NAME, or NULL. */
static const char *cut_above(const DnsZone *zone, const char *name)
{
    const char *cut = NULL;

    for (; strcmp(name, zone->origin) != 0; name = dns_name_parent(name)) {
        const GPtrArray *node = node_at(zone, name);

        for (unsigned i = 0; node != NULL && i < node->len; i++) {
            const DnsRecord *record = g_ptr_array_index(node, i);

            if (record->type == DNS_TYPE_NS)
                cut = name;
        }
    }
    return cut;
}

/* Step 3 for NAME in ZONE.  The name to go on with when NAME is an alias. */
static const char *answer_from(const DnsZone *zone, const char *name,
                               DnsMessage *answer)
{
    const char *cut = cut_above(zone, name);
    const GPtrArray *node = node_at(zone, name);
    const DnsRecord *first;

    if (cut != NULL) {
        answer->authoritative = dns_message_count(answer, DNS_ANSWER) != 0;
        add_type(answer, DNS_AUTHORITY, node_at(zone, cut), DNS_TYPE_NS);
        add_addresses(zone, answer, DNS_AUTHORITY);
        return NULL;
    }
    answer->authoritative = true;
    if (node == NULL) {
        answer->rcode = DNS_NXDOMAIN;
        dns_message_add(answer, DNS_AUTHORITY, zone->soa);
        return NULL;
    }
    if (add_type(answer, DNS_ANSWER, node, answer->type) != 0) {
        add_addresses(zone, answer, DNS_ANSWER);
        return NULL;
    }
    first = node->len != 0 ? g_ptr_array_index(node, 0) : NULL;
    if (first != NULL && first->type == DNS_TYPE_CNAME) {
        add_type(answer, DNS_ANSWER, node, DNS_TYPE_CNAME);
        return first->target;
    }
    dns_message_add(answer, DNS_AUTHORITY, zone->soa);
    return NULL;
}

void dns_zones_answer(const DnsZone *const *zones, unsigned count,
                      DnsMessage *answer)
{
    const char *name = answer->name;

    for (unsigned aliases = 0; name != NULL && aliases <= ALIASES_MAX;
         aliases++) {
        const DnsZone *zone = nearest_zone(zones, count, name);

        if (zone == NULL) {
            /* An alias into a zone that is not ours: the asker goes on. */
            if (aliases == 0)
                answer->rcode = DNS_REFUSED;
            return;
        }
        name = answer_from(zone, name, answer);
    }
}
