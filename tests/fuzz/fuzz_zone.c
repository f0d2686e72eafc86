/* fuzz_zone.c - any bytes as a zone file: refused with file, line and reason;
 * or read, and every name in it (and one below, and one beside) is answered. */
#include <stdint.h>
#include <string.h>

#include "models/app/dns_zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void ask(const DnsZone *zone, const char *name, uint16_t type)
{
    DnsMessage *query = dns_message_new(1, name, type);
    DnsMessage *answer = dns_message_answer(query, DNS_NOERROR);
    GBytes *emitted;

    dns_zones_answer(&zone, 1, answer);
    emitted = dns_message_emit(answer);
    g_assert(g_bytes_get_size(emitted) <= DNS_UDP_MAX);
    if (dns_name_in(name, zone->origin))
        g_assert(answer->rcode != DNS_REFUSED);
    else
        g_assert(answer->rcode == DNS_REFUSED);
    g_bytes_unref(emitted);
    dns_message_free(answer);
    dns_message_free(query);
}

static void ask_all(const DnsZone *zone)
{
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, zone->nodes);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        char *below = dns_name_new("below", name);

        ask(zone, name, DNS_TYPE_A);
        ask(zone, name, DNS_TYPE_NS);
        if (below != NULL)
            ask(zone, below, DNS_TYPE_A);
        g_free(below);
    }
    ask(zone, "beside.invalid.", DNS_TYPE_A);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    GError *error = NULL;
    DnsZone *zone = dns_zone_read((const char *)bytes, len, "f", &error);

    if (zone == NULL) {
        g_assert(error != NULL && g_str_has_prefix(error->message, "f:"));
        g_error_free(error);
        return 0;
    }
    g_assert(error == NULL && zone->soa != NULL);
    ask_all(zone);
    dns_zone_free(zone);
    return 0;
}
