/* wheel.h - when a timer of the Linux kernel really fires.
 *
 * The kernel's timer wheel (kernel/time/timer.c, since 4.8) has no exact
 * timers: a deadline D jiffies away is rounded up to the granularity of the
 * level that D falls into, and never fires early.  Level L has steps of 8^L
 * jiffies and holds deadlines of less than 63 * 8^L.  With 4 ms jiffies: up to
 * 4 ms late below 252 ms, 32 ms below 2.016 s, 256 ms below 16.1 s, 2.048 s
 * below 129 s, and 16.4 s beyond.  Measured minima, means and maxima of
 * Linux 6.18 agree with the formula within a jiffy. */
#ifndef FIRSTBYTE_SIM_WHEEL_H
#define FIRSTBYTE_SIM_WHEEL_H

#include "simtime.h"

/* The steps of the slowest level that a phase must cover: a phase drawn
 * uniformly from [0, WHEEL_PHASES * jiffy) puts a host at a random place of
 * every level. */
enum { WHEEL_PHASES = 1 << 18 };

/* The time at which a timer armed at NOW for DELAY (>= 0) fires, on a host
 * whose jiffies (JIFFY long) began PHASE before the simulation did. */
static inline SimTime wheel_fire(SimTime now, SimTime delay, SimTime jiffy,
                                 SimTime phase)
{
    uint64_t from = (uint64_t)((now + phase) / jiffy);
    uint64_t jiffies = (uint64_t)((delay + jiffy - 1) / jiffy);
    unsigned shift = 0;

    while (jiffies >= (uint64_t)63 << shift)
        shift += 3;
    return (SimTime)((((from + jiffies) >> shift) + 1) << shift) * jiffy -
           phase;
}

#endif
