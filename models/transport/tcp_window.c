/* tcp_window.c - the receive window: how much is offered, and how it grows.
 *
 * Without window_grows it is what the buffer has room for.  With it, as Linux
 * does (net/ipv4/tcp_input.c, tcp_output.c; checked against the windows of
 * linux/traces):
 *
 * - a segment costs the buffer the memory that it lies in, not its text; what
 *   the last full segment was worth tells which part of the buffer may be
 *   offered (tcp_measure_rcv_mss(), `scaling_ratio`);
 * - the window opens by two segments for each one that is worth its memory
 *   (tcp_grow_window()), so that it stays ahead of the peer's slow start, up to
 *   a clamp;
 * - the buffer, and the clamp with it, follow what the user reads in a round
 *   trip (dynamic right-sizing: tcp_rcv_space_adjust()). */
#include "tcp_inside.h"

#include <glib.h>

enum {
    FIRST_WINDOW = 65535, /* of a SYN, which is not scaled */
    WHOLE = 256,          /* of the buffer: `ratio` is in parts of it */
    FIRST_RATIO = 128,    /* Linux TCP_DEFAULT_SCALING_RATIO */
    WORTH_WHILE = 128,    /* less text does not open the window */
    FIRST_SEGMENTS = 10,  /* Linux TCP_INIT_CWND */
    LEAST_MSS = 88,       /* Linux TCP_MIN_MSS */
    /* What holds a segment: struct sk_buff, and a piece of memory with room for
     * the header of a line and struct skb_shared_info. */
    SKB_LEN = 256,
    SKB_ROOM = 64 + 320,
    SMALL_HEAD = 576, /* skbuff_small_head on the machine measured */
};

static uint32_t clamped(uint64_t bytes)
{
    return (uint32_t)MIN(bytes, 1u << 30);
}

static bool grows(const Tcb *tcb) { return tcp_config(tcb)->window_grows; }

/* The buffer was set by the user, and stays as it is. */
static bool is_fixed(const Tcb *tcb)
{
    return tcp_config(tcb)->receive_buffer_first == 0;
}

/* What may be offered of BYTES of the buffer: tcp_win_from_space(). */
static int64_t window_of(const Tcb *tcb, int64_t bytes)
{
    return bytes * tcb->ratio / WHOLE;
}

static int64_t window_whole(const Tcb *tcb)
{
    return window_of(tcb, tcb->rcv.buffer);
}

static int64_t window_free(const Tcb *tcb)
{
    return window_of(tcb, (int64_t)tcb->rcv.buffer - tcb->rcv.memory);
}

/* Text in a full segment of the peer's: Linux's `advmss`, from which only the
 * one who opens takes the timestamps off. */
static uint32_t full_segment(const Tcb *tcb)
{
    return tcp_our_mss(tcb) -
           (tcb->conn.opener && tcp_has(tcb, TCP_OPT_TIMESTAMPS)
                ? TCP_TIMESTAMPS_LEN
                : 0);
}

uint32_t tcp_memory_of(const Tcb *tcb, uint32_t len)
{
    uint32_t bytes = len + IPV4_HEADER_LEN + TCP_HEADER_LEN + SKB_ROOM;
    uint32_t size = 1024;

    if (!grows(tcb))
        return len;
    if (tcp_has(tcb, TCP_OPT_TIMESTAMPS))
        bytes += 12;
    if (bytes <= SMALL_HEAD)
        return SKB_LEN + SMALL_HEAD;
    while (size < bytes)
        size *= 2;
    return SKB_LEN + size;
}

/* --- at the beginning ----------------------------------------------------- */

uint32_t tcp_our_wscale(const Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    uint64_t most = config->receive_buffer;
    uint32_t shift = 0;

    if (!config->wscale_from_buffer)
        return config->wscale;
    if (is_fixed(tcb)) /* what it can ever offer */
        most = most * FIRST_RATIO / WHOLE;
    while (shift < 14 && most >> shift > 65535)
        shift++;
    return shift;
}

void tcp_window_syn(Tcb *tcb)
{
    tcb->mss = (uint16_t)tcp_our_mss(tcb);
    tcp_window_start(tcb);
}

/* The first window in whole segments: 64240 and 65160 as Linux has them. */
void tcp_window_start(Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    uint32_t first, least;

    tcb->rcv.buffer = clamped(config->receive_buffer);
    tcb->rcv.memory = 0;
    if (grows(tcb)) {
        uint32_t mss = tcp_our_mss(tcb);

        if (tcp_has(tcb, TCP_OPT_TIMESTAMPS))
            mss -= TCP_TIMESTAMPS_LEN;
        tcb->ratio = FIRST_RATIO;
        if (!is_fixed(tcb))
            tcb->rcv.buffer =
                MIN(tcb->rcv.buffer, clamped(config->receive_buffer_first));
        first = (uint32_t)window_whole(tcb);
        first = MIN(first > mss ? first - first % mss : first, FIRST_WINDOW);
        tcb->rcv.limit = first;
        tcb->rcv.clamp = (uint32_t)window_whole(tcb);
    } else {
        tcb->rcv.limit = tcb->rcv.clamp = tcb->rcv.buffer;
        first = MIN(tcb->rcv.buffer, FIRST_WINDOW);
    }
    least = tcb->mss != 0 ? tcp_full(tcb) : tcp_our_mss(tcb);
    least = MIN(least, MIN(first / 2, 536));
    tcb->rcv_mss = (uint16_t)MAX(least, LEAST_MSS);
}

/* Linux's tcp_init_buffer_space(): a segment of the buffer is kept back. */
void tcp_window_opened(Tcb *tcb)
{
    uint32_t mss, whole;

    if (!grows(tcb))
        return;
    mss = full_segment(tcb);
    whole = (uint32_t)window_whole(tcb);
    tcb->rcv.clamp =
        (uint32_t)MIN(whole, (int64_t)FIRST_WINDOW << tcb->rcv_scale);
    if (tcb->rcv.clamp > 2 * mss && tcb->rcv.clamp + mss > whole)
        tcb->rcv.clamp = MAX(2 * mss, whole - mss);
    tcb->rcv.limit = MIN(tcb->rcv.limit, tcb->rcv.clamp);
}

/* --- what is offered ------------------------------------------------------ */

/* Linux's __tcp_select_window(). */
static uint32_t select_growing(Tcb *tcb)
{
    int64_t free = window_free(tcb), allowed = window_whole(tcb);
    int64_t full = MIN(allowed, tcb->rcv.clamp);
    int64_t mss = MAX(MIN(tcb->rcv_mss, full), 1); /* no buffer at all: 1 */
    uint32_t unit = 1u << tcb->rcv_scale, offered, room;

    if (mss <= 0)
        return 0;
    if (free < full / 2) {
        tcb->quick = 0;
        free -= free % unit;
        if (free < allowed / 16 || free < mss) /* MUST-39: nothing silly */
            return 0;
    }
    room = (uint32_t)MIN(free, tcb->rcv.limit);
    if (tcb->rcv_scale > 0)
        return (room + unit - 1) & ~(unit - 1);
    offered = tcb->rcv.right - tcb->rcv.told;
    if (offered + mss <= room || offered > room)
        return (uint32_t)(room - room % mss);
    return offered;
}

static bool is_freebsd(const Tcb *tcb)
{
    return tcp_config(tcb)->window_rule == TCP_WINDOW_FREEBSD;
}

/* FreeBSD has the peer's MSS and a buffer: not while its SYN cache holds what a
 * listener has heard. */
static bool has_buffer(const Tcb *tcb)
{
    return tcp_synchronized(tcp_state(tcb)) ||
           (tcp_state(tcb) == TCP_SYN_RECEIVED && tcb->work->listener == NULL);
}

uint32_t tcp_receive_buffer(const Tcb *tcb)
{
    uint32_t buffer = clamped(tcp_config(tcb)->receive_buffer);

    if (is_freebsd(tcb) && has_buffer(tcb))
        buffer = (buffer + tcb->mss - 1) / tcb->mss * tcb->mss;
    return buffer;
}

/* Bytes of a buffer of fixed size that are free. */
static uint32_t room_left(const Tcb *tcb)
{
    uint32_t buffer = tcp_receive_buffer(tcb);
    uint32_t used = is_freebsd(tcb) ? tcb->rcv.queued : tcb->rcv.memory;

    return buffer - MIN(buffer, used);
}

uint32_t tcp_window_of_buffer(const Tcb *tcb)
{
    uint32_t told = rcv_wnd(tcb);

    return has_buffer(tcb) ? MAX(told, room_left(tcb)) : told;
}

static uint32_t select_fixed(const Tcb *tcb)
{
    uint32_t buffer = tcp_receive_buffer(tcb);
    uint32_t unit = (1u << tcb->rcv_scale) - 1, room = room_left(tcb);

    /* Receiver's silly window avoidance (s3.8.6.2.2, MUST-39): nothing below a
     * segment. */
    if (room < MIN(tcb->mss, buffer / 2))
        room = 0;
    return (room + unit) & ~unit;
}

static uint32_t select_window(Tcb *tcb)
{
    uint32_t window = grows(tcb) ? select_growing(tcb) : select_fixed(tcb);

    return tcp_has(tcb, TCP_OPT_WSCALE) ? window : MIN(window, FIRST_WINDOW);
}

uint32_t tcp_select_window(Tcb *tcb)
{
    uint32_t now = rcv_wnd(tcb), unit = (1u << tcb->rcv_scale) - 1, window;

    if (!tcp_synchronized(tcp_state(tcb))) /* a SYN's is not scaled */
        return MIN(tcb->rcv.limit, FIRST_WINDOW);
    window = select_window(tcb);
    /* Never taken back (SHLD-14), not even by what the scale cuts off. */
    if (window < now && grows(tcb))
        return (now + unit) & ~unit;
    return MAX(window, now);
}

bool tcp_window_would_shrink(Tcb *tcb)
{
    return grows(tcb) && select_window(tcb) < tcb->rcv.right - tcb->rcv.told;
}

/* --- as segments come ----------------------------------------------------- */

void tcp_measure_segment(Tcb *tcb, uint32_t len)
{
    uint32_t ratio;

    if (!grows(tcb))
        return;
    ratio = len * WHOLE / tcp_memory_of(tcb, len);
    ratio = MAX(ratio, 1);
    if (ratio == tcb->ratio)
        return;
    tcb->ratio = (uint8_t)ratio;
    /* tcp_set_window_clamp() */
    tcb->rcv.clamp = (uint32_t)window_whole(tcb);
    tcb->rcv.limit = MIN(MAX(tcb->rcv.limit, tcb->rcv.right - tcb->rcv.told),
                         tcb->rcv.clamp);
    if (tcb->tuning != NULL)
        tcb->tuning->space = MIN(tcb->tuning->space, tcb->rcv.clamp);
}

/* By how much a segment of LEN bytes, in MEMORY, may open the window: by less
 * the larger the part of its memory that is not text (__tcp_grow_window()). */
static uint32_t increase(const Tcb *tcb, uint32_t len, uint32_t memory)
{
    int64_t most = window_of(tcb, clamped(tcp_config(tcb)->receive_buffer)) / 2;
    int64_t worth = window_of(tcb, memory);

    if (worth <= len)
        return 2 * full_segment(tcb);
    for (worth /= 2; tcb->rcv.limit <= most; worth /= 2, most /= 2)
        if (worth <= len)
            return 2u * tcb->rcv_mss;
    return 0;
}

void tcp_window_received(Tcb *tcb, uint32_t len)
{
    int64_t room;
    uint32_t more;

    if (!grows(tcb) || len < WORTH_WHILE || tcb->rcv.limit >= tcb->rcv.clamp)
        return;
    room = window_free(tcb);
    room = MIN((int64_t)tcb->rcv.clamp, room) - (int64_t)tcb->rcv.limit;
    if (room <= 0)
        return;
    more = increase(tcb, len, tcp_memory_of(tcb, len));
    if (more == 0)
        return;
    tcb->rcv.limit += (uint32_t)MIN(room, MAX(more, 2 * len));
    tcb->quick |= tcp_config(tcb)->quick_acks != 0;
}

/* --- as the user reads ---------------------------------------------------- */

static TcpTuning *tuning(Tcb *tcb)
{
    TcpTuning *t = tcb->tuning;

    if (t != NULL)
        return t;
    t = slab_alloc(sim_slab(tcp_sim(tcb), SLAB_TCP_TUNING, sizeof *t));
    *t = (TcpTuning){
        .at = tcb->opened_at,
        .seq = tcb->irs + 1,
        .space = MIN(MIN(tcb->rcv.limit, tcb->rcv.right - tcb->rcv.told),
                     FIRST_SEGMENTS * full_segment(tcb))};
    /* Text in the SYN,ACK may have taken the window that was told. */
    t->space = MAX(t->space, full_segment(tcb));
    tcb->tuning = t;
    return t;
}

void tcp_tuning_free(Tcb *tcb)
{
    if (tcb->tuning != NULL)
        slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_TUNING, sizeof *tcb->tuning),
                  tcb->tuning);
    tcb->tuning = NULL;
}

/* Linux's tcp_rcv_rtt_update(): the least counts; WINDOW: it is the time that a
 * window took, which is a round trip at least. */
static void rtt_update(Tcb *tcb, TcpTuning *t, uint32_t us, bool window)
{
    if (t->rtt8 == 0 || us << 3 < t->rtt8)
        t->rtt8 = us << 3;
    else if (!window && tcb->rcv.queued == 0)
        t->rtt8 += us - (t->rtt8 >> 3);
}

void tcp_note_echo(Tcb *tcb, const TcpSegment *seg)
{
    if (!tcp_has_timestamps(tcb, seg))
        return;
    if (tcb->tuning != NULL)
        tcb->tuning->echo = seg->header->ts_ecr;
    else
        tcb->echo_seen = true;
}

void tcp_measure_round_trip(Tcb *tcb, const TcpSegment *seg)
{
    SimTime now = tcp_sim(tcb)->now;
    bool seen = tcb->tuning == NULL && tcb->echo_seen;
    TcpTuning *t;

    if (!grows(tcb))
        return;
    t = tuning(tcb);
    if (seen && tcb->snd.una == tcb->snd.nxt)
        t->echo = seg->header->ts_ecr;
    if (tcp_has_timestamps(tcb, seg)) {
        uint32_t ms = tcp_ts_now(tcb) - seg->header->ts_ecr;

        if (seg->header->ts_ecr != t->echo && seg->len >= tcb->rcv_mss &&
            ms > 0 && ms < 1000000)
            rtt_update(tcb, t, ms * 1000, false);
        t->echo = seg->header->ts_ecr;
        return;
    }
    if (t->rtt_at != 0 && seq_lt(tcb->rcv.nxt, t->rtt_seq))
        return;
    if (t->rtt_at != 0)
        rtt_update(tcb, t, (uint32_t)MIN((now - t->rtt_at) / SIM_US, 1 << 28),
                   true);
    t->rtt_seq = tcb->rcv.right;
    t->rtt_at = now;
}

/* SPACE bytes were read in a round trip: tcp_rcvbuf_grow(). */
static void grow_buffer(Tcb *tcb, TcpTuning *t, uint32_t space)
{
    const TcpHoles *h = tcb->work->holes;
    uint64_t window = 2ull * space, buffer;
    uint32_t old = MAX(t->space, 1);

    t->space = space;
    if (is_fixed(tcb))
        return;
    if (space > old)
        window += window * (space - old) / old * 2; /* slow start doubles it */
    if (h != NULL && h->last != NULL)
        window += h->last->end - tcb->rcv.nxt;
    buffer = clamped(
        MIN(window * WHOLE / tcb->ratio, tcp_config(tcb)->receive_buffer));
    if (buffer > tcb->rcv.buffer) {
        tcb->rcv.buffer = (uint32_t)buffer;
        tcb->rcv.clamp = (uint32_t)window_whole(tcb);
    }
}

void tcp_window_held(Tcb *tcb)
{
    if (grows(tcb) && tcb->vtable != NULL && tcb->tuning != NULL)
        grow_buffer(tcb, tcb->tuning, tcb->tuning->space);
}

/* Once a round trip: tcp_rcv_space_adjust(). */
static void adjust(Tcb *tcb)
{
    uint32_t read = tcb->rcv.nxt - tcb->rcv.queued;
    SimTime now = tcp_sim(tcb)->now;
    TcpTuning *t = tcb->tuning;
    int64_t space;

    if (t == NULL || t->rtt8 == 0 ||
        now - t->at < (SimTime)(t->rtt8 >> 3) * SIM_US)
        return;
    space = (int64_t)(read - t->seq) - tcb->rcv.queued;
    if (space > t->space)
        grow_buffer(tcb, t, (uint32_t)space);
    t->seq = read;
    t->at = now;
}

/* FreeBSD's rule for an update: the window would grow by two segments and a
 * quarter of the buffer, or by half of the buffer. */
static bool worth_an_update(Tcb *tcb)
{
    uint32_t buffer = tcp_receive_buffer(tcb);
    uint32_t more = tcp_select_window(tcb) - rcv_wnd(tcb);

    return (more >= 2 * (uint32_t)tcb->mss && more >= buffer / 4) ||
           more >= buffer / 2;
}

/* The user has read: the peer hears of a window that has at least doubled. */
void tcp_window_read(Tcb *tcb)
{
    uint32_t now = rcv_wnd(tcb), window;

    adjust(tcb);
    if (!tcp_synchronized(tcp_state(tcb)))
        return;
    if (tcp_read_calls_for_ack(tcb)) {
        tcp_send_ack(tcb);
        return;
    }
    if (is_freebsd(tcb) && !tcb->fin_received && worth_an_update(tcb))
        tcp_send_ack(tcb);
    if (is_freebsd(tcb) || tcb->fin_received || now > tcb->rcv.clamp / 2)
        return;
    window = select_window(tcb);
    if (window > 0 && window >= 2 * now)
        tcp_send_ack(tcb);
}
