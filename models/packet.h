/* packet.h - a packet in flight: a struct of header structs, no bytes.
 *
 * Bytes exist at the borders only (pcap, devices, other people's tests):
 * packet_emit() and packet_parse().  A packet has one owner; a parameter marked
 * taken passes it on, and the callee sends, queues or drops it. */
#ifndef FIRSTBYTE_MODELS_PACKET_H
#define FIRSTBYTE_MODELS_PACKET_H

#include <glib.h>

#include "memory.h"
#include "sim/sim.h"
#include "tell.h"
#include "wire/address.h"
#include "wire/arp.h"
#include "wire/ethernet.h"
#include "wire/icmp.h"
#include "wire/ip.h"
#include "wire/tcp.h"
#include "wire/udp.h"

/* Payload: real content (BYTES holds it), or only a length (BYTES is NULL;
 * zeros at a border).  In a packet the slice owns a reference to BYTES. */
typedef struct Slice {
    GBytes *bytes;
    uint32_t offset, len; /* bytes */
} Slice;

/* Who opened the flow that a packet belongs to, and which of its flows it is.
 * With the packet's number it is an identity that does not depend on timing: a
 * changed timer does not reshuffle the losses that follow. */
typedef struct FlowId {
    uint32_t opener; /* hash of the name of the node that opened it */
    uint32_t serial; /* of the flow at its opener, from 1; 0: nobody's */
} FlowId;

enum {
    /* Bits of FlowId.serial: flows that no user opened. */
    FLOW_ARP = 1u << 31, /* of an interface, its index in the low bits */
    FLOW_ICMP = 1u << 30,
    FLOW_UDP = 1u << 29,
    /* Bit of Packet.number: sent by the flow's opener. */
    PACKET_OF_OPENER = 1u << 31,
    /* Bit of Packet.number: an answer without a connection (a reset); the rest
     * is the number of the packet that it answers. */
    PACKET_STATELESS = 1u << 30,
    /* Bit of Packet.number: a line's copy of the packet with the number of the
     * rest. */
    PACKET_COPY = 1u << 29,
};

typedef enum PacketFate {
    FATE_ARRIVES,
    FATE_LOST,    /* on the line */
    FATE_DAMAGED, /* bit errors: the check sequence will not match */
    FATE_SAMPLED, /* to be read from its waveform where it arrives */
} PacketFate;

struct Packet {
    Packet *next;     /* in the one FIFO that holds it */
    SimTime starts;   /* link: when its first bit is sent */
    SimTime at;       /* link: when its last bit arrives */
    uint64_t id;      /* as a cause */
    uint64_t repeats; /* id of the packet it repeats (a retransmission), or 0 */
    FlowId flow;
    uint32_t number; /* of the packet in its flow, as its sender stamped it */
    uint8_t fate;    /* PacketFate */
    bool acks_fin;   /* TCP: its ACK covers the FIN of the other side */
    Slice payload;
    EthernetHeader ethernet;
    union {
        ArpHeader arp; /* ethernet.type == ETHERTYPE_ARP */
        struct {
            IpHeader ip; /* ETHERTYPE_IPV4 */
            union {
                TcpHeader tcp;
                struct {
                    UdpHeader udp;
                    bool timed;    /* it is a datagram that is measured, */
                    SimTime given; /* and this is when UDP was given it */
                };
                IcmpHeader icmp;
            };
        };
    };
};

/* A fresh packet, its id given out and its cause told; everything else is zero:
 * no headers, payload empty. */
Packet *packet_new(Sim *sim);
/* Frees PACKET (taken) and its reference to the payload. */
void packet_free(Sim *sim, Packet *packet);
/* Tells at NODE why PACKET (taken) goes no further, and frees it. */
void packet_drop(Sim *sim, uint32_t node, Packet *packet, DropReason reason);
/* The same, where it is the doing of LINK (const Link *; NULL: of the node). */
void packet_drop_on(Sim *sim, const void *link, uint32_t node, Packet *packet,
                    DropReason reason);
/* A copy of PACKET with the same id, for a switch that floods. */
Packet *packet_copy(Sim *sim, const Packet *packet);
/* Tells at NODE that KIND (one whose `what` is a PacketTold) happened to
 * PACKET; the record's `len` is packet_frame_len(). */
void packet_tell(Sim *sim, RecordKind kind, uint32_t node, const Packet *packet,
                 PacketTold told, unsigned code);

/* Bytes of the network-layer packet (IP header and all, or ARP). */
uint32_t packet_len(const Packet *packet);
/* Bytes of the Ethernet frame without padding and FCS. */
static inline uint32_t packet_frame_len(const Packet *packet)
{
    return ETHERNET_HEADER_LEN + packet_len(packet);
}
/* Flow and number in 64 bits, for fingerprints. */
uint64_t packet_stable_id(const Packet *packet);
/* What the packet is: "SYN", "SYN,ACK", "ACK", "data", "FIN,ACK", "RST",
 * "ARP request", "UDP"...: static text.  Data with a FIN is a FIN. */
const char *packet_class(const Packet *packet);

/* --- borders -------------------------------------------------------------- */

/* Writes the frame from the Ethernet header on (FROM_IP: from the IP or ARP
 * header on) into the SIZE bytes at BYTES, checksums and all; short frames are
 * not padded. The number of bytes written; 0 when SIZE is too small. */
size_t packet_emit(const Packet *packet, bool from_ip, uint8_t *bytes,
                   size_t size);
/* Reads LEN bytes back.  Real payload is copied into a GBytes of its own; of a
 * protocol other than ICMP, TCP and UDP everything after the IP header is
 * payload; IP options are left out.  NULL when they are not a packet this
 * program knows, with the reason in *WHY (static text) if WHY is not NULL. */
Packet *packet_parse(Sim *sim, bool from_ip, const uint8_t *bytes, size_t len,
                     const char **why);

/* Reads the headers that an ICMP error quotes in LEN bytes: the IP header, and
 * of the transport header what eight bytes hold (ports, sequence number). False
 * when even that is not there; QUOTED, the caller's, is then untouched, and
 * else zero in all other fields. */
bool packet_parse_quoted(const uint8_t *bytes, size_t len, Packet *quoted);

/* --- payload -------------------------------------------------------------- */

/* Another reference to the LEN bytes from OFFSET of SLICE. */
static inline Slice slice_part(const Slice *slice, uint32_t offset,
                               uint32_t len)
{
    return (Slice){slice->bytes != NULL ? g_bytes_ref(slice->bytes) : NULL,
                   slice->offset + offset, len};
}
static inline void slice_clear(Slice *slice)
{
    if (slice->bytes != NULL)
        g_bytes_unref(slice->bytes);
    *slice = (Slice){0};
}
/* The content; NULL when it is synthetic, or of bytes of which there are none.
 */
const uint8_t *slice_data(const Slice *slice);

#endif
