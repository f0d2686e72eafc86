/* json_text.h - values as JSON text, RFC 8259. */
#ifndef FIRSTBYTE_EXPERIMENTS_JSON_TEXT_H
#define FIRSTBYTE_EXPERIMENTS_JSON_TEXT_H

#include <glib.h>
#include <stdbool.h>

/* Appends TEXT, which is UTF-8, as a string. */
void json_add_string(GString *json, const char *text);
/* VALUE in as few digits as read back to it; the caller g_free()s. */
char *json_number(double value);
/* TEXT may stand as a number as it is. */
bool json_is_number(const char *text);

#endif
