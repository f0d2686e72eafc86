/* proportion.c - Wilson, and what items of one replication count. */
#include "proportion.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

void proportion_init(Proportion *proportion)
{
    *proportion = (Proportion){.single = true};
}

void proportion_add(Proportion *proportion, double n, double f)
{
    if (n <= 0)
        return;
    proportion->n += n;
    proportion->f += f;
    proportion->nn += n * n;
    proportion->ff += f * f;
    proportion->nf += n * f;
    proportion->replications++;
    proportion->single = proportion->single && n <= 1;
}

double proportion_share(const Proportion *proportion)
{
    return proportion->f / proportion->n;
}

double proportion_effective(const Proportion *proportion, double level)
{
    double n = proportion->n, r = proportion->replications;
    double share = proportion_share(proportion), variance, effective, ratio;

    if (proportion->single)
        return n;
    if (proportion->f <= 0 || proportion->f >= n || r < 2)
        return r;
    variance = r / (r - 1) *
               (proportion->ff - 2 * share * proportion->nf +
                share * share * proportion->nn) /
               (n * n);
    effective = share * (1 - share) / fmax(variance, 0);
    ratio = gsl_cdf_ugaussian_Pinv(0.5 + level / 2) /
            gsl_cdf_tdist_Pinv(0.5 + level / 2, r - 1);
    return fmin(effective, n) * ratio * ratio;
}

void proportion_wilson(double share, double n, double level, double *low,
                       double *high)
{
    double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2), zz = z * z;
    double middle = (share + zz / (2 * n)) / (1 + zz / n);
    double half =
        z / (1 + zz / n) * sqrt(share * (1 - share) / n + zz / (4 * n * n));

    *low = fmax(middle - half, 0);
    *high = fmin(middle + half, 1);
}
