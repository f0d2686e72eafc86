/* theory.c - the tree of a handshake, walked for each pair of clock phases. */
#include "theory.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "sim/wheel.h"

enum { SYNS_MAX = 64 };

/* What is less likely than this is cut, and counted as failed. */
static const double NEGLIGIBLE = 1e-11;

typedef struct Clock {
    const TcpConfig *config;
    SimTime phase; /* of the jiffy counter at the handshake's time 0 */
} Clock;

typedef struct Atom {
    SimTime latency;
    double chance;
} Atom;

/* What the server may have: its half-open connection, or none. */
typedef struct HalfOpen {
    bool open;
    unsigned timeouts;
    SimTime fires;
    double chance; /* of this, and that no SYN-ACK has arrived */
} HalfOpen;

/* One walk: everything that is fixed once the phases are. */
typedef struct Walk {
    const SynPath *path;
    Clock server;
    SimTime *intervals;    /* of the server's timer, after so many time-outs */
    SimTime syn[SYNS_MAX]; /* when the client sends each */
    unsigned syns;
    SimTime gives_up;
    double weight;    /* of this pair of phases */
    GArray *states;   /* of HalfOpen: all that may be, each once */
    double *restarts; /* chance of those whose timer a SYN starts again, by
                         their time-outs */
    GArray *atoms;    /* of Atom */
    double failed;    /* sum over all walks */
} Walk;

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

static void set_intervals(Walk *walk, const TcpConfig *server)
{
    SimTime rto = tcp_first_syn_timeout(server);

    walk->intervals = g_new(SimTime, server->synack_retries + 1);
    walk->restarts = g_new(double, server->synack_retries + 1);
    for (unsigned i = 0; i <= server->synack_retries; i++) {
        walk->intervals[i] = rto;
        rto = tcp_next_syn_timeout(server, rto, i == 0);
    }
}

/* The server sends a SYN-ACK at NOW, with its timer at TIMEOUTS, in states of
 * CHANCE together: it arrives, or the state that is returned goes on. */
static HalfOpen syn_ack(Walk *walk, SimTime now, unsigned timeouts,
                        double chance)
{
    double arrives = chance * walk->path->arrives_back;
    Atom atom = {now + walk->path->back, arrives * walk->weight};

    if (arrives > 0)
        g_array_append_val(walk->atoms, atom);
    return (HalfOpen){true, timeouts,
                      fires_at(&walk->server, now, walk->intervals[timeouts]),
                      chance - arrives};
}

/* Lets HALF's timer fire until END; at END itself too, because it was set
 * before what happens then. */
static void run_timer(Walk *walk, HalfOpen *half, SimTime end)
{
    while (half->open && half->chance > NEGLIGIBLE && half->fires <= end &&
           half->fires + walk->path->back < walk->gives_up) {
        if (half->timeouts >= walk->server.config->synack_retries)
            half->open = false;
        else
            *half =
                syn_ack(walk, half->fires, half->timeouts + 1, half->chance);
    }
}

/* A SYN arrives at NOW, or is lost: each state becomes two.  Those that the SYN
 * makes the same are joined, so that there are few, not 2^SYNs. */
static void syn_comes(Walk *walk, SimTime now)
{
    const TcpConfig *server = walk->server.config;
    double arrives = walk->path->arrives_there;
    unsigned count = walk->states->len;

    for (unsigned i = 0; i <= server->synack_retries; i++)
        walk->restarts[i] = 0;
    for (unsigned i = 0; i < count; i++) {
        HalfOpen *half = &g_array_index(walk->states, HalfOpen, i);

        /* Otherwise it draws an ACK, which a client in SYN-SENT ignores. */
        if (half->open && !server->answer_syn)
            continue;
        walk->restarts[half->open ? half->timeouts : 0] +=
            half->chance * arrives;
        half->chance *= 1 - arrives;
    }
    for (unsigned i = 0; i <= server->synack_retries; i++) {
        HalfOpen half;

        if (walk->restarts[i] <= 0)
            continue;
        half = syn_ack(walk, now, i, walk->restarts[i]);
        g_array_append_val(walk->states, half);
    }
}

/* Lets all timers fire until END, and forgets what is negligible. */
static void run_timers(Walk *walk, SimTime end)
{
    HalfOpen *states = (HalfOpen *)(void *)walk->states->data;
    unsigned kept = 0;

    for (unsigned i = 0; i < walk->states->len; i++) {
        run_timer(walk, &states[i], end);
        if (states[i].chance > NEGLIGIBLE)
            states[kept++] = states[i];
        else
            walk->failed += states[i].chance * walk->weight;
    }
    g_array_set_size(walk->states, kept);
}

/* From the first SYN until the client gives up. */
static void walk_on(Walk *walk)
{
    HalfOpen nothing = {.chance = 1};

    g_array_set_size(walk->states, 0);
    g_array_append_val(walk->states, nothing);
    for (unsigned i = 0; i < walk->syns; i++) {
        SimTime now = walk->syn[i] + walk->path->there;

        if (now + walk->path->back >= walk->gives_up)
            break;
        run_timers(walk, now);
        syn_comes(walk, now);
    }
    run_timers(walk, SIM_NEVER);
    for (unsigned i = 0; i < walk->states->len; i++)
        walk->failed +=
            g_array_index(walk->states, HalfOpen, i).chance * walk->weight;
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
        walk_on(walk);
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
                 .states = g_array_new(FALSE, FALSE, sizeof(HalfOpen)),
                 .atoms = g_array_new(FALSE, FALSE, sizeof(Atom))};
    SynTheory *theory = NULL;

    set_intervals(&walk, server);
    walk_all(&walk, client, server, phases);
    g_free(walk.intervals);
    g_free(walk.restarts);
    g_array_free(walk.states, TRUE);
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
