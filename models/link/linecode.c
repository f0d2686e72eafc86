/* linecode.c - see linecode.h. */
#include "linecode.h"

#include <math.h>

const char *const linecode_names[LINE_CODES] = {
    [LINE_MANCHESTER] = "Manchester",
    [LINE_NRZ] = "NRZ",
    [LINE_MLT3] = "4B5B and MLT-3",
};

/* The tail of the normal distribution. */
static double q(double x) { return erfc(x / sqrt(2)) / 2; }

/* The share of MLT-3's symbols that are taken for a zero and are none, or the
 * other way round. */
static double mlt3_symbol_error_rate(double eb_n0)
{
    double a = sqrt(0.8 * eb_n0);

    return 1.5 * q(a) - 0.5 * q(3 * a);
}

double linecode_bit_error_rate(LineCode code, double eb_n0)
{
    if (code == LINE_MLT3) {
        double p = mlt3_symbol_error_rate(eb_n0);

        return 2 * p * (1 - p);
    }
    return q(sqrt(code == LINE_MANCHESTER ? 2 * eb_n0 : eb_n0));
}

double linecode_damage_rate(LineCode code, double eb_n0)
{
    if (code == LINE_MLT3) /* five symbols for four bits */
        return -expm1(1.25 * log1p(-mlt3_symbol_error_rate(eb_n0)));
    return linecode_bit_error_rate(code, eb_n0);
}

unsigned linecode_framing_bits(LineCode code)
{
    /* Eight octets of preamble and delimiter, T and R, and the symbol before:
     * 91 symbols, of which five carry four bits. */
    return code == LINE_MLT3 ? 73 : 0;
}
