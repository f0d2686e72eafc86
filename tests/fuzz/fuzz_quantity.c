/* fuzz_quantity.c - any text as any kind of quantity: refused with a reason, or
 * read to a value whose canonical text reads back to it. */
#include <stdint.h>

#include <glib.h>

#include "sim/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_int(QuantityKind kind, const char *text)
{
    int64_t value = 0, back = 0;
    char *why = NULL, *canonical;

    if (!quantity_int(kind, text, &value, &why)) {
        g_assert(why != NULL && *why != '\0');
        g_free(why);
        return;
    }
    canonical = quantity_format_int(kind, value);
    g_assert(quantity_int(kind, canonical, &back, NULL));
    g_assert(back == value);
    g_free(canonical);
}

static void try_real(QuantityKind kind, const char *text)
{
    double value = 0, back = 0;
    char *why = NULL, *canonical;

    if (!quantity_real(kind, text, &value, &why)) {
        g_assert(why != NULL && *why != '\0');
        g_free(why);
        return;
    }
    canonical = quantity_format_real(kind, value);
    /* A value near the ends of a double's range may not survive its unit. */
    if (quantity_real(kind, canonical, &back, NULL))
        g_assert(back == value);
    else
        g_assert(value > 1e290 || value < -1e290);
    g_free(canonical);
}

/* The first byte says which kind, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    QuantityKind kind;
    char *text;

    if (len == 0)
        return 0;
    kind = (QuantityKind)(bytes[0] % QUANTITY_KINDS);
    text = g_strndup((const char *)bytes + 1, len - 1);
    if (kind <= QUANTITY_COUNT)
        try_int(kind, text);
    try_real(kind, text);
    g_assert(*quantity_kind_name(kind) != '\0');
    g_free(text);
    return 0;
}
