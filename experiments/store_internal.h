/* store_internal.h - what the files of the store share. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_INTERNAL_H
#define FIRSTBYTE_EXPERIMENTS_STORE_INTERNAL_H

#include <sqlite3.h>

#include "store.h"

struct Store {
    char *folder;
    const Plan *plan;
    sqlite3 *db;
    sqlite3_stmt *add_run, *add_value, *add_sample, *add_clock;
    sqlite3_stmt *add_series; /* NULL: not needed yet */
    sqlite3_stmt *find_run, *find_value;
    unsigned uncommitted; /* runs */
    bool samples;
    char *version;
};

sqlite3_stmt *store_prepare(const Store *store, const char *sql,
                            GError **error);
/* Runs STATEMENT, which gives no rows, and makes it ready for the next time. */
bool store_step(const Store *store, sqlite3_stmt *statement, GError **error);

/* store_files.c */
/* The text of DIR/experiment.ini for PLAN, files named as they are copied. */
char *store_experiment_text(const Plan *plan);
/* Lets CONFIG's nodes name the copies of their files. */
void store_rename_files(Config *config);
bool store_check_folder(const char *folder, const char *digest, bool force,
                        GError **error);
bool store_write_files(const Store *store, const char *text, GError **error);
bool store_add_file_rows(const Store *store, GError **error);
bool store_write_text(const Store *store, const char *name, const char *text,
                      size_t len, GError **error);

/* store_csv.c */
bool store_write_summary(const Store *store, const PointSummary *summaries,
                         GError **error);
bool store_write_samples(const Store *store, GError **error);
/* TEXT as a CSV field (RFC 4180). */
void store_csv_field(GString *csv, const char *text);
/* A comma and VALUE; nothing behind it where there is no number. */
void store_csv_number(GString *csv, double value);
/* The targets of PLAN's axes, or the values of its point NUMBER, each with a
 * comma behind it. */
void store_csv_axes(GString *csv, const Plan *plan);
void store_csv_point(GString *csv, const Plan *plan, unsigned number);

/* store_series.c */
bool store_series_add_keys(const Store *store, GError **error);
bool store_series_add(Store *store, const RunResult *result, GError **error);
/* What differs between RESULT's series and those of STORE; NULL: nothing. */
char *store_series_difference(const Store *store, const RunResult *result);
bool store_write_series(const Store *store, GError **error);

#endif
