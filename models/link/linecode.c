/* linecode.c - see linecode.h. */
#include "linecode.h"

#include <math.h>

double linecode_bit_error_rate(LineCode code, double eb_n0)
{
    /* Q(x) = erfc(x / sqrt 2) / 2. */
    double argument = code == LINE_MANCHESTER ? eb_n0 : eb_n0 / 2;

    return erfc(sqrt(argument)) / 2;
}
