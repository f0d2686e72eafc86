/* browser_config.c - the numbers of a browser that a user may set. */
#include "browser.h"

#define KEY(field) .offset = offsetof(BrowserConfig, field)

const ConfigKey browser_keys[] = {
    {"connections", CONFIG_COUNT, KEY(connections_per_host), .def = "6",
     .min = 1, .max = 1000, .sentence = "Connections to one host at a time.",
     .source = "Firefox: network.http.max-persistent-connections-per-server"},
    {"cache", CONFIG_BOOL, KEY(cache), .def = "yes",
     .sentence = "The browser keeps what it has fetched.",
     .source = "RFC 9111"},
    {"keepalive", CONFIG_BOOL, KEY(keepalive), .def = "yes",
     .sentence = "A connection is used for one request after another; no: each "
                 "request says Connection: close and has one of its own.",
     .source = "RFC 9112 s9.3, s9.6"},
    {"timeout", CONFIG_TIME, KEY(timeout), .def = "5 min", .min = 1e-3,
     .max = 86400,
     .sentence = "A page that is not complete by then has failed.",
     .source = "Firefox: network.http.response.timeout, 300 s"},
    {"close_after", CONFIG_TIME, KEY(close_after), .def = "1 s", .min = 0,
     .max = 86400,
     .sentence = "Connections are closed this long after the page.",
     .source = "assumed: the user goes away"},
    {"reaction", CONFIG_TIME, KEY(reaction), .def = "100 us", .min = 0,
     .max = 60,
     .sentence = "A connection that is not kept is closed this long after the "
                 "last byte of its answer, or after the server's FIN.",
     .source = "measured: curl 7.88 on Linux 6.18, median 108 us"},
    {.key = NULL},
};
