/* routes.c - the table of every node, and by which of its addresses a node is
 * reached; see parts.h.
 *
 * A leaf has a default route; a router, a prefix for each other router and for
 * what is given; both, the segments that they are on.  A host with several
 * links is set up as an administrator would do it: its default route leads to
 * the first of them that has a router, and what this router does not reach goes
 * to the first that does. */
#include "parts.h"

/* --- who reaches what ----------------------------------------------------- */

static const Segment *segment_at(const Topology *topology, uint32_t interface)
{
    return &topology->segments[topology->interfaces[interface].segment];
}

static const PlannedNode *planned_router(const Topology *topology,
                                         uint32_t router)
{
    return &topology->nodes[topology->routers[router].node];
}

/* Whether a packet for router TO (or UINT32_MAX: none) gets there from the
 * router of segment FROM. */
static bool leads_to(const Topology *topology, const Segment *from, uint32_t to)
{
    size_t row = (size_t)from->owner * topology->router_count;

    if (from->owner == UINT32_MAX || to == UINT32_MAX)
        return false;
    return from->owner == to || topology->next_hop[row + to] != UINT32_MAX;
}

static bool is_on(const Topology *topology, const PlannedNode *node,
                  uint32_t segment)
{
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (topology->interfaces[node->first_interface + i].segment == segment)
            return true;
    return false;
}

/* Which of NODE's lines leads to router TO: the first that does, UINT32_MAX
 * when none does. */
static uint32_t line_to(const Topology *topology, const PlannedNode *node,
                        uint32_t to)
{
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (leads_to(topology, segment_at(topology, node->first_interface + i),
                     to))
            return i;
    return UINT32_MAX;
}

IpAddress routes_address(const Topology *topology, uint32_t from, uint32_t to)
{
    const PlannedNode *asks = &topology->nodes[from];
    const PlannedNode *node = &topology->nodes[to];
    const PlannedInterface *own = &topology->interfaces[node->first_interface];

    for (uint32_t i = 0; i < node->interface_count; i++)
        if (is_on(topology, asks, own[i].segment))
            return own[i].address;
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (line_to(topology, asks, topology->segments[own[i].segment].owner) !=
            UINT32_MAX)
            return own[i].address;
    return node->interface_count != 0 ? own[0].address : IP_NONE;
}

/* --- hosts ---------------------------------------------------------------- */

/* The segments that a host or router is on. */
static void route_connected(Host *host, const Topology *topology,
                            const PlannedNode *planned)
{
    for (uint32_t i = 0; i < planned->interface_count; i++) {
        const Segment *segment =
            segment_at(topology, planned->first_interface + i);

        route_add(&host->routes, (Route){.prefix = segment->prefix,
                                         .prefix_len = segment->prefix_len,
                                         .interface = i});
    }
}

/* Who is on a segment with HOST, but by an address from elsewhere. */
static void route_neighbors(Host *host, const Topology *topology,
                            const PlannedNode *planned)
{
    for (uint32_t i = planned->interface_count; i-- > 0;) {
        uint32_t at = planned->first_interface + i;
        const Segment *segment = segment_at(topology, at);

        for (uint32_t j = 0; j < segment->count; j++) {
            uint32_t other = topology->segment_interfaces[segment->first + j];

            if (other != at && topology->interfaces[other].alone)
                route_add(&host->routes,
                          (Route){.prefix = topology->interfaces[other].address,
                                  .prefix_len = 128,
                                  .interface = i});
        }
    }
}

/* PREFIX, through line I of the host and the router there. */
static void route_through(Host *host, const Topology *topology,
                          const PlannedNode *planned, uint32_t i,
                          IpAddress prefix, uint8_t prefix_len)
{
    const Segment *segment = segment_at(topology, planned->first_interface + i);
    Route route = {.prefix = prefix, .prefix_len = prefix_len, .interface = i};

    if (segment->gateway != UINT32_MAX)
        route.next_hop = topology->interfaces[segment->gateway].address;
    route_add(&host->routes, route);
}

/* The line of the default route: the first with a router, else the first. */
static uint32_t default_line(const Topology *topology,
                             const PlannedNode *planned)
{
    for (uint32_t i = 0; i < planned->interface_count; i++)
        if (segment_at(topology, planned->first_interface + i)->gateway !=
            UINT32_MAX)
            return i;
    return 0;
}

/* What is behind routers that the default route, by line USUAL, may not reach.
 * An address of several lines is listed with each: the first is taken. */
static void route_beyond(Host *host, const Topology *topology,
                         const PlannedNode *planned, uint32_t usual)
{
    for (uint32_t to = 0; to < topology->router_count; to++) {
        const Router *router = &topology->routers[to];
        uint32_t i = line_to(topology, planned, to);

        if (router->block_len != 0 && i != UINT32_MAX && i != usual)
            route_through(host, topology, planned, i, router->block,
                          router->block_len);
    }
    for (guint e = topology->extras->len; e-- > 0;) {
        const Extra *extra = &g_array_index(topology->extras, Extra, e);
        uint32_t i = line_to(topology, planned,
                             topology->segments[extra->segment].owner);

        if (i != UINT32_MAX)
            route_through(host, topology, planned, i, extra->prefix,
                          extra->prefix_len);
    }
}

static bool has_several_routers(const Topology *topology,
                                const PlannedNode *planned)
{
    unsigned routers = 0;

    for (uint32_t i = 0; i < planned->interface_count; i++)
        routers +=
            segment_at(topology, planned->first_interface + i)->gateway !=
            UINT32_MAX;
    return routers > 1;
}

static void build_host(Host *host, const Topology *topology,
                       const PlannedNode *planned)
{
    uint32_t usual = default_line(topology, planned);

    if (has_several_routers(topology, planned))
        route_beyond(host, topology, planned, usual);
    /* A leaf on a line needs no more than its default route. */
    if (planned->interface_count > 1 ||
        segment_at(topology, planned->first_interface)->switched)
        route_connected(host, topology, planned);
    if (planned->interface_count > 1)
        route_neighbors(host, topology, planned);
    route_through(host, topology, planned, usual, IP_NONE, 0);
}

/* --- routers -------------------------------------------------------------- */

/* PREFIX, which router TO owns, in the table of router FROM. */
static void route_remote(Host *host, const Topology *topology, uint32_t from,
                         uint32_t to, IpAddress prefix, uint8_t prefix_len)
{
    uint32_t hop =
        topology->next_hop[(size_t)from * topology->router_count + to];

    if (hop != UINT32_MAX)
        route_add(&host->routes,
                  (Route){.prefix = prefix,
                          .prefix_len = prefix_len,
                          .next_hop = topology->hops[hop].address,
                          .interface =
                              topology->hops[hop].interface -
                              planned_router(topology, from)->first_interface});
}

/* The line of ROUTER that is on segment INDEX, UINT32_MAX when none is. */
static uint32_t line_on(const Topology *topology, uint32_t router,
                        uint32_t index)
{
    const PlannedNode *planned = planned_router(topology, router);
    const Segment *segment = &topology->segments[index];

    for (uint32_t i = 0; i < segment->count; i++) {
        uint32_t at = topology->segment_interfaces[segment->first + i] -
                      planned->first_interface;

        if (at < planned->interface_count)
            return at;
    }
    return UINT32_MAX;
}

/* What is given: of an address of several lines, one on the router's own
 * segments first, then the first that it reaches. */
static void route_extras(Host *host, const Topology *topology, uint32_t router)
{
    for (guint i = topology->extras->len; i-- > 0;) {
        const Extra *extra = &g_array_index(topology->extras, Extra, i);
        uint32_t owner = topology->segments[extra->segment].owner;

        if (owner != UINT32_MAX && owner != router)
            route_remote(host, topology, router, owner, extra->prefix,
                         extra->prefix_len);
    }
    for (guint i = topology->extras->len; i-- > 0;) {
        const Extra *extra = &g_array_index(topology->extras, Extra, i);
        uint32_t line = line_on(topology, router, extra->segment);

        if (line != UINT32_MAX)
            route_add(&host->routes, (Route){.prefix = extra->prefix,
                                             .prefix_len = extra->prefix_len,
                                             .interface = line});
    }
}

static void build_router(Host *host, const Topology *topology, uint32_t router)
{
    for (uint32_t to = 0; to < topology->router_count; to++)
        if (to != router && topology->routers[to].block_len != 0)
            route_remote(host, topology, router, to,
                         topology->routers[to].block,
                         topology->routers[to].block_len);
    /* After the blocks: what is connected here may be one of them. */
    route_connected(host, topology, planned_router(topology, router));
    route_extras(host, topology, router);
    route_pack(&host->routes);
}

/* --- whole ---------------------------------------------------------------- */

void routes_build(Network *network)
{
    const Topology *topology = network->topology;

    for (uint32_t i = 0; i < topology->node_count; i++) {
        Host *host = &network->nodes[i].host;

        if (host->interface_count != 0 && !host->forwards)
            build_host(host, topology, &topology->nodes[i]);
    }
    for (uint32_t i = 0; i < topology->router_count; i++)
        build_router(&network->nodes[topology->routers[i].node].host, topology,
                     i);
}
