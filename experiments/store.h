/* store.h - a results folder: complete in itself, written by one thread of one
 * process at a time.
 *
 *   experiment.ini   what was run: every key, the topology inlined
 *   files/           every other file that was read
 *   results.sqlite   every run; its tables: store_schema.h, docs/results.md
 *   summary.csv      a row for each point and metric
 *   samples.csv      with --samples: a row for each sample
 *   series.csv       with [measure] sample: a row for each value of it
 *   results.lock     while somebody writes there; see store_lock.h
 *
 * Runs are written in transactions of at most a second or 1000 runs; what
 * is committed stays, whatever happens then to the process or the disk, and can
 * be gone on from.  Of each point the runs recorded are replications 0 .. n-1,
 * since they are handed on in that order. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_H
#define FIRSTBYTE_EXPERIMENTS_STORE_H

#include <stdio.h>

#include "run.h"
#include "summarise.h"

#define STORE_ERROR store_error_quark()
GQuark store_error_quark(void);
enum {
    STORE_ERROR_REFUSED, /* the folder is something else: nothing was written */
    STORE_ERROR_BUSY,    /* another process writes there */
    STORE_ERROR_WRITE,   /* disk full, read only...: what is there is intact */
    STORE_ERROR_READ,    /* not a results folder, or damaged */
    STORE_ERROR_SQL,     /* a user's statement is wrong */
};

typedef struct Store Store;

typedef struct StoreOptions {
    unsigned threads; /* told in the table build */
    bool samples;     /* to be kept; resumed: as before, if false */
    bool force;  /* replace results of another experiment, or unfinished ones */
    bool resume; /* go on from the runs that are recorded there, if any */
} StoreOptions;

/* Makes FOLDER, or takes an empty one, or one that holds results.  Whole ones
 * of the same experiment are replaced, others only with FORCE; with RESUME they
 * are gone on from, if they are of this experiment and made by this version. */
Store *store_create(const char *folder, const Plan *plan,
                    const StoreOptions *options, GError **error);
/* The run as it was recorded, the caller's, marked as such; NULL: it was not.
 */
RunResult *store_recorded(Store *store, unsigned point, uint32_t replication);
/* The same with samples, series and what it cost, as the run itself gave it, to
 * be added to another store. */
RunResult *store_recalled(Store *store, unsigned point, uint32_t replication);
/* Adds RESULT, unless it was recorded before. */
bool store_add_run(Store *store, const RunResult *result, GError **error);
bool store_add_point(Store *store, const PlanPoint *point,
                     const PointSummary *summary, GError **error);
/* Commits when it is time to: to be called now and then while no run is added.
 */
bool store_tick(Store *store, GError **error);
/* Commits, and writes the tables as text.  WHOLE: every run was made. */
bool store_finish(Store *store, const PointSummary *summaries, bool whole,
                  GError **error);
/* Closes the database; what was not committed is lost. */
void store_free(Store *store);

/* FOLDER is a results folder, by the names in it. */
bool store_is_there(const char *folder);
/* Opens FOLDER's results to be read; PLAN is that of its experiment.ini. */
Store *store_open(const char *folder, Plan **plan, GError **error);
/* Fills SUMMARIES from the runs of STORE, in order. */
bool store_summaries(Store *store, PointSummary *summaries, GError **error);
/* How many runs each point has; the caller g_free()s. */
unsigned *store_replications(Store *store, GError **error);
/* Whether POINT has all of its runs. */
bool store_point_is_done(const Store *store, unsigned point);
/* The fingerprints of POINT's runs, by replication, as the database has them:
 * an array of char *, which the caller unrefs; NULL: it cannot be read. */
GPtrArray *store_fingerprints(Store *store, unsigned point, GError **error);
/* What differs between RESULT and the run of STORE; NULL: nothing. */
char *store_difference(Store *store, const RunResult *result);
/* Whether the folder's experiment.ini is that of the runs. */
bool store_is_as_run(const Store *store, GError **error);
/* Every run was made. */
bool store_is_whole(const Store *store);
/* Adds to DIFFERENCES (of char *, with g_free) a sentence for each file of the
 * folder that is not what the database says: experiment.ini, what was read, the
 * tables as text, scripts of plots.  False: it cannot be read. */
bool store_file_differences(Store *store, GPtrArray *differences,
                            GError **error);
/* What the table build says of KEY; NULL: nothing.  The caller g_free()s. */
char *store_build(const Store *store, const char *key);
/* The values of series SERIES (of the plan's) in each run of POINT, by
 * replication: an array of GArray of double; the caller unrefs. */
GPtrArray *store_series(const Store *store, unsigned point, unsigned series,
                        GError **error);
/* The tables as text that a folder has, to OUT: summary.csv, samples.csv,
 * series.csv.  What goes wrong with OUT itself, ferror() tells. */
bool store_summary_csv(const Store *store, const PointSummary *summaries,
                       FILE *out, GError **error);
bool store_samples_csv(const Store *store, const PointSummary *summaries,
                       FILE *out, GError **error);
bool store_series_csv(const Store *store, const PointSummary *summaries,
                      FILE *out, GError **error);
/* Version of the program that wrote it. */
const char *store_version(const Store *store);
/* Samples are kept there. */
bool store_has_samples(const Store *store);

#endif
