/* torture.c - connections between two hosts of ours over a line that loses half
 * of the packets, delays each by a time of its own so that they overtake each
 * other, and delivers one in five twice.
 *
 *   torture                           the short form of `make check`
 *   torture --count 1000000 --seed 7  a million
 *   torture --seed 7 --round 1234     that round alone
 *
 * A round is a simulation of 100 connections, its profiles, settings and sizes
 * drawn from the seed.  Both ways go texts of which every byte is known.  Users
 * close in every order, some abort, some go away without reading; some pairs
 * open at once.  Keepalive is on, so that nobody waits for a peer that has
 * given up.
 *
 * Promises: a user that does not go away itself has read all that its peer
 * wrote and the end of it, or has been told of an error; what it read is right,
 * in order, once; who was told that all went well has a peer that has it all;
 * every connection ends CLOSED, and nothing is left in memory.  A broken
 * promise ends the program after the line that names seed and round. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/transport/tcp_inside.h"
#include "tests/tcb_check.h"

enum { CLIENT, SERVER, SIDES };
enum {
    SHORT_COUNT = 2000,
    ROUND = 100,   /* connections at once */
    PORT = 80,     /* of the listener; of both where both open: from PAIRS on */
    PAIRS = 20000, /* and one more for each */
    PIECE = 3000,  /* most that a user writes at once */
};

/* How a user ends its side. */
typedef enum Style {
    SHUTS,  /* shuts its side when all is written, and reads on */
    WAITS,  /* closes when it has read the end */
    LEAVES, /* closes as soon as all is written */
    ABORTS, /* in the middle */
    STYLES
} Style;

typedef struct Round Round;
typedef struct Talk Talk;

typedef struct User {
    Talk *talk;
    Tcb *tcb; /* NULL: not yet, or gone */
    uint32_t to_send, sent, received;
    Style style;
    bool opened, at_end, left; /* `left`: by itself, before the end */
    bool gone;
    TcpEnd end;
} User;

/* One connection. */
struct Talk {
    Round *round;
    uint32_t number;
    Event begins, serves;
    bool both_open;
    User users[SIDES];
};

struct Round {
    Sim sim;
    IpConfig ip;
    ArpConfig arp;
    LinkConfig line;
    TcpConfig config[SIDES];
    Host hosts[SIDES];
    Interface interfaces[SIDES];
    Link links[SIDES]; /* [CLIENT] leads to the client */
    Tcp *tcp[SIDES];
    Talk talks[ROUND];
};

typedef struct Tally {
    uint64_t connections, bytes, ends[TCP_ENDS], whole;
    uint64_t events;
} Tally;

static const HostUpper upper = {.tcp = tcp_receive, .tcp_error = tcp_error};

/* --- the users ------------------------------------------------------------ */

static uint8_t byte_at(const User *from, uint32_t i)
{
    uint32_t key = from->talk->number * 2 + (from != &from->talk->users[0]);

    return (uint8_t)(i * 7 + (i >> 8) * 13 + key * 29);
}

static User *peer_of(const User *user)
{
    User *users = user->talk->users;

    return user == &users[CLIENT] ? &users[SERVER] : &users[CLIENT];
}

static void leave(User *user, void (*how)(Tcb *))
{
    Tcb *tcb = user->tcb;

    user->left = !user->at_end;
    user->tcb = NULL;
    how(tcb);
}

static void write_more(User *user)
{
    while (user->sent < user->to_send) {
        uint32_t len = MIN(user->to_send - user->sent, PIECE), taken;
        uint8_t *bytes = g_malloc(len);
        Slice text = {g_bytes_new_take(bytes, len), 0, len};

        for (uint32_t i = 0; i < len; i++)
            bytes[i] = byte_at(user, user->sent + i);
        taken = tcp_write(user->tcb, &text, false);
        slice_clear(&text);
        user->sent += taken;
        if (user->style == ABORTS && user->sent * 2 > user->to_send) {
            leave(user, tcp_abort);
            return;
        }
        if (taken < len)
            return;
    }
    if (user->style == SHUTS)
        tcp_shutdown(user->tcb);
    else if (user->style == LEAVES)
        leave(user, tcp_close);
}

static void opened(Tcb *tcb, void *data)
{
    User *user = data;

    g_assert(user->tcb == tcb && !user->opened);
    user->opened = true;
    write_more(user);
}

static void readable(Tcb *tcb, void *data)
{
    User *user = data;
    Slice piece;

    g_assert(user->tcb == tcb);
    while (tcp_read(tcb, &piece)) {
        const uint8_t *bytes = slice_data(&piece);

        for (uint32_t i = 0; i < piece.len; i++)
            g_assert(bytes[i] == byte_at(peer_of(user), user->received + i));
        user->received += piece.len;
        slice_clear(&piece);
    }
    user->at_end = tcp_at_end(tcb);
    if (user->at_end && user->sent == user->to_send)
        leave(user, tcp_close);
}

static void writable(Tcb *tcb, void *data)
{
    User *user = data;

    g_assert(user->tcb == tcb);
    write_more(user);
    if (user->tcb != NULL && user->at_end && user->sent == user->to_send)
        leave(user, tcp_close);
}

static void gone(Tcb *tcb, void *data, TcpEnd end)
{
    User *user = data;

    g_assert(user->tcb == tcb && !user->gone);
    user->gone = true;
    user->end = end;
    user->tcb = NULL;
}

static const TcpUser user_functions = {
    .opened = opened, .readable = readable, .writable = writable, .gone = gone};

/* --- opening -------------------------------------------------------------- */

/* The server has accepted, and may go away again. */
static void serves(Sim *sim, Event *event)
{
    Talk *talk = sim_container_of(event, Talk, serves);

    if (talk->users[SERVER].tcb != NULL)
        write_more(&talk->users[SERVER]);
}

/* The client of talk N connects from port PAIRS + N. */
static void accepts(TcpListener *listener, void *data, Tcb *tcb,
                    const TcpUser **vtable, void **who)
{
    Round *round = data;
    User *user = &round->talks[tcb->conn.remote_port - PAIRS].users[SERVER];

    g_assert(!user->opened);
    user->tcb = tcb;
    user->opened = true;
    *vtable = &user_functions;
    *who = user;
    event_schedule(&round->sim, &user->talk->serves, 0);
}

static IpAddress address_of(int side)
{
    return ip_from_v4(0xc0000201u + (unsigned)side); /* 192.0.2.1, .2 */
}

static void connects(Talk *talk, int side, uint16_t port)
{
    User *user = &talk->users[side];

    user->tcb = tcp_connect(talk->round->tcp[side], address_of(!side), port,
                            (uint16_t)(PAIRS + talk->number), &user_functions,
                            user, &user->end);
    g_assert(user->tcb != NULL);
}

static void begins(Sim *sim, Event *event)
{
    Talk *talk = sim_container_of(event, Talk, begins);

    if (talk->both_open) {
        connects(talk, CLIENT, (uint16_t)(PAIRS + talk->number));
        connects(talk, SERVER, (uint16_t)(PAIRS + talk->number));
    } else {
        connects(talk, CLIENT, PORT);
    }
}

/* --- a round -------------------------------------------------------------- */

static uint32_t draw_len(Stream *draw)
{
    switch (stream_below(draw, 100)) {
    case 0:
        return (uint32_t)stream_below(draw, 100000);
    case 1 ... 10:
        return 0;
    case 11 ... 40:
        return (uint32_t)stream_below(draw, 100);
    default:
        return (uint32_t)stream_below(draw, 8000);
    }
}

static Style draw_style(Stream *draw)
{
    uint64_t n = stream_below(draw, 20);

    return n < 10 ? SHUTS : n < 18 ? WAITS : n < 19 ? LEAVES : ABORTS;
}

/* How many words the key CONGESTION may have. */
static uint64_t congestions(void)
{
    const ConfigKey *key = tcp_keys;
    uint64_t words = 1;

    while (strcmp(key->key, "congestion") != 0)
        key++;
    for (const char *c = key->choices; *c != '\0'; c++)
        words += *c == '|';
    return words;
}

static void draw_settings(Stream *draw, TcpConfig *config)
{
    config_defaults(tcp_keys, (unsigned)stream_below(draw, TCP_PROFILES),
                    config);
    config->timestamps &= stream_below(draw, 4) != 0;
    config->sack &= stream_below(draw, 4) != 0;
    config->window_scaling &= stream_below(draw, 4) != 0;
    config->congestion = (int)stream_below(draw, congestions());
    config->receive_buffer = 4000 + stream_below(draw, 100000);
    config->send_buffer = 4000 + stream_below(draw, 100000);
    config->keepalive_idle = 100 * SIM_S;
    config->keepalive_interval = 75 * SIM_S;
    config->fin_timeout = MAX(config->fin_timeout, 60 * SIM_S);
}

static void draw_talk(Round *round, uint32_t number, Stream *draw)
{
    Talk *talk = &round->talks[number];

    talk->round = round;
    talk->number = number;
    talk->both_open = stream_below(draw, 50) == 0;
    for (int side = 0; side < SIDES; side++) {
        talk->users[side].talk = talk;
        talk->users[side].to_send = draw_len(draw);
        talk->users[side].style = draw_style(draw);
        if (talk->users[side].to_send == 0 && talk->users[side].style == ABORTS)
            talk->users[side].style = SHUTS; /* it has no middle */
    }
    /* Both would wait for the other's end. */
    if (talk->users[CLIENT].style == WAITS &&
        talk->users[SERVER].style == WAITS)
        talk->users[stream_below(draw, SIDES)].style = SHUTS;
    event_init(&talk->begins, begins);
    event_init(&talk->serves, serves);
    event_schedule(&round->sim, &talk->begins,
                   stream_uniform(draw, 0, 10 * SIM_S));
}

static void raise_side(Round *round, int side)
{
    Host *host = &round->hosts[side];
    Interface *interface = &round->interfaces[side];

    host_init(host, &round->sim, (uint32_t)side, (uint32_t)side + 1, &round->ip,
              &round->arp, false);
    interface_init(interface, host, 0, address_of(side), 127,
                   (MacAddress){0x020000000001ull + (unsigned)side});
    interface->point_to_point = true;
    interface->peer = &round->interfaces[!side];
    interface->out = &round->links[!side];
    host->interfaces = interface;
    host->interface_count = 1;
    host->upper = &upper;
    host->routes.has_fallback = true;
    link_init(&round->links[side], &round->sim, &round->line,
              side == CLIENT ? "server -> client" : "client -> server",
              (uint32_t)!side, &interface->port, (uint32_t)side);
    round->tcp[side] = tcp_new(host, &round->config[side]);
}

static void raise_round(Round *round, Stream *draw)
{
    config_defaults(ip_keys, 0, &round->ip);
    config_defaults(arp_keys, 0, &round->arp);
    config_defaults(link_keys, 0, &round->line);
    round->arp.mode = ARP_STATIC;
    round->line.rate = stream_below(draw, 2) * 10000000;
    round->line.delay = 10 * SIM_MS;
    round->line.loss = 0.5;
    round->line.jitter = stream_uniform(draw, 1, 40 * SIM_MS);
    round->line.reorder = true;
    round->line.duplicate = 0.2;
    link_config_finish(&round->line);
    for (int side = 0; side < SIDES; side++)
        draw_settings(draw, &round->config[side]);
    /* 2^32 comes in the middle of a client's text.  A server needs a new number
     * each time: it may see an old SYN again. */
    round->config[CLIENT].iss_fixed = stream_below(draw, 2);
    round->config[CLIENT].iss = 0u - (uint32_t)stream_below(draw, 5000);
    for (int side = 0; side < SIDES; side++)
        raise_side(round, side);
    tcp_listen(round->tcp[SERVER], PORT, 0, accepts, round);
}

/* --- what must hold ------------------------------------------------------- */

static void check_user(const User *user, Tally *tally)
{
    const User *peer = peer_of(user);
    bool whole = user->at_end && user->received == peer->to_send;
    bool told = user->gone && user->end != TCP_END_CLOSED;

    g_assert(user->tcb == NULL);
    g_assert(user->received <= peer->sent);
    /* A server of which nothing was ever heard has no user. */
    if (user->opened || user == &user->talk->users[CLIENT])
        g_assert(whole || told || user->left);
    if (user->at_end) /* nobody but who has sent all says that it is all */
        g_assert(whole && peer->style != ABORTS);
    if (user->gone && user->end == TCP_END_CLOSED)
        g_assert(peer->left || peer->received == user->to_send);
    tally->whole += whole;
    tally->ends[user->gone ? user->end : TCP_END_CLOSED] += user->opened;
    tally->bytes += user->received;
}

static void run_round(uint64_t seed, uint32_t number, Tally *tally)
{
    Round *round = g_new0(Round, 1);
    Stream draw;

    sim_init(&round->sim, seed, number);
    stream_init(&draw, &round->sim, "torture", "round");
    raise_round(round, &draw);
    for (uint32_t n = 0; n < ROUND; n++)
        draw_talk(round, n, &draw);
    /* Now and then every connection is looked at from inside. */
    for (int look = 0; look < 40 && sim_step(&round->sim); look++) {
        for (int events = 0; events < 500 && sim_step(&round->sim);)
            events++;
        for (int side = 0; side < SIDES; side++)
            tcb_check_all(round->tcp[side]);
    }
    sim_run(&round->sim, SIM_NEVER);
    for (uint32_t n = 0; n < ROUND; n++)
        for (int side = 0; side < SIDES; side++)
            check_user(&round->talks[n].users[side], tally);
    tally->connections += ROUND;
    tally->events += round->sim.events;
    for (int side = 0; side < SIDES; side++) {
        for (int s = TCP_SYN_SENT; s < TCP_STATES; s++)
            g_assert(tcp_count(round->tcp[side], (TcpState)s) == 0);
        tcp_free(round->tcp[side]);
        link_clear(&round->links[side]);
        host_clear(&round->hosts[side]);
    }
    sim_clear(&round->sim);
    g_free(round);
}

/* --- the program ---------------------------------------------------------- */

static char where[128]; /* what a signal's handler writes */

static void died(int number)
{
    ssize_t ignored = write(STDERR_FILENO, where, strlen(where));

    (void)ignored;
    signal(number, SIG_DFL);
    raise(number);
}

static void print_tally(const Tally *tally)
{
    printf("%" G_GUINT64_FORMAT " connections, %" G_GUINT64_FORMAT
           " events, %" G_GUINT64_FORMAT " bytes read; %" G_GUINT64_FORMAT
           " sides had all\n",
           tally->connections, tally->events, tally->bytes, tally->whole);
    for (int end = 0; end < TCP_ENDS; end++)
        printf("%-14s %" G_GUINT64_FORMAT "\n", tcp_end_name((TcpEnd)end),
               tally->ends[end]);
}

int main(int argc, char **argv)
{
    gint64 count = SHORT_COUNT, seed = 1, only = -1;
    const GOptionEntry options[] = {
        {"count", 0, 0, G_OPTION_ARG_INT64, &count, "Of connections", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Of everything", "N"},
        {"round", 0, 0, G_OPTION_ARG_INT64, &only, "That one alone", "N"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    GOptionContext *context = g_option_context_new(NULL);
    GError *error = NULL;
    Tally tally = {0};
    gint64 first, end;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        g_error("%s", error->message);
    g_option_context_free(context);
    first = only >= 0 ? only : 0;
    end = only >= 0 ? only + 1 : (count + ROUND - 1) / ROUND;
    signal(SIGABRT, died);
    signal(SIGSEGV, died);
    signal(SIGFPE, died);
    signal(SIGALRM, died);
    for (gint64 number = first; number < end; number++) {
        g_snprintf(where, sizeof where,
                   "torture: --seed %" G_GINT64_FORMAT
                   " --round %" G_GINT64_FORMAT "\n",
                   seed, number);
        alarm(300); /* a round takes a second */
        run_round((uint64_t)seed, (uint32_t)number, &tally);
    }
    print_tally(&tally);
    return EXIT_SUCCESS;
}
