/* udp.h - UDP (RFC 768) as a user sees it: sockets on a host.
 *
 * Not modelled: multicast and broadcast (RFC 1122 s4.1.3.6), datagrams above
 * the MTU (which IP would fragment), UDP-Lite (RFC 3828). */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_UDP_H
#define FIRSTBYTE_MODELS_TRANSPORT_UDP_H

#include "models/net/host.h"

typedef struct Udp Udp;             /* UDP of one host */
typedef struct UdpSocket UdpSocket; /* one bound port */

typedef struct UdpUser {
    /* A datagram has come; its payload is PACKET's (not taken). */
    void (*received)(UdpSocket *socket, void *user, const Packet *packet);
    /* A datagram sent to ADDRESS:PORT was reported undeliverable; may be NULL.
     */
    void (*failed)(UdpSocket *socket, void *user, IpAddress address,
                   uint16_t port, uint8_t icmp_type, uint8_t icmp_code);
} UdpUser;

/* UDP for HOST: sets host->udp. */
Udp *udp_new(Host *host);
void udp_free(Udp *udp); /* closes every socket */
/* HOST's UDP, made when it is first asked for: most hosts never are. */
Udp *udp_of(Host *host);
/* Opens PORT (0: a free one from 49152 up, RFC 6335 s6); NULL when it is taken.
 * Each socket opens a flow of its own. */
UdpSocket *udp_open(Udp *udp, uint16_t port, const UdpUser *vtable, void *user);
void udp_close(UdpSocket *socket);
uint16_t udp_port(const UdpSocket *socket);
/* Sends PAYLOAD (taken).  An answer on a server's socket carries the flow of
 * the datagram it answers: FLOW_OF is that packet, or NULL. */
void udp_send(UdpSocket *socket, IpAddress address, uint16_t port,
              Slice payload, const Packet *flow_of);
/* Sends PAYLOAD (taken) as a datagram that is measured: Packet.given. */
void udp_send_timed(UdpSocket *socket, IpAddress address, uint16_t port,
                    Slice payload);
/* For HostUpper. */
void udp_receive(Host *host, Packet *packet /* taken */);
void udp_error(Host *host, const Packet *quoted, uint8_t type, uint8_t code,
               uint32_t mtu);

#endif
