/* check_cubic.c - CUBIC's window against RFC 9438's equations, in doubles; and
 * HyStart on a line that it is to fill. */
#include <math.h>

#include "models/transport/tcp_inside.h"
#include "tests/pair.h"
#include "tests/run_tests.h"

static Pair pair;

static Tcb *sender(void) { return pair.users[CLIENT].tcb; }

/* A round trip of RTT, an endless text; the segment of number LOST is lost. */
static void begin(SimTime rtt, uint32_t lost)
{
    pair_init(&pair, TCP_PROFILE_LINUX, 5);
    pair.line.delay = rtt / 2;
    for (unsigned side = 0; side < SIDES; side++)
        pair.config[side].congestion = TCP_CC_CUBIC;
    pair_start(&pair);
    pair.manglers[SERVER].drop_nth = lost;
    pair.users[CLIENT].to_send = 1u << 30;
    pair.users[CLIENT].synthetic = true;
    pair_connect(&pair);
}

static void end(void)
{
    tcp_abort(sender());
    pair.users[CLIENT].tcb = NULL;
    pair_finish(&pair);
    pair_clear(&pair);
}

static bool recovering(void)
{
    return sender() != NULL && tcp_ca_state(sender()) >= TCP_SENDER_CWR;
}

/* Runs until recovery has begun and is over; the window before it. */
static uint32_t run_through_recovery(void)
{
    uint32_t window = 0;

    while (!recovering()) {
        if (sender() != NULL)
            window = sender()->cwnd;
        ck_assert(sim_step(&pair.sim));
    }
    while (recovering())
        ck_assert(sim_step(&pair.sim));
    return window;
}

/* s4.6: beta_cubic = 0.7. */
START_TEST(a_loss_leaves_seven_tenths)
{
    uint32_t before;

    begin(100 * SIM_MS, 300);
    before = run_through_recovery();
    ck_assert_uint_eq(sender()->cwnd, before * 717 / 1024);
    end();
}
END_TEST

/* Equation 1, W(t) = C (t - K)^3 + W_max, and equation 2; or Reno's window
 * (s4.3), a segment for each round trip at an alpha of 0.53, if that is larger.
 * A target is reached a round trip after it was set for then. */
START_TEST(the_window_is_the_cube_of_time)
{
    static const double C = 0.4, alpha = 3 * (1 - 0.7) / (1 + 0.7);
    double w_max, cwnd, k;
    SimTime from;

    begin(100 * SIM_MS, 700);
    w_max = run_through_recovery();
    cwnd = sender()->cwnd;
    k = cbrt((w_max - cwnd) / C);
    from = sim_now(&pair.sim);
    for (unsigned i = 1; i <= 16; i++) {
        double t = i, w, reno = cwnd + alpha * t / 0.1;

        sim_run(&pair.sim, from + i * SIM_S);
        w = fmax(C * pow(t - k, 3) + w_max, reno);
        ck_assert_msg(fabs(sender()->cwnd / w - 1) < 0.03,
                      "after %u s: %u, not %.1f", i, sender()->cwnd, w);
    }
    ck_assert_double_gt(sender()->cwnd, w_max); /* convex by now */
    end();
}
END_TEST

/* On a short path Reno would be faster: s4.3. */
START_TEST(it_is_not_slower_than_reno)
{
    double w_max, cwnd, least;
    SimTime from;

    begin(10 * SIM_MS, 100);
    w_max = run_through_recovery();
    cwnd = sender()->cwnd;
    from = sim_now(&pair.sim);
    sim_run(&pair.sim, from + SIM_S);
    least = cwnd + 0.53 * 100 * 0.9; /* a hundred round trips */
    ck_assert_double_gt(sender()->cwnd, least);
    ck_assert_double_gt(least,
                        w_max + 0.4 * pow(1 - cbrt((w_max - cwnd) / 0.4), 3));
    end();
}
END_TEST

/* s4.7: who loses below W_max makes room. */
START_TEST(a_second_loss_makes_room)
{
    uint32_t first, second;
    double k, t = 1;
    SimTime from;

    begin(100 * SIM_MS, 700);
    first = run_through_recovery();
    sim_run(&pair.sim, sim_now(&pair.sim) + SIM_S);
    pair.manglers[SERVER].drop_nth = pair.manglers[SERVER].with_text + 5;
    second = run_through_recovery();
    ck_assert_uint_lt(second, first);
    from = sim_now(&pair.sim);
    /* W_max is (1 + beta) / 2 of the window now, not the window. */
    k = cbrt((second * 0.85 - sender()->cwnd) / 0.4);
    sim_run(&pair.sim, from + (SimTime)((k + t) * 1e9));
    ck_assert_double_eq_tol(sender()->cwnd, second * 0.85 + 0.4 * t * t * t,
                            0.03 * second);
    end();
}
END_TEST

/* 20 Mbit/s, 50 ms: 81 segments fill the path.  HyStart stops between half of
 * that and a little more than it, without it slow start goes on. */
START_TEST(hystart_stops_when_the_path_is_full)
{
    uint32_t ssthresh[2];

    for (int on = 0; on < 2; on++) {
        pair_init(&pair, TCP_PROFILE_LINUX, 5);
        pair.line.delay = 25 * SIM_MS;
        pair.line.rate = 20000000;
        pair.config[CLIENT].hystart = on;
        pair_start(&pair);
        pair.users[CLIENT].to_send = 1u << 30;
        pair.users[CLIENT].synthetic = true;
        pair_connect(&pair);
        sim_run(&pair.sim, 500 * SIM_MS);
        ssthresh[on] = sender()->ssthresh;
        end();
    }
    ck_assert_uint_eq(ssthresh[0], UINT32_MAX);
    ck_assert_uint_ge(ssthresh[1], 41);
    ck_assert_uint_le(ssthresh[1], 163);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("cubic");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_loss_leaves_seven_tenths);
    tcase_add_test(tcase, the_window_is_the_cube_of_time);
    tcase_add_test(tcase, it_is_not_slower_than_reno);
    tcase_add_test(tcase, a_second_loss_makes_room);
    tcase_add_test(tcase, hystart_stops_when_the_path_is_full);
    return run_tests("cubic", tcase, NULL);
}
