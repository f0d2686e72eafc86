/* series_mean.c - means over replications, moment by moment. */
#include "series_mean.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static SeriesMoment moment(const GPtrArray *runs, unsigned i, double level)
{
    SeriesMoment moment = {.half = INFINITY};
    double mean = 0, m2 = 0; /* Welford's recurrence */

    for (unsigned r = 0; r < runs->len; r++) {
        const GArray *values = g_ptr_array_index(runs, r);
        double value = i < values->len ? g_array_index(values, double, i) : NAN;
        double delta = value - mean;

        if (isnan(value))
            continue;
        moment.runs++;
        mean += delta / moment.runs;
        m2 += delta * (value - mean);
    }
    moment.mean = moment.runs > 0 ? mean : NAN;
    if (moment.runs > 1)
        moment.half = gsl_cdf_tdist_Pinv((1 + level) / 2, moment.runs - 1) *
                      sqrt(m2 / (moment.runs - 1) / moment.runs);
    return moment;
}

GArray *series_mean(const GPtrArray *runs, double level)
{
    GArray *moments = g_array_new(FALSE, FALSE, sizeof(SeriesMoment));
    unsigned len = 0;

    for (unsigned r = 0; r < runs->len; r++)
        len = MAX(len, ((const GArray *)g_ptr_array_index(runs, r))->len);
    for (unsigned i = 0; i < len; i++) {
        SeriesMoment next = moment(runs, i, level);

        g_array_append_val(moments, next);
    }
    return moments;
}
