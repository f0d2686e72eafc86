/* fuzz_url.c - any text as a URL, or (after a NUL) as a reference on a page:
 * refused with a reason, or whole, canonical, and read again to the same. */
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "models/app/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const Url *url)
{
    const char *why = NULL;
    Url again;

    g_assert(url->host[0] != '\0' && url->port != 0);
    g_assert(url->path[0] == '/' && strpbrk(url->path, " \r\n\t") == NULL);
    if (!url_parse(&again, url->text, &why))
        g_error("%s: %s", url->text, why);
    g_assert_cmpstr(again.text, ==, url->text);
    g_assert_cmpstr(again.host, ==, url->host);
    g_assert_cmpstr(again.path, ==, url->path);
    g_assert(again.port == url->port);
    url_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char *text = g_strndup((const char *)bytes, len);
    size_t first = strlen(text);
    const char *why = NULL;
    Url url, base;

    if (url_parse(&url, text, &why)) {
        check(&url);
        url_clear(&url);
    } else {
        g_assert(why != NULL && url.text == NULL);
    }
    if (first < len) {
        char *reference =
            g_strndup((const char *)bytes + first + 1, len - first - 1);

        if (url_parse(&base, "http://a.example:81/b/c?d", &why) &&
            url_resolve(&url, &base, reference, &why)) {
            check(&url);
            url_clear(&url);
        }
        url_clear(&base);
        g_free(reference);
    }
    g_free(text);
    return 0;
}
