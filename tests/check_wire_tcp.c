/* check_wire_tcp.c - the TCP header and its options: what is emitted parses
 * back, in the order that Linux writes; what cannot be is skipped or refused.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "models/wire/bytes.h"
#include "models/wire/ip.h"
#include "models/wire/tcp.h"
#include "tests/random.h"
#include "tests/run_tests.h"

enum { ROUNDS = 5000 };

#define SOURCE ip_from_v4(0xc0000201)      /* 192.0.2.1 */
#define DESTINATION ip_from_v4(0xc0000202) /* 192.0.2.2 */

/* An IP packet with a SYN that a Linux 6.18 kernel wrote to a TAP device. */
static const char linux_syn[] =
    "4500003c67c8400040064ef0c0000201c0000202914600500a8185fa00000000a002faf0"
    "f00e0000020405b40402080a75b54132000000000103030a";

static void assert_tcp_equal(const TcpHeader *a, const TcpHeader *b)
{
    ck_assert_uint_eq(a->source_port, b->source_port);
    ck_assert_uint_eq(a->destination_port, b->destination_port);
    ck_assert_uint_eq(a->seq, b->seq);
    ck_assert_uint_eq(a->ack, b->ack);
    ck_assert_uint_eq(a->flags, b->flags);
    ck_assert_uint_eq(a->window, b->window);
    ck_assert_uint_eq(a->urgent, b->urgent);
    ck_assert_uint_eq(a->options, b->options);
    ck_assert_uint_eq(a->wscale, b->wscale);
    ck_assert_uint_eq(a->ts_val, b->ts_val);
    ck_assert_uint_eq(a->ts_ecr, b->ts_ecr);
    ck_assert_uint_eq(a->mss, b->mss);
    ck_assert_uint_eq(a->sack_count, b->sack_count);
    for (unsigned i = 0; i < a->sack_count; i++)
        ck_assert(a->sack[i].left == b->sack[i].left &&
                  a->sack[i].right == b->sack[i].right);
    ck_assert_uint_eq(a->cookie_len, b->cookie_len);
    ck_assert_mem_eq(a->cookie, b->cookie, sizeof a->cookie);
}

/* MUST-3, MUST-5 */
START_TEST(tcp_headers_come_back)
{
    Stream stream = random_stream("tcp");
    uint8_t bytes[TCP_HEADER_MAX + 40];

    for (int round = 0; round < ROUNDS; round++) {
        TcpHeader header = random_tcp(&stream), back;
        size_t header_len, back_len, len;

        header.bsd_order = stream_below(&stream, 2) == 0;
        header_len = tcp_header_len(&header);
        len = header_len + stream_below(&stream, 40);
        if (header_len > TCP_HEADER_MAX)
            continue;
        random_bytes(&stream, bytes, sizeof bytes);
        tcp_emit(&header, SOURCE, DESTINATION, bytes, len);
        ck_assert(tcp_parse(bytes, len, SOURCE, DESTINATION, &back, &back_len));
        assert_tcp_equal(&back, &header);
        ck_assert_uint_eq(back_len, header_len);
        ck_assert_uint_eq(header_len % 4, 0);
        bytes[stream_below(&stream, len)] ^= 0x04;
        ck_assert(
            !tcp_parse(bytes, len, SOURCE, DESTINATION, &back, &back_len));
    }
}
END_TEST

/* MUST-2 */
START_TEST(linux_syn_reads_and_writes_the_same)
{
    uint8_t bytes[64], again[64];
    size_t len = from_hex(linux_syn, bytes), header_len;
    TcpHeader header;

    ck_assert(tcp_parse(bytes + 20, len - 20, SOURCE, DESTINATION, &header,
                        &header_len));
    ck_assert_uint_eq(header_len, 40);
    ck_assert_uint_eq(header.flags, TCP_SYN);
    ck_assert_uint_eq(header.seq, 0x0a8185fa);
    ck_assert_uint_eq(header.window, 64240);
    ck_assert_uint_eq(header.options, TCP_OPT_MSS | TCP_OPT_WSCALE |
                                          TCP_OPT_SACK_OK | TCP_OPT_TIMESTAMPS);
    ck_assert_uint_eq(header.mss, 1460);
    ck_assert_uint_eq(header.wscale, 10);
    memcpy(again, bytes, len);
    memset(again + 20, 0xaa, header_len);
    tcp_emit(&header, SOURCE, DESTINATION, again + 20, len - 20);
    ck_assert_mem_eq(again, bytes, len);
}
END_TEST

/* MUST-4, MUST-69 */
START_TEST(tcp_options_have_the_order_that_the_header_says)
{
    static const struct {
        uint8_t options, sack_count;
        const char *hex;
        bool bsd_order;
    } known[] = {
        {0, 0, "", false},
        {TCP_OPT_MSS, 0, "020405b4", false},
        {TCP_OPT_MSS | TCP_OPT_SACK_OK | TCP_OPT_WSCALE, 0,
         "020405b40101040201030307", false},
        {TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_TIMESTAMPS, 0,
         "020405b40101080a000000010000000201030307", false},
        {TCP_OPT_TIMESTAMPS, 0, "0101080a0000000100000002", false},
        {TCP_OPT_TIMESTAMPS, 1,
         "0101080a00000001000000020101050a0000000300000004", false},
        /* Would be 44 bytes with nops. */
        {TCP_OPT_MSS | TCP_OPT_SACK_OK, 4,
         "020405b40402052200000003000000040000000500000006"
         "00000007000000080000000900"
         "00000a",
         false},
        /* FreeBSD 14: its SYN; without SACK; without window scaling and
         * timestamps; SACK alone and beside timestamps. */
        {TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_OK | TCP_OPT_TIMESTAMPS, 0,
         "020405b4010303070402080a0000000100000002", true},
        {TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_TIMESTAMPS, 0,
         "020405b4010303070101080a0000000100000002", true},
        {TCP_OPT_MSS | TCP_OPT_SACK_OK, 0, "020405b404020000", true},
        {0, 1, "0101050a0000000300000004", true},
        {TCP_OPT_TIMESTAMPS, 1,
         "0101080a00000001000000020101050a0000000300000004", true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        TcpHeader header = {.options = known[i].options,
                            .bsd_order = known[i].bsd_order,
                            .sack_count = known[i].sack_count,
                            .mss = 1460,
                            .wscale = 7,
                            .ts_val = 1,
                            .ts_ecr = 2,
                            .sack = {{3, 4}, {5, 6}, {7, 8}, {9, 10}}};
        uint8_t bytes[TCP_HEADER_MAX], want[TCP_HEADER_MAX];
        size_t len = from_hex(known[i].hex, want);

        ck_assert_uint_eq(tcp_header_len(&header), TCP_HEADER_LEN + len);
        tcp_emit(&header, SOURCE, DESTINATION, bytes, TCP_HEADER_LEN + len);
        ck_assert_mem_eq(bytes + TCP_HEADER_LEN, want, len);
    }
}
END_TEST

/* A segment with FLAGS, whose options are the bytes that HEX says, parsed. */
static TcpHeader tcp_with(uint16_t flags, const char *hex)
{
    TcpHeader header = {0};
    uint8_t bytes[TCP_HEADER_MAX] = {0};
    size_t len = TCP_HEADER_LEN + from_hex(hex, bytes + TCP_HEADER_LEN);
    size_t header_len;
    uint64_t sum = checksum_pseudo(SOURCE, DESTINATION, IP_PROTOCOL_TCP, len);

    ck_assert_uint_eq(len % 4, 0);
    bytes[12] = (uint8_t)(len / 4 << 4);
    bytes[13] = (uint8_t)flags;
    put16(bytes + 16, checksum_end(checksum_add(sum, bytes, len)));
    ck_assert(tcp_parse(bytes, len, SOURCE, DESTINATION, &header, &header_len));
    return header;
}

static TcpHeader tcp_with_options(const char *hex) { return tcp_with(0, hex); }

START_TEST(tcp_options_are_found_at_any_offset)
{
    /* MUST-64: SACK permitted, MSS and timestamps behind no to three nops. */
    static const char *const shifted[] = {
        "0402020405b4080a000000010000000200000000",
        "010402020405b4080a0000000100000002000000",
        "01010402020405b4080a00000001000000020000",
        "0101010402020405b4080a000000010000000200"};

    for (size_t i = 0; i < G_N_ELEMENTS(shifted); i++) {
        TcpHeader header = tcp_with_options(shifted[i]);

        ck_assert_uint_eq(header.options,
                          TCP_OPT_SACK_OK | TCP_OPT_MSS | TCP_OPT_TIMESTAMPS);
        ck_assert_uint_eq(header.mss, 1460);
        ck_assert_uint_eq(header.ts_val, 1);
        ck_assert_uint_eq(header.ts_ecr, 2);
    }
}
END_TEST

START_TEST(tcp_options_that_are_wrong_are_skipped)
{
    /* MUST-6: kind 254 of 6 bytes is unknown; the MSS after it counts. */
    ck_assert_uint_eq(tcp_with_options("fe06aabbccdd020405140000").mss, 0x0514);
    /* A known kind of a wrong length is skipped by its length (MUST-68). */
    ck_assert_uint_eq(tcp_with_options("0203050204051400").options,
                      TCP_OPT_MSS);
    ck_assert_uint_eq(tcp_with_options("0203050204051400").mss, 0x0514);
    ck_assert_uint_eq(tcp_with_options("0203050101010100").options, 0);
    /* MUST-7: length 0, length 1, and a length past the header end them. */
    ck_assert_uint_eq(tcp_with_options("0200020405140000").options, 0);
    ck_assert_uint_eq(tcp_with_options("0801020405140000").options, 0);
    ck_assert_uint_eq(tcp_with_options("04020205").options, TCP_OPT_SACK_OK);
    ck_assert_uint_eq(tcp_with_options("04020204").options, TCP_OPT_SACK_OK);
    ck_assert_uint_eq(tcp_with_options("01010102").options, 0);
    /* Nothing after the end of the list counts. */
    ck_assert_uint_eq(tcp_with_options("0002040514000000").options, 0);
    /* SACK of no blocks, and of a block and a half. */
    ck_assert_uint_eq(tcp_with_options("05020101").sack_count, 0);
    ck_assert_uint_eq(tcp_with_options("050e"
                                       "000000010000000200000003"
                                       "0101")
                          .sack_count,
                      0);
}
END_TEST

/* RFC 7413 s4.1.1: kind 34, or experiment F989; 4 to 16 bytes, even; on a SYN.
 */
START_TEST(fast_open_options_are_read_and_written)
{
    static const struct {
        uint8_t options, cookie_len;
        const char *hex;
    } known[] = {
        {TCP_OPT_FAST_OPEN, 0, "22020101"},
        {TCP_OPT_FAST_OPEN, 4, "2206a1a2a3a40101"},
        {TCP_OPT_FAST_OPEN, 8, "220aa1a2a3a4a5a6a7a80101"},
        {TCP_OPT_FAST_OPEN, 6, "2208a1a2a3a4a5a6"},
        {TCP_OPT_FAST_OPEN | TCP_OPT_FAST_OPEN_EXP, 0, "fe04f989"},
        {TCP_OPT_FAST_OPEN | TCP_OPT_FAST_OPEN_EXP, 8,
         "fe0cf989a1a2a3a4a5a6a7a8"},
        {TCP_OPT_FAST_OPEN | TCP_OPT_MSS, 4, "020405b42206a1a2a3a40101"},
        {TCP_OPT_USER_TIMEOUT | TCP_OPT_MSS, 0, "020405b41c048005"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        TcpHeader header = {.flags = TCP_SYN,
                            .options = known[i].options,
                            .mss = 1460,
                            .user_timeout = 0x8005,
                            .cookie_len = known[i].cookie_len},
                  back;
        uint8_t bytes[TCP_HEADER_MAX], want[TCP_HEADER_MAX];
        size_t len = from_hex(known[i].hex, want), back_len;

        for (unsigned n = 0; n < known[i].cookie_len; n++)
            header.cookie[n] = (uint8_t)(0xa1 + n);
        ck_assert_uint_eq(tcp_header_len(&header), TCP_HEADER_LEN + len);
        tcp_emit(&header, SOURCE, DESTINATION, bytes, TCP_HEADER_LEN + len);
        ck_assert_mem_eq(bytes + TCP_HEADER_LEN, want, len);
        ck_assert(tcp_parse(bytes, TCP_HEADER_LEN + len, SOURCE, DESTINATION,
                            &back, &back_len));
        ck_assert_uint_eq(back.options & ~TCP_OPT_MSS,
                          known[i].options & ~TCP_OPT_MSS);
        ck_assert_uint_eq(back.user_timeout,
                          known[i].options & TCP_OPT_USER_TIMEOUT ? 0x8005 : 0);
        ck_assert_uint_eq(back.cookie_len, known[i].cookie_len);
        ck_assert_mem_eq(back.cookie, header.cookie, sizeof header.cookie);
    }
}
END_TEST

START_TEST(fast_open_options_that_are_wrong_are_skipped)
{
    static const struct {
        const char *hex;
        uint16_t flags;
        uint8_t options, cookie_len;
    } known[] = {
        {"2206a1a2a3a40101", TCP_SYN, TCP_OPT_FAST_OPEN, 4},
        {"2206a1a2a3a40101", TCP_ACK, 0, 0}, /* not on a SYN */
        {"2204a1a2", TCP_SYN, 0, 0},         /* too short */
        {"2207a1a2a3a4a501", TCP_SYN, 0, 0}, /* odd */
        {"2214000102030405060708090a0b0c0d0e0f1011", TCP_SYN, 0, 0},
        {"fe06f9890000ffff", TCP_SYN, 0, 0},  /* too short */
        {"fe08f988a1a2a3a4", TCP_SYN, 0, 0},  /* another experiment */
        {"fe03f901", TCP_SYN, 0, 0},          /* no room to say which */
        {"22020101fe08f989a1a2a3a4", TCP_SYN, /* the last one counts */
         TCP_OPT_FAST_OPEN | TCP_OPT_FAST_OPEN_EXP, 4},
        {"fe08f989a1a2a3a422020101", TCP_SYN, TCP_OPT_FAST_OPEN, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        TcpHeader header = tcp_with(known[i].flags, known[i].hex);

        ck_assert_uint_eq(header.options, known[i].options);
        ck_assert_uint_eq(header.cookie_len, known[i].cookie_len);
    }
}
END_TEST

START_TEST(tcp_lengths_that_contradict_are_refused)
{
    TcpHeader header = {.flags = TCP_ACK, .options = TCP_OPT_TIMESTAMPS};
    uint8_t bytes[TCP_HEADER_MAX];
    size_t header_len, len = tcp_header_len(&header);

    tcp_emit(&header, SOURCE, DESTINATION, bytes, len);
    ck_assert(tcp_parse(bytes, len, SOURCE, DESTINATION, &header, &header_len));
    for (unsigned words = 0; words < 16; words++) {
        uint64_t sum =
            checksum_pseudo(SOURCE, DESTINATION, IP_PROTOCOL_TCP, len);

        bytes[12] = (uint8_t)(words << 4 | 0x0f); /* and the reserved bits */
        put16(bytes + 16, 0);
        put16(bytes + 16, checksum_end(checksum_add(sum, bytes, len)));
        ck_assert_int_eq(
            tcp_parse(bytes, len, SOURCE, DESTINATION, &header, &header_len),
            words >= 5 && words <= 8);
        ck_assert_uint_eq(header.flags, TCP_ACK);
    }
    ck_assert(!tcp_parse(bytes, 19, SOURCE, DESTINATION, &header, &header_len));
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("wire_tcp");

    tcase_add_test(tcase, tcp_headers_come_back);
    tcase_add_test(tcase, linux_syn_reads_and_writes_the_same);
    tcase_add_test(tcase, tcp_options_have_the_order_that_the_header_says);
    tcase_add_test(tcase, tcp_options_are_found_at_any_offset);
    tcase_add_test(tcase, tcp_options_that_are_wrong_are_skipped);
    tcase_add_test(tcase, fast_open_options_are_read_and_written);
    tcase_add_test(tcase, fast_open_options_that_are_wrong_are_skipped);
    tcase_add_test(tcase, tcp_lengths_that_contradict_are_refused);
    return run_tests("wire_tcp", tcase, NULL);
}
