/* range.c - lists and ranges of values.
 *
 * Points are computed in doubles: whole numbers are exact up to 2^53, which
 * ends beyond are refused for; others are rounded to 12 digits, so that 3 steps
 * of 10 % are 30 %; points at equal ratios to 4, where no libm differs. */
#include "range.h"

#include <math.h>
#include <string.h>

/* A range, its ends and step in base units. */
typedef struct Range {
    QuantityKind kind;
    double from, to;
    double step;     /* > 0; 0 where the points are at equal ratios */
    unsigned points; /* both ends included */
} Range;

/* The texts made so far. */
typedef struct Values {
    const ConfigKey *key;
    GPtrArray *texts;
    GHashTable *seen; /* the same texts; NULL: they may repeat */
    char **why;
} Values;

G_GNUC_PRINTF(2, 3)
static bool refuse(char **why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *why = g_strdup_vprintf(format, args);
    va_end(args);
    return false;
}

/* --- one value ------------------------------------------------------------ */

char *range_value(const ConfigKey *key, const char *text, char **why)
{
    union {
        SimTime time;
        uint64_t whole;
        uint32_t count;
        double real;
        bool flag;
        int choice;
    } field;
    ConfigKey alone = *key;

    if (key->type == CONFIG_TEXT || key->type == CONFIG_CUSTOM)
        return g_strdup(text);
    alone.offset = 0;
    return config_parse(&alone, text, &field, why)
               ? config_format(&alone, &field)
               : NULL;
}

static bool add_value(Values *values, const char *text)
{
    char *value = range_value(values->key, text, values->why);

    if (value == NULL)
        return false;
    g_ptr_array_add(values->texts, value);
    if (values->seen != NULL && !g_hash_table_add(values->seen, value))
        return refuse(values->why, "%s stands there twice; write it once",
                      text);
    if (values->texts->len > RANGE_MAX)
        return refuse(values->why, "more than %d values; write fewer",
                      RANGE_MAX);
    return true;
}

/* --- ranges --------------------------------------------------------------- */

static bool is_whole(QuantityKind kind) { return kind <= QUANTITY_COUNT; }

/* VALUE to DIGITS significant digits. */
static double round_to(double value, int digits)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];

    g_snprintf(format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd(text, sizeof text, format, value);
    return g_ascii_strtod(text, NULL);
}

static char *format_point(QuantityKind kind, double value)
{
    return is_whole(kind) ? quantity_format_int(kind, (int64_t)llround(value))
                          : quantity_format_real(kind, value);
}

static double point_of(const Range *range, unsigned i)
{
    double value;

    if (i == 0)
        return range->from;
    if (i == range->points - 1)
        return range->to;
    if (range->step > 0) {
        value = range->from +
                (range->to > range->from ? 1 : -1) * (double)i * range->step;
        return is_whole(range->kind) ? value : round_to(value, 12);
    }
    value = range->from *
            pow(range->to / range->from, (double)i / (range->points - 1));
    return round_to(value, 4);
}

static bool read_end(QuantityKind kind, const char *text, double *value,
                     char **why)
{
    int64_t whole;

    if (!is_whole(kind))
        return quantity_real(kind, text, value, why);
    if (!quantity_int(kind, text, &whole, why))
        return false;
    if (whole > (int64_t)1 << 53 || whole < -((int64_t)1 << 53))
        return refuse(why, "\"%s\" is too large for a range; write a list",
                      text);
    *value = (double)whole;
    return true;
}

/* Reads "S" of "A .. B step S". */
static bool read_step(Range *range, const char *text, char **why)
{
    double distance = fabs(range->to - range->from), steps;
    char *last;

    if (!read_end(range->kind, text, &range->step, why))
        return false;
    if (range->step <= 0)
        return refuse(why, "a step of %s leads nowhere; write one above zero",
                      text);
    steps = distance / range->step;
    if (steps >= RANGE_MAX)
        return refuse(why, "more than %d values; write a larger step",
                      RANGE_MAX);
    range->points = (unsigned)llround(steps) + 1;
    if (is_whole(range->kind) ? fmod(distance, range->step) == 0
                              : fabs(steps - round(steps)) < 1e-9)
        return true;
    range->points = (unsigned)steps + 2; /* the one behind the last we reach */
    last = format_point(range->kind, point_of(range, (unsigned)steps));
    refuse(why,
           "steps of %s lead to %s and beyond the end; write a step that "
           "leads to the end",
           text, last);
    g_free(last);
    return false;
}

/* Reads "N" of "A .. B log N" or "lin N", which HOW says. */
static bool read_points(Range *range, const char *how, const char *text,
                        char **why)
{
    int64_t points;

    if (!quantity_int(QUANTITY_COUNT, text, &points, why))
        return false;
    if (points < 2 || points > RANGE_MAX)
        return refuse(why, "\"%s %s\"; write how many points, 2 to %d", how,
                      text, RANGE_MAX);
    range->points = (unsigned)points;
    return true;
}

static bool read_log(Range *range, const char *text, char **why)
{
    if (range->from <= 0 || range->to <= 0)
        return refuse(why,
                      "\"log\" from or to zero has no end; write ends above "
                      "zero");
    return read_points(range, "log", text, why);
}

/* Whole numbers must come out even. */
static bool read_lin(Range *range, const char *text, char **why)
{
    double distance = fabs(range->to - range->from);

    if (!read_points(range, "lin", text, why))
        return false;
    range->step = distance / (range->points - 1);
    if (!is_whole(range->kind) || fmod(distance, range->points - 1) == 0)
        return true;
    return refuse(why,
                  "\"lin %s\" has points between whole numbers; write another "
                  "number of points, or step",
                  text);
}

/* Reads FROM and "TO step S", "TO log N" or "TO lin N", which is changed. */
static bool read_range(Range *range, const char *from, char *to, char **why)
{
    static const struct {
        const char *word;
        bool (*read)(Range *range, const char *text, char **why);
    } ways[] = {
        {" step ", read_step}, {" log ", read_log}, {" lin ", read_lin}};
    unsigned way = 0;
    char *how = NULL;

    while (way < G_N_ELEMENTS(ways) &&
           (how = strstr(to, ways[way].word)) == NULL)
        way++;
    if (how == NULL)
        return refuse(why,
                      "\"%s .. %s\" without step, log or lin; write %s .. %s "
                      "step ..., or log or lin and how many points",
                      from, to, from, to);
    *how = '\0';
    if (!read_end(range->kind, from, &range->from, why) ||
        !read_end(range->kind, to, &range->to, why))
        return false;
    if (range->from == range->to)
        return refuse(why,
                      "a range from %s to itself; write two ends, or %s "
                      "alone",
                      from, from);
    return ways[way].read(range, g_strstrip(how + strlen(ways[way].word)), why);
}

/* Adds the points of a range of KIND, each after the words BEFORE. */
static bool add_points(Values *values, QuantityKind kind, const char *from,
                       char *to, const char *before)
{
    Range range = {.kind = kind};
    bool good = true;

    if (!read_range(&range, from, to, values->why))
        return false;
    for (unsigned i = 0; i < range.points && good; i++) {
        char *point = format_point(kind, point_of(&range, i));
        char *text = g_strconcat(before, point, NULL);

        good = add_value(values, text);
        g_free(text);
        g_free(point);
    }
    return good;
}

static bool add_range(Values *values, const char *from, char *to)
{
    QuantityKind kind = config_quantity(values->key);

    if (kind == QUANTITY_KINDS)
        return refuse(values->why,
                      "\"%s .. %s\" is a range, but the values are "
                      "no numbers; write a list of them",
                      from, to);
    return add_points(values, kind, from, to, "");
}

/* --- ranges of keys that read their own text ------------------------------ */

/* What TEXT is a number of; QUANTITY_KINDS: it is none. */
static QuantityKind kind_of(const char *text)
{
    static const QuantityKind kinds[] = {QUANTITY_TIME, QUANTITY_DECIBEL,
                                         QUANTITY_FREQUENCY, QUANTITY_BYTES,
                                         QUANTITY_PACKETS};
    double value;

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (quantity_real(kinds[i], text, &value, NULL))
            return kinds[i];
    return QUANTITY_KINDS;
}

/* ITEM has DOTS in it.  "4 dB .. 12 dB lin 5", where words may stand before the
 * first number, is a range; anything else is one value ("trace ../times"). */
static bool add_custom(Values *values, const char *item, const char *dots)
{
    size_t word = MIN(strcspn(item, "+-0123456789"), (size_t)(dots - item));
    char *before = g_strndup(item, word);
    char *from =
        g_strstrip(g_strndup(item + word, (size_t)(dots - item) - word));
    char *to = g_strstrip(g_strdup(dots + 2));
    QuantityKind kind = kind_of(from);
    bool good = kind == QUANTITY_KINDS
                    ? add_value(values, item)
                    : add_points(values, kind, from, to, before);

    g_free(before);
    g_free(from);
    g_free(to);
    return good;
}

/* --- lists ---------------------------------------------------------------- */

/* ITEM, stripped, is changed. */
static bool add_item(Values *values, char *item)
{
    char *dots = values->key->type == CONFIG_TEXT ? NULL : strstr(item, "..");

    if (*item == '\0')
        return refuse(values->why,
                      "a value is missing; write values with commas "
                      "between them");
    if (dots == NULL)
        return add_value(values, item);
    if (values->key->type == CONFIG_CUSTOM)
        return add_custom(values, item, dots);
    *dots = '\0';
    return add_range(values, g_strchomp(item), g_strchug(dots + 2));
}

/* Adds what TEXT means to VALUES; the texts, or NULL. */
static char **expand(Values *values, const char *text)
{
    char **items = g_strsplit(text, strchr(text, '|') != NULL ? "|" : ",", -1);
    bool good = true;

    values->texts = g_ptr_array_new_with_free_func(g_free);
    if (items[0] == NULL)
        good = add_item(values, (char[]){""});
    for (char **item = items; *item != NULL && good; item++)
        good = add_item(values, g_strstrip(*item));
    g_strfreev(items);
    if (!good) {
        g_ptr_array_unref(values->texts);
        return NULL;
    }
    g_ptr_array_add(values->texts, NULL);
    return (char **)g_ptr_array_free(values->texts, FALSE);
}

char **range_expand(const ConfigKey *key, const char *text, char **why)
{
    Values values = {.key = key, .why = why};
    char **texts;

    values.seen = g_hash_table_new(g_str_hash, g_str_equal);
    texts = expand(&values, text);
    g_hash_table_unref(values.seen);
    return texts;
}

char **range_repeat(const ConfigKey *key, const char *text, char **why)
{
    Values values = {.key = key, .why = why};

    return expand(&values, text);
}
