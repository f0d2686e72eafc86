/* check_wire.c - headers and their bytes: what is emitted parses back to
 * itself, known bytes mean what they should, and bytes that lie are refused. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "models/wire/arp.h"
#include "models/wire/bytes.h"
#include "models/wire/ethernet.h"
#include "models/wire/icmp.h"
#include "models/wire/ip.h"
#include "models/wire/udp.h"
#include "tests/random.h"
#include "tests/run_tests.h"

enum { ROUNDS = 5000 };

#define SOURCE ip_from_v4(0xc0000201)      /* 192.0.2.1 */
#define DESTINATION ip_from_v4(0xc0000202) /* 192.0.2.2 */

/* What a Linux 6.18 kernel wrote to a TAP device: an IP packet with a datagram
 * whose text is "firstbyte", and a frame with an ARP request. */
static const char linux_udp[] =
    "4500002573dc4000401142e8c0000201c0000202ed120035001162cc6669727374627974"
    "65";
static const char linux_arp[] =
    "ffffffffffff02000000000108060001080006040001020000000001c000020100000000"
    "0000c0000209";

/* --- addresses ------------------------------------------------------------ */

START_TEST(addresses_have_their_usual_text)
{
    static const struct {
        IpAddress ip;
        const char *text;
    } known[] = {
        {{0, 0xffffc0000201}, "192.0.2.1"},
        {{0, 0xffffffffffff}, "255.255.255.255"},
        {{0, 0}, "::"},
        {{0, 1}, "::1"},
        {{0x20010db800000000, 0}, "2001:db8::"},
        {{0x20010db800000000, 1}, "2001:db8::1"},
        {{0x20010db800000001, 0x0001000100010001}, "2001:db8:0:1:1:1:1:1"},
        {{0x20010db800000000, 0x0001000000000001}, "2001:db8::1:0:0:1"},
        {{0x0001000000000000, 0x0001000000000000}, "1::1:0:0:0"},
        {{0, 0x0000000100020003}, "::1:2:3"},
        {{0xfffffffffffffffe, 0xfffffffffffffffe},
         "ffff:ffff:ffff:fffe:ffff:ffff:ffff:fffe"},
    };
    char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        ck_assert_str_eq(ip_to_text(known[i].ip, text), known[i].text);
    ck_assert_str_eq(mac_to_text((MacAddress){0x02a0ff000901}, mac),
                     "02:a0:ff:00:09:01");
}
END_TEST

START_TEST(only_whole_dotted_quads_are_addresses)
{
    static const char *const bad[] = {
        "",          "1",        "1.2.3",    "1.2.3.4.5", "1.2.3.256",
        "1.2.3.4 ",  " 1.2.3.4", "1.2.3.-4", "1..3.4",    "01.2.3.4",
        "1.2.3.0x4", "1.2.3.",   "1.2.3.4x", "a.b.c.d",   "1.2.3.0004",
    };
    IpAddress ip = {1, 2};

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        ck_assert_msg(!ip_from_text(bad[i], &ip), "%s", bad[i]);
    ck_assert(ip.hi == 1 && ip.lo == 2);
    ck_assert(ip_from_text("0.10.255.1", &ip));
    ck_assert(ip_equal(ip, ip_from_v4(0x000aff01)));
}
END_TEST

START_TEST(masks_keep_the_first_bits)
{
    IpAddress all = {UINT64_MAX, UINT64_MAX};

    ck_assert(ip_is_none(ip_mask(all, 0)));
    ck_assert(ip_equal(ip_mask(all, 1), (IpAddress){1ull << 63, 0}));
    ck_assert(ip_equal(ip_mask(all, 64), (IpAddress){UINT64_MAX, 0}));
    ck_assert(ip_equal(ip_mask(all, 65), (IpAddress){UINT64_MAX, 1ull << 63}));
    ck_assert(ip_equal(ip_mask(all, 128), all));
    ck_assert(ip_equal(ip_mask(ip_from_v4(0xc0000281), 96 + 25),
                       ip_from_v4(0xc0000280)));
}
END_TEST

/* --- checksums ------------------------------------------------------------ */

START_TEST(checksums_are_those_of_rfc_1071)
{
    /* RFC 1071 s3: the sum of these is ddf2. */
    static const uint8_t example[] = {0x00, 0x01, 0xf2, 0x03,
                                      0xf4, 0xf5, 0xf6, 0xf7};

    ck_assert_uint_eq(checksum_end(checksum_add(0, example, 8)),
                      (uint16_t)~0xddf2);
}
END_TEST

/* The definition, word by word. */
static uint16_t plain_checksum(const uint8_t *bytes, size_t len)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < len; i++) {
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

START_TEST(checksums_are_those_of_the_definition)
{
    Stream stream = random_stream("checksum");
    uint8_t bytes[300];

    for (int round = 0; round < ROUNDS / 10; round++) {
        size_t len = stream_below(&stream, sizeof bytes);
        size_t part = stream_below(&stream, len / 2 + 1) * 2;

        random_bytes(&stream, bytes, len);
        if (round % 7 == 0)
            memset(bytes, 0xff, len);
        ck_assert_uint_eq(checksum_end(checksum_add(0, bytes, len)),
                          plain_checksum(bytes, len));
        ck_assert_uint_eq(
            checksum_end(checksum_add(checksum_add(0, bytes, part),
                                      bytes + part, len - part)),
            plain_checksum(bytes, len));
    }
}
END_TEST

START_TEST(fcs_is_crc_32)
{
    /* The usual check value of CRC-32. */
    ck_assert_uint_eq(ethernet_fcs((const uint8_t *)"123456789", 9),
                      0xcbf43926);
}
END_TEST

/* --- Ethernet and ARP ----------------------------------------------------- */

START_TEST(ethernet_headers_come_back)
{
    Stream stream = random_stream("ethernet");

    for (int round = 0; round < ROUNDS; round++) {
        EthernetHeader header = {
            random_mac(&stream), random_mac(&stream),
            (uint16_t)(0x600 + stream_below(&stream, 0xfa00))};
        EthernetHeader back;
        uint8_t bytes[ETHERNET_HEADER_LEN];

        ethernet_emit(&header, bytes);
        ck_assert(ethernet_parse(bytes, sizeof bytes, &back));
        ck_assert(mac_equal(back.destination, header.destination) &&
                  mac_equal(back.source, header.source));
        ck_assert_uint_eq(back.type, header.type);
        ck_assert(!ethernet_parse(bytes, sizeof bytes - 1, &back));
    }
}
END_TEST

START_TEST(ethernet_lengths_are_not_types)
{
    uint8_t bytes[ETHERNET_HEADER_LEN] = {0};
    EthernetHeader header = {.type = 7};

    put16(bytes + 12, 1500);
    ck_assert(!ethernet_parse(bytes, sizeof bytes, &header));
    ck_assert_uint_eq(header.type, 7);
}
END_TEST

START_TEST(arp_messages_come_back)
{
    Stream stream = random_stream("arp");

    for (int round = 0; round < ROUNDS; round++) {
        ArpHeader header = {.sender_ip = ip_from_v4(stream_u32(&stream)),
                            .target_ip = ip_from_v4(stream_u32(&stream)),
                            .sender_mac = random_mac(&stream),
                            .target_mac = random_mac(&stream),
                            .operation = (uint16_t)stream_u32(&stream)};
        ArpHeader back;
        uint8_t bytes[ARP_LEN];

        arp_emit(&header, bytes);
        ck_assert(arp_parse(bytes, sizeof bytes, &back));
        ck_assert(ip_equal(back.sender_ip, header.sender_ip) &&
                  ip_equal(back.target_ip, header.target_ip) &&
                  mac_equal(back.sender_mac, header.sender_mac) &&
                  mac_equal(back.target_mac, header.target_mac));
        ck_assert_uint_eq(back.operation, header.operation);
        ck_assert(!arp_parse(bytes, sizeof bytes - 1, &back));
    }
}
END_TEST

START_TEST(linux_arp_request_reads_and_writes_the_same)
{
    uint8_t bytes[64], again[ARP_LEN];
    size_t len = from_hex(linux_arp, bytes);
    ArpHeader header;

    ck_assert(arp_parse(bytes + ETHERNET_HEADER_LEN, len - ETHERNET_HEADER_LEN,
                        &header));
    ck_assert_uint_eq(header.operation, ARP_REQUEST);
    ck_assert_uint_eq(header.sender_mac.value, 0x020000000001);
    ck_assert_uint_eq(ip_to_v4(header.target_ip), 0xc0000209);
    arp_emit(&header, again);
    ck_assert_mem_eq(again, bytes + ETHERNET_HEADER_LEN, ARP_LEN);
    bytes[ETHERNET_HEADER_LEN + 4] = 8; /* addresses of another length */
    ck_assert(!arp_parse(bytes + ETHERNET_HEADER_LEN, ARP_LEN, &header));
}
END_TEST

/* --- IP ------------------------------------------------------------------- */

static IpHeader random_ip(Stream *stream)
{
    return (IpHeader){.source = ip_from_v4(stream_u32(stream)),
                      .destination = ip_from_v4(stream_u32(stream)),
                      .identification = (uint16_t)stream_u32(stream),
                      .fragment = (uint16_t)stream_below(stream, 0x2000),
                      .ttl = (uint8_t)stream_u32(stream),
                      .protocol = (uint8_t)stream_u32(stream),
                      .tos = (uint8_t)stream_u32(stream),
                      .dont_fragment = stream_u32(stream) & 1,
                      .more_fragments = stream_u32(stream) & 1};
}

START_TEST(ip_headers_come_back)
{
    Stream stream = random_stream("ip");
    uint8_t bytes[IPV4_HEADER_LEN + 100] = {0};

    for (int round = 0; round < ROUNDS; round++) {
        IpHeader header = random_ip(&stream), back;
        size_t payload = stream_below(&stream, 101), header_len, total_len;

        ipv4_emit(&header, payload, bytes);
        ck_assert(
            ipv4_parse(bytes, sizeof bytes, &back, &header_len, &total_len));
        ck_assert(ip_equal(back.source, header.source) &&
                  ip_equal(back.destination, header.destination));
        ck_assert_uint_eq(back.identification, header.identification);
        ck_assert_uint_eq(back.fragment, header.fragment);
        ck_assert_uint_eq(back.ttl, header.ttl);
        ck_assert_uint_eq(back.protocol, header.protocol);
        ck_assert_uint_eq(back.tos, header.tos);
        ck_assert(back.dont_fragment == header.dont_fragment &&
                  back.more_fragments == header.more_fragments);
        ck_assert_uint_eq(header_len, IPV4_HEADER_LEN);
        ck_assert_uint_eq(total_len, IPV4_HEADER_LEN + payload);
    }
}
END_TEST

START_TEST(every_single_bit_error_in_an_ip_header_is_found)
{
    IpHeader header = {.source = SOURCE, .destination = DESTINATION, .ttl = 64};
    uint8_t bytes[IPV4_HEADER_LEN];
    size_t header_len, total_len;

    ipv4_emit(&header, 0, bytes);
    for (unsigned bit = 0; bit < IPV4_HEADER_LEN * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert(
            !ipv4_parse(bytes, sizeof bytes, &header, &header_len, &total_len));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}
END_TEST

/* An IPv4 header of WORDS words, the first byte, the length and the checksum
 * made to fit. */
static void make_header(uint8_t *bytes, unsigned words, unsigned total)
{
    memset(bytes, 0x01, words * 4); /* 1: the option "no operation" */
    bytes[0] = (uint8_t)(0x40 | words);
    put16(bytes + 2, (uint16_t)total);
    put16(bytes + 10, 0);
    put16(bytes + 10, checksum_end(checksum_add(0, bytes, words * 4)));
}

/* MUST-50 */
START_TEST(ip_options_are_accepted_and_lies_are_not)
{
    uint8_t bytes[64] = {0};
    IpHeader header;
    size_t header_len = 0, total_len = 0;

    make_header(bytes, 15, 64);
    ck_assert(ipv4_parse(bytes, 64, &header, &header_len, &total_len));
    ck_assert_uint_eq(header_len, 60);
    ck_assert_uint_eq(total_len, 64);
    ck_assert(!ipv4_parse(bytes, 63, &header, &header_len, &total_len));
    /* An ICMP error quotes less than the packet, but a whole header. */
    ck_assert(ipv4_parse_quoted(bytes, 60, &header, &header_len));
    ck_assert(!ipv4_parse_quoted(bytes, 59, &header, &header_len));
    make_header(bytes, 4, 64); /* a header below 20 bytes */
    ck_assert(!ipv4_parse(bytes, 64, &header, &header_len, &total_len));
    make_header(bytes, 15, 59); /* a packet shorter than its header */
    ck_assert(!ipv4_parse(bytes, 64, &header, &header_len, &total_len));
    ck_assert(!ipv4_parse(bytes, 19, &header, &header_len, &total_len));
}
END_TEST

/* --- UDP and ICMP --------------------------------------------------------- */

START_TEST(udp_headers_come_back)
{
    Stream stream = random_stream("udp");
    uint8_t bytes[64];

    for (int round = 0; round < ROUNDS; round++) {
        UdpHeader header = {(uint16_t)stream_u32(&stream),
                            (uint16_t)stream_u32(&stream)};
        UdpHeader back;
        size_t len = UDP_HEADER_LEN + stream_below(&stream, 50), payload_len;

        random_bytes(&stream, bytes, sizeof bytes);
        udp_emit(&header, SOURCE, DESTINATION, bytes, len);
        ck_assert(udp_parse(bytes, sizeof bytes, SOURCE, DESTINATION, &back,
                            &payload_len));
        ck_assert_uint_eq(back.source_port, header.source_port);
        ck_assert_uint_eq(back.destination_port, header.destination_port);
        ck_assert_uint_eq(payload_len, len - UDP_HEADER_LEN);
        ck_assert(!udp_parse(bytes, sizeof bytes, SOURCE,
                             ip_from_v4(0xc0000203), &back, &payload_len));
        ck_assert(!udp_parse(bytes, len - 1, SOURCE, DESTINATION, &back,
                             &payload_len));
    }
}
END_TEST

START_TEST(linux_datagram_reads_and_writes_the_same)
{
    uint8_t bytes[64], again[64];
    size_t len = from_hex(linux_udp, bytes), payload_len;
    UdpHeader header;

    ck_assert(udp_parse(bytes + 20, len - 20, SOURCE, DESTINATION, &header,
                        &payload_len));
    ck_assert_uint_eq(header.destination_port, 53);
    ck_assert_uint_eq(payload_len, strlen("firstbyte"));
    memcpy(again, bytes, len);
    memset(again + 20, 0xaa, UDP_HEADER_LEN);
    udp_emit(&header, SOURCE, DESTINATION, again + 20, len - 20);
    ck_assert_mem_eq(again, bytes, len);
}
END_TEST

START_TEST(udp_checksum_zero_means_none_and_is_never_sent)
{
    UdpHeader header = {0, 0};
    uint8_t bytes[UDP_HEADER_LEN + 2];
    size_t payload_len;

    /* Of all payloads of two bytes one makes the sum 0. */
    for (unsigned i = 0; i < 0x10000; i++) {
        put16(bytes + UDP_HEADER_LEN, (uint16_t)i);
        udp_emit(&header, SOURCE, DESTINATION, bytes, sizeof bytes);
        ck_assert_uint_ne(get16(bytes + 6), 0);
        ck_assert(udp_parse(bytes, sizeof bytes, SOURCE, DESTINATION, &header,
                            &payload_len));
    }
    put16(bytes + 6, 0);
    bytes[UDP_HEADER_LEN] ^= 1;
    ck_assert(udp_parse(bytes, sizeof bytes, SOURCE, DESTINATION, &header,
                        &payload_len));
    put16(bytes + 4, UDP_HEADER_LEN - 1);
    ck_assert(!udp_parse(bytes, sizeof bytes, SOURCE, DESTINATION, &header,
                         &payload_len));
}
END_TEST

START_TEST(icmp_headers_come_back)
{
    Stream stream = random_stream("icmp");
    uint8_t bytes[64];

    for (int round = 0; round < ROUNDS; round++) {
        IcmpHeader header = {(uint8_t)stream_u32(&stream),
                             (uint8_t)stream_u32(&stream), stream_u32(&stream)};
        IcmpHeader back;
        size_t len = ICMP_HEADER_LEN + stream_below(&stream, 50);

        random_bytes(&stream, bytes, sizeof bytes);
        icmp_emit(&header, bytes, len);
        ck_assert(icmp_parse(bytes, len, &back));
        ck_assert(back.type == header.type && back.code == header.code &&
                  back.rest == header.rest);
        bytes[stream_below(&stream, len)] ^= 0x10;
        ck_assert(!icmp_parse(bytes, len, &back));
        ck_assert(!icmp_parse(bytes, ICMP_HEADER_LEN - 1, &back));
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("wire");

    tcase_add_test(tcase, addresses_have_their_usual_text);
    tcase_add_test(tcase, only_whole_dotted_quads_are_addresses);
    tcase_add_test(tcase, masks_keep_the_first_bits);
    tcase_add_test(tcase, checksums_are_those_of_rfc_1071);
    tcase_add_test(tcase, checksums_are_those_of_the_definition);
    tcase_add_test(tcase, fcs_is_crc_32);
    tcase_add_test(tcase, ethernet_headers_come_back);
    tcase_add_test(tcase, ethernet_lengths_are_not_types);
    tcase_add_test(tcase, arp_messages_come_back);
    tcase_add_test(tcase, linux_arp_request_reads_and_writes_the_same);
    tcase_add_test(tcase, ip_headers_come_back);
    tcase_add_test(tcase, every_single_bit_error_in_an_ip_header_is_found);
    tcase_add_test(tcase, ip_options_are_accepted_and_lies_are_not);
    tcase_add_test(tcase, udp_headers_come_back);
    tcase_add_test(tcase, linux_datagram_reads_and_writes_the_same);
    tcase_add_test(tcase, udp_checksum_zero_means_none_and_is_never_sent);
    tcase_add_test(tcase, icmp_headers_come_back);
    return run_tests("wire", tcase, NULL);
}
