/* route.h - a host's routes: longest prefix match (RFC 1812 s5.2.4.3).
 *
 * A leaf with one interface holds one default route and no table: finding its
 * route is a branch.  A table is one hash look-up for each prefix length
 * present, longest first, behind a direct-mapped cache of destinations. */
#ifndef FIRSTBYTE_MODELS_NET_ROUTE_H
#define FIRSTBYTE_MODELS_NET_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "models/wire/address.h"

typedef struct Route {
    IpAddress prefix;
    IpAddress next_hop; /* IP_NONE: the destination itself, on that line */
    uint32_t interface; /* index among the host's */
    uint8_t prefix_len; /* 0 to 128; 96 + n for an IPv4 /n */
} Route;

typedef struct RouteTable {
    Route fallback; /* the default route; prefix_len 0 */
    bool has_fallback;
    struct RouteIndex *index; /* the rest; NULL when there is none */
} RouteTable;

void route_clear(RouteTable *table);
/* A second route to the same prefix replaces the first. */
void route_add(RouteTable *table, Route route);
/* Gives back the memory kept for more routes: a router's table may be most of
 * what its hosts cost.  Routes may still be added. */
void route_pack(RouteTable *table);
/* How many routes TABLE holds, the default route among them. */
unsigned route_count(const RouteTable *table);

/* The route to DESTINATION in a table that has more than a default route. */
const Route *route_find_indexed(const RouteTable *table, IpAddress destination);

/* The route to DESTINATION, NULL when there is none.  Valid until the table
 * changes. */
static inline const Route *route_find(const RouteTable *table,
                                      IpAddress destination)
{
    if (table->index != NULL)
        return route_find_indexed(table, destination);
    return table->has_fallback ? &table->fallback : NULL;
}

#endif
