/* check_connect.c - how long connect() takes on a line that loses packets,
 * against a measured kernel (tests/linux/README.md, connect_rtt20.csv).
 *
 * For each loss 8000 connections of ours, opened at random times as theirs
 * were. Latencies up to RTT + 400 ms (no retransmission timer has fired) count
 * as one value: its share, and Kolmogorov-Smirnov for the rest, each at level
 * 0.001; for the means |z| < 3 where packets are lost, the sum of z^2 below the
 * 0.999 quantile of chi^2; without loss the means within 0.1 ms. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/linux/lab.h"
#include "tests/run_tests.h"

enum {
    RUNS = 100,       /* of a cell, each at other phases of the clocks */
    CONNECTIONS = 80, /* of a run */
    CELLS = 7,
    FIRST_TRY = 4200, /* RTT + 400 ms, in 0.1 ms */
    BINS = 2500000,   /* up to 250 s, more than any SYN waits for */
};
#define LEVEL 0.001
#define INTERVAL (4 * SIM_MS) /* mean time between two connect() */

static const unsigned losses[CELLS] = {0, 1, 2, 5, 10, 20, 30}; /* % */

/* Latencies of one cell, counted in steps of 0.1 ms. */
typedef struct Cell {
    uint32_t *count; /* BINS of them */
    unsigned n, failed;
} Cell;

static void cell_init(Cell *cell)
{
    *cell = (Cell){.count = g_new0(uint32_t, BINS)};
}

static void cell_clear(Cell *cell) { g_free(cell->count); }

static void cell_add(Cell *cell, double latency_ms, unsigned connections)
{
    long bin = lround(latency_ms * 10);

    ck_assert(bin >= 0 && bin < BINS);
    cell->count[bin] += connections;
    cell->n += connections;
}

static double cell_mean(const Cell *cell)
{
    double sum = 0;

    for (int i = 0; i < BINS; i++)
        sum += 0.1 * i * cell->count[i];
    return sum / cell->n;
}

/* The square of the mean's standard error. */
static double cell_error2(const Cell *cell)
{
    double mean = cell_mean(cell), squares = 0;

    for (int i = 0; i < BINS; i++)
        squares += cell->count[i] * (0.1 * i - mean) * (0.1 * i - mean);
    return squares / (cell->n - 1.0) / cell->n;
}

static unsigned cell_first_try(const Cell *cell)
{
    unsigned n = 0;

    for (int i = 0; i <= FIRST_TRY; i++)
        n += cell->count[i];
    return n;
}

/* --- theirs --------------------------------------------------------------- */

static void read_measured(unsigned loss, Cell *cell)
{
    FILE *file = fopen(TESTDIR "/linux/connect_rtt20.csv", "r");
    char line[128];

    ck_assert_msg(file != NULL, "cannot read the measured latencies");
    while (fgets(line, sizeof(line), file) != NULL) {
        unsigned percent, connections;
        double latency_ms;

        if (sscanf(line, "%u,%lf,%u", &percent, &latency_ms, &connections) ==
                3 &&
            percent == loss)
            cell_add(cell, latency_ms, connections);
    }
    fclose(file);
    ck_assert_uint_eq(cell->n, 8000);
}

/* --- ours ----------------------------------------------------------------- */

typedef struct Load {
    Lab lab;
    Event next; /* connect() */
    Stream arrivals;
    Cell *cell;
    unsigned left;
    SimTime began[CONNECTIONS];
    uint32_t serial; /* of the next connection */
} Load;

/* A user of one connection: where its beginning is written down. */
static void client_opened(Tcb *tcb, void *user)
{
    Load *load = user;
    TcpInfo info;

    tcp_info(tcb, &info);
    cell_add(
        load->cell,
        (double)(sim_now(&load->lab.sim) - load->began[info.flow.serial - 1]) /
            (double)SIM_MS,
        1);
    tcp_close(tcb);
}

static void client_gone(Tcb *tcb, void *user, TcpEnd end)
{
    ((Load *)user)->cell->failed++;
}

static void server_readable(Tcb *tcb, void *user)
{
    if (tcp_at_end(tcb))
        tcp_close(tcb);
}

static const TcpUser client_user = {.opened = client_opened,
                                    .gone = client_gone};
static const TcpUser server_user = {.readable = server_readable};

static void server_accepts(TcpListener *listener, void *data, Tcb *tcb,
                           const TcpUser **vtable, void **user)
{
    *vtable = &server_user;
    *user = data;
}

static void client_connects(Sim *sim, Event *event)
{
    Load *load = sim_container_of(event, Load, next);
    LabEnd *client = &load->lab.ends[CLIENT];
    TcpEnd why;
    Tcb *tcb;

    /* A host that only connects numbers its flows from 1. */
    load->began[load->serial++] = sim_now(sim);
    tcb = tcp_connect(client->tcp, load->lab.ends[SERVER].interface.address,
                      LAB_PORT, 0, &client_user, load, &why);
    ck_assert_msg(tcb != NULL, "%s", tcp_end_name(why));
    if (--load->left > 0)
        event_schedule(sim, event,
                       stream_exponential(&load->arrivals, INTERVAL));
}

/* CONNECTIONS connections, the hosts' clocks at the phases of replication
 * NUMBER. */
static void load_run(unsigned loss, unsigned number, Cell *cell)
{
    Load *load = g_new0(Load, 1);

    lab_init(&load->lab, number);
    load->lab.two_clocks = true;
    load->lab.line.loss = loss / 100.0;
    lab_raise(&load->lab);
    tcp_listen(load->lab.ends[SERVER].tcp, LAB_PORT, 65535, server_accepts,
               NULL);
    load->cell = cell;
    load->left = CONNECTIONS;
    stream_init(&load->arrivals, &load->lab.sim, "check_connect", "arrivals");
    event_init(&load->next, client_connects);
    event_schedule(&load->lab.sim, &load->next, 0);
    lab_run_out(&load->lab);
    lab_clear(&load->lab);
    g_free(load);
}

static void simulate(unsigned loss, Cell *cell)
{
    for (unsigned i = 0; i < RUNS; i++)
        load_run(loss, RUNS * loss + i, cell);
    ck_assert_uint_eq(cell->failed, 0);
    ck_assert_uint_eq(cell->n, RUNS * CONNECTIONS);
}

/* --- the comparison ------------------------------------------------------- */

/* z of the difference between the shares that needed no timer. */
static double share_z(const Cell *a, const Cell *b)
{
    double x = cell_first_try(a), y = cell_first_try(b);
    double pooled = (x + y) / (a->n + b->n);
    double error2 = pooled * (1 - pooled) * (1.0 / a->n + 1.0 / b->n);

    return error2 == 0 ? 0 : (x / a->n - y / b->n) / sqrt(error2);
}

/* The largest distance between the distributions of what did need one. */
static double ks_distance(const Cell *a, const Cell *b)
{
    double n = a->n - cell_first_try(a), m = b->n - cell_first_try(b);
    double x = 0, y = 0, distance = 0;

    for (int i = FIRST_TRY + 1; i < BINS; i++) {
        x += a->count[i];
        y += b->count[i];
        distance = fmax(distance, fabs(x / n - y / m));
    }
    return distance;
}

/* What the distance stays below with the chance 1 - LEVEL (Smirnov 1948, the
 * asymptotic distribution's first term). */
static double ks_limit(const Cell *a, const Cell *b)
{
    double n = a->n - cell_first_try(a), m = b->n - cell_first_try(b);

    return sqrt(-0.5 * log(LEVEL / 2) * (n + m) / (n * m));
}

START_TEST(latencies_are_distributed_as_the_kernels)
{
    double limit = gsl_cdf_ugaussian_Qinv(LEVEL / 2), sum = 0;

    for (int i = 0; i < CELLS; i++) {
        double mean, z = 0, share, distance = 0, most = 0;
        Cell ours, theirs;

        cell_init(&ours);
        cell_init(&theirs);
        read_measured(losses[i], &theirs);
        simulate(losses[i], &ours);
        mean = cell_mean(&ours) - cell_mean(&theirs);
        share = share_z(&ours, &theirs);
        if (losses[i] > 0) {
            z = mean / sqrt(cell_error2(&ours) + cell_error2(&theirs));
            distance = ks_distance(&ours, &theirs);
            most = ks_limit(&ours, &theirs);
        }
        printf("loss %2u %%: mean %.1f ms (kernel %.1f, z %+.2f), first try "
               "%.4f (%.4f, z %+.2f), KS %.3f of %.3f\n",
               losses[i], cell_mean(&ours), cell_mean(&theirs), z,
               cell_first_try(&ours) / (double)ours.n,
               cell_first_try(&theirs) / (double)theirs.n, share, distance,
               most);
        fflush(stdout);
        ck_assert_double_lt(fabs(share), limit);
        ck_assert_double_le(distance, most);
        ck_assert_double_lt(fabs(z), 3);
        if (losses[i] == 0)
            ck_assert_double_le(fabs(mean), 0.1);
        sum += z * z;
        cell_clear(&ours);
        cell_clear(&theirs);
    }
    printf("sum of z^2: %.1f\n", sum);
    ck_assert_double_lt(sum, gsl_cdf_chisq_Qinv(LEVEL, CELLS - 1));
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("connect");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, latencies_are_distributed_as_the_kernels);
    return run_tests("connect", tcase, NULL);
}
