/* fingerprint.h - a run in 64 bits: a hash of its records, in their order.
 *
 * Of each record but REC_CAUSE: time, node, kind, stable identity, length.
 * Never of events or ids, so that the engine may become faster without changing
 * it; two runs with equal fingerprints told the same story.  Equal on every
 * machine.
 *
 * Not a cryptographic hash: it finds mistakes, not malice. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_FINGERPRINT_H
#define FIRSTBYTE_MODELS_OBSERVERS_FINGERPRINT_H

#include "sim/sim.h"

enum { FINGERPRINT_TEXT_MAX = 17 };

typedef struct Fingerprint {
    Observer observer;
    uint64_t hash;
    uint64_t records; /* heard so far */
} Fingerprint;

/* Fills FINGERPRINT, the caller's, and hears SIM's records from now on. */
void fingerprint_observe(Fingerprint *fingerprint, Sim *sim);
/* TEXT gets 16 hexadecimal digits. */
const char *fingerprint_text(const Fingerprint *fingerprint,
                             char text[FINGERPRINT_TEXT_MAX]);

#endif
