/* ethernet.h - the Ethernet II header and the frame check sequence. */
#ifndef FIRSTBYTE_MODELS_WIRE_ETHERNET_H
#define FIRSTBYTE_MODELS_WIRE_ETHERNET_H

#include <stddef.h>

#include "address.h"

enum {
    ETHERNET_HEADER_LEN = 14,
    ETHERNET_FCS_LEN = 4,
    ETHERNET_MIN_PAYLOAD = 46, /* IEEE 802.3 s3.2.7: shorter ones are padded */
    ETHERNET_PREAMBLE_LEN = 8, /* with the start frame delimiter */
    ETHERNET_GAP_LEN = 12,     /* inter-packet gap, 96 bit times */
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_ARP = 0x0806,
};

typedef struct EthernetHeader {
    MacAddress destination, source;
    uint16_t type; /* ETHERTYPE_* */
} EthernetHeader;

/* Reads a header from the LEN bytes at BYTES.  False when they are too few or
 * hold an IEEE 802.3 length in place of a type; HEADER is then untouched. */
bool ethernet_parse(const uint8_t *bytes, size_t len, EthernetHeader *header);
/* Writes ETHERNET_HEADER_LEN bytes. */
void ethernet_emit(const EthernetHeader *header, uint8_t *bytes);
/* The frame check sequence (CRC-32, IEEE 802.3 s3.2.9) of a frame without it.
 */
uint32_t ethernet_fcs(const uint8_t *frame, size_t len);

#endif
