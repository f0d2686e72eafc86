/* http_server.c - a web server: a listener, connections, a moment to think, and
 * the files of a site.
 *
 * One request of a connection at a time: what a client sends ahead stays in
 * TCP's buffer until the answer is out. */
#include "http_message.h"
#include "http_site.h"
#include "parked.h"

#include <string.h>

/* What a connection's timer waits for. */
typedef enum Wait {
    WAIT_THINK,   /* then it answers */
    WAIT_REQUEST, /* for the first one, or the rest of one; then it closes */
    WAIT_IDLE,    /* for another request; then it closes */
    WAIT_CLOSE,   /* the client has closed; then it closes too */
    WAIT_LINGER,  /* for the client's close after its own (RFC 9112 s9.6) */
} Wait;

static const char *const wait_names[] = {"http server thinks",
                                         "request time-out", "keep-alive",
                                         "http server closes", "linger"};

typedef struct Connection {
    struct Connection *next, **link; /* among the server's */
    HttpServer *server;
    Tcb *tcb;
    HttpParser parser;
    Slice rest;   /* read from TCP, not by the parser yet */
    Slice out[2]; /* head and body that TCP has not taken yet */
    Event timer;
    Parked parked;
    uint32_t served;
    uint8_t wait; /* Wait */
    bool answering, keep;
} Connection;

struct HttpServer {
    Host *host;
    const HttpSite *site;
    const HttpConfig *config;
    TcpListener *listener;
    Connection *connections;
};

static Sim *sim_of(const Connection *connection)
{
    return connection->server->host->sim;
}

static void connection_free(Connection *connection)
{
    Sim *sim = sim_of(connection);

    event_cancel(sim, &connection->timer);
    *connection->link = connection->next;
    if (connection->next != NULL)
        connection->next->link = connection->link;
    http_parser_clear(&connection->parser);
    slice_clear(&connection->rest);
    slice_clear(&connection->out[0]);
    slice_clear(&connection->out[1]);
    slab_free(sim_slab(sim, SLAB_HTTP_CONNECTION, sizeof *connection),
              connection);
}

static void wait_for(Connection *connection, Wait wait, SimTime delay)
{
    Sim *sim = sim_of(connection);

    connection->wait = (uint8_t)wait;
    connection->parked = parked_now(sim);
    event_schedule(sim, &connection->timer, delay);
}

static void close_now(Connection *connection)
{
    Tcb *tcb = connection->tcb;

    connection_free(connection);
    tcp_close(tcb);
}

/* --- answers -------------------------------------------------------------- */

static void tell_served(const Connection *connection, int status,
                        uint64_t bytes)
{
    Host *host = connection->server->host;
    const HttpMessage *request = &connection->parser.message;
    const char *name = http_field(request, "Host");
    const char *target = request->target != NULL ? request->target : "";
    HttpTold told = {.method = request->method != NULL ? request->method : "",
                     .status = status,
                     .bytes = bytes,
                     .note = "",
                     .tcb = connection->tcb};
    Record record = {.node = host->node,
                     .kind = REC_HTTP_SERVED,
                     .len = (uint32_t)bytes,
                     .what = &told};
    char *url;

    if (!sim_wants(host->sim, REC_HTTP_SERVED))
        return;
    url = target[0] == '/' && name != NULL
              ? g_strconcat("http://", name, target, NULL)
              : g_strdup(target);
    told.url = url;
    sim_tell(host->sim, &record);
    g_free(url);
}

static GString *head_begins(const Connection *connection, int status)
{
    GString *head = g_string_sized_new(384);
    char date[HTTP_DATE_MAX];

    g_string_append_printf(
        head,
        "HTTP/1.1 %d %s\r\nServer: firstbyte\r\n"
        "Date: %s\r\n",
        status, http_reason(status),
        http_date(sim_now(sim_of(connection)) / SIM_S, date));
    return head;
}

static Slice slice_of(GBytes *bytes /* taken */)
{
    return (Slice){bytes, 0, (uint32_t)g_bytes_get_size(bytes)};
}

static void head_ends(Connection *connection, GString *head /* taken */)
{
    if (!connection->keep)
        g_string_append(head, "Connection: close\r\n");
    else if (connection->parser.message.minor == 0)
        g_string_append(head, "Connection: keep-alive\r\n");
    g_string_append(head, "\r\n");
    connection->out[0] = slice_of(g_string_free_to_bytes(head));
}

/* STATUS with a line of text for people. */
static void answer_error(Connection *connection, int status)
{
    const HttpMessage *request = &connection->parser.message;
    bool bodiless =
        request->method != NULL && strcmp(request->method, "HEAD") == 0;
    char *text = g_strdup_printf("<!DOCTYPE html>\n<title>%d %s</title>\n"
                                 "<p>%d %s</p>\n",
                                 status, http_reason(status), status,
                                 http_reason(status));
    GString *head = head_begins(connection, status);

    g_string_append_printf(head,
                           "Content-Type: text/html; charset=utf-8\r\n"
                           "Content-Length: %zu\r\n",
                           strlen(text));
    if (status == 405)
        g_string_append(head, "Allow: GET, HEAD\r\n");
    head_ends(connection, head);
    tell_served(connection, status, bodiless ? 0 : strlen(text));
    if (bodiless)
        g_free(text);
    else
        connection->out[1] = slice_of(g_bytes_new_take(text, strlen(text)));
}

/* The client's copy is good (RFC 9110 s13.2.2: the entity tag counts first). */
static bool is_unchanged(const HttpMessage *request,
                         const HttpResource *resource)
{
    const char *tags = http_field(request, "If-None-Match");
    const char *since = http_field(request, "If-Modified-Since");

    if (tags != NULL)
        return http_etag_matches(tags, resource->etag);
    return since != NULL && strcmp(since, HTTP_LAST_MODIFIED) == 0;
}

static void answer_resource(Connection *connection,
                            const HttpResource *resource)
{
    const HttpMessage *request = &connection->parser.message;
    bool unchanged = is_unchanged(request, resource);
    bool with_body = !unchanged && strcmp(request->method, "HEAD") != 0;
    GString *head = head_begins(connection, unchanged ? 304 : 200);
    size_t len = g_bytes_get_size(resource->bytes);

    if (!unchanged)
        g_string_append_printf(head,
                               "Content-Type: %s\r\nContent-Length: %zu\r\n",
                               resource->type, len);
    g_string_append_printf(
        head,
        "Last-Modified: " HTTP_LAST_MODIFIED "\r\nETag: %s\r\n"
        "Cache-Control: max-age=%" G_GINT64_MODIFIER "d\r\n",
        resource->etag, (gint64)(connection->server->config->max_age / SIM_S));
    head_ends(connection, head);
    if (with_body && len != 0)
        connection->out[1] = slice_of(g_bytes_ref(resource->bytes));
    tell_served(connection, unchanged ? 304 : 200, with_body ? len : 0);
}

/* --- connections ---------------------------------------------------------- */

static void read_more(Connection *connection);

/* The answer is out. */
static void answered(Connection *connection)
{
    const HttpConfig *config = connection->server->config;

    connection->answering = false;
    http_parser_next(&connection->parser);
    if (connection->keep) {
        wait_for(connection, WAIT_IDLE, config->keepalive_time);
    } else {
        /* Half closed: closing at once would reset what is on its way. */
        wait_for(connection, WAIT_LINGER, config->keepalive_time);
        tcp_shutdown(connection->tcb);
    }
    read_more(connection);
}

/* Gives TCP what it takes of the answer. */
static void write_out(Connection *connection)
{
    for (int i = 0; i < 2; i++) {
        Slice *out = &connection->out[i], rest;
        uint32_t took;

        if (out->len == 0)
            continue;
        took = tcp_write(connection->tcb, out,
                         i == 0 && connection->out[1].len != 0);
        rest = slice_part(out, took, out->len - took);
        slice_clear(out);
        if (rest.len != 0) {
            *out = rest;
            return;
        }
        slice_clear(&rest);
    }
    answered(connection);
}

static void answer(Connection *connection)
{
    HttpServer *server = connection->server;
    const HttpParser *parser = &connection->parser;
    const HttpMessage *request = &parser->message;
    const HttpResource *resource;

    connection->served++;
    connection->keep = parser->phase == HTTP_COMPLETE &&
                       http_keeps_alive(request) &&
                       connection->served < server->config->keepalive_requests;
    if (parser->phase == HTTP_BAD) {
        answer_error(connection, parser->bad_status);
    } else if (strcmp(request->method, "GET") != 0 &&
               strcmp(request->method, "HEAD") != 0) {
        answer_error(connection, 405);
    } else {
        resource = http_site_find(server->site, request->target);
        if (resource != NULL)
            answer_resource(connection, resource);
        else
            answer_error(connection, 404);
    }
    write_out(connection);
}

/* Reads what has come, up to the end of one request. */
static void read_more(Connection *connection)
{
    HttpParser *parser = &connection->parser;
    Slice *rest = &connection->rest;

    while (!connection->answering && connection->wait != WAIT_LINGER) {
        uint32_t used;
        Slice left;

        if (rest->len == 0 && !tcp_read(connection->tcb, rest))
            break;
        used = http_parser_feed(parser, rest);
        left = slice_part(rest, used, rest->len - used);
        slice_clear(rest);
        if (left.len > 0)
            *rest = left;
        else
            slice_clear(&left);
        if (parser->phase == HTTP_COMPLETE || parser->phase == HTTP_BAD) {
            connection->answering = true;
            wait_for(connection, WAIT_THINK,
                     connection->server->config->server_time);
        }
    }
    if (connection->wait == WAIT_LINGER) {
        /* Nothing more is answered here. */
        slice_clear(rest);
        while (tcp_read(connection->tcb, rest))
            slice_clear(rest);
        if (tcp_at_end(connection->tcb))
            close_now(connection);
    } else if (!connection->answering && tcp_at_end(connection->tcb)) {
        wait_for(connection, WAIT_CLOSE,
                 connection->server->config->server_close);
    } else if (connection->wait == WAIT_IDLE && !http_parser_idle(parser)) {
        wait_for(connection, WAIT_REQUEST,
                 connection->server->config->request_time);
    }
}

/* The request did not come in time: RFC 9110 s15.5.9, if it has begun. */
static void give_up(Connection *connection)
{
    HttpParser *parser = &connection->parser;

    if (http_parser_idle(parser)) {
        close_now(connection);
        return;
    }
    parser->phase = HTTP_BAD;
    parser->bad_status = 408;
    connection->answering = true;
    answer(connection);
}

static void timer_fires(Sim *sim, Event *event)
{
    Connection *connection = sim_container_of(event, Connection, timer);

    sim_wake(sim, connection->parked.cause, connection->parked.since,
             wait_names[connection->wait]);
    if (connection->wait == WAIT_THINK)
        answer(connection);
    else if (connection->wait == WAIT_REQUEST)
        give_up(connection);
    else
        close_now(connection);
}

static void readable(Tcb *tcb, void *user) { read_more(user); }

static void writable(Tcb *tcb, void *user)
{
    Connection *connection = user;

    if (connection->out[0].len != 0 || connection->out[1].len != 0)
        write_out(connection);
}

static void gone(Tcb *tcb, void *user, TcpEnd end) { connection_free(user); }

static const TcpUser server_user = {
    .readable = readable, .writable = writable, .gone = gone};

static void accept_one(TcpListener *listener, void *data, Tcb *tcb,
                       const TcpUser **vtable, void **user)
{
    HttpServer *server = data;
    Connection *connection = slab_alloc(
        sim_slab(server->host->sim, SLAB_HTTP_CONNECTION, sizeof *connection));

    *connection = (Connection){.next = server->connections,
                               .link = &server->connections,
                               .server = server,
                               .tcb = tcb};
    if (connection->next != NULL)
        connection->next->link = &connection->next;
    server->connections = connection;
    http_parser_init(&connection->parser, true);
    event_init(&connection->timer, timer_fires);
    wait_for(connection, WAIT_REQUEST, server->config->request_time);
    *vtable = &server_user;
    *user = connection;
}

HttpServer *http_server_new(Host *host, uint16_t port, const HttpSite *site,
                            const HttpConfig *config)
{
    HttpServer *server = g_new0(HttpServer, 1);

    server->host = host;
    server->site = site;
    server->config = config;
    server->listener = tcp_listen(host->tcp, port, 0, accept_one, server);
    g_assert(server->listener != NULL);
    return server;
}

void http_server_free(HttpServer *server)
{
    while (server->connections != NULL)
        connection_free(server->connections);
    tcp_unlisten(server->listener);
    g_free(server);
}
