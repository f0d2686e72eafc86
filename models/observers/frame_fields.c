/* frame_fields.c - see frame_fields.h. */
#include "frame_fields.h"

#include "models/wire/ethernet.h"
#include "models/wire/ip.h"

typedef enum Form { DECIMAL, HEX, MAC, ADDRESS, NOTHING } Form;

typedef struct FieldKey {
    const char *name;
    size_t len; /* bytes */
    FrameLayer layer;
    Form form;
} FieldKey;

/* RFC 791 s3.1, RFC 9293 s3.1. */
static const FieldKey headers[] = {
    {"preamble", 7, LAYER_PHYSICAL, NOTHING},
    {"SFD", 1, LAYER_PHYSICAL, NOTHING},
    {"destination", 6, LAYER_ETHERNET, MAC},
    {"source", 6, LAYER_ETHERNET, MAC},
    {"type", 2, LAYER_ETHERNET, HEX},
    {"version", 1, LAYER_IP, HEX},
    {"TOS", 1, LAYER_IP, HEX},
    {"total length", 2, LAYER_IP, DECIMAL},
    {"identification", 2, LAYER_IP, DECIMAL},
    {"fragment", 2, LAYER_IP, HEX},
    {"TTL", 1, LAYER_IP, DECIMAL},
    {"protocol", 1, LAYER_IP, DECIMAL},
    {"checksum", 2, LAYER_IP, HEX},
    {"source", 4, LAYER_IP, ADDRESS},
    {"destination", 4, LAYER_IP, ADDRESS},
    {"source port", 2, LAYER_TCP, DECIMAL},
    {"dest. port", 2, LAYER_TCP, DECIMAL},
    {"sequence number", 4, LAYER_TCP, DECIMAL},
    {"acknowledgment", 4, LAYER_TCP, DECIMAL},
    {"offset, flags", 2, LAYER_TCP, HEX},
    {"window", 2, LAYER_TCP, DECIMAL},
    {"checksum", 2, LAYER_TCP, HEX},
    {"urgent", 2, LAYER_TCP, DECIMAL},
};

enum {
    TCP_BASE = 20, /* bytes of a header without options */
    TCP_OFFSET = 12,
    IP_TOTAL = 2,
};

static char *value_of(const uint8_t *bytes, size_t len, Form form)
{
    uint64_t number = 0;

    for (size_t i = 0; i < len && len <= 8; i++)
        number = number << 8 | bytes[i];
    switch (form) {
    case DECIMAL:
        return g_strdup_printf("%" G_GUINT64_FORMAT, number);
    case HEX:
        return g_strdup_printf("0x%0*" G_GINT64_MODIFIER "x", (int)len * 2,
                               number);
    case MAC:
        return g_strdup_printf("%02x:%02x:%02x:%02x:%02x:%02x", bytes[0],
                               bytes[1], bytes[2], bytes[3], bytes[4],
                               bytes[5]);
    case ADDRESS:
        return g_strdup_printf("%u.%u.%u.%u", bytes[0], bytes[1], bytes[2],
                               bytes[3]);
    case NOTHING:
        break;
    }
    return g_strdup("");
}

static void clear_field(gpointer data) { g_free(((FrameField *)data)->value); }

/* The next field; BYTES are its own. */
static void add(GArray *fields, const FieldKey *key, const uint8_t *bytes)
{
    size_t first = 0;
    FrameField field;

    if (key->len == 0)
        return;
    if (fields->len > 0) {
        const FrameField *last =
            &g_array_index(fields, FrameField, fields->len - 1);

        first = last->first + last->len;
    }
    field = (FrameField){key->name, first, key->len, key->layer,
                         value_of(bytes, key->len, key->form)};
    g_array_append_val(fields, field);
}

GArray *frame_fields(const uint8_t *frame, size_t len)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(FrameField));
    const uint8_t *ip = frame + ETHERNET_HEADER_LEN;
    const uint8_t *tcp = ip + IPV4_HEADER_LEN, *at = frame;
    size_t total = (size_t)ip[IP_TOTAL] << 8 | ip[IP_TOTAL + 1];
    size_t header = (size_t)(tcp[TCP_OFFSET] >> 4) * 4;
    size_t room = len - ETHERNET_HEADER_LEN - ETHERNET_FCS_LEN;
    const FieldKey rest[] = {
        {"TCP options", header - TCP_BASE, LAYER_TCP, NOTHING},
        {"data", total - IPV4_HEADER_LEN - header, LAYER_DATA, NOTHING},
        {"padding", room - total, LAYER_ETHERNET, NOTHING},
        {"FCS", ETHERNET_FCS_LEN, LAYER_ETHERNET, HEX}};

    g_array_set_clear_func(fields, clear_field);
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        add(fields, &headers[i], at);
        if (headers[i].layer != LAYER_PHYSICAL)
            at += headers[i].len;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(rest); i++) {
        add(fields, &rest[i], at);
        at += rest[i].len;
    }
    return fields;
}
