/* store.h - a results folder: complete in itself, written by one thread.
 *
 *   experiment.ini   what was run: every key, the topology inlined
 *   files/           every other file that was read
 *   results.sqlite   every run
 *   summary.csv      a row for each point and metric
 *   samples.csv      with --samples: a row for each sample
 *   series.csv       with [measure] sample: a row for each value of it
 *
 * results.sqlite, schema 1 (PRAGMA user_version; application_id 0x66627974).
 * Times are ns, other values the base unit of their metric.
 *
 *   meta         key, value: schema, version, title, seed, experiment (SHA-256)
 *   file         name, sha256, bytes
 *   metric       metric, name, unit, sentence, source
 *   axis         axis, target; the last axis varies fastest
 *   point        point, config (every key), replications, lossy, converged;
 *                a row appears when the point is done
 *   point_value  point, axis, value
 *   run          point, replication, fingerprint, records, ended
 *   value        point, replication, metric, count (of a population: ns
 *                measured), failures, mean, variance, min, max, p50, p90, p99,
 *                histogram: metric_to_bytes() of sim/metric.h
 *   sample       point, replication, samples; with --samples: (int64 metric,
 *                int64 value) pairs, little-endian, in the order of the run
 *   series       series, name, unit, sentence, every, first: of [measure]
 *                sample; when its values are, the first and from then on
 *   series_sample  point, replication, series, samples: its values, each a
 *                little-endian IEEE 754 double of the base unit, NaN where
 *                there was nothing to sample
 *   clock        point, replication, seconds, events: of computer and engine
 *   build        key, value: compiler, threads, when
 *
 * The last two differ from one time to the next; no other table does. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_H
#define FIRSTBYTE_EXPERIMENTS_STORE_H

#include "run.h"
#include "summarise.h"

enum { STORE_SCHEMA = 1, STORE_APPLICATION = 0x66627974 };

#define STORE_ERROR store_error_quark()
GQuark store_error_quark(void);
enum {
    STORE_ERROR_REFUSED, /* the folder is something else: nothing was written */
    STORE_ERROR_WRITE,   /* disk full, read only...: what is there is intact */
    STORE_ERROR_READ,    /* not a results folder, or damaged */
};

typedef struct Store Store;

/* Makes FOLDER, or takes an empty one, or one that holds results of the same
 * experiment (which are replaced; with FORCE those of any experiment). */
Store *store_create(const char *folder, const Plan *plan, unsigned threads,
                    bool samples, bool force, GError **error);
bool store_add_run(Store *store, const RunResult *result, GError **error);
bool store_add_point(Store *store, const PlanPoint *point,
                     const PointSummary *summary, GError **error);
/* Commits, and writes the tables as text. */
bool store_finish(Store *store, const PointSummary *summaries, GError **error);
/* Closes the database; what was not committed is lost. */
void store_free(Store *store);

/* Opens FOLDER's results to be read; PLAN is that of its experiment.ini. */
Store *store_open(const char *folder, Plan **plan, GError **error);
/* Fills SUMMARIES from the runs of STORE, in order. */
bool store_summaries(Store *store, PointSummary *summaries, GError **error);
/* How many runs each point has; the caller g_free()s. */
unsigned *store_replications(Store *store, GError **error);
/* What differs between RESULT and the run of STORE; NULL: nothing. */
char *store_difference(Store *store, const RunResult *result);
/* The values of series SERIES (of the plan's) in each run of POINT, by
 * replication: an array of GArray of double; the caller unrefs. */
GPtrArray *store_series(const Store *store, unsigned point, unsigned series,
                        GError **error);
/* Version of the program that wrote it. */
const char *store_version(const Store *store);

#endif
