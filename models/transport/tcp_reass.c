/* tcp_reass.c - segments that arrive out of order: kept, reported, put in place
 * (RFC 9293 s3.10.7.4 seventh, SHLD-31; RFC 2018 s4; RFC 2883). */
#include "tcp_inside.h"

#include <glib.h>
#include <string.h>

void tcp_inbox_add(Tcb *tcb, Slice text /* taken */)
{
    TcpWork *work = tcp_work(tcb);
    TcpChunk *last = work->last_inbox, *chunk;

    uint32_t memory = tcp_memory_of(tcb, text.len);

    tcb->rcv.nxt += text.len;
    /* FreeBSD takes more than was told. */
    tcb->rcv.right = seq_max(tcb->rcv.right, tcb->rcv.nxt);
    tcb->rcv.memory += memory;
    tcp_tally(tcb)->bytes_received += text.len;
    tcb->conn.tcp->received += text.len;
    tcb->tell_readable = tcb->vtable != NULL || tcb->tell_accept;
    /* Lengths without content run together. */
    if (last != NULL && last->text.bytes == NULL && text.bytes == NULL &&
        last->text.len <= UINT32_MAX - text.len) {
        last->text.len += text.len;
        last->seq += memory;
        tcb->rcv.queued += text.len;
        return;
    }
    chunk = slab_alloc(sim_slab(tcp_sim(tcb), SLAB_TCP_CHUNK, sizeof *chunk));
    *chunk = (TcpChunk){.text = text, .seq = memory};
    tcb->rcv.queued += text.len;
    if (last != NULL)
        last->next = chunk;
    else
        work->inbox = chunk;
    work->last_inbox = chunk;
}

static TcpHoles *holes(Tcb *tcb)
{
    TcpWork *work = tcp_work(tcb);

    if (work->holes == NULL) {
        work->holes = slab_alloc(
            sim_slab(tcp_sim(tcb), SLAB_TCP_HOLES, sizeof *work->holes));
        *work->holes = (TcpHoles){0};
    }
    return work->holes;
}

static void held_free(Tcb *tcb, TcpHeld *held)
{
    tcb->rcv.memory -= tcp_memory_of(tcb, held->text.len);
    slice_clear(&held->text);
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_HELD, sizeof *held), held);
}

void tcp_holes_free(Tcb *tcb)
{
    TcpHoles *h = tcb->work->holes;

    if (h == NULL)
        return;
    for (TcpHeld *next, *held = h->first; held != NULL; held = next) {
        next = held->next;
        held_free(tcb, held);
    }
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_HOLES, sizeof *h), h);
    tcb->work->holes = NULL;
}

/* The contiguous run of what is held that SEQ is in. */
static TcpSackBlock run_around(const Tcb *tcb, uint32_t seq)
{
    const TcpHoles *h = tcb->work->holes;
    TcpSackBlock run = {0};

    for (const TcpHeld *held = h->first; held != NULL; held = held->next) {
        if (held == h->first || held->seq != run.right)
            run.left = held->seq;
        run.right = held->end;
        if (!seq_in_window(seq, run.left, run.right - run.left) ||
            (held->next != NULL && held->next->seq == run.right))
            continue;
        run.right -= held->fin && !tcp_config(tcb)->sack_fin;
        break;
    }
    return run;
}

/* The run that the latest segment, at SEQ, belongs to is reported first, then
 * those that were reported last (RFC 2018 s4). */
static void report(Tcb *tcb, uint32_t seq)
{
    TcpHoles *h = tcb->work->holes;
    TcpSackBlock blocks[TCP_SACK_BLOCKS_MAX] = {run_around(tcb, seq)};
    unsigned n = blocks[0].left != blocks[0].right;

    for (unsigned i = 0; i < h->sack_count && n < TCP_SACK_BLOCKS_MAX; i++)
        if (seq_lt(h->sack[i].left, blocks[0].left) ||
            seq_lt(blocks[0].right, h->sack[i].right))
            blocks[n++] = h->sack[i];
    memcpy(h->sack, blocks, n * sizeof blocks[0]);
    h->sack_count = (uint8_t)n;
}

/* Keeps TEXT (taken) and FIN, at SEQ, before *AT. */
static void insert(Tcb *tcb, TcpHeld **at, uint32_t seq, Slice text, bool fin)
{
    TcpHeld *held =
        slab_alloc(sim_slab(tcp_sim(tcb), SLAB_TCP_HELD, sizeof *held));

    *held = (TcpHeld){.next = *at,
                      .text = text,
                      .seq = seq,
                      .end = seq + text.len + fin,
                      .fin = fin};
    *at = held;
    if (held->next == NULL)
        tcb->work->holes->last = held;
    tcb->rcv.memory += tcp_memory_of(tcb, text.len);
}

/* Whether what is at [SEQ, END) comes third at least among what is reported:
 * what waits is told before it (Linux's TCP_SACK_BLOCKS_EXPECTED), so that each
 * block is first or second in an ACK once. */
static bool is_third_block(const TcpHoles *h, uint32_t seq, uint32_t end)
{
    for (unsigned i = 0; i < MIN(h->sack_count, 2); i++)
        if (seq_leq(seq, h->sack[i].right) && seq_leq(h->sack[i].left, end))
            return false;
    return h->sack_count >= 2;
}

void tcp_hold(Tcb *tcb, TcpSegment *seg)
{
    TcpHoles *h = holes(tcb);
    bool fin = (seg->flags & TCP_FIN) != 0;
    uint32_t seq = seg->seq, end = seg->seq + seg->text + fin;
    TcpHeld **at = &h->first;

    if (h->waiting > 0 && is_third_block(h, seq, end))
        tcp_send_ack(tcb);
    tcb->ack_due = true;
    tcb->ack_now |= !tcp_sacks_wait(tcb); /* RFC 5681 s4.2, MAY-13 */
    tcp_measure_received(tcb, seg);
    if (tcp_has(tcb, TCP_OPT_SACK_OK)) /* before it takes memory, as Linux */
        tcp_window_received(tcb, seg->text);
    while (seq_lt(seq, end)) {
        uint32_t until, len;
        bool with_fin;

        while (*at != NULL && seq_leq((*at)->end, seq))
            at = &(*at)->next;
        if (*at != NULL && seq_leq((*at)->seq, seq)) {
            /* This part is held already: it came twice. */
            uint32_t twice = seq_min((*at)->end, end);

            tcp_dsack(tcb, seq, twice);
            seq = twice;
            continue;
        }
        until = *at != NULL ? seq_min((*at)->seq, end) : end;
        with_fin = fin && until == end;
        len = until - seq - with_fin;
        tcp_tell_taken(tcb, seg, len);
        insert(tcb, at, seq,
               slice_part(&seg->packet->payload, seg->skip + (seq - seg->seq),
                          len),
               with_fin);
        seq = until;
    }
    report(tcb, seg->seq);
    tcp_window_held(tcb);
}

bool tcp_release(Tcb *tcb)
{
    TcpHoles *h = tcb->work->holes;
    uint32_t came = tcb->rcv.nxt; /* the end of what has just come */
    bool fin = false;
    unsigned n = 0;

    while (h->first != NULL && seq_leq(h->first->seq, tcb->rcv.nxt)) {
        TcpHeld *held = h->first;
        uint32_t old = tcb->rcv.nxt - held->seq;

        h->first = held->next;
        if (h->first == NULL)
            h->last = NULL;
        tcp_dsack(tcb, held->seq, seq_min(held->end, came));
        if (old < held->text.len) {
            Slice text = slice_part(&held->text, old, held->text.len - old);

            tcp_inbox_add(tcb, text);
        }
        fin |= held->fin;
        held_free(tcb, held);
        if (fin)
            break;
    }
    for (unsigned i = 0; i < h->sack_count; i++)
        if (seq_lt(tcb->rcv.nxt, h->sack[i].left))
            h->sack[n++] = h->sack[i];
    h->sack_count = (uint8_t)n;
    return fin;
}

/* [LEFT, RIGHT) has come twice: the next ACK says so (RFC 2883 s4).  It reports
 * one contiguous run, the first of a segment that repeats several. */
void tcp_dsack(Tcb *tcb, uint32_t left, uint32_t right)
{
    TcpHoles *h;

    if (!tcp_has(tcb, TCP_OPT_SACK_OK) || !seq_lt(left, right))
        return;
    h = holes(tcb);
    if (h->waiting > 0) {
        tcp_send_ack(tcb);
        tcb->ack_due = true;
    }
    if (!h->dsack)
        h->duplicate = (TcpSackBlock){left, right};
    else if (h->duplicate.right == left)
        h->duplicate.right = right;
    h->dsack = true;
}

void tcp_put_sack(Tcb *tcb, TcpHeader *header)
{
    TcpHoles *h = tcb->work->holes;
    unsigned most = tcp_has(tcb, TCP_OPT_TIMESTAMPS) ? 3 : 4;
    unsigned n = 0;

    if (!tcp_has(tcb, TCP_OPT_SACK_OK))
        return;
    if (h->dsack)
        header->sack[n++] = h->duplicate;
    for (unsigned i = 0; i < h->sack_count && n < most; i++)
        header->sack[n++] = h->sack[i];
    header->sack_count = (uint8_t)n;
    h->dsack = false; /* told once: RFC 2883 s4 */
    if (h->first == NULL)
        tcp_holes_free(tcb);
}
