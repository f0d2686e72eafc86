/* check_signal.c - links whose frames are waveforms: what arrives is what was
 * sent, noise drops as many as the formula says and as a link does that goes by
 * the formula, and each frame is told. */
#include "tests/link_fixture.h"
#include "tests/run_tests.h"

enum { FRAMES = 600 };

/* What the link tells of its waveforms. */
typedef struct Ear {
    Observer observer;
    uint64_t bits, bit_errors;
    unsigned frames, good;
} Ear;

static Ear ear;

static void hear_signal(Observer *observer, const Record *record)
{
    const SignalTold *told = record->what;

    ck_assert_uint_eq(record->node, TO);
    ck_assert_uint_eq(record->code, told->good);
    ck_assert(!told->good || told->bit_errors == 0);
    ear.frames++;
    ear.good += told->good;
    ear.bits += told->bits;
    ear.bit_errors += told->bit_errors;
}

static void begin_again(LinkSignal signal, LineCode code, double db)
{
    config.signal = signal;
    config.line_code = code;
    config.snr = db;
    config.rate = 0;
    end();
    begin(0);
    ear = (Ear){.observer = {.wants = UINT64_C(1) << REC_SIGNAL_READ,
                             .hear = hear_signal}};
    sim_observe(&sim, &ear.observer);
}

static void send_frames(uint32_t payload)
{
    for (uint32_t i = 0; i < FRAMES; i++) {
        Packet *packet = new_tcp(i, payload, TCP_ACK);

        packet->ip.source = ip_from_v4(0xc0000201);
        packet->ip.destination = ip_from_v4(0xc0000202);
        packet->ip.ttl = 64;
        link_send(&line, packet);
    }
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived + far_end.dropped, FRAMES);
}

START_TEST(without_noise_everything_arrives)
{
    config.clock_offset = 1e-4;
    config.rise_time = 0.3;
    config.crossed = true;
    begin_again(SIGNAL_SAMPLED, _i, INFINITY);
    send_frames(10);
    ck_assert_uint_eq(far_end.arrived, FRAMES);
    ck_assert_uint_eq(ear.frames, FRAMES);
    ck_assert_uint_eq(ear.bit_errors, 0);
    ck_assert_uint_eq(ear.bits, FRAMES * 68 * coding_bits_per_octet(_i));
}
END_TEST

/* Chances of two links: four standard deviations from the formula's share, and
 * of their difference. */
START_TEST(sampled_and_by_formula_are_damaged_as_often)
{
    static const struct {
        LineCode code;
        double db;
    } cells[] = {
        {LINE_MANCHESTER, 7}, {LINE_MANCHESTER, 8.5}, {LINE_NRZ, 10},
        {LINE_NRZ, 11.5},     {LINE_MLT3, 10.8},      {LINE_MLT3, 12},
    };
    double bits, share, deviation, damaged[2];

    for (LinkSignal signal = SIGNAL_FORMULA; signal <= SIGNAL_SAMPLED;
         signal++) {
        begin_again(signal, cells[_i].code, cells[_i].db);
        send_frames(60);
        damaged[signal] = far_end.dropped;
        ck_assert_uint_eq(far_end.reason, DROP_CHECK_SEQUENCE);
        ck_assert_uint_eq(ear.frames, signal == SIGNAL_SAMPLED ? FRAMES : 0);
    }
    bits = 8. * 118 + linecode_framing_bits(cells[_i].code);
    share = -expm1(bits * log1p(-linecode_damage_rate(cells[_i].code,
                                                      link_eb_n0(&config))));
    deviation = sqrt(FRAMES * share * (1 - share));
    ck_assert_double_gt(FRAMES * share, 30);
    ck_assert_double_eq_tol(damaged[SIGNAL_FORMULA], FRAMES * share,
                            4 * deviation);
    ck_assert_double_eq_tol(damaged[SIGNAL_SAMPLED], FRAMES * share,
                            4 * deviation);
    ck_assert_double_eq_tol(damaged[SIGNAL_SAMPLED], damaged[SIGNAL_FORMULA],
                            4 * sqrt(2) * deviation);
    ck_assert_uint_eq(ear.frames - ear.good, far_end.dropped);
}
END_TEST

/* 3 dB weaker, 3 dB nearer to the noise. */
START_TEST(attenuation_is_taken_off_the_distance_to_the_noise)
{
    double near, weak;

    ck_assert(isinf(link_eb_n0(&config)));
    begin_again(_i, LINE_NRZ, 8);
    near = link_eb_n0(&config);
    send_frames(60);
    weak = far_end.dropped;
    config.attenuation = 3;
    begin_again(_i, LINE_NRZ, 11);
    ck_assert_double_eq_tol(link_eb_n0(&config), near, 1e-12);
    send_frames(60);
    ck_assert_double_eq(far_end.dropped, weak);
}
END_TEST

START_TEST(noise_is_the_packets_own_whatever_else_is_sent)
{
    bool arrived[FRAMES] = {false};
    unsigned same = 0;

    begin_again(SIGNAL_SAMPLED, LINE_MANCHESTER, 8);
    send_frames(60);
    ck_assert_uint_gt(far_end.dropped, 30);
    for (unsigned i = 0; i < far_end.arrived; i++)
        arrived[far_end.number[i]] = true;
    begin_again(SIGNAL_SAMPLED, LINE_MANCHESTER, 8);
    for (uint32_t i = FRAMES; i > 0; i -= 2) { /* half of them, backwards */
        Packet *packet = new_tcp(i - 1, 60, TCP_ACK);

        packet->ip.source = ip_from_v4(0xc0000201);
        packet->ip.destination = ip_from_v4(0xc0000202);
        packet->ip.ttl = 64;
        link_send(&line, packet);
    }
    sim_run(&sim, SIM_NEVER);
    for (unsigned i = 0; i < far_end.arrived; i++)
        same += arrived[far_end.number[i]];
    ck_assert_uint_eq(same, far_end.arrived);
    ck_assert_uint_gt(far_end.dropped, 10);
}
END_TEST

START_TEST(copies_are_frames_by_themselves)
{
    config.duplicate = 1;
    begin_again(SIGNAL_SAMPLED, LINE_MANCHESTER, 7.5);
    for (uint32_t i = 0; i < FRAMES; i++)
        send_data(i, 60);
    sim_run(&sim, SIM_NEVER);
    ck_assert_uint_eq(far_end.arrived + far_end.dropped, 2 * FRAMES);
    ck_assert_uint_eq(ear.frames, 2 * FRAMES);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("signal");

    tcase_add_checked_fixture(tcase, setup, end);
    tcase_set_timeout(tcase, 120); /* with sanitizers, on a busy machine */
    tcase_add_loop_test(tcase, without_noise_everything_arrives, 0, LINE_CODES);
    tcase_add_loop_test(tcase, sampled_and_by_formula_are_damaged_as_often, 0,
                        6);
    tcase_add_loop_test(tcase,
                        attenuation_is_taken_off_the_distance_to_the_noise,
                        SIGNAL_FORMULA, SIGNAL_SAMPLED + 1);
    tcase_add_test(tcase, noise_is_the_packets_own_whatever_else_is_sent);
    tcase_add_test(tcase, copies_are_frames_by_themselves);
    return run_tests("signal", tcase, NULL);
}
