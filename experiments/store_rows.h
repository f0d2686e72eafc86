/* store_rows.h - the rows of an SQL statement as text. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_ROWS_H
#define FIRSTBYTE_EXPERIMENTS_STORE_ROWS_H

#include <sqlite3.h>

#include "store_query.h"

/* Writes the rows of STATEMENT to OUT.  Numbers are exact in CSV and JSON, a
 * blob is hexadecimal there.  What sqlite3_step() gave at last: SQLITE_DONE
 * when all is well. */
int store_rows_write(sqlite3_stmt *statement, StoreFormat format, FILE *out);

#endif
