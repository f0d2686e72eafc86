/* tcp_tell.c - the records that TCP tells: see models/tell.h. */
#include "tcp_inside.h"

static Record record_of(const Tcb *tcb, unsigned kind, const void *what)
{
    return (Record){.kind = (uint16_t)kind,
                    .node = tcb->conn.tcp->host->node,
                    .stable = (uint64_t)tcb->conn.flow.opener << 32 |
                              tcb->conn.flow.serial,
                    .what = what};
}

static void tell_open(const Tcb *tcb, unsigned kind, TcpEnd end)
{
    TcpOpenTold told = {.tcb = tcb,
                        .end = end,
                        .latency = tcp_sim(tcb)->now - tcb->work->opened_at,
                        .syns = tcb->syns,
                        .opener = tcb->conn.opener};
    Record record = record_of(tcb, kind, &told);

    record.code = (uint16_t)end;
    sim_tell(tcp_sim(tcb), &record);
}

void tcp_tell_opened(const Tcb *tcb)
{
    if (sim_wants(tcp_sim(tcb), REC_TCP_OPENED))
        tell_open(tcb, REC_TCP_OPENED, TCP_END_CLOSED);
}

void tcp_tell_cookie(const TcpListener *listener, const Packet *packet)
{
    const Tcp *tcp = listener->tcp;

    packet_tell(tcp->sim, REC_TCP_COOKIE, tcp->host->node, packet,
                (PacketTold){.packet = packet}, 0);
}

void tcp_tell_end(const Tcb *tcb, TcpEnd end)
{
    if (end != TCP_END_CLOSED && sim_wants(tcp_sim(tcb), REC_TCP_FAILED))
        tell_open(tcb, REC_TCP_FAILED, end);
    if (sim_wants(tcp_sim(tcb), REC_TCP_CLOSED))
        tell_open(tcb, REC_TCP_CLOSED, end);
}

void tcp_tell_refused(const Tcp *tcp, TcpEnd end)
{
    TcpOpenTold told = {.end = end, .opener = true};
    Record record = {.kind = REC_TCP_FAILED,
                     .code = (uint16_t)end,
                     .node = tcp->host->node,
                     .what = &told};

    if (sim_wants(tcp->sim, REC_TCP_FAILED))
        sim_tell(tcp->sim, &record);
}

static void tell_late(const Tcb *tcb, const TcpSegment *seg, TcpLate code,
                      uint32_t bytes)
{
    TcpLateTold told = {tcb, seg->packet, bytes};
    Record record = record_of(tcb, REC_TCP_LATE, &told);

    if (!sim_wants(tcp_sim(tcb), REC_TCP_LATE))
        return;
    record.id = seg->packet->id;
    record.stable = packet_stable_id(seg->packet);
    record.len = bytes;
    record.code = (uint16_t)code;
    sim_tell(tcp_sim(tcb), &record);
}

void tcp_tell_late(const Tcb *tcb, const TcpSegment *seg)
{
    tell_late(tcb, seg, LATE_TIME_WAIT, 0);
}

void tcp_tell_taken(const Tcb *tcb, const TcpSegment *seg, uint32_t bytes)
{
    const FlowId *flow = &seg->packet->flow;

    if (bytes > 0 && (flow->serial != tcb->conn.flow.serial ||
                      flow->opener != tcb->conn.flow.opener))
        tell_late(tcb, seg, LATE_TAKEN, bytes);
}

static void tell_packet(const Tcb *tcb, unsigned kind, const Packet *packet,
                        TcpRepeatWhy why, SimTime timer)
{
    TcpSegmentTold told = {tcb, packet, packet->repeats, timer};
    Record record = record_of(tcb, kind, &told);

    record.id = packet->id;
    record.stable = packet_stable_id(packet);
    record.len = packet->payload.len;
    record.code = (uint16_t)why;
    sim_tell(tcp_sim(tcb), &record);
}

void tcp_tell_sent(const Tcb *tcb, const Packet *packet, bool again,
                   TcpRepeatWhy why, SimTime timer)
{
    if (again && sim_wants(tcp_sim(tcb), REC_TCP_RETRANSMIT))
        tell_packet(tcb, REC_TCP_RETRANSMIT, packet, why, timer);
    if (sim_wants(tcp_sim(tcb), REC_TCP_SEGMENT_SENT))
        tell_packet(tcb, REC_TCP_SEGMENT_SENT, packet, 0, 0);
}

void tcp_tell_recovery(const Tcb *tcb, TcpRecoveryStep step, uint32_t cwnd)
{
    const TcpRecovery *r = tcb->work->recovery;
    TcpRecoveryTold told = {.tcb = tcb, .cwnd_before = cwnd};
    Record record = record_of(tcb, REC_TCP_RECOVERY, &told);

    if (!sim_wants(tcp_sim(tcb), REC_TCP_RECOVERY))
        return;
    if (r != NULL) {
        told.sacked = r->sacked;
        told.lost = r->lost;
    }
    record.code = (uint16_t)step;
    sim_tell(tcp_sim(tcb), &record);
}
