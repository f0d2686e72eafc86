/* tcp_time_wait.c - what a segment does in TIME-WAIT beside, or instead of, the
 * eight steps of tcp_steps.c: by RFC 9293, Linux or FreeBSD. */
#include "tcp_inside.h"

#include <glib.h>

/* What Linux does with a segment in TIME-WAIT instead of the eight checks
 * (tcp_timewait_state_process(); measured: states/time_wait_injection): a reset
 * is looked at when it is at RCV.NXT, whatever shows that the peer is still
 * there starts the time again, and all but a bare ACK at RCV.NXT is
 * acknowledged. */
static Verdict time_wait_as_linux(Tcb *tcb, const TcpSegment *seg, bool paws)
{
    if (seg->flags & TCP_RST)
        return seg->seq == tcb->rcv.nxt ? NEXT : DROP;
    if (paws || seg->flags & TCP_ACK)
        tcp_arm(tcb, &tcp_work(tcb)->linger, tcp_config(tcb)->time_wait);
    if (!paws && seg->seq == tcb->rcv.nxt && seg->len == 0)
        return DONE;
    tcp_answer(tcb, seg);
    return DROP;
}

/* FreeBSD's way (tcp_twcheck()): no reset ends TIME-WAIT, what has no ACK is
 * not heard, the peer's FIN starts the time again, and all but a bare ACK at
 * RCV.NXT is acknowledged. */
static Verdict time_wait_as_freebsd(Tcb *tcb, const TcpSegment *seg)
{
    uint32_t end = seg->seq + seg->len;

    if (seg->flags & TCP_RST || !(seg->flags & TCP_ACK))
        return DROP;
    if (seg->flags & TCP_FIN && end == tcb->rcv.nxt)
        tcp_arm(tcb, &tcp_work(tcb)->linger, tcp_config(tcb)->time_wait);
    if (seg->len == 0 && seg->seq == tcb->rcv.nxt && seg->ack == tcb->snd.nxt)
        return DONE;
    tcp_challenge(tcb);
    return DROP;
}

/* TIME-WAIT, before the common checks: a new SYN may open the connection again
 * (s3.6.1, MAY-2; RFC 6191; RFC 1122 s4.2.2.13); the peer's FIN starts the time
 * again (fifth and eighth), though it is left of the window by now. */
Verdict tcp_time_wait_segment(Tcb *tcb, TcpSegment *seg, bool paws)
{
    uint16_t flags = seg->flags;
    bool newer = tcp_has_timestamps(tcb, seg) && /* SHLD-4 */
                 seq_lt(tcb->ts_recent, seg->header->ts_val);

    if (!(flags & TCP_SYN))
        tcp_tell_late(tcb, seg);
    if ((flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_SYN && !paws &&
        (seq_lt(tcb->rcv.nxt, seg->seq) || newer) &&
        tcp_listener(tcb->conn.tcp, tcb->conn.local_port) != NULL) {
        seg->old_nxt = tcb->snd.nxt;
        tcp_finish(tcb, TCP_END_CLOSED);
        return AGAIN;
    }
    if (tcp_config(tcb)->time_wait_rule == TCP_TIME_WAIT_LINUX)
        return time_wait_as_linux(tcb, seg, paws);
    if (tcp_config(tcb)->time_wait_rule == TCP_TIME_WAIT_FREEBSD)
        return time_wait_as_freebsd(tcb, seg);
    if ((flags & (TCP_FIN | TCP_RST)) == TCP_FIN)
        tcp_arm(tcb, &tcp_work(tcb)->linger, tcp_config(tcb)->time_wait);
    return NEXT;
}
