/* quantity.h - numbers with units, as a user writes them.
 *
 * "20 ms", "100 Mbit/s", "64 KiB", "5 %", "12 dB".  A bare number where a unit is
 * due is an error, and so is a unit of another kind.  Formatting gives canonical
 * text that reads back to the same value. */
#ifndef FIRSTBYTE_SIM_QUANTITY_H
#define FIRSTBYTE_SIM_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "simtime.h"

typedef enum QuantityKind {
    QUANTITY_TIME,     /* ns us ms s min h -> ns */
    QUANTITY_RATE,     /* bit/s kbit/s Mbit/s Gbit/s, bps kbps Mbps Gbps -> bit/s */
    QUANTITY_BYTES,    /* B kB MB KiB MiB GB GiB -> bytes */
    QUANTITY_PACKETS,  /* packets -> count */
    QUANTITY_COUNT,    /* no unit -> whole number */
    QUANTITY_FRACTION, /* % or a bare fraction -> 0.05 */
    QUANTITY_DECIBEL,  /* dB -> dB */
    QUANTITY_FREQUENCY, /* /s /min -> per second */
    QUANTITY_NUMBER,   /* no unit, any real number */
} QuantityKind;

/* Reads the whole of TEXT.  false, with *WHY (g_free) saying what is wrong and
 * what would be right, otherwise.  Whole-number kinds go through quantity_int(),
 * exact to the unit (1.5 ns is refused, 1.5 us is 1500 ns). */
bool quantity_int(QuantityKind kind, const char *text, int64_t *value, char **why);
bool quantity_real(QuantityKind kind, const char *text, double *value, char **why);
/* The largest unit in which VALUE is a short number: "20 ms", "1 Gbit/s".  The
 * caller g_free()s. */
char *quantity_format_int(QuantityKind kind, int64_t value);
char *quantity_format_real(QuantityKind kind, double value);
/* A table of the units, for `firstbyte describe units`. */
typedef struct QuantityUnit {
    const char *name;
    QuantityKind kind;
    double factor; /* of the base unit */
} QuantityUnit;
extern const QuantityUnit quantity_units[]; /* ends with name NULL */
const char *quantity_kind_name(QuantityKind kind); /* "time" */

#endif
