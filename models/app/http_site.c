/* http_site.c - see http_site.h. */
#include "http_site.h"

#include <string.h>

#include "sim/rng.h"

static void resource_free(void *memory)
{
    HttpResource *resource = memory;

    g_bytes_unref(resource->bytes);
    g_free(resource);
}

HttpSite *http_site_new(void)
{
    HttpSite *site = g_new0(HttpSite, 1);

    site->resources =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, resource_free);
    return site;
}

void http_site_free(HttpSite *site)
{
    if (site == NULL)
        return;
    g_hash_table_unref(site->resources);
    g_free(site);
}

static const char *type_of(const char *path)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"},
        {".json", "application/json"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".gif", "image/gif"},
        {".svg", "image/svg+xml"},
        {".ico", "image/x-icon"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(path, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

void http_site_add(HttpSite *site, const char *path, GBytes *bytes)
{
    HttpResource *resource = g_new0(HttpResource, 1);
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);

    g_assert(path[0] == '/');
    resource->bytes = g_bytes_ref(bytes);
    resource->type = type_of(path);
    g_snprintf(resource->etag, sizeof resource->etag,
               "\"%016" G_GINT64_MODIFIER "x\"",
               (guint64)hash_bytes(0, data, len));
    g_hash_table_insert(site->resources, g_strdup(path), resource);
}

const HttpResource *http_site_find(const HttpSite *site, const char *target)
{
    const HttpResource *resource = NULL;
    const char *path = target;
    char *bare, *decoded;

    /* The form with scheme and host, which a server must take too (RFC 9112
     * s3.2.2). */
    if (g_ascii_strncasecmp(target, "http://", 7) == 0) {
        path = strchr(target + 7, '/');
        if (path == NULL)
            path = "/";
    }
    bare = g_strndup(path, strcspn(path, "?#"));
    decoded = g_uri_unescape_string(bare, NULL);
    g_free(bare);
    if (decoded != NULL) {
        char *file = g_strconcat(
            decoded, g_str_has_suffix(decoded, "/") ? "index.html" : "", NULL);

        resource = g_hash_table_lookup(site->resources, file);
        g_free(file);
    }
    g_free(decoded);
    return resource;
}
