/* arp_table.c - the neighbours of an interface: finding, making, forgetting
 * them; see arp.h. */
#include "arp.h"

enum { CHAIN_MAX = 2 }; /* neighbours a chain, on average, before it is split */

static Neighbor **chain_of(const NeighborTable *table, IpAddress ip)
{
    uint64_t hash = (ip.lo ^ ip.hi) * 0x9e3779b97f4a7c15u;

    if (table->bits == 0)
        return (Neighbor **)&table->one;
    return &table->many[hash >> (64 - table->bits)];
}

Neighbor *arp_find(const Interface *interface, IpAddress ip)
{
    Neighbor *neighbor = *chain_of(&interface->neighbors, ip);

    while (neighbor != NULL && !ip_equal(neighbor->ip, ip))
        neighbor = neighbor->next;
    return neighbor;
}

static void table_put(NeighborTable *table, Neighbor *neighbor)
{
    Neighbor **chain = chain_of(table, neighbor->ip);

    neighbor->next = *chain;
    *chain = neighbor;
    table->count++;
}

static void table_split(NeighborTable *table)
{
    NeighborTable bigger = {.bits = (uint8_t)(table->bits + 2)};
    size_t chains = (size_t)1 << table->bits;

    bigger.many = g_new0(Neighbor *, (size_t)1 << bigger.bits);
    for (size_t i = 0; i < chains; i++) {
        Neighbor *next;

        for (Neighbor *n = table->bits == 0 ? table->one : table->many[i];
             n != NULL; n = next) {
            next = n->next;
            table_put(&bigger, n);
        }
    }
    if (table->bits != 0)
        g_free(table->many);
    *table = bigger;
}

void neighbor_free(Neighbor *neighbor)
{
    NeighborTable *table = &neighbor->interface->neighbors;
    Neighbor **link = chain_of(table, neighbor->ip);
    Sim *sim = neighbor->interface->host->sim;

    while (*link != neighbor)
        link = &(*link)->next;
    *link = neighbor->next;
    table->count--;
    neighbor->interface->host->neighbor_count--;
    event_cancel(sim, &neighbor->timer);
    slab_free(&sim->slabs[SLAB_NEIGHBOR], neighbor);
}

/* --- forgetting ----------------------------------------------------------- */

/* Linux neigh_periodic_work(): now and then, where there are many, those that
 * nobody uses go. */
typedef struct ArpCollector {
    Event event;
    Host *host;
} ArpCollector;

static bool has_many(const Host *host)
{
    return host->neighbor_count >= MAX(host->arp->gc_thresh1, 1);
}

static void forget_unused(Interface *interface)
{
    const NeighborTable *table = &interface->neighbors;
    const Host *host = interface->host;
    Neighbor *next;

    for (size_t i = 0; i < (size_t)1 << table->bits; i++)
        for (Neighbor *n = table->bits == 0 ? table->one : table->many[i];
             n != NULL; n = next) {
            next = n->next;
            if (n->state == NEIGHBOR_STALE &&
                host->sim->now - n->since >= host->arp->gc_stale_time)
                neighbor_free(n);
        }
}

static void collect_later(Host *host);

static void collect(Sim *sim, Event *event)
{
    Host *host = sim_container_of(event, ArpCollector, event)->host;

    if (!has_many(host))
        return;
    for (uint32_t i = 0; i < host->interface_count; i++)
        forget_unused(&host->interfaces[i]);
    collect_later(host);
}

/* At the host's next round, when there are many: each half of the base
 * reachable time, however the kernel's clock stands. */
static void collect_later(Host *host)
{
    SimTime period = host->arp->base_reachable_time / 2;
    SimTime since = (host->sim->now + host_clock_phase(host, period)) % period;

    if (!has_many(host))
        return;
    if (host->arp_collector == NULL) {
        host->arp_collector = g_new0(ArpCollector, 1);
        host->arp_collector->host = host;
        event_init(&host->arp_collector->event, collect);
    }
    if (!event_pending(&host->arp_collector->event))
        event_schedule(host->sim, &host->arp_collector->event, period - since);
}

void arp_collector_free(Host *host)
{
    if (host->arp_collector != NULL)
        event_cancel(host->sim, &host->arp_collector->event);
    g_free(host->arp_collector);
    host->arp_collector = NULL;
}

/* --- making --------------------------------------------------------------- */

Neighbor *neighbor_new(Interface *interface, IpAddress ip, EventFunc *timer)
{
    Sim *sim = interface->host->sim;
    NeighborTable *table = &interface->neighbors;
    Neighbor *neighbor =
        slab_alloc(sim_slab(sim, SLAB_NEIGHBOR, sizeof *neighbor));

    *neighbor = (Neighbor){.ip = ip, .interface = interface, .since = sim->now};
    event_init(&neighbor->timer, timer);
    if (table->count >= (uint32_t)CHAIN_MAX << table->bits)
        table_split(table);
    table_put(table, neighbor);
    interface->host->neighbor_count++;
    collect_later(interface->host);
    return neighbor;
}
