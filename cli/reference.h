/* reference.h - docs/reference: a page of Markdown for each room, from the
 * tables that the program itself goes by. */
#ifndef FIRSTBYTE_CLI_REFERENCE_H
#define FIRSTBYTE_CLI_REFERENCE_H

#include <glib.h>
#include <stdbool.h>

/* Appends the page NAME ("README", "experiment", "topology", "metrics",
 * "records", "command"); false when there is none. */
bool reference_page(const char *name, GString *out);

#endif
