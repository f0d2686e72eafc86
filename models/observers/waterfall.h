/* waterfall.h - what a browser waited for, as its network panel draws it: a row
 * for each object of its first visit, in order of request, a bar for each part
 * of the time. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_WATERFALL_H
#define FIRSTBYTE_MODELS_OBSERVERS_WATERFALL_H

#include "gnuplot.h"
#include "har.h"

/* The whole script of what HAR heard, in FRAME, whose height is chosen here;
 * NULL when nothing was asked for.  The caller g_free()s. */
char *waterfall_script(const Har *har, const GnuplotFrame *frame);

#endif
