/* waterfall.c - see waterfall.h. */
#include "waterfall.h"

#include <string.h>

#include "har_internal.h"

enum {
    ROW = 24,     /* pixels */
    AROUND = 190, /* of titles, axis and note */
    ROWS_MAX = 60,
    NAME_LONG = 30, /* characters of a URL's end */
};

/* The parts of the time that an object takes, in their order; fills that differ
 * in grey as well. */
static const struct {
    const char *name, *style;
    double half; /* height, of a row */
} parts[] = {
    {"waits for a connection", "fc rgb '#bbbbbb' fs solid noborder", 0.08},
    {"DNS", "fc rgb '#009E73' fs solid border lc rgb '#333333'", 0.3},
    {"connect", "fc rgb '#E69F00' fs pattern 5 border lc rgb '#333333'", 0.3},
    {"waits for the answer",
     "fc rgb '#ffffff' fs solid border lc rgb '#0072B2'", 0.3},
    {"receives", "fc rgb '#0072B2' fs solid border lc rgb '#333333'", 0.3},
};
enum { PARTS = G_N_ELEMENTS(parts) };

/* When each part of ENTRY begins; the last number is its end. */
static void times_of(const HarEntry *entry, SimTime times[PARTS + 1])
{
    SimTime dns = MAX(entry->dns, 0), connect = MAX(entry->connect, 0);

    times[0] = entry->begun;
    times[1] = MAX(entry->begun, entry->sent - dns - connect);
    times[2] = times[1] + dns;
    times[3] = entry->sent;
    times[4] = entry->first_byte == SIM_NEVER ? entry->sent : entry->first_byte;
    times[5] = entry->done == SIM_NEVER ? times[4] : entry->done;
}

static unsigned rows_of(const Har *har)
{
    unsigned rows = 0;

    while (rows < har->entries->len && rows < ROWS_MAX &&
           ((const HarEntry *)har->entries->pdata[rows])->page == 0)
        rows++;
    return rows;
}

/* x0 y0 x1 y1 of each bar that is not empty; false: there is none. */
static bool add_bars(GString *data, const Har *har, unsigned rows,
                     unsigned part, double *most)
{
    gsize before = data->len;
    bool some = false;

    g_string_append_printf(data, "# %s: from, to, row\n$part%u << EOD\n",
                           parts[part].name, part);
    for (unsigned row = 0; row < rows; row++) {
        SimTime times[PARTS + 1];

        times_of(har->entries->pdata[row], times);
        *most = MAX(*most, (double)times[PARTS] / 1e6);
        if (times[part + 1] <= times[part])
            continue;
        gnuplot_number(data, (double)times[part] / 1e6);
        g_string_append_c(data, ' ');
        gnuplot_number(data, (double)times[part + 1] / 1e6);
        g_string_append_printf(data, " %u\n", row);
        some = true;
    }
    g_string_append(data, "EOD\n");
    if (!some)
        g_string_truncate(data, before);
    return some;
}

static void add_rows(GString *script, const Har *har, unsigned rows)
{
    g_string_append(script, "set ytics scale 0 (");
    for (unsigned row = 0; row < rows; row++) {
        const HarEntry *entry = har->entries->pdata[row];
        const char *url = entry->url, *path = strstr(url, "://");
        size_t len;

        url = path != NULL ? path + 3 : url;
        len = strlen(url);
        g_string_append(script, row > 0 ? ", " : "");
        gnuplot_quote_tic(script,
                          len > NAME_LONG ? url + len - NAME_LONG : url);
        g_string_append_printf(script, " %u", row);
    }
    g_string_append(script, ")\n");
}

/* What came, beside the end of its bars. */
static void add_results(GString *script, const Har *har, unsigned rows)
{
    for (unsigned row = 0; row < rows; row++) {
        const HarEntry *entry = har->entries->pdata[row];
        SimTime times[PARTS + 1];
        char *text;

        times_of(entry, times);
        text = entry->status == 0
                   ? g_strdup("no answer")
                   : g_strdup_printf("%d, %.3g kB", entry->status,
                                     (double)entry->bytes / 1e3);
        g_string_append_printf(script,
                               "set label '%s' at %.9g,%u left offset 0.6,0 "
                               "font ',10' textcolor rgb '#555555'\n",
                               text, (double)times[PARTS] / 1e6, row);
        g_free(text);
    }
}

static void add_moment(GString *script, const char *what, SimTime at,
                       unsigned rows)
{
    if (at == SIM_NEVER)
        return;
    g_string_append_printf(
        script,
        "set arrow from %.9g,-0.6 to %.9g,%.1f nohead lc rgb '#333333' lw 1 dt "
        "'- '\n"
        "set label '%s' at %.9g,%.1f right offset -0.6,0 font ',10' front\n",
        (double)at / 1e6, (double)at / 1e6, rows + 0.4, what, (double)at / 1e6,
        rows + 0.1);
}

static void add_plot(GString *script, const bool *some)
{
    bool first = true;

    g_string_append(script, "plot \\\n");
    for (unsigned part = 0; part < PARTS; part++) {
        if (!some[part])
            continue;
        g_string_append_printf(
            script,
            "%s  $part%u using 1:3:1:2:($3 - %.2f):($3 + %.2f) with "
            "boxxyerror %s title '%s'",
            first ? "" : ", \\\n", part, parts[part].half, parts[part].half,
            parts[part].style, parts[part].name);
        first = false;
    }
    g_string_append(script, first ? "  NaN notitle\n" : "\n");
}

char *waterfall_script(const Har *har, const GnuplotFrame *frame)
{
    unsigned rows = rows_of(har);
    GnuplotFrame whole = *frame;
    GString *script, *data;
    bool some[PARTS];
    double most = 0;

    if (rows == 0)
        return NULL;
    data = g_string_new(NULL);
    for (unsigned part = 0; part < PARTS; part++)
        some[part] = add_bars(data, har, rows, part, &most);
    whole.height = AROUND + ROW * MAX(rows, 6);
    whole.key = 22;
    whole.left = NAME_LONG - 4;
    whole.xlabel = "time (ms)";
    script = g_string_new(NULL);
    gnuplot_begin(script, &whole);
    g_string_append_printf(script,
                           "set grid noytics xtics lc rgb '#dddddd' lw 0.6\n"
                           "set xrange [0:%.6g]\nset yrange [%.1f:-0.7]\n",
                           most * 1.3, rows + 0.4);
    add_rows(script, har, rows);
    add_results(script, har, rows);
    if (har->visits->len > 0)
        add_moment(script, "page complete",
                   g_array_index(har->visits, HarVisit, 0).complete, rows);
    g_string_append(script, data->str);
    add_plot(script, some);
    gnuplot_end(script, &whole);
    g_string_free(data, TRUE);
    return g_string_free(script, FALSE);
}
