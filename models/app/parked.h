/* parked.h - what waits for a timer: what began the wait, and when; sim_wake()
 * wants both. */
#ifndef FIRSTBYTE_MODELS_APP_PARKED_H
#define FIRSTBYTE_MODELS_APP_PARKED_H

#include "sim/sim.h"

typedef struct Parked {
    uint64_t cause;
    SimTime since;
} Parked;

static inline Parked parked_now(const Sim *sim)
{
    return (Parked){sim->cause, sim_now(sim)};
}

#endif
