/* json_text.c - see json_text.h. */
#include "json_text.h"

#include <math.h>
#include <string.h>

#include <json-glib/json-glib.h>

void json_add_string(GString *json, const char *text)
{
    JsonNode *node = json_node_init_string(json_node_alloc(), text);
    char *quoted = json_to_string(node, FALSE);

    g_string_append(json, quoted);
    g_free(quoted);
    json_node_unref(node);
}

char *json_number(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    for (int digits = 15; digits <= 17; digits++) {
        char format[8];

        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, value);
        if (g_ascii_strtod(text, NULL) == value)
            break;
    }
    return g_strdup(text);
}

bool json_is_number(const char *text)
{
    const char *digits = text + (text[0] == '-');
    char *end;

    /* Neither "inf" nor "0x10" nor "007". */
    if (!g_ascii_isdigit(digits[0]) ||
        strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    return (digits[0] != '0' || !g_ascii_isdigit(digits[1])) &&
           isfinite(g_ascii_strtod(text, &end)) && *end == '\0';
}
