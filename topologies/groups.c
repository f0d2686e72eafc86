/* groups.c - the [node ...] groups of a topology, and the nodes they make; see
 * parts.h. */
#include "parts.h"

#include <string.h>

enum { NODES_MAX = 1 << 24 }; /* as many as 10.0.0.0/8 has addresses */

#define KEY(field) offsetof(NodeKeys, field)
const ConfigKey node_keys[] = {
    {.key = "kind",
     .type = CONFIG_CHOICE,
     .offset = KEY(kind),
     .choices = "client|resolver|router|server|switch",
     .sentence = "What the node is.",
     .source = ""},
    {.key = "count",
     .type = CONFIG_COUNT,
     .offset = KEY(count),
     .def = "one",
     .min = 1,
     .max = NODES_MAX,
     .choices = "one",
     .sentence = "How many there are, called NAME.1, NAME.2 ...; one: NAME.",
     .source = ""},
    {.key = "address",
     .type = CONFIG_TEXT,
     .offset = KEY(address),
     .def = "",
     .sentence = "Its IPv4 address, where it must be a certain one.",
     .source = ""},
    {.key = "subnet",
     .type = CONFIG_TEXT,
     .offset = KEY(subnet),
     .def = "",
     .sentence = "The IPv4 subnet of who is behind a switch: A.B.C.D/N.",
     .source = "RFC 4632 s3.1"},
    {.key = "resolver",
     .type = CONFIG_TEXT,
     .offset = KEY(resolver),
     .def = "",
     .sentence = "The resolver node that a client asks for names.",
     .source = ""},
    {.key = "roots",
     .type = CONFIG_TEXT,
     .offset = KEY(roots),
     .def = "",
     .sentence = "The root servers that a resolver starts at: NODE, NODE...",
     .source = "RFC 9609"},
    {.key = "zones",
     .type = CONFIG_TEXT,
     .offset = KEY(zones),
     .def = "",
     .sentence = "Zone files that a server is authoritative for: FILE, FILE...",
     .source = "RFC 1035 s5"},
    {.key = "http",
     .type = CONFIG_BOOL,
     .offset = KEY(http),
     .def = "no",
     .sentence = "A server answers HTTP.",
     .source = ""},
    {.key = "site",
     .type = CONFIG_TEXT,
     .offset = KEY(site),
     .def = "sites/www.example.com",
     .sentence = "The folder that a server serves by HTTP.",
     .source = ""},
    {.key = "port",
     .type = CONFIG_COUNT,
     .offset = KEY(port),
     .def = "80",
     .min = 1,
     .max = 65535,
     .sentence = "The port of the HTTP server.",
     .source = "RFC 9110 s4.2.1"},
    {.key = NULL},
};
#undef KEY

uint32_t group_find(const Topology *topology, const char *name)
{
    for (uint32_t i = 0; i < topology->group_count; i++)
        if (strcmp(topology->names[i].name, name) == 0)
            return i;
    return UINT32_MAX;
}

bool group_missing(const Topology *topology, const ConfigGroup *source,
                   const ConfigEntry *entry, const char *name, GError **error)
{
    const char **names = g_new0(const char *, topology->group_count + 1);
    char *group = config_group_text(source);
    const char *near;

    for (uint32_t i = 0; i < topology->group_count; i++)
        names[i] = topology->names[i].name;
    near = config_did_you_mean(name, names);
    config_fail(error, CONFIG_ERROR_NAME,
                entry != NULL ? entry->origin : source->origin, group,
                entry != NULL ? entry->key : NULL,
                near != NULL ? "there is no node '%s'; did you mean '%s'?"
                             : "there is no node '%s'; add [node %s]",
                name, near != NULL ? near : name);
    g_free(group);
    g_free(names);
    return false;
}

/* Letters, digits, '-' and '_', beginning with a letter or digit: no dot, which
 * stands before a member's number. */
static bool name_is_good(const char *name)
{
    if (!g_ascii_isalnum(*name))
        return false;
    for (; *name != '\0'; name++)
        if (!g_ascii_isalnum(*name) && *name != '-' && *name != '_')
            return false;
    return true;
}

static bool fail(const ConfigGroup *source, const char *key,
                 const char *message, GError **error)
{
    const ConfigEntry *entry = key != NULL ? config_entry(source, key) : NULL;
    char *text = config_group_text(source);

    config_fail(error, CONFIG_ERROR_VALUE,
                entry != NULL ? entry->origin : source->origin, text, key, "%s",
                message);
    g_free(text);
    return false;
}

/* Keys that say something only to some kinds of nodes. */
static const struct {
    const char *key;
    unsigned kinds; /* bits of NodeKind */
    const char *message;
} key_rules[] = {
    {"resolver", 1 << NODE_CLIENT, "only a client has a resolver"},
    {"roots", 1 << NODE_RESOLVER, "only a resolver has root servers"},
    {"zones", 1 << NODE_SERVER, "only a server has zones"},
    {"http", 1 << NODE_SERVER, "only a server answers HTTP"},
    {"site", 1 << NODE_SERVER, "only a server has a site"},
    {"port", 1 << NODE_SERVER, "only a server has a port"},
    {"address", 1 << NODE_CLIENT | 1 << NODE_RESOLVER | 1 << NODE_SERVER,
     "a router's and a switch's addresses follow from its lines"},
    {"subnet", 1 << NODE_SWITCH, "only a switch has a subnet"},
};

bool node_key_applies(const NodeKeys *node, const char *key)
{
    if (!node->http && (strcmp(key, "site") == 0 || strcmp(key, "port") == 0))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(key_rules); i++)
        if (strcmp(key_rules[i].key, key) == 0)
            return key_rules[i].kinds >> node->kind & 1;
    return true;
}

static bool check_kind(const NodeGroup *group, GError **error)
{
    bool good = true;

    for (size_t i = 0; i < G_N_ELEMENTS(key_rules); i++)
        if (config_entry(group->source, key_rules[i].key) != NULL &&
            !(key_rules[i].kinds >> group->keys.kind & 1))
            good = fail(group->source, key_rules[i].key, key_rules[i].message,
                        error);
    return good;
}

#define RESERVED                                                               \
    "not free for hosts: 0.0.0.0/8, 127.0.0.0/8 and 224.0.0.0 up are not "     \
    "theirs (RFC 1122 s3.2.1.3), 10.0.0.0/8 is given out by the program"

static bool ip_is_reserved(IpAddress address)
{
    uint32_t first = ip_to_v4(address) >> 24;

    return first == 0 || first == 10 || first == 127 || first >= 224;
}

static bool read_address(NodeGroup *group, GError **error)
{
    if (group->keys.address == NULL)
        return true;
    if (group->keys.count != 0)
        return fail(group->source, "address",
                    "one address cannot be that of several nodes; leave out "
                    "'count' or 'address'",
                    error);
    if (!ip_from_text(group->keys.address, &group->address))
        return fail(group->source, "address",
                    "not an IPv4 address; write one such as 203.0.113.80",
                    error);
    if (ip_is_reserved(group->address))
        return fail(group->source, "address", RESERVED, error);
    return true;
}

/* "203.0.113.0/24". */
static bool parse_subnet(const char *text, IpAddress *prefix, uint8_t *len)
{
    char **parts = g_strsplit(text, "/", 2);
    gint64 bits;
    bool good = parts[0] != NULL && parts[1] != NULL &&
                g_ascii_string_to_signed(parts[1], 10, 8, 30, &bits, NULL) &&
                ip_from_text(parts[0], prefix) &&
                ip_equal(*prefix, ip_mask(*prefix, V4 + (unsigned)bits));

    if (good)
        *len = (uint8_t)(V4 + bits);
    g_strfreev(parts);
    return good;
}

static bool read_subnet(NodeGroup *group, GError **error)
{
    if (group->keys.subnet == NULL)
        return true;
    if (group->keys.count != 0)
        return fail(group->source, "subnet",
                    "one subnet cannot be that of several switches; leave out "
                    "'count' or 'subnet'",
                    error);
    if (!parse_subnet(group->keys.subnet, &group->subnet, &group->subnet_len))
        return fail(group->source, "subnet",
                    "not an IPv4 subnet; write its first address and a length "
                    "from 8 to 30, such as 203.0.113.0/24",
                    error);
    if (ip_is_reserved(group->subnet))
        return fail(group->source, "subnet", RESERVED, error);
    return true;
}

/* The name of a group, and how many nodes it is. */
static bool name_group(Topology *topology, const NodeGroup *group,
                       NetworkGroup *name, GError **error)
{
    const ConfigGroup *source = group->source;
    uint32_t count = MAX(group->keys.count, 1);
    bool good = true;

    if (!name_is_good(source->name))
        good = fail(source, NULL,
                    "a node's name is made of letters, digits, '-' and '_'",
                    error);
    if (strlen(source->name) >= NODE_NAME_MAX - 12)
        good = fail(source, NULL, "the name is too long", error);
    if (count > NODES_MAX - topology->node_count) {
        good = fail(source, "count", "too many nodes; at most 16777216", error);
        count = 1;
    }
    *name = (NetworkGroup){.name = g_strdup(source->name),
                           .first = topology->node_count,
                           .count = count,
                           .numbered = group->keys.count != 0};
    topology->node_count += count;
    return good;
}

/* The group is there after a mistake in it, too: others may name it. */
static bool read_group(Topology *topology, const ConfigGroup *source,
                       GError **error)
{
    uint32_t index = topology->group_count++;
    NodeGroup *group = &topology->groups[index];
    bool good;

    group->source = source;
    config_defaults(node_keys, 0, &group->keys);
    good = config_complete(node_keys, source, error);
    good &= config_apply(node_keys, source, &group->keys, error);
    group->good = good;
    good = good && check_kind(group, error);
    good &= read_address(group, error);
    good &= read_subnet(group, error);
    return name_group(topology, group, &topology->names[index], error) && good;
}

/* Two nodes may not have one address. */
static bool check_addresses(const Topology *topology, GError **error)
{
    bool good = true;

    for (uint32_t i = 0; i < topology->group_count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (!ip_is_none(topology->groups[i].address) &&
                ip_equal(topology->groups[i].address,
                         topology->groups[j].address))
                good = fail(topology->groups[i].source, "address",
                            "another node has this address; each needs its own",
                            error);
    return good;
}

bool groups_read(Topology *topology, const Config *config, GError **error)
{
    bool good = true;

    topology->groups = g_new0(NodeGroup, config->groups->len);
    topology->names = g_new0(NetworkGroup, config->groups->len);
    for (guint i = 0; i < config->groups->len; i++) {
        const ConfigGroup *source = config->groups->pdata[i];

        if (strcmp(source->kind, "node") == 0)
            good &= read_group(topology, source, error);
    }
    good &= check_addresses(topology, error);
    topology->nodes = g_new0(PlannedNode, topology->node_count);
    for (uint32_t i = 0; i < topology->group_count; i++)
        for (uint32_t j = 0; j < topology->names[i].count; j++)
            topology->nodes[topology->names[i].first + j].group = i;
    return good;
}

void groups_clear(Topology *topology)
{
    for (uint32_t i = 0; i < topology->group_count; i++) {
        services_clear(&topology->groups[i]);
        config_clear_struct(node_keys, &topology->groups[i].keys);
        g_free((char *)topology->names[i].name);
    }
    g_free(topology->groups);
    g_free(topology->names);
    g_free(topology->nodes);
}
