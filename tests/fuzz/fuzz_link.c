/* fuzz_link.c - any text as a link's queue, noise or scripted drops: refused
 * with a reason, or read to a value whose text reads back to it. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "models/link/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void try_key(const ConfigKey *key, const char *text)
{
    LinkConfig config = {0};
    char *why = NULL, *first, *second;

    if (!key->parse(text, (char *)&config + key->offset, &why)) {
        g_assert(why != NULL && *why != '\0');
        g_free(why);
        return;
    }
    first = key->format((char *)&config + key->offset);
    g_assert(key->parse(first, (char *)&config + key->offset, &why));
    second = key->format((char *)&config + key->offset);
    g_assert(strcmp(first, second) == 0);
    link_config_finish(&config);
    g_free(first);
    g_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char *text = g_strndup((const char *)bytes, len);

    for (const ConfigKey *key = link_keys; key->key != NULL; key++)
        if (key->type == CONFIG_CUSTOM)
            try_key(key, text);
    g_free(text);
    return 0;
}
