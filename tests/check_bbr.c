/* check_bbr.c - BBR on one bottleneck: the example test cases of
 * draft-ietf-ccwg-bbr-06 appendix B, and what it is for: full use of a lossy
 * line, a short queue. */
#include "models/transport/tcp_bbr.h"
#include "models/transport/tcp_inside.h"
#include "tests/pair.h"
#include "tests/run_tests.h"

/* 10 Mbit/s, 20 ms: a bandwidth-delay product of 16.7 segments. */
static const uint64_t RATE = 10000000;
#define LINE_BYTES 1538 /* what a full segment of 1448 bytes takes */
#define GOODPUT (1448.0 / LINE_BYTES * 10e6 / 8) /* bytes a second */

static Pair pair;

/* What was seen of the sender, a look each ms. */
typedef struct Visit {
    SimTime at;
    BbrState state;
} Visit;
static struct {
    Event look;
    GArray *visits; /* of Visit: one for each state entered */
    SimTime until;
    uint32_t most_in_flight; /* after Startup and Drain */
    double in_flight;        /* sum over looks, after Startup and Drain */
    uint32_t looks;
    uint32_t least_in_probe_rtt;
    bool full_bw_in_startup;
} seen;

static Tcb *sender(void) { return pair.users[CLIENT].tcb; }

static void look_at(const Tcb *tcb, const Bbr *b)
{
    Visit visit = {sim_now(&pair.sim), (BbrState)b->state};
    const Visit *last =
        seen.visits->len == 0
            ? NULL
            : &g_array_index(seen.visits, Visit, seen.visits->len - 1);

    if (last == NULL || last->state != visit.state)
        g_array_append_val(seen.visits, visit);
    if (b->state == BBR_STARTUP)
        seen.full_bw_in_startup |= b->full_bw_reached;
    if (b->state == BBR_PROBE_RTT)
        seen.least_in_probe_rtt = MIN(seen.least_in_probe_rtt, tcp_pipe(tcb));
    if (!bbr_is_in_probe_bw(b))
        return;
    seen.looks++;
    seen.in_flight += tcp_pipe(tcb);
    seen.most_in_flight = MAX(seen.most_in_flight, tcp_pipe(tcb));
}

static void looks(Sim *sim, Event *event)
{
    if (sender() == NULL)
        return;
    if (sender()->rated)
        look_at(sender(), bbr_of(sender()));
    if (sim_now(sim) < seen.until)
        event_schedule(sim, event, SIM_MS);
}

/* BYTES over a line that loses LOSS, looked at for TIME. */
static void begin(uint32_t bytes, double loss, SimTime time)
{
    pair_init(&pair, TCP_PROFILE_LINUX, 77);
    for (unsigned side = 0; side < SIDES; side++)
        pair.config[side].congestion = TCP_CC_BBR;
    pair.line.rate = RATE;
    pair_start(&pair);
    pair.manglers[SERVER].drop = loss;
    pair.users[CLIENT].to_send = bytes;
    pair.users[CLIENT].synthetic = true;
    pair.users[CLIENT].close_first = true;
    pair_connect(&pair);
    seen.visits = g_array_new(FALSE, FALSE, sizeof(Visit));
    seen.until = time;
    seen.least_in_probe_rtt = UINT32_MAX;
    event_init(&seen.look, looks);
    event_schedule(&pair.sim, &seen.look, 0);
}

static void end(void)
{
    event_cancel(&pair.sim, &seen.look);
    pair_finish(&pair);
    pair_clear(&pair);
    g_array_free(seen.visits, TRUE);
}

static const Visit *visit(unsigned i)
{
    ck_assert_uint_lt(i, seen.visits->len);
    return &g_array_index(seen.visits, Visit, i);
}

/* The first visit of STATE from number I on; fails when there is none. */
static unsigned next_visit(unsigned i, BbrState state)
{
    while (i < seen.visits->len && visit(i)->state != state)
        i++;
    ck_assert_msg(i < seen.visits->len, "state %d is never entered", state);
    return i;
}

/* "Exiting STARTUP on Bandwidth Plateau", "Exiting DRAIN Based on Inflight",
 * and the cycle of ProbeBW. */
/* MAY-18 */
START_TEST(startup_drain_and_the_cycle)
{
    /* The ACK that ends Drain ends the first DOWN as well. */
    static const BbrState order[] = {BBR_STARTUP,         BBR_DRAIN,
                                     BBR_PROBE_BW_CRUISE, BBR_PROBE_BW_REFILL,
                                     BBR_PROBE_BW_UP,     BBR_PROBE_BW_DOWN,
                                     BBR_PROBE_BW_CRUISE, BBR_PROBE_BW_REFILL};
    const Bbr *b;

    begin(8000000, 0, 4 * SIM_S);
    sim_run(&pair.sim, 4 * SIM_S);
    b = bbr_of(sender());
    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++)
        ck_assert_msg(visit(i)->state == order[i], "%u: %d, not %d", i,
                      visit(i)->state, order[i]);
    /* Within 2 % of the line. */
    ck_assert_double_eq_tol((double)b->max_bw, GOODPUT, 0.02 * GOODPUT);
    ck_assert(b->full_bw_reached);
    /* From 10 segments to the pipe in two doublings, and three rounds that
     * bring no more: well below half a second; Drain at most 3 rounds. */
    ck_assert_int_lt(visit(1)->at, 400 * SIM_MS);
    ck_assert_int_lt(visit(2)->at - visit(1)->at, 3 * 45 * SIM_MS);
    ck_assert_int_eq(b->min_rtt / SIM_MS, 20);
    end();
}
END_TEST

/* The pipe full, the queue short: within about one BDP after Startup. */
START_TEST(the_queue_is_short)
{
    double bdp = GOODPUT * 0.0212 / 1448, mean;

    begin(12000000, 0, 10 * SIM_S);
    sim_run(&pair.sim, 10 * SIM_S);
    mean = seen.in_flight / seen.looks;
    ck_assert_double_ge(mean, 0.95 * bdp);
    ck_assert_double_le(mean, 1.3 * bdp);
    ck_assert_double_le(seen.most_in_flight, 2 * bdp + 2);
    end();
}
END_TEST

/* How long BYTES take with CONGESTION at 1 % loss, in bytes a second. */
static double goodput(TcpCongestion congestion, uint32_t bytes)
{
    SimTime began;
    double rate;

    begin(bytes, 0.01, 0);
    sender()->congestion = TCP_CC_NEWRENO; /* not established yet */
    tcp_own_settings(sender())->congestion = congestion;
    while (sender() == NULL || tcp_state(sender()) != TCP_ESTABLISHED)
        ck_assert(sim_step(&pair.sim));
    began = sim_now(&pair.sim);
    while (pair.users[SERVER].received < bytes)
        ck_assert(sim_step(&pair.sim));
    rate = bytes * 1e9 / (double)(sim_now(&pair.sim) - began);
    end();
    return rate;
}

/* 1 % random loss: at most 99 % of the line is left. */
START_TEST(random_loss_does_not_collapse_it)
{
    double bbr = goodput(TCP_CC_BBR, 20000000) / (0.99 * GOODPUT);
    double cubic = goodput(TCP_CC_CUBIC, 20000000) / (0.99 * GOODPUT);

    ck_assert_double_gt(bbr, 0.9);
    ck_assert_double_lt(cubic, 0.7);
}
END_TEST

/* "Entering and Exiting PROBE_RTT": every 5 s, 200 ms and a round. */
START_TEST(probe_rtt_comes_every_five_seconds)
{
    unsigned i = 0;
    SimTime left = 0;

    begin(25000000, 0, 17 * SIM_S);
    sim_run(&pair.sim, 17 * SIM_S);
    for (unsigned n = 0; n < 3; n++) {
        SimTime entered;

        i = next_visit(i, BBR_PROBE_RTT);
        entered = visit(i)->at;
        ck_assert_int_ge(entered - left, 5000 * SIM_MS);
        ck_assert_int_le(entered - left, 5400 * SIM_MS);
        i++;
        ck_assert_int_eq(visit(i)->state, BBR_PROBE_BW_CRUISE);
        left = visit(i)->at;
        ck_assert_int_ge(left - entered, 200 * SIM_MS);
        ck_assert_int_le(left - entered, 300 * SIM_MS);
    }
    /* Half the BDP of 17.6 segments. */
    ck_assert_uint_le(seen.least_in_probe_rtt, 9);
    ck_assert_uint_ge(seen.least_in_probe_rtt, 4);
    end();
}
END_TEST

/* "Skipping PROBE_RTT Due to Application-Limited Sending" */
START_TEST(a_rest_makes_probe_rtt_unnecessary)
{
    Slice more = {.len = 300000};

    begin(1500000, 0, 12 * SIM_S);
    pair.users[CLIENT].close_first = false;
    sim_run(&pair.sim, 8 * SIM_S);
    ck_assert_uint_eq(pair.users[SERVER].received, 1500000);
    tcp_write(sender(), &more, 0);
    ck_assert(bbr_of(sender())->idle_restart);
    sim_run(&pair.sim, 9 * SIM_S);
    for (unsigned i = 0; i < seen.visits->len; i++)
        ck_assert_int_ne(visit(i)->state, BBR_PROBE_RTT);
    pair.users[CLIENT].sent += more.len;
    pair.users[CLIENT].to_send += more.len;
    tcp_shutdown(sender());
    end();
}
END_TEST

/* "Never Exiting ... STARTUP When Application-Limited With No Loss": 20 kB
 * every 20 ms would be 8 Mbit/s; two segments every 20 ms are not a tenth. */
START_TEST(a_sparing_user_stays_in_startup)
{
    begin(2896, 0, 5 * SIM_S);
    pair.users[CLIENT].close_first = false;
    for (unsigned i = 0; i < 100; i++) {
        Slice more = {.len = 2896};

        sim_run(&pair.sim, (100 + 20 * i) * SIM_MS);
        tcp_write(sender(), &more, 0);
        pair.users[CLIENT].sent += more.len;
        pair.users[CLIENT].to_send += more.len;
    }
    sim_run(&pair.sim, 3 * SIM_S);
    ck_assert_uint_eq(seen.visits->len, 1);
    ck_assert_int_eq(bbr_of(sender())->state, BBR_STARTUP);
    ck_assert(!bbr_of(sender())->full_bw_reached);
    tcp_shutdown(sender());
    end();
}
END_TEST

/* Of six segments and more in a round, in several places, 15 % are lost. */
START_TEST(high_loss_ends_startup)
{
    const Bbr *b;

    begin(4000000, 0.15, 4 * SIM_S);
    while (seen.visits->len < 2 && sim_now(&pair.sim) < 3 * SIM_S)
        ck_assert(sim_step(&pair.sim));
    b = bbr_of(sender());
    ck_assert(b->full_bw_reached);
    ck_assert_uint_ne(b->inflight_longterm, UINT32_MAX);
    end();
}
END_TEST

START_TEST(initial_rate_is_277_percent)
{
    begin(8000000, 0, 0);
    while (sender() == NULL || !sender()->rated)
        ck_assert(sim_step(&pair.sim));
    /* 10 segments in the round trip of the handshake. */
    ck_assert_double_eq_tol(
        (double)bbr_of(sender())->pacing_rate,
        2.77 * 10 * 1448 / ((double)(sender()->srtt8 >> 3) / 1e6), 100);
    end();
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("bbr");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, initial_rate_is_277_percent);
    tcase_add_test(tcase, startup_drain_and_the_cycle);
    tcase_add_test(tcase, the_queue_is_short);
    tcase_add_test(tcase, random_loss_does_not_collapse_it);
    tcase_add_test(tcase, probe_rtt_comes_every_five_seconds);
    tcase_add_test(tcase, a_rest_makes_probe_rtt_unnecessary);
    tcase_add_test(tcase, a_sparing_user_stays_in_startup);
    tcase_add_test(tcase, high_loss_ends_startup);
    return run_tests("bbr", tcase, NULL);
}
