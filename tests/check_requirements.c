/* check_requirements.c - tests/tcp/requirements.tsv, the code and the tests say
 * the same of RFC 9293's requirements (its appendix B): each has one row, which
 * says where it is kept and which test would notice, or why there is none; the
 * files and tests that it gives name it; and no file names it that is not
 * given. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/run_tests.h"

enum { NUMBER, SECTION, MEANING, CODE, TESTS, MISSING, COLUMNS };

/* The numbers of appendix B. */
static const struct {
    const char *kind;
    int last;
} kinds[] = {{"MUST", 69}, {"SHLD", 31}, {"MAY", 18}, {"REC", 1}};

static char *read_file(const char *path)
{
    g_autofree char *full = g_build_filename(TESTDIR, "..", path, NULL);
    char *text = NULL;

    ck_assert_msg(g_file_get_contents(full, &text, NULL, NULL), "no %s", full);
    return text;
}

/* Whether TEXT names the requirement NUMBER ("MUST-1", but not "MUST-10"). */
static bool names(const char *text, const char *number)
{
    size_t len = strlen(number);

    for (const char *at = strstr(text, number); at != NULL;
         at = strstr(at + len, number))
        if (!g_ascii_isdigit(at[len]))
            return true;
    return false;
}

/* The rows, each a g_strsplit() of its columns, by number. */
static GHashTable *read_table(void)
{
    GHashTable *rows = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                             (GDestroyNotify)g_strfreev);
    g_autofree char *text = read_file("tests/tcp/requirements.tsv");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        char **columns;

        if (**line == '#' || **line == '\0')
            continue;
        columns = g_strsplit(*line, "\t", -1);
        ck_assert_msg(g_strv_length(columns) == COLUMNS, "'%s'", *line);
        ck_assert_msg(g_hash_table_insert(rows, columns[NUMBER], columns),
                      "%s has two rows", columns[NUMBER]);
    }
    return rows;
}

START_TEST(every_requirement_has_a_row)
{
    GHashTable *rows = read_table();
    unsigned found = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        for (int n = 1; n <= kinds[i].last; n++) {
            g_autofree char *number =
                g_strdup_printf("%s-%d", kinds[i].kind, n);

            ck_assert_msg(g_hash_table_contains(rows, number), "%s has no row",
                          number);
            found++;
        }
    ck_assert_uint_eq(g_hash_table_size(rows), found);
    g_hash_table_unref(rows);
}
END_TEST

/* TEST, "CHECK:TEST" or the name of a script, exists and names NUMBER. */
static void check_test(const char *number, const char *test)
{
    const char *colon = strchr(test, ':');
    g_autofree char *path =
        colon != NULL
            ? g_strdup_printf("tests/%.*s.c", (int)(colon - test), test)
            : g_strdup_printf("tests/tcp/%s.tcp", test);
    g_autofree char *text = read_file(path);

    ck_assert_msg(names(text, number), "%s does not name %s", path, number);
    if (colon != NULL) {
        g_autofree char *start = g_strdup_printf("START_TEST(%s)", colon + 1);

        ck_assert_msg(strstr(text, start) != NULL, "%s has no %s", path,
                      colon + 1);
    }
}

START_TEST(files_and_tests_name_what_they_keep)
{
    GHashTable *rows = read_table();
    GHashTableIter iter;
    char **row;

    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&row)) {
        g_auto(GStrv) files = g_strsplit(row[CODE], " ", -1);
        g_auto(GStrv) tests = g_strsplit(row[TESTS], " ", -1);
        bool kept = strcmp(row[CODE], "-") != 0;

        ck_assert_msg(kept == (strcmp(row[TESTS], "-") != 0),
                      "%s: code without test, or test without code",
                      row[NUMBER]);
        ck_assert_msg(kept || strcmp(row[MISSING], "-") != 0,
                      "%s: why is it not kept?", row[NUMBER]);
        for (char **file = files; kept && *file != NULL; file++) {
            g_autofree char *text = read_file(*file);

            ck_assert_msg(names(text, row[NUMBER]), "%s does not name %s",
                          *file, row[NUMBER]);
        }
        for (char **test = tests; kept && *test != NULL; test++)
            check_test(row[NUMBER], *test);
    }
    g_hash_table_unref(rows);
}
END_TEST

static void check_file(GHashTable *rows, const char *path)
{
    g_autofree char *text = read_file(path);
    g_autoptr(GRegex) regex =
        g_regex_new("\\b(MUST|SHLD|MAY|REC)-[0-9]+", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *number = g_match_info_fetch(match, 0);
        char **row = g_hash_table_lookup(rows, number);
        g_auto(GStrv) files = NULL;

        ck_assert_msg(row != NULL, "%s: there is no %s", path, number);
        files = g_strsplit(row[CODE], " ", -1);
        ck_assert_msg(g_strv_contains((const char *const *)files, path),
                      "%s names %s; its row does not say so", path, number);
    }
}

START_TEST(the_table_knows_every_file_that_names_a_requirement)
{
    static const char *const rooms[] = {"models/transport", "models/wire",
                                        "models/net", "models/sockets"};
    GHashTable *rows = read_table();

    for (size_t i = 0; i < G_N_ELEMENTS(rooms); i++) {
        g_autofree char *full = g_build_filename(TESTDIR, "..", rooms[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(full, 0, NULL);
        const char *name;

        ck_assert_ptr_nonnull(dir);
        while ((name = g_dir_read_name(dir)) != NULL) {
            g_autofree char *path = g_strdup_printf("%s/%s", rooms[i], name);

            if (g_str_has_suffix(name, ".c") || g_str_has_suffix(name, ".h"))
                check_file(rows, path);
        }
    }
    g_hash_table_unref(rows);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("RFC 9293");

    tcase_add_test(tcase, every_requirement_has_a_row);
    tcase_add_test(tcase, files_and_tests_name_what_they_keep);
    tcase_add_test(tcase, the_table_knows_every_file_that_names_a_requirement);
    return run_tests("requirements", tcase, NULL);
}
