/* http_site.h - the files of a site, with what a server says about each. */
#ifndef FIRSTBYTE_MODELS_APP_HTTP_SITE_H
#define FIRSTBYTE_MODELS_APP_HTTP_SITE_H

#include "http.h"

enum { HTTP_ETAG_MAX = 20 };

/* When every file of every site was last changed: the day before a run
 * begins. */
#define HTTP_LAST_MODIFIED "Wed, 31 Dec 2025 12:00:00 GMT"

typedef struct HttpResource {
    GBytes *bytes;
    const char *type;         /* of its content, by the name's ending */
    char etag[HTTP_ETAG_MAX]; /* strong: a hash of the content, in quotes */
} HttpResource;

struct HttpSite {
    GHashTable *resources; /* path -> HttpResource * */
};

/* What TARGET of a request names, its query left out, percent signs decoded and
 * index.html put after a final "/"; NULL: nothing. */
const HttpResource *http_site_find(const HttpSite *site, const char *target);

#endif
