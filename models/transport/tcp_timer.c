/* tcp_timer.c - the timers: RFC 9293 s3.10.8, RFC 6298 s5, RFC 8985 s7.
 *
 * A deadline that has passed is a cause of its own: what it sends can be
 * followed back to what armed it. */
#include "tcp_inside.h"

#include <glib.h>

#include "sim/wheel.h"

void tcp_arm(Tcb *tcb, Deadline *deadline, SimTime delay)
{
    const Tcp *tcp = tcb->conn.tcp;
    SimTime now = tcp->sim->now;

    deadline->at = tcp->config->timers == TCP_TIMERS_WHEEL
                       ? wheel_fire(now, delay, tcp->config->jiffy, tcp->phase)
                       : now + delay;
    deadline->since = now;
    deadline->cause = tcp->sim->cause;
}

static void arm_rexmit(Tcb *tcb, RexmitKind kind, SimTime delay)
{
    tcb->rexmit_kind = (uint8_t)kind;
    tcp_arm(tcb, &tcp_work(tcb)->rexmit, delay);
}

static void double_rto(Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    /* What is added is not doubled; rto_initial and rto_max may lie below it.
     */
    SimTime slop = tcb->rto > config->rto_slop ? config->rto_slop : 0;

    tcb->backoff += tcb->backoff < UINT8_MAX;
    tcb->rto =
        MIN((tcb->rto - slop) * 2 + slop, config->rto_max); /* s5.5, MUST-19 */
}

/* --- the tail loss probe -------------------------------------------------- */

/* RFC 8985 s7.2: not during recovery. */
static bool probe_is_due(const Tcb *tcb)
{
    TcpSender state = tcp_ca_state(tcb);

    return tcp_config(tcb)->tail_loss_probe && tcp_has(tcb, TCP_OPT_SACK_OK) &&
           (state == TCP_SENDER_OPEN || state == TCP_SENDER_CWR);
}

/* Two round trips, 2 ms for the peer's timers, or rto_min for its delayed ACK
 * when one segment is in flight: Linux's tcp_schedule_loss_probe(). */
static SimTime probe_timeout(const Tcb *tcb)
{
    SimTime timeout = 2 * (SimTime)(tcb->srtt8 >> 3) * SIM_US;

    if (tcb->srtt8 == 0)
        return tcp_config(tcb)->rto_initial;
    return timeout + (tcb->out == 1 ? tcp_config(tcb)->rto_min : 2 * SIM_MS);
}

void tcp_arm_rto(Tcb *tcb, SimTime delay)
{
    arm_rexmit(tcb, REXMIT_TIMEOUT, delay);
}

void tcp_arm_reorder(Tcb *tcb, SimTime delay)
{
    arm_rexmit(tcb, REXMIT_REORDER, delay);
}

SimTime tcp_rto_left(const Tcb *tcb)
{
    return MAX(tcb->work->sent->at + tcb->rto - tcp_sim(tcb)->now, 0);
}

static bool is_pending(const Tcb *tcb, RexmitKind kind)
{
    return tcb->rexmit_kind == kind && deadline_on(&tcb->work->rexmit);
}

void tcp_rearm_rto(Tcb *tcb)
{
    if (tcb->out == 0)
        deadline_off(&tcb->work->rexmit);
    else if (is_pending(tcb, REXMIT_PROBE) || is_pending(tcb, REXMIT_REORDER))
        tcp_arm_rto(tcb, tcp_rto_left(tcb));
    else
        tcp_arm_rto(tcb, tcb->rto);
}

/* Not later than the time-out, which is RTO away. */
static void arm_probe(Tcb *tcb, SimTime rto)
{
    SimTime timeout = probe_timeout(tcb);

    arm_rexmit(tcb, REXMIT_PROBE, MIN(timeout, rto));
}

void tcp_rearm_rexmit(Tcb *tcb)
{
    if (tcb->fast_open) /* the SYN,ACK's runs */
        return;
    if (tcb->out > 0 && probe_is_due(tcb)) /* s5.3 */
        arm_probe(tcb, tcb->rto);
    else if (tcb->out > 0)
        tcp_rearm_rto(tcb);
    else if (tcb->rexmit_kind != REXMIT_PERSIST)
        deadline_off(&tcb->work->rexmit); /* s5.2 */
}

void tcp_sent_rexmit(Tcb *tcb, bool first)
{
    if (tcb->fast_open)
        return;
    if (probe_is_due(tcb))
        arm_probe(tcb, tcp_rto_left(tcb));
    else if (first || !deadline_on(&tcb->work->rexmit) ||
             tcb->rexmit_kind == REXMIT_PERSIST)
        tcp_arm_rto(tcb, tcb->rto); /* s5.1 */
    else if (tcb->rexmit_kind == REXMIT_PROBE)
        tcp_arm_rto(tcb, tcp_rto_left(tcb));
}

/* RFC 8985 s7.3: new text, or the last segment in flight again; not while
 * another one is unanswered. */
static void loss_probe(Tcb *tcb, SimTime ran)
{
    TcpRecovery *r = tcp_recovery(tcb);
    SimTime wait = r->tlp ? tcp_rto_left(tcb) : tcb->rto;

    if (!r->tlp) {
        r->tlp_repeat = !tcp_send_one_more(tcb);
        if (r->tlp_repeat && tcb->work->sent != NULL)
            tcp_retransmit(tcb, tcb->work->last_sent, REPEAT_TAIL_LOSS_PROBE,
                           ran);
        if (tcp_state(tcb) == TCP_CLOSED)
            return;
        r->tlp = true;
        r->tlp_high = tcb->snd.nxt;
    }
    tcp_arm_rto(tcb, wait);
}

/* --- R2 ------------------------------------------------------------------- */

/* Linux's tcp_model_timeout(): BASE, doubled N times but not beyond rto_max. */
static SimTime model_timeout(const Tcb *tcb, unsigned n, SimTime base)
{
    SimTime most = tcp_config(tcb)->rto_max, sum = base, step = base;

    for (unsigned i = 0; i < n; i++) {
        step = step * 2 <= most ? step * 2 : most;
        sum += step;
    }
    return sum;
}

/* How long user_timeout still leaves, counted from the first repetition; where
 * there is none, or nothing was repeated, SIM_NEVER. */
static SimTime user_time_left(const Tcb *tcb)
{
    SimTime most = tcp_config(tcb)->user_timeout;

    if (most == 0 || tcb->work->stamp == SIM_NEVER)
        return SIM_NEVER;
    return MAX(tcb->work->stamp + most - tcp_sim(tcb)->now, 0);
}

static bool waited(const Tcb *tcb, unsigned n, SimTime base)
{
    if (tcp_config(tcb)->user_timeout != 0) /* instead: RFC 9293 s3.8.3 */
        return tcb->tries > 0 && user_time_left(tcb) == 0;
    if (tcp_config(tcb)->retries_rule == TCP_RETRIES_COUNT)
        return tcb->tries >= n;
    return tcb->tries > 0 && tcb->work->stamp != SIM_NEVER &&
           tcp_sim(tcb)->now - tcb->work->stamp >= model_timeout(tcb, n, base);
}

static void give_up(Tcb *tcb)
{
    tcp_finish(tcb, tcb->soft_error ? TCP_END_UNREACHABLE : TCP_END_TIMED_OUT);
}

/* --- retransmission time-out ---------------------------------------------- */

/* What is left of open_timeout. */
static SimTime open_time_left(const Tcb *tcb)
{
    SimTime most = tcp_config(tcb)->open_timeout;

    if (most == 0)
        return SIM_NEVER;
    return MAX(tcb->work->opened_at + most - tcp_sim(tcb)->now, 0);
}

void tcp_arm_syn(Tcb *tcb)
{
    arm_rexmit(tcb, REXMIT_TIMEOUT, MIN(tcb->rto, open_time_left(tcb)));
}

/* SYN: two limits, a number of SYNs or the time that syn_retries doublings take
 * (measured: linux/states syn_blackhole*.json).  MUST-22, MUST-23. */
static void syn_timeout(Tcb *tcb, SimTime ran)
{
    const TcpConfig *config = tcp_config(tcb);
    unsigned most = config->syn_retries + config->syn_linear_timeouts;
    bool last;

    tcb->work->stamp = tcb->work->opened_at;
    last = tcb->tries >= most ||
           waited(tcb, config->syn_retries, tcp_first_syn_timeout(config)) ||
           open_time_left(tcb) == 0;
    tcp_fast_open_timed_out(tcb, last);
    if (last) {
        give_up(tcb);
        return;
    }
    tcb->tries++;
    tcp_send_syn(tcb, REPEAT_SYN_TIMER, true, ran);
    if (tcp_state(tcb) != TCP_SYN_SENT)
        return;
    if (tcb->tries > config->syn_linear_timeouts) {
        tcb->rto = tcp_next_syn_timeout(config, tcb->rto, tcb->backoff == 0);
        tcb->backoff++;
    }
    tcp_arm_syn(tcb);
}

static void syn_ack_timeout(Tcb *tcb, SimTime ran)
{
    if (tcb->tries >= tcp_config(tcb)->synack_retries) {
        give_up(tcb);
        return;
    }
    tcb->tries++;
    tcp_send_syn(tcb, REPEAT_SYN_ACK_TIMER, true, ran);
    if (tcp_state(tcb) != TCP_CLOSED)
        arm_rexmit(tcb, REXMIT_TIMEOUT, tcp_syn_ack_wait(tcb));
}

SimTime tcp_syn_ack_wait(const Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    SimTime wait = tcp_first_syn_timeout(config);

    for (unsigned i = 0; i < tcb->tries; i++)
        wait = tcp_next_syn_timeout(config, wait, i == 0);
    return wait;
}

/* s5.4 to s5.6, whatever window there is left: SHLD-17.  R2 ends the
 * connection: MUST-20 */
static void timeout(Tcb *tcb, SimTime ran)
{
    const TcpConfig *config = tcp_config(tcb);
    unsigned r2 =
        tcb->vtable == NULL ? config->orphan_retries : config->retries2;

    if (waited(tcb, r2, config->rto_min)) {
        tcp_fast_open_timed_out(tcb, true);
        give_up(tcb);
        return;
    }
    tcp_fast_open_timed_out(tcb, false);
    tcp_enter_loss(tcb);
    if (tcb->tries == 0)
        tcb->work->stamp = tcp_sim(tcb)->now;
    tcb->tries += tcb->tries < UINT8_MAX;
    tcp_burst_again(tcb, tcb->work->sent, 1);
    tcp_retransmit(tcb, tcb->work->sent, REPEAT_RTO, ran);
    if (tcp_state(tcb) == TCP_CLOSED)
        return;
    double_rto(tcb);
    arm_rexmit(tcb, REXMIT_TIMEOUT, MIN(tcb->rto, user_time_left(tcb)));
}

/* --- zero window (MUST-35) ------------------------------------------------ */

/* An RTO at first, doubled each time: SHLD-29, SHLD-30. */
static SimTime persist_wait(const Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    SimTime wait = config->persist_first != 0 ? config->persist_first
                                              : MAX(tcb->rto, config->rto_min);
    unsigned doublings = tcb->backoff;

    while (doublings-- > 0 && wait < config->persist_max)
        wait *= 2;
    wait = MIN(MAX(wait, config->persist_min), config->persist_max);
    return MIN(wait, user_time_left(tcb));
}

void tcp_check_persist(Tcb *tcb)
{
    bool waits = tcb->work->text != NULL || (tcb->fin_wanted && !tcb->fin_sent);

    if (tcb->out == 0 && waits && !deadline_on(&tcb->work->rexmit) &&
        !deadline_on(&tcb->work->pace))
        arm_rexmit(tcb, REXMIT_PERSIST, persist_wait(tcb)); /* MUST-36 */
}

/* The peer is asked for its window, for ever as long as it answers (MAY-8,
 * MUST-37). */
static void persist(Tcb *tcb, SimTime ran)
{
    const TcpConfig *config = tcp_config(tcb);
    unsigned most =
        tcb->vtable == NULL ? config->orphan_retries : config->retries2;

    if (tcb->out > 0 || (tcb->work->text == NULL && !tcb->fin_wanted))
        return;
    if (tcb->probes >= most || user_time_left(tcb) == 0) {
        give_up(tcb);
        return;
    }
    /* There is room, but less than it was worth waiting for: s3.8.6.2.1, (4).
     */
    if (tcp_send_what_fits(tcb)) {
        tcb->backoff = 0;
        tcp_sent_rexmit(tcb, true);
        return;
    }
    if (tcb->work->stamp == SIM_NEVER)
        tcb->work->stamp = tcp_sim(tcb)->now;
    tcp_send_probe(tcb);
    tcb->probes++;
    tcb->backoff += tcb->backoff < config->retries2;
    arm_rexmit(tcb, REXMIT_PERSIST, persist_wait(tcb));
}

/* --- keepalive, FIN-WAIT-2, TIME-WAIT ------------------------------------- */

void tcp_keepalive_start(Tcb *tcb)
{
    if (tcp_config(tcb)->keepalive_idle > 0) /* MAY-5, MUST-24, MUST-25 */
        tcp_arm(tcb, &tcp_work(tcb)->linger, tcp_config(tcb)->keepalive_idle);
}

/* So many probes, or for user_timeout without a word. */
static bool keepalive_in_vain(const Tcb *tcb, SimTime idle)
{
    const TcpConfig *config = tcp_config(tcb);

    return config->user_timeout != 0
               ? tcb->probes > 0 && idle >= config->user_timeout
               : tcb->probes >= config->keepalive_probes;
}

/* RFC 9293 s3.8.4: only where it was idle (MUST-26); one lost probe ends
 * nothing (MUST-29). */
static void keepalive(Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    SimTime idle = tcp_sim(tcb)->now - tcb->heard_at;

    if (config->keepalive_idle == 0) /* the user has turned it off since */
        return;
    if (tcb->out > 0 || tcb->work->text != NULL) {
        /* Not idle: the peer's silence is for the other timers to count. */
        tcp_arm(tcb, &tcp_work(tcb)->linger, config->keepalive_idle);
    } else if (idle < config->keepalive_idle) {
        tcb->probes = 0;
        tcp_arm(tcb, &tcp_work(tcb)->linger, config->keepalive_idle - idle);
    } else if (keepalive_in_vain(tcb, idle)) {
        tcp_send_reset(tcb);
        give_up(tcb);
    } else {
        tcb->probes++;
        tcp_send_probe(tcb);
        tcp_arm(tcb, &tcp_work(tcb)->linger, config->keepalive_interval);
    }
}

/* Without a user FIN-WAIT-2 does not last for ever.  Linux keeps a full socket
 * for what exceeds TIME-WAIT's length, and a small one for the rest: two
 * timers, each rounded up by the wheel (measured: linux/states
 * fin_wait2_timeout120.json). */
void tcp_fin_wait_2_start(Tcb *tcb)
{
    SimTime time = tcp_config(tcb)->fin_timeout;
    SimTime small = tcp_config(tcb)->time_wait;

    if (time == 0) /* for ever */
        return;
    tcb->linger_long = time > small && small > 0;
    tcp_arm(tcb, &tcp_work(tcb)->linger,
            tcb->linger_long ? time - small : time);
}

static void linger(Tcb *tcb)
{
    switch (tcp_state(tcb)) {
    case TCP_TIME_WAIT: /* the TIME-WAIT timeout of s3.10.8 */
        tcp_finish(tcb, TCP_END_CLOSED);
        break;
    case TCP_FIN_WAIT_2:
        if (tcb->vtable != NULL)
            keepalive(tcb);
        else if (tcb->linger_long) {
            tcb->linger_long = false;
            tcp_arm(tcb, &tcp_work(tcb)->linger, tcp_config(tcb)->time_wait);
        } else {
            tcp_finish(tcb, TCP_END_TIMED_OUT);
        }
        break;
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        keepalive(tcb);
        break;
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_STATES:
        g_assert_not_reached();
    }
}

/* --- the event ------------------------------------------------------------ */

static void rexmit(Tcb *tcb, SimTime ran)
{
    if (tcp_state(tcb) == TCP_SYN_SENT)
        syn_timeout(tcb, ran);
    else if (tcp_state(tcb) == TCP_SYN_RECEIVED || tcb->fast_open)
        syn_ack_timeout(tcb, ran);
    else if (tcb->rexmit_kind == REXMIT_PERSIST)
        persist(tcb, ran);
    else if (tcb->rexmit_kind == REXMIT_PROBE)
        loss_probe(tcb, ran);
    else if (tcb->rexmit_kind == REXMIT_REORDER)
        tcp_rack_timer(tcb, ran);
    else
        timeout(tcb, ran);
}

static const char *rexmit_name(const Tcb *tcb)
{
    if (tcp_state(tcb) == TCP_SYN_SENT)
        return "SYN timer";
    if (tcp_state(tcb) == TCP_SYN_RECEIVED || tcb->fast_open)
        return "SYN,ACK timer";
    if (tcb->rexmit_kind == REXMIT_PERSIST)
        return "zero-window timer";
    if (tcb->rexmit_kind == REXMIT_REORDER)
        return "reordering timer";
    return tcb->rexmit_kind == REXMIT_PROBE ? "tail loss probe" : "rto";
}

static const char *linger_name(const Tcb *tcb)
{
    if (tcp_state(tcb) == TCP_TIME_WAIT)
        return "TIME-WAIT";
    return tcb->vtable == NULL && tcp_state(tcb) == TCP_FIN_WAIT_2
               ? "FIN-WAIT-2"
               : "keepalive";
}

/* DEADLINE has passed: it is off, and the current cause.  How long it ran. */
static SimTime fire(Tcb *tcb, Deadline *deadline, const char *name)
{
    Sim *sim = tcp_sim(tcb);

    sim_wake(sim, deadline->cause, deadline->since, name);
    deadline_off(deadline);
    return sim->now - deadline->since;
}

void tcp_fire_due(Tcb *tcb)
{
    SimTime now = tcp_sim(tcb)->now;

    if (tcb->work->delack.at <= now) {
        fire(tcb, &tcb->work->delack, "delayed ack");
        tcp_delack_fires(tcb);
    }
    if (tcb->work->rexmit.at <= now)
        rexmit(tcb, fire(tcb, &tcb->work->rexmit, rexmit_name(tcb)));
    if (tcb->rated)
        tcp_rate_check(tcb);
    if (tcb->work->pace.at <= now) {
        fire(tcb, &tcb->work->pace, "pacing");
        tcp_pacing_fires(tcb);
    }
    if (tcb->work->linger.at <= now) {
        fire(tcb, &tcb->work->linger, linger_name(tcb));
        linger(tcb);
    }
}
