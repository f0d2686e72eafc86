/* fuzz_config.c - any bytes as a config file, or as "GROUP.KEY=VALUE": refused
 * with a reason and nothing changed, or read to a Config whose text reads back,
 * and whose values a key table takes or refuses. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "sim/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

typedef struct Things {
    SimTime time;
    uint64_t rate, bytes;
    uint32_t count;
    double fraction, decibel;
    bool flag;
    int choice;
    char *text;
    uint32_t custom;
} Things;

static bool parse_length(const char *text, void *field, char **why)
{
    if (*text == '\0') {
        *why = g_strdup("the value is missing; write anything");
        return false;
    }
    *(uint32_t *)field = (uint32_t)strlen(text);
    return true;
}

static char *format_length(const void *field)
{
    return g_strnfill(*(const uint32_t *)field, 'x');
}

#define KEY(name, kind, field, standard)                                       \
    .key = name, .type = kind, .offset = offsetof(Things, field),              \
    .def = standard, .sentence = "A " name "."
static const ConfigKey keys[] = {
    {KEY("t", CONFIG_TIME, time, "1 s"), .min = 1e-3, .max = 60,
     .choices = "never", .alternatives = {"2 s"}},
    {KEY("r", CONFIG_RATE, rate, "unlimited")},
    {KEY("b", CONFIG_BYTES, bytes, "2 B"), .min = 2, .max = 0},
    {KEY("c", CONFIG_COUNT, count, "3"), .choices = "off"},
    {KEY("f", CONFIG_FRACTION, fraction, "1 %"), .min = 0, .max = 1},
    {KEY("d", CONFIG_DECIBEL, decibel, "none"), .min = -9, .max = 90},
    {KEY("flag", CONFIG_BOOL, flag, "no")},
    {KEY("choice", CONFIG_CHOICE, choice, "a"), .choices = "a|bc"},
    {KEY("text", CONFIG_TEXT, text, "")},
    {KEY("x", CONFIG_CUSTOM, custom, "xx"), .parse = parse_length,
     .format = format_length},
    {.key = NULL},
};

/* What the table makes of GROUP is refused with a reason, or reads back. */
static void apply(const ConfigGroup *group)
{
    Things things;
    GError *error = NULL;

    config_defaults(keys, group->entries->len % 2, &things);
    if (!config_apply(keys, group, &things, &error))
        g_assert(strstr(error->message, "; ") != NULL);
    g_clear_error(&error);
    for (const ConfigKey *key = keys; key->key != NULL; key++) {
        char *text = config_format(key, &things), *why = NULL, *again;

        if (!config_parse(key, text, &things, &why))
            g_error("%s: %s", key->key, why);
        again = config_format(key, &things);
        g_assert_cmpstr(text, ==, again);
        g_free(text);
        g_free(again);
    }
    config_clear_struct(keys, &things);
}

/* CONFIG, its text read again, and its copy are the same. */
static void write_and_read(const Config *config)
{
    char *text = config_to_text(config), *again_text, *copy_text;
    Config *again = config_new(), *copy = config_copy(config);
    GError *error = NULL;

    if (!config_read_text(again, text, strlen(text), "again", &error))
        g_error("%s", error->message);
    again_text = config_to_text(again);
    copy_text = config_to_text(copy);
    g_assert_cmpstr(text, ==, again_text);
    g_assert_cmpstr(text, ==, copy_text);
    for (guint i = 0; i < config->groups->len; i++) {
        const ConfigGroup *group = g_ptr_array_index(config->groups, i);

        g_assert(config_find(config, group->kind, group->name) == group);
        apply(group);
    }
    g_free(text);
    g_free(again_text);
    g_free(copy_text);
    config_free(again);
    config_free(copy);
}

static void set(const char *assignment)
{
    static const char base[] =
        "[tcp]\n[tcp web.example]\n[link a.b -- c]\nf = 1 %";
    Config *config = config_new();
    GError *error = NULL;

    if (!config_read_text(config, base, strlen(base), "base", NULL))
        g_assert_not_reached();
    if (!config_set(config, assignment, (ConfigOrigin){"--set", 0}, &error))
        g_assert(g_str_has_prefix(error->message, "--set: "));
    g_clear_error(&error);
    write_and_read(config);
    config_free(config);
}

/* A first byte '=' makes an assignment of the rest; else all is a file. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    Config *config;
    GError *error = NULL;
    char *text;

    if (len > 0 && bytes[0] == '=') {
        text = g_strndup((const char *)bytes + 1, len - 1);
        set(text);
        g_free(text);
        return 0;
    }
    config = config_new();
    if (config_read_text(config, (const char *)bytes, len, "f", &error))
        write_and_read(config);
    else
        g_assert(config_mistakes(error)->len > 0 &&
                 g_str_has_prefix(error->message, "f:"));
    g_clear_error(&error);
    config_free(config);
    return 0;
}
