/* tcp_scoreboard.c - what of the flight the peer has, what is lost and what was
 * sent again: RFC 6675 s3 and s4, with D-SACK (RFC 2883).
 *
 * The flight is walked from hints, so that an ACK costs what it changes and not
 * what is in flight:
 * - SACK blocks repeat themselves (RFC 2018 s4): what the last ACK's blocks
 *   said is not looked at again, and a block is looked for from where the last
 *   one ended;
 * - RACK looks at segments in the order in which they were sent last: a list of
 *   those neither reported nor waiting to be sent again, made when something is
 *   first reported or lost, and given up when nothing is;
 * - what is lost is looked for from the last one that was sent again, and RFC
 *   6675's IsLost() goes on from the last segment that it judged. */
#include "tcp_inside.h"

#include <glib.h>
#include <string.h>

enum { MOST_REORDERING = 300 }; /* Linux tcp_max_reordering */

TcpRecovery *tcp_recovery(Tcb *tcb)
{
    TcpWork *work = tcp_work(tcb);

    if (work->recovery == NULL) {
        work->recovery = slab_alloc(
            sim_slab(tcp_sim(tcb), SLAB_TCP_RECOVERY, sizeof(TcpRecovery)));
        *work->recovery =
            (TcpRecovery){.reordering = TCP_DUP_THRESH, .reo_steps = 1};
    }
    return work->recovery;
}

void tcp_recovery_free(Tcb *tcb)
{
    if (tcb->work->recovery == NULL)
        return;
    slab_free(sim_slab(tcp_sim(tcb), SLAB_TCP_RECOVERY, sizeof(TcpRecovery)),
              tcb->work->recovery);
    tcb->work->recovery = NULL;
}

/* --- RACK's list ---------------------------------------------------------- */

static void list_remove(TcpRecovery *r, TcpSent *sent)
{
    if (!(sent->flags & SENT_LISTED))
        return;
    *(sent->earlier ? &sent->earlier->later : &r->earliest) = sent->later;
    *(sent->later ? &sent->later->earlier : &r->latest) = sent->earlier;
    sent->flags &= (uint16_t)~SENT_LISTED;
}

/* Behind AFTER; NULL: at the front. */
static void list_insert(TcpRecovery *r, TcpSent *after, TcpSent *sent)
{
    sent->earlier = after;
    sent->later = after != NULL ? after->later : r->earliest;
    *(after ? &after->later : &r->earliest) = sent;
    *(sent->later ? &sent->later->earlier : &r->latest) = sent;
    sent->flags |= SENT_LISTED;
}

static void list_begin(Tcb *tcb, TcpRecovery *r)
{
    r->listing = true;
    r->earliest = r->latest = NULL;
    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next) {
        TcpSent *after = r->latest;

        s->flags &= (uint16_t)~SENT_LISTED;
        if (s->flags & SENT_SACKED ||
            (s->flags & (SENT_LOST | SENT_AGAIN)) == SENT_LOST)
            continue;
        while (after != NULL && after->at > s->at)
            after = after->earlier;
        list_insert(r, after, s);
    }
}

/* Nothing is reported, lost or sent again: there is nothing to look at. */
static void list_end_if_clean(TcpRecovery *r)
{
    if (r->sacked + r->lost + r->again == 0 && r->ca_state == TCP_SENDER_OPEN)
        r->listing = false;
}

TcpSent *tcp_earliest(Tcb *tcb, TcpRecovery *r)
{
    if (!r->listing)
        list_begin(tcb, r);
    return r->earliest;
}

void tcp_note_sent(Tcb *tcb, TcpSent *sent)
{
    TcpRecovery *r = tcb->work->recovery;

    if (r->listing)
        list_insert(r, r->latest, sent);
    if (tcp_in_reduction(tcb))
        r->prr_out++;
}

void tcp_note_repeat(Tcb *tcb, TcpSent *sent, bool probe)
{
    TcpRecovery *r = tcb->work->recovery;

    sent->at = tcp_sim(tcb)->now;
    sent->flags |= SENT_EVER_AGAIN;
    tcb->repeats++;
    if (r->listing && !(sent->flags & SENT_SACKED)) {
        list_remove(r, sent);
        list_insert(r, r->latest, sent);
    }
    if (probe)
        return;
    if (!(sent->flags & SENT_AGAIN)) {
        sent->flags |= SENT_AGAIN;
        r->again++;
    }
    tcp_undo_repeated(tcb, r);
}

void tcp_note_split(Tcb *tcb, TcpSent *sent, TcpSent *rest)
{
    TcpRecovery *r = tcb->work->recovery;

    if (r == NULL)
        return;
    r->sacked += (rest->flags & SENT_SACKED) != 0;
    r->lost += (rest->flags & SENT_LOST) != 0;
    r->again += (rest->flags & SENT_AGAIN) != 0;
    r->beyond += r->judged != NULL && (rest->flags & SENT_SACKED) != 0 &&
                 !seq_lt(rest->seq, r->judged->seq);
    rest->flags &= (uint16_t)~SENT_LISTED;
    if (r->listing && sent->flags & SENT_LISTED)
        list_insert(r, sent, rest);
}

/* --- marks ---------------------------------------------------------------- */

bool tcp_mark_lost(Tcb *tcb, TcpRecovery *r, TcpSent *sent)
{
    bool again = (sent->flags & SENT_AGAIN) != 0;

    if (sent->flags & SENT_SACKED)
        return false;
    if (sent->flags & SENT_LOST) {
        if (!again)
            return false;
        sent->flags &= (uint16_t)~SENT_AGAIN; /* lost once more */
        r->again--;
    } else {
        again = false;
        sent->flags |= SENT_LOST;
        r->lost++;
    }
    r->newly_lost++;
    if (tcb->rated)
        tcp_rate_lost(tcb, sent);
    if (r->listing && !(sent->flags & SENT_AGAIN))
        list_remove(r, sent);
    if (r->resend != NULL && seq_lt(sent->seq, r->resend->seq))
        r->resend = sent;
    return again;
}

/* SENT was reported for the first time. */
static void mark_sacked(Tcb *tcb, TcpRecovery *r, TcpSent *sent)
{
    if (sent->flags & SENT_LOST) {
        r->lost--;
        if (sent->flags & SENT_AGAIN)
            r->again--;
        sent->flags &= (uint16_t) ~(SENT_LOST | SENT_AGAIN);
    }
    if (!r->listing)
        list_begin(tcb, r);
    list_remove(r, sent);
    sent->flags |= SENT_SACKED;
    if (r->sacked++ == 0 || seq_lt(r->fack, sent->end))
        r->fack = sent->end;
    if (r->judged != NULL && !seq_lt(sent->seq, r->judged->seq))
        r->beyond++;
}

void tcp_forget_sack(Tcb *tcb, TcpRecovery *r)
{
    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next)
        s->flags &= (uint16_t)~SENT_SACKED;
    r->sacked = r->beyond = 0;
    r->sack_from = r->judged = NULL;
    memset(r->seen, 0, sizeof r->seen);
    if (r->listing)
        list_begin(tcb, r);
}

void tcp_unmark_lost(Tcb *tcb, TcpRecovery *r)
{
    for (TcpSent *s = tcb->work->sent; s != NULL; s = s->next)
        s->flags &= (uint16_t)~SENT_LOST;
    r->lost = 0;
    r->resend = NULL;
    if (r->listing)
        list_begin(tcb, r);
}

void tcp_forget_sent(TcpRecovery *r, TcpSent *sent)
{
    r->again -= (sent->flags & SENT_AGAIN) != 0;
    r->lost -= (sent->flags & SENT_LOST) != 0;
    if (sent->flags & SENT_SACKED) {
        r->sacked--;
        r->beyond -= r->judged == sent;
    }
    if (r->listing)
        list_remove(r, sent);
    if (r->resend == sent)
        r->resend = sent->next;
    if (r->judged == sent)
        r->judged = sent->next;
    if (r->sack_from == sent)
        r->sack_from = NULL;
    list_end_if_clean(r);
}

/* --- reordering ----------------------------------------------------------- */

void tcp_reordered(Tcb *tcb, TcpRecovery *r, uint32_t low)
{
    uint32_t high = r->sacked > 0 ? r->fack : tcb->snd.una;
    uint32_t full = tcp_full(tcb), segments;

    if (!seq_lt(low, high))
        return;
    segments = (high - low + full - 1) / full;
    if (segments > r->reordering)
        r->reordering = (uint16_t)MIN(segments, MOST_REORDERING);
    r->reord_seen++;
}

/* --- duplicates (RFC 2883 s4) --------------------------------------------- */

static bool is_dsack(const TcpSegment *seg)
{
    const TcpSackBlock *b = seg->header->sack;

    return seq_lt(b[0].left, seg->ack) ||
           (seg->header->sack_count > 1 && seq_leq(b[1].left, b[0].left) &&
            seq_leq(b[0].right, b[1].right));
}

/* Block 0 reports a duplicate.  Whether we caused it: more duplicates than
 * repetitions are the network's doing. */
static bool dsack_is_ours(Tcb *tcb, TcpRecovery *r, TcpAck *ack)
{
    TcpSackBlock b = ack->seg->header->sack[0];
    uint32_t len = b.right - b.left, segments = 1;

    if (!seq_lt(b.left, b.right) || len > tcb->snd.max_wnd)
        return false;
    if (len > tcp_full(tcb))
        segments = (len + tcp_full(tcb) - 1) / tcp_full(tcb);
    else
        ack->dsack_probe = r->tlp && r->tlp_high == b.right;
    r->dsack_dups += segments;
    if (r->dsack_dups > tcb->repeats)
        return false;
    /* A probe that was not needed says nothing of reordering. */
    if (r->reord_seen > 0 && !ack->dsack_probe)
        r->dsack_seen = true;
    ack->delivered += segments;
    if (seq_leq(b.right, ack->una))
        tcp_undo_duplicate(r, b.right, segments);
    return true;
}

/* --- SACK ----------------------------------------------------------------- */

/* SENT lies in a block; DSACK: in one that reports a duplicate. */
static void reported(Tcb *tcb, TcpAck *ack, TcpSent *sent, bool dsack)
{
    TcpRecovery *r = tcb->work->recovery;
    bool out_of_order = r->sacked > 0 && seq_lt(sent->seq, r->fack);

    if (dsack && sent->flags & SENT_EVER_AGAIN) {
        tcp_undo_duplicate(r, sent->end, 1);
        if (sent->flags & SENT_SACKED)
            tcp_note_disorder(ack, sent->seq);
    }
    if (seq_leq(sent->end, tcb->snd.una)) /* it is about to go */
        return;
    if (!(sent->flags & SENT_SACKED)) {
        tcp_rack_advance(tcb, sent);
        if (!(sent->flags & SENT_EVER_AGAIN)) {
            if (out_of_order)
                tcp_note_disorder(ack, sent->seq);
            ack->original |= seq_leq(sent->end, r->high);
            if (ack->sack_first == SIM_NEVER)
                ack->sack_first = sent->at;
            ack->sack_last = sent->at;
        }
        if (tcb->rated)
            tcp_rate_delivered(tcb, sent);
        mark_sacked(tcb, r, sent);
        ack->sacked = true;
        ack->delivered++;
    }
    if (dsack && sent->flags & SENT_AGAIN) {
        sent->flags &= (uint16_t)~SENT_AGAIN;
        r->again--;
    }
}

/* Takes off B what the last ACK's blocks said too; false: that is all. */
static bool cut_seen(const TcpRecovery *r, TcpSackBlock *b)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(r->seen); i++) {
        TcpSackBlock seen = r->seen[i];

        if (seen.left == seen.right)
            continue;
        if (seq_leq(seen.left, b->left) && seq_lt(b->left, seen.right))
            b->left = seen.right;
        if (seq_leq(b->right, seen.right) && seq_lt(seen.left, b->right))
            b->right = seen.left;
    }
    return seq_lt(b->left, b->right);
}

/* Works on the part B of a block.  Whether segments begin and end where it
 * does, so that it need not be looked at again. */
static bool block_received(Tcb *tcb, TcpAck *ack, TcpSackBlock b, bool dsack)
{
    TcpRecovery *r = tcp_recovery(tcb);
    TcpSent *s = r->sack_from, *last = NULL;
    bool whole = true;

    if (s == NULL || seq_lt(b.left, s->seq))
        s = tcb->work->sent;
    for (; s != NULL && seq_lt(s->seq, b.right); s = s->next) {
        r->sack_from = s;
        if (seq_leq(s->end, b.left))
            continue;
        if (seq_leq(b.left, s->seq) && seq_leq(s->end, b.right)) {
            reported(tcb, ack, s, dsack);
            whole &= last != NULL || s->seq == b.left;
            last = s;
        }
    }
    return whole && last != NULL && last->end == b.right;
}

/* Only what is in flight can be reported, or was once (RFC 2883). */
static bool block_is_valid(const Tcb *tcb, const TcpRecovery *r, TcpSackBlock b,
                           bool dsack)
{
    if (!seq_lt(b.left, b.right) || seq_lt(tcb->snd.nxt, b.right))
        return false;
    if (seq_leq(b.right, tcb->snd.una))
        return false;
    if (seq_lt(tcb->snd.una, b.left))
        return true;
    return dsack && r != NULL && r->undo;
}

/* Block 0 of a duplicate stays out of what has been seen: the same numbers may
 * be reported again. */
static void work_on(Tcb *tcb, TcpAck *ack, TcpSackBlock *b, const bool *dsack,
                    unsigned count)
{
    TcpSackBlock seen[TCP_SACK_BLOCKS_MAX] = {{0}};

    for (unsigned i = 0; i < count; i++) {
        TcpSackBlock all = b[i];

        if (dsack[i]) {
            block_received(tcb, ack, b[i], true);
            continue;
        }
        if (!cut_seen(tcp_recovery(tcb), &b[i]) ||
            block_received(tcb, ack, b[i], false))
            seen[i] = all;
    }
    memcpy(tcb->work->recovery->seen, seen, sizeof seen);
}

/* In order of sequence numbers: what is reported below what the same ACK
 * reports was not reordered. */
static void sort(TcpSackBlock *b, bool *dsack, unsigned count)
{
    for (unsigned i = 1; i < count; i++)
        for (unsigned j = i; j > 0 && seq_lt(b[j].left, b[j - 1].left); j--) {
            TcpSackBlock block = b[j];
            bool is_dsack = dsack[j];

            b[j] = b[j - 1];
            b[j - 1] = block;
            dsack[j] = dsack[j - 1];
            dsack[j - 1] = is_dsack;
        }
}

void tcp_sack_received(Tcb *tcb, TcpAck *ack)
{
    const TcpHeader *header = ack->seg->header;
    TcpRecovery *r = tcb->work->recovery;
    TcpSackBlock blocks[TCP_SACK_BLOCKS_MAX];
    bool dsack[TCP_SACK_BLOCKS_MAX], duplicate = is_dsack(ack->seg);
    unsigned count = 0;

    if (r != NULL && duplicate)
        ack->dsack = dsack_is_ours(tcb, r, ack);
    for (unsigned i = 0; i < header->sack_count; i++) {
        dsack[count] = i == 0 && duplicate;
        blocks[count] = header->sack[i];
        count += block_is_valid(tcb, r, blocks[count], dsack[count]);
    }
    if (count == 0 || tcb->work->sent == NULL)
        return;
    sort(blocks, dsack, count);
    work_on(tcb, ack, blocks, dsack, count);
    r = tcb->work->recovery;
    if (ack->disorder && (r->ca_state != TCP_SENDER_LOSS || r->undo))
        tcp_reordered(tcb, r, ack->low);
    ack->disorder = false;
}

/* --- RFC 6675 ------------------------------------------------------------- */

/* IsLost() of s4: DupThresh segments beyond it were reported. */
void tcp_mark_by_count(Tcb *tcb, TcpRecovery *r)
{
    if (r->judged == NULL) {
        r->judged = tcb->work->sent;
        r->beyond = r->sacked;
    }
    while (r->judged != NULL && r->beyond >= TCP_DUP_THRESH) {
        if (r->judged->flags & SENT_SACKED)
            r->beyond--;
        else if (!(r->judged->flags & SENT_LOST))
            tcp_mark_lost(tcb, r, r->judged);
        r->judged = r->judged->next;
    }
}
