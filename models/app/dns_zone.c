/* dns_zone.c - reading zone files (RFC 1035 s5); see dns_zone.h.
 *
 * ldns reads each record.  What it lets pass or cannot do is handled around it:
 * lines are put together here (parentheses, comments, quotes), so that an error
 * names its line; directives are ours; an empty zone, one without SOA, an open
 * parenthesis and $INCLUDE are refused. */
#include "dns_zone.h"

#include <string.h>

enum { TTL_DEFAULT = 3600, TTL_MAX = 0x7fffffff /* RFC 2181 s8 */ };

typedef struct Reader {
    DnsZone *zone;
    const char *file, *at, *end;
    unsigned line;  /* of AT */
    unsigned begun; /* line where the present record begins */
    GString *record;
    char *origin, *owner;
    uint32_t ttl;
    GError **error;
} Reader;

G_GNUC_PRINTF(2, 3)
static bool fail(Reader *reader, const char *format, ...)
{
    /* The file outlives the error in GLib's table. */
    ConfigOrigin origin = {g_intern_string(reader->file), (int)reader->begun};
    va_list args;
    char *text;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    config_fail(reader->error, CONFIG_ERROR_SYNTAX, origin, NULL, NULL, "%s",
                text);
    g_free(text);
    return false;
}

/* --- lines ---------------------------------------------------------------- */

static void skip_comment(Reader *reader)
{
    while (reader->at < reader->end && *reader->at != '\n')
        reader->at++;
}

/* Takes a quoted string, its quotes included; AT is behind the first. */
static bool take_quoted(Reader *reader)
{
    g_string_append_c(reader->record, '"');
    while (reader->at < reader->end && *reader->at != '\n') {
        char c = *reader->at++;

        g_string_append_c(reader->record, c);
        if (c == '"')
            return true;
        if (c == '\\' && reader->at < reader->end && *reader->at != '\n')
            g_string_append_c(reader->record, *reader->at++);
    }
    return fail(reader, "a quote is not closed");
}

/* One character outside quotes. */
static bool take_char(Reader *reader, char c, int *depth)
{
    switch (c) {
    case ';':
        skip_comment(reader);
        return true;
    case '"':
        return take_quoted(reader);
    case '(':
    case ')':
        *depth += c == '(' ? 1 : -1;
        if (*depth < 0)
            return fail(reader, "')' without '('");
        c = ' ';
        break;
    case '\\':
        g_string_append_c(reader->record, c);
        if (reader->at == reader->end || *reader->at == '\n')
            return fail(reader, "a backslash at the end of a line");
        c = *reader->at++;
        break;
    case '\r':
        c = ' ';
        break;
    case '\0':
        return fail(reader, "a NUL byte; a zone file is text");
    default:
        break;
    }
    g_string_append_c(reader->record, c);
    return true;
}

/* Puts the next record, on one line without comments, into reader->record;
 * empty at the end of the file. */
static bool next_record(Reader *reader)
{
    int depth = 0;

    g_string_truncate(reader->record, 0);
    reader->begun = reader->line;
    while (reader->at < reader->end) {
        char c = *reader->at++;

        if (c != '\n') {
            if (!take_char(reader, c, &depth))
                return false;
            continue;
        }
        reader->line++;
        if (depth != 0) {
            g_string_append_c(reader->record, ' ');
        } else if (strspn(reader->record->str, " \t") < reader->record->len) {
            return true;
        } else {
            g_string_truncate(reader->record, 0);
            reader->begun = reader->line;
        }
    }
    if (depth != 0)
        return fail(reader, "a parenthesis is not closed");
    if (strspn(reader->record->str, " \t") == reader->record->len)
        g_string_truncate(reader->record, 0);
    return true;
}

/* --- directives ----------------------------------------------------------- */

/* TEXT as seconds: "3600", "1h30m", "2D"; false when it is none. */
static bool read_ttl(const char *text, uint32_t *ttl)
{
    uint64_t total = 0;

    if (!g_ascii_isdigit(*text))
        return false;
    while (*text != '\0') {
        uint64_t number = 0;

        if (!g_ascii_isdigit(*text))
            return false;
        for (; g_ascii_isdigit(*text); text++)
            if ((number = number * 10 + (uint64_t)(*text - '0')) > TTL_MAX)
                return false;
        switch (g_ascii_tolower(*text)) {
        case 'w':
            number *= 7 * 86400;
            break;
        case 'd':
            number *= 86400;
            break;
        case 'h':
            number *= 3600;
            break;
        case 'm':
            number *= 60;
            break;
        case 's':
        case '\0':
            break;
        default:
            return false;
        }
        if (*text != '\0')
            text++;
        if ((total += number) > TTL_MAX)
            return false;
    }
    *ttl = (uint32_t)total;
    return true;
}

static bool apply_directive(Reader *reader, char *const *words, unsigned count)
{
    if (strcmp(words[0], "$ORIGIN") == 0) {
        char *origin =
            count == 2 ? dns_name_new(words[1], reader->origin) : NULL;

        if (origin == NULL)
            return fail(reader, "$ORIGIN wants one domain name");
        g_free(reader->origin);
        reader->origin = origin;
        return true;
    }
    if (strcmp(words[0], "$TTL") == 0) {
        if (count != 2 || !read_ttl(words[1], &reader->ttl) || reader->ttl == 0)
            return fail(reader,
                        "$TTL wants one time, 1 s to 2147483647 s, such "
                        "as 300 or 1h30m");
        return true;
    }
    if (strcmp(words[0], "$INCLUDE") == 0)
        return fail(reader, "$INCLUDE is not supported; put the records into "
                            "this file");
    return fail(reader, "%s is not a directive; $ORIGIN and $TTL are",
                words[0]);
}

static bool read_directive(Reader *reader)
{
    char **all = g_strsplit_set(reader->record->str, " \t", -1);
    unsigned count = 0;
    bool good;

    for (unsigned i = 0; all[i] != NULL; i++) {
        if (all[i][0] != '\0')
            all[count++] = all[i];
        else
            g_free(all[i]);
    }
    all[count] = NULL;
    good = apply_directive(reader, all, count);
    g_strfreev(all);
    return good;
}

/* --- records -------------------------------------------------------------- */

static GPtrArray *node_of(DnsZone *zone, const char *name)
{
    GPtrArray *node = g_hash_table_lookup(zone->nodes, name);

    if (node == NULL) {
        node = g_ptr_array_new_with_free_func(dns_record_unref);
        g_hash_table_insert(zone->nodes, g_strdup(name), node);
    }
    return node;
}

/* The first record is the SOA, and names the zone (RFC 1035 s5.2). */
static bool check_place(Reader *reader, const DnsRecord *record)
{
    DnsZone *zone = reader->zone;

    if (zone->origin == NULL) {
        if (record->type != DNS_TYPE_SOA)
            return fail(reader,
                        "the first record is %s; a zone begins with "
                        "its SOA",
                        dns_type_name(record->type));
        zone->origin = g_strdup(record->name);
        return true;
    }
    if (record->type == DNS_TYPE_SOA)
        return fail(reader, "a second SOA; a zone has one");
    if (!dns_name_in(record->name, zone->origin))
        return fail(reader, "%s is not in the zone %s", record->name,
                    zone->origin);
    return true;
}

/* RFC 1034 s3.6.2: where a CNAME is, nothing else may be. */
static bool check_alias(Reader *reader, const DnsRecord *record,
                        const GPtrArray *node)
{
    for (unsigned i = 0; i < node->len; i++) {
        const DnsRecord *other = g_ptr_array_index(node, i);

        if (record->type == DNS_TYPE_CNAME || other->type == DNS_TYPE_CNAME)
            return fail(reader,
                        "%s has a CNAME and other data; a CNAME "
                        "stands alone",
                        record->name);
    }
    return true;
}

static bool add_record(Reader *reader, DnsRecord *record)
{
    DnsZone *zone = reader->zone;
    GPtrArray *node;

    if (record->ttl > TTL_MAX)
        return fail(reader, "a TTL above 2147483647 s");
    if (!check_place(reader, record))
        return false;
    node = node_of(zone, record->name);
    if (!check_alias(reader, record, node))
        return false;
    g_ptr_array_add(node, dns_record_ref(record));
    /* Names between this one and the top exist too. */
    for (const char *name = record->name; strcmp(name, zone->origin) != 0;
         name = dns_name_parent(name))
        node_of(zone, name);
    if (record->type == DNS_TYPE_SOA)
        zone->soa =
            dns_record_with_ttl(record, MIN(record->ttl, record->minimum));
    return true;
}

static bool read_record(Reader *reader)
{
    const char *why = NULL;
    DnsRecord *record;
    bool good;

    if (g_ascii_isspace(reader->record->str[0]) && reader->owner == NULL)
        return fail(reader, "the first record has no name");
    record = dns_record_read(reader->record->str, reader->ttl, reader->origin,
                             &reader->owner, &why);
    if (record == NULL)
        return fail(reader, "not a record: %s", why);
    good = add_record(reader, record);
    dns_record_unref(record);
    return good;
}

static bool has_name_server(const DnsZone *zone)
{
    const GPtrArray *top = g_hash_table_lookup(zone->nodes, zone->origin);

    for (unsigned i = 0; i < top->len; i++)
        if (((DnsRecord *)g_ptr_array_index(top, i))->type == DNS_TYPE_NS)
            return true;
    return false;
}

/* What the zone as a whole must have. */
static bool check_whole(Reader *reader)
{
    if (reader->zone->origin == NULL)
        return fail(reader, "no records; a zone begins with its SOA");
    if (!has_name_server(reader->zone))
        return fail(reader,
                    "%s has no name servers; a zone has NS records at its top",
                    reader->zone->origin);
    return true;
}

/* Goes on after a record that is wrong by itself; what follows a bad line, SOA
 * or directive may be meant otherwise. */
static bool read_all(Reader *reader)
{
    bool good = true;

    while (next_record(reader)) {
        bool directive = reader->record->str[0] == '$';

        if (reader->record->len == 0)
            return good && check_whole(reader);
        if (directive ? read_directive(reader) : read_record(reader))
            continue;
        good = false;
        if (directive || reader->zone->origin == NULL)
            break;
    }
    return false;
}

DnsZone *dns_zone_read(const char *text, size_t len, const char *file,
                       GError **error)
{
    Reader reader = {
        .zone = g_new0(DnsZone, 1),
        .file = file,
        .at = text,
        .end = text + len,
        .line = 1,
        .record = g_string_new(NULL),
        .origin = g_strdup("."),
        .ttl = TTL_DEFAULT,
        .error = error,
    };
    bool good;

    reader.zone->nodes = g_hash_table_new_full(
        g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    good = read_all(&reader);
    g_string_free(reader.record, TRUE);
    g_free(reader.origin);
    g_free(reader.owner);
    if (good)
        return reader.zone;
    dns_zone_free(reader.zone);
    return NULL;
}

void dns_zone_free(DnsZone *zone)
{
    if (zone == NULL)
        return;
    g_hash_table_unref(zone->nodes);
    if (zone->soa != NULL)
        dns_record_unref(zone->soa);
    g_free(zone->origin);
    g_free(zone);
}

const char *dns_zone_origin(const DnsZone *zone) { return zone->origin; }
