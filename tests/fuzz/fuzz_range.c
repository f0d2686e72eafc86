/* fuzz_range.c - any text as the values of a sweep: refused with a reason, or a
 * list that, written out, is the same list again. */
#include <stdint.h>

#include <glib.h>

#include "sim/range.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const ConfigKey keys[] = {
    {.key = "time", .type = CONFIG_TIME, .choices = "never"},
    {.key = "rate", .type = CONFIG_RATE},
    {.key = "bytes", .type = CONFIG_BYTES, .min = 1, .max = 1e6},
    {.key = "count", .type = CONFIG_COUNT},
    {.key = "loss", .type = CONFIG_FRACTION, .min = 0, .max = 1},
    {.key = "snr", .type = CONFIG_DECIBEL},
    {.key = "flag", .type = CONFIG_BOOL},
    {.key = "choice", .type = CONFIG_CHOICE, .choices = "rfc|linux"},
    {.key = "title", .type = CONFIG_TEXT},
};

/* The first byte says which key, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const ConfigKey *key;
    char *text, *why = NULL, **values, **again;

    if (len == 0)
        return 0;
    key = &keys[bytes[0] % G_N_ELEMENTS(keys)];
    text = g_strndup((const char *)bytes + 1, len - 1);
    values = range_expand(key, text, &why);
    g_free(text);
    if (values == NULL) {
        g_assert(why != NULL && *why != '\0');
        g_free(why);
        return 0;
    }
    g_assert(g_strv_length(values) >= 1 && g_strv_length(values) <= RANGE_MAX);
    text = g_strjoinv("|", values);
    again = range_expand(key, text, &why);
    if (again == NULL)
        g_error("%s: %s", text, why);
    g_assert(
        g_strv_equal((const char *const *)values, (const char *const *)again));
    g_free(text);
    g_strfreev(values);
    g_strfreev(again);
    return 0;
}
