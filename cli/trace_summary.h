/* trace_summary.h - what `trace` says last: the outcome, the counts, and where
 * each millisecond went; as text, or as one JSON object of kind "summary". */
#ifndef FIRSTBYTE_CLI_TRACE_SUMMARY_H
#define FIRSTBYTE_CLI_TRACE_SUMMARY_H

#include <stdio.h>

#include "models/app/browser.h"
#include "models/observers/fingerprint.h"
#include "models/observers/timeline.h"

/* What happened, counted; and the cause of the last page's end. */
typedef struct Tally {
    Observer observer;
    uint64_t frames; /* handed to a link, each hop counted */
    uint64_t connections, failed;
    uint64_t drops[DROP_REASONS];
    uint64_t repeats[REPEAT_REASONS]; /* segments sent again */
    uint64_t steps[RECOVERY_STEPS];
    SimTime started, ended; /* of the last page */
    uint64_t cause;
} Tally;

/* Begins to count SIM's records. */
void tally_observe(Tally *tally, Sim *sim);

typedef struct TraceSummary {
    const char *url;
    const PageResult *page; /* NULL: the run ended before the page did */
    const Tally *tally;
    const Timeline *timeline;
    const Fingerprint *fingerprint;
    uint64_t seed;
    SimTime end; /* of the run */
} TraceSummary;

void trace_summary_text(const TraceSummary *summary, FILE *out);
void trace_summary_json(const TraceSummary *summary, FILE *out);

#endif
