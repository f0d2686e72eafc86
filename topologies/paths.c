/* paths.c - the shortest way from every router to every other; see parts.h.
 *
 * One run of Dijkstra's algorithm for each router.  A line costs its delay and
 * the time that 1500 bytes take at its rate, in the direction of travel;
 * between two routers on a switch the first line and the last one count.  Of
 * equally short ways the first one found is taken, in the order of the routers
 * and their links in the file. */
#include "parts.h"

enum { PACKET_BYTES = 1500 };

/* --- neighbours ----------------------------------------------------------- */

static uint64_t line_cost(const Topology *topology, uint32_t interface,
                          bool outwards)
{
    const PlannedInterface *planned = &topology->interfaces[interface];
    const Line *line = &topology->lines[planned->line];
    const LinkConfig *config =
        &topology->line_groups[line->group].config[planned->side ^ !outwards];

    return (uint64_t)config->delay +
           (uint64_t)simtime_of_bytes(PACKET_BYTES, config->rate) + 1;
}

static uint32_t node_of(const Topology *topology, uint32_t interface)
{
    const PlannedInterface *planned = &topology->interfaces[interface];

    return topology->lines[planned->line].node[planned->side];
}

/* The hops that INTERFACE of a router offers, appended to HOPS. */
static void list_hops(const Topology *topology, const uint32_t *router_of,
                      uint32_t interface, GArray *hops)
{
    const Segment *segment =
        &topology->segments[topology->interfaces[interface].segment];

    for (uint32_t i = 0; i < segment->count; i++) {
        uint32_t other = topology->segment_interfaces[segment->first + i];
        uint32_t node = node_of(topology, other);
        Hop hop = {.interface = interface, .to = router_of[node]};

        if (hop.to == UINT32_MAX || node == node_of(topology, interface))
            continue;
        hop.address = topology->interfaces[other].address;
        hop.cost = line_cost(topology, interface, true);
        if (segment->switched)
            hop.cost += line_cost(topology, other, false);
        g_array_append_val(hops, hop);
    }
}

static void find_hops(Topology *topology)
{
    uint32_t *router_of = g_new(uint32_t, topology->node_count);
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(Hop));

    for (uint32_t i = 0; i < topology->node_count; i++)
        router_of[i] = UINT32_MAX;
    for (uint32_t i = 0; i < topology->router_count; i++)
        router_of[topology->routers[i].node] = i;
    for (uint32_t i = 0; i < topology->router_count; i++) {
        Router *router = &topology->routers[i];
        const PlannedNode *node = &topology->nodes[router->node];

        router->first_hop = hops->len;
        for (uint32_t j = 0; j < node->interface_count; j++)
            list_hops(topology, router_of, node->first_interface + j, hops);
        router->hop_count = hops->len - router->first_hop;
    }
    topology->hop_count = hops->len;
    topology->hops = (Hop *)(void *)g_array_free(hops, FALSE);
    g_free(router_of);
}

/* --- a heap of routers by cost -------------------------------------------- */

typedef struct Reached {
    uint64_t cost;
    uint32_t router;
} Reached;

typedef struct Frontier {
    Reached *heap; /* binary; the cheapest first, of equals the lower router */
    size_t len;
} Frontier;

static bool before(Reached a, Reached b)
{
    return a.cost < b.cost || (a.cost == b.cost && a.router < b.router);
}

static void frontier_put(Frontier *frontier, Reached reached)
{
    size_t at = frontier->len++;

    for (; at > 0 && before(reached, frontier->heap[(at - 1) / 2]);
         at = (at - 1) / 2)
        frontier->heap[at] = frontier->heap[(at - 1) / 2];
    frontier->heap[at] = reached;
}

static Reached frontier_take(Frontier *frontier)
{
    Reached first = frontier->heap[0];
    Reached last = frontier->heap[--frontier->len];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < frontier->len &&
            before(frontier->heap[child + 1], frontier->heap[child]))
            child++;
        if (child >= frontier->len || !before(frontier->heap[child], last))
            break;
        frontier->heap[at] = frontier->heap[child];
        at = child;
    }
    frontier->heap[at] = last;
    return first;
}

/* --- shortest paths ------------------------------------------------------- */

/* Fills NEXT[to] with the first hop of the shortest way from FROM.  COST is
 * scratch, one for each router; FRONTIER's heap holds a place for each hop. */
static void paths_from(const Topology *topology, uint32_t from, uint32_t *next,
                       uint64_t *cost, Frontier *frontier)
{
    for (uint32_t i = 0; i < topology->router_count; i++) {
        next[i] = UINT32_MAX;
        cost[i] = UINT64_MAX;
    }
    cost[from] = 0;
    frontier_put(frontier, (Reached){0, from});
    while (frontier->len != 0) {
        Reached here = frontier_take(frontier);
        const Router *router = &topology->routers[here.router];

        if (here.cost > cost[here.router])
            continue; /* a cheaper way was found since */
        for (uint32_t i = 0; i < router->hop_count; i++) {
            const Hop *hop = &topology->hops[router->first_hop + i];
            uint64_t there = here.cost + hop->cost;

            if (there >= cost[hop->to])
                continue;
            cost[hop->to] = there;
            next[hop->to] =
                here.router == from ? router->first_hop + i : next[here.router];
            frontier_put(frontier, (Reached){there, hop->to});
        }
    }
}

void paths_find(Topology *topology)
{
    size_t routers = topology->router_count;
    uint64_t *cost = g_new(uint64_t, routers);
    Frontier frontier = {0};

    find_hops(topology);
    frontier.heap = g_new(Reached, topology->hop_count + 1);
    topology->next_hop = g_new(uint32_t, routers * routers);
    for (uint32_t i = 0; i < routers; i++)
        paths_from(topology, i, topology->next_hop + i * routers, cost,
                   &frontier);
    g_free(frontier.heap);
    g_free(cost);
}
