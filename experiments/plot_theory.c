/* plot_theory.c - exact curves for a plot, between the points as well. */
#include "plot_internal.h"

#include <math.h>

#include "bit_error_rate.h"
#include "littles_law.h"
#include "loss_rate.h"
#include "queueing_theory.h"
#include "syn_path.h"

enum { STEPS = 120, STEP_PHASES = 144 };

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

static void add_row(Drawing *drawing, double x, const SynTheory *theory)
{
    gnuplot_number(drawing->data, x);
    for (unsigned i = 0; i < drawing->plot->y->len; i++) {
        double value = exact(theory, plot_y(drawing, i)) / drawing->y_scale;

        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value);
        plot_saw(drawing, value);
    }
    g_string_append_c(drawing->data, '\n');
}

static bool add_syn_theory(Drawing *drawing, double x, const PlanPoint *point,
                           unsigned phases)
{
    SynTheory *theory = syn_path_theory(point, phases, &drawing->no_theory);

    if (theory == NULL)
        return false;
    add_row(drawing, x, theory);
    syn_theory_free(theory);
    return true;
}

static double mean_of(Drawing *drawing, const PlanPoint *point)
{
    PlotTheory theory = (PlotTheory)drawing->plot->config.theory;

    if (theory == THEORY_LITTLE)
        return littles_law_time_wait(drawing->plan, point, &drawing->no_theory);
    if (theory == THEORY_LOSS_RATE)
        return loss_rate_goodput(point, &drawing->no_theory);
    if (theory == THEORY_BIT_ERRORS)
        return bit_error_rate_at(point, &drawing->no_theory);
    return queueing_theory_wait(drawing->plan, point, theory,
                                &drawing->no_theory);
}

/* A mean alone. */
static bool add_mean(Drawing *drawing, double x, const PlanPoint *point)
{
    double mean = mean_of(drawing, point);

    if (isnan(mean))
        return false;
    mean /= drawing->y_scale;
    gnuplot_number(drawing->data, x);
    for (unsigned i = 0; i < drawing->plot->y->len; i++) {
        double value = plot_theory_has(drawing, i) ? mean : NAN;

        g_string_append_c(drawing->data, ' ');
        gnuplot_number(drawing->data, value);
        plot_saw(drawing, value);
    }
    g_string_append_c(drawing->data, '\n');
    return true;
}

/* What the theory says at POINT (taken); false where it does not apply. */
static bool add_point(Drawing *drawing, double x, PlanPoint *point,
                      unsigned phases)
{
    bool good;

    g_free(drawing->no_theory);
    drawing->no_theory = NULL;
    if (point == NULL) {
        drawing->no_theory = g_strdup("a value between cannot be set");
        return false;
    }
    good = drawing->plot->config.theory == THEORY_SYN_BACKOFF
               ? add_syn_theory(drawing, x, point, phases)
               : add_mean(drawing, x, point);
    plan_point_free(point);
    return good;
}

/* One of the values between the least and the most, as a user would write it.
 */
static bool add_between(Drawing *drawing, unsigned series, double value)
{
    const PlotX *x = &drawing->x;
    char *text = quantity_format_real(x->kind, x->kind == QUANTITY_BYTES
                                                   ? round(value * x->scale)
                                                   : value * x->scale);
    PlanPoint *point =
        plan_point_new_at(drawing->plan, plot_point(drawing, 0, series),
                          (unsigned)drawing->plot->x, text, NULL);

    g_free(text);
    return add_point(drawing, value, point, STEP_PHASES);
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
static bool add_series(Drawing *drawing, unsigned series)
{
    const PlotX *x = &drawing->x;
    bool good = true;
    double low, high;

    if ((x->kind != QUANTITY_FRACTION && x->kind != QUANTITY_BYTES &&
         x->kind != QUANTITY_DECIBEL) ||
        !plan_axis_is_plain(x->axis)) {
        for (unsigned i = 0; good && i < x->axis->count; i++)
            good =
                add_point(drawing, x->values[i],
                          plan_point_new(drawing->plan,
                                         plot_point(drawing, i, series), NULL),
                          0);
        return good;
    }
    range_of(x, &low, &high);
    for (unsigned i = 0; good && i <= STEPS; i++) {
        double share = (double)i / STEPS;

        good = add_between(drawing, series,
                           plot_x_is_log(drawing) ? low * pow(high / low, share)
                                                  : low + (high - low) * share);
    }
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
