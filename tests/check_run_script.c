/* check_run_script.c - the packet-script runner fails when it should: a script
 * that is wrong in one thing is refused, with the line and what was there. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tests/run_tests.h"

/* The parallel test harness of Automake runs tests in the build folder. */
#define RUNNER "tests/tcp/run_script"

#define ESTABLISHED                                                            \
    "profile rfc\nlisten\n< S 0:0(0) win 1000\n> S. 0:0(0) ack 1\n"            \
    "< . 1:1(0) ack 1 win 1000\n"

static const struct {
    const char *text; /* of the script */
    int status;       /* that the runner must exit with */
    const char *says; /* part of what it must say */
} cases[] = {
    {ESTABLISHED "= ESTABLISHED\n", 0, NULL},
    {ESTABLISHED "= CLOSE-WAIT\n", 1, ":6: want CLOSE-WAIT, got ESTABLISHED"},
    {ESTABLISHED "= CLOSED\n", 1, ":6: want CLOSED, got ESTABLISHED"},
    {ESTABLISHED "> . 1:1(0) ack 1\n", 1, ":6: want a segment, got nothing"},
    /* An answer that no line expects, in the middle and at the end. */
    {ESTABLISHED "< R 5:5(0)\n= ESTABLISHED\n", 1, "got > . 1:1(0) ack 1"},
    {ESTABLISHED "< R 5:5(0)\n", 1, "got > . 1:1(0) ack 1"},
    /* Each part of a segment. */
    {ESTABLISHED "< R 5:5(0)\n> P. 1:1(0) ack 1\n", 1, ":7: want"},
    {ESTABLISHED "< R 5:5(0)\n> . 2:2(0) ack 1\n", 1, ":7: want"},
    {ESTABLISHED "< R 5:5(0)\n> . 1:1(0) ack 2\n", 1, ":7: want"},
    {ESTABLISHED "< R 5:5(0)\n> . 1:2(1) ack 1\n", 1, ":7: want"},
    {ESTABLISHED "< R 5:5(0)\n> . 1:1(0) ack 1 win 7\n", 1, ":7: want"},
    {ESTABLISHED "< R 5:5(0)\n> . 1:1(0) ack 1 <mss 5>\n", 1, ":7: want"},
    /* Too early, too late. */
    {"profile rfc\nconnect\n> S 0:0(0)\n+1001ms\n= SYN-SENT\n", 1, ":5: want"},
    {"profile rfc\nconnect\n> S 0:0(0)\n+999ms\n> S 0:0(0)\n", 1, ":5: want"},
    /* The user. */
    {ESTABLISHED "< R 1:1(0)\n", 1, "gone reset"},
    {ESTABLISHED "< R 1:1(0)\n! gone timed out\n", 1, "got 'gone reset'"},
    {ESTABLISHED "! opened\n", 1, ":6: want"},
    {ESTABLISHED "read 1\n", 1, "want 1 bytes to read, got 0"},
    {ESTABLISHED "read end\n", 1, ":6: want the end"},
    {"connect\n> S 0:0(0)\nclose\nwrite 1\n", 1, ":4: want a connection"},
    /* No script at all. */
    {"listen\nsing\n", 99, ":2: 'sing' is no statement"},
    {"< Q 0:0(0)\n", 99, ":1: flag 'Q'"},
    {"< S 0:1(0)\n", 99, "END is not SEQ + LEN"},
    {"< . 1:1(0)\n", 99, "the flag . and 'ack N' go together"},
    {"< S 0:0(0) <mss>\n", 99, "option 'mss'"},
    {"set tcp.nonsense 1\n", 99, ":1: "},
    {"+5\n", 99, ":1: "},
    {"write\n", 99, "write takes 1 argument"},
};

START_TEST(a_script_that_is_wrong_in_one_thing_fails)
{
    g_autofree char *folder = g_dir_make_tmp("firstbyte-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "case.tcp", NULL);
    char *argv[] = {RUNNER, file, NULL};
    g_autofree char *said = NULL;
    int status;

    ck_assert(g_file_set_contents(file, cases[_i].text, -1, NULL));
    ck_assert_msg(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                               NULL, &said, &status, NULL),
                  "cannot start " RUNNER);
    g_unlink(file);
    g_rmdir(folder);
    ck_assert(WIFEXITED(status));
    ck_assert_msg(WEXITSTATUS(status) == cases[_i].status,
                  "exit status %d for:\n%s%s", WEXITSTATUS(status),
                  cases[_i].text, said);
    if (cases[_i].says != NULL)
        ck_assert_msg(strstr(said, cases[_i].says) != NULL,
                      "'%s' is not in: %s", cases[_i].says, said);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("run_script");

    tcase_add_loop_test(tcase, a_script_that_is_wrong_in_one_thing_fails, 0,
                        G_N_ELEMENTS(cases));
    return run_tests("run_script", tcase, NULL);
}
