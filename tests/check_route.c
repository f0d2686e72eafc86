/* check_route.c - longest prefix match, against a search of the whole list. */
#include <stdlib.h>

#include <glib.h>

#include "models/net/route.h"
#include "sim/rng.h"
#include "tests/run_tests.h"

enum { ROUTES = 700, LOOKUPS = 20000 };

static Route route_v4(uint32_t prefix, unsigned len, uint32_t interface)
{
    return (Route){.prefix = ip_from_v4(prefix),
                   .prefix_len = (uint8_t)(96 + len),
                   .interface = interface};
}

START_TEST(a_default_route_alone_needs_no_table)
{
    RouteTable table = {0};

    ck_assert_ptr_null(route_find(&table, ip_from_v4(1)));
    route_add(&table, (Route){.interface = 3});
    ck_assert_ptr_null(table.index);
    ck_assert_uint_eq(route_find(&table, ip_from_v4(1))->interface, 3);
    ck_assert_uint_eq(route_count(&table), 1);
    route_clear(&table);
}
END_TEST

START_TEST(the_longest_prefix_wins)
{
    RouteTable table = {0};

    route_add(&table, route_v4(0x0a000000, 8, 1));
    route_add(&table, route_v4(0x0a010000, 16, 2));
    route_add(&table, route_v4(0x0a010203, 32, 3));
    route_add(&table, (Route){.interface = 9});
    ck_assert_uint_eq(route_find(&table, ip_from_v4(0x0a020000))->interface, 1);
    ck_assert_uint_eq(route_find(&table, ip_from_v4(0x0a010204))->interface, 2);
    ck_assert_uint_eq(route_find(&table, ip_from_v4(0x0a010203))->interface, 3);
    ck_assert_uint_eq(route_find(&table, ip_from_v4(0x0b000000))->interface, 9);
    route_clear(&table);
}
END_TEST

START_TEST(a_change_is_seen_behind_the_cache)
{
    RouteTable table = {0};
    IpAddress here = ip_from_v4(0x0a010203);

    route_add(&table, route_v4(0x0a000000, 8, 1));
    ck_assert_uint_eq(route_find(&table, here)->interface, 1);
    ck_assert_ptr_null(route_find(&table, ip_from_v4(0x0b000000)));
    route_add(&table, route_v4(0x0a010000, 16, 2));
    ck_assert_uint_eq(route_find(&table, here)->interface, 2);
    route_add(&table, route_v4(0x0a010000, 16, 5)); /* replaces */
    ck_assert_uint_eq(route_find(&table, here)->interface, 5);
    ck_assert_uint_eq(route_count(&table), 2);
    route_add(&table, (Route){.interface = 7});
    ck_assert_uint_eq(route_find(&table, ip_from_v4(0x0b000000))->interface, 7);
    route_clear(&table);
}
END_TEST

/* Every route looked at; the last of equal prefixes counts. */
static const Route *brute_force(const Route *routes, unsigned count,
                                IpAddress destination)
{
    const Route *best = NULL;

    for (unsigned i = 0; i < count; i++)
        if (ip_equal(ip_mask(destination, routes[i].prefix_len),
                     routes[i].prefix) &&
            (best == NULL || routes[i].prefix_len >= best->prefix_len))
            best = &routes[i];
    return best;
}

/* Prefixes crowd into few bits, so that they nest and the cache is fought for.
 */
static IpAddress crowded(Stream *stream)
{
    return ip_from_v4(0x0a000000 | (stream_u32(stream) & 0x0303070f));
}

START_TEST(it_agrees_with_a_search_of_the_whole_list)
{
    Route routes[ROUTES];
    RouteTable table = {0};
    Stream stream;
    Sim sim;
    unsigned found = 0;

    sim_init(&sim, 20261122 + (uint64_t)_i, 0);
    stream_init(&stream, &sim, "check_route", "prefixes");
    for (unsigned i = 0; i < ROUTES; i++) {
        unsigned len = 96 + 1 + (unsigned)stream_below(&stream, 32);

        routes[i] = (Route){.prefix = ip_mask(crowded(&stream), len),
                            .prefix_len = (uint8_t)len,
                            .interface = i};
        route_add(&table, routes[i]);
        if (i % 50 == 49)
            route_pack(&table);
        for (unsigned j = 0; j < LOOKUPS / ROUTES; j++) {
            IpAddress to = crowded(&stream);
            const Route *want = brute_force(routes, i + 1, to);
            const Route *got = route_find(&table, to);

            ck_assert_msg(
                (want == NULL) == (got == NULL) &&
                    (want == NULL || want->interface == got->interface),
                "seed %d, route %u, destination %08x", _i, i, ip_to_v4(to));
            found += got != NULL;
        }
    }
    ck_assert_uint_gt(found, LOOKUPS / 4);
    route_clear(&table);
    sim_clear(&sim);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("route");

    tcase_add_test(tcase, a_default_route_alone_needs_no_table);
    tcase_add_test(tcase, the_longest_prefix_wins);
    tcase_add_test(tcase, a_change_is_seen_behind_the_cache);
    tcase_add_loop_test(tcase, it_agrees_with_a_search_of_the_whole_list, 0, 5);
    return run_tests("route", tcase, NULL);
}
