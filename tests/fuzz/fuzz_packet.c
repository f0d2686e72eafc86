/* fuzz_packet.c - any bytes as a frame: refused with a reason, or a packet
 * whose bytes read back to the same packet; and any bytes as what an ICMP error
 * quotes. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "models/packet.h"
#include "models/wire/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Makes the checksum at AT of LEN bytes right, where there is room for one. */
static void fix(uint8_t *bytes, size_t len, size_t at, uint64_t sum)
{
    if (at + 2 > len)
        return;
    put16(bytes + at, 0);
    put16(bytes + at, checksum_end(checksum_add(sum, bytes, len)));
}

/* The same for the IP packet of LEN bytes, inside and out. */
static void fix_packet(uint8_t *bytes, size_t len)
{
    size_t header_len, rest_len;
    uint8_t *rest;
    uint64_t pseudo;

    if (len < IPV4_HEADER_LEN)
        return;
    header_len = MIN((bytes[0] & 15u) * 4, len);
    fix(bytes, header_len, 10, 0);
    if (get16(bytes + 2) > len || get16(bytes + 2) < header_len)
        return;
    rest = bytes + header_len;
    rest_len = get16(bytes + 2) - header_len;
    pseudo = checksum_pseudo(ip_from_v4(get32(bytes + 12)),
                             ip_from_v4(get32(bytes + 16)), bytes[9], rest_len);
    if (bytes[9] == IP_PROTOCOL_TCP)
        fix(rest, rest_len, 16, pseudo);
    else if (bytes[9] == IP_PROTOCOL_UDP && rest_len >= UDP_HEADER_LEN &&
             get16(rest + 4) == rest_len)
        fix(rest, rest_len, 6, pseudo);
    else if (bytes[9] == IP_PROTOCOL_ICMP)
        fix(rest, rest_len, 2, 0);
}

static void hear(Observer *observer, const Record *record)
{
    g_assert(record->kind == REC_CAUSE || record->what != NULL);
}

static void check(Sim *sim, Packet *packet /* taken */, bool from_ip)
{
    size_t len = packet_frame_len(packet) - (from_ip ? ETHERNET_HEADER_LEN : 0);
    uint8_t *first = g_malloc(len), *second = g_malloc(len);
    Packet *back;

    g_assert(packet_emit(packet, from_ip, first, len) == len);
    g_assert(packet_emit(packet, from_ip, second, len - 1) == 0);
    back = packet_parse(sim, from_ip, first, len, NULL);
    g_assert(back != NULL);
    g_assert(strcmp(packet_class(back), packet_class(packet)) == 0);
    packet_drop(sim, 0, packet, DROP_NONE);
    packet = packet_copy(sim, back);
    packet_free(sim, back);
    g_assert(packet_emit(packet, from_ip, second, len) == len);
    g_assert(memcmp(first, second, len) == 0);
    packet_free(sim, packet);
    g_free(first);
    g_free(second);
}

static void try_quoted(const uint8_t *bytes, size_t len)
{
    Packet quoted;

    if (packet_parse_quoted(bytes, len, &quoted))
        packet_class(&quoted);
}

/* Bit 0 of the first byte: from the IP header on; bit 7: make the checksums
 * right. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    Observer observer = {.wants = ~(uint64_t)0, .hear = hear};
    const char *why = NULL;
    bool from_ip;
    uint8_t *copy;
    size_t ip_at;
    Packet *packet;
    Sim sim;

    if (len == 0)
        return 0;
    from_ip = bytes[0] & 1;
    ip_at = from_ip ? 0 : ETHERNET_HEADER_LEN;
    len--;
    copy = g_malloc(MAX(len, 1));
    memcpy(copy, bytes + 1, len);
    if (bytes[0] >= 0x80 && len > ip_at)
        fix_packet(copy + ip_at, len - ip_at);
    sim_init(&sim, 1, 0);
    sim_observe(&sim, &observer);
    packet = packet_parse(&sim, from_ip, copy, len, &why);
    g_assert((packet == NULL) == (why != NULL));
    if (packet != NULL)
        check(&sim, packet, from_ip);
    if (len > ip_at)
        try_quoted(copy + ip_at, len - ip_at);
    g_free(copy);
    sim_clear(&sim);
    return 0;
}
