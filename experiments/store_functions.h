/* store_functions.h - SQL functions of histograms; store_query.h lists them. */
#ifndef FIRSTBYTE_EXPERIMENTS_STORE_FUNCTIONS_H
#define FIRSTBYTE_EXPERIMENTS_STORE_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>

/* Makes them known to DB. */
bool store_add_functions(sqlite3 *db);

#endif
