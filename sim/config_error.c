/* config_error.c - a GError that holds every mistake that was found. */
#include "config.h"

#include <string.h>

typedef struct ConfigErrorPrivate {
    GPtrArray *mistakes; /* of ConfigMistake *, no message twice */
} ConfigErrorPrivate;

static void mistake_free(gpointer data)
{
    ConfigMistake *mistake = data;

    g_free(mistake->message);
    g_free(mistake);
}

static void add_mistake(ConfigErrorPrivate *private, ConfigOrigin origin,
                        const char *message)
{
    ConfigMistake *mistake = g_new(ConfigMistake, 1);

    *mistake = (ConfigMistake){origin, g_strdup(message)};
    g_ptr_array_add(private->mistakes, mistake);
}

static void config_error_private_init(ConfigErrorPrivate *private)
{
    private->mistakes = g_ptr_array_new_with_free_func(mistake_free);
}

/* TO is made already. */
static void config_error_private_copy(const ConfigErrorPrivate *from,
                                      ConfigErrorPrivate *to)
{
    for (guint i = 0; i < from->mistakes->len; i++) {
        const ConfigMistake *mistake = g_ptr_array_index(from->mistakes, i);

        add_mistake(to, mistake->origin, mistake->message);
    }
}

static void config_error_private_clear(ConfigErrorPrivate *private)
{
    g_ptr_array_unref(private->mistakes);
}

G_DEFINE_EXTENDED_ERROR(ConfigError, config_error)

const GPtrArray *config_mistakes(const GError *error)
{
    return error != NULL && error->domain == CONFIG_ERROR
               ? config_error_get_private(error)->mistakes
               : NULL;
}

/* --- adding --------------------------------------------------------------- */

/* The messages of all mistakes are ERROR's, a line each. */
static void write_message(GError *error)
{
    const GPtrArray *mistakes = config_mistakes(error);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < mistakes->len; i++) {
        const ConfigMistake *mistake = g_ptr_array_index(mistakes, i);

        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "",
                               mistake->message);
    }
    g_free(error->message);
    error->message = g_string_free(text, FALSE);
}

static bool is_known(const GPtrArray *mistakes, const char *message)
{
    for (guint i = 0; i < mistakes->len; i++)
        if (strcmp(((ConfigMistake *)g_ptr_array_index(mistakes, i))->message,
                   message) == 0)
            return true;
    return false;
}

/* Adds MESSAGE to ERROR, which may hold others. */
static void add(GError **error, int code, ConfigOrigin origin,
                const char *message)
{
    GPtrArray *mistakes;

    if (error == NULL)
        return;
    if (*error == NULL)
        *error = g_error_new_literal(CONFIG_ERROR, code, message);
    g_assert((*error)->domain == CONFIG_ERROR);
    mistakes = config_error_get_private(*error)->mistakes;
    if (is_known(mistakes, message))
        return;
    add_mistake(config_error_get_private(*error), origin, message);
    write_message(*error);
}

bool config_fail(GError **error, int code, ConfigOrigin origin,
                 const char *group, const char *key, const char *format, ...)
{
    GString *text = g_string_new(NULL);
    va_list args;

    if (origin.file != NULL && origin.line > 0)
        g_string_append_printf(text, "%s:%d: ", origin.file, origin.line);
    else if (origin.file != NULL)
        g_string_append_printf(text, "%s: ", origin.file);
    if (group != NULL)
        g_string_append_printf(text, "[%s]%s", group, key != NULL ? " " : ": ");
    if (key != NULL)
        g_string_append_printf(text, "%s: ", key);
    va_start(args, format);
    g_string_append_vprintf(text, format, args);
    va_end(args);
    add(error, code, origin, text->str);
    g_string_free(text, TRUE);
    return false;
}

bool config_fail_at(const ConfigGroup *group, const char *key, GError **error,
                    const char *message)
{
    const ConfigEntry *entry = config_entry(group, key);
    char *text = config_group_text(group);

    config_fail(error, CONFIG_ERROR_VALUE,
                entry != NULL ? entry->origin : group->origin, text, key, "%s",
                message);
    g_free(text);
    return false;
}

/* --- in order ------------------------------------------------------------- */

/* The place of FILE among FILES; behind them all when it is not there. */
static guint rank(const GPtrArray *files, const char *file)
{
    guint i = 0;

    while (i < files->len && (file == NULL || strcmp(files->pdata[i], file)))
        i++;
    return i;
}

static gint compare(gconstpointer a, gconstpointer b, gpointer files)
{
    const ConfigMistake *one = *(ConfigMistake *const *)a;
    const ConfigMistake *other = *(ConfigMistake *const *)b;
    guint one_rank = rank(files, one->origin.file);
    guint other_rank = rank(files, other->origin.file);

    if (one_rank != other_rank)
        return one_rank < other_rank ? -1 : 1;
    return g_strcmp0(one->origin.file, other->origin.file) == 0
               ? one->origin.line - other->origin.line
               : 0;
}

void config_mistakes_sort(GError *error, const GPtrArray *files)
{
    if (config_mistakes(error) == NULL)
        return;
    /* Stable, so that mistakes of one line stay as they were found. */
    g_ptr_array_sort_with_data(config_error_get_private(error)->mistakes,
                               compare, (gpointer)files);
    write_message(error);
}
