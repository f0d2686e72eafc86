/* check_range.c - the values of a sweep, and every message for bad ones. */
#include <math.h>
#include <stdlib.h>

#include <glib.h>

#include "sim/range.h"
#include "tests/run_tests.h"

static const ConfigKey keys[] = {
    {.key = "time", .type = CONFIG_TIME},
    {.key = "rate", .type = CONFIG_RATE},
    {.key = "bytes", .type = CONFIG_BYTES},
    {.key = "count", .type = CONFIG_COUNT},
    {.key = "loss", .type = CONFIG_FRACTION, .min = 0, .max = 1},
    {.key = "snr", .type = CONFIG_DECIBEL, .min = -10, .max = 60},
    {.key = "flag", .type = CONFIG_BOOL},
    {.key = "choice", .type = CONFIG_CHOICE, .choices = "rfc|linux"},
    {.key = "title", .type = CONFIG_TEXT},
    {.key = "drop", .type = CONFIG_CUSTOM},
    {.key = NULL},
};

typedef struct Case {
    const char *key, *text,
        *result; /* values with "; " between, or the message */
} Case;

static const Case cases[] = {
    {"loss", "0 %, 1 %,0.02", "0 %; 1 %; 2 %"},
    {"loss", "5 %", "5 %"},
    {"loss", "0 % .. 30 % step 10 %", "0 %; 10 %; 20 %; 30 %"},
    {"loss", "0..0.3 step 0.1", "0 %; 10 %; 20 %; 30 %"},
    {"loss", "30 % .. 0 % step 15 %", "30 %; 15 %; 0 %"},
    {"loss", "0 % .. 2 % step 1 %, 5 % .. 15 % step 5 %, 50 %",
     "0 %; 1 %; 2 %; 5 %; 10 %; 15 %; 50 %"},
    {"loss", "0.1 % .. 10 % log 3", "0.1 %; 1 %; 10 %"},
    {"loss", "0 % .. 3 % lin 4", "0 %; 1 %; 2 %; 3 %"},
    {"loss", "1 % .. 0 % lin 3", "1 %; 0.5 %; 0 %"},
    {"count", "10 .. 100 lin 4", "10; 40; 70; 100"},
    {"time", "1 ms .. 1 s log 7",
     "1 ms; 3.162 ms; 10 ms; 31.62 ms; 100 ms; 316.2 ms; 1 s"},
    {"time", "1 s .. 10 ms log 3", "1 s; 100 ms; 10 ms"},
    {"time", "0 s .. 1 s step 250 ms", "0 s; 250 ms; 500 ms; 750 ms; 1 s"},
    {"rate", "1 Mbps .. 5 Mbps step 2 Mbps, unlimited",
     "1 Mbit/s; 3 Mbit/s; 5 Mbit/s; unlimited"},
    {"bytes", "1 KiB .. 4 KiB log 3", "1 KiB; 2 KiB; 4 KiB"},
    {"count", "1 .. 1000 log 4", "1; 10; 100; 1000"},
    {"count", "1 .. 3 step 1", "1; 2; 3"},
    {"snr", "-3 dB .. 3 dB step 3 dB, none", "-3 dB; 0 dB; 3 dB; none"},
    {"flag", "yes, no", "yes; no"},
    {"choice", "rfc,linux", "rfc; linux"},
    {"title", "a, b .. c step d", "a; b .. c step d"},
    {"drop", "none | SYN 1, data 5", "none; SYN 1, data 5"},
    {"drop", "4 dB .. 12 dB lin 5", "4 dB; 6 dB; 8 dB; 10 dB; 12 dB"},
    {"drop", "none, 3 dB .. -3 dB step 3 dB", "none; 3 dB; 0 dB; -3 dB"},
    {"drop", "poisson 1 /s .. 100 /s log 3, once",
     "poisson 1 /s; poisson 10 /s; poisson 100 /s; once"},
    {"drop", "exponential 1 s..2 s lin 3",
     "exponential 1 s; exponential 1.5 s; exponential 2 s"},
    {"drop", "droptail 10 packets .. 90 packets step 40 packets, none",
     "droptail 10 packets; droptail 50 packets; droptail 90 packets; none"},
    {"drop", "droptail 1 KiB .. 4 KiB log 3",
     "droptail 1 KiB; droptail 2 KiB; droptail 4 KiB"},
    {"drop", "trace ../times.1 log 2, trace ..",
     "trace ../times.1 log 2; trace .."},
};

static const Case bad_cases[] = {
    {"loss", "", "a value is missing; write values with commas between them"},
    {"loss", "1 %,, 2 %",
     "a value is missing; write values with commas between them"},
    {"loss", "1 %,",
     "a value is missing; write values with commas between them"},
    {"loss", "1 %, 130 %", "\"130 %\" is out of range; write 0 % to 100 %"},
    {"loss", "0 % .. 120 % step 60 %",
     "\"120 %\" is out of range; write 0 % to 100 %"},
    {"loss", "1 %, 0.01", "0.01 stands there twice; write it once"},
    {"loss", "0 % .. 30 %",
     "\"0 % .. 30 %\" without step, log or lin; write 0 % .. 30 % step ..., or "
     "log or lin and how many points"},
    {"count", "1 .. 10 lin 5",
     "\"lin 5\" has points between whole numbers; write another number of "
     "points, or step"},
    {"loss", "1 % .. 10 % lin 1",
     "\"lin 1\"; write how many points, 2 to 10000"},
    {"loss", "0 % .. 30 % step 7 %",
     "steps of 7 % lead to 28 % and beyond the end; write a step that leads to "
     "the end"},
    {"loss", "0 % .. 30 % step 40 %",
     "steps of 40 % lead to 0 % and beyond the end; write a step that leads to "
     "the end"},
    {"loss", "0 % .. 30 % step 0 %",
     "a step of 0 % leads nowhere; write one above zero"},
    {"loss", "0 % .. 30 % step -5 %",
     "a step of -5 % leads nowhere; write one above zero"},
    {"loss", "0 % .. 100 % step 0.001 %",
     "more than 10000 values; write a larger step"},
    {"loss", "5 % .. 5 % step 1 %",
     "a range from 5 % to itself; write two ends, or 5 % alone"},
    {"loss", "0 % .. 10 % log 3",
     "\"log\" from or to zero has no end; write ends above zero"},
    {"loss", "1 % .. 10 % log 1",
     "\"log 1\"; write how many points, 2 to 10000"},
    {"loss", "1 % .. 10 % log 2.5",
     "\"2.5\" is not a whole number; write a whole number such as 3"},
    {"loss", ".. 10 % step 1 %",
     "the value is missing; write a fraction such as 5 % or 0.05"},
    {"count", "1 .. 3 log 9", "1 stands there twice; write it once"},
    {"time", "1 .. 3 s step 1 s",
     "\"1\" has no unit; write a time such as 20 ms (units: ns, us, ms, s, "
     "min, "
     "h)"},
    {"time", "1 s .. 9223372036 s step 1 s",
     "\"9223372036 s\" is too large for a range; write a list"},
    {"choice", "rfc .. linux step 1",
     "\"rfc .. linux step 1\" is a range, but the values are no numbers; write "
     "a "
     "list of them"},
    {"drop", "4 dB .. 12 lin 5",
     "\"12\" has no unit; write a ratio in decibels such as 12 dB"},
    {"drop", "poisson 1 /s .. 3 /s",
     "\"1 /s .. 3 /s\" without step, log or lin; write 1 /s .. 3 /s step ..., "
     "or log or lin and how many points"},
    {"drop", "droptail 1 packets .. 4 packets lin 3",
     "\"lin 3\" has points between whole numbers; write another number of "
     "points, or step"},
    {"choice", "rfc, linus", "\"linus\" is not known; did you mean \"linux\"?"},
};

START_TEST(texts_become_values)
{
    const Case *c = &cases[_i];
    char *why = NULL, **values, *text;

    values = range_expand(config_key(keys, c->key), c->text, &why);
    ck_assert_msg(values != NULL, "%s", why);
    text = g_strjoinv("; ", values);
    ck_assert_str_eq(text, c->result);
    g_free(text);
    g_strfreev(values);
}
END_TEST

START_TEST(bad_texts_are_refused_with_reason)
{
    const Case *c = &bad_cases[_i];
    char *why = NULL;

    ck_assert_ptr_null(range_expand(config_key(keys, c->key), c->text, &why));
    ck_assert_str_eq(why, c->result);
    g_free(why);
}
END_TEST

/* What a range gives, written as a list, gives the same again. */
START_TEST(values_are_canonical)
{
    GRand *rand = g_rand_new_with_seed(20260104);

    for (int i = 0; i < 300; i++) {
        int from = g_rand_int_range(rand, 1, 1000), steps, step;
        char *text, *again, *why = NULL, **values, **twice;

        steps = g_rand_int_range(rand, 1, 50);
        step = g_rand_int_range(rand, 1, 100);
        text = g_strdup_printf("%d us .. %d us step %d us", from,
                               from + steps * step, step);
        values = range_expand(&keys[0], text, &why);
        ck_assert_msg(values != NULL, "%s: %s", text, why);
        ck_assert_uint_eq(g_strv_length(values), (guint)steps + 1);
        again = g_strjoinv(", ", values);
        twice = range_expand(&keys[0], again, &why);
        ck_assert_msg(twice != NULL, "%s: %s", again, why);
        ck_assert(g_strv_equal((const char *const *)values,
                               (const char *const *)twice));
        g_free(text);
        g_free(again);
        g_strfreev(values);
        g_strfreev(twice);
    }
    g_rand_free(rand);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("range");

    tcase_add_loop_test(tcase, texts_become_values, 0, G_N_ELEMENTS(cases));
    tcase_add_loop_test(tcase, bad_texts_are_refused_with_reason, 0,
                        G_N_ELEMENTS(bad_cases));
    tcase_add_test(tcase, values_are_canonical);
    return run_tests("range", tcase, NULL);
}
