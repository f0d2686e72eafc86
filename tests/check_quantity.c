/* check_quantity.c - numbers with units: what is read, what is refused and with
 * which words, and that everything written reads back. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/quantity.h"
#include "sim/spelling.h"
#include "tests/run_tests.h"

#define TIMES "write a time such as 20 ms (units: ns, us, ms, s, min, h)"
#define RATES                                                                  \
    "write a rate such as 100 Mbit/s (units: bit/s, kbit/s, Mbit/s, Gbit/s)"
#define BYTES                                                                  \
    "write a number of bytes such as 64 KiB (units: B, kB, MB, GB, KiB, MiB, " \
    "GiB)"

typedef struct WholeCase {
    QuantityKind kind;
    const char *text;
    int64_t value;
    const char *canonical;
} WholeCase;

static const WholeCase whole_cases[] = {
    {QUANTITY_TIME, "20 ms", 20 * SIM_MS, "20 ms"},
    {QUANTITY_TIME, "20ms", 20 * SIM_MS, "20 ms"},
    {QUANTITY_TIME, " \t+20 \t ms ", 20 * SIM_MS, "20 ms"},
    {QUANTITY_TIME, "1.5 us", 1500, "1.5 us"},
    {QUANTITY_TIME, "0.0015 ms", 1500, "1.5 us"},
    {QUANTITY_TIME, "1500 ns", 1500, "1.5 us"},
    {QUANTITY_TIME, "1.000000001 s", SIM_S + 1, "1.000000001 s"},
    {QUANTITY_TIME, "90 s", 90 * SIM_S, "90 s"},
    {QUANTITY_TIME, "1.5 min", 90 * SIM_S, "90 s"},
    {QUANTITY_TIME, "120 s", 120 * SIM_S, "2 min"},
    {QUANTITY_TIME, "2 h", 7200 * SIM_S, "2 h"},
    {QUANTITY_TIME, "0 h", 0, "0 s"},
    {QUANTITY_TIME, "-0 s", 0, "0 s"},
    {QUANTITY_TIME, "-5 ms", -5 * SIM_MS, "-5 ms"},
    {QUANTITY_TIME, "1e-3 s", SIM_MS, "1 ms"},
    {QUANTITY_TIME, ".5 s", SIM_S / 2, "500 ms"},
    {QUANTITY_TIME, "5. s", 5 * SIM_S, "5 s"},
    {QUANTITY_TIME, "0000000000000000000000000012.50 ms", 12500000, "12.5 ms"},
    {QUANTITY_TIME, "9223372036.854775807 s", INT64_MAX,
     "9223372036.854775807 s"},
    {QUANTITY_TIME, "-9223372036854775808 ns", INT64_MIN,
     "-9223372036.854775808 s"},
    {QUANTITY_RATE, "100 Mbit/s", 100000000, "100 Mbit/s"},
    {QUANTITY_RATE, "100 Mbps", 100000000, "100 Mbit/s"},
    {QUANTITY_RATE, "9.6 kbps", 9600, "9.6 kbit/s"},
    {QUANTITY_RATE, "2.5 Gbit/s", 2500000000, "2.5 Gbit/s"},
    {QUANTITY_RATE, "1234567 bit/s", 1234567, "1.234567 Mbit/s"},
    {QUANTITY_RATE, "0 bps", 0, "0 bit/s"},
    {QUANTITY_BYTES, "64 KiB", 65536, "64 KiB"},
    {QUANTITY_BYTES, "1500 B", 1500, "1500 B"},
    {QUANTITY_BYTES, "1.5 kB", 1500, "1500 B"},
    {QUANTITY_BYTES, "4 MB", 4000000, "4 MB"},
    {QUANTITY_BYTES, "0.5 GiB", 536870912, "512 MiB"},
    {QUANTITY_BYTES, "0 GB", 0, "0 B"},
    {QUANTITY_PACKETS, "100 packets", 100, "100 packets"},
    {QUANTITY_COUNT, "7", 7, "7"},
    {QUANTITY_COUNT, "1e3", 1000, "1000"},
    {QUANTITY_COUNT, "9223372036854775807", INT64_MAX, "9223372036854775807"},
};

START_TEST(whole_quantities_are_exact)
{
    const WholeCase *c = &whole_cases[_i];
    int64_t value = -1;
    char *why = NULL, *text;

    ck_assert_msg(quantity_int(c->kind, c->text, &value, &why), "%s", why);
    ck_assert_int_eq(value, c->value);
    text = quantity_format_int(c->kind, value);
    ck_assert_str_eq(text, c->canonical);
    g_free(text);
}
END_TEST

typedef struct RealCase {
    QuantityKind kind;
    const char *text;
    double value;
    const char *canonical;
} RealCase;

static const RealCase real_cases[] = {
    {QUANTITY_FRACTION, "5 %", 0.05, "5 %"},
    {QUANTITY_FRACTION, "5%", 0.05, "5 %"},
    {QUANTITY_FRACTION, "0.05", 0.05, "5 %"},
    {QUANTITY_FRACTION, "0", 0, "0 %"},
    {QUANTITY_FRACTION, "100 %", 1, "100 %"},
    {QUANTITY_FRACTION, "0.1 %", 0.001, "0.1 %"},
    {QUANTITY_FRACTION, "1e-9", 1e-9, "1e-7 %"},
    {QUANTITY_FRACTION, "12.345678 %", 0.12345678, "12.345678 %"},
    {QUANTITY_DECIBEL, "12 dB", 12, "12 dB"},
    {QUANTITY_DECIBEL, "-3.5 dB", -3.5, "-3.5 dB"},
    {QUANTITY_FREQUENCY, "10 /s", 10, "10 /s"},
    {QUANTITY_FREQUENCY, "30 /min", 0.5, "0.5 /s"},
    {QUANTITY_NUMBER, "-0.25", -0.25, "-0.25"},
    {QUANTITY_NUMBER, "1e300", 1e300, "1e300"},
    {QUANTITY_NUMBER, "1.25e-300", 1.25e-300, "1.25e-300"},
    {QUANTITY_NUMBER, "100000", 100000, "100000"},
    {QUANTITY_TIME, "40.5 ms", 40.5e6, "40.5 ms"},
    {QUANTITY_TIME, "0.25 ns", 0.25, "0.25 ns"},
    {QUANTITY_TIME, "2 h", 7200e9, "7200 s"},
    {QUANTITY_RATE, "1.5 Mbps", 1.5e6, "1.5 Mbit/s"},
    {QUANTITY_BYTES, "1.5 B", 1.5, "1.5 B"},
};

START_TEST(real_quantities_are_the_nearest_double)
{
    const RealCase *c = &real_cases[_i];
    double value = -1;
    char *why = NULL, *text;

    ck_assert_msg(quantity_real(c->kind, c->text, &value, &why), "%s", why);
    ck_assert_double_eq(value, c->value);
    text = quantity_format_real(c->kind, value);
    ck_assert_str_eq(text, c->canonical);
    g_free(text);
}
END_TEST

typedef struct BadCase {
    QuantityKind kind;
    const char *text, *why;
} BadCase;

static const BadCase bad_cases[] = {
    {QUANTITY_TIME, "", "the value is missing; " TIMES},
    {QUANTITY_TIME, "  ", "the value is missing; " TIMES},
    {QUANTITY_TIME, "20", "\"20\" has no unit; " TIMES},
    {QUANTITY_TIME, "0", "\"0\" has no unit; " TIMES},
    {QUANTITY_TIME, "ms", "\"ms\" is not a number; " TIMES},
    {QUANTITY_TIME, "- 5 ms", "\"- 5 ms\" is not a number; " TIMES},
    {QUANTITY_TIME, ". ms", "\". ms\" is not a number; " TIMES},
    {QUANTITY_TIME, "inf s", "\"inf s\" is not a number; " TIMES},
    {QUANTITY_TIME, "0x10 s", "unknown unit \"x10 s\"; " TIMES},
    {QUANTITY_TIME, "1.2.3 s", "unknown unit \".3 s\"; " TIMES},
    {QUANTITY_TIME, "1,5 ms",
     "\"1,5 ms\" has a comma where a decimal point is due; " TIMES},
    {QUANTITY_TIME, "20 MS",
     "unknown unit \"MS\", did you mean \"ms\"?; " TIMES},
    {QUANTITY_TIME, "20 msec", "unknown unit \"msec\"; " TIMES},
    {QUANTITY_TIME, "20 ms 3", "unknown unit \"ms 3\"; " TIMES},
    {QUANTITY_TIME, "20 kB", "\"kB\" is a unit of bytes, not of time; " TIMES},
    {QUANTITY_TIME, "1.5 ns",
     "\"1.5 ns\" is not a whole number of nanoseconds; " TIMES},
    {QUANTITY_TIME, "1e-300 h",
     "\"1e-300 h\" is not a whole number of nanoseconds; " TIMES},
    {QUANTITY_TIME, "9223372036.854775808 s",
     "\"9223372036.854775808 s\" is too large; " TIMES},
    {QUANTITY_TIME, "1e300 s", "\"1e300 s\" is too large; " TIMES},
    {QUANTITY_TIME, "1e9999999999999 s",
     "\"1e9999999999999 s\" has too many digits; " TIMES},
    {QUANTITY_TIME, "1.00000000000000000001 s",
     "\"1.00000000000000000001 s\" has too many digits; " TIMES},
    {QUANTITY_RATE, "100", "\"100\" has no unit; " RATES},
    {QUANTITY_RATE, "-1 bit/s", "\"-1 bit/s\" is negative; " RATES},
    {QUANTITY_RATE, "1 mbit/s",
     "unknown unit \"mbit/s\", did you mean \"Mbit/s\"?; " RATES},
    {QUANTITY_RATE, "1 MB", "\"MB\" is a unit of bytes, not of rate; " RATES},
    {QUANTITY_RATE, "0.5 bps",
     "\"0.5 bps\" is not a whole number of bits per second; " RATES},
    {QUANTITY_BYTES, "1 KB",
     "unknown unit \"KB\", did you mean \"kB\"?; " BYTES},
    {QUANTITY_BYTES, "0.5 B",
     "\"0.5 B\" is not a whole number of bytes; " BYTES},
    {QUANTITY_PACKETS, "5",
     "\"5\" has no unit; write a number of packets such as 100 packets"},
    {QUANTITY_COUNT, "1.5",
     "\"1.5\" is not a whole number; write a whole number such as 3"},
    {QUANTITY_COUNT, "3 s",
     "\"s\" behind the number; write a whole number such as 3"},
    {QUANTITY_COUNT, "-3",
     "\"-3\" is negative; write a whole number such as 3"},
};

START_TEST(bad_whole_quantities_are_refused_with_reason)
{
    const BadCase *c = &bad_cases[_i];
    int64_t value = 42;
    char *why = NULL;

    ck_assert(!quantity_int(c->kind, c->text, &value, &why));
    ck_assert_str_eq(why, c->why);
    ck_assert_int_eq(value, 42);
    ck_assert(!quantity_int(c->kind, c->text, &value, NULL));
    g_free(why);
}
END_TEST

static const BadCase bad_real_cases[] = {
    {QUANTITY_FRACTION, "5 ms",
     "\"ms\" is a unit of time, not of fraction; write a fraction such as 5 % "
     "or "
     "0.05"},
    {QUANTITY_FRACTION, "some",
     "\"some\" is not a number; write a fraction such as 5 % or 0.05"},
    {QUANTITY_DECIBEL, "12",
     "\"12\" has no unit; write a ratio in decibels such as 12 dB"},
    {QUANTITY_DECIBEL, "12 db",
     "unknown unit \"db\", did you mean \"dB\"?; write a ratio in decibels "
     "such "
     "as 12 dB"},
    {QUANTITY_FREQUENCY, "-1 /s",
     "\"-1 /s\" is negative; write a frequency such as 10 /s (units: /s, "
     "/min)"},
    {QUANTITY_NUMBER, "1e350",
     "\"1e350\" is too large; write a number such as 0.5"},
    {QUANTITY_NUMBER, "nan",
     "\"nan\" is not a number; write a number such as 0.5"},
};

START_TEST(bad_real_quantities_are_refused_with_reason)
{
    const BadCase *c = &bad_real_cases[_i];
    double value = 42;
    char *why = NULL;

    ck_assert(!quantity_real(c->kind, c->text, &value, &why));
    ck_assert_str_eq(why, c->why);
    ck_assert_double_eq(value, 42);
    g_free(why);
}
END_TEST

/* A whole number of any size, short ones and round ones as likely as others. */
static int64_t random_whole(GRand *rand)
{
    uint64_t bits = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);
    int64_t value = (int64_t)(bits >> 1 >> g_rand_int_range(rand, 0, 63));

    for (int zeros = g_rand_int_range(rand, 0, 10); zeros > 0; zeros--)
        if (value <= INT64_MAX / 10)
            value *= 10;
    return value;
}

START_TEST(whole_quantities_read_back)
{
    GRand *rand = g_rand_new_with_seed(20260101);

    for (int i = 0; i < 200000; i++) {
        QuantityKind kind = (QuantityKind)(i % (QUANTITY_COUNT + 1));
        int64_t value = random_whole(rand), back = -1;
        char *text, *why = NULL;

        if (kind == QUANTITY_TIME && g_rand_boolean(rand))
            value = -value;
        text = quantity_format_int(kind, value);
        ck_assert_msg(quantity_int(kind, text, &back, &why), "%s", why);
        ck_assert_msg(back == value, "%s is %" G_GINT64_FORMAT, text, value);
        g_free(text);
    }
    g_rand_free(rand);
}
END_TEST

static double random_real(GRand *rand, QuantityKind kind)
{
    union {
        uint64_t bits;
        double real;
    } any = {(uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand)};
    double value = any.real;

    if (g_rand_boolean(rand)) /* of everyday size */
        value = g_rand_double(rand) * pow(10, g_rand_int_range(rand, -9, 13));
    if (!isfinite(value) || fabs(value) > 1e290)
        value = 1.0 / 3;
    return kind == QUANTITY_TIME || kind == QUANTITY_NUMBER ? value
                                                            : fabs(value);
}

START_TEST(real_quantities_read_back)
{
    GRand *rand = g_rand_new_with_seed(20260102);

    for (int i = 0; i < 200000; i++) {
        QuantityKind kind = (QuantityKind)(i % QUANTITY_KINDS);
        double value = random_real(rand, kind), back = -1;
        char *text = quantity_format_real(kind, value), *why = NULL;

        ck_assert_msg(quantity_real(kind, text, &back, &why), "%s", why);
        ck_assert_msg(back == value, "%s is %a, not %a", text, back, value);
        g_free(text);
    }
    g_rand_free(rand);
}
END_TEST

START_TEST(no_locale_changes_the_text)
{
    /* Any locale with a decimal comma; where none is installed the C locale
     * stands, and the test says what it always says. */
    static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8",
                                         "sv_SE.UTF-8"};
    int64_t value;
    char *text;

    for (unsigned i = 0; i < G_N_ELEMENTS(commas); i++)
        if (setlocale(LC_ALL, commas[i]) != NULL)
            break;
    ck_assert(quantity_int(QUANTITY_TIME, "1.5 us", &value, NULL));
    ck_assert_int_eq(value, 1500);
    text = quantity_format_real(QUANTITY_NUMBER, 0.25);
    ck_assert_str_eq(text, "0.25");
    g_free(text);
    setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(what_is_no_number_is_named)
{
    char *nan_text = quantity_format_real(QUANTITY_NUMBER, NAN);
    char *inf_text = quantity_format_real(QUANTITY_TIME, -INFINITY);

    ck_assert_str_eq(nan_text, "nan");
    ck_assert_str_eq(inf_text, "-inf");
    g_free(nan_text);
    g_free(inf_text);
}
END_TEST

START_TEST(slips_are_one_change_each)
{
    ck_assert_uint_eq(spelling_distance("", ""), 0);
    ck_assert_uint_eq(spelling_distance("", "abc"), 3);
    ck_assert_uint_eq(spelling_distance("delay", "delay"), 0);
    ck_assert_uint_eq(spelling_distance("delay", "dealy"), 1);
    ck_assert_uint_eq(spelling_distance("delay", "delayy"), 1);
    ck_assert_uint_eq(spelling_distance("delay", "delai"), 1);
    ck_assert_uint_eq(spelling_distance("Delay", "dELAY"), 0);
    ck_assert_uint_eq(spelling_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(spelling_distance("ca", "abc"), 3);
}
END_TEST

START_TEST(only_a_near_word_is_meant)
{
    static const char *const words[] = {"rate", "delay", "loss", "queue", NULL};

    ck_assert_str_eq(spelling_nearest("los", words), "loss");
    ck_assert_str_eq(spelling_nearest("LOSS", words), "loss");
    ck_assert_str_eq(spelling_nearest("quueu", words), "queue");
    ck_assert_ptr_null(spelling_nearest("x", words));
    ck_assert_ptr_null(spelling_nearest("", words));
    ck_assert_ptr_null(spelling_nearest("bandwidth", words));
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("quantity");

    tcase_add_loop_test(tcase, whole_quantities_are_exact, 0,
                        G_N_ELEMENTS(whole_cases));
    tcase_add_loop_test(tcase, real_quantities_are_the_nearest_double, 0,
                        G_N_ELEMENTS(real_cases));
    tcase_add_loop_test(tcase, bad_whole_quantities_are_refused_with_reason, 0,
                        G_N_ELEMENTS(bad_cases));
    tcase_add_loop_test(tcase, bad_real_quantities_are_refused_with_reason, 0,
                        G_N_ELEMENTS(bad_real_cases));
    tcase_add_test(tcase, whole_quantities_read_back);
    tcase_add_test(tcase, real_quantities_read_back);
    tcase_add_test(tcase, no_locale_changes_the_text);
    tcase_add_test(tcase, what_is_no_number_is_named);
    tcase_add_test(tcase, slips_are_one_change_each);
    tcase_add_test(tcase, only_a_near_word_is_meant);
    tcase_set_timeout(tcase, 60);
    return run_tests("quantity", tcase, NULL);
}
