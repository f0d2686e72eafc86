/* har.h - the requests of a run as an HTTP Archive (HAR 1.2, Odvarko 2012), for
 * any browser's network panel. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_HAR_H
#define FIRSTBYTE_MODELS_OBSERVERS_HAR_H

#include "models/nodes/network.h"

typedef struct Har Har;

/* Begins to listen to what the browser of NODE does; RECORD_NO_NODE: of the
 * node that is the first to look up, connect or open anything. */
Har *har_new(const Network *network, uint32_t node);
/* Writes the archive to FILE; the simulation's time 0 is that of the
 * HTTP dates in it, 2026-01-01T00:00Z. */
bool har_write(const Har *har, const char *file, GError **error);
void har_free(Har *har);

#endif
