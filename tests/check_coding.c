/* check_coding.c - line codes: the symbols are those of the standards, and read
 * back to the frame. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "models/link/coding.h"
#include "tests/random.h"
#include "tests/run_tests.h"

enum { FRAME_MAX = 1600, SYMBOLS_MAX = 30000 };

static int8_t levels[SYMBOLS_MAX];
static uint8_t frame[FRAME_MAX], result[FRAME_MAX];

/* IEEE 802.3 table 24-1, as it is printed: bits 4 to 0, sent from the left. */
static const char *const table_24_1[16] = {
    "11110", "01001", "10100", "10101", "01010", "01011", "01110", "01111",
    "10010", "10011", "10110", "10111", "11010", "11011", "11100", "11101"};

START_TEST(groups_are_those_of_the_standard)
{
    unsigned data = 0;

    for (unsigned nibble = 0; nibble < 16; nibble++) {
        unsigned group = (unsigned)strtoul(table_24_1[nibble], NULL, 2);

        ck_assert_uint_eq(coding_group(nibble), group);
        ck_assert_int_eq(coding_nibble(group), (int)nibble);
    }
    for (unsigned group = 0; group < 32; group++)
        data += coding_nibble(group) >= 0;
    ck_assert_uint_eq(data, 16);
}
END_TEST

/* "+-" for each symbol from FIRST on. */
static void assert_levels(size_t first, const char *want)
{
    for (size_t i = 0; want[i] != '\0'; i++)
        ck_assert_msg(levels[first + i] == (want[i] == '+'   ? 1
                                            : want[i] == '-' ? -1
                                                             : 0),
                      "symbol %zu is %d", i, levels[first + i]);
}

/* IEEE 802.3 s7.3.1.1: in the first half of a bit its complement; s7.2.3.1: the
 * preamble 1010..., whose Manchester code is a square wave of two bits' length;
 * the delimiter ends in 11, a bit that breaks it. */
START_TEST(manchester_is_that_of_the_standard)
{
    frame[0] = 0x02; /* 0100 0000, lowest bit first */
    coding_encode(LINE_MANCHESTER, 0, frame, 1, levels);
    assert_levels(0, "0000");
    assert_levels(CODING_LEAD, "-++--++--++--++--++-");
    assert_levels(CODING_LEAD + 56 * 2, "-++--++--++--+-+");
    assert_levels(coding_symbols_before(LINE_MANCHESTER), "+--++-+-+-+-+-+-0");
}
END_TEST

START_TEST(nrz_is_the_bits_lowest_first)
{
    frame[0] = 0x13;
    coding_encode(LINE_NRZ, 0, frame, 1, levels);
    assert_levels(CODING_LEAD, "+0+0+0+0+0");
    assert_levels(CODING_LEAD + 56, "+0+0+0++"
                                    "++00+000"
                                    "0000000000");
}
END_TEST

/* The bits that MLT-3's LEVELS stand for, before they were scrambled, read by
 * nothing but the standard's words: a one is a change, and the scrambler's bit
 * is the sum of its bits eleven and nine before. */
static char *plain_bits(unsigned seed, size_t count)
{
    bool *stream = g_new(bool, count + 11);
    char *bits = g_malloc0(count + 1);

    for (unsigned i = 0; i < 11; i++)
        stream[i] = seed >> (10 - i) & 1;
    for (size_t i = 0; i < count; i++) {
        bool one = i == 0 ? levels[0] != 0 : levels[i] != levels[i - 1];

        stream[i + 11] = stream[i] ^ stream[i + 2];
        bits[i] = one ^ stream[i + 11] ? '1' : '0';
    }
    g_free(stream);
    return bits;
}

/* IEEE 802.3 s24.2.2.1: J K in place of the first octet of the preamble, each
 * octet's lower nibble first, T R behind the frame, idle before and after. */
START_TEST(mlt3_holds_the_stream_of_the_standard)
{
    g_autoptr(GString) want = g_string_new(NULL);
    g_autofree char *bits = NULL;
    size_t count = coding_symbols(LINE_MLT3, 2);

    frame[0] = 0x1e;
    frame[1] = 0xb7;
    coding_encode(LINE_MLT3, 0x5a3, frame, 2, levels);
    bits = plain_bits(0x5a3, count);
    for (unsigned i = 0; i < CODING_LEAD; i++)
        g_string_append_c(want, '1');
    g_string_append(want, "1100010001");
    for (unsigned i = 0; i < 13; i++)
        g_string_append(want, table_24_1[5]);
    g_string_append(want, table_24_1[0xd]);
    g_string_append(want, "11100010010111110111");
    g_string_append(want, "0110100111");
    g_string_append(want, "1111111111");
    ck_assert_str_eq(bits, want->str);
    ck_assert_uint_eq(want->len, count);
}
END_TEST

/* 0, +, 0, -: never from one side to the other at once, and each side in its
 * turn. */
START_TEST(mlt3_goes_round_its_cycle)
{
    Stream stream = random_stream("cycle");
    size_t count = coding_symbols(LINE_MLT3, 500);
    int last;

    random_bytes(&stream, frame, 500);
    coding_encode(LINE_MLT3, 1, frame, 500, levels);
    last = levels[0] == 0 ? -1 : levels[0];
    for (size_t i = 1; i < count; i++) {
        ck_assert_int_le(abs(levels[i] - levels[i - 1]), 1);
        if (levels[i] != 0 && levels[i - 1] == 0) {
            ck_assert_int_eq(levels[i], -last);
            last = levels[i];
        }
    }
}
END_TEST

/* x^11 + x^9 + 1 is primitive: idle comes again after 2047 bits, and half of
 * them (1024) are ones. */
START_TEST(the_scrambler_has_the_longest_period)
{
    enum { PERIOD = 2047, LEN = 450 };
    g_autofree char *bits = NULL;
    unsigned ones = 0;

    memset(frame, 0, LEN);
    coding_encode(LINE_MLT3, 0x7ff, frame, LEN, levels);
    bits = plain_bits(0, SYMBOLS_MAX); /* as they are on the line */
    for (unsigned i = 0; i < PERIOD; i++) {
        /* The frame's zeros are 11110: take the scrambler out of them. */
        size_t first = coding_symbols_before(LINE_MLT3) + 10;
        size_t at = first + i;
        bool plain = (at - first) % 5 != 4;

        ones += (bits[at] == '1') ^ plain;
        if (i + PERIOD < LEN * 10 - 10) {
            bool later = (i + PERIOD) % 5 != 4;

            ck_assert_int_eq((bits[at] == '1') ^ plain,
                             (bits[at + PERIOD] == '1') ^ later);
        }
    }
    ck_assert_uint_eq(ones, 1024);
}
END_TEST

START_TEST(frames_of_every_length_read_back)
{
    Stream stream = random_stream("lengths");

    for (size_t len = 1; len <= 1530; len += len < 70 ? 1 : 97) {
        unsigned scrambler = 1 + (unsigned)stream_below(&stream, 2047);

        random_bytes(&stream, frame, len);
        ck_assert_uint_le(coding_symbols(_i, len), SYMBOLS_MAX);
        coding_encode(_i, scrambler, frame, len, levels);
        ck_assert(coding_decode(_i, scrambler, levels, result, len));
        ck_assert_mem_eq(frame, result, len);
    }
}
END_TEST

/* Any one symbol taken wrongly, where the receiver checks. */
START_TEST(mlt3_sees_each_wrong_symbol)
{
    enum { LEN = 64 };
    Stream stream = random_stream("wrong symbols");
    size_t last = coding_symbols(LINE_MLT3, LEN) - CODING_TAIL;

    random_bytes(&stream, frame, LEN);
    coding_encode(LINE_MLT3, 77, frame, LEN, levels);
    for (size_t i = CODING_LEAD - 1; i < last; i++) {
        int8_t was = levels[i];

        levels[i] = was == 0;
        ck_assert_msg(!coding_decode(LINE_MLT3, 77, levels, result, LEN) ||
                          memcmp(frame, result, LEN) != 0,
                      "symbol %zu", i);
        levels[i] = was;
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("coding");

    tcase_add_test(tcase, groups_are_those_of_the_standard);
    tcase_add_test(tcase, manchester_is_that_of_the_standard);
    tcase_add_test(tcase, nrz_is_the_bits_lowest_first);
    tcase_add_test(tcase, mlt3_holds_the_stream_of_the_standard);
    tcase_add_test(tcase, mlt3_goes_round_its_cycle);
    tcase_add_test(tcase, the_scrambler_has_the_longest_period);
    tcase_add_loop_test(tcase, frames_of_every_length_read_back, 0, LINE_CODES);
    tcase_add_test(tcase, mlt3_sees_each_wrong_symbol);
    return run_tests("coding", tcase, NULL);
}
