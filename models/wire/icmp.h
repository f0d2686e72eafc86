/* icmp.h - ICMP messages (RFC 792), with the quoted packet as their payload. */
#ifndef FIRSTBYTE_MODELS_WIRE_ICMP_H
#define FIRSTBYTE_MODELS_WIRE_ICMP_H

#include <stddef.h>

#include "address.h"

enum {
    ICMP_HEADER_LEN = 8,
    ICMP_ECHO_REPLY = 0,
    ICMP_UNREACHABLE = 3,
    ICMP_ECHO = 8,
    ICMP_TIME_EXCEEDED = 11,
    /* codes of ICMP_UNREACHABLE */
    ICMP_NET_UNREACHABLE = 0,
    ICMP_HOST_UNREACHABLE = 1,
    ICMP_PROTOCOL_UNREACHABLE = 2,
    ICMP_PORT_UNREACHABLE = 3,
    ICMP_FRAGMENTATION_NEEDED = 4, /* with the next hop's MTU: RFC 1191 */
    ICMP_NETWORK_PROHIBITED = 9,   /* by an administrator: RFC 1122 s3.2.2.1 */
    ICMP_HOST_PROHIBITED = 10,
    ICMP_PROHIBITED = 13, /* RFC 1812 s5.2.7.1 */
};

typedef struct IcmpHeader {
    uint8_t type, code;
    uint32_t rest; /* the second word: MTU, or echo identifier and number */
} IcmpHeader;

/* Reads the message in the LEN bytes at BYTES (header and payload).  False when
 * too few or the checksum fails; HEADER is then untouched. */
bool icmp_parse(const uint8_t *bytes, size_t len, IcmpHeader *header);
/* The header alone, without its checksum, from the first ICMP_HEADER_LEN bytes
 * that an ICMP error quotes; false when LEN is less. */
bool icmp_parse_quoted(const uint8_t *bytes, size_t len, IcmpHeader *header);
/* Writes the header into the first ICMP_HEADER_LEN of the LEN bytes at BYTES,
 * whose payload is already there; the checksum covers all. */
void icmp_emit(const IcmpHeader *header, uint8_t *bytes, size_t len);

#endif
