/* check_traces.c - our `linux` profile against packet traces of a real kernel.
 *
 * Each trace (tests/linux/traces/, README.md there) is played again: the same
 * line, the same losses, the same applications.  Each side must send the same
 * packets in the same order (flags but PSH, sequence numbers, length, SACK
 * blocks), each as long after the packet that it follows from as the kernel
 * did, within 0.3 ms; and exactly those must be lost.
 *
 * The phase of the kernel's timer wheel in the hour of the measurement is not
 * known: at least one of 32 phases, 1 ms apart (one turn of the steps that the
 * timers in the traces are rounded to), must give the whole trace at once.  The
 * kernel's timers run in the tick of their CPU, and the ticks of CPUs are not
 * in step: a timer of the kernel's may be late by up to a jiffy, and what
 * follows from it is then expected later by as much. */
#include "linux/replay.h"
#include "run_tests.h"

enum { PHASES = 32 };
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

/* Whether the kernel's packet THEIRS is like OURS; how much later, OURS knows.
 */
static bool alike(const Replay *replay, const TracePacket *theirs, Sent *ours)
{
    SimTime expected =
        ours->parent != NOBODY
            ? g_array_index(replay->sent, Sent, ours->parent).shift
            : 0;

    ours->shift = theirs->sent - ours->packet.sent;
    if (!trace_packet_same(theirs, &ours->packet))
        return false;
    if (ours->timer)
        return ours->shift >= -TOLERANCE && ours->shift <= JIFFY + TOLERANCE;
    return llabs(ours->shift - expected) <= TOLERANCE;
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
static unsigned compare(Replay *replay, char **why)
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

static void played_again_it_is_the_same(const char *name, bool listens)
{
    Trace *trace = trace_open(name);
    char *why = NULL, *best = NULL;
    unsigned most = 0;

    for (int phase = 0; phase < PHASES && (phase == 0 || why != NULL);
         phase++) {
        unsigned same;
        Replay replay;

        g_free(why);
        replay_run(&replay, trace, phase * SIM_MS, listens);
        same = compare(&replay, &why);
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
    "10_middle_data_lost",
    "10u_middle_data_lost_unlimited",
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
