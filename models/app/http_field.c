/* http_field.c - what the fields of a message mean; see http_message.h. */
#include "http_message.h"

#include <string.h>

const char *http_field(const HttpMessage *message, const char *name)
{
    for (unsigned i = 0; i < message->field_count; i++)
        if (g_ascii_strcasecmp(message->fields[i].name, name) == 0)
            return message->fields[i].value;
    return NULL;
}

/* The next element of the comma-separated list at *LIST, blanks stripped: its
 * length; *ELEMENT where it begins; -1 at the end.  Commas in quotes stand. */
static int next_element(const char **list, const char **element)
{
    const char *p = *list, *end;
    bool quoted = false;

    while (*p == ' ' || *p == '\t' || *p == ',')
        p++;
    if (*p == '\0')
        return -1;
    *element = p;
    for (; *p != '\0' && (quoted || *p != ','); p++)
        if (*p == '"')
            quoted = !quoted;
    *list = p;
    for (end = p; end > *element && (end[-1] == ' ' || end[-1] == '\t');)
        end--;
    return (int)(end - *element);
}

bool http_field_has(const HttpMessage *message, const char *name,
                    const char *token)
{
    int want = (int)strlen(token);

    for (unsigned i = 0; i < message->field_count; i++) {
        const char *list = message->fields[i].value, *element;
        int len;

        if (g_ascii_strcasecmp(message->fields[i].name, name) != 0)
            continue;
        while ((len = next_element(&list, &element)) >= 0)
            if (len == want &&
                g_ascii_strncasecmp(element, token, (gsize)len) == 0)
                return true;
    }
    return false;
}

bool http_keeps_alive(const HttpMessage *message)
{
    if (http_field_has(message, "Connection", "close"))
        return false;
    return message->minor >= 1 ||
           http_field_has(message, "Connection", "keep-alive");
}

SimTime http_max_age(const HttpMessage *message)
{
    static const char directive[] = "max-age=";
    const char *list = http_field(message, "Cache-Control"), *element;
    SimTime age = 0;
    int len;

    if (list == NULL || http_field_has(message, "Cache-Control", "no-cache") ||
        http_field_has(message, "Cache-Control", "no-store"))
        return 0;
    while ((len = next_element(&list, &element)) >= 0) {
        int64_t seconds = 0;

        if (len < (int)sizeof directive ||
            g_ascii_strncasecmp(element, directive, sizeof directive - 1) != 0)
            continue;
        for (int i = sizeof directive - 1; i < len; i++) {
            if (!g_ascii_isdigit(element[i]))
                return 0;
            /* RFC 9111 s1.2.2: a recipient that cannot count so far takes
             * 2^31. */
            seconds = MIN(seconds * 10 + (element[i] - '0'), (int64_t)1 << 31);
        }
        age = seconds * SIM_S;
    }
    return age;
}

bool http_etag_matches(const char *list, const char *etag)
{
    const char *element;
    int len;

    if (g_str_has_prefix(etag, "W/"))
        etag += 2;
    while ((len = next_element(&list, &element)) >= 0) {
        if (len == 1 && *element == '*')
            return true;
        if (len > 2 && strncmp(element, "W/", 2) == 0) {
            element += 2;
            len -= 2;
        }
        if ((size_t)len == strlen(etag) &&
            strncmp(element, etag, (size_t)len) == 0)
            return true;
    }
    return false;
}

const char *http_date(int64_t seconds, char text[HTTP_DATE_MAX])
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu",
                                       "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};
    GDateTime *date = g_date_time_new_from_unix_utc(HTTP_RUN_BEGINS + seconds);

    g_assert(date != NULL);
    g_snprintf(text, HTTP_DATE_MAX, "%s, %02d %s %04d %02d:%02d:%02d GMT",
               days[g_date_time_get_day_of_week(date) - 1],
               g_date_time_get_day_of_month(date),
               months[g_date_time_get_month(date) - 1],
               g_date_time_get_year(date), g_date_time_get_hour(date),
               g_date_time_get_minute(date), g_date_time_get_second(date));
    g_date_time_unref(date);
    return text;
}

const char *http_reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 304:
        return "Not Modified";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Bad Request";
    }
}
