/* range.h - the values of a sweep: a list and ranges, as a user writes them.
 *
 *   loss = 0 %, 1 %, 5 %             a list
 *   loss = 0 % .. 30 % step 5 %      from end to end, both included; downwards
 *                                    too
 *   delay = 1 ms .. 1 s log 7        7 points at equal ratios, ends as written,
 *                                    the others to 4 significant digits
 *   loss = 0 % .. 3 % lin 4          4 points at equal distances
 *   rate = 1 Mbit/s .. 9 Mbit/s step 2 Mbit/s, unlimited      both
 *
 *   snr = 4 dB .. 12 dB lin 5        of a key that reads its own text: times,
 *   arrivals = poisson 1 /s .. 100 /s log 3     decibels, frequencies, bytes,
 *   queue = droptail 10 packets .. 90 packets lin 9        packets
 *
 * What is no number is a list; of values that hold commas themselves it is
 * written with bars: "drop = none | SYN 1, data 5". */
#ifndef FIRSTBYTE_SIM_RANGE_H
#define FIRSTBYTE_SIM_RANGE_H

#include "config.h"

/* The most values that one text may mean. */
enum { RANGE_MAX = 10000 };

/* The values that TEXT gives KEY, in the order written, each in canonical
 * units, in KEY's range and different from all others; NULL-ended, the caller
 * g_strfreev()s.  Custom values and texts are taken as they stand: whether they
 * are right is for whoever applies them to say.  NULL, with *WHY (g_free) "what
 * is wrong; what would be right", otherwise. */
char **range_expand(const ConfigKey *key, const char *text, char **why);
/* The same, but a value may stand there several times. */
char **range_repeat(const ConfigKey *key, const char *text, char **why);
/* One such value, which may hold commas, bars and dots. */
char *range_value(const ConfigKey *key, const char *text, char **why);

#endif
