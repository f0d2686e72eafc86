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
uint32_t tcp_choose_iss(const Tcp *tcp, const TcpConn *conn);
uint32_t tcp_ts_offset(const Tcp *tcp, const TcpConn *conn);
uint32_t tcp_ts_now(const Tcb *tcb);
/* The MSS that we announce: what fits the MTU of the way out (MUST-67). */
uint32_t tcp_our_mss(const Tcb *tcb);
void tcp_offer(const Tcb *tcb, TcpHeader *header);
void tcp_agree(Tcb *tcb, const TcpHeader *syn);
/* Bytes of text in a full segment that we send. */
uint32_t tcp_full(const Tcb *tcb);
/* The same as the peer may send them, small as our own windows may be. */
uint32_t tcp_expected(const Tcb *tcb);

/* tcp_input.c */
/* 3.10.7.4 */
Verdict tcp_other_segment_arrives(Tcb *tcb, TcpSegment *seg);
/* The handshake is complete: SEG acknowledges our SYN. */
void tcp_establish(Tcb *tcb, const TcpSegment *seg);

/* tcp_ack.c: the fifth step's work */
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
/* Whatever the peer's window has room for, however small; false: nothing. */
bool tcp_send_what_fits(Tcb *tcb);

/* tcp_send.c: the queue of what the user wrote */
/* The bytes that the queue and what is in flight cost in the send buffer. */
uint32_t tcp_send_queued(const Tcb *tcb);
/* The user may SEND in this state. */
bool tcp_may_write(const Tcb *tcb);

/* tcp_output.c */
/* Sends LEN bytes from SND.NXT on, then FIN if FIN; FLAGS: SENT_PUSH,
 * SENT_ENDS. */
void tcp_send_text(Tcb *tcb, uint32_t len, bool fin, uint8_t flags);
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

/* tcp_timer.c */
void tcp_arm(Tcb *tcb, Deadline *deadline, SimTime delay);
void tcp_fire_due(Tcb *tcb);
/* Restarts the retransmission timer after text was sent or acknowledged; OFF
 * when nothing is in flight. */
void tcp_rearm_rexmit(Tcb *tcb);
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

/* tcp_delack.c */
void tcp_text_received(Tcb *tcb, uint32_t len);
void tcp_text_sent(Tcb *tcb);
void tcp_quick(Tcb *tcb);
/* After a segment was worked on: an ACK now, later or not at all. */
void tcp_ack_check(Tcb *tcb);
void tcp_delack_fires(Tcb *tcb);

/* tcp_window.c: RCV.WND */
/* RCV.WND to offer now (never moves the right edge back). */
uint32_t tcp_select_window(Tcb *tcb);
void tcp_window_start(Tcb *tcb);
/* The window of our SYN, before the peer's MSS is known. */
void tcp_window_syn(Tcb *tcb);
void tcp_window_received(Tcb *tcb, uint32_t len);
void tcp_window_read(Tcb *tcb);

/* tcp_rtt.c */
void tcp_rtt_sample(Tcb *tcb, SimTime rtt);
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

/* tcp_recovery.c */
TcpRecovery *tcp_recovery(Tcb *tcb);
void tcp_recovery_free(Tcb *tcb);
/* Marks what SEG's SACK blocks report; true when something new was. */
bool tcp_sack_received(Tcb *tcb, const TcpSegment *seg, bool *dsack);
/* After an ACK: ADVANCED when it acknowledged new data in SEGMENTS, DUPLICATE
 * when it counts as one (RFC 5681 s2). */
void tcp_recover(Tcb *tcb, uint32_t segments, bool advanced, bool duplicate);
void tcp_enter_loss(Tcb *tcb);
void tcp_probe_acked(Tcb *tcb, const TcpSegment *seg, bool progress,
                     bool dsack);
/* Marks as lost what is larger than a full segment now. */
void tcp_cut_flight(Tcb *tcb);
/* Retransmits what is marked lost, as far as the window allows. */
void tcp_retransmit_lost(Tcb *tcb);

/* tcp_tell.c */
void tcp_tell_opened(const Tcb *tcb);
void tcp_tell_end(const Tcb *tcb, TcpEnd end);
/* STEP was taken; the window was CWND before it. */
void tcp_tell_recovery(const Tcb *tcb, TcpRecoveryStep step, uint32_t cwnd);
void tcp_tell_sent(const Tcb *tcb, const Packet *packet, bool again,
                   TcpRepeatWhy why, SimTime timer);

/* Not modelled:
 * - urgent data (RFC 9293 s3.8.5; RFC 6093 advises against it): in line, no
 * mark
 * - fragmentation below TCP; RFC 4821 path MTU probing
 * - security and compartment (RFC 9293 appendix A.1)
 * - ECN (RFC 3168), Fast Open (RFC 7413), SYN cookies (RFC 4987 s3.6)
 * - user time-out option (RFC 5482), TCP-AO (RFC 5925)
 * - RACK's reordering window, PRR, F-RTO, undo (RFC 8985 s6, 6937,
 *   5682): recovery is RFC 6675 with SACK, RFC 6582 without, in both profiles
 * - Linux's bursts (segmentation offload, autocorking), its global memory
 * limits */
#endif
