/* check_theory.c - the exact theory of a handshake against closed forms,
 * against a Monte-Carlo of the same rules written separately here, and against
 * the kernel as it was measured. */
#include <math.h>
#include <stdlib.h>

#include <glib.h>

#include "experiments/theory.h"
#include "sim/rng.h"
#include "sim/wheel.h"
#include "tests/run_tests.h"

static const double losses[] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.3};

static void profile(TcpConfig *config, TcpProfile which)
{
    config_defaults(tcp_keys, which, config);
    config->profile = (int)which;
}

static SynPath path_of(double loss)
{
    return (SynPath){10 * SIM_MS, 10 * SIM_MS, 1 - loss, 1 - loss};
}

static SynTheory *theory_of(TcpProfile which, double loss, unsigned phases)
{
    TcpConfig config;
    SynPath path = path_of(loss);

    profile(&config, which);
    return syn_theory_new(&config, &config, &path, phases);
}

static double share_at(const SynTheory *theory, SimTime latency)
{
    return syn_theory_cdf(theory, latency) -
           syn_theory_cdf(theory, latency - 1);
}

START_TEST(without_loss_a_handshake_takes_one_round_trip)
{
    for (int which = 0; which < TCP_PROFILES; which++) {
        SynTheory *theory = theory_of((TcpProfile)which, 0, 0);

        ck_assert_uint_eq(theory->count, 1);
        ck_assert_int_eq(theory->atoms[0].latency, 20 * SIM_MS);
        ck_assert_double_eq_tol(theory->mean, 20e6, 1e-3);
        ck_assert_double_eq_tol(theory->failed, 0, 1e-12);
        syn_theory_free(theory);
    }
}
END_TEST

/* With exact timers and no answer to a repeated SYN the handshake ends after
 * the client's wait until its first SYN that arrives and the server's until its
 * first SYN-ACK that does; the sums 0, 1, 2, 3, 4 s come about in few ways. */
START_TEST(the_rfc_profile_has_a_closed_form)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(losses); i++) {
        double p = losses[i], q2 = (1 - p) * (1 - p);
        SynTheory *theory = theory_of(TCP_PROFILE_RFC, p, 0);
        double all = 1 - theory->failed;
        SimTime rtt = 20 * SIM_MS;

        ck_assert_double_eq_tol(share_at(theory, rtt) * all, q2, 1e-9);
        ck_assert_double_eq_tol(share_at(theory, rtt + 1 * SIM_S) * all,
                                2 * p * q2, 1e-9);
        ck_assert_double_eq_tol(share_at(theory, rtt + 2 * SIM_S) * all,
                                p * p * q2, 1e-9);
        ck_assert_double_eq_tol(share_at(theory, rtt + 3 * SIM_S) * all,
                                2 * p * p * q2, 1e-9);
        ck_assert_double_eq_tol(share_at(theory, rtt + 4 * SIM_S) * all,
                                2 * p * p * p * q2, 1e-9);
        ck_assert_double_eq_tol(theory->first_try * all, q2, 1e-9);
        syn_theory_free(theory);
    }
}
END_TEST

START_TEST(a_client_fails_when_all_its_syns_are_lost)
{
    TcpConfig config;
    SynPath path = {10 * SIM_MS, 10 * SIM_MS, 0.6, 1};
    SynTheory *theory;

    profile(&config, TCP_PROFILE_RFC);
    config.syn_retries = 3;
    theory = syn_theory_new(&config, &config, &path, 0);
    ck_assert_double_eq_tol(theory->failed, pow(0.4, 4), 1e-9);
    syn_theory_free(theory);
    path.arrives_there = 0;
    ck_assert_ptr_null(syn_theory_new(&config, &config, &path, 0));
}
END_TEST

START_TEST(quantiles_and_shares_are_inverse)
{
    SynTheory *theory = theory_of(TCP_PROFILE_LINUX, 0.2, 0);

    for (double q = 0.01; q < 1; q += 0.01) {
        SimTime latency = syn_theory_quantile(theory, q);

        ck_assert_double_ge(syn_theory_cdf(theory, latency), q);
        ck_assert_double_lt(syn_theory_cdf(theory, latency - 1), q);
    }
    syn_theory_free(theory);
}
END_TEST

START_TEST(more_phases_change_next_to_nothing)
{
    SynTheory *some = theory_of(TCP_PROFILE_LINUX, 0.3, 0);
    SynTheory *more = theory_of(TCP_PROFILE_LINUX, 0.3, 4181);

    ck_assert_double_eq_tol(some->mean, more->mean, 0.5e6);
    ck_assert_double_eq_tol(some->failed, more->failed, 1e-7);
    syn_theory_free(some);
    syn_theory_free(more);
}
END_TEST

START_TEST(few_phases_are_enough_for_a_curve)
{
    static const double quantiles[] = {0.5, 0.9, 0.99, 0.999};

    for (unsigned i = 0; i < G_N_ELEMENTS(losses); i++) {
        SynTheory *few =
            theory_of(TCP_PROFILE_LINUX, losses[i], THEORY_FEW_PHASES);
        SynTheory *more = theory_of(TCP_PROFILE_LINUX, losses[i], 4181);

        ck_assert_double_eq_tol(few->mean / more->mean, 1, 1e-3);
        for (unsigned q = 0; q < G_N_ELEMENTS(quantiles); q++)
            ck_assert_double_eq_tol(
                (double)syn_theory_quantile(few, quantiles[q]) /
                    (double)syn_theory_quantile(more, quantiles[q]),
                1, 1e-3);
        syn_theory_free(few);
        syn_theory_free(more);
    }
}
END_TEST

/* --- Monte-Carlo ---------------------------------------------------------- */

typedef struct Player {
    const TcpConfig *config;
    SimTime phase;
} Player;

static SimTime armed(const Player *player, SimTime now, SimTime delay)
{
    if (player->config->timers == TCP_TIMERS_EXACT)
        return now + delay;
    return wheel_fire(now, delay, player->config->jiffy, player->phase);
}

/* One handshake, played draw by draw; SIM_NEVER when the client gives up. */
static SimTime play(Stream *stream, const TcpConfig *config, double loss)
{
    uint64_t lost = probability_u32(loss);
    SimTime span = (SimTime)WHEEL_PHASES * config->jiffy;
    Player client = {config, stream_uniform(stream, 0, span)};
    Player server = {config, stream_uniform(stream, 0, span)};
    SimTime client_at = 0, client_rto = config->rto_initial;
    SimTime server_at = SIM_NEVER, best = SIM_NEVER;
    SimTime one_way = 10 * SIM_MS, arrives = SIM_NEVER;
    unsigned syns = 0, timeouts = 0;

    while (true) {
        SimTime next = MIN(MIN(client_at, arrives), server_at);

        if (next >= best)
            return best;
        if (next == arrives || next == server_at) {
            bool by_timer = next == server_at && next <= arrives;

            if (by_timer && timeouts == config->synack_retries) {
                server_at = SIM_NEVER;
                continue;
            }
            if (by_timer)
                timeouts++;
            else
                arrives = SIM_NEVER;
            if (!by_timer && server_at == SIM_NEVER)
                timeouts = 0;
            else if (!by_timer && !config->answer_syn)
                continue;
            if (!stream_chance(stream, lost))
                best = MIN(best, next + one_way);
            server_at = armed(&server, next, config->rto_initial << timeouts);
        } else {
            if (syns > config->syn_retries + config->syn_linear_timeouts)
                return SIM_NEVER;
            if (++syns > config->syn_linear_timeouts + 1)
                client_rto = MIN(2 * client_rto, config->rto_max);
            if (!stream_chance(stream, lost))
                arrives = next + one_way;
            client_at = armed(&client, next, client_rto);
        }
    }
}

static int by_time(const void *a, const void *b)
{
    SimTime x = *(const SimTime *)a, y = *(const SimTime *)b;

    return (x > y) - (x < y);
}

/* The largest distance between the sample's distribution and the theory's. */
static double distance(const SynTheory *theory, SimTime *samples, unsigned n)
{
    double most = 0;

    qsort(samples, n, sizeof *samples, by_time);
    for (unsigned i = 0; i < n; i++) {
        double share = syn_theory_cdf(theory, samples[i]);

        if (i + 1 < n && samples[i + 1] == samples[i])
            continue;
        most = MAX(most, fabs(share - (double)(i + 1) / n));
    }
    return most;
}

enum { PLAYED = 100000 };

static void compare(TcpProfile which, double loss, uint64_t seed)
{
    SynTheory *theory = theory_of(which, loss, 0);
    SimTime *samples = g_new(SimTime, PLAYED);
    unsigned n = 0;
    double sum = 0;
    TcpConfig config;
    Stream stream;
    Sim sim;

    profile(&config, which);
    sim_init(&sim, seed, 0);
    stream_init(&stream, &sim, "monte carlo", "handshake");
    for (unsigned i = 0; i < PLAYED; i++) {
        SimTime latency = play(&stream, &config, loss);

        if (latency == SIM_NEVER)
            continue;
        samples[n++] = latency;
        sum += (double)latency;
    }
    /* |z| < 4 for the mean; Kolmogorov-Smirnov at 0.001 (1.95 / sqrt n). */
    ck_assert_double_lt(fabs(sum / n - theory->mean),
                        4 * theory->deviation / sqrt(n));
    ck_assert_double_lt(distance(theory, samples, n), 1.95 / sqrt(n));
    g_free(samples);
    syn_theory_free(theory);
    sim_clear(&sim);
}

START_TEST(a_monte_carlo_of_the_same_rules_agrees)
{
    compare(TCP_PROFILE_LINUX, losses[_i], 7);
    compare(TCP_PROFILE_RFC, losses[_i], 8);
}
END_TEST

/* --- the kernel ----------------------------------------------------------- */

/* connect() against Linux 6.18 over a relay with RTT 20 ms: 8000 connections
 * for each loss; mean and its standard error, ms.  The relay itself adds 0.2
 * ms. */
START_TEST(the_kernel_agrees)
{
    static const struct {
        double mean, error;
    } measured[] = {{38.7, 1.5},  {57.7, 2.2},  {126.8, 3.7},
                    {241.6, 5.4}, {495.0, 8.2}, {867.5, 13.3}};
    double sum = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(losses); i++) {
        SynTheory *theory = theory_of(TCP_PROFILE_LINUX, losses[i], 0);
        double z =
            (theory->mean / 1e6 + 0.2 - measured[i].mean) / measured[i].error;

        ck_assert_double_lt(fabs(z), 3);
        sum += z * z;
        syn_theory_free(theory);
    }
    ck_assert_double_lt(sum, 22.5); /* chi-squared, 6 degrees, level 0.001 */
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("theory");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, without_loss_a_handshake_takes_one_round_trip);
    tcase_add_test(tcase, the_rfc_profile_has_a_closed_form);
    tcase_add_test(tcase, a_client_fails_when_all_its_syns_are_lost);
    tcase_add_test(tcase, quantiles_and_shares_are_inverse);
    tcase_add_test(tcase, more_phases_change_next_to_nothing);
    tcase_add_test(tcase, few_phases_are_enough_for_a_curve);
    tcase_add_loop_test(tcase, a_monte_carlo_of_the_same_rules_agrees, 0,
                        G_N_ELEMENTS(losses));
    tcase_add_test(tcase, the_kernel_agrees);
    return run_tests("theory", tcase, NULL);
}
