/* csv.h - fields of comma-separated values, RFC 4180. */
#ifndef FIRSTBYTE_EXPERIMENTS_CSV_H
#define FIRSTBYTE_EXPERIMENTS_CSV_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* Appends TEXT as one field, in quotes where it needs them. */
void csv_add_field(GString *csv, const char *text);
/* Reads the next record of IN into FIELDS, an array of char * with g_free(),
 * which is emptied first; false at the end. */
bool csv_read(FILE *in, GPtrArray *fields);

#endif
