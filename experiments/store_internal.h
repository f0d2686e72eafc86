/* store_internal.h - what the files of the store share. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_INTERNAL_H
#define FIRSTBYTE_EXPERIMENTS_STORE_INTERNAL_H

#include <sqlite3.h>

#include "store.h"
#include "store_lock.h"
#include "store_schema.h"

#define STORE_EXPERIMENT_NAME "experiment.ini"

/* The columns of find_run: those of the table run. */
enum {
    RUN_KEY,
    RUN_POINT,
    RUN_REPLICATION,
    RUN_FINGERPRINT,
    RUN_RECORDS,
    RUN_ENDED,
    RUN_LOSSY,
    RUN_RANDOM,
    RUN_METRICS, /* and all that follow */
};

struct Store {
    char *folder;
    const Plan *plan;
    sqlite3 *db;
    /* Prepared once, or NULL. */
    sqlite3_stmt *add_run, *add_sample, *add_clock, *add_point;
    sqlite3_stmt *add_series; /* NULL: not needed yet */
    sqlite3_stmt *find_point, *find_run, *find_samples;
    /* Where the table run has each metric, once find_run is there. */
    unsigned metric_count; /* plan_metrics() */
    int *columns; /* the first of its columns, from 0; -1: it has not */
    bool *totals; /* plan_metric_is_total() */
    GByteArray *histograms; /* of the run that is being added */
    GArray *metrics;      /* of MetricId, by the database's numbers; or NULL */
    unsigned uncommitted; /* runs and points */
    gint64 begun;         /* monotonic us: when the first of these came */
    bool samples;
    char *version;
    int lock; /* or -1 */
};

/* Sets ERROR to what the database says about WHAT.  Returns false. */
bool store_fail(const Store *store, const char *what, GError **error);
bool store_execute(const Store *store, const char *sql, GError **error);
sqlite3_stmt *store_prepare(const Store *store, const char *sql,
                            GError **error);
sqlite3_stmt *store_prepare_insert(const Store *store, const char *table,
                                   GError **error);
/* Runs STATEMENT, which gives no rows, and makes it ready for the next time. */
bool store_step(const Store *store, sqlite3_stmt *statement, GError **error);
/* TEXT is copied. */
void store_bind_text(sqlite3_stmt *statement, int column, const char *text);
/* FLAGS: SQLITE_OPEN_... */
bool store_open_database(Store *store, int flags, GError **error);
bool store_begin(Store *store, GError **error);

/* SAMPLES (of MeasureSample) as the table `sample` has them; the caller unrefs.
 */
GBytes *store_samples_to_bytes(const GArray *samples);

/* store_create.c */
bool store_set_meta(const Store *store, const char *key, const char *value,
                    GError **error);

/* store_look.c */
typedef enum StoreFound {
    STORE_FOUND_REFUSED, /* ERROR says why */
    STORE_FOUND_NOTHING,
    STORE_FOUND_OLD, /* results that may be replaced */
    STORE_FOUND_RESUMED,
} StoreFound;
/* FOLDER does not exist, is empty or may hold results. */
bool store_may_use(const char *folder, GError **error);
bool store_make_folder(const char *folder, GError **error);
/* What the database, which is open and locked, holds.  TEXT: the experiment,
 * DIGEST: its SHA-256. */
StoreFound store_look(const Store *store, const char *text, const char *digest,
                      const StoreOptions *options, GError **error);
/* The database and the tables as text. */
void store_remove_results(const char *folder);
/* The value of KEY in the table meta; NULL: none.  The caller g_free()s. */
char *store_meta(const Store *store, const char *key);
/* Number of the database's schema. */
int64_t store_schema(const Store *store);
bool store_meta_is(const Store *store, const char *key, const char *value);

/* store_read.c */
/* Opens the database of FOLDER alone: there is no plan. */
Store *store_open_to_read(const char *folder, GError **error);
/* Makes STORE ready to look for runs; false: the tables are not there. */
bool store_prepare_finds(Store *store);
/* Lets STATEMENT look for a run by its parameters 1 and 2; true: its first row
 * is there. */
bool store_seek(sqlite3_stmt *statement, unsigned point, uint32_t replication);
/* The metric that the database gives NUMBER; METRIC_NONE: unknown here. */
MetricId store_metric(const Store *store, int number);

/* store_look.c: "FOLDER: ...", as STORE_ERROR_REFUSED; always false. */
bool store_refuse(const char *folder, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* store_files.c */
/* The text of DIR/experiment.ini for PLAN, files named as they are copied. */
char *store_experiment_text(const Plan *plan);
/* What follows the heading that store_write_files() puts before it. */
const char *store_text_after_heading(const char *text);
/* Lets CONFIG's nodes name the copies of their files. */
void store_rename_files(Config *config);
bool store_write_files(const Store *store, const char *text, GError **error);
bool store_add_file_rows(const Store *store, GError **error);
bool store_write_text(const Store *store, const char *name, const char *text,
                      size_t len, GError **error);

/* store_csv.c */
typedef bool (*StoreCsvFunc)(const Store *store, const PointSummary *summaries,
                             FILE *out, GError **error);
/* Writes the file NAME of STORE's folder. */
bool store_write_csv(const Store *store, const char *name, StoreCsvFunc write,
                     const PointSummary *summaries, GError **error);
typedef void (*StoreRowFunc)(GString *csv, const Store *store,
                             sqlite3_stmt *row);
/* The axes and HEADS, then what ADD makes of each row of SQL. */
bool store_rows_csv(const Store *store, const char *sql, const char *heads,
                    StoreRowFunc add, FILE *out, GError **error);
/* A comma and VALUE; nothing behind it where there is no number. */
void store_csv_number(GString *csv, double value);
/* The targets of PLAN's axes, or the values of its point NUMBER, each with a
 * comma behind it. */
void store_csv_axes(GString *csv, const Plan *plan);
void store_csv_point(GString *csv, const Plan *plan, unsigned number);

/* store_metrics.c: the metrics in a row of the table run.  ROW is find_run. */
/* Finds their columns; after find_run was prepared. */
void store_metrics_find(Store *store);
/* Binds RESULT's to add_run; they are valid until the next call. */
void store_metrics_bind(Store *store, const RunResult *result);
/* Fills RESULT's; false: damaged. */
bool store_metrics_read(const Store *store, sqlite3_stmt *row,
                        RunResult *result);
/* What differs between ROW and RESULT's; NULL: nothing. */
char *store_metrics_difference(const Store *store, sqlite3_stmt *row,
                               const RunResult *result);

/* store_series.c */
/* VALUES (of double) as the database has them, little-endian, and back; the
 * caller unrefs. */
GBytes *store_doubles_to_bytes(const GArray *values);
GArray *store_doubles_from_bytes(const void *bytes, int len);
bool store_series_add_keys(const Store *store, GError **error);
bool store_series_add(Store *store, const RunResult *result, GError **error);
/* What differs between RESULT's series and those of STORE; NULL: nothing. */
char *store_series_difference(const Store *store, const RunResult *result);

/* store_steady.c: nothing to do for runs that are not steady */
bool store_steady_add(const Store *store, const RunResult *result,
                      GError **error);
/* Fills RESULT->steady from the database; false: it is not there. */
bool store_steady_read(const Store *store, RunResult *result);
char *store_steady_difference(const Store *store, const RunResult *result);

#endif
