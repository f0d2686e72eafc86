/* plan.c - interfaces and segments: what follows from nodes and lines alone;
 * see parts.h. */
#include "parts.h"

#include <stdlib.h>

enum { ROUTERS_MAX = 16384 };

/* --- disjoint sets -------------------------------------------------------- */

static uint32_t *sets_new(uint32_t count)
{
    uint32_t *sets = g_new(uint32_t, count);

    for (uint32_t i = 0; i < count; i++)
        sets[i] = i;
    return sets;
}

static uint32_t set_of(uint32_t *sets, uint32_t i)
{
    while (sets[i] != i)
        i = sets[i] = sets[sets[i]];
    return i;
}

/* The smaller number stands for the united set.  False: they were one before.
 */
static bool unite(uint32_t *sets, uint32_t a, uint32_t b)
{
    a = set_of(sets, a);
    b = set_of(sets, b);
    sets[MAX(a, b)] = MIN(a, b);
    return a != b;
}

/* --- interfaces ----------------------------------------------------------- */

static void number_interfaces(Topology *topology)
{
    uint32_t next = 0;

    for (uint32_t i = 0; i < topology->line_count; i++)
        for (unsigned side = 0; side < 2; side++)
            topology->nodes[topology->lines[i].node[side]].interface_count++;
    for (uint32_t i = 0; i < topology->node_count; i++) {
        topology->nodes[i].first_interface = next;
        next += topology->nodes[i].interface_count;
        topology->nodes[i].interface_count = 0; /* counted again below */
    }
    topology->interface_count = next;
    topology->interfaces = g_new0(PlannedInterface, next);
    for (uint32_t i = 0; i < topology->line_count; i++) {
        Line *line = &topology->lines[i];

        for (unsigned side = 0; side < 2; side++) {
            PlannedNode *node = &topology->nodes[line->node[side]];

            line->interface[side] =
                node->first_interface + node->interface_count++;
            topology->interfaces[line->interface[side]] =
                (PlannedInterface){.line = i, .side = side};
        }
    }
}

/* --- what cannot be ------------------------------------------------------- */

static bool fail(const ConfigGroup *source, GError **error, const char *format,
                 const char *a, const char *b)
{
    char *text = config_group_text(source);
    char *message = g_strdup_printf(format, a, b);

    config_fail(error, CONFIG_ERROR_VALUE, source->origin, text, NULL, "%s",
                message);
    g_free(message);
    g_free(text);
    return false;
}

static bool check_connected(const Topology *topology, GError **error)
{
    uint32_t *sets = sets_new(topology->node_count);
    char first[NODE_NAME_MAX], apart[NODE_NAME_MAX];
    bool good = true;

    for (uint32_t i = 0; i < topology->line_count; i++)
        unite(sets, topology->lines[i].node[0], topology->lines[i].node[1]);
    for (uint32_t i = 1; i < topology->node_count && good; i++) {
        if (set_of(sets, i) == 0)
            continue;
        network_group_name(topology->names, topology->group_count, 0, first);
        network_group_name(topology->names, topology->group_count, i, apart);
        good = fail(topology->groups[topology->nodes[i].group].source, error,
                    "the network is in two parts: nothing leads from '%s' to "
                    "'%s'; add a link",
                    first, apart);
    }
    g_free(sets);
    return good;
}

/* Which switches make one segment with which: *SETS, by node (g_free). */
static bool join_switches(const Topology *topology, uint32_t **sets,
                          GError **error)
{
    *sets = sets_new(topology->node_count);
    for (uint32_t i = 0; i < topology->line_count; i++) {
        const Line *line = &topology->lines[i];

        if (planned_kind(topology, line->node[0]) == NODE_SWITCH &&
            planned_kind(topology, line->node[1]) == NODE_SWITCH &&
            !unite(*sets, line->node[0], line->node[1]))
            return fail(topology->line_groups[line->group].source, error,
                        "closes a loop of switches, in which a broadcast would "
                        "go round for ever; remove one of their links%s%s",
                        "", "");
    }
    return true;
}

static bool check_nodes(const Topology *topology, GError **error)
{
    bool good = true;

    for (uint32_t i = 0; i < topology->group_count; i++) {
        const NodeGroup *group = &topology->groups[i];
        const PlannedNode *node = &topology->nodes[topology->names[i].first];

        if (node->interface_count == 0)
            good = fail(group->source, error,
                        "a node without a link; add [link %s -- ...]%s",
                        group->source->name, "");
        if (!ip_is_none(group->address) && node->interface_count > 1)
            good = fail(group->source, error,
                        "a node with an address has one link%s%s; remove "
                        "'address' or the other links",
                        "", "");
    }
    return good;
}

/* --- segments ------------------------------------------------------------- */

/* Numbers the segments: SEGMENT_OF gets that of each line. */
static void number_segments(Topology *topology, uint32_t *sets,
                            uint32_t *segment_of)
{
    uint32_t *of_switch = g_new(uint32_t, topology->node_count);

    for (uint32_t i = 0; i < topology->node_count; i++)
        of_switch[i] = UINT32_MAX;
    for (uint32_t i = 0; i < topology->line_count; i++) {
        const Line *line = &topology->lines[i];
        uint32_t *number = &segment_of[i];

        for (unsigned side = 0; side < 2; side++)
            if (planned_kind(topology, line->node[side]) == NODE_SWITCH)
                number = &of_switch[set_of(sets, line->node[side])];
        if (number == &segment_of[i] || *number == UINT32_MAX)
            *number = topology->segment_count++;
        segment_of[i] = *number;
    }
    g_free(of_switch);
}

static bool has_address(const Topology *topology, const Line *line,
                        unsigned side)
{
    return planned_kind(topology, line->node[side]) != NODE_SWITCH;
}

static void fill_segments(Topology *topology, const uint32_t *segment_of)
{
    uint32_t next = 0;

    topology->segments = g_new0(Segment, topology->segment_count);
    for (uint32_t i = 0; i < topology->line_count; i++) {
        const Line *line = &topology->lines[i];
        Segment *segment = &topology->segments[segment_of[i]];

        for (unsigned side = 0; side < 2; side++)
            if (has_address(topology, line, side))
                segment->count++;
            else
                segment->switched = true;
    }
    for (uint32_t i = 0; i < topology->segment_count; i++) {
        Segment *segment = &topology->segments[i];

        segment->first = next;
        segment->gateway = UINT32_MAX;
        segment->owner = UINT32_MAX;
        next += segment->count;
        segment->count = 0; /* counted again below */
    }
    topology->segment_interfaces = g_new0(uint32_t, next);
    for (uint32_t i = 0; i < topology->line_count; i++) {
        const Line *line = &topology->lines[i];
        Segment *segment = &topology->segments[segment_of[i]];

        for (unsigned side = 0; side < 2; side++) {
            topology->interfaces[line->interface[side]].segment = segment_of[i];
            if (has_address(topology, line, side))
                topology
                    ->segment_interfaces[segment->first + segment->count++] =
                    line->interface[side];
        }
    }
}

/* --- routers -------------------------------------------------------------- */

static bool number_routers(Topology *topology, GError **error)
{
    uint32_t next = 0;

    for (uint32_t i = 0; i < topology->node_count; i++)
        topology->router_count += planned_kind(topology, i) == NODE_ROUTER;
    topology->routers = g_new0(Router, topology->router_count);
    for (uint32_t i = 0; i < topology->node_count; i++) {
        if (planned_kind(topology, i) != NODE_ROUTER)
            continue;
        if (next == ROUTERS_MAX)
            return fail(topology->groups[topology->nodes[i].group].source,
                        error, "too many routers; at most 16384%s%s", "", "");
        topology->routers[next++].node = i;
    }
    return true;
}

/* A segment belongs to the first router on it, which is the others' gateway. */
static void find_owners(Topology *topology)
{
    for (uint32_t i = 0; i < topology->router_count; i++) {
        const PlannedNode *node = &topology->nodes[topology->routers[i].node];

        for (uint32_t j = 0; j < node->interface_count; j++) {
            uint32_t interface = node->first_interface + j;
            Segment *segment =
                &topology->segments[topology->interfaces[interface].segment];

            if (segment->owner == UINT32_MAX) {
                segment->owner = i;
                segment->gateway = interface;
            }
        }
    }
}

/* The subnets that switches name. */
static bool find_subnets(Topology *topology, GError **error)
{
    for (uint32_t i = 0; i < topology->group_count; i++) {
        const NodeGroup *group = &topology->groups[i];
        const PlannedNode *node = &topology->nodes[topology->names[i].first];
        Segment *segment;

        if (ip_is_none(group->subnet))
            continue;
        segment =
            &topology->segments[topology->interfaces[node->first_interface]
                                    .segment];
        if (segment->given)
            return fail(group->source, error,
                        "another switch of the same network has a subnet%s%s; "
                        "give it once",
                        "", "");
        segment->given = true;
        segment->prefix = group->subnet;
        segment->prefix_len = group->subnet_len;
    }
    return true;
}

bool plan_make(Topology *topology, GError **error)
{
    uint32_t *sets = NULL, *segment_of;
    bool good;

    number_interfaces(topology);
    good = check_connected(topology, error) &&
           join_switches(topology, &sets, error) &&
           check_nodes(topology, error) && number_routers(topology, error);
    if (good) {
        segment_of = g_new(uint32_t, topology->line_count);
        number_segments(topology, sets, segment_of);
        fill_segments(topology, segment_of);
        find_owners(topology);
        good = find_subnets(topology, error) && addresses_give(topology, error);
        g_free(segment_of);
    }
    g_free(sets);
    return good;
}

void plan_clear(Topology *topology)
{
    g_free(topology->interfaces);
    g_free(topology->segments);
    g_free(topology->segment_interfaces);
    g_free(topology->routers);
    if (topology->extras != NULL)
        g_array_free(topology->extras, TRUE);
    g_free(topology->hops);
    g_free(topology->next_hop);
}
