/* udp.c - sockets, found by their port; see udp.h. */
#include "udp.h"

enum { PORT_FIRST = 49152, PORTS = 65536 - PORT_FIRST, CHAIN_MAX = 2 };

struct UdpSocket {
    Udp *udp;
    UdpSocket *next; /* in its chain */
    const UdpUser *vtable;
    void *user;
    FlowId flow;
    uint32_t sent; /* datagrams of this socket's own flow */
    uint16_t port;
};

struct Udp {
    Host *host;
    UdpSocket **chains; /* 1 << bits of them; NULL before the first socket */
    uint32_t count;     /* of open sockets */
    uint32_t opened;    /* so far: number of the newest flow */
    uint16_t next_port; /* to try: an offset from PORT_FIRST */
    uint8_t bits;
};

Udp *udp_new(Host *host)
{
    Udp *udp = g_new0(Udp, 1);

    udp->host = host;
    host->udp = udp;
    return udp;
}

Udp *udp_of(Host *host)
{
    return host->udp != NULL ? host->udp : udp_new(host);
}

/* Ports are dealt out in sequence: their low bits are a good hash. */
static UdpSocket **chain_of(const Udp *udp, uint16_t port)
{
    return &udp->chains[port & ((1u << udp->bits) - 1)];
}

static UdpSocket *find(const Udp *udp, uint16_t port)
{
    UdpSocket *socket = udp->chains != NULL ? *chain_of(udp, port) : NULL;

    while (socket != NULL && socket->port != port)
        socket = socket->next;
    return socket;
}

static void grow(Udp *udp)
{
    UdpSocket **old = udp->chains;
    size_t chains = old != NULL ? (size_t)1 << udp->bits : 0;

    udp->bits = (uint8_t)(old != NULL ? udp->bits + 2 : 0);
    udp->chains = g_new0(UdpSocket *, (size_t)1 << udp->bits);
    for (size_t i = 0; i < chains; i++) {
        UdpSocket *next;

        for (UdpSocket *socket = old[i]; socket != NULL; socket = next) {
            UdpSocket **chain = chain_of(udp, socket->port);

            next = socket->next;
            socket->next = *chain;
            *chain = socket;
        }
    }
    g_free(old);
}

/* A port from 49152 up that is free; 0 when all are taken. */
static uint16_t free_port(Udp *udp)
{
    for (unsigned tries = 0; tries < PORTS; tries++) {
        uint16_t port = (uint16_t)(PORT_FIRST + udp->next_port);

        udp->next_port = (uint16_t)((udp->next_port + 1) % PORTS);
        if (find(udp, port) == NULL)
            return port;
    }
    return 0;
}

UdpSocket *udp_open(Udp *udp, uint16_t port, const UdpUser *vtable, void *user)
{
    Sim *sim = udp->host->sim;
    UdpSocket *socket, **chain;

    if (port == 0)
        port = free_port(udp);
    if (port == 0 || find(udp, port) != NULL)
        return NULL;
    if (udp->chains == NULL || udp->count >= (uint32_t)CHAIN_MAX << udp->bits)
        grow(udp);
    socket = slab_alloc(sim_slab(sim, SLAB_UDP_SOCKET, sizeof *socket));
    chain = chain_of(udp, port);
    *socket = (UdpSocket){
        .udp = udp,
        .next = *chain,
        .vtable = vtable,
        .user = user,
        .flow = {udp->host->name_hash, FLOW_UDP | ++udp->opened},
        .port = port,
    };
    *chain = socket;
    udp->count++;
    return socket;
}

void udp_close(UdpSocket *socket)
{
    Udp *udp = socket->udp;
    UdpSocket **link = chain_of(udp, socket->port);

    while (*link != socket)
        link = &(*link)->next;
    *link = socket->next;
    udp->count--;
    slab_free(&udp->host->sim->slabs[SLAB_UDP_SOCKET], socket);
}

void udp_free(Udp *udp)
{
    for (size_t i = 0; udp->chains != NULL && i < (size_t)1 << udp->bits; i++)
        while (udp->chains[i] != NULL)
            udp_close(udp->chains[i]);
    g_free(udp->chains);
    udp->host->udp = NULL;
    g_free(udp);
}

uint16_t udp_port(const UdpSocket *socket) { return socket->port; }

/* A datagram of SOCKET, in the flow of FLOW_OF if that is not NULL. */
static Packet *datagram_new(UdpSocket *socket, IpAddress address, uint16_t port,
                            Slice payload /* taken */, const Packet *flow_of)
{
    Host *host = socket->udp->host;
    Packet *packet = packet_new(host->sim);

    if (flow_of != NULL) {
        /* One answer to each datagram: it is numbered as what it answers. */
        packet->flow = flow_of->flow;
        packet->number = flow_of->number ^ PACKET_OF_OPENER;
    } else {
        packet->flow = socket->flow;
        packet->number = PACKET_OF_OPENER | ++socket->sent;
    }
    packet->ip =
        (IpHeader){.destination = address, .protocol = IP_PROTOCOL_UDP};
    packet->udp = (UdpHeader){socket->port, port};
    packet->payload = payload;
    if (flow_of != NULL && host_has_address(host, flow_of->ip.destination))
        packet->ip.source = flow_of->ip.destination;
    return packet;
}

void udp_send(UdpSocket *socket, IpAddress address, uint16_t port,
              Slice payload /* taken */, const Packet *flow_of)
{
    host_send(socket->udp->host,
              datagram_new(socket, address, port, payload, flow_of));
}

void udp_send_timed(UdpSocket *socket, IpAddress address, uint16_t port,
                    Slice payload /* taken */)
{
    Host *host = socket->udp->host;
    Packet *packet = datagram_new(socket, address, port, payload, NULL);

    packet->timed = true;
    packet->given = sim_now(host->sim);
    host_send(host, packet);
}

void udp_receive(Host *host, Packet *packet /* taken */)
{
    Udp *udp = host->udp;
    UdpSocket *socket =
        udp != NULL ? find(udp, packet->udp.destination_port) : NULL;

    if (socket == NULL) {
        host_icmp_error(host, packet, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE,
                        0);
        packet_drop(host->sim, host->node, packet, DROP_NO_PORT);
        return;
    }
    socket->vtable->received(socket, socket->user, packet);
    packet_free(host->sim, packet); /* SOCKET may be closed by now */
}

void udp_error(Host *host, const Packet *quoted, uint8_t type, uint8_t code,
               uint32_t mtu)
{
    Udp *udp = host->udp;
    UdpSocket *socket = udp != NULL ? find(udp, quoted->udp.source_port) : NULL;

    if (socket != NULL && socket->vtable->failed != NULL)
        socket->vtable->failed(socket, socket->user, quoted->ip.destination,
                               quoted->udp.destination_port, type, code);
}
