/* tcp_demux.c - which connection a segment belongs to.
 *
 * Open addressing with linear probing and backward-shift deletion (Knuth, TAOCP
 * 3, 6.4 R): no tombstones, so a table of short connections does not silt up.
 * The hash is of addresses and ports, so the order of slots is the same in each
 * run. */
#include "tcp_inside.h"

#include <glib.h>

enum { FIRST_SLOTS = 2 }; /* many hosts have one connection */

static uint32_t hash_ends(IpAddress remote, uint16_t local_port,
                          uint16_t remote_port)
{
    uint64_t x = remote.hi * 0x9e3779b97f4a7c15u ^ remote.lo;

    x = (x ^ (uint64_t)local_port << 48 ^ (uint64_t)remote_port << 32) *
        0xbf58476d1ce4e5b9u;
    x ^= x >> 32;
    return (uint32_t)(x * 0x94d049bb133111ebu >> 32);
}

static uint32_t hash_of(const TcpConn *conn)
{
    return hash_ends(conn->remote, conn->local_port, conn->remote_port);
}

TcpConn *tcp_demux_find(const Tcp *tcp, IpAddress local, IpAddress remote,
                        uint16_t local_port, uint16_t remote_port)
{
    uint32_t hash = hash_ends(remote, local_port, remote_port);

    if (tcp->slots == NULL)
        return NULL;
    for (uint32_t i = hash & tcp->mask; tcp->slots[i].conn != NULL;
         i = (i + 1) & tcp->mask) {
        TcpConn *conn = tcp->slots[i].conn;

        if (tcp->slots[i].hash == hash && conn->local_port == local_port &&
            conn->remote_port == remote_port && conn->state != TCP_CLOSED &&
            ip_equal(conn->remote, remote) && ip_equal(conn->local, local))
            return conn;
    }
    return NULL;
}

static void put(Tcp *tcp, TcpConn *conn, uint32_t hash)
{
    uint32_t i = hash & tcp->mask;

    while (tcp->slots[i].conn != NULL)
        i = (i + 1) & tcp->mask;
    tcp->slots[i] = (TcpSlot){conn, hash};
}

static void grow(Tcp *tcp)
{
    TcpSlot *old = tcp->slots;
    uint32_t old_len = old != NULL ? tcp->mask + 1 : 0;
    uint32_t len = old != NULL ? old_len * 2 : FIRST_SLOTS;

    tcp->slots = g_new0(TcpSlot, len);
    tcp->mask = len - 1;
    for (uint32_t i = 0; i < old_len; i++)
        if (old[i].conn != NULL)
            put(tcp, old[i].conn, old[i].hash);
    g_free(old);
}

void tcp_demux_add(Tcp *tcp, TcpConn *conn)
{
    if (tcp->slots == NULL || (tcp->used + 1) * 4 > (tcp->mask + 1) * 3)
        grow(tcp);
    put(tcp, conn, hash_of(conn));
    tcp->used++;
}

static uint32_t slot_of(const Tcp *tcp, const TcpConn *conn)
{
    uint32_t i = hash_of(conn) & tcp->mask;

    while (tcp->slots[i].conn != conn) {
        g_assert(tcp->slots[i].conn != NULL);
        i = (i + 1) & tcp->mask;
    }
    return i;
}

void tcp_demux_remove(Tcp *tcp, const TcpConn *conn)
{
    uint32_t hole = slot_of(tcp, conn);

    for (uint32_t i = hole;;) {
        i = (i + 1) & tcp->mask;
        if (tcp->slots[i].conn == NULL)
            break;
        /* May the one at I move into the hole?  Only if its own place is not
         * (cyclically) between the two. */
        if (((i - tcp->slots[i].hash) & tcp->mask) >=
            ((i - hole) & tcp->mask)) {
            tcp->slots[hole] = tcp->slots[i];
            hole = i;
        }
    }
    tcp->slots[hole].conn = NULL;
    tcp->used--;
    tcp->freed++;
}

void tcp_demux_replace(Tcp *tcp, const TcpConn *old, TcpConn *conn)
{
    tcp->slots[slot_of(tcp, old)].conn = conn;
}

bool tcp_has_port(const Tcp *tcp, uint16_t port)
{
    for (uint32_t i = 0; tcp->slots != NULL && i <= tcp->mask; i++)
        if (tcp->slots[i].conn != NULL &&
            tcp->slots[i].conn->local_port == port &&
            tcp->slots[i].conn->state != TCP_CLOSED)
            return true;
    return false;
}

TcpListener *tcp_listener(const Tcp *tcp, uint16_t port)
{
    TcpListener *listener = tcp->listeners;

    while (listener != NULL && listener->port != port)
        listener = listener->next;
    return listener;
}
