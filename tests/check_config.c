/* check_config.c - config files and `--set`: what is read, every message for
 * what is wrong, and that what is written reads back. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "sim/config.h"
#include "tests/run_tests.h"

static const ConfigOrigin set_origin = {"--set", 0};

static Config *read_good(const char *text)
{
    Config *config = config_new();
    GError *error = NULL;

    config_read_text(config, text, strlen(text), "t.ini", &error);
    ck_assert_msg(error == NULL, "%s", error ? error->message : "");
    return config;
}

static const char *value_of(const Config *config, const char *kind,
                            const char *name, const char *key)
{
    ConfigGroup *group = config_find(config, kind, name);
    const ConfigEntry *entry = group ? config_entry(group, key) : NULL;

    return entry != NULL ? entry->value : "(none)";
}

static const char home_text[] = "# a comment\n"
                                "[topology]\n"
                                "title = A laptop, at home = here\r\n"
                                "\n"
                                "   # another\n"
                                "[ link\t laptop  --   home ]\n"
                                "  rate=1 Gbit/s\n"
                                "\tdelay\t=  200 us  \n"
                                "note =\n"
                                "[link home -> isp]\n"
                                "loss = 1 %\n"
                                "[sweep]\n"
                                "link  home --  isp.loss = 0 %, 1 %\n"
                                "tcp.profile = rfc#1, linux";

START_TEST(groups_keys_and_lines_are_found)
{
    Config *config = read_good(home_text);
    ConfigGroup *link = config_find(config, "link", "laptop -- home");

    ck_assert_uint_eq(config->groups->len, 4);
    ck_assert_ptr_nonnull(link);
    ck_assert_int_eq(link->origin.line, 6);
    ck_assert_str_eq(link->origin.file, "t.ini");
    ck_assert_int_eq(config_entry(link, "delay")->origin.line, 8);
    ck_assert_str_eq(value_of(config, "topology", "", "title"),
                     "A laptop, at home = here");
    ck_assert_str_eq(value_of(config, "link", "laptop -- home", "delay"),
                     "200 us");
    ck_assert_str_eq(value_of(config, "link", "laptop -- home", "note"), "");
    ck_assert_str_eq(value_of(config, "sweep", "", "link home -- isp.loss"),
                     "0 %, 1 %");
    ck_assert_str_eq(value_of(config, "sweep", "", "tcp.profile"),
                     "rfc#1, linux");
    ck_assert_ptr_null(config_find(config, "link", "home -- laptop"));
    ck_assert_ptr_null(config_entry(link, "loss"));
    ck_assert_str_eq(g_ptr_array_index(config->files, 0), "t.ini");
    config_free(config);
}
END_TEST

/* By Python's configparser, which has the same rule, but for blank lines. */
static const char long_text[] = "[a]\n"
                                "x =\n"
                                "  one = 1\n"
                                "\ttwo,\r\n"
                                "  # no part of it\n"
                                "    three  3  \n"
                                "y = 4\n"
                                " 5\n"
                                "\n"
                                " z = 6\n"
                                " v = 7\n"
                                " [b]\n"
                                "   w = 8\n"
                                "  u = 9\n";

START_TEST(a_value_goes_on_where_lines_are_indented)
{
    Config *config = read_good(long_text);
    const ConfigEntry *x = config_entry(config_find(config, "a", ""), "x");

    ck_assert_str_eq(x->value, "one = 1 two, three  3");
    ck_assert_int_eq(x->origin.line, 2);
    ck_assert_str_eq(value_of(config, "a", "", "y"), "4 5");
    ck_assert_str_eq(value_of(config, "a", "", "z"), "6");
    ck_assert_str_eq(value_of(config, "a", "", "v"), "7");
    ck_assert_str_eq(value_of(config, "b", "", "w"), "8");
    ck_assert_str_eq(value_of(config, "b", "", "u"), "9");
    ck_assert_uint_eq(config_find(config, "a", "")->entries->len, 4);
    config_free(config);
}
END_TEST

START_TEST(gkeyfile_reads_the_same)
{
    Config *config = read_good(home_text);
    char *text = config_to_text(config);
    GKeyFile *key_file = g_key_file_new();
    gsize groups;

    ck_assert(g_key_file_load_from_data(key_file, text, strlen(text),
                                        G_KEY_FILE_NONE, NULL));
    g_strfreev(g_key_file_get_groups(key_file, &groups));
    ck_assert_uint_eq(groups, config->groups->len);
    for (guint i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);
        char *header = config_group_text(group);

        for (guint j = 0; j < group->entries->len; j++) {
            const ConfigEntry *entry = g_ptr_array_index(group->entries, j);
            char *value =
                g_key_file_get_value(key_file, header, entry->key, NULL);

            ck_assert_str_eq(value, entry->value);
            g_free(value);
        }
        g_free(header);
    }
    g_key_file_free(key_file);
    g_free(text);
    config_free(config);
}
END_TEST

static void assert_same(const Config *a, const Config *b)
{
    char *a_text = config_to_text(a), *b_text = config_to_text(b);

    ck_assert_str_eq(a_text, b_text);
    ck_assert_uint_eq(a->groups->len, b->groups->len);
    g_free(a_text);
    g_free(b_text);
}

START_TEST(text_and_copy_are_the_same_config)
{
    Config *config = read_good(home_text), *copy = config_copy(config);
    char *text = config_to_text(config);
    Config *again = read_good(text);

    ck_assert_str_eq(text, "[topology]\n"
                           "title = A laptop, at home = here\n"
                           "\n[link laptop -- home]\n"
                           "rate = 1 Gbit/s\n"
                           "delay = 200 us\n"
                           "note =\n"
                           "\n[link home -> isp]\n"
                           "loss = 1 %\n"
                           "\n[sweep]\n"
                           "link home -- isp.loss = 0 %, 1 %\n"
                           "tcp.profile = rfc#1, linux\n");
    assert_same(config, again);
    assert_same(config, copy);
    config_set_value(copy, "tcp", "", "profile", "rfc", set_origin);
    ck_assert_ptr_null(config_find(config, "tcp", ""));
    ck_assert_ptr_nonnull(config_find(copy, "tcp", ""));
    config_free(config);
    config_free(copy);
    config_free(again);
    g_free(text);
}
END_TEST

START_TEST(a_merge_lays_one_over_the_other)
{
    Config *config = read_good("[a]\nx = 1\ny = 2\n[b]\nz = 3\n");
    Config *over = read_good("[c d]\nv = 4\n[a]\ny = 5\nw = 6\n");
    char *text;

    config_merge(config, over);
    text = config_to_text(config);
    ck_assert_str_eq(text, "[a]\nx = 1\ny = 5\nw = 6\n\n[b]\nz = 3\n"
                           "\n[c d]\nv = 4\n");
    ck_assert_int_eq(
        config_entry(config_find(config, "a", ""), "y")->origin.line, 4);
    ck_assert_uint_eq(config->files->len, 2);
    g_free(text);
    config_free(config);
    config_free(over);
}
END_TEST

typedef struct BadText {
    const char *text;
    const char *message;
} BadText;

static const BadText bad_texts[] = {
    {"", "t.ini: the file is empty; it must hold a group, such as [topology]"},
    {"\n# nothing\n",
     "t.ini: no group in the file; it must hold one, such as [topology]"},
    {"a = 1\n[b]\n",
     "t.ini:1: a: this key is in no group; put a line such as [topology] above "
     "it"},
    {"[node a]\n\nkind\n", "t.ini:3: [node a]: \"kind\" has no \"=\"; write "
                           "key = value, or # before a "
                           "comment"},
    {"[node a]\n= client\n",
     "t.ini:2: [node a]: no key before the \"=\"; write key = value"},
    {"[node a]\nk[x] = client\n",
     "t.ini:2: [node a]: \"k[x]\" is not a key, which holds no bracket; write "
     "key = value"},
    {"[node a\nkind = client\n",
     "t.ini:1: \"[node a\" does not end with \"]\"; write [kind name]"},
    {"[node a] kind = client\n",
     "t.ini:1: \"kind = client\" behind the group's \"]\"; put it on a line of "
     "its own"},
    {"[node a] # the first\n", "t.ini:1: \"# the first\" behind the group's "
                               "\"]\"; put it on a line of its "
                               "own"},
    {"[ ]\n",
     "t.ini:1: []: the group has no name; write one, such as [topology]"},
    {"[a=b]\n", "t.ini:1: [a=b]: a group's name holds no [, ] or =; write it "
                "without \"=\""},
    {"[a[b]\n", "t.ini:1: [a[b]: a group's name holds no [, ] or =; write it "
                "without \"[\""},
    {"[www.example.com]\n",
     "t.ini:1: [www.example.com]: \"www.example.com\" is not a kind of group; "
     "the first word is made of letters, such as [node web]"},
    {"[link a -- b]\nloss = 1 % # heavy\n",
     "t.ini:2: [link a -- b] loss: \"# heavy\" would be part of the value; put "
     "the comment on a line of its own"},
    {"[link a -- b]\nloss = # heavy\n",
     "t.ini:2: [link a -- b] loss: \"# heavy\" would be part of the value; put "
     "the comment on a line of its own"},
    {"[a]\nx = 1\n 2 # two\n",
     "t.ini:3: [a] x: \"# two\" would be part of the value; put the comment on "
     "a line of its own"},
    {"[a]\nx = 1\nx = 2\n  and 3\n",
     "t.ini:3: [a] x: this key is at line 2 already; keep one of them"},
    {"[a]\nx = 1\n\n  and 2\n",
     "t.ini:4: [a]: \"and 2\" has no \"=\"; write key = value, or # before a "
     "comment"},
    {"[a]\n  and 2\n",
     "t.ini:2: [a]: \"and 2\" has no \"=\"; write key = value, or # before a "
     "comment"},
    {"[node a]\nkind = client\n[node  a]\n",
     "t.ini:3: [node a]: this group is at line 1 already; put its keys in one "
     "place"},
    {"[node a]\nkind = client\nrole = x\nkind = server\n",
     "t.ini:4: [node a] kind: this key is at line 2 already; keep one of them"},
    {"[node a]\nkind = cl\aient\n",
     "t.ini:2: [node a] kind: the control character 0x07; write text alone"},
    {"[node a]\nki\1nd = client\n",
     "t.ini:2: [node a]: the control character 0x01; write text alone"},
    {"[node a\x7f]\n",
     "t.ini:1: [node a\x7f]: the control character 0x7f; write text alone"},
    {"[node a]\ntitle = caf\xe9\n",
     "t.ini:2: the byte 0xe9 is not UTF-8; write the file in UTF-8"},
};

START_TEST(bad_text_is_refused_with_line_and_reason)
{
    const BadText *bad = &bad_texts[_i];
    Config *config = config_new();
    GError *error = NULL;

    ck_assert(!config_read_text(config, bad->text, strlen(bad->text), "t.ini",
                                &error));
    ck_assert_str_eq(error->message, bad->message);
    ck_assert(error->domain == CONFIG_ERROR);
    ck_assert_uint_eq(config_mistakes(error)->len, 1);
    g_error_free(error);
    config_free(config);
}
END_TEST

/* What could be read is there: a value that is none, too, as such. */
START_TEST(all_mistakes_are_found_and_the_rest_is_read)
{
    static const char text[] = "[a]\nx = 1\njust words\nx = 2\ny = 3 # why\n"
                               "[b\nz = 4 # lost\n[a]\nw = 5\n";
    Config *config = config_new();
    GError *error = NULL, *copy;
    const ConfigGroup *a;

    ck_assert(!config_read_text(config, text, strlen(text), "t.ini", &error));
    ck_assert_str_eq(
        error->message,
        "t.ini:3: [a]: \"just words\" has no \"=\"; write key = value, or # "
        "before a comment\n"
        "t.ini:4: [a] x: this key is at line 2 already; keep one of them\n"
        "t.ini:5: [a] y: \"# why\" would be part of the value; put the comment "
        "on a line of its own\n"
        "t.ini:6: \"[b\" does not end with \"]\"; write [kind name]\n"
        "t.ini:7: z: \"# lost\" would be part of the value; put the comment on "
        "a line of its own\n"
        "t.ini:8: [a]: this group is at line 1 already; put its keys in one "
        "place");
    copy = g_error_copy(error);
    ck_assert_uint_eq(config_mistakes(copy)->len, 6);
    ck_assert_str_eq(copy->message, error->message);
    g_error_free(copy);
    ck_assert_uint_eq(config->groups->len, 1);
    a = config_find(config, "a", "");
    ck_assert_str_eq(config_entry(a, "x")->value, "1");
    ck_assert(!config_entry(a, "x")->wrong);
    ck_assert(config_entry(a, "y")->wrong);
    ck_assert_str_eq(config_entry(a, "w")->value, "5");
    g_error_free(error);
    config_free(config);
}
END_TEST

START_TEST(mistakes_stand_in_order_and_each_once)
{
    static const char *const names[] = {"main", "other"};
    GPtrArray *files = g_ptr_array_new();
    GError *error = NULL;

    g_ptr_array_add(files, (gpointer)names[0]);
    g_ptr_array_add(files, (gpointer)names[1]);
    config_fail(&error, CONFIG_ERROR_VALUE, (ConfigOrigin){"--set", 1}, NULL,
                NULL, "e");
    config_fail(&error, CONFIG_ERROR_VALUE, (ConfigOrigin){"other", 3}, NULL,
                NULL, "d");
    config_fail(&error, CONFIG_ERROR_VALUE, (ConfigOrigin){"main", 12}, NULL,
                NULL, "b");
    config_fail(&error, CONFIG_ERROR_VALUE, (ConfigOrigin){"main", 12}, NULL,
                NULL, "c");
    config_fail(&error, CONFIG_ERROR_VALUE, (ConfigOrigin){"main", 2}, NULL,
                NULL, "a");
    config_fail(&error, CONFIG_ERROR_VALUE, (ConfigOrigin){"main", 12}, NULL,
                NULL, "b");
    config_mistakes_sort(error, files);
    ck_assert_str_eq(error->message, "main:2: a\nmain:12: b\nmain:12: c\n"
                                     "other:3: d\n--set:1: e");
    g_error_free(error);
    g_ptr_array_unref(files);
}
END_TEST

START_TEST(a_nul_byte_is_refused_with_its_line)
{
    static const char text[] = "[node a]\nkind = cl\0ient\n";
    Config *config = config_new();
    GError *error = NULL;

    ck_assert(
        !config_read_text(config, text, sizeof text - 1, "t.ini", &error));
    ck_assert_str_eq(error->message,
                     "t.ini:2: a NUL byte; a config file is text");
    g_error_free(error);
    config_free(config);
}
END_TEST

START_TEST(a_byte_order_mark_does_not_count)
{
    Config *config = read_good("\xef\xbb\xbf[node a]\nkind = client\n");

    ck_assert_str_eq(value_of(config, "node", "a", "kind"), "client");
    config_free(config);
}
END_TEST

START_TEST(two_files_share_no_group)
{
    Config *config = read_good("[topology]\n[node a]\nkind = client\n");
    static const char text[] = "[node b]\n[node a]\n";
    GError *error = NULL;

    ck_assert(!config_read_text(config, text, strlen(text), "u.ini", &error));
    ck_assert_str_eq(error->message,
                     "u.ini:2: [node a]: this group is at t.ini:2 "
                     "already; put its keys in one place");
    ck_assert_uint_eq(config->groups->len, 3);
    ck_assert_str_eq(value_of(config, "node", "a", "kind"), "client");
    g_clear_error(&error);
    ck_assert_str_eq(g_ptr_array_index(config->files, 1), "u.ini");
    config_set_value(config, "tcp", "", "profile", "rfc", set_origin);
    ck_assert(!config_read_text(config, "[tcp]", 5, "v.ini", &error));
    ck_assert_str_eq(error->message, "v.ini:1: [tcp]: this group is at --set "
                                     "already; put its keys in one place");
    g_error_free(error);
    config_free(config);
}
END_TEST

static void assert_unreadable(const char *file, const char *why)
{
    Config *config = config_new();
    GError *error = NULL;
    char *message = g_strdup_printf("%s: %s", file, why);

    ck_assert(!config_read(config, file, &error));
    ck_assert_str_eq(error->message, message);
    g_error_free(error);
    g_free(message);
    config_free(config);
}

START_TEST(files_are_read_or_named)
{
    char *folder = g_dir_make_tmp("check_config-XXXXXX", NULL);
    char *file = g_build_filename(folder, "a.ini", NULL);
    Config *config = config_new();
    char *text;

    assert_unreadable(file,
                      "No such file or directory; write the name of a file "
                      "that is there");
    assert_unreadable(folder,
                      "this is a directory; write the name of a file in "
                      "it");
    ck_assert(g_file_set_contents(file, "", 0, NULL));
    assert_unreadable(file, "the file is empty; it must hold a group, such as "
                            "[topology]");
    ck_assert(g_file_set_contents(file, home_text, -1, NULL));
    ck_assert(config_read(config, file, NULL));
    text = g_ptr_array_index(config->files, 0);
    ck_assert_str_eq(text, file);
    ck_assert_uint_eq(config->groups->len, 4);
    assert_unreadable("/dev/zero",
                      "File too large; a config file has at most 64 "
                      "MiB");
    config_free(config);
    g_unlink(file);
    g_rmdir(folder);
    g_free(file);
    g_free(folder);
}
END_TEST

/* --- --set ---------------------------------------------------------------- */

static const char set_text[] = "[topology]\n"
                               "[sweep]\n"
                               "[tcp]\n"
                               "[tcp web.2]\n"
                               "[node client]\ncount = 1000\n"
                               "[node client.1]\nkind = client\n"
                               "[link laptop.12 -- isp.3]\nloss = 0 %\n";

typedef struct SetCase {
    const char *assignment, *kind, *name, *key, *value;
} SetCase;

static const SetCase set_cases[] = {
    /* groups that are there */
    {"tcp.profile=rfc", "tcp", "", "profile", "rfc"},
    {" tcp . profile = rfc ", "tcp", "", "profile", "rfc"},
    {"tcp.rto_initial=2 s", "tcp", "", "rto_initial", "2 s"},
    {"tcp web.2.rto_initial=2 s", "tcp", "web.2", "rto_initial", "2 s"},
    {"node client.count=5", "node", "client", "count", "5"},
    {"node client.1.resolver=dns", "node", "client.1", "resolver", "dns"},
    {"link laptop.12  --  isp.3.loss=1 %", "link", "laptop.12 -- isp.3", "loss",
     "1 %"},
    {"topology.title=a = b", "topology", "", "title", "a = b"},
    {"topology.title=", "topology", "", "title", ""},
    {"sweep.link laptop.1 -- isp.loss=0 %, 1 %", "sweep", "",
     "link laptop.1 -- isp.loss", "0 %, 1 %"},
    /* groups that are not */
    {"link home -- isp.loss = 1 %", "link", "home -- isp", "loss", "1 %"},
    {"link a.1 -- b.loss=1 %", "link", "a.1 -- b", "loss", "1 %"},
    {"node client.2.resolver=dns", "node", "client.2", "resolver", "dns"},
    {"tcp server.rto_initial=2 s", "tcp", "server", "rto_initial", "2 s"},
    {"plot latency.x.scale=log", "plot", "latency", "x.scale", "log"},
    {"case slow.tcp client.1.mss=3", "case", "slow", "tcp client.1.mss", "3"},
    {"plot.link a -- b.loss=x", "plot", "", "link a -- b.loss", "x"},
};

START_TEST(set_finds_group_and_key)
{
    const SetCase *c = &set_cases[_i];
    Config *config = read_good(set_text);
    GError *error = NULL;
    char *text;
    Config *again;

    config_set(config, c->assignment, set_origin, &error);
    ck_assert_msg(error == NULL, "%s", error ? error->message : "");
    ck_assert_str_eq(value_of(config, c->kind, c->name, c->key), c->value);
    ck_assert_str_eq(config_entry(config_find(config, c->kind, c->name), c->key)
                         ->origin.file,
                     "--set");
    text = config_to_text(config);
    again = read_good(text);
    assert_same(config, again);
    config_free(config);
    config_free(again);
    g_free(text);
}
END_TEST

START_TEST(set_replaces_in_place)
{
    Config *config = read_good("[a]\nx = 1\ny = 2\n[b]\nz = 3\n");
    char *text;

    ck_assert(config_set(config, "a.x=7", set_origin, NULL));
    text = config_to_text(config);
    ck_assert_str_eq(text, "[a]\nx = 7\ny = 2\n\n[b]\nz = 3\n");
    g_free(text);
    config_free(config);
}
END_TEST

static const BadText bad_sets[] = {
    {"tcp.profile",
     "--set: \"tcp.profile\" has no \"=\"; write GROUP.KEY=VALUE, such as "
     "tcp.profile=rfc"},
    {"profile=rfc", "--set: \"profile\" is not a group, a dot and a key; write "
                    "GROUP.KEY=VALUE, "
                    "such as tcp.profile=rfc"},
    {".profile=rfc",
     "--set: \".profile\" is not a group, a dot and a key; write "
     "GROUP.KEY=VALUE, such as tcp.profile=rfc"},
    {"tcp.=rfc",
     "--set: \"tcp.\" is not a group, a dot and a key; write GROUP.KEY=VALUE, "
     "such as tcp.profile=rfc"},
    {"=rfc",
     "--set: \"\" is not a group, a dot and a key; write GROUP.KEY=VALUE, such "
     "as tcp.profile=rfc"},
    {"tcp.pro[file=rfc", "--set: [tcp]: \"pro[file\" is not a key, which holds "
                         "no bracket; write key "
                         "= value"},
    {"tcp.profile=rfc # x", "--set: [tcp] profile: \"# x\" would be part of "
                            "the value; put the comment "
                            "on a line of its own"},
    {"tcp.profile=rfc\n[x]",
     "--set: [tcp] profile: the control character 0x0a; write text alone"},
    {"tcp.profile=\xff", "--set: the text is not UTF-8; write it in UTF-8"},
};

START_TEST(bad_settings_are_refused_with_reason)
{
    Config *config = read_good(set_text), *before = config_copy(config);
    GError *error = NULL;

    ck_assert(!config_set(config, bad_sets[_i].text, set_origin, &error));
    ck_assert_str_eq(error->message, bad_sets[_i].message);
    assert_same(config, before);
    g_error_free(error);
    config_free(config);
    config_free(before);
}
END_TEST

static TCase *file_tests(void)
{
    TCase *tcase = tcase_create("files");

    tcase_add_test(tcase, groups_keys_and_lines_are_found);
    tcase_add_test(tcase, a_value_goes_on_where_lines_are_indented);
    tcase_add_test(tcase, gkeyfile_reads_the_same);
    tcase_add_test(tcase, text_and_copy_are_the_same_config);
    tcase_add_loop_test(tcase, bad_text_is_refused_with_line_and_reason, 0,
                        G_N_ELEMENTS(bad_texts));
    tcase_add_test(tcase, all_mistakes_are_found_and_the_rest_is_read);
    tcase_add_test(tcase, mistakes_stand_in_order_and_each_once);
    tcase_add_test(tcase, a_nul_byte_is_refused_with_its_line);
    tcase_add_test(tcase, a_byte_order_mark_does_not_count);
    tcase_add_test(tcase, two_files_share_no_group);
    tcase_add_test(tcase, a_merge_lays_one_over_the_other);
    tcase_add_test(tcase, files_are_read_or_named);
    tcase_set_timeout(tcase, 30);
    return tcase;
}

static TCase *set_tests(void)
{
    TCase *tcase = tcase_create("set");

    tcase_add_loop_test(tcase, set_finds_group_and_key, 0,
                        G_N_ELEMENTS(set_cases));
    tcase_add_test(tcase, set_replaces_in_place);
    tcase_add_loop_test(tcase, bad_settings_are_refused_with_reason, 0,
                        G_N_ELEMENTS(bad_sets));
    return tcase;
}

int main(void) { return run_tests("config", file_tests(), set_tests(), NULL); }
