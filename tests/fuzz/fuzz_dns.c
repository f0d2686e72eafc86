/* fuzz_dns.c - any bytes as a DNS message: refused with a reason; or read, and,
 * if all of it can be written again within 512 bytes, read back to the same. */
#include <stdint.h>
#include <string.h>

#include "models/app/dns_query.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_same(const DnsMessage *a, const DnsMessage *b)
{
    g_assert(a->id == b->id && a->type == b->type && a->rcode == b->rcode);
    g_assert(a->opcode == b->opcode && a->response == b->response);
    g_assert(a->authoritative == b->authoritative);
    g_assert_cmpstr(a->name, ==, b->name);
    for (int section = 0; section < DNS_SECTIONS; section++) {
        g_assert(dns_message_count(a, section) ==
                 dns_message_count(b, section));
        for (unsigned i = 0; i < dns_message_count(a, section); i++) {
            const DnsRecord *x = dns_message_record(a, section, i);
            const DnsRecord *y = dns_message_record(b, section, i);

            g_assert_cmpstr(x->name, ==, y->name);
            g_assert(x->type == y->type && x->ttl == y->ttl);
            g_assert(ip_equal(x->address, y->address));
            g_assert(x->data_len == y->data_len);
            g_assert_cmpstr(x->target, ==, y->target);
        }
    }
}

static unsigned records(const DnsMessage *message)
{
    return dns_message_count(message, DNS_ANSWER) +
           dns_message_count(message, DNS_AUTHORITY) +
           dns_message_count(message, DNS_ADDITIONAL);
}

static void write_and_read(const DnsMessage *message)
{
    GBytes *emitted = dns_message_emit(message);
    const char *why = NULL;
    DnsMessage *again;
    gsize len;
    const uint8_t *data = g_bytes_get_data(emitted, &len);

    g_assert(len <= DNS_UDP_MAX);
    again = dns_message_parse(data, len, &why);
    if (again == NULL)
        g_error("%s", why);
    if (records(again) == records(message))
        check_same(message, again);
    else
        g_assert(records(again) < records(message));
    dns_message_free(again);
    g_bytes_unref(emitted);
}

static void ask_it(DnsMessage *message)
{
    char text[DNS_TEXT_MAX];
    IpAddress address = IP_NONE;
    DnsMessage *answer;
    uint32_t ttl;

    g_assert(dns_message_text(message, text) == text);
    if (dns_message_outcome(message, &address, &ttl) == DNS_OK)
        g_assert(ip_is_v4(address));
    answer = dns_message_answer(message, DNS_SERVFAIL);
    write_and_read(answer);
    dns_message_free(answer);
    for (unsigned i = 0; i < dns_message_count(message, DNS_ANSWER); i++) {
        const DnsRecord *record = dns_message_record(message, DNS_ANSWER, i);
        DnsRecord *other = dns_record_with_ttl(record, 1);

        g_assert(dns_type_name(record->type) != NULL);
        g_assert(dns_name_in(record->name, "."));
        g_assert(dns_message_find(message, DNS_ANSWER, record->name,
                                  record->type) != NULL);
        dns_record_unref(other);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *why = NULL;
    DnsMessage *message = dns_message_parse(bytes, len, &why);

    if (message == NULL) {
        g_assert(why != NULL);
        return 0;
    }
    ask_it(message);
    write_and_read(message);
    dns_message_free(message);
    return 0;
}
