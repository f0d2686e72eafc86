/* check_traces.c - our `linux` profile against packet traces of a real kernel.
 *
 * Each trace (tests/linux/traces/, README.md there) is played again: the same
 * line, the same losses, the same applications.  Each side must send the same
 * packets in the same order (flags, sequence numbers, length, window, the
 * timestamp echoed, SACK blocks, what a SYN offers) and enter the same states,
 * each as long after the packet that it follows from as the kernel did, within
 * 0.3 ms; and exactly those must be lost.
 *
 * The phase of the kernel's timer wheel in the hour of the measurement is not
 * known: at least one of 32 phases, 1 ms apart (one turn of the steps that the
 * timers in the traces are rounded to), must give the whole trace at once; nor
 * is the phase of its timestamps' clock, of which four are tried.  The
 * kernel's timers run in the tick of their CPU, and the ticks of CPUs are not
 * in step: a timer of the kernel's may be late by up to a jiffy, and what
 * follows from it is then expected later by as much. */
#include "linux/replay.h"
#include "run_tests.h"

enum { PHASES = 32, STARTS = 4 };
#define TOLERANCE (300 * SIM_US)
#define JIFFY (4 * SIM_MS)

/* --- the comparison ------------------------------------------------------- */

/* The packet of TRACE that is number INDEX of those that FROM sent, or NULL. */
static const TracePacket *kernels(const Trace *trace, int from, unsigned index)
{
    for (unsigned i = 0; i < trace->packets->len; i++) {
        const TracePacket *p = &g_array_index(trace->packets, TracePacket, i);

        if (p->from == from && index-- == 0)
            return p;
    }
    return NULL;
}

/* How much later the kernel's packet was than ours number PARENT. */
static SimTime shift_of(const Replay *replay, int parent)
{
    return parent != NOBODY ? g_array_index(replay->sent, Sent, parent).shift
                            : 0;
}

/* SHIFT is what it should be after PARENT, by way of a TIMER or not. */
static bool in_time(const Replay *replay, SimTime shift, int parent, bool timer)
{
    if (timer)
        return shift >= -TOLERANCE && shift <= JIFFY + TOLERANCE;
    return llabs(shift - shift_of(replay, parent)) <= TOLERANCE;
}

/* The timestamps that THEIRS and OURS echo were made at the same time, as far
 * as clocks of 1 ms can tell. */
static bool echoes_alike(const Replay *replay, const TracePacket *theirs,
                         const TracePacket *ours)
{
    SimTime apart = (SimTime)(int32_t)(theirs->echo - ours->echo) * SIM_MS;

    for (int i = (int)replay->sent->len - 1; i >= 0; i--) {
        const Sent *sent = &g_array_index(replay->sent, Sent, i);

        if (sent->packet.from != ours->from && sent->clock == ours->echo)
            return llabs(apart - sent->shift) < 2 * SIM_MS;
    }
    return ours->echo == theirs->echo; /* of nothing */
}

/* Whether the kernel's packet THEIRS is like OURS; how much later, OURS knows.
 */
static bool alike(const Replay *replay, const TracePacket *theirs, Sent *ours)
{
    ours->shift = theirs->sent - ours->packet.sent;
    return trace_packet_same(theirs, &ours->packet) &&
           echoes_alike(replay, theirs, &ours->packet) &&
           in_time(replay, ours->shift, ours->parent, ours->timer);
}

static char *difference(const TracePacket *theirs, const TracePacket *ours)
{
    char *a = theirs ? trace_packet_text(theirs) : g_strdup("nothing");
    char *b = ours ? trace_packet_text(ours) : g_strdup("nothing");
    char *text =
        g_strdup_printf("\n  the kernel's: %s\n  ours:         %s", a, b);

    g_free(a);
    g_free(b);
    return text;
}

/* How many packets are like the kernel's before one is not, which *WHY (the
 * caller's) says; NULL: all are. */
static unsigned compare_packets(Replay *replay, char **why)
{
    unsigned same[2] = {0};
    unsigned n = replay->trace->packets->len;

    *why = NULL;
    for (unsigned i = 0; i < replay->sent->len && *why == NULL; i++) {
        Sent *ours = &g_array_index(replay->sent, Sent, i);
        int from = ours->packet.from;
        const TracePacket *theirs = kernels(replay->trace, from, same[from]);

        if (theirs == NULL || !alike(replay, theirs, ours))
            *why = difference(theirs, &ours->packet);
        else
            same[from]++;
    }
    for (int from = 0; from < 2 && *why == NULL && same[0] + same[1] < n;
         from++) {
        const TracePacket *theirs = kernels(replay->trace, from, same[from]);

        if (theirs != NULL)
            *why = difference(theirs, NULL);
    }
    return same[0] + same[1];
}

/* The same for the states that both ends enter; the packets are alike. */
static void compare_states(const Replay *replay, char **why)
{
    const GArray *all = replay->trace->states;
    unsigned next[2] = {0};

    for (unsigned i = 0; i < replay->states->len && *why == NULL; i++) {
        const Entered *ours = &g_array_index(replay->states, Entered, i);
        unsigned *at = &next[ours->state.end];
        const TraceState *theirs = NULL;

        for (; *at < all->len && theirs == NULL; (*at)++)
            if (g_array_index(all, TraceState, *at).end == ours->state.end)
                theirs = &g_array_index(all, TraceState, *at);
        if (theirs == NULL || theirs->state != ours->state.state ||
            !in_time(replay, theirs->at - ours->state.at, ours->parent,
                     ours->timer))
            *why = g_strdup_printf(
                "\n  %s: %s at %.3f ms, the kernel %s at %.3f ms",
                ours->state.end == CLIENT ? "client" : "server",
                tcp_state_name(ours->state.state),
                (double)ours->state.at / SIM_MS,
                theirs != NULL ? tcp_state_name(theirs->state) : "nothing",
                theirs != NULL ? (double)theirs->at / SIM_MS : 0);
    }
    if (*why == NULL && replay->states->len != all->len)
        *why = g_strdup_printf("\n  %u states, the kernel %u",
                               replay->states->len, all->len);
}

static void played_again_it_is_the_same(const char *name, bool listens)
{
    Trace *trace = trace_open(name);
    char *why = NULL, *best = NULL;
    unsigned most = 0;

    for (int i = 0; i < PHASES * STARTS && (i == 0 || why != NULL); i++) {
        unsigned same;
        Replay replay;

        g_free(why);
        replay_run(&replay, trace, i % PHASES * SIM_MS,
                   i / PHASES * (SIM_MS / STARTS), listens);
        same = compare_packets(&replay, &why);
        if (why == NULL)
            compare_states(&replay, &why);
        if (why != NULL && (best == NULL || same > most)) {
            g_free(best);
            most = same;
            best = g_strdup(why);
        }
        replay_clear(&replay);
    }
    ck_assert_msg(why == NULL,
                  "%s: at the best phase %u of %u packets are the same%s", name,
                  most, trace->packets->len, best);
    g_free(best);
    trace_close(trace);
}

/* --- the traces ----------------------------------------------------------- */

static const char *const names[] = {
    "01_no_loss_server_close",
    "01u_no_loss_server_close_unlimited",
    "02_no_loss_client_close",
    "03_syn_lost",
    "04_two_syns_lost",
    "05_synack_lost",
    "06_handshake_ack_lost",
    "07_handshake_ack_lost_idle",
    "08_request_lost",
    "09_first_data_lost",
    "10_middle_data_lost",
    "10u_middle_data_lost_unlimited",
    "11_two_middle_lost",
    "13_last_data_lost",
    "14_last_data_fin_lost",
    "17_fin_lost",
    "18_ack_of_fin_lost",
    "19_last_ack_lost",
    "20_server_fin_lost",
    "21_reorder_adjacent",
    "23_duplicate_data",
    "24_simultaneous_close",
    "25_acks_lost",
    "26_client_abort_linger0",
    "27_close_with_unread_data",
    "29_connection_refused",
    "30_server_close_client_slow",
    "31_data_after_close",
    "33_request_delayed_server",
    "40_bulk_100k_10mbit",
};

START_TEST(a_trace_of_the_kernel_is_ours_too)
{
    const char *name = names[_i];

    played_again_it_is_the_same(name, !g_str_has_prefix(name, "29_"));
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("traces");

    tcase_add_loop_test(tcase, a_trace_of_the_kernel_is_ours_too, 0,
                        (int)G_N_ELEMENTS(names));
    return run_tests("traces", tcase, NULL);
}
