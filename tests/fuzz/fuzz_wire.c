/* fuzz_wire.c - any bytes as each header: refused, with the struct untouched,
 * or read; what is read is written to bytes that read the same again. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "models/wire/arp.h"
#include "models/wire/bytes.h"
#include "models/wire/ethernet.h"
#include "models/wire/icmp.h"
#include "models/wire/ip.h"
#include "models/wire/tcp.h"
#include "models/wire/udp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define SOURCE ip_from_v4(0xc0000201)
#define DESTINATION ip_from_v4(0xc0000202)

/* Makes the checksum at AT right, so that the fuzzer gets past it. */
static void fix(uint8_t *bytes, size_t len, size_t at, uint64_t sum)
{
    if (at + 2 > len)
        return;
    put16(bytes + at, 0);
    put16(bytes + at, checksum_end(checksum_add(sum, bytes, len)));
}

static bool all_are(const void *memory, uint8_t byte, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((const uint8_t *)memory)[i] != byte)
            return false;
    return true;
}

#define POISON(header) memset(&(header), 0xa5, sizeof(header))
#define UNTOUCHED(header) all_are(&(header), 0xa5, sizeof(header))

static void try_ethernet(uint8_t *bytes, size_t len)
{
    EthernetHeader header, back;
    uint8_t again[ETHERNET_HEADER_LEN];

    POISON(header);
    if (!ethernet_parse(bytes, len, &header)) {
        g_assert(UNTOUCHED(header));
        return;
    }
    ethernet_emit(&header, again);
    g_assert(memcmp(again, bytes, sizeof again) == 0);
    g_assert(ethernet_parse(again, sizeof again, &back));
    ethernet_fcs(bytes, len);
}

static void try_arp(uint8_t *bytes, size_t len)
{
    ArpHeader header;
    uint8_t again[ARP_LEN];

    POISON(header);
    if (!arp_parse(bytes, len, &header)) {
        g_assert(UNTOUCHED(header));
        return;
    }
    arp_emit(&header, again);
    g_assert(memcmp(again, bytes, sizeof again) == 0);
}

static void try_ip(uint8_t *bytes, size_t len, bool right)
{
    IpHeader header, back;
    size_t header_len = 0, total_len = 0, payload;
    uint8_t first[IPV4_HEADER_LEN], second[IPV4_HEADER_LEN];

    if (right && len > 0)
        fix(bytes, MIN(len, (bytes[0] & 15u) * 4), 10, 0);
    POISON(header);
    if (!ipv4_parse(bytes, len, &header, &header_len, &total_len)) {
        g_assert(UNTOUCHED(header) && header_len == 0 && total_len == 0);
        if (ipv4_parse_quoted(bytes, len, &header, &header_len))
            g_assert(header_len >= IPV4_HEADER_LEN && header_len <= len);
        return;
    }
    g_assert(header_len <= total_len && total_len <= len);
    payload = total_len - header_len;
    ipv4_emit(&header, payload, first);
    memcpy(bytes, first, sizeof first); /* the bytes are long enough for it */
    g_assert(ipv4_parse(bytes, len, &back, &header_len, &total_len));
    g_assert(header_len == IPV4_HEADER_LEN &&
             total_len == IPV4_HEADER_LEN + payload);
    ipv4_emit(&back, payload, second);
    g_assert(memcmp(first, second, sizeof first) == 0);
}

static void try_icmp(uint8_t *bytes, size_t len, bool right)
{
    IcmpHeader header;
    uint8_t *again;

    if (right)
        fix(bytes, len, 2, 0);
    POISON(header);
    if (!icmp_parse(bytes, len, &header)) {
        g_assert(UNTOUCHED(header));
        g_assert(icmp_parse_quoted(bytes, len, &header) ==
                 (len >= ICMP_HEADER_LEN));
        return;
    }
    again = g_memdup2(bytes, len);
    icmp_emit(&header, again, len);
    g_assert(icmp_parse(again, len, &header));
    g_free(again);
}

static void try_udp(uint8_t *bytes, size_t len, bool right)
{
    UdpHeader header, back;
    size_t payload_len = 0, again_len = 0;

    if (right && len >= UDP_HEADER_LEN)
        fix(bytes, MIN(len, get16(bytes + 4)), 6,
            checksum_pseudo(SOURCE, DESTINATION, IP_PROTOCOL_UDP,
                            MIN(len, get16(bytes + 4))));
    POISON(header);
    if (!udp_parse(bytes, len, SOURCE, DESTINATION, &header, &payload_len)) {
        g_assert(UNTOUCHED(header) && payload_len == 0);
        g_assert(udp_parse_quoted(bytes, len, &header) ==
                 (len >= UDP_HEADER_LEN));
        return;
    }
    udp_emit(&header, SOURCE, DESTINATION, bytes, UDP_HEADER_LEN + payload_len);
    g_assert(udp_parse(bytes, len, SOURCE, DESTINATION, &back, &again_len));
    g_assert(back.source_port == header.source_port &&
             back.destination_port == header.destination_port &&
             again_len == payload_len);
}

static void try_tcp(uint8_t *bytes, size_t len, bool right)
{
    TcpHeader header, back;
    size_t header_len = 0, payload, again_len;
    uint8_t *first, *second;

    if (right)
        fix(bytes, len, 16,
            checksum_pseudo(SOURCE, DESTINATION, IP_PROTOCOL_TCP, len));
    POISON(header);
    if (!tcp_parse(bytes, len, SOURCE, DESTINATION, &header, &header_len)) {
        g_assert(UNTOUCHED(header) && header_len == 0);
        g_assert(tcp_parse_quoted(bytes, len, &header) ==
                 (len >= TCP_QUOTED_LEN));
        return;
    }
    payload = len - header_len;
    again_len = tcp_header_len(&header) + payload;
    first = g_malloc0(again_len);
    second = g_malloc0(again_len);
    tcp_emit(&header, SOURCE, DESTINATION, first, again_len);
    g_assert(
        tcp_parse(first, again_len, SOURCE, DESTINATION, &back, &header_len));
    g_assert(header_len == tcp_header_len(&header));
    tcp_emit(&back, SOURCE, DESTINATION, second, again_len);
    g_assert(memcmp(first, second, again_len) == 0);
    g_free(first);
    g_free(second);
}

static void try_address(uint8_t *bytes, size_t len)
{
    char *text = g_strndup((const char *)bytes, len);
    char again[IP_TEXT_MAX], mac[MAC_TEXT_MAX];
    IpAddress ip;

    if (ip_from_text(text, &ip))
        g_assert(strcmp(ip_to_text(ip, again), text) == 0);
    g_free(text);
    if (len >= sizeof ip) {
        memcpy(&ip, bytes, sizeof ip);
        g_assert(strlen(ip_to_text(ip, again)) < IP_TEXT_MAX);
        mac_to_text((MacAddress){ip.lo >> 16}, mac);
        g_assert(strlen(mac) == MAC_TEXT_MAX - 1);
    }
}

/* The first byte says which header, its highest bit whether to make the
 * checksum right. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    uint8_t *copy;
    bool right;

    if (len == 0)
        return 0;
    right = bytes[0] >= 0x80;
    len--;
    copy = g_malloc(MAX(len, 1)); /* never NULL */
    memcpy(copy, bytes + 1, len);
    switch (bytes[0] % 7) {
    case 0:
        try_ethernet(copy, len);
        break;
    case 1:
        try_arp(copy, len);
        break;
    case 2:
        try_ip(copy, len, right);
        break;
    case 3:
        try_icmp(copy, len, right);
        break;
    case 4:
        try_udp(copy, len, right);
        break;
    case 5:
        try_tcp(copy, len, right);
        break;
    case 6:
        try_address(copy, len);
        break;
    }
    g_free(copy);
    return 0;
}
