/* url.h - URLs as a browser takes them from its user and from pages.
 *
 * A Url that was read is whole and canonical: scheme http, a host name in lower
 * case ASCII (IDNA applied), a port from 1 to 65535, a path that begins with
 * "/" and holds nothing that may not stand in a request line.  Syntax and
 * relative references are GLib's (GUri, RFC 3986); what GUri lets pass and a
 * browser must not (an empty host, a blank, port 0) is refused here.
 *
 * Not modelled: https (TLS), IPv6 literals (RFC 3986 s3.2.2), user information
 * (s3.2.1: refused, as RFC 9110 s4.2.4 advises for references). */
#ifndef FIRSTBYTE_MODELS_APP_URL_H
#define FIRSTBYTE_MODELS_APP_URL_H

#include <stdbool.h>
#include <stdint.h>

enum { HTTP_PORT = 80 };

typedef struct Url {
    char *text; /* "http://www.example.com/a?b": canonical, no fragment */
    char *host; /* "www.example.com" */
    char *path; /* with the query: "/a?b" */
    const char *added; /* static: what the rules filled in, "" when nothing */
    uint16_t port;
} Url;

/* Reads TEXT; what has no "://" gets "http://" put before it.  False, URL empty
 * and the reason (static text) in *WHY, when it cannot be opened. */
bool url_parse(Url *url, const char *text, const char **why);
/* Reads REFERENCE as it stands in a page at BASE (RFC 3986 s5). */
bool url_resolve(Url *url, const Url *base, const char *reference,
                 const char **why);
void url_clear(Url *url);

#endif
