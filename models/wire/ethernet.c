/* ethernet.c - the Ethernet II header as bytes; see ethernet.h. */
#include "ethernet.h"

#include <zlib.h>

#include "bytes.h"

enum { TYPE_MIN = 0x0600 }; /* below: a length (IEEE 802.3 s3.2.6) */

bool ethernet_parse(const uint8_t *bytes, size_t len, EthernetHeader *header)
{
    if (len < ETHERNET_HEADER_LEN || get16(bytes + 12) < TYPE_MIN)
        return false;
    *header = (EthernetHeader){.destination = {get48(bytes)},
                               .source = {get48(bytes + 6)},
                               .type = get16(bytes + 12)};
    return true;
}

void ethernet_emit(const EthernetHeader *header, uint8_t *bytes)
{
    put48(bytes, header->destination.value);
    put48(bytes + 6, header->source.value);
    put16(bytes + 12, header->type);
}

uint32_t ethernet_fcs(const uint8_t *frame, size_t len)
{
    return (uint32_t)crc32(0, frame, (uInt)len);
}
