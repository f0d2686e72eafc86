/* check_include.c - experiment files that include others, and what --set does
 * over them. */
#include <unistd.h>

#include "tests/experiment_fixture.h"
#include "tests/run_tests.h"

static const char base[] =
    "[experiment]\ntitle = Base\n"
    "[node client]\nkind = client\n[node web]\nkind = server\n"
    "[link client -- web]\nloss = 1 %\ndelay = 5 ms\n"
    "[workload w]\nkind = connect\nnode = client\nto = web:80\n"
    "[replicate]\nmin = 7\nmax = 70\n";

static void write_file(const char *name, const char *text)
{
    char *file = in_folder(name), *parent = g_path_get_dirname(file);

    ck_assert_int_eq(g_mkdir_with_parents(parent, 0777), 0);
    ck_assert(g_file_set_contents(file, text, -1, NULL));
    g_free(parent);
    g_free(file);
}

/* Reads NAME in the folder; *WHY (g_free) gets the message. */
static Plan *read_file(const char *name, char **sets, char **why)
{
    char *file = in_folder(name);
    GError *error = NULL;
    Plan *plan = plan_read(file, sets, &error);

    *why = error != NULL ? g_strdup(error->message) : NULL;
    g_clear_error(&error);
    g_free(file);
    return plan;
}

static const ConfigEntry *entry_of(const Plan *plan, const char *kind,
                                   const char *name, const char *key)
{
    return config_entry(config_find(plan->config, kind, name), key);
}

START_TEST(the_including_file_is_laid_over)
{
    const ConfigEntry *delay;
    char *why;
    Plan *plan;

    write_file("common/base.ini", base);
    write_file("common/more.ini",
               "[experiment]\ninclude = base.ini\ntitle = More\n"
               "[link client -- web]\ndelay = 6 ms\nloss = 3 %\n");
    write_file("x.ini", "[experiment]\ninclude = common/more.ini\n\n"
                        "[link client -- web]\ndelay = 7 ms\n");
    plan = read_file("x.ini", NULL, &why);
    ck_assert_msg(plan != NULL, "%s", why);
    ck_assert_str_eq(plan->experiment.title, "More");
    ck_assert_uint_eq(plan->replicate.min, 7);
    delay = entry_of(plan, "link", "client -- web", "delay");
    ck_assert_str_eq(delay->value, "7 ms");
    ck_assert_int_eq(delay->origin.line, 5);
    ck_assert(g_str_has_suffix(delay->origin.file, "/x.ini"));
    delay = entry_of(plan, "link", "client -- web", "loss");
    ck_assert_str_eq(delay->value, "3 %");
    ck_assert_int_eq(delay->origin.line, 6);
    ck_assert(g_str_has_suffix(delay->origin.file, "/common/more.ini"));
    plan_free(plan);
}
END_TEST

START_TEST(a_later_file_is_laid_over_an_earlier)
{
    char *why;
    Plan *plan;

    write_file("base.ini", base);
    write_file("few.ini", "[replicate]\nmin = 2\n");
    write_file("x.ini", "[experiment]\ninclude = base.ini, few.ini\n");
    plan = read_file("x.ini", NULL, &why);
    ck_assert_msg(plan != NULL, "%s", why);
    ck_assert_uint_eq(plan->replicate.min, 2);
    ck_assert_uint_eq(plan->replicate.max, 70);
    plan_free(plan);
}
END_TEST

/* What is recorded needs none of the files. */
START_TEST(what_is_recorded_includes_nothing)
{
    char *why, *text;
    Config *effective;
    Plan *plan;

    write_file("base.ini", base);
    write_file("x.ini", "[experiment]\ninclude = base.ini\n");
    plan = read_file("x.ini", NULL, &why);
    effective = plan_effective(plan);
    text = config_to_text(effective);
    write_file("alone/x.ini", text);
    plan_free(plan);
    plan = read_file("alone/x.ini", NULL, &why);
    ck_assert_msg(plan != NULL, "%s", why);
    ck_assert_str_eq(plan->experiment.title, "Base");
    ck_assert_uint_eq(plan->replicate.max, 70);
    plan_free(plan);
    config_free(effective);
    g_free(text);
}
END_TEST

/* --set comes last, and may choose the files themselves. */
START_TEST(sets_are_laid_over_all)
{
    char *other = in_folder("other.ini");
    char *include = g_strconcat("experiment.include=", other, NULL);
    char *sets[] = {include, "link client -- web.loss = 9 %",
                    "replicate.min = 3", NULL};
    char *why;
    Plan *plan;

    write_file("base.ini", base);
    write_file("other.ini", base);
    write_file("x.ini", "[experiment]\ninclude = base.ini\n");
    plan = read_file("x.ini", sets, &why);
    ck_assert_msg(plan != NULL, "%s", why);
    ck_assert_uint_eq(plan->replicate.min, 3);
    ck_assert_str_eq(entry_of(plan, "link", "client -- web", "loss")->value,
                     "9 %");
    ck_assert_str_eq(
        entry_of(plan, "link", "client -- web", "delay")->origin.file, other);
    plan_free(plan);
    g_free(include);
    g_free(other);
}
END_TEST

START_TEST(set_chooses_the_topology)
{
    char *sets[] = {"experiment.topology = home.ini",
                    "workload w.node = laptop", NULL};
    char *why;
    Plan *plan;

    write_file("x.ini", "[experiment]\ntopology = direct.ini\n"
                        "[workload w]\nkind = connect\nnode = client\n"
                        "to = web:80\n");
    plan = read_file("x.ini", sets, &why);
    ck_assert_msg(plan != NULL, "%s", why);
    ck_assert_ptr_nonnull(config_find(plan->config, "node", "laptop"));
    plan_free(plan);
}
END_TEST

START_TEST(a_circle_is_named)
{
    char *why;

    ck_assert_int_eq(chdir(folder), 0);
    write_file("a.ini", "[experiment]\ninclude = b.ini\n");
    write_file("b.ini", "[experiment]\ntitle = B\ninclude = sub/../c.ini\n");
    write_file("sub/none", "");
    write_file("c.ini", "[experiment]\ninclude = b.ini\n");
    ck_assert_ptr_null(plan_read("a.ini", NULL, NULL));
    ck_assert_ptr_null(read_file("a.ini", NULL, &why));
    ck_assert_ptr_nonnull(strstr(why, "/c.ini:2: [experiment] include: "));
    ck_assert_ptr_nonnull(strstr(why, "b.ini includes "));
    ck_assert_ptr_nonnull(strstr(why, "c.ini includes "));
    ck_assert_ptr_nonnull(strstr(why, ", in a circle; leave out one of them"));
    g_free(why);
}
END_TEST

/* Mistakes of all files: the one that was named first, each file by lines. */
START_TEST(mistakes_of_all_files_are_found)
{
    char *why, **lines_;

    ck_assert_int_eq(chdir(folder), 0);
    write_file("base.ini", base);
    write_file("bad.ini", "[replicate]\nmin = none\n\nmox = 3\n");
    write_file("x.ini", "[experiment]\ninclude = base.ini, bad.ini, no.ini\n"
                        "titel = X\n[measure]\nuntil = soon\n");
    why = NULL;
    {
        GError *error = NULL;

        ck_assert_ptr_null(plan_read("x.ini", NULL, &error));
        why = g_strdup(error->message);
        g_error_free(error);
    }
    lines_ = g_strsplit(why, "\n", -1);
    ck_assert_uint_eq(g_strv_length(lines_), 5);
    ck_assert(g_str_has_prefix(lines_[0], "x.ini:2: [experiment] include: "
                                          "there is no file no.ini; "));
    ck_assert(g_str_has_prefix(lines_[1], "x.ini:3: [experiment] titel: "));
    ck_assert(g_str_has_prefix(lines_[2], "x.ini:5: [measure] until: "));
    ck_assert(g_str_has_prefix(lines_[3], "bad.ini:2: [replicate] min: "));
    ck_assert(g_str_has_prefix(lines_[4], "bad.ini:4: [replicate] mox: "));
    g_strfreev(lines_);
    g_free(why);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("include");

    tcase_add_checked_fixture(tcase, make_folder, drop_folder);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_including_file_is_laid_over);
    tcase_add_test(tcase, a_later_file_is_laid_over_an_earlier);
    tcase_add_test(tcase, what_is_recorded_includes_nothing);
    tcase_add_test(tcase, sets_are_laid_over_all);
    tcase_add_test(tcase, set_chooses_the_topology);
    tcase_add_test(tcase, a_circle_is_named);
    tcase_add_test(tcase, mistakes_of_all_files_are_found);
    return run_tests("include", tcase, NULL);
}
