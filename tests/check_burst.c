/* check_burst.c - losses that come together: bad periods are as long and as
 * frequent as Gilbert's and Elliott's formulas have them, and are the line's
 * own, whatever is sent. */
#include <gsl/gsl_cdf.h>

#include "tests/link_fixture.h"
#include "tests/run_tests.h"

static BurstConfig settings(SimTime time, uint32_t packets, double loss,
                            double inside, double between)
{
    BurstConfig made = {
        .time = time, .packets = packets, .inside = inside, .between = between};
    const char *key;

    ck_assert_ptr_null(burst_config_wrong(&made, loss, &key));
    burst_config_finish(&made, loss);
    return made;
}

static Burst burst_of(uint32_t replication)
{
    Burst burst;

    sim.replication = replication;
    burst_init(&burst, &sim, "a -> b");
    return burst;
}

static bool is_bad(Burst *burst, const BurstConfig *made, SimTime at)
{
    return burst_threshold(burst, made, at) == made->inside_threshold;
}

/* --- runs of bad packets ---------------------------------------------------
 */

enum { RUNS = 12 }; /* lengths told apart; the last: so long or longer */

typedef struct Runs {
    unsigned sent, bad, runs, of_length[RUNS];
    unsigned length; /* of the run that goes on */
} Runs;

static void see(Runs *runs, bool bad)
{
    runs->sent++;
    runs->bad += bad;
    if (bad) {
        runs->length++;
    } else if (runs->length > 0) {
        runs->of_length[MIN(runs->length, RUNS) - 1]++;
        runs->runs++;
        runs->length = 0;
    }
}

/* Runs that go on with the chance STAYS are geometric, and a chain whose state
 * is bad for a share of the time has a mean with this variance (the sum of
 * geometric correlations, each (stays - comes)^k). */
static void hold(const Runs *runs, double share, double stays)
{
    double comes = share * (1 - stays) / (1 - share);
    double memory = stays - comes, sum = 0, part = 1 - stays;
    double deviation =
        sqrt(share * (1 - share) / runs->sent * (1 + memory) / (1 - memory));

    /* Four standard deviations; the seed is fixed. */
    ck_assert_double_eq_tol((double)runs->bad / runs->sent, share,
                            4 * deviation);
    for (unsigned i = 0; i < RUNS; i++) {
        double want = runs->runs * (i < RUNS - 1 ? part : pow(stays, RUNS - 1));

        sum += (runs->of_length[i] - want) * (runs->of_length[i] - want) / want;
        part *= stays;
    }
    ck_assert_double_gt(gsl_cdf_chisq_Q(sum, RUNS - 1), 1e-3);
}

/* A packet every GAP; the memory of the state fades as exp(-gap / redraw). */
START_TEST(packets_at_even_distances_see_gilberts_chain)
{
    static const struct {
        double gap, loss; /* gap: of the mean bad period */
    } cells[] = {{0.25, 0.02}, {0.25, 0.3}, {1, 0.05}, {0.1, 0.7}};
    SimTime mean = 50 * SIM_MS, gap = (SimTime)(cells[_i].gap * (double)mean);
    double loss = cells[_i].loss;
    BurstConfig made = settings(mean, 0, loss, 1, 0);
    Burst burst = burst_of(0);
    Runs runs = {0};

    for (int64_t i = 0; i < 400000; i++)
        see(&runs, is_bad(&burst, &made, i * gap));
    hold(&runs, loss, loss + (1 - loss) * exp(-cells[_i].gap / (1 - loss)));
}
END_TEST

START_TEST(bursts_in_packets_are_geometric)
{
    static const struct {
        uint32_t packets;
        double loss;
    } cells[] = {{5, 0.02}, {2, 0.2}, {3, 0.5}, {20, 0.3}};
    double loss = cells[_i].loss;
    BurstConfig made = settings(0, cells[_i].packets, loss, 1, 0);
    Burst burst = burst_of(0);
    Runs runs = {0};

    for (unsigned i = 0; i < 400000; i++)
        see(&runs, is_bad(&burst, &made, 0));
    hold(&runs, loss, 1 - 1. / cells[_i].packets);
}
END_TEST

/* Lengths of bad periods, to a thousandth of their mean: Kolmogorov and
 * Smirnov's distance from the exponential. */
START_TEST(bad_periods_are_exponential)
{
    enum { PERIODS = 3000, STEPS = 4000 };
    SimTime mean = 10 * SIM_MS, step = 10 * SIM_US, begun = 0, at = 0;
    BurstConfig made = settings(mean, 0, 0.4, 1, 0);
    Burst burst = burst_of(7);
    unsigned longer[STEPS] = {0}, periods = 0;
    bool bad = is_bad(&burst, &made, 0);
    double apart = 0;

    while (is_bad(&burst, &made, at) == bad) /* the first is cut */
        at += step;
    for (bad = !bad, begun = at; periods < PERIODS; at += step)
        if (is_bad(&burst, &made, at) != bad) {
            size_t steps = (size_t)((at - begun) / step);

            for (size_t i = 0; bad && i < MIN(steps, STEPS); i++)
                longer[i]++;
            periods += bad;
            bad = !bad;
            begun = at;
        }
    for (unsigned i = 0; i < STEPS; i++) {
        double want = exp(-(double)i * (double)step / (double)mean);

        apart = MAX(apart, fabs((double)longer[i] / PERIODS - want));
    }
    /* The 0.1 % point of the distance. */
    ck_assert_double_lt(apart, 1.95 / sqrt(PERIODS));
}
END_TEST

START_TEST(the_state_at_a_time_is_stationary)
{
    enum { REPLICATIONS = 20000 };
    static const SimTime when[] = {0, 70 * SIM_MS, 3600 * SIM_S};
    BurstConfig made = settings(50 * SIM_MS, 0, 0.1, 1, 0);
    unsigned bad = 0;

    for (uint32_t i = 0; i < REPLICATIONS; i++) {
        Burst burst = burst_of(i);

        bad += is_bad(&burst, &made, when[_i]);
    }
    ck_assert_double_eq_tol(bad, REPLICATIONS * 0.1,
                            4 * sqrt(REPLICATIONS * 0.1 * 0.9));
}
END_TEST

START_TEST(bad_periods_are_the_same_whatever_is_sent)
{
    BurstConfig made = settings(5 * SIM_MS, 0, 0.2, 1, 0);
    Burst often = burst_of(3), seldom = burst_of(3);
    unsigned bad = 0;

    for (int64_t i = 0; i < 100000; i++) {
        SimTime at = i * 700 * SIM_US;
        bool state = is_bad(&often, &made, at);

        /* Now and then; and after silences of many cells. */
        if (i % 7 == 0 || (i > 40000 && i < 40010) || i % 3001 == 5)
            ck_assert(is_bad(&seldom, &made, at) == state);
        if (i == 50000)
            i += 49000;
        bad += state;
    }
    ck_assert_uint_gt(bad, 1000);
}
END_TEST

/* --- on a link --------------------------------------------------------------
 */

static void begin_again(SimTime time, uint32_t packets, double loss,
                        double inside, double between)
{
    config.loss = loss;
    config.burst = (BurstConfig){
        .time = time, .packets = packets, .inside = inside, .between = between};
    config.rate = 0;
    end();
    begin(0);
}

/* Sends a packet each ms; how many are lost. */
static unsigned lost_of(unsigned count)
{
    unsigned before = far_end.dropped;

    for (uint32_t i = 0; i < count; i++) {
        send_data(i, 0);
        sim_run(&sim, sim_now(&sim) + SIM_MS);
        far_end.arrived = 0;
    }
    sim_run(&sim, SIM_NEVER);
    return far_end.dropped - before;
}

START_TEST(a_link_loses_as_much_as_without_bursts)
{
    enum { SENT = 50000 };
    static const struct {
        SimTime time;
        uint32_t packets;
        double loss, inside, between;
    } cells[] = {
        {0, 0, 0.05, 1, 0},
        {5 * SIM_MS, 0, 0.05, 1, 0},
        {5 * SIM_MS, 0, 0.05, 0.5, 0.01},
        {0, 5, 0.05, 1, 0},
        {0, 5, 0.05, 0.6, 0.02},
    };
    double loss = cells[_i].loss;
    unsigned lost;

    begin_again(cells[_i].time, cells[_i].packets, loss, cells[_i].inside,
                cells[_i].between);
    lost = lost_of(SENT);
    /* Runs of five leave a fifth of the information, twice (both ways). */
    ck_assert_double_eq_tol(lost, loss * SENT,
                            4 * sqrt(10 * SENT * loss * (1 - loss)));
    ck_assert_uint_ne(lost, 0);
}
END_TEST

START_TEST(a_line_that_is_always_bad_or_never_is_one_without_bursts)
{
    begin_again(50 * SIM_MS, 0, 1, 1, 0);
    ck_assert_uint_eq(lost_of(1000), 1000);
    begin_again(50 * SIM_MS, 0, 0, 1, 0);
    ck_assert(!config.burst.on);
    ck_assert_ptr_null(line.extra); /* nothing is drawn */
    ck_assert_uint_eq(lost_of(1000), 0);
}
END_TEST

START_TEST(settings_that_cannot_be_are_refused)
{
    static const struct {
        BurstConfig config;
        double loss;
        const char *key, *why;
    } cells[] = {
        {{.time = 1000000, .inside = 0.2, .between = 0.2},
         0.2,
         "loss_in_burst",
         "no more than between bursts; more than 20 %"},
        {{.time = 1000000, .inside = 0.5},
         0.6,
         "loss",
         "more than in a burst (loss_in_burst); 50 % at most"},
        {{.time = 1000000, .inside = 0.5, .between = 0.1},
         0,
         "loss",
         "less than between bursts (loss_between_bursts); 10 % at least"},
        {{.packets = 3, .inside = 1},
         0.75,
         "loss_burst",
         "with so much loss, bursts of independent losses are longer already; "
         "4 packets at least"},
        {{.packets = 4, .inside = 1}, 0.75, NULL, NULL},
        {{.inside = 0.5}, 0.6, NULL, NULL}, /* no bursts are asked for */
    };
    const char *key = NULL;
    char *why = burst_config_wrong(&cells[_i].config, cells[_i].loss, &key);

    ck_assert_pstr_eq(why, cells[_i].why);
    if (why != NULL)
        ck_assert_str_eq(key, cells[_i].key);
    g_free(why);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("bursts");

    tcase_add_checked_fixture(tcase, setup, end);
    tcase_set_timeout(tcase, 60); /* with sanitizers, on a busy machine */
    tcase_add_loop_test(tcase, packets_at_even_distances_see_gilberts_chain, 0,
                        4);
    tcase_add_loop_test(tcase, bursts_in_packets_are_geometric, 0, 4);
    tcase_add_test(tcase, bad_periods_are_exponential);
    tcase_add_loop_test(tcase, the_state_at_a_time_is_stationary, 0, 3);
    tcase_add_test(tcase, bad_periods_are_the_same_whatever_is_sent);
    tcase_add_loop_test(tcase, a_link_loses_as_much_as_without_bursts, 0, 5);
    tcase_add_test(tcase,
                   a_line_that_is_always_bad_or_never_is_one_without_bursts);
    tcase_add_loop_test(tcase, settings_that_cannot_be_are_refused, 0, 6);
    return run_tests("bursts", tcase, NULL);
}
