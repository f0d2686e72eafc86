/* arp.c - ARP messages as bytes; see arp.h. */
#include "arp.h"

#include "bytes.h"
#include "ethernet.h"

enum { HARDWARE_ETHERNET = 1, MAC_LEN = 6, IPV4_LEN = 4 };

bool arp_parse(const uint8_t *bytes, size_t len, ArpHeader *header)
{
    if (len < ARP_LEN || get16(bytes) != HARDWARE_ETHERNET ||
        get16(bytes + 2) != ETHERTYPE_IPV4 || bytes[4] != MAC_LEN ||
        bytes[5] != IPV4_LEN)
        return false;
    *header = (ArpHeader){.operation = get16(bytes + 6),
                          .sender_mac = {get48(bytes + 8)},
                          .sender_ip = ip_from_v4(get32(bytes + 14)),
                          .target_mac = {get48(bytes + 18)},
                          .target_ip = ip_from_v4(get32(bytes + 24))};
    return true;
}

void arp_emit(const ArpHeader *header, uint8_t *bytes)
{
    put16(bytes, HARDWARE_ETHERNET);
    put16(bytes + 2, ETHERTYPE_IPV4);
    bytes[4] = MAC_LEN;
    bytes[5] = IPV4_LEN;
    put16(bytes + 6, header->operation);
    put48(bytes + 8, header->sender_mac.value);
    put32(bytes + 14, ip_to_v4(header->sender_ip));
    put48(bytes + 18, header->target_mac.value);
    put32(bytes + 24, ip_to_v4(header->target_ip));
}
