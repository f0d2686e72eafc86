/* http.h - HTTP/1.1 (RFC 9110, 9112) between a client and a server.
 *
 * Messages are real bytes over models/transport/tcp.h; http_message.h reads and
 * writes them.
 *
 * Not modelled: methods but GET and HEAD, content negotiation (RFC 9110 s12),
 * ranges (s14), TLS, HTTP/2 (RFC 9113). */
#ifndef FIRSTBYTE_MODELS_APP_HTTP_H
#define FIRSTBYTE_MODELS_APP_HTTP_H

#include "models/transport/tcp.h"

typedef struct HttpConfig {
    SimTime server_time;  /* a server thinks before it answers */
    SimTime server_close; /* how long after the client's FIN a server closes */
    SimTime request_time; /* for a request to come, from the accept or from
                             its first byte */
    SimTime keepalive_time;      /* between an answer and the next request */
    uint32_t keepalive_requests; /* requests on one connection, at most */
    SimTime max_age; /* Cache-Control: max-age of what the server serves */
} HttpConfig;
extern const ConfigKey http_keys[];

/* A site: real files under a folder, read when the topology is loaded. */
typedef struct HttpSite HttpSite; /* immutable: shared by many runs */
HttpSite *http_site_new(void);
/* PATH begins with "/" ("/index.html"); BYTES (a reference is taken). */
void http_site_add(HttpSite *site, const char *path, GBytes *bytes);
void http_site_free(HttpSite *site);

typedef struct HttpServer HttpServer;
/* Serves PORT of HOST; SITE stays the caller's.  Freed before the host's TCP,
 * which then ends the connections. */
HttpServer *http_server_new(Host *host, uint16_t port, const HttpSite *site,
                            const HttpConfig *config);
void http_server_free(HttpServer *server);

#endif
