/* icmp.c - ICMP messages as bytes; see icmp.h. */
#include "icmp.h"

#include "bytes.h"
#include "ip.h"

bool icmp_parse(const uint8_t *bytes, size_t len, IcmpHeader *header)
{
    if (checksum_end(checksum_add(0, bytes, len)) != 0)
        return false;
    return icmp_parse_quoted(bytes, len, header);
}

bool icmp_parse_quoted(const uint8_t *bytes, size_t len, IcmpHeader *header)
{
    if (len < ICMP_HEADER_LEN)
        return false;
    *header = (IcmpHeader){
        .type = bytes[0], .code = bytes[1], .rest = get32(bytes + 4)};
    return true;
}

void icmp_emit(const IcmpHeader *header, uint8_t *bytes, size_t len)
{
    bytes[0] = header->type;
    bytes[1] = header->code;
    put16(bytes + 2, 0);
    put32(bytes + 4, header->rest);
    put16(bytes + 2, checksum_end(checksum_add(0, bytes, len)));
}
