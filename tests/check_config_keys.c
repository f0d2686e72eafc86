/* check_config_keys.c - key tables: text to the fields of a struct, every
 * message for what is wrong, and that what is written reads back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/config.h"
#include "tests/run_tests.h"

static Config *read_good(const char *text)
{
    Config *config = config_new();
    GError *error = NULL;

    config_read_text(config, text, strlen(text), "t.ini", &error);
    ck_assert_msg(error == NULL, "%s", error ? error->message : "");
    return config;
}

typedef struct BadText {
    const char *text;
    const char *message;
} BadText;

typedef struct Pair {
    uint32_t a, b;
} Pair;

typedef struct Things {
    SimTime delay, idle, any_time;
    uint64_t rate, slow_rate, bytes;
    uint32_t count, mss;
    double loss, snr, share;
    bool flag;
    int choice;
    char *title;
    Pair pair;
} Things;

static bool parse_pair(const char *text, void *field, char **why)
{
    Pair pair;
    char rest;

    if (sscanf(text, "%u-%u%c", &pair.a, &pair.b, &rest) == 2) {
        *(Pair *)field = pair;
        return true;
    }
    *why = g_strdup_printf("\"%s\" is no pair; write one such as 3-5", text);
    return false;
}

static char *format_pair(const void *field)
{
    const Pair *pair = field;

    return g_strdup_printf("%u-%u", pair->a, pair->b);
}

#define AT(field) offsetof(Things, field)
static const ConfigKey thing_keys[] = {
    {.key = "delay",
     .type = CONFIG_TIME,
     .offset = AT(delay),
     .def = "8 ms",
     .min = 1e-3,
     .max = 60,
     .sentence = "Delay.",
     .source = "RFC 1",
     .alternatives = {"10 ms", NULL, "30 ms"}},
    {.key = "idle",
     .type = CONFIG_TIME,
     .offset = AT(idle),
     .def = "never",
     .choices = "never",
     .sentence = "Idle time."},
    {.key = "any.time",
     .type = CONFIG_TIME,
     .offset = AT(any_time),
     .def = "0 s",
     .sentence = "Any time."},
    {.key = "rate",
     .type = CONFIG_RATE,
     .offset = AT(rate),
     .def = "unlimited",
     .sentence = "Rate."},
    {.key = "slow.rate",
     .type = CONFIG_RATE,
     .offset = AT(slow_rate),
     .def = "1 kbit/s",
     .min = 1,
     .max = 1e6,
     .sentence = "Slow rate."},
    {.key = "bytes",
     .type = CONFIG_BYTES,
     .offset = AT(bytes),
     .def = "64 KiB",
     .min = 1000,
     .max = 0,
     .sentence = "Bytes."},
    {.key = "count",
     .type = CONFIG_COUNT,
     .offset = AT(count),
     .def = "3",
     .sentence = "Count.",
     .alternatives = {"6"}},
    {.key = "mss",
     .type = CONFIG_COUNT,
     .offset = AT(mss),
     .def = "mtu",
     .min = 88,
     .max = 65495,
     .choices = "mtu",
     .sentence = "MSS."},
    {.key = "loss",
     .type = CONFIG_FRACTION,
     .offset = AT(loss),
     .def = "0 %",
     .min = 0,
     .max = 1,
     .sentence = "Loss."},
    {.key = "share",
     .type = CONFIG_FRACTION,
     .offset = AT(share),
     .def = "0.5",
     .sentence = "Share."},
    {.key = "snr",
     .type = CONFIG_DECIBEL,
     .offset = AT(snr),
     .def = "none",
     .min = -10,
     .max = 60,
     .sentence = "Signal to noise."},
    {.key = "flag",
     .type = CONFIG_BOOL,
     .offset = AT(flag),
     .def = "yes",
     .sentence = "Flag."},
    {.key = "choice",
     .type = CONFIG_CHOICE,
     .offset = AT(choice),
     .def = "newreno",
     .choices = "newreno|cubic",
     .sentence = "Choice."},
    {.key = "title",
     .type = CONFIG_TEXT,
     .offset = AT(title),
     .def = "",
     .sentence = "Title."},
    {.key = "pair",
     .type = CONFIG_CUSTOM,
     .offset = AT(pair),
     .def = "1-2",
     .sentence = "Pair.",
     .parse = parse_pair,
     .format = format_pair},
    {.key = NULL},
};

START_TEST(defaults_come_from_the_column_asked_for)
{
    Things things;

    memset(&things, 0xff, sizeof things); /* what was there does not count */
    config_defaults(thing_keys, 0, &things);
    ck_assert_int_eq(things.delay, 8 * SIM_MS);
    ck_assert_int_eq(things.idle, 0);
    ck_assert_uint_eq(things.rate, 0);
    ck_assert_uint_eq(things.slow_rate, 1000);
    ck_assert_uint_eq(things.bytes, 65536);
    ck_assert_uint_eq(things.count, 3);
    ck_assert_double_eq(things.share, 0.5);
    ck_assert_double_eq(things.snr, 0);
    ck_assert(things.flag);
    ck_assert_int_eq(things.choice, 0);
    ck_assert_ptr_null(things.title);
    ck_assert_uint_eq(things.pair.b, 2);
    config_defaults(thing_keys, 1, &things);
    ck_assert_int_eq(things.delay, 10 * SIM_MS);
    ck_assert_uint_eq(things.count, 6);
    config_defaults(thing_keys, 2, &things);
    ck_assert_int_eq(things.delay, 8 * SIM_MS);
    config_defaults(thing_keys, 3, &things);
    ck_assert_int_eq(things.delay, 30 * SIM_MS);
}
END_TEST

START_TEST(groups_fill_structs)
{
    Config *config = read_good("[link a -- b]\n"
                               "delay = 1.5 s\nidle = 2 h\nrate = 10 Mbps\n"
                               "bytes = 1 kB\nmss = 1460\nloss = 5 %\n"
                               "snr = 20 dB\nflag = no\nchoice = cubic\n"
                               "title = A home\npair = 3-5\n");
    Things things;
    GError *error = NULL;

    config_defaults(thing_keys, 0, &things);
    config_apply(thing_keys, config_find(config, "link", "a -- b"), &things,
                 &error);
    ck_assert_msg(error == NULL, "%s", error ? error->message : "");
    ck_assert_int_eq(things.delay, 1500 * SIM_MS);
    ck_assert_int_eq(things.idle, 7200 * SIM_S);
    ck_assert_uint_eq(things.rate, 10000000);
    ck_assert_uint_eq(things.bytes, 1000);
    ck_assert_uint_eq(things.mss, 1460);
    ck_assert_double_eq(things.loss, 0.05);
    ck_assert_double_eq(things.snr, 100);
    ck_assert(!things.flag);
    ck_assert_int_eq(things.choice, 1);
    ck_assert_str_eq(things.title, "A home");
    ck_assert_uint_eq(things.pair.a, 3);
    ck_assert_uint_eq(things.count, 3); /* not in the group */
    config_clear_struct(thing_keys, &things);
    ck_assert_ptr_null(things.title);
    config_free(config);
}
END_TEST

#define TIMES "write a time such as 20 ms (units: ns, us, ms, s, min, h)"
#define RATES                                                                  \
    "write a rate such as 100 Mbit/s (units: bit/s, kbit/s, Mbit/s, Gbit/s)"

static const BadText bad_values[] = {
    {"loss = 130 %", "loss: \"130 %\" is out of range; write 0 % to 100 %"},
    {"loss = 5", "loss: \"5\" is out of range; write 0 % to 100 %"},
    {"loss = -1 %", "loss: \"-1 %\" is out of range; write 0 % to 100 %"},
    {"share = -1 %", "share: \"-1 %\" is negative; write 0 or more"},
    {"delay = 20", "delay: \"20\" has no unit; " TIMES},
    {"delay = 0", "delay: \"0\" has no unit; " TIMES},
    {"delay = 0 ms", "delay: \"0 ms\" is out of range; write 1 ms to 1 min"},
    {"delay = 61 s", "delay: \"61 s\" is out of range; write 1 ms to 1 min"},
    {"delay = never", "delay: \"never\" is not a number; " TIMES},
    {"delay =", "delay: the value is missing; " TIMES},
    {"any.time = -1 s", "any.time: \"-1 s\" is negative; write 0 or more"},
    {"idle = 0 s", "idle: \"0 s\" would mean \"never\"; write never"},
    {"idle = of", "idle: \"of\" is not a number; " TIMES ", or never"},
    {"rate = 100", "rate: \"100\" has no unit; " RATES ", or unlimited"},
    {"rate = 0 bps",
     "rate: \"0 bps\" would mean \"unlimited\"; write unlimited"},
    {"slow.rate = 2 Mbps", "slow.rate: \"2 Mbps\" is out of range; write 1 "
                           "bit/s to 1 Mbit/s, or unlimited"},
    {"bytes = 999 B", "bytes: \"999 B\" is out of range; write at least 1 kB"},
    {"count = 4294967296",
     "count: \"4294967296\" is too large; write at most 4294967295"},
    {"count = 3 ms",
     "count: \"ms\" behind the number; write a whole number such as 3"},
    {"mss = 87", "mss: \"87\" is out of range; write 88 to 65495, or mtu"},
    {"snr = 61 dB",
     "snr: \"61 dB\" is out of range; write -10 dB to 60 dB, or none"},
    {"flag = true", "flag: \"true\" is not known; write one of: no, yes"},
    {"flag = Yes", "flag: \"Yes\" is not known; did you mean \"yes\"?"},
    {"flag =", "flag: the value is missing; write one of: no, yes"},
    {"choice = cubik",
     "choice: \"cubik\" is not known; did you mean \"cubic\"?"},
    {"choice = bbr",
     "choice: \"bbr\" is not known; write one of: newreno, cubic"},
    {"pair = 3", "pair: \"3\" is no pair; write one such as 3-5"},
    {"lossy = 1 %", "lossy: no such key; did you mean \"loss\"?"},
    {"bandwidth = 1 %",
     "bandwidth: no such key; write one of: delay, idle, any.time, rate, "
     "slow.rate, bytes, count, mss, loss, share, snr, flag, choice, title, "
     "pair"},
};

START_TEST(bad_values_are_refused_with_place_and_reason)
{
    char *text = g_strdup_printf("[link a -- b]\n%s\n", bad_values[_i].text);
    char *message =
        g_strdup_printf("t.ini:2: [link a -- b] %s", bad_values[_i].message);
    Config *config = read_good(text);
    Things things;
    GError *error = NULL;

    config_defaults(thing_keys, 0, &things);
    ck_assert(!config_apply(thing_keys, g_ptr_array_index(config->groups, 0),
                            &things, &error));
    ck_assert_str_eq(error->message, message);
    g_error_free(error);
    config_clear_struct(thing_keys, &things);
    config_free(config);
    g_free(text);
    g_free(message);
}
END_TEST

START_TEST(keys_without_a_default_must_be_given)
{
    static const ConfigKey keys[] = {
        {.key = "kind",
         .type = CONFIG_CHOICE,
         .choices = "client|server",
         .sentence = "What the node is."},
        {.key = NULL},
    };
    Config *config = read_good("[node a]\n[node b]\nkind = server\n");
    GError *error = NULL;
    int kind = 7;

    config_defaults(keys, 0, &kind);
    ck_assert_int_eq(kind, 0);
    ck_assert(config_complete(keys, config_find(config, "node", "b"), &error));
    ck_assert(!config_complete(keys, config_find(config, "node", "a"), &error));
    ck_assert_str_eq(error->message, "t.ini:1: [node a] kind: this key is "
                                     "missing; write it (What the node is.)");
    g_error_free(error);
    config_free(config);
}
END_TEST

/* Every field at random, within the ranges of the table. */
static void random_things(GRand *rand, Things *things)
{
    uint64_t any = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);

    any = any >> 1 >> g_rand_int_range(rand, 0, 40);
    things->delay = SIM_MS + (SimTime)(any % (59 * SIM_S));
    things->idle = g_rand_boolean(rand) ? 0 : (SimTime)any;
    things->any_time = (SimTime)any;
    things->rate = g_rand_boolean(rand) ? 0 : any;
    things->slow_rate = 1 + any % 1000000;
    things->bytes = 1000 + any / 2;
    things->count = g_rand_int(rand);
    things->mss = g_rand_boolean(rand) ? 0 : 88 + (uint32_t)(any % 65400);
    things->loss = g_rand_double(rand);
    things->share = g_rand_double(rand) * 1e3;
    things->flag = g_rand_boolean(rand);
    things->choice = g_rand_int_range(rand, 0, 2);
    things->pair = (Pair){g_rand_int(rand), g_rand_int(rand)};
    things->title = g_strdup_printf("title %x", g_rand_int(rand));
    /* A ratio that some text means: what a user can have set. */
    things->snr = g_rand_boolean(rand)
                      ? 0
                      : pow(10, g_rand_double_range(rand, -10, 60) / 10);
}

START_TEST(formatted_values_read_back)
{
    GRand *rand = g_rand_new_with_seed(20260103);

    for (int i = 0; i < 5000; i++) {
        Things things = {0}, back = {0};

        random_things(rand, &things);
        for (const ConfigKey *key = thing_keys; key->key != NULL; key++) {
            char *text = config_format(key, &things), *why = NULL, *again;

            ck_assert_msg(config_parse(key, text, &back, &why), "%s", why);
            again = config_format(key, &back);
            ck_assert_str_eq(text, again);
            g_free(text);
            g_free(again);
        }
        ck_assert_str_eq(things.title, back.title);
        config_clear_struct(thing_keys, &things);
        config_clear_struct(thing_keys, &back);
        ck_assert_mem_eq(&things, &back, sizeof things);
    }
    g_rand_free(rand);
}
END_TEST

START_TEST(ranges_are_said_in_units)
{
    static const char *const texts[] = {"1 ms to 1 min", "0 % to 100 %",
                                        "at least 1 kB", "-10 dB to 60 dB"};
    static const char *const keys[] = {"delay", "loss", "bytes", "snr"};

    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        char *text = config_range_text(config_key(thing_keys, keys[i]));

        ck_assert_str_eq(text, texts[i]);
        g_free(text);
    }
    ck_assert_ptr_null(config_range_text(config_key(thing_keys, "count")));
    ck_assert_ptr_null(config_range_text(config_key(thing_keys, "title")));
    ck_assert_ptr_null(config_key(thing_keys, "nothing"));
}
END_TEST

static TCase *table_tests(void)
{
    TCase *tcase = tcase_create("tables");

    tcase_add_test(tcase, defaults_come_from_the_column_asked_for);
    tcase_add_test(tcase, groups_fill_structs);
    tcase_add_loop_test(tcase, bad_values_are_refused_with_place_and_reason, 0,
                        G_N_ELEMENTS(bad_values));
    tcase_add_test(tcase, keys_without_a_default_must_be_given);
    tcase_add_test(tcase, formatted_values_read_back);
    tcase_add_test(tcase, ranges_are_said_in_units);
    tcase_set_timeout(tcase, 30);
    return tcase;
}

int main(void) { return run_tests("config keys", table_tests(), NULL); }
