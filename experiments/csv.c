/* csv.c - see csv.h. */
#include "csv.h"

#include <string.h>

void csv_add_field(GString *csv, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        g_string_append(csv, text);
        return;
    }
    g_string_append_c(csv, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(csv, '"');
        g_string_append_c(csv, *text);
    }
    g_string_append_c(csv, '"');
}

/* Reads one field; what ended it: ',', '\n' or EOF. */
static int read_field(FILE *in, GString *field)
{
    bool quoted = false;
    int c;

    g_string_truncate(field, 0);
    while ((c = getc(in)) != EOF) {
        if (quoted && c == '"') {
            c = getc(in);
            if (c != '"') { /* one alone ends what is quoted */
                quoted = false;
                ungetc(c, in);
                continue;
            }
        } else if (!quoted && c == '"') {
            quoted = true;
            continue;
        } else if (!quoted && (c == ',' || c == '\n')) {
            break;
        }
        g_string_append_c(field, (char)c);
    }
    return c;
}

bool csv_read(FILE *in, GPtrArray *fields)
{
    GString *field = g_string_new(NULL);
    int end;

    g_ptr_array_set_size(fields, 0);
    do {
        end = read_field(in, field);
        if (end != EOF || field->len > 0 || fields->len > 0)
            g_ptr_array_add(fields, g_strdup(field->str));
    } while (end == ',');
    g_string_free(field, TRUE);
    return fields->len > 0;
}
