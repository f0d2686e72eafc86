/* bit_error_rate.h - how many bits of a sampled waveform are read wrong, by the
 * formula of its line code (linecode.h). */
#ifndef FIRSTBYTE_EXPERIMENTS_BIT_ERROR_RATE_H
#define FIRSTBYTE_EXPERIMENTS_BIT_ERROR_RATE_H

#include "plan.h"

/* The mean of signal.bit_errors at POINT.  NAN, with the reason in *WHY
 * (g_free), where the formula does not hold: no line is sampled, lines differ,
 * or one has a clock that is off or a rise time, of which it knows nothing. */
double bit_error_rate_at(const PlanPoint *point, char **why);

#endif
