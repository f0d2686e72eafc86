/* store_rows.c - the rows of an SQL statement as text; see store_rows.h. */
#include "store_rows.h"

#include <stdint.h>

#include "csv.h"
#include "json_text.h"

static char *blob_hex(sqlite3_stmt *row, int column)
{
    const uint8_t *bytes = sqlite3_column_blob(row, column);
    int len = sqlite3_column_bytes(row, column);
    GString *hex = g_string_sized_new(2 * (gsize)len + 1);

    for (int i = 0; i < len; i++)
        g_string_append_printf(hex, "%02x", bytes[i]);
    return g_string_free(hex, FALSE);
}

/* The cell as text in UTF-8: SQLite takes any bytes for text. */
static char *text_of(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);

    return g_utf8_make_valid(text != NULL ? text : "",
                             text != NULL ? sqlite3_column_bytes(row, column)
                                          : 0);
}

/* --- CSV ------------------------------------------------------------------ */

static void add_csv_value(GString *line, sqlite3_stmt *row, int column)
{
    char *text = NULL;

    switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
        break;
    case SQLITE_FLOAT:
        text = json_number(sqlite3_column_double(row, column));
        break;
    case SQLITE_BLOB:
        text = blob_hex(row, column);
        break;
    default:
        text = text_of(row, column);
    }
    if (text != NULL)
        csv_add_field(line, text);
    g_free(text);
}

static int write_csv(sqlite3_stmt *rows, FILE *out)
{
    GString *line = g_string_new(NULL);
    int columns = sqlite3_column_count(rows), step;

    for (int c = 0; c < columns; c++) {
        g_string_append(line, c > 0 ? "," : "");
        csv_add_field(line, sqlite3_column_name(rows, c));
    }
    while ((step = sqlite3_step(rows)) == SQLITE_ROW) {
        fprintf(out, "%s\n", line->str);
        g_string_truncate(line, 0);
        for (int c = 0; c < columns; c++) {
            g_string_append(line, c > 0 ? "," : "");
            add_csv_value(line, rows, c);
        }
    }
    if (columns > 0 && step == SQLITE_DONE)
        fprintf(out, "%s\n", line->str);
    g_string_free(line, TRUE);
    return step;
}

/* --- JSON ----------------------------------------------------------------- */

static void add_json_value(GString *line, sqlite3_stmt *row, int column)
{
    char *text = NULL;

    switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
        g_string_append(line, "null");
        break;
    case SQLITE_INTEGER:
        g_string_append(line, (const char *)sqlite3_column_text(row, column));
        break;
    case SQLITE_FLOAT:
        text = json_number(sqlite3_column_double(row, column));
        g_string_append(line, json_is_number(text) ? text : "null");
        break;
    case SQLITE_BLOB:
        text = blob_hex(row, column);
        json_add_string(line, text);
        break;
    default:
        text = text_of(row, column);
        json_add_string(line, text);
    }
    g_free(text);
}

static int write_json(sqlite3_stmt *rows, FILE *out)
{
    GString *line = g_string_new(NULL);
    const char *before = "[\n{";
    int step;

    while ((step = sqlite3_step(rows)) == SQLITE_ROW) {
        g_string_assign(line, before);
        for (int c = 0; c < sqlite3_column_count(rows); c++) {
            g_string_append(line, c > 0 ? "," : "");
            json_add_string(line, sqlite3_column_name(rows, c));
            g_string_append_c(line, ':');
            add_json_value(line, rows, c);
        }
        fprintf(out, "%s}", line->str);
        before = ",\n{";
    }
    if (step == SQLITE_DONE)
        fputs(before[0] == '[' ? "[]\n" : "\n]\n", out);
    g_string_free(line, TRUE);
    return step;
}

/* --- text ----------------------------------------------------------------- */

static char *text_value(sqlite3_stmt *row, int column)
{
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
        return g_strdup("-");
    case SQLITE_FLOAT:
        return g_strdup_printf("%.9g", sqlite3_column_double(row, column));
    case SQLITE_BLOB:
        return g_strdup_printf("(%d bytes)", sqlite3_column_bytes(row, column));
    default:
        return text_of(row, column);
    }
}

/* All cells, row by row, the names first: how wide a column is, only its last
 * row tells. */
typedef struct Table {
    GPtrArray *cells; /* of char * */
    int columns;
    glong *widths;  /* in characters */
    bool *is_words; /* to the left; numbers to the right */
} Table;

static void add_cell(Table *table, int column, char *text /* taken */)
{
    glong width = g_utf8_strlen(text, -1);

    table->widths[column] = MAX(table->widths[column], width);
    g_ptr_array_add(table->cells, text);
}

static void print_table(const Table *table, FILE *out)
{
    for (guint i = 0; i < table->cells->len; i++) {
        const char *cell = g_ptr_array_index(table->cells, i);
        int c = (int)i % table->columns;
        bool last = c == table->columns - 1, words = table->is_words[c];
        int blanks = (int)(table->widths[c] - g_utf8_strlen(cell, -1));

        fprintf(out, "%*s%s%*s%s", words ? 0 : blanks, "", cell,
                words && !last ? blanks : 0, "", last ? "\n" : "  ");
    }
}

static int write_text(sqlite3_stmt *rows, FILE *out)
{
    int columns = sqlite3_column_count(rows), step;
    Table table = {g_ptr_array_new_with_free_func(g_free), columns,
                   g_new0(glong, columns + 1), g_new0(bool, columns + 1)};

    for (int c = 0; c < columns; c++)
        add_cell(&table, c, g_strdup(sqlite3_column_name(rows, c)));
    while ((step = sqlite3_step(rows)) == SQLITE_ROW)
        for (int c = 0; c < columns; c++) {
            table.is_words[c] |= sqlite3_column_type(rows, c) == SQLITE_TEXT;
            add_cell(&table, c, text_value(rows, c));
        }
    if (step == SQLITE_DONE)
        print_table(&table, out);
    g_ptr_array_unref(table.cells);
    g_free(table.widths);
    g_free(table.is_words);
    return step;
}

int store_rows_write(sqlite3_stmt *statement, StoreFormat format, FILE *out)
{
    switch (format) {
    case STORE_FORMAT_CSV:
        return write_csv(statement, out);
    case STORE_FORMAT_JSON:
        return write_json(statement, out);
    case STORE_FORMAT_TEXT:
        break;
    }
    return write_text(statement, out);
}
