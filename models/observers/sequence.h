/* sequence.h - the time-sequence graph of a connection, as tcptrace and Stevens
 * ("TCP/IP Illustrated", volume 1) draw it: time to the right, sequence numbers
 * upwards, at the side that sends more.  A vertical stroke is a segment when it
 * left, from its first to its last byte; the stairs below are what has been
 * acknowledged; the lines above, how far the receiver's window and the
 * congestion window reach. */
#ifndef FIRSTBYTE_MODELS_OBSERVERS_SEQUENCE_H
#define FIRSTBYTE_MODELS_OBSERVERS_SEQUENCE_H

#include "connection.h"
#include "gnuplot.h"

/* The whole script of CONNECTION in FRAME, whose labels are filled in here;
 * NULL when there was no such connection.  The caller g_free()s. */
char *sequence_script(const Connection *connection, const GnuplotFrame *frame);

#endif
