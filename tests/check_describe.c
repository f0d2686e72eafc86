/* check_describe.c - tables as text and as roff. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/describe.h"
#include "tests/run_tests.h"

static const ConfigKey keys[] = {
    {.key = "rto_initial",
     .type = CONFIG_TIME,
     .def = "1 s",
     .min = 1e-3,
     .max = 60,
     .sentence = "First time-out of a connection, before any round trip was "
                 "measured.",
     .source = "RFC 6298 s2.1",
     .alternatives = {"3 s"}},
    {.key = "idle",
     .type = CONFIG_TIME,
     .def = "never",
     .choices = "never",
     .sentence = "Idle time."},
    {.key = "cc",
     .type = CONFIG_CHOICE,
     .def = "newreno",
     .choices = "newreno|cubic",
     .sentence = "Congestion control.",
     .source = ""},
    {.key = "sack", .type = CONFIG_BOOL, .def = "yes", .sentence = "SACK."},
    {.key = "kind", .type = CONFIG_TEXT, .sentence = "Kind."},
    {.key = "title", .type = CONFIG_TEXT, .def = "", .sentence = "Title."},
    {.key = "queue", .type = CONFIG_CUSTOM, .def = "none", .sentence = ".x\\"},
    {.key = NULL},
};

START_TEST(keys_are_a_table_of_text)
{
    static const char *const profiles[] = {"linux", "rfc", NULL};
    Description *description = description_of_keys(keys, profiles);
    GString *out = g_string_new(NULL);

    description_text(description, 60, out);
    ck_assert_str_eq(
        out->str, "key          linux     rfc       values\n"
                  "rto_initial  1 s       3 s       time, 1 ms to 1 min\n"
                  "    First time-out of a connection, before any round trip\n"
                  "    was measured. (RFC 6298 s2.1)\n"
                  "idle         never     never     time, or never\n"
                  "    Idle time.\n"
                  "cc           newreno   newreno   newreno, cubic\n"
                  "    Congestion control.\n"
                  "sack         yes       yes       yes, no\n"
                  "    SACK.\n"
                  "kind         required  required  text\n"
                  "    Kind.\n"
                  "title        -         -         text\n"
                  "    Title.\n"
                  "queue        none      none      as said below\n"
                  "    .x\\\n");
    g_string_free(out, TRUE);
    description_free(description);
}
END_TEST

START_TEST(keys_are_roff)
{
    Description *description = description_of_keys(keys, NULL);
    GString *out = g_string_new(NULL);

    ck_assert(description_narrow(description, "queue"));
    description_roff(description, out);
    ck_assert_str_eq(
        out->str, ".TP\n\\fBqueue\\fR (default: none; values: as said below)\n"
                  "\\&.x\\e\n");
    ck_assert(!description_narrow(description, "nothing"));
    g_string_free(out, TRUE);
    description_free(description);
}
END_TEST

START_TEST(metrics_say_unit_and_source)
{
    static const MetricKey metrics[] = {
        {"tcp.handshake.latency", QUANTITY_TIME, "From SYN to ESTABLISHED.",
         "RFC 9293 s3.5"},
        {"tcp.handshake.syns", QUANTITY_COUNT, "SYN segments sent.", ""},
        {NULL, QUANTITY_KINDS, NULL, NULL},
    };
    Description *description = description_of_metrics(metrics);
    GString *out = g_string_new(NULL);

    description_text(description, 78, out);
    ck_assert_str_eq(out->str, "metric                 unit\n"
                               "tcp.handshake.latency  time\n"
                               "    From SYN to ESTABLISHED. (RFC 9293 s3.5)\n"
                               "tcp.handshake.syns     count\n"
                               "    SYN segments sent.\n");
    g_string_free(out, TRUE);
    description_free(description);
}
END_TEST

START_TEST(every_unit_is_described)
{
    Description *description = description_of_units();
    GString *out = g_string_new(NULL);

    description_text(description, 78, out);
    for (const QuantityUnit *u = quantity_units; u->name != NULL; u++)
        ck_assert_msg(strstr(out->str, u->name) != NULL, "%s", u->name);
    ck_assert_ptr_nonnull(
        strstr(out->str, "\nms       time       1000000 ns\n"));
    ck_assert_ptr_nonnull(strstr(out->str, "\nKiB      bytes      1024 B\n"));
    ck_assert_ptr_nonnull(strstr(out->str, "\n%        fraction   0.01\n"));
    g_string_free(out, TRUE);
    description_free(description);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("describe");

    tcase_add_test(tcase, keys_are_a_table_of_text);
    tcase_add_test(tcase, keys_are_roff);
    tcase_add_test(tcase, metrics_say_unit_and_source);
    tcase_add_test(tcase, every_unit_is_described);
    return run_tests("describe", tcase, NULL);
}
