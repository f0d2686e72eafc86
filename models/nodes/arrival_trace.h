/* arrival_trace.h - a file that says when what arrives.
 *
 * A line is a time with its unit, then, after blanks, what arrives: for items
 * of kind send a number of bytes with its unit, for fetch and page a URL;
 * without it, what the workload's keys say.  Times do not go back from line to
 * line.  "#" begins a comment, to the end of the line; empty lines do not
 * count:
 *
 *     12.5 ms   20 kB
 *     1.2 s     1 MB     # a backup
 *
 * Errors: "FILE:LINE: what is wrong; what would be right". */
#ifndef FIRSTBYTE_MODELS_NODES_ARRIVAL_TRACE_H
#define FIRSTBYTE_MODELS_NODES_ARRIVAL_TRACE_H

#include <glib.h>
#include <stdint.h>

#include "sim/simtime.h"

/* What the second column is. */
typedef enum ArrivalColumn {
    ARRIVAL_ALONE, /* there is none */
    ARRIVAL_BYTES,
    ARRIVAL_URL,
} ArrivalColumn;

typedef struct Arrival {
    SimTime at;
    uint64_t bytes;  /* BYTES; 0: the line has none */
    const char *url; /* URL, interned; NULL: the line has none */
} Arrival;

/* Immutable: one is shared by all runs. */
typedef struct ArrivalTrace {
    Arrival *lines;
    uint32_t count; /* at least 1 */
} ArrivalTrace;

/* Reads LEN bytes of TEXT, which are called FILE in messages.  NULL with ERROR
 * (of config.h) when a line is wrong, or there is none. */
ArrivalTrace *arrival_trace_read(const char *text, size_t len, const char *file,
                                 ArrivalColumn column, GError **error);
void arrival_trace_free(ArrivalTrace *trace); /* NULL does nothing */

#endif
