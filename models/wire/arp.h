/* arp.h - ARP for IPv4 over Ethernet (RFC 826). */
#ifndef FIRSTBYTE_MODELS_WIRE_ARP_H
#define FIRSTBYTE_MODELS_WIRE_ARP_H

#include <stddef.h>

#include "address.h"

enum { ARP_LEN = 28, ARP_REQUEST = 1, ARP_REPLY = 2 };

typedef struct ArpHeader {
    IpAddress sender_ip, target_ip; /* IPv4 */
    MacAddress sender_mac, target_mac;
    uint16_t operation; /* ARP_REQUEST or ARP_REPLY */
} ArpHeader;

/* Reads a header from the LEN bytes at BYTES.  False when they are too few, or
 * not IPv4 over Ethernet; HEADER is then untouched. */
bool arp_parse(const uint8_t *bytes, size_t len, ArpHeader *header);
/* Writes ARP_LEN bytes. */
void arp_emit(const ArpHeader *header, uint8_t *bytes);

#endif
