/* check_waveform.c - frames as samples: what is sent is read again, and noise
 * spoils as many bits and frames as the formulas of the line codes say. */
#include <math.h>
#include <string.h>

#include "models/link/waveform.h"
#include "tests/random.h"
#include "tests/run_tests.h"

enum { FRAME_MAX = 1600 };

static uint8_t frame[FRAME_MAX], result[FRAME_MAX];

static double ratio(double db) { return pow(10, db / 10); }

/* A stream whose draws are the same in each run of the test. */
static Stream fixed_stream(const char *name)
{
    Stream stream;
    Sim sim;

    sim_init(&sim, 1, 0);
    stream_init(&stream, &sim, "check_waveform", name);
    sim_clear(&sim);
    return stream;
}

/* Sends a random frame of LEN bytes; how many bits of it are wrong.  *GOOD:
 * what is around it was right. */
static unsigned pass(const Waveform *waveform, Stream *stream, size_t len,
                     bool *good)
{
    Samples samples;
    unsigned wrong;

    random_bytes(stream, frame, len);
    waveform_send(waveform, stream, frame, len, &samples);
    *good = waveform_receive(waveform, &samples, result, len);
    wrong = waveform_bit_errors(waveform, &samples, len);
    if (*good)
        ck_assert_int_eq(memcmp(frame, result, len) == 0, wrong == 0);
    samples_clear(&samples);
    return wrong;
}

/* --- without noise -------------------------------------------------------- */

static void assert_passes(const Waveform *waveform, Stream *stream, size_t len)
{
    bool good;
    unsigned wrong = pass(waveform, stream, len, &good);

    ck_assert_msg(wrong == 0 && good, "%s, %zu bytes: %u bits are wrong",
                  linecode_names[waveform->code], len, wrong);
}

START_TEST(frames_of_every_length_pass)
{
    Stream stream = random_stream("lengths");
    Waveform waveform;

    waveform_init(&waveform, _i, INFINITY, 0, 0);
    for (size_t len = 1; len <= 1522; len += len < 70 ? 1 : 66)
        assert_passes(&waveform, &stream, len);
    waveform.reversed = true;
    for (size_t len = 64; len <= 1522; len += 243)
        assert_passes(&waveform, &stream, len);
}
END_TEST

/* Two clocks of Ethernet are 200 ppm apart at most: over the longest frame that
 * is 2.4 bits of Manchester and NRZ, three symbols of MLT-3. */
START_TEST(the_receiver_follows_the_clock)
{
    Stream stream = random_stream("clocks");
    Waveform waveform;

    for (int i = -8; i <= 8; i++) {
        waveform_init(&waveform, _i, INFINITY, i * 25e-6, 0);
        for (unsigned n = 0; n < 4; n++)
            assert_passes(&waveform, &stream, 1518);
    }
}
END_TEST

/* NRZ without changes of level has no clock in it: after 1500 octets of 0 the
 * receiver is 1.2 bits off, and what comes then is lost.  Manchester has a
 * change in each bit, and MLT-3's scrambler makes some. */
START_TEST(a_clock_is_lost_where_the_code_has_none)
{
    Stream stream = random_stream("zeros");
    Waveform waveform;
    Samples samples;

    memset(frame, 0, 1500);
    memset(frame + 1500, 0x5a, 18);
    waveform_init(&waveform, _i, INFINITY, 100e-6, 0);
    waveform_send(&waveform, &stream, frame, 1518, &samples);
    waveform_receive(&waveform, &samples, result, 1518);
    samples_clear(&samples);
    ck_assert_int_eq(memcmp(frame, result, 1518) != 0, _i == LINE_NRZ);
}
END_TEST

/* From the mean of the preamble, 1/2, on: from 0.6 to 0.9 takes ln 4 of the
 * pole's time constants, where 10 % to 90 % of a step takes ln 9. */
START_TEST(the_low_pass_rises_as_long_as_it_says)
{
    Stream stream = fixed_stream("rise");
    double from = 0, until = 0;
    Waveform waveform;
    Samples samples;

    waveform_init(&waveform, LINE_NRZ, INFINITY, 0, 200);
    memset(frame, 0xff, 1000);
    waveform_send(&waveform, &stream, frame, 1000, &samples);
    for (size_t i = 0; until == 0; i++) {
        from = from == 0 && samples.values[i] > 0.6 ? (double)i : from;
        until = samples.values[i] > 0.9 ? (double)i : 0;
    }
    ck_assert_double_eq_tol((until - from) * log(9) / log(4), 1600, 5);
    samples_clear(&samples);
}
END_TEST

START_TEST(a_slow_line_costs_and_a_fast_one_does_not)
{
    static const double rises[] = {0, 0.5, 1.2};
    unsigned wrong[3] = {0};
    bool good;

    for (unsigned r = 0; r < 3; r++) {
        Stream stream = fixed_stream("slow");
        Waveform waveform;

        waveform_init(&waveform, _i, ratio(9), 0, rises[r]);
        for (unsigned n = 0; n < 40; n++)
            wrong[r] += pass(&waveform, &stream, 500, &good);
    }
    ck_assert_uint_lt(wrong[0], wrong[1]);
    ck_assert_uint_lt(wrong[1], wrong[2]);
}
END_TEST

/* --- with noise ----------------------------------------------------------- */

typedef struct Cell {
    LineCode code;
    double db;
    unsigned frames;
    size_t len;
} Cell;

/* Four standard deviations; the draws are the same in each run.  MLT-3's
 * errors come in pairs, which makes the variance twice that of as many
 * independent ones. */
START_TEST(as_many_bits_are_wrong_as_the_formula_says)
{
    static const Cell cells[] = {
        {LINE_MANCHESTER, 2, 100, 300}, {LINE_MANCHESTER, 5, 150, 400},
        {LINE_MANCHESTER, 7, 500, 400}, {LINE_NRZ, 4, 100, 300},
        {LINE_NRZ, 8, 150, 400},        {LINE_NRZ, 10, 500, 400},
        {LINE_MLT3, 4, 100, 300},       {LINE_MLT3, 8, 150, 400},
        {LINE_MLT3, 11, 500, 400},
    };
    const Cell *cell = &cells[_i];
    double p = linecode_bit_error_rate(cell->code, ratio(cell->db));
    double bits =
        (double)(coding_bits_per_octet(cell->code) * cell->len * cell->frames);
    double spread = cell->code == LINE_MLT3 ? sqrt(2) : 1, wrong = 0;
    Stream stream = fixed_stream("bits");
    Waveform waveform;
    bool good;

    waveform_init(&waveform, cell->code, ratio(cell->db), 0, 0);
    for (unsigned i = 0; i < cell->frames; i++)
        wrong += pass(&waveform, &stream, cell->len, &good);
    ck_assert_double_gt(bits * p, 100);
    ck_assert_double_eq_tol(wrong, bits * p,
                            4 * spread * sqrt(bits * p * (1 - p)));
}
END_TEST

START_TEST(as_many_frames_are_spoilt_as_the_formula_says)
{
    static const Cell cells[] = {
        {LINE_MANCHESTER, 8, 1000, 64}, {LINE_MANCHESTER, 8.5, 300, 500},
        {LINE_NRZ, 10.5, 1000, 64},     {LINE_NRZ, 11.5, 300, 500},
        {LINE_MLT3, 11.5, 1000, 64},    {LINE_MLT3, 12.3, 300, 500},
    };
    const Cell *cell = &cells[_i];
    double rate = linecode_damage_rate(cell->code, ratio(cell->db));
    double bits = (double)(8 * cell->len + linecode_framing_bits(cell->code));
    double share = -expm1(bits * log1p(-rate)), spoilt = 0;
    Stream stream = fixed_stream("frames");
    Waveform waveform;
    bool good;

    waveform_init(&waveform, cell->code, ratio(cell->db), 0, 0);
    for (unsigned i = 0; i < cell->frames; i++)
        spoilt += pass(&waveform, &stream, cell->len, &good) > 0 || !good;
    ck_assert_double_gt(cell->frames * share, 30);
    ck_assert_double_eq_tol(spoilt, cell->frames * share,
                            4 * sqrt(cell->frames * share * (1 - share)));
}
END_TEST

/* An offset of 100 ppm costs less than half a decibel. */
START_TEST(noise_does_not_make_the_receiver_lose_the_clock)
{
    static const double db[LINE_CODES] = {8, 11, 12};
    double least = linecode_bit_error_rate(_i, ratio(db[_i]));
    double most = linecode_bit_error_rate(_i, ratio(db[_i] - 0.5));
    Stream stream = fixed_stream("both");
    double wrong = 0, bits = coding_bits_per_octet(_i) * 1518. * 25;
    Waveform waveform;
    bool good;

    waveform_init(&waveform, _i, ratio(db[_i]), 100e-6, 0);
    for (unsigned i = 0; i < 25; i++)
        wrong += pass(&waveform, &stream, 1518, &good);
    ck_assert_double_gt(wrong, bits * least - 12 * sqrt(bits * least));
    ck_assert_double_lt(wrong, bits * most);
}
END_TEST

/* The bits themselves: the same on every machine and with every compiler. */
START_TEST(samples_are_the_same_for_ever)
{
    static const uint64_t want[LINE_CODES] = {
        0xbd435e06a4541d33, 0xb3a6eb6c9790b5bb, 0x3c48ed81b905fca0};
    Stream stream = fixed_stream("for ever");
    Waveform waveform;
    uint64_t hash = 0;
    Samples samples;

    waveform_init(&waveform, _i, ratio(9), 50e-6, 0.3);
    random_bytes(&stream, frame, 64);
    waveform_send(&waveform, &stream, frame, 64, &samples);
    for (size_t i = 0; i < samples.count; i++) {
        int64_t value = (int64_t)(samples.values[i] * 1e9);
        uint8_t bytes[8];

        for (unsigned b = 0; b < 8; b++)
            bytes[b] = (uint8_t)((uint64_t)value >> 8 * b);
        hash = hash_bytes(hash, bytes, sizeof bytes);
    }
    ck_assert_msg(hash == want[_i], "0x%016llx", (unsigned long long)hash);
    samples_clear(&samples);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("waveform");

    tcase_set_timeout(tcase, 120); /* with sanitizers, on a busy machine */
    tcase_add_loop_test(tcase, frames_of_every_length_pass, 0, LINE_CODES);
    tcase_add_loop_test(tcase, the_receiver_follows_the_clock, 0, LINE_CODES);
    tcase_add_loop_test(tcase, a_clock_is_lost_where_the_code_has_none, 0,
                        LINE_CODES);
    tcase_add_test(tcase, the_low_pass_rises_as_long_as_it_says);
    tcase_add_loop_test(tcase, a_slow_line_costs_and_a_fast_one_does_not, 0,
                        LINE_CODES);
    tcase_add_loop_test(tcase, as_many_bits_are_wrong_as_the_formula_says, 0,
                        9);
    tcase_add_loop_test(tcase, as_many_frames_are_spoilt_as_the_formula_says, 0,
                        6);
    tcase_add_loop_test(tcase, noise_does_not_make_the_receiver_lose_the_clock,
                        0, LINE_CODES);
    tcase_add_loop_test(tcase, samples_are_the_same_for_ever, 0, LINE_CODES);
    return run_tests("waveform", tcase, NULL);
}
