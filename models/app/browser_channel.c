/* browser_channel.c - one connection of a browser: a request out, a response
 * in, over and over; see browser_parts.h. */
#include "browser_parts.h"

static const char *end_text(TcpEnd end)
{
    switch (end) {
    case TCP_END_REFUSED:
        return "refused";
    case TCP_END_RESET:
        return "reset";
    case TCP_END_TIMED_OUT:
        return "timed out";
    case TCP_END_UNREACHABLE:
        return "unreachable";
    case TCP_END_NO_PORT:
        return "no local port left";
    case TCP_END_ABORTED:
        return "aborted";
    case TCP_END_CLOSED:
    case TCP_ENDS:
        break;
    }
    return "closed too early";
}

static Sim *sim_of(const Channel *channel)
{
    return channel->browser->host->sim;
}

static void list_add(Channel *channel, Channel **list)
{
    channel->next = *list;
    channel->link = list;
    if (channel->next != NULL)
        channel->next->link = &channel->next;
    *list = channel;
}

static void list_remove(Channel *channel)
{
    *channel->link = channel->next;
    if (channel->next != NULL)
        channel->next->link = channel->link;
    if (channel->pool != NULL)
        channel->pool->channel_count--;
}

void channel_free(Channel *channel)
{
    Sim *sim = sim_of(channel);

    event_cancel(sim, &channel->close);
    list_remove(channel);
    http_parser_clear(&channel->parser);
    slice_clear(&channel->out);
    slab_free(sim_slab(sim, SLAB_BROWSER_CONNECTION, sizeof *channel), channel);
}

void channel_abort(Channel *channel)
{
    Tcb *tcb = channel->tcb;

    bool ending = channel->browser->ending;

    channel_free(channel);
    if (!ending)
        tcp_abort(tcb);
}

static void channel_close(Channel *channel)
{
    Tcb *tcb = channel->tcb;

    channel_free(channel);
    tcp_close(tcb);
}

/* --- leaving, resting ----------------------------------------------------- */

static void close_fires(Sim *sim, Event *event)
{
    Channel *channel = sim_container_of(event, Channel, close);

    sim_wake(sim, channel->parked.cause, channel->parked.since,
             "browser closes");
    channel_close(channel);
}

/* CHANNEL is of no more use to its pool.  What is behind the answer, most often
 * the server's FIN, arrives before the browser has come to close it. */
static void channel_leaves(Channel *channel)
{
    Browser *browser = channel->browser;
    Sim *sim = sim_of(channel);

    list_remove(channel);
    channel->pool = NULL;
    channel->fetch = NULL;
    slice_clear(&channel->out);
    list_add(channel, &browser->leaving);
    channel->parked = parked_now(sim);
    event_schedule(sim, &channel->close, browser->config->reaction);
}

void channel_rests(Channel *channel)
{
    Sim *sim = sim_of(channel);

    channel->parked = parked_now(sim);
    event_schedule(sim, &channel->close, channel->browser->config->close_after);
}

/* --- the response --------------------------------------------------------- */

/* Takes what matters out of the message that PARSER has read. */
static Response take_response(HttpParser *parser)
{
    const HttpMessage *message = &parser->message;

    return (Response){
        .status = message->status,
        .body = http_parser_take_body(parser),
        .type = g_strdup(http_field(message, "Content-Type")),
        .etag = g_strdup(http_field(message, "ETag")),
        .last_modified = g_strdup(http_field(message, "Last-Modified")),
        .max_age = http_max_age(message),
    };
}

/* The response is whole.  CLEAN: it ended by itself, with nothing behind it. */
static void response_whole(Channel *channel, bool clean)
{
    Pool *pool = channel->pool;
    Fetch *fetch = channel->fetch;
    bool keep = clean && !pool->single && channel->browser->config->keepalive &&
                http_keeps_alive(&channel->parser.message) &&
                !tcp_at_end(channel->tcb);
    Response response = take_response(&channel->parser);

    fetch_arrived(fetch, &response);
    fetch->channel = NULL;
    channel->fetch = NULL;
    channel->used = true;
    if (keep)
        http_parser_next(&channel->parser);
    else
        channel_leaves(channel);
    /* Who waits goes before what this response will ask for. */
    pool_run(pool);
    fetch_respond(fetch, &response);
}

/* The connection failed its fetch, because of WHY, and is gone.  One that had
 * brought responses before may have been closed by the server just then: the
 * request is sent again on another (RFC 9112 s9.3.1). */
static void fetch_lost(Pool *pool, Fetch *fetch, bool untouched,
                       const char *why)
{
    if (untouched && !fetch->again) {
        fetch->again = true;
        pool_add_first(fetch);
        return;
    }
    fetch->channel = NULL;
    if (!pool->single)
        pool_run(pool);
    fetch_fail(fetch, why);
}

static void channel_lost(Channel *channel, const char *why, bool close)
{
    Pool *pool = channel->pool;
    Fetch *fetch = channel->fetch;
    bool untouched = channel->used && http_parser_idle(&channel->parser);
    bool opening = !channel->opened;

    if (close)
        channel_leaves(channel);
    else
        channel_free(channel);
    if (opening)
        pool_open_failed(pool, why);
    else if (fetch != NULL)
        fetch_lost(pool, fetch, untouched, why);
    else
        pool_run(pool);
}

/* The server has closed. */
static void stream_ends(Channel *channel)
{
    if (channel->fetch != NULL) {
        http_parser_end(&channel->parser);
        if (channel->parser.phase == HTTP_COMPLETE) {
            response_whole(channel, false);
            return;
        }
    }
    channel_lost(channel, "truncated", true);
}

/* Feeds PIECE to the parser; true when the channel may be gone. */
static bool take_piece(Channel *channel, const Slice *piece)
{
    HttpParser *parser = &channel->parser;
    bool clean;

    if (channel->fetch == NULL) {
        channel_lost(channel, "an answer to nothing", true);
        return true;
    }
    if (http_parser_idle(parser))
        fetch_first_byte(channel->fetch);
    clean = http_parser_feed(parser, piece) == piece->len;
    /* A message about the request before its answer (RFC 9110 s15.2). */
    if (clean && parser->phase == HTTP_COMPLETE &&
        parser->message.status / 100 == 1) {
        http_parser_next(parser);
        return false;
    }
    if (parser->phase == HTTP_COMPLETE) {
        response_whole(channel, clean);
        return true;
    }
    if (parser->phase == HTTP_BAD) {
        channel_lost(channel, "its answer is no HTTP", true);
        return true;
    }
    return false;
}

static void readable(Tcb *tcb, void *user)
{
    Channel *channel = user;
    Slice piece;

    if (channel->pool == NULL)
        return;
    while (tcp_read(tcb, &piece)) {
        bool over = take_piece(channel, &piece);

        slice_clear(&piece);
        if (over)
            return;
    }
    if (tcp_at_end(tcb))
        stream_ends(channel);
}

/* --- the request ---------------------------------------------------------- */

static void write_out(Channel *channel)
{
    uint32_t took = tcp_write(channel->tcb, &channel->out, false);
    Slice rest = slice_part(&channel->out, took, channel->out.len - took);

    slice_clear(&channel->out);
    if (rest.len > 0)
        channel->out = rest;
    else
        slice_clear(&rest);
}

void channel_send(Channel *channel, Fetch *fetch)
{
    GBytes *request = fetch_request(fetch);

    event_cancel(sim_of(channel), &channel->close);
    channel->fetch = fetch;
    fetch->channel = channel;
    channel->out = (Slice){request, 0, (uint32_t)g_bytes_get_size(request)};
    fetch_sent(fetch, channel->used);
    write_out(channel);
}

static void writable(Tcb *tcb, void *user)
{
    Channel *channel = user;

    if (channel->out.len != 0)
        write_out(channel);
}

/* --- opening -------------------------------------------------------------- */

static void opened(Tcb *tcb, void *user)
{
    Channel *channel = user;

    channel->opened = true;
    pool_run(channel->pool);
}

static void gone(Tcb *tcb, void *user, TcpEnd end)
{
    Channel *channel = user;

    if (channel->pool == NULL)
        channel_free(channel);
    else
        channel_lost(channel, end_text(end), false);
}

static const TcpUser browser_user = {
    .opened = opened, .readable = readable, .writable = writable, .gone = gone};

bool channel_open(Pool *pool, const char **why)
{
    Host *host = pool->browser->host;
    Channel *channel = slab_alloc(
        sim_slab(host->sim, SLAB_BROWSER_CONNECTION, sizeof *channel));
    TcpEnd end = TCP_END_UNREACHABLE;

    *channel = (Channel){.browser = pool->browser, .pool = pool};
    list_add(channel, &pool->channels);
    pool->channel_count++;
    http_parser_init(&channel->parser, false);
    event_init(&channel->close, close_fires);
    channel->tcb = tcp_connect(host->tcp, pool->address, pool->port, 0,
                               &browser_user, channel, &end);
    if (channel->tcb != NULL)
        return true;
    channel_free(channel);
    *why = end_text(end);
    return false;
}
