/* check_dns.c - DNS messages, zone files, and what a zone answers. */
#include <stdlib.h>
#include <string.h>

#include "models/app/dns_zone.h"
#include "sim/sim.h"
#include "tests/run_tests.h"

/* --- messages ------------------------------------------------------------- */

static DnsRecord *record(const char *line)
{
    const char *why = "";
    char *owner = NULL;
    DnsRecord *result =
        dns_record_read(line, 300, "example.com.", &owner, &why);

    ck_assert_msg(result != NULL, "%s: %s", line, why);
    g_free(owner);
    return result;
}

static void add(DnsMessage *message, DnsSection section, const char *line)
{
    DnsRecord *added = record(line);

    dns_message_add(message, section, added);
    dns_record_unref(added);
}

static DnsMessage *parse(GBytes *bytes)
{
    const char *why = "";
    gsize len;
    const uint8_t *data = g_bytes_get_data(bytes, &len);
    DnsMessage *message = dns_message_parse(data, len, &why);

    ck_assert_msg(message != NULL, "%s", why);
    return message;
}

/* The bytes of "www.example.com. IN A?" with id 0x1234 and RD (RFC 1035 s4.1),
 * written out by hand. */
static const uint8_t query_bytes[] = {
    0x12, 0x34, 0x01, 0x00, 0,   1,   0,   0,   0,   0,   0,
    0,    3,    'w',  'w',  'w', 7,   'e', 'x', 'a', 'm', 'p',
    'l',  'e',  3,    'c',  'o', 'm', 0,   0,   1,   0,   1,
};

START_TEST(a_query_is_the_bytes_of_the_rfc)
{
    DnsMessage *query = dns_message_new(0x1234, "www.example.com.", 1);
    GBytes *bytes;

    query->recursion_desired = true;
    bytes = dns_message_emit(query);
    ck_assert_uint_eq(g_bytes_get_size(bytes), sizeof query_bytes);
    ck_assert_mem_eq(g_bytes_get_data(bytes, NULL), query_bytes,
                     sizeof query_bytes);
    g_bytes_unref(bytes);
    dns_message_free(query);
}
END_TEST

START_TEST(what_is_emitted_is_parsed_back)
{
    DnsMessage *query = dns_message_new(7, "www.example.com.", 1), *back;
    DnsMessage *answer = dns_message_answer(query, DNS_NOERROR);
    GBytes *bytes;

    answer->authoritative = answer->recursion_available = true;
    add(answer, DNS_ANSWER, "WWW 60 IN CNAME web");
    add(answer, DNS_ANSWER, "web A 203.0.113.80");
    add(answer, DNS_AUTHORITY, "@ NS ns1");
    add(answer, DNS_AUTHORITY, "@ SOA ns1 h 1 2 3 4 55");
    add(answer, DNS_ADDITIONAL, "@ TXT \"a b\" c");
    bytes = dns_message_emit(answer);
    back = parse(bytes);
    ck_assert_uint_eq(back->id, 7);
    ck_assert(back->response && back->authoritative);
    ck_assert(back->recursion_available && !back->recursion_desired);
    ck_assert_str_eq(back->name, "www.example.com.");
    ck_assert_uint_eq(dns_message_count(back, DNS_ANSWER), 2);
    ck_assert_str_eq(dns_message_record(back, DNS_ANSWER, 0)->name,
                     "www.example.com.");
    ck_assert_str_eq(dns_message_record(back, DNS_ANSWER, 0)->target,
                     "web.example.com.");
    ck_assert_uint_eq(dns_message_record(back, DNS_ANSWER, 0)->ttl, 60);
    ck_assert_uint_eq(
        ip_to_v4(dns_message_record(back, DNS_ANSWER, 1)->address), 0xcb007150);
    ck_assert_uint_eq(dns_message_record(back, DNS_AUTHORITY, 1)->minimum, 55);
    ck_assert_uint_eq(dns_message_count(back, DNS_ADDITIONAL), 1);
    dns_message_free(back);
    g_bytes_unref(bytes);
    dns_message_free(answer);
    dns_message_free(query);
}
END_TEST

START_TEST(every_shortened_message_is_refused)
{
    DnsMessage *query = dns_message_new(7, "www.example.com.", 1);
    DnsMessage *answer = dns_message_answer(query, DNS_NOERROR);
    const char *why = NULL;
    const uint8_t *data;
    GBytes *bytes;
    gsize len;

    add(answer, DNS_ANSWER, "www A 203.0.113.80");
    bytes = dns_message_emit(answer);
    data = g_bytes_get_data(bytes, &len);
    for (gsize cut = 0; cut < len; cut++) {
        /* Memory of its own, so that reading on is found. */
        uint8_t *part = g_memdup2(data, cut);

        ck_assert_ptr_null(dns_message_parse(part, cut, &why));
        ck_assert_ptr_nonnull(why);
        g_free(part);
    }
    g_bytes_unref(bytes);
    dns_message_free(answer);
    dns_message_free(query);
}
END_TEST

START_TEST(bytes_after_a_message_are_refused)
{
    uint8_t bytes[sizeof query_bytes + 1] = {0};
    const char *why = NULL;

    memcpy(bytes, query_bytes, sizeof query_bytes);
    ck_assert_ptr_null(dns_message_parse(bytes, sizeof bytes, &why));
    ck_assert_str_eq(why, "bytes follow the message");
    bytes[5] = 2; /* two questions */
    ck_assert_ptr_null(dns_message_parse(bytes, sizeof query_bytes, &why));
    ck_assert_str_eq(why, "the message is cut off");
    bytes[5] = 0;
    ck_assert_ptr_null(dns_message_parse(bytes, DNS_HEADER_LEN, &why));
    ck_assert_str_eq(why, "not exactly one question");
}
END_TEST

START_TEST(a_name_that_points_at_itself_is_refused)
{
    uint8_t bytes[] = {0, 1, 0, 0,    0,  1, 0, 0, 0,
                       0, 0, 0, 0xc0, 12, 0, 1, 0, 1};
    const char *why = NULL;

    ck_assert_ptr_null(dns_message_parse(bytes, sizeof bytes, &why));
    ck_assert_str_eq(why, "a name or a record cannot be read");
}
END_TEST

START_TEST(what_does_not_fit_into_512_bytes_is_truncated)
{
    DnsMessage *query = dns_message_new(7, "example.com.", 1), *back;
    DnsMessage *answer = dns_message_answer(query, DNS_NOERROR);
    GBytes *bytes;

    for (int i = 0; i < 40; i++)
        add(answer, DNS_ADDITIONAL, "web A 203.0.113.80");
    add(answer, DNS_ANSWER, "@ A 203.0.113.81");
    bytes = dns_message_emit(answer);
    back = parse(bytes);
    ck_assert_uint_eq(dns_message_count(back, DNS_ANSWER), 1);
    ck_assert_uint_eq(dns_message_count(back, DNS_ADDITIONAL), 0);
    ck_assert(!back->truncated);
    dns_message_free(back);
    g_bytes_unref(bytes);
    for (int i = 0; i < 40; i++)
        add(answer, DNS_ANSWER, "@ A 203.0.113.81");
    bytes = dns_message_emit(answer);
    ck_assert_uint_le(g_bytes_get_size(bytes), DNS_UDP_MAX);
    back = parse(bytes);
    ck_assert(back->truncated);
    dns_message_free(back);
    g_bytes_unref(bytes);
    dns_message_free(answer);
    dns_message_free(query);
}
END_TEST

START_TEST(names_are_walked_label_by_label)
{
    char *name = dns_name_new("A.b\\.c", "Example.com.");

    ck_assert_str_eq(name, "a.b\\.c.example.com.");
    ck_assert_str_eq(dns_name_parent(name), "b\\.c.example.com.");
    ck_assert_str_eq(dns_name_parent("b\\.c.com."), "com.");
    ck_assert_str_eq(dns_name_parent("com."), ".");
    ck_assert_ptr_null(dns_name_parent("."));
    ck_assert(dns_name_in("a.com.", "com.") && dns_name_in("com.", "com."));
    ck_assert(dns_name_in("com.", ".") && !dns_name_in("acom.", "com."));
    g_free(name);
    ck_assert_ptr_null(dns_name_new("a..b", NULL));
    ck_assert_ptr_null(dns_name_new("", NULL));
}
END_TEST

/* --- zone files ----------------------------------------------------------- */

#define SOA                                                                    \
    "$ORIGIN example.com.\n$TTL 5m\n"                                          \
    "@ SOA ns1 host ( 1 2h ; serial, refresh\n 3 4 60 )\n NS ns1\n"

static DnsZone *zone(const char *text)
{
    GError *error = NULL;
    DnsZone *result = dns_zone_read(text, strlen(text), "z.zone", &error);

    ck_assert_msg(result != NULL, "%s", error == NULL ? "" : error->message);
    return result;
}

START_TEST(a_zone_file_is_read_as_rfc_1035_says)
{
    static const char text[] = SOA "ns1 A 203.0.113.53\n"
                                   "www 1h IN CNAME web ; alias\r\n"
                                   "web\tA\t203.0.113.80\n"
                                   "    A 203.0.113.81\n"
                                   "t TXT \"a;b ( c\"\n"
                                   "$ORIGIN sub.example.com.\n"
                                   "deep.er A 203.0.113.82";
    DnsZone *read = zone(text);
    const GPtrArray *node =
        g_hash_table_lookup(read->nodes, "web.example.com.");
    const DnsRecord *alias;

    ck_assert_str_eq(dns_zone_origin(read), "example.com.");
    ck_assert_uint_eq(read->soa->ttl, 60);
    ck_assert_uint_eq(node->len, 2);
    ck_assert_uint_eq(((DnsRecord *)node->pdata[0])->ttl, 300);
    node = g_hash_table_lookup(read->nodes, "www.example.com.");
    alias = node->pdata[0];
    ck_assert_uint_eq(alias->ttl, 3600);
    ck_assert_str_eq(alias->target, "web.example.com.");
    /* Names in between exist, without data. */
    node = g_hash_table_lookup(read->nodes, "er.sub.example.com.");
    ck_assert_uint_eq(node->len, 0);
    dns_zone_free(read);
}
END_TEST

static const struct {
    const char *text, *message;
} bad_zones[] = {
    {"", "z.zone:1: no records; a zone begins with its SOA"},
    {"\n ; nothing\n", "z.zone:3: no records; a zone begins with its SOA"},
    {"a.example. A 192.0.2.1\n",
     "z.zone:1: the first record is A; a zone begins with its SOA"},
    {"$ORIGIN example.com.\n@ SOA ns1 h 1 2 3 4 5\n",
     "z.zone:3: example.com. has no name servers; a zone has NS records at its "
     "top"},
    {"\n$INCLUDE other.zone\n", "z.zone:2: $INCLUDE is not supported; put the "
                                "records into this file"},
    {"$GENERATE 1-3 a$ A 192.0.2.1\n",
     "z.zone:1: $GENERATE is not a directive; $ORIGIN and $TTL are"},
    {"$TTL soon\n", "z.zone:1: $TTL wants one time, 1 s to 2147483647 s, such "
                    "as 300 or 1h30m"},
    {"$TTL 99999999999\n", "z.zone:1: $TTL wants one time, 1 s to 2147483647 "
                           "s, such as 300 or 1h30m"},
    {"$ORIGIN a..b\n", "z.zone:1: $ORIGIN wants one domain name"},
    {" A 192.0.2.1\n", "z.zone:1: the first record has no name"},
    {SOA "www A 1.2.3\n", "z.zone:6: not a record: Syntax error, could not "
                          "parse the RR's rdata"},
    {SOA "www A\n", "z.zone:6: not a record: Syntax error, value expected"},
    {SOA "www CH A 192.0.2.1\n", "z.zone:6: not a record: its class is not IN"},
    {SOA "www HINFO a b\n",
     "z.zone:6: not a record: a type that is not known here"},
    {SOA "www A ( 192.0.2.1\n\n", "z.zone:6: a parenthesis is not closed"},
    {SOA "www A 192.0.2.1 )\n", "z.zone:6: ')' without '('"},
    {SOA "t TXT \"a\nb\"\n", "z.zone:6: a quote is not closed"},
    {SOA "t TXT a\\\n", "z.zone:6: a backslash at the end of a line"},
    {SOA "@ SOA ns1 h 1 2 3 4 5\n", "z.zone:6: a second SOA; a zone has one"},
    {SOA "www.example.net. A 192.0.2.1\n",
     "z.zone:6: www.example.net. is not in the zone example.com."},
    {SOA "www CNAME web\nwww A 192.0.2.1\n",
     "z.zone:7: www.example.com. has a "
     "CNAME and other data; a CNAME stands alone"},
    {SOA "www A 192.0.2.1\nwww CNAME web\n",
     "z.zone:7: www.example.com. has a "
     "CNAME and other data; a CNAME stands alone"},
};

START_TEST(a_bad_zone_file_is_refused_with_file_and_line)
{
    GError *error = NULL;
    const char *text = bad_zones[_i].text;

    ck_assert_ptr_null(dns_zone_read(text, strlen(text), "z.zone", &error));
    ck_assert_ptr_nonnull(error);
    ck_assert_str_eq(error->message, bad_zones[_i].message);
    g_error_free(error);
}
END_TEST

START_TEST(a_nul_byte_in_a_zone_file_is_refused)
{
    static const char text[] = SOA "www\0A 192.0.2.1\n";
    GError *error = NULL;

    ck_assert_ptr_null(dns_zone_read(text, sizeof text - 1, "z.zone", &error));
    ck_assert_str_eq(error->message,
                     "z.zone:6: a NUL byte; a zone file is text");
    g_error_free(error);
}
END_TEST

/* --- answers -------------------------------------------------------------- */

static const char parent_text[] =
    "$ORIGIN com.\n@ 900 SOA a h 1 2 3 4 60\n NS a.gtld-servers.net.\n"
    "example NS ns1.example\nexample NS ns.other.net.\n"
    "ns1.example A 203.0.113.53\n";
static const char child_text[] =
    SOA "ns1 A 203.0.113.53\nwww CNAME web\nweb A 203.0.113.80\n"
        "out CNAME www.example.org.\nloop CNAME loop2\nloop2 CNAME loop\n"
        "a.b A 203.0.113.90\n";

/* "AA rcode answer/authority/additional: first record of each" of the answer to
 * NAME and TYPE. */
static char *ask(const DnsZone *const *zones, unsigned count, const char *name,
                 uint16_t type)
{
    DnsMessage *query = dns_message_new(1, name, type);
    DnsMessage *answer = dns_message_answer(query, DNS_NOERROR);
    GString *text = g_string_new(NULL);

    dns_zones_answer(zones, count, answer);
    g_string_printf(text, "%s%u", answer->authoritative ? "AA " : "",
                    answer->rcode);
    for (int section = 0; section < DNS_SECTIONS; section++)
        for (unsigned i = 0; i < dns_message_count(answer, section); i++) {
            const DnsRecord *r = dns_message_record(answer, section, i);

            g_string_append_printf(text, " %c:%s/%s", "aux"[section], r -> name,
                                   dns_type_name(r->type));
        }
    dns_message_free(answer);
    dns_message_free(query);
    return g_string_free(text, FALSE);
}

static const struct {
    const char *name;
    uint16_t type;
    const char *answer;
} answers[] = {
    {"web.example.com.", 1, "AA 0 a:web.example.com./A"},
    {"www.example.com.", 1,
     "AA 0 a:www.example.com./CNAME "
     "a:web.example.com./A"},
    {"www.example.com.", 5, "AA 0 a:www.example.com./CNAME"},
    {"none.example.com.", 1, "AA 3 u:example.com./SOA"},
    {"b.example.com.", 1, "AA 0 u:example.com./SOA"},
    {"web.example.com.", 2, "AA 0 u:example.com./SOA"},
    {"example.com.", 2, "AA 0 a:example.com./NS x:ns1.example.com./A"},
    {"out.example.com.", 1, "AA 0 a:out.example.com./CNAME"},
    {"example.org.", 1, "5"},
    {"none.com.", 1, "AA 3 u:com./SOA"},
};

START_TEST(a_server_answers_by_the_algorithm_of_rfc_1034)
{
    DnsZone *parent = zone(parent_text), *child = zone(child_text);
    const DnsZone *zones[] = {parent, child};
    char *answer = ask(zones, 2, answers[_i].name, answers[_i].type);

    ck_assert_str_eq(answer, answers[_i].answer);
    g_free(answer);
    dns_zone_free(parent);
    dns_zone_free(child);
}
END_TEST

START_TEST(below_a_cut_there_is_a_referral_with_glue)
{
    DnsZone *parent = zone(parent_text);
    const DnsZone *zones[] = {parent};
    char *answer = ask(zones, 1, "www.example.com.", 1);

    ck_assert_str_eq(answer, "0 u:example.com./NS u:example.com./NS "
                             "x:ns1.example.com./A");
    g_free(answer);
    answer = ask(zones, 1, "ns1.example.com.", 1);
    ck_assert_str_eq(answer, "0 u:example.com./NS u:example.com./NS "
                             "x:ns1.example.com./A");
    g_free(answer);
    dns_zone_free(parent);
}
END_TEST

START_TEST(aliases_in_a_circle_end)
{
    DnsZone *child = zone(child_text);
    const DnsZone *zones[] = {child};
    char *answer = ask(zones, 1, "loop.example.com.", 1);

    ck_assert_ptr_nonnull(strstr(answer, "a:loop2.example.com./CNAME"));
    g_free(answer);
    dns_zone_free(child);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("dns");

    tcase_add_test(tcase, a_query_is_the_bytes_of_the_rfc);
    tcase_add_test(tcase, what_is_emitted_is_parsed_back);
    tcase_add_test(tcase, every_shortened_message_is_refused);
    tcase_add_test(tcase, bytes_after_a_message_are_refused);
    tcase_add_test(tcase, a_name_that_points_at_itself_is_refused);
    tcase_add_test(tcase, what_does_not_fit_into_512_bytes_is_truncated);
    tcase_add_test(tcase, names_are_walked_label_by_label);
    tcase_add_test(tcase, a_zone_file_is_read_as_rfc_1035_says);
    tcase_add_loop_test(tcase, a_bad_zone_file_is_refused_with_file_and_line, 0,
                        G_N_ELEMENTS(bad_zones));
    tcase_add_test(tcase, a_nul_byte_in_a_zone_file_is_refused);
    tcase_add_loop_test(tcase, a_server_answers_by_the_algorithm_of_rfc_1034, 0,
                        G_N_ELEMENTS(answers));
    tcase_add_test(tcase, below_a_cut_there_is_a_referral_with_glue);
    tcase_add_test(tcase, aliases_in_a_circle_end);
    return run_tests("dns", tcase, NULL);
}
