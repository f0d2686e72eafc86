/* socket_pair.h - two hosts, each with its edge (models/sockets), whose bytes
 * the test carries from the one to the other; the line takes no time.
 *
 * Promises: pair_clear() ends everything; sim_clear() asserts that no packet,
 * connection or event is left. */
#ifndef FIRSTBYTE_TESTS_SOCKET_PAIR_H
#define FIRSTBYTE_TESTS_SOCKET_PAIR_H

#include "models/sockets/edge.h"
#include "models/sockets/sockets.h"

enum { NEAR, FAR, PORT = 80 };

typedef struct SocketPair {
    Sim sim;
    Edge edges[2];
    Sockets *sockets[2];
    GQueue line; /* of Carried *: on its way, oldest first */
    bool cut;    /* what is sent is lost */
    unsigned packets;
} SocketPair;

/* Two hosts of profile `linux`, whose listeners do Fast Open. */
void pair_init(SocketPair *pair, const SocketRules *rules);
void pair_clear(SocketPair *pair);

/* Carries what is on the line until there is nothing; time stands still. */
void pair_carry(SocketPair *pair);
/* DELAY passes, and what is sent in it arrives at once. */
void pair_pass(SocketPair *pair, SimTime delay);

SocketAddress pair_far(const SocketPair *pair, uint16_t port);
/* A listener at the far end, on PORT. */
Socket *pair_listen(SocketPair *pair);
/* A connection: *A at the near end, *B at the far one; its listener. */
Socket *pair_connect(SocketPair *pair, Socket **a, Socket **b);

#endif
