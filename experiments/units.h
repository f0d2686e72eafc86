/* units.h - in which unit people read a metric. */
#ifndef FIRSTBYTE_EXPERIMENTS_UNITS_H
#define FIRSTBYTE_EXPERIMENTS_UNITS_H

#include "sim/quantity.h"

/* How many base units one such unit is: 1e6 (ns) for a time, in ms; 1e6 (bit/s)
 * for a rate, in Mbit/s; 1e7 (parts per 10^9) for a share, in percent. */
static inline double unit_scale(QuantityKind kind)
{
    return kind == QUANTITY_TIME || kind == QUANTITY_RATE ? 1e6
           : kind == QUANTITY_SHARE                       ? 1e7
                                                          : 1;
}
static inline const char *unit_name(QuantityKind kind)
{
    switch (kind) {
    case QUANTITY_TIME:
        return "ms";
    case QUANTITY_RATE:
        return "Mbit/s";
    case QUANTITY_BYTES:
        return "B";
    case QUANTITY_SHARE:
        return "%";
    case QUANTITY_PACKETS:
        return "packets";
    default:
        return "1";
    }
}

#endif
