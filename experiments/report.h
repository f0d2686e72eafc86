/* report.h - a results folder as one page: question, setup, what came out, how
 * sure that is, and how to check it.
 *
 * The page is HTML that needs nothing else: no network, no script; pictures are
 * inside of it.  What users wrote is escaped wherever it stands.  For screen
 * readers it has headings, captions, scopes and texts beside pictures; it
 * follows the reader's choice of light or dark, and prints. */
#ifndef FIRSTBYTE_EXPERIMENTS_REPORT_H
#define FIRSTBYTE_EXPERIMENTS_REPORT_H

#include "experiment.h"
#include "store.h"

/* The page about EXPERIMENT, whose results STORE in FOLDER has; the plots are
 * FOLDER's SVG files.  NULL, with ERROR, when one cannot be read.  The caller
 * g_free()s. */
char *report_html(const Experiment *experiment, Store *store,
                  const char *folder, GError **error);

#endif
