/* store_query.c - see store_query.h. */
#include "store_query.h"

#include <string.h>

#include "store_functions.h"
#include "store_internal.h"
#include "store_rows.h"

/* A blank, or a comment, or nothing: no second statement. */
static bool is_blank(const char *sql)
{
    while (g_ascii_isspace(*sql) || *sql == ';')
        sql++;
    return *sql == '\0' || strncmp(sql, "--", 2) == 0;
}

static bool sql_fail(GError **error, const char *message, const char *right)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "SQL: %s; %s", message,
                right);
    return false;
}

static bool run_statement(const Store *store, const char *sql,
                          StoreFormat format, FILE *out, GError **error)
{
    static const char look[] = "docs/results.md has the tables, and so has "
                               "`firstbyte describe results`";
    sqlite3_stmt *statement = NULL;
    const char *rest = "";
    bool good = false;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, &rest) != SQLITE_OK)
        sql_fail(error, sqlite3_errmsg(store->db), look);
    else if (statement == NULL)
        sql_fail(error, "there is no statement", look);
    else if (!is_blank(rest))
        sql_fail(error, "this is more than one statement",
                 "one at a time would be right");
    else if (!sqlite3_stmt_readonly(statement))
        sql_fail(error, "this would write",
                 "a results folder is only read: SELECT would be right");
    else if (store_rows_write(statement, format, out) != SQLITE_DONE)
        sql_fail(error, sqlite3_errmsg(store->db), look);
    else
        good = true;
    sqlite3_finalize(statement);
    return good;
}

bool store_query(const char *folder, const char *sql, StoreFormat format,
                 FILE *out, GError **error)
{
    Store *store = store_open_to_read(folder, error);
    bool good = store != NULL && store_add_functions(store->db) &&
                run_statement(store, sql, format, out, error);

    if (store != NULL)
        store_free(store);
    return good;
}
