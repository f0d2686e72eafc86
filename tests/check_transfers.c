/* check_transfers.c - whole connections, from connect() to the last ACK, on a
 * line that loses packets or not, against a measured kernel
 * (tests/linux/README.md, transfers_rtt20.tsv).
 *
 * Without loss, on a line with a rate, everything is exact: within 0.2 ms. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/linux/transfer.h"
#include "tests/run_tests.h"

enum {
    CELLS = 36,
    PHASES = 20, /* connections where only the phase of the timers varies */
};
#define EXACT_MS 0.2 /* without loss, on a line with a rate */

/* What was measured of a figure. */
typedef struct Theirs {
    unsigned n; /* 0: nothing */
    double mean, deviation, median;
} Theirs;

typedef struct Cell {
    TransferPlan plan;
    Theirs theirs[TRANSFER_FIGURES];
    unsigned n; /* connections that were measured */
} Cell;

/* --- the table ------------------------------------------------------------ */

static int figure_named(const char *name)
{
    for (int f = 0; f < TRANSFER_FIGURES; f++)
        if (strcmp(transfer_figure_name(f), name) == 0)
            return f;
    ck_abort_msg("transfers_rtt20.tsv has an unknown figure: %s", name);
}

static bool same_plan(const TransferPlan *a, const TransferPlan *b)
{
    return a->rate_mbit == b->rate_mbit && a->bytes == b->bytes &&
           a->server_closes == b->server_closes && a->loss == b->loss;
}

/* Puts what LINE says into the last of the COUNT cells, or into a new one. */
static void read_line(const char *line, Cell *cells, unsigned *count)
{
    TransferPlan plan = {.rtt_ms = 20};
    char closer[16], figure[32];
    unsigned percent;
    Theirs theirs;
    Cell *cell;

    ck_assert_int_eq(
        sscanf(line, "%u %15s %u %u %31s %u %lf %lf %*f %*f %*f %lf",
               &plan.rate_mbit, closer, &plan.bytes, &percent, figure,
               &theirs.n, &theirs.mean, &theirs.deviation, &theirs.median),
        9);
    plan.loss = percent / 100.0;
    plan.server_closes = strcmp(closer, "server") == 0;
    if (*count == 0 || !same_plan(&cells[*count - 1].plan, &plan)) {
        ck_assert_uint_lt(*count, CELLS);
        cells[(*count)++] = (Cell){.plan = plan};
    }
    cell = &cells[*count - 1];
    cell->theirs[figure_named(figure)] = theirs;
    cell->n = MAX(cell->n, theirs.n);
}

static Cell *read_table(void)
{
    FILE *file = fopen(TESTDIR "/linux/transfers_rtt20.tsv", "r");
    Cell *cells = g_new0(Cell, CELLS);
    unsigned count = 0;
    char line[256];

    ck_assert_msg(file != NULL, "cannot read the measured transfers");
    while (fgets(line, sizeof(line), file) != NULL)
        if (line[0] != '#')
            read_line(line, cells, &count);
    fclose(file);
    ck_assert_uint_eq(count, CELLS);
    return cells;
}

START_TEST(connections_without_loss_take_exactly_as_long)
{
    static const TransferFigure exact[] = {FIGURE_CONNECT, FIGURE_TTFB,
                                           FIGURE_TTLB};
    Cell *cells = read_table();

    for (unsigned c = 0; c < CELLS; c++) {
        double ours[TRANSFER_FIGURES];

        if (cells[c].plan.loss != 0 || cells[c].plan.rate_mbit == 0)
            continue;
        for (unsigned i = 0; i < PHASES; i++) {
            transfer_run(&cells[c].plan, i, ours);
            for (unsigned e = 0; e < G_N_ELEMENTS(exact); e++)
                ck_assert_double_le(
                    fabs(ours[exact[e]] - cells[c].theirs[exact[e]].median),
                    EXACT_MS);
        }
    }
    g_free(cells);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("transfers");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, connections_without_loss_take_exactly_as_long);
    return run_tests("transfers", tcase, NULL);
}
