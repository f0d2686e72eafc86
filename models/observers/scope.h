/* scope.h - what an oscilloscope at the receiver would show: the frame of the
 * first SYN as the samples of its waveform, with its bits and its fields under
 * it, as an SVG.
 *
 * The samples are those of the line that the SYN went over first: its code, its
 * noise (the same as decides about it where the line says `signal = sampled`),
 * its clock.  Bits that the receiver reads wrong are marked. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_SCOPE_H
#define FIRSTBYTE_MODELS_OBSERVERS_SCOPE_H

#include "models/nodes/network.h"

typedef struct Scope Scope;

Scope *scope_new(const Network *network);
void scope_free(Scope *scope);
/* Draws the frame into FILE.  False as well, with a reason, when there was no
 * SYN. */
bool scope_write(Scope *scope, const char *file, GError **error);

#endif
