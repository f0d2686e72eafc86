/* http_config.c - the numbers of a web server that a user may set. */
#include "http.h"

#define KEY(field) .offset = offsetof(HttpConfig, field)

const ConfigKey http_keys[] = {
    {"server_time", CONFIG_TIME, KEY(server_time), .def = "1 ms", .min = 0,
     .max = 60, .sentence = "How long a server takes to answer a request.",
     .source = "assumed: a file from memory"},
    {"server_close", CONFIG_TIME, KEY(server_close), .def = "60 ms", .min = 0,
     .max = 60, .sentence = "How long after the client's FIN a server closes.",
     .source = "assumed: later than the delayed ACK of 40 ms, so that ACK and "
               "FIN are two segments"},
    {"request_time", CONFIG_TIME, KEY(request_time), .def = "60 s", .min = 1e-3,
     .max = 3600,
     .sentence = "How long a server waits for a whole request: the first from "
                 "when it accepts, others from their first byte. Then it "
                 "closes; a request that has begun is answered with 408.",
     .source = "Apache httpd 2.4: TimeOut; nginx: client_header_timeout"},
    {"keepalive_time", CONFIG_TIME, KEY(keepalive_time), .def = "5 s",
     .min = 1e-3, .max = 3600,
     .sentence = "A server closes a connection when no other request has begun "
                 "this long after an answer.",
     .source = "Apache httpd 2.4: KeepAliveTimeout"},
    {"keepalive_requests", CONFIG_COUNT, KEY(keepalive_requests), .def = "100",
     .min = 1, .max = 1e6,
     .sentence = "Requests that a server takes on one connection.",
     .source = "Apache httpd 2.4: MaxKeepAliveRequests"},
    {"max_age", CONFIG_TIME, KEY(max_age), .def = "5 min", .min = 0,
     .max = 31536000,
     .sentence = "How long what a server sends stays fresh, to the second.",
     .source = "RFC 9111 s5.2.2.1"},
    {.key = NULL},
};
