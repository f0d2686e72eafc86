/* udp.c - the UDP header as bytes; see udp.h. */
#include "udp.h"

#include "bytes.h"
#include "ip.h"

static uint16_t checksum(const uint8_t *bytes, size_t len, IpAddress source,
                         IpAddress destination)
{
    uint64_t sum = checksum_pseudo(source, destination, IP_PROTOCOL_UDP, len);

    return checksum_end(checksum_add(sum, bytes, len));
}

bool udp_parse(const uint8_t *bytes, size_t len, IpAddress source,
               IpAddress destination, UdpHeader *header, size_t *payload_len)
{
    size_t own_len; /* the IP packet may be longer */

    if (len < UDP_HEADER_LEN)
        return false;
    own_len = get16(bytes + 4);
    if (own_len < UDP_HEADER_LEN || own_len > len)
        return false;
    if (get16(bytes + 6) != 0 &&
        checksum(bytes, own_len, source, destination) != 0)
        return false;
    *header = (UdpHeader){.source_port = get16(bytes),
                          .destination_port = get16(bytes + 2)};
    *payload_len = own_len - UDP_HEADER_LEN;
    return true;
}

bool udp_parse_quoted(const uint8_t *bytes, size_t len, UdpHeader *header)
{
    if (len < UDP_HEADER_LEN)
        return false;
    *header = (UdpHeader){.source_port = get16(bytes),
                          .destination_port = get16(bytes + 2)};
    return true;
}

void udp_emit(const UdpHeader *header, IpAddress source, IpAddress destination,
              uint8_t *bytes, size_t len)
{
    uint16_t sum;

    put16(bytes, header->source_port);
    put16(bytes + 2, header->destination_port);
    put16(bytes + 4, (uint16_t)len);
    put16(bytes + 6, 0);
    sum = checksum(bytes, len, source, destination);
    /* 0 would say that there is none; its other form is sent (RFC 768). */
    put16(bytes + 6, sum != 0 ? sum : 0xffff);
}
