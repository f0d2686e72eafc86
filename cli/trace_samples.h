/* trace_samples.h - gauges and metrics of one run in time: `trace --sample`. */
#ifndef FIRSTBYTE_CLI_TRACE_SAMPLES_H
#define FIRSTBYTE_CLI_TRACE_SAMPLES_H

#include "models/observers/series.h"

typedef struct TraceSamples TraceSamples;

/* Samples what WHAT says, the line of series.h ("tcp.cwnd(web) every 10 ms"),
 * of NETWORK, from now on.  NULL, with ERROR, when it says nothing that can be
 * sampled there. */
TraceSamples *trace_samples_new(Network *network, const char *what,
                                GError **error);
/* sim_run() to the end, with samples on the way. */
void trace_samples_run(TraceSamples *samples);
/* Writes them into FILE: as a picture under TITLE if its name ends in ".svg",
 * a panel for each series; else a line each as RFC 4180 has it: series, unit,
 * time_ms, value; where there was nothing to sample there is no line. */
bool trace_samples_write(const TraceSamples *samples, const char *title,
                         const char *file, GError **error);
void trace_samples_free(TraceSamples *samples);

#endif
