/* states.h - the states of both ends of a connection: a column for each end,
 * time downwards, a box for each state.  Boxes are as high as their texts need,
 * not as long as they lasted: the times stand at the side. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_STATES_H
#define FIRSTBYTE_MODELS_OBSERVERS_STATES_H

#include "connection.h"
#include "gnuplot.h"

/* The whole script of CONNECTION in FRAME, whose height is chosen here; NULL
 * when there was no such connection.  The caller g_free()s. */
char *states_script(const Connection *connection, const GnuplotFrame *frame);

#endif
