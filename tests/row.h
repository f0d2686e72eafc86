/* row.h - a test's network: hosts in a row, joined by lines; all but the two at
 * the ends are routers.
 *
 * Line i joins host i and host i + 1 and has the addresses 10.0.i.1 (left) and
 * 10.0.i.2 (right) of 10.0.i.0/24.  The caller changes configs before
 * row_init(). */
#ifndef FIRSTBYTE_TESTS_ROW_H
#define FIRSTBYTE_TESTS_ROW_H

#include "models/net/host.h"

enum { ROW_MAX = 8 };

typedef struct Row {
    Sim sim;
    IpConfig ip;
    ArpConfig arp;
    LinkConfig link[ROW_MAX]; /* of line i, both directions */
    unsigned count;           /* hosts */
    Host hosts[ROW_MAX];
    Interface interfaces[ROW_MAX][2];
    Link links[ROW_MAX][2]; /* line i: to the right, to the left */
} Row;

static inline IpAddress row_address(unsigned line, unsigned side)
{
    return ip_from_v4(0x0a000000 | line << 8 | (side + 1));
}
static inline IpAddress row_first(const Row *row) { return row_address(0, 0); }
static inline IpAddress row_last(const Row *row)
{
    return row_address(row->count - 2, 1);
}

/* Defaults: 10 ms, no rate, static ARP. */
static inline void row_defaults(Row *row)
{
    config_defaults(ip_keys, 0, &row->ip);
    config_defaults(arp_keys, 0, &row->arp);
    row->arp.mode = ARP_STATIC;
    for (unsigned i = 0; i < ROW_MAX; i++) {
        config_defaults(link_keys, 0, &row->link[i]);
        row->link[i].rate = 0;
        row->link[i].delay = 10 * SIM_MS;
    }
}

static inline void row_join(Row *row, unsigned line)
{
    Interface *left = &row->interfaces[line][line == 0 ? 0 : 1];
    Interface *right = &row->interfaces[line + 1][0];
    char name[32];

    link_config_finish(&row->link[line]);
    for (unsigned side = 0; side < 2; side++) {
        Interface *from = side == 0 ? left : right;
        Interface *to = side == 0 ? right : left;

        g_snprintf(name, sizeof name, "%u -> %u", line + side, line + 1 - side);
        link_init(&row->links[line][side], &row->sim, &row->link[line], name,
                  from->host->node, &to->port, to->host->node);
        from->out = &row->links[line][side];
        from->peer = to;
        from->point_to_point = true;
    }
}

static inline void row_add_host(Row *row, unsigned i, const HostUpper *upper)
{
    bool leaf = i == 0 || i == row->count - 1;
    Host *host = &row->hosts[i];

    host_init(host, &row->sim, i, 1000 + i, &row->ip, &row->arp, !leaf);
    host->interfaces = row->interfaces[i];
    host->interface_count = leaf ? 1 : 2;
    host->upper = upper;
    for (unsigned j = 0; j < host->interface_count; j++) {
        unsigned line = i == 0 ? 0 : i - 1 + j;
        unsigned side = line == i ? 0 : 1;

        interface_init(&host->interfaces[j], host, j, row_address(line, side),
                       96 + 24, (MacAddress){0x020000000000 | i << 8 | j});
    }
    if (leaf) {
        unsigned line = i == 0 ? 0 : i - 1;

        route_add(&host->routes,
                  (Route){.next_hop = row_address(line, i == 0)});
        return;
    }
    for (unsigned line = 0; line + 1 < row->count; line++) {
        bool right = line >= i, here = line == i || line + 1 == i;

        route_add(&host->routes,
                  (Route){.prefix = row_address(line, 0),
                          .prefix_len = 96 + 24,
                          .interface = right,
                          .next_hop = here
                                          ? IP_NONE
                                          : row_address(i - 1 + right, right)});
    }
}

/* COUNT hosts; UPPER for each, maybe NULL. */
static inline void row_init(Row *row, unsigned count, uint64_t seed,
                            uint32_t replication, const HostUpper *upper)
{
    sim_init(&row->sim, seed, replication);
    row->count = count;
    for (unsigned i = 0; i < count; i++)
        row_add_host(row, i, upper);
    for (unsigned i = 0; i + 1 < count; i++)
        row_join(row, i);
}

static inline void row_clear(Row *row)
{
    for (unsigned i = 0; i < row->count; i++)
        host_clear(&row->hosts[i]);
    for (unsigned i = 0; i + 1 < row->count; i++)
        for (unsigned side = 0; side < 2; side++)
            link_clear(&row->links[i][side]);
    sim_clear(&row->sim);
}

#endif
