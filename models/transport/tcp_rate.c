/* tcp_rate.c - see tcp_rate.h; the functions are the draft's, s4.1.2. */
#include "tcp_rate.h"

#include <glib.h>

#include "tcp_inside.h"

static Slab *slab(const Tcb *tcb)
{
    return sim_slab(tcp_sim(tcb), SLAB_TCP_RATED, sizeof(TcpRated));
}

TcpSent *tcp_rated_new(const Tcb *tcb)
{
    TcpRated *rated = slab_alloc(slab(tcb));

    *rated = (TcpRated){.sent.rated = true};
    return &rated->sent;
}

void tcp_rated_free(const Tcb *tcb, TcpSent *sent)
{
    slab_free(slab(tcb), sent);
}

void tcp_rated_split(const TcpSent *sent, TcpSent *rest)
{
    TcpSent own = *rest;

    *(TcpRated *)rest = *(const TcpRated *)sent;
    *rest = own;
}

/* OnPacketSent() */
void tcp_rate_sent(const Tcb *tcb, TcpSent *sent)
{
    TcpRate *rate = tcp_rate(tcb);
    TcpRated *p = (TcpRated *)sent;
    uint32_t in_flight = tcp_pipe(tcb);

    if (!sent->rated)
        return;
    if (in_flight <= 1)
        rate->first_sent_at = rate->delivered_at = sent->at;
    p->first_sent_at = rate->first_sent_at;
    p->delivered_at = rate->delivered_at;
    p->delivered = rate->delivered;
    p->app_limited = rate->app_limited != 0;
    p->in_flight = in_flight;
    p->lost = rate->lost;
}

/* InitRateSample() */
void tcp_rate_begin(const Tcb *tcb)
{
    TcpRateSample *s = &tcp_rate(tcb)->sample;

    s->rtt = -1;
    s->has_data = false;
    s->rate = 0;
    s->newly_acked = s->newly_lost = 0;
    s->delivered = s->lost = s->in_flight = 0;
}

/* UpdateRateSample(): SENT was acknowledged or reported, for the first time. */
void tcp_rate_delivered(const Tcb *tcb, const TcpSent *sent)
{
    TcpRate *rate = tcp_rate(tcb);
    TcpRateSample *s = &rate->sample;
    const TcpRated *p = (const TcpRated *)sent;
    bool newest;

    rate->delivered++;
    rate->delivered_at = tcp_sim(tcb)->now;
    s->newly_acked++;
    if (!sent->rated)
        return;
    newest =
        !s->has_data || sent->at > rate->first_sent_at ||
        (sent->at == rate->first_sent_at && seq_lt(s->last_end, sent->end));
    if (!(sent->flags & SENT_EVER_AGAIN) && (newest || s->rtt < 0))
        s->rtt = rate->delivered_at - sent->at;
    if (!newest)
        return;
    s->has_data = true;
    s->prior_delivered = p->delivered;
    s->prior_at = p->delivered_at;
    s->app_limited = p->app_limited;
    s->send_elapsed = sent->at - p->first_sent_at;
    s->ack_elapsed = rate->delivered_at - p->delivered_at;
    s->last_end = sent->end;
    s->in_flight = p->in_flight;
    s->lost = p->lost; /* until tcp_rate_end(): C.lost when it was sent */
    rate->first_sent_at = sent->at;
}

/* SENT is taken for lost: HandleLostPacket() is the algorithm's. */
void tcp_rate_lost(Tcb *tcb, const TcpSent *sent)
{
    TcpRate *rate = tcp_rate(tcb);

    rate->lost++;
    rate->sample.newly_lost++;
    if (sent->rated && tcp_cc(tcb)->lost != NULL)
        tcp_cc(tcb)->lost(tcb, sent);
}

/* GenerateRateSample() */
void tcp_rate_end(const Tcb *tcb)
{
    TcpRate *rate = tcp_rate(tcb);
    TcpRateSample *s = &rate->sample;
    SimTime interval = MAX(s->send_elapsed, s->ack_elapsed);

    if (rate->app_limited != 0 && rate->delivered > rate->app_limited)
        rate->app_limited = 0;
    if (!s->has_data)
        return;
    s->delivered = rate->delivered - s->prior_delivered;
    s->lost = rate->lost - s->lost;
    if (interval < (SimTime)tcb->min_rtt * SIM_US || interval == 0)
        return;
    s->rate = (uint64_t)((unsigned __int128)s->delivered * tcp_full(tcb) *
                         SIM_S / (uint64_t)interval);
}

void tcp_rate_mark_app_limited(const Tcb *tcb)
{
    TcpRate *rate = tcp_rate(tcb);

    rate->app_limited = MAX(rate->delivered + tcp_pipe(tcb), 1);
}

/* CheckIfApplicationLimited() */
void tcp_rate_check(const Tcb *tcb)
{
    const TcpRecovery *r = tcb->work->recovery;

    if (tcb->snd.nxt == tcb->snd.end + tcb->fin_sent &&
        tcp_pipe(tcb) < tcb->cwnd && (r == NULL || r->lost <= r->again))
        tcp_rate_mark_app_limited(tcb);
}
