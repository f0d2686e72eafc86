/* check_noise.c - noise: the bit error rates of the formulas, as many damaged
 * frames as they imply, and a check sequence that finds them. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/link/link.h"
#include "tests/random.h"
#include "tests/run_tests.h"

static Sim sim;

static void setup(void) { sim_init(&sim, 1, 0); }
static void teardown(void) { sim_clear(&sim); }

static double ratio(double db) { return pow(10, db / 10); }

/* --- line codes ----------------------------------------------------------- */

START_TEST(bit_error_rates_are_those_of_the_textbook)
{
    /* Antipodal signals need 9.6 dB for 1e-5; unipolar ones 3 dB more. */
    static const struct {
        LineCode code;
        double db, rate, tolerance;
    } known[] = {
        {LINE_MANCHESTER, 9.588, 1.0e-5, 0.01e-5},
        {LINE_MANCHESTER, 0, 0.0786496, 1e-7},
        {LINE_MANCHESTER, 6.7895, 1.0e-3, 0.01e-3},
        {LINE_NRZ, 12.598, 1.0e-5, 0.01e-5},
        {LINE_NRZ, 0, 0.1586553, 1e-7},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++)
        ck_assert_double_eq_tol(
            linecode_bit_error_rate(known[i].code, ratio(known[i].db)),
            known[i].rate, known[i].tolerance);
    ck_assert_double_eq(linecode_bit_error_rate(LINE_MANCHESTER, 0), 0.5);
}
END_TEST

START_TEST(bit_error_rates_are_tails_of_the_normal_distribution)
{
    for (double db = -10; db < 14; db += 0.5) {
        double q2 = gsl_cdf_ugaussian_Q(sqrt(2 * ratio(db)));
        double q1 = gsl_cdf_ugaussian_Q(sqrt(ratio(db)));

        ck_assert_double_eq_tol(
            linecode_bit_error_rate(LINE_MANCHESTER, ratio(db)), q2, q2 * 1e-9);
        ck_assert_double_eq_tol(linecode_bit_error_rate(LINE_NRZ, ratio(db)),
                                q1, q1 * 1e-9);
    }
}
END_TEST

/* --- frames --------------------------------------------------------------- */

START_TEST(chances_of_frames_are_exact)
{
    static const double rates[] = {0.5, 0.1, 1e-3, 1e-5, 1e-9, 1e-12, 1e-15};
    static const unsigned bits[] = {1, 2, 3, 512, 12144, 524392};

    for (unsigned r = 0; r < G_N_ELEMENTS(rates); r++)
        for (unsigned b = 0; b < G_N_ELEMENTS(bits); b++) {
            double want = -expm1(bits[b] * log1p(-rates[r]));
            Noise noise;

            noise_init(&noise, rates[r]);
            ck_assert_double_eq_tol(noise_chance(&noise, bits[b]), want,
                                    want * 1e-13);
        }
}
END_TEST

static Packet *new_packet(uint32_t number, uint32_t payload)
{
    Packet *packet = packet_new(&sim);

    packet->ethernet =
        (EthernetHeader){{0x020000000002}, {0x020000000001}, ETHERTYPE_IPV4};
    packet->ip = (IpHeader){.source = ip_from_v4(0xc0000201),
                            .destination = ip_from_v4(0xc0000202),
                            .ttl = 64,
                            .protocol = IP_PROTOCOL_UDP};
    packet->payload.len = payload;
    packet->flow = (FlowId){1, 1};
    packet->number = number;
    return packet;
}

/* The sum of z^2 over the cells of COUNT observed numbers and expected shares.
 */
static double chi_square(const unsigned *seen, const double *share,
                         unsigned count, unsigned total)
{
    double sum = 0;

    for (unsigned i = 0; i < count; i++) {
        double want = share[i] * total;

        sum += (seen[i] - want) * (seen[i] - want) / want;
    }
    return sum;
}

START_TEST(the_bits_that_change_are_those_of_independent_errors)
{
    enum { FRAMES = 20000, LEN = 7, BITS = LEN * 8, CELLS = 4 };
    const double p = 0.02;
    unsigned of_count[CELLS] = {0}, of_bit[BITS] = {0}, changed = 0;
    double count_share[CELLS], bit_share[BITS], rest = 1, any;
    Noise noise;

    noise_init(&noise, p);
    any = noise_chance(&noise, BITS);
    for (uint32_t i = 0; i < FRAMES; i++) {
        uint8_t frame[LEN] = {0};
        uint32_t counter[4] = {i, 0, 0, 0};
        unsigned count = noise_change(&noise, 99, counter, frame, LEN);
        unsigned found = 0;

        for (unsigned bit = 0; bit < BITS; bit++)
            if (frame[bit / 8] >> bit % 8 & 1) {
                of_bit[bit]++;
                found++;
            }
        ck_assert_uint_eq(found, count);
        ck_assert_uint_ge(count, 1);
        of_count[MIN(count, CELLS) - 1]++;
        changed += count;
    }
    for (unsigned k = 1; k < CELLS; k++) {
        double choose = k == 1   ? BITS
                        : k == 2 ? BITS * (BITS - 1) / 2.
                                 : BITS * (BITS - 1.) * (BITS - 2) / 6;

        count_share[k - 1] = choose * pow(p, k) * pow(1 - p, BITS - k) / any;
        rest -= count_share[k - 1];
    }
    count_share[CELLS - 1] = rest;
    for (unsigned bit = 0; bit < BITS; bit++)
        bit_share[bit] = 1. / BITS;
    ck_assert_double_gt(
        gsl_cdf_chisq_Q(chi_square(of_count, count_share, CELLS, FRAMES),
                        CELLS - 1),
        1e-3);
    ck_assert_double_gt(
        gsl_cdf_chisq_Q(chi_square(of_bit, bit_share, BITS, changed), BITS - 1),
        1e-3);
}
END_TEST

/* --- the check sequence --------------------------------------------------- */

typedef struct Ear {
    Observer observer;
    unsigned reasons[DROP_REASONS];
} Ear;

static void hear(Observer *observer, const Record *record)
{
    Ear *ear = sim_container_of(observer, Ear, observer);

    ear->reasons[record->code]++;
}

static Ear ear;

static void listen(void)
{
    ear = (Ear){.observer = {.wants = 1u << REC_PACKET_DROPPED, .hear = hear}};
    sim_observe(&sim, &ear.observer);
}

START_TEST(whole_frames_pass_and_damaged_ones_do_not)
{
    Packet *packet = new_packet(1, 20);
    size_t len = noise_frame_len(packet);
    uint8_t frame[100];

    listen();
    noise_emit(packet, frame);
    packet = noise_receive(&sim, NULL, 0, packet, frame, len);
    ck_assert_ptr_nonnull(packet);
    ck_assert_uint_eq(packet->number, 1);
    packet_free(&sim, packet);
    for (size_t bit = 0; bit < len * 8; bit++) {
        frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_ptr_null(
            noise_receive(&sim, NULL, 0, new_packet(1, 20), frame, len));
        frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert_uint_eq(ear.reasons[DROP_CHECK_SEQUENCE], len * 8);
}
END_TEST

/* Errors that are a multiple of the generator polynomial are the ones that no
 * CRC finds.  Bits go out lowest first, so bit N of the frame is bit N % 8 of
 * its byte N / 8. */
static void add_generator(uint8_t *frame, size_t bit)
{
    static const unsigned powers[] = {32, 26, 23, 22, 16, 12, 11, 10,
                                      8,  7,  5,  4,  2,  1,  0};

    for (unsigned i = 0; i < G_N_ELEMENTS(powers); i++) {
        size_t at = bit + 32 - powers[i];

        frame[at / 8] ^= (uint8_t)(1 << at % 8);
    }
}

START_TEST(errors_that_the_check_sequence_misses_reach_the_next_layer)
{
    Packet *packet = new_packet(1, 0);
    size_t len = noise_frame_len(packet);
    uint8_t frame[100];

    listen();
    noise_emit(packet, frame);
    add_generator(frame, 0); /* the destination's address and no more */
    packet = noise_receive(&sim, NULL, 0, packet, frame, len);
    ck_assert_ptr_nonnull(packet);
    ck_assert_uint_ne(packet->ethernet.destination.value, 0x020000000002);
    ck_assert_uint_eq(packet->number, 1);
    noise_emit(packet, frame);
    add_generator(frame, 14 * 8); /* the IP header */
    ck_assert_ptr_null(noise_receive(&sim, NULL, 0, packet, frame, len));
    ck_assert_uint_eq(ear.reasons[DROP_MALFORMED], 1);
}
END_TEST

/* --- on a link ------------------------------------------------------------ */

typedef struct Sink {
    Port port;
    unsigned arrived;
} Sink;

static void receive(Port *port, Packet *packet /* taken */)
{
    sim_container_of(port, Sink, port)->arrived++;
    packet_free(&sim, packet);
}

START_TEST(as_many_frames_are_damaged_as_the_formula_says)
{
    enum { FRAMES = 5000 };
    static const struct {
        LineCode code;
        double db;
        uint32_t payload;
    } cells[] = {
        {LINE_MANCHESTER, 8.0, 1472},
        {LINE_MANCHESTER, 9.6, 1472},
        {LINE_MANCHESTER, 7.0, 0},
        {LINE_NRZ, 11.0, 1000},
        {LINE_NRZ, 0, 20},
    };
    LinkConfig config = {
        .mtu = 1500, .snr = cells[_i].db, .line_code = cells[_i].code};
    Sink sink = {.port.receive = receive};
    double bits = 8. * (18 + MAX(46., 28. + cells[_i].payload));
    double ber = linecode_bit_error_rate(cells[_i].code, ratio(cells[_i].db));
    double share = -expm1(bits * log1p(-ber));
    Link link;

    listen();
    link_config_finish(&config);
    link_init(&link, &sim, &config, "a -> b", 0, &sink.port, 1);
    for (uint32_t i = 0; i < FRAMES; i++)
        link_send(&link, new_packet(i, cells[_i].payload));
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(ear.reasons[DROP_CHECK_SEQUENCE] + sink.arrived, FRAMES);
    /* Four standard deviations; the seed is fixed. */
    ck_assert_double_eq_tol(ear.reasons[DROP_CHECK_SEQUENCE], share * FRAMES,
                            4 * sqrt(FRAMES * share * (1 - share)) + 0.5);
    link_clear(&link);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("noise");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 30); /* with sanitizers, on a busy machine */
    tcase_add_test(tcase, bit_error_rates_are_those_of_the_textbook);
    tcase_add_test(tcase, bit_error_rates_are_tails_of_the_normal_distribution);
    tcase_add_test(tcase, chances_of_frames_are_exact);
    tcase_add_test(tcase, the_bits_that_change_are_those_of_independent_errors);
    tcase_add_test(tcase, whole_frames_pass_and_damaged_ones_do_not);
    tcase_add_test(tcase,
                   errors_that_the_check_sequence_misses_reach_the_next_layer);
    tcase_add_loop_test(tcase, as_many_frames_are_damaged_as_the_formula_says,
                        0, 5);
    return run_tests("noise", tcase, NULL);
}
