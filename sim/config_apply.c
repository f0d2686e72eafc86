/* config_apply.c - key tables at work: text to the fields of a struct, checked,
 * and back. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "config_text.h"

/* --- what a table says ---------------------------------------------------- */

const ConfigKey *config_key(const ConfigKey *keys, const char *name)
{
    for (; keys->key != NULL; keys++)
        if (strcmp(keys->key, name) == 0)
            return keys;
    return NULL;
}

QuantityKind config_quantity(const ConfigKey *key)
{
    switch (key->type) {
    case CONFIG_TIME:
        return QUANTITY_TIME;
    case CONFIG_RATE:
        return QUANTITY_RATE;
    case CONFIG_BYTES:
        return QUANTITY_BYTES;
    case CONFIG_COUNT:
        return QUANTITY_COUNT;
    case CONFIG_FRACTION:
        return QUANTITY_FRACTION;
    case CONFIG_DECIBEL:
        return QUANTITY_DECIBEL;
    case CONFIG_BOOL:
    case CONFIG_CHOICE:
    case CONFIG_TEXT:
    case CONFIG_CUSTOM:
        break;
    }
    return QUANTITY_KINDS;
}

const char *config_zero_word(const ConfigKey *key)
{
    if (config_quantity(key) == QUANTITY_KINDS)
        return NULL;
    if (key->choices != NULL)
        return key->choices;
    return key->type == CONFIG_RATE      ? "unlimited"
           : key->type == CONFIG_DECIBEL ? "none"
                                         : NULL;
}

static bool has_range(const ConfigKey *key)
{
    return key->min != 0 || key->max != 0;
}

static bool has_maximum(const ConfigKey *key)
{
    return has_range(key) && key->max >= key->min && !isinf(key->max);
}

/* BOUND of a whole-number KEY as its field counts. */
static int64_t whole_bound(const ConfigKey *key, double bound)
{
    double base = key->type == CONFIG_TIME ? bound * 1e9 : bound;

    return base >= 9.2e18 ? INT64_MAX : (int64_t)llround(base);
}

static char *format_bound(const ConfigKey *key, double bound)
{
    QuantityKind kind = config_quantity(key);

    if (kind <= QUANTITY_COUNT)
        return quantity_format_int(kind, whole_bound(key, bound));
    return quantity_format_real(kind, bound);
}

char *config_range_text(const ConfigKey *key)
{
    char *low, *high, *text;

    if (!has_range(key) || config_quantity(key) == QUANTITY_KINDS)
        return NULL;
    low = format_bound(key, key->min);
    if (!has_maximum(key))
        text = g_strdup_printf("at least %s", low);
    else {
        high = format_bound(key, key->max);
        text = g_strdup_printf("%s to %s", low, high);
        g_free(high);
    }
    g_free(low);
    return text;
}

/* --- one value ------------------------------------------------------------ */

static void *field_of(const ConfigKey *key, void *struct_)
{
    return (char *)struct_ + key->offset;
}

static const void *const_field_of(const ConfigKey *key, const void *struct_)
{
    return (const char *)struct_ + key->offset;
}

static bool refuse_range(const ConfigKey *key, const char *text, char **why)
{
    char *range = config_range_text(key);

    *why =
        range != NULL
            ? g_strdup_printf("\"%s\" is out of range; write %s", text, range)
            : g_strdup_printf("\"%s\" is negative; write 0 or more", text);
    g_free(range);
    return false;
}

static bool refuse_zero(const ConfigKey *key, const char *text, char **why)
{
    const char *word = config_zero_word(key);

    *why =
        g_strdup_printf("\"%s\" would mean \"%s\"; write %s", text, word, word);
    return false;
}

static bool parse_whole(const ConfigKey *key, const char *text, void *field,
                        char **why)
{
    int64_t value, low = whole_bound(key, key->min), high = INT64_MAX;

    if (!quantity_int(config_quantity(key), text, &value, why))
        return false;
    if (has_maximum(key))
        high = whole_bound(key, key->max);
    if (value < low || value > high)
        return refuse_range(key, text, why);
    if (value == 0 && config_zero_word(key) != NULL)
        return refuse_zero(key, text, why);
    if (key->type == CONFIG_TIME)
        *(SimTime *)field = value;
    else if (key->type != CONFIG_COUNT)
        *(uint64_t *)field = (uint64_t)value;
    else if (value <= UINT32_MAX)
        *(uint32_t *)field = (uint32_t)value;
    else {
        *why = g_strdup_printf("\"%s\" is too large; write at most 4294967295",
                               text);
        return false;
    }
    return true;
}

static bool parse_real(const ConfigKey *key, const char *text, double *field,
                       char **why)
{
    bool checked = has_range(key) || key->type == CONFIG_FRACTION;
    double value;

    if (!quantity_real(config_quantity(key), text, &value, why))
        return false;
    if (checked && (value < key->min || (has_maximum(key) && value > key->max)))
        return refuse_range(key, text, why);
    if (key->type == CONFIG_DECIBEL) {
        value = pow(10, value / 10);
        if (value == 0 || isinf(value))
            return refuse_range(key, text, why);
    }
    *field = value;
    return true;
}

static bool parse_number(const ConfigKey *key, const char *text, void *field,
                         char **why)
{
    const char *word = config_zero_word(key);
    bool is_word = word != NULL && strcmp(text, word) == 0;
    char *plain;

    if (key->type == CONFIG_FRACTION || key->type == CONFIG_DECIBEL) {
        if (is_word)
            *(double *)field = 0;
        if (is_word || parse_real(key, text, field, why))
            return true;
    } else {
        if (is_word && key->type == CONFIG_COUNT)
            *(uint32_t *)field = 0;
        else if (is_word)
            *(uint64_t *)field = 0;
        if (is_word || parse_whole(key, text, field, why))
            return true;
    }
    if (word != NULL && strstr(*why, word) == NULL) {
        plain = *why;
        *why = g_strdup_printf("%s, or %s", plain, word);
        g_free(plain);
    }
    return false;
}

static bool parse_choice(const char *choices, const char *text, int *field,
                         char **why)
{
    char **words = g_strsplit(choices, "|", -1);
    const char *nearest;
    bool found = false;
    char *list;

    for (int i = 0; words[i] != NULL && !found; i++) {
        found = strcmp(words[i], text) == 0;
        if (found)
            *field = i;
    }
    if (!found) {
        nearest = config_did_you_mean(text, (const char *const *)words);
        list = g_strjoinv(", ", words);
        *why =
            *text == '\0' ? g_strdup_printf("the value is missing; write one "
                                            "of: %s",
                                            list)
            : nearest != NULL
                ? g_strdup_printf("\"%s\" is not known; did you mean \"%s\"?",
                                  text, nearest)
                : g_strdup_printf("\"%s\" is not known; write one of: %s", text,
                                  list);
        g_free(list);
    }
    g_strfreev(words);
    return found;
}

bool config_parse(const ConfigKey *key, const char *text, void *struct_,
                  char **why)
{
    void *field = field_of(key, struct_);
    int index;

    switch (key->type) {
    case CONFIG_TIME:
    case CONFIG_RATE:
    case CONFIG_BYTES:
    case CONFIG_COUNT:
    case CONFIG_FRACTION:
    case CONFIG_DECIBEL:
        return parse_number(key, text, field, why);
    case CONFIG_BOOL:
        if (!parse_choice("no|yes", text, &index, why))
            return false;
        *(bool *)field = index == 1;
        return true;
    case CONFIG_CHOICE:
        return parse_choice(key->choices, text, field, why);
    case CONFIG_TEXT:
        g_free(*(char **)field);
        *(char **)field = *text != '\0' ? g_strdup(text) : NULL;
        return true;
    case CONFIG_CUSTOM:
        return key->parse(text, field, why);
    }
    g_assert_not_reached();
}

/* --- back to text --------------------------------------------------------- */

/* The shortest decibels that config_parse() makes RATIO of: of the doubles
 * around the logarithm, which libm rounds, the one that leads back. */
static char *format_decibel(double ratio)
{
    double level = 10 * log10(ratio), down = level, up = level, rounded;
    char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];

    for (int i = 0; i < 8 && pow(10, level / 10) != ratio; i++) {
        down = nextafter(down, -INFINITY);
        up = nextafter(up, INFINITY);
        level = pow(10, down / 10) == ratio ? down : up;
    }
    for (int digits = 1; digits <= 17; digits++) {
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, level);
        rounded = g_ascii_strtod(text, NULL);
        if (rounded == level || pow(10, rounded / 10) == ratio)
            return quantity_format_real(QUANTITY_DECIBEL, rounded);
    }
    return quantity_format_real(QUANTITY_DECIBEL, level);
}

static int64_t whole_value(const ConfigKey *key, const void *field)
{
    return key->type == CONFIG_COUNT ? (int64_t) * (const uint32_t *)field
                                     : *(const int64_t *)field;
}

static char *format_choice(const char *choices, int index)
{
    char **words = g_strsplit(choices, "|", -1);
    char *word;

    g_assert(index >= 0 && (guint)index < g_strv_length(words));
    word = g_strdup(words[index]);
    g_strfreev(words);
    return word;
}

char *config_format(const ConfigKey *key, const void *struct_)
{
    const void *field = const_field_of(key, struct_);
    const char *word = config_zero_word(key);
    const char *text;

    switch (key->type) {
    case CONFIG_TIME:
    case CONFIG_RATE:
    case CONFIG_BYTES:
    case CONFIG_COUNT:
        if (word != NULL && whole_value(key, field) == 0)
            return g_strdup(word);
        return quantity_format_int(config_quantity(key),
                                   whole_value(key, field));
    case CONFIG_FRACTION:
    case CONFIG_DECIBEL:
        if (word != NULL && *(const double *)field == 0)
            return g_strdup(word);
        if (key->type == CONFIG_DECIBEL)
            return format_decibel(*(const double *)field);
        return quantity_format_real(QUANTITY_FRACTION, *(const double *)field);
    case CONFIG_BOOL:
        return g_strdup(*(const bool *)field ? "yes" : "no");
    case CONFIG_CHOICE:
        return format_choice(key->choices, *(const int *)field);
    case CONFIG_TEXT:
        text = *(char *const *)field;
        return g_strdup(text != NULL ? text : "");
    case CONFIG_CUSTOM:
        return key->format(field);
    }
    g_assert_not_reached();
}

/* --- whole groups --------------------------------------------------------- */

static size_t field_size(const ConfigKey *key)
{
    static const size_t sizes[] = {
        [CONFIG_TIME] = sizeof(SimTime),    [CONFIG_RATE] = sizeof(uint64_t),
        [CONFIG_BYTES] = sizeof(uint64_t),  [CONFIG_COUNT] = sizeof(uint32_t),
        [CONFIG_FRACTION] = sizeof(double), [CONFIG_DECIBEL] = sizeof(double),
        [CONFIG_BOOL] = sizeof(bool),       [CONFIG_CHOICE] = sizeof(int),
        [CONFIG_TEXT] = sizeof(char *),     [CONFIG_CUSTOM] = 0,
    };

    return sizes[key->type];
}

void config_defaults(const ConfigKey *keys, unsigned alternative, void *struct_)
{
    g_assert(alternative <= G_N_ELEMENTS(keys->alternatives));
    for (; keys->key != NULL; keys++) {
        const char *text = keys->def;
        char *why = NULL;

        if (alternative > 0 && keys->alternatives[alternative - 1] != NULL)
            text = keys->alternatives[alternative - 1];
        memset(field_of(keys, struct_), 0, field_size(keys));
        if (text != NULL && !config_parse(keys, text, struct_, &why))
            g_error("the default of %s: %s", keys->key, why);
    }
}

static bool fail_unknown(const ConfigKey *keys, const char *group_text,
                         const ConfigEntry *entry, GError **error)
{
    GPtrArray *words = g_ptr_array_new();
    const char *nearest;
    char *list;

    for (; keys->key != NULL; keys++)
        g_ptr_array_add(words, (char *)keys->key);
    g_ptr_array_add(words, NULL);
    nearest =
        config_did_you_mean(entry->key, (const char *const *)words->pdata);
    list = g_strjoinv(", ", (char **)words->pdata);
    if (nearest != NULL)
        config_fail(error, CONFIG_ERROR_NAME, entry->origin, group_text,
                    entry->key, "no such key; did you mean \"%s\"?", nearest);
    else
        config_fail(error, CONFIG_ERROR_NAME, entry->origin, group_text,
                    entry->key, "no such key; write one of: %s", list);
    g_free(list);
    g_ptr_array_unref(words);
    return false;
}

bool config_apply_one(const ConfigKey *keys, const char *group_text,
                      const ConfigEntry *entry, void *struct_, GError **error)
{
    const ConfigKey *key = config_key(keys, entry->key);
    char *why = NULL;

    if (key == NULL)
        return fail_unknown(keys, group_text, entry, error);
    if (entry->wrong)
        return false;
    if (config_parse(key, entry->value, struct_, &why))
        return true;
    config_fail(error, CONFIG_ERROR_VALUE, entry->origin, group_text,
                entry->key, "%s", why != NULL ? why : "not understood");
    g_free(why);
    return false;
}

bool config_apply(const ConfigKey *keys, const ConfigGroup *group,
                  void *struct_, GError **error)
{
    char *header = config_group_text(group);
    bool good = true;

    for (guint i = 0; i < group->entries->len; i++)
        good &= config_apply_one(
            keys, header, g_ptr_array_index(group->entries, i), struct_, error);
    g_free(header);
    return good;
}

bool config_complete(const ConfigKey *keys, const ConfigGroup *group,
                     GError **error)
{
    char *header = config_group_text(group);
    bool good = true;

    for (; keys->key != NULL; keys++)
        if (keys->def == NULL && config_entry(group, keys->key) == NULL)
            good = config_fail(error, CONFIG_ERROR_NAME, group->origin, header,
                               keys->key, "this key is missing; write it (%s)",
                               keys->sentence);
    g_free(header);
    return good;
}

void config_clear_struct(const ConfigKey *keys, void *struct_)
{
    for (; keys->key != NULL; keys++) {
        if (keys->type != CONFIG_TEXT)
            continue;
        g_free(*(char **)field_of(keys, struct_));
        *(char **)field_of(keys, struct_) = NULL;
    }
}
