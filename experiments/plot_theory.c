/* plot_theory.c - exact curves for a plot, between the points as well. */
#include "plot_internal.h"

#include <math.h>

#include "bit_error_rate.h"
#include "littles_law.h"
#include "loss_rate.h"
#include "parallel.h"
#include "queueing_theory.h"
#include "syn_path.h"

enum { STEPS = 120 };

/* What THEORY says of a statistic, in its base unit; NAN: nothing. */
static double exact(const SynTheory *theory, const Estimand *estimand)
{
    switch (estimand->kind) {
    case ESTIMAND_MEAN:
        return theory->mean;
    case ESTIMAND_QUANTILE:
        return (double)syn_theory_quantile(theory, estimand->p);
    case ESTIMAND_MIN:
        return (double)theory->atoms[0].latency;
    case ESTIMAND_FAILURES:
        return theory->failed;
    case ESTIMAND_MAX: /* of samples: it depends on how many there are */
    case ESTIMAND_COUNT:
        break;
    }
    return NAN;
}

bool plot_theory_has(const Drawing *drawing, unsigned i)
{
    EstimandKind kind = plot_y(drawing, i)->kind;

    if (drawing->plot->config.theory == THEORY_SYN_BACKOFF)
        return kind != ESTIMAND_MAX && kind != ESTIMAND_COUNT;
    return kind == ESTIMAND_MEAN;
}

/* A point at X of a theory's curve, to be worked out on any thread. */
typedef struct TheoryRow {
    double x;
    const Drawing *drawing;
    unsigned series;
    int number;      /* of the plan's point; -1: between two, at X */
    double *values;  /* of each of the plot's statistics; NAN: none */
    char *no_theory; /* why it does not apply, or NULL */
} TheoryRow;

static double mean_of(const Drawing *drawing, const PlanPoint *point,
                      char **why)
{
    PlotTheory theory = (PlotTheory)drawing->plot->config.theory;

    if (theory == THEORY_LITTLE)
        return littles_law_time_wait(drawing->plan, point, why);
    if (theory == THEORY_LOSS_RATE || theory == THEORY_PADHYE)
        return loss_rate_goodput(point, theory, why);
    if (theory == THEORY_BIT_ERRORS)
        return bit_error_rate_at(point, why);
    return queueing_theory_wait(drawing->plan, point, drawing->plot->metric,
                                theory, why);
}

static void work_out_mean(TheoryRow *row, const PlanPoint *point)
{
    double mean = mean_of(row->drawing, point, &row->no_theory);

    for (unsigned i = 0; i < row->drawing->plot->y->len; i++)
        row->values[i] = plot_theory_has(row->drawing, i) ? mean : NAN;
}

static void work_out_syn(TheoryRow *row, const PlanPoint *point)
{
    SynTheory *theory = syn_path_theory(
        point, row->number < 0 ? THEORY_FEW_PHASES : 0, &row->no_theory);

    if (theory == NULL)
        return;
    for (unsigned i = 0; i < row->drawing->plot->y->len; i++)
        row->values[i] = exact(theory, plot_y(row->drawing, i));
    syn_theory_free(theory);
}

/* The plan's point, or one between the least and the most value of the axis,
 * which is set as a user would write it. */
static PlanPoint *point_of(const TheoryRow *row)
{
    const Drawing *drawing = row->drawing;
    const PlotX *x = &drawing->x;
    PlanPoint *point;
    char *text;

    if (row->number >= 0)
        return plan_point_new(drawing->plan, (unsigned)row->number, NULL);
    text = quantity_format_real(x->kind, x->kind == QUANTITY_BYTES
                                             ? round(row->x * x->scale)
                                             : row->x * x->scale);
    point =
        plan_point_new_at(drawing->plan, plot_point(drawing, 0, row->series),
                          (unsigned)drawing->plot->x, text, NULL);
    g_free(text);
    return point;
}

static void work_out_row(void *data, unsigned number)
{
    TheoryRow *row = (TheoryRow *)data + number;
    PlanPoint *point = point_of(row);

    if (point == NULL)
        row->no_theory = g_strdup("a value between cannot be set");
    else if (row->drawing->plot->config.theory == THEORY_SYN_BACKOFF)
        work_out_syn(row, point);
    else
        work_out_mean(row, point);
    plan_point_free(point);
}

static void add_row(Drawing *drawing, const TheoryRow *row)
{
    gnuplot_number(drawing->data, row->x);
    for (unsigned i = 0; i < drawing->plot->y->len; i++) {
        double value = row->values[i] / drawing->y_scale;

        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value);
        plot_saw(drawing, value);
    }
    g_string_append_c(drawing->data, '\n');
}

static void range_of(const PlotX *x, double *low, double *high)
{
    *low = *high = x->values[0];
    for (unsigned i = 1; i < x->axis->count; i++) {
        *low = MIN(*low, x->values[i]);
        *high = MAX(*high, x->values[i]);
    }
}

/* A curve where the axis has fractions, bytes or decibels, which may be
 * anything between; else a value at each point. */
static bool is_curve(const PlotX *x)
{
    return (x->kind == QUANTITY_FRACTION || x->kind == QUANTITY_BYTES ||
            x->kind == QUANTITY_DECIBEL) &&
           plan_axis_is_plain(x->axis);
}

/* Where ROWS, N of them, lie. */
static void place_rows(const Drawing *drawing, unsigned series, TheoryRow *rows,
                       unsigned n)
{
    const PlotX *x = &drawing->x;
    bool curve = is_curve(x);
    double low, high;

    range_of(x, &low, &high);
    for (unsigned i = 0; i < n; i++) {
        double share = (double)i / STEPS;

        rows[i] = (TheoryRow){
            .drawing = drawing,
            .series = series,
            .number = curve ? -1 : (int)plot_point(drawing, i, series),
            .values = g_new(double, drawing->plot->y->len),
            .x = !curve                   ? x->values[i]
                 : plot_x_is_log(drawing) ? low * pow(high / low, share)
                                          : low + (high - low) * share};
    }
}

static bool add_series(Drawing *drawing, unsigned series)
{
    unsigned n = is_curve(&drawing->x) ? STEPS + 1 : drawing->x.axis->count;
    TheoryRow *rows = g_new(TheoryRow, n);
    bool good = true;

    place_rows(drawing, series, rows, n);
    parallel_for(n, drawing->threads, work_out_row, rows);
    for (unsigned i = 0; i < n; i++) {
        good = good && rows[i].no_theory == NULL;
        if (good)
            add_row(drawing, &rows[i]);
        else if (drawing->no_theory == NULL)
            drawing->no_theory = g_steal_pointer(&rows[i].no_theory);
        g_free(rows[i].no_theory);
        g_free(rows[i].values);
    }
    g_free(rows);
    return good;
}

bool plot_add_theory(Drawing *drawing)
{
    gsize before = drawing->data->len;

    for (unsigned s = 0; s < drawing->series_count; s++) {
        g_string_append_printf(drawing->data,
                               "# theory: as above, without intervals\n"
                               "$theory%u << EOD\n",
                               s);
        if (!add_series(drawing, s)) {
            g_string_truncate(drawing->data, before);
            return false;
        }
        g_string_append(drawing->data, "EOD\n");
    }
    return true;
}
