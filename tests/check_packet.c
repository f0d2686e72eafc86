/* check_packet.c - whole packets: to bytes and back, their class and identity,
 * what is told of them, and who owns the payload. */
#include <stdlib.h>
#include <string.h>

#include "models/packet.h"
#include "models/wire/bytes.h"
#include "tests/random.h"
#include "tests/run_tests.h"

enum { ROUNDS = 5000, BYTES_MAX = 2048 };

static Sim sim;

static void setup(void) { sim_init(&sim, 1, 0); }
static void teardown(void) { sim_clear(&sim); } /* asserts: no packet is left */

static Slice text_payload(const char *text)
{
    size_t len = strlen(text);

    return (Slice){g_bytes_new(text, len), 0, (uint32_t)len};
}

static Packet *new_ip(uint8_t protocol)
{
    Packet *packet = packet_new(&sim);

    packet->ethernet =
        (EthernetHeader){{0x020000000002}, {0x020000000001}, ETHERTYPE_IPV4};
    packet->ip = (IpHeader){.source = ip_from_v4(0xc0000201),
                            .destination = ip_from_v4(0xc0000202),
                            .ttl = 64,
                            .protocol = protocol};
    return packet;
}

static Packet *random_packet(Stream *stream)
{
    static const uint8_t protocols[] = {IP_PROTOCOL_TCP, IP_PROTOCOL_UDP,
                                        IP_PROTOCOL_ICMP, 47};
    Packet *packet = new_ip(protocols[stream_below(stream, 4)]);
    uint8_t bytes[1400];
    size_t len = stream_below(stream, 3) == 0 ? 0 : stream_below(stream, 1400);

    packet->ip.identification = (uint16_t)stream_u32(stream);
    packet->ip.dont_fragment = stream_u32(stream) & 1;
    if (packet->ip.protocol == IP_PROTOCOL_TCP) {
        do
            packet->tcp = random_tcp(stream);
        while (tcp_header_len(&packet->tcp) > TCP_HEADER_MAX);
    } else if (packet->ip.protocol == IP_PROTOCOL_UDP) {
        packet->udp = (UdpHeader){(uint16_t)stream_u32(stream),
                                  (uint16_t)stream_u32(stream)};
    } else if (packet->ip.protocol == IP_PROTOCOL_ICMP) {
        packet->icmp =
            (IcmpHeader){(uint8_t)stream_u32(stream), 1, stream_u32(stream)};
    }
    random_bytes(stream, bytes, len);
    packet->payload.len = (uint32_t)len;
    if (len > 0 && stream_u32(stream) % 4 != 0)
        packet->payload.bytes = g_bytes_new(bytes, len);
    return packet;
}

START_TEST(packets_come_back_from_their_bytes)
{
    Stream stream = random_stream("packet");
    uint8_t bytes[BYTES_MAX], again[BYTES_MAX];

    for (int round = 0; round < ROUNDS; round++) {
        Packet *packet = random_packet(&stream), *back;
        bool from_ip = round % 2;
        size_t len = packet_emit(packet, from_ip, bytes, sizeof bytes);

        ck_assert_uint_eq(len, from_ip ? packet_len(packet)
                                       : packet_frame_len(packet));
        ck_assert_uint_eq(packet_emit(packet, from_ip, again, len - 1), 0);
        /* What follows the packet, such as padding, is not of it. */
        memset(bytes + len, 0xee, 20);
        back = packet_parse(&sim, from_ip, bytes, len + 20, NULL);
        ck_assert_ptr_nonnull(back);
        ck_assert_uint_eq(back->payload.len, packet->payload.len);
        ck_assert_str_eq(packet_class(back), packet_class(packet));
        ck_assert_uint_eq(packet_emit(back, from_ip, again, sizeof again), len);
        ck_assert_mem_eq(again, bytes, len);
        packet_free(&sim, packet);
        packet_free(&sim, back);
    }
}
END_TEST

START_TEST(arp_packets_come_back_from_their_bytes)
{
    Packet *packet = packet_new(&sim), *back;
    uint8_t bytes[BYTES_MAX];
    size_t len;

    packet->ethernet =
        (EthernetHeader){MAC_BROADCAST, {0x020000000001}, ETHERTYPE_ARP};
    packet->arp = (ArpHeader){.operation = ARP_REQUEST,
                              .sender_mac = {0x020000000001},
                              .sender_ip = ip_from_v4(0xc0000201),
                              .target_ip = ip_from_v4(0xc0000202)};
    len = packet_emit(packet, false, bytes, sizeof bytes);
    ck_assert_uint_eq(len, ETHERNET_HEADER_LEN + ARP_LEN);
    back = packet_parse(&sim, false, bytes, len, NULL);
    ck_assert_ptr_nonnull(back);
    ck_assert(ip_equal(back->arp.target_ip, packet->arp.target_ip));
    ck_assert_str_eq(packet_class(back), "ARP request");
    packet_free(&sim, packet);
    packet_free(&sim, back);
}
END_TEST

START_TEST(bytes_that_are_no_packet_are_refused_with_a_reason)
{
    static const struct {
        size_t at;
        uint16_t value;
        const char *why;
    } lies[] = {
        {12, 0x0100, "not an Ethernet II frame"},
        {12, 0x86dd, "neither IPv4 nor ARP"},
        {12, ETHERTYPE_ARP, "not an ARP message"},
        {14, 0x6500, "not an IPv4 packet, or its header checksum fails"},
        {34, 0x1234, "not a UDP datagram, or its checksum fails"},
    };
    Packet *packet = new_ip(IP_PROTOCOL_UDP);
    uint8_t bytes[BYTES_MAX];
    const char *why = NULL;
    size_t len = packet_emit(packet, false, bytes, sizeof bytes);

    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        uint16_t truth = get16(bytes + lies[i].at);

        put16(bytes + lies[i].at, lies[i].value);
        ck_assert_ptr_null(packet_parse(&sim, false, bytes, len, &why));
        ck_assert_str_eq(why, lies[i].why);
        put16(bytes + lies[i].at, truth);
    }
    packet->ip.more_fragments = true;
    packet_emit(packet, false, bytes, sizeof bytes);
    ck_assert_ptr_null(packet_parse(&sim, false, bytes, len, &why));
    ck_assert_str_eq(why, "a fragment of an IPv4 packet");
    packet_free(&sim, packet);
}
END_TEST

START_TEST(quoted_headers_are_read_from_eight_bytes)
{
    Packet *packet = new_ip(IP_PROTOCOL_TCP), quoted;
    uint8_t bytes[BYTES_MAX];

    packet->tcp = (TcpHeader){.source_port = 50000,
                              .destination_port = 80,
                              .seq = 0xfffffff0,
                              .flags = TCP_ACK};
    packet->payload.len = 1000;
    packet_emit(packet, true, bytes, sizeof bytes);
    ck_assert(packet_parse_quoted(bytes, IPV4_HEADER_LEN + 8, &quoted));
    ck_assert(ip_equal(quoted.ip.destination, packet->ip.destination));
    ck_assert_uint_eq(quoted.tcp.source_port, 50000);
    ck_assert_uint_eq(quoted.tcp.destination_port, 80);
    ck_assert_uint_eq(quoted.tcp.seq, 0xfffffff0);
    ck_assert(!packet_parse_quoted(bytes, IPV4_HEADER_LEN + 7, &quoted));
    packet->ip.protocol = IP_PROTOCOL_UDP;
    packet->udp = (UdpHeader){50001, 53};
    packet_emit(packet, true, bytes, sizeof bytes);
    ck_assert(packet_parse_quoted(bytes, IPV4_HEADER_LEN + 8, &quoted));
    ck_assert_uint_eq(quoted.udp.source_port, 50001);
    packet_free(&sim, packet);
}
END_TEST

START_TEST(classes_name_what_a_packet_is)
{
    static const struct {
        uint16_t flags;
        uint32_t len;
        const char *class;
    } known[] = {
        {TCP_SYN, 0, "SYN"},
        {TCP_SYN | TCP_ACK, 0, "SYN,ACK"},
        {TCP_ACK, 0, "ACK"},
        {TCP_ACK | TCP_PSH, 10, "data"},
        {TCP_FIN | TCP_ACK | TCP_PSH, 10, "FIN,ACK"},
        {TCP_RST, 0, "RST"},
        {TCP_RST | TCP_ACK, 0, "RST,ACK"},
    };
    Packet *packet = new_ip(IP_PROTOCOL_TCP);

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        packet->tcp.flags = known[i].flags;
        packet->payload.len = known[i].len;
        ck_assert_str_eq(packet_class(packet), known[i].class);
    }
    packet_free(&sim, packet);
}
END_TEST

START_TEST(copies_share_the_payload_and_the_id)
{
    Packet *packet = new_ip(IP_PROTOCOL_UDP), *copy;

    packet->payload = text_payload("firstbyte");
    copy = packet_copy(&sim, packet);
    ck_assert_uint_eq(copy->id, packet->id);
    packet_free(&sim, packet);
    ck_assert_mem_eq(slice_data(&copy->payload), "firstbyte", 9);
    packet_free(&sim, copy);
}
END_TEST

START_TEST(slices_are_parts_of_the_same_bytes)
{
    Slice whole = text_payload("firstbyte");
    Slice part = slice_part(&whole, 5, 4), middle = slice_part(&part, 1, 2);

    slice_clear(&whole);
    ck_assert_mem_eq(slice_data(&middle), "yt", 2);
    slice_clear(&part);
    slice_clear(&middle);
    ck_assert_ptr_null(slice_data(&middle));
}
END_TEST

/* --- what is told --------------------------------------------------------- */

typedef struct Listener {
    Observer observer;
    Record heard[4];
    CauseTold cause;
    unsigned count;
} Listener;

static void hear(Observer *observer, const Record *record)
{
    Listener *listener = sim_container_of(observer, Listener, observer);

    ck_assert_uint_lt(listener->count, 4);
    listener->heard[listener->count++] = *record;
    if (record->kind == REC_CAUSE)
        listener->cause = *(const CauseTold *)record->what;
}

START_TEST(packets_tell_their_cause_and_their_end)
{
    Listener listener = {
        .observer = {.wants = 1u << REC_CAUSE | 1u << REC_PACKET_DROPPED,
                     .hear = hear}};
    Packet *packet;

    sim_observe(&sim, &listener.observer);
    sim.cause = 77;
    packet = new_ip(IP_PROTOCOL_UDP);
    ck_assert_uint_eq(listener.cause.id, packet->id);
    ck_assert_uint_eq(listener.cause.parent, 77);
    packet->payload.len = 10;
    packet->flow = (FlowId){5, 6};
    packet_drop(&sim, 3, packet, DROP_TTL);
    ck_assert_uint_eq(listener.count, 2);
    ck_assert_uint_eq(listener.heard[1].kind, REC_PACKET_DROPPED);
    ck_assert_uint_eq(listener.heard[1].code, DROP_TTL);
    ck_assert_uint_eq(listener.heard[1].node, 3);
    ck_assert_uint_eq(listener.heard[1].len, 14 + 20 + 8 + 10);
    ck_assert_uint_eq(listener.heard[1].cause, 77);
    sim.cause = 0;
}
END_TEST

START_TEST(stable_ids_differ_where_identities_differ)
{
    GHashTable *seen =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    Packet packet = {0};

    for (uint32_t opener = 0; opener < 10; opener++)
        for (uint32_t serial = 0; serial < 100; serial++)
            for (uint32_t number = 0; number < 100; number++) {
                uint64_t id;

                packet.flow = (FlowId){opener, serial};
                packet.number = number;
                id = packet_stable_id(&packet);
                ck_assert(g_hash_table_add(seen, g_memdup2(&id, sizeof id)));
            }
    g_hash_table_destroy(seen);
}
END_TEST

START_TEST(every_word_has_a_name_and_a_sentence)
{
    static const struct {
        const Word *words;
        unsigned count;
    } tables[] = {{record_kinds, RECORD_KINDS},
                  {drop_reasons, DROP_REASONS},
                  {repeat_reasons, REPEAT_REASONS},
                  {recovery_steps, RECOVERY_STEPS}};

    for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
        for (unsigned i = 0; i < tables[t].count; i++) {
            ck_assert_ptr_nonnull(tables[t].words[i].name);
            ck_assert(g_str_has_suffix(tables[t].words[i].sentence, "."));
            for (unsigned j = 0; j < i; j++)
                ck_assert_str_ne(tables[t].words[i].name,
                                 tables[t].words[j].name);
        }
}
END_TEST

START_TEST(fresh_packets_are_zero_but_for_their_id)
{
    Packet *packet = packet_new(&sim), nothing;

    memset(packet, 0xa5, sizeof *packet);
    packet->payload = (Slice){0};
    packet_free(&sim, packet);
    ck_assert_ptr_eq(packet_new(&sim), packet); /* the same memory */
    memset(&nothing, 0, sizeof nothing);
    nothing.id = packet->id;
    ck_assert_mem_eq(packet, &nothing, sizeof nothing);
    packet_free(&sim, packet);
}
END_TEST

START_TEST(a_packet_stays_small) { ck_assert_uint_le(sizeof(Packet), 256); }
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("packet");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, packets_come_back_from_their_bytes);
    tcase_add_test(tcase, arp_packets_come_back_from_their_bytes);
    tcase_add_test(tcase, bytes_that_are_no_packet_are_refused_with_a_reason);
    tcase_add_test(tcase, quoted_headers_are_read_from_eight_bytes);
    tcase_add_test(tcase, classes_name_what_a_packet_is);
    tcase_add_test(tcase, copies_share_the_payload_and_the_id);
    tcase_add_test(tcase, slices_are_parts_of_the_same_bytes);
    tcase_add_test(tcase, packets_tell_their_cause_and_their_end);
    tcase_add_test(tcase, stable_ids_differ_where_identities_differ);
    tcase_add_test(tcase, every_word_has_a_name_and_a_sentence);
    tcase_add_test(tcase, fresh_packets_are_zero_but_for_their_id);
    tcase_add_test(tcase, a_packet_stays_small);
    return run_tests("packet", tcase, NULL);
}
