/* tcp_burst.c - what may be sent, and how much of it at once.
 *
 * May: RFC 9293 s3.8.6.2.1 (sender's silly window avoidance), s3.7.4 (Nagle),
 * RFC 5681 s3.1 (congestion window), RFC 6675 s5 (pipe).
 *
 * At once: with `offload` as Linux hands text to a device that cuts it into
 * segments itself (net/ipv4/tcp_output.c, tcp_write_xmit()).  A burst is at
 * most half the congestion window, what is free of it, and what the connection
 * sends in about a millisecond; the last segment of a burst of two or more has
 * PSH, so that the receiver's offload passes it on.  What leaves here are
 * segments all the same, none larger than the MSS, and as large as may be
 * (SHLD-28).  The last segment of what was written has PSH (MUST-61): of
 * several writes that are sent as one there is one (SHLD-27). */
#include "tcp_inside.h"

#include <glib.h>

enum {
    OFFLOAD_MOST = 65279, /* bytes of a burst: Linux's GSO_LEGACY_MAX_SIZE less
                             the room for headers */
    RTT_SHIFT = 9,        /* Linux's tcp_tso_rtt_log: a bonus on short paths */
    PACING_SHIFT = 10,    /* a burst is what is sent in 1/1024 s */
};
/* A wait for a larger burst is worth while for so long. */
#define DEFER_MOST SIM_MS

typedef enum Mode {
    ALL,       /* as much as may be sent */
    ONE_BURST, /* tcp_push_one() */
    PROBE      /* a burst whatever congestion says */
} Mode;

/* The first piece of the queue that was not sent yet, see tcp_send.c. */
typedef struct Piece {
    const TcpChunk *last; /* that it ends with; NULL: there is only a FIN */
    uint32_t len;         /* bytes not sent yet */
    bool push, eor, fin;
    bool tail; /* nothing comes after it */
} Piece;

/* --- what is due ---------------------------------------------------------- */

/* Bytes from SND.NXT on that the peer's window has room for; none when it has
 * shrunk to the left of SND.NXT (MUST-34, SHLD-15). */
static uint32_t usable_window(const Tcb *tcb)
{
    uint32_t right = tcb->snd.una + tcb->snd.wnd;

    return seq_lt(tcb->snd.nxt, right) ? right - tcb->snd.nxt : 0;
}

/* Adds to PIECE the one that begins with CHUNK. */
static void piece_take(Piece *piece, const TcpChunk *chunk, uint32_t skip)
{
    while (!(chunk->flags & CHUNK_ENDS)) {
        piece->len += chunk->text.len - skip;
        skip = 0;
        chunk = chunk->next;
    }
    piece->len += chunk->text.len - skip;
    piece->last = chunk;
    piece->push |= (chunk->flags & CHUNK_PUSH) != 0;
    piece->eor = (chunk->flags & CHUNK_EOR) != 0;
    piece->tail = chunk->next == NULL;
}

/* Whether there is anything that was never sent. */
static bool has_unsent(const Tcb *tcb)
{
    return !tcb->fin_sent && (tcb->snd.nxt != tcb->snd.end || tcb->fin_wanted);
}

/* ... which begins with PIECE. */
static void piece_first(const Tcb *tcb, Piece *piece)
{
    const TcpChunk *chunk;

    *piece = (Piece){.tail = true, .fin = tcb->fin_wanted};
    if (tcb->snd.nxt == tcb->snd.end)
        return;
    chunk = tcp_chunk_at(tcb, tcb->snd.nxt);
    piece_take(piece, chunk, tcb->snd.nxt - chunk->seq);
    piece->fin = tcb->fin_wanted && piece->tail;
}

/* Makes PIECE up to LEN bytes long with what comes after it, unless a boundary
 * says no: Linux's tcp_grow_skb(). */
static void piece_grow(const Tcb *tcb, Piece *piece, uint32_t len)
{
    while (piece->len < len && !piece->tail && !piece->eor) {
        Piece both = *piece;

        piece_take(&both, piece->last->next, 0);
        if (both.len > len) { /* a part of the next one: what ends it stays */
            piece->len = len;
            break;
        }
        *piece = both;
    }
    piece->fin = piece->tail && tcb->fin_wanted && !tcb->fin_sent;
}

/* --- how large ------------------------------------------------------------ */

/* Most segments of a burst: Linux's tcp_tso_autosize(). */
static uint32_t most_segments(const Tcb *tcb)
{
    uint64_t bytes = tcp_pacing_rate(tcb) >> PACING_SHIFT;
    uint32_t shift = tcb->min_rtt >> RTT_SHIFT, segments;

    bytes = MIN(bytes, OFFLOAD_MOST);
    if (shift < 32)
        bytes += (uint32_t)OFFLOAD_MOST >> shift;
    segments = (uint32_t)MIN(bytes, OFFLOAD_MOST) / tcp_full(tcb);
    return MAX(segments, tcp_config(tcb)->burst_least);
}

/* Segments that congestion allows now; with `offload` not all of them at once,
 * so that two bursts are on their way: Linux's tcp_cwnd_test(). */
static uint32_t quota(const Tcb *tcb)
{
    uint32_t pipe = tcp_pipe(tcb);

    return pipe >= tcb->cwnd ? 0 : MIN(MAX(tcb->cwnd / 2, 1), tcb->cwnd - pipe);
}

/* --- what waits ----------------------------------------------------------- */

static unsigned own_nagle(const Tcb *tcb)
{
    return (tcp_config(tcb)->nagle ? 0u : NAGLE_OFF) |
           (tcb->cork ? NAGLE_CORK : 0u) | (tcb->push_now ? NAGLE_PUSH : 0u);
}

/* A last segment below the MSS waits: s3.7.4 (SHLD-7, MUST-17), in Minshall's
 * form: only while another small one is in flight. */
static bool small_waits(const Tcb *tcb, unsigned nagle)
{
    if (nagle & NAGLE_CORK)
        return true;
    return nagle == 0 && tcb->out > 0 && seq_lt(tcb->snd.una, tcb->snd.small);
}

/* Whether PIECE, a segment at most, waits for more; not for ever: what waits
 * goes with the next ACK, or when the zero-window timer fires (MUST-60). */
static bool piece_waits(const Tcb *tcb, const Piece *piece, unsigned nagle)
{
    if (piece->len >= tcp_full(tcb) || piece->fin || !piece->tail ||
        nagle & NAGLE_PUSH)
        return false;
    /* Without offload's queue, what was not pushed waits: s3.8.6.2.1. */
    if (!tcp_config(tcb)->offload && !piece->push)
        return true;
    return small_waits(tcb, nagle);
}

/* Bytes of PIECE, several segments long, that go in a burst of MOST segments:
 * Linux's tcp_mss_split_point(). */
static uint32_t split_point(const Tcb *tcb, const Piece *piece, uint32_t most,
                            unsigned nagle)
{
    uint32_t full = tcp_full(tcb), max = most * full;
    uint32_t window = usable_window(tcb);
    uint32_t needed = MIN(piece->len, window);

    if (max <= needed)
        return max;
    if (max <= window && !piece->tail)
        return piece->len;
    if (needed % full != 0 && small_waits(tcb, nagle))
        return needed - needed % full;
    return needed;
}

/* Whether PIECE waits because a larger burst will soon be possible: Linux's
 * tcp_tso_should_defer().  *LIMITED is set when it is congestion that it waits
 * for. */
static bool burst_waits(const Tcb *tcb, const Piece *piece, uint32_t most,
                        bool *limited)
{
    SimTime now = tcp_sim(tcb)->now;
    SimTime srtt = (SimTime)tcb->srtt8 * SIM_US / 8;
    uint32_t full = tcp_full(tcb), window = usable_window(tcb);
    uint32_t congestion = (tcb->cwnd - tcp_pipe(tcb)) * full;
    uint32_t limit = MIN(window, congestion), share;

    if (tcp_ca_state(tcb) >= TCP_SENDER_RECOVERY ||
        now - tcb->sent_at > DEFER_MOST || limit >= most * full ||
        (!piece->tail && limit >= piece->len))
        return false;
    share = MIN(tcb->snd.wnd, tcb->cwnd * full) / tcp_config(tcb)->burst_share;
    if (limit >= share || tcb->work->sent == NULL)
        return false;
    if (tcb->work->sent->at + srtt - now > MIN(srtt / 2, DEFER_MOST))
        return false; /* the next ACK is not near */
    if (congestion < window && congestion <= piece->len) {
        *limited = true;
        return true;
    }
    if (congestion >= window && window <= piece->len)
        return true;
    return !piece->fin && !piece->eor;
}

/* --- sending -------------------------------------------------------------- */

/* Whether the window was used, or only the user had nothing to say (RFC 7661 in
 * the simple form of Linux's tcp_cwnd_validate()). */
static void note_use(Tcb *tcb, bool limited)
{
    if (!seq_lt(tcb->snd.una, tcb->most_out_seq) || limited ||
        (!tcb->cwnd_limited && tcb->out > tcb->most_out)) {
        tcb->cwnd_limited = limited;
        tcb->most_out = tcb->out;
        tcb->most_out_seq = tcb->snd.nxt;
    }
    if (!tcb->cwnd_limited && tcb->writable_due && !has_unsent(tcb))
        tcp_waits_start(tcb, TCP_SNDBUF_LIMITED);
}

/* Nothing was sent for an RTO: the window no longer fits the path (RFC 5681
 * s4.1); halved for each RTO, not below the restart window. */
static void restart_idle(Tcb *tcb)
{
    SimTime idle = tcp_sim(tcb)->now - tcb->sent_at;
    uint32_t least = MIN(tcp_config(tcb)->initial_window, tcb->cwnd);

    if (!tcp_config(tcb)->idle_restart || tcb->rated || tcb->out > 0 ||
        idle <= tcb->rto)
        return;
    /* What the window was is remembered: RFC 2861 s3. */
    tcb->ssthresh = MAX(tcb->ssthresh, tcb->cwnd / 2 + tcb->cwnd / 4);
    while ((idle -= tcb->rto) > 0 && tcb->cwnd > least)
        tcb->cwnd /= 2;
    tcb->cwnd = MAX(tcb->cwnd, least);
}

static bool may_send(const Tcb *tcb)
{
    TcpState state = tcp_state(tcb);

    return state == TCP_ESTABLISHED || state == TCP_FIN_WAIT_1 ||
           state == TCP_CLOSE_WAIT || state == TCP_CLOSING ||
           state == TCP_LAST_ACK || tcb->fast_open;
}

bool tcp_may_send_new(const Tcb *tcb)
{
    return may_send(tcb) && usable_window(tcb) > 0 && has_unsent(tcb);
}

/* Pieces that end in the LEN bytes from SND.NXT on. */
static uint32_t ends_in(const Tcb *tcb, uint32_t len)
{
    uint32_t end = tcb->snd.nxt + len, n = 0;

    if (len == 0)
        return 0;
    for (const TcpChunk *c = tcp_chunk_at(tcb, tcb->snd.nxt);
         c != NULL && seq_leq(c->seq + c->text.len, end); c = c->next)
        n += (c->flags & CHUNK_ENDS) != 0;
    return n;
}

/* Sends LEN bytes of PIECE in segments of FULL bytes, and its FIN if that is
 * all of it. */
static void send_burst(Tcb *tcb, const Piece *piece, uint32_t len,
                       uint32_t full)
{
    uint32_t left = len;
    bool whole = len == piece->len;
    bool burst = len > full && tcp_config(tcb)->offload;
    uint8_t last = SENT_ENDS;

    if (whole && piece->push)
        last |= SENT_PUSH;
    if (len % full != 0)
        tcb->snd.small = tcb->snd.nxt + len;
    tcp_work(tcb)->pieces += 1 - ends_in(tcb, len);
    while (left > full && may_send(tcb)) {
        tcp_send_text(tcb, full, false, 0, false);
        left -= full;
    }
    if (may_send(tcb))
        tcp_send_text(tcb, left, whole && piece->fin, last, burst);
    if (tcb->paced)
        tcp_pacing_sent(tcb, len);
}

uint32_t tcp_burst_again(Tcb *tcb, TcpSent *sent, uint32_t most)
{
    const uint16_t waits = SENT_LOST | SENT_AGAIN | SENT_SACKED;
    uint32_t n = 1;

    if (!tcp_config(tcb)->offload || sent->flags & SENT_ENDS)
        return 1;
    if (most > 1) {
        uint32_t at_once = most_segments(tcb);

        most = MIN(most, at_once);
    }
    for (; n < most && !(sent->flags & SENT_ENDS) && sent->next != NULL &&
           (sent->next->flags & waits) == SENT_LOST;
         n++)
        sent = sent->next;
    if (n > 1)
        sent->flags |= SENT_PUSH_ONCE;
    if (!(sent->flags & SENT_ENDS)) { /* what follows is a piece of its own */
        sent->flags |= SENT_ENDS;
        tcb->work->pieces++;
    }
    return n;
}

/* A segment is cut to fit the window when that is half the largest one at
 * least (s3.8.6.2.1, (3), MUST-38); or waits until it fits, when the MSS was
 * chosen so that it can (tcp_full()).  How many bytes of PIECE's first segment,
 * FULL at most, may go; 0: wait. */
static uint32_t fits(const Tcb *tcb, const Piece *piece, uint32_t full)
{
    uint32_t window = usable_window(tcb);
    uint32_t len = MIN(piece->len, full);

    if (len <= window)
        return len;
    return tcp_config(tcb)->cut_to_window &&
                   window >= (tcb->snd.max_wnd + 1) / 2
               ? window
               : 0;
}

/* Only the FIN is left, and no congestion window holds it. */
static bool fin_goes_anyway(const Tcb *tcb)
{
    return tcp_config(tcb)->fin_beyond_window && tcb->snd.nxt == tcb->snd.end;
}

/* The next burst of Linux's tcp_write_xmit(); false: there is none now.
 * *LIMITED: congestion says so. */
static bool next_burst(Tcb *tcb, unsigned nagle, Mode mode, bool *limited)
{
    bool offload = tcp_config(tcb)->offload;
    uint32_t full, free, len;
    Piece piece;

    if (!may_send(tcb) || !has_unsent(tcb) ||
        (tcb->paced && tcp_pacing_holds(tcb)))
        return false;
    full = tcp_full(tcb);
    free = quota(tcb);
    *limited = free == 0;
    if (free == 0 && mode != PROBE && !fin_goes_anyway(tcb))
        return false;
    piece_first(tcb, &piece);
    if (piece.last == NULL) /* a FIN alone */
        return usable_window(tcb) > 0 &&
               (send_burst(tcb, &piece, 0, full), true);
    if (!offload || free == 0)
        free = 1;
    else if (free > 1 && (piece.len > full || !piece.tail)) {
        uint32_t at_once = most_segments(tcb);

        free = MIN(free, at_once);
    }
    piece_grow(tcb, &piece, free * full);
    if (piece.fin && usable_window(tcb) <= piece.len)
        piece.fin = false; /* no room for it */
    len = fits(tcb, &piece, full);
    if (len == 0) {
        tcp_waits_start(tcb, TCP_RWND_LIMITED);
        return false;
    }
    if (tcb->work->waits == TCP_RWND_LIMITED)
        tcp_waits_stop(tcb, TCP_RWND_LIMITED);
    if (len == piece.len && piece_waits(tcb, &piece, nagle))
        return false;
    if (len == full && len < piece.len) {
        if (offload && mode == ALL && burst_waits(tcb, &piece, free, limited))
            return false;
        len = split_point(tcb, &piece, free, nagle);
    }
    send_burst(tcb, &piece, len, full);
    return true;
}

/* Bursts, as MODE and NAGLE say; what follows from having sent. */
static void transmit(Tcb *tcb, unsigned nagle, Mode mode)
{
    uint32_t before = tcb->out;
    bool limited = false, sent = false;

    while (next_burst(tcb, nagle, mode, &limited)) {
        sent = true;
        if (mode != ALL || !has_unsent(tcb))
            break;
    }
    if (!may_send(tcb))
        return;
    if (sent || limited)
        note_use(tcb, limited || tcp_pipe(tcb) >= tcb->cwnd);
    if (sent)
        tcp_sent_rexmit(tcb, before == 0);
    tcp_check_persist(tcb);
}

void tcp_push(Tcb *tcb, unsigned nagle)
{
    if (!has_unsent(tcb) || !may_send(tcb))
        return;
    if (tcb->out == 0)
        restart_idle(tcb);
    transmit(tcb, nagle, ALL);
}

void tcp_output(Tcb *tcb) { tcp_push(tcb, own_nagle(tcb)); }

void tcp_push_one(Tcb *tcb)
{
    if (!may_send(tcb))
        return;
    if (tcb->out == 0)
        restart_idle(tcb);
    transmit(tcb, NAGLE_PUSH, ONE_BURST);
}

bool tcp_send_one_more(Tcb *tcb)
{
    bool limited;

    return next_burst(tcb, NAGLE_OFF, PROBE, &limited);
}

/* s3.8.6.2.1 (4): the time that a small segment has waited is over. */
bool tcp_send_what_fits(Tcb *tcb)
{
    uint32_t len = usable_window(tcb);
    Piece piece;

    if (!may_send(tcb) || !has_unsent(tcb))
        return false;
    piece_first(tcb, &piece);
    len = MIN(MIN(len, tcp_full(tcb)), piece.len);
    if (len == 0 && (piece.len > 0 || usable_window(tcb) == 0))
        return false;
    if (usable_window(tcb) == len) /* no room for the FIN */
        piece.fin = false;
    piece.push = true;
    if (len < piece.len) { /* the probe is pushed, what is left as before */
        piece.len = len;
        piece.fin = false;
    }
    send_burst(tcb, &piece, len, tcp_full(tcb));
    return true;
}
