/* socket_pair.c - see socket_pair.h. */
#include "socket_pair.h"

#include <check.h>
#include <string.h>

typedef struct Carried {
    int to;
    size_t len;
    uint8_t bytes[];
} Carried;

static void sent(Edge *edge, const uint8_t *bytes, size_t len, SimTime at)
{
    SocketPair *pair = edge->data;
    Carried *carried = g_malloc(sizeof *carried + len);

    ck_assert_int_eq(at, sim_now(&pair->sim));
    carried->to = edge == &pair->edges[NEAR] ? FAR : NEAR;
    carried->len = len;
    memcpy(carried->bytes, bytes, len);
    g_queue_push_tail(&pair->line, carried);
    pair->packets++;
}

void pair_carry(SocketPair *pair)
{
    Carried *carried;

    edge_run_until(&pair->edges[NEAR], sim_now(&pair->sim));
    while ((carried = g_queue_pop_head(&pair->line)) != NULL) {
        if (!pair->cut)
            ck_assert(edge_receive(&pair->edges[carried->to], carried->bytes,
                                   carried->len, NULL));
        g_free(carried);
        edge_run_until(&pair->edges[NEAR], sim_now(&pair->sim));
    }
}

void pair_pass(SocketPair *pair, SimTime delay)
{
    SimTime until = sim_now(&pair->sim) + delay;

    pair_carry(pair);
    while (edge_step(&pair->edges[NEAR], until))
        pair_carry(pair);
    edge_run_until(&pair->edges[NEAR], until);
}

void pair_init(SocketPair *pair, const SocketRules *rules)
{
    memset(pair, 0, sizeof *pair);
    sim_init(&pair->sim, 1, 0);
    for (int i = NEAR; i <= FAR; i++) {
        Edge *edge = &pair->edges[i];

        edge_init(edge, &pair->sim, TCP_PROFILE_LINUX, sent, pair);
        edge->tcp.fast_open_server = true;
        edge->address = ip_from_v4(0xc0000201 + (uint32_t)i); /* 192.0.2.1 */
        edge_raise(edge);
        pair->sockets[i] = sockets_new(&edge->host, rules);
    }
}

void pair_clear(SocketPair *pair)
{
    for (int i = NEAR; i <= FAR; i++)
        sockets_free(pair->sockets[i]);
    pair_carry(pair);
    for (int i = NEAR; i <= FAR; i++)
        edge_clear(&pair->edges[i]);
    sim_clear(&pair->sim);
}

SocketAddress pair_far(const SocketPair *pair, uint16_t port)
{
    return (SocketAddress){pair->edges[FAR].address, port};
}

Socket *pair_listen(SocketPair *pair)
{
    Socket *socket = socket_new(pair->sockets[FAR]);

    ck_assert_int_eq(socket_bind(socket, (SocketAddress){IP_NONE, PORT}), 0);
    ck_assert_int_eq(socket_listen(socket, 5), 0);
    return socket;
}

Socket *pair_connect(SocketPair *pair, Socket **a, Socket **b)
{
    Socket *from = pair_listen(pair);
    SocketAddress peer;

    *a = socket_new(pair->sockets[NEAR]);
    ck_assert_int_eq(socket_connect(*a, pair_far(pair, PORT)), -EINPROGRESS);
    ck_assert_int_eq(socket_connect(*a, pair_far(pair, PORT)), -EALREADY);
    pair_carry(pair);
    ck_assert_int_eq(socket_accept(from, b, &peer), 0);
    ck_assert(ip_equal(peer.ip, pair->edges[NEAR].address));
    return from;
}
