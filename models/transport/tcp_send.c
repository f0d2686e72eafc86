/* tcp_send.c - SEND (RFC 9293 s3.10.2; MAY-15, MAY-16): what the user writes
 * becomes a queue.
 *
 * The queue is a list of chunks, in which every chunk with CHUNK_ENDS ends a
 * piece.  Without `offload` a write is a piece.  With it, the pieces are those
 * of Linux (net/ipv4/tcp.c, tcp_sendmsg_locked()): as many full segments as fit
 * OFFLOAD_MOST bytes and half the peer's largest window; a small write is added
 * to the last piece as long as something of it is still to be sent; a full one
 * is sent while the next is written, and gets PSH when half the peer's window
 * was written without one.  The buffer is asked for room before a new piece is
 * begun, so the last one may overshoot. */
#include "tcp_inside.h"

#include <glib.h>

enum {
    OFFLOAD_MOST = 65279, /* see tcp_burst.c */
    /* What a piece costs beside its text: Linux's struct sk_buff, and the
     * headers with skb_shared_info (256 + 576 bytes on the machine measured) */
    PIECE_OVERHEAD = 832,
    SEGMENT_EXTRA = 576, /* ... with one segment, in a power of two ... */
    SEGMENT_SKB = 256,   /* ... and one of these: Linux's tcp_sndbuf_expand() */
    LEAST_SEGMENTS = 10, /* Linux TCP_INIT_CWND */
};

uint32_t tcp_send_queued(const Tcb *tcb)
{
    uint32_t bytes = tcb->snd.end - tcb->snd.una;

    return tcp_config(tcb)->offload ? bytes + tcb->work->pieces * PIECE_OVERHEAD
                                    : bytes;
}

static uint32_t not_sent(const Tcb *tcb) { return tcb->snd.end - tcb->snd.nxt; }

/* Whether the last piece was written to since it was begun and not all sent. */
static uint32_t tail_len(const Tcb *tcb)
{
    const TcpWork *work = tcb->work;

    if (work->last_text == NULL || work->last_text->flags & CHUNK_EOR)
        return 0;
    return tcb->snd.end - seq_max(work->tail, tcb->snd.nxt);
}

/* Bytes that a piece may have: Linux's tcp_xmit_size_goal(). */
static uint32_t piece_goal(const Tcb *tcb)
{
    uint32_t full = tcp_full(tcb), half = tcb->snd.max_wnd / 2;
    uint32_t most = OFFLOAD_MOST;

    if (half != 0 && most > half)
        most = half;
    return MAX(most - most % full, full);
}

/* TEXT after what was written; NEW: it begins a piece.  PSH belongs to the end
 * of the last piece, which is now further on. */
static void append(Tcb *tcb, Slice text /* taken */, bool new, uint8_t flags)
{
    TcpWork *work = tcp_work(tcb);
    TcpChunk *last = work->last_text, *chunk;

    tcb->snd.end += text.len;
    if (!new && last->text.bytes == NULL && text.bytes == NULL) {
        last->text.len += text.len; /* lengths run together */
        last->flags = flags;
        return;
    }
    chunk = slab_alloc(sim_slab(tcp_sim(tcb), SLAB_TCP_CHUNK, sizeof *chunk));
    *chunk = (TcpChunk){
        .text = text, .seq = tcb->snd.end - text.len, .flags = flags};
    if (work->text == NULL)
        tcp_waits_start(tcb, TCP_BUSY);
    if (new) {
        work->tail = chunk->seq;
        work->pieces++;
    } else {
        last->flags = 0;
    }
    if (last != NULL)
        last->next = chunk;
    else
        work->text = chunk;
    work->last_text = chunk;
}

/* --- pieces --------------------------------------------------------------- */

static void mark_push(Tcb *tcb)
{
    tcb->work->last_text->flags |= CHUNK_PUSH;
    tcb->work->pushed = tcb->snd.end;
}

/* Half the peer's window was written without a push. */
static bool push_is_due(const Tcb *tcb)
{
    return seq_lt(tcb->work->pushed + tcb->snd.max_wnd / 2, tcb->snd.end);
}

static uint32_t buffer_most(const Tcb *tcb)
{
    return (uint32_t)MIN(tcp_config(tcb)->send_buffer, 1u << 30);
}

/* The user has set it. */
static bool buffer_is_fixed(const Tcb *tcb)
{
    return !tcp_config(tcb)->offload || tcp_config(tcb)->send_buffer_first == 0;
}

static uint32_t buffer_now(const Tcb *tcb)
{
    uint32_t first =
        (uint32_t)MIN(tcp_config(tcb)->send_buffer_first, 1u << 30);
    uint32_t most = buffer_most(tcb);

    return buffer_is_fixed(tcb) ? most : MIN(MAX(tcb->snd.buffer, first), most);
}

/* Room for two windows, each segment alone in its memory: tcp_sndbuf_expand()
 */
void tcp_send_buffer_grow(Tcb *tcb)
{
    const TcpRecovery *r = tcb->work->recovery;
    uint32_t segments = MAX(tcb->cwnd, LEAST_SEGMENTS), each = 1024;

    if (buffer_is_fixed(tcb))
        return;
    if (r != NULL)
        segments = MAX(segments, r->reordering + 1u);
    while (each < tcb->mss + (uint32_t)SEGMENT_EXTRA)
        each *= 2;
    tcb->snd.buffer = MAX(tcb->snd.buffer,
                          (uint32_t)MIN(2ull * segments * (each + SEGMENT_SKB),
                                        buffer_most(tcb)));
}

/* sk_stream_memory_free() */
static bool has_room(const Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);

    return tcp_send_queued(tcb) < buffer_now(tcb) &&
           (config->notsent_lowat == 0 ||
            not_sent(tcb) < config->notsent_lowat);
}

/* A third of the buffer is free: __sk_stream_is_writeable() */
static bool has_much_room(const Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);
    uint64_t queued = tcp_send_queued(tcb);

    return queued + queued / 2 <= buffer_now(tcb) &&
           (config->notsent_lowat == 0 ||
            2ull * not_sent(tcb) < config->notsent_lowat);
}

void tcp_check_space(Tcb *tcb)
{
    if (!tcb->writable_due)
        return;
    if (tcp_pipe(tcb) < tcb->cwnd) /* the buffer is what holds it up */
        tcp_send_buffer_grow(tcb);
    if (!has_much_room(tcb))
        return;
    tcb->writable_due = false;
    tcb->tell_writable = tcb->vtable != NULL;
    tcp_waits_stop(tcb, TCP_SNDBUF_LIMITED);
}

/* --- what the sender waits for -------------------------------------------- */

static uint32_t clock_ms(const Tcb *tcb)
{
    return (uint32_t)(tcp_sim(tcb)->now / SIM_MS);
}

static void waits_set(Tcb *tcb, TcpWaits waits)
{
    TcpWork *work = tcp_work(tcb);

    if (work->waits != TCP_IDLE)
        tcp_tally(tcb)->spent[work->waits - TCP_BUSY] +=
            clock_ms(tcb) - work->waits_since;
    work->waits_since = clock_ms(tcb);
    work->waits = (uint8_t)waits;
}

void tcp_waits_start(Tcb *tcb, TcpWaits waits)
{
    if (waits > tcb->work->waits)
        waits_set(tcb, waits);
}

void tcp_waits_stop(Tcb *tcb, TcpWaits waits)
{
    if (tcb->work->text == NULL && tcb->out == 0) {
        if (tcb->work->waits != TCP_IDLE)
            waits_set(tcb, TCP_IDLE);
    } else if (tcb->work->waits == waits) {
        waits_set(tcb, TCP_BUSY);
    }
}

SimTime tcp_waited(const Tcb *tcb, TcpWaits waits)
{
    uint32_t ms = tcb->tally != NULL ? tcb->tally->spent[waits - TCP_BUSY] : 0;

    if (tcb->work->waits == waits)
        ms += clock_ms(tcb) - tcb->work->waits_since;
    return ms * SIM_MS;
}

/* --- writing -------------------------------------------------------------- */

/* Linux's tcp_push(). */
static void push(Tcb *tcb, bool more, unsigned nagle)
{
    if (!more || push_is_due(tcb))
        mark_push(tcb);
    if (more)
        nagle = NAGLE_CORK;
    if (nagle != 0)
        tcp_push(tcb, nagle);
    else
        tcp_output(tcb);
}

/* As much of DATA as there is room for. */
static uint32_t write_pieces(Tcb *tcb, const Slice *data, unsigned flags)
{
    uint32_t done = 0;

    if (tcb->work->text == NULL)
        tcp_work(tcb)->pushed = tcb->snd.end;
    while (done < data->len) {
        uint32_t goal = piece_goal(tcb), tail = tail_len(tcb), len;
        bool new = tail == 0 || tail >= goal;

        if (new && !has_room(tcb)) {
            tcb->writable_due = true;
            break;
        }
        if (new) {
            tail = 0;
            tcb->push_now = false;
        }
        len = MIN(goal - tail, data->len - done);
        append(tcb, slice_part(data, done, len), new,
               (uint8_t)(CHUNK_ENDS |
                         (done > 0 && !new
                              ? tcb->work->last_text->flags &CHUNK_PUSH
                              : 0)));
        done += len;
        if (done == data->len)
            break;
        if (push_is_due(tcb)) {
            mark_push(tcb);
            tcp_push(tcb, NAGLE_PUSH);
        } else if (seq_leq(tcb->work->tail, tcb->snd.nxt)) {
            tcp_push_one(tcb);
        }
        if (!tcp_may_write(tcb))
            return done;
    }
    if (done == data->len && flags & TCP_WRITE_EOR)
        tcb->work->last_text->flags |= CHUNK_EOR;
    if (done < data->len && done > 0)
        push(tcb, false, NAGLE_PUSH);
    else if (done > 0)
        push(tcb, flags & TCP_WRITE_MORE, 0);
    return done;
}

/* --- whole writes --------------------------------------------------------- */

static uint32_t write_at_once(Tcb *tcb, const Slice *data, unsigned flags)
{
    uint32_t buffer = buffer_most(tcb), used = tcb->snd.end - tcb->snd.una;
    uint32_t room = used < buffer ? buffer - used : 0;
    uint32_t len = MIN(room, data->len);
    uint8_t ends = CHUNK_ENDS;

    if (len == 0)
        return 0;
    if (!(flags & TCP_WRITE_MORE) || len < data->len)
        ends |= CHUNK_PUSH;
    if (flags & TCP_WRITE_EOR && len == data->len)
        ends |= CHUNK_EOR;
    append(tcb, slice_part(data, 0, len), true, ends);
    tcp_output(tcb);
    return len;
}

bool tcp_may_write(const Tcb *tcb)
{
    TcpState state = tcp_state(tcb);

    return !tcb->fin_wanted &&
           (state == TCP_SYN_SENT || state == TCP_SYN_RECEIVED ||
            state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT);
}

bool tcp_writable(const Tcb *tcb)
{
    return tcp_may_write(tcb) && has_much_room(tcb);
}

void tcp_write_syn(Tcb *tcb, Slice text /* taken */)
{
    append(tcb, text, true, CHUNK_ENDS | CHUNK_PUSH);
    tcb->work->pushed = tcb->snd.end;
    tcb->syn_text = true;
}

uint32_t tcp_write(Tcb *tcb, const Slice *data, unsigned flags)
{
    uint32_t done;

    if (!tcp_may_write(tcb))
        return 0;
    tcp_enter(tcb);
    if (tcb->rated)
        tcp_rate_check(tcb);
    if (flags & TCP_WRITE_URGENT && data->len > 0)
        tcp_urgent_written(tcb, tcb->snd.end + data->len);
    done = tcp_config(tcb)->offload ? write_pieces(tcb, data, flags)
                                    : write_at_once(tcb, data, flags);
    tcb->writable_due |= done < data->len;
    if (tcb->work->urgent != NULL)
        tcp_urgent_check(tcb);
    tcp_user_leave(tcb);
    return done;
}

/* --- what does not wait --------------------------------------------------- */

void tcp_cork(Tcb *tcb, bool on)
{
    tcp_enter(tcb);
    tcb->cork = on;
    if (!on) {
        tcb->push_now |= !tcp_config(tcb)->nagle;
        tcp_output(tcb);
    }
    tcp_user_leave(tcb);
}

void tcp_no_delay(Tcb *tcb, bool off)
{
    tcp_enter(tcb);
    if (tcp_config(tcb)->nagle == off)
        tcp_own_settings(tcb)->nagle = !off;
    if (off) {
        tcb->push_now = true;
        tcp_output(tcb);
    }
    tcp_user_leave(tcb);
}
