/* quantity.c - reading and writing numbers with units.
 *
 * A number is taken apart into decimal digits and a power of ten, and units
 * that are powers of ten only move the point: nothing is rounded on the way, so
 * that "5 %" is the double nearest to 0.05 and whole numbers are exact. */
#include "quantity.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "spelling.h"

const QuantityUnit quantity_units[] = {
    {"ns", QUANTITY_TIME, 1},
    {"us", QUANTITY_TIME, 1e3},
    {"ms", QUANTITY_TIME, 1e6},
    {"s", QUANTITY_TIME, 1e9},
    {"min", QUANTITY_TIME, 60e9},
    {"h", QUANTITY_TIME, 3600e9},
    {"bit/s", QUANTITY_RATE, 1},
    {"kbit/s", QUANTITY_RATE, 1e3},
    {"Mbit/s", QUANTITY_RATE, 1e6},
    {"Gbit/s", QUANTITY_RATE, 1e9},
    {"bps", QUANTITY_RATE, 1},
    {"kbps", QUANTITY_RATE, 1e3},
    {"Mbps", QUANTITY_RATE, 1e6},
    {"Gbps", QUANTITY_RATE, 1e9},
    {"B", QUANTITY_BYTES, 1},
    {"kB", QUANTITY_BYTES, 1e3},
    {"MB", QUANTITY_BYTES, 1e6},
    {"GB", QUANTITY_BYTES, 1e9},
    {"KiB", QUANTITY_BYTES, 1024},
    {"MiB", QUANTITY_BYTES, 1048576},
    {"GiB", QUANTITY_BYTES, 1073741824},
    {"packets", QUANTITY_PACKETS, 1},
    {"%", QUANTITY_SHARE, 1e7},
    {"%", QUANTITY_FRACTION, 0.01},
    {"dB", QUANTITY_DECIBEL, 1},
    {"/s", QUANTITY_FREQUENCY, 1},
    {"/min", QUANTITY_FREQUENCY, 1.0 / 60},
    {NULL, QUANTITY_KINDS, 0},
};

static const struct {
    const char *name, *article, *example;
} kinds[QUANTITY_KINDS] = {
    [QUANTITY_TIME] = {"time", "a time", "20 ms"},
    [QUANTITY_RATE] = {"rate", "a rate", "100 Mbit/s"},
    [QUANTITY_BYTES] = {"bytes", "a number of bytes", "64 KiB"},
    [QUANTITY_PACKETS] = {"packets", "a number of packets", "100 packets"},
    [QUANTITY_SHARE] = {"share", "a share", "5 % or 0.05"},
    [QUANTITY_COUNT] = {"count", "a whole number", "3"},
    [QUANTITY_FRACTION] = {"fraction", "a fraction", "5 % or 0.05"},
    [QUANTITY_DECIBEL] = {"decibels", "a ratio in decibels", "12 dB"},
    [QUANTITY_FREQUENCY] = {"frequency", "a frequency", "10 /s"},
    [QUANTITY_NUMBER] = {"number", "a number", "0.5"},
};

/* Bounds of what we take; 19 digits fit 64 bits, with a unit's factor 128. */
enum { DIGITS_MAX = 19, EXPONENT_MAX = 400 };

/* A number as written: MANTISSA times 10^EXPONENT. */
typedef struct Decimal {
    bool negative;
    uint64_t mantissa; /* does not end in the digit 0, unless it is 0 */
    int exponent;
} Decimal;

const char *quantity_kind_name(QuantityKind kind) { return kinds[kind].name; }

static bool kind_is_whole(QuantityKind kind) { return kind <= QUANTITY_COUNT; }

static bool kind_has_units(QuantityKind kind)
{
    return kind != QUANTITY_COUNT && kind != QUANTITY_NUMBER;
}

/* Without a unit it is a fraction of 1. */
static bool kind_may_be_bare(QuantityKind kind)
{
    return kind == QUANTITY_FRACTION || kind == QUANTITY_SHARE;
}

static bool kind_may_be_negative(QuantityKind kind)
{
    return kind == QUANTITY_TIME || kind_may_be_bare(kind) ||
           kind == QUANTITY_DECIBEL || kind == QUANTITY_NUMBER;
}

/* Whether UNIT is the first of its kind and factor. */
static bool unit_is_canonical(const QuantityUnit *unit)
{
    for (const QuantityUnit *u = quantity_units; u != unit; u++)
        if (u->kind == unit->kind && u->factor == unit->factor)
            return false;
    return true;
}

/* "a time such as 20 ms (units: ns, us, ms, s, min, h)", to say what would be
 * right.  The caller g_free()s. */
static char *what_is_expected(QuantityKind kind)
{
    GString *units = g_string_new(NULL);
    unsigned count = 0;
    char *text;

    for (const QuantityUnit *unit = quantity_units; unit->name != NULL; unit++)
        if (unit->kind == kind && unit_is_canonical(unit))
            g_string_append_printf(units, "%s%s", count++ > 0 ? ", " : "",
                                   unit->name);
    text =
        count < 2 /* then the example says it */
            ? g_strdup_printf("%s such as %s", kinds[kind].article,
                              kinds[kind].example)
            : g_strdup_printf("%s such as %s (units: %s)", kinds[kind].article,
                              kinds[kind].example, units->str);
    g_string_free(units, TRUE);
    return text;
}

/* Sets *WHY to "WRONG; write a ... such as ..." and returns false. */
G_GNUC_PRINTF(3, 4)
static bool refuse(char **why, QuantityKind kind, const char *wrong, ...)
{
    va_list args;
    char *first, *expected;

    if (why == NULL)
        return false;
    va_start(args, wrong);
    first = g_strdup_vprintf(wrong, args);
    va_end(args);
    expected = what_is_expected(kind);
    *why = g_strdup_printf("%s; write %s", first, expected);
    g_free(first);
    g_free(expected);
    return false;
}

/* --- reading -------------------------------------------------------------- */

/* Reads "e-6" at *TEXT into the exponent; leaves what is none alone. */
static bool scan_exponent(const char **text, Decimal *number)
{
    const char *p = *text;
    bool negative = false;
    int exponent = 0;

    if (*p != 'e' && *p != 'E')
        return true;
    p++;
    if (*p == '+' || *p == '-')
        negative = *p++ == '-';
    if (!g_ascii_isdigit(*p))
        return true;
    for (; g_ascii_isdigit(*p); p++)
        if (exponent <= EXPONENT_MAX)
            exponent = exponent * 10 + (*p - '0');
    *text = p;
    number->exponent += negative ? -exponent : exponent;
    return exponent <= EXPONENT_MAX;
}

typedef enum Scan { SCAN_GOOD, SCAN_NO_NUMBER, SCAN_TOO_LONG } Scan;

/* Reads digits and one point at *TEXT; zeros count when a digit follows. */
static Scan scan_digits(const char **text, Decimal *number)
{
    unsigned seen = 0, digits = 0, zeros = 0;
    bool fraction = false;

    for (;; ++*text) {
        if (**text == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (!g_ascii_isdigit(**text))
            break;
        seen++;
        number->exponent -= fraction;
        if (**text == '0') {
            zeros++;
            continue;
        }
        for (; zeros > 0 && number->mantissa != 0; zeros--, digits++)
            if (digits < DIGITS_MAX)
                number->mantissa *= 10;
        zeros = 0;
        if (++digits > DIGITS_MAX)
            return SCAN_TOO_LONG;
        number->mantissa = number->mantissa * 10 + (uint64_t)(**text - '0');
    }
    number->exponent += (int)zeros;
    return seen == 0 ? SCAN_NO_NUMBER : SCAN_GOOD;
}

/* Reads the number at *TEXT and moves *TEXT behind it. */
static Scan scan_number(const char **text, Decimal *number)
{
    Scan scan;

    *number = (Decimal){.mantissa = 0};
    if (**text == '+' || **text == '-')
        number->negative = *(*text)++ == '-';
    scan = scan_digits(text, number);
    if (scan == SCAN_GOOD &&
        (abs(number->exponent) > EXPONENT_MAX || !scan_exponent(text, number)))
        scan = SCAN_TOO_LONG;
    if (number->mantissa == 0)
        number->exponent = 0;
    return scan;
}

static const QuantityUnit *find_unit(QuantityKind kind, const char *name)
{
    for (const QuantityUnit *unit = quantity_units; unit->name != NULL; unit++)
        if (unit->kind == kind && strcmp(unit->name, name) == 0)
            return unit;
    return NULL;
}

static bool refuse_unit(QuantityKind kind, const char *name, char **why)
{
    const char *words[G_N_ELEMENTS(quantity_units)] = {NULL};
    const char *nearest;
    unsigned count = 0;

    if (!kind_has_units(kind))
        return refuse(why, kind, "\"%s\" behind the number", name);
    for (const QuantityUnit *unit = quantity_units; unit->name != NULL;
         unit++) {
        if (unit->kind == kind)
            words[count++] = unit->name;
        else if (strcmp(unit->name, name) == 0)
            return refuse(why, kind, "\"%s\" is a unit of %s, not of %s", name,
                          kinds[unit->kind].name, kinds[kind].name);
    }
    nearest = spelling_nearest(name, words);
    if (nearest != NULL)
        return refuse(why, kind, "unknown unit \"%s\", did you mean \"%s\"?",
                      name, nearest);
    return refuse(why, kind, "unknown unit \"%s\"", name);
}

/* Takes TEXT apart into NUMBER and FACTOR. */
static bool scan_quantity(QuantityKind kind, const char *text, Decimal *number,
                          double *factor, char **why)
{
    char *copy = g_strstrip(g_strdup(text));
    const char *p = copy;
    const QuantityUnit *unit = NULL;
    bool good = false;
    Scan scan = scan_number(&p, number);

    while (g_ascii_isspace(*p))
        p++;
    if (*copy == '\0')
        refuse(why, kind, "the value is missing");
    else if (scan == SCAN_TOO_LONG)
        refuse(why, kind, "\"%s\" has too many digits", copy);
    else if (scan == SCAN_NO_NUMBER)
        refuse(why, kind, "\"%s\" is not a number", copy);
    else if (*p == ',' && g_ascii_isdigit(p[1]))
        refuse(why, kind, "\"%s\" has a comma where a decimal point is due",
               copy);
    else if (number->negative && number->mantissa != 0 &&
             !kind_may_be_negative(kind))
        refuse(why, kind, "\"%s\" is negative", copy);
    else if (*p != '\0' && (unit = find_unit(kind, p)) == NULL)
        refuse_unit(kind, p, why);
    else if (unit == NULL && kind_has_units(kind) && !kind_may_be_bare(kind))
        refuse(why, kind, "\"%s\" has no unit", copy);
    else
        good = true;
    *factor = unit != NULL ? unit->factor : kind == QUANTITY_SHARE ? 1e9 : 1;
    g_free(copy);
    return good;
}

/* *WHOLE times 10^EXPONENT; false when that is not whole, or *TOO_LARGE. */
static bool scale(unsigned __int128 *whole, int exponent, bool *too_large)
{
    *too_large = false;
    for (; exponent < 0 && *whole != 0; exponent++) {
        if (*whole % 10 != 0)
            return false;
        *whole /= 10;
    }
    for (; exponent > 0 && *whole != 0; exponent--) {
        *too_large = *whole > INT64_MAX;
        if (*too_large)
            return false;
        *whole *= 10;
    }
    return true;
}

bool quantity_int(QuantityKind kind, const char *text, int64_t *value,
                  char **why)
{
    Decimal number;
    double factor;
    unsigned __int128 whole;
    bool too_large;

    g_assert(kind_is_whole(kind));
    if (!scan_quantity(kind, text, &number, &factor, why))
        return false;
    whole = (unsigned __int128)number.mantissa * (uint64_t)factor;
    if (!scale(&whole, number.exponent, &too_large) && !too_large)
        return refuse(why, kind, "\"%s\" is not a whole number%s", text,
                      kind == QUANTITY_TIME    ? " of nanoseconds"
                      : kind == QUANTITY_RATE  ? " of bits per second"
                      : kind == QUANTITY_BYTES ? " of bytes"
                                               : "");
    if (too_large || whole > (unsigned __int128)INT64_MAX + number.negative)
        return refuse(why, kind, "\"%s\" is too large", text);
    *value = (int64_t)(number.negative ? -(uint64_t)whole : (uint64_t)whole);
    return true;
}

/* Whether FACTOR is 10^*EXPONENT. */
static bool power_of_ten(double factor, int *exponent)
{
    static const double powers[] = {1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3,
                                    1e4,  1e5,  1e6, 1e7, 1e8, 1e9};

    for (unsigned i = 0; i < G_N_ELEMENTS(powers); i++) {
        if (factor == powers[i]) {
            *exponent = (int)i - 2;
            return true;
        }
    }
    return false;
}

static double decimal_double(const Decimal *number, int shift)
{
    char text[48];

    g_snprintf(text, sizeof text, "%s%" G_GUINT64_FORMAT "e%d",
               number->negative ? "-" : "", number->mantissa,
               number->exponent + shift);
    return g_ascii_strtod(text, NULL);
}

bool quantity_real(QuantityKind kind, const char *text, double *value,
                   char **why)
{
    Decimal number;
    double factor, real;
    int exponent;

    if (!scan_quantity(kind, text, &number, &factor, why))
        return false;
    if (power_of_ten(factor, &exponent))
        real = decimal_double(&number, exponent);
    else
        real = decimal_double(&number, 0) * factor;
    if (!isfinite(real))
        return refuse(why, kind, "\"%s\" is too large", text);
    *value = number.mantissa == 0 ? 0 : real; /* no negative zero */
    return true;
}

/* --- writing -------------------------------------------------------------- */

/* The canonical unit for MAGNITUDE of KIND: the largest that it reaches, in
 * which WHOLE is whole if the unit asks for that; NULL when KIND has none. */
static const QuantityUnit *choose_unit(QuantityKind kind, double magnitude,
                                       uint64_t whole)
{
    const QuantityUnit *best = NULL;
    int exponent;

    if (magnitude == 0 && kind == QUANTITY_TIME)
        return find_unit(kind, "s");
    for (const QuantityUnit *unit = quantity_units; unit->name != NULL;
         unit++) {
        if (unit->kind != kind)
            continue;
        if (best == NULL) /* the base unit is the first */
            best = unit;
        if (unit->factor <= best->factor || unit->factor > magnitude)
            continue;
        if ((kind == QUANTITY_BYTES ||
             !power_of_ten(unit->factor, &exponent)) &&
            whole % (uint64_t)unit->factor != 0)
            continue;
        best = unit;
    }
    return best;
}

static void append_unit(GString *text, const QuantityUnit *unit)
{
    if (unit != NULL)
        g_string_append_printf(text, " %s", unit->name);
}

char *quantity_format_int(QuantityKind kind, int64_t value)
{
    GString *text = g_string_new(value < 0 ? "-" : "");
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    const QuantityUnit *unit = choose_unit(kind, (double)magnitude, magnitude);
    uint64_t factor = unit != NULL ? (uint64_t)unit->factor : 1;

    g_assert(kind_is_whole(kind));
    g_string_append_printf(text, "%" G_GUINT64_FORMAT, magnitude / factor);
    if (magnitude % factor != 0) {
        g_string_append_c(text, '.');
        for (uint64_t rest = magnitude % factor; rest != 0; rest %= factor) {
            factor /= 10;
            g_string_append_c(text, (char)('0' + rest / factor));
        }
    }
    append_unit(text, unit);
    return g_string_free(text, FALSE);
}

/* The fewest digits that read back to VALUE (finite). */
static void shortest_decimal(double value, Decimal *number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];
    const char *p = text;

    for (int digits = 0; digits < 17; digits++) {
        g_snprintf(format, sizeof format, "%%.%de", digits);
        g_ascii_formatd(text, sizeof text, format, value);
        if (g_ascii_strtod(text, NULL) == value)
            break;
    }
    if (scan_number(&p, number) != SCAN_GOOD)
        g_assert_not_reached();
}

/* NUMBER times 10^SHIFT, without an exponent where that is short. */
static void append_decimal(GString *text, const Decimal *number, int shift)
{
    char digits[24];
    int count = g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT,
                           number->mantissa);
    int point = count + number->exponent + shift; /* digits before the point */

    if (number->negative && number->mantissa != 0)
        g_string_append_c(text, '-');
    if (number->mantissa == 0)
        g_string_append_c(text, '0');
    else if (point > 0 && point < count)
        g_string_append_printf(text, "%.*s.%s", point, digits, digits + point);
    else if (point >= count && point <= 21)
        g_string_append_printf(text, "%s%.*s", digits, point - count,
                               "000000000000000000000");
    else if (point <= 0 && point > -6)
        g_string_append_printf(text, "0.%.*s%s", -point, "000000", digits);
    else
        g_string_append_printf(text, "%c%s%se%d", digits[0],
                               count > 1 ? "." : "", digits + 1, point - 1);
}

char *quantity_format_real(QuantityKind kind, double value)
{
    GString *text = g_string_new(NULL);
    const QuantityUnit *unit;
    Decimal number;
    int exponent = 0;

    if (!isfinite(value)) {
        g_string_append(text, isnan(value) ? "nan"
                              : value < 0  ? "-inf"
                                           : "inf");
        return g_string_free(text, FALSE);
    }
    /* 1 is whole in no unit but the first, so that a power of ten is chosen. */
    unit = choose_unit(kind, fabs(value), 1);
    if (unit != NULL && !power_of_ten(unit->factor, &exponent))
        g_assert_not_reached();
    shortest_decimal(value, &number);
    append_decimal(text, &number, -exponent);
    append_unit(text, unit);
    return g_string_free(text, FALSE);
}
