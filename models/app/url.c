/* url.c - see url.h. */
#include "url.h"

#include <glib.h>
#include <string.h>

enum {
    HOST_MAX = 253, /* RFC 1035 s2.3.4: 255 octets on the wire */
    LABEL_MAX = 63,
};

/* Percent signs stay, but for those of unreserved characters (RFC 3986
 * s6.2.2.2): what goes into the request line is what the user typed. */
#define URL_FLAGS ((GUriFlags)G_URI_FLAGS_ENCODED)

void url_clear(Url *url)
{
    g_free(url->text);
    g_free(url->host);
    g_free(url->path);
    *url = (Url){0};
}

static bool has_blank(const char *text)
{
    for (; *text != '\0'; text++)
        if (g_ascii_isspace(*text) || g_ascii_iscntrl(*text))
            return true;
    return false;
}

/* TEXT begins with a scheme and "://"; one inside a query does not count. */
static bool has_scheme(const char *text)
{
    while (g_ascii_isalnum(*text) || strchr("+-.", *text) != NULL) {
        if (*text == '\0')
            return false;
        text++;
    }
    return g_str_has_prefix(text, "://");
}

/* Letters, digits, hyphens inside labels (RFC 1123 s2.1), and the underscore
 * that real names contain; a dot at the end is the root and allowed. */
static bool host_is_good(const char *host)
{
    size_t label = 0;

    if (strlen(host) > HOST_MAX || host[0] == '.')
        return false;
    for (const char *p = host; *p != '\0'; p++) {
        bool last = p[1] == '.' || p[1] == '\0';

        if (*p == '.') {
            if (label == 0)
                return false;
            label = 0;
            continue;
        }
        if (!g_ascii_isalnum(*p) && *p != '-' && *p != '_')
            return false;
        if (*p == '-' && (label == 0 || last))
            return false;
        if (++label > LABEL_MAX)
            return false;
    }
    return true;
}

/* HOST in lower case ASCII without the final dot, or NULL: not a host name. */
static char *host_normalised(const char *host)
{
    char *ascii = g_hostname_to_ascii(host), *lower;

    if (ascii == NULL)
        return NULL;
    lower = g_ascii_strdown(ascii, -1);
    g_free(ascii);
    if (!host_is_good(lower)) {
        g_free(lower);
        return NULL;
    }
    if (g_str_has_suffix(lower, "."))
        lower[strlen(lower) - 1] = '\0';
    return lower;
}

/* PATH and QUERY as a request target: bytes that RFC 3986 does not allow there
 * are percent-encoded. */
static char *target_of(const char *path, const char *query)
{
    static const char hex[] = "0123456789ABCDEF";
    GString *target = g_string_new(path[0] == '/' ? "" : "/");

    for (int part = 0; part < 2; part++) {
        const char *text = part == 0 ? path : query;

        if (text == NULL)
            break;
        if (part == 1)
            g_string_append_c(target, '?');
        for (; *text != '\0'; text++) {
            unsigned char c = (unsigned char)*text;

            if (c > 0x20 && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL) {
                g_string_append_c(target, (char)c);
            } else {
                g_string_append_c(target, '%');
                g_string_append_c(target, hex[c >> 4]);
                g_string_append_c(target, hex[c & 15]);
            }
        }
    }
    return g_string_free(target, FALSE);
}

/* What is wrong with URI for a browser like this one; NULL: nothing. */
static const char *refusal(GUri *uri)
{
    const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);

    if (strcmp(scheme, "https") == 0)
        return "https needs TLS, which is not modelled yet; use http";
    if (strcmp(scheme, "http") != 0)
        return "its scheme is unknown; http is the one that is known";
    if (g_uri_get_userinfo(uri) != NULL)
        return "a user name or password has no place in it";
    if (host == NULL || host[0] == '\0')
        return "it has no host";
    if (strchr(host, ':') != NULL)
        return "IPv6 addresses are not modelled yet";
    if (g_uri_get_port(uri) == 0)
        return "port 0 cannot be connected to; use 1 to 65535";
    return NULL;
}

/* GUri's errors in our words. */
static const char *syntax_error(const GError *error)
{
    if (g_error_matches(error, G_URI_ERROR, G_URI_ERROR_BAD_PORT))
        return "its port is not a number from 1 to 65535";
    if (g_error_matches(error, G_URI_ERROR, G_URI_ERROR_BAD_HOST))
        return "its host is not a host name";
    return "it is not a URL";
}

static bool fill(Url *url, GUri *uri, bool scheme_added, const char **why)
{
    int port = g_uri_get_port(uri);
    char *host = host_normalised(g_uri_get_host(uri));

    if (host == NULL || host[0] == '\0') {
        g_free(host);
        *why = "its host is not a host name";
        return false;
    }
    url->host = host;
    url->path = target_of(g_uri_get_path(uri), g_uri_get_query(uri));
    url->port = port < 0 ? HTTP_PORT : (uint16_t)port;
    if (port < 0)
        url->added = scheme_added ? "scheme http, port 80" : "port 80";
    else
        url->added = scheme_added ? "scheme http" : "";
    if (url->port == HTTP_PORT)
        url->text = g_strdup_printf("http://%s%s", host, url->path);
    else
        url->text = g_strdup_printf("http://%s:%u%s", host, (unsigned)url->port,
                                    url->path);
    return true;
}

bool url_parse(Url *url, const char *text, const char **why)
{
    bool scheme_added = !has_scheme(text), good = false;
    GError *error = NULL;
    char *whole;
    GUri *uri;

    *url = (Url){0};
    if (text[0] == '\0') {
        *why = "it is empty";
        return false;
    }
    if (has_blank(text)) {
        *why = "there is a blank in it";
        return false;
    }
    whole = g_strconcat(scheme_added ? "http://" : "", text, NULL);
    uri = g_uri_parse(whole, URL_FLAGS, &error);
    if (uri == NULL) {
        *why = syntax_error(error);
        g_error_free(error);
    } else {
        *why = refusal(uri);
        good = *why == NULL && fill(url, uri, scheme_added, why);
        g_uri_unref(uri);
    }
    g_free(whole);
    return good;
}

bool url_resolve(Url *url, const Url *base, const char *reference,
                 const char **why)
{
    char *stripped = g_strstrip(g_strdup(reference)), *whole;
    bool good = false;

    *url = (Url){0};
    /* HTML strips blanks around a reference and encodes those inside. */
    if (has_blank(stripped)) {
        char **words = g_strsplit_set(stripped, " \t\r\n\f\v", -1);

        g_free(stripped);
        stripped = g_strjoinv("%20", words);
        g_strfreev(words);
    }
    whole = g_uri_resolve_relative(base->text, stripped, URL_FLAGS, NULL);
    if (whole != NULL)
        good = url_parse(url, whole, why);
    else
        *why = "it is not a URL";
    if (good)
        url->added = "";
    g_free(whole);
    g_free(stripped);
    return good;
}
