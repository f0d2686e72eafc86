/* dns_record.c - see dns_record.h. */
#include "dns_record.h"

#include <glib.h>
#include <ldns/ldns.h>
#include <string.h>

static void record_clear(void *memory)
{
    DnsRecord *record = memory;

    g_free(record->name);
    g_free(record->data);
    g_free(record->target);
}

DnsRecord *dns_record_ref(DnsRecord *record)
{
    return g_atomic_rc_box_acquire(record);
}

void dns_record_unref(void *record)
{
    g_atomic_rc_box_release_full(record, record_clear);
}

DnsRecord *dns_record_with_ttl(const DnsRecord *record, uint32_t ttl)
{
    DnsRecord *copy = g_atomic_rc_box_new(DnsRecord);

    *copy = *record;
    copy->name = g_strdup(record->name);
    copy->data = g_memdup2(record->data, record->data_len);
    copy->target = g_strdup(record->target);
    copy->ttl = ttl;
    return copy;
}

/* --- names ---------------------------------------------------------------- */

static char *name_of_rdf(const ldns_rdf *rdf)
{
    char *text = ldns_rdf2str(rdf), *lower;

    if (text == NULL)
        return NULL;
    lower = g_ascii_strdown(text, -1);
    free(text);
    return lower;
}

char *dns_name_new(const char *name, const char *origin)
{
    size_t len = strlen(name);
    bool absolute = len != 0 && name[len - 1] == '.';
    char *whole, *result = NULL;
    ldns_rdf *rdf;

    if (len == 0)
        return NULL;
    if (absolute || origin == NULL || strcmp(origin, ".") == 0)
        whole = g_strconcat(name, absolute ? "" : ".", NULL);
    else
        whole = g_strconcat(name, ".", origin, NULL);
    rdf = ldns_dname_new_frm_str(whole);
    if (rdf != NULL) {
        result = name_of_rdf(rdf);
        ldns_rdf_deep_free(rdf);
    }
    g_free(whole);
    return result;
}

const char *dns_name_parent(const char *name)
{
    if (strcmp(name, ".") == 0)
        return NULL;
    for (; *name != '\0' && *name != '.'; name++)
        if (*name == '\\' && name[1] != '\0')
            name++;
    return *name == '\0' || name[1] == '\0' ? "." : name + 1;
}

bool dns_name_in(const char *name, const char *zone)
{
    for (; name != NULL; name = dns_name_parent(name))
        if (strcmp(name, zone) == 0)
            return true;
    return false;
}

const char *dns_type_name(uint16_t type)
{
    const ldns_rr_descriptor *descriptor = ldns_rr_descript(type);

    return descriptor->_name != NULL ? descriptor->_name : "TYPE?";
}

/* --- to and from ldns ----------------------------------------------------- */

/* The data of RR in one piece. */
static uint8_t *data_of_rr(const ldns_rr *rr, uint16_t *len)
{
    GByteArray *bytes = g_byte_array_new();

    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        const ldns_rdf *rdf = ldns_rr_rdf(rr, i);

        g_byte_array_append(bytes, ldns_rdf_data(rdf),
                            (unsigned)ldns_rdf_size(rdf));
    }
    *len = (uint16_t)bytes->len;
    return g_byte_array_free(bytes, FALSE);
}

/* Takes apart the data of the types that a resolver acts on. */
static bool take_apart(DnsRecord *record, const ldns_rr *rr)
{
    const ldns_rdf *first = ldns_rr_rdf(rr, 0);

    switch (record->type) {
    case DNS_TYPE_A:
        if (record->data_len != 4)
            return false;
        record->address = ip_from_v4(
            (uint32_t)record->data[0] << 24 | (uint32_t)record->data[1] << 16 |
            (uint32_t)record->data[2] << 8 | record->data[3]);
        return true;
    case DNS_TYPE_NS:
    case DNS_TYPE_CNAME:
        if (first == NULL || ldns_rdf_get_type(first) != LDNS_RDF_TYPE_DNAME)
            return false;
        record->target = name_of_rdf(first);
        return record->target != NULL;
    case DNS_TYPE_SOA:
        if (ldns_rr_rd_count(rr) != 7)
            return false;
        record->minimum = ldns_rdf2native_int32(ldns_rr_rdf(rr, 6));
        return true;
    default:
        return true;
    }
}

DnsRecord *dns_record_of_rr(const void *memory)
{
    const ldns_rr *rr = memory;
    DnsRecord *record;

    if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN || ldns_rr_owner(rr) == NULL)
        return NULL;
    record = g_atomic_rc_box_new0(DnsRecord);
    record->name = name_of_rdf(ldns_rr_owner(rr));
    record->ttl = ldns_rr_ttl(rr);
    record->type = (uint16_t)ldns_rr_get_type(rr);
    record->data = data_of_rr(rr, &record->data_len);
    if (record->name == NULL || !take_apart(record, rr)) {
        dns_record_unref(record);
        return NULL;
    }
    return record;
}

void *dns_record_to_rr(const DnsRecord *record)
{
    ldns_rdf *owner = ldns_dname_new_frm_str(record->name);
    GByteArray *wire = g_byte_array_new();
    uint8_t fixed[10];
    ldns_rr *rr = NULL;
    size_t pos = 0;

    g_assert(owner != NULL);
    ldns_write_uint16(fixed, record->type);
    ldns_write_uint16(fixed + 2, LDNS_RR_CLASS_IN);
    ldns_write_uint32(fixed + 4, record->ttl);
    ldns_write_uint16(fixed + 8, record->data_len);
    g_byte_array_append(wire, ldns_rdf_data(owner),
                        (unsigned)ldns_rdf_size(owner));
    g_byte_array_append(wire, fixed, sizeof fixed);
    g_byte_array_append(wire, record->data, record->data_len);
    if (ldns_wire2rr(&rr, wire->data, wire->len, &pos, LDNS_SECTION_ANSWER) !=
        LDNS_STATUS_OK)
        rr = NULL;
    g_byte_array_unref(wire);
    ldns_rdf_deep_free(owner);
    return rr;
}

/* --- from a zone file ----------------------------------------------------- */

/* The types that a zone here may hold: those whose data are names, numbers and
 * texts.  ldns knows many more, and takes "TYPE1" for a type without a word. */
static bool type_is_read(uint16_t type)
{
    static const uint16_t types[] = {
        LDNS_RR_TYPE_A,   LDNS_RR_TYPE_NS,   LDNS_RR_TYPE_CNAME,
        LDNS_RR_TYPE_SOA, LDNS_RR_TYPE_PTR,  LDNS_RR_TYPE_MX,
        LDNS_RR_TYPE_TXT, LDNS_RR_TYPE_AAAA, LDNS_RR_TYPE_SRV,
        LDNS_RR_TYPE_DS,  LDNS_RR_TYPE_CAA,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (types[i] == type)
            return true;
    return false;
}

DnsRecord *dns_record_read(const char *line, uint32_t ttl, const char *origin,
                           char **owner, const char **why)
{
    ldns_rdf *origin_rdf = ldns_dname_new_frm_str(origin);
    ldns_rdf *previous = NULL;
    DnsRecord *record = NULL;
    ldns_rr *rr = NULL;
    ldns_status status;

    if (*owner != NULL)
        previous = ldns_dname_new_frm_str(*owner);
    status = ldns_rr_new_frm_str(&rr, line, ttl, origin_rdf, &previous);
    if (status != LDNS_STATUS_OK) {
        *why = ldns_get_errorstr_by_id(status);
    } else {
        if (!type_is_read((uint16_t)ldns_rr_get_type(rr)))
            *why = "a type that is not known here";
        else if ((record = dns_record_of_rr(rr)) == NULL)
            *why = "its class is not IN";
        ldns_rr_free(rr);
    }
    if (record != NULL) {
        g_free(*owner);
        *owner = g_strdup(record->name);
    }
    ldns_rdf_deep_free(origin_rdf);
    ldns_rdf_deep_free(previous);
    return record;
}
