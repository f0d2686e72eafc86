/* check_close.c - who closes first, and so who is left in TIME-WAIT, when
 * nothing is to be kept alive; against RFC 9293 s3.6, Little's law, and what
 * curl and servers were seen to do (tests/linux/close.tsv). */
#include <stdlib.h>

#include "tests/run_tests.h"
#include "tests/workload_run.h"

#define FETCHES                                                                \
    "[workload w]\nkind = fetch\nnode = a\nto = b/test.ini\n"                  \
    "arrivals = every 100 ms\ncount = 6000\n[tcp]\nprofile = rfc\n"            \
    "[measure]\nuntil = 600 s\n[browser]\nkeepalive = no\n"

/* 10 a second, 240 s each: Little's law. The client, which closed last, is in
 * LAST-ACK and then free of it. */
START_TEST(only_who_closed_first_waits)
{
    WorkloadRun *run = workload_run_from(FETCHES, 300 * SIM_S);

    ck_assert_uint_eq(workload_outcomes(run, "ok"), 6000);
    ck_assert_uint_eq(run->entered[0][TCP_TIME_WAIT], 0);
    ck_assert_uint_eq(run->entered[0][TCP_CLOSING], 0);
    ck_assert_uint_eq(run->entered[0][TCP_LAST_ACK], 6000);
    ck_assert_uint_eq(run->entered[1][TCP_CLOSING], 0);
    ck_assert_uint_eq(run->entered[1][TCP_TIME_WAIT], 6000);
    ck_assert_double_eq_tol(run->waited[1] / 300, 10 * 240, 1);
    workload_run_free(run);
}
END_TEST

typedef struct Reactions {
    GArray *client, *server; /* of double: us from the last byte to the FIN */
    unsigned server_first;
} Reactions;

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median of the sorted VALUES. */
static double median(GArray *values)
{
    g_array_sort(values, compare_doubles);
    return g_array_index(values, double, values->len / 2);
}

/* Those of SERVER in tests/linux/close.tsv. */
static void reactions_read(Reactions *reactions, const char *server)
{
    const char *source = g_getenv("srcdir");
    char *file = g_build_filename(source != NULL ? source : ".",
                                  "tests/linux/close.tsv", NULL);
    char *text, **lines;

    ck_assert(g_file_get_contents(file, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", 0);
    *reactions = (Reactions){g_array_new(FALSE, FALSE, sizeof(double)),
                             g_array_new(FALSE, FALSE, sizeof(double)), 0};
    for (char **line = lines; *line != NULL; line++) {
        char **cell = g_strsplit(*line, "\t", 0);

        if (g_strv_length(cell) == 3 && strcmp(cell[0], server) == 0) {
            double ours = g_ascii_strtod(cell[1], NULL);
            double theirs = g_ascii_strtod(cell[2], NULL);

            g_array_append_val(reactions->server, ours);
            g_array_append_val(reactions->client, theirs);
            reactions->server_first += ours < theirs;
        }
        g_strfreev(cell);
    }
    g_strfreev(lines);
    g_free(text);
    g_free(file);
}

static void reactions_clear(Reactions *reactions)
{
    g_array_free(reactions->client, TRUE);
    g_array_free(reactions->server, TRUE);
}

/* browser.reaction by default is what was measured: the median of each series
 * is within a quarter of it, and the server's FIN is far ahead. */
START_TEST(reactions_are_those_measured)
{
    static const char *const servers[] = {"python", "nginx"};
    BrowserConfig config;

    config_defaults(browser_keys, 0, &config);
    for (size_t i = 0; i < G_N_ELEMENTS(servers); i++) {
        Reactions seen;

        reactions_read(&seen, servers[i]);
        ck_assert_uint_ge(seen.client->len, 900);
        ck_assert_double_eq_tol(median(seen.client),
                                (double)config.reaction / 1e3,
                                (double)config.reaction / 4e3);
        ck_assert_double_lt(median(seen.server), 30);
        ck_assert_uint_ge(seen.server_first, seen.client->len * 995 / 1000);
        reactions_clear(&seen);
    }
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("close");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_add_test(tcase, only_who_closed_first_waits);
    tcase_add_test(tcase, reactions_are_those_measured);
    return run_tests("close", tcase, NULL);
}
