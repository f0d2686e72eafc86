/* linecode.c - see linecode.h. */
#include "linecode.h"

#include <math.h>

#include "coding.h"

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

/* Bits of nibbles, of 16 times 4, that are wrong when the six symbols around a
 * group (the last of the one before, and its own) are wrong as WRONG says. */
static unsigned wrong_bits(unsigned wrong)
{
    unsigned changed = (wrong ^ wrong >> 1) & 0x1f, sum = 0;

    for (unsigned nibble = 0; nibble < 16; nibble++) {
        int read = coding_nibble(coding_group(nibble) ^ changed);

        sum += (unsigned)__builtin_popcount(nibble ^ (read < 0 ? 0 : read));
    }
    return sum;
}

static double mlt3_bit_error_rate(double eb_n0)
{
    double p = mlt3_symbol_error_rate(eb_n0), rate = 0;

    for (unsigned wrong = 0; wrong < 64; wrong++) {
        int errors = __builtin_popcount(wrong);

        rate += pow(p, errors) * pow(1 - p, 6 - errors) * wrong_bits(wrong);
    }
    return rate / 64;
}

double linecode_bit_error_rate(LineCode code, double eb_n0)
{
    if (code == LINE_MLT3)
        return mlt3_bit_error_rate(eb_n0);
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
