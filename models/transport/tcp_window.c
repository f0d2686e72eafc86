/* tcp_window.c - the receive window: how much is offered and when it grows.
 *
 * It is what the buffer has room for, or with window_grows: it begins at 64 KiB
 * and is opened by two segments for each full segment that arrives, so that it
 * stays ahead of the peer's slow start, up to a clamp; the clamp follows what
 * the user reads in a round trip (Linux's dynamic right-sizing:
 * net/ipv4/tcp_input.c, tcp_grow_window() and tcp_rcv_space_adjust()), up to
 * the receive buffer. */
#include "tcp_inside.h"

#include <glib.h>

enum {
    FIRST_WINDOW = 65535, /* of a SYN, which is not scaled */
    /* What the kernel gives to the window of tcp_rmem's 131072 bytes: it was
     * seen to stop there, after six segments (linux traces 02: "win 79", scale
     * 10). */
    FIRST_CLAMP = 79 * 1024,
    SMALL_SEGMENT =
        512, /* does not open it: mostly overhead (trace 02, request) */
};

void tcp_window_syn(Tcb *tcb)
{
    tcb->mss = (uint16_t)tcp_our_mss(tcb);
    tcp_window_start(tcb);
}

/* The first window in whole segments: 64240 and 65160 as Linux has them. */
void tcp_window_start(Tcb *tcb)
{
    uint32_t buffer = (uint32_t)MIN(tcp_config(tcb)->receive_buffer, 1u << 30);
    uint32_t full = MAX(tcb->mss != 0 ? tcp_expected(tcb) : 1, 1);
    uint32_t first = MIN(buffer, FIRST_WINDOW);

    if (tcp_config(tcb)->window_grows) {
        if (first > full)
            first -= first % full;
        tcb->rcv.limit = first;
        tcb->rcv.clamp = MIN(buffer, FIRST_CLAMP);
    } else {
        tcb->rcv.limit = tcb->rcv.clamp = buffer;
    }
    tcb->rcv_mss = (uint16_t)MIN(full, 536);
    tcb->space = first;
    tcb->space_at = tcp_sim(tcb)->now;
    tcb->space_seq = tcb->rcv.nxt;
}

uint32_t tcp_select_window(Tcb *tcb)
{
    uint64_t buffer = tcp_config(tcb)->receive_buffer;
    uint64_t used = tcb->rcv.queued +
                    (tcb->work->holes != NULL ? tcb->work->holes->bytes : 0);
    uint32_t room = buffer > used ? (uint32_t)MIN(buffer - used, 1u << 30) : 0;
    uint32_t now = rcv_wnd(tcb);
    uint32_t unit = (1u << tcb->rcv_scale) - 1;

    /* Receiver's silly window avoidance (s3.8.6.2.2, MUST-39): nothing below a
     * segment. */
    if (room < MIN((uint32_t)tcb->mss, (uint32_t)MIN(buffer / 2, 1u << 30)))
        room = 0;
    room = MIN(room, tcb->rcv.limit);
    if (tcp_synchronized(tcp_state(tcb))) /* a SYN's window is not scaled */
        room = (room + unit) & ~unit;
    if (!tcp_has(tcb, TCP_OPT_WSCALE) || !tcp_synchronized(tcp_state(tcb)))
        room = MIN(room, FIRST_WINDOW);
    /* Never taken back: SHLD-14. */
    return MAX(room, now);
}

void tcp_window_received(Tcb *tcb, uint32_t len)
{
    if (len < SMALL_SEGMENT || tcb->rcv.limit >= tcb->rcv.clamp)
        return;
    tcb->rcv.limit = MIN(tcb->rcv.limit + 2 * tcp_expected(tcb), tcb->rcv.clamp);
    tcb->quick |= tcp_config(tcb)->quick_acks != 0;
}

/* Once a round trip: as much again as the user has read in it may come next. */
static void resize(Tcb *tcb)
{
    uint32_t buffer = (uint32_t)MIN(tcp_config(tcb)->receive_buffer, 1u << 30);
    SimTime now = tcp_sim(tcb)->now;
    uint32_t read = tcb->rcv.nxt - tcb->rcv.queued - tcb->space_seq;
    SimTime rtt = (SimTime)(tcb->srtt8 >> 3) * SIM_US;

    if (now - tcb->space_at < MAX(rtt, SIM_MS))
        return;
    if (read > tcb->space) {
        tcb->space = read;
        tcb->rcv.clamp =
            MAX(tcb->rcv.clamp, MIN(buffer, 2 * read + 16 * tcp_expected(tcb)));
    }
    tcb->space_at = now;
    tcb->space_seq = tcb->rcv.nxt - tcb->rcv.queued;
}

/* The user has read: the peer hears of a window that has at least doubled. */
void tcp_window_read(Tcb *tcb)
{
    uint32_t now = rcv_wnd(tcb);

    resize(tcb);
    if (!tcp_synchronized(tcp_state(tcb)) || tcb->fin_received)
        return;
    if (now <= tcb->rcv.clamp / 2 && tcp_select_window(tcb) >= MAX(2 * now, 1))
        tcp_send_ack(tcb);
}
