/* trace_samples.c - see trace_samples.h. */
#include "trace_samples.h"

#include <math.h>
#include <string.h>

#include "experiments/csv.h"
#include "experiments/units.h"
#include "models/observers/gnuplot.h"
#include "models/observers/write_file.h"

struct TraceSamples {
    Sim *sim;
    SeriesPlan *plan;
    Measure measure;
    Series *series;    /* while it runs */
    GPtrArray *values; /* then */
};

static bool fail(char *why /* taken */, GError **error)
{
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE, "--sample: %s", why);
    g_free(why);
    return false;
}

TraceSamples *trace_samples_new(Network *network, const char *what,
                                GError **error)
{
    TraceSamples *samples = g_new0(TraceSamples, 1);
    char *why = NULL;

    samples->sim = network->sim;
    measure_init(&samples->measure, network->sim, 0, SIM_NEVER, NULL);
    samples->plan = series_plan_new(what, &why);
    if (samples->plan != NULL)
        samples->series = series_new(samples->plan, network, NULL,
                                     &samples->measure, 0, &why);
    if (samples->series != NULL)
        return samples;
    trace_samples_free(samples);
    fail(why, error);
    return NULL;
}

void trace_samples_run(TraceSamples *samples)
{
    series_run(samples->series, samples->sim, SIM_NEVER);
    samples->values = series_finish(samples->series);
    samples->series = NULL;
}

static void add_number(GString *csv, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_c(csv, ',');
    g_string_append(csv, g_ascii_formatd(text, sizeof text, "%.9g", value));
}

static void add_series(GString *csv, const SeriesPlan *plan, unsigned number,
                       const GArray *values)
{
    const SelectKey *key = series_key(plan, number);

    for (unsigned i = 0; i < values->len; i++) {
        double value = g_array_index(values, double, i);

        if (isnan(value))
            continue;
        csv_add_field(csv, key->name);
        g_string_append_printf(csv, ",%s", unit_name(key->word->unit));
        add_number(csv,
                   (double)series_time(plan, 0, i) / unit_scale(QUANTITY_TIME));
        add_number(csv, value / unit_scale(key->word->unit));
        g_string_append_c(csv, '\n');
    }
}

static char *csv_of(const TraceSamples *samples)
{
    GString *csv = g_string_new("series,unit,time_ms,value\n");

    for (unsigned i = 0; i < samples->values->len; i++)
        add_series(csv, samples->plan, i, samples->values->pdata[i]);
    return g_string_free(csv, FALSE);
}

/* --- the picture ---------------------------------------------------------- */

enum { HEADING = 40, PANEL = 190, GAP = 44, FOOT = 74 }; /* pixels */

/* Up to which sample something happens: a run goes on for long after it
 * (TIME-WAIT). */
static unsigned worth_drawing(const GPtrArray *all)
{
    unsigned count = 1;

    for (unsigned s = 0; s < all->len; s++) {
        const GArray *values = all->pdata[s];

        for (unsigned i = 0; i < values->len; i++) {
            double value = g_array_index(values, double, i);

            if (!isnan(value) && value != 0)
                count = MAX(count, MIN(i + 2, values->len));
        }
    }
    return count;
}

/* The first COUNT samples of series NUMBER, in units of time of SCALE ns. */
static void add_data(GString *script, const TraceSamples *samples,
                     unsigned number, unsigned count, double scale)
{
    const SelectKey *key = series_key(samples->plan, number);
    const GArray *values = samples->values->pdata[number];

    g_string_append_printf(script, "$series%u << EOD\n", number);
    for (unsigned i = 0; i < MIN(count, values->len); i++) {
        gnuplot_number(script,
                       (double)series_time(samples->plan, 0, i) / scale);
        g_string_append_c(script, ' ');
        gnuplot_number(script, g_array_index(values, double, i) /
                                   unit_scale(key->word->unit));
        g_string_append_c(script, '\n');
    }
    g_string_append(script, "EOD\n");
}

static void add_panel(GString *script, const TraceSamples *samples,
                      unsigned number, double height)
{
    const SelectKey *key = series_key(samples->plan, number);
    const char *unit = unit_name(key->word->unit);
    double top = HEADING + GAP + (double)number * (PANEL + GAP);
    char *label = strcmp(unit, "1") == 0
                      ? g_strdup(key->name)
                      : g_strdup_printf("%s (%s)", key->name, unit);

    g_string_append_printf(script,
                           "set tmargin at screen %.4f\n"
                           "set bmargin at screen %.4f\nset label 4 ",
                           1 - top / height, 1 - (top + PANEL) / height);
    gnuplot_quote(script, label);
    g_string_append_printf(
        script,
        " at graph 0, graph 1.1 left\n"
        "plot $series%u using 1:2 with lines lw 1.5 lc rgb '%s' notitle\n"
        "unset label 1\nunset label 2\n",
        number, gnuplot_colours[number % GNUPLOT_SERIES]);
    g_free(label);
}

/* One panel above another, the time common to all. */
static char *script_of(const TraceSamples *samples, const char *title)
{
    unsigned count = worth_drawing(samples->values);
    unsigned panels = samples->values->len;
    SimTime end = series_time(samples->plan, 0, count);
    double scale = end < 10 * SIM_S ? 1e6 : 1e9;
    GnuplotFrame frame = {.title = title,
                          .height = HEADING + FOOT + panels * (PANEL + GAP)};
    GString *script = g_string_new(NULL);

    gnuplot_begin(script, &frame);
    for (unsigned i = 0; i < panels; i++)
        add_data(script, samples, i, count, scale);
    g_string_append_printf(script,
                           "set xrange [0:%.9g]\nset yrange [0:*]\n"
                           "set offsets graph 0, graph 0, graph 0.06, graph 0\n"
                           "set multiplot\nset format x ''\n",
                           (double)end / scale);
    for (unsigned i = 0; i < panels; i++) {
        if (i + 1 == panels) {
            g_string_append(script, "set format x '%g'\n");
            gnuplot_line(script, "set xlabel",
                         scale == 1e6 ? "time (ms)" : "time (s)");
        }
        add_panel(script, samples, i, frame.height);
    }
    g_string_append(script, "unset multiplot\n");
    return g_string_free(script, FALSE);
}

bool trace_samples_write(const TraceSamples *samples, const char *title,
                         const char *file, GError **error)
{
    bool drawn = g_str_has_suffix(file, ".svg");
    char *text = drawn ? script_of(samples, title) : csv_of(samples);
    bool good = drawn ? gnuplot_write_svg(text, file, error)
                      : write_file(file, text, error);

    g_free(text);
    return good;
}

void trace_samples_free(TraceSamples *samples)
{
    if (samples->series != NULL)
        g_ptr_array_unref(series_finish(samples->series));
    if (samples->values != NULL)
        g_ptr_array_unref(samples->values);
    for (MetricId id = 0; id < METRICS; id++)
        metric_clear(&samples->measure.metrics[id]);
    series_plan_free(samples->plan);
    g_free(samples);
}
