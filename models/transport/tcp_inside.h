/* tcp_inside.h - what the files of this room call of each other. */
#ifndef FIRSTBYTE_MODELS_TRANSPORT_TCP_INSIDE_H
#define FIRSTBYTE_MODELS_TRANSPORT_TCP_INSIDE_H

#include "tcp_cc.h"
#include "tcp_tcb.h"

/* tcp_conn.c: being entered, left, born and freed */
/* A Tcb with nothing in it but its event. */
Tcb *tcp_tcb_alloc(Tcp *tcp);
/* The same for these addresses and ports, found by tcp_demux_find(). */
Tcb *tcp_tcb_new(Tcp *tcp, IpAddress local, IpAddress remote,
                 uint16_t local_port, uint16_t remote_port);
TcpWork *tcp_work_new(Tcb *tcb);
/* TCB's work, to be written to. */
static inline TcpWork *tcp_work(Tcb *tcb)
{
    return tcb->work != &tcp_no_work ? tcb->work : tcp_work_new(tcb);
}
TcpTally *tcp_tally_new(Tcb *tcb);
/* TCB's tally, to be added to. */
static inline TcpTally *tcp_tally(Tcb *tcb)
{
    return tcb->tally != NULL ? tcb->tally : tcp_tally_new(tcb);
}
/* There has been progress: R2 counts from the next repetition. */
static inline void tcp_progress(Tcb *tcb)
{
    if (tcb->work->stamp != SIM_NEVER)
        tcb->work->stamp = SIM_NEVER;
}
/* TCB begins with what is set for LISTENER. */
void tcp_inherit_settings(Tcb *tcb, const TcpListener *listener);
/* Frees SETTINGS unless they are the host's. */
void tcp_settings_free(const Tcp *tcp, const TcpConfig *settings);
void tcp_listener_free(TcpListener *listener);
void tcp_enter(Tcb *tcb);
void tcp_leave(Tcb *tcb);
/* The end of a user's own call: does not call the user. */
void tcp_user_leave(Tcb *tcb);
/* Frees the memory of TCB, which is not in the table any more. */
void tcp_tcb_free(Tcb *tcb);
/* The connection is over: for its user with END, and for the network. */
void tcp_finish(Tcb *tcb, TcpEnd end);
/* The user is told when it is left. */
void tcp_detach(Tcb *tcb);
void tcp_purge_inbox(Tcb *tcb);

/* tcp_demux.c */
/* The one that is not CLOSED; one that is, and whose user has not read all yet,
 * is in the table beside it. */
TcpConn *tcp_demux_find(const Tcp *tcp, IpAddress local, IpAddress remote,
                        uint16_t local_port, uint16_t remote_port);
void tcp_demux_add(Tcp *tcp, TcpConn *conn);
void tcp_demux_remove(Tcp *tcp, const TcpConn *conn);
/* CONN, which has the addresses and ports of OLD, takes its place. */
void tcp_demux_replace(Tcp *tcp, const TcpConn *old, TcpConn *conn);
TcpListener *tcp_listener(const Tcp *tcp, uint16_t port);

/* tcp_state.c */
void tcp_set_state(Tcb *tcb, TcpState to);

/* tcp_park.c */
bool tcp_parkable(const Tcb *tcb);
void tcp_park(Tcb *tcb /* taken */);
Tcb *tcp_unpark(TcpParked *parked /* taken */);
void tcp_parked_free(TcpParked *parked);

/* tcp_options.c: what the two sides agree on */
enum { TCP_TIMESTAMPS_LEN = 12 }; /* nop, nop, timestamps */
uint32_t tcp_choose_iss(const Tcp *tcp, const TcpConn *conn);
uint32_t tcp_ts_offset(const Tcp *tcp, const TcpConn *conn);
/* Our timestamps' clock, now and at another time. */
uint32_t tcp_ts_now(const Tcb *tcb);
uint32_t tcp_ts_at(const Tcb *tcb, SimTime at);
/* The MSS that we announce: what fits the MTU of the way out (MUST-67). */
uint32_t tcp_our_mss(const Tcb *tcb);
void tcp_offer(const Tcb *tcb, TcpHeader *header);
void tcp_agree(Tcb *tcb, const TcpHeader *syn);
/* RFC 5482: HEADER tells user_timeout, if that is wanted and there is room. */
void tcp_put_user_timeout(Tcb *tcb, TcpHeader *header);
/* HEADER, of a segment that came, tells the peer's: ours may become longer. */
void tcp_heed_user_timeout(Tcb *tcb, const TcpHeader *header);
/* Bytes of text in a full segment that we send. */
uint32_t tcp_full(const Tcb *tcb);
/* The same as the peer may send them, small as our own windows may be. */
uint32_t tcp_expected(const Tcb *tcb);

/* tcp_input.c */
/* 3.10.7.4 */
Verdict tcp_other_segment_arrives(Tcb *tcb, TcpSegment *seg);
/* Its steps from the sixth on, for text and FIN that came with a SYN,ACK. */
void tcp_rest_of_segment(Tcb *tcb, TcpSegment *seg);
/* Answers SEG with an ACK; with few when SEG may be one of an endless exchange
 * of ACKs (Linux's tcp_oow_rate_limited()): text and FIN are not. */
void tcp_answer(Tcb *tcb, const TcpSegment *seg);
/* tcp_time_wait.c: SEG in TIME-WAIT, before the first check; PAWS: its
 * timestamp is old. */
Verdict tcp_time_wait_segment(Tcb *tcb, TcpSegment *seg, bool paws);
/* The handshake is complete: SEG acknowledges our SYN. */
void tcp_establish(Tcb *tcb, const TcpSegment *seg);

/* tcp_ack.c: the fifth step's work */
/* SEG, a SYN,ACK, acknowledges our SYN and the text in it that it covers. */
void tcp_syn_acked(Tcb *tcb, const TcpSegment *seg);
/* SEG.ACK, which is acceptable, acknowledges something or repeats itself. */
void tcp_acked(Tcb *tcb, const TcpSegment *seg);

/* tcp_burst.c: what may be sent, and how much at once */
/* Whether a last small segment may wait: the connection's own settings, or
 * those of one call. */
enum {
    NAGLE_OFF = 1,
    NAGLE_CORK = 2, /* it waits even when nothing is in flight */
    NAGLE_PUSH = 4, /* it goes */
};
/* Sends what may be sent now. */
void tcp_output(Tcb *tcb);
/* The same with NAGLE instead of the connection's own settings. */
void tcp_push(Tcb *tcb, unsigned nagle);
/* One burst of it. */
void tcp_push_one(Tcb *tcb);
/* A burst beyond the window that congestion allows; false: there is none. */
bool tcp_send_one_more(Tcb *tcb);
/* SENT, which was in one burst with those after it, is to be sent again: so
 * many of them, MOST at most, go in one burst again, whose end is marked. */
uint32_t tcp_burst_again(Tcb *tcb, TcpSent *sent, uint32_t most);
/* Whatever the peer's window has room for, however small; false: nothing. */
bool tcp_send_what_fits(Tcb *tcb);

/* tcp_send.c: the queue of what the user wrote */
/* TEXT, before anything else was written, will go with our SYN. */
void tcp_write_syn(Tcb *tcb, Slice text /* taken */);
/* The bytes that the queue and what is in flight cost in the send buffer. */
uint32_t tcp_send_queued(const Tcb *tcb);
/* Lets the send buffer grow with the window. */
void tcp_send_buffer_grow(Tcb *tcb);
/* After something was acknowledged, and sent: is there room for the user? */
void tcp_check_space(Tcb *tcb);
/* WAITS begins, unless something worse goes on; and ends. */
void tcp_waits_start(Tcb *tcb, TcpWaits waits);
void tcp_waits_stop(Tcb *tcb, TcpWaits waits);
SimTime tcp_waited(const Tcb *tcb, TcpWaits waits);
/* The user may SEND in this state. */
bool tcp_may_write(const Tcb *tcb);

/* tcp_output.c */
/* Sends LEN bytes from SND.NXT on, then FIN if FIN; FLAGS: SENT_PUSH,
 * SENT_ENDS.  PUSH: with PSH, but not when it is sent again. */
void tcp_send_text(Tcb *tcb, uint32_t len, bool fin, uint8_t flags, bool push);
/* The chunk that the byte SEQ is in. */
TcpChunk *tcp_chunk_at(const Tcb *tcb, uint32_t seq);
void tcp_send_syn(Tcb *tcb, TcpRepeatWhy why, bool repeated, SimTime timer);
/* An ACK now; clears the delayed one. */
void tcp_send_ack(Tcb *tcb);
/* The same, at most once in challenge_ack_interval (RFC 5961 s7). */
void tcp_challenge(Tcb *tcb);
/* <SEQ=SND.UNA-1><ACK>: keepalive and zero-window probes. */
void tcp_send_probe(Tcb *tcb);
void tcp_send_reset(Tcb *tcb);
/* There is something new that the peer's window has room for. */
bool tcp_may_send_new(const Tcb *tcb);
/* Sends SENT again. */
void tcp_retransmit(Tcb *tcb, TcpSent *sent, TcpRepeatWhy why, SimTime timer);
/* The answer to a segment without a connection (RFC 9293 s3.10.7.1). */
void tcp_reset_for(Tcp *tcp, const Packet *packet);
/* The same for SEG, which is dropped. */
static inline Verdict tcp_reset_it(Tcp *tcp, const TcpSegment *seg)
{
    tcp_reset_for(tcp, seg->packet);
    return DROP;
}

/* Begins the text of our SYN again, which the SYN,ACK did not take. */
void tcp_repeat_syn_text(Tcb *tcb);

/* tcp_listen.c */
/* A connection, in LISTEN, for SEG. */
Tcb *tcp_child_new(TcpListener *listener, const TcpSegment *seg);
/* The ACK that completes TCB's handshake is forgotten, and asked for again by
 * the SYN,ACK's timer, because nobody accepts (Linux tcp_check_req()). */
bool tcp_is_not_heard(const Tcb *tcb);

/* tcp_cookie.c */
/* Whether a SYN for LISTENER is answered with a cookie. */
bool tcp_cookie_due(const TcpListener *listener);
/* Answers SEG, a SYN, and forgets it. */
void tcp_cookie_answer(TcpListener *listener, const TcpSegment *seg);
/* SEG, an ACK without a connection: true when it brings back a cookie; it has
 * one then, in SYN-RECEIVED. */
bool tcp_cookie_open(TcpListener *listener, const TcpSegment *seg);

/* tcp_ecn.c */
/* ECE and CWR of our SYN or SYN,ACK. */
void tcp_ecn_offer(const Tcb *tcb, TcpHeader *header);
/* SEG, a SYN or SYN,ACK, agrees to it, or does not; after tcp_agree(). */
void tcp_ecn_agree(Tcb *tcb, const TcpSegment *seg);
/* PACKET has text that is sent for the first time, with tcp_ecn(). */
void tcp_ecn_mark_text(Tcb *tcb, Packet *packet);
/* SEG has text, with tcp_ecn(). */
void tcp_ecn_received(Tcb *tcb, const TcpSegment *seg);

/* tcp_fastopen.c */
/* Whether the SYN of TCB, an opener, has to do with it, and how many of LEN
 * bytes of text it carries. */
uint32_t tcp_fast_open_begin(Tcb *tcb, uint32_t len);
/* The option of the first SYN or SYN,ACK of TCB, which has fo_option. */
void tcp_fast_open_put(const Tcb *tcb, TcpHeader *header);
/* SEG, a SYN,ACK, answers the SYN of TCB; what it acknowledges is off the list
 * of what is in flight. */
void tcp_fast_open_answered(Tcb *tcb, const TcpSegment *seg);
/* The retransmission timer fires; LAST: and the connection ends. */
void tcp_fast_open_timed_out(Tcb *tcb, bool last);
/* SEG, the SYN of TCB, a listener's child: sets TCB's fast_open, fo_option and
 * fo_experiment. */
void tcp_fast_open_syn(Tcb *tcb, const TcpSegment *seg);
/* Takes the text of SEG, the SYN of TCB, which has fast_open. */
void tcp_fast_open_take(Tcb *tcb, const TcpSegment *seg);
/* TCB is no longer pending at its listener; RESET: by a reset. */
void tcp_fast_open_leave(Tcb *tcb, bool reset);
/* LISTENER forgets its pending connections. */
void tcp_fast_open_unlisten(TcpListener *listener);

/* tcp_timer.c */
void tcp_arm(Tcb *tcb, Deadline *deadline, SimTime delay);
void tcp_fire_due(Tcb *tcb);
/* Restarts the retransmission timer after text was sent or acknowledged; OFF
 * when nothing is in flight. */
void tcp_rearm_rexmit(Tcb *tcb);
/* The same, and no probe; what a probe or the reordering timer has waited
 * already counts. */
void tcp_rearm_rto(Tcb *tcb);
/* How long until the first segment in flight has waited an RTO. */
SimTime tcp_rto_left(const Tcb *tcb);
/* The time-out fires after DELAY; RACK's reordering timer does. */
void tcp_arm_rto(Tcb *tcb, SimTime delay);
void tcp_arm_reorder(Tcb *tcb, SimTime delay);
/* The same after new text was sent; FIRST: nothing was in flight before. */
void tcp_sent_rexmit(Tcb *tcb, bool first);
/* Arms the SYN's timer: the RTO, or what is left of open_timeout. */
void tcp_arm_syn(Tcb *tcb);
/* How long the SYN,ACK timer runs: doubled for each time that it fired. */
SimTime tcp_syn_ack_wait(const Tcb *tcb);
/* Arms the zero-window probe if text waits and nothing is in flight. */
void tcp_check_persist(Tcb *tcb);
void tcp_keepalive_start(Tcb *tcb);
void tcp_fin_wait_2_start(Tcb *tcb);

/* tcp_pacing.c */
/* A paced connection may not send yet; it will be woken when it may. */
bool tcp_pacing_holds(Tcb *tcb);
/* It has sent a burst of so many BYTES. */
void tcp_pacing_sent(Tcb *tcb, uint32_t bytes);
void tcp_pacing_fires(Tcb *tcb);
/* Bytes a second: the algorithm's own, or 2 cwnd / SRTT in slow start (below
 * half of ssthresh) and 1.2 cwnd / SRTT otherwise (Linux
 * tcp_update_pacing_rate()); UINT64_MAX before a round trip was measured. */
uint64_t tcp_pacing_rate(const Tcb *tcb);

/* tcp_rate.c: of a connection that is sampled (tcb->rated) */
TcpSent *tcp_rated_new(const Tcb *tcb);
void tcp_rated_free(const Tcb *tcb, TcpSent *sent);
/* REST is the second half of SENT. */
void tcp_rated_split(const TcpSent *sent, TcpSent *rest);
void tcp_rate_sent(const Tcb *tcb, TcpSent *sent);
/* An ACK begins, ends; what it delivers for the first time, what is lost. */
void tcp_rate_begin(const Tcb *tcb);
void tcp_rate_end(const Tcb *tcb);
void tcp_rate_delivered(const Tcb *tcb, const TcpSent *sent);
void tcp_rate_lost(Tcb *tcb, const TcpSent *sent);
/* Before anything is sent or written: the user may have had nothing to say. */
void tcp_rate_check(const Tcb *tcb);

/* tcp_delack.c */
/* What the size of a segment, in order or not, says of those to come. */
void tcp_measure_received(Tcb *tcb, const TcpSegment *seg);
/* The text of SEG was taken in order. */
void tcp_text_received(Tcb *tcb, const TcpSegment *seg);
void tcp_text_sent(Tcb *tcb);
void tcp_quick(Tcb *tcb);
/* After a segment was worked on: an ACK now, later or not at all. */
void tcp_ack_check(Tcb *tcb);
/* Whether an ACK for what arrives beyond a hole may wait. */
bool tcp_sacks_wait(const Tcb *tcb);
void tcp_delack_fires(Tcb *tcb);
/* The ACK that waits goes now that the user has read. */
bool tcp_read_calls_for_ack(const Tcb *tcb);

/* tcp_window.c: RCV.WND */
/* RCV.WND to offer now (never moves the right edge back). */
uint32_t tcp_select_window(Tcb *tcb);
/* Bytes from RCV.NXT on that are acceptable: the window told, or (FreeBSD) all
 * that the buffer has room for. */
uint32_t tcp_window_of_buffer(const Tcb *tcb);
static inline uint32_t tcp_window_taken(const Tcb *tcb)
{
    return tcp_config(tcb)->window_rule == TCP_WINDOW_FREEBSD
               ? tcp_window_of_buffer(tcb)
               : rcv_wnd(tcb);
}
void tcp_window_start(Tcb *tcb);
/* The window of our SYN, before the peer's MSS is known. */
void tcp_window_syn(Tcb *tcb);
/* The connection is ESTABLISHED. */
void tcp_window_opened(Tcb *tcb);
/* The shift of our windows that a SYN of ours offers. */
uint32_t tcp_our_wscale(const Tcb *tcb);
/* What the receive buffer pays for a segment with LEN bytes of text. */
uint32_t tcp_memory_of(const Tcb *tcb, uint32_t len);
/* LEN is what a full segment has now. */
void tcp_measure_segment(Tcb *tcb, uint32_t len);
void tcp_measure_round_trip(Tcb *tcb, const TcpSegment *seg);
/* SEG, an ACK without text that changed the window, tells no round trip, and
 * nor do those with text that echo the same: Linux's fast path passes by
 * tcp_rcv_rtt_measure_ts(), its slow one does not. */
void tcp_note_echo(Tcb *tcb, const TcpSegment *seg);
/* LEN bytes have come: the window may open. */
void tcp_window_received(Tcb *tcb, uint32_t len);
/* Something is held that is out of order. */
void tcp_window_held(Tcb *tcb);
/* An ACK now would offer less than the last one did. */
bool tcp_window_would_shrink(Tcb *tcb);
/* The user has read something. */
void tcp_window_read(Tcb *tcb);
void tcp_tuning_free(Tcb *tcb);

/* tcp_rtt.c */
/* An ACK: the first segment that it acknowledges took RTT, the last one LAST.
 */
void tcp_rtt_sample(Tcb *tcb, SimTime rtt, SimTime last);
void tcp_rtt_start(Tcb *tcb);

/* tcp_reass.c */
/* The text and FIN of SEG, which begins after RCV.NXT, are kept. */
void tcp_hold(Tcb *tcb, TcpSegment *seg);
/* Moves what has become in order to the inbox; true when FIN was reached. */
bool tcp_release(Tcb *tcb);
void tcp_dsack(Tcb *tcb, uint32_t left, uint32_t right);
void tcp_put_sack(Tcb *tcb, TcpHeader *header);
void tcp_holes_free(Tcb *tcb);
void tcp_inbox_add(Tcb *tcb, Slice text /* taken */);

/* tcp_scoreboard.c; those that take a TcpRecovery need the connection's. */
enum { TCP_DUP_THRESH = 3 }; /* RFC 5681 s3.2, RFC 6675 s2 */
TcpRecovery *tcp_recovery(Tcb *tcb);
void tcp_recovery_free(Tcb *tcb);
/* SENT, the last of the flight, was sent; recovery exists. */
void tcp_note_sent(Tcb *tcb, TcpSent *sent);
/* SENT was sent again, as a tail loss probe or not. */
void tcp_note_repeat(Tcb *tcb, TcpSent *sent, bool probe);
/* REST was cut off SENT. */
void tcp_note_split(Tcb *tcb, TcpSent *sent, TcpSent *rest);
/* The one sent first, last time, of those neither reported nor waiting to be
 * sent again; `later` leads on. */
TcpSent *tcp_earliest(Tcb *tcb, TcpRecovery *r);
/* SENT leaves the flight. */
void tcp_forget_sent(TcpRecovery *r, TcpSent *sent);
/* SENT is lost; true: its repetition is. */
bool tcp_mark_lost(Tcb *tcb, TcpRecovery *r, TcpSent *sent);
/* Nothing is lost; nothing was reported. */
void tcp_unmark_lost(Tcb *tcb, TcpRecovery *r);
void tcp_forget_sack(Tcb *tcb, TcpRecovery *r);
/* What was sent at LOW arrived after what was reported. */
void tcp_reordered(Tcb *tcb, TcpRecovery *r, uint32_t low);
static inline void tcp_note_disorder(TcpAck *ack, uint32_t seq)
{
    ack->low = ack->disorder ? seq_min(ack->low, seq) : seq;
    ack->disorder = true;
}
/* Marks what the SACK blocks report. */
void tcp_sack_received(Tcb *tcb, TcpAck *ack);
void tcp_mark_by_count(Tcb *tcb, TcpRecovery *r);

/* tcp_rack.c */
/* SENT was delivered, and may be the one sent last of all that were. */
void tcp_rack_advance(Tcb *tcb, const TcpSent *sent);
/* After an ACK: marks what is lost, or arms the reordering timer. */
void tcp_rack_mark_lost(Tcb *tcb, TcpAck *ack);
/* How long until SENT is lost with a reordering window of WND. */
SimTime tcp_rack_timeout(const Tcb *tcb, const TcpSent *sent, SimTime wnd);
/* The reordering timer, after RAN. */
void tcp_rack_timer(Tcb *tcb, SimTime ran);
/* Once for each ACK. */
void tcp_rack_update_window(Tcb *tcb);

/* tcp_reduction.c */
void tcp_reduction_begin(Tcb *tcb);
/* DELIVERED segments have arrived. */
void tcp_reduce(Tcb *tcb, uint32_t delivered, bool advanced);
void tcp_reduction_end(Tcb *tcb);
/* Congestion without a loss (RFC 3168): at most one reduction in a window. */
void tcp_enter_cwr(Tcb *tcb);

/* tcp_undo.c */
void tcp_undo_begin(Tcb *tcb, TcpRecovery *r);
void tcp_undo_repeated(const Tcb *tcb, TcpRecovery *r);
/* SEGMENTS before END were superfluous. */
void tcp_undo_duplicate(TcpRecovery *r, uint32_t end, uint32_t segments);
/* The time of the first repetition matters no more if none is in flight. */
void tcp_undo_forget_stamp(const Tcb *tcb, TcpRecovery *r);
/* Each takes the reduction back if it was unfounded.  At the end of recovery
 * (true: it goes on until more is acknowledged); */
bool tcp_undo_recovery(Tcb *tcb, const TcpSegment *seg);
/* at any time (true: it was); */
bool tcp_undo_by_dsack(Tcb *tcb);
/* upon a partial ACK in fast recovery (true: only new text is to be sent); */
bool tcp_undo_partial(Tcb *tcb, const TcpAck *ack);
/* after a time-out (true: it was); FRTO: it is known to have been spurious. */
bool tcp_undo_loss(Tcb *tcb, const TcpSegment *seg, bool frto);

/* tcp_recovery.c */
/* What ACK means: fast recovery begins, goes on, is over. */
void tcp_recover(Tcb *tcb, TcpAck *ack);
/* Without SACK: what of ACK's segments was delivered by it. */
void tcp_reno_acked(Tcb *tcb, TcpAck *ack);
/* OPEN, or DISORDER where something is out of order. */
void tcp_keep_open(Tcb *tcb);
/* ECE: because of congestion without a loss. */
void tcp_enter_recovery(Tcb *tcb, bool ece);
void tcp_enter_loss(Tcb *tcb);
/* NEWS: the ACK says something beside the number that it repeats. */
void tcp_probe_acked(Tcb *tcb, const TcpAck *ack, bool news);
/* Sends again what is larger than a full segment now. */
void tcp_cut_flight(Tcb *tcb);
/* Sends what is lost again, as far as the window allows; RAN: because of a
 * timer that ran so long, or 0. */
void tcp_retransmit_lost(Tcb *tcb, SimTime ran);

/* tcp_urgent.c */
/* The text before UP, which is being written, is urgent. */
void tcp_urgent_written(Tcb *tcb, uint32_t up);
/* There is a TcpUrgent: HEADER says what it says. */
void tcp_put_urgent(const Tcb *tcb, TcpHeader *header);
void tcp_urgent_received(Tcb *tcb, const TcpSegment *seg);
/* There is a TcpUrgent: it goes when all was read and acknowledged. */
void tcp_urgent_check(Tcb *tcb);
void tcp_urgent_free(Tcb *tcb);

/* tcp_tell.c */
void tcp_tell_opened(const Tcb *tcb);
/* PACKET, a SYN, was answered with a cookie. */
void tcp_tell_cookie(const TcpListener *listener, const Packet *packet);
void tcp_tell_end(const Tcb *tcb, TcpEnd end);
/* A connect() that came to nothing at once, because of END. */
void tcp_tell_refused(const Tcp *tcp, TcpEnd end);
/* SEG came in TIME-WAIT; BYTES of its text were taken: told when they are
 * another connection's. */
void tcp_tell_late(const Tcb *tcb, const TcpSegment *seg);
void tcp_tell_taken(const Tcb *tcb, const TcpSegment *seg, uint32_t bytes);
/* STEP was taken; the window was CWND before it. */
void tcp_tell_recovery(const Tcb *tcb, TcpRecoveryStep step, uint32_t cwnd);
void tcp_tell_sent(const Tcb *tcb, const Packet *packet, bool again,
                   TcpRepeatWhy why, SimTime timer);

/* Not modelled:
 * - RFC 6675 s4 NextSeg() (3) and (4): segments not known to be lost are not
 * sent again for want of others; Linux's least round trip forgets after 300 s
 * - fragmentation below TCP; RFC 4821 path MTU probing
 * - security and compartment (RFC 9293 appendix A.1)
 * - TCP-AO (RFC 5925)
 * - what Linux makes of a full device queue (autocorking, small queues) and
 *   of a socket that its user holds (ACKs wait); its global memory limits */
#endif
