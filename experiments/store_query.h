/* store_query.h - SQL over a results folder, and rows as text.
 *
 * Beside SQLite's own, these functions know the column `histogram`; each gives
 * NULL for NULL and for a histogram without samples:
 *
 *   quantile(histogram, p)      the sample of rank ceil(p * count), p in 0 ..
 * 1, within 0.8 % merge(histogram)            an aggregate: the histogram of
 * all their samples metric_count(histogram)     samples; of a population: ns
 * measured metric_mean(histogram), metric_variance(histogram),
 *   metric_min(histogram), metric_max(histogram)
 *
 * All exact but quantile(): see sim/metric.h. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_QUERY_H
#define FIRSTBYTE_EXPERIMENTS_STORE_QUERY_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

typedef enum StoreFormat {
    STORE_FORMAT_TEXT, /* columns side by side, for people */
    STORE_FORMAT_CSV,  /* RFC 4180 */
    STORE_FORMAT_JSON, /* an array of objects, one a line */
} StoreFormat;

/* Runs the one statement SQL on the database of the results FOLDER, which need
 * not be finished nor of this version, and writes its rows to OUT.  Nothing is
 * changed there.  False: STORE_ERROR_READ (no such folder, damaged) or
 * STORE_ERROR_SQL (the statement is wrong, or would write). */
bool store_query(const char *folder, const char *sql, StoreFormat format,
                 FILE *out, GError **error);

#endif
