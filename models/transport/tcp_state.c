/* tcp_state.c - the one function that changes a connection's state.
 *
 * moves[] holds every move that there is (RFC 9293 figure 5, its notes, and
 * what 3.10 adds to it), with the paragraph that makes it; any other one is a
 * mistake of ours and stops the program. */
#include "tcp_inside.h"

#include <glib.h>

#define S3_10 "RFC 9293 s3.10."

static const char *const moves[TCP_STATES][TCP_STATES] = {
    [TCP_CLOSED] = {[TCP_SYN_SENT] = S3_10 "1"},
    /* A child of a listener; the listener itself stays in LISTEN. */
    [TCP_LISTEN] = {[TCP_SYN_RECEIVED] = S3_10 "7.2, third"},
    [TCP_SYN_SENT] =
        {[TCP_ESTABLISHED] = S3_10 "7.3, fourth",
         [TCP_SYN_RECEIVED] = S3_10 "7.3, fourth; figure 7",
         /* close, abort, a reset (second), the last SYN unanswered (8) */
         [TCP_CLOSED] = S3_10 "4, 5, 7.3 second, 8"},
    [TCP_SYN_RECEIVED] = {[TCP_ESTABLISHED] = S3_10 "7.4, fifth",
                          [TCP_FIN_WAIT_1] = S3_10 "4",
                          [TCP_CLOSED] = S3_10 "5, 7.4 second and fourth, 8"},
    [TCP_ESTABLISHED] = {[TCP_FIN_WAIT_1] = S3_10 "4",
                         [TCP_CLOSE_WAIT] = S3_10 "7.4, eighth",
                         [TCP_CLOSED] = S3_10 "5, 7.4 second, 8"},
    [TCP_FIN_WAIT_1] = {[TCP_FIN_WAIT_2] = S3_10 "7.4, fifth",
                        [TCP_CLOSING] = S3_10 "7.4, eighth",
                        [TCP_TIME_WAIT] = S3_10 "7.4, eighth",
                        [TCP_CLOSED] = S3_10 "5, 7.4 second, 8"},
    /* CLOSED also: Linux's tcp_fin_timeout; data after close (s3.6.1) */
    [TCP_FIN_WAIT_2] = {[TCP_TIME_WAIT] = S3_10 "7.4, eighth",
                        [TCP_CLOSED] = S3_10 "5, 7.4 second; s3.6.1"},
    [TCP_CLOSE_WAIT] =
        {[TCP_LAST_ACK] = S3_10 "4", [TCP_CLOSED] = S3_10 "5, 7.4 second, 8"},
    [TCP_CLOSING] = {[TCP_TIME_WAIT] = S3_10 "7.4, fifth",
                     [TCP_CLOSED] = S3_10 "5, 7.4 second, 8"},
    [TCP_LAST_ACK] = {[TCP_CLOSED] = S3_10 "7.4, fifth"},
    /* 2 MSL are over; a reset; a new SYN (MAY-2) */
    [TCP_TIME_WAIT] = {[TCP_CLOSED] = S3_10 "8, 7.4 second and fourth"},
};

static void tell_state(const Tcb *tcb, TcpState from, TcpState to)
{
    TcpStateTold told = {tcb, (uint8_t)from, (uint8_t)to, moves[from][to]};
    Record record = {.kind = REC_TCP_STATE,
                     .node = tcb->conn.tcp->host->node,
                     .stable = (uint64_t)tcb->conn.flow.opener << 32 |
                               tcb->conn.flow.serial,
                     .code = (uint16_t)to,
                     .what = &told};

    sim_tell(tcp_sim(tcb), &record);
}

/* LISTEN of a child and CLOSED last no time and are not counted. */
static void count(Tcp *tcp, TcpState state, int by)
{
    if (state >= TCP_SYN_SENT)
        tcp->counts[state] += (uint32_t)by;
}

/* Sets and clears the deadlines that belong to a state. */
static void deadlines(Tcb *tcb, TcpState to)
{
    switch (to) {
    case TCP_LISTEN:
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_FIN_WAIT_1:
        break; /* what is in flight has its timer already */
    case TCP_ESTABLISHED:
        deadline_off(&tcb->work->rexmit); /* the SYN's */
        tcp_keepalive_start(tcb);
        break;
    case TCP_FIN_WAIT_2:
        if (tcb->vtable == NULL)
            tcp_fin_wait_2_start(tcb);
        break;
    case TCP_TIME_WAIT: /* turn off the other timers: s3.10.7.4, eighth */
        deadline_off(&tcb->work->rexmit);
        deadline_off(&tcb->work->pace);
        deadline_off(&tcb->work->delack);
        tcp_arm(tcb, &tcp_work(tcb)->linger,
                tcp_config(tcb)->time_wait); /* MUST-13 */
        break;
    case TCP_CLOSED:
        deadline_off(&tcb->work->rexmit);
        deadline_off(&tcb->work->pace);
        deadline_off(&tcb->work->delack);
        deadline_off(&tcb->work->linger);
        break;
    case TCP_STATES:
        g_assert_not_reached();
    }
}

void tcp_set_state(Tcb *tcb, TcpState to)
{
    TcpState from = tcp_state(tcb);

    g_assert(moves[from][to] != NULL);
    if (from == TCP_SYN_RECEIVED && tcb->fast_open) {
        tcp_fast_open_leave(tcb, false);
    } else if (from == TCP_SYN_RECEIVED && tcb->work->listener != NULL) {
        tcb->work->listener->half_open--;
        if (to == TCP_CLOSED)
            tcb->work->listener = NULL;
    }
    count(tcb->conn.tcp, from, -1);
    count(tcb->conn.tcp, to, 1);
    tcb->conn.state = (uint8_t)to;
    if (to == TCP_CLOSED)
        tcb->conn.tcp->freed++;
    if (sim_wants(tcp_sim(tcb), REC_TCP_STATE))
        tell_state(tcb, from, to);
    deadlines(tcb, to);
}

const char *tcp_state_name(TcpState state)
{
    static const char *const names[TCP_STATES] = {
        "CLOSED",      "LISTEN",     "SYN-SENT",   "SYN-RECEIVED",
        "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
        "CLOSING",     "LAST-ACK",   "TIME-WAIT"};

    return names[state];
}

const char *tcp_end_name(TcpEnd end)
{
    static const char *const names[TCP_ENDS] = {
        "closed",      "refused", "reset",       "timed out",
        "unreachable", "aborted", "no port left"};

    return names[end];
}
