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

/* sk_stream_memory_free() */
static bool has_room(const Tcb *tcb)
{
    const TcpConfig *config = tcp_config(tcb);

    return tcp_send_queued(tcb) < config->send_buffer &&
           (config->notsent_lowat == 0 ||
            not_sent(tcb) < config->notsent_lowat);
}

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

        if (new && !has_room(tcb))
            break;
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
    uint64_t buffer = MIN(tcp_config(tcb)->send_buffer, 1u << 30);
    uint32_t used = tcb->snd.end - tcb->snd.una;
    uint32_t room = used < buffer ? (uint32_t)(buffer - used) : 0;
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
    return tcp_may_write(tcb) && has_room(tcb);
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
    done = tcp_config(tcb)->offload ? write_pieces(tcb, data, flags)
                                    : write_at_once(tcb, data, flags);
    tcb->writable_due |= done < data->len;
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
