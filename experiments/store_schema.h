/* store_schema.h - the tables of results.sqlite, declared once: the database,
 * `firstbyte describe results` and docs/results.md come from here.
 *
 * Every table is WITHOUT ROWID, in the order of its primary key: the same rows
 * give the same table, in whatever order they were written. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_SCHEMA_H
#define FIRSTBYTE_EXPERIMENTS_STORE_SCHEMA_H

#include "plan.h"

/* PRAGMA user_version and application_id ("fbyt"). */
enum { STORE_SCHEMA = 2, STORE_APPLICATION = 0x66627974 };

typedef struct StoreColumn {
    const char *name, *type; /* SQLite's: INTEGER, REAL, TEXT, BLOB */
    const char *sentence;
} StoreColumn;

typedef struct StoreTable {
    const char *name, *sentence;
    const char *key;            /* the columns of its primary key */
    const StoreColumn *columns; /* ends with name NULL */
    bool of_this_time; /* differs from one time to the next; no other does */
} StoreTable;
extern const StoreTable store_tables[]; /* ends with name NULL */

/* The statements that make an empty database for PLAN: tables, indexes, and the
 * view `results`, which has a column for each axis.  The caller g_free()s. */
char *store_schema_sql(const Plan *plan);
/* The index that queries by metric want; made when the runs are over, which is
 * less work than keeping it while they come. */
extern const char store_index_sql[];
/* "INSERT INTO TABLE VALUES(?, ...)"; the caller g_free()s. */
char *store_insert_sql(const char *table);

#endif
