/* check_scripts.c - the packet scripts are complete: every kind of segment in
 * every state (tests/tcp/matrix.tsv), every sequence figure of RFC 9293, every
 * script of the folder in the list of tests. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/run_tests.h"

#define FOLDER TESTDIR "/tcp"

static const char *const states[] = {
    "CLOSED",      "LISTEN",     "SYN-SENT",   "SYN-RECEIVED",
    "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
    "CLOSING",     "LAST-ACK",   "TIME-WAIT",
};
static const char *const segments[] = {
    "syn",        "synack",       "ack-old",         "ack-good",
    "ack-future", "rst-exact",    "rst-inside",      "rst-outside",
    "fin",        "data-inorder", "data-outoforder", "data-beyond",
};
enum { STATE, SEGMENT, SCRIPT, PARAGRAPH, OUTCOME, COLUMNS };

static char *read_file(const char *name)
{
    g_autofree char *path = g_build_filename(FOLDER, name, NULL);
    char *text = NULL;

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "no %s", path);
    return text;
}

/* The rows of matrix.tsv, each a g_strsplit() of its columns. */
static GPtrArray *read_matrix(void)
{
    GPtrArray *rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autofree char *text = read_file("matrix.tsv");
    char **lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        char **columns;

        if (**line == '#' || **line == '\0')
            continue;
        columns = g_strsplit(*line, "\t", -1);
        ck_assert_msg(g_strv_length(columns) == COLUMNS, "'%s'", *line);
        g_ptr_array_add(rows, columns);
    }
    g_strfreev(lines);
    return rows;
}

/* Names of the *.tcp files of the folder; the caller g_ptr_array_unref()s. */
static GPtrArray *list_scripts(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(FOLDER, 0, NULL);
    const char *name;

    ck_assert_ptr_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, ".tcp"))
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    return names;
}

START_TEST(each_cell_of_the_matrix_is_there_once)
{
    GPtrArray *rows = read_matrix();

    for (unsigned s = 0; s < G_N_ELEMENTS(states); s++) {
        for (unsigned g = 0; g < G_N_ELEMENTS(segments); g++) {
            unsigned found = 0;

            for (guint i = 0; i < rows->len; i++) {
                char **row = rows->pdata[i];

                found += strcmp(row[STATE], states[s]) == 0 &&
                         strcmp(row[SEGMENT], segments[g]) == 0;
            }
            ck_assert_msg(found == 1, "%s, %s: %u rows", states[s], segments[g],
                          found);
        }
    }
    ck_assert_uint_eq(rows->len, G_N_ELEMENTS(states) * G_N_ELEMENTS(segments));
    g_ptr_array_unref(rows);
}
END_TEST

START_TEST(each_cell_names_its_script_and_its_paragraph)
{
    GPtrArray *rows = read_matrix();

    for (guint i = 0; i < rows->len; i++) {
        char **row = rows->pdata[i];
        g_autofree char *state = g_ascii_strdown(row[STATE], -1);
        g_autofree char *name =
            g_strdup_printf("rcv-%s-%s.tcp", row[SEGMENT], state);

        ck_assert_msg(strstr(row[PARAGRAPH], "RFC 9293 s3.") != NULL,
                      "%s: no paragraph", name);
        ck_assert_msg(*row[OUTCOME] != '\0', "%s: no outcome", name);
        if (strcmp(row[SCRIPT], "n/a") == 0)
            continue;
        ck_assert_str_eq(row[SCRIPT], name);
        g_free(read_file(name));
    }
    g_ptr_array_unref(rows);
}
END_TEST

START_TEST(each_cell_script_is_in_the_matrix)
{
    GPtrArray *rows = read_matrix();
    GPtrArray *names = list_scripts();

    for (guint n = 0; n < names->len; n++) {
        bool found = !g_str_has_prefix(names->pdata[n], "rcv-");

        for (guint i = 0; i < rows->len && !found; i++)
            found =
                strcmp(((char **)rows->pdata[i])[SCRIPT], names->pdata[n]) == 0;
        ck_assert_msg(found, "%s is in no cell", (char *)names->pdata[n]);
    }
    g_ptr_array_unref(names);
    g_ptr_array_unref(rows);
}
END_TEST

START_TEST(each_script_is_a_test)
{
    g_autofree char *text = read_file("local.mk");
    const char *list = strstr(text, "\nPACKET_TESTS = ");
    GPtrArray *names = list_scripts();

    ck_assert_ptr_nonnull(list);
    ck_assert_ptr_nonnull(strstr(list, "\nTESTS += $(PACKET_TESTS)\n"));
    for (guint n = 0; n < names->len; n++) {
        g_autofree char *entry =
            g_strdup_printf("\ttests/tcp/%s", (char *)names->pdata[n]);

        ck_assert_msg(strstr(list, entry) != NULL, "%s is not in local.mk",
                      entry);
    }
    ck_assert_uint_gt(names->len, 0);
    g_ptr_array_unref(names);
}
END_TEST

START_TEST(each_sequence_figure_has_a_script)
{
    GPtrArray *names = list_scripts();

    for (int figure = 6; figure <= 13; figure++) {
        g_autofree char *prefix = g_strdup_printf("fig%02d-", figure);
        bool found = false;

        for (guint n = 0; n < names->len && !found; n++)
            found = g_str_has_prefix(names->pdata[n], prefix);
        ck_assert_msg(found, "no script for figure %d", figure);
    }
    g_ptr_array_unref(names);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("scripts");

    tcase_add_test(tcase, each_cell_of_the_matrix_is_there_once);
    tcase_add_test(tcase, each_cell_names_its_script_and_its_paragraph);
    tcase_add_test(tcase, each_cell_script_is_in_the_matrix);
    tcase_add_test(tcase, each_script_is_a_test);
    tcase_add_test(tcase, each_sequence_figure_has_a_script);
    return run_tests("scripts", tcase, NULL);
}
