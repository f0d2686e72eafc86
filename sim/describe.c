/* describe.c - tables to text and roff. */
#include "describe.h"

#include <string.h>

/* --- tables --------------------------------------------------------------- */

static void row_free(DescriptionRow *row)
{
    for (unsigned i = 0; i < DESCRIPTION_COLUMNS; i++)
        g_free(row->cells[i]);
    g_free(row->sentence);
    g_free(row->source);
    g_free(row);
}

Description *description_new(const char *const *heads)
{
    Description *description = g_new0(Description, 1);

    for (; heads[description->columns] != NULL; description->columns++) {
        g_assert(description->columns < DESCRIPTION_COLUMNS);
        description->heads[description->columns] =
            g_strdup(heads[description->columns]);
    }
    description->rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
    return description;
}

void description_free(Description *description)
{
    for (unsigned i = 0; i < description->columns; i++)
        g_free(description->heads[i]);
    g_ptr_array_unref(description->rows);
    g_free(description);
}

void description_add(Description *description, const char *const *cells,
                     const char *sentence, const char *source)
{
    DescriptionRow *row = g_new0(DescriptionRow, 1);

    for (unsigned i = 0; i < description->columns; i++)
        row->cells[i] = g_strdup(cells[i]);
    row->sentence = g_strdup(sentence != NULL ? sentence : "");
    row->source = g_strdup(source != NULL ? source : "");
    g_ptr_array_add(description->rows, row);
}

bool description_narrow(Description *description, const char *name)
{
    for (guint i = description->rows->len; name != NULL && i > 0; i--) {
        const DescriptionRow *row = g_ptr_array_index(description->rows, i - 1);

        if (strcmp(row->cells[0], name) != 0)
            g_ptr_array_remove_index(description->rows, i - 1);
    }
    return description->rows->len > 0;
}

/* --- vocabularies --------------------------------------------------------- */

/* "time, 1 ms to 1 min, or never": what may stand as KEY's value. g_free() it.
 */
static char *values_text(const ConfigKey *key)
{
    QuantityKind kind = config_quantity(key);
    const char *word = config_zero_word(key);
    GString *text;
    char **words, *range;

    switch (key->type) {
    case CONFIG_BOOL:
        return g_strdup("yes, no");
    case CONFIG_CHOICE:
        words = g_strsplit(key->choices, "|", -1);
        range = g_strjoinv(", ", words);
        g_strfreev(words);
        return range;
    case CONFIG_TEXT:
        return g_strdup("text");
    case CONFIG_CUSTOM:
        return g_strdup("as said below");
    default:
        break;
    }
    text = g_string_new(quantity_kind_name(kind));
    range = config_range_text(key);
    if (range != NULL)
        g_string_append_printf(text, ", %s", range);
    if (word != NULL)
        g_string_append_printf(text, ", or %s", word);
    g_free(range);
    return g_string_free(text, FALSE);
}

static const char *default_text(const ConfigKey *key, unsigned column)
{
    const char *text = column > 0 && key->alternatives[column - 1] != NULL
                           ? key->alternatives[column - 1]
                           : key->def;

    return text == NULL ? "required" : *text == '\0' ? "-" : text;
}

Description *description_of_keys(const ConfigKey *keys,
                                 const char *const *profiles)
{
    static const char *const alone[] = {"default", NULL};
    const char *cells[DESCRIPTION_COLUMNS + 1] = {"key"};
    Description *description;
    unsigned columns = 0;

    if (profiles == NULL)
        profiles = alone;
    for (; profiles[columns] != NULL; columns++) {
        g_assert(columns <= G_N_ELEMENTS(keys->alternatives));
        cells[1 + columns] = profiles[columns];
    }
    cells[1 + columns] = "values";
    description = description_new(cells);
    for (; keys->key != NULL; keys++) {
        char *values = values_text(keys);

        cells[0] = keys->key;
        for (unsigned i = 0; i < columns; i++)
            cells[1 + i] = default_text(keys, i);
        cells[1 + columns] = values;
        description_add(description, cells, keys->sentence, keys->source);
        g_free(values);
    }
    return description;
}

Description *description_of_metrics(const MetricKey *metrics)
{
    static const char *const heads[] = {"metric", "unit", NULL};
    Description *description = description_new(heads);

    for (; metrics->name != NULL; metrics++) {
        const char *cells[] = {metrics->name,
                               quantity_kind_name(metrics->unit)};

        description_add(description, cells, metrics->sentence, metrics->source);
    }
    return description;
}

Description *description_of_units(void)
{
    static const char *const heads[] = {"unit", "of", "is", NULL};
    Description *description = description_new(heads);
    const QuantityUnit *base = quantity_units;

    for (const QuantityUnit *u = quantity_units; u->name != NULL; u++) {
        char number[G_ASCII_DTOSTR_BUF_SIZE], *is;
        const char *cells[3] = {u->name, quantity_kind_name(u->kind)};

        if (u->kind != base->kind) /* the first of each kind is its base */
            base = u;
        g_ascii_formatd(number, sizeof number, "%.10g", u->factor);
        is = u != base ? g_strdup_printf("%s %s", number, base->name)
             : u->kind == QUANTITY_FRACTION ? g_strdup(number)
             : u->kind == QUANTITY_SHARE
                 ? g_strdup_printf("%s parts per 10^9", number)
                 : g_strdup("1");
        cells[2] = is;
        description_add(description, cells, NULL, NULL);
        g_free(is);
    }
    return description;
}

/* --- text ----------------------------------------------------------------- */

static unsigned columns_of(const char *text)
{
    return (unsigned)g_utf8_strlen(text, -1);
}

static void append_cells(GString *out, char *const *cells,
                         const unsigned *widths, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++) {
        g_string_append(out, cells[i]);
        for (unsigned at = columns_of(cells[i]); at < widths[i] + 2; at++)
            if (i + 1 < columns)
                g_string_append_c(out, ' ');
    }
    g_string_append_c(out, '\n');
}

/* TEXT in lines of at most WIDTH columns, indented by 4. */
static void append_wrapped(GString *out, const char *text, unsigned width)
{
    char **words = g_strsplit(text, " ", -1);
    unsigned at = 0;

    for (char **word = words; *word != NULL; word++) {
        unsigned len = columns_of(*word);

        if (len == 0)
            continue;
        if (at > 0 && at + 1 + len > width) {
            g_string_append_c(out, '\n');
            at = 0;
        }
        g_string_append_printf(out, "%s%s", at == 0 ? "    " : " ", *word);
        at += at == 0 ? 4 + len : 1 + len;
    }
    if (at > 0)
        g_string_append_c(out, '\n');
    g_strfreev(words);
}

/* "First RTO. (RFC 6298 s2.1)" */
static char *sentence_and_source(const DescriptionRow *row)
{
    return *row->source == '\0'
               ? g_strdup(row->sentence)
               : g_strdup_printf("%s (%s)", row->sentence, row->source);
}

void description_text(const Description *description, unsigned width,
                      GString *out)
{
    unsigned widths[DESCRIPTION_COLUMNS];

    for (unsigned i = 0; i < description->columns; i++) {
        widths[i] = columns_of(description->heads[i]);
        for (guint j = 0; j < description->rows->len; j++) {
            DescriptionRow *row = g_ptr_array_index(description->rows, j);

            widths[i] = MAX(widths[i], columns_of(row->cells[i]));
        }
    }
    append_cells(out, description->heads, widths, description->columns);
    for (guint j = 0; j < description->rows->len; j++) {
        DescriptionRow *row = g_ptr_array_index(description->rows, j);
        char *below = sentence_and_source(row);

        append_cells(out, row->cells, widths, description->columns);
        append_wrapped(out, below, width);
        g_free(below);
    }
}

/* --- roff ----------------------------------------------------------------- */

/* TEXT with what roff would take for a command made harmless. */
static void append_roff(GString *out, const char *text)
{
    for (; *text != '\0'; text++) {
        bool at_start = out->len == 0 || out->str[out->len - 1] == '\n';

        if (at_start && (*text == '.' || *text == '\''))
            g_string_append(out, "\\&");
        if (*text == '\\')
            g_string_append(out, "\\e");
        else if (*text == '-')
            g_string_append(out, "\\-");
        else
            g_string_append_c(out, *text);
    }
}

static void append_row_roff(const Description *description,
                            const DescriptionRow *row, GString *out)
{
    char *below = sentence_and_source(row);

    g_string_append(out, ".TP\n\\fB");
    append_roff(out, row->cells[0]);
    g_string_append(out, "\\fR");
    for (unsigned i = 1; i < description->columns; i++) {
        g_string_append_printf(out, "%s%s: ", i == 1 ? " (" : "; ",
                               description->heads[i]);
        append_roff(out, row->cells[i]);
    }
    g_string_append(out, description->columns > 1 ? ")\n" : "\n");
    if (*below != '\0') {
        append_roff(out, below);
        g_string_append_c(out, '\n');
    }
    g_free(below);
}

void description_roff(const Description *description, GString *out)
{
    for (guint i = 0; i < description->rows->len; i++)
        append_row_roff(description, g_ptr_array_index(description->rows, i),
                        out);
}

/* --- Markdown ------------------------------------------------------------- */

/* TEXT as a cell of a table: what Markdown or HTML would take for itself is
 * made harmless. */
static void append_markdown(GString *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("|*<\\", *text) != NULL)
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
}

void description_markdown(const Description *description, GString *out)
{
    for (unsigned i = 0; i < description->columns; i++)
        g_string_append_printf(out, "| %s ", description->heads[i]);
    g_string_append(out, "| |\n");
    for (unsigned i = 0; i <= description->columns; i++)
        g_string_append(out, "| --- ");
    g_string_append(out, "|\n");
    for (guint j = 0; j < description->rows->len; j++) {
        const DescriptionRow *row = g_ptr_array_index(description->rows, j);
        char *below = sentence_and_source(row);

        for (unsigned i = 0; i < description->columns; i++) {
            g_string_append(out, i == 0 ? "| `" : "| ");
            append_markdown(out, row->cells[i]);
            g_string_append(out, i == 0 ? "` " : " ");
        }
        g_string_append(out, "| ");
        append_markdown(out, below);
        g_string_append(out, " |\n");
        g_free(below);
    }
}
