/* diagram.h - the packets of a run as a sequence diagram, drawn by gnuplot.
 *
 * A column for each host, time downwards, an arrow for each packet between its
 * sender and whoever got it; a lost one ends in a cross.  Idle time is
 * shortened: the labels at the side give the true times. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_DIAGRAM_H
#define FIRSTBYTE_MODELS_OBSERVERS_DIAGRAM_H

#include "models/nodes/network.h"

typedef struct Diagram Diagram;

Diagram *diagram_new(const Network *network);
/* Draws what was heard into FILE, an SVG. */
bool diagram_write(const Diagram *diagram, const char *file, GError **error);
void diagram_free(Diagram *diagram);

#endif
