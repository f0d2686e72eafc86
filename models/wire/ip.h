/* ip.h - the IP header: IPv4 today (RFC 791), wide enough for IPv6. */
#ifndef FIRSTBYTE_MODELS_WIRE_IP_H
#define FIRSTBYTE_MODELS_WIRE_IP_H

#include <stddef.h>

#include "address.h"

enum {
    IPV4_HEADER_LEN = 20, /* without options */
    IP_PROTOCOL_ICMP = 1,
    IP_PROTOCOL_TCP = 6,
    IP_PROTOCOL_UDP = 17,
    IP_DEFAULT_TTL = 64, /* RFC 1700 */
    /* The ECN field of `tos`: RFC 3168 s5. */
    IP_ECN = 3,
    IP_ECN_ECT_1 = 1,
    IP_ECN_ECT_0 = 2,
    IP_ECN_CE = 3,
};

typedef struct IpHeader {
    IpAddress source, destination;
    uint16_t identification;
    uint16_t fragment; /* offset in units of 8 bytes */
    uint8_t ttl;
    uint8_t protocol; /* IP_PROTOCOL_* */
    uint8_t tos;      /* DSCP and, in the low two bits, ECN (RFC 3168 s5) */
    bool dont_fragment : 1;
    bool more_fragments : 1;
} IpHeader;

/* Reads the header of the packet in the LEN bytes at BYTES.  HEADER_LEN gets
 * the bytes of the header, options (accepted and skipped: RFC 9293 MUST-50)
 * among them; TOTAL_LEN the bytes of the whole packet, at most LEN.  False when
 * the bytes are too few, contradict each other or fail the header checksum;
 * nothing is then touched. */
bool ipv4_parse(const uint8_t *bytes, size_t len, IpHeader *header,
                size_t *header_len, size_t *total_len);
/* The same for a packet that was cut short, as an ICMP error quotes it: LEN may
 * be less than the packet's own length.  The quoted checksum is not looked at:
 * who quotes may have changed the TTL or the addresses (RFC 5508 s4.2), and the
 * ICMP checksum covers it. */
bool ipv4_parse_quoted(const uint8_t *bytes, size_t len, IpHeader *header,
                       size_t *header_len);
/* Writes IPV4_HEADER_LEN bytes, checksum included, for PAYLOAD_LEN bytes. */
void ipv4_emit(const IpHeader *header, size_t payload_len, uint8_t *bytes);

/* The one's complement sum of LEN bytes, continued from SUM (start with 0; only
 * the last part may be odd), and its end: the 16-bit Internet checksum (RFC
 * 1071). Over bytes that hold their own checksum the end is 0. */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t len);
uint16_t checksum_end(uint64_t sum);
/* The sum over the pseudo header of TCP and UDP (RFC 9293 s3.1). */
uint64_t checksum_pseudo(IpAddress source, IpAddress destination,
                         uint8_t protocol, size_t len);

#endif
