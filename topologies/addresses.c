/* addresses.c - which address each interface has; see parts.h.
 *
 * Everything comes from 10.0.0.0/8, except what a node's `address` says.  A
 * router owns one block, so that the others need one route to all that is
 * behind it; in the block each of its lines has a /31 (RFC 3021), the router's
 * side first, and each switch a subnet without its first and last address, the
 * router on .1.  What no router is on has a subnet of its own, and so has the
 * switch with a `subnet`.  The same topology always gets the same addresses. */
#include "parts.h"

static const uint64_t SPACE_FIRST = 0x0a000000, SPACE_END = 0x0b000000;

/* How many addresses SEGMENT takes up: a power of two. */
static uint64_t size_of(const Segment *segment)
{
    uint64_t size = 2;

    /* A /31 for a line of a router; else the first and the last stay free. */
    if (!segment->switched && segment->owner != UINT32_MAX)
        return size;
    while (size < (uint64_t)segment->count + 2)
        size *= 2;
    return size;
}

static uint8_t prefix_len_of(uint64_t size)
{
    uint8_t len = V4 + 32;

    for (; size > 1; size /= 2)
        len--;
    return len;
}

/* --- one segment ---------------------------------------------------------- */

static IpAddress wanted_by(const Topology *topology, uint32_t interface)
{
    const PlannedInterface *planned = &topology->interfaces[interface];
    const Line *line = &topology->lines[planned->line];

    return topology->groups[topology->nodes[line->node[planned->side]].group]
        .address;
}

static bool is_wanted(const Topology *topology, IpAddress address)
{
    for (uint32_t i = 0; i < topology->group_count; i++)
        if (ip_equal(topology->groups[i].address, address))
            return true;
    return false;
}

/* Gives INTERFACE its own address, or the next one of SEGMENT from *NEXT on. */
static void give(Topology *topology, const Segment *segment, uint32_t interface,
                 uint32_t *next)
{
    PlannedInterface *planned = &topology->interfaces[interface];
    IpAddress address = wanted_by(topology, interface);

    if (!ip_is_none(address)) {
        planned->address = address;
        planned->alone = !segment->given;
        return;
    }
    do
        address = ip_from_v4(ip_to_v4(segment->prefix) + (*next)++);
    while (segment->given && is_wanted(topology, address));
    planned->address = address;
}

/* The prefix of SEGMENT is known: gives its addresses, the gateway's first. */
static void give_all(Topology *topology, const Segment *segment)
{
    uint32_t next = segment->prefix_len == V4 + 31 ? 0 : 1;

    if (segment->gateway != UINT32_MAX)
        give(topology, segment, segment->gateway, &next);
    for (uint32_t i = 0; i < segment->count; i++) {
        uint32_t interface = topology->segment_interfaces[segment->first + i];

        if (interface != segment->gateway)
            give(topology, segment, interface, &next);
    }
}

/* --- blocks --------------------------------------------------------------- */

/* The segments of one owner, the largest first, so that each is aligned. */
static gint larger_first(gconstpointer a, gconstpointer b, gpointer data)
{
    const Segment *segments = data;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    uint64_t size_i = size_of(&segments[i]), size_j = size_of(&segments[j]);

    if (size_i != size_j)
        return size_i > size_j ? -1 : 1;
    return i < j ? -1 : i > j;
}

/* Places the segments LIST (indices) together from *NEXT on: their block. */
static bool place_block(Topology *topology, GArray *list, uint64_t *next,
                        IpAddress *block, uint8_t *block_len)
{
    uint64_t sum = 0, size = 2, at;

    g_array_sort_with_data(list, larger_first, topology->segments);
    for (guint i = 0; i < list->len; i++)
        sum += size_of(&topology->segments[g_array_index(list, uint32_t, i)]);
    /* No block of /31s begins with an address that ends in .0. */
    if (size_of(&topology->segments[g_array_index(list, uint32_t, 0)]) == 2)
        sum += 2;
    while (size < sum)
        size *= 2;
    at = (*next + size - 1) / size * size;
    *next = at + size;
    if (*next > SPACE_END)
        return false;
    *block = ip_from_v4((uint32_t)at);
    *block_len = prefix_len_of(size);
    if (size_of(&topology->segments[g_array_index(list, uint32_t, 0)]) == 2)
        at += 2;
    for (guint i = 0; i < list->len; i++) {
        Segment *segment =
            &topology->segments[g_array_index(list, uint32_t, i)];

        segment->prefix = ip_from_v4((uint32_t)at);
        segment->prefix_len = prefix_len_of(size_of(segment));
        give_all(topology, segment);
        at += size_of(segment);
    }
    return true;
}

/* The segments of ROUTER, or those of nobody, appended to LIST. */
static void list_owned(const Topology *topology, uint32_t router, GArray *list)
{
    const PlannedNode *node = &topology->nodes[topology->routers[router].node];

    g_array_set_size(list, 0);
    for (uint32_t i = 0; i < node->interface_count; i++) {
        uint32_t interface = node->first_interface + i;
        uint32_t index = topology->interfaces[interface].segment;

        if (topology->segments[index].gateway == interface &&
            !topology->segments[index].given)
            g_array_append_val(list, index);
    }
}

static bool place_all(Topology *topology, GArray *list)
{
    uint64_t next = SPACE_FIRST;

    for (uint32_t i = 0; i < topology->router_count; i++) {
        Router *router = &topology->routers[i];

        list_owned(topology, i, list);
        if (list->len != 0 && !place_block(topology, list, &next,
                                           &router->block, &router->block_len))
            return false;
    }
    for (uint32_t i = 0; i < topology->segment_count; i++) {
        IpAddress block;
        uint8_t block_len;

        if (topology->segments[i].owner != UINT32_MAX ||
            topology->segments[i].given || topology->segments[i].count == 0)
            continue;
        g_array_set_size(list, 0);
        g_array_append_val(list, i);
        if (!place_block(topology, list, &next, &block, &block_len))
            return false;
    }
    return true;
}

/* --- given subnets and addresses ------------------------------------------ */

static const ConfigGroup *source_of(const Topology *topology,
                                    uint32_t interface)
{
    const PlannedInterface *planned = &topology->interfaces[interface];
    const Line *line = &topology->lines[planned->line];

    return topology->groups[topology->nodes[line->node[planned->side]].group]
        .source;
}

static bool fail(const ConfigGroup *source, const char *key,
                 const char *message, GError **error)
{
    char *text = config_group_text(source);

    config_fail(error, CONFIG_ERROR_VALUE, config_entry(source, key)->origin,
                text, key, "%s", message);
    g_free(text);
    return false;
}

/* The addresses that nodes behind the given subnet of SEGMENT want are in it.
 */
static bool check_given(const Topology *topology, const Segment *segment,
                        GError **error)
{
    uint32_t size = 1u << (128 - segment->prefix_len);

    for (uint32_t i = 0; i < segment->count; i++) {
        uint32_t interface = topology->segment_interfaces[segment->first + i];
        IpAddress wanted = wanted_by(topology, interface);
        uint32_t at = ip_to_v4(wanted) - ip_to_v4(segment->prefix);

        if (!ip_is_none(wanted) && (at == 0 || at >= size - 1))
            return fail(source_of(topology, interface), "address",
                        "not an address of a host in the subnet of the switch "
                        "it is linked to",
                        error);
    }
    return true;
}

static bool check_subnet(const Topology *topology, const NodeGroup *group,
                         GError **error)
{
    uint32_t node = topology->names[group - topology->groups].first;
    const Segment *segment =
        &topology
             ->segments[topology
                            ->interfaces[topology->nodes[node].first_interface]
                            .segment];

    if (segment->count + 2 > (uint64_t)1 << (128 - group->subnet_len))
        return fail(group->source, "subnet",
                    "too small for the nodes behind the switch", error);
    for (const NodeGroup *other = topology->groups; other != group; other++) {
        uint8_t len = MIN(other->subnet_len, group->subnet_len);

        if (!ip_is_none(other->subnet) &&
            ip_equal(ip_mask(other->subnet, len), ip_mask(group->subnet, len)))
            return fail(group->source, "subnet",
                        "overlaps the subnet of another switch", error);
    }
    return check_given(topology, segment, error);
}

static bool check_subnets(const Topology *topology, GError **error)
{
    bool good = true;

    for (uint32_t i = 0; i < topology->group_count; i++)
        if (!ip_is_none(topology->groups[i].subnet))
            good &= check_subnet(topology, &topology->groups[i], error);
    return good;
}

static void add_extra(Topology *topology, IpAddress prefix, uint8_t prefix_len,
                      uint32_t segment)
{
    Extra extra = {prefix, segment, prefix_len};

    g_array_append_val(topology->extras, extra);
}

/* Lists what is not in the blocks, and gives the addresses of given subnets. */
static void find_extras(Topology *topology)
{
    topology->extras = g_array_new(FALSE, FALSE, sizeof(Extra));
    for (uint32_t i = 0; i < topology->segment_count; i++) {
        const Segment *segment = &topology->segments[i];

        if (segment->given) {
            give_all(topology, segment);
            add_extra(topology, segment->prefix, segment->prefix_len, i);
        }
    }
    for (uint32_t i = 0; i < topology->group_count; i++) {
        const PlannedNode *node = &topology->nodes[topology->names[i].first];

        for (uint32_t j = 0; j < node->interface_count; j++) {
            const PlannedInterface *planned =
                &topology->interfaces[node->first_interface + j];

            if (planned->alone)
                add_extra(topology, planned->address, 128, planned->segment);
        }
    }
}

bool addresses_give(Topology *topology, GError **error)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = place_all(topology, list);

    g_array_free(list, TRUE);
    if (!good)
        return config_fail(error, CONFIG_ERROR_VALUE, (ConfigOrigin){NULL, 0},
                           NULL, NULL,
                           "too many nodes for the addresses of 10.0.0.0/8");
    if (!check_subnets(topology, error))
        return false;
    find_extras(topology);
    return true;
}
