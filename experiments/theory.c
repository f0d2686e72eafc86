/* theory.c - the tree of a handshake, walked for each pair of clock phases. */
#include "theory.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "sim/wheel.h"

enum { SYNS_MAX = 64 };

/* A path of the tree less likely than this is cut, and counted as failed. */
static const double NEGLIGIBLE = 1e-11;

typedef struct Clock {
    const TcpConfig *config;
    SimTime phase; /* of the jiffy counter at the handshake's time 0 */
} Clock;

typedef struct Atom {
    SimTime latency;
    double chance;
} Atom;

/* One walk: everything that is fixed once the phases are. */
typedef struct Walk {
    const SynPath *path;
    Clock server;
    SimTime syn[SYNS_MAX]; /* when the client sends each */
    unsigned syns;
    SimTime gives_up;
    double weight; /* of this pair of phases */
    GArray *atoms; /* of Atom */
    double failed; /* sum over all walks */
} Walk;

/* A half-open connection at the server. */
typedef struct HalfOpen {
    bool open;
    unsigned timeouts;
    SimTime fires;
} HalfOpen;

/* When a timer of CLOCK's host, armed at NOW for DELAY, fires. */
static SimTime fires_at(const Clock *clock, SimTime now, SimTime delay)
{
    if (clock->config->timers == TCP_TIMERS_EXACT)
        return now + delay;
    return wheel_fire(now, delay, clock->config->jiffy, clock->phase);
}

/* How long N doublings take, and the wait after them. */
static SimTime doublings(const TcpConfig *config, unsigned n)
{
    SimTime rto = tcp_first_syn_timeout(config), sum = rto;

    for (unsigned i = 0; i < n; i++) {
        rto = tcp_next_syn_timeout(config, rto, i == 0);
        sum += rto;
    }
    return sum;
}

/* The client gives up at its time-out number EXPIRED, ELAPSED since its first
 * SYN: after so many SYNs, or when so much time has passed as plain doubling
 * would have taken (Linux's second limit), or open_timeout. */
static bool client_gives_up(const TcpConfig *config, unsigned expired,
                            SimTime elapsed)
{
    return expired > config->syn_retries + config->syn_linear_timeouts ||
           (config->retries_rule == TCP_RETRIES_TIME && expired > 1 &&
            elapsed >= doublings(config, config->syn_retries)) ||
           (config->open_timeout != 0 && elapsed >= config->open_timeout);
}

static void client_schedule(Walk *walk, const Clock *client)
{
    const TcpConfig *config = client->config;
    SimTime now = 0, rto = tcp_first_syn_timeout(config);
    SimTime most = config->open_timeout != 0 ? config->open_timeout : SIM_NEVER;

    walk->syns = 0;
    for (unsigned expired = 1;; expired++) {
        walk->syn[walk->syns++] = now;
        now = fires_at(client, now, MIN(rto, most - now));
        if (walk->syns == SYNS_MAX || client_gives_up(config, expired, now))
            break;
        if (expired > config->syn_linear_timeouts)
            rto = tcp_next_syn_timeout(
                config, rto, expired == config->syn_linear_timeouts + 1);
    }
    walk->gives_up = now;
}

/* The server's timer after TIMEOUTS of its time-outs. */
static SimTime server_interval(const TcpConfig *config, unsigned timeouts)
{
    SimTime rto = tcp_first_syn_timeout(config);

    for (unsigned i = 0; i < timeouts; i++)
        rto = tcp_next_syn_timeout(config, rto, i == 0);
    return rto;
}

/* The server sends a SYN-ACK at NOW: it arrives, or CHANCE goes on. */
static void syn_ack(Walk *walk, HalfOpen *half, SimTime now, double *chance)
{
    double arrives = *chance * walk->path->arrives_back;
    Atom atom = {now + walk->path->back, arrives * walk->weight};

    if (arrives > 0)
        g_array_append_val(walk->atoms, atom);
    *chance -= arrives;
    half->fires =
        fires_at(&walk->server, now,
                 server_interval(walk->server.config, half->timeouts));
}

static void server_timer(Walk *walk, HalfOpen *half, double *chance)
{
    if (half->timeouts >= walk->server.config->synack_retries) {
        half->open = false;
        return;
    }
    half->timeouts++;
    syn_ack(walk, half, half->fires, chance);
}

static void syn_arrives(Walk *walk, HalfOpen *half, SimTime now, double *chance)
{
    if (half->open && !walk->server.config->answer_syn)
        return; /* it draws an ACK, which a client in SYN-SENT ignores */
    if (!half->open)
        *half = (HalfOpen){.open = true};
    syn_ack(walk, half, now, chance);
}

/* What follows when the client's SYNs before NUMBER have been dealt with, the
 * server is in state HALF, and all this has CHANCE and no SYN-ACK has arrived.
 */
static void walk_on(Walk *walk, unsigned number, HalfOpen half, double chance)
{
    const SynPath *path = walk->path;

    while (chance > NEGLIGIBLE) {
        SimTime syn =
            number < walk->syns ? walk->syn[number] + path->there : SIM_NEVER;
        SimTime timer = half.open ? half.fires : SIM_NEVER;

        if (MIN(syn, timer) == SIM_NEVER ||
            MIN(syn, timer) + path->back >= walk->gives_up)
            break;
        /* At the same time the timer, which was set earlier, comes first. */
        if (timer <= syn) {
            server_timer(walk, &half, &chance);
            continue;
        }
        walk_on(walk, number + 1, half, chance * (1 - path->arrives_there));
        chance *= path->arrives_there;
        syn_arrives(walk, &half, syn, &chance);
        number++;
    }
    walk->failed += chance * walk->weight;
}

/* How long the pattern of a host's timers takes to repeat: the coarsest step of
 * the wheel that a timer of the handshake meets. */
static SimTime wheel_period(const TcpConfig *config)
{
    SimTime jiffies;
    unsigned shift = 0;

    if (config->timers == TCP_TIMERS_EXACT)
        return 1;
    jiffies = config->rto_max / config->jiffy;
    while (jiffies >= (SimTime)63 << shift)
        shift += 3;
    return config->jiffy << shift;
}

static unsigned previous_fibonacci(unsigned n)
{
    unsigned a = 1, b = 1;

    while (b < n) {
        unsigned next = a + b;

        a = b;
        b = next;
    }
    g_assert(b == n);
    return a;
}

static void walk_all(Walk *walk, const TcpConfig *client,
                     const TcpConfig *server, unsigned phases)
{
    double period = (double)MAX(wheel_period(client), wheel_period(server));
    unsigned n = period == 1 ? 1 : phases != 0 ? phases : THEORY_PHASES;
    unsigned generator = previous_fibonacci(n);

    walk->weight = 1.0 / n;
    for (unsigned i = 0; i < n; i++) {
        Clock clock = {client, (SimTime)(period * (i + 0.5) / n)};
        double other = fmod((double)i * generator + 0.5, n) / n;

        client_schedule(walk, &clock);
        /* Without phases of their own all clocks of a run are one clock. */
        walk->server =
            (Clock){server, server->clock_phase ? (SimTime)(period * other)
                                                : clock.phase};
        walk_on(walk, 0, (HalfOpen){0}, 1);
    }
}

/* Sorts by latency, DIGIT_BITS bits at a time from the lowest: with a million
 * atoms several times as fast as comparing them. */
static void sort_atoms(GArray *atoms)
{
    enum { DIGIT_BITS = 13, DIGITS = 1 << DIGIT_BITS };
    Atom *from = (Atom *)(void *)atoms->data, *to = g_new(Atom, atoms->len);
    SimTime latest = 0;

    for (unsigned i = 0; i < atoms->len; i++)
        latest = MAX(latest, from[i].latency);
    for (unsigned shift = 0; latest >> shift > 0; shift += DIGIT_BITS) {
        unsigned place[DIGITS + 1] = {0};
        Atom *swap;

        for (unsigned i = 0; i < atoms->len; i++)
            place[(from[i].latency >> shift) % DIGITS + 1]++;
        for (unsigned digit = 0; digit < DIGITS; digit++)
            place[digit + 1] += place[digit];
        for (unsigned i = 0; i < atoms->len; i++)
            to[place[(from[i].latency >> shift) % DIGITS]++] = from[i];
        swap = from;
        from = to;
        to = swap;
    }
    if (from != (Atom *)(void *)atoms->data)
        memcpy(atoms->data, from, atoms->len * sizeof *from);
    g_free(from != (Atom *)(void *)atoms->data ? from : to);
}

/* Atoms in order of latency, equal ones joined, as shares of their SUM. */
static void collect(SynTheory *theory, GArray *atoms)
{
    double sum = 0, mean = 0, square = 0, below = 0;

    sort_atoms(atoms);
    for (unsigned i = 0; i < atoms->len; i++)
        sum += g_array_index(atoms, Atom, i).chance;
    theory->atoms = g_new(SynAtom, atoms->len);
    for (unsigned i = 0; i < atoms->len; i++) {
        Atom atom = g_array_index(atoms, Atom, i);
        double chance = atom.chance / sum;

        if (theory->count == 0 ||
            theory->atoms[theory->count - 1].latency != atom.latency)
            theory->atoms[theory->count++].latency = atom.latency;
        below += chance;
        mean += chance * (double)atom.latency;
        theory->atoms[theory->count - 1].share = below;
    }
    for (unsigned i = 0; i < atoms->len; i++) {
        Atom atom = g_array_index(atoms, Atom, i);

        square += atom.chance / sum * pow((double)atom.latency - mean, 2);
    }
    theory->mean = mean;
    theory->deviation = sqrt(square);
    theory->first_try = theory->atoms[0].share;
    theory->atoms[theory->count - 1].share = 1;
}

SynTheory *syn_theory_new(const TcpConfig *client, const TcpConfig *server,
                          const SynPath *path, unsigned phases)
{
    Walk walk = {.path = path,
                 .atoms = g_array_new(FALSE, FALSE, sizeof(Atom))};
    SynTheory *theory = NULL;

    walk_all(&walk, client, server, phases);
    if (walk.atoms->len > 0) {
        theory = g_new0(SynTheory, 1);
        theory->failed = walk.failed;
        collect(theory, walk.atoms);
    }
    g_array_free(walk.atoms, TRUE);
    return theory;
}

void syn_theory_free(SynTheory *theory)
{
    if (theory == NULL)
        return;
    g_free(theory->atoms);
    g_free(theory);
}

/* The first atom whose share is at least Q. */
static unsigned atom_at(const SynTheory *theory, double q)
{
    unsigned low = 0, high = theory->count - 1;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (theory->atoms[middle].share >= q)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

SimTime syn_theory_quantile(const SynTheory *theory, double q)
{
    return theory->atoms[atom_at(theory, q)].latency;
}

double syn_theory_cdf(const SynTheory *theory, SimTime latency)
{
    unsigned low = 0, high = theory->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (theory->atoms[middle].latency <= latency)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : theory->atoms[low - 1].share;
}
