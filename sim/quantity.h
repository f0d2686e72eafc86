/* quantity.h - numbers with units, as a user writes them.
 *
 * "20 ms", "100 Mbit/s", "64 KiB", "5 %", "12 dB".  A number, blanks or none, a
 * unit; the number in decimal with a point, an exponent allowed ("1e-6").  A
 * bare number where a unit is due is an error, and so is a unit of another
 * kind; a fraction alone may be written without ("0.05").  Times, fractions,
 * decibels and numbers may be negative here; whether they may be where they
 * stand is for the reader's range check (config.h).
 *
 * Formatting gives canonical text that reads back to the same value, bit for
 * bit, in every locale. */
#ifndef FIRSTBYTE_SIM_QUANTITY_H
#define FIRSTBYTE_SIM_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "simtime.h"

typedef enum QuantityKind {
    QUANTITY_TIME, /* ns us ms s min h -> ns */
    QUANTITY_RATE, /* bit/s kbit/s Mbit/s Gbit/s, bps kbps Mbps Gbps -> bit/s */
    QUANTITY_BYTES,     /* B kB MB GB KiB MiB GiB -> bytes */
    QUANTITY_PACKETS,   /* packets -> count */
    QUANTITY_SHARE,     /* % or a bare fraction -> parts per 10^9 */
    QUANTITY_COUNT,     /* no unit -> whole number */
    QUANTITY_FRACTION,  /* % or a bare fraction -> 0.05 */
    QUANTITY_DECIBEL,   /* dB -> dB */
    QUANTITY_FREQUENCY, /* /s /min -> per second */
    QUANTITY_NUMBER,    /* no unit, any real number */
    QUANTITY_KINDS
} QuantityKind;

/* Reads the whole of TEXT.  false, with *WHY (g_free; WHY may be NULL) saying
 * "what is wrong; what would be right", otherwise; *VALUE is then untouched.
 * Whole-number kinds (time to count) go through quantity_int(), exact to the
 * unit (1.5 ns is refused, 1.5 us is 1500 ns), never rounded, overflow refused.
 */
bool quantity_int(QuantityKind kind, const char *text, int64_t *value,
                  char **why);
/* Any kind as a real number of its base unit (times in ns). */
bool quantity_real(QuantityKind kind, const char *text, double *value,
                   char **why);
/* VALUE of a whole-number kind in the largest unit that it reaches: "20 ms",
 * "1.5 Gbit/s"; in minutes, hours and units of bytes only where they are whole
 * ("90 s", "1500 B").  The caller g_free()s. */
char *quantity_format_int(QuantityKind kind, int64_t value);
/* VALUE of any kind, in as few digits as read back to it; "nan", "inf" and
 * "-inf" for what is no number, which does not read back. */
char *quantity_format_real(QuantityKind kind, double value);

/* A table of the units, for `firstbyte describe units`.  The first unit of a
 * factor is the canonical one, the others are read but never written. */
typedef struct QuantityUnit {
    const char *name;
    QuantityKind kind;
    double factor; /* of the base unit */
} QuantityUnit;
extern const QuantityUnit quantity_units[];        /* ends with name NULL */
const char *quantity_kind_name(QuantityKind kind); /* "time" */

#endif
