/* experiment_fixture.h - what the tests of experiments share: a folder of each
 * test's own, and an experiment file of which one line is replaced or which has
 * some more. */
#ifndef FIRSTBYTE_TESTS_EXPERIMENT_FIXTURE_H
#define FIRSTBYTE_TESTS_EXPERIMENT_FIXTURE_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "experiments/run.h"

static char
    *folder; /* of this test, which Check runs in a process of its own */

static const char *const lines[] = {
    "[experiment]",
    "title = A test",
    "[node client]",
    "kind = client",
    "[node web]",
    "kind = server",
    "http = yes",
    "[link client -- web]",
    "rate = unlimited",
    "delay = 10 ms",
    "[arp]",
    "mode = static",
    "[workload connects]",
    "kind = connect",
    "node = client",
    "to = web:80",
    "arrivals = poisson 20 /s",
    "count = 50",
    "[sweep]",
    "link client -- web.loss = 0 %, 20 %",
    "tcp.profile = linux, rfc",
    "[replicate]",
    "min = 3",
    "max = 9",
    "until = halfwidth(mean(tcp.handshake.latency)) < 20 % at 95 %",
    "rare = 2",
    "[plot latency]",
    "metric = tcp.handshake.latency",
    "x = link client -- web.loss",
    "y = mean, p99",
    "series = tcp.profile",
    "theory = syn-backoff",
    "[expect]",
    "lossless = mean(tcp.handshake.latency) is 20 ms where link client -- "
    "web.loss is 0 %",
    NULL};

static inline void make_folder(void)
{
    folder = g_dir_make_tmp("firstbyte-XXXXXX", NULL);
    ck_assert_ptr_nonnull(folder);
}

static inline void remove_tree(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        char *child = g_build_filename(path, name, NULL);

        remove_tree(child);
        g_free(child);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_remove(path);
}

static inline void drop_folder(void)
{
    remove_tree(folder);
    g_free(folder);
}

static inline char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

/* Writes the experiment with its line LINE (from 1; 0: none) replaced by TEXT.
 */
static inline char *write_experiment(int line, const char *text)
{
    GString *whole = g_string_new(NULL);
    char *file = in_folder("test.ini");

    for (int i = 0; lines[i] != NULL; i++)
        g_string_append_printf(whole, "%s\n", i + 1 == line ? text : lines[i]);
    ck_assert(g_file_set_contents(file, whole->str, -1, NULL));
    g_string_free(whole, TRUE);
    return file;
}

static inline Plan *read_plan(int line, const char *text)
{
    char *file = write_experiment(line, text);
    GError *error = NULL;
    Plan *plan = plan_read(file, NULL, &error);

    ck_assert_msg(plan != NULL, "%s", error != NULL ? error->message : "");
    g_free(file);
    return plan;
}

/* The plan of an experiment that is TEXT and MORE; NULL with the reason in *WHY
 * (g_free). */
static inline Plan *plan_of_text(const char *text, const char *more, char **why)
{
    char *file = in_folder("text.ini");
    char *whole = g_strconcat(text, more, NULL);
    GError *error = NULL;
    Plan *plan;

    ck_assert(g_file_set_contents(file, whole, -1, NULL));
    plan = plan_read(file, NULL, &error);
    *why = error != NULL ? g_strdup(error->message) : NULL;
    g_clear_error(&error);
    g_free(whole);
    g_free(file);
    return plan;
}

/* One run of the only point of that experiment; PLAN is the caller's. */
static inline RunResult *run_of_text(const char *text, const char *more,
                                     Plan **plan)
{
    char *why;
    PlanPoint *point;
    RunResult *result;

    *plan = plan_of_text(text, more, &why);
    ck_assert_msg(*plan != NULL, "%s", why);
    point = plan_point_new(*plan, 0, NULL);
    result = run_once(*plan, point, 0, false);
    plan_point_free(point);
    return result;
}

#endif
