/* states.c - see states.h. */
#include "states.h"

enum { ROW = 30, AROUND = 150 }; /* pixels: of a row; for titles and note */

static gint compare_times(gconstpointer a, gconstpointer b)
{
    SimTime x = *(const SimTime *)a, y = *(const SimTime *)b;

    return (x > y) - (x < y);
}

/* Every moment at which an end changed its state, each once, rising. */
static GArray *moments_of(const Connection *connection)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(SimTime));
    guint kept = 0;

    for (unsigned e = 0; e < 2; e++) {
        const GArray *moves = connection->ends[e].moves;

        for (guint i = 0; i < moves->len; i++)
            g_array_append_val(all, g_array_index(moves, ConnectionMove, i).at);
    }
    g_array_sort(all, compare_times);
    for (guint i = 0; i < all->len; i++)
        if (kept == 0 || g_array_index(all, SimTime, i) !=
                             g_array_index(all, SimTime, kept - 1))
            g_array_index(all, SimTime, kept++) =
                g_array_index(all, SimTime, i);
    g_array_set_size(all, kept);
    return all;
}

static unsigned row_of(const GArray *moments, SimTime at)
{
    unsigned row = 0;

    while (g_array_index(moments, SimTime, row) < at)
        row++;
    return row;
}

/* Okabe and Ito's, made pale: the name is written on it. */
static const char *colour_of(TcpState state)
{
    switch (state) {
    case TCP_ESTABLISHED:
        return "#99d8c7"; /* data flows */
    case TCP_SYN_SENT:
    case TCP_SYN_RECEIVED:
        return "#99c7e0"; /* opening */
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        return "#f5d999"; /* closing */
    case TCP_TIME_WAIT:
        return "#eebf99";
    case TCP_CLOSED:
    case TCP_LISTEN:
    case TCP_STATES:
        break;
    }
    return "#e6e6e6";
}

/* A state that began in ROW and lasted to UNTIL. */
static void add_box(GString *script, unsigned column, unsigned row,
                    unsigned until, TcpState state)
{
    double x = column * 1.1;

    g_string_append_printf(
        script,
        "set object rectangle from %.2f,%u to %.2f,%u fc rgb '%s' fs solid "
        "border lc rgb '#555555'\n"
        "set label '%s' at %.2f,%.1f center front\n",
        x, row, x + 1, until, colour_of(state), tcp_state_name(state), x + 0.5,
        (row + until) / 2.0);
}

/* The boxes of END; a state that lasted no time at all shares the moment of the
 * next one and is not drawn. */
static void add_column(GString *script, const Connection *connection,
                       unsigned column, const GArray *moments)
{
    const ConnectionEnd *end = &connection->ends[column];
    char name[NODE_NAME_MAX];

    if (end->node == RECORD_NO_NODE)
        return;
    network_node_name(connection->network, end->node, name);
    g_string_append(script, "set label ");
    gnuplot_quote(script, name);
    g_string_append_printf(script, " at %.2f,-0.5 center font ',15'\n",
                           column * 1.1 + 0.5);
    for (guint i = 0; i < end->moves->len; i++) {
        const ConnectionMove *move =
            &g_array_index(end->moves, ConnectionMove, i);
        unsigned row = row_of(moments, move->at);
        unsigned until =
            i + 1 < end->moves->len
                ? row_of(moments,
                         g_array_index(end->moves, ConnectionMove, i + 1).at)
                : moments->len;

        if (until > row)
            add_box(script, column, row, until, move->to);
    }
}

static void add_times(GString *script, const GArray *moments)
{
    for (guint i = 0; i < moments->len; i++) {
        double ms = (double)g_array_index(moments, SimTime, i) / 1e6;

        g_string_append_printf(script,
                               "set label '%.3f %s' at -0.05,%u right font "
                               "',11' textcolor rgb '#555555'\n",
                               ms < 1e3 ? ms : ms / 1e3, ms < 1e3 ? "ms" : "s",
                               i);
    }
}

char *states_script(const Connection *connection, const GnuplotFrame *frame)
{
    GnuplotFrame whole = *frame;
    GArray *moments = moments_of(connection);
    GString *script = g_string_new(NULL);

    if (moments->len == 0) {
        g_array_unref(moments);
        g_string_free(script, TRUE);
        return NULL;
    }
    whole.height = AROUND + ROW * (moments->len + 1);
    gnuplot_begin(script, &whole);
    g_string_append_printf(script,
                           "unset border\nunset tics\nunset grid\n"
                           "set xrange [-0.6:2.2]\nset yrange [%.1f:-1]\n",
                           moments->len + 0.2);
    for (unsigned column = 0; column < 2; column++)
        add_column(script, connection, column, moments);
    add_times(script, moments);
    g_string_append(script, "plot NaN notitle\n");
    gnuplot_end(script, &whole);
    g_array_unref(moments);
    return g_string_free(script, FALSE);
}
