/* store_schema.h - the tables of results.sqlite, declared once: the database,
 * `firstbyte describe results` and docs/results.md come from here.
 *
 * A table is in the order of its primary key: the same rows give the same
 * table, in whatever order they were written.  What every run writes is one
 * row, with columns for each metric (an insertion costs more than its columns),
 * in a table whose key is SQLite's own, a number that grows with point and
 * replication: rows are then appended, and pages become full.  The long form, a
 * row for each metric of each run, is a view. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_SCHEMA_H
#define FIRSTBYTE_EXPERIMENTS_STORE_SCHEMA_H

#include "plan.h"

/* PRAGMA user_version and application_id ("fbyt"). */
enum { STORE_SCHEMA = 3, STORE_APPLICATION = 0x66627974 };

typedef struct StoreColumn {
    const char *name, *type; /* SQLite's: INTEGER, REAL, TEXT, BLOB */
    const char *sentence;
} StoreColumn;

typedef enum StoreForm {
    STORE_FORM_PLAIN,  /* WITHOUT ROWID */
    STORE_FORM_BY_RUN, /* its key is the rowid: store_run_key() */
    STORE_FORM_VIEW,
} StoreForm;

typedef struct StoreTable {
    const char *name, *sentence;
    const char *key;            /* the columns of its primary key */
    const StoreColumn *columns; /* ends with name NULL */
    StoreForm form;
    bool of_this_time; /* differs from one time to the next; no other does */
    /* What follows `columns` for each metric, in the order of their numbers; to
     * be put behind its name; each ends with name NULL.  Or NULL. */
    const StoreColumn *of_total, *of_other;
} StoreTable;
extern const StoreTable store_tables[]; /* ends with name NULL */

/* What identifies a run, and finds it in SQL by its parameters 1 and 2. */
static inline int64_t store_run_key(unsigned point, uint32_t replication)
{
    return (int64_t)point << 32 | replication;
}
#define STORE_BY_RUN_KEY "run = (?1 << 32) + ?2"

/* The statements that make an empty database for PLAN: tables, indexes, and the
 * view `results`, which has a column for each axis.  The caller g_free()s. */
char *store_schema_sql(const Plan *plan);
/* The index that queries by point want; made when the runs are over, which is
 * less work than keeping it while they come. */
extern const char store_index_sql[];
/* "INSERT INTO TABLE VALUES(?, ...)"; the caller g_free()s. */
char *store_insert_sql(const Plan *plan, const char *table);

#endif
