/* dns_message.c - see dns_message.h. */
#include "dns_message.h"

#include <ldns/ldns.h>
#include <string.h>

static const ldns_pkt_section ldns_sections[DNS_SECTIONS] = {
    [DNS_ANSWER] = LDNS_SECTION_ANSWER,
    [DNS_AUTHORITY] = LDNS_SECTION_AUTHORITY,
    [DNS_ADDITIONAL] = LDNS_SECTION_ADDITIONAL,
};

DnsMessage *dns_message_new(uint16_t id, const char *name, uint16_t type)
{
    DnsMessage *message = g_new0(DnsMessage, 1);

    message->id = id;
    message->name = g_strdup(name);
    message->type = type;
    return message;
}

DnsMessage *dns_message_answer(const DnsMessage *query, DnsRcode rcode)
{
    DnsMessage *answer = dns_message_new(query->id, query->name, query->type);

    answer->response = true;
    answer->opcode = query->opcode;
    answer->rcode = (uint8_t)rcode;
    answer->recursion_desired = query->recursion_desired;
    return answer;
}

void dns_message_free(DnsMessage *message)
{
    if (message == NULL)
        return;
    for (int section = 0; section < DNS_SECTIONS; section++)
        if (message->sections[section] != NULL)
            g_ptr_array_unref(message->sections[section]);
    g_free(message->name);
    g_free(message);
}

void dns_message_add(DnsMessage *message, DnsSection section, DnsRecord *record)
{
    if (message->sections[section] == NULL)
        message->sections[section] =
            g_ptr_array_new_with_free_func(dns_record_unref);
    g_ptr_array_add(message->sections[section], dns_record_ref(record));
}

/* --- to bytes ------------------------------------------------------------- */

static ldns_pkt *header_and_question(const DnsMessage *message)
{
    ldns_rdf *name = ldns_dname_new_frm_str(message->name);
    ldns_pkt *pkt = ldns_pkt_new();
    ldns_rr *question = ldns_rr_new();

    g_assert(name != NULL && pkt != NULL && question != NULL);
    ldns_pkt_set_id(pkt, message->id);
    ldns_pkt_set_qr(pkt, message->response);
    ldns_pkt_set_opcode(pkt, message->opcode);
    ldns_pkt_set_aa(pkt, message->authoritative);
    ldns_pkt_set_tc(pkt, message->truncated);
    ldns_pkt_set_rd(pkt, message->recursion_desired);
    ldns_pkt_set_ra(pkt, message->recursion_available);
    ldns_pkt_set_rcode(pkt, message->rcode);
    ldns_rr_set_question(question, true);
    ldns_rr_set_owner(question, name);
    ldns_rr_set_type(question, message->type);
    ldns_rr_set_class(question, LDNS_RR_CLASS_IN);
    ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, question);
    return pkt;
}

/* The bytes of MESSAGE with the records of its first SECTIONS sections. */
static GBytes *emit_sections(const DnsMessage *message, int sections,
                             bool truncated)
{
    ldns_pkt *pkt = header_and_question(message);
    uint8_t *wire = NULL;
    size_t len = 0;
    ldns_status status;
    GBytes *bytes;

    if (truncated)
        ldns_pkt_set_tc(pkt, true);
    for (int section = 0; section < sections; section++)
        for (unsigned i = 0; i < dns_message_count(message, section); i++) {
            ldns_rr *rr =
                dns_record_to_rr(dns_message_record(message, section, i));

            if (rr != NULL)
                ldns_pkt_push_rr(pkt, ldns_sections[section], rr);
        }
    status = ldns_pkt2wire(&wire, pkt, &len);
    g_assert(status == LDNS_STATUS_OK);
    ldns_pkt_free(pkt);
    bytes = g_bytes_new(wire, len);
    free(wire);
    return bytes;
}

GBytes *dns_message_emit(const DnsMessage *message)
{
    GBytes *bytes = emit_sections(message, DNS_SECTIONS, false);

    if (g_bytes_get_size(bytes) > DNS_UDP_MAX) {
        g_bytes_unref(bytes);
        bytes = emit_sections(message, DNS_ADDITIONAL, false);
    }
    if (g_bytes_get_size(bytes) > DNS_UDP_MAX) {
        g_bytes_unref(bytes);
        bytes = emit_sections(message, 0, true);
    }
    return bytes;
}

/* --- from bytes ----------------------------------------------------------- */

/* Where the name at POS ends; 0 when it does not.  Pointers are not
 * followed. */
static size_t skip_name(const uint8_t *bytes, size_t len, size_t pos)
{
    while (pos < len) {
        uint8_t octet = bytes[pos];

        if (octet == 0)
            return pos + 1;
        if (octet >= 0xc0)
            return pos + 2 <= len ? pos + 2 : 0;
        if (octet >= 0x40)
            return 0;
        pos += 1 + (size_t)octet;
    }
    return 0;
}

/* The length of the message in the LEN bytes; 0 when they are too few.  ldns
 * reads over whatever follows a message, so we look ourselves. */
static size_t message_len(const uint8_t *bytes, size_t len)
{
    size_t pos = DNS_HEADER_LEN;
    unsigned questions, records = 0;

    if (len < DNS_HEADER_LEN)
        return 0;
    questions = ldns_read_uint16(bytes + 4);
    for (int field = 6; field < DNS_HEADER_LEN; field += 2)
        records += ldns_read_uint16(bytes + field);
    for (unsigned i = 0; i < questions + records; i++) {
        size_t fixed = i < questions ? 4 : 10;

        pos = skip_name(bytes, len, pos);
        if (pos == 0 || pos + fixed > len)
            return 0;
        if (i >= questions)
            fixed += ldns_read_uint16(bytes + pos + 8);
        pos += fixed;
        if (pos > len)
            return 0;
    }
    return pos;
}

/* The records of one section of PKT into MESSAGE.  Those of another class or
 * with data that contradicts its type are left out: nobody here can use
 * them. */
static void read_section(DnsMessage *message, DnsSection section,
                         const ldns_rr_list *list)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        DnsRecord *record = dns_record_of_rr(ldns_rr_list_rr(list, i));

        if (record != NULL) {
            dns_message_add(message, section, record);
            dns_record_unref(record);
        }
    }
}

static DnsMessage *message_of_pkt(const ldns_pkt *pkt)
{
    const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(pkt), 0);
    char *name = ldns_rdf2str(ldns_rr_owner(question));
    char *lower = g_ascii_strdown(name, -1);
    DnsMessage *message = dns_message_new(ldns_pkt_id(pkt), lower,
                                          (uint16_t)ldns_rr_get_type(question));

    message->response = ldns_pkt_qr(pkt);
    message->opcode = (uint8_t)ldns_pkt_get_opcode(pkt);
    message->authoritative = ldns_pkt_aa(pkt);
    message->truncated = ldns_pkt_tc(pkt);
    message->recursion_desired = ldns_pkt_rd(pkt);
    message->recursion_available = ldns_pkt_ra(pkt);
    message->rcode = (uint8_t)ldns_pkt_get_rcode(pkt);
    read_section(message, DNS_ANSWER, ldns_pkt_answer(pkt));
    read_section(message, DNS_AUTHORITY, ldns_pkt_authority(pkt));
    read_section(message, DNS_ADDITIONAL, ldns_pkt_additional(pkt));
    g_free(lower);
    free(name);
    return message;
}

DnsMessage *dns_message_parse(const uint8_t *bytes, size_t len,
                              const char **why)
{
    DnsMessage *message = NULL;
    ldns_pkt *pkt = NULL;
    size_t used = message_len(bytes, len);

    if (used == 0) {
        *why = "the message is cut off";
    } else if (used < len) {
        *why = "bytes follow the message";
    } else if (ldns_read_uint16(bytes + 4) != 1) {
        *why = "not exactly one question";
    } else if (ldns_wire2pkt(&pkt, bytes, len) != LDNS_STATUS_OK) {
        *why = "a name or a record cannot be read";
    } else {
        const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(pkt), 0);

        if (ldns_rr_get_class(question) != LDNS_RR_CLASS_IN)
            *why = "its class is not IN";
        else
            message = message_of_pkt(pkt);
        ldns_pkt_free(pkt);
    }
    return message;
}
