/* arrival_trace.c - reads a file of arrivals, line by line; see
 * arrival_trace.h. */
#include "arrival_trace.h"

#include <string.h>

#include "models/app/url.h"
#include "sim/config.h"

typedef struct Reading {
    const char *file;
    int line; /* from 1 */
    ArrivalColumn column;
    GArray *lines; /* of Arrival */
} Reading;

static bool fail(const Reading *reading, const char *what, GError **error)
{
    return config_fail(error, CONFIG_ERROR_VALUE,
                       (ConfigOrigin){reading->file, reading->line}, NULL, NULL,
                       "%s", what);
}

/* The length of the time at the beginning of TEXT: a number and its unit, with
 * blanks between them or without. */
static size_t time_len(const char *text)
{
    size_t word = strcspn(text, " \t");
    size_t gap = strspn(text + word, " \t");

    if (word > 0 && g_ascii_isalpha(text[word - 1]))
        return word;
    return text[word + gap] == '\0'
               ? word
               : word + gap + strcspn(text + word + gap, " \t");
}

static bool read_time(const Reading *reading, const char *text,
                      Arrival *arrival, GError **error)
{
    char *why = NULL;
    int64_t at;
    bool good = quantity_int(QUANTITY_TIME, text, &at, &why);

    if (!good)
        fail(reading, why, error);
    else if (at < 0)
        good = fail(reading, "before 0 s; a later time would be right", error);
    else if (at > 1000000 * SIM_S)
        good = fail(reading, "after 1000000 s; an earlier time would be right",
                    error);
    else if (reading->lines->len > 0 &&
             at <
                 g_array_index(reading->lines, Arrival, reading->lines->len - 1)
                     .at)
        good = fail(reading,
                    "earlier than the line before; lines in the order of "
                    "time would be right",
                    error);
    g_free(why);
    if (good)
        arrival->at = at;
    return good;
}

static bool read_bytes(const Reading *reading, const char *text,
                       Arrival *arrival, GError **error)
{
    char *why = NULL;
    int64_t bytes;
    bool good = quantity_int(QUANTITY_BYTES, text, &bytes, &why);

    if (!good)
        fail(reading, why, error);
    else if (bytes < 1)
        good =
            fail(reading, "nothing to send; 1 B or more would be right", error);
    g_free(why);
    if (good)
        arrival->bytes = (uint64_t)bytes;
    return good;
}

static bool read_url(const Reading *reading, const char *text, Arrival *arrival,
                     GError **error)
{
    const char *why;
    char *message;
    Url url;

    if (url_parse(&url, text, &why)) {
        url_clear(&url);
        arrival->url = g_intern_string(text);
        return true;
    }
    message = g_strdup_printf("\"%s\" is no URL to open: %s; such as "
                              "http://www.example.com/ would be right",
                              text, why);
    fail(reading, message, error);
    g_free(message);
    return false;
}

/* What stands behind the time. */
static bool read_rest(const Reading *reading, const char *text,
                      Arrival *arrival, GError **error)
{
    if (text[0] == '\0')
        return true;
    switch (reading->column) {
    case ARRIVAL_ALONE:
        break;
    case ARRIVAL_BYTES:
        return read_bytes(reading, text, arrival, error);
    case ARRIVAL_URL:
        return read_url(reading, text, arrival, error);
    }
    return fail(reading,
                "more than a time; a time with its unit alone would be right, "
                "or a workload of kind send, fetch or page",
                error);
}

/* Takes a comment from TEXT; what begins a fragment of a URL begins none. */
static void cut_comment(char *text)
{
    for (char *at = text; (at = strchr(at, '#')) != NULL; at++) {
        if (at == text || g_ascii_isspace(at[-1])) {
            *at = '\0';
            return;
        }
    }
}

/* TEXT is changed. */
static bool read_line(Reading *reading, char *text, GError **error)
{
    Arrival arrival = {0};
    char *time;
    size_t len;
    bool good;

    cut_comment(text);
    g_strstrip(text);
    if (text[0] == '\0')
        return true;
    len = time_len(text);
    time = g_strndup(text, len);
    good = read_time(reading, time, &arrival, error) &&
           read_rest(reading, g_strchug(text + len), &arrival, error);
    g_free(time);
    if (good)
        g_array_append_val(reading->lines, arrival);
    return good;
}

static bool read_lines(Reading *reading, const char *text, size_t len,
                       GError **error)
{
    char *copy, **lines;
    bool good = true;

    if (!g_utf8_validate(text, (gssize)len, NULL))
        return fail(reading,
                    "not UTF-8 text; a line for each arrival, such "
                    "as 12.5 ms, would be right",
                    error);
    copy = g_strndup(text, len);
    lines = g_strsplit(copy, "\n", -1);
    for (unsigned i = 0; good && lines[i] != NULL; i++) {
        reading->line = (int)i + 1;
        good = read_line(reading, lines[i], error);
    }
    g_strfreev(lines);
    g_free(copy);
    reading->line = 0;
    if (good && reading->lines->len == 0)
        good = fail(reading,
                    "nothing arrives; a line for each arrival, such "
                    "as 12.5 ms, would be right",
                    error);
    return good;
}

ArrivalTrace *arrival_trace_read(const char *text, size_t len, const char *file,
                                 ArrivalColumn column, GError **error)
{
    Reading reading = {g_intern_string(file), 0, column,
                       g_array_new(FALSE, FALSE, sizeof(Arrival))};
    ArrivalTrace *trace = NULL;

    if (read_lines(&reading, text, len, error)) {
        trace = g_new(ArrivalTrace, 1);
        trace->count = reading.lines->len;
        trace->lines = (Arrival *)(void *)g_array_free(reading.lines, FALSE);
    } else {
        g_array_free(reading.lines, TRUE);
    }
    return trace;
}

void arrival_trace_free(ArrivalTrace *trace)
{
    if (trace == NULL)
        return;
    g_free(trace->lines);
    g_free(trace);
}
