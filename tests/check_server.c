/* check_server.c - the web server as bytes on a connection: what it answers to
 * requests good and bad, one after the other and all at once. */
#include <stdlib.h>
#include <string.h>

#include "tests/app_net.h"
#include "models/app/http.h"
#include "tests/run_tests.h"

enum { CLIENT, WEB, HOSTS };
static const char *const addresses[HOSTS] = {"192.0.2.10", "203.0.113.80"};
static const HostUpper upper = {tcp_receive, udp_receive, tcp_error, udp_error};

/* A client that says everything at once, in pieces, and notes what it hears. */
typedef struct Talk {
    AppNet net;
    HttpConfig config;
    HttpSite *site;
    HttpServer *server;
    const char *says;
    GString *heard;
    bool closes;   /* its side, when it has said all */
    SimTime after; /* the connection is open, it speaks */
    Tcb *tcb;
    Event speaks;
    bool ended, reset;
    SimTime ended_at;
} Talk;

static void speak(Sim *sim, Event *event)
{
    Talk *talk = sim_container_of(event, Talk, speaks);
    GBytes *bytes = g_bytes_new_static(talk->says, strlen(talk->says));
    Slice all = {bytes, 0, (uint32_t)strlen(talk->says)};

    ck_assert_uint_eq(tcp_write(talk->tcb, &all, false), all.len);
    g_bytes_unref(bytes);
    if (talk->closes)
        tcp_shutdown(talk->tcb);
}

static void opened(Tcb *tcb, void *user)
{
    Talk *talk = user;

    talk->tcb = tcb;
    event_init(&talk->speaks, speak);
    if (talk->says[0] != '\0')
        event_schedule(&talk->net.sim, &talk->speaks, talk->after);
}

static void readable(Tcb *tcb, void *user)
{
    Talk *talk = user;
    Slice piece;

    while (tcp_read(tcb, &piece)) {
        g_string_append_len(talk->heard, (const char *)slice_data(&piece),
                            piece.len);
        slice_clear(&piece);
    }
    if (tcp_at_end(tcb)) {
        talk->ended = true;
        talk->ended_at = sim_now(&talk->net.sim);
        tcp_close(tcb);
    }
}

static void gone(Tcb *tcb, void *user, TcpEnd end)
{
    ((Talk *)user)->reset = end == TCP_END_RESET;
}

static const TcpUser client = {
    .opened = opened, .readable = readable, .gone = gone};

static void add(HttpSite *site, const char *path, const char *text)
{
    GBytes *bytes = g_bytes_new(text, strlen(text));

    http_site_add(site, path, bytes);
    g_bytes_unref(bytes);
}

/* Says SAYS to a server, AFTER so long, and runs until all is over. */
static void talk_later(Talk *talk, const char *says, SimTime after, bool closes)
{
    TcpEnd end;

    memset(talk, 0, sizeof *talk);
    talk->after = after;
    app_net_init(&talk->net, addresses, HOSTS, SIM_MS, &upper);
    config_defaults(http_keys, 0, &talk->config);
    talk->site = http_site_new();
    add(talk->site, "/a b.txt", "text");
    add(talk->site, "/index.html", "<p>home");
    talk->server =
        http_server_new(&talk->net.hosts[WEB], 80, talk->site, &talk->config);
    talk->says = says;
    talk->heard = g_string_new(NULL);
    talk->closes = closes;
    ck_assert_ptr_nonnull(tcp_connect(talk->net.hosts[CLIENT].tcp,
                                      talk->net.leaves[WEB].address, 80, 0,
                                      &client, talk, &end));
    sim_run(&talk->net.sim, SIM_NEVER);
}

static void talk_to(Talk *talk, const char *says, bool closes)
{
    talk_later(talk, says, 0, closes);
}

static void hang_up(Talk *talk)
{
    http_server_free(talk->server);
    http_site_free(talk->site);
    g_string_free(talk->heard, TRUE);
    app_net_clear(&talk->net);
}

/* How often TEXT was heard. */
static unsigned heard(const Talk *talk, const char *text)
{
    unsigned count = 0;

    for (const char *p = talk->heard->str; (p = strstr(p, text)) != NULL; p++)
        count++;
    return count;
}

#define HOST "Host: web\r\n"
#define ETAG_OF_NOTHING "\"0000000000000000\""

/* Requests, what is heard first, and what is heard besides or (after '!')
 * not. */
static const struct {
    const char *request, *begins, *also;
} answers[] = {
    {"GET / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK\r\n",
     "\r\nContent-Length: 7\r\n"},
    {"GET /index.html?q=1 HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK\r\n",
     "\r\n\r\n<p>home"},
    {"GET /a%20b.txt HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK\r\n",
     "\r\nContent-Type: text/plain; charset=utf-8\r\n"},
    {"GET http://web/ HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK\r\n",
     "\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"},
    {"HEAD / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK\r\n", "!<p>home"},
    {"GET / HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n",
     "HTTP/1.1 304 Not Modified\r\n", "!Content-Length"},
    {"GET / HTTP/1.1\r\n" HOST "If-None-Match: " ETAG_OF_NOTHING "\r\n\r\n",
     "HTTP/1.1 200 OK\r\n", "\r\nCache-Control: max-age=300\r\n"},
    /* RFC 9110 s13.2.2: with If-None-Match, the date does not count. */
    {"GET / HTTP/1.1\r\n" HOST "If-None-Match: " ETAG_OF_NOTHING "\r\n"
     "If-Modified-Since: Wed, 31 Dec 2025 12:00:00 GMT\r\n\r\n",
     "HTTP/1.1 200 OK\r\n", "\r\nETag: \""},
    {"GET / HTTP/1.1\r\n" HOST
     "If-Modified-Since: Wed, 31 Dec 2025 12:00:00 GMT\r\n\r\n",
     "HTTP/1.1 304 Not Modified\r\n", "!<p>home"},
    {"GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n",
     "\r\nConnection: close\r\n"},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HTTP/1.1 200 OK\r\n",
     "\r\nConnection: keep-alive\r\n"},
    {"GET /none HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 404 Not Found\r\n",
     "<p>404 Not Found</p>"},
    {"HEAD /none HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 404 Not Found\r\n",
     "!<p>"},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
     "HTTP/1.1 405 Method Not Allowed\r\n", "\r\nAllow: GET, HEAD\r\n"},
    {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n",
     "\r\nConnection: close\r\n"},
    {"nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n",
     "\r\nConnection: close\r\n"},
    {"GET / HTTP/2.0\r\n" HOST "\r\n",
     "HTTP/1.1 505 HTTP Version Not Supported\r\n", "!<p>home"},
};

START_TEST(a_request_has_its_answer)
{
    bool want = answers[_i].also[0] != '!';
    const char *also = answers[_i].also + (want ? 0 : 1);
    Talk talk;

    talk_to(&talk, answers[_i].request, false);
    ck_assert_msg(g_str_has_prefix(talk.heard->str, answers[_i].begins), "%s",
                  talk.heard->str);
    ck_assert_msg((heard(&talk, also) != 0) == want, "%s: %s", also,
                  talk.heard->str);
    ck_assert_uint_eq(heard(&talk, "HTTP/1.1 "), 1);
    /* The server closes in the end, in order. */
    ck_assert(talk.ended && !talk.reset);
    hang_up(&talk);
}
END_TEST

START_TEST(requests_sent_ahead_are_answered_in_order)
{
    const char *home, *text;
    Talk talk;

    talk_to(&talk,
            "GET / HTTP/1.1\r\n" HOST "\r\n"
            "GET /a%20b.txt HTTP/1.1\r\n" HOST "\r\n"
            "GET /none HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"
            "GET / HTTP/1.1\r\n" HOST "\r\n",
            false);
    /* After Connection: close nothing is answered. */
    ck_assert_uint_eq(heard(&talk, "HTTP/1.1 "), 3);
    home = strstr(talk.heard->str, "<p>home");
    text = strstr(talk.heard->str, "\r\n\r\ntext");
    ck_assert(home != NULL && text != NULL && home < text);
    ck_assert_uint_eq(heard(&talk, "404 Not Found\r\n"), 1);
    ck_assert(talk.ended && !talk.reset);
    hang_up(&talk);
}
END_TEST

START_TEST(a_client_that_closes_early_is_answered_all_the_same)
{
    Talk talk;

    talk_to(&talk, "GET / HTTP/1.1\r\n" HOST "\r\n", true);
    ck_assert_uint_eq(heard(&talk, "<p>home"), 1);
    ck_assert(talk.ended && !talk.reset);
    hang_up(&talk);
    /* Half a request is none. */
    talk_to(&talk, "GET / HTT", true);
    ck_assert_uint_eq(talk.heard->len, 0);
    ck_assert(talk.ended && !talk.reset);
    hang_up(&talk);
}
END_TEST

#define GET "GET / HTTP/1.1\r\n" HOST "\r\n"

/* What is said how long after the connection is open, which answers come, and
 * when the server closes at last: request_time is 60 s, keepalive_time 5 s;
 * server_time 1 ms, and a packet takes 2 ms over the two lines. */
static const struct {
    const char *says;
    SimTime after;
    unsigned ok, timed_out;
    SimTime from, to;
} waits[] = {
    {"", 0, 0, 0, 60 * SIM_S, 60 * SIM_S + 10 * SIM_MS},
    {"GET / HT", 0, 0, 1, 60 * SIM_S, 60 * SIM_S + 10 * SIM_MS},
    {"GET / HT", 20 * SIM_S, 0, 1, 60 * SIM_S, 60 * SIM_S + 10 * SIM_MS},
    {GET, 0, 1, 0, 5 * SIM_S, 5 * SIM_S + 20 * SIM_MS},
    {GET, 20 * SIM_S, 1, 0, 25 * SIM_S, 25 * SIM_S + 20 * SIM_MS},
    {GET "GET / HT", 20 * SIM_S, 1, 1, 80 * SIM_S, 80 * SIM_S + 20 * SIM_MS},
};

START_TEST(the_first_request_has_more_time_than_the_next)
{
    Talk talk;

    talk_later(&talk, waits[_i].says, waits[_i].after, false);
    ck_assert_uint_eq(heard(&talk, "HTTP/1.1 200 OK"), waits[_i].ok);
    ck_assert_uint_eq(heard(&talk, "HTTP/1.1 408 Request Timeout"),
                      waits[_i].timed_out);
    ck_assert_uint_eq(heard(&talk, "HTTP/1.1 "),
                      waits[_i].ok + waits[_i].timed_out);
    ck_assert_uint_eq(heard(&talk, "Connection: close"), waits[_i].timed_out);
    ck_assert(talk.ended && !talk.reset);
    ck_assert_int_ge(talk.ended_at, waits[_i].from);
    ck_assert_int_lt(talk.ended_at, waits[_i].to);
    hang_up(&talk);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("server");

    tcase_add_loop_test(tcase, a_request_has_its_answer, 0,
                        G_N_ELEMENTS(answers));
    tcase_add_test(tcase, requests_sent_ahead_are_answered_in_order);
    tcase_add_test(tcase, a_client_that_closes_early_is_answered_all_the_same);
    tcase_add_loop_test(tcase, the_first_request_has_more_time_than_the_next, 0,
                        G_N_ELEMENTS(waits));
    return run_tests("server", tcase, NULL);
}
