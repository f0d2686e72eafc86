/* sequence.c - see sequence.h. */
#include "sequence.h"

#include <math.h>

typedef struct Sequence {
    const ConnectionEnd *end;
    double bytes; /* of one unit of the vertical axis */
    double ns;    /* of the horizontal */
    double top;   /* of the picture, bytes */
    GString *data, *curves;
} Sequence;

static void add_point(Sequence *sequence, SimTime at, int64_t number)
{
    gnuplot_number(sequence->data, (double)at / sequence->ns);
    g_string_append_c(sequence->data, ' ');
    gnuplot_number(sequence->data, (double)number / sequence->bytes);
}

static void begin_block(Sequence *sequence, const char *name)
{
    g_string_append_printf(sequence->data, "$%s << EOD\n", name);
}

static void end_block(Sequence *sequence)
{
    g_string_append(sequence->data, "EOD\n");
}

static void add_curve(Sequence *sequence, const char *name, const char *how,
                      const char *title)
{
    g_string_append(sequence->curves,
                    sequence->curves->len > 0 ? ", \\\n  " : "  ");
    g_string_append_printf(sequence->curves, "$%s %s ", name, how);
    if (title == NULL) {
        g_string_append(sequence->curves, "notitle");
        return;
    }
    g_string_append(sequence->curves, "title ");
    gnuplot_quote(sequence->curves, title);
}

/* --- segments ------------------------------------------------------------- */

typedef enum Which { FIRST_TIME, AGAIN, DROPPED } Which;

static bool is(const ConnectionSegment *segment, Which which)
{
    return which == DROPPED ? segment->dropped
                            : segment->repeats == (which == AGAIN);
}

/* Strokes: time, number, length; of those that were lost, their middle. */
static void add_segments(Sequence *sequence, Which which, const char *name,
                         const char *how, const char *title)
{
    const GArray *segments = sequence->end->segments;
    unsigned count = 0;

    for (guint i = 0; i < segments->len; i++) {
        const ConnectionSegment *segment =
            &g_array_index(segments, ConnectionSegment, i);
        int64_t length = MAX(segment->to - segment->from, 1);

        if (!is(segment, which))
            continue;
        if (count++ == 0)
            begin_block(sequence, name);
        add_point(sequence, segment->at,
                  which == DROPPED ? segment->from + length / 2
                                   : segment->from);
        g_string_append_c(sequence->data, ' ');
        gnuplot_number(sequence->data, (double)length / sequence->bytes);
        g_string_append_c(sequence->data, '\n');
    }
    if (count == 0)
        return;
    end_block(sequence);
    add_curve(sequence, name, how, title);
}

/* --- what came back ------------------------------------------------------- */

static void add_acks(Sequence *sequence)
{
    const GArray *acks = sequence->end->acks;
    int64_t highest = 0;

    if (acks->len == 0)
        return;
    begin_block(sequence, "acked");
    for (guint i = 0; i < acks->len; i++) {
        const ConnectionAck *ack = &g_array_index(acks, ConnectionAck, i);

        highest = MAX(highest, ack->ack);
        add_point(sequence, ack->at, highest);
        g_string_append_c(sequence->data, '\n');
    }
    end_block(sequence);
    add_curve(sequence, "acked", "with steps lc rgb '#009E73' lw 1.5",
              "acknowledged");
}

static void add_receive_window(Sequence *sequence)
{
    const GArray *acks = sequence->end->acks;
    int64_t edge = 0;

    if (acks->len == 0)
        return;
    begin_block(sequence, "window");
    for (guint i = 0; i < acks->len; i++) {
        const ConnectionAck *ack = &g_array_index(acks, ConnectionAck, i);

        edge = MAX(edge, ack->ack + ack->window);
        add_point(sequence, ack->at, edge);
        g_string_append_c(sequence->data, '\n');
    }
    end_block(sequence);
    add_curve(sequence, "window", "with steps lc rgb '#56B4E9' lw 1.5 dt '- '",
              "receive window");
}

static void add_sacks(Sequence *sequence)
{
    const GArray *acks = sequence->end->acks;
    unsigned count = 0;

    for (guint i = 0; i < acks->len; i++) {
        const ConnectionAck *ack = &g_array_index(acks, ConnectionAck, i);

        for (unsigned s = 0; s < ack->sacks; s++) {
            if (count++ == 0)
                begin_block(sequence, "sacked");
            add_point(sequence, ack->at, ack->sack[s][0]);
            g_string_append_c(sequence->data, ' ');
            gnuplot_number(sequence->data,
                           (double)(ack->sack[s][1] - ack->sack[s][0]) /
                               sequence->bytes);
            g_string_append_c(sequence->data, '\n');
        }
    }
    if (count == 0)
        return;
    end_block(sequence);
    add_curve(sequence, "sacked",
              "using 1:2:(0):3 with vectors nohead lc rgb '#CC79A7' lw 1",
              "SACK");
}

static void add_congestion_window(Sequence *sequence)
{
    const GArray *windows = sequence->end->windows;

    if (windows->len == 0)
        return;
    begin_block(sequence, "cwnd");
    for (guint i = 0; i < windows->len; i++) {
        const ConnectionWindow *window =
            &g_array_index(windows, ConnectionWindow, i);

        add_point(sequence, window->at, window->edge);
        g_string_append_c(sequence->data, '\n');
    }
    end_block(sequence);
    add_curve(sequence, "cwnd", "with steps lc rgb '#E69F00' lw 1.5 dt '. '",
              "congestion window");
}

/* --- the whole ------------------------------------------------------------ */

static SimTime last_time(const ConnectionEnd *end, SimTime *first)
{
    SimTime last = 0;

    *first = SIM_NEVER;
    for (guint i = 0; i < end->segments->len; i++) {
        SimTime at = g_array_index(end->segments, ConnectionSegment, i).at;

        *first = MIN(*first, at);
        last = MAX(last, at);
    }
    for (guint i = 0; i < end->acks->len; i++)
        last = MAX(last, g_array_index(end->acks, ConnectionAck, i).at);
    return last;
}

/* The picture reaches a little above what was sent; windows may be far off. */
static double top_of(const ConnectionEnd *end)
{
    double sent = (double)MAX(end->highest, 10), top = 0;

    for (guint i = 0; i < end->windows->len; i++)
        top = MAX(
            top, (double)g_array_index(end->windows, ConnectionWindow, i).edge);
    return CLAMP(top, sent * 1.08, sent * 1.3);
}

static void add_all(Sequence *sequence)
{
    add_receive_window(sequence);
    add_congestion_window(sequence);
    add_sacks(sequence);
    add_segments(sequence, FIRST_TIME, "sent",
                 "using 1:2:(0):3 with vectors nohead lc rgb '#0072B2' lw 2.5",
                 "segment");
    add_segments(sequence, AGAIN, "again",
                 "using 1:2:(0):3 with vectors nohead lc rgb '#D55E00' lw 4",
                 "sent again");
    add_segments(sequence, AGAIN, "marks",
                 "using 1:($2 + $3 / 2) with points lc rgb '#D55E00' pt 12 ps "
                 "0.9 lw 1.2",
                 NULL);
    add_segments(sequence, DROPPED, "lost",
                 "using 1:2 with points lc rgb '#000000' pt 2 ps 0.9 lw 1.5",
                 "lost on its way");
    add_acks(sequence);
}

static void choose_units(Sequence *sequence, SimTime span, const char **x,
                         const char **y)
{
    sequence->ns = span < 3 * SIM_S ? 1e6 : 1e9;
    *x = span < 3 * SIM_S ? "time (ms)" : "time (s)";
    sequence->bytes = sequence->top < 20e3   ? 1
                      : sequence->top < 20e6 ? 1e3
                                             : 1e6;
    *y = sequence->top < 20e3   ? "sequence number (B)"
         : sequence->top < 20e6 ? "sequence number (kB)"
                                : "sequence number (MB)";
}

char *sequence_script(const Connection *connection, const GnuplotFrame *frame)
{
    Sequence sequence = {.end = connection_sender(connection)};
    GnuplotFrame whole = *frame;
    GString *script;
    SimTime first, last;
    double room;

    if (sequence.end == NULL || sequence.end->segments->len == 0)
        return NULL;
    script = g_string_new(NULL);
    sequence.data = g_string_new("# time, number from the SYN, length\n");
    sequence.curves = g_string_new(NULL);
    sequence.top = top_of(sequence.end);
    last = last_time(sequence.end, &first);
    choose_units(&sequence, last - first, &whole.xlabel, &whole.ylabel);
    add_all(&sequence);
    whole.key = 17;
    gnuplot_begin(script, &whole);
    room = MAX((double)(last - first) * 0.02, 1e3);
    g_string_append_printf(script, "set xrange [%.9g:%.9g]\n",
                           ((double)first - room) / sequence.ns,
                           ((double)last + room) / sequence.ns);
    g_string_append_printf(script, "set yrange [0:%.9g]\n%splot \\\n%s\n",
                           sequence.top / sequence.bytes, sequence.data->str,
                           sequence.curves->str);
    gnuplot_end(script, &whole);
    g_string_free(sequence.data, TRUE);
    g_string_free(sequence.curves, TRUE);
    return g_string_free(script, FALSE);
}
