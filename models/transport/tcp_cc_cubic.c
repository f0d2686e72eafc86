/* tcp_cc_cubic.c - CUBIC (RFC 9438; RFC 9293 MAY-18), in the integers of Linux.
 *
 * After a reduction the window follows W(t) = C (t - K)^3 + W_max (equation 1)
 * with K = cbrt((W_max - cwnd) / C) (equation 2), C = 0.4 and beta_cubic = 0.7,
 * or what Reno would have (s4.3) where that is more.  RFC's names; where the
 * text leaves a choice it is Linux's (net/ipv4/tcp_cubic.c, 6.18):
 * - constants are fractions of 1024: beta 717, C 410; t and K in 1/1024 s;
 * - the window to aim at is worked out once in a jiffy; between two of them it
 *   grows by one segment for every `count` acknowledged (at most one in two,
 *   s4.4; before W_max is known at least one in twenty);
 * - t counts from the first ACK of the epoch plus the least round trip (s4.2);
 * - a time-out forgets W_max;
 * - time in which nothing was in flight does not count (s4.2, s5.8).
 * K is the exact integer root; Linux's table is within 0.2 % of it. */
#include "tcp_inside.h"

#include <glib.h>

enum {
    BETA = 717,          /* beta_cubic, of 1024 */
    C = 410,             /* of 1024 */
    FRACTION = 10,       /* bits: t and K in 1/1024 s */
    RENO = 15,           /* 8 / alpha_cubic, s4.3: 8 (1 + b) / (3 (1 - b)) */
    MOST_COUNT = 20,     /* while W_max is not known */
    LEAST_COUNT = 2,     /* s4.4: at most half a window in a round trip */
    MOST_TIME = 1 << 18, /* |t - K|; its cube times C still fits 64 bits */
};

typedef struct Cubic {
    HyStart hystart;
    uint32_t count;       /* segments to acknowledge for one more of window */
    uint32_t w_max;       /* segments; 0: not known */
    uint32_t origin;      /* where the curve is flat: W_max or the window */
    uint32_t k;           /* 1/1024 s */
    uint32_t epoch;       /* jiffy in which growth began, 0: not yet */
    uint32_t worked_out;  /* jiffy of the last look at the curve */
    uint32_t worked_cwnd; /* ... and the window then */
    uint32_t w_est;       /* Reno's window, s4.3 */
    uint32_t w_est_acked; /* segments acknowledged towards its next */
} Cubic;

/* --- the kernel's clock --------------------------------------------------- */

static SimTime jiffy(const Tcb *tcb)
{
    const TcpConfig *config = tcb->conn.tcp->config;

    return config->timers == TCP_TIMERS_WHEEL ? config->jiffy : SIM_MS;
}

/* Never 0. */
static uint32_t jiffies(const Tcb *tcb, SimTime at)
{
    return (uint32_t)((at + tcb->conn.tcp->phase) / jiffy(tcb)) + 1;
}

static uint32_t hz(const Tcb *tcb) { return (uint32_t)(SIM_S / jiffy(tcb)); }

/* --- the curve ------------------------------------------------------------ */

/* The largest integer whose cube is not above A. */
static uint32_t cube_root(uint64_t a)
{
    uint64_t root = 0;

    for (int bit = 20; bit >= 0; bit--) {
        uint64_t more = root | (uint64_t)1 << bit;

        if (more * more * more <= a)
            root = more;
    }
    return (uint32_t)root;
}

static void begin_epoch(Tcb *tcb, Cubic *c, uint32_t now, uint32_t segments)
{
    uint64_t scale = ((uint64_t)1 << (FRACTION + 3 * FRACTION)) / C;

    c->epoch = now;
    c->w_est = tcb->cwnd;
    c->w_est_acked = segments;
    c->origin = MAX(c->w_max, tcb->cwnd);
    c->k = cube_root(scale * (c->origin - tcb->cwnd));
}

/* Equation 1, a round trip ahead: the window to have by then. */
static uint32_t target(const Tcb *tcb, const Cubic *c, uint32_t now)
{
    uint64_t step = (uint64_t)(jiffy(tcb) / SIM_US);
    uint64_t t = now - c->epoch + (c->hystart.least_rtt + step - 1) / step;
    uint64_t away, delta;

    t = (t << FRACTION) / hz(tcb);
    away = MIN(t < c->k ? c->k - t : t - c->k, MOST_TIME);
    delta = (C * away * away * away) >> (FRACTION + 3 * FRACTION);
    if (t < c->k)
        return c->origin - (uint32_t)MIN(delta, c->origin);
    return (uint32_t)MIN(c->origin + delta, UINT32_MAX);
}

/* s4.3: not slower than Reno would be. */
static void keep_up_with_reno(const Tcb *tcb, Cubic *c)
{
    uint32_t each = (tcb->cwnd * RENO) >> 3;

    while (each > 0 && c->w_est_acked > each) {
        c->w_est_acked -= each;
        c->w_est++;
    }
    if (c->w_est > tcb->cwnd)
        c->count = MIN(c->count, tcb->cwnd / (c->w_est - tcb->cwnd));
}

static void work_out(Tcb *tcb, Cubic *c, uint32_t segments)
{
    uint32_t now = jiffies(tcb, tcp_sim(tcb)->now), aim;

    c->w_est_acked += segments;
    if (c->worked_cwnd == tcb->cwnd && now - c->worked_out <= hz(tcb) / 32)
        return;
    if (c->epoch == 0 || now != c->worked_out) {
        c->worked_cwnd = tcb->cwnd;
        c->worked_out = now;
        if (c->epoch == 0)
            begin_epoch(tcb, c, now, segments);
        aim = target(tcb, c, now);
        c->count =
            aim > tcb->cwnd ? tcb->cwnd / (aim - tcb->cwnd) : 100 * tcb->cwnd;
        if (c->w_max == 0)
            c->count = MIN(c->count, MOST_COUNT);
    }
    keep_up_with_reno(tcb, c);
    c->count = MAX(c->count, LEAST_COUNT);
}

/* --- the table ------------------------------------------------------------ */

static void cubic_acked(Tcb *tcb, uint32_t segments)
{
    Cubic *c;

    if (tcb->cwnd < tcb->ssthresh)
        segments = tcp_slow_start(tcb, segments);
    if (segments == 0)
        return;
    c = tcp_cc_memory(tcb);
    work_out(tcb, c, segments);
    tcp_grow_every(tcb, c->count, segments);
}

/* s4.6, and fast convergence (s4.7): who loses again below W_max leaves room
 * for others. */
static uint32_t cubic_ssthresh(Tcb *tcb)
{
    Cubic *c = tcp_cc_memory(tcb);

    c->epoch = 0;
    c->w_max = tcb->cwnd < c->w_max
                   ? (uint32_t)((uint64_t)tcb->cwnd * (1024 + BETA) / 2048)
                   : tcb->cwnd;
    return MAX((uint32_t)((uint64_t)tcb->cwnd * BETA / 1024), 2);
}

/* Round trips in the first second of an epoch are still those of the queue that
 * the loss was in. */
static void cubic_sample(Tcb *tcb, SimTime rtt, uint32_t acked)
{
    uint32_t us = (uint32_t)CLAMP(rtt / SIM_US, 1, INT32_MAX);
    Cubic *c;
    HyStart *h;

    if (tcb->fin_sent && tcb->snd.una == tcb->snd.nxt)
        return; /* nothing more will be sent: nothing to learn for */
    c = tcp_cc_memory(tcb);
    h = &c->hystart;
    if (c->epoch != 0 && jiffies(tcb, tcp_sim(tcb)->now) - c->epoch < hz(tcb))
        return;
    if (h->least_rtt == 0 || us < h->least_rtt)
        h->least_rtt = us;
    if (!h->found && tcb->cwnd < tcb->ssthresh && tcp_config(tcb)->hystart)
        hystart_sample(tcb, h, us);
}

/* The curve stands still while nothing is sent. */
static void skip_rest(const Tcb *tcb, Cubic *c)
{
    uint32_t now = jiffies(tcb, tcp_sim(tcb)->now);

    if (c->epoch == 0)
        return;
    c->epoch += now - jiffies(tcb, tcb->sent_at);
    if ((int32_t)(c->epoch - now) > 0)
        c->epoch = now;
}

static void cubic_event(Tcb *tcb, TcpCcEvent event)
{
    if (tcb->cc == NULL)
        return;
    if (event == TCP_CC_RESTART) {
        skip_rest(tcb, tcb->cc);
    } else if (event == TCP_CC_LOSS) {
        *(Cubic *)tcb->cc = (Cubic){0};
        hystart_begin(tcb, &((Cubic *)tcb->cc)->hystart);
    }
}

const TcpCc tcp_cc_cubic = {
    .name = "cubic",
    .memory = sizeof(Cubic),
    .slab = SLAB_TCP_CC,
    .acked = cubic_acked,
    .ssthresh = cubic_ssthresh,
    .sample = cubic_sample,
    .event = cubic_event,
};
