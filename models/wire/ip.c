/* ip.c - the IPv4 header as bytes, and the Internet checksum; see ip.h. */
#include "ip.h"

#include "bytes.h"

enum { /* of the 16 bits that hold flags and fragment offset */
       DONT_FRAGMENT = 0x4000,
       MORE_FRAGMENTS = 0x2000,
       OFFSET_MASK = 0x1fff,
};

/* Bytes of the header, options among them; 0 when the LEN bytes do not begin
 * with a whole one. */
static size_t whole_header_len(const uint8_t *bytes, size_t len)
{
    size_t header_len;

    if (len < IPV4_HEADER_LEN || bytes[0] >> 4 != 4)
        return 0;
    header_len = (bytes[0] & 15u) * 4;
    if (header_len < IPV4_HEADER_LEN || header_len > len ||
        get16(bytes + 2) < header_len)
        return 0;
    return header_len;
}

static void read_header(const uint8_t *bytes, IpHeader *header)
{
    uint16_t fragment = get16(bytes + 6);

    *header = (IpHeader){.tos = bytes[1],
                         .identification = get16(bytes + 4),
                         .dont_fragment = (fragment & DONT_FRAGMENT) != 0,
                         .more_fragments = (fragment & MORE_FRAGMENTS) != 0,
                         .fragment = fragment & OFFSET_MASK,
                         .ttl = bytes[8],
                         .protocol = bytes[9],
                         .source = ip_from_v4(get32(bytes + 12)),
                         .destination = ip_from_v4(get32(bytes + 16))};
}

bool ipv4_parse(const uint8_t *bytes, size_t len, IpHeader *header,
                size_t *header_len, size_t *total_len)
{
    size_t own_len = whole_header_len(bytes, len);

    if (own_len == 0 || get16(bytes + 2) > len ||
        checksum_end(checksum_add(0, bytes, own_len)) != 0)
        return false;
    *header_len = own_len;
    *total_len = get16(bytes + 2);
    read_header(bytes, header);
    return true;
}

bool ipv4_parse_quoted(const uint8_t *bytes, size_t len, IpHeader *header,
                       size_t *header_len)
{
    size_t own_len = whole_header_len(bytes, len);

    if (own_len == 0)
        return false;
    *header_len = own_len;
    read_header(bytes, header);
    return true;
}

void ipv4_emit(const IpHeader *header, size_t payload_len, uint8_t *bytes)
{
    bytes[0] = 4 << 4 | IPV4_HEADER_LEN / 4;
    bytes[1] = header->tos;
    put16(bytes + 2, (uint16_t)(IPV4_HEADER_LEN + payload_len));
    put16(bytes + 4, header->identification);
    put16(bytes + 6, (uint16_t)((header->dont_fragment ? DONT_FRAGMENT : 0) |
                                (header->more_fragments ? MORE_FRAGMENTS : 0) |
                                (header->fragment & OFFSET_MASK)));
    bytes[8] = header->ttl;
    bytes[9] = header->protocol;
    put16(bytes + 10, 0);
    put32(bytes + 12, ip_to_v4(header->source));
    put32(bytes + 16, ip_to_v4(header->destination));
    put16(bytes + 10, checksum_end(checksum_add(0, bytes, IPV4_HEADER_LEN)));
}

uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t len)
{
    /* 2^16 is 1 in one's complement: words of 32 bits may be added whole. */
    for (; len >= 4; bytes += 4, len -= 4)
        sum += get32(bytes);
    if (len >= 2)
        sum += get16(bytes);
    if (len % 2 != 0)
        sum += (uint64_t)bytes[len - 1] << 8;
    return sum;
}

uint16_t checksum_end(uint64_t sum)
{
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)~sum;
}

static uint64_t add_address(uint64_t sum, IpAddress a)
{
    if (ip_is_v4(a))
        return sum + ip_to_v4(a);
    return sum + (a.hi >> 32) + (uint32_t)a.hi + (a.lo >> 32) + (uint32_t)a.lo;
}

uint64_t checksum_pseudo(IpAddress source, IpAddress destination,
                         uint8_t protocol, size_t len)
{
    return add_address(add_address(protocol + len, source), destination);
}
