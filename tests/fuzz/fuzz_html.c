/* fuzz_html.c - any bytes as an HTML page: its parts are texts, each once. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "models/app/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    HtmlPage page;

    html_read(&page, bytes, len);
    for (guint i = 0; i < page.parts->len; i++) {
        const HtmlPart *part = &g_array_index(page.parts, HtmlPart, i);

        g_assert(part->kind <= HTML_SCRIPT && part->reference[0] != '\0');
        for (guint k = 0; k < i; k++) {
            const HtmlPart *other = &g_array_index(page.parts, HtmlPart, k);

            g_assert(other->kind != part->kind ||
                     strcmp(other->reference, part->reference) != 0);
        }
    }
    html_clear(&page);
    return 0;
}
