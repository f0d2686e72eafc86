/* describe.h - a vocabulary's table as text for a terminal, as roff for the
 * manual page, or as Markdown for docs/reference.
 *
 * Promises: pure functions from tables to text; the same table gives the same
 * text, in every locale.  Whoever has a vocabulary of another kind (records,
 * drop reasons) adds its rows with description_add(). */
#ifndef FIRSTBYTE_SIM_DESCRIBE_H
#define FIRSTBYTE_SIM_DESCRIBE_H

#include "config.h"
#include "metric.h"

enum { DESCRIPTION_COLUMNS = 8 };

typedef struct DescriptionRow {
    char *cells[DESCRIPTION_COLUMNS]; /* the first is the name */
    char *sentence, *source;          /* may be "" */
} DescriptionRow;

typedef struct Description {
    char *heads[DESCRIPTION_COLUMNS]; /* "key", "default", "values" */
    unsigned columns;
    GPtrArray *rows; /* of DescriptionRow *, in the order of the table */
} Description;

/* A table without rows.  HEADS: at most DESCRIPTION_COLUMNS, NULL-ended. */
Description *description_new(const char *const *heads);
void description_free(Description *description);
/* CELLS: one for each head; they, SENTENCE and SOURCE are copied. */
void description_add(Description *description, const char *const *cells,
                     const char *sentence, const char *source);

/* Name, default, values and sentence of each of KEYS.  PROFILES: the names of
 * the columns of defaults (.def, .alternatives[0]...), NULL-ended; NULL: one.
 */
Description *description_of_keys(const ConfigKey *keys,
                                 const char *const *profiles);
/* Name, unit and sentence of each of METRICS, which end with name NULL. */
Description *description_of_metrics(const MetricKey *metrics);
/* Every unit of quantity_units[]. */
Description *description_of_units(void);

/* The rows that are called NAME alone stay (NULL: all do); false when none is.
 */
bool description_narrow(Description *description, const char *name);
/* Appends the table as lines of at most WIDTH columns where its cells allow it:
 * a line of cells for each row, its sentence and source indented under it. */
void description_text(const Description *description, unsigned width,
                      GString *out);
/* Appends a table in GitHub's Markdown, the sentence in its last column. */
void description_markdown(const Description *description, GString *out);
/* Appends a tagged paragraph (.TP) for each row. */
void description_roff(const Description *description, GString *out);

#endif
