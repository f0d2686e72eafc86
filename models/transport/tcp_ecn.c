/* tcp_ecn.c - explicit congestion notification (RFC 3168 s6.1, SHLD-8): routers
 * mark instead of dropping, the receiver echoes the mark until the sender says
 * that it has slowed down.
 *
 * The window is reduced by tcp_enter_cwr(); models/link marks. */
#include "tcp_inside.h"

#include <glib.h>

/* --- the handshake, s6.1.1 ------------------------------------------------ */

void tcp_ecn_offer(const Tcb *tcb, TcpHeader *header)
{
    const TcpConfig *config = tcp_config(tcb);

    if (header->flags & TCP_ACK) {
        if (tcp_ecn(tcb))
            header->flags |= TCP_ECE;
        /* s6.1.1.1: a SYN that may have been dropped for it comes without. */
    } else if (config->ecn == TCP_ECN_OFFER &&
               tcb->tries <= config->ecn_syn_retries) {
        header->flags |= TCP_ECE | TCP_CWR;
    }
}

void tcp_ecn_agree(Tcb *tcb, const TcpSegment *seg)
{
    unsigned setup = seg->header->flags & (TCP_ECE | TCP_CWR);
    int ecn = tcp_config(tcb)->ecn;
    bool agreed;

    if (seg->header->flags & TCP_ACK)
        agreed = ecn == TCP_ECN_OFFER && setup == TCP_ECE;
    else /* a SYN with ECT is not one that any TCP sends */
        agreed = ecn != TCP_ECN_NO && setup == (TCP_ECE | TCP_CWR) &&
                 (seg->packet->ip.tos & IP_ECN) == 0;
    if (agreed)
        tcb->conn.options |= CONN_ECN;
}

/* --- the sender, s6.1.2 --------------------------------------------------- */

void tcp_ecn_mark_text(Tcb *tcb, Packet *packet)
{
    packet->ip.tos |= IP_ECN_ECT_0;
    if (tcb->ecn_cwr)
        packet->tcp.flags |= TCP_CWR;
    tcb->ecn_cwr = false;
}

/* --- the receiver, s6.1.3 ------------------------------------------------- */

void tcp_ecn_received(Tcb *tcb, const TcpSegment *seg)
{
    unsigned field = seg->packet->ip.tos & IP_ECN;

    /* The sender has slowed down, perhaps to one segment: it shall not wait. */
    if (seg->flags & TCP_CWR) {
        tcb->ecn_echo = false;
        tcb->ack_now = true;
    }
    if (field == IP_ECN_CE && !tcb->ecn_echo) {
        tcb->ecn_echo = true;
        tcp_quick(tcb);
    } else if (field == 0 && tcb->ecn_seen) {
        tcp_quick(tcb); /* probably sent again: s6.1.5 */
    }
    tcb->ecn_seen |= field != 0;
}
