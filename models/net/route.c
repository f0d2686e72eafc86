/* route.c - longest prefix match by hashing; see route.h.
 *
 * All prefixes stand in one array; one open-addressed table of array indices is
 * keyed by (prefix, length).  Which lengths occur is a short list, longest
 * first.  The cache remembers the answer for a destination, default and "none"
 * included; it is made at the first look-up and thrown away when a route is
 * added. */
#include "route.h"

#include <glib.h>

enum {
    FIRST_SLOTS = 8,
    CACHE_MIN = 16,  /* entries: as many as there are slots for routes, */
    CACHE_MAX = 256, /* but no more than stay in a processor's cache */
    LENGTHS = 129,
    FREE = UINT32_MAX
};

typedef struct Remembered {
    IpAddress destination; /* IP_NONE: the slot is empty */
    const Route *route;    /* NULL: there is none */
} Remembered;

typedef struct RouteIndex {
    Route *routes;
    uint32_t *slots;   /* indices into routes, or FREE */
    Remembered *cache; /* NULL: nothing was looked up since the last change */
    uint32_t count, room; /* of routes */
    uint32_t slot_mask;   /* at most three quarters of the slots are taken */
    uint32_t cache_mask;
    uint8_t length_count;
    uint8_t lengths[LENGTHS]; /* present, longest first */
} RouteIndex;

static uint32_t hash(IpAddress address, unsigned prefix_len)
{
    uint64_t h = (address.lo ^ (address.hi * 0x9e3779b97f4a7c15u)) + prefix_len;

    h *= 0xff51afd7ed558ccdu;
    h ^= h >> 32;
    h *= 0xc4ceb9fe1a85ec53u;
    return (uint32_t)(h >> 32);
}

/* The slot that holds (PREFIX, PREFIX_LEN), or the free one where it belongs.
 */
static uint32_t *slot_of(const RouteIndex *index, IpAddress prefix,
                         unsigned prefix_len)
{
    uint32_t at = hash(prefix, prefix_len) & index->slot_mask;

    while (index->slots[at] != FREE) {
        const Route *route = &index->routes[index->slots[at]];

        if (ip_equal(route->prefix, prefix) && route->prefix_len == prefix_len)
            break;
        at = (at + 1) & index->slot_mask;
    }
    return &index->slots[at];
}

static void forget(RouteIndex *index)
{
    g_free(index->cache);
    index->cache = NULL;
}

static void start_cache(RouteIndex *index)
{
    uint32_t size = CLAMP((index->slot_mask + 1) / 2, CACHE_MIN, CACHE_MAX);

    index->cache = g_new0(Remembered, size);
    index->cache_mask = size - 1;
}

/* COUNT is a power of two. */
static void make_slots(RouteIndex *index, uint32_t count)
{
    index->slot_mask = count - 1;
    index->slots = g_renew(uint32_t, index->slots, count);
    for (uint32_t i = 0; i < count; i++)
        index->slots[i] = FREE;
    for (uint32_t i = 0; i < index->count; i++)
        *slot_of(index, index->routes[i].prefix, index->routes[i].prefix_len) =
            i;
}

/* Gives the routes ROOM. */
static void make_room(RouteIndex *index, uint32_t room)
{
    index->room = room;
    index->routes = g_renew(Route, index->routes, room);
}

static void add_length(RouteIndex *index, uint8_t prefix_len)
{
    unsigned at = 0;

    while (at < index->length_count && index->lengths[at] > prefix_len)
        at++;
    if (at < index->length_count && index->lengths[at] == prefix_len)
        return;
    for (unsigned i = index->length_count++; i > at; i--)
        index->lengths[i] = index->lengths[i - 1];
    index->lengths[at] = prefix_len;
}

void route_add(RouteTable *table, Route route)
{
    RouteIndex *index;
    uint32_t *slot;

    route.prefix = ip_mask(route.prefix, route.prefix_len);
    if (route.prefix_len == 0) {
        table->fallback = route;
        table->has_fallback = true;
        if (table->index != NULL)
            forget(table->index);
        return;
    }
    if (table->index == NULL) {
        table->index = g_new0(RouteIndex, 1);
        make_slots(table->index, FIRST_SLOTS);
    }
    index = table->index;
    if (index->count == index->room)
        make_room(index, index->room + index->room / 2 + 2);
    if (4 * (index->count + 1) > 3 * (index->slot_mask + 1))
        make_slots(index, 2 * (index->slot_mask + 1));
    slot = slot_of(index, route.prefix, route.prefix_len);
    if (*slot == FREE)
        *slot = index->count++;
    index->routes[*slot] = route;
    add_length(index, route.prefix_len);
    forget(index);
}

void route_pack(RouteTable *table)
{
    if (table->index == NULL)
        return;
    forget(table->index);
    make_room(table->index, table->index->count);
}

void route_clear(RouteTable *table)
{
    if (table->index != NULL) {
        g_free(table->index->routes);
        g_free(table->index->slots);
        g_free(table->index->cache);
        g_free(table->index);
    }
    *table = (RouteTable){0};
}

unsigned route_count(const RouteTable *table)
{
    return table->has_fallback +
           (table->index != NULL ? table->index->count : 0);
}

static const Route *longest_match(const RouteTable *table,
                                  IpAddress destination)
{
    const RouteIndex *index = table->index;

    for (unsigned i = 0; i < index->length_count; i++) {
        unsigned length = index->lengths[i];
        uint32_t slot = *slot_of(index, ip_mask(destination, length), length);

        if (slot != FREE)
            return &index->routes[slot];
    }
    return table->has_fallback ? &table->fallback : NULL;
}

const Route *route_find_indexed(const RouteTable *table, IpAddress destination)
{
    RouteIndex *index = table->index;
    Remembered *slot;

    if (index->cache == NULL)
        start_cache(index);
    slot = &index->cache[hash(destination, 0) & index->cache_mask];
    if (!ip_equal(slot->destination, destination) || ip_is_none(destination))
        *slot = (Remembered){destination, longest_match(table, destination)};
    return slot->route;
}
