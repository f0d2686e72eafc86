/* simtime.h - simulated time: a signed count of nanoseconds since the run
 * began.
 *
 * Promises: pure functions, no rounding surprises.  A time that does not fit is
 * SIM_NEVER, which compares later than every other time. */
#ifndef FIRSTBYTE_SIM_SIMTIME_H
#define FIRSTBYTE_SIM_SIMTIME_H

#include <stdint.h>

typedef int64_t SimTime; /* ns */

#define SIM_NEVER INT64_MAX
#define SIM_NS ((SimTime)1)
#define SIM_US ((SimTime)1000)
#define SIM_MS ((SimTime)1000000)
#define SIM_S ((SimTime)1000000000)

/* How long BYTES occupy a line of BITS_PER_SEC (0: no time at all), rounded up
 * to a nanosecond. */
static inline SimTime simtime_of_bytes(uint64_t bytes, uint64_t bits_per_sec)
{
    if (bits_per_sec == 0)
        return 0;
    /* 2^64 / (8 * 10^9) bytes fit; a frame is far smaller. */
    return (SimTime)((bytes * 8u * 1000000000u + bits_per_sec - 1) /
                     bits_per_sec);
}

#endif
