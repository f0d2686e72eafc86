/* udp.h - the UDP header (RFC 768). */
#ifndef FIRSTBYTE_MODELS_WIRE_UDP_H
#define FIRSTBYTE_MODELS_WIRE_UDP_H

#include <stddef.h>

#include "address.h"

enum { UDP_HEADER_LEN = 8 };

typedef struct UdpHeader {
    uint16_t source_port, destination_port;
} UdpHeader;

/* Reads the datagram in the LEN bytes at BYTES, sent from SOURCE to
 * DESTINATION. PAYLOAD_LEN gets the length its header says.  False when the
 * bytes are too few or the checksum (0: none) fails; nothing is then touched.
 */
bool udp_parse(const uint8_t *bytes, size_t len, IpAddress source,
               IpAddress destination, UdpHeader *header, size_t *payload_len);
/* The ports alone, from the first UDP_HEADER_LEN bytes that an ICMP error
 * quotes; false when LEN is less. */
bool udp_parse_quoted(const uint8_t *bytes, size_t len, UdpHeader *header);
/* Writes the header into the first UDP_HEADER_LEN of the LEN bytes at BYTES,
 * whose payload is already there; the checksum covers all. */
void udp_emit(const UdpHeader *header, IpAddress source, IpAddress destination,
              uint8_t *bytes, size_t len);

#endif
